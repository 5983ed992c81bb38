"""Charts of the loop: lights by unit, progress against what should be reached, a chain in time; one description for page, paper and picture."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import etree

from luoshi.errors import BadUsage
from luoshi.publish.chart import Progress, Station, UnitLights, chain_chart, draw_png, draw_svg, lights_chart, progress_chart
from luoshi.publish.chart.style import TONES

STATIONS = [
    Station(2021, "plan", "五年新建15个", quote="五年新建口袋公园15个", link="/facts/f1"), Station(2024, "target", "新建3个", (0,)),
    Station(2024, "result", "建成3个", (1,)), Station(2025, "target", "新建4个", (0,)), Station(2025, "task", "区住建局牵头", (3,)),
    Station(2025, "task", "区财政局配合", (3,)),
]  # fmt: skip
CHARTS: list[dict[str, Any]] = [
    lights_chart("亮灯", [UnitLights("区住建局", {"green": 6, "middle": 2, "red": 1}), UnitLights("区水利局", {"dark": 1})]),
    progress_chart("进度", [Progress("公园", 66.7, 50), Progress("小区", 33.3, 50), Progress("托位", 80)]),
    chain_chart("公园", STATIONS),
]


@pytest.mark.parametrize("chart", CHARTS)
def test_one_description_is_drawn_for_page_and_paper(chart: dict[str, Any]) -> None:
    svg = draw_svg(chart)
    assert etree.fromstring(svg.encode()).get("role") == "img"
    assert draw_svg(chart) == svg
    assert draw_png(chart).startswith(b"\x89PNG")


def test_lights_keep_their_meaning() -> None:
    colours = CHARTS[0]["layer"][0]["encoding"]["color"]["scale"]
    assert colours == {"domain": ["绿灯", "黄灯", "红灯", "不亮灯"], "range": [TONES[tone] for tone in ("good", "warn", "bad", "open")]}
    assert [row["what"] for row in CHARTS[0]["datasets"]["sums"]] == ["9件", "1件"]


def test_progress_is_compared_with_what_should_be_reached() -> None:
    rows = CHARTS[1]["datasets"]["p0"]
    assert [row["group"] for row in rows] == ["达到序时", "落后序时", "没有序时可比"]
    assert [row["what"] for row in rows] == ["66.7%，序时50%", "33.3%，序时50%", "80%"]
    assert [row.get("planned") for row in rows] == [50, 50, None]
    assert "3项，其中落后序时1项" in CHARTS[1]["description"]
    assert progress_chart("多", [Progress("超额", 130, 100)])["datasets"]["p0"][0]["to"] == 100


def test_a_chain_goes_from_lane_to_lane() -> None:
    rows, ties = CHARTS[2]["datasets"]["p0"], CHARTS[2]["datasets"]["ties"]
    assert [row["value"] for row in rows] == [0, 1, 4, 1, 2, 3]
    assert [row["label"] for row in CHARTS[2]["datasets"]["lanes"]] == ["规划", "年度目标", "任务", "结果"]
    assert ties[0] == {"year": 2021, "value": 0, "to_year": 2024, "to": 1}
    assert len(ties) == 5
    assert "五年新建15个" in draw_svg(CHARTS[2])


def test_nothing_to_draw_says_so_and_too_much_is_refused() -> None:
    assert "没有可画的数" in draw_svg(progress_chart("空", []))
    assert "没有可画的数" in draw_svg(lights_chart("空", []))
    assert "没有可画的数" in draw_svg(chain_chart("空", []))
    with pytest.raises(BadUsage, match="bad-chart"):
        progress_chart("多", [Progress(f"第{n}件", 1) for n in range(300)])
    with pytest.raises(BadUsage, match="bad-chart"):
        chain_chart("长", [Station(2024, "task", f"第{n}件") for n in range(80)])
    with pytest.raises(BadUsage, match="本站"):
        progress_chart("链接", [Progress("外", 1, link="http://elsewhere")])


@pytest.mark.parametrize("narrow", [False, True])
def test_english_and_phone(narrow: bool) -> None:
    assert "behind plan" in draw_svg(progress_chart("Progress", [Progress("a", 1, 2), Progress("b", 3, 2)], lang="en", narrow=narrow))
    assert "target" in draw_svg(chain_chart("Chain", STATIONS, lang="en", narrow=narrow))
