"""The three rates of complaints: how many were contacted in time, solved, and satisfied, by unit and in whole; what was left out is counted beside.

Nothing here is law: which orders count, and the weights of a score, differ from place to place. ``DEFINITIONS`` says what is counted here; an
office confirms it, or gives other orders.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Final, Literal

import msgspec

from luoshi.errors import BadUsage
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Words

Key = Literal["responded", "solved", "satisfied"]
Satisfied = Literal["", "satisfied", "basically", "dissatisfied", "silent"]

_PLACES: Final = Decimal("0.01")
_SOURCE: Final = "各地口径不同；本系统缺省，请本单位核定"


class Definition(msgspec.Struct, frozen=True):
    """What a rate counts, in words, and who has to confirm it."""

    key: Key
    title: Words
    numerator: Words
    denominator: Words
    source: str = _SOURCE


DEFINITIONS: Final = (
    Definition(
        "responded", Words("响应率", "response rate"), Words("在首次联系时限内联系诉求人的工单", "orders whose caller was contacted in time"),
        Words("已联系或已到联系时限的工单，剔除的除外", "orders contacted or due to be, without those excluded"),
    ),
    Definition(
        "solved", Words("解决率", "solved rate"), Words("回访时诉求人说已解决的工单", "orders that the caller called solved"),
        Words("回访接通的工单（有效回访），剔除的除外；以最近一次回访为准", "orders whose caller was reached, at the last call, without those excluded"),
    ),
    Definition(
        "satisfied", Words("满意率", "satisfied rate"), Words("满意和基本满意的工单", "orders rated satisfied or basically satisfied"),
        Words("回访接通的工单（有效回访），剔除的除外；未评价的计入分母", "orders whose caller was reached, without those excluded; no answer counts"),
    ),
)  # fmt: skip


class Order(msgspec.Struct, frozen=True):
    """What the rates look at, of one order. ``contacted``: in time or not, None: not yet due. ``reached``: None: not called back yet."""

    unit: str
    contacted: bool | None = None
    reached: bool | None = None
    solved: bool | None = None
    satisfied: Satisfied = ""
    excluded: bool = False
    hung: bool = False


class Rate(msgspec.Struct, frozen=True):
    """A rate in per cent with two places. ``value`` None: nothing to divide by, and ``reason`` says so. ``excluded``: left out of both."""

    key: Key
    numerator: int
    denominator: int
    excluded: int = 0
    value: Decimal | None = None
    reason: str = ""


class Counted(msgspec.Struct, frozen=True):
    """The three rates of a unit, or of all (``unit`` empty); ``excluded`` and ``hung`` are among ``orders``."""

    unit: str
    orders: int
    excluded: int
    hung: int
    responded: Rate
    solved: Rate
    satisfied: Rate


class Rates(msgspec.Struct, frozen=True):
    """The rates in whole, and of each unit in the order of their names."""

    whole: Counted
    units: tuple[Counted, ...]


class Weights(msgspec.Struct, frozen=True):
    """How much each rate weighs; together 1. ``source``: who set them."""

    responded: Decimal
    solved: Decimal
    satisfied: Decimal
    source: str


class Points(msgspec.Struct, frozen=True):
    """A score from 0 to 100; ``value`` None where a rate that weighs something is missing, and ``reason`` says which."""

    value: Decimal | None = None
    reason: str = ""


def order_of(matter: Matter) -> Order:
    """The order that a matter of the mechanism of complaints is to the rates; its unit the first of the part ``lead``."""
    ratings = matter.ratings
    answers = {"yes": True, "no": False}
    satisfied = ratings.get("satisfied", "")
    return Order(
        unit=next(iter(matter.parts.get("lead", ())), ""), contacted=_contacted(matter), reached=answers.get(ratings.get("contacted", "")),
        solved=answers.get(ratings.get("solved", "")), satisfied=msgspec.convert(satisfied, Satisfied), excluded=matter.excluded,
        hung=matter.state == "hung",
    )  # fmt: skip


def _contacted(matter: Matter) -> bool | None:
    """Whether the first contact came in time; None where nobody is late yet, or the order went elsewhere before."""
    ticking = matter.last("contact")
    if ticking is None:
        return None
    if ticking.by == "contact" and ticking.stopped is not None:
        return ticking.stopped <= ticking.due
    return False if ticking.lapsed is not None else None


def rates(orders: Iterable[Order]) -> Rates:
    """The three rates of these orders, in whole and by unit.

    >>> found = rates(
    ...     [Order("区城管局", contacted=True, reached=True, solved=True, satisfied="basically"), Order("区城管局", contacted=False)]
    ... )
    >>> found.whole.responded.value, found.whole.solved.value
    (Decimal('50.00'), Decimal('100.00'))
    """
    every = tuple(orders)
    units = sorted({order.unit for order in every})
    return Rates(_counted("", every), tuple(_counted(unit, tuple(one for one in every if one.unit == unit)) for unit in units))


def _counted(unit: str, orders: tuple[Order, ...]) -> Counted:
    called = tuple(order for order in orders if order.reached)
    return Counted(
        unit, len(orders), sum(order.excluded for order in orders), sum(order.hung for order in orders),
        _rate("responded", [(order, bool(order.contacted)) for order in orders if order.contacted is not None], "没有已到首次联系时限的工单"),
        _rate("solved", [(order, bool(order.solved)) for order in called], "没有有效回访"),
        _rate("satisfied", [(order, order.satisfied in {"satisfied", "basically"}) for order in called], "没有有效回访"),
    )  # fmt: skip


def _rate(key: Key, counted: list[tuple[Order, bool]], reason: str) -> Rate:
    kept = [good for order, good in counted if not order.excluded]
    excluded = len(counted) - len(kept)
    if not kept:
        return Rate(key, 0, 0, excluded, None, f"{reason}{f'（剔除 {excluded} 件之后）' if excluded else ''}")
    value = (Decimal(sum(kept)) * 100 / len(kept)).quantize(_PLACES, ROUND_HALF_UP)
    return Rate(key, sum(kept), len(kept), excluded, value)


def score(counted: Counted, weights: Weights) -> Points:
    """``a × 响应率 + b × 解决率 + c × 满意率`` from the exact shares, with two places.

    Raises ``BadUsage`` where a weight is below 0 or the weights do not add up to 1.
    """
    parts = ((weights.responded, counted.responded), (weights.solved, counted.solved), (weights.satisfied, counted.satisfied))
    total = sum((weight for weight, _ in parts), Decimal(0))
    if any(weight < 0 for weight, _ in parts) or total != 1:
        raise BadUsage(f"三率的权重合计是 {total}", remedy="权重不小于 0，合计为 1，如 0.1、0.5、0.4")
    missing = [rate.reason for weight, rate in parts if weight and not rate.denominator]
    if missing:
        return Points(None, "；".join(dict.fromkeys(missing)))
    exact = sum((weight * rate.numerator * 100 / rate.denominator for weight, rate in parts if weight), Decimal(0))
    return Points(exact.quantize(_PLACES, ROUND_HALF_UP))
