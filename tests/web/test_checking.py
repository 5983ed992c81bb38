"""The queue of the supervision office: the evidence beside the target's own words, passed with the checklist or returned with a reason."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.web.living import CHECKS, District, account, row
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text


@pytest.fixture
def district(db: None) -> District:
    return District()


def test_what_was_reported_stands_beside_the_words_of_the_target(district: District) -> None:
    district.checking("新建幼儿园 3 所")
    page = text(client_of("hecha").get("/checking"))
    assert "新建幼儿园 3 所，年内完成。" in page
    assert "三所幼儿园都已建成开园" in page
    assert "开园.png" in page
    assert "事实清楚" in page


def test_stages_that_check_come_first(district: District) -> None:
    district.checking("新建幼儿园 3 所")
    waiting = district.file("农贸市场改造")
    district.do(district.leader, waiting, "approve", 5)
    page = text(client_of("hecha").get("/checking"))
    mechanisms = page.split('class="stages"')[1].split("</nav>")[0]
    assert "重点任务督办 <b>2</b>" in mechanisms
    stages = page.split('class="stages within"')[1].split("</nav>")[0]
    assert stages.index("待核查") < stages.index("待交办")
    assert "农贸市场改造" not in page
    assert "农贸市场改造" in text(client_of("hecha").get("/checking?stage=M01.approved"))


def test_passed_with_the_checklist(district: District) -> None:
    item = district.checking("新建幼儿园 3 所")
    client = client_of("hecha")
    refused = client.post(f"/checking/{item}/pass", {f"{item}-pass.checks": CHECKS[:2]})
    assert refused.status_code == 409
    assert "清单还有没勾的" in refused.content.decode()
    client.post(f"/checking/{item}/pass", {f"{item}-pass.checks": CHECKS})
    assert row(item).stage == "deciding"


def test_returned_with_a_reason(district: District) -> None:
    item = district.checking("新建幼儿园 3 所")
    client = client_of("hecha")
    assert client.post(f"/checking/{item}/return").status_code == 409
    client.post(f"/checking/{item}/return", {f"{item}-return.reason": "有一所没有开园"})
    assert (row(item).stage, row(item).returned, row(item).quality_light) == ("handling", 1, "red")
    assert "没有等督查室办的事项" in text(client.get("/checking"))


def test_two_who_check_at_once(district: District) -> None:
    item = district.checking("新建幼儿园 3 所")
    seen = row(item).acts
    sent = {f"{item}-pass.checks": CHECKS, f"{item}-pass.seen": str(seen)}
    assert client_of("hecha").post(f"/checking/{item}/pass", sent).status_code == 302
    second = client_of("ducha").post(f"/checking/{item}/return", {f"{item}-return.reason": "不对", f"{item}-return.seen": str(seen)})
    assert second.status_code == 409
    assert row(item).returned == 0


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_queue_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    district = District()
    item = district.checking("新建幼儿园 3 所")
    district.checking("建成城市书房 5 个")
    page = browse("supervisor", "/checking", phone=phone, account=account("hecha"), allow=("status of 409",))
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/checking")
    screenshot(page, f"checking-{'phone' if phone else 'wide'}")
    case = page.locator(".case", has_text="新建幼儿园")
    form = case.locator(f"form[action$='{item}/pass']")
    form.locator("button").click()
    page.wait_for_selector(".toast.wrong:has-text('清单还有没勾的')")
    for box in form.locator("[type=checkbox]").all():
        box.focus()
        page.keyboard.press("Space")
    form.locator("button").click()
    page.wait_for_selector(".toast:has-text('已办“核查通过”')")
    assert row(item).stage == "deciding"
