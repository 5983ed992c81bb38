"""Groups: who is no longer meant is asked no longer, and what closes, ends, hangs or goes on does so with its members."""

from __future__ import annotations

from datetime import date

import pytest

from luoshi.desk import items, matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.dues import dues
from luoshi.desk.matters.evidence import keep
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.burden import Period, burdens
from luoshi.ledger.desks import asks, undated, worked_on
from luoshi.ledger.matters import Wish, chosen
from luoshi.ledger.store import history, rebuild, verify_chain
from luoshi.loop.engine import Refused
from luoshi.loop.mechanism import Mechanism
from tests.desk.test_matters import ALL, CHECKS, CHEN, LI, PNG, WANG, at, do, handling, laid, made, person, row, unit

pytestmark = pytest.mark.usefixtures("db")

GROUP, OTHERS = "各社区管委会", "各镇"
EAST, WEST = "东社区管委会", "西社区管委会"


def given(title: str = "社区食堂") -> str:
    """A matter that was given to the group."""
    laid("发展和改革局", "财政局", group=GROUP, members=(EAST, WEST))
    item = made(title, lead=GROUP)
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    return item


def member(item: str, name: str) -> str:
    """The matter of a member that belongs to the group's now."""
    children = life_of(row(item).life).children
    return str(models.Matter.objects.get(pk__in=children, unit=unit(name)).id)


def liaison(name: str) -> Actor:
    return person(f"of-{name}", Role.LIAISON, name)


def finish(item: str, who: Actor, day: float) -> None:
    do(who, item, "sign", day)
    do(who, item, "apply-close", day + 0.1, text="已办结", evidence=tuple(keep([("现场.png", PNG)])))
    do(CHEN, item, "pass", day + 0.2, checks=CHECKS)
    do(LI, item, "close", day + 0.3)


def same_after_rebuild() -> bool:
    tables = (models.Matter, models.Clock, models.Duty, models.Item, models.Evidence)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    rebuild()
    return [list(table.objects.order_by("pk").values()) for table in tables] == before and verify_chain() is not None


def test_a_new_lead_that_is_no_group_has_it_alone() -> None:
    item = given()
    east, west = member(item, EAST), member(item, WEST)
    do(liaison(EAST), east, "sign", 0.3)
    do(CHEN, item, "transfer", 1, reason="归口办理", units={"lead": [unit("发展和改革局")]})
    assert {(row(one).state, row(one).stage) for one in (east, west)} == {("ended", "ended")}
    assert not models.Clock.objects.filter(item__in=(east, west), state="running").exists()
    assert life_of(row(item).life).children == ()
    last = history(east)[0]
    assert (last.actor, last.values["move"]["inputs"]["reason"]) == ("system", "上级事项已改派，不再由本单位办理")
    do(WANG, item, "sign", 1.1)
    do(WANG, item, "report", 5, progress=30, text="开工")
    assert row(item).progress == 30.0
    assert models.Clock.objects.filter(item=item, unit=unit("发展和改革局"), key="monthly", state="running").exists()
    with pytest.raises(Refused):
        do(liaison(EAST), east, "report", 5, progress=5)
    assert same_after_rebuild()


def test_back_to_the_group_every_member_is_asked_again() -> None:
    item = given()
    first = {member(item, EAST), member(item, WEST)}
    do(CHEN, item, "transfer", 1, reason="归口办理", units={"lead": [unit("发展和改革局")]})
    do(CHEN, item, "transfer", 2, reason="仍由社区办理", units={"lead": [unit(GROUP)]})
    second = {member(item, EAST), member(item, WEST)}
    assert not first & second
    assert {row(one).number[-3:] for one in second} == {"-03", "-04"}
    do(liaison(EAST), member(item, EAST), "sign", 2.1)
    assert row(member(item, EAST)).stage == "handling"
    assert same_after_rebuild()


def test_another_group_keeps_whom_both_mean() -> None:
    item = given()
    laid(group=OTHERS, members=())
    laid("北镇")
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    for name in (WEST, "北镇"):
        data = {"group": unit(OTHERS), "organisation": unit(name), "valid_from": "2020-01-01", "valid_to": ""}
        append("asys", [Draft("group.add", f"o-{name}", data)])
    east, west = member(item, EAST), member(item, WEST)
    do(liaison(EAST), east, "sign", 0.3)
    do(liaison(EAST), east, "report", 0.5, progress=90)
    do(liaison(WEST), west, "sign", 0.3)
    do(liaison(WEST), west, "report", 0.5, progress=20)
    do(CHEN, item, "transfer", 1, reason="改由各镇办理", units={"lead": [unit(OTHERS)]})
    assert member(item, WEST) == west
    assert (row(west).state, row(west).stage, row(east).state) == ("live", "handling", "ended")
    assert (row(member(item, "北镇")).stage, row(member(item, "北镇")).progress) == ("assigned", None)
    assert len(life_of(row(item).life).children) == 2
    assert row(item).progress == 20.0
    assert same_after_rebuild()


def _told_of_members(item: str) -> list[list[str]]:
    """Whom the folding up of its members told, each time that it told somebody."""
    moves = [entry.values["move"] for entry in history(item) if entry.act == "loop.tick"]
    return [move["tells"] for move in moves if (move["kind"], move["act"]) == ("child", "fold-up") and move.get("tells")]


def test_it_is_not_closed_while_a_member_is_live() -> None:
    item = given()
    east, west = member(item, EAST), member(item, WEST)
    finish(east, liaison(EAST), 1)
    do(CHEN, item, "sign", 2)
    do(CHEN, item, "apply-close", 2.1, text="已办结", evidence=tuple(keep([("现场.png", PNG)])))
    supervisor = person("second", Role.SUPERVISOR)
    do(supervisor, item, "pass", 2.2, checks=CHECKS)
    before = models.Entry.objects.count()
    with pytest.raises(Refused, match=row(west).number) as caught:
        do(LI, item, "close", 2.3)
    assert row(east).number not in caught.value.what
    _, refused = matters.act_many(LI, {item: Try("close")}, ALL, clock=at(2.3))
    assert row(west).number in refused[item]
    assert models.Entry.objects.count() == before
    assert _told_of_members(item) == []
    finish(west, liaison(WEST), 3)
    assert _told_of_members(item) == [["supervisor"]]
    do(LI, item, "close", 4)
    assert row(item).state == "closed"


def test_what_ends_ends_with_its_members() -> None:
    item = given()
    east, west = member(item, EAST), member(item, WEST)
    finish(east, liaison(EAST), 1)
    do(LI, item, "terminate", 5, reason="政策调整")
    assert (row(east).state, row(west).state) == ("closed", "ended")
    told = history(west)[0].values["move"]
    assert told["inputs"]["reason"] == f"随上级事项 {row(item).number}：政策调整"
    assert (history(west)[0].actor, told["act"]) == ("system", "terminate")
    matters.tick(clock=at(200))
    assert row(west).state == "ended"
    assert not models.Clock.objects.filter(item=west, state="running").exists()
    assert same_after_rebuild()


def test_what_is_merged_is_merged_with_its_members() -> None:
    item = given()
    other = handling(made("另一事项"))
    west = member(item, WEST)
    do(CHEN, item, "merge", 5, reason="同一件事", matter=other)
    assert (row(west).state, life_of(row(west).life).fields["merged_into"]) == ("ended", other)


def test_what_hangs_hangs_and_goes_on_with_its_members() -> None:
    item = given()
    east, west = member(item, EAST), member(item, WEST)
    do(liaison(EAST), east, "sign", 0.3)
    do(liaison(WEST), west, "sign", 0.3)
    due = row(west).due
    do(LI, east, "hang", 1, reason="本社区场地未定")
    do(LI, item, "hang", 10, reason="资金未到位")
    assert {row(one).state for one in (item, east, west)} == {"hung"}
    matters.tick(clock=at(25))
    do(CHEN, item, "resume", 30)
    assert (row(item).state, row(west).state, row(west).stage) == ("live", "live", "handling")
    assert row(west).due > due
    assert row(east).state == "hung"
    do(liaison(WEST), west, "report", 31, progress=10)
    assert same_after_rebuild()


def test_parts_of_a_split_stay_when_the_whole_is_transferred() -> None:
    laid("发展和改革局", "财政局")
    item = handling(made("甲"))
    do(CHEN, item, "split", 1, reason="两处", children=[{"title": "东区一所"}, {"title": "西区两所"}])
    parts = life_of(row(item).life).children
    do(CHEN, item, "transfer", 2, reason="归口", units={"lead": [unit("财政局")]})
    assert life_of(row(item).life).children == parts
    assert {row(one).state for one in parts} == {"live"}


def test_the_parts_of_a_split_are_together_the_whole() -> None:
    laid("发展和改革局", "财政局", "教育局")
    item = made("改造老旧小区 28 个", target=28, target_unit="个")
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2, units={"lead": [unit("发展和改革局"), unit("财政局")], "support": [unit("教育局")]})

    def split(*shares: object, leads: tuple[str, ...] = ("发展和改革局", "财政局"), text: str = "") -> None:
        parts = [
            {"title": f"第{at}部分", "lead": [unit(name)], **({} if share is None else {"target": share})}
            for at, (share, name) in enumerate(zip(shares, leads, strict=True))
        ]
        if not text:
            do(CHEN, item, "split", 1, reason="分两片", children=parts)
            return
        with pytest.raises(Refused, match=text):
            do(CHEN, item, "split", 1, reason="分两片", children=parts)

    split(None, None, text="每个部分都要写数量")
    split(20, -1, text="每个部分都要写数量")
    split(20, 9, text="合计 29，不等于目标 28")
    split(20, 8, leads=("发展和改革局", "发展和改革局"), text="没有分到任何一部分")
    split(28, leads=("发展和改革局",), text="两个以上")
    assert not models.Matter.objects.filter(parent=item).exists()
    split(21, 7)
    first, second = life_of(row(item).life).children
    assert [life_of(row(one).life).fields["target"] for one in (first, second)] == [21, 7]
    assert [life_of(row(one).life).parts["support"] for one in (first, second)] == [(unit("教育局"),)] * 2
    do(WANG, first, "sign", 1.1)
    do(WANG, first, "report", 2, count=21)
    assert (row(first).progress, row(item).progress) == (100.0, 75.0)
    do(liaison("财政局"), second, "sign", 1.2)
    do(liaison("财政局"), second, "report", 2.1, count=7)
    assert row(item).progress == 100.0
    assert same_after_rebuild()


def test_duties_of_a_live_matter_are_changed_by_a_transfer_alone() -> None:
    laid("发展和改革局", "财政局")
    item = handling(made("甲"))
    with pytest.raises(Conflict, match="转办"):
        items.correct(CHEN, item, {}, ALL, duties={"lead": ["财政局"]})
    for fields in ({"due": "2027-12-31"}, {"due": "", "open_ended": True}):
        with pytest.raises(Conflict, match="期限不能在这里修改") as caught:
            items.correct(CHEN, item, fields, ALL)
        assert "申请延期" in caught.value.remedy
    items.correct(CHEN, item, {"title": "新建幼儿园 4 所"}, ALL, duties={"leader": [], "lead": ["发展和改革局"], "support": []})
    assert models.Item.objects.get(pk=item).title == "新建幼儿园 4 所"
    assert set(models.Duty.objects.filter(item=item, live=True).values_list("organisation", flat=True)) == {unit("发展和改革局")}
    do(LI, item, "terminate", 1, reason="重复")
    items.correct(CHEN, item, {"due": "2027-12-31"}, ALL, duties={"lead": ["财政局"]})
    assert models.Item.objects.get(pk=item).due == "2027-12-31"
    assert models.Item.objects.get(pk=item).lead == "财政局"


def test_a_live_matter_is_ended_before_its_item_is_dropped() -> None:
    laid("发展和改革局")
    item, other = handling(made("甲")), handling(made("乙"))
    do(LI, other, "terminate", 1, reason="重复")
    with pytest.raises(Conflict, match="终止"):
        items.drop(CHEN, [other, item], ALL, why="登记错了")
    assert {found.state for found in models.Item.objects.all()} == {"open"}
    items.drop(CHEN, [other], ALL, why="登记错了")
    assert models.Item.objects.get(pk=other).state == "dropped"
    items.restore(CHEN, other, ALL)
    assert (models.Item.objects.get(pk=other).state, row(other).state) == ("open", "ended")
    do(LI, item, "hang", 1, reason="资金未到位")
    with pytest.raises(Conflict, match="并入"):
        items.drop(CHEN, [item], ALL, why="登记错了")


def test_the_second_lead_is_asked_as_the_first() -> None:
    laid("发展和改革局", "财政局", "商务局")
    form = Form("甲", region_code="990102", fields={"due": "2026-06-30"}, units={"lead": [unit("发展和改革局"), unit("财政局")]})
    item = matters.file_form(CHEN, "M01", form, ALL, clock=at(0)).subjects[0]
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    first, second, other = ({unit(name)} for name in ("发展和改革局", "财政局", "商务局"))
    keys = set(asks(first).values_list("key", flat=True))
    assert {"sign", "handle"} <= keys
    assert set(asks(second).values_list("key", flat=True)) == keys
    assert [row.pk for row in worked_on(second)] == [row.pk for row in worked_on(first)] == [item]
    assert not asks(other)
    assert not worked_on(other)
    assert not undated(other, {"lead"})
    told = [one.item for one in dues(liaison("财政局"), ALL, date(2026, 3, 1), date(2026, 12, 31))]
    assert told
    assert set(told) == {item}
    assert dues(liaison("商务局"), ALL, date(2026, 3, 1), date(2026, 12, 31)) == []
    now = "2026-03-03T00:00:00.000000Z"
    for whom, seen in ((first, 1), (second, 1), (other, 0)):
        (one,) = whom
        assert chosen(Wish(unit=one), ALL, now).count() == seen
        counted = {found.unit: found for found in burdens(Period("2026", "2027"), ALL, {"M01": {"monthly"}}, duties={"lead"}, unit=one)}
        assert set(counted) == (whom if seen else set())
        assert not seen or (counted[one].asked, counted[one].matters) == (asks(whom).count(), 1)
    do(liaison("财政局"), item, "sign", 0.3)
    assert "sign" not in set(asks(first).values_list("key", flat=True))


def _whistle(mechanism: Mechanism) -> dict[str, str]:
    """The fields that a whistle asks for."""
    act = next(one for one in mechanism.acts if one.key == "blow")
    fields = [field for key in act.fields if (field := mechanism.field(key)) is not None and field.choices]
    return {field.key: field.choices[0].key for field in fields} | {"location": "桥头", "problem": "积水"}


def test_what_each_unit_answers_for_itself_is_asked_of_it_alone() -> None:
    laid("街道办", "城管局", "水务局")
    mechanism = matters.rules_for("M09").mechanism
    clock = next(one for one in mechanism.clocks if one.each)
    kind = mechanism.field("kind")
    assert kind is not None
    form = Form("积水", region_code="990102", fields={"kind": kind.choices[0].key}, units={"lead": [unit("街道办")]})
    item = matters.file_form(CHEN, "M09", form, ALL, clock=at(0)).subjects[0]
    do(liaison("街道办"), item, "blow", 0.01, fields=_whistle(mechanism), units={"called": [unit("城管局"), unit("水务局")]})
    for name in ("城管局", "水务局"):
        found = asks({unit(name)}).filter(key=clock.key)
        assert [row.unit for row in found] == [unit(name)]
