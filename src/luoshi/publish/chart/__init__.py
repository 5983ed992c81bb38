"""Charts: one Vega-Lite description, drawn as SVG or PNG here, and made interactive on the page.

::

    chart = indicator_chart("地区生产总值", [Series(unit="元", points=(Point(year=2024, role="result", value=118_040_000_000),))])
    svg = draw_svg(chart)
"""

from __future__ import annotations

from luoshi.publish.chart.bars import bars
from luoshi.publish.chart.chain import Station, chain_chart
from luoshi.publish.chart.draw import draw_png, draw_svg, has_chinese_font, heading_of
from luoshi.publish.chart.indicator import indicator_chart, small_multiples
from luoshi.publish.chart.loop import Progress, UnitLights, lights_chart, progress_chart
from luoshi.publish.chart.studio import warm_up
from luoshi.publish.chart.table import Line, Table, table_of, table_of_bars
from luoshi.publish.chart.values import Bar, Point, Series, Tone
from luoshi.publish.chart.wording import Teller

__all__ = [
    "Bar", "Line", "Point", "Progress", "Series", "Station", "Table", "Teller", "Tone", "UnitLights", "bars", "chain_chart", "draw_png", "draw_svg",
    "has_chinese_font", "heading_of", "indicator_chart", "lights_chart", "progress_chart", "small_multiples", "table_of", "table_of_bars", "warm_up",
]  # fmt: skip
