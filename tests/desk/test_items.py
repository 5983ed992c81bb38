"""From facts to items: what would be made, what is doubtful, what a person sets otherwise; correcting, dropping, taking up again."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from luoshi.desk import facts, items, organisations
from luoshi.desk.actor import Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.rights import Forbidden
from luoshi.ledger.scope import Scope
from tests.desk.making import ONE, THREE, TWO, reader
from tests.desk.tasks import ALL, BREAKDOWN, breakdown, region_of
from tests.ledger.making import enter, report


@pytest.fixture
def document(db: None) -> str:
    return breakdown(ONE)


def planned(document: str) -> dict[str, items.Planned]:
    """What would be made, by number."""
    return {one.number: one for one in items.plan(document, ALL)}


def names(one: items.Planned, role: str) -> list[tuple[str, str]]:
    return [(duty.name, duty.canonical) for duty in one.names(role)]


def item(key: str) -> Any:
    from luoshi.ledger.models import Item

    return Item.objects.get(pk=key)


def duties(key: str) -> list[tuple[str, str]]:
    from luoshi.ledger.models import Duty

    return list(Duty.objects.filter(item=key, live=True).order_by("place").values_list("role", "name"))


def make(document: str, *numbers: str, **options: Any) -> tuple[str, ...]:
    plan = planned(document)
    return items.create(ONE, document, [plan[number].fact for number in numbers], ALL, **options).subjects


def test_plan_puts_doubts_first_and_what_is_made_last(document: str) -> None:
    plan = items.plan(document, ALL)
    assert [one.number for one in plan] == ["2", "4", "1", "3"]
    assert plan[0].doubts == ("which-one",)
    assert plan[2].doubts == ()
    items.create(ONE, document, [plan[0].fact], ALL)
    assert [(one.number, bool(one.item)) for one in items.plan(document, ALL)] == [("4", False), ("1", False), ("3", False), ("2", True)]


def test_plan_says_who_answers_and_until_when(document: str) -> None:
    first, bridge = planned(document)["1"], planned(document)["3"]
    assert names(first, "leader") == [("松问渠", "")]
    assert names(first, "lead") == [("区发改局", "发展和改革局")]
    assert names(first, "support") == [("区统计局", "统计局"), ("区财政局（区国资办）", "财政局")]
    assert (first.due, first.due_text, first.year) == ("2025-12-31", "2025年12月底前", 2025)
    assert (bridge.due, bridge.open_ended) == ("", True)
    assert "石砚大桥" in bridge.title
    assert all(duty.new for duty in first.duties if duty.role != "leader")


def test_plan_finds_the_post_of_a_leader(document: str) -> None:
    region = region_of(document)
    post = organisations.add_post(ONE, region, "区长").subjects[0]
    assert planned(document)["1"].names("leader")[0].post == ""
    organisations.hold(ONE, post, "松问渠", valid_from="2023-01-10")
    assert planned(document)["1"].names("leader")[0].post == post
    organisations.hold(ONE, organisations.add_post(ONE, region, "区委副书记").subjects[0], "松问渠", valid_from="2023-01-10")
    assert "several-posts" in planned(document)["1"].doubts


def test_plan_follows_the_readers(document: str) -> None:
    plan = planned(document)
    facts.reject(ONE, [plan["1"].fact], ALL)
    facts.correct(ONE, plan["3"].fact, {"lead_units": "区住建局", "due": "2025-09-30"}, ALL)
    facts.reject(TWO, [plan["4"].fact], ALL)
    facts.accept(THREE, [plan["4"].fact], ALL)
    after = planned(document)
    assert "1" not in after
    assert (names(after["3"], "lead"), after["3"].due) == ([("区住建局", "住房和城乡建设局")], "2025-09-30")
    assert "disputed" in after["4"].doubts


def test_missing_lead_units_and_unclear_dates_are_doubts(db: None) -> None:
    odd = BREAKDOWN.replace("牵头责任单位：区文旅局；", "").replace("2025年10月底前", "尽快")
    plan = planned(breakdown(ONE, odd))["4"]
    assert "no-lead" in plan.doubts


def test_plan_of_a_report_has_its_sentences(db: None) -> None:
    plan = items.plan(enter(report())[1][0], ALL)
    assert any("新建公园3个" in one.text for one in plan)
    assert all(one.duties == () and one.section >= 0 for one in plan)


def test_create_makes_items_duties_and_units(document: str) -> None:
    from luoshi.ledger.models import Alias, Fact, Organisation

    keys = make(document, "1", "2")
    assert [item(key).number for key in keys] == ["1", "2"]
    assert duties(keys[0]) == [("leader", "松问渠"), ("lead", "区发改局"), ("support", "区统计局"), ("support", "区财政局（区国资办）")]
    assert (item(keys[0]).lead, item(keys[1]).doubt) == ("区发改局", "which-one")
    assert Organisation.objects.filter(name="财政局").count() == 1
    assert set(Alias.objects.filter(organisation=Organisation.objects.get(name="财政局").id).values_list("name", flat=True)) >= {
        "区财政局（区国资办）",
        "区财政局",
    }
    assert Fact.objects.get(pk=item(keys[0]).fact).item == keys[0]
    assert all(not duty.new for duty in planned(document)["1"].duties if duty.role != "leader")


def test_create_takes_what_a_person_set_otherwise(document: str) -> None:
    plan = planned(document)
    facts_ = [plan["2"].fact, plan["3"].fact]
    changes = {facts_[0]: {"title": "改造老旧小区", "due": "2026-06-30"}, facts_[1]: {"open_ended": False, "due": "2025-12-31"}}
    named = {facts_[0]: {"support": ["区财政局", "云陂镇卫生院"], "leader": ["麦秋"]}}
    first, second = items.create(ONE, document, facts_, ALL, changes=changes, duties=named).subjects
    assert (item(first).title, item(first).due, item(first).year) == ("改造老旧小区", "2026-06-30", 2026)
    assert duties(first) == [("leader", "麦秋"), ("lead", "区住建局"), ("support", "区财政局"), ("support", "云陂镇卫生院")]
    assert "which-one" not in item(first).doubt
    assert (item(second).due, item(second).open_ended) == ("2025-12-31", False)


def test_create_keeps_what_the_look_took(document: str) -> None:
    from luoshi.ledger.models import Entry

    make(document, "1", "3", effort={"touches": 7, "seconds": 42})
    data = [msgspec.json.decode(entry.data) for entry in Entry.objects.filter(act="item.create").order_by("seq")]
    assert (data[0]["touches"], data[0]["seconds"]) == (7, 42)
    assert "touches" not in data[1]


def test_create_leaves_alone_what_is_an_item_already(document: str) -> None:
    first = make(document, "1")
    assert make(document, "1", "3")[0] != first[0]
    assert make(document, "1") == ()


@pytest.mark.parametrize(
    ("changes", "named", "where"),
    [
        ({"due": "明年"}, {}, "due"), ({"title": " "}, {}, "title"), ({"year": "25"}, {}, "year"), ({"state": "x"}, {}, "item"),
        ({"number": "1" * 21}, {}, "number"), ({}, {"lead": ["局" * 101]}, "lead"), ({}, {"owner": ["区财政局"]}, "duties"),
    ],
)  # fmt: skip
def test_create_refuses_values_that_cannot_be(document: str, changes: Any, named: Any, where: str) -> None:
    fact = planned(document)["1"].fact
    with pytest.raises(WrongValue) as refused:
        items.create(ONE, document, [fact], ALL, changes={fact: changes}, duties={fact: named})
    assert refused.value.where == where
    assert planned(document)["1"].item == ""


def test_create_refuses_what_is_not_there(document: str) -> None:
    with pytest.raises(NotFound):
        items.create(ONE, document, ["fnothing"], ALL)
    with pytest.raises(NotFound):
        items.create(ONE, document, [planned(document)["1"].fact], Scope(regions=frozenset({"990199"})))
    with pytest.raises(Forbidden):
        items.create(reader("four", Role.READER), document, [planned(document)["1"].fact], ALL)


def test_correct_changes_fields_and_duties(document: str) -> None:
    (key,) = make(document, "1")
    done = items.correct(ONE, key, {"title": "生产总值增长6%", "due": "2025-12-31"}, ALL, duties={"lead": ["区统计局"], "support": []})
    assert done.count == 1
    assert (item(key).title, item(key).lead, item(key).support) == ("生产总值增长6%", "区统计局", "")
    assert duties(key) == [("leader", "松问渠"), ("lead", "区统计局")]
    assert items.correct(ONE, key, {"title": "生产总值增长6%"}, ALL, duties={"lead": ["区统计局"]}).count == 0


def test_a_name_that_stays_keeps_its_place_in_the_source(document: str) -> None:
    from luoshi.ledger.models import Duty

    (key,) = make(document, "1")
    before = Duty.objects.get(item=key, name="区统计局")
    items.correct(ONE, key, {}, ALL, duties={"support": ["区教育局", "区统计局"]})
    after = Duty.objects.get(item=key, name="区统计局")
    assert (after.start, after.end, after.live) == (before.start, before.end, True)
    assert Duty.objects.get(item=key, name="区教育局").organisation != ""


def test_doubts_go_with_their_cause_and_do_not_come_back_once_settled(document: str) -> None:
    keys = make(document, "2", "4")
    items.correct(ONE, keys[0], {}, ALL, duties={"support": ["区财政局"]})
    assert item(keys[0]).doubt == ""
    assert items.settle(ONE, keys[1], ALL).count == 1
    items.correct(ONE, keys[1], {"due": "2025-09-30"}, ALL, duties={"leader": ["麦秋", "桐叶舟"]})
    assert (item(keys[1]).doubt, item(keys[1]).leaders) == ("", "麦秋、桐叶舟")
    assert items.settle(ONE, keys[1], ALL).count == 0
    items.correct(ONE, keys[1], {}, ALL, duties={"lead": []})
    assert item(keys[1]).doubt == "no-lead"


def test_drop_frees_the_fact_and_restore_takes_it_up(document: str) -> None:
    (key,) = make(document, "1")
    with pytest.raises(WrongValue):
        items.drop(ONE, [key], ALL, why=" ")
    items.drop(ONE, [key], ALL, why="重复")
    assert (item(key).state, planned(document)["1"].item) == ("dropped", "")
    with pytest.raises(Conflict):
        items.correct(ONE, key, {"title": "改"}, ALL)
    assert items.drop(ONE, [key], ALL, why="重复").count == 0
    items.restore(ONE, key, ALL)
    assert (item(key).state, planned(document)["1"].item) == ("open", key)
    with pytest.raises(Conflict):
        items.restore(ONE, key, ALL)


def test_an_item_made_anew_has_no_duty_of_before(document: str) -> None:
    fact = planned(document)["1"].fact
    (key,) = items.create(ONE, document, [fact], ALL, duties={fact: {"support": ["区教育局"]}}).subjects
    items.drop(ONE, [key], ALL, why="重来")
    assert make(document, "1") == (key,)
    assert ("support", "区教育局") not in duties(key)
    assert ("support", "区统计局") in duties(key)


def test_items_of_others_are_not_there(document: str) -> None:
    (key,) = make(document, "1")
    elsewhere = Scope(regions=frozenset({"990199"}), item_regions=frozenset({"990199"}))
    for act in (
        lambda: items.drop(ONE, [key], elsewhere, why="x"),
        lambda: items.settle(ONE, key, elsewhere),
        lambda: items.restore(ONE, "inothing", ALL),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_was_made_can_be_folded_anew(document: str) -> None:
    from luoshi.ledger.store import rebuild, verify_chain
    from tests.ledger.making import snapshot

    keys = make(document, "1", "2", "3")
    items.correct(ONE, keys[0], {"due": "2026-01-31"}, ALL, duties={"lead": ["区财政局"]})
    items.drop(ONE, keys[1:], ALL, why="重来")
    make(document, "2")
    before = snapshot()
    rebuild()
    assert snapshot() == before
    assert verify_chain() > 0
