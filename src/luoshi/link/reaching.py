"""Whether a figure reaches a target, by the words of the target alone. Decimals throughout; the edge of a tolerance is inside."""

from __future__ import annotations

from decimal import Decimal
from functools import cache, lru_cache
from typing import Final, Literal

import msgspec

from luoshi.extract import catalogue
from luoshi.link.link import Verdict
from luoshi.link.scene import Scene
from luoshi.link.source import Measured
from luoshi.tables import load_table

Side = Literal["least", "most", "band"]
_RATES: Final = frozenset({"%", "‰", "百分点"})


class _Near(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    points: str
    share: str


class _Units(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``units.yaml`` as written; its comments say what each part means."""

    near: _Near
    in_step: str
    things: str
    persons: str
    homes: str
    converted: dict[str, tuple[str, str]]


@cache
def _units() -> _Units:
    return load_table("luoshi.link", "units.yaml", _Units)


@cache
def in_step() -> Decimal:
    """How far behind a reference a growth in step is near, in points."""
    return Decimal(_units().in_step)


class Reach(msgspec.Struct, frozen=True):
    """The verdict of two figures, result less target in the wanted direction, and verdicts that may be defended besides."""

    verdict: Verdict | None
    distance: Decimal | None = None
    unit: str = ""
    others: tuple[Verdict, ...] = ()
    reason: str = ""


class Bounds(msgspec.Struct, frozen=True):
    """A figure on a line: at least ``low``, at most ``high``; either may be open."""

    low: Decimal | None
    high: Decimal | None


def number(value: float | None) -> Decimal | None:
    """The figure as it was written: 0.1 is one tenth."""
    return None if value is None else Decimal(repr(value))


@lru_cache(maxsize=4096)
def same_unit(one: str, other: str) -> bool:
    """True where figures in the two units may be compared.

    >>> same_unit("亩", "公顷"), same_unit("元", "美元"), same_unit("人", "户")
    (True, False, False)
    """
    if _base(one)[0] == _base(other)[0]:
        return True
    units = _units()
    for group in (units.persons.split(), units.homes.split()):
        if one in group or other in group:
            return one in group and other in group
    things = units.things.split()
    return one in things and other in things


@cache
def _base(unit: str) -> tuple[str, Decimal]:
    found = _units().converted.get(unit)
    return (found[0], Decimal(found[1])) if found else (unit, Decimal(1))


def side_of(target: Scene) -> Side:
    """Which way a target is to be passed: ``least`` upward, ``most`` downward, ``band`` neither."""
    one = target.measure
    entry = catalogue.indicator(target.indicator_id) if target.indicator_id else None
    better = "+" if entry is None else entry.direction
    if one.comparator == "le" or one.measure == "rank":
        return "most"
    if one.comparator == "ge" and (target.is_kept_at or not target.is_lowered):
        return "least"  # 控制在65%以上; of 压减到100多项 the 多 is no floor
    if one.measure == "level" and _is_to_be_lowered(target, entry):
        return "most"
    if one.comparator == "ge":
        return "least"
    if entry is not None and entry.id == "cpi":
        return "band"
    if one.measure in {"growth", "change"} and one.direction == "down":
        return "most" if _is_feared(target, entry) else "least"  # else the drop itself is the figure
    return _side_of_level(one, entry, better)


def _is_to_be_lowered(target: Scene, entry: catalogue.Indicator | None) -> bool:
    """True for a level that is a ceiling by the words before it; what should rise, or be about so much, is kept up by the same words."""
    if entry is None:
        return target.is_lowered and not target.is_kept_at
    if entry.direction == "0":
        return target.is_lowered and target.measure.comparator not in {"range", "approx"}
    return entry.direction != "+" and target.is_lowered


def _is_feared(target: Scene, entry: catalogue.Indicator | None) -> bool:
    """True for a drop that is expected, not aimed at: of what should rise, or forecast."""
    if entry is None:
        return target.measure.strength == "forecast"
    return entry.direction == "+" and entry.kind != "N" and "D" not in entry.kind


def _side_of_level(one: Measured, entry: catalogue.Indicator | None, better: str) -> Side:
    if entry is not None and entry.kind.startswith("D") and one.measure == "level" and one.unit not in _RATES:
        return "most"  # what is to drop is told as a level: 万元GDP水耗降到19.2立方米
    if better == "-" and entry is not None and entry.kind != "N":
        return "most"  # of a count of things to be mended or removed, more is better
    if better == "0" and one.comparator in {"range", "approx"}:
        return "band"
    return "least"


def reach(target: Scene, result: Scene) -> Reach:
    """The verdict of the result's figure against the target's; ``verdict`` is ``None`` where the words bound it on the wrong side only."""
    one, two = target.measure, result.measure
    wanted, got = _bounds(one), _bounds(two)
    if wanted is None or got is None:
        return Reach(None, reason="no-figure")
    factor, base = _base(two.unit)[1], _base(one.unit)[1]
    got = Bounds(*(None if each is None else each * factor / base for each in (got.low, got.high)))
    if _goes(one) and _goes(two) and one.direction != two.direction:
        got = Bounds(None if got.high is None else -got.high, None if got.low is None else -got.low)
    side = side_of(target)
    judge = {"least": _least, "most": _most, "band": _band}[side]
    return judge(one, wanted, got)


def _goes(measure: Measured) -> bool:
    """True for a figure of a movement whose direction is told."""
    return measure.measure in {"growth", "change"} and bool(measure.direction)


def _bounds(measure: Measured) -> Bounds | None:
    if measure.comparator in {"all", "zero"} and measure.value is None:
        return None
    value, most = number(measure.value), number(measure.value_max)
    if value is None:
        return None
    if measure.comparator == "range":
        return Bounds(value, most if most is not None else value)
    if measure.comparator == "ge":
        return Bounds(value, None)
    if measure.comparator == "le":
        return Bounds(None, value)
    return Bounds(value, value)


def _mark(target: Measured) -> Decimal:
    """The figure that decides: the lower end of a range, the bound itself otherwise."""
    value = number(target.value)
    assert value is not None  # noqa: S101 - callers have asked _bounds
    return value


def tolerance(target: Measured) -> Decimal:
    """How far off a target with 左右 is near."""
    if target.unit in _RATES or target.measure == "growth":
        return Decimal(_units().near.points)
    return abs(_mark(target)) * Decimal(_units().near.share)


def _least(target: Measured, wanted: Bounds, got: Bounds) -> Reach:
    mark = _mark(target)
    unit = "百分点" if target.unit == "%" else target.unit
    if got.low is not None:
        gap = got.low - mark
        if gap >= 0:
            return Reach("met", gap, unit, reason="reached")
        if got.high is None:
            return Reach(None, gap, unit, ("met", "missed"), "bound-only")
        if target.comparator == "approx" and -gap <= tolerance(target):
            return Reach("near", gap, unit, reason="within-tolerance")
        return Reach("missed", gap, unit, reason="below")
    if got.high is not None and got.high < mark:
        return Reach("missed", got.high - mark, unit, reason="below")
    return Reach(None, None, unit, ("met", "missed"), "bound-only")


def _most(target: Measured, wanted: Bounds, got: Bounds) -> Reach:
    mark = wanted.high if target.comparator == "range" and wanted.high is not None else _mark(target)
    unit = "百分点" if target.unit == "%" else target.unit
    if got.high is not None:
        gap = mark - got.high
        if gap >= 0:
            return Reach("met", gap, unit, reason="kept-within")
        if got.low is None:
            return Reach(None, gap, unit, ("met", "missed"), "bound-only")
        if target.comparator == "approx" and -gap <= tolerance(target):
            return Reach("near", gap, unit, reason="within-tolerance")
        return Reach("missed", gap, unit, reason="above")
    if got.low is not None and got.low > mark:
        return Reach("missed", mark - got.low, unit, reason="above")
    return Reach(None, None, unit, ("met", "missed"), "bound-only")


def _band(target: Measured, wanted: Bounds, got: Bounds) -> Reach:
    unit = "百分点" if target.unit == "%" else target.unit
    if got.low is None or got.high is None:
        return Reach(None, None, unit, ("met", "missed"), "bound-only")
    slack = Decimal(0) if target.comparator == "range" else tolerance(target)
    low = (wanted.low if wanted.low is not None else _mark(target)) - slack
    high = (wanted.high if wanted.high is not None else _mark(target)) + slack
    middle = _mark(target)
    if low <= got.low and got.high <= high:
        return Reach("met", got.low - middle, unit, reason="within-band")
    # below the band: who reads the figure as a ceiling holds it for met
    others: tuple[Verdict, ...] = ("met",) if got.high < low else ()
    return Reach("missed", got.low - middle, unit, others, "outside-band")
