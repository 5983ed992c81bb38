"""Points as rows: what a drawing shows at each place, what a table beside it says, what a listener hears."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from luoshi.publish.chart.style import KINDS
from luoshi.publish.chart.units import Unit, amount_words, digits, fitted, unit_for
from luoshi.publish.chart.values import Number, Point, Series, shown
from luoshi.publish.chart.wording import Teller

_SIGNS: Final = {"ge": "≥", "le": "≤", "approx": "≈"}
_LONGEST_PLACE: Final = 24
_SHORT: Final = 9
#: how far left of its year a target stands, in years: it was set before, and does not hide the result
_BEFORE: Final = 0.18
_SPREAD: Final = 0.3


def value_of(point: Point, unit: str) -> Number | None:
    """The number at which a point is drawn; None where it has none. 为零 is 0, 全部 of a share is 100."""
    if point.value is not None:
        return point.value
    return {"zero": 0, "all": 100 if unit == "%" else None}.get(point.comparator)


def is_drawn(point: Point, unit: str) -> bool:
    """Whether a point has a number to be drawn at."""
    return value_of(point, unit) is not None


def kind_of(point: Point) -> str:
    """How a point is drawn: ``result``, or what its comparator asks for."""
    if point.role == "result":
        return "result"
    if point.comparator == "range":
        return "range" if point.value_max is not None else "eq"
    return point.comparator if point.comparator in ("ge", "le", "approx") else "eq"


def places_of(series: Iterable[Series]) -> tuple[str, ...]:
    """The places in order of first mention."""
    return tuple(dict.fromkeys(shown(point.place, _LONGEST_PLACE) for one in series for point in one.points if is_drawn(point, one.unit)))


def short_names(places: Sequence[str]) -> dict[str, str]:
    """Names that fit above a small chart; a name that would be another's twin stays whole.

    >>> short_names(("云岭高新技术产业开发区", "栖山区"))["云岭高新技术产业开发区"]
    '云岭高新技术产业…'
    """
    cut = {place: fitted(place, _SHORT) for place in places}
    twins = Counter(cut.values())
    return {place: short if twins[short] == 1 else place for place, short in cut.items()}


def years_of(series: Iterable[Series]) -> tuple[int, int] | None:
    """First and last year that a drawing reaches; None where nothing is drawn."""
    years = [
        year for one in series for point in one.points if is_drawn(point, one.unit) for year in (point.year, point.since or point.year)
    ]
    return (min(years), max(years)) if years else None


def unit_of(series: Series) -> Unit:
    """The unit of the axis on which all values of the series are drawn."""
    values = [value_of(point, series.unit) for point in series.points] + [point.value_max for point in series.points]
    return unit_for([value for value in values if value is not None], series.unit)


def rows_of(series: Series, places: Sequence[str], tell: Teller, *, apart: bool = False) -> list[dict[str, Any]]:
    """One row for each point that is drawn, in order of place and year; ``apart``: each place has its own chart."""
    unit, names = unit_of(series), short_names(places)
    drawn = [point for point in series.points if is_drawn(point, series.unit)]
    latest = {(point.place, point.year): point for point in drawn if point.role == "result"}
    rows = []
    for point in drawn:
        kind = kind_of(point)
        if kind == "result" and latest[point.place, point.year] is not point:
            kind = "earlier"
        rows.append(_row(point, kind, unit, series, names, tell))
    rows.sort(key=lambda row: (places.index(row["place"]), row["year"], KINDS.index(row["kind"])))
    _stand_beside(rows, () if apart else places)
    _number_runs(rows)
    if len(places) == 1:
        _label(rows, reverse=series.measure == "rank")
    return rows


def kinds_of(panels: Iterable[Sequence[dict[str, Any]]]) -> tuple[tuple[str, str], ...]:
    """The kinds of mark in all panels with their words, in the legend's order."""
    here = {row["kind"]: row["what"] for rows in panels for row in rows}
    return tuple((kind, here[kind]) for kind in KINDS if kind in here)


def _row(point: Point, kind: str, unit: Unit, series: Series, names: Mapping[str, str], tell: Teller) -> dict[str, Any]:
    low, high = unit.of(value_of(point, series.unit) or 0), None
    if kind == "range" and point.value_max is not None:
        low, high = sorted((low, unit.of(point.value_max)))
    row: dict[str, Any] = {
        "year": point.year,
        "at": point.year,
        "value": low,
        "kind": kind,
        "what": _what(kind, tell),
        "place": shown(point.place, _LONGEST_PLACE),
        "panel": names[shown(point.place, _LONGEST_PLACE)],
        "told": told(point, series, tell),
        "quote": shown(point.quote),
        "link": point.link,
    }
    if high is not None:
        row["most"] = high
    if point.since is not None and point.since < point.year:
        row["since"] = point.since
    return row


def _what(kind: str, tell: Teller) -> str:
    return tell(kind) if kind in ("result", "earlier") else tell(f"target.{kind}")


def _stand_beside(rows: list[dict[str, Any]], places: Sequence[str]) -> None:
    """Targets stand a little beside their year: left of the result, one beside the other, or spread out by place."""
    before: Counter[tuple[str, int]] = Counter()
    for row in rows:
        if row["kind"] in ("result", "earlier"):
            continue
        if len(places) > 1:
            shift = -_SPREAD + 2 * _SPREAD / (len(places) - 1) * places.index(row["place"])
        else:
            shift = -_BEFORE * (1 + before[row["place"], row["year"]])
            before[row["place"], row["year"]] += 1
        row["at"] = round(row["year"] + max(shift, -2 * _SPREAD), 3)


def _number_runs(rows: list[dict[str, Any]]) -> None:
    """Results of years without a gap between them are one run, and one line."""
    run, before = 0, None
    for row in rows:
        if row["kind"] == "result":
            if before is not None and before != (row["place"], row["year"] - 1):
                run += 1
            row["run"], before = run, (row["place"], row["year"])


def _label(rows: list[dict[str, Any]], *, reverse: bool) -> None:
    """The number at a mark: of each year the upper above, the lower below, no other. ``reverse``: small values stand on top."""
    way = -1 if reverse else 1
    by_year: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        by_year.setdefault(row["year"], []).append(row)
    results = {row["year"]: way * row["value"] for row in rows if row["kind"] == "result"}
    for year, same in by_year.items():
        same.sort(key=lambda row: (way * row.get("most", row["value"]), row["kind"] == "ge"))
        if len(same) == 1:
            _write(same[0], up=not (same[0]["kind"] == "le" or (same[0]["kind"] == "result" and _is_low(year, results))))
            continue
        _write(same[-1], up=True)
        low = same[0]
        if low["kind"] == "result" or not any(row["value"] <= low["value"] <= row.get("most", row["value"]) for row in same[1:]):
            _write(low, up=False)


def _is_low(year: int, results: Mapping[int, float]) -> bool:
    """Whether the line comes down to this year's result from both sides, or from the only side."""
    beside = [results[other] for other in (year - 1, year + 1) if other in results]
    return bool(beside) and min(beside) > results[year]


def _write(row: dict[str, Any], *, up: bool) -> None:
    most = f"–{digits(row['most'])}" if "most" in row else ""
    row["label"] = (_SIGNS.get(row["kind"], "") + digits(row["value"]) + most).replace("-", "−")
    row["label_at"] = row.get("most", row["value"]) if up else row["value"]
    arrow = row["kind"] == ("ge" if up else "le")
    row["dy"] = -10 - 6 * arrow if up else 19 + 6 * arrow


def told(point: Point, series: Series, tell: Teller) -> str:
    """A point in words: ``2025年目标 不低于1250亿元``."""
    when = when_of(point, tell)
    return tell(f"told.{point.role}", when=when, amount=amount_of(point, series, tell)).strip()


def when_of(point: Point, tell: Teller) -> str:
    """The year or years that a point is for."""
    if point.since is not None and point.since < point.year:
        return tell("span", since=point.since, year=point.year)
    return tell("year", year=point.year)


def amount_of(point: Point, series: Series, tell: Teller) -> str:
    """A point's amount with its comparator in words; empty where it has no number."""
    value = value_of(point, series.unit)
    if value is None:
        return ""
    if point.comparator == "range" and point.value_max is not None:
        low, high = sorted((value, point.value_max))
        return tell("amount.range", amount=amount_words(low, series.unit), most=amount_words(high, series.unit))
    comparator = point.comparator if point.comparator in _SIGNS else "eq"
    return tell(f"amount.{comparator}", amount=amount_words(value, series.unit))
