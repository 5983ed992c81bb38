"""The page of a leader: red and why, waiting for my decision, approved or refused in place, an instruction; on one page of paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from luoshi.desk import matters
from luoshi.ledger.models import Account
from tests.web.living import OTHER_POST, POST, District, account, row
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text


@pytest.fixture
def district(db: None) -> District:
    return District()


def part(page: str, name: str) -> str:
    return page.split(f'id="{name}"')[1].split("</section>", maxsplit=1)[0]


def test_red_and_why_with_what_was_said_last(district: District) -> None:
    item = district.handling("新建幼儿园 3 所", due=-4, leader=POST)
    district.do(district.wang, item, "report", 10, progress=60, text="两所主体完工")
    district.handling("别人分管的", due=-4, leader=OTHER_POST)
    matters.tick()
    red = part(text(client_of("lingdao").get("/leader")), "red")
    assert "已逾期" in red
    assert "发展和改革局" in red
    assert "两所主体完工" in red
    assert "别人分管的" not in red
    assert "别人分管的" in part(text(client_of("lingdao").get("/leader?all=1")), "red")


def test_what_waits_for_whom(district: District) -> None:
    district.file("我分管的事", leader=POST)
    district.file("没有指明领导的事")
    district.file("别人分管的事", leader=OTHER_POST)
    waiting = part(text(client_of("lingdao").get("/leader")), "waiting")
    assert "我分管的事" in waiting
    assert "没有指明领导的事" in waiting
    assert "别人分管的事" not in waiting
    assert "别人分管的事" in part(text(client_of("lingdao2").get("/leader")), "waiting")


def test_approved_and_refused_in_place(district: District) -> None:
    yes, no = district.file("同意的事", leader=POST), district.file("不同意的事", leader=POST)
    client = client_of("lingdao")
    page = text(client.get("/leader"))
    assert f'action="/leader/{yes}/approve"' in page
    assert f'action="/leader/{yes}/terminate"' not in page
    client.post(f"/leader/{yes}/approve", {f"{yes}-approve.seen": str(row(yes).acts)})
    assert row(yes).stage == "approved"
    assert client.post(f"/leader/{no}/refuse").status_code == 409
    client.post(f"/leader/{no}/refuse", {f"{no}-refuse.reason": "条件不成熟"})
    assert row(no).state == "ended"
    assert client_of("lingdao2").post(f"/leader/{district.file('不归他', leader=POST)}/approve").status_code == 409


def test_where_the_one_who_leads_has_no_account_any_more_another_leader_decides(district: District) -> None:
    item, client = district.file("没有人分管的事", leader=POST), client_of("lingdao2")
    assert client.post(f"/leader/{item}/approve").status_code == 409
    Account.objects.filter(username="lingdao").update(active=False)
    assert client.post(f"/leader/{item}/approve").status_code == 302
    assert row(item).stage == "approved"


def test_an_extension_is_asked_for_and_granted(district: District) -> None:
    item = district.handling("修路", due=20, leader=POST)
    day = row(item).due
    district.do(district.wang, item, "ask-extension", 1, reason="雨期长", date=f"{int(day[:4]) + 1}{day[4:]}")
    client = client_of("lingdao")
    assert "雨期长" in part(text(client.get("/leader")), "waiting")
    client.post(f"/leader/{item}/grant-extension", {f"{item}-grant-extension.date": f"{int(day[:4]) + 1}{day[4:]}"})
    assert row(item).stage == "handling"
    assert row(item).due[:4] == str(int(day[:4]) + 1)
    assert row(item).original == day


def test_an_instruction(district: District) -> None:
    item = district.handling("新建幼儿园 3 所", due=-4, leader=POST)
    matters.tick()
    client_of("lingdao").post(f"/leader/{item}/instruct", {f"{item}-instruct.text": "请专题研究。"})
    assert "批示回复" in text(client_of("fagai").get("/desk?when=later"))


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_page_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    district = District()
    for number in range(3):
        late = district.handling(f"新建幼儿园 {number + 2} 所", due=-4 - number, leader=POST)
        district.do(district.wang, late, "report", 10, progress=60, text="两所主体完工，一所正在办用地手续")
    waiting = [district.file(f"改造老旧小区 {number} 个", leader=POST) for number in range(1, 4)]
    matters.tick()
    page = browse("leader", "/leader", phone=phone, account=account("lingdao"))
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/leader")
    screenshot(page, f"leader-{'phone' if phone else 'wide'}")
    page.locator(f"form[action$='{waiting[0]}/approve'] button").press("Enter")
    page.wait_for_selector(".toast:has-text('同意立项')")
    assert row(waiting[0]).stage == "approved"
    refusal = page.locator("details", has=page.locator(f"form[action$='{waiting[1]}/refuse']"))
    refusal.locator("summary").click()
    refusal.locator("textarea").fill("条件不成熟")
    screenshot(page, f"leader-open-{'phone' if phone else 'wide'}")
    refusal.locator("form button").click()
    page.wait_for_selector(".toast:has-text('不予立项')")
    assert row(waiting[1]).state == "ended"


def test_it_prints_on_one_page(browse: Callable[..., Any]) -> None:
    district = District()
    for number in range(22):
        late = district.handling(f"新建幼儿园 {number + 2} 所，改造提升乡镇中心校 {number} 所", due=-4 - number, leader=POST)
        district.do(district.wang, late, "report", 10, progress=60, text="两所主体完工，一所正在办用地手续")
        district.file(f"改造老旧小区 {number} 个", leader=POST)
    matters.tick()
    page = browse("leader", "/leader", account=account("lingdao"))
    assert page.locator(".told > li").count() == 40
    assert len(re.findall(rb"/Type /Page\b(?!s)", page.pdf(prefer_css_page_size=True))) == 1
