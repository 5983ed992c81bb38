"""An indicator over years: targets and results of one place or several, as one Vega-Lite description."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from luoshi.errors import BadUsage
from luoshi.messages import Lang
from luoshi.publish.chart.about import about_indicator
from luoshi.publish.chart.encode import axis_title
from luoshi.publish.chart.frame import Frame, lines, title, whole_width
from luoshi.publish.chart.layers import layers_of
from luoshi.publish.chart.rows import is_drawn, kinds_of, places_of, rows_of, short_names, years_of
from luoshi.publish.chart.style import PLACES, SOFT, config
from luoshi.publish.chart.values import Series, checked, shown
from luoshi.publish.chart.wording import Teller

SCHEMA: Final = "https://vega.github.io/schema/vega-lite/v6.json"
#: so many places share one chart, more become small ones; so many small ones are one chart, more are too many to look at
MOST_TOGETHER: Final = len(PLACES)
MOST_APART: Final = 40


def indicator_chart(
    heading: str,
    series: Sequence[Series],
    *,
    lang: Lang = "zh",
    narrow: bool = False,
    apart: bool | None = None,
    same_scale: bool = True,
) -> dict[str, Any]:
    """The Vega-Lite description of an indicator's targets and results over the years, one panel for each series.

    A floor is drawn as a line with an arrow up, a ceiling with an arrow down, a band as a bar between its ends, an amount as a lozenge,
    “about” as a hollow one; results as dots, joined where the years follow each other. ``apart`` draws each place in its own small chart
    (by default where there are more than eight), on one scale unless ``same_scale`` is false. ``narrow`` is for phones.
    """
    tell, heading = Teller(lang), shown(heading)
    kept = tuple(one for one in checked(series) if any(is_drawn(point, one.unit) for point in one.points))
    places, years = places_of(kept), years_of(kept)
    if years is None:
        return empty_chart(heading, narrow, tell)
    if len(places) > MOST_APART:
        raise BadUsage(f"一张图里有 {len(places)} 个地区", where=heading, remedy=f"请先筛选，最多 {MOST_APART} 个", slug="bad-chart")
    is_apart = len(places) > 1 and (len(places) > MOST_TOGETHER if apart is None else apart)
    rows = {f"p{index}": rows_of(one, places, tell, apart=is_apart) for index, one in enumerate(kept)}
    frame = Frame(
        narrow=narrow, years=years, places=places, kinds=kinds_of(rows.values()), apart=is_apart, same_scale=same_scale or not is_apart
    )
    panels = [_panel(one, index, frozenset(row["kind"] for row in rows[f"p{index}"]), frame, tell) for index, one in enumerate(kept)]
    return {
        "$schema": SCHEMA,
        "usermeta": {"heading": heading},
        "title": title(heading, narrow) | ({"subtitle": axis_title(kept[0], tell)} if is_apart and len(kept) == 1 else {}),
        "description": about_indicator(heading, series, places, years, tell),
        "datasets": rows,
        **(panels[0] if len(panels) == 1 else {"vconcat": panels, "spacing": 30}),
        "config": config(narrow),
    }


def small_multiples(
    heading: str, series: Sequence[Series], *, lang: Lang = "zh", narrow: bool = False, same_scale: bool = True
) -> dict[str, Any]:
    """The description of an indicator with a small chart for each place, all on one scale unless ``same_scale`` is false."""
    return indicator_chart(heading, series, lang=lang, narrow=narrow, apart=True, same_scale=same_scale)


def _panel(series: Series, index: int, kinds: frozenset[str], frame: Frame, tell: Teller) -> dict[str, Any]:
    """One axis with all that is drawn on it; a small chart for each place where they stand apart."""
    drawn = {"width": frame.width, "height": _height(index, frame), "layer": layers_of(series, index, kinds, frame, tell)}
    data = {"name": f"p{index}"}
    if not frame.apart:
        return {"data": data, **drawn}
    return {
        "data": data,
        "facet": {"field": "panel", "type": "nominal", "sort": list(short_names(frame.places).values())},
        "columns": frame.columns,
        "spacing": {"row": 20, "column": frame.between},
        "spec": drawn,
        "resolve": {"scale": {"y": "shared" if frame.same_scale else "independent"}, "axis": {"x": "independent", "y": "independent"}},
    }


def _height(index: int, frame: Frame) -> int:
    if frame.apart:
        return 110 if frame.narrow else 125
    return (240 if frame.narrow else 300) if index == 0 else (150 if frame.narrow else 170)


def empty_chart(heading: str, narrow: bool, tell: Teller) -> dict[str, Any]:
    """A chart of nothing says so."""
    words = tell("about.empty", title=heading)
    width = whole_width(narrow) - 24
    return {
        "$schema": SCHEMA, "usermeta": {"heading": heading}, "description": words, "width": width, "height": 60, "datasets": {"p0": [{}]}, "data": {"name": "p0"},
        "mark": {"type": "text", "text": lines(words, 12.5, width), "color": SOFT}, "config": config(narrow),
    }  # fmt: skip
