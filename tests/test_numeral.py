from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.numeral import parse_numeral, parse_share, to_chinese, to_digits


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("一百二十三", 123),
        ("二十一万", 210_000),
        ("两千", 2000),
        ("〇", 0),
        ("零", 0),
        ("廿", 20),
        ("廿五", 25),
        ("卅", 30),
        ("十", 10),
        ("十四", 14),
        ("二十", 20),
        ("一百零五", 105),
        ("一千零五十", 1050),
        ("二〇二五", 2025),
        ("二○一六", 2016),
        ("一九五四", 1954),
        ("一万五", 15_000),
        ("一百二", 120),
        ("三千二", 3200),
        ("十五", 15),
        ("万亿", 10**12),
        ("百亿", 10**10),
        ("千万", 10**7),
        ("百", 100),
        ("一亿二千三百万", 123_000_000),
        ("两万亿", 2 * 10**12),
        ("一万零五", 10_005),
        ("1,250", 1250),
        ("1250", 1250),
        ("1.2万亿", 1_200_000_000_000),
        ("3亿5千万", 350_000_000),
        ("12万", 120_000),
        ("5百", 500),
        ("壹佰贰拾", 120),
        ("三億", 3 * 10**8),
        ("12.50", Decimal("12.5")),
        ("三点五", Decimal("3.5")),
        ("二十一点零四", Decimal("21.04")),
        ("一点二万", 12_000),
        ("２０１６", 2016),
        ("九十九", 99),
        ("一百一十", 110),
    ],
)
def test_numerals(words: str, value: object) -> None:
    assert parse_numeral(words) == value


@pytest.mark.parametrize("words", ["", "若干", "几十", "十百", "一二三千百", "点五", "三点", "1.2.3", "五个", "万分", "3万5亿"])
def test_no_numerals(words: str) -> None:
    assert parse_numeral(words) is None


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("百分之八", 8),
        ("百分之八点五", Decimal("8.5")),
        ("百分之一百二十", 120),
        ("千分之三", Decimal("0.3")),
        ("三分之一", Decimal("33.33")),
        ("四分之三", 75),
        ("六成", 60),
        ("七成五", 75),
        ("八成半", 85),
        ("十成", 100),
        ("二十成", None),
        ("成", None),
        ("百分之", None),
        ("建成", None),
    ],
)
def test_shares(words: str, value: object) -> None:
    assert parse_share(words) == value


@given(st.integers(0, 10**8 - 1))
def test_words_and_back(number: int) -> None:
    assert parse_numeral(to_chinese(number)) == number


@given(st.integers(10, 9999))
def test_digits_and_back(number: int) -> None:
    assert parse_numeral(to_digits(number)) == number


@given(st.text(alphabet="〇零一二三四五六七八九十百千万亿两廿卅点.,0123456789成分之", max_size=12))
def test_any_words_give_a_number_or_none(words: str) -> None:
    assert parse_numeral(words) is None or parse_numeral(words) >= 0
    parse_share(words)
