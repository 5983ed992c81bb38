"""Matters: filed from items, acted on by those who may, moved by the clock, given to groups, rebuilt alike."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.desk.actor import SYSTEM, Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.evidence import BadEvidence, Kept, keep
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, rebuild, state_at, verify_chain
from luoshi.loop.engine import Refused

pytestmark = pytest.mark.usefixtures("db")

REGION = "990102"
ALL = Scope.whole()
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CHECKS = ["facts", "solved", "done", "conclusion", "lawful", "form"]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


def unit(name: str) -> str:
    return organisation_id(REGION, name)


def person(name: str, role: Role, organisation: str = "") -> Actor:
    return Actor(f"a{name}", name, name, (role,), unit(organisation) if organisation else "", REGION)


CHEN, LI = person("chen", Role.SUPERVISOR), person("li", Role.LEADER)
WANG, ZHAO = person("wang", Role.LIAISON, "发展和改革局"), person("zhao", Role.LIAISON, "财政局")


def at(days: float) -> Callable[[], datetime]:
    return lambda: START + timedelta(days=days)


def laid(*names: str, group: str = "", members: tuple[str, ...] = ()) -> None:
    for name in (*names, *members):
        append("asys", [Draft("organisation.add", unit(name), {"region_code": REGION, "name": name, "kind": "body", "plates": []})])
    if group:
        append("asys", [Draft("organisation.add", unit(group), {"region_code": REGION, "name": group, "kind": "group", "plates": []})])
        for name in members:
            data = {"organisation": unit(name), "valid_from": "2020-01-01", "valid_to": ""}
            append("asys", [Draft("group.add", f"m-{name}", {"group": unit(group), **data})])


def made(title: str = "新建幼儿园 3 所", lead: str = "发展和改革局", due: str = "2026-06-30", **more: Any) -> str:
    form = Form(title, region_code=REGION, fields={"due": due, **more}, units={"lead": [unit(lead)]})
    return matters.file_form(CHEN, "M01", form, ALL, clock=at(0)).subjects[0]


def do(who: Actor, item: str, key: str, day: float, *, evidence: tuple[Kept, ...] = (), seen: int | None = None, **inputs: Any) -> None:
    matters.act(who, item, Try(key, inputs, evidence=evidence, seen=seen), ALL, clock=at(day))


def row(item: str) -> Any:
    return models.Matter.objects.get(pk=item)


def handling(item: str) -> str:
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    do(WANG, item, "sign", 0.3)
    return item


def test_a_whole_life() -> None:
    laid("发展和改革局", "财政局")
    item = made()
    assert row(item).number == "重2026-000001"
    assert (row(item).stage, row(item).turn) == ("proposed", "leader")
    handling(item)
    do(WANG, item, "report", 10, progress=40, text="主体完工")
    do(WANG, item, "apply-close", 60, text="已竣工", evidence=tuple(keep([("现场.png", PNG)])))
    do(CHEN, item, "pass", 61, checks=CHECKS)
    do(LI, item, "close", 62)
    assert (row(item).state, row(item).light, row(item).progress, row(item).evidence) == ("closed", "green", 40.0, 1)
    assert models.Evidence.objects.get(item=item).media == "image/png"
    states = dict(models.Clock.objects.filter(item=item, key__in=("sign", "handle", "check")).values_list("key", "state"))
    assert states == {"sign": "met", "handle": "met", "check": "met"}
    assert verify_chain()


def test_who_may_not() -> None:
    laid("发展和改革局", "财政局")
    item = made()
    with pytest.raises(Refused, match="由分管领导办理"):
        do(CHEN, item, "approve", 0.1)
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    with pytest.raises(Refused, match="由牵头单位办理"):
        do(ZHAO, item, "sign", 0.3)
    with pytest.raises(Refused) as caught:
        do(WANG, item, "report", 0.3, progress=5)
    assert "签收" in caught.value.remedy


def test_the_second_is_told() -> None:
    laid("发展和改革局")
    item = handling(made())
    seen = row(item).acts
    do(WANG, item, "report", 5, progress=10, seen=seen)
    with pytest.raises(Refused) as caught:
        do(WANG, item, "report", 5, progress=20, seen=seen)
    assert caught.value.slug == "moved-on"
    assert row(item).progress == 10.0


def test_a_refused_act_leaves_nothing() -> None:
    laid("发展和改革局")
    item = handling(made(due="2026-04-30"))
    before = models.Entry.objects.count()
    with pytest.raises(Refused):
        do(WANG, item, "ask-extension", 90, reason="雨", date="2026-09-30")
    assert models.Entry.objects.count() == before


def test_the_clock_does_each_thing_once_and_catches_up_in_order() -> None:
    laid("发展和改革局")
    item = handling(made(due="2026-04-30"))
    first = matters.tick(clock=at(75))
    assert first.entries > 3
    assert row(item).light == "red"
    told = [entry.values["move"] for entry in _ticks(item)]
    assert [one["at"] for one in told] == sorted(one["at"] for one in told)
    assert {one["act"] for one in told if one["kind"] == "rung"} >= {"remind", "chase-1", "letter", "report-late"}
    assert matters.tick(clock=at(75)).entries == 0


def test_late_or_early_the_clock_says_the_same() -> None:
    laid("发展和改革局")
    one, two = handling(made("甲")), handling(made("乙"))
    for day in range(1, 150):
        models.Matter.objects.filter(pk=two).update(wake="")
        matters.tick(clock=at(day))
        models.Matter.objects.filter(pk=two).update(wake=_wake(two))
    matters.tick(clock=at(150))
    assert [entry.values["move"]["act"] for entry in _ticks(one)] == [entry.values["move"]["act"] for entry in _ticks(two)]
    assert life_of(row(one).life).lights == life_of(row(two).life).lights


def _wake(item: str) -> str:
    from luoshi.ledger.entry import moment

    wake = life_of(row(item).life).wake
    return moment(wake) if wake else ""


def _ticks(item: str) -> list[Any]:
    from luoshi.ledger.store import history

    return [entry for entry in reversed(history(item)) if entry.act == "loop.tick"]


def test_another_light_rule_changes_lights_without_code() -> None:
    from luoshi.desk import settings

    laid("发展和改革局")
    item = handling(made(due="2026-12-31"))
    do(WANG, item, "report", 20, progress=2)
    matters.tick(clock=at(60))
    before = row(item).lights_by
    settings.change(Actor("asys", "sys", "sys", (Role.SYSTEM_ADMIN,)), {"lights": "yinchuan"})
    matters.tick(clock=at(61))
    assert (before, row(item).lights_by) == ("plain", "yinchuan")
    assert matters.tick(clock=at(61)).entries == 0


def test_a_group_becomes_its_members_and_folds_up() -> None:
    laid("民政局", group="各社区管委会", members=("东社区管委会", "西社区管委会"))
    item = made("社区食堂", lead="各社区管委会")
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    children = list(models.Matter.objects.filter(parent=item).order_by("number"))
    assert [child.number for child in children] == ["重2026-000001-01", "重2026-000001-02"]
    assert {child.unit for child in children} == {unit("东社区管委会"), unit("西社区管委会")}
    east = next(child.id for child in children if child.unit == unit("东社区管委会"))
    liaison = person("sun", Role.LIAISON, "东社区管委会")
    do(liaison, east, "sign", 0.3)
    do(liaison, east, "report", 10, progress=80)
    west = next(child.id for child in children if child.id != east)
    other = person("qian", Role.LIAISON, "西社区管委会")
    do(other, west, "sign", 0.4)
    do(other, west, "report", 11, progress=40)
    assert row(item).progress == 60.0
    with pytest.raises(Refused):
        do(liaison, item, "sign", 12)


def test_split_and_merge() -> None:
    laid("发展和改革局", "财政局")
    item, other = handling(made("甲")), handling(made("乙"))
    do(CHEN, item, "split", 1, reason="两处", children=[{"title": "东区一所"}, {"title": "西区两所", "lead": [unit("财政局")]}])
    parts = models.Matter.objects.filter(parent=item)
    assert {part.unit for part in parts} == {unit("发展和改革局"), unit("财政局")}
    do(CHEN, other, "merge", 2, reason="同一件事", matter=item)
    assert (row(other).state, life_of(row(other).life).fields["merged_into"]) == ("ended", item)


def test_transfer_changes_who_sees_it() -> None:
    laid("发展和改革局", "财政局")
    item = made()
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    do(CHEN, item, "transfer", 0.3, reason="归口", units={"lead": [unit("财政局")]})
    assert set(models.Duty.objects.filter(item=item, live=True, role="lead").values_list("organisation", flat=True)) == {unit("财政局")}
    assert models.Item.objects.get(pk=item).lead == "财政局"
    with pytest.raises(Refused):
        do(WANG, item, "sign", 0.4)
    do(ZHAO, item, "sign", 0.4)


def test_the_fold_is_the_rebuild() -> None:
    laid("民政局", group="各社区管委会", members=("东社区管委会", "西社区管委会"))
    do(LI, made("社区食堂", lead="各社区管委会"), "approve", 0.1)
    item = models.Matter.objects.get().id
    do(CHEN, item, "assign", 0.2)
    matters.tick(clock=at(80))
    tables = (models.Matter, models.Clock, models.Duty, models.Item, models.Evidence, models.MechanismFile)
    before = [list(table.objects.order_by("pk").values()) for table in tables]
    rebuild()
    assert [list(table.objects.order_by("pk").values()) for table in tables] == before


def test_as_of_any_moment() -> None:
    from luoshi.ledger.entry import moment

    laid("发展和改革局")
    item = handling(made(due="2026-04-30"))
    matters.tick(clock=at(40))
    then = state_at(item, moment(START + timedelta(days=40)))["matter", item]
    now = models.Matter.objects.filter(pk=item).values()[0]
    matters.tick(clock=at(90))
    assert state_at(item, moment(START + timedelta(days=40)))["matter", item] == then == now
    assert row(item).light == "red"


def test_evidence_is_told_by_its_bytes() -> None:
    with pytest.raises(BadEvidence, match="不收这种文件"):
        keep([("好.png", b"MZ\x90\x00" + bytes(99))])
    with pytest.raises(BadEvidence, match="空"):
        keep([("空.txt", b"")])
    with pytest.raises(BadEvidence):
        keep([("页.txt", b"<html><script>alert(1)</script>")])
    assert len(keep([("甲.png", PNG), ("乙.png", PNG)])) == 1


def test_the_system_takes_no_part_of_people() -> None:
    laid("发展和改革局")
    item = made()
    with pytest.raises(Refused):
        do(SYSTEM, item, "approve", 0.1)


def test_what_shows_it_is_needed_by_the_entry() -> None:
    """Evidence goes along into a backup, and is missed where it is gone from the store."""
    from luoshi.ledger.acts import files_of

    laid("发展和改革局")
    item = handling(made())
    kept = tuple(keep([("现场.png", PNG), ("说明.txt", "已完成".encode())]))
    do(WANG, item, "report", 5, progress=50, evidence=kept)
    from luoshi.ledger.store import entries

    last = list(entries())[-1]
    assert set(files_of(last)) == {one.file for one in kept}


def test_who_follows_in_a_post_inherits_what_it_decides() -> None:
    from luoshi.desk import accounts, organisations

    laid("发展和改革局")
    people = {}
    for name in ("柏望川", "梅听雨", "竹知节"):
        key = accounts.create(SYSTEM, {"username": f"u{len(people)}", "name": name}, (Role.LEADER,), strict=False).subjects[0]
        people[name] = Actor(key, f"u{len(people)}", name, (Role.LEADER,), "", REGION)
    append("asys", [Draft("region.add", REGION, {"name": "栖山区", "full_name": "云川省澜州市栖山区", "level": "county", "parent": ""})])
    post = organisations.add_post(CHEN, REGION, "副区长（社会事业）").subjects[0]
    held = organisations.hold(CHEN, post, "柏望川", valid_from="2023-01-10").subjects[0]
    form = Form("新建幼儿园", region_code=REGION, fields={"due": "2026-06-30"}, units={"lead": [unit("发展和改革局")], "leader": [post]})
    item = matters.file_form(CHEN, "M01", form, ALL, clock=at(0)).subjects[0]
    with pytest.raises(Refused, match="由分管领导办理"):
        do(people["梅听雨"], item, "approve", 1)
    organisations.leave(CHEN, held, "2026-02-01")
    organisations.hold(CHEN, post, "梅听雨", valid_from="2026-02-02")
    with pytest.raises(Refused):
        do(people["柏望川"], item, "approve", 1)
    do(people["梅听雨"], item, "approve", 1)
    assert row(item).stage == "approved"
    assert row(item).leader == post


def test_inspections_that_meet_are_told() -> None:
    from luoshi.desk.matters.overlapping import clashes

    laid("教育局", "督查组")
    items = []
    for day in (0, 1):
        form = Form(
            f"校园食品安全督查{day}", region_code=REGION, fields={"type": "special", "basis": "order"}, units={"object": [unit("教育局")]}
        )
        item = matters.file_form(CHEN, "M02", form, ALL, clock=at(day)).subjects[0]
        fields = {"authority_by": "区长", "authority_doc": "督查指令", "authority_day": "2026-03-02"}
        do(LI, item, "authorise", day + 0.1, fields=fields, evidence=tuple(keep([("指令.txt", "同意".encode())])))
        assert clashes(item) == []
        plan = {
            "content": "校园食品安全", "objects": ["教育局"], "scope": "全区中小学食堂", "methods": ["暗访"], "start_day": "2026-03-10",
            "end_day": "2026-03-12", "group_leader": "甲",
        }  # fmt: skip
        checks = [point.key for one in matters.rules_for("M02").mechanism.checklists if one.key == "plan" for point in one.points]
        units = {"object": [unit("教育局")], "group": [unit("督查组")]}
        do(CHEN, item, "plan", day + 0.2, fields=plan, checks=checks, units=units)
        items.append(item)
    found = clashes(items[1])
    assert [one.item for one in found] == [items[0]]
    assert "食品安全" in found[0].reason
    assert row(items[1]).unit == unit("教育局")


def test_nobody_speaks_for_somebody_inside() -> None:
    laid("发展和改革局")
    item = made()
    for who in (CHEN, WANG, SYSTEM):
        with pytest.raises(Refused, match="不能替别人办"):
            matters.act(who, item, Try("approve", part="leader"), ALL, clock=at(0.1))
    assert row(item).stage == "proposed"


def test_what_is_personal_goes_out_in_no_table() -> None:
    from luoshi.ledger.cells import lines
    from luoshi.ledger.places import tree

    fields = {"channel": "phone", "caller": "陆远山", "category": "city", "location": "栖山区", "urgency": "normal"}
    known = {field.key: field for field in matters.rules_for("M08").mechanism.fields}
    given = {key: value for key, value in fields.items() if key in known and known[key].type != "choice"}
    given |= {key: known[key].choices[0].key for key in ("channel", "category", "urgency") if key in known and known[key].choices}
    names = [key for key, field in known.items() if field.masked and field.type == "person"]
    form = Form(
        "陆远山反映路灯不亮", text="我叫陆远山，电话13812345678，路灯坏了三天", region_code=REGION, fields={**given, names[0]: "陆远山"}
    )
    item = matters.file_form(CHEN, "M08", form, ALL, clock=at(0)).subjects[0]
    line = next(iter(lines(models.Item.objects.filter(pk=item), tree())))
    assert "陆远山" not in line.value("title") + line.value("text")
    assert "13812345678" not in line.value("text")
    assert "路灯" in line.value("title")
    assert "13812345678" in models.Item.objects.get(pk=item).text


@pytest.mark.parametrize(
    "inputs",
    [
        {"count": -50}, {"class": "ZZZ"}, {"milestones": [{"day": "9999-99-99", "percent": -5}]}, {"progress": 100}, {"units": "x"},
        {"ratings": "x"}, {"evidence": "x"}, {"children": [{"title": "甲"}]}, {"posts": ["p"]}, {"checks": ["facts"]},
    ],
    ids=lambda inputs: next(iter(inputs)),
)  # fmt: skip
def test_an_act_takes_only_what_it_declares(inputs: dict[str, Any]) -> None:
    laid("发展和改革局", "财政局")
    form = Form(
        "甲",
        region_code=REGION,
        fields={"due": "2026-06-30", "target": 100},
        units={"lead": [unit("发展和改革局")], "support": [unit("财政局")]},
    )
    item = handling(matters.file_form(CHEN, "M01", form, ALL, clock=at(0)).subjects[0])
    with pytest.raises(Refused, match=r"这一步不填|写法不对"):
        matters.act(ZHAO, item, Try("support-report", {"text": "协办情况", **inputs}), ALL, clock=at(1))
    assert row(item).progress is None


def test_numbers_go_on_after_a_group_was_split_up() -> None:
    laid("民政局", group="各社区管委会", members=("东社区管委会", "西社区管委会"))
    item = made("社区食堂", lead="各社区管委会")
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    assert row(made("社区书屋", lead="民政局")).number == "重2026-000002"


def test_a_closed_matter_is_not_filed_again() -> None:
    laid("发展和改革局")
    item = made()
    do(LI, item, "refuse", 0.1, reason="重复")
    before = models.Matter.objects.filter(pk=item).values()[0]
    assert matters.file(CHEN, [item], "M01", ALL, clock=at(1)).count == 0
    assert models.Matter.objects.filter(pk=item).values()[0] == before


def test_a_groups_months_are_kept_however_late_its_members_report() -> None:
    laid(group="各社区管委会", members=("东社区管委会",))
    liaison = person("sun", Role.LIAISON, "东社区管委会")
    ends = []
    for daily in (True, False):
        item = made(f"食堂{daily}", lead="各社区管委会", due="2026-04-15")
        do(LI, item, "approve", 0.1)
        do(CHEN, item, "assign", 0.2)
        child = models.Matter.objects.get(parent=item).id
        do(liaison, child, "sign", 0.3)
        for day in range(1, 110) if daily else ():
            matters.tick(clock=at(day))
        do(liaison, child, "report", 110, progress=50)
        ends.append(life_of(row(item).life).ends)
    assert ends[0] == ends[1] != ()


def test_what_was_taken_back_shows_nothing_any_more() -> None:
    from luoshi.desk.matters import evidence

    laid("发展和改革局")
    item = handling(made())
    kept = tuple(keep([("现场.png", PNG)]))
    do(WANG, item, "report", 1, progress=50, evidence=kept)
    evidence.withdraw(WANG, item, kept[0].file, ALL, clock=at(2))
    assert row(item).evidence == 0
    with pytest.raises(Refused, match="佐证"):
        do(WANG, item, "apply-close", 3, text="已完成")
    do(WANG, item, "apply-close", 4, text="已完成", evidence=kept)
    assert models.Evidence.objects.get(item=item).live
    before = [list(table.objects.values()) for table in (models.Matter, models.Evidence)]
    rebuild()
    assert [list(table.objects.values()) for table in (models.Matter, models.Evidence)] == before


def test_of_many_the_others_are_done() -> None:
    laid("发展和改革局")
    one, two = handling(made("甲")), handling(made("乙"))
    wanted = {one: Try("report", {"progress": 10}), "i-nowhere": Try("report", {"progress": 10}), two: Try("report", {"progress": 20})}
    _, refused = matters.act_many(WANG, wanted, ALL, clock=at(1))
    assert list(refused) == ["i-nowhere"]
    assert (row(one).progress, row(two).progress) == (10.0, 20.0)


def test_a_merge_goes_into_something_alive() -> None:
    laid("发展和改革局")
    one, two, gone = handling(made("甲")), handling(made("乙")), made("丙")
    do(LI, gone, "refuse", 0.1, reason="重复")
    for into in (one, gone, "i-nowhere"):
        with pytest.raises(Refused, match=r"要并入的事项|不能并入"):
            do(CHEN, one, "merge", 1, reason="同一件事", matter=into)
    do(CHEN, one, "merge", 1, reason="同一件事", matter=two)
    with pytest.raises(Refused, match="不能并入"):
        do(CHEN, two, "merge", 2, reason="同一件事", matter=one)


def test_an_own_light_rule_is_known_by_its_words() -> None:
    from django.conf import settings

    from luoshi.desk.matters.ruling import light_rule

    folder = settings.LUOSHI.data / "lights"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / "own.yaml"
    case = '{title: 近, now: "2026-03-26", given: {due: "2026-03-31", started: "2026-03-01"}, then: {time: yellow}}'
    text = f"based_on: plain\nkey: own\ntitle: {{zh: 本区, en: ours}}\nsettings: {{near: 3}}\ncases: [{case}]\n"
    try:
        file.write_text(text, encoding="utf-8")
        first = light_rule("own").key
        file.write_text(text.replace("本区", "本区二"), encoding="utf-8")
        assert light_rule("own").key != first
        assert light_rule("plain").key == "plain"
    finally:
        file.unlink()


def _two_of_one_name() -> tuple[str, Actor, Actor, str, str]:
    """A matter whose leader is 王伟, and two leaders of that name; (matter, one, other, holding, post)."""
    from luoshi.desk import accounts, organisations

    laid("发展和改革局")
    people = []
    for at_ in range(2):
        name = "王　伟" if at_ else "王伟"
        key = accounts.create(SYSTEM, {"username": f"w{at_}", "name": name}, (Role.LEADER,), strict=False).subjects[0]
        people.append(Actor(key, f"w{at_}", name, (Role.LEADER,), "", REGION))
    append("asys", [Draft("region.add", REGION, {"name": "栖山区", "full_name": "云川省澜州市栖山区", "level": "county", "parent": ""})])
    post = organisations.add_post(CHEN, REGION, "副区长").subjects[0]
    holding = organisations.hold(CHEN, post, "王伟", valid_from="2023-01-10").subjects[0]
    form = Form("新建幼儿园", region_code=REGION, fields={"due": "2026-06-30"}, units={"lead": [unit("发展和改革局")], "leader": [post]})
    item = matters.file_form(CHEN, "M01", form, ALL, clock=at(0)).subjects[0]
    return item, people[0], people[1], holding, post


def test_of_two_leaders_of_one_name_neither_decides_until_it_is_said_whose_the_post_is() -> None:
    from luoshi.desk import organisations
    from luoshi.desk.rights import Forbidden
    from luoshi.desk.undo import undo
    from luoshi.ledger.holding import held, posts_of, posts_of_others, unclear_for

    item, one, other, holding, post = _two_of_one_name()
    day = "2026-03-02"
    assert models.Holding.objects.get(pk=holding).account == ""
    for who in (one, other):
        with pytest.raises(Refused, match="不止一个领导账号"):
            do(who, item, "approve", 1)
        assert posts_of(who.id, day) == frozenset()
        assert unclear_for(who.id, day) == {post}
    with pytest.raises(Refused, match="由分管领导办理"):
        do(LI, item, "approve", 1)
    with pytest.raises(Forbidden):
        organisations.bind(person("admin", Role.SYSTEM_ADMIN), holding, other.id)
    done = organisations.bind(CHEN, holding, other.id)
    assert held([post], day).accounts == {other.id}
    assert posts_of_others(one.id, day) == {post}
    with pytest.raises(Refused, match="由分管领导办理"):
        do(one, item, "approve", 1)
    undo(CHEN, done.undo or "")
    assert held([post], day).unclear == {"王伟"}
    organisations.bind(CHEN, holding, other.id)
    do(other, item, "approve", 1)
    assert row(item).stage == "approved"
    rebuild()
    assert models.Holding.objects.get(pk=holding).account == other.id
    assert state_at(post, "2030-01-01T00:00:00.000000Z")["holding", holding]["account"] == other.id


def test_a_bound_post_stays_with_its_account_whatever_names_become() -> None:
    from luoshi.desk import accounts, organisations
    from luoshi.desk.done import WrongValue
    from luoshi.ledger.holding import posts_of

    item, one, other, holding, post = _two_of_one_name()
    with pytest.raises(WrongValue):
        organisations.bind(CHEN, holding, "anobody")
    organisations.bind(CHEN, holding, one.id)
    accounts.change(SYSTEM, one.id, {"name": "甲"})
    accounts.change(SYSTEM, other.id, {"name": "王伟"})
    assert posts_of(one.id, "2026-03-02") == {post}
    with pytest.raises(Refused):
        do(other, item, "approve", 1)
    do(one, item, "approve", 1)


def test_the_one_leader_of_a_name_is_bound_when_the_post_is_taken_up() -> None:
    from luoshi.desk import accounts, organisations

    append("asys", [Draft("region.add", REGION, {"name": "栖山区", "full_name": "云川省澜州市栖山区", "level": "county", "parent": ""})])
    key = accounts.create(SYSTEM, {"username": "bai", "name": "柏望川"}, (Role.LEADER,), strict=False).subjects[0]
    post = organisations.add_post(CHEN, REGION, "区长").subjects[0]
    admin = person("admin", Role.SYSTEM_ADMIN)
    by_admin = organisations.hold(admin, post, "柏望川", valid_from="2022-01-10").subjects[0]
    assert models.Holding.objects.get(pk=by_admin).account == ""
    by_office = organisations.hold(CHEN, post, "柏望川", valid_from="2023-01-10").subjects[0]
    assert models.Holding.objects.get(pk=by_office).account == key


def test_a_file_waits_beside_the_store_until_an_act_brings_it() -> None:
    from luoshi.desk.matters.evidence import sweep, waiting
    from luoshi.ledger.store import blobs
    from tests.web.matters import png

    laid("发展和改革局", "财政局")
    item = handling(made())
    (kept,) = keep([("现场.png", png())])
    assert kept.thumb
    assert [waiting().path(key).is_file() for key in (kept.file, kept.thumb)] == [True, True]
    assert not blobs().path(kept.file).exists()
    with pytest.raises(Refused):
        do(ZHAO, item, "report", 1, progress=5, evidence=(kept,))
    assert not blobs().path(kept.file).exists()
    do(WANG, item, "report", 1, progress=5, evidence=(kept,))
    assert blobs().get(kept.file) == png()
    assert blobs().path(kept.thumb).is_file()
    assert not waiting().path(kept.file).exists()
    shown = models.Evidence.objects.get(item=item)
    assert (shown.thumb, shown.file) == (kept.thumb, kept.file)
    (other,) = keep([("没人用.txt", "没人用".encode())])
    sweep()
    assert waiting().path(other.file).is_file()
    assert sweep(older=0) >= 1
    assert not waiting().path(other.file).exists()
    with pytest.raises(BadEvidence, match="过期"):
        do(WANG, item, "report", 2, progress=6, evidence=(other,))
    rebuild()
    assert models.Evidence.objects.get(item=item).thumb == kept.thumb
    assert verify_chain()


def test_a_name_that_is_entered_later_is_found_in_no_title_any_more() -> None:
    from django.db import connection

    from luoshi.ledger import search
    from luoshi.ledger.search import Query

    def found(words: str) -> list[str]:
        return [hit.key for hit in search.find(connection, Query(words, scope=ALL)).hits if hit.kind == "item"]

    laid("发展和改革局")
    item = made("与陆远山对接新建幼儿园")
    assert found("陆远山") == [item]
    do(LI, item, "approve", 0.1)
    do(CHEN, item, "assign", 0.2)
    do(WANG, item, "sign", 0.3, fields={"contact": "陆远山"})
    assert (found("陆远山"), found("新建幼儿园")) == ([], [item])
    rebuild()
    assert (found("陆远山"), found("新建幼儿园")) == ([], [item])
