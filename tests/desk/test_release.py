"""Releases: what is held back and why, a second person, publishing, withdrawing, and that the same comes of the same entries."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from luoshi.desk import documents, items, matters
from luoshi.desk import release as desk
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, WrongValue
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.evidence import keep
from luoshi.desk.release import Chosen, Treatment, Wanted
from luoshi.desk.rights import Forbidden
from luoshi.ledger import models
from luoshi.ledger.enter import receive, take_in
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.reading import stored
from luoshi.ledger.released import Release
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, blobs, rebuild, verify_chain
from luoshi.pipeline import read_data
from luoshi.publish.release.content import Content, ReleaseStopped, encode

#: the id that any ledger gives this fictional district
REGION = "z5cdpst3lnmnjmfyyomzv"
ALL = Scope.whole()
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
REPORT = """政府工作报告

——2026年1月10日在栖山区第五届人民代表大会第五次会议上

一、2025年工作回顾

地区生产总值增长6.1%。一般公共预算收入增长5.2%。

二、2026年工作安排

今年预期目标是：地区生产总值增长6%左右，一般公共预算收入增长4%。新建幼儿园3所。
"""


def person(name: str, role: Role, unit: str = "") -> Actor:
    return Actor(f"a{name}", name, name, (role,), organisation_id(REGION, unit) if unit else "", REGION)


CHEN, GAO, LI = person("chen", Role.SUPERVISOR), person("gao", Role.SUPERVISOR), person("li", Role.LEADER)
WANG = person("wang", Role.LIAISON, "住房和城乡建设局")


def at(days: float) -> Callable[[], datetime]:
    return lambda: START + timedelta(days=days)


def png(note: bytes = b"shot at 31.1,117.2") -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 2, 2, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(b"\0" + bytes(6) for _ in range(2)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"tEXt", note) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def laid() -> None:
    values = {"name": "栖山区", "full_name": "云川省澜州市栖山区", "level": "county", "kind": "zone", "parent": ""}
    if not models.Region.objects.filter(pk=REGION).exists():
        append("asys", [Draft("region.add", REGION, {**values, "source": "test"})])
    for name in ("住房和城乡建设局", "司法局"):
        key = organisation_id(REGION, name)
        if not models.Organisation.objects.filter(pk=key).exists():
            append("asys", [Draft("organisation.add", key, {"region_code": REGION, "name": name, "kind": "body", "plates": []})])


def report(text: str = REPORT, name: str = "report.txt") -> str:
    received = receive([(name, text.encode())], CHEN.id)
    (key,) = take_in(received[0].file, stored(read_data(text.encode(), name)), CHEN.id, form="txt")
    documents.correct(CHEN, key, {"region": "云川省澜州市栖山区", "level": "county"}, ALL)
    assert models.Document.objects.get(pk=key).region_code == REGION
    return str(key)


def livelihood(title: str = "改造老旧小区", text: str = "改造老旧小区 24 个。", *, listed: bool = True) -> str:
    form = Form(title, text=text, region_code=REGION, fields={"year": 2026, "area": "housing", "contact": "魏松年"},
                units={"lead": [organisation_id(REGION, "住房和城乡建设局")], "acceptor": [organisation_id(REGION, "司法局")]})  # fmt: skip
    item = matters.file_form(CHEN, "M13", form, ALL, clock=at(0)).subjects[0]
    if listed:
        fields = {"goal": text, "target": 24, "target_unit": "个", "due": "2026-12-31"}
        do(CHEN, item, "put-forward", 1, fields=fields)
        units = {"lead": [organisation_id(REGION, "住房和城乡建设局")], "acceptor": [organisation_id(REGION, "司法局")]}
        do(LI, item, "select", 2, units=units, fields={"votes": "票决通过"})
        do(CHEN, item, "publish-list", 3, text="清单已公布", fields={"published_at": "区政府网站"})
    return item


def do(who: Actor, item: str, key: str, day: float, *, pictures: tuple[tuple[str, bytes], ...] = (), **inputs: Any) -> None:
    matters.act(who, item, Try(key, inputs, evidence=tuple(keep(pictures)) if pictures else ()), ALL, clock=at(day))


def drawn(*, day: float = 40, release: str = "", title: str = "2026年目标任务和民生实事", **chosen: Any) -> Release:
    wanted = Wanted(title, Chosen(REGION, **chosen))
    key = desk.draw(CHEN, wanted, ALL, release=release, clock=at(day)).subjects[0]
    return Release.objects.get(pk=key)


def content(row: Release) -> Content:
    return desk.content_of(row)


def reasons(row: Release, kind: str = "") -> set[tuple[str, str]]:
    return {(one.kind, one.reason) for one in desk.held_of(row) if not kind or one.kind == kind}


@pytest.mark.usefixtures("db")
def test_what_leaves_and_what_stays() -> None:
    laid()
    document, item = report(), livelihood()
    do(WANG, item, "report", 20, count=8, text="按季报数量", pictures=(("现场.png", png()),))
    early = livelihood("新增托位", "新增托位 300 个。", listed=False)
    matters.file_form(CHEN, "M08", Form("路灯不亮", text="楼下路灯不亮", region_code=REGION, fields={"channel": "phone"}), ALL, clock=at(5))
    row = drawn()
    made = content(row)
    assert [one.id for one in made.documents] == [document]
    assert {fact.role for fact in made.facts} >= {"target", "result"}
    assert all(fact.text in REPORT for fact in made.facts)
    (one,) = made.items
    assert (one.id, one.percent, one.target, one.unit, one.field) == (item, 33.3333, 24.0, "个", "住房")
    assert [unit.name for unit in one.lead] == ["住房和城乡建设局"]
    assert [(told.act, told.text) for told in one.told] == [("公布清单", "清单已公布")]
    assert "魏松年" not in encode(made).decode()
    assert "路灯" not in encode(made).decode() + msgspec.json.encode(desk.held_of(row)).decode()
    assert {("item", "before-public"), ("item", "one-person"), ("picture", "picture"), ("field", "field-personal")} <= reasons(row)
    assert {held.id for held in desk.held_of(row) if held.reason == "before-public"} == {early}
    assert made.held["one-person"] == 1


@pytest.mark.usefixtures("db")
def test_a_picture_that_was_looked_at_leaves_without_what_the_camera_wrote() -> None:
    laid()
    item = livelihood()
    do(WANG, item, "report", 20, count=8, text="按季报数量", pictures=(("现场.png", png()),))
    evidence = models.Evidence.objects.get(item=item)
    (picture,) = content(drawn(pictures=(evidence.id,))).items[0].pictures
    assert b"31.1" in blobs().get(evidence.file)
    assert b"31.1" not in blobs().get(picture.file)
    assert picture.media == "image/png"


@pytest.mark.usefixtures("db")
def test_a_secret_document_stays_whole_and_an_item_with_a_telephone_too() -> None:
    laid()
    report("秘密★5年\n" + REPORT)
    draft = report(REPORT.replace("政府工作报告", "政府工作报告（征求意见稿）"), "draft.txt")
    item = livelihood(text="改造老旧小区 24 个，报名电话13900001207。")
    row = drawn()
    assert (content(row).documents, content(row).facts, content(row).items) == ((), (), ())
    assert {("document", "state-secret"), ("document", "process"), ("item", "personal")} <= reasons(row)
    treat = {item: Treatment("mask"), draft: Treatment("let", "已公开征求意见")}
    again = drawn(release=row.id, treat=treat)
    assert again.id == row.id
    assert [one.id for one in content(again).documents] == [draft]
    assert "139****1207" in content(again).items[0].text
    assert "13900001207" not in encode(content(again)).decode()


CITY = "z7city0000000000000aa"


def twice() -> tuple[Release, Release, str]:
    """A city's release and a later one of its district, both published, with an item that is in both."""
    if not models.Region.objects.filter(pk=CITY).exists():
        values = {"name": "澜州市", "full_name": "云川省澜州市", "level": "city", "kind": "zone", "parent": "", "source": "test"}
        append("asys", [Draft("region.add", CITY, values)])
        values = {"name": "栖山区", "full_name": "云川省澜州市栖山区", "level": "county", "kind": "zone", "parent": CITY, "source": "test"}
        append("asys", [Draft("region.add", REGION, values)])
    laid()
    item = livelihood()
    made = []
    for region, day, title in ((CITY, 40, "全市民生实事"), (REGION, 50, "全区民生实事")):
        if region == REGION:
            do(WANG, item, "report", 45, count=12, text="进展", pictures=(("现场.png", png()),))
        key = desk.draw(CHEN, Wanted(title, Chosen(region)), ALL, clock=at(day)).subjects[0]
        desk.approve(GAO, key, ALL, clock=at(day + 1))
        desk.publish(CHEN, key, ALL, clock=at(day + 2))
        made.append(Release.objects.get(pk=key))
    return made[0], made[1], item


@pytest.mark.usefixtures("db")
def test_where_two_releases_overlap_the_newer_speaks_and_the_older_is_named() -> None:
    from luoshi.desk.release import overlapping
    from luoshi.publish.portal import site_of

    city, district, item = twice()
    for order in ((city, district), (district, city)):
        assert site_of([content(row) for row in order]).items[item].count == 12, "what was told last"
    assert desk.also_public(city) == desk.also_public(district) == []
    reads = overlapping._records.cache_info().misses
    assert desk.also_public(city) == desk.also_public(district) == []
    assert overlapping._records.cache_info().misses == reads, "what was unpacked once is not unpacked at the next look"
    seen = overlapping._records(district.content)
    assert seen == {one.id: one.region_code for one in (*content(district).items, *content(district).documents)}
    assert item in seen
    desk.withdraw(LI, district.id, "误公开", ALL, clock=at(60))
    district.refresh_from_db()
    assert [(one.release.id, one.count) for one in desk.also_public(district)] == [(city.id, 1)]
    desk.withdraw(LI, city.id, "误公开", ALL, clock=at(61))
    assert desk.also_public(district) == []


@pytest.mark.usefixtures("db")
def test_what_a_newer_release_leaves_out_is_named_where_an_older_still_shows_it() -> None:
    city, district, item = twice()
    key = desk.draw(CHEN, Wanted("全区民生实事", Chosen(REGION, leave=(item,))), ALL, clock=at(62)).subjects[0]
    desk.approve(GAO, key, ALL, clock=at(63))
    desk.publish(CHEN, key, ALL, clock=at(64))
    assert Release.objects.get(pk=district.id).state != "published"
    assert [(one.release.id, one.count) for one in desk.also_public(Release.objects.get(pk=key))] == [(city.id, 1)]


TASKS = """栖山区人民政府办公室关于印发2026年政府工作报告重点工作任务分解的通知

各镇人民政府、各街道办事处，区政府各部门：
现将《2026年政府工作报告重点工作任务分解》印发给你们，请认真抓好落实。

栖山区人民政府办公室
2026年1月20日

2026年政府工作报告重点工作任务分解
一、重点任务
1.新建幼儿园3所。（牵头责任单位：教育局；完成时限：2026年11月底前）
2.新建黛溪物资库2处。（牵头责任单位：住房和城乡建设局；完成时限：2026年12月底前）
"""


def tasked(text: str = TASKS) -> tuple[str, str]:
    """A document and the key task that was made from its last sentence and approved."""
    document = report(text)
    (key,) = items.create(CHEN, document, [one.fact for one in items.plan(document, ALL) if "黛溪" in one.title], ALL).subjects
    matters.file(CHEN, [key], "M01", ALL, fields={key: {"due": "2026-12-31"}}, clock=at(1))
    do(LI, key, "approve", 2)
    return document, key


@pytest.mark.usefixtures("db")
def test_an_item_of_a_secret_document_stays_and_nobody_lets_it_pass() -> None:
    laid()
    _, item = tasked("机密★10年\n" + TASKS)
    for chosen in ({}, {"documents": ("-",)}, {"treat": {item: Treatment("let", "想放行")}}):
        row = drawn(**chosen)
        assert "黛溪" not in encode(content(row)).decode()
        assert ("item", "state-secret") in reasons(row)


@pytest.mark.usefixtures("db")
def test_an_item_of_a_document_that_does_not_leave_stays_until_a_person_lets_it_pass() -> None:
    laid()
    document, item = tasked()
    assert [one.document for one in content(drawn(documents=(document,))).items] == [document]
    for row in (drawn(leave=(document,)), drawn(documents=("-",))):
        assert content(row).items == ()
        assert {(one.id, one.what) for one in desk.held_of(row) if one.reason == "internal" and one.kind == "item"} == {(item, "document")}
    (passed,) = content(drawn(leave=(document,), treat={item: Treatment("let", "任务已另行公开")})).items
    assert (passed.id, passed.document, passed.clause) == (item, "", "")
    models.Document.objects.filter(pk=document).update(state="withdrawn")
    assert content(drawn(documents=(document,))).items == ()


@pytest.mark.usefixtures("db")
def test_what_was_let_pass_is_void_once_something_else_is_found() -> None:
    laid()
    item = livelihood(text="改造老旧小区 24 个，报名电话13900001207。")
    row = drawn(treat={item: Treatment("let", "物业电话，已征得同意")})
    kept = msgspec.convert(msgspec.json.decode(row.chosen), Chosen).treat
    assert kept[item].on
    assert [one.id for one in content(drawn(release=row.id, treat=kept, day=41)).items] == [item]
    models.Item.objects.filter(pk=item).update(text="改造老旧小区 24 个，报名电话13900001207，业主方启明，手机13911112207。")
    again = drawn(release=row.id, treat=kept, day=42)
    assert content(again).items == ()
    (seal,) = {one.seal for one in desk.held_of(again) if one.id == item}
    assert seal != kept[item].on
    anew = drawn(release=row.id, treat={item: Treatment("let", "两个电话都已征得同意", on=seal)}, day=43)
    assert [one.id for one in content(anew).items] == [item]


@pytest.mark.usefixtures("db")
def test_a_score_whose_words_may_not_leave_stays_and_the_rest_is_drawn_up(monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.desk.release import gathering
    from luoshi.publish.release.content import Score

    laid()
    item = livelihood()
    plain = Score("s1", "k", "年度考核", "2026", "u1", "住房和城乡建设局", points="95")
    told = msgspec.structs.replace(plain, id="s2", why="经办电话13900001207反映")
    monkeypatch.setattr(gathering, "scores_of", lambda *_: (plain, told))
    row = drawn()
    assert [one.id for one in content(row).scores] == ["s1"]
    assert ("score", "personal") in reasons(row)
    assert [one.id for one in content(row).items] == [item]
    masked = content(drawn(release=row.id, treat={"s2": Treatment("mask")})).scores
    assert [one.why for one in masked] == ["", "经办电话139****1207反映"]


@pytest.mark.usefixtures("db")
def test_nobody_lets_a_state_secret_pass_and_passing_wants_a_reason() -> None:
    laid()
    item = livelihood(text="改造老旧小区 24 个。密级：秘密")
    row = drawn(treat={item: Treatment("let", "想放行")})
    assert content(row).items == ()
    with pytest.raises(WrongValue, match="没有写理由"):
        drawn(treat={item: Treatment("let")})
    with pytest.raises(ReleaseStopped, match="工作秘密"):
        drawn(title="（工作秘密）民生实事")


@pytest.mark.usefixtures("db")
def test_a_second_person_approves_and_the_newer_takes_the_place_of_the_older() -> None:
    laid()
    livelihood()
    row = drawn()
    with pytest.raises(Conflict, match="不能自己审核"):
        desk.approve(CHEN, row.id, ALL, clock=at(41))
    with pytest.raises(Conflict, match="不在这一步"):
        desk.publish(CHEN, row.id, ALL, clock=at(41))
    with pytest.raises(Forbidden):
        desk.approve(WANG, row.id, ALL, clock=at(41))
    desk.approve(GAO, row.id, ALL, seen=row.seq, clock=at(41))
    desk.publish(CHEN, row.id, ALL, clock=at(42))
    second = drawn(day=50)
    assert (row.version, second.version) == ("2026.1", "2026.2")
    desk.approve(LI, second.id, ALL, clock=at(51))
    desk.publish(CHEN, second.id, ALL, clock=at(52))
    assert Release.objects.get(pk=row.id).state == "superseded"
    desk.withdraw(LI, second.id, "数据有误", ALL, clock=at(53))
    assert Release.objects.get(pk=second.id).state == "withdrawn"
    shown = list(Release.objects.order_by("id").values())
    rebuild()
    assert list(Release.objects.order_by("id").values()) == shown
    assert verify_chain()


@pytest.mark.usefixtures("db")
def test_what_was_drawn_anew_after_it_was_looked_at_is_not_approved() -> None:
    laid()
    item = livelihood()
    row = drawn()
    again = drawn(release=row.id, leave=(item,), day=41)
    with pytest.raises(Conflict, match="重新拟定"):
        desk.approve(GAO, row.id, ALL, seen=row.seq, clock=at(42))
    desk.send_back(GAO, row.id, "请把老旧小区放进来", ALL, clock=at(42))
    assert (again.held, Release.objects.get(pk=row.id).why) == (0, "请把老旧小区放进来")
    desk.drop(CHEN, row.id, ALL, clock=at(43))
    with pytest.raises(Conflict):
        drawn(release=row.id)


@pytest.mark.usefixtures("real_db")
def test_folded_anew_up_to_its_entry_the_same_release_comes_out_byte_for_byte() -> None:
    laid()
    report()
    item = livelihood()
    do(WANG, item, "report", 20, count=8, text="按季报数量", pictures=(("现场.png", png()),))
    row = drawn(pictures=tuple(models.Evidence.objects.values_list("id", flat=True)))
    do(WANG, item, "report", 45, count=24, text="全部完成")
    livelihood("新建口袋公园", "新建口袋公园 9 个。")
    assert encode(desk.remade(row)) == encode(content(row))
    assert encode(content(drawn(day=60))) != encode(content(row))


BEFORE = """政府工作报告

——2025年1月12日在栖山区第五届人民代表大会第四次会议上

一、2024年工作回顾

地区生产总值增长5.8%。

二、2025年工作安排

今年预期目标是：地区生产总值增长6%以上，一般公共预算收入增长6%以上。新建公园4个。
"""


@pytest.mark.usefixtures("real_db")
def test_what_became_of_a_target_is_told_from_what_is_released_alone() -> None:
    laid()
    old, new = report(BEFORE, "2025.txt"), report()
    row = drawn()
    facts = {fact.id: fact for fact in content(row).facts}
    told = {facts[chain.target].indicator_id: chain for chain in content(row).chains if facts[chain.target].year == 2025}
    assert (told["gdp"].verdict, facts[told["gdp"].results[0]].text, told["gdp"].distance) == ("met", "6.1%", "0.1")
    assert facts[told["gdp"].results[0]].document == new
    assert told["fiscal_revenue"].verdict == "missed"
    assert encode(desk.remade(row)) == encode(content(row))
    alone = content(drawn(documents=(old,), title="只有去年的"))
    assert {chain.verdict for chain in alone.chains if chain.target == told["gdp"].target} == {"not_yet"}


PLANTED = yaml.safe_load((Path(__file__).parents[1] / "publish/release/planted.yaml").read_text(encoding="utf-8"))
HARMLESS = (Path(__file__).parents[1] / "publish/release/harmless.txt").read_text(encoding="utf-8").splitlines()


@pytest.mark.slow
@pytest.mark.usefixtures("db")
def test_twenty_planted_secrets_stay_and_two_hundred_harmless_texts_leave() -> None:
    laid()
    harmless = {key_task(f"第{at}项", text): text for at, text in enumerate(HARMLESS[:200])}
    planted = {key_task(f"甲{at}", one["texts"][0]): one["reason"] for at, one in enumerate(PLANTED.values())}
    row = drawn()
    assert {item.id: item.text for item in content(row).items} == harmless
    stopped = [(held.id, held.reason) for held in desk.held_of(row) if held.kind == "item"]
    assert {key: reason for key, reason in stopped if reason == planted[key]} == planted
    assert {key for key, _ in stopped} == set(planted)


def key_task(title: str, text: str) -> str:
    """A key task that is approved, with these words."""
    form = Form(title, text=text, region_code=REGION, fields={"due": "2026-12-31"}, units={"lead": [organisation_id(REGION, "司法局")]})
    item = matters.file_form(CHEN, "M01", form, ALL, clock=at(0)).subjects[0]
    do(LI, item, "approve", 0.1)
    return item
