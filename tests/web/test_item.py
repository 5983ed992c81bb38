"""The page of an item: its source, who answers, its history, how it was on a day, and what may be done with it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from luoshi.ledger.belonging import today
from tests.desk.making import ONE
from tests.desk.tasks import ALL, breakdown, region_of
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


@pytest.fixture
def document(db: None) -> str:
    return breakdown(ONE)


def make(document: str) -> dict[str, str]:
    """All tasks as items; their ids by number."""
    from luoshi.desk import items
    from luoshi.ledger.models import Item

    items.create(ONE, document, [one.fact for one in items.plan(document, ALL)], ALL)
    return dict(Item.objects.filter(document=document).values_list("number", "id"))


@pytest.fixture
def keys(document: str) -> dict[str, str]:
    return make(document)


def item(key: str) -> Any:
    from luoshi.ledger.models import Item

    return Item.objects.get(pk=key)


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    found: str = response.content.decode()
    return found


def test_the_source_with_its_place_and_what_is_marked(document: str, keys: dict[str, str], client_as: Any) -> None:
    page = text(client_as("reader").get(f"/item/{keys['1']}"))
    assert "<mark>区发改局</mark>" in page
    assert "<mark>松问渠</mark>" in page
    assert "<mark>2025年12月底前</mark>" in page
    assert f"/documents/{document}/room#{item(keys['1']).fact}" in page
    assert "一、" not in page.split("<blockquote")[1].split("</blockquote>")[0].split("<footer>")[0]
    assert "2025年12月31日" in page
    assert "原文：2025年12月底前" in page


def test_what_else_the_sentence_says(keys: dict[str, str], client_as: Any) -> None:
    page = text(client_as("reader").get(f"/item/{keys['2']}"))
    inside = page.split('id="inside"')[1].split("</section>")[0]
    assert "28" in inside
    assert "公园" in inside
    assert "生产总值" not in inside


def test_duties_with_post_holder_now_and_then(document: str, keys: dict[str, str], client_as: Any) -> None:
    from luoshi.desk import organisations

    client = client_as("reader")
    assert "未登记职务" in text(client.get(f"/item/{keys['1']}"))
    post = organisations.add_post(ONE, region_of(document), "区长").subjects[0]
    held = organisations.hold(ONE, post, "松问渠", valid_from="2023-01-10").subjects[0]
    organisations.leave(ONE, held, "2026-05-01")
    organisations.hold(ONE, post, "柏望川", valid_from="2026-05-02")
    page = text(client.get(f"/item/{keys['1']}"))
    row = page.split('<th scope="row" class="nowrap">松问渠</th>')[1].split("</tr>")[0]
    assert "区长" in row
    assert "柏望川" in row
    past = text(client.get(f"/item/{keys['1']}?at={today()}"))
    assert "这是" in past
    assert "发展和改革局" in page
    assert "原文：区发改局" in page


def test_history_tells_what_became_what(keys: dict[str, str], client_as: Any) -> None:
    client = client_as("supervisor", name="温照野")
    sent = {"title": "生产总值增长6%", "due": "2026-01-31", "number": "1", "leader": "松问渠", "lead": "区统计局，区财政局", "support": ""}
    response = client.post(f"/item/{keys['1']}/correct", sent, follow=True)
    page = text(response)
    assert "事项已修改" in page
    history = page.split('id="history"')[1]
    for old, new in (("2025年12月31日", "2026年1月31日"), ("区发改局", "区统计局、区财政局"), ("地区生产总值增长6%左右", "生产总值增长6%")):
        assert f"<del>{old}</del>" in history
        assert f"<ins>{new}</ins>" in history
    assert "温照野" in history
    assert "序号" not in history


def test_as_it_was_on_a_day(keys: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    append(
        ONE.id,
        [Draft("item.correct", keys["1"], {"fields": {"title": "后来的标题"}}, item(keys["1"]).document)],
        clock=lambda: datetime(2099, 1, 2, tzinfo=UTC),
    )
    client = client_as("supervisor")
    then, now = text(client.get(f"/item/{keys['1']}?at={today()}")), text(client.get(f"/item/{keys['1']}"))
    assert "<h1>" in then
    assert "后来的标题" not in then.split("<h1>")[1].split("</h1>")[0]
    assert "后来的标题" in now.split("<h1>")[1].split("</h1>")[0]
    assert "/correct" not in then
    assert "还没有这个事项" in text(client.get(f"/item/{keys['1']}?at=2020-01-01"))
    assert client.get(f"/item/{keys['1']}?at=yesterday").status_code == 400


def test_a_day_ends_in_the_office_and_not_in_greenwich(keys: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    document = item(keys["1"]).document
    for title, hour in (("那天的标题", 15), ("次日的标题", 17)):
        draft = Draft("item.correct", keys["1"], {"fields": {"title": title}}, document)
        append(ONE.id, [draft], clock=lambda hour=hour: datetime(2099, 1, 2, hour, 30, tzinfo=UTC))
    client = client_as("supervisor")
    shown = text(client.get(f"/item/{keys['1']}?at=2099-01-02")).split("<h1>")[1].split("</h1>")[0]
    assert "那天的标题" in shown
    assert "次日的标题" in text(client.get(f"/item/{keys['1']}?at=2099-01-03")).split("<h1>")[1].split("</h1>")[0]
    for bad in ("20990102", "2099-W01-5", "2099-02-30", "0001-01-01T"):
        assert client.get(f"/item/{keys['1']}?at={bad}").status_code == 400


def test_doubts_are_told_and_settled(keys: dict[str, str], client_as: Any) -> None:
    client = client_as("supervisor")
    page = text(client.get(f"/item/{keys['2']}"))
    assert "没有说是哪一个" in page
    assert "写明是哪一个" in page
    assert "写明是哪一个" not in text(client.post(f"/item/{keys['2']}/settle", follow=True))
    assert item(keys["2"]).doubt == ""


def test_dropping_needs_a_reason_and_is_taken_back(keys: dict[str, str], client_as: Any) -> None:
    client = client_as("supervisor")
    assert client.post(f"/item/{keys['1']}/drop", {"why": " "}).status_code == 400
    page = text(client.post(f"/item/{keys['1']}/drop", {"why": "与上级重复"}, follow=True))
    assert "这个事项已撤销" in page
    assert "理由：与上级重复" in page
    assert "/correct" not in page
    assert client.post(f"/item/{keys['1']}/correct", {"title": "改"}).status_code == 409
    assert "这个事项已撤销" not in text(client.post(f"/item/{keys['1']}/restore", follow=True))
    assert client.post(f"/item/{keys['1']}/restore").status_code == 409


def test_a_wrong_value_is_told_in_the_form_and_nothing_typed_is_lost(keys: dict[str, str], client_as: Any) -> None:
    response = client_as("supervisor").post(f"/item/{keys['1']}/correct", {"title": "新的标题", "due": "2026-02-31", "lead": "区统计局"})
    assert response.status_code == 400
    page = response.content.decode()
    assert "不是日期" in page
    assert "新的标题</textarea>" in page
    assert 'value="区统计局"' in page
    assert item(keys["1"]).title != "新的标题"


def test_a_month_or_a_year_is_a_date_too(keys: dict[str, str], client_as: Any) -> None:
    """What a fact may say an item may say, and saving something else does not lose it."""
    client = client_as("supervisor")
    for written, kept in (
        ("2025年12月", "2025-12"),
        ("20251231", None),
        ("2026-W01-1", None),
        ("2025", "2025"),
        ("2025.3.5", "2025-03-05"),
    ):
        response = client.post(f"/item/{keys['1']}/correct", {"due": written})
        assert response.status_code == (302 if kept else 400)
        assert kept is None or item(keys["1"]).due == kept
    client.post(f"/item/{keys['1']}/correct", {"due": "2025-12"})
    form = client.get(f"/item/{keys['1']}?edit=1").content.decode()
    assert re.search(r'<input[^>]* name="due"[^>]* value="2025-12"', form)
    client.post(f"/item/{keys['1']}/correct", {"title": "新的标题", "due": "2025-12"})
    assert (item(keys["1"]).title, item(keys["1"]).due) == ("新的标题", "2025-12")


def test_a_date_ends_what_goes_on_and_the_other_way_round(keys: dict[str, str], client_as: Any) -> None:
    client = client_as("supervisor")
    client.post(f"/item/{keys['3']}/correct", {"due": "2025-09-30", "open_ended": "1"})
    assert (item(keys["3"]).due, item(keys["3"]).open_ended) == ("2025-09-30", False)
    client.post(f"/item/{keys['3']}/correct", {"due": "", "open_ended": "1"})
    assert (item(keys["3"]).due, item(keys["3"]).open_ended) == ("", True)
    client.post(f"/item/{keys['3']}/correct", {"title": item(keys["3"]).title})
    assert item(keys["3"]).open_ended is True


def test_who_sees_and_who_may(document: str, keys: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Organisation

    finance = Organisation.objects.get(name="财政局").id
    liaison = client_as("liaison", unit=finance, region=region_of(document))
    assert "修改" not in text(liaison.get(f"/item/{keys['1']}")).split("<main")[1]
    assert liaison.get(f"/item/{keys['3']}").status_code == 404
    assert client_as("supervisor", username="elsewhere", region="340103").get(f"/item/{keys['1']}").status_code == 404
    assert client_as("system_admin").get(f"/item/{keys['1']}").status_code == 403
    assert client_as("reader").get("/item/inothing").status_code == 404
    for act in ("correct", "settle", "drop", "restore"):
        assert liaison.post(f"/item/{keys['1']}/{act}", {"why": "x"}).status_code == 403
        assert client_as("supervisor").get(f"/item/{keys['1']}/{act}").status_code == 405


@pytest.fixture
def live(real_db: None) -> dict[str, str]:
    return make(breakdown(ONE))


def test_looked_at_changed_and_undone_in_a_browser(live: dict[str, str], browse: Any) -> None:
    page = browse("supervisor", f"/item/{live['2']}")
    assert_accessible(page)
    assert_fits(page)
    assert_small(page, page.url)
    screenshot(page, "item")
    page.click("main a:has-text('修改')")
    assert page.evaluate("document.activeElement.id") == "e-title"
    assert_accessible(page)
    screenshot(page, "item-edit")
    page.locator("#e-support").press("End")
    page.keyboard.type("、教育")
    assert page.locator("#known-names option").first.get_attribute("value").endswith("、教育局")
    page.fill("#e-support", "区财政局")
    page.click("button:has-text('保存')")
    page.wait_for_selector(".timeline del")
    assert item(live["2"]).doubt == ""
    page.click("#toasts button:has-text('撤销')")
    page.wait_for_selector("#toasts :text('已撤销')")
    assert item(live["2"]).doubt == "which-one"


def test_on_a_phone_in_the_dark_and_on_paper(live: dict[str, str], browse: Any) -> None:
    page = browse("reader", f"/item/{live['1']}", phone=True, dark=True)
    assert_fits(page)
    assert_accessible(page)
    screenshot(page, "item-phone")
    page.emulate_media(media="print")
    assert page.is_hidden("header.top")
    assert page.is_hidden(".look-back")
    assert page.is_visible("blockquote mark")
