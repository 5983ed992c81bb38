"""Limits, warnings, pauses and rhythms, as 民法典 arts. 200 to 204 count."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from luoshi.errors import BadUsage
from luoshi.loop import clock
from luoshi.loop.calendar import china
from luoshi.loop.clock import BadLimit, BadRhythm, Limit, Rhythm, Unit, read_limit, read_rhythm

CHINA = china()
SHANGHAI = ZoneInfo("Asia/Shanghai")
URUMQI = timezone(timedelta(hours=6))
UNITS: tuple[Unit, ...] = get_args(Unit)
EXACT = ("minute", "hour")


def _at(text: str) -> datetime:
    """An instant written as people in Shanghai read it: 2026-03-05 or 2026-03-05 10:00."""
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI).astimezone(UTC)


def _end(day: str) -> datetime:
    return _at(f"{day} 23:59:59.999999")


INSTANTS = st.datetimes(datetime(2006, 1, 1), datetime(2032, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))  # noqa: DTZ001 - made aware
LIMITS = st.builds(Limit, st.integers(0, 60), st.sampled_from(UNITS))
GAPS = st.timedeltas(timedelta(0), timedelta(days=200))


# --- reading a limit


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("5 workdays", Limit(5, "workday")),
        ("1 workday", Limit(1, "workday")),
        ("24 hours", Limit(24, "hour")),
        ("1 minute", Limit(1, "minute")),
        ("30 days", Limit(30, "day")),
        ("2 weeks", Limit(2, "week")),
        ("3 months", Limit(3, "month")),
        ("1 year", Limit(1, "year")),
        (" 0 days ", Limit(0, "day")),
    ],
)
def test_limits_are_read(text: str, limit: Limit) -> None:
    assert read_limit(text) == limit


@given(LIMITS)
def test_a_limit_says_itself(limit: Limit) -> None:
    assert read_limit(str(limit)) == limit


@pytest.mark.parametrize(
    "text", ["", "5", "days", "five days", "-1 day", "1.5 hours", "05 days", "5 working days", "5个工作日", "5 days later", "1000000 days"]
)
def test_what_is_no_limit_is_refused(text: str) -> None:
    with pytest.raises(BadLimit, match="workdays") as raised:
        read_limit(text)
    assert raised.value.slug == "bad-limit"


# --- when something is due


@pytest.mark.parametrize(
    ("start", "limit", "due"),
    [
        # the instant itself (art. 201 para. 2)
        ("2026-03-05 10:00", "24 hours", "2026-03-06 10:00"),
        ("2026-12-31 23:59:30", "1 minute", "2027-01-01 00:00:30"),
        ("2026-02-14 17:00", "2 hours", "2026-02-14 19:00"),
        ("2026-09-30 17:00", "24 hours", "2026-10-01 17:00"),  # hours run on holidays too
    ],
)
def test_hours_and_minutes_count_from_the_instant(start: str, limit: str, due: str) -> None:
    assert clock.due_of(_at(start), read_limit(limit), CHINA) == _at(due)


@pytest.mark.parametrize(
    ("start", "limit", "day"),
    [
        # workdays count from the next one
        ("2026-03-05 10:00", "1 workday", "2026-03-06"),
        ("2026-03-06 00:00", "5 workdays", "2026-03-13"),
        ("2026-03-06 23:59:59", "5 workdays", "2026-03-13"),
        ("2026-03-07 10:00", "5 workdays", "2026-03-13"),  # begun on a Saturday
        ("2026-02-13 09:00", "1 workday", "2026-02-14"),  # a Saturday that is worked
        ("2026-02-14 09:00", "1 workday", "2026-02-24"),  # the day before a long holiday; Monday the 23rd is off
        ("2026-02-18 09:00", "1 workday", "2026-02-24"),  # begun on a holiday
        ("2026-02-18 09:00", "0 workdays", "2026-02-24"),
        ("2025-12-31 09:00", "2 workdays", "2026-01-05"),  # over a year's end, a worked Sunday between
        ("2026-12-31 09:00", "1 workday", "2027-01-01"),  # 2027 is not out: a plain Friday
        ("2031-09-30 09:00", "3 workdays", "2031-10-03"),
        # days count from the next one (art. 201 para. 1), a day off gives way (art. 203)
        ("2026-03-02 09:00", "3 days", "2026-03-05"),
        ("2026-03-02 09:00", "5 days", "2026-03-09"),  # Saturday 7 March
        ("2026-03-02 09:00", "0 days", "2026-03-02"),
        ("2026-02-09 09:00", "5 days", "2026-02-14"),  # a Saturday that is worked stays
        ("2026-09-21 09:00", "10 days", "2026-10-08"),  # 1 October
        ("2026-03-02 09:00", "2 weeks", "2026-03-16"),
        ("2024-02-28 09:00", "1 day", "2024-02-29"),
        # months and years end on the day of the same number (art. 202)
        ("2026-01-31 09:00", "3 months", "2026-04-30"),
        ("2026-01-31 09:00", "1 month", "2026-02-28"),  # a worked Saturday
        ("2027-01-31 09:00", "1 month", "2027-03-01"),  # 28 February 2027 is a Sunday
        ("2024-01-31 09:00", "1 month", "2024-02-29"),
        ("2026-11-30 09:00", "3 months", "2027-03-01"),
        ("2025-12-31 09:00", "6 months", "2026-06-30"),
        ("2024-02-29 09:00", "1 year", "2025-02-28"),
        ("2024-02-29 09:00", "4 years", "2028-02-29"),
        ("2025-10-01 09:00", "1 year", "2026-10-08"),
        ("2026-03-05 09:00", "0 months", "2026-03-05"),
    ],
)
def test_days_end_at_midnight(start: str, limit: str, day: str) -> None:
    assert clock.due_of(_at(start), read_limit(limit), CHINA) == _end(day)


def test_without_roll_the_day_stays() -> None:
    assert clock.due_of(_at("2026-03-02 09:00"), read_limit("5 days"), CHINA, roll=False) == _end("2026-03-07")
    assert clock.due_of(_at("2025-10-01 09:00"), read_limit("1 year"), CHINA, roll=False) == _end("2026-10-01")
    assert clock.due_of(_at("2026-02-14 09:00"), read_limit("1 workday"), CHINA, roll=False) == _end("2026-02-24")


def test_the_zone_says_which_day_it_is() -> None:
    late = datetime(2026, 3, 5, 17, 0, tzinfo=UTC)  # 01:00 on the 6th in Shanghai, 23:00 on the 5th six hours east
    assert clock.due_of(late, read_limit("1 workday"), CHINA, SHANGHAI) == _end("2026-03-09")
    assert clock.due_of(late, read_limit("1 workday"), CHINA, URUMQI) == datetime(2026, 3, 6, 17, 59, 59, 999999, tzinfo=UTC)
    assert clock.due_of(late.astimezone(URUMQI), read_limit("1 workday"), CHINA, SHANGHAI) == _end("2026-03-09")


def test_the_end_of_a_day_is_its_last_instant() -> None:
    end = clock.end_of_day(date(2026, 3, 5))
    assert end == datetime(2026, 3, 5, 15, 59, 59, 999999, tzinfo=UTC)
    assert clock.day_of(end) == date(2026, 3, 5)
    assert clock.day_of(end + timedelta(microseconds=1)) == date(2026, 3, 6)
    assert clock.start_of_day(date(2026, 3, 6)) == end + timedelta(microseconds=1)


def test_an_instant_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 3, 5, 10, 0)  # noqa: DTZ001 - what is tested
    with pytest.raises(BadUsage, match="没有时区"):
        clock.due_of(naive, read_limit("24 hours"), CHINA)
    with pytest.raises(BadUsage, match="没有时区"):
        clock.due_of(naive, read_limit("5 days"), CHINA)


@pytest.mark.parametrize("limit", ["999999 years", "999999 months", "999999 weeks"])
def test_a_limit_beyond_the_calendar_is_refused(limit: str) -> None:
    with pytest.raises(BadLimit, match="太长"):
        clock.due_of(_at("2026-03-05 10:00"), read_limit(limit), CHINA)
    with pytest.raises(BadLimit, match="太长"):
        clock.before_due(_at("2026-03-05 10:00"), read_limit(limit), CHINA)


@given(INSTANTS, LIMITS)
def test_due_is_in_time_and_on_a_workday(start: datetime, limit: Limit) -> None:
    due = clock.due_of(start, limit, CHINA)
    assert due >= start
    assert due.tzinfo is UTC
    assert limit.unit in EXACT or CHINA.is_workday(clock.day_of(due))
    assert due >= clock.due_of(start, limit, CHINA, roll=False)


@given(INSTANTS, GAPS, LIMITS)
def test_due_rises_with_the_start(start: datetime, gap: timedelta, limit: Limit) -> None:
    assert clock.due_of(start + gap, limit, CHINA) >= clock.due_of(start, limit, CHINA)


@given(INSTANTS, LIMITS, st.integers(0, 30))
def test_due_rises_with_the_amount(start: datetime, limit: Limit, more: int) -> None:
    longer = Limit(limit.amount + more, limit.unit)
    assert clock.due_of(start, longer, CHINA) >= clock.due_of(start, limit, CHINA)


@given(INSTANTS, st.integers(1, 60), st.sampled_from(["workday", "day", "week", "month", "year"]))
def test_the_hour_of_the_start_does_not_matter(start: datetime, amount: int, unit: Unit) -> None:
    morning = clock.start_of_day(clock.day_of(start))
    assert clock.due_of(start, Limit(amount, unit), CHINA) == clock.due_of(morning, Limit(amount, unit), CHINA)


# --- when to warn


@pytest.mark.parametrize(
    ("due", "limit", "warning"),
    [
        ("2026-03-09", "1 workday", "2026-03-06 00:00"),
        ("2026-02-24", "1 workday", "2026-02-14 00:00"),  # before the long holiday
        ("2026-02-24", "2 workdays", "2026-02-13 00:00"),
        ("2026-03-09", "3 days", "2026-03-06 00:00"),
        ("2026-03-09", "0 days", "2026-03-09 00:00"),
        ("2026-03-09", "0 workdays", "2026-03-09 00:00"),
        ("2026-03-07", "0 workdays", "2026-03-06 00:00"),  # due on a Saturday that is not worked
        ("2026-03-09", "1 week", "2026-03-02 00:00"),
        ("2026-03-31", "1 month", "2026-02-28 00:00"),
        ("2024-02-29", "1 year", "2023-02-28 00:00"),
    ],
)
def test_days_warn_in_the_morning(due: str, limit: str, warning: str) -> None:
    assert clock.before_due(_end(due), read_limit(limit), CHINA) == _at(warning)


def test_hours_warn_to_the_minute() -> None:
    assert clock.before_due(_at("2026-03-09 10:00"), read_limit("2 hours"), CHINA) == _at("2026-03-09 08:00")


@given(INSTANTS, LIMITS)
def test_a_warning_comes_before_the_due_instant(due: datetime, limit: Limit) -> None:
    assert clock.before_due(due, limit, CHINA) <= due


# --- pauses


@pytest.mark.parametrize(
    ("due", "paused", "resumed", "limit", "after"),
    [
        ("2026-03-09 10:00", "2026-03-09 08:00", "2026-03-10 08:30", "24 hours", "2026-03-10 10:30"),
        ("2026-03-13 23:59:59.999999", "2026-03-09 10:00", "2026-03-11 10:00", "5 workdays", "2026-03-17 23:59:59.999999"),
        ("2026-03-13 23:59:59.999999", "2026-03-09 10:00", "2026-03-09 17:00", "5 workdays", "2026-03-13 23:59:59.999999"),
        # over a holiday only the workdays are lost: 14 February to 24 February is one
        ("2026-02-27 23:59:59.999999", "2026-02-14 10:00", "2026-02-24 10:00", "5 workdays", "2026-02-28 23:59:59.999999"),
        ("2026-02-27 23:59:59.999999", "2026-02-15 10:00", "2026-02-23 10:00", "5 workdays", "2026-02-27 23:59:59.999999"),
        # natural days are lost one by one, and a day off gives way
        ("2026-03-13 23:59:59.999999", "2026-03-09 10:00", "2026-03-10 10:00", "10 days", "2026-03-16 23:59:59.999999"),
        ("2026-02-13 23:59:59.999999", "2026-02-09 10:00", "2026-02-11 10:00", "10 days", "2026-02-24 23:59:59.999999"),
        ("2026-03-31 23:59:59.999999", "2026-03-02 10:00", "2026-04-01 10:00", "3 months", "2026-04-30 23:59:59.999999"),
        ("2024-02-28 23:59:59.999999", "2024-02-20 10:00", "2024-02-21 10:00", "1 month", "2024-02-29 23:59:59.999999"),
        ("2026-12-31 23:59:59.999999", "2026-12-30 10:00", "2027-01-04 10:00", "1 year", "2027-01-05 23:59:59.999999"),
        # a due instant set to noon stays at noon
        ("2026-03-13 12:00", "2026-03-09 10:00", "2026-03-11 10:00", "5 workdays", "2026-03-17 12:00"),
        # nothing is left to stop once the limit has run out
        ("2026-03-09 10:00", "2026-03-09 10:01", "2026-03-20 10:00", "24 hours", "2026-03-09 10:00"),
        ("2026-03-09 23:59:59.999999", "2026-03-10 00:00", "2026-03-20 10:00", "5 workdays", "2026-03-09 23:59:59.999999"),
    ],
)
def test_a_pause_shifts(due: str, paused: str, resumed: str, limit: str, after: str) -> None:
    assert clock.shifted(_at(due), _at(paused), _at(resumed), read_limit(limit), CHINA) == _at(after)


def test_a_pause_without_roll_keeps_the_day_off() -> None:
    due, paused, resumed = _end("2026-03-13"), _at("2026-03-09 10:00"), _at("2026-03-10 10:00")
    assert clock.shifted(due, paused, resumed, read_limit("10 days"), CHINA, roll=False) == _end("2026-03-14")


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(BadUsage, match="早于暂停"):
        clock.shifted(_end("2026-03-13"), _at("2026-03-09 10:00"), _at("2026-03-09 09:00"), read_limit("5 days"), CHINA)


@given(INSTANTS, LIMITS, INSTANTS)
def test_a_pause_of_no_length_changes_nothing(due: datetime, limit: Limit, at: datetime) -> None:
    assert clock.shifted(due, at, at, limit, CHINA) == due


@given(INSTANTS, LIMITS, GAPS, GAPS)
def test_a_pause_never_shortens(due: datetime, limit: Limit, early: timedelta, length: timedelta) -> None:
    paused = due - early
    later = clock.shifted(due, paused, paused + length, limit, CHINA)
    assert later >= due
    assert clock.shifted(due, paused, paused + length + timedelta(days=1), limit, CHINA) >= later


@given(INSTANTS, st.integers(0, 60), GAPS, GAPS, GAPS)
def test_two_pauses_of_workdays_lose_what_both_lose(
    start: datetime, amount: int, first: timedelta, gap: timedelta, second: timedelta
) -> None:
    limit = Limit(amount, "workday")
    due = clock.due_of(start, limit, CHINA)
    assume(start + first + gap <= due)
    once = clock.shifted(due, start, start + first, limit, CHINA)
    twice = clock.shifted(once, start + first + gap, start + first + gap + second, limit, CHINA)
    lost = sum(
        CHINA.count(clock.day_of(begin), clock.day_of(end))
        for begin, end in [(start, start + first), (start + first + gap, start + first + gap + second)]
    )
    assert CHINA.count(clock.day_of(due), clock.day_of(twice)) == lost


# --- how late, how long still


def test_days_left_and_overdue() -> None:
    due = _end("2026-02-14")
    expected = {
        "2026-02-12 09:00": (2, 2, 0, 0),
        "2026-02-14 00:00": (0, 0, 0, 0),
        "2026-02-14 23:59:59.999999": (0, 0, 0, 0),
        "2026-02-15 00:00": (-1, 0, 1, 0),
        "2026-02-23 12:00": (-9, 0, 9, 0),
        "2026-02-24 12:00": (-10, -1, 10, 1),
    }
    assert {
        text: (
            clock.days_left(due, _at(text)),
            clock.workdays_left(due, _at(text), CHINA),
            clock.overdue_days(due, _at(text)),
            clock.overdue_workdays(due, _at(text), CHINA),
        )
        for text in expected
    } == expected


def test_hours_late_on_the_same_day_are_no_day() -> None:
    assert clock.overdue_days(_at("2026-03-09 10:00"), _at("2026-03-09 18:00")) == 0
    assert clock.overdue_days(_at("2026-03-09 23:00"), _at("2026-03-10 01:00")) == 1


# --- rhythms


@pytest.mark.parametrize(
    ("text", "rhythm"),
    [
        ("weekly by 5", Rhythm("week", 5)),
        ("weekly by 1 after", Rhythm("week", 1, after=True)),
        ("monthly by 25", Rhythm("month", 25)),
        ("monthly by last", Rhythm("month", 0)),
        ("monthly by 25 or next workday", Rhythm("month", 25, roll=True)),
        ("monthly in 6,11 by 20", Rhythm("month", 20, (6, 11))),
        ("quarterly by 5 after", Rhythm("quarter", 5, after=True)),
        ("quarterly by last", Rhythm("quarter", 0)),
        ("half-yearly by 10 after or next workday", Rhythm("half-year", 10, roll=True, after=True)),
        ("yearly by 12-31", Rhythm("year", 31, (12,))),
        ("yearly by 02-29", Rhythm("year", 29, (2,))),
        ("yearly by 01-15 after", Rhythm("year", 15, (1,), after=True)),
        ("yearly by last", Rhythm("year", 0)),
    ],
)
def test_rhythms_are_read(text: str, rhythm: Rhythm) -> None:
    assert read_rhythm(text) == rhythm


@pytest.mark.parametrize(
    "text",
    [
        "",
        "monthly",
        "monthly by 0",
        "monthly by 32",
        "weekly by 8",
        "weekly by friday",
        "daily by 5",
        "monthly in 0 by 5",
        "monthly in 13 by 5",
        "monthly in 11,6 by 5",
        "monthly in 6,6 by 5",
        "quarterly in 3 by 5",
        "quarterly by 3-5",
        "yearly by 02-30",
        "yearly by 13-01",
        "yearly by 00-10",
        "yearly by 6-last",
        "monthly by 5 after after",
    ],
)
def test_what_is_no_rhythm_is_refused(text: str) -> None:
    with pytest.raises(BadRhythm, match="weekly by 5") as raised:
        read_rhythm(text)
    assert raised.value.slug == "bad-rhythm"


@pytest.mark.parametrize(
    ("text", "day", "key", "first", "last", "due"),
    [
        ("weekly by 5", "2026-03-19", "2026-W12", "2026-03-16", "2026-03-22", "2026-03-20"),
        ("weekly by last", "2026-03-19", "2026-W12", "2026-03-16", "2026-03-22", "2026-03-22"),
        ("weekly by 1 after", "2026-03-19", "2026-W12", "2026-03-16", "2026-03-22", "2026-03-23"),
        ("weekly by 5", "2027-01-02", "2026-W53", "2026-12-28", "2027-01-03", "2027-01-01"),  # ISO weeks over a year's end
        ("monthly by 25", "2026-03-31", "2026-03", "2026-03-01", "2026-03-31", "2026-03-25"),
        ("monthly by 31", "2026-02-10", "2026-02", "2026-02-01", "2026-02-28", "2026-02-28"),
        ("monthly by last", "2024-02-10", "2024-02", "2024-02-01", "2024-02-29", "2024-02-29"),
        ("monthly by 5 after", "2026-12-10", "2026-12", "2026-12-01", "2026-12-31", "2027-01-05"),
        ("monthly by 1 or next workday", "2026-10-10", "2026-10", "2026-10-01", "2026-10-31", "2026-10-08"),
        ("monthly by 28 or next workday", "2026-02-10", "2026-02", "2026-02-01", "2026-02-28", "2026-02-28"),  # a worked Saturday
        ("monthly in 6,11 by 20", "2026-06-30", "2026-06", "2025-12-01", "2026-06-30", "2026-06-20"),
        ("monthly in 6,11 by 20", "2026-07-01", "2026-11", "2026-07-01", "2026-11-30", "2026-11-20"),
        ("monthly in 6,11 by 20", "2026-12-01", "2027-06", "2026-12-01", "2027-06-30", "2027-06-20"),
        ("quarterly by 5 after", "2026-03-31", "2026-Q1", "2026-01-01", "2026-03-31", "2026-04-05"),
        ("quarterly by 5 after", "2026-10-01", "2026-Q4", "2026-10-01", "2026-12-31", "2027-01-05"),
        ("quarterly by 25", "2026-01-01", "2026-Q1", "2026-01-01", "2026-03-31", "2026-03-25"),
        ("quarterly by last", "2026-05-01", "2026-Q2", "2026-04-01", "2026-06-30", "2026-06-30"),
        ("half-yearly by 10 after", "2026-07-01", "2026-H2", "2026-07-01", "2026-12-31", "2027-01-10"),
        ("half-yearly by last", "2026-06-30", "2026-H1", "2026-01-01", "2026-06-30", "2026-06-30"),
        ("yearly by 12-31", "2026-03-05", "2026", "2026-01-01", "2026-12-31", "2026-12-31"),
        ("yearly by 11-20", "2026-12-05", "2026", "2026-01-01", "2026-12-31", "2026-11-20"),
        ("yearly by 02-29", "2026-12-05", "2026", "2026-01-01", "2026-12-31", "2026-02-28"),
        ("yearly by 01-15 after", "2026-03-05", "2026", "2026-01-01", "2026-12-31", "2027-01-15"),
        ("yearly by 15 after", "2026-03-05", "2026", "2026-01-01", "2026-12-31", "2027-01-15"),
        ("yearly by 15", "2026-03-05", "2026", "2026-01-01", "2026-12-31", "2026-12-15"),
    ],
)
def test_periods(text: str, day: str, key: str, first: str, last: str, due: str) -> None:
    period = clock.period_of(read_rhythm(text), date.fromisoformat(day), SHANGHAI, CHINA)
    assert period == clock.Period(key, date.fromisoformat(first), date.fromisoformat(last), _end(due))


@pytest.mark.parametrize(
    ("text", "at", "key"),
    [
        ("monthly by 25", "2026-03-25 23:59:59.999999", "2026-03"),
        ("monthly by 25", "2026-03-26 00:00", "2026-04"),
        ("quarterly by 5 after", "2026-04-05 23:00", "2026-Q1"),  # still the quarter before
        ("quarterly by 5 after", "2026-04-06 00:00", "2026-Q2"),
        ("yearly by 11-20", "2026-12-01 00:00", "2027"),
        ("yearly by 01-15 after", "2027-01-15 12:00", "2026"),
        ("weekly by 1 after", "2027-01-04 12:00", "2026-W53"),
        ("monthly by last or next workday", "2026-02-01 12:00", "2026-01"),  # 31 January is a Saturday
    ],
)
def test_the_report_that_comes_next(text: str, at: str, key: str) -> None:
    assert clock.pending_period(read_rhythm(text), _at(at), SHANGHAI, CHINA).key == key


RHYTHMS = st.sampled_from(
    [
        "weekly by 3",
        "weekly by 7 after or next workday",
        "monthly by 25",
        "monthly by last or next workday",
        "monthly by 31 after",
        "monthly in 2 by 29",
        "monthly in 3,6,9,12 by 5 after",
        "quarterly by 5 after or next workday",
        "quarterly by last",
        "half-yearly by 20",
        "yearly by 02-29",
        "yearly by 12-31 after",
        "yearly by last or next workday",
    ]
).map(read_rhythm)


@given(RHYTHMS, st.dates(date(2006, 1, 1), date(2032, 12, 31)))
def test_periods_follow_without_a_gap(rhythm: Rhythm, day: date) -> None:
    period = clock.period_of(rhythm, day, SHANGHAI, CHINA)
    following = clock.next_period(rhythm, period, SHANGHAI, CHINA)
    assert period.first <= day <= period.last
    assert following.first == period.last + timedelta(days=1)
    assert following.key > period.key
    # over a long holiday the ends of two weeks may both give way to the first working day behind it
    assert following.due >= period.due
    assert clock.period_of(rhythm, period.first, SHANGHAI, CHINA) == period == clock.period_of(rhythm, period.last, SHANGHAI, CHINA)


@given(RHYTHMS, INSTANTS)
def test_the_report_that_comes_next_is_the_first_not_past(rhythm: Rhythm, at: datetime) -> None:
    first = clock.period_of(rhythm, clock.day_of(at - timedelta(days=1200)), SHANGHAI, CHINA)
    plain = first
    while plain.due < at:
        plain = clock.next_period(rhythm, plain, SHANGHAI, CHINA)
    assert clock.pending_period(rhythm, at, SHANGHAI, CHINA) == plain
