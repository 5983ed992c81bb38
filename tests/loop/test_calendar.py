"""The working-day calendar: transfers, years that are not out, and the same answers as counting day by day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.errors import BadUsage
from luoshi.loop.calendar import Calendar, Notice, Rest, calendar_of, china, with_notices

CHINA = china()
DAY = timedelta(days=1)
DAYS = st.dates(date(2004, 1, 1), date(2032, 12, 31))
SPANS = st.integers(0, 400)


def _plain_is_workday(day: date) -> bool:
    """What the notices say of a day, the last one that names it first; no odd days, no sums."""
    for notice in reversed(CHINA.notices):
        if day in notice.work:
            return True
        if any(rest.first <= day <= rest.last for rest in notice.rest):
            return False
    return day.weekday() < 5


def _plain_after(day: date, workdays: int, step: timedelta = DAY) -> date:
    while workdays:
        day += step
        workdays -= _plain_is_workday(day)
    return day


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a Saturday that is worked
        ("2026-02-23", False),  # a Monday that is off
        ("2026-02-24", True),
        ("2026-01-04", True),  # a Sunday that is worked
        ("2026-11-21", False),  # a plain Saturday
        ("2015-09-03", False),  # a day off once
        ("2015-09-06", True),
        ("2019-05-03", False),  # the notice that lengthened the holiday
        ("2019-04-28", True),
        ("2020-01-31", False),  # the Spring Festival made longer
        ("2020-02-01", False),  # to be worked by the first notice, off by the second
        ("2020-02-03", True),
        ("2018-12-29", True),  # arranged by the notice for 2019
        ("2018-12-31", False),
        ("2012-02-29", True),
        ("2031-10-01", True),  # a year that is not out: a weekday
        ("2031-10-04", False),
    ],
)
def test_days(day: str, works: bool) -> None:
    assert CHINA.is_workday(date.fromisoformat(day)) is works


@pytest.mark.parametrize(
    ("day", "workdays", "expected"),
    [
        ("2026-02-13", 1, "2026-02-14"),
        ("2026-02-14", 1, "2026-02-24"),  # the day before a long holiday
        ("2026-02-18", 1, "2026-02-24"),  # in the middle of it
        ("2026-02-18", 0, "2026-02-24"),
        ("2026-02-14", 0, "2026-02-14"),
        ("2026-02-24", 5, "2026-03-02"),  # 28 February, a Saturday, is worked
        ("2025-12-31", 1, "2026-01-04"),  # over a year's end onto a worked Sunday
        ("2024-02-28", 1, "2024-02-29"),
        ("2031-09-30", 1, "2031-10-01"),
    ],
)
def test_after(day: str, workdays: int, expected: str) -> None:
    assert CHINA.after(date.fromisoformat(day), workdays).isoformat() == expected


@pytest.mark.parametrize(
    ("day", "workdays", "expected"),
    [
        ("2026-02-24", 1, "2026-02-14"),
        ("2026-02-20", 1, "2026-02-14"),
        ("2026-02-20", 0, "2026-02-14"),
        ("2026-02-14", 0, "2026-02-14"),
        ("2026-01-04", 1, "2025-12-31"),
        ("2026-03-02", 5, "2026-02-24"),
    ],
)
def test_before(day: str, workdays: int, expected: str) -> None:
    assert CHINA.before(date.fromisoformat(day), workdays).isoformat() == expected


def test_count_leaves_the_first_day_out_and_takes_the_last_in() -> None:
    assert CHINA.count(date(2026, 2, 14), date(2026, 2, 24)) == 1
    assert CHINA.count(date(2026, 2, 24), date(2026, 2, 14)) == -1
    assert CHINA.count(date(2026, 2, 24), date(2026, 2, 24)) == 0
    assert CHINA.count(date(2026, 2, 14), date(2026, 2, 23)) == 0
    assert CHINA.count(date(2024, 12, 31), date(2025, 12, 31)) == 248  # 365 − 104 weekend days − 13 holidays


def test_next_workday() -> None:
    assert CHINA.next_workday(date(2026, 10, 1)) == date(2026, 10, 8)
    assert CHINA.next_workday(date(2026, 10, 10)) == date(2026, 10, 10)


def test_a_negative_number_of_workdays_is_refused() -> None:
    with pytest.raises(BadUsage, match="before"):
        CHINA.after(date(2026, 1, 5), -1)
    with pytest.raises(BadUsage, match="after"):
        CHINA.before(date(2026, 1, 5), -1)


def test_notices_are_cited() -> None:
    assert CHINA.notice(2024) == "《国务院办公厅关于2024年部分节假日安排的通知》（国办发明电〔2023〕7号）"
    assert CHINA.notice(2015).endswith(
        "、《国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知》（国发明电〔2015〕1号）"
    )
    assert CHINA.notice(2031) == ""


def test_what_is_not_out_is_said() -> None:
    assert [year for year in range(2000, 2035) if CHINA.is_known(year)] == list(range(2006, 2027))
    assert CHINA.unknown_between(date(2026, 12, 1), date(2026, 12, 31)) == ()
    assert CHINA.unknown_between(date(2026, 12, 1), date(2028, 1, 5)) == (2027, 2028)
    assert CHINA.unknown_between(date(2028, 1, 5), date(2026, 12, 1)) == (2027, 2028)


def test_a_day_off_has_its_name() -> None:
    assert CHINA.holiday(date(2026, 2, 15)) == "春节"
    assert CHINA.holiday(date(2026, 2, 14)) == ""
    assert CHINA.holiday(date(2020, 2, 1)) == "春节"
    assert CHINA.holiday(date(2026, 3, 7)) == ""


@pytest.mark.parametrize("notice", CHINA.notices, ids=lambda notice: f"{notice.year}-{len(notice.work)}")
def test_each_notice_makes_sense(notice: Notice) -> None:
    """Worked days are weekend days, spans are short and do not overlap, all lie in the year or the December before."""
    days = [rest.first + DAY * step for rest in notice.rest for step in range((rest.last - rest.first).days + 1)]
    assert len(days) == len(set(days))
    assert all(day.weekday() >= 5 for day in notice.work)
    assert not set(days) & set(notice.work)
    assert max((rest.last - rest.first).days for rest in notice.rest) <= 8
    assert all(day.year == notice.year or (day.year == notice.year - 1 and day.month == 12) for day in (*days, *notice.work))


def test_a_region_adds_its_days_off() -> None:
    local = Notice(
        year=2026,
        title="栖山区2026年地方节日放假安排",
        rest=(Rest("地方节日", date(2026, 3, 9), date(2026, 3, 10)),),
        work=(date(2026, 3, 14),),
    )
    region = with_notices(CHINA, (local,))
    assert not region.is_workday(date(2026, 3, 9))
    assert region.is_workday(date(2026, 3, 14))
    assert region.after(date(2026, 3, 6), 5) == date(2026, 3, 15 + 1)
    assert region.notice(2026).endswith("、《栖山区2026年地方节日放假安排》")
    assert CHINA.is_workday(date(2026, 3, 9))


def test_a_span_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="早于"):
        Rest("春节", date(2026, 2, 23), date(2026, 2, 15))


def test_without_notices_only_weekends_are_off() -> None:
    plain = calendar_of(())
    assert plain.after(date(2026, 9, 30), 1) == date(2026, 10, 1)
    assert plain.count(date(2026, 1, 1), date(2026, 1, 8)) == 5
    assert not plain.is_workday(date(2026, 2, 14))


@given(DAYS)
def test_a_day_is_what_the_last_notice_says(day: date) -> None:
    assert CHINA.is_workday(day) is _plain_is_workday(day)


@given(DAYS, st.integers(1, 300))
def test_after_and_before_as_counted_day_by_day(day: date, workdays: int) -> None:
    assert CHINA.after(day, workdays) == _plain_after(day, workdays)
    assert CHINA.before(day, workdays) == _plain_after(day, workdays, -DAY)


@given(DAYS, SPANS)
def test_count_as_counted_day_by_day(first: date, span: int) -> None:
    assert CHINA.count(first, first + DAY * span) == sum(_plain_is_workday(first + DAY * step) for step in range(1, span + 1))


@given(DAYS, SPANS)
def test_before_undoes_after(day: date, workdays: int) -> None:
    start = CHINA.next_workday(day)
    assert CHINA.before(CHINA.after(start, workdays), workdays) == start
    assert CHINA.count(start, CHINA.after(start, workdays)) == workdays


@given(DAYS, DAYS, DAYS)
def test_counts_add_up(first: date, middle: date, last: date) -> None:
    assert CHINA.count(first, middle) + CHINA.count(middle, last) == CHINA.count(first, last)


@st.composite
def _calendars(draw: st.DrawFn) -> Calendar:
    """Calendars with odd days anywhere, side by side, and days off at weekends."""
    base = date(2026, 1, 1)
    rests = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=4))
    works = draw(st.lists(st.integers(0, 70), max_size=12, unique=True))
    return calendar_of(
        (
            Notice(
                year=2026,
                title="2026",
                rest=tuple(Rest("假", base + DAY * at, base + DAY * (at + length)) for at, length in rests),
                work=tuple(base + DAY * at for at in works),
            ),
        )
    )


@given(_calendars(), st.integers(-10, 80), st.integers(1, 40))
def test_any_calendar_counts_as_day_by_day(calendar: Calendar, at: int, workdays: int) -> None:
    day = last = date(2026, 1, 1) + DAY * at
    left = workdays
    while left:
        last += DAY
        left -= calendar.is_workday(last)
    assert calendar.after(day, workdays) == last
    assert calendar.before(last + DAY, 1) == last
    assert calendar.count(day, last) == workdays


def test_the_same_as_chinese_calendar() -> None:
    """An independent reading of the same notices."""
    other = pytest.importorskip("chinese_calendar")
    day, last = date(2006, 1, 1), date(2026, 12, 31)
    differing = []
    while day <= last:
        if CHINA.is_workday(day) is not other.is_workday(day):
            differing.append(day)
        day += DAY
    assert differing == []
