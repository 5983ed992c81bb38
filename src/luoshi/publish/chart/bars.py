"""Horizontal bars: tasks by unit, checks by state, as one Vega-Lite description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from luoshi.errors import BadUsage
from luoshi.messages import Lang
from luoshi.publish.chart.about import about_bars
from luoshi.publish.chart.frame import legend_columns, title, whole_width
from luoshi.publish.chart.indicator import SCHEMA, empty_chart
from luoshi.publish.chart.style import INK, PLACES, TONES, config
from luoshi.publish.chart.units import amount_words, digits, ems, exact, unit_for
from luoshi.publish.chart.values import Bar, Tone, checked_bars, shown
from luoshi.publish.chart.wording import Teller

MOST_BARS: Final = 200
_LONGEST: Final = 60
#: the names stand left of the bars where there is room, up to so many characters, else above them
_LEFT: Final = 15


def bars(
    heading: str,
    amounts: Sequence[Bar],
    *,
    unit: str = "",
    tones: Mapping[str, Tone] | None = None,
    lang: Lang = "zh",
    narrow: bool = False,
) -> dict[str, Any]:
    """The Vega-Lite description of horizontal bars, in the order in which they come; the same label's groups lie end to end.

    ``tones`` says how groups are meant (``good`` ``warn`` ``bad`` ``open`` ``plain``), in the order in which they are to lie; the others
    follow in colours of their own.
    """
    tell, heading = Teller(lang), shown(heading)
    kept = checked_bars(amounts)
    labels = tuple(dict.fromkeys(shown(bar.label, _LONGEST) for bar in kept))
    if len(labels) > MOST_BARS:
        raise BadUsage(f"一张图里有 {len(labels)} 条", where=heading, remedy=f"请先筛选，最多 {MOST_BARS} 条", slug="bad-chart")
    totals = {label: sum((exact(bar.value) for bar in kept if shown(bar.label, _LONGEST) == label), Decimal(0)) for label in labels}
    if not any(totals.values()):
        return empty_chart(heading, narrow, tell)
    groups = _groups(kept, tones or {})
    is_above = narrow or max(ems(label) for label in labels) > _LEFT
    rows, sums = _rows(kept, groups, totals, unit, tell)
    return {
        "$schema": SCHEMA,
        "usermeta": {"heading": heading},
        "title": title(heading, narrow),
        "description": about_bars(heading, kept, [(label, float(total)) for label, total in totals.items()], unit, tell),
        "datasets": {"p0": rows, "sums": sums},
        "data": {"name": "p0"},
        **_drawing(labels, groups, tones or {}, is_above=is_above, narrow=narrow),
        "config": config(narrow),
    }


def _groups(kept: Sequence[Bar], tones: Mapping[str, Tone]) -> tuple[str, ...]:
    """The groups in the order in which they lie."""
    here = dict.fromkeys(shown(bar.group, _LONGEST) for bar in kept)
    first = [group for group in tones if group in here]
    return (*first, *(group for group in here if group not in tones))


def _rows(
    kept: Sequence[Bar], groups: Sequence[str], totals: Mapping[str, Decimal], unit: str, tell: Teller
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A row for each bar with where it begins and ends, and one for each label with its sum."""
    axis = unit_for(totals.values(), unit)
    reached = dict.fromkeys(totals, 0.0)
    rows = []
    for bar in sorted(kept, key=lambda bar: groups.index(shown(bar.group, _LONGEST))):
        label, group = shown(bar.label, _LONGEST), shown(bar.group, _LONGEST)
        if not bar.value:
            continue
        start = reached[label]
        reached[label] = round(start + axis.of(bar.value), 9)
        named = f"{label} {group}".strip()
        rows.append({
            "label": label, "group": group, "from": start, "to": reached[label], "told": f"{named} {amount_words(bar.value, unit)}",
            "quote": shown(bar.quote), "link": bar.link,
        })  # fmt: skip
    sums = [
        {"label": label, "to": reached[label], "what": digits(exact(total) / axis.factor) + axis.words} for label, total in totals.items()
    ]
    return rows, sums


def _drawing(labels: Sequence[str], groups: Sequence[str], tones: Mapping[str, Tone], *, is_above: bool, narrow: bool) -> dict[str, Any]:
    """Bars, their sums at the end, their names at the left or above."""
    edge = 0 if is_above else round(max(ems(label) for label in labels) * 12.5) + 8
    step = 46 if is_above else 30
    y: dict[str, Any] = {"field": "label", "type": "nominal", "sort": list(labels), "axis": None}
    if not is_above:
        y["axis"] = {
            "title": None,
            "domain": False,
            "ticks": False,
            "grid": False,
            "labelLimit": 0,
            "labelColor": INK,
            "minExtent": edge,
            "maxExtent": edge,
        }
    x = {"field": "from", "type": "quantitative", "axis": None, "scale": {"domainMin": 0, "nice": False, "zero": True}}
    shift = 9 if is_above else 0
    bar = {"type": "bar", "height": 16, "yOffset": shift, "cornerRadiusEnd": 2, "cursor": "pointer"}
    layers: list[dict[str, Any]] = [
        {"mark": bar, "encoding": {"y": y, "x": x, "x2": {"field": "to"}, "color": _colours(groups, tones, narrow)}},
        {"data": {"name": "sums"}, "mark": {"type": "text", "align": "left", "dx": 6, "yOffset": shift, "fontSize": 12.5, "color": INK},
         "encoding": {"y": y, "x": {**x, "field": "to"}, "text": {"field": "what"}}},
    ]  # fmt: skip
    if is_above:
        mark = {"type": "text", "align": "left", "yOffset": -9, "fontSize": 12.5, "color": INK}
        layers.append(
            {
                "data": {"name": "sums"},
                "mark": mark,
                "encoding": {"y": y, "x": {"datum": 0, "type": "quantitative"}, "text": {"field": "label"}},
            }
        )
    return {"width": whole_width(narrow) - 24 - edge - 72, "height": {"step": step}, "layer": layers}


def _colours(groups: Sequence[str], tones: Mapping[str, Tone], narrow: bool) -> dict[str, Any]:
    if tuple(groups) == ("",):
        return {"value": TONES["plain"]}
    free = (colour for colour in PLACES * 25)
    colours = [TONES[tones.get(group, "")] if tones.get(group, "") else next(free) for group in groups]
    legend = {"symbolType": "square", "symbolOpacity": 1, "columns": legend_columns(groups, narrow)}
    return {"field": "group", "type": "nominal", "scale": {"domain": list(groups), "range": colours}, "legend": legend}
