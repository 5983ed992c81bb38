"""How values are written for people, and the tags and filters that do it in templates."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.messages import Lang
from luoshi.numeral import parse_numeral
from luoshi.web.writing import as_decimal, show_amount, show_count, show_day, show_moment, show_share


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2026-03-05", "2026年3月5日", "5 March 2026"),
        (date(2026, 12, 31), "2026年12月31日", "31 December 2026"),
        ("2026-03", "2026年3月", "March 2026"),
        ("2026", "2026年", "2026"),
        (2026, "2026年", "2026"),
        ("2026-03-05T10:00:00Z", "2026年3月5日", "5 March 2026"),
        ("", "—", "—"),
        (None, "—", "—"),
        ("年底前", "年底前", "年底前"),
        ("2026-13-01", "2026-13-01", "2026-13-01"),
    ],
)
def test_days(value: object, zh: str, en: str) -> None:
    assert (show_day(value, "zh"), show_day(value, "en")) == (zh, en)


def test_moments_are_those_of_the_office() -> None:
    assert show_moment("2026-11-22T16:36:00.000000Z", "zh") == "2026年11月23日 00:36"
    assert show_moment(datetime(2026, 11, 22, 16, 36, tzinfo=UTC), "en") == "23 November 2026, 00:36"
    assert show_moment("gestern", "zh") == "gestern"
    assert show_moment("", "zh") == "—"


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (125_000_000_000, "元", "1250亿元", "125,000,000,000 元"),
        (2_480_000_000.0, "元", "24.8亿元", "2,480,000,000 元"),
        (6600, "人", "6600人", "6,600 人"),
        (65_000, "人", "6.5万人", "65,000 人"),
        (12_345, "人", "12345人", "12,345 人"),
        (123_456, "人", "12.3456万人", "123,456 人"),
        (123_456_789, "元", "12345.6789万元", "123,456,789 元"),
        (123_456_789_000, "元", "12345678.9万元", "123,456,789,000 元"),
        (3.2, "%", "3.2%", "3.2%"),
        (0.1 + 0.2, "%", "0.3%", "0.3%"),
        (-1.5, "%", "-1.5%", "-1.5%"),
        (7, "个百分点", "7个百分点", "7 个百分点"),
        (100_000, "位", "100000位", "100,000 位"),
        (Decimal("1.20"), "", "1.2", "1.2"),
        (10_000, "亩", "1万亩", "10,000 亩"),
        (0, "件", "0件", "0 件"),
        ("1250", "", "1250", "1,250"),
        (None, "元", "—", "—"),
        (float("nan"), "元", "—", "—"),
        ("不少于", "元", "—", "—"),
    ],
)
def test_amounts(value: object, unit: str, zh: str, en: str) -> None:
    assert (show_amount(value, unit, "zh"), show_amount(value, unit, "en")) == (zh, en)


@given(st.decimals(min_value=-(10**15), max_value=10**15, places=3), st.sampled_from(["zh", "en"]))
def test_an_amount_says_exactly_the_value(value: Decimal, lang: Lang) -> None:
    shown = show_amount(value, "元", lang).removesuffix("元").strip()
    assert parse_numeral(shown.lstrip("-")) == abs(value)
    assert shown.startswith("-") == (value < 0)


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e15, max_value=1e15))
def test_a_float_is_read_as_it_is_written(value: float) -> None:
    assert as_decimal(value) == Decimal(f"{value:.12g}")
    assert "e" not in show_amount(value, "元", "zh").lower()


def test_counts_and_shares() -> None:
    assert (show_count(300_000), show_count(None), show_count(0)) == ("300,000", "—", "0")
    assert [show_share(part, 200) for part in (0, 1, 100, 199, 200)] == ["0%", "1%", "50%", "99%", "100%"]


# --- in templates


@pytest.fixture
def render(rf: Callable[..., Any]) -> Callable[..., str]:
    def write(text: str, path: str = "/documents?kind=plan&page=3", /, **values: Any) -> str:
        from django.template import engines

        return str(engines["django"].from_string(text).render(values, rf("supervisor", path)))

    return write


def test_filters(render: Callable[..., str]) -> None:
    assert render("{{ v|amount:u }} {{ d|day }} {{ n|count }} {{ n|share:m }}", v=1.25e11, u="元", d="2026-03-05", n=1000, m=4000) == (
        "1250亿元 2026年3月5日 1,000 25%"
    )
    assert render('{{ r|word:"role" }} {{ x|word:"role" }} {{ e|word:"role" }}', r="target", x="<b>", e="") == "目标 &lt;b&gt; —"
    assert render("{{ w|quote }} {{ e|or_dash }} {{ z|or_dash }}", w="<i>1250亿元", e="", z=0) == "“&lt;i&gt;1250亿元” — 0"


def test_words_are_escaped(render: Callable[..., str]) -> None:
    assert render('{% say "act.select" name=n %}', n="<b>&") == "选择 &lt;b&gt;&amp;"


def test_query_changes_what_it_is_told(render: Callable[..., str]) -> None:
    assert render("{% query page=4 %}") == "?kind=plan&amp;page=4"
    assert render('{% query page="" kind="<" %}') == "?kind=%3C"
    assert render('{% query page="" kind="" %}') == "/documents"
    assert "lang" not in render("{% query page=2 %}", "/documents?lang=en")


def test_sort_turns_round(render: Callable[..., str]) -> None:
    assert 'href="?kind=plan&amp;sort=year"' in render('{% sort "year" "年份" %}')
    up = render('{% sort "year" "年份" "number" %}', "/documents?sort=year&page=2")
    assert 'aria-sort="ascending"' in up
    assert 'href="?sort=-year"' in up
    assert 'class="number"' in up
    assert 'aria-sort="descending"' in render('{% sort "year" "年份" %}', "/documents?sort=-year")
    assert 'aria-sort="descending"' in render('{% sort "year" "年份" %}', "/documents", default_sort="-year")


class _Row(msgspec.Struct):
    name: str
    value: float | None = None


def test_data_for_scripts_cannot_leave_its_element(render: Callable[..., str]) -> None:
    html = render('{% data "rows" rows %}', rows=[_Row("</script><script>alert(1)</script>\u2028&", 1.5)])
    assert html.count("<") == 2
    inside = re.fullmatch(r'<script type="application/json" id="rows">(.*)</script>', html)
    assert inside
    assert json.loads(inside[1]) == [{"name": "</script><script>alert(1)</script>\u2028&", "value": 1.5}]


def test_rights_in_templates(render: Callable[..., str]) -> None:
    assert render('{% may "fact.accept" as can %}{% may "admin.audit" as audit %}{{ can }} {{ audit }}') == "True False"


def test_every_icon_that_is_named_is_drawn() -> None:
    from luoshi.web.static_files import WEB

    drawn = set(re.findall(r'<symbol id="([a-z-]+)"', (WEB / "layout/icons.svg").read_text("utf-8")))
    sources = [*WEB.rglob("*.html"), *WEB.rglob("*.js"), *WEB.rglob("*.py")]
    named = {
        (name, path.name)
        for path in sources
        for name in re.findall(r"""(?:{%\s*icon |icon_name=|\bicon\()["']([a-z-]+)["']""", path.read_text("utf-8"))
    }
    assert {pair for pair in named if pair[0] not in drawn} == set()
    assert len(named) > 10
