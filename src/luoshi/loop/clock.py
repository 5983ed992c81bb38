"""Limits and what follows from them: when something is due, when to warn, how a pause shifts it, and the periods of a rhythm.

Counted as 民法典 arts. 200 to 204 count: days, weeks, months and years from the day after the start (art. 201 para. 1), hours and minutes
from the instant (art. 201 para. 2); months and years end on the day of the same number, or on the month's last day where it has none
(art. 202); a last day that is a day off gives way to the next workday, and the last day ends at 24:00 (art. 203). Art. 204 leaves other
ways of counting to the law or to the parties: workdays, and ``roll=False`` where a rule says that the day stays.

Instants are aware, those given back in UTC. A due instant is the last one in time: at ``due`` itself nothing is overdue yet.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Final, Literal
from zoneinfo import ZoneInfo

import msgspec

from luoshi.errors import BadUsage, LuoshiError
from luoshi.loop.calendar import Calendar

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
"""The zone of the law's days (北京时间), unless an office sets another."""

Unit = Literal["minute", "hour", "workday", "day", "week", "month", "year"]

_LIMIT: Final = re.compile(r"(0|[1-9][0-9]{0,5}) (minute|hour|workday|day|week|month|year)s?")


class BadLimit(LuoshiError):
    """A limit that cannot be read, or that ends after the calendar does."""

    slug = "bad-limit"


class Limit(msgspec.Struct, frozen=True):
    """How long something may take: an amount (0: until the end of the day it starts on) and its unit."""

    amount: int
    unit: Unit

    @property
    def is_exact(self) -> bool:
        """True for minutes and hours, which count from the instant; the other units count whole days."""
        return self.unit in {"minute", "hour"}

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}{'' if self.amount == 1 else 's'}"


@lru_cache(maxsize=1000)
def read_limit(text: str) -> Limit:
    """The limit that the text says: an amount and a unit, ``5 workdays``, ``24 hours``, ``1 month``; ``BadLimit`` for anything else.

    >>> read_limit("5 workdays")
    Limit(amount=5, unit='workday')
    """
    found = _LIMIT.fullmatch(text.strip())
    if found is None:
        raise BadLimit(f"“{text}”不是时限", remedy="写成数目和单位：5 workdays、24 hours、30 days、2 weeks、3 months、1 year、1 minute")
    return msgspec.convert({"amount": int(found[1]), "unit": found[2]}, Limit)


def due_of(start: datetime, limit: Limit, calendar: Calendar, zone: tzinfo = SHANGHAI, *, roll: bool = True) -> datetime:
    """The last instant in time for what started then (民法典 arts. 201 to 203).

    Hours and minutes: exactly so much later. Anything else: the end of the last day, counted from the day after the start. ``roll`` moves
    a last day of days, weeks, months or years that is a day off to the next workday (art. 203 para. 1); workdays need no such thing.
    """
    try:
        if limit.is_exact:
            return _aware(start).astimezone(UTC) + _length(limit)
        first = day_of(start, zone)
        if limit.unit == "workday":
            return end_of_day(calendar.after(first, limit.amount), zone)
        last = _moved(first, limit.amount, limit.unit)
        return end_of_day(calendar.next_workday(last) if roll else last, zone)
    except (OverflowError, ValueError) as error:
        raise BadLimit(f"时限 {limit} 太长，算出的日期超出历法", remedy="请把时限改短") from error


def before_due(due: datetime, limit: Limit, calendar: Calendar, zone: tzinfo = SHANGHAI) -> datetime:
    """When to warn: so long before the due instant; for anything but hours and minutes the beginning of that day, 00:00.

    A warning ``1 workday`` ahead of a Monday comes on the Friday before it; ``0 days`` ahead is the morning of the day itself.
    """
    try:
        if limit.is_exact:
            return _aware(due).astimezone(UTC) - _length(limit)
        last = day_of(due, zone)
        if limit.unit == "workday":
            return start_of_day(calendar.before(last, limit.amount), zone)
        return start_of_day(_moved(last, -limit.amount, limit.unit), zone)
    except (OverflowError, ValueError) as error:
        raise BadLimit(f"提前量 {limit} 太长，算出的日期超出历法", remedy="请把提前量改短") from error


def shifted(
    due: datetime, paused_at: datetime, resumed_at: datetime, limit: Limit, calendar: Calendar, zone: tzinfo = SHANGHAI, *, roll: bool = True
) -> datetime:  # fmt: skip
    """The due instant after a pause, never earlier than before it.

    Hours and minutes: later by the pause's exact length. Workdays: by the workdays lost, those after the day of the pause up to and with
    the day of the resumption. Anything else: by as many natural days, and a day off gives way again (``roll``). A pause within one day
    loses no day. A pause that begins after the due instant changes nothing: the limit had run out, nothing was left to stop.
    """
    if _aware(resumed_at) < _aware(paused_at):
        raise BadUsage(f"恢复时刻 {resumed_at:%Y-%m-%d %H:%M} 早于暂停时刻 {paused_at:%Y-%m-%d %H:%M}", remedy="请改正恢复时刻")
    due = _aware(due).astimezone(UTC)
    if paused_at > due:
        return due
    if limit.is_exact:
        return due + (resumed_at - paused_at)
    paused, resumed, last = day_of(paused_at, zone), day_of(resumed_at, zone), day_of(due, zone)
    if limit.unit == "workday":
        lost = calendar.count(paused, resumed)
        later = calendar.after(last, lost) if lost else last
        # whoever goes on after the last day of what was left, on a day off, has the next workday
        later = max(later, calendar.next_workday(resumed)) if resumed > later else later
    else:
        later = last + (resumed - paused)
        if roll and later != last:
            later = calendar.next_workday(later)
    return due if later == last else _at_time_of(due, later, zone)


def day_of(at: datetime, zone: tzinfo = SHANGHAI) -> date:
    """The day that this instant lies in, in the office's zone."""
    return _aware(at).astimezone(zone).date()


def start_of_day(day: date, zone: tzinfo = SHANGHAI) -> datetime:
    """The day's first instant, 00:00 in the office's zone, in UTC."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)


def end_of_day(day: date, zone: tzinfo = SHANGHAI) -> datetime:
    """The day's last instant, 23:59:59.999999 in the office's zone, in UTC: the 24:00 of 民法典 art. 203, still in time."""
    return datetime.combine(day, time.max, tzinfo=zone).astimezone(UTC)


def overdue_days(due: datetime, now: datetime, zone: tzinfo = SHANGHAI) -> int:
    """How many natural days overdue: 0 up to the due instant and for the rest of its day, 1 on the day after it."""
    return max(0, -days_left(due, now, zone))


def overdue_workdays(due: datetime, now: datetime, calendar: Calendar, zone: tzinfo = SHANGHAI) -> int:
    """How many workdays overdue: those after the due day, up to and with today."""
    return max(0, -workdays_left(due, now, calendar, zone))


def days_left(due: datetime, now: datetime, zone: tzinfo = SHANGHAI) -> int:
    """How many natural days are left: 1 on the day before the due day, 0 on it, below 0 after it."""
    return (day_of(due, zone) - day_of(now, zone)).days


def workdays_left(due: datetime, now: datetime, calendar: Calendar, zone: tzinfo = SHANGHAI) -> int:
    """How many workdays are left: those after today, up to and with the due day; 0 on the due day, below 0 after it."""
    return calendar.count(day_of(now, zone), day_of(due, zone))


# --- reports that come again


Every = Literal["week", "month", "quarter", "half-year", "year"]

#: how many months a period has; a week has none
_MONTHS: Final[dict[str, int]] = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}
_ADVERBS: Final[dict[str, Every]] = {
    "weekly": "week", "monthly": "month", "quarterly": "quarter", "half-yearly": "half-year", "yearly": "year",
}  # fmt: skip
_RHYTHM: Final = re.compile(
    r"(?P<every>weekly|monthly|quarterly|half-yearly|yearly)(?: in (?P<months>[0-9]{1,2}(?:,[0-9]{1,2})*))?"
    r" by (?:(?P<month>[0-9]{1,2})-)?(?P<day>[0-9]{1,2}|last)(?P<after> after)?(?P<roll> or next workday)?"
)


class BadRhythm(LuoshiError):
    """A rhythm that cannot be read."""

    slug = "bad-rhythm"


class Rhythm(msgspec.Struct, frozen=True):
    """How often a report comes and by which day.

    ``by`` is the ISO weekday of a week, else the day of the month in which the period ends; 0 is its last day, and a day that the month
    has not is its last day too (as 民法典 art. 202). ``after``: the day lies in the week or month that follows the period. ``months``:
    for a year the month of the due day (none: December, or January ``after``); for ``month`` the only months in which a report comes,
    each reaching back to the one before it. ``roll``: a day off gives way to the next workday.
    """

    every: Every
    by: int
    months: tuple[int, ...] = ()
    roll: bool = False
    after: bool = False


class Period(msgspec.Struct, frozen=True):
    """One turn of a rhythm: its key (``2026-W12``, ``2026-03``, ``2026-Q1``, ``2026-H1``, ``2026``), first and last day, due instant."""

    key: str
    first: date
    last: date
    due: datetime


def read_rhythm(text: str) -> Rhythm:
    """The rhythm that the text says; ``BadRhythm`` for anything else.

    ``weekly | monthly [in M,M,…] | quarterly | half-yearly | yearly``, then ``by`` and a day, then ``after`` where the day lies in the
    week, month or (yearly) year that follows the period, then ``or next workday`` where a day off gives way. The day is an ISO weekday
    (weekly), a day of the period's last month (``after``: of the month after it), ``last`` for its last day, or ``MM-DD`` (yearly only).

    ``weekly by 5`` each Friday; ``monthly by 25``; ``monthly in 6,11 by last`` at the end of June and November; ``quarterly by 5 after``
    the 5th of the month after the quarter; ``yearly by 12-31``; ``yearly by 01-15 after`` on 15 January of the next year.

    >>> read_rhythm("quarterly by 5 after")
    Rhythm(every='quarter', by=5, months=(), roll=False, after=True)
    """
    found = _RHYTHM.fullmatch(text.strip())
    if found is None:
        raise _bad_rhythm(text)
    every = _ADVERBS[found["every"]]
    by = 0 if found["day"] == "last" else int(found["day"])
    months = tuple(int(month) for month in (found["months"] or found["month"] or "").split(",") if month)
    rhythm = Rhythm(every=every, by=by, months=months, roll=bool(found["roll"]), after=bool(found["after"]))
    right = (
        (by > 0 or found["day"] == "last")
        and by <= _most_days(rhythm)
        and (found["months"] is None or every == "month")
        and (found["month"] is None or (every == "year" and by > 0))
        and list(months) == sorted(set(months) & set(range(1, 13)))
    )
    if not right:
        raise _bad_rhythm(text)
    return rhythm


def period_of(rhythm: Rhythm, day: date, zone: tzinfo, calendar: Calendar) -> Period:
    """The period that this day lies in. The periods of a rhythm follow one another without a gap."""
    if rhythm.every == "week":
        year, week, weekday = day.isocalendar()
        first = day - timedelta(days=weekday - 1)
        by = (rhythm.by or 7) - 1 + (7 if rhythm.after else 0)
        return Period(f"{year}-W{week:02}", first, first + timedelta(days=6), _due(rhythm, first + timedelta(days=by), zone, calendar))
    low, high = _months_of(rhythm, day.year * 12 + day.month - 1)
    end = high // 12 * 12 + rhythm.months[0] - 1 if rhythm.every == "year" and rhythm.months else high
    if rhythm.after:
        end += 12 if rhythm.every == "year" and rhythm.months else 1
    due = _due(rhythm, _day_in(end, rhythm.by or 31), zone, calendar)
    return Period(_key(rhythm.every, high), _day_in(low, 1), _day_in(high, 31), due)


def next_period(rhythm: Rhythm, period: Period, zone: tzinfo, calendar: Calendar) -> Period:
    """The period that follows this one."""
    return period_of(rhythm, period.last + timedelta(days=1), zone, calendar)


def pending_period(rhythm: Rhythm, at: datetime, zone: tzinfo, calendar: Calendar) -> Period:
    """The first period whose due instant is at or after this instant: the report that comes next."""
    period = period_of(rhythm, day_of(at, zone), zone, calendar)
    while (earlier := period_of(rhythm, period.first - timedelta(days=1), zone, calendar)).due >= at:
        period = earlier
    while period.due < at:
        period = next_period(rhythm, period, zone, calendar)
    return period


def _months_of(rhythm: Rhythm, month: int) -> tuple[int, int]:
    """The first and last month, counted from the year 0, of the period that this month lies in."""
    if rhythm.every == "month" and rhythm.months:
        ends = [year * 12 + number - 1 for year in range(month // 12 - 1, month // 12 + 2) for number in rhythm.months]
        at = next(at for at, end in enumerate(ends) if end >= month)
        return ends[at - 1] + 1, ends[at]
    size = _MONTHS[rhythm.every]
    low = month // size * size
    return low, low + size - 1


def _most_days(rhythm: Rhythm) -> int:
    """The highest day that can be meant: 7 in a week, in a named month its last day in a leap year, else 31."""
    if rhythm.every == "week":
        return 7
    if rhythm.every == "year" and rhythm.months:
        return monthrange(2024, min(rhythm.months[0], 12) or 1)[1]
    return 31


def _key(every: Every, last: int) -> str:
    """The key of the period whose last month is this one."""
    year, month = divmod(last, 12)
    tails = {"month": f"-{month + 1:02}", "quarter": f"-Q{month // 3 + 1}", "half-year": f"-H{month // 6 + 1}"}
    return f"{year}{tails.get(every, '')}"


def _due(rhythm: Rhythm, day: date, zone: tzinfo, calendar: Calendar) -> datetime:
    return end_of_day(calendar.next_workday(day) if rhythm.roll else day, zone)


def _day_in(month: int, number: int) -> date:
    """The day of this number in a month counted from the year 0, or the month's last day where it has none (民法典 art. 202)."""
    year, month = divmod(month, 12)
    return date(year, month + 1, min(number, monthrange(year, month + 1)[1]))


def _moved(day: date, amount: int, unit: Unit) -> date:
    """The day so many days, weeks, months or years later, or earlier for an amount below 0."""
    if unit in {"day", "week"}:
        return day + timedelta(days=amount * (7 if unit == "week" else 1))
    return _day_in(day.year * 12 + day.month - 1 + amount * (12 if unit == "year" else 1), day.day)


def _length(limit: Limit) -> timedelta:
    return timedelta(minutes=limit.amount) if limit.unit == "minute" else timedelta(hours=limit.amount)


def _at_time_of(at: datetime, day: date, zone: tzinfo) -> datetime:
    """The same time of day on another day; a due instant that somebody set to noon stays at noon."""
    return datetime.combine(day, at.astimezone(zone).time(), tzinfo=zone).astimezone(UTC)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise BadUsage(f"时刻 {at} 没有时区", remedy="时刻要带时区，如 2026-03-05T10:00+08:00")
    return at


def _bad_rhythm(text: str) -> BadRhythm:
    return BadRhythm(
        f"“{text}”不是周期",
        remedy="写成 weekly by 5、monthly by 25、monthly by last、monthly in 6,11 by 20、quarterly by 5 after、half-yearly by last、yearly by 12-31",
    )
