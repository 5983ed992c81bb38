"""A chain in time: what was planned, set for a year, given as a task and reached, from left to right; one Vega-Lite description."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from luoshi.errors import BadUsage
from luoshi.messages import Lang
from luoshi.publish.chart.frame import title, whole_width
from luoshi.publish.chart.indicator import SCHEMA, empty_chart
from luoshi.publish.chart.style import INK, PLACES, RESULT, SOFT, TARGET, TONES, ZERO, config
from luoshi.publish.chart.units import fitted
from luoshi.publish.chart.values import Bar, checked_bars, shown
from luoshi.publish.chart.wording import Teller

Kind = Literal["plan", "target", "task", "result"]
#: from top to bottom
LANES: Final[tuple[Kind, ...]] = ("plan", "target", "task", "result")
_COLOURS: Final[Mapping[str, str]] = {"plan": PLACES[1], "target": TARGET, "task": TONES["plain"], "result": RESULT}
_ROW: Final = 34
_MOST: Final = 60
_NAMED: Final = 64


class Station(msgspec.Struct, frozen=True):
    """One station of a chain: what it is, of which year, in a few words; ``after`` the positions of those that it follows."""

    year: int
    kind: Kind
    words: str
    after: tuple[int, ...] = ()
    quote: str = ""
    link: str = ""


def chain_chart(heading: str, stations: Sequence[Station], *, lang: Lang = "zh", narrow: bool = False) -> dict[str, Any]:
    """The description of a chain: a lane for each kind, years from left to right, a line from each station to those that follow from it."""
    tell, heading = Teller(lang), shown(heading)
    if len(stations) > _MOST:
        raise BadUsage(f"一条链上有 {len(stations)} 站", where=heading, remedy=f"最多画 {_MOST} 站，请看链的清单", slug="bad-chart")
    checked_bars([Bar(label=one.words, value=abs(one.year), link=one.link) for one in stations])
    if not stations:
        return empty_chart(heading, narrow, tell)
    rows, lanes = _rows(stations, tell, narrow=narrow)
    return {
        "$schema": SCHEMA, "usermeta": {"heading": heading}, "title": title(heading, narrow), "description": _about(heading, stations, tell),
        "datasets": {"p0": rows, "lanes": lanes, "ties": _ties(stations, rows)}, "data": {"name": "p0"}, **_drawing(rows, lanes, narrow=narrow),
        "config": config(narrow),
    }  # fmt: skip


def _rows(stations: Sequence[Station], tell: Teller, *, narrow: bool) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """A row for each station; several of one lane and year stand below each other. And a row for each lane with its name."""
    rows: list[dict[str, Any]] = [{} for _ in stations]
    lanes: list[dict[str, Any]] = []
    top = 0
    for kind in LANES:
        at: dict[int, int] = {}
        for number, one in enumerate(stations):
            if one.kind == kind:
                level = at[one.year] = at.get(one.year, -1) + 1
                words = shown(one.words)
                rows[number] = {
                    "year": one.year, "value": top + level, "kind": kind, "label": fitted(words, 7 if narrow else 13), "what": tell(f"chain.{kind}"),
                    "told": f"{tell('year', year=one.year)} {tell(f'chain.{kind}')} {words}", "quote": shown(one.quote), "link": one.link,
                }  # fmt: skip
        if at:
            lanes.append({"value": top, "label": tell(f"chain.{kind}")})
            top += max(at.values()) + 1
    return rows, lanes


def _ties(stations: Sequence[Station], rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [
        {"year": rows[before]["year"], "value": rows[before]["value"], "to_year": rows[number]["year"], "to": rows[number]["value"]}
        for number, one in enumerate(stations) for before in one.after if 0 <= before < len(stations)
    ]  # fmt: skip


def _about(heading: str, stations: Sequence[Station], tell: Teller) -> str:
    years = sorted({one.year for one in stations})
    told = tell("listed").join(f"{tell('year', year=one.year)}{tell(f'chain.{one.kind}')} {shown(one.words, 40)}" for one in stations[:6])
    return tell("about.chain", title=heading, count=len(stations), first=years[0], last=years[-1], told=told)


def _drawing(rows: Sequence[Mapping[str, Any]], lanes: Sequence[Mapping[str, Any]], *, narrow: bool) -> dict[str, Any]:
    years = sorted({row["year"] for row in rows})
    high = max(row["value"] for row in rows)
    x = {
        "field": "year", "type": "quantitative", "scale": {"domain": [years[0] - 0.4, years[-1] + 0.9], "nice": False, "zero": False},
        "axis": {"format": "d", "title": None, "values": list(range(years[0], years[-1] + 1)), "orient": "top"},
    }  # fmt: skip
    y = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [-0.6, high + 0.6], "reverse": True, "nice": False, "zero": False},
    }
    kinds = list(dict.fromkeys(row["what"] for row in sorted(rows, key=lambda row: LANES.index(row["kind"]))))
    colours = [_COLOURS[next(row["kind"] for row in rows if row["what"] == what)] for what in kinds]
    colour = {"field": "what", "type": "nominal", "scale": {"domain": kinds, "range": colours}, "legend": None}
    edge = 0 if narrow else _NAMED
    named = {
        "type": "text",
        "align": "left",
        "fontSize": 12.5,
        "color": SOFT,
        "dy": -14 if narrow else 0,
        **({} if narrow else {"dx": -edge}),
    }
    layers: list[dict[str, Any]] = [
        {"data": {"name": "ties"}, "mark": {"type": "rule", "color": ZERO, "strokeWidth": 1.5},
         "encoding": {"x": x, "y": y, "x2": {"field": "to_year"}, "y2": {"field": "to"}}},
        {"mark": {"type": "point", "filled": True, "size": 110, "opacity": 1, "strokeWidth": 0, "cursor": "pointer"}, "encoding": {"x": x, "y": y, "color": colour}},
        {"mark": {"type": "text", "align": "left", "dx": 8, "dy": -9, "color": INK}, "encoding": {"x": x, "y": y, "text": {"field": "label"}}},
        {"data": {"name": "lanes"}, "mark": named, "encoding": {"x": {**x, "field": None, "datum": years[0] - 0.4}, "y": y, "text": {"field": "label"}}},
    ]  # fmt: skip
    for layer in layers:
        if layer["encoding"]["x"].get("datum") is not None:
            del layer["encoding"]["x"]["field"]
    return {
        "width": whole_width(narrow) - 24 - edge,
        "height": (high + 1) * (_ROW + 10 * narrow) + 10,
        "padding": {"left": edge + 8, "right": 8, "top": 8, "bottom": 8},
        "layer": layers,
    }
