"""The hotline's orders: suggested and dispatched, doubts left to a person, sent back, without contact, called back, approved."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from luoshi.desk.matters import dispatch
from luoshi.desk.matters.dispatch import Assigned, Unclear, suggest
from luoshi.ledger.acts.matters import life_of
from tests.web.hotline import SECRETS, Hotline, row, table, unit
from tests.web.living import PNG, REGION, account
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot
from tests.web.test_desk import client_of, text

__all__ = ["table"]


@pytest.fixture
def hotline(db: None, table: Any) -> Hotline:
    return Hotline()


def form_of(page: str, item: str) -> dict[str, str]:
    """What the form of an order sends besides its button."""
    return {f"{item}.{name}": page.partition(f'name="{item}.{name}" value="')[2].partition('"')[0] for name in ("seen", "units")}


def test_a_suggestion_has_ids(hotline: Hotline) -> None:
    fields = {"category": "city", "subcategory": "路灯", "location": "柳溪街道"}
    assert suggest(fields, REGION) == Assigned(
        unit("发展和改革局"),
        (unit("财政局"),),
        f"{REGION}001",
        "“市容环境/路灯”由发展和改革局主办（第 2 条：职责分工）；财政局协办，发展和改革局首接负责、牵头协调",
    )
    doubt = suggest({"category": "traffic", "location": "柳溪街道"}, REGION)
    assert isinstance(doubt, Unclear)
    assert doubt.candidates == (unit("发展和改革局"), unit("财政局"))
    assert isinstance(suggest({}, REGION), Unclear)


def test_an_office_lays_its_own_table(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import msgspec
    from django.conf import settings

    hotline = Hotline()
    assert hotline.clerk
    monkeypatch.setattr(settings, "LUOSHI", msgspec.structs.replace(settings.LUOSHI, data=tmp_path))
    none = suggest({"category": "city"}, REGION)
    assert isinstance(none, Unclear)
    assert "还没有派单表" in none.reason
    lines = (
        "title: 甲\nsource: 乙\nplaces: []\nduties:\n  - {category: 市容环境, units: [财政局], source: 丙}\n"
        "  - {category: 教育, units: [飞天局], source: 丁}\n"
    )
    (tmp_path / dispatch.FILE).write_text(lines, encoding="utf-8")
    found = suggest({"category": "city"}, REGION)
    assert isinstance(found, Assigned)
    assert found.lead == unit("财政局")
    missing = suggest({"category": "education"}, REGION)
    assert isinstance(missing, Unclear)
    assert "飞天局" in missing.reason


def test_one_and_many_go_as_suggested_and_the_doubtful_stay(hotline: Hotline) -> None:
    sure = [hotline.accepted(f"路灯不亮{at}") for at in range(3)]
    doubtful = hotline.accepted("乱停车", category="traffic", sub="")
    client = client_of("ducha")
    page = text(client.get("/orders"))
    assert page.index("乱停车") < page.index("路灯不亮0")
    for secret in SECRETS:
        assert secret not in page
    one = client.post("/orders/dispatch", {"only": sure[0], **form_of(page, sure[0])})
    assert one.status_code == 302
    assert row(sure[0]).stage == "assigned"
    many = {"id": [*sure[1:], doubtful], **form_of(page, sure[1]), **form_of(page, sure[2]), **form_of(page, doubtful)}
    client.post("/orders/dispatch", many)
    assert [row(item).stage for item in (*sure, doubtful)] == ["assigned"] * 3 + ["accepted"]
    matter = life_of(row(sure[1]).life)
    assert matter.parts == {"lead": (unit("发展和改革局"),), "support": (unit("财政局"),)}
    assert matter.fields["first_responsible"] is True
    assert "1 件没有派" in text(client.get("/orders"))


def test_a_person_decides_a_doubt_among_those_that_it_may_be(hotline: Hotline) -> None:
    item = hotline.accepted("乱停车", category="traffic", sub="")
    client = client_of("ducha")
    client.post("/orders/dispatch", {"only": item, "lead": unit("住房和城乡建设局")})
    assert row(item).stage == "accepted"
    client.post("/orders/dispatch", {"only": item, "lead": unit("财政局")})
    assert (row(item).stage, row(item).unit) == ("assigned", unit("财政局"))


def test_a_suggestion_that_changed_since_it_was_shown_is_not_carried_out(hotline: Hotline) -> None:
    item = hotline.accepted()
    client = client_of("ducha")
    shown = form_of(text(client.get("/orders")), item)
    client.post("/orders/dispatch", {"only": item, **shown, f"{item}.units": unit("财政局")})
    assert row(item).stage == "accepted"
    hotline.do(hotline.clerk, item, "amend", 0, reason="更正", fields={"subcategory": "公园"})
    client.post("/orders/dispatch", {"only": item, **shown})
    assert row(item).stage == "accepted"


def test_nothing_chosen_and_what_is_elsewhere(hotline: Hotline) -> None:
    client = client_of("ducha")
    assert client.post("/orders/dispatch", {}).status_code == 400
    elsewhere = hotline.accepted(region="110116")
    client.post("/orders/dispatch", {"only": elsewhere})
    assert row(elsewhere).stage == "accepted"
    assert client_of("lingdao").post("/orders/dispatch", {"only": elsewhere}).status_code == 403
    assert client_of("fagai").get("/orders").status_code == 403


def test_sent_back_with_the_reason_and_finally_assigned_by_the_leader(hotline: Hotline) -> None:
    item = hotline.accepted()
    hotline.do(hotline.clerk, item, "dispatch", 0.4, units={"lead": [unit("发展和改革局")]})
    hotline.do(hotline.wang, item, "send-back", 0.3, reason="属财政局职责，联系13900001207")
    page = text(client_of("ducha").get("/orders"))
    assert "属财政局职责" in page
    assert "13900001207" not in page
    assert "终审派单" not in page
    leader = client_of("lingdao")
    assert "终审派单" in text(leader.get("/orders"))
    assert leader.post(f"/orders/final/{item}", {"lead": "飞天局", "reason": "定"}).status_code == 400
    assert leader.post(f"/orders/final/{item}", {"lead": "财政局"}).status_code == 409
    assert leader.post(f"/orders/final/{item}", {"lead": "财政局", "reason": "按职责由财政局办"}).status_code == 302
    assert (row(item).stage, row(item).unit) == ("final", unit("财政局"))
    assert leader.post("/orders/final/none", {"lead": "财政局", "reason": "定"}).status_code == 404


def test_without_contact_call_backs_and_requests(hotline: Hotline) -> None:
    late = hotline.handling("没有联系的", ago=3, contact=False)
    called = hotline.replied("等回访的", ago=12)
    asked = hotline.handling("等批准的", ago=0.5)
    hotline.do(
        hotline.wang, asked, "ask-exclude", 0.4, reason="不属政府职责", fields={"excluded_why": "outside"}, evidence=[("说明.png", PNG)]
    )
    hung = hotline.handling("等挂账的", ago=0.5)
    hotline.do(hotline.wang, hung, "ask-hang", 0.4, reason="列入改造计划", evidence=[("计划.png", PNG)])
    client, leader = client_of("ducha"), client_of("lingdao")
    page = text(client.get("/orders"))
    assert page.index("没有联系的") < page.index("等回访的") < page.index("等批准的")
    assert client.post(f"/orders/{late}/chase", {f"{late}-chase.text": "请马上联系"}).status_code == 302
    assert row(late).chased == 1
    assert client.post(f"/orders/{called}/call-solved", {f"{called}-call-solved.rating-contacted": "yes"}).status_code == 409
    sent = {
        f"{called}-call-solved.rating-{key}": value for key, value in (("contacted", "yes"), ("solved", "yes"), ("satisfied", "satisfied"))
    }
    assert client.post(f"/orders/{called}/call-solved", sent).status_code == 302
    assert row(called).state == "closed"
    page = text(leader.get("/orders"))
    assert "不属政府职责" in page
    assert "列入改造计划" in page
    assert "同意挂账" in page
    assert f"/orders/{hung}/grant-hang" not in page
    assert leader.post(f"/orders/{asked}/grant-exclude", {f"{asked}-grant-exclude.text": "同意"}).status_code == 302
    assert row(asked).excluded


def test_nothing_waits(hotline: Hotline) -> None:
    assert "没有等着办的工单" in text(client_of("ducha").get("/orders"))


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_the_orders_in_a_browser(browse: Callable[..., Any], site: str, table: Any, phone: bool) -> None:
    hotline = Hotline()
    one, two = hotline.accepted("路灯不亮"), hotline.accepted("井盖松动", sub="井盖")
    doubtful = hotline.accepted("乱停车", category="traffic", sub="")
    called = hotline.replied("垃圾没人收", ago=12)
    hotline.handling("没有联系的", ago=3, contact=False)
    hotline.order("刚来的")
    page = browse(None, "/orders", account=account("ducha"), phone=phone, allow=("status of 409",))
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, f"{site}/orders")
    screenshot(page, f"orders-{'phone' if phone else 'wide'}")
    page.locator("li", has_text="乱停车").locator("select").select_option(unit("财政局"))
    page.locator("li", has_text="乱停车").get_by_role("button", name="派单", exact=True).click()
    page.wait_for_selector("text=已派单 1 件")
    page.get_by_role("button", name="勾选的都按建议派单").click()
    page.wait_for_selector("text=已派单 2 件")
    assert [row(item).stage for item in (one, two, doubtful)] == ["assigned"] * 3
    order = page.locator("li", has_text="垃圾没人收")
    order.locator("summary", has_text="未解决，退回重办").click()
    form = order.locator(f"form[action$='{called}/return']")
    form.locator("textarea").first.fill("垃圾还在")
    for box in form.locator("select").all():
        box.select_option(index=1)
    form.locator("button").click()
    # only what is said afterwards: the form that is open has these words too
    page.wait_for_selector(".toast:has-text('回访：未解决，退回重办')")
    assert row(called).stage == "handling"
    assert_accessible(page)
