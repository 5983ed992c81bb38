"""Charts: what is drawn for which fact, that nothing of a document's words can run, and the program that draws."""

from __future__ import annotations

import itertools
import json
import os
import re
import signal
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from luoshi.errors import BadUsage, NotDrawn
from luoshi.publish.chart import (
    Bar,
    Point,
    Series,
    bars,
    draw_png,
    draw_svg,
    has_chinese_font,
    heading_of,
    indicator_chart,
    small_multiples,
    table_of,
    table_of_bars,
)  # fmt: skip
from luoshi.publish.chart import draw as drawing
from luoshi.publish.chart.kept import Kept, Shelf
from luoshi.publish.chart.standin import StandIns
from luoshi.publish.chart.studio import Artist, artist
from luoshi.publish.chart.style import INK, LINE, PAPER, PLACES, RESULT, SHAPES, SOFT, TARGET, TONES, ZERO
from luoshi.publish.chart.wording import words

ROOT = Path(__file__).parents[2]
SVG = "{http://www.w3.org/2000/svg}"
SAID = "全区生产总值完成1180亿元，增长6.1%"


def point(year: int, role: str, value: Any, **more: Any) -> Point:
    return Point(year=year, role=role, value=value, **{"place": "栖山区", "quote": SAID, "link": f"/facts/f{year}", **more})  # type: ignore[arg-type]


LEVEL = Series(
    unit="元",
    points=(
        point(2021, "result", 98_000_000_000), point(2022, "result", 104_000_000_000), point(2024, "result", 118_040_000_000),
        point(2024, "target", 117_000_000_000, comparator="ge"), point(2025, "target", 125_000_000_000, comparator="approx"),
    ),
)  # fmt: skip
GROWTH = Series(
    unit="%",
    measure="growth",
    points=(
        point(2023, "result", 6.2), point(2024, "result", -0.6),
        point(2023, "target", 6, value_max=6.5, comparator="range"), point(2024, "target", 3, comparator="le"),
        point(2025, "target", 6.5, comparator="ge", since=2021), point(2025, "target", 7),
    ),
)  # fmt: skip


def rows(chart: dict[str, Any], panel: int = 0) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = chart["datasets"][f"p{panel}"]
    return found


def tree(svg: str) -> etree._Element:
    return etree.fromstring(svg.encode())


def texts(svg: str) -> list[str]:
    return ["".join(element.itertext()) for element in tree(svg).iter(f"{SVG}text")]


# --- an indicator over years


def test_growth_and_level_never_share_an_axis() -> None:
    chart = indicator_chart("地区生产总值", [LEVEL, GROWTH])
    titles = [
        layer["encoding"]["y"]["axis"]["title"]
        for panel in chart["vconcat"]
        for layer in panel["layer"]
        if "axis" in layer["encoding"]["y"]
    ]
    assert [list(dict.fromkeys(titles))] == [["亿元", "增速，%"]]
    assert [panel["data"] for panel in chart["vconcat"]] == [{"name": "p0"}, {"name": "p1"}]
    assert {row["value"] for row in rows(chart)} == {980.0, 1040.0, 1170.0, 1180.4, 1250.0}


@pytest.mark.parametrize(
    ("comparator", "most", "kind"),
    [("ge", None, "ge"), ("le", None, "le"), ("approx", None, "approx"), ("eq", None, "eq"), ("range", 7, "range"), ("range", None, "eq")],
)
def test_a_target_is_drawn_as_what_its_comparator_asks(comparator: str, most: float | None, kind: str) -> None:
    chart = indicator_chart(
        "增速", [Series(unit="%", measure="growth", points=(point(2025, "target", 6, value_max=most, comparator=comparator),))]
    )
    (row,) = rows(chart)
    assert row["kind"] == kind
    # what is drawn is what was said: about six has no tolerance that nobody laid down
    assert (row["value"], row.get("most")) == (6.0, most)
    shape = next(layer["encoding"]["shape"] for layer in chart["layer"] if "shape" in layer["encoding"])
    assert shape["scale"]["range"] == [SHAPES[kind]]


def test_a_range_is_drawn_from_the_lower_end_to_the_upper() -> None:
    (row,) = rows(indicator_chart("增速", [Series(unit="%", points=(point(2025, "target", 7, value_max=6, comparator="range"),))]))
    assert (row["value"], row["most"], row["label"]) == (6.0, 7.0, "6–7")


def test_years_without_a_result_stay_a_gap() -> None:
    results = [row for row in rows(indicator_chart("地区生产总值", [LEVEL])) if row["kind"] == "result"]
    assert [(row["year"], row["run"]) for row in results] == [(2021, 0), (2022, 0), (2024, 1)]
    paths = [
        path.get("d")
        for path in tree(draw_svg(indicator_chart("地区生产总值", [LEVEL]))).iter(f"{SVG}path")
        if path.get("stroke") == RESULT
    ]
    assert sum("L" in d for d in paths if d) == 1, "one line for 2021 and 2022, none that leads to 2024"


def test_of_two_results_of_a_year_the_later_is_in_the_line() -> None:
    series = Series(unit="元", points=(point(2023, "result", 5), point(2024, "result", 6), point(2024, "result", 7)))
    assert [(row["kind"], row["value"]) for row in rows(indicator_chart("收入", [series]))] == [
        ("result", 5.0),
        ("result", 7.0),
        ("earlier", 6.0),
    ]


def test_a_target_for_several_years_is_a_line_over_them() -> None:
    row = next(row for row in rows(indicator_chart("增速", [GROWTH])) if row.get("since"))
    assert (row["since"], row["year"], row["told"]) == (2021, 2025, "2021—2025年目标 不低于6.5%")


def test_what_has_no_number_is_said_and_not_drawn() -> None:
    series = Series(
        unit="%",
        points=(
            point(2025, "target", None, comparator="unchanged"),
            point(2025, "target", None, comparator="all"),
            point(2025, "target", None, comparator="zero"),
        ),
    )
    chart = indicator_chart("覆盖率", [series])
    assert sorted(row["value"] for row in rows(chart)) == [0.0, 100.0]
    assert "另有1个没有数值" in chart["description"]
    assert [line.cells[-1] for line in table_of([series]).lines] == ["—", "100%", "0%"]


def test_nothing_to_draw_says_so() -> None:
    for series in ([], [Series(points=())], [Series(points=(point(2025, "target", None, comparator="unchanged"),))]):
        assert "没有可画的数" in draw_svg(indicator_chart("覆盖率", series))


def test_ranks_have_the_first_on_top() -> None:
    chart = indicator_chart("位次", [Series(measure="rank", unit="位", points=(point(2023, "result", 3), point(2024, "result", 1)))])
    assert chart["layer"][0]["encoding"]["y"]["scale"]["reverse"] is True


def test_numbers_stand_where_no_line_goes() -> None:
    values = {2020: 5, 2021: 2, 2022: 4, 2024: 3}
    series = Series(unit="%", points=tuple(point(year, "result", value) for year, value in values.items()))
    for measure, below in (("growth", {2021}), ("rank", {2020, 2022})):
        drawn = rows(indicator_chart("增速", [Series(unit="%", measure=measure, points=series.points)]))  # type: ignore[arg-type]
        assert {row["year"] for row in drawn if row["dy"] > 0} == below
    with_target = Series(unit="%", points=(point(2024, "result", 6.1), point(2024, "target", 6, value_max=6.5, comparator="range")))
    assert {row["label"]: row["dy"] > 0 for row in rows(indicator_chart("增速", [with_target]))} == {"6.1": True, "6–6.5": False}


def many(count: int) -> Series:
    return Series(
        unit="元", points=tuple(point(year, "result", 1000 + 7 * n + year, place=f"第{n}区") for n in range(count) for year in (2023, 2024))
    )


def test_many_places_stand_apart_and_too_many_are_refused() -> None:
    assert "facet" not in indicator_chart("收入", [many(8)])
    apart = indicator_chart("收入", [many(9)])
    assert apart["facet"]["sort"][0] == "第0区"
    assert apart["resolve"]["scale"]["y"] == "shared"
    assert small_multiples("收入", [many(3)], same_scale=False)["resolve"]["scale"]["y"] == "independent"
    assert len([text for text in texts(draw_svg(apart)) if text.startswith("第")]) == 9
    with pytest.raises(BadUsage, match="最多 40 个"):
        indicator_chart("收入", [many(41)])


def test_many_years_can_be_zoomed_on_the_page() -> None:
    long = Series(unit="元", points=tuple(point(year, "result", year) for year in range(1995, 2025)))
    params = [param for layer in indicator_chart("收入", [long])["layer"] for param in layer.get("params", ())]
    assert [param["bind"] for param in params] == ["scales"]
    assert draw_svg(indicator_chart("收入", [long]))


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_numbers_that_are_none_are_refused(value: Any) -> None:
    with pytest.raises(BadUsage, match="不是有限的数"):
        indicator_chart("收入", [Series(points=(point(2024, "result", value),))])


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://elsewhere.example", "//elsewhere.example", "/\\elsewhere.example", "/a b", '/x"y']
)
def test_links_lead_to_our_own_pages_only(link: str) -> None:
    with pytest.raises(BadUsage, match="本站"):
        indicator_chart("收入", [Series(points=(point(2024, "result", 1, link=link),))])


def test_the_table_says_the_same() -> None:
    table = table_of([LEVEL, GROWTH])
    assert table.columns == ("度量", "年份", "性质", "数量")
    assert ("数量", "2025年", "目标", "约1250亿元") in [line.cells for line in table.lines]
    assert ("增速", "2023年", "目标", "6%至6.5%") in [line.cells for line in table.lines]
    assert len(table.lines) == len(LEVEL.points) + len(GROWTH.points)


# --- bars


def test_bars_lie_end_to_end_in_the_order_that_is_said() -> None:
    amounts = [
        Bar(label="区财政局", group="待核对", value=2),
        Bar(label="区财政局", group="已接受", value=5),
        Bar(label="区教育局", group="已接受", value=0),
    ]
    chart = bars("核对情况", amounts, unit="条", tones={"已接受": "good", "待核对": "open"})
    assert [(row["group"], row["from"], row["to"]) for row in rows(chart)] == [("已接受", 0.0, 5.0), ("待核对", 5.0, 7.0)]
    assert [(row["label"], row["what"]) for row in chart["datasets"]["sums"]] == [("区财政局", "7条"), ("区教育局", "0条")]
    svg = draw_svg(chart)
    assert {"区财政局", "区教育局", "7条", "0条", "已接受", "待核对"} <= set(texts(svg))
    assert TONES["good"] in svg
    assert table_of_bars(amounts, "条").columns == ("名称", "类别", "数量")


@pytest.mark.parametrize("amounts", [[Bar(label="甲", value=-1)], [Bar(label=str(n), value=1) for n in range(201)]])
def test_bars_that_make_no_chart_are_refused(amounts: list[Bar]) -> None:
    with pytest.raises(BadUsage) as refused:
        bars("任务", amounts)
    assert refused.value.slug == "bad-chart"


# --- drawings


def test_a_drawing_is_read_aloud_and_its_text_stays_text() -> None:
    svg = draw_svg(indicator_chart("栖山区地区生产总值", [LEVEL]))
    root = tree(svg)
    assert (root.get("role"), root.get("lang")) == ("img", "zh-CN")
    title, desc = (root.find(f"{SVG}{name}") for name in ("title", "desc"))
    assert title is not None
    assert desc is not None
    assert (title.text, root.get("aria-labelledby")) == ("栖山区地区生产总值", title.get("id"))
    assert "3个结果，2个目标" in (desc.text or "")
    assert {"栖山区地区生产总值", "亿元", "2024", "1180.4", "≈1250", "目标：不低于"} <= set(texts(svg))
    assert "Noto Sans CJK SC" in (root.get("font-family") or "")


def test_english() -> None:
    svg = draw_svg(indicator_chart("GDP", [GROWTH], lang="en"), "en")
    assert tree(svg).get("lang") == "en"
    assert {"growth, %", "target at least", "target range"} <= set(texts(svg))


HOSTILE = [
    "</svg><script>alert(1)</script>", "]]><!--", "&lt;&amp;\"'", "<a href='javascript:alert(1)'>区</a>", "quantitative", "datum.value", "a",
    "\x00\x1b\x0b区\u202e\u2066", "\ud800区", "栖山区" * 60, "https://elsewhere.example/x.png", "url(#x)", "{{ 7*7 }}", "__proto__",
]  # fmt: skip


@pytest.mark.parametrize("narrow", [False, True])
@pytest.mark.parametrize("apart", [False, True])
def test_hostile_words_are_only_words(narrow: bool, apart: bool) -> None:
    points = tuple(
        point(year, role, 100 + n + year, place=name, quote=name, comparator="ge" if role == "target" else "eq")
        for n, name in enumerate(HOSTILE[:8])
        for year in (2023, 2024)
        for role in ("target", "result")
    )
    for svg in (
        draw_svg(indicator_chart(HOSTILE[0], [Series(unit=HOSTILE[3], points=points)], narrow=narrow, apart=apart)),
        draw_svg(
            bars(
                HOSTILE[1],
                [Bar(label=a, group=b, value=1) for a, b in zip(HOSTILE, HOSTILE[::-1], strict=True)],
                unit=HOSTILE[0],
                narrow=narrow,
            )
        ),
    ):
        _assert_harmless(svg)
        assert [text for text in texts(svg) if "<script>alert(1)</script>" in text]


def _assert_harmless(svg: str) -> None:
    allowed = {"svg", "title", "desc", "g", "path", "rect", "line", "text", "tspan", "circle", "defs", "clipPath"}
    for element in tree(svg).iter():
        assert etree.QName(element).localname in allowed
        for name, value in element.attrib.items():
            assert not str(name).startswith("on")
            assert etree.QName(str(name)).localname not in {"href", "style", "class"}
            if str(name) != "font-family":
                assert not re.search(r"javascript|https?:|data:|url\((?!#)", str(value))
    assert not set(svg) & {"\x00", "\x1b", "\u202e", "\u2066"}


def test_the_same_description_gives_the_same_bytes() -> None:
    chart = indicator_chart("栖山区地区生产总值", [LEVEL, GROWTH])
    svg, png = draw_svg(chart), draw_png(chart)
    artist().close()
    drawing._kept.__init__()  # type: ignore[misc]
    assert (draw_svg(chart), draw_png(chart)) == (svg, png)


def test_ids_of_two_drawings_differ() -> None:
    one, other = (draw_svg(indicator_chart(name, [LEVEL])) for name in ("甲", "乙"))
    assert not set(re.findall(r'id="([^"]+)"', one)) & set(re.findall(r'id="([^"]+)"', other))


def test_the_page_gives_the_heading_itself() -> None:
    chart = indicator_chart("栖山区地区生产总值", [LEVEL])
    assert heading_of(chart) == "栖山区地区生产总值"
    long = indicator_chart("很长的名字" * 30, [LEVEL], narrow=True)
    assert heading_of(long) == "很长的名字" * 30
    assert long["title"]["text"][3].endswith("…")
    assert "栖山区地区生产总值" not in texts(draw_svg(chart, titled=False))


def test_descriptions_are_what_the_library_expects() -> None:
    """It warns of nothing: no unknown key, no conflict of scales."""
    charts = [indicator_chart("甲", [LEVEL, GROWTH], narrow=narrow) for narrow in (False, True)]
    charts += [
        indicator_chart("甲", [many(4)]),
        small_multiples("甲", [many(4)]),
        bars("甲", [Bar(label="a", value=1)]),
        indicator_chart("甲", []),
    ]
    code = "import json, sys, vl_convert\nfor chart in json.load(sys.stdin): vl_convert.vegalite_to_vega(chart, show_warnings=True)"
    done = subprocess.run([sys.executable, "-c", code], input=json.dumps(charts), capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("", "")


def test_png(tmp_path: Path) -> None:
    chart = indicator_chart("栖山区地区生产总值", [LEVEL])
    whole, half = draw_png(chart, 2), draw_png(chart, 1, fonts=tmp_path)
    assert whole[:8] == b"\x89PNG\r\n\x1a\n"
    width = int.from_bytes(whole[16:20], "big")
    assert abs(width - 2 * int.from_bytes(half[16:20], "big")) <= 2


def test_without_a_chinese_font_no_picture_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert has_chinese_font()
    # no font has a picture for these
    assert not has_chinese_font(probes=("\U000f1234", "\U000f1235"))
    monkeypatch.setattr(drawing, "has_chinese_font", lambda fonts: False)
    with pytest.raises(NotDrawn, match="fonts-noto-cjk") as failed:
        draw_png(indicator_chart("没有字体", [LEVEL]))
    assert failed.value.slug == "no-chinese-font"


# --- colours


def _linear(colour: str) -> list[float]:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def _contrast(one: str, other: str) -> float:
    light = [sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), _linear(colour), strict=True)) for colour in (one, other)]
    return (max(light) + 0.05) / (min(light) + 0.05)


def _dark() -> dict[str, str]:
    """The colour that each has in the dark, from the style sheet."""
    sheet = (ROOT / "src/luoshi/web/layout/css/chart.css").read_text(encoding="utf-8")
    inside = sheet.split("prefers-color-scheme: dark")[1].split("@media print")[0]
    found = {}
    for names, colour in re.findall(r"([^{}]+)\{ (?:fill|stroke): (#[0-9a-f]{6}); \}", inside):
        found |= dict.fromkeys(re.findall(r'="(#[0-9a-f]{6})"', names), colour)
    return found


def test_every_colour_has_another_in_the_dark() -> None:
    assert set(_dark()) == {INK, SOFT, LINE, ZERO, TARGET, RESULT, *PLACES, *TONES.values()}


@pytest.mark.parametrize("colour", [INK, SOFT, TARGET, RESULT, *PLACES])
def test_colours_stand_out(colour: str) -> None:
    least = 4.5 if colour in (INK, SOFT) else 3
    assert _contrast(colour, PAPER) >= least
    assert _contrast(_dark()[colour], "#1a1e24") >= least


# Machado, Oliveira, Fernandes 2009, severity 1
_BLIND = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
}


def _lab(colour: str, kind: str) -> tuple[float, float, float]:
    rgb = [max(0.0, sum(weight * part for weight, part in zip(row, _linear(colour), strict=True))) for row in _BLIND[kind]]
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (
        sum(weight * part for weight, part in zip(row, rgb, strict=True)) / white
        for row, white in zip(matrix, (0.9505, 1, 1.089), strict=True)
    )
    fx, fy, fz = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


@pytest.mark.parametrize("kind", _BLIND)
def test_the_colour_blind_tell_the_places_apart(kind: str) -> None:
    sets = (PLACES, (TARGET, RESULT), tuple(TONES.values()))
    for shown in (*sets, *([_dark()[colour] for colour in one] for one in sets)):
        for one, other in itertools.combinations(shown, 2):
            distance = sum((a - b) ** 2 for a, b in zip(_lab(one, kind), _lab(other, kind), strict=True)) ** 0.5
            assert distance > 15, f"{one} {other}: {distance:.1f}"


# --- words


@pytest.mark.parametrize("key", words())
def test_every_word_is_there_in_both_languages(key: str) -> None:
    message = words()[key]
    assert message.zh
    assert message.en
    assert set(re.findall(r"\{(\w+)\}", message.zh)) == set(re.findall(r"\{(\w+)\}", message.en))


@given(st.lists(st.text(max_size=12), unique=True, max_size=200))
def test_every_word_has_its_own_standin(told: list[str]) -> None:
    given_ = StandIns()
    standins = [given_.give(word) for word in told]
    assert len(set(standins)) == len(told)
    assert [given_.words()[standin] for standin in standins] == told
    assert all(re.fullmatch(r"[A-Za-z]+-*", standin) for standin in standins)


# --- the drawing program and what is kept


def test_an_artist_that_fell_is_replaced() -> None:
    made = Artist()
    spec = {"mark": "text", "data": {"values": [{}]}}
    before = made.ask("svg", description=spec)
    assert made._process is not None
    os.kill(made._process.pid, signal.SIGKILL)
    assert made.ask("svg", description=spec) == before
    made.close()


def test_an_artist_that_takes_too_long_is_ended() -> None:
    made = Artist(seconds=0.01)
    with pytest.raises(NotDrawn) as failed:
        made.ask("bundle", snippet="")
    assert failed.value.slug == "not-drawn"
    assert made._process is None


def test_what_cannot_be_drawn_says_so_and_the_next_is_drawn() -> None:
    made = Artist()
    with pytest.raises(NotDrawn, match="画不出来"):
        made.ask("svg", description={"mark": 7})
    assert made.ask("svg", description={"mark": "text", "data": {"values": [{}]}}).startswith(b"<svg")
    made.close()


def test_a_forked_process_draws_too() -> None:
    """As the workers of a server do that was loaded, and may have drawn, before it was forked."""
    code = """
import os
from luoshi.publish.chart import Bar, bars, draw_svg
from luoshi.publish.chart.studio import artist
first = draw_svg(bars("甲", [Bar(label="a", value=1)]))
child = os.fork()
if not child:
    os._exit(0 if draw_svg(bars("乙", [Bar(label="b", value=2)])).startswith("<svg") else 1)
assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0
assert draw_svg(bars("丙", [Bar(label="c", value=3)])).startswith("<svg")
artist().close()
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_drawings_are_kept_as_far_as_there_is_room() -> None:
    kept = Kept(most=1000)
    for name in "abcde":
        kept.put(name, b"x" * 240)
    assert kept.get("a") is None
    assert kept.get("b") == b"x" * 240
    kept.put("f", b"x" * 240)
    assert kept.get("c") is None, "b was used since"
    kept.put("large", b"x" * 251)
    assert kept.get("large") is None


def test_a_shelf_is_tidied(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "drawn", most=10)
    for n in range(12):
        shelf.put(f"1{n}", b"x")
        os.utime(tmp_path / "drawn" / f"1{n}.svg", (n, n))
    assert shelf.get("10") == b"x", "looked at, so not the oldest any more"
    shelf.tidy()
    assert sorted(path.stem for path in (tmp_path / "drawn").iterdir()) == ["10", "110", "111", "18", "19"]
    assert shelf.get("11") is None


def test_a_shelf_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    chart = bars("架", [Bar(label="a", value=1)])
    assert draw_svg(chart, shelf=tmp_path / "file" / "drawn").startswith("<svg")
    drawing._kept.__init__()  # type: ignore[misc]
    svg = draw_svg(chart, shelf=tmp_path / "drawn")
    assert [path.read_text(encoding="utf-8") for path in (tmp_path / "drawn").iterdir()] == [svg]
