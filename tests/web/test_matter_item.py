"""The page of an item that is a matter: how it stands, what may be done next and by whom, evidence, clocks, story; and who sees none of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.desk.making import ONE
from tests.desk.tasks import ALL, region_of
from tests.web.matters import items_made, people, png, unit_of

CHECKS = ["facts", "solved", "done", "conclusion", "lawful", "form"]


@pytest.fixture
def made(db: None) -> tuple[str, dict[str, str]]:
    return items_made()


@pytest.fixture
def who(made: tuple[str, dict[str, str]], client_as: Callable[..., Any]) -> Callable[[str], Any]:
    """A client of one of the people: ``who("lead")``."""
    known = people(client_as, made[0])

    def client(name: str) -> Any:
        account = dict(known[name])
        return client_as(account.pop("role"), **account)

    return client


@pytest.fixture
def item(made: tuple[str, dict[str, str]]) -> str:
    """A task with a due date and a lead unit, filed as M01."""
    from luoshi.desk import matters

    key = made[1]["1"]
    matters.file(ONE, [key], "M01", ALL, fields={key: {"due": "2099-12-31"}})
    return key


def text(response: Any, status: int = 200) -> str:
    found: str = response.content.decode()
    assert response.status_code == status, (response.status_code, re.findall(r'class="notice wrong".*?</div>', found, re.DOTALL)[:2])
    return found


def body(response: Any) -> bytes:
    """All of an answer; a file is closed then, and the database, which closing the answer would close too, is not."""
    found = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:
        close()
    return bytes(found)


def row(item: str) -> Any:
    from luoshi.ledger.models import Matter

    return Matter.objects.get(pk=item)


def do(client: Any, item: str, act: str, **sent: Any) -> Any:
    """The act as its form sends it, with the number of acts that the page has."""
    return client.post(f"/item/{item}/act/{act}", {"seen": row(item).acts, **sent})


def handled(who: Callable[[str], Any], item: str) -> str:
    for name, act in (("leader", "approve"), ("supervisor", "assign"), ("lead", "sign")):
        assert do(who(name), item, act).status_code == 302, act
    return item


def panel(page: str) -> str:
    return page.split('id="act"')[1].split("</section>", maxsplit=1)[0] if 'id="act"' in page else ""


# --- the head


def test_the_head_says_how_it_stands_in_words(item: str, who: Callable[[str], Any]) -> None:
    page = text(who("reader").get(f"/item/{item}"))
    assert row(item).number in page
    assert "重点任务督办" in page
    assert "待审批" in page
    assert "现在轮到：分管领导" in page
    state = page.split('id="state"')[1].split("</section>")[0]
    for light in ("时间", "进度", "质量"):
        assert light in state
    assert "没有可比的" in state
    assert not panel(page)


def test_progress_stands_against_the_schedule_and_a_light_says_why(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    do(who("lead"), item, "report", progress="1", text="刚开工")
    page = text(who("supervisor").get(f"/item/{item}"))
    assert "<b>1%</b>" in page
    assert "序时应达" in page
    assert "2099年12月31日" in page
    assert row(item).progress == 1.0


# --- what may be done


def test_each_sees_what_is_theirs_to_do(item: str, who: Callable[[str], Any]) -> None:
    assert "同意立项" in panel(text(who("leader").get(f"/item/{item}")))
    shown = panel(text(who("supervisor").get(f"/item/{item}")))
    assert "/act/approve" not in shown
    assert "同意立项；不予立项" in shown.replace("；批示", "")
    handled(who, item)
    lead = panel(text(who("lead").get(f"/item/{item}")))
    assert lead.index("/act/report") < lead.index("/act/apply-close")
    assert 'class="main-act"' in lead
    supervisor = panel(text(who("supervisor").get(f"/item/{item}")))
    assert 'class="main-act"' not in supervisor
    rare = supervisor.split("rarer")[1]
    for act in ("transfer", "merge", "split"):
        assert f"/act/{act}" in rare


def test_a_form_asks_for_what_the_act_needs(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    shown = panel(text(who("lead").get(f"/item/{item}")))
    report = shown.split("/act/report")[1].split("</form>")[0]
    assert re.search(r'name="progress"[^>]* required', report)
    assert re.search(r'<input type="file"[^>]* multiple', report)
    assert 'capture="environment"' in report
    asked = shown.split("/act/ask-extension")[1].split("</form>")[0]
    assert re.search(r'name="date"[^>]* type="date"[^>]* required', asked)
    assert 'name="progress"' not in asked


def test_a_count_is_asked_for_where_the_target_is_one(item: str, who: Callable[[str], Any]) -> None:
    do(who("leader"), item, "approve")
    do(who("supervisor"), item, "assign", **{"field.target": "28", "field.target_unit": "个", "field.due": "2099-12-31"})
    do(who("lead"), item, "sign")
    shown = panel(text(who("lead").get(f"/item/{item}"))).split("/act/report")[1].split("</form>")[0]
    assert 'name="count"' in shown
    assert 'name="progress"' not in shown
    do(who("lead"), item, "report", count="7")
    assert row(item).progress == 25.0
    assert "上次报 7个" in text(who("lead").get(f"/item/{item}"))


def test_a_leader_is_named_by_post_and_units_by_name(item: str, made: Any, who: Callable[[str], Any]) -> None:
    from luoshi.desk import organisations
    from luoshi.ledger.acts.matters import life_of

    post = organisations.add_post(ONE, region_of(made[0]), "副区长").subjects[0]
    organisations.hold(ONE, post, "竹知节")
    do(who("leader"), item, "approve")
    sent = {"units.lead": "住房和城乡建设局", "units.support": "财政局，发展和改革局", "posts": "竹知节"}
    response = do(who("supervisor"), item, "assign", **sent)
    assert response.status_code == 302
    parts = life_of(row(item).life).parts
    assert parts["lead"] == (unit_of("住房和城乡建设局"),)
    assert parts["support"] == (unit_of("财政局"), unit_of("发展和改革局"))
    assert parts["leader"] == (post,)


def test_a_unit_that_nobody_knows_is_told_beside_its_field(item: str, who: Callable[[str], Any]) -> None:
    do(who("leader"), item, "approve")
    page = text(do(who("supervisor"), item, "assign", **{"units.lead": "飞天局", "text": "请抓紧"}), 400)
    assert "台账里没有这个单位：飞天局" in page
    assert 'value="飞天局"' in page
    assert ">请抓紧</textarea>" in page
    assert row(item).stage == "approved"


def test_what_is_refused_is_told_with_all_that_was_written_and_sent(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    client = who("lead")
    response = client.post(
        f"/item/{item}/act/apply-close", {"seen": 0, "text": "已经办完了", "evidence": SimpleUploadedFile("现场.png", png())}
    )
    page = text(response, 409)
    assert "别人已办了别的" in page
    assert ">已经办完了</textarea>" in page
    assert "已上传：现场.png" in page
    token = re.search(r'name="kept" value="([^"]+)"', page)
    assert token
    assert do(client, item, "apply-close", text="已经办完了", kept=token[1]).status_code == 302
    assert row(item).evidence == 1


def test_a_file_that_was_kept_is_of_use_to_nobody_else(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    page = text(
        who("lead").post(f"/item/{item}/act/apply-close", {"seen": 0, "text": "完", "evidence": SimpleUploadedFile("a.png", png())}), 409
    )
    token = re.search(r'name="kept" value="([^"]+)"', page)
    assert token
    do(who("leader"), item, "instruct", text="抓紧", kept=token[1])
    assert row(item).evidence == 0
    do(who("lead"), item, "report", progress="5", kept="eyJ:forged")
    assert row(item).evidence == 0


def test_nobody_does_what_is_not_theirs(item: str, who: Callable[[str], Any]) -> None:
    assert do(who("supervisor"), item, "approve").status_code == 409
    assert do(who("reader"), item, "approve").status_code == 403
    assert do(who("leader"), item, "nonsense").status_code == 404
    assert row(item).stage == "proposed"


def test_a_part_that_is_asked_for_in_the_form_gives_no_part(item: str, who: Callable[[str], Any]) -> None:
    assert do(who("supervisor"), item, "approve", part="leader").status_code == 409
    assert row(item).stage == "proposed"


def test_every_input_of_the_vocabulary_has_a_field() -> None:
    from typing import get_args

    from luoshi.loop.mechanism import Need
    from luoshi.web.pages.item.acting import _ASKS

    assert set(get_args(Need)) == set(_ASKS)


def test_milestones_are_said_when_it_is_assigned(item: str, who: Callable[[str], Any]) -> None:
    from luoshi.ledger.acts.matters import life_of

    do(who("leader"), item, "approve")
    sent = {"milestone.day": ["2099-06-30", "2099-12-31", ""], "milestone.percent": ["40%", "100", ""], "milestone.title": ["过半", "", ""]}
    assert "不是数" in text(do(who("supervisor"), item, "assign", **{**sent, "milestone.percent": ["四成", "100", ""]}), 400)
    assert do(who("supervisor"), item, "assign", **sent).status_code == 302
    assert [(one.day, one.percent, one.title) for one in life_of(row(item).life).milestones] == [
        ("2099-06-30", 40.0, "过半"),
        ("2099-12-31", 100.0, ""),
    ]
    assert "2099年6月30日 40% 过半" in text(who("reader").get(f"/item/{item}"))


def test_splitting_makes_matters_below(item: str, who: Callable[[str], Any]) -> None:
    do(who("leader"), item, "approve")
    response = do(who("supervisor"), item, "split", reason="两块", **{"child.title": ["甲", "乙", ""], "child.lead": ["财政局", "", ""]})
    assert response.status_code == 302
    page = text(who("supervisor").get(f"/item/{item}"))
    members = page.split('id="members"')[1].split("</section>")[0]
    assert "财政局" in members
    assert "发展和改革局" in members
    from luoshi.ledger.models import Matter

    child = Matter.objects.filter(parent=item).first()
    assert child is not None
    assert row(item).number in text(who("supervisor").get(f"/item/{child.id}")).split("上级事项")[1]


def test_the_shares_of_a_split_are_asked_where_the_target_is_a_number(made: Any, who: Callable[[str], Any]) -> None:
    from luoshi.desk import matters

    key = made[1]["2"]
    matters.file(ONE, [key], "M01", ALL, fields={key: {"due": "2099-12-31", "target": 28, "target_unit": "个"}})
    do(who("leader"), key, "approve")
    page = text(who("supervisor").get(f"/item/{key}"))
    assert "合计要等于目标 28" in page
    wrong = do(
        who("supervisor"), key, "split", reason="两块", **{"child.title": ["甲", "乙"], "child.lead": ["", ""], "child.target": ["20", "9"]}
    )
    page = text(wrong, 409)
    assert "合计 29，不等于目标 28" in page
    assert 'name="child.target" value="9"' in page
    done = do(
        who("supervisor"), key, "split", reason="两块", **{"child.title": ["甲", "乙"], "child.lead": ["", ""], "child.target": ["20", "8"]}
    )
    assert done.status_code == 302


def test_into_another_matter_by_its_number(made: Any, item: str, who: Callable[[str], Any]) -> None:
    from luoshi.desk import matters

    matters.file(ONE, [made[1]["2"]], "M01", ALL)
    do(who("leader"), item, "approve")
    assert "没有这个编号的事项" in text(do(who("supervisor"), item, "merge", reason="重复", matter="重2026-999999"), 400)
    assert do(who("supervisor"), item, "merge", reason="重复", matter=row(made[1]["2"]).number).status_code == 302
    page = text(who("supervisor").get(f"/item/{item}"))
    assert "并入" in page
    assert row(made[1]["2"]).number in page


# --- evidence


def test_evidence_is_previewed_and_sent_safely(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    files = [SimpleUploadedFile("现场.png", png()), SimpleUploadedFile("说明.txt", "办理说明".encode())]
    do(who("lead"), item, "report", progress="30", evidence=files)
    page = text(who("reader").get(f"/item/{item}"))
    gallery = page.split('id="evidence"')[1].split("</section>")[0]
    picture = re.search(r'<img src="([^"]+)" alt="现场.png"', gallery)
    assert picture
    small = who("reader").get(picture[1])
    assert (small["Content-Type"], small["Content-Security-Policy"]) == ("image/jpeg", "default-src 'none'; sandbox")
    assert body(small).startswith(b"\xff\xd8")
    whole = picture[1].replace("?small=1", "?show=1")
    shown = who("reader").get(whole)
    assert shown["Content-Type"] == "image/png"
    assert shown["Content-Disposition"].startswith("inline")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert shown["X-Content-Type-Options"] == "nosniff"
    assert body(shown) == png()
    note = re.search(r'href="([^"?]+)" download>[^<]*<svg[^>]*><use[^>]*/></svg>说明.txt', gallery)
    assert note
    saved = who("reader").get(f"{note[1]}?show=1")
    assert saved["Content-Disposition"].startswith("attachment")
    assert saved["Content-Type"] == "application/octet-stream"
    assert body(saved) == "办理说明".encode()
    assert body(who("other").get(whole)) == png()
    assert who("lead").get(f"/item/{item}/evidence/{'0' * 64}").status_code == 404


def test_a_page_is_no_evidence_and_nothing_else_is_lost(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    bad = SimpleUploadedFile("x.png", b"<html><script>alert(1)</script>")
    page = text(do(who("lead"), item, "report", progress="30", text="写了很多", evidence=bad), 400)
    assert "不收这种文件" in page
    assert ">写了很多</textarea>" in page
    assert 'value="30"' in page


def test_who_attached_a_file_takes_it_off(item: str, who: Callable[[str], Any]) -> None:
    from luoshi.ledger.models import Evidence

    handled(who, item)
    do(who("lead"), item, "report", progress="30", evidence=SimpleUploadedFile("错.png", png()))
    file = Evidence.objects.get(item=item).file
    assert who("supervisor").post(f"/item/{item}/evidence/{file}/withdraw").status_code == 409
    page = text(who("lead").post(f"/item/{item}/evidence/{file}/withdraw", follow=True))
    assert "<s>错.png</s>" in page
    assert who("lead").get(f"/item/{item}/evidence/{file}").status_code == 404


# --- story and clocks


def test_the_story_has_who_what_and_why(item: str, who: Callable[[str], Any]) -> None:
    handled(who, item)
    do(who("lead"), item, "ask-extension", reason="雨期太长", date="2100-03-31")
    page = text(who("leader").get(f"/item/{item}"))
    assert "麦秋申请延期，待批" in page
    assert 'value="2100-03-31"' in page.split("/act/grant-extension")[1].split("</form>")[0]
    do(who("leader"), item, "grant-extension", date="2100-03-31")
    page = text(who("reader").get(f"/item/{item}"))
    story = page.split('id="history"')[1].split("</section>")[0]
    for words in ("雨期太长", "2100年3月31日", "麦秋", "松问渠", "同意延期", "牵头单位（发展和改革局）", "立项"):
        assert words in story
    assert page.count("雨期太长") == 1
    assert "原期限 2099年12月31日" in page
    clocks = page.split('id="clocks"')[1]
    assert "1 个工作日" in clocks
    assert "本系统缺省，请本单位核定" in clocks
    assert "每月 25 日前" in clocks


def test_a_day_that_is_past_shows_the_matter_as_it_was(item: str, who: Callable[[str], Any]) -> None:
    from datetime import datetime, timedelta
    from zoneinfo import ZoneInfo

    from luoshi.desk import matters
    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.matters import Try
    from luoshi.ledger.store import now, time_of

    today = datetime.now(ZoneInfo("Asia/Shanghai")).date()
    do(who("leader"), item, "approve")
    do(who("supervisor"), item, "assign", text="请办理")
    later = now() + timedelta(days=3)
    with time_of(lambda: later):
        lead = Actor("alater", "later", "后来的人", (Role.LIAISON,), row(item).unit, row(item).region_code)
        matters.act(lead, item, Try("sign"), ALL)
        matters.act(lead, item, Try("report", {"progress": 35, "text": "三天以后说的"}), ALL)
    client = who("supervisor")
    current, past = text(client.get(f"/item/{item}")), text(client.get(f"/item/{item}?at={today}"))
    assert "三天以后说的" in current
    assert "三天以后说的" not in past
    assert row(item).number in past
    assert ">待签收<" in past
    assert "请办理" in past
    assert 'action="/item/' not in past
    assert row(item).number not in text(client.get(f"/item/{item}?at={today - timedelta(days=400)}")).split('class="notice')[1]


def test_what_the_clock_did_is_folded(item: str, who: Callable[[str], Any]) -> None:
    from datetime import UTC, datetime, timedelta

    from luoshi.desk import matters

    handled(who, item)
    later = datetime.now(UTC) + timedelta(days=120)
    matters.tick(clock=lambda: later)
    page = text(who("reader").get(f"/item/{item}"))
    story = page.split('id="history"')[1].split("</section>")[0]
    fold = story.split("<details>")[1].split("</summary>")[0]
    assert "系统提示" in fold
    assert "月报催办" in fold
    assert "催办通知" in story


def test_a_title_is_words_and_no_markup(db: None, client_as: Any, made: Any) -> None:
    from luoshi.desk import matters
    from luoshi.desk.matters import Form

    nasty = "<script>alert(1)</script>'\"修路"
    form = Form(nasty, "<img src=x onerror=alert(1)>", region_of(made[0]), units={"lead": [unit_of("财政局")]})
    key = matters.file_form(ONE, "M01", form, ALL).subjects[0]
    client = client_as("leader", region=region_of(made[0]))
    do(client, key, "instruct", text="</textarea><script>alert(2)</script>")
    page = text(client.get(f"/item/{key}")) + text(do(client, key, "terminate", reason=""), 409)
    assert "<script>alert" not in page
    assert "<img src=x" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_two_hundred_entries_fit(item: str, who: Callable[[str], Any]) -> None:
    from luoshi.desk import matters
    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.matters import Try

    handled(who, item)
    boss = Actor("ali", "li", "松问渠", (Role.LEADER,))
    for number in range(210):
        matters.act(boss, item, Try("instruct", {"text": f"第 {number} 次批示：" + "请加快办理。" * 150}), ALL)
    response = who("leader").get(f"/item/{item}")
    page = text(response)
    assert len(response.content) < 300_000
    assert "第 209 次批示" in page
    assert "第 5 次批示" not in page
    older = re.search(r'href="(\?before=\d+)#history"', page)
    assert older
    assert "第 5 次批示" in text(who("leader").get(f"/item/{item}{older[1]}"))
    whole = re.search(r'href="(\?whole=\d+)#s\d+"', page)
    assert whole
    assert "请加快办理。" * 150 in text(who("leader").get(f"/item/{item}{whole[1]}"))


# --- masks


@pytest.fixture
def personal(made: Any) -> str:
    from luoshi.desk import matters
    from luoshi.desk.matters import Form

    form = Form("王女士反映噪声，电话13900001207", "家住柳溪苑小区3号楼2单元501室", region_of(made[0]), fields={"contact": "陆远山"})
    return matters.file_form(ONE, "M01", form, ALL).subjects[0]


def test_personal_data_is_masked_until_somebody_says_why(personal: str, who: Callable[[str], Any]) -> None:
    from luoshi.web.signin.models import Access

    client = who("supervisor")
    page = text(client.get(f"/item/{personal}"))
    for hidden in ("13900001207", "陆远山", "501室"):
        assert hidden not in page
    assert "139****1207" in page
    assert "陆*" in page
    assert client.post(f"/item/{personal}/unmask", {"why": " "}).status_code == 400
    page = text(client.post(f"/item/{personal}/unmask", {"why": "回访群众"}))
    for shown in ("13900001207", "陆远山", "501室"):
        assert shown in page
    noted = Access.objects.get(kind="unmask")
    assert (noted.subject, noted.detail) == (personal, "回访群众")
    assert "13900001207" not in text(client.get(f"/item/{personal}"))
    assert who("leader").post(f"/item/{personal}/unmask", {"why": "看看"}).status_code == 403
    assert "/unmask" not in text(who("leader").get(f"/item/{personal}"))


# --- what stays inside


@pytest.fixture
def inside(made: Any, client_as: Callable[..., Any]) -> str:
    """A petition: nothing of it leaves the offices. Written into its form."""
    from luoshi.desk.matters.ruling import current
    from luoshi.ledger.models import Matter
    from luoshi.loop.mechanism import Field

    def value(field: Field) -> str:
        plain = {"date": "2099-01-02", "integer": "3", "number": "3", "money": "3", "percent": "3", "yes": "yes", "phone": "13900001207"}
        return field.choices[0].key if field.choices else plain.get(field.type, "栖山区")

    sent = {f"field.{field.key}": value(field) for field in current("M14").fields if field.required == "file"}
    client = client_as("supervisor", username="chen", region=region_of(made[0]))
    response = client.post("/matters/new/M14", {"title": "柳溪苑小区供暖积案", "units.lead": "财政局", **sent})
    assert response.status_code == 302, text(response, 400)
    found = Matter.objects.get()
    assert found.internal
    return str(found.id)


def test_what_stays_inside_is_nowhere_for_readers(inside: str, made: Any, client_as: Any, who: Callable[[str], Any]) -> None:
    from luoshi.ledger.models import Item

    title = Item.objects.get(pk=inside).title
    addresses = (
        f"/item/{inside}",
        "/items",
        "/items/export.csv",
        "/search?q=%E6%9F%B3%E6%BA%AA%E8%8B%91&kind=item",
        "/",
    )
    for role in ("reader", "appraiser"):
        client = client_as(role, username=f"test-{role}-x", region=region_of(made[0]))
        for address in addresses:
            found = body(client.get(address)).decode("utf-8-sig")
            assert title not in found, (role, address)
            assert inside not in found or address == f"/item/{inside}", (role, address)
        assert client.get(f"/item/{inside}").status_code == 404
        assert client.get(f"/item/{inside}/evidence/x").status_code == 404
    client = who("supervisor")
    for address in addresses:
        found = body(client.get(address)).decode("utf-8-sig")
        assert title in found or f"/item/{inside}" in found or address == "/", address


# --- what is elsewhere


def test_nothing_of_a_matter_elsewhere_is_shown_or_done(item: str, who: Callable[[str], Any], client_as: Callable[..., Any]) -> None:
    from luoshi.ledger.models import Entry, Evidence
    from luoshi.web.signin.models import Access

    handled(who, item)
    do(who("lead"), item, "report", progress="30", evidence=SimpleUploadedFile("a.png", png()))
    file = Evidence.objects.get(item=item).file
    before = Entry.objects.count()
    beside = client_as("supervisor", username="elsewhere", region="340111")
    stranger = client_as("liaison", username="stranger", region=row(item).region_code, unit=unit_of("教育局"))
    for client in (beside, stranger):
        assert client.get(f"/item/{item}").status_code == 404
        assert client.get(f"/item/{item}/evidence/{file}").status_code == 404
        assert client.post(f"/item/{item}/evidence/{file}/withdraw").status_code == 404
        assert do(client, item, "chase").status_code == 404
    assert beside.post(f"/item/{item}/unmask", {"why": "看看"}).status_code == 404
    assert beside.post("/matters/file/all", {"chosen": [item], "id": [item]}).status_code == 404
    assert Entry.objects.count() == before
    assert not Access.objects.filter(kind="unmask").exists()


# --- units that act one by one


def test_a_department_answers_for_itself_and_is_rated(made: Any, who: Callable[[str], Any]) -> None:
    from luoshi.desk import matters
    from luoshi.desk.matters import Form
    from luoshi.ledger.acts.matters import life_of

    region = region_of(made[0])
    street, called = unit_of("发展和改革局"), (unit_of("财政局"), unit_of("统计局"))
    key = matters.file_form(ONE, "M09", Form("沿街违建", "三处", region, fields={"kind": "joint"}, units={"lead": [street]}), ALL).subjects[
        0
    ]
    sent = {"units.called": "财政局、统计局", "field.cause": "alone", "field.location": "栖山路", "field.problem": "三处违建"}
    response = do(who("lead"), key, "blow", **sent)
    assert response.status_code == 302
    shown = panel(text(who("other").get(f"/item/{key}"))).split("/act/arrive")[1].split("</form>")[0]
    assert "财政局" in shown
    assert "统计局" not in shown
    assert "只能替本单位办理" in text(do(who("other"), key, "arrive", unit=called[1]), 400)
    assert do(who("other"), key, "arrive", unit=called[0], text="已到").status_code == 302
    assert life_of(row(key).life).units["arrive"] == (called[0],)
    assert do(who("lead"), key, "arrive", unit=called[1]).status_code == 302
    assert row(key).stage == "working"


# --- every mechanism


@pytest.mark.parametrize("key", [one.id for one in __import__("luoshi.loop.rules", fromlist=["mechanisms"]).mechanisms()])
def test_every_act_of_every_mechanism_has_its_form(db: None, key: str, rf: Callable[..., Any]) -> None:
    """Whatever is open in whatever stage: a field for each thing that it asks for, and a form that can be shown."""
    from datetime import UTC, datetime

    import msgspec
    from django.template.loader import render_to_string

    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.matters.ruling import rules_for
    from luoshi.ledger.models import Matter as Row
    from luoshi.loop import engine
    from luoshi.loop.matter import Matter
    from luoshi.web.pages.item.acting import _ASKS, forms, others
    from luoshi.web.pages.item.matter import Live, told
    from luoshi.web.veil import Veil

    rules, now = rules_for(key), datetime.now(UTC)
    boss = Actor("aboss", "boss", "督查", (Role.SUPERVISOR, Role.LEADER), region="990102")
    seen = set[str]()
    for stage in rules.mechanism.stages:
        state = {"hung": "hung", "closed": "closed", "ended": "ended"}.get(stage.kind, "live")
        base = Matter("i1", key, rules.mechanism.version, stage.key, now, now, state=state)  # type: ignore[arg-type]
        done = {act.key: ("asomebody",) for act in rules.mechanism.acts}
        for asked in ({}, *({"act": act.key} for act in rules.mechanism.acts if act.effect in {"ask", "ask-extend"})):
            matter = msgspec.structs.replace(base, doers=done, asked=asked, objections=1)
            live = Live(Row(id="i1", mechanism=key, region_code="990102"), matter, rules, now, {})
            open_now = {one.act.key for one in engine.open_acts(matter, rules, now, parts={"supervisor", "leader"}, by=boss.id)}
            shown = forms(boss, live)
            assert open_now <= {form.key for form in shown}
            for form in shown:
                act = rules.mechanism.act(form.key)
                assert act is not None
                names = {one.name.partition(".")[0] for one in form.inputs}
                wanted = {
                    "reason": "reason",
                    "text": "text",
                    "date": "date",
                    "checklist": "checks",
                    "units": "units",
                    "posts": "posts",
                    "person": "person",
                }
                assert {wanted[need] for need in act.needs if need in wanted} <= names
                assert set(act.needs) <= set(_ASKS)
                assert {f"field.{key_}" for key_ in act.fields} <= {one.name for one in form.inputs}
                values = {"form": form, "item": {"id": "i1"}, "matter": {"seen": 0}, "evidence": {"total": 0}}
                html = render_to_string("pages/item/act.html", values, rf("supervisor", "/"))
                assert f"/act/{form.key}" in html
                seen.add(form.key)
            assert isinstance(others(boss, live), list)
            assert told(live, Veil(rules.mechanism), ALL)["stage"]
    assert seen
