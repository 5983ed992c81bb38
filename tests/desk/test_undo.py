"""Undoing: the own last acts, as long as nothing was built on them."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import documents, facts, items, organisations, views
from luoshi.desk.done import Conflict, NotFound
from luoshi.desk.undo import can_undo, undo
from luoshi.ledger.tables import wish_of
from tests.desk.making import ALL, ONE, THREE, TWO, document, row
from tests.desk.tasks import breakdown, region_of


@pytest.fixture
def tasks(db: None) -> str:
    return breakdown(ONE)


def made(tasks: str) -> Any:
    return items.create(ONE, tasks, [one.fact for one in items.plan(tasks, ALL)], ALL)


def items_in(tasks: str, state: str = "open") -> int:
    from luoshi.ledger.models import Item

    return Item.objects.filter(document=tasks, state=state).count()


def test_a_check_is_taken_back_to_what_it_was(facts_: list[str]) -> None:
    accepted = facts.accept(ONE, facts_[:2], ALL)
    rejected = facts.reject(ONE, facts_[:1], ALL)
    undo(ONE, rejected.undo)
    assert row(facts_[0])["state"] == "accepted"
    with pytest.raises(Conflict):  # the rejection and its undoing came after
        undo(ONE, accepted.undo)
    undo(ONE, facts.accept(ONE, facts_[2:3], ALL).undo)
    assert (row(facts_[2])["state"], row(facts_[2])["checks"]) == ("open", {})


def test_a_correction_is_taken_back_with_its_fields(facts_: list[str]) -> None:
    facts.correct(ONE, facts_[0], {"value": 7}, ALL)
    undo(ONE, facts.correct(ONE, facts_[0], {"value": 8}, ALL).undo)
    assert row(facts_[0])["value"] == 7
    undo(ONE, facts.reopen(ONE, facts_[:1], ALL).undo)
    assert (row(facts_[0])["state"], row(facts_[0])["value"]) == ("corrected", 7)


def test_a_decision_is_taken_back(facts_: list[str]) -> None:
    facts.accept(ONE, facts_[:1], ALL)
    facts.reject(TWO, facts_[:1], ALL)
    undo(THREE, facts.decide(THREE, facts_[0], "accept", {}, ALL).undo)
    assert row(facts_[0])["state"] == "disputed"


@pytest.fixture
def facts_(facts: list[str]) -> list[str]:
    """The measures of a report."""
    return facts


def test_all_items_are_taken_back_at_once_and_their_units_stay(tasks: str) -> None:
    from luoshi.ledger.models import Alias, Organisation

    done = made(tasks)
    units, aliases = Organisation.objects.count(), Alias.objects.filter(live=True).count()
    back = undo(ONE, done.undo)
    assert (back.count, items_in(tasks), items_in(tasks, "dropped")) == (4, 0, 4)
    assert all(not one.item for one in items.plan(tasks, ALL))
    assert (Organisation.objects.count(), Alias.objects.filter(live=True).count()) == (units, aliases)
    undo(ONE, back.undo)
    assert items_in(tasks) == 4
    with pytest.raises(Conflict):
        undo(ONE, done.undo)


def test_a_changed_item_goes_back_to_its_fields_and_duties(tasks: str) -> None:
    from luoshi.ledger.models import Duty, Item

    key = made(tasks).subjects[0]
    before = Item.objects.filter(pk=key).values().get()
    live = list(Duty.objects.filter(item=key, live=True).order_by("place").values_list("role", "name", "organisation", "start"))
    done = items.correct(ONE, key, {"title": "别的", "due": "2026-03-31", "year": None}, ALL, duties={"lead": ["区教育局"], "support": []})
    undo(ONE, done.undo)
    after = Item.objects.filter(pk=key).values().get()
    assert {**after, "changed_at": ""} == {**before, "changed_at": ""}
    assert list(Duty.objects.filter(item=key, live=True).order_by("place").values_list("role", "name", "organisation", "start")) == live


def test_a_settled_doubt_is_doubtful_again(tasks: str) -> None:
    from luoshi.ledger.models import Item

    made(tasks)
    key = Item.objects.exclude(doubt="").values_list("id", flat=True)[0]
    undo(ONE, items.settle(ONE, key, ALL).undo)
    assert Item.objects.get(pk=key).doubt == "which-one"


def test_dropping_is_taken_back(tasks: str) -> None:
    keys = made(tasks).subjects
    undo(ONE, items.drop(ONE, keys[:2], ALL, why="重复").undo)
    assert items_in(tasks) == 4


def test_names_members_posts_and_views(tasks: str) -> None:
    from luoshi.ledger.models import Alias, Member, Organisation, Post, SavedView

    made(tasks)
    region, unit = region_of(tasks), Organisation.objects.get(name="财政局").id
    undo(ONE, organisations.add_alias(ONE, unit, region, "财神爷").undo)
    assert not Alias.objects.get(name="财神爷").live
    group = organisations.add(ONE, region, "各直属单位", group=True).subjects[0]
    undo(ONE, organisations.add_member(ONE, group, unit).undo)
    assert not Member.objects.get(group=group).live
    undo(ONE, organisations.add_post(ONE, region, "副区长").undo)
    assert not Post.objects.get(title="副区长").live
    undo(ONE, views.save(ONE, "我的", wish_of("items", {}), shared=False).undo)
    assert not SavedView.objects.get(name="我的").live


def test_a_withdrawal_is_taken_back(entered: str) -> None:
    undo(ONE, documents.withdraw(ONE, entered, ALL, why="收错了").undo)
    assert document(entered).state != "withdrawn"


def test_what_cannot_be_undone(tasks: str) -> None:
    done = made(tasks)
    with pytest.raises(Conflict) as others:
        undo(TWO, done.undo)
    assert "不是您" in others.value.what
    items.correct(ONE, done.subjects[0], {"title": "别的"}, ALL)
    with pytest.raises(Conflict):
        undo(ONE, done.undo)
    assert items_in(tasks) == 4
    confirmed = documents.correct(ONE, tasks, {"title": "别的分解"}, ALL)
    with pytest.raises(Conflict):
        undo(ONE, confirmed.undo)
    assert not can_undo("document.correct")
    assert can_undo("item.create")


@pytest.mark.parametrize("span", ["", "x-y", "9", "12-11", "1-99999999", "900000-900001", "１-２"])
def test_a_span_that_is_none(db: None, span: str) -> None:
    with pytest.raises(NotFound):
        undo(ONE, span)
