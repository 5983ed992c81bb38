"""Words on facts: who may, what it changes, two readers and a third, and the way back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from luoshi.desk import facts as desk
from luoshi.desk.actor import BUSINESS, Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.rights import Forbidden, rights_of
from luoshi.desk.undo import undo
from luoshi.ledger.reading import CORRECTABLE
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import rebuild, verify_chain
from tests.desk.making import ALL, ONE, THREE, TWO, last_acts, reader, row
from tests.ledger.making import facts_of, snapshot


def test_accepting_says_who_and_when(facts: list[str]) -> None:
    done = desk.accept(ONE, facts[:2], ALL)
    assert done.count == 2
    assert done.subjects == tuple(facts[:2])
    fact = row(facts[0])
    assert (fact["state"], fact["checked_by"]) == ("accepted", ONE.id)
    assert fact["checks"][ONE.id]["word"] == "accept"
    assert fact["checked_at"].endswith("Z")
    assert row(facts[2])["state"] == "open"


def test_the_same_word_twice_is_one_entry(facts: list[str]) -> None:
    assert desk.accept(ONE, [facts[0], facts[0]], ALL).count == 1
    again = desk.accept(ONE, facts[:1], ALL)
    assert (again.count, again.undo) == (0, "")
    assert desk.reject(ONE, facts[:1], ALL).count == 1
    assert row(facts[0])["state"] == "rejected"
    assert len(row(facts[0])["checks"]) == 1


def test_a_correction_stands_beside_what_the_rule_read(facts: list[str]) -> None:
    before = row(facts[1])
    desk.correct(ONE, facts[1], {"value": "6.5", "year": "2024", "name": "地区生产总值", "indicator_id": "gdp"}, ALL, note="看表")
    after = row(facts[1])
    assert (after["state"], after["value"], after["year"]) == ("corrected", 6.5, 2024)
    assert after["fields"] == {"value": 6.5, "year": 2024, "name": "地区生产总值", "indicator_id": "gdp"}
    assert after["data"] == before["data"]
    assert after["checks"][ONE.id]["note"] == "看表"


@pytest.mark.parametrize(
    ("fields", "where"),
    [
        ({"value": "很多"}, "value"),
        ({"value": "1e30"}, "value"),
        ({"value": "nan"}, "value"),
        ({"value": "inf"}, "value"),
        ({"year": "二〇二五"}, "year"),
        ({"year": "²⁰²⁵"}, "year"),
        ({"year": "99"}, "year"),
        ({"year": "20255"}, "year"),
        ({"role": "king"}, "role"),
        ({"measure": ""}, "measure"),
        ({"comparator": "maybe"}, "comparator"),
        ({"strength": "weak"}, "strength"),
        ({"unit": "元" * 41}, "unit"),
        ({"indicator_id": "x" * 81}, "indicator_id"),
        ({"name": "名" * 301}, "name"),
        ({"leaders": "某某"}, "measure"),
        ({"state": "accepted"}, "measure"),
        ({"id": "f1"}, "measure"),
        ({}, "measure"),
    ],
)
def test_a_value_that_a_measure_cannot_have_is_refused_with_its_field(facts: list[str], fields: dict[str, Any], where: str) -> None:
    before = snapshot()
    with pytest.raises(WrongValue) as caught:
        desk.correct(ONE, facts[0], fields, ALL)
    assert caught.value.where == where
    assert caught.value.remedy
    assert snapshot() == before


def test_values_become_what_they_are(facts: list[str]) -> None:
    fields = {"value": "125,000,000,000", "value_max": "", "year": "２０２６", "year_last": None, "direction": "", "unit": " 元 "}
    assert desk.checked_fields("measure", fields) == {
        "direction": "", "unit": "元", "value": 125_000_000_000, "value_max": None, "year": 2026, "year_last": None,
    }  # fmt: skip
    assert desk.checked_fields("task", {"lead_units": "区财政局、区住建局，区园林局", "support_units": [" 区教体局 ", ""]}) == {
        "lead_units": ["区财政局", "区住建局", "区园林局"], "support_units": ["区教体局"],
    }  # fmt: skip
    assert desk.checked_fields("project", {"stage": "built"}) == {"stage": "built"}


@pytest.mark.parametrize("kind", ["task", "project", "term"])
def test_only_a_measure_may_be_without_a_name(kind: str) -> None:
    with pytest.raises(WrongValue) as caught:
        desk.checked_fields(kind, {"name": "  "})
    assert caught.value.where == "name"
    assert desk.checked_fields("measure", {"name": ""}) == {"name": ""}


@given(
    st.sampled_from(sorted(CORRECTABLE)),
    st.dictionaries(st.sampled_from(sorted(set().union(*CORRECTABLE.values()))), st.text(max_size=400)),
)
def test_whatever_is_written_gives_values_or_one_clear_error(kind: str, fields: dict[str, str]) -> None:
    error = None
    checked: dict[str, Any] = {}
    try:
        checked = desk.checked_fields(kind, fields)
    except WrongValue as refused:
        error = refused
    assert (error.where and error.remedy) if error else (set(checked) == set(fields) <= CORRECTABLE[kind])


def test_a_note_has_its_length(facts: list[str]) -> None:
    for act in (desk.accept, desk.reject):
        with pytest.raises(WrongValue, match="300"):
            act(ONE, facts[:1], ALL, note="长" * 301)
    desk.reject(ONE, facts[:1], ALL, note=" 不是指标 ")
    assert row(facts[0])["checks"][ONE.id]["note"] == "不是指标"


# --- several readers


def test_two_who_agree_leave_it_settled_by_the_first(facts: list[str]) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.accept(TWO, facts[:1], ALL)
    fact = row(facts[0])
    assert (fact["state"], fact["checked_by"], len(fact["checks"])) == ("accepted", ONE.id, 2)


@pytest.mark.parametrize("second", ["reject", "correct"])
def test_two_who_differ_leave_it_disputed(facts: list[str], second: str) -> None:
    desk.accept(ONE, facts[:1], ALL)
    if second == "reject":
        desk.reject(TWO, facts[:1], ALL)
    else:
        desk.correct(TWO, facts[0], {"value": 7}, ALL)
    fact = row(facts[0])
    assert (fact["state"], fact["fields"], fact["checked_by"]) == ("disputed", {}, "")
    assert fact["value"] == row(facts[0])["data"]["value"], "while it is disputed what the rule read stands"


def test_corrections_that_say_the_same_agree(facts: list[str]) -> None:
    desk.correct(ONE, facts[0], {"value": "7", "unit": "亿元"}, ALL)
    desk.correct(TWO, facts[0], {"unit": "亿元 ", "value": 7.0}, ALL)
    assert (row(facts[0])["state"], row(facts[0])["value"]) == ("corrected", 7)


def test_a_third_decides_and_the_decision_holds(facts: list[str]) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.correct(TWO, facts[0], {"value": 7}, ALL)
    desk.decide(THREE, facts[0], "correct", {"value": 8}, ALL, note="按统计公报")
    fact = row(facts[0])
    assert (fact["state"], fact["value"], fact["decision"]["by"], fact["decision"]["note"]) == ("corrected", 8, THREE.id, "按统计公报")
    desk.reject(ONE, facts[:1], ALL)
    assert row(facts[0])["state"] == "corrected", "what one of the two says afterwards changes nothing"


@pytest.mark.parametrize(("word", "state"), [("accept", "accepted"), ("reject", "rejected")])
def test_a_decision_for_one_side(facts: list[str], word: str, state: str) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    desk.decide(reader("leader", Role.LEADER), facts[0], word, {}, ALL)
    assert row(facts[0])["state"] == state


def test_who_may_not_decide(facts: list[str]) -> None:
    with pytest.raises(Conflict, match="没有分歧"):
        desk.decide(THREE, facts[0], "accept", {}, ALL)
    desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    with pytest.raises(Conflict, match="第三人"):
        desk.decide(ONE, facts[0], "accept", {}, ALL)
    with pytest.raises(WrongValue):
        desk.decide(THREE, facts[0], "forget", {}, ALL)
    with pytest.raises(WrongValue):
        desk.decide(THREE, facts[0], "correct", {}, ALL)
    with pytest.raises(Forbidden):
        desk.decide(reader("appraiser", Role.APPRAISER), facts[0], "accept", {}, ALL)
    assert row(facts[0])["state"] == "disputed"


def test_taking_a_word_back_ends_the_dispute(facts: list[str]) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    assert desk.reopen(TWO, facts, ALL).count == 1, "facts on which one said nothing are left alone"
    assert (row(facts[0])["state"], row(facts[0])["checked_by"]) == ("accepted", ONE.id)
    desk.reopen(ONE, facts[:1], ALL)
    assert (row(facts[0])["state"], row(facts[0])["checked_at"]) == ("open", "")


def test_the_third_takes_the_decision_back(facts: list[str]) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    desk.decide(THREE, facts[0], "accept", {}, ALL)
    assert desk.reopen(THREE, facts[:1], ALL).count == 1
    assert row(facts[0])["state"] == "disputed"


# --- rights and scope


@pytest.mark.parametrize("role", sorted(Role))
def test_every_role_may_what_the_table_says_and_nothing_is_left_of_a_refusal(facts: list[str], role: Role) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    who = reader("somebody", role)
    acts = {
        "fact.accept": lambda: desk.accept(who, facts[1:2], ALL), "fact.reject": lambda: desk.reject(who, facts[2:3], ALL),
        "fact.correct": lambda: desk.correct(who, facts[3], {"value": 9}, ALL), "fact.reopen": lambda: desk.reopen(who, facts[1:2], ALL),
        "fact.decide": lambda: desk.decide(who, facts[0], "accept", {}, ALL),
    }  # fmt: skip
    for key, act in acts.items():
        if role in rights_of(key):
            act()
            continue
        before = snapshot()
        with pytest.raises(Forbidden):
            act()
        assert snapshot() == before


def test_what_is_not_seen_is_not_there(facts: list[str], entered: str) -> None:
    from luoshi.ledger.models import Document

    code = Document.objects.get(pk=entered).region_code
    for scope in (Scope.nothing(), Scope(regions=frozenset({"110000"}))):
        with pytest.raises(NotFound):
            desk.accept(ONE, facts[:1], scope)
        with pytest.raises(NotFound):
            desk.correct(ONE, facts[0], {"value": 1}, scope)
    with pytest.raises(NotFound):
        desk.accept(ONE, [*facts[:2], "fnone"], ALL)
    assert row(facts[0])["state"] == "open", "one that is not seen refuses them all"
    assert desk.accept(ONE, facts[:1], Scope(regions=frozenset({code}))).count == 1


def test_facts_of_a_withdrawn_document_are_left_alone(facts: list[str], entered: str) -> None:
    from luoshi.desk import documents

    documents.withdraw(ONE, entered, ALL, why="收错了")
    with pytest.raises(NotFound):
        desk.accept(ONE, facts[:1], ALL)


# --- the way back


def test_many_are_undone_in_one_go(facts: list[str]) -> None:
    before = snapshot()["fact"]
    done = desk.accept(ONE, facts, ALL)
    assert undo(ONE, done.undo).count == len(facts)
    after = snapshot()["fact"]
    assert [fact["state"] for fact in after] == [fact["state"] for fact in before]
    assert all(fact["checks"] == "{}" for fact in after)


def test_undoing_brings_back_what_one_said_before(facts: list[str]) -> None:
    desk.correct(ONE, facts[0], {"value": 7}, ALL)
    done = desk.reject(ONE, facts[:1], ALL)
    undo(ONE, done.undo)
    assert (row(facts[0])["state"], row(facts[0])["value"]) == ("corrected", 7)
    reopened = desk.reopen(ONE, facts[:1], ALL)
    undo(ONE, reopened.undo)
    assert (row(facts[0])["state"], row(facts[0])["value"]) == ("corrected", 7)


def test_ones_own_word_is_undone_beside_that_of_another(facts: list[str]) -> None:
    mine = desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    undo(ONE, mine.undo)
    fact = row(facts[0])
    assert (fact["state"], list(fact["checks"])) == ("rejected", [TWO.id])


def test_undoing_a_decision(facts: list[str]) -> None:
    desk.accept(ONE, facts[:1], ALL)
    desk.reject(TWO, facts[:1], ALL)
    done = desk.decide(THREE, facts[0], "accept", {}, ALL)
    undo(THREE, done.undo)
    assert (row(facts[0])["state"], row(facts[0])["decision"]) == ("disputed", {})


def test_what_cannot_be_undone(facts: list[str]) -> None:
    done = desk.accept(ONE, facts[:1], ALL)
    with pytest.raises(Conflict, match="不是您"):
        undo(TWO, done.undo)
    desk.reject(ONE, facts[:1], ALL)
    with pytest.raises(Conflict, match="又有新的"):
        undo(ONE, done.undo)
    for span in ("", "x-y", "1", "9-1", "1-99999", "٣-٤", "999999-999999"):
        with pytest.raises(NotFound):
            undo(ONE, span)
    assert row(facts[0])["state"] == "rejected"


def test_undoing_is_an_entry_too_and_the_ledger_can_be_made_again(facts: list[str], entered: str) -> None:
    done = desk.accept(ONE, facts[:3], ALL)
    desk.correct(TWO, facts[1], {"value": 5}, ALL)
    desk.decide(THREE, facts[1], "reject", {}, ALL)
    undo(ONE, done.undo)
    assert last_acts(3) == [(ONE.id, "fact.reopen")] * 3
    before = snapshot()
    rebuild()
    assert snapshot() == before
    assert verify_chain() > 0


def test_tasks_take_units_and_days(entered: str) -> None:
    task = facts_of(entered, "task")[0]
    desk.correct(ONE, task, {"lead_units": "区住建局、区园林局", "due": "2025-10-31"}, ALL)
    fact = row(task)
    assert (fact["lead"], fact["due"], fact["state"]) == ("区住建局、区园林局", "2025-10-31", "corrected")
    with pytest.raises(WrongValue):
        desk.correct(ONE, task, {"due": "2025年10月底前"}, ALL)


def test_only_people_of_the_business_say_words() -> None:
    assert rights_of("fact.accept") < BUSINESS
