"""How rows become places, colours and marks: the encodings of the panels of an indicator chart."""

from __future__ import annotations

from typing import Any

from luoshi.publish.chart.frame import Frame, legend_columns
from luoshi.publish.chart.rows import unit_of, value_of
from luoshi.publish.chart.style import PLACES, RESULT, SHAPES, TARGET
from luoshi.publish.chart.values import Series
from luoshi.publish.chart.wording import Teller

_RESULTS = ("result", "earlier")


def x_encoding(frame: Frame) -> dict[str, Any]:
    """Years, the same stretch in every panel."""
    first, last = frame.years
    axis: dict[str, Any] = {"format": "d", "title": None}
    axis |= {"tickMinStep": 1, "tickCount": max(3, frame.width // 80)} if frame.is_zoomed else {"values": frame.ticks()}
    scale = {"domain": [first - 0.6, last + 0.6], "nice": False, "zero": False}
    return {"field": "at", "type": "quantitative", "scale": scale, "axis": axis}


def y_encoding(series: Series, frame: Frame, tell: Teller) -> dict[str, Any]:
    """Amounts in a unit that reads well; ranks with the first on top. The axis begins at zero only where that wastes little."""
    is_rank = series.measure == "rank"
    axis: dict[str, Any] = {
        "format": "d" if is_rank else "~f",
        "title": None if frame.apart else axis_title(series, tell),
        "tickCount": 4 if frame.apart or frame.narrow else 5,
        "minExtent": frame.edge, "maxExtent": frame.edge, "titleX": -frame.edge + 6, "titleY": -9,
    }  # fmt: skip
    if is_rank:
        axis["tickMinStep"] = 1
    scale: dict[str, Any] = {"nice": False, "zero": False}
    scale |= {"domain": list(_stretch(series))} if frame.same_scale else {"padding": 12}
    if is_rank:
        scale["reverse"] = True
    return {"field": "value", "type": "quantitative", "scale": scale, "axis": axis}


def _stretch(series: Series) -> tuple[float, float]:
    """From where to where an axis goes: all values with some room at both ends for marks and numbers."""
    unit = unit_of(series)
    found = [value_of(point, series.unit) for point in series.points] + [point.value_max for point in series.points]
    values = [unit.of(value) for value in found if value is not None]
    low, high = min(values), max(values)
    if series.measure == "rank":
        return max(0.4, low - 1), high + 1
    room = (high - low) * 0.18 or abs(high) * 0.25 or 1.0
    if series.measure == "level" and (0 <= low < high * 0.35 or 0 < low == high):
        return 0.0, round(high + room, 6)
    return round(low - room, 6), round(high + room, 6)


def axis_title(series: Series, tell: Teller) -> str:
    """What an axis measures: ``亿元``, ``增速，%``, ``位次``."""
    if series.measure == "rank":
        return tell("measure.rank")
    return tell(f"measure.{series.measure}", unit=unit_of(series).words or tell("no_unit"))


def colour_encoding(frame: Frame) -> dict[str, Any]:
    """By place where several share the axis, else by role; the legend of roles then becomes one with that of the marks."""
    if frame.is_coloured:
        return {
            "field": "place",
            "type": "nominal",
            "scale": {"domain": list(frame.places), "range": list(PLACES[: len(frame.places)])},
            "legend": {
                "symbolType": "stroke",
                "symbolStrokeWidth": 3,
                "symbolOpacity": 1,
                "columns": legend_columns(frame.places, frame.narrow),
            },
        }
    colours = [RESULT if kind in _RESULTS else TARGET for kind, _ in frame.kinds]
    scale = {"domain": [words for _, words in frame.kinds], "range": colours}
    return {"field": "what", "type": "nominal", "scale": scale, "legend": _kind_legend(frame)}


def shape_encoding(frame: Frame) -> dict[str, Any]:
    """The mark that says what a target asks."""
    scale = {"domain": [words for _, words in frame.kinds], "range": [SHAPES[kind] for kind, _ in frame.kinds]}
    return {"field": "what", "type": "nominal", "scale": scale, "legend": _kind_legend(frame)}


def _kind_legend(frame: Frame) -> dict[str, Any] | None:
    """None where all marks are results: they need no explaining."""
    if [kind for kind, _ in frame.kinds] == ["result"]:
        return None
    return {"symbolOpacity": 1, "columns": legend_columns((words for _, words in frame.kinds), frame.narrow)}
