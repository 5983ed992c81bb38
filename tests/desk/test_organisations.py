"""What the ledger rests on: organisations, names, groups, merges, posts, regions; each act and its undoing."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import organisations as desk
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.undo import can_undo, undo
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.knowing import Units
from luoshi.ledger.store import append, rebuild, state_at
from tests.ledger.making import snapshot

CLERK = Actor(id="aclerk", username="clerk", name="温照野", roles=(Role.SUPERVISOR,))
PROVINCE, CITY, DISTRICT = "zprovince", "zcity", "zdistrict"


@pytest.fixture
def place(db: None) -> str:
    """A fictional district with its city and province."""
    rows = [(PROVINCE, "云川省", "云川省", "province", "000000"), (CITY, "澜州市", "云川省澜州市", "city", PROVINCE)]
    rows += [(DISTRICT, "栖山区", "云川省澜州市栖山区", "county", CITY)]
    for code, name, full, level, parent in rows:
        data = {"name": name, "full_name": full, "level": level, "kind": "place", "parent": parent, "source": "document"}
        append(CLERK.id, [Draft("region.add", code, data)])
    return DISTRICT


def _add(name: str, *, group: bool = False) -> str:
    return desk.add(CLERK, DISTRICT, name, group=group).subjects[0]


def _row(model: Any, key: str) -> dict[str, Any]:
    return dict(model.objects.filter(pk=key).values().get())


def _undone(done: Done, model: Any, before: dict[str, Any]) -> None:
    undo(CLERK, done.undo)
    assert _row(model, before["id"]) == before


def test_the_same_unit_twice_is_refused(place: str) -> None:
    _add("财政局")
    with pytest.raises(Conflict, match="已有"):
        _add(" 财政局 ")
    with pytest.raises(NotFound):
        desk.add(CLERK, "znowhere", "财政局")
    with pytest.raises(WrongValue):
        _add("  ")


def test_a_doubt_settled_and_back(place: str) -> None:
    key = _add("街道办")
    append(CLERK.id, [Draft("organisation.correct", key, {"doubt": "which-one"})])
    before = _row(models.Organisation, key)
    done = desk.settle_doubt(CLERK, key)
    assert _row(models.Organisation, key)["doubt"] == ""
    _undone(done, models.Organisation, before)


@pytest.mark.parametrize("act", [desk.merge, desk.rename])
def test_a_merge_or_a_new_name_and_back(place: str, act: Any) -> None:
    old, new = _add("卫生局"), _add("卫生健康委员会")
    before = _row(models.Organisation, old)
    done = act(CLERK, old, new if act is desk.merge else "卫生健康委员会", "2019-03-01", source="机构改革方案")
    row = _row(models.Organisation, old)
    assert (row["successor"], row["valid_to"]) == (new, "2019-03-01")
    assert Units().current(old) == new
    with pytest.raises(Conflict, match="互相"):
        desk.merge(CLERK, new, old, "2020-01-01")
    _undone(done, models.Organisation, before)
    again = models.Entry.objects.order_by("-seq").values_list("seq", flat=True)[0]
    undo(CLERK, f"{again}-{again}")
    assert _row(models.Organisation, old) == row


def test_a_new_name_makes_its_organisation_and_takes_it_back(place: str) -> None:
    """Both in one writing. Taken back, the name stands for the organisation itself; given again, it is the same organisation as before."""
    old = _add("财政局")
    before = _row(models.Organisation, old)
    done = desk.rename(CLERK, old, "财政和国资局", "2026-01-01")
    heir = done.subjects[0]
    assert (len(done.seqs), _row(models.Organisation, old)["successor"]) == (2, heir)
    made = _row(models.Organisation, heir)
    undone = undo(CLERK, done.undo)
    assert _row(models.Organisation, old) == before
    assert (_row(models.Organisation, heir)["successor"], Units().current(heir)) == (old, old)
    again = undo(CLERK, undone.undo)
    assert _row(models.Organisation, heir) == made
    undo(CLERK, again.undo)
    done = desk.rename(CLERK, old, "财政和国资局", "2026-02-01")
    assert _row(models.Organisation, heir) == made
    assert Units().current(old) == heir
    undo(CLERK, done.undo)
    assert Units().current(heir) == old
    before_rebuild = snapshot()
    rebuild()
    assert snapshot() == before_rebuild


def test_a_new_name_that_makes_a_circle_leaves_nothing_behind(place: str) -> None:
    old, new = _add("卫生局"), _add("卫生健康委员会")
    desk.rename(CLERK, old, "卫生健康委员会", "2019-03-01")
    count = models.Entry.objects.count()
    with pytest.raises(Conflict, match="互相"):
        desk.rename(CLERK, new, "卫生局", "2020-01-01")
    assert models.Entry.objects.count() == count


def test_an_organisation_by_itself_stays(place: str) -> None:
    done = desk.add(CLERK, place, "财政局")
    with pytest.raises(Conflict, match="不能撤销"):
        undo(CLERK, done.undo)
    assert not can_undo("organisation.add")


def test_a_new_name_without_a_day_leaves_nothing_behind(place: str) -> None:
    old = _add("卫生局")
    with pytest.raises(WrongValue, match="日期"):
        desk.rename(CLERK, old, "卫生健康委员会", "去年")
    assert models.Organisation.objects.count() == 1


@pytest.mark.parametrize("written", ["区经贸局", "经贸局（商务局）", "经贸局 "])
def test_a_decided_name_means_what_was_decided(place: str, written: str) -> None:
    key = _add("工业和信息化局")
    done = desk.add_alias(CLERK, key, place, written)
    found = Units().find(written.strip(), place)
    assert (found.id, found.reason) == (key, "decided")
    undo(CLERK, done.undo)
    assert Units().find(written.strip(), place).reason != "decided"


def test_undoing_a_decided_name_leaves_what_the_rules_said(place: str) -> None:
    key, other = _add("财政局"), _add("国有资产监督管理局")
    name = desk.add_alias(CLERK, key, place, "国资局").subjects[0]
    rules = {"region_code": place, "name": "国资局", "organisation": key, "reason": "level-word form"}
    append(CLERK.id, [Draft("alias.add", name, rules)])
    before = _row(models.Alias, name)
    _undone(desk.add_alias(CLERK, other, place, "国资局"), models.Alias, before)


def test_members_come_and_go(place: str) -> None:
    group, one = _add("招商引资领导小组成员单位", group=True), _add("商务局")
    member = desk.add_member(CLERK, group, one, valid_from="2025-01-01").subjects[0]
    before = _row(models.Member, member)
    done = desk.remove_member(CLERK, member, valid_to="2025-06-30")
    assert (_row(models.Member, member)["live"], _row(models.Member, member)["valid_to"]) == (False, "2025-06-30")
    _undone(done, models.Member, before)
    with pytest.raises(Conflict, match="成员"):
        desk.add_member(CLERK, one, group)
    with pytest.raises(WrongValue):
        desk.add_member(CLERK, group, one, valid_from="2025-02-30")


@pytest.fixture
def duty(place: str) -> str:
    """An open duty of a person without a post."""
    data = {"document": "dnone", "fact": "", "title": "建公园", "text": "建公园", "year": 2025, "region_code": place, "ordinal": 1}
    append(CLERK.id, [Draft("item.create", "ipark", {**data, "duties": [{"role": "leader", "name": "竹知节"}]}, context="dnone")])
    return models.Duty.objects.get(item="ipark").id


def test_who_takes_up_a_post_brings_the_duties(place: str, duty: str) -> None:
    post = desk.add_post(CLERK, place, "副区长").subjects[0]
    done = desk.hold(CLERK, post, "竹知节", valid_from="2023-01-10")
    assert _row(models.Duty, duty)["post"] == post
    undo(CLERK, done.undo)
    assert _row(models.Duty, duty)["post"] == ""
    assert not models.Holding.objects.get(post=post).live
    last = models.Entry.objects.order_by("-seq").first()
    assert last is not None
    assert state_at("ipark", last.at)["duty", duty]["post"] == ""
    undo(CLERK, f"{last.seq}-{last.seq}")
    assert (_row(models.Duty, duty)["post"], models.Holding.objects.get(post=post).live) == (post, True)


def test_leaving_and_back(place: str) -> None:
    post = desk.add_post(CLERK, place, "区长").subjects[0]
    holding = desk.hold(CLERK, post, "松问渠", valid_from="2023-01-10").subjects[0]
    before = _row(models.Holding, holding)
    done = desk.leave(CLERK, holding, "2025-01-01")
    assert _row(models.Holding, holding)["valid_to"] == "2025-01-01"
    _undone(done, models.Holding, before)
    with pytest.raises(WrongValue, match="离任早于任职"):
        desk.hold(CLERK, post, "柏望川", valid_from="2025-01-01", valid_to="2024-01-01")
    with pytest.raises(WrongValue, match="离任早于任职"):
        desk.leave(CLERK, holding, "2022-01-01")


def test_a_place_moves_with_all_below(place: str) -> None:
    before = {code: _row(models.Region, code) for code in (CITY, DISTRICT)}
    done = desk.correct_region(CLERK, CITY, {"name": "澜洲市", "valid_from": "1998"})
    assert _row(models.Region, CITY)["full_name"] == "云川省澜洲市"
    assert _row(models.Region, DISTRICT)["full_name"] == "云川省澜洲市栖山区"
    undo(CLERK, done.undo)
    assert {code: _row(models.Region, code) for code in (CITY, DISTRICT)} == before
    assert desk.correct_region(CLERK, CITY, {"name": "澜州市"}).count <= 1


@pytest.mark.parametrize("fields", [{"parent": DISTRICT}, {"parent": CITY}])
def test_a_place_does_not_lie_in_itself(place: str, fields: dict[str, str]) -> None:
    with pytest.raises(Conflict, match="上级"):
        desk.correct_region(CLERK, CITY, fields)


def test_what_a_list_holds_is_not_changed(place: str) -> None:
    with pytest.raises(Conflict, match="国家标准"):
        desk.correct_region(CLERK, "110000", {"name": "别名"})


def test_all_of_it_can_be_folded_again(place: str, duty: str) -> None:
    test_a_merge_or_a_new_name_and_back(place, desk.merge)
    test_who_takes_up_a_post_brings_the_duties(place, duty)
    test_a_place_moves_with_all_below(place)
    before = snapshot()
    rebuild()
    assert snapshot() == before


def test_two_entries_of_one_body(place: str) -> None:
    right, doubtful = _add("墨棠街道办事处"), _add("街道办事处")
    name = desk.add_alias(CLERK, doubtful, place, "区街道办").subjects[0]
    before = snapshot()
    done = desk.same_as(CLERK, doubtful, right, "2025-03-01")
    assert {Units().find(written, place).id for written in ("街道办事处", "区街道办", "墨棠街道办")} == {right}
    assert Units().current(doubtful) == right
    assert models.Alias.objects.get(pk=name).organisation == right
    undo(CLERK, done.undo)
    after = snapshot()
    after["alias"] = [row for row in after["alias"] if row["live"]]
    assert after == before
