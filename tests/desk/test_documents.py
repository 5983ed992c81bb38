"""What a document is: confirmed, corrected, withdrawn and put back, and which version of a family is its newest."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import documents as desk
from luoshi.desk.actor import Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.rights import Forbidden, rights_of
from luoshi.desk.undo import undo
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import rebuild
from tests.desk.making import ALL, ONE, document, last_acts, reader
from tests.ledger.making import enter, report, snapshot


def test_confirming(entered: str) -> None:
    assert desk.confirm(ONE, [entered, entered], ALL).count == 1
    assert (document(entered).state, document(entered).checked_by) == ("confirmed", ONE.id)
    assert desk.confirm(ONE, [entered], ALL).count == 0


def test_only_what_differs_is_kept_and_what_was_read_stays(entered: str) -> None:
    row = document(entered)
    read = row.recognised
    desk.correct(ONE, entered, {"title": "栖山区政府工作报告", "kind": row.kind, "date": "2025-01-08"}, ALL)
    after = document(entered)
    assert (after.title, after.state, after.recognised) == ("栖山区政府工作报告", "confirmed", read)
    assert "kind" not in after.corrected


def test_a_form_without_changes_confirms(entered: str) -> None:
    row = document(entered)
    done = desk.correct(ONE, entered, {"title": row.title, "kind": row.kind, "region": row.region}, ALL)
    assert last_acts(1) == [(ONE.id, "document.confirm")]
    assert done.count == 1
    assert desk.correct(ONE, entered, {"title": row.title}, ALL).count == 0


def test_the_code_follows_the_name_of_the_region(entered: str) -> None:
    desk.correct(ONE, entered, {"region": "安徽省合肥市庐阳区"}, ALL)
    row = document(entered)
    assert (row.region, row.region_code, row.level) == ("安徽省合肥市庐阳区", "340103", "county")


def test_years_decide_the_year(entered: str) -> None:
    desk.correct(ONE, entered, {"plan_year": "2026", "review_year": ""}, ALL)
    assert (document(entered).plan_year, document(entered).review_year, document(entered).year) == (2026, None, 2026)


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"plan_year": "26"}, "plan_year"),
        ({"review_year": "²⁰²⁵"}, "review_year"),
        ({"kind": "novel"}, "kind"),
        ({"level": "galaxy"}, "level"),
        ({"title": " "}, "title"),
        ({"title": "长" * 501}, "title"),
        ({"region": "区" * 201}, "region"),
        ({"date": "元月八日"}, "date"),
        ({"date": "2025-13-01"}, "date"),
        ({"state": "withdrawn"}, "state"),
        ({"id": "d1"}, "id"),
    ],
)
def test_what_a_document_cannot_be(entered: str, fields: dict[str, Any], where: str) -> None:
    before = snapshot()
    with pytest.raises(WrongValue) as caught:
        desk.correct(ONE, entered, fields, ALL)
    assert caught.value.where == where
    assert snapshot() == before


def test_withdrawing_needs_a_reason_and_can_be_undone(entered: str) -> None:
    with pytest.raises(WrongValue):
        desk.withdraw(ONE, entered, ALL, why="  ")
    done = desk.withdraw(ONE, entered, ALL, why="收错了")
    assert document(entered).state == "withdrawn"
    with pytest.raises(NotFound):
        desk.confirm(ONE, [entered], ALL)
    undo(ONE, done.undo)
    assert document(entered).state == "open"
    desk.withdraw(ONE, entered, ALL, why="又收错了")
    desk.restore(ONE, entered, ALL)
    assert document(entered).state == "open"
    with pytest.raises(Conflict):
        desk.restore(ONE, entered, ALL)


def test_a_document_with_items_is_not_withdrawn(entered: str, facts: list[str]) -> None:
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    append(ONE.id, [Draft("item.create", "ione", {"document": entered, "fact": facts[0], "title": "新建公园3个", "ordinal": 1}, entered)])
    with pytest.raises(Conflict, match="事项"):
        desk.withdraw(ONE, entered, ALL, why="收错了")
    append(ONE.id, [Draft("item.drop", "ione", {"why": "重复"}, entered)])
    assert desk.withdraw(ONE, entered, ALL, why="收错了").count == 1


# --- versions


def versions(*growths: str) -> list[str]:
    """The same report several times, each with another target."""
    return [enter(report(growth=growth))[1][0] for growth in growths]


def newest(keys: list[str]) -> list[bool]:
    return [document(key).newest for key in keys]


def test_the_newest_that_is_left_is_the_newest(db: None) -> None:
    keys = versions("6", "7", "8")
    assert [document(key).version for key in keys] == [1, 2, 3]
    assert newest(keys) == [False, False, True]
    desk.withdraw(ONE, keys[1], ALL, why="收错了")
    desk.withdraw(ONE, keys[2], ALL, why="收错了")
    assert document(keys[0]).newest, "those between are withdrawn too"
    desk.restore(ONE, keys[2], ALL)
    assert [document(keys[0]).newest, document(keys[2]).newest] == [False, True]
    desk.restore(ONE, keys[1], ALL)
    assert newest(keys) == [False, False, True]


def test_undoing_a_withdrawal_after_a_newer_version_came(db: None) -> None:
    first, second = versions("6", "7")
    done = desk.withdraw(ONE, second, ALL, why="收错了")
    third = versions("8")[0]
    undo(ONE, done.undo)
    assert sum(newest([first, second, third])) == 1


def test_a_superseded_document_that_turns_out_to_be_another_is_the_newest_of_its_own(db: None) -> None:
    first, second = versions("6", "7")
    desk.correct(ONE, first, {"plan_year": 2030}, ALL)
    assert newest([first, second]) == [True, True]
    assert document(first).family != document(second).family


def test_a_correction_may_make_it_a_version_of_another(db: None) -> None:
    first = versions("6")[0]
    other = enter(report(year=2024))[1][0]
    years = {name: getattr(document(first), name) for name in ("review_year", "plan_year")}
    desk.correct(ONE, other, {"title": document(first).title, **years}, ALL)
    assert document(other).family == document(first).family
    assert (document(other).version, document(other).previous) == (2, first)
    assert newest([first, other]) == [False, True]
    before = snapshot()
    rebuild()
    assert snapshot() == before


# --- rights and scope


@pytest.mark.parametrize("role", sorted(Role))
def test_every_role_may_what_the_table_says(entered: str, role: Role) -> None:
    who = reader("somebody", role)
    acts = {
        "document.confirm": lambda: desk.confirm(who, [entered], ALL),
        "document.correct": lambda: desk.correct(who, entered, {"title": "别的标题"}, ALL),
        "document.receive": lambda: desk.receive(who, [("甲.txt", "甲".encode())]),
        "document.withdraw": lambda: desk.withdraw(who, entered, ALL, why="收错了"),
    }
    for key, act in acts.items():
        if role in rights_of(key):
            act()
            continue
        before = snapshot()
        with pytest.raises(Forbidden):
            act()
        assert snapshot() == before


def test_what_is_not_seen_is_not_there(entered: str) -> None:
    elsewhere = Scope(regions=frozenset({"110000"}))
    for act in (
        lambda: desk.confirm(ONE, [entered], elsewhere),
        lambda: desk.correct(ONE, entered, {"title": "别的"}, elsewhere),
        lambda: desk.withdraw(ONE, entered, elsewhere, why="收错了"),
    ):
        with pytest.raises(NotFound):
            act()
    assert document(entered).state == "open"
