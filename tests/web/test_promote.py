"""From facts to items: the look before, what can be set right in it, and the making in one go."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.desk.making import ONE
from tests.desk.tasks import ALL, breakdown
from tests.ledger.making import enter, report
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot


@pytest.fixture
def document(db: None) -> str:
    return breakdown(ONE)


def plan(document: str) -> dict[str, str]:
    """The facts by number."""
    from luoshi.desk.items import plan as planned

    return {one.number: one.fact for one in planned(document, ALL)}


def items(document: str) -> list[Any]:
    from luoshi.ledger.models import Item

    return list(Item.objects.filter(document=document, state="open").order_by("ordinal"))


def send(client: Any, document: str, **wish: Any) -> Any:
    return client.post(
        f"/documents/{document}/items/create", json.dumps(wish), content_type="application/json", HTTP_ACCEPT="application/json"
    )


def data_of(response: Any) -> dict[str, Any]:
    """What the script of the page is given."""
    text = response.content.decode()
    begin = text.index('id="promote">') + len('id="promote">')
    found: dict[str, Any] = json.loads(text[begin : text.index("</script>", begin)])
    return found


# --- what the page is given


def test_the_page_gives_rows_units_and_doubts(document: str, client_as: Any) -> None:
    data = data_of(client_as("supervisor").get(f"/documents/{document}/items"))
    assert [row[1] for row in data["rows"]] == ["2", "4", "1", "3"]
    assert data["breakdown"] is True
    assert data["units"]["区财政局（区国资办）"]["name"] == "财政局"
    assert data["units"]["区财政局（区国资办）"]["new"] is True
    assert data["units"]["区财政局（区国资办）"]["why"] != ""
    assert data["units"]["卫生院"]["doubt"] == "which-one"
    assert data["doubts"]["which-one"]["words"] == "没有说是哪一个"
    assert data["people"]["松问渠"] == {"post": "", "doubt": ""}


def test_rejected_tasks_are_left_out_and_made_ones_stand_apart(document: str, client_as: Any) -> None:
    from luoshi.desk import facts
    from luoshi.desk import items as desk

    keys = plan(document)
    facts.reject(ONE, [keys["1"]], ALL)
    (made,) = desk.create(ONE, document, [keys["3"]], ALL).subjects
    response = client_as("supervisor").get(f"/documents/{document}/items")
    assert [row[1] for row in data_of(response)["rows"]] == ["2", "4"]
    text = response.content.decode()
    assert f"/item/{made}" in text
    assert "另有 1 条任务在核对时已被否决" in text


def test_a_report_is_shown_by_section(db: None, client_as: Any) -> None:
    key = enter(report())[1][0]
    data = data_of(client_as("supervisor").get(f"/documents/{key}/items"))
    assert data["breakdown"] is False
    assert {row[3] for row in data["rows"]} <= {section for section, _ in data["sections"]}
    assert all(title for _, title in data["sections"])


def test_the_words_behind_a_row(document: str, client_as: Any) -> None:
    client, fact = client_as("supervisor"), plan(document)["3"]
    told = client.get(f"/documents/{document}/items/source?fact={fact}").json()
    assert "石砚大桥" in told["text"]
    assert told["room"].endswith(f"/documents/{document}/room#{fact}")
    assert client.get(f"/documents/{document}/items/source?fact=fnothing", HTTP_ACCEPT="application/json").status_code == 404


def test_names_that_a_person_wrote_are_told(document: str, client_as: Any) -> None:
    told = client_as("supervisor").get(f"/documents/{document}/items/names", {"name": ["区民政局", "街道办", " "]}).json()
    assert told["units"]["区民政局"] | {"id": ""} == {
        "id": "",
        "name": "民政局",
        "new": True,
        "why": told["units"]["区民政局"]["why"],
        "doubt": "",
    }
    assert told["units"]["街道办"]["doubt"] == "which-one"
    assert told["doubts"]["which-one"]["remedy"] != ""
    assert set(told["people"]) == {"区民政局", "街道办"}


def test_a_document_without_tasks_says_what_to_do(db: None, client_as: Any) -> None:
    key = enter("通知\n\n请各单位按时参加会议。\n", "note.txt")[1][0]
    assert "没有可以生成事项的任务" in client_as("supervisor").get(f"/documents/{key}/items").content.decode()


def test_who_may_not_or_sees_nothing(document: str, client_as: Any) -> None:
    for role in ("liaison", "leader", "appraiser", "reader", "system_admin"):
        client = client_as(role)
        assert client.get(f"/documents/{document}/items").status_code == 403
        assert send(client, document, facts=[plan(document)["1"]]).status_code == 403
    elsewhere = client_as("supervisor", username="elsewhere", region="340103")
    assert elsewhere.get(f"/documents/{document}/items").status_code == 404
    assert send(elsewhere, document, facts=[plan(document)["1"]]).status_code == 404
    assert items(document) == []


# --- making


def test_all_are_made_in_one_go_and_it_is_kept_what_it_took(document: str, client_as: Any) -> None:
    from luoshi.ledger.models import Entry

    client, keys = client_as("supervisor", name="温照野"), plan(document)
    changed = {keys["2"]: {"fields": {"due": "2025-10-31", "title": "改造小区"}, "duties": {"support": ["区财政局"]}}}
    answer = send(client, document, facts=list(keys.values()), changed=changed, touches=12, seconds=70).json()
    assert answer["told"] == "4 项，12 次操作，用时 1 分 10 秒"
    assert answer["count"] == 4
    assert {item.number: item.due for item in items(document)}["2"] == "2025-10-31"
    assert {item.number: item.support for item in items(document)}["2"] == "区财政局"
    page = client.get(answer["next"]).content.decode()
    assert "最近一次生成：4 项，12 次操作，用时 1 分 10 秒" in page
    assert f"/undo/{answer['undo']}" in page
    client.post(f"/undo/{answer['undo']}")
    assert items(document) == []
    assert "最近一次生成" not in client.get(answer["next"]).content.decode()
    assert Entry.objects.filter(act="item.drop").count() == 4


def test_what_is_asked_for_wrongly(document: str, client_as: Any) -> None:
    client, fact = client_as("supervisor"), plan(document)["1"]
    for wish, slug in (
        ({"facts": []}, "wrong-value"),
        ({"facts": [fact], "changed": {fact: {"fields": {"due": "明天"}}}}, "wrong-value"),
        ({"facts": [fact], "other": 1}, "wrong-value"),
        ({"facts": "all"}, "wrong-value"),
        ({"facts": [fact] * 2001}, "wrong-value"),
        ({"facts": ["fnothing"]}, "not-found"),
    ):
        answer = send(client, document, **wish)
        assert answer.status_code >= 400
        assert answer.json()["error"]["slug"] == slug
        assert answer.json()["error"]["remedy"] != ""
    assert items(document) == []


def test_without_script(document: str, client_as: Any) -> None:
    client, keys = client_as("supervisor"), plan(document)
    page = client.get(f"/documents/{document}/items?plain=1").content.decode()
    assert page.count('name="fact"') == 4
    assert page.count(" checked") == 2
    response = client.post(f"/documents/{document}/items/create", {"fact": [keys["1"], keys["2"]]}, follow=True)
    assert [item.number for item in items(document)] == ["1", "2"]
    assert "已生成事项：2 项" in response.content.decode()


# --- in a browser


@pytest.fixture
def live(real_db: None) -> str:
    return breakdown(ONE)


def rows(page: Any) -> list[str]:
    found: list[str] = page.locator("#table tr[data-fact] > td:nth-child(2)").all_inner_texts()
    return found


def made(page: Any) -> str:
    page.wait_for_selector("#last")
    told: str = page.inner_text("#last b")
    return told


def test_doubts_are_settled_and_all_is_made_with_a_handful_of_touches(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items")
    assert rows(page) == ["2", "4", "1", "3"]
    assert page.inner_text("#make") == "生成事项（2）"
    screenshot(page, "promote")
    assert_accessible(page)
    assert_fits(page)
    page.click("#doubts-list button:has-text('照此生成')")
    assert page.inner_text("#make") == "生成事项（4）"
    assert page.is_hidden("#doubts")
    page.click("#make")
    assert made(page).startswith("最近一次生成：4 项，2 次操作，用时 ")
    assert [item.number for item in items(live)] == ["1", "2", "3", "4"]
    assert_accessible(page)
    screenshot(page, "promote-made")
    page.click("#toasts button:has-text('撤销')")
    page.wait_for_selector("#make")
    assert items(live) == []


def test_a_name_is_set_right_in_all_rows_at_once(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items")
    page.click("#doubts-list button:has-text('改名')")
    page.fill("#doubts-list input", "云陂镇卫生院")
    page.keyboard.press("Enter")
    page.wait_for_selector("#doubts", state="hidden")
    page.click("#make")
    made(page)
    assert [item.support for item in items(live) if item.number in ("2", "4")] == ["区财政局、云陂镇卫生院", "云陂镇卫生院、区教育局"]


def test_rows_are_set_right_by_keyboard_alone(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("textarea[data-field=title]").fill("生产总值增长百分之六")
    page.locator("input[data-field=lead]").fill("区统计局、区财政局")
    page.locator("input[data-field=leaders]").fill("麦秋")
    screenshot(page, "promote-edit")
    assert_accessible(page)
    page.locator("input[data-field=due]").fill("2025-02-30")
    page.keyboard.press("Enter")
    assert page.locator("input[data-field=due]").evaluate("(e) => e.validationMessage").startswith("这不是日期")
    page.locator("input[data-field=due]").fill("2025年6月30日")
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.detail", state="detached")
    line = page.locator("#table tr[data-fact]").nth(2)
    assert "生产总值增长百分之六" in line.inner_text()
    assert "统计局、财政局" in line.inner_text()
    assert "2025年6月30日" in line.inner_text()
    assert line.evaluate("(e) => e === document.activeElement")
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.keyboard.press("m")
    assert "1 项" in made(page)
    (one,) = items(live)
    assert (one.title, one.lead, one.leaders, one.due) == ("生产总值增长百分之六", "区统计局、区财政局", "麦秋", "2025-06-30")


def test_the_source_is_one_touch_away_and_escape_puts_it_back(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items")
    page.locator("#table tr[data-fact] button[data-open]").nth(3).click()
    page.wait_for_selector(".details .quote a")
    assert "完成时限：持续推进" in page.inner_text(".details .quote")
    assert "“区发改委”是发展和改革局" in page.inner_text(".details .how")
    page.locator("textarea[data-field=title]").fill("别的")
    page.keyboard.press("Escape")
    assert page.locator("tr.detail").count() == 0
    assert "石砚大桥" in page.locator("#table tr[data-fact]").nth(3).inner_text()


def test_touches_are_counted_once_each(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items")

    def touches() -> str:
        told: str = page.inner_text("#effort").split(" ")[0]
        return told

    assert touches() == "0"
    page.click("tr.group label >> nth=0")
    assert touches() == "1"
    page.locator("[data-row]").nth(1).click()
    assert touches() == "2"
    page.keyboard.press("j")
    page.keyboard.press("Tab")
    assert touches() == "3"
    page.focus("#choose-none")
    page.keyboard.press("Enter")
    assert touches() == "4"
    page.click("h1")
    page.select_option("#find-show", "doubtful")
    assert touches() == "5"
    assert page.inner_text("#chosen") == "已选 0 / 4 项"


def test_what_the_server_refuses_is_said_and_nothing_is_lost(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items", allow=("status of 400",))
    page.locator("#table tr[data-fact] th").nth(2).click()
    page.locator("input[data-field=lead]").fill("局" * 101)
    page.keyboard.press("Enter")
    page.wait_for_selector("tr.detail", state="detached")
    page.click("#make")
    page.wait_for_selector(".toast.wrong")
    assert "名称太长或太多" in page.inner_text(".toast.wrong")
    assert page.inner_text("#make") == "生成事项（2）"
    assert items(live) == []


def test_of_a_report_nothing_is_chosen_until_somebody_chooses(real_db: None, browse: Any) -> None:
    key = enter(report())[1][0]
    page = browse("supervisor", f"/documents/{key}/items")
    assert page.locator("[data-row]:checked").count() == 0
    assert page.is_disabled("#make")
    page.fill("#find-task", "公园")
    assert page.locator("#table tr[data-fact]").count() == 1
    page.locator("[data-group]").first.click()
    page.fill("#find-task", "")
    assert page.locator("[data-row]:checked").count() == 1
    assert page.locator("[data-group]").first.evaluate("(e) => e.indeterminate")
    screenshot(page, "promote-report")
    page.click("#make")
    made(page)
    assert ["公园" in item.title for item in items(key)] == [True]


def test_on_a_phone_and_in_the_dark(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items", phone=True, dark=True)
    page.locator("#table tr[data-fact] button[data-open]").first.click()
    page.wait_for_selector(".details .quote a")
    assert_fits(page)
    assert_accessible(page)
    screenshot(page, "promote-phone")


def test_in_english_and_small(live: str, browse: Any) -> None:
    page = browse("supervisor", f"/documents/{live}/items", lang="en")
    assert page.inner_text("#make") == "Make 2 items"
    assert_small(page, page.url)
