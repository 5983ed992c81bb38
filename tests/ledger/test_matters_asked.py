"""The questions of the desks: whoever asks gets what their scope sees, counted in one question, in order, page by page."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.ledger.desks import Bounds, ask_counts, asks, bounds, last_said
from luoshi.ledger.holding import posts_of, posts_of_others
from luoshi.ledger.matters import GROUPS, InOrder, Wish, chosen, groups, turns, wish_of
from luoshi.ledger.models import Clock, Matter
from luoshi.ledger.scope import Scope
from luoshi.loop.sampling import draw
from tests.web.living import OTHER_POST, POST, REGION, District, unit

ALL = Scope.whole()
NOW = "2026-03-05T02:00:00.000000Z"
SHANGHAI = ZoneInfo("Asia/Shanghai")


def rows(*made: dict[str, object]) -> None:
    Matter.objects.bulk_create(
        [Matter(id=f"i{at:03}", **{"mechanism": "M01", "region_code": REGION, **one}) for at, one in enumerate(made)]
    )


def keys(scope: Scope, wish: Wish = Wish()) -> list[str]:  # noqa: B008 - frozen
    return sorted(chosen(wish, scope, NOW).values_list("id", flat=True))


def test_a_scope_hides_what_it_does_not_see(db: None) -> None:
    district = District()
    ours, theirs = district.handling("甲"), district.handling("乙", lead="财政局")
    inside = district.handling("丙")
    Matter.objects.filter(pk=inside).update(internal=True)
    assert set(keys(ALL)) == {ours, theirs, inside}
    assert set(keys(Scope(units=frozenset({unit("财政局")})))) == {theirs}
    assert set(keys(Scope(internal=False))) == {ours, theirs}
    assert keys(Scope(item_regions=frozenset({"990103"}))) == []
    assert keys(Scope.nothing()) == []
    for by in GROUPS:
        assert sum(group.total for group in groups(Wish(by=by), Scope(internal=False), NOW)) == 2


def test_every_grouping_counts_alike(db: None) -> None:
    late, later = "2026-03-01T00:00:00.000000Z", "2026-09-01T00:00:00.000000Z"
    rows(
        {"light": "red", "unit": "u1", "next_due": late, "missed": 2}, {"light": "red", "unit": "u2", "next_due": later, "leader": "p1"},
        {"light": "green", "unit": "u1", "stage": "handling"}, {"light": "none", "state": "hung", "unit": "u1"},
    )  # fmt: skip
    for by in GROUPS:
        found = groups(Wish(by=by), ALL, NOW)
        assert sum(one.total for one in found) == 3
        assert (sum(one.overdue for one in found), sum(one.unreported for one in found), sum(one.dated for one in found)) == (1, 1, 2)
    by_unit = {one.key[0]: one for one in groups(Wish(by="unit"), ALL, NOW)}
    assert by_unit["u1"].lights == {"red": 1, "green": 1}
    assert [one.key for one in groups(Wish(by="stage", unit="u1"), ALL, NOW)] == [("M01", ""), ("M01", "handling")]


def test_one_question_counts_whatever_the_number(db: None, django_assert: Callable[..., object]) -> None:
    rows(*({"unit": f"u{at}"} for at in range(50)))
    assert django_assert(lambda: groups(Wish(by="unit"), ALL, NOW)) == 1


@pytest.fixture
def django_assert() -> Callable[..., int]:
    """How many questions something asks of the database."""

    def count(work: Callable[[], object]) -> int:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as told:
            work()
        return len(told)

    return count


@pytest.mark.parametrize("size", [1, 3, 4, 7, 10])
def test_pages_hold_each_once_the_undated_last(db: None, size: int) -> None:
    days = ["", "2026-05-01", "2026-03-01", "", "2026-04-01", "", "2026-03-01"]
    rows(*({"next_due": f"{day}T00:00:00.000000Z" if day else ""} for day in days))
    found = chosen(Wish(), ALL, NOW)
    for pages in (InOrder(found), InOrder(found, groups(Wish(), ALL, NOW))):
        assert pages.count() == len(pages) == 7
        got = [row.id for start in range(0, 7, size) for row in pages[start : start + size]]
        assert got == ["i002", "i006", "i004", "i001", "i000", "i003", "i005"]


def test_whose_turn_it_is_goes_by_mechanism(db: None) -> None:
    rows({"turn": "leader"}, {"turn": "head", "mechanism": "M02"}, {"turn": "head"}, {"turn": "leader", "state": "closed"})
    assert set(turns(ALL, {"M01": ("leader",), "M02": ("head",)}).values_list("id", flat=True)) == {"i000", "i001"}
    assert not turns(ALL, {}).exists()


def test_a_wish_reads_what_it_writes() -> None:
    wish = Wish(state="hung", light="red", mechanism="M01", stage="handling", unit="u", overdue=True, by="unit")
    assert wish_of(wish.query()) == wish
    assert wish_of({"stage": "handling", "by": "x", "state": "x"}) == Wish()


def test_the_buckets_meet_and_miss_nothing(db: None) -> None:
    at = bounds(datetime(2026, 3, 4, 2, tzinfo=UTC), SHANGHAI)
    assert at == Bounds("2026-03-04T02:00:00.000000Z", "2026-03-04T15:59:59.999999Z", "2026-03-08T15:59:59.999999Z")
    district = District()
    item = district.handling("甲")
    Clock.objects.all().delete()
    for number, due in enumerate(
        (at.now, at.today, at.week, "2026-03-04T01:59:59.999999Z", "2026-03-04T16:00:00.000000Z", "2026-03-08T16:00:00.000000Z")
    ):
        Clock.objects.create(id=f"k{number}", item=item, key="handle", mechanism="M01", owner="lead", unit=unit("发展和改革局"), due_at=due)
    found = asks({unit("发展和改革局")})
    assert ask_counts(found, at) == {"overdue": 1, "today": 2, "week": 2, "later": 1}
    assert asks({unit("财政局")}).count() == 0
    assert asks({unit("发展和改革局")}, [("M01", "handle")]).count() == 0


def test_the_last_words_are_those_of_the_unit(db: None) -> None:
    district = District()
    item, other = district.handling("甲"), district.handling("乙")
    district.do(district.wang, item, "report", 5, progress=10, text="先说的")
    district.do(district.wang, item, "report", 4, progress=20, text="后说的")
    district.do(district.wang, item, "report", 3, progress=30)
    district.do(district.clerk, item, "chase", 2, text="请抓紧")
    assert {key: said.text for key, said in last_said([item, other], {"lead"}).items()} == {item: "后说的"}
    assert last_said([], {"lead"}) == {}


def test_posts_of_a_leader_and_of_the_others(db: None) -> None:
    leader = District().leader.id
    assert posts_of(leader, "2026-03-05") == {POST}
    assert posts_of_others(leader, "2026-03-05") == {OTHER_POST}
    assert posts_of(leader, "2019-12-31") == frozenset()


@given(
    st.sets(st.text("abcdef0123456789", min_size=1, max_size=6), max_size=60), st.integers(1, 100), st.integers(1, 9), st.text(min_size=1)
)
def test_a_draw_is_the_rule(ids: set[str], share: int, least: int, seed: str) -> None:
    if not seed.strip():
        return
    drawn = draw(sorted(ids), share, least, seed)
    assert drawn == draw(sorted(ids, reverse=True), share, least, seed)
    assert len(drawn) == len(set(drawn)) == min(len(ids), max(least, -(-len(ids) * share // 100)))
    assert set(drawn) <= ids
    assert set(drawn) <= set(draw(ids, 100, least, seed))
