"""Filing: items become matters after a look before, and matters that stand in no document are written into the form of their mechanism."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.desk.making import ONE
from tests.desk.tasks import ALL, breakdown, region_of
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.matters import items_made, people, png, unit_of

CHECKS = ["facts", "solved", "done", "conclusion", "lawful", "form"]


@pytest.fixture
def made(db: None) -> tuple[str, dict[str, str]]:
    return items_made()


@pytest.fixture
def client(made: tuple[str, dict[str, str]], client_as: Callable[..., Any]) -> Any:
    account = people(client_as, made[0])["supervisor"]
    return client_as(account.pop("role"), **account)


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.status_code
    found: str = response.content.decode()
    return found


def matters_now() -> list[Any]:
    from luoshi.ledger.models import Matter

    return list(Matter.objects.order_by("number"))


# --- from items


def test_all_of_a_breakdown_in_two_touches(made: Any, client: Any) -> None:
    document = made[0]
    promote = text(client.get(f"/documents/{document}/items"))
    link = re.search(r'id="file" href="([^"]+)"', promote)
    assert link
    look = text(client.get(link[1]))
    sent = {
        "mechanism": "M01",
        "looked": "1",
        "document": document,
        "chosen": re.findall(r'name="chosen" value="([^"]+)"[^>]* checked', look),
    }
    response = client.post("/matters/file/all", sent)
    assert response.status_code == 302
    assert [one.number for one in matters_now()] == [f"重{one.number[1:5]}-00000{n}" for n, one in enumerate(matters_now(), 1)]
    assert {one.id for one in matters_now()} == set(made[1].values())
    assert {one.id: one.due for one in matters_now()}[made[1]["1"]] in {"", "2025-12-31"}
    assert "没有可以立项的事项" in text(client.get(link[1]))


def test_the_look_has_doubts_first_and_says_who_would_be_asked(made: Any, client: Any) -> None:
    look = text(client.post("/matters/file", {"id": list(made[1].values())}))
    lines = re.findall(r"<tr><td class=\"pick\">.*?</tr>", look, re.DOTALL)
    assert len(lines) == 4
    doubtful = ["chip doubt" in line for line in lines]
    assert doubtful == sorted(doubtful, reverse=True)
    assert any(doubtful)
    first = next(line for line in lines if "地区生产总值" in line)
    assert "区发改局" in first
    assert "2025年12月31日" in first
    assert "松问渠" in first
    assert not matters_now()


def test_a_group_says_how_many_members_it_has(made: Any, client: Any) -> None:
    from luoshi.desk import items, organisations

    region = region_of(made[0])
    group = organisations.add(ONE, region, "各园区管理委员会", group=True).subjects[0]
    for name in ("财政局", "文化和旅游局"):
        organisations.add_member(ONE, group, unit_of(name))
    items.correct(ONE, made[1]["1"], {}, ALL, duties={"lead": ["各园区管委会"]})
    look = text(client.post("/matters/file", {"id": [made[1]["1"]]}))
    assert "交办时分给 2 个成员单位" in look


def test_what_is_a_matter_already_is_left_alone(made: Any, client: Any) -> None:
    keys = list(made[1].values())
    client.post("/matters/file/all", {"chosen": keys[:1]})
    look = text(client.post("/matters/file", {"id": keys}))
    assert "另有 1 件已经在办" in look
    assert f'value="{keys[0]}" data-row' not in look
    client.post("/matters/file/all", {"chosen": keys})
    assert len(matters_now()) == 4


def test_nothing_chosen_and_nobody_else(made: Any, client: Any, client_as: Callable[..., Any]) -> None:
    assert client.post("/matters/file", {}).status_code == 400
    assert "没有选中任何事项" in text(client.post("/matters/file/all", {"id": list(made[1].values()), "looked": "1"}), 400)
    assert client.post("/matters/file/all", {"chosen": ["i-none"], "id": ["i-none"]}).status_code == 404
    for role in ("reader", "leader", "liaison"):
        assert client_as(role).post("/matters/file", {"id": ["x"]}).status_code == 403


def test_every_mechanism_that_takes_items_can_be_looked_at(made: Any, client: Any) -> None:
    from luoshi.loop.rules import mechanisms

    for one in mechanisms():
        response = client.post("/matters/file", {"id": list(made[1].values()), "mechanism": one.id})
        assert response.status_code == (200 if "item" in one.from_ else 404), one.id


def test_the_table_of_items_and_the_item_lead_there(made: Any, client: Any) -> None:
    assert 'formaction="/matters/file"' in text(client.get("/items"))
    assert 'action="/matters/file"' in text(client.get(f"/item/{made[1]['1']}"))
    assert f"/matters/file?document={made[0]}" in text(client.get(f"/documents/{made[0]}"))


# --- by form


def test_every_mechanism_with_a_form_is_listed_and_has_one(made: Any, client: Any) -> None:
    from luoshi.loop.rules import mechanisms

    page = text(client.get("/matters/new"))
    for one in mechanisms():
        assert (one.title.zh in page) == ("form" in one.from_)
        response = client.get(f"/matters/new/{one.id}")
        assert response.status_code == (200 if "form" in one.from_ else 409), one.id
        for variant in one.variants if "form" in one.from_ else ():
            assert client.get(f"/matters/new/{one.id}", {"variant": variant.key}).status_code == 200


def test_a_matter_by_form(made: Any, client: Any) -> None:
    from luoshi.desk import organisations
    from luoshi.ledger.acts.matters import life_of

    post = organisations.add_post(ONE, region_of(made[0]), "副区长").subjects[0]
    organisations.hold(ONE, post, "竹知节")
    sent = {
        "title": "修复石砚大桥护栏", "text": "会议议定", "field.due": "2099-06-30", "field.basis": "meeting", "field.target": "1,200",
        "units.lead": "区交通运输局", "units.support": "财政局", "posts": "副区长", "source": "纪要第3号",
    }  # fmt: skip
    response = client.post("/matters/new/M01", sent)
    assert response.status_code == 302
    one = matters_now()[0]
    assert response["Location"] == f"/item/{one.id}"
    matter = life_of(one.life)
    assert matter.fields == {"basis": "meeting", "due": "2099-06-30", "target": 1200}
    assert matter.parts == {"lead": (unit_of("交通运输局"),), "support": (unit_of("财政局"),), "leader": (post,)}
    page = text(client.get(f"/item/{one.id}"))
    for words in ("修复石砚大桥护栏", "会议议定", "交通运输局", "待审批", "1200"):
        assert words in page


def test_what_is_wrong_stands_beside_its_field_and_nothing_typed_is_lost(made: Any, client: Any) -> None:
    sent = {"title": " ", "text": "写了很多<b>", "field.due": "明天", "field.target": "很多", "units.lead": "飞天局", "posts": "无名氏"}
    page = text(client.post("/matters/new/M01", sent), 400)
    for words in ("请用一句话写明事项", "不是日期", "不是数", "台账里没有这个单位：飞天局", "没有这个职务或领导，或不止一个：无名氏"):
        assert words in page
    for kept in ('value="飞天局"', 'value="很多"', ">写了很多&lt;b&gt;</textarea>", 'value="无名氏"'):
        assert kept in page
    assert not matters_now()


def test_a_region_that_is_not_ones_own(made: Any, client: Any) -> None:
    assert client.post("/matters/new/M01", {"title": "甲", "region": "990103"}).status_code == 404
    assert client.post("/matters/new/M99", {"title": "甲"}).status_code == 404
    assert not matters_now()


# --- in a browser: from the breakdown to the look back


def looked_at(page: Any, name: str) -> None:
    assert_fits(page)
    assert_accessible(page)
    screenshot(page, name)


def go_to(browse: Any, account: Any, address: str, *, phone: bool) -> Any:
    return browse(None, address, account=account, phone=phone, allow=("status of 409",))


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_a_whole_life_by_hand(browse: Any, make_account: Callable[..., Any], phone: bool) -> None:
    """A breakdown's task is filed, approved, assigned, signed for, reported on with a picture, applied for, checked, closed, looked back on."""
    document = breakdown(ONE)
    from luoshi.desk import items
    from luoshi.ledger.models import Item, Matter

    items.create(ONE, document, [one.fact for one in items.plan(document, ALL)], ALL)
    key = Item.objects.get(document=document, number="1").id
    at = "phone" if phone else "wide"
    known = {name: make_account(one.pop("role"), **one) for name, one in people(make_account, document).items()}

    page = go_to(browse, known["supervisor"], f"/documents/{document}/items", phone=phone)
    page.locator("#file").click()
    page.wait_for_url("**/matters/file?**")
    looked_at(page, f"matter-file-{at}")
    page.locator("#file").click()
    page.wait_for_url("**/items?**")
    page.goto(page.url.split("/items")[0] + f"/item/{key}")
    assert page.locator("#act .main-act").count() == 0
    assert Matter.objects.get(pk=key).life.split('"due":"')[1][:10] == "2025-12-31"

    page = go_to(browse, known["leader"], f"/item/{key}", phone=phone)
    looked_at(page, f"matter-proposed-{at}")
    page.locator("#act .main-act button.main").click()
    page.wait_for_selector("text=已办：同意立项")

    page = go_to(browse, known["supervisor"], f"/item/{key}", phone=phone)
    form = page.locator("#act .main-act form")
    form.locator('[name="field.due"]').fill("2099-12-31")
    form.locator('[name="units.support"]').fill("区统计局、财政局")
    looked_at(page, f"matter-approved-{at}")
    form.locator("button.main").click()
    page.wait_for_selector("text=已办：交办")

    page = go_to(browse, known["lead"], f"/item/{key}", phone=phone)
    page.locator("#act .main-act button.main").click()
    page.wait_for_selector("text=已办：签收")
    form = page.locator("#act .main-act form")
    form.locator('[name="progress"]').fill("40%")
    form.locator('[name="text"]').fill("已下达分解指标，一季度运行平稳")
    form.locator('input[type="file"]').first.set_input_files([
        {"name": "现场.png", "mimeType": "image/png", "buffer": png()}, {"name": "说明.txt", "mimeType": "text/plain", "buffer": "情况说明".encode()},
    ])  # fmt: skip
    assert form.locator("[data-files] li").count() == 2
    looked_at(page, f"matter-report-{at}")
    form.locator("button.main").click()
    page.wait_for_selector("text=已办：报进展")
    assert page.locator("#evidence").count() == 1
    page.locator(".pictures img").first.scroll_into_view_if_needed()
    page.wait_for_function("document.querySelector('.pictures img').naturalWidth === 64")

    page.locator("#act-apply-close > summary").click()
    form = page.locator("#act-apply-close form")
    form.locator('[name="text"]').fill("年度指标已完成")
    form.locator("footer button").click()
    page.wait_for_selector("text=已办：申请办结")

    page = go_to(browse, known["checker"], f"/item/{key}", phone=phone)
    form = page.locator("#act .main-act form")
    assert "地区生产总值增长6%左右" in form.locator(".goal").inner_text()
    looked_at(page, f"matter-check-{at}")
    for box in form.locator('[name="checks"]').all():
        box.check()
    form.locator("button.main").click()
    page.wait_for_selector("text=已办：核查通过")

    page = go_to(browse, known["leader"], f"/item/{key}", phone=phone)
    page.locator("#act .main-act button.main").click()
    page.wait_for_selector("text=已办：审定销号")

    page = go_to(browse, known["checker"], f"/item/{key}", phone=phone)
    page.locator("#act-look-back > summary").click()
    form = page.locator("#act-look-back form")
    form.locator('[name="text"]').fill("现场看过，没有反弹")
    form.locator("footer button").click()
    page.wait_for_selector("text=已办：回头看：未反弹")
    looked_at(page, f"matter-closed-{at}")
    story = page.locator("#history").locator("xpath=ancestor::section").inner_text()
    for words in ("立项", "同意立项", "交办", "签收", "报进展", "现场.png", "申请办结", "核查通过", "审定销号", "回头看：未反弹"):
        assert words in story
    assert_small(page, page.url)


def test_the_second_of_two_is_told_and_keeps_what_was_written(browse: Any, make_account: Callable[..., Any]) -> None:
    from luoshi.desk import matters

    document, keys = items_made()
    matters.file(ONE, [keys["1"]], "M01", ALL)
    known = {name: make_account(one.pop("role"), **one) for name, one in people(make_account, document).items()}
    one, two = (go_to(browse, known["leader"], f"/item/{keys['1']}", phone=False) for _ in range(2))
    one.locator("#act .main-act button.main").click()
    one.wait_for_selector("text=已办：同意立项")
    two.locator("#act-instruct > summary").click()
    two.locator('#act-instruct [name="text"]').fill("请抓紧办理")
    two.locator("#act-instruct footer button").click()
    two.wait_for_selector("text=别人已办了别的")
    assert two.locator('#act-instruct [name="text"]').input_value() == "请抓紧办理"
    looked_at(two, "matter-refused-wide")
    two.locator("#act-instruct footer button").click()
    two.wait_for_selector("text=已办：批示")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_forms_of_mechanisms_in_a_browser(browse: Any, make_account: Callable[..., Any], phone: bool) -> None:
    document, _ = items_made()
    account = people(make_account, document)["supervisor"]
    boss = make_account(account.pop("role"), **account)
    at = "phone" if phone else "wide"
    page = go_to(browse, boss, "/matters/new", phone=phone)
    looked_at(page, f"matter-kinds-{at}")
    page.goto(page.url.rstrip("/") + "/M01")
    looked_at(page, f"matter-new-{at}")
    page.locator('[name="units.lead"]').press_sequentially("财政")
    assert page.locator("#known-units option").count() >= 1
    page.locator('[name="title"]').fill("修复护栏")
    page.locator('[name="units.lead"]').fill("财政局")
    page.locator("form.panel button.main").click()
    page.wait_for_selector("text=已按“重点任务督办”立项")
    page.goto(page.url.split("/item/")[0] + "/matters/new/M08")
    looked_at(page, f"matter-new-m08-{at}")


def test_the_usual_variant_is_chosen_beforehand(made: Any, client: Any) -> None:
    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.settings import change

    change(Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,)), {"variant_m12": "abc"})
    page = client.get("/matters/new/M12").content.decode()
    assert re.search(r'<option value="abc"[^>]*selected', page)
    page = client.get("/matters/new/M08").content.decode()
    assert not re.search(r'<option value="shandong"[^>]*selected', page)
