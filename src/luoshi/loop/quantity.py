"""What a light rule may look at: the reading of a matter at a moment, and the closed set of quantities that are counted from it.

A quantity is a number, yes or no, or a word; ``None`` where the matter has nothing to count, and then no condition on it holds.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from typing import Final, Literal, get_args

import msgspec

from luoshi.loop.calendar import Calendar
from luoshi.loop.clock import day_of
from luoshi.loop.mechanism import Words
from luoshi.tables import load_table

Quantity = Literal[
    "overdue", "overdue_original", "overdue_days", "overdue_workdays", "days_left", "workdays_left", "time_gone", "lapsed", "missed",
    "missed_ever", "level", "gap", "ahead", "gap_share", "months_behind", "months_late_start", "months_late_library", "funds_gap",
    "funds_share", "growth", "growth_gap", "growth_below", "months_yellow", "months_red", "quality", "returned",
]  # fmt: skip
Value = bool | int | Decimal | str | None
Number = Decimal | float | None

#: figures are compared as bulletins print them, with two places
_PLACES: Final = Decimal("0.01")
#: what is larger is a slip of the pen; it is taken as it stands
_ROUNDED: Final = Decimal(10) ** 15
_HUNDRED: Final = Decimal(100)


class Reading(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the lights look at, of a matter at a moment. Shares are per cent; ``None``: not compared."""

    now: datetime
    #: the current due of the main clock, and its first one
    due: datetime | None = None
    original: datetime | None = None
    started: datetime | None = None
    #: when it was closed, or the main clock was stopped; None while it runs
    done: datetime | None = None
    hung: bool = False
    progress: Number = None
    #: what should be reached by now (序时)
    planned: Number = None
    start_planned: date | None = None
    start_real: date | None = None
    #: reports or nodes missed and not made good; those ever missed
    missed: int = 0
    missed_ever: int = 0
    #: clocks other than the main one that lapsed and still run
    lapsed: int = 0
    returned: int = 0
    quality: str = ""
    #: what is paid, of the planned funds, and what should be
    funds: Number = None
    funds_planned: Number = None
    #: the day from which the limit for entering the statistics library counts (none: the real start), and the day it entered
    library_planned: date | None = None
    library_real: date | None = None
    #: month-ends so far, ``2026-03 red``
    ends: tuple[str, ...] = ()
    #: of an order sent by the office: ``blue``, ``orange``, ``red``
    level: str = ""
    #: growth of a cumulated amount over the year before, what was planned, and the average of the peers
    growth: Number = None
    growth_planned: Number = None
    growth_average: Number = None


class Naming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a quantity is called, its unit, and how it is counted."""

    title: Words
    how: Words
    unit: Words = Words(zh="", en="")


class Seen(msgspec.Struct, frozen=True):
    """A reading with the calendar and the zone by which it is counted, and with its day and that of its due date there."""

    reading: Reading
    calendar: Calendar
    zone: tzinfo
    day: date
    due_day: date | None


def seen_in(reading: Reading, calendar: Calendar, zone: tzinfo) -> Seen:
    """The reading as it is counted in this zone."""
    return Seen(reading, calendar, zone, day_of(reading.now, zone), day_of(reading.due, zone) if reading.due else None)


@cache
def namings() -> Mapping[str, Naming]:
    """Every quantity with its names, from ``quantities.yaml``."""
    return load_table("luoshi.loop", "quantities.yaml", dict[str, Naming])


def planned_by_months(start: date, end: date, day: date) -> float:
    """What should be reached by the end of ``day``, in per cent, linear by calendar months: months that are over / months of the span.

    A month is over on its last day. From ``end`` on all should be reached. So a year's work stands at 83.33 at the end of October, and
    97.2 there is 13.87 points ahead, which the bulletin that this follows prints as 13.8.

    >>> round(planned_by_months(date(2025, 1, 1), date(2025, 12, 31), date(2025, 10, 31)), 2)
    83.33
    >>> planned_by_months(date(2025, 1, 1), date(2025, 12, 31), date(2025, 3, 31))
    25.0
    """
    if day >= end:
        return 100.0
    months = _months(start, end) + 1
    over = _months(start, _last_over(day)) + 1
    return 100.0 * max(0, over) / max(1, months)


def month_after(day: date, months: int) -> date:
    """The day of the same number so many months later, or the last of that month where it has none (Civil Code, article 202)."""
    month = day.year * 12 + day.month - 1 + months
    year, number = divmod(month, 12)
    return date(year, number + 1, min(day.day, monthrange(year, number + 1)[1]))


def quantity(name: str, seen: Seen) -> Value:
    """The value of a quantity in this reading. Those counted by days are the same as in ``clock``, from the days of ``seen`` alone."""
    return _COUNTS[name](seen)


# --- time


def _overdue(seen: Seen) -> bool | None:
    due = seen.reading.due
    return None if due is None else seen.reading.now > due


def _overdue_original(seen: Seen) -> bool | None:
    first = seen.reading.original
    return None if first is None else seen.reading.now > first


def _overdue_days(seen: Seen) -> int | None:
    return None if seen.due_day is None else max(0, (seen.day - seen.due_day).days)


def _overdue_workdays(seen: Seen) -> int | None:
    return None if seen.due_day is None else max(0, seen.calendar.count(seen.due_day, seen.day))


def _days_left(seen: Seen) -> int | None:
    return None if seen.due_day is None else (seen.due_day - seen.day).days


def _workdays_left(seen: Seen) -> int | None:
    return None if seen.due_day is None else seen.calendar.count(seen.day, seen.due_day)


def _time_gone(seen: Seen) -> Decimal | None:
    """In per cent; a clock whose start is not known counts as gone, so that a warning by days alone still comes."""
    due, started = seen.reading.due, seen.reading.started
    if due is None:
        return None
    if started is None or due <= started:
        return _HUNDRED
    tick = timedelta(microseconds=1)
    return Decimal((seen.reading.now - started) // tick) * 100 / Decimal((due - started) // tick)


def _level(seen: Seen) -> str:
    return seen.reading.level or "none"


# --- progress


def _points(value: Number) -> Decimal | None:
    """As it is printed. A float is taken at the digits that it shows, so that a bound is met by the number that people see."""
    if value is None:
        return None
    number = Decimal(str(value))
    if not number.is_finite():
        return None
    return number.quantize(_PLACES, ROUND_HALF_UP) if abs(number) < _ROUNDED else number


def _behind(planned: Number, real: Number) -> Decimal | None:
    should, does = _points(planned), _points(real)
    return None if should is None or does is None else should - does


def _share(planned: Number, real: Number) -> Decimal | None:
    """How far below what is planned, in per cent of the planned; None while nothing is to be reached."""
    behind, should = _behind(planned, real), _points(planned)
    return None if behind is None or not should else behind * 100 / should


def _gap(seen: Seen) -> Decimal | None:
    return _behind(seen.reading.planned, seen.reading.progress)


def _ahead(seen: Seen) -> Decimal | None:
    return _behind(seen.reading.progress, seen.reading.planned)


def _gap_share(seen: Seen) -> Decimal | None:
    return _share(seen.reading.planned, seen.reading.progress)


def _months_behind(seen: Seen) -> int | None:
    """Months in a row below the schedule: that of the figure, and the month-ends before it that were not of the best light."""
    gap = _gap(seen)
    if gap is None:
        return None
    if gap <= 0:
        return 0
    return 1 + _row(seen.reading.ends, _last_over(seen.day), None)


def _months_late_start(seen: Seen) -> int | None:
    """Months that are over, from the planned one on, in which it was not started; 0 once it is."""
    planned = seen.reading.start_planned
    if planned is None:
        return None
    return 0 if seen.reading.start_real else max(0, _months(planned, seen.day))


def _months_late_library(seen: Seen) -> int | None:
    """Whole months that have run out since the start without its having entered; the day of the start does not count."""
    since = seen.reading.library_planned or seen.reading.start_real
    if since is None:
        return None
    if seen.reading.library_real:
        return 0
    months = max(0, _months(since, seen.day))
    return months if months and seen.day > month_after(since, months) else max(0, months - 1)


def _funds_gap(seen: Seen) -> Decimal | None:
    return _behind(seen.reading.funds_planned, seen.reading.funds)


def _funds_share(seen: Seen) -> Decimal | None:
    return _share(seen.reading.funds_planned, seen.reading.funds)


def _growth(seen: Seen) -> Decimal | None:
    return _points(seen.reading.growth)


def _growth_gap(seen: Seen) -> Decimal | None:
    return _behind(seen.reading.growth_planned, seen.reading.growth)


def _growth_below(seen: Seen) -> Decimal | None:
    return _behind(seen.reading.growth_average, seen.reading.growth)


def _months_yellow(seen: Seen) -> int:
    return _row(seen.reading.ends, None, "yellow")


def _months_red(seen: Seen) -> int:
    return _row(seen.reading.ends, None, "red")


# --- quality


def _quality(seen: Seen) -> str | None:
    return seen.reading.quality or None


def _returned(seen: Seen) -> int | None:
    """None before the first time: what was never sent back says nothing of quality."""
    return seen.reading.returned or None


def _lapsed(seen: Seen) -> int:
    return seen.reading.lapsed


def _missed(seen: Seen) -> int:
    return seen.reading.missed


def _missed_ever(seen: Seen) -> int:
    return max(seen.reading.missed, seen.reading.missed_ever)


_COUNTS: Final[Mapping[str, Callable[[Seen], Value]]] = {
    "overdue": _overdue, "overdue_original": _overdue_original, "overdue_days": _overdue_days, "overdue_workdays": _overdue_workdays,
    "days_left": _days_left, "workdays_left": _workdays_left, "time_gone": _time_gone, "lapsed": _lapsed, "missed": _missed,
    "missed_ever": _missed_ever, "level": _level, "gap": _gap, "ahead": _ahead, "gap_share": _gap_share, "months_behind": _months_behind,
    "months_late_start": _months_late_start, "months_late_library": _months_late_library, "funds_gap": _funds_gap,
    "funds_share": _funds_share, "growth": _growth, "growth_gap": _growth_gap, "growth_below": _growth_below,
    "months_yellow": _months_yellow, "months_red": _months_red, "quality": _quality, "returned": _returned,
}  # fmt: skip
QUANTITIES: Final[tuple[str, ...]] = get_args(Quantity)
#: yes or no; a word
FLAGS: Final = frozenset({"overdue", "overdue_original"})
WORDS: Final[Mapping[str, frozenset[str]]] = {
    "quality": frozenset({"pass", "fail"}),
    "level": frozenset({"none", "blue", "yellow", "orange", "red"}),
}
#: of a matter that has none of these nothing can be said by them: they are 0 and not ``None``
COUNTS: Final = frozenset({"lapsed", "missed", "missed_ever", "level", "months_yellow", "months_red"})
#: what is over once the matter is done; what it was in time or of quality stays
OVER: Final = frozenset(QUANTITIES) - {"quality", "returned", "missed_ever"}
#: those of ``BY_DAY`` that fall with time
FALLING: Final = frozenset({"days_left", "workdays_left"})
#: what hangs on what should be reached, which grows with the months: the fields that it compares
BY_MONTH: Final[Mapping[str, tuple[str, str]]] = {
    "gap": ("planned", "progress"), "ahead": ("planned", "progress"), "gap_share": ("planned", "progress"),
    "months_behind": ("planned", "progress"), "funds_gap": ("funds_planned", "funds"), "funds_share": ("funds_planned", "funds"),
    "growth_gap": ("growth_planned", "growth"),
}  # fmt: skip


def _day_on(seen: Seen, count: int) -> date:
    """The day on which so many days are overdue; below 0 still left."""
    return _there(seen.due_day) + timedelta(days=count)


def _workday_on(seen: Seen, count: int) -> date:
    """The first day on which so many workdays are overdue; below 0 still left."""
    due = _there(seen.due_day)
    return seen.calendar.after(due, count) if count > 0 else seen.calendar.before(due + timedelta(days=1), 1 - count)


def _late_start_on(seen: Seen, count: int) -> date:
    return month_after(_there(seen.reading.start_planned).replace(day=1), count)


def _late_library_on(seen: Seen, count: int) -> date:
    return month_after(_there(seen.reading.library_planned or seen.reading.start_real), count) + timedelta(days=1)


def _there(day: date | None) -> date:
    if day is None:
        raise ValueError("asked only of what can be counted")
    return day


#: what changes at the beginning of a day, for good: the first day on which it is so much, where it falls so much below 0
BY_DAY: Final[Mapping[str, Callable[[Seen, int], date]]] = {
    "days_left": _day_on, "overdue_days": _day_on, "workdays_left": _workday_on, "overdue_workdays": _workday_on,
    "months_late_start": _late_start_on, "months_late_library": _late_library_on,
}  # fmt: skip


def _months(first: date, last: date) -> int:
    """From the month of ``first`` to that of ``last``."""
    return (last.year - first.year) * 12 + last.month - first.month


def _last_over(day: date) -> date:
    """The last day of the last month that is over at the end of this day."""
    return day if (day + timedelta(days=1)).month != day.month else day.replace(day=1) - timedelta(days=1)


def _row(ends: tuple[str, ...], before: date | None, colour: str | None) -> int:
    """How many month-ends in a row, the last of them (or that before the month of ``before``) backwards, had this light.

    ``None``: any light but the best. Month-ends of the best light need not be among ``ends``.
    """
    lights = dict(end.split(" ", 1) for end in ends)
    if not lights:
        return 0
    at = before.replace(day=1) - timedelta(days=1) if before else date.fromisoformat(f"{max(lights)}-01")
    row = 0
    while (found := lights.get(at.isoformat()[:7], "green")) not in {"green", "none"} and found == (colour or found):
        row += 1
        at = at.replace(day=1) - timedelta(days=1)
    return row
