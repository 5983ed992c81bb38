"""Amounts: one value in many phrasings, what is no amount, and numbers made to hurt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.extract.kinds.measure.amount import Amount, merged, plain, scale_of, spoken_number
from luoshi.extract.kinds.measure.digits import digit_amounts
from luoshi.extract.kinds.measure.numberless import word_amounts
from luoshi.extract.kinds.measure.spoken import spoken_amounts
from luoshi.numeral import parse_numeral, to_chinese


def amounts(text: str) -> list[Amount]:
    """All amounts of the text, as the finder sees them."""
    return merged(digit_amounts(text), spoken_amounts(text) + word_amounts(text))


def only(text: str) -> Amount:
    found = amounts(text)
    assert len(found) == 1, [text[amount.start : amount.end] for amount in found]
    return found[0]


@pytest.mark.parametrize(
    ("value", "unit", "phrasings"),
    [
        (125_000_000_000, "元", ["1250亿元", "1,250亿元", "0.125万亿元", "1250.0亿元", "一千二百五十亿元", "12500000万元"]),
        (35_000_000, "元", ["3500万元", "35百万元", "0.35亿元", "三千五百万元"]),
        (8, "%", ["8%", "8.0%", "百分之八", "8 %"]),
        (8.5, "%", ["8.5%", "百分之八点五", "百分之8.5"]),
        (60, "%", ["60%", "六成", "百分之六十"]),
        (65, "%", ["65%", "六成半"]),
        (33.33, "%", ["三分之一", "1/3", "33.33%"]),
        (50, "%", ["50%", "五成", "半数", "二分之一"]),
        (100, "%", ["翻番", "翻一番", "翻了一番"]),
        (300, "%", ["翻两番", "翻了两番"]),
        (3, "百分点", ["3个百分点", "三个百分点", "3.0个百分点"]),
        (2, "倍", ["2倍", "两倍"]),
        (3, "‰", ["3‰", "千分之三"]),
        (20_000, "户", ["2万户", "20000户", "20,000户", "两万户"]),
        (13_000_000, "吨", ["1300万吨", "一千三百万吨"]),
        (42, "平方公里", ["42平方公里", "42平方千米", "四十二平方公里"]),
        (31, "微克/立方米", ["31微克/立方米", "31微克每立方米"]),
        (7, "位", ["第7位", "第七位"]),
    ],
)
def test_one_value(value: float, unit: str, phrasings: list[str]) -> None:
    for phrasing in phrasings:
        text = f"全市排名{phrasing}" if unit == "位" else f"达到{phrasing}"
        amount = only(text)
        assert (amount.value, amount.unit) == (value, unit), phrasing
        assert text[amount.start : amount.end] == phrasing.removeprefix("第" if phrasing == "第7位" else "")
        assert isinstance(amount.value, int) == (value == int(value))


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("引进1~3家", 1, 3, "家"),
        ("引进1-3家", 1, 3, "家"),
        ("引进1—3家", 1, 3, "家"),
        ("引进1——3家", 1, 3, "家"),
        ("引进1至3家", 1, 3, "家"),
        ("引进1家到3家", 1, 3, "家"),
        ("增长5.5%至6%", 5.5, 6, "%"),
        ("增长5.5-6%", 5.5, 6, "%"),
        ("投资3000万元至1亿元", 30_000_000, 100_000_000, "元"),
        ("投资2至3亿元", 200_000_000, 300_000_000, "元"),
        ("投资2亿至3亿元", 200_000_000, 300_000_000, "元"),
        ("增长百分之五至百分之六", 5, 6, "%"),
    ],
)
def test_range(text: str, low: float, high: float, unit: str) -> None:
    amount = only(text)
    assert (amount.value, amount.value_max, amount.unit) == (low, high, unit)
    assert text.endswith(text[amount.start : amount.end])


def test_falling_numbers_are_no_range() -> None:
    """A number before a dash that is no smaller belongs to something else."""
    amount = only("规划2020-500家")
    assert (amount.value, amount.value_max) == (500, None)


@pytest.mark.parametrize(
    ("text", "value", "behind", "more", "tail"),
    [
        ("增长5%以上", 5, "ge", False, 2),
        ("增长5%左右", 5, "approx", False, 2),
        ("控制在5%以内", 5, "le", False, 2),
        ("新增200余个", 200, "", True, 0),
        ("新增200多个", 200, "", True, 0),
        ("投入3亿多元", 300_000_000, "", True, 0),
        ("新增三百余亩", 300, "", True, 0),
        ("占六成以上", 60, "ge", False, 2),
        ("新增20个及以上", 20, "ge", False, 3),
    ],
)
def test_bound(text: str, value: float, behind: str, more: bool, tail: int) -> None:
    amount = only(text)
    assert (amount.value, amount.behind, amount.more, amount.tail - amount.end) == (value, behind, more, tail)


@pytest.mark.parametrize(
    ("text", "values", "unit"),
    [
        ("增长2.2个和3.7个百分点", [2.2, 3.7], "百分点"),
        ("高于增速6.5和2.3个百分点", [6.5, 2.3], "百分点"),
        ("达到1.2和3.5亿元", [120_000_000, 350_000_000], "元"),
        ("增长3、4和5%", [3, 4, 5], "%"),
    ],
)
def test_shared_unit(text: str, values: list[float], unit: str) -> None:
    found = amounts(text)
    assert [amount.value for amount in found] == values
    assert {amount.unit for amount in found} == {unit}


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("亿元以上项目", 100_000_000, "元"),
        ("百亿级产业", 10_000_000_000, "元"),
        ("产值突破千亿", 100_000_000_000, "元"),
        ("万亩良田", 10_000, "亩"),
        ("客流突破百万,", 1_000_000, ""),
        ("至少建成两所学校", 2, "所"),
        ("超过一半", 50, "%"),
    ],
)
def test_scale_alone(text: str, value: float, unit: str) -> None:
    amount = only(text)
    assert (amount.value, amount.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "comparator"),
    [
        ("实现全覆盖", "all"),
        ("做到应保尽保", "all"),
        ("动态清零", "zero"),
        ("事故零发生", "zero"),
        ("案件起数双下降", "both_down"),
        ("数量质量双提升,", "both_up"),
        ("增速高于全市平均", "above"),
        ("能耗低于全省水平", "below"),
        ("与经济增长同步", "with"),
        ("完成市定目标", "assigned"),
        ("价格总体稳定", "unchanged"),
    ],
)
def test_without_number(text: str, comparator: str) -> None:
    amount = only(text)
    assert (amount.unit_class, amount.written_unit) == ("word", comparator)
    assert amount.no_value == (comparator not in ("all", "zero"))


@pytest.mark.parametrize(
    "text",
    [
        "第3批",
        "5G",
        "A4",
        "3号线",
        "1+1+N",
        "应收尽缴",
        "高于一切",
        "第三产业",
        "一心一意",
        "成立三年",
        "双提升行动",
        "与民同步",
        "三成员单位",
        "12345",
        "千方百计",
        "2.0版",
        "",
    ],
)
def test_no_amount(text: str) -> None:
    assert amounts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "7" * 100_000 + "个",
        "1,234" + ",234" * 50_000,
        "一" * 100_000 + "元",
        "万亿" * 50_000,
        "一点" * 50_000 + "亿元",
        "3." * 50_000,
        "5-" * 50_000,
        "百分之" * 30_000,
        "第" * 100_000 + "一",
        "与经济" * 30_000,
        "应保尽" * 30_000,
        "翻" * 100_000,
        "9" * 400 + "." + "9" * 400 + "%",
    ],
)
def test_hostile(text: str) -> None:
    """Endless numbers are read, or refused, in one pass."""
    for amount in amounts(text):
        assert 0 <= amount.start < amount.end <= amount.tail <= len(text)


@given(st.text(alphabet="0123456789.,零一二两三十百千万亿点成倍翻番分之第个家户元%‰~至和、以上左右多余双下降全覆盖高于平均", max_size=60))
def test_spans(text: str) -> None:
    """Amounts come in order, inside the text, and do not overlap."""
    over = 0
    for amount in amounts(text):
        assert over <= amount.start < amount.end <= amount.tail <= len(text)
        assert amount.value_max is None or amount.value < amount.value_max
        over = amount.end


@given(st.integers(min_value=0, max_value=99_999_999))
def test_spoken_number(number: int) -> None:
    assert spoken_number(to_chinese(number)) == parse_numeral(to_chinese(number)) == number


@given(st.integers(min_value=1, max_value=10**12), st.sampled_from(["", "万", "亿"]))
def test_digits_and_scale(number: int, scale: str) -> None:
    """What is written with thousands marks or without has one value: number times scale."""
    for written in (f"{number}{scale}元", f"{number:,}{scale}元"):
        assert only(f"达到{written}").value == number * scale_of(scale)


@given(st.decimals(min_value=0, max_value=10**9, places=3))
def test_plain(number: object) -> None:
    assert float(plain(float(str(number)))) == pytest.approx(float(str(number)), abs=1e-6)
