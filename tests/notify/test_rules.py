"""Quiet hours, rates and digests: pure, on a given clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.loop.calendar import china
from luoshi.notify.digest import digest_of, one_of
from luoshi.notify.rules import Limit, Office, Quiet, Waiting, after_quiet, digest_day, next_digest_day, next_slot, plan
from tests.notify.making import AT, is_weekday, matter, message

ZONE = ZoneInfo("Asia/Shanghai")
OFFICE = Office(zone=ZONE, is_workday=is_weekday)
ALWAYS = Office(zone=ZONE, is_workday=lambda _: True, quiet=Quiet(start=time(0), end=time(0), workdays_only=False))
DING, FEISHU = Limit(per_minute=20), Limit(per_minute=100, per_second=5, avoids_half_hours=True)


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def letter(number: int, **values: Any) -> Waiting:
    return Waiting(
        **{"id": f"l{number:04d}", "channel": "ding", "kind": "test", "made": AT + timedelta(seconds=number), "urgent": True, **values}
    )


@pytest.mark.parametrize(
    ("at", "then"),
    [
        ("2026-03-05T07:59:59", "2026-03-05T08:00:00"),
        ("2026-03-05T08:00:00", "2026-03-05T08:00:00"),
        ("2026-03-05T19:59:59", "2026-03-05T19:59:59"),
        ("2026-03-05T20:00:00", "2026-03-06T08:00:00"),
        # Friday evening to Monday morning
        ("2026-03-06T20:00:00", "2026-03-09T08:00:00"),
        ("2026-03-07T10:00:00", "2026-03-09T08:00:00"),
        ("2026-03-09T00:00:00", "2026-03-09T08:00:00"),
    ],
)
def test_quiet_hours(at: str, then: str) -> None:
    assert after_quiet(here(at), OFFICE) == here(then)


def test_holidays_and_working_weekends_of_the_calendar() -> None:
    """The days off are those of the State Council's notices: the National Day of 2025 with its working Saturday behind."""
    office = msgspec.structs.replace(OFFICE, is_workday=china().is_workday)
    assert after_quiet(here("2025-09-30T20:30:00"), office) == here("2025-10-09T08:00:00")
    assert after_quiet(here("2025-10-11T10:00:00"), office) == here("2025-10-11T10:00:00")


def test_quiet_hours_within_a_day_and_none_at_all() -> None:
    noon = msgspec.structs.replace(OFFICE, quiet=Quiet(start=time(12), end=time(14), workdays_only=False))
    assert after_quiet(here("2026-03-07T12:30:00"), noon) == here("2026-03-07T14:00:00")
    assert after_quiet(here("2026-03-07T03:00:00"), noon) == here("2026-03-07T03:00:00")
    assert after_quiet(here("2026-03-07T03:00:00"), ALWAYS) == here("2026-03-07T03:00:00")


def test_a_calendar_without_working_days_still_ends() -> None:
    never = msgspec.structs.replace(OFFICE, is_workday=lambda _: False)
    assert after_quiet(here("2026-03-05T10:00:00"), never) == here("2026-03-06T08:00:00")


@pytest.mark.parametrize(("passes", "urgent", "then"), [(True, True, "21:00"), (True, False, "08:00"), (False, True, "08:00")])
def test_urgent_ones_pass_only_where_the_office_says_so(passes: bool, urgent: bool, then: str) -> None:
    office = msgspec.structs.replace(OFFICE, quiet=Quiet(urgent_passes=passes))
    assert after_quiet(here("2026-03-05T21:00:00"), office, urgent=urgent).astimezone(ZONE).strftime("%H:%M") == then


def _worst(moments: list[datetime], window: timedelta) -> int:
    return max((sum(one <= other < one + window for other in moments) for one in moments), default=0)


@given(
    st.lists(st.floats(0, 200), max_size=60),
    st.lists(st.floats(-70, 200), max_size=60),
    st.sampled_from([DING, FEISHU, Limit(per_minute=3), Limit(per_second=2)]),
)
def test_no_window_ever_holds_too_many(wanted: list[float], before: list[float], limit: Limit) -> None:
    """In whatever order letters come and whatever was sent before, no window of the remote holds more than it allows."""
    used: list[datetime] = []
    for seconds in [*sorted(before), *wanted]:
        at = next_slot(limit, used, AT + timedelta(seconds=seconds), ALWAYS)
        assert at >= AT + timedelta(seconds=seconds)
        used = sorted([*used, at])
    if limit.per_minute:
        assert _worst(used, timedelta(minutes=1)) <= limit.per_minute
    if limit.per_second:
        assert _worst(used, timedelta(seconds=1)) <= limit.per_second
    if limit.avoids_half_hours:
        assert not [at for at in used if at.minute % 30 == 0]


def test_the_first_minute_of_each_half_hour_is_left_out() -> None:
    for at, then in (("08:00:00", "08:01:00"), ("08:30:59", "08:31:00"), ("08:29:59", "08:29:59"), ("08:31:00", "08:31:00")):
        assert next_slot(FEISHU, [], here(f"2026-03-05T{at}"), ALWAYS) == here(f"2026-03-05T{then}")


def test_plan_spreads_what_the_robot_allows() -> None:
    made = plan([letter(number) for number in range(50)], {"ding": DING}, ALWAYS, AT, sent={}, horizon=timedelta(seconds=50))
    assert [slot.id for slot in made.now] == [f"l{number:04d}" for number in range(20)]
    assert {slot.at for slot in made.now} == {AT}
    assert [round((slot.at - AT).total_seconds()) for slot in made.later] == [62] * 20 + [124] * 10


def test_plan_counts_what_was_sent_before() -> None:
    made = plan([letter(1)], {"ding": DING}, ALWAYS, AT, sent={"ding": [AT - timedelta(seconds=10)] * 20})
    assert (made.now, [(slot.at - AT).total_seconds() for slot in made.later]) == ((), [52])


def test_plan_puts_urgent_ones_first_and_respects_what_an_earlier_try_told() -> None:
    letters = [letter(1, urgent=False, account="a1"), letter(2, account="a1"), letter(3, account="a1", after=AT + timedelta(seconds=600))]
    made = plan(letters, {"ding": Limit(per_minute=1)}, ALWAYS, AT, sent={})
    assert [slot.id for slot in made.now] == ["l0002"]
    assert [(slot.id, (slot.at - AT).total_seconds()) for slot in made.later] == [("l0001", 62), ("l0003", 600)]


def test_plan_at_night_holds_all_back_until_the_morning() -> None:
    night = here("2026-03-06T22:00:00")
    made = plan([letter(number, urgent=False, account="a1") for number in range(3)], {}, OFFICE, night, sent={})
    assert (made.now, made.merged) == ((), ())
    assert {slot.at for slot in made.later} == {here("2026-03-09T08:00:00")}


def test_messages_of_one_kind_to_one_group_become_one() -> None:
    def one(number: int, **values: Any) -> Waiting:
        return letter(number, **{"kind": "assigned", "urgent": False, **values})

    letters = [one(1), one(2), one(3, kind="returned"), one(4, urgent=True), one(5, channel="wecom"), one(6, urgent=True)]
    made = plan(letters, {}, ALWAYS, AT, sent={})
    assert [(one.ids, one.channel, one.kind, one.digest) for one in made.merged] == [
        (("l0001", "l0002"), "ding", "assigned", False), (("l0004", "l0006"), "ding", "assigned", False),
    ]  # fmt: skip
    assert {slot.id for slot in made.now} == {"l0003", "l0005"}


def test_during_quiet_hours_nothing_of_a_group_is_merged_yet() -> None:
    made = plan([letter(1, kind="assigned"), letter(2, kind="assigned")], {}, OFFICE, here("2026-03-05T23:00:00"), sent={})
    assert made.merged == ()


@pytest.mark.parametrize(
    ("values", "merged"),
    [
        ({"due": date(2026, 3, 10)}, True),
        ({"due": None}, True),
        # the next digest is that of Friday
        ({"due": date(2026, 3, 6)}, True),
        ({"due": date(2026, 3, 5)}, False),
        ({"kind": "returned"}, False),
        ({"urgent": True}, False),
        ({"account": "a2"}, False),
    ],
)
def test_reminders_go_into_the_digest_of_who_takes_it(values: dict[str, Any], merged: bool) -> None:
    office = msgspec.structs.replace(OFFICE, readers=frozenset({"a1", ""}))
    one = letter(1, **{"channel": "mail", "account": "a1", "kind": "reminder", "urgent": False, "due": date(2026, 3, 10), **values})
    made = plan([one], {}, office, AT, sent={})
    assert [(one.ids, one.account, one.digest) for one in made.merged] == ([(("l0001",), "a1", True)] if merged else [])
    assert len(made.now) == (0 if merged else 1)


def test_without_a_digest_nothing_is_laid_aside() -> None:
    office = msgspec.structs.replace(OFFICE, readers=frozenset({"a1"}), digest=None)
    assert plan([letter(1, account="a1", kind="reminder", urgent=False)], {}, office, AT, sent={}).merged == ()


@pytest.mark.parametrize(
    ("at", "day"),
    [
        ("2026-03-05T08:29:59", None),
        ("2026-03-05T08:30:00", date(2026, 3, 5)),
        # whoever was away in the morning writes it later in the day
        ("2026-03-05T17:00:00", date(2026, 3, 5)),
        ("2026-03-05T20:00:00", None),
        ("2026-03-07T09:00:00", None),
    ],
)
def test_day_of_the_digest(at: str, day: date | None) -> None:
    assert digest_day(OFFICE, here(at)) == day


def test_next_digest() -> None:
    assert next_digest_day(OFFICE, here("2026-03-05T08:00:00")) == date(2026, 3, 5)
    assert next_digest_day(OFFICE, here("2026-03-05T09:00:00")) == date(2026, 3, 6)
    assert next_digest_day(OFFICE, here("2026-03-06T09:00:00")) == date(2026, 3, 9)


def test_digest_of_a_person() -> None:
    today = date(2026, 3, 5)
    made = digest_of("a1", today, [
        matter(1, due=date(2026, 3, 8)), matter(2, due=date(2026, 3, 9)), matter(3, due=today), matter(4, due=date(2026, 2, 1)),
        matter(5, state="returned", due=date(2026, 3, 9)), matter(6, state="waiting"), matter(7, state="returned", due=date(2026, 3, 4)),
        matter(4, due=None), matter(1, due=date(2026, 3, 8)),
    ])  # fmt: skip
    assert made is not None
    assert [(one.section, one.number) for one in made.matters] == [
        ("已超期", "〔2026〕4号"), ("已超期", "〔2026〕7号"), ("今天到期", "〔2026〕3号"), ("本周到期", "〔2026〕1号"), ("被退回", "〔2026〕5号"),
        ("等您处理", "〔2026〕6号"), ("其他提醒", "〔2026〕2号"),
    ]  # fmt: skip
    assert (made.kind, made.key, made.title) == ("digest", "digest:a1:2026-03-05", "2026年3月5日：7 件事")
    assert digest_of("a1", today, []) is None


def test_many_messages_as_one() -> None:
    first, second = message("k1", matters=(matter(1), matter(2))), message("k2", matters=(matter(2), matter(3)), lines=("x",))
    one = one_of([first, second])
    assert [matter.number for matter in one.matters] == ["〔2026〕1号", "〔2026〕2号", "〔2026〕3号"]
    assert one.key == one_of([second, first]).key != one_of([first]).key
    assert one.lines == ()


def test_moments_of_the_plan_know_their_zone() -> None:
    made = plan([letter(1, urgent=False, account="a1")], {}, OFFICE, datetime(2026, 3, 5, 15, tzinfo=UTC), sent={})
    assert made.later[0].at.tzinfo is not None
