"""The desk of a liaison: what is due, signing and reporting in place, a report for many, returning what is wrongly assigned."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from luoshi.desk import matters
from luoshi.ledger import models
from luoshi.ledger.desks import last_said
from tests.web.living import PNG, District, account, row, unit
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


def client_of(username: str) -> Client:
    client = Client()
    client.force_login(account(username))
    return client


def text(response: Any, status: int = 200) -> str:
    assert response.status_code == status, response.content.decode()[:2000]
    return str(response.content.decode())


def counts(page: str) -> dict[str, int]:
    """The counts of the buckets."""
    found = page.split('class="figures buckets"')[1].split("</nav>", maxsplit=1)[0]
    return {part.split("</span>")[0].rsplit(">", 1)[1]: int(part.split("<b>")[1].split("</b>")[0]) for part in found.split("<a ")[1:]}


@pytest.fixture
def district(db: None) -> District:
    return District()


def test_what_is_due_by_when(district: District) -> None:
    district.handling("新建幼儿园 3 所", due=-3)
    district.handling("修缮老旧管网", due=200, ago=1)
    matters.tick()
    page = text(client_of("fagai").get("/desk"))
    found = counts(page)
    assert found["已逾期"] >= 1
    assert sum(found.values()) >= 3
    assert "新建幼儿园 3 所" in page
    assert re.search(r"逾期 [1-4] 天", page)
    assert "修缮老旧管网" in text(client_of("fagai").get("/desk?when=later"))


def test_of_other_units_nothing_is_seen(district: District) -> None:
    item = district.handling("新建幼儿园 3 所", due=-3)
    page = text(client_of("caizheng").get("/desk"))
    assert "新建幼儿园" not in page
    assert sum(counts(page).values()) == 0
    answer = client_of("caizheng").post(f"/desk/{item}/report", {f"{item}-report.progress": "50"})
    assert answer.status_code == 404
    assert row(item).progress is None


def test_all_are_signed_for_at_once(district: District) -> None:
    items = [district.assigned(f"任务{number}", ago=0.5) for number in range(3)]
    other = district.assigned("财政的任务", ago=0.5, lead="财政局")
    client = client_of("fagai")
    assert "有 3 件待签收" in text(client.get("/desk"))
    assert "已签收 3 件" in text(client.post("/desk/sign", follow=True))
    assert {row(item).stage for item in items} == {"handling"}
    assert row(other).stage == "assigned"
    assert "没有待签收的事项" in text(client.post("/desk/sign", follow=True))


def test_progress_is_reported_in_place_with_three_inputs(district: District) -> None:
    item = district.handling("新建幼儿园 3 所")
    client = client_of("fagai")
    page = text(client.get("/desk?when=later")) + text(client.get("/desk"))
    form = page.split(f'action="/desk/{item}/report"')[1].split("</form>")[0]
    names = [part.split('"')[0] for part in form.split('name="')[1:]]
    assert [name for name in names if name.endswith((".progress", ".text", ".evidence"))] == [
        f"{item}-report.progress", f"{item}-report.text", f"{item}-report.evidence",
    ]  # fmt: skip
    sent = {
        f"{item}-report.progress": "４０%", f"{item}-report.text": "主体完工", f"{item}-report.evidence": SimpleUploadedFile("现场.png", PNG),
        f"{item}-report.seen": str(row(item).acts),
    }  # fmt: skip
    assert "报进展" in text(client.post(f"/desk/{item}/report", sent, follow=True))
    assert (row(item).progress, row(item).evidence) == (40.0, 1)
    assert last_said([item], {"lead"})[item].text == "主体完工"
    refused = client.post(f"/desk/{item}/report", {f"{item}-report.progress": "五成"})
    assert refused.status_code == 400
    assert "不是数" in refused.content.decode()


def test_a_target_in_numbers_is_counted(district: District) -> None:
    item = district.handling("新建幼儿园 3 所", target=3, target_unit="所")
    client = client_of("fagai")
    client.post(f"/desk/{item}/report", {f"{item}-report.count": "2"})
    assert round(row(item).progress, 1) == 66.7
    assert "所 / 3" in text(client.get("/desk/report"))


def test_what_is_wrongly_assigned_goes_back_with_a_reason(district: District) -> None:
    item = district.assigned("农贸市场改造", ago=0.2)
    client = client_of("fagai")
    refused = client.post(f"/desk/{item}/send-back", {f"{item}-send-back.reason": " "})
    assert refused.status_code == 409
    assert "请写明理由" in refused.content.decode()
    client.post(f"/desk/{item}/send-back", {f"{item}-send-back.reason": "属商务部门职责"})
    assert (row(item).stage, row(item).turn) == ("returned", "supervisor")


def test_many_are_reported_on_one_page(district: District) -> None:
    first, second, third = (district.handling(f"任务{number}") for number in range(3))
    district.do(district.wang, first, "report", 5, progress=30, text="已招标")
    client = client_of("fagai")
    page = text(client.get("/desk/report"))
    assert "已招标" in page
    before = {item: row(item).acts for item in (first, second, third)}
    sent: dict[str, Any] = {"row": [first, second, third], "page": "1"} | {f"{item}.seen": str(acts) for item, acts in before.items()}
    sent |= {f"{first}.text": "已开工", f"{second}.value": "abc", f"{second}.text": "写错了"}
    answer = client.post("/desk/report", sent)
    page = answer.content.decode()
    assert answer.status_code == 400
    assert "不是数" in page
    assert 'value="写错了"' in page
    assert (row(first).progress, last_said([first], {"lead"})[first].text) == (30.0, "已开工")
    assert row(third).acts == before[third]
    assert row(second).progress is None


def test_a_row_that_somebody_else_changed_is_refused_and_kept(district: District) -> None:
    item = district.handling("任务")
    seen = row(item).acts
    district.do(district.wang, item, "report", 0.1, progress=20)
    answer = client_of("fagai").post("/desk/report", {"row": item, f"{item}.seen": str(seen), f"{item}.value": "60", "page": "1"})
    assert answer.status_code == 400
    assert "别人已办了别的" in answer.content.decode()
    assert row(item).progress == 20.0


def test_what_was_written_in_a_line_that_is_no_more_is_not_lost(district: District) -> None:
    gone, moved, refused = (district.handling(title) for title in ("已报完的任务", "转走的任务", "佐证很多的任务"))
    client = client_of("fagai")
    sent: dict[str, Any] = {"row": [gone, moved, refused], "page": "1"}
    for item, words in ((gone, "三所都已开园"), (moved, "我们写的"), (refused, "已开工")):
        sent |= {f"{item}.seen": str(row(item).acts), f"{item}.value": "90", f"{item}.text": words}
    sent[f"{refused}.evidence"] = SimpleUploadedFile("现场.txt", "现场情况".encode())
    district.do(district.wang, gone, "apply-close", 0.2, text="已建成", evidence=[("开园.png", PNG)], progress=100)
    district.do(district.clerk, moved, "transfer", 0.2, reason="归口办理", units={"lead": [unit("财政局")]})
    district.do(district.wang, refused, "report", 0.1, progress=20)
    answer = client.post("/desk/report", sent)
    page = text(answer, 400)
    lost = page.split('id="lost"')[1].split("</section>")[0]
    assert "三所都已开园" in lost
    assert "已报完的任务" in lost
    assert "我们写的" in lost
    assert "转走的任务" not in page
    assert row(moved).number not in page
    # the file that came with a refused line need not be sent again
    token = re.search(rf'name="{refused}.kept" value="([^"]+)"', page)
    assert token
    again = {"row": refused, "page": "1", f"{refused}.seen": str(row(refused).acts), f"{refused}.value": "90", f"{refused}.kept": token[1]}
    client.post("/desk/report", again)
    assert models.Evidence.objects.get(item=refused).name == "现场.txt"


def test_an_account_without_a_unit_has_nothing(db: None, client_as: Callable[..., Any]) -> None:
    assert "还没有登记单位" in text(client_as("liaison").get("/desk"))


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_desk_in_a_browser(browse: Callable[..., Any], site: str, phone: bool) -> None:
    district = District()
    district.assigned("改造老旧小区 12 个", ago=0.5)
    late = district.handling("新建幼儿园 3 所", due=-3, target=3, target_unit="所")
    district.do(district.wang, late, "report", 10, count=1, text="一所已开园，两所主体完工")
    district.handling("建成城市书房 5 个", due=90)
    matters.tick()
    page = browse("liaison", "/desk", phone=phone, account=account("fagai"), allow=("status of 400",))
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/desk")
    screenshot(page, f"desk-{'phone' if phone else 'wide'}")
    page.get_by_role("button", name="全部签收").click()
    page.wait_for_selector(".toast:has-text('已签收 1 件')")
    page.goto(f"{site}/desk?when=overdue")
    card = page.locator(".task", has_text="新建幼儿园")
    card.locator("[name$='-report.count']").fill("abc")
    card.locator("[name$='-report.text']").fill("两所开园")
    card.get_by_role("button", name="报送", exact=True).click()
    page.wait_for_selector(".toast.wrong")
    assert card.locator("[name$='-report.text']").input_value() == "两所开园"
    card.locator("[name$='-report.count']").fill("2")
    card.locator("[name$='-report.count']").press("Enter")
    page.wait_for_selector(".toast:has-text('报进展')")
    assert row(late).progress == pytest.approx(66.6667, abs=0.01)
    page.goto(f"{site}/desk/report")
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"desk-report-{'phone' if phone else 'wide'}")
    line = page.locator("[data-line]", has_text="城市书房")
    line.locator("[name$='.value']").fill("35")
    page.get_by_role("button", name="一次报送").click()
    page.wait_for_selector(".toast:has-text('已报 1 件')")
    assert row(late).progress == pytest.approx(66.6667, abs=0.01)


def test_what_counts_as_signing() -> None:
    from luoshi.loop.rules import mechanisms
    from luoshi.web.deeds import is_sign

    found = {(one.id, act.key) for one in mechanisms() for clock in one.clocks for act in one.acts if is_sign(one, act, clock)}
    assert found == {
        ("M01", "sign"), ("M08", "sign"), ("M09", "arrive"), ("M10", "sign"), ("M12", "sign"), ("M14", "sign")
    }  # fmt: skip
