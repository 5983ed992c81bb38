"""What is drawn in one panel of an indicator chart, the lowest first."""

from __future__ import annotations

from typing import Any

from luoshi.publish.chart.encode import colour_encoding, shape_encoding, x_encoding, y_encoding
from luoshi.publish.chart.frame import Frame
from luoshi.publish.chart.style import INK, ZERO
from luoshi.publish.chart.values import Series
from luoshi.publish.chart.wording import Teller

Layer = dict[str, Any]


def layers_of(series: Series, index: int, kinds: frozenset[str], frame: Frame, tell: Teller) -> list[Layer]:
    """Zero line, spans, bands, the line of results, all marks, and the numbers at them."""
    x, y = x_encoding(frame), y_encoding(series, frame, tell)
    base = {"x": x, "y": y, "color": colour_encoding(frame)}
    found = [
        *([_zero_line()] if any((point.value or 0) < 0 for point in series.points) else ()),
        *([_span(base)] if any(point.since is not None for point in series.points) else ()),
        *(_band(base) if "range" in kinds else ()),
        *([_line(base)] if "result" in kinds else ()),
        _marks(base, frame),
    ]
    if frame.is_coloured:
        for layer in found:
            layer["encoding"].setdefault("opacity", {"condition": {"param": f"chosen{index}", "value": 1}, "value": 0.15})
    if frame.is_zoomed:
        for layer in found:
            layer["mark"]["clip"] = True
    params = _params(index, frame)
    if params:
        found[-1]["params"] = params
    return [*found, *([_numbers(x, y)] if frame.is_labelled else ())]


def _where(test: str, mark: dict[str, Any], encoding: dict[str, Any]) -> Layer:
    return {"transform": [{"filter": test}], "mark": mark, "encoding": encoding}


def _zero_line() -> Layer:
    return {"mark": {"type": "rule", "color": ZERO}, "encoding": {"y": {"datum": 0, "type": "quantitative"}}}


def _span(base: Layer) -> Layer:
    """A target for a span of years: a line over them."""
    mark = {"type": "rule", "strokeWidth": 1.5, "strokeDash": [5, 3]}
    return _where("isValid(datum.since)", mark, {**base, "x": {**base["x"], "field": "since"}, "x2": {"field": "at"}})


def _band(base: Layer) -> list[Layer]:
    """A target between two values: a bar with a line at each end."""
    bar = {"type": "rule", "strokeWidth": 8, "strokeOpacity": 0.35}
    end = {"type": "tick", "orient": "horizontal", "size": 16, "thickness": 2.5}
    return [
        _where("isValid(datum.most)", bar, {**base, "y2": {"field": "most"}}),
        *(_where("isValid(datum.most)", end, {**base, "y": {**base["y"], "field": field}}) for field in ("value", "most")),
    ]


def _line(base: Layer) -> Layer:
    mark = {"type": "line", "strokeWidth": 2.2, "strokeJoin": "round"}
    return _where("datum.kind == 'result'", mark, {**base, "detail": [{"field": "place"}, {"field": "run"}], "order": {"field": "year"}})


def _marks(base: Layer, frame: Frame) -> Layer:
    mark = {"type": "point", "filled": True, "size": 95 if frame.apart else 140, "opacity": 1, "strokeWidth": 0, "cursor": "pointer"}
    return _where("datum.kind != 'range'", mark, {**base, "shape": shape_encoding(frame)})


def _params(index: int, frame: Frame) -> list[dict[str, Any]]:
    """On the page: a click on a place in the legend sets it off, and many years can be zoomed and moved."""
    found: list[dict[str, Any]] = []
    if frame.is_coloured:
        found.append({"name": f"chosen{index}", "select": {"type": "point", "fields": ["place"]}, "bind": "legend"})
    if frame.is_zoomed:
        found.append(
            {"name": f"zoom{index}", "select": {"type": "interval", "encodings": ["x"], "zoom": "wheel![event.shiftKey]"}, "bind": "scales"}
        )
    return found


def _numbers(x: dict[str, Any], y: dict[str, Any]) -> Layer:
    """The numbers above and below the marks."""
    mark = {"type": "text", "dy": {"expr": "datum.dy"}, "baseline": "alphabetic", "color": INK}
    return _where("isValid(datum.label)", mark, {"x": x, "y": {**y, "field": "label_at"}, "text": {"field": "label"}})
