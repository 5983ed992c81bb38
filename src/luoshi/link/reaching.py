"""Whether a figure reaches a target, by the words of the target alone. Decimals throughout; the edge of a tolerance is inside."""

from __future__ import annotations

from decimal import Decimal
from typing import Final, Literal

import msgspec

from luoshi.extract import catalogue
from luoshi.link.link import Verdict
from luoshi.link.source import Measured

Side = Literal["least", "most", "band"]
#: how far below a target with 左右 still counts as near: points for rates, a share of the level for amounts
NEAR_POINTS: Final = Decimal("0.3")
NEAR_SHARE: Final = Decimal("0.03")
_RATES: Final = frozenset({"%", "‰", "百分点"})
#: units in which one thing is counted; a number of one may be compared with a number of the other
_COUNTS: Final = frozenset(["个", "家", "户", "所", "处", "座", "项", "条", "套", "间", "名", "人", "件", "台", "辆", "支", "场", "次", "批", "只", "对", "株", "棵", "块", "幢", "栋", "宗", "门", "班", "艘", "架", "列", "部", "张", "片", "所次", "起", "例", "期", "类", "种", "位", "家次", "户次"])  # fmt: skip
_PERSONS: Final = frozenset({"人", "名", "位"})
_HOMES: Final = frozenset({"户", "套", "间"})
#: (unit, the same in another, factor)
_CONVERTED: Final = {
    "公斤": ("斤", Decimal(2)), "千克": ("斤", Decimal(2)), "吨": ("斤", Decimal(2000)), "公顷": ("平方米", Decimal(10000)), "亩": ("平方米", Decimal(10000) / 15),
    "千米": ("公里", Decimal(1)), "米": ("公里", Decimal("0.001")), "里": ("公里", Decimal("0.5")), "平方公里": ("平方米", Decimal(1000000)),
    "平方千米": ("平方米", Decimal(1000000)), "㎡": ("平方米", Decimal(1)), "平方": ("平方米", Decimal(1)), "方": ("立方米", Decimal(1)),
    "度": ("千瓦时", Decimal(1)), "瓦": ("千瓦", Decimal("0.001")), "TEU": ("标箱", Decimal(1)), "标准箱": ("标箱", Decimal(1)),
}  # fmt: skip


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
    return None if value is None else Decimal(repr(value) if isinstance(value, float) else str(value))


def same_unit(one: str, other: str) -> bool:
    """True where figures in the two units may be compared.

    >>> same_unit("亩", "公顷"), same_unit("元", "美元"), same_unit("人", "户")
    (True, False, False)
    """
    if _base(one)[0] == _base(other)[0]:
        return True
    if one in _PERSONS or other in _PERSONS:
        return one in _PERSONS and other in _PERSONS
    if one in _HOMES or other in _HOMES:
        return one in _HOMES and other in _HOMES
    return one in _COUNTS and other in _COUNTS


def _base(unit: str) -> tuple[str, Decimal]:
    return _CONVERTED.get(unit, (unit, Decimal(1)))


def side_of(target: Measured) -> Side:
    """Which way a target is to be passed: ``least`` upward, ``most`` downward, ``band`` neither."""
    entry = catalogue.indicator(target.indicator_id) if target.indicator_id else None
    better = entry.direction if entry else "+"
    if target.comparator == "le":
        return "most"
    if target.comparator == "ge":
        return "least"
    if target.measure == "rank":
        return "most"
    if entry is not None and entry.id == "cpi":
        return "band"
    if target.measure in {"growth", "change"} and target.direction == "down":
        return "least"  # the drop itself is the figure
    if better == "-" and entry is not None and entry.kind != "N":
        return "most"  # of a count of things to be mended or removed, more is better
    if better == "0" and target.comparator in {"range", "approx"}:
        return "band"
    return "least"


def reach(target: Measured, result: Measured) -> Reach:
    """The verdict of the result's figure against the target's; ``verdict`` is ``None`` where the words bound it on the wrong side only."""
    wanted, got = _bounds(target), _bounds(result)
    if wanted is None or got is None:
        return Reach(None, reason="no-figure")
    factor, base = _base(result.unit)[1], _base(target.unit)[1]
    got = Bounds(*(None if one is None else one * factor / base for one in (got.low, got.high)))
    if _signed(target) != _signed(result):
        got = Bounds(None if got.high is None else -got.high, None if got.low is None else -got.low)
    side = side_of(target)
    judge = {"least": _least, "most": _most, "band": _band}[side]
    return judge(target, wanted, got)


def _signed(measure: Measured) -> bool:
    """True where the figure counts downward."""
    return measure.measure in {"growth", "change"} and measure.direction == "down"


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
        return NEAR_POINTS
    return abs(_mark(target)) * NEAR_SHARE


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
