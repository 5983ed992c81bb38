"""Charts of the loop: progress against what should be reached by now, and lights by unit, each as one Vega-Lite description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from luoshi.errors import BadUsage
from luoshi.messages import Lang
from luoshi.publish.chart.about import joined
from luoshi.publish.chart.bars import MOST_BARS, bars
from luoshi.publish.chart.frame import legend_columns, title, whole_width
from luoshi.publish.chart.indicator import SCHEMA, empty_chart
from luoshi.publish.chart.style import INK, LINE, TONES, config
from luoshi.publish.chart.units import digits, ems
from luoshi.publish.chart.values import Bar, Tone, checked_bars, shown
from luoshi.publish.chart.wording import Teller

#: how lights are drawn: the best, those between, the worst, and what has nothing to compare
LIGHTS: Final[Mapping[str, Tone]] = {"green": "good", "middle": "warn", "red": "bad", "dark": "open"}
_LONGEST: Final = 60
_LEFT: Final = 15
_WHOLE: Final = 100.0


class UnitLights(msgspec.Struct, frozen=True):
    """The live matters of a unit by light: ``green`` ``middle`` ``red`` ``dark``."""

    unit: str
    lights: Mapping[str, int]
    link: str = ""


class Progress(msgspec.Struct, frozen=True):
    """How far something has come and how far it should be, in per cent; ``planned`` None: nothing is compared."""

    label: str
    done: float
    planned: float | None = None
    quote: str = ""
    link: str = ""


def lights_chart(heading: str, units: Sequence[UnitLights], *, lang: Lang = "zh", narrow: bool = False) -> dict[str, Any]:
    """The description of lights by unit: bars whose parts lie end to end, the best light first."""
    tell = Teller(lang)
    words = {key: tell(f"light.{key}") for key in LIGHTS}
    amounts = [Bar(label=one.unit, value=one.lights.get(key, 0), group=words[key], link=one.link) for one in units for key in LIGHTS]
    here = {one.group for one in amounts if one.value}
    tones: dict[str, Tone] = {words[key]: tone for key, tone in LIGHTS.items() if words[key] in here}
    return bars(heading, [one for one in amounts if one.group in here], unit=tell("matters"), tones=tones, lang=lang, narrow=narrow)


def progress_chart(heading: str, amounts: Sequence[Progress], *, lang: Lang = "zh", narrow: bool = False) -> dict[str, Any]:
    """The description of progress against what is due by now: a bar for what is done, a stroke for what should be."""
    tell, heading = Teller(lang), shown(heading)
    kept = _checked(amounts, heading)
    if not kept:
        return empty_chart(heading, narrow, tell)
    rows = [_row(one, tell) for one in kept]
    labels = [row["label"] for row in rows]
    groups = [
        tell(f"progress.{key}") for key in ("reached", "behind", "alone") if any(row["group"] == tell(f"progress.{key}") for row in rows)
    ]
    return {
        "$schema": SCHEMA, "usermeta": {"heading": heading}, "title": title(heading, narrow), "description": _about(heading, rows, tell),
        "datasets": {"p0": rows}, "data": {"name": "p0"}, **_drawing(labels, groups, tell, narrow=narrow), "config": config(narrow),
    }  # fmt: skip


def _checked(amounts: Sequence[Progress], heading: str) -> list[Progress]:
    if len(amounts) > MOST_BARS:
        raise BadUsage(f"一张图里有 {len(amounts)} 条", where=heading, remedy=f"请先筛选，最多 {MOST_BARS} 条", slug="bad-chart")
    checked_bars([Bar(label=one.label, value=value, link=one.link) for one in amounts for value in (one.done, one.planned or 0)])
    return list({shown(one.label, _LONGEST): one for one in amounts}.values())


_STANDS: Final[Mapping[Literal["reached", "behind", "alone"], Tone]] = {"reached": "good", "behind": "warn", "alone": "plain"}


def _row(one: Progress, tell: Teller) -> dict[str, Any]:
    stands = "alone" if one.planned is None else "reached" if one.done >= one.planned else "behind"
    said = f"{digits(one.done)}%" if one.planned is None else tell("progress.said", done=digits(one.done), planned=digits(one.planned))
    row: dict[str, Any] = {
        "label": shown(one.label, _LONGEST), "to": min(one.done, _WHOLE), "whole": _WHOLE, "group": tell(f"progress.{stands}"), "what": said,
        "told": f"{shown(one.label, _LONGEST)} {said}", "quote": shown(one.quote), "link": one.link,
    }  # fmt: skip
    if one.planned is not None:
        row["planned"] = min(one.planned, _WHOLE)
    return row


def _about(heading: str, rows: Sequence[Mapping[str, Any]], tell: Teller) -> str:
    behind = sum(row["group"] == tell("progress.behind") for row in rows)
    return joined([tell("about.progress", title=heading, count=len(rows), behind=behind)], tell)


def _drawing(labels: Sequence[str], groups: Sequence[str], tell: Teller, *, narrow: bool) -> dict[str, Any]:
    """The whole as a pale bar, what is done upon it, a stroke where it should be, the numbers at the right."""
    is_above = narrow or max(ems(label) for label in labels) > _LEFT
    edge = 0 if is_above else round(max(ems(label) for label in labels) * 12.5) + 8
    shift = 9 if is_above else 0
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
    scale = {"domain": [0, _WHOLE], "nice": False, "zero": True}
    x = {"field": "to", "type": "quantitative", "axis": None, "scale": scale}
    tones = {tell(f"progress.{key}"): TONES[tone] for key, tone in _STANDS.items()}
    legend = None if len(groups) < 2 else {"symbolType": "square", "symbolOpacity": 1, "columns": legend_columns(groups, narrow)}
    colour = {
        "field": "group",
        "type": "nominal",
        "scale": {"domain": list(groups), "range": [tones[group] for group in groups]},
        "legend": legend,
    }
    bar = {"type": "bar", "height": 14, "yOffset": shift, "cornerRadiusEnd": 2}
    layers: list[dict[str, Any]] = [
        {"mark": {**bar, "color": LINE}, "encoding": {"y": y, "x": {**x, "field": "whole"}}},
        {"mark": {**bar, "cursor": "pointer"}, "encoding": {"y": y, "x": x, "color": colour}},
        {"transform": [{"filter": "isValid(datum.planned)"}], "mark": {"type": "tick", "size": 24, "thickness": 3, "color": INK, "yOffset": shift},
         "encoding": {"y": y, "x": {**x, "field": "planned"}}},
        {"mark": {"type": "text", "align": "left", "dx": 6, "yOffset": shift, "fontSize": 12.5, "color": INK},
         "encoding": {"y": y, "x": {**x, "field": "whole"}, "text": {"field": "what"}}},
    ]  # fmt: skip
    if is_above:
        mark = {"type": "text", "align": "left", "yOffset": -9, "fontSize": 12.5, "color": INK}
        layers.append({"mark": mark, "encoding": {"y": y, "x": {"datum": 0, "type": "quantitative"}, "text": {"field": "label"}}})
    return {"width": whole_width(narrow) - 24 - edge - 152, "height": {"step": 46 if is_above else 30}, "layer": layers}
