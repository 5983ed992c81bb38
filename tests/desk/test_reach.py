"""How far an act reaches: documents of the regions above are read, not changed; what is undone needs today's right; nothing lives on what is gone."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import documents, facts, items
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict
from luoshi.desk.rights import Forbidden
from luoshi.desk.undo import undo
from luoshi.ledger.scope import Scope
from tests.ledger.making import enter, facts_of, report
from tests.web.filled import clerk, fill

ALL = Scope.whole()
COUNTY = "340828"


def of_county(role: Role = Role.SUPERVISOR) -> Actor:
    return Actor(id="acounty", username="county", name="乙", roles=(role,), unit="", region=COUNTY)


def scope_of(actor: Actor) -> Scope:
    from luoshi.desk.rights import scope
    from luoshi.ledger.places import tree

    return scope(actor, tree())


def test_documents_above_are_read_only(db: None) -> None:
    province = enter(report(place="安徽省"), "province.txt")[1][0]
    county = of_county()
    mine = scope_of(county)
    assert mine.sees_document("340000")
    for act in (
        lambda: facts.reject(county, facts_of(province)[:1], mine),
        lambda: documents.withdraw(county, province, mine, why="错"),
        lambda: documents.correct(county, province, {"title": "别的"}, mine),
        lambda: items.create(county, province, facts_of(province, "task")[:1], mine),
    ):
        with pytest.raises(Forbidden, match="上级"):
            act()


def test_documents_without_a_region_are_no_versions_of_each_other(db: None) -> None:
    from luoshi.ledger.models import Document

    first = enter("政府工作报告\n\n一、2025年工作安排\n新建公园3个。\n", "a.txt")[1][0]
    second = enter("政府工作报告\n\n一、2025年工作安排\n改造小区9个。\n", "b.txt")[1][0]
    assert Document.objects.filter(pk__in=(first, second), region_code="", version=1, newest=True).count() == 2


def test_many_accepted_leave_own_corrections_alone(db: None) -> None:
    from luoshi.ledger.models import Fact

    document = enter(report(), "r.txt")[1][0]
    one, two, *_ = facts_of(document)
    facts.correct(clerk(), one, {"value": 9}, ALL)
    facts.accept(clerk(), facts_of(document), ALL)
    assert [Fact.objects.get(pk=key).state for key in (one, two)] == ["corrected", "accepted"]
    facts.accept(clerk(), [one], ALL)
    assert Fact.objects.get(pk=one).state == "accepted"


def test_undo_needs_the_right_of_today(db: None) -> None:
    document = enter(report(), "r.txt")[1][0]
    done = facts.accept(of_county(), facts_of(document)[:2], scope_of(of_county()))
    with pytest.raises(Forbidden):
        undo(of_county(Role.READER), done.undo)
    elsewhere = Actor(id="acounty", username="county", name="乙", roles=(Role.SUPERVISOR,), unit="", region="110101")
    with pytest.raises(Exception, match="没有这条事实"):
        undo(elsewhere, done.undo)
    assert undo(of_county(), done.undo).count == 2


def test_no_item_lives_on_a_withdrawn_document(db: None) -> None:
    ids = fill()
    planned = items.plan(ids["breakdown"], ALL)
    made = items.create(clerk(), ids["breakdown"], [planned[0].fact], ALL).subjects[0]
    with pytest.raises(Conflict, match="撤回"):
        documents.withdraw(clerk(), ids["breakdown"], ALL, why="错")
    with pytest.raises(Conflict, match="地区"):
        documents.correct(clerk(), ids["breakdown"], {"region": "北京市东城区"}, ALL)
    dropped = items.drop(clerk(), [made], ALL, why="重复")
    documents.withdraw(clerk(), ids["breakdown"], ALL, why="错")
    with pytest.raises(Conflict, match="撤回"):
        items.restore(clerk(), made, ALL)
    with pytest.raises(Conflict, match="撤回"):
        undo(clerk(), dropped.undo)


def test_a_withdrawal_undone_keeps_the_confirmation(db: None) -> None:
    from luoshi.ledger.models import Document

    document = enter(report(), "r.txt")[1][0]
    documents.confirm(clerk(), [document], ALL)
    before = _checked(Document.objects.get(pk=document))
    undo(clerk(), documents.withdraw(clerk(), document, ALL, why="错").undo)
    assert _checked(Document.objects.get(pk=document)) == before
    documents.withdraw(clerk(), document, ALL, why="错")
    documents.restore(clerk(), document, ALL)
    assert _checked(Document.objects.get(pk=document)) == before


def _checked(document: Any) -> tuple[str, str, str]:
    return document.state, document.checked_at, document.checked_by


def test_items_go_on_in_a_new_version(db: None) -> None:
    """Two of three tasks are the same or nearly, one is new: no item comes twice, and what is undone is as it was."""
    from luoshi.ledger.models import Duty, Fact, Item
    from tests.web.filled import BREAKDOWN

    ids = fill()
    old = items.create(clerk(), ids["breakdown"], [one.fact for one in items.plan(ids["breakdown"], ALL)], ALL)
    before = _items()
    text = BREAKDOWN.replace("新建公园3个", "新建公园4个").replace("3.加快推进石砚大桥建设", "3.开展全民阅读")
    newer = enter(text, "newer.txt")[1][0]
    documents.correct(clerk(), newer, {"region": "安徽省安庆市岳西县"}, ALL)
    planned = {one.number: one for one in items.plan(newer, ALL)}
    assert [bool(planned[number].older) for number in "123"] == [True, True, False]
    done = items.create(clerk(), newer, [one.fact for one in planned.values()], ALL)
    assert Item.objects.filter(state="open").count() == 4
    assert set(Item.objects.filter(document=newer).values_list("number", flat=True)) == {"1", "2", "3"}
    assert "新建公园4个" in Item.objects.get(pk=old.subjects[1]).text
    assert not Fact.objects.filter(document=ids["breakdown"]).exclude(item="").exclude(clause__contains="石砚").exists()
    assert Duty.objects.filter(item=old.subjects[1], live=True).count() == 4
    undo(clerk(), done.undo)
    assert _items() == before


def _items() -> list[tuple[str, ...]]:
    from luoshi.ledger.models import Item

    return sorted(Item.objects.filter(state="open").values_list("id", "document", "fact", "text", "lead", "support"))
