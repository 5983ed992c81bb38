"""Steering of an indicator 指标调度: how far it is, what it lacks, where it ends if it goes on so. Pure, in decimals.

Values are of the year so far, as statistics give them: the amount of January to March, the growth of January to March. A forecast names its
method; without last year's values the months count alike, and it is said.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from typing import Final, Literal

import msgspec

from luoshi.errors import BadUsage

#: what a value is: an amount that grows over the year, a rate of growth, a state at a moment (a share, a concentration)
Kind = Literal["amount", "growth", "state"]
#: which way is better
Side = Literal["least", "most"]
#: how the end of the year is worked out: the share of the year that last year's same months were; months alike; the rate holds
Method = Literal["last-year", "months", "holds"]
_MONTHS: Final = 12
_PERIOD: Final = re.compile(r"(\d{4})-(?:(0[1-9]|1[0-2])|Q([1-4]))")
_POINT: Final = Decimal("0.01")
#: enough for the largest value that may be reported by the smallest share of a year
_ROOM: Final = Context(prec=80)


class Value(msgspec.Struct, frozen=True):
    """The value of the year up to the end of ``period`` (``2026-03``, ``2026-Q1``)."""

    period: str
    value: Decimal

    @property
    def month(self) -> int:
        """The last month it covers. ``BadUsage`` where the period is none."""
        match = _PERIOD.fullmatch(self.period)
        if match is None:
            raise BadUsage(f"“{self.period}”不是月份或季度", remedy="请写成 2026-03 或 2026-Q1")
        return int(match[2]) if match[2] else 3 * int(match[3])

    @property
    def year(self) -> int:
        return int(self.period[:4])


class Goal(msgspec.Struct, frozen=True):
    """What is to be reached at the end of the year. ``value`` is None while a relative goal waits for its reference."""

    kind: Kind
    side: Side = "least"
    value: Decimal | None = None


class Course(msgspec.Struct, frozen=True):
    """Where an indicator stands. Figures are None where they cannot be worked out.

    ``share``: the value in per cent of the goal. ``due``: the share of the goal that is due by now, in per cent. ``gap``: what it is above (+)
    or below (-) that, in points; for growth and states, value less goal. ``rate``: the amount of a month so far. ``needed``: what each month
    that is left must bring, or the growth that the rest of the year must have. ``forecast``: the value at the end of the year by ``method``.
    ``enough``: whether the forecast reaches the goal.
    """

    last: Value | None
    share: Decimal | None = None
    due: Decimal | None = None
    gap: Decimal | None = None
    rate: Decimal | None = None
    needed: Decimal | None = None
    forecast: Decimal | None = None
    method: Method | None = None
    enough: bool | None = None


def course(goal: Goal, values: Sequence[Value], last_year: Mapping[int, Decimal] | None = None) -> Course:
    """Where the indicator stands after the newest of ``values``; ``last_year``: last year's amounts of the year so far, by month.

    The published reckoning: 97.2 % of the goal at the end of October is 13.8 points above what months alike would have.

    >>> found = course(Goal("amount", value=Decimal(1000)), [Value("2025-10", Decimal(972))])
    >>> str(found.share), str(found.gap), str(found.forecast), found.method
    ('97.20', '13.87', '1166.40', 'months')
    """
    if not values:
        return Course(None)
    newest = max(values, key=lambda one: (one.year, one.month))
    known = last_year or {}
    done = _share_of_year(newest.month, known)
    method: Method = "last-year" if done is not None else "months"
    passed = done if done is not None else Decimal(newest.month) / _MONTHS
    if goal.kind == "amount":
        return _amount(goal, newest, passed, method)
    return _rate(goal, newest, passed, method)


def _share_of_year(month: int, last_year: Mapping[int, Decimal]) -> Decimal | None:
    """Which share of last year's amount its months up to this one were."""
    whole, part = last_year.get(_MONTHS), last_year.get(month)
    if whole is None or part is None or not (whole.is_finite() and part.is_finite()):
        return None
    return part / whole if 0 < part <= whole else None


def _amount(goal: Goal, newest: Value, passed: Decimal, method: Method) -> Course:
    left = _MONTHS - newest.month
    forecast = newest.value / passed
    found = Course(newest, rate=_round(newest.value / newest.month), forecast=_round(forecast), method=method)
    if goal.value is None:
        return found
    needed = _round((goal.value - newest.value) / left) if left else None
    found = msgspec.structs.replace(found, needed=needed, enough=_reaches(goal, forecast))
    if goal.value <= 0:
        # of nothing there is no share
        return found
    share, due = newest.value / goal.value * 100, passed * 100
    gap = share - due if goal.side == "least" else due - share
    return msgspec.structs.replace(found, share=_round(share), due=_round(due), gap=_round(gap))


def _rate(goal: Goal, newest: Value, passed: Decimal, method: Method) -> Course:
    """Of a growth or a state: it is taken to hold; the growth that the rest must have is weighed by the share of the year that is over."""
    found = Course(newest, forecast=newest.value, method="holds")
    if goal.value is None:
        return found
    gap = newest.value - goal.value if goal.side == "least" else goal.value - newest.value
    needed = None
    if goal.kind == "growth" and passed < 1:
        needed = _round((goal.value - newest.value * passed) / (1 - passed))
    return msgspec.structs.replace(found, gap=_round(gap), needed=needed, enough=_reaches(goal, newest.value))


def _reaches(goal: Goal, value: Decimal) -> bool:
    assert goal.value is not None  # noqa: S101 - callers have looked
    return value >= goal.value if goal.side == "least" else value <= goal.value


def _round(value: Decimal) -> Decimal:
    return value.quantize(_POINT, context=_ROOM)
