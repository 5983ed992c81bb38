"""The reading room: what it is given, who may know what, and in a browser keys, clicks, corrections, two readers, lost lines, the phone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from importlib.resources import files
from typing import Any

import msgspec
import pytest

from luoshi.desk.done import WrongValue
from luoshi.desk.facts import checked_fields
from luoshi.ledger.reading import CORRECTABLE
from luoshi.web.pages.room.form import CHOICES, FIELDS, read_form, suggestions
from luoshi.web.pages.room.rows import script_places
from tests.desk.making import row
from tests.ledger.making import enter, facts_of, report
from tests.web.looking import assert_accessible, assert_fits, assert_small, screenshot

Client = Callable[..., Any]
Browse = Callable[..., Any]


@pytest.fixture
def entered(db: None) -> str:
    return enter(report())[1][0]


@pytest.fixture
def facts(entered: str) -> list[str]:
    return facts_of(entered)


def room(client: Any, document: str) -> dict[str, Any]:
    """The values that the page gives to its script."""
    page = client.get(f"/documents/{document}/room").content.decode()
    found = re.search(r'<script type="application/json" id="room">(.*?)</script>', page, re.DOTALL)
    assert found
    values: dict[str, Any] = json.loads(found[1])
    return values


def live(client: Any, document: str, fact: str) -> Any:
    return next(entry[9] for entry in room(client, document)["facts"] if entry[0] == fact)


def say(client: Any, document: str, act: str, /, **wish: Any) -> Any:
    return client.post(
        f"/documents/{document}/room/{act}", json.dumps(wish), content_type="application/json", HTTP_ACCEPT="application/json"
    )


# --- what the script is given


def test_every_fact_with_its_place_in_the_text(client_as: Client, entered: str) -> None:
    given = room(client_as("reader"), entered)
    rows = {entry[0]: entry for entry in given["facts"]}
    kinds = ("measure", "task", "project", "term")
    assert sorted(rows) == sorted(fact for kind in kinds for fact in facts_of(entered, kind))
    for key, (_, kind, start, length, *_, live) in rows.items():
        fact = row(key)
        assert given["text"][start : start + length] == fact["text"]
        assert given["kinds"][kind] == fact["kind"]
        assert live == 0
    assert sum(sum(states.values()) for states in given["progress"].values()) == len(rows)


def test_places_count_as_a_script_counts() -> None:
    place = script_places("甲𠮷乙")
    assert [place(offset) for offset in range(4)] == [0, 1, 3, 4]
    assert script_places("甲乙")(2) == 2
    assert script_places("")(0) == 0


def test_parts_of_a_fact_lie_where_they_stand(client_as: Client, db: None) -> None:
    key = enter(report().replace("地区生产总值达到", "𠮷地区生产总值达到"))[1][0]
    given = room(client_as("reader"), key)
    text = given["text"].encode("utf-16-le")
    found = set()
    for _, _, start, length, _, _, _, parts, _, _ in given["facts"]:
        for at in range(0, len(parts), 3):
            first = start + parts[at + 1]
            found.add((given["parts"][parts[at]], text[first * 2 : (first + parts[at + 2]) * 2].decode("utf-16-le")))
        assert text[start * 2 : (start + length) * 2].decode("utf-16-le")
    assert ("indicator", "地区生产总值") in found
    assert ("indicator", "一般公共预算收入") in found


def test_the_page_cannot_be_broken_out_of(client_as: Client, db: None) -> None:
    key = enter(report().replace("石砚大桥", "</script><b>大桥"))[1][0]
    page = client_as("reader").get(f"/documents/{key}/room").content.decode()
    assert "</script><b>" not in page


# --- words


def test_a_word_answers_with_the_fact_and_the_progress(client_as: Client, entered: str, facts: list[str]) -> None:
    client = client_as("supervisor", name="陈栖")
    answer = say(client, entered, "accept", facts=facts[:2]).json()
    assert answer["count"] == 2
    assert answer["undo"]
    assert answer["progress"]["measure"]["accepted"] == 2
    told = answer["facts"][facts[0]]
    assert (told["state"], told["mine"], told["checks"][0]["who"], told["checks"][0]["me"]) == ("accepted", "accept", "陈栖", 1)
    undone = say(client, entered, "undo", span=answer["undo"]).json()
    assert undone["facts"] == {facts[0]: 0, facts[1]: 0}
    assert "accepted" not in undone["progress"]["measure"]


def test_a_correction_tells_what_the_rule_read(client_as: Client, entered: str, facts: list[str]) -> None:
    client = client_as("supervisor")
    fields = {"name": "财政收入", "value": "1.25万亿元", "year": "2025年", "indicator_id": "GDP"}
    told = say(client, entered, "correct", facts=facts[:1], fields=fields, note="对照公报").json()["facts"][facts[0]]
    assert told["state"] == "corrected"
    assert told["says"]["amount"] == "1.25万亿元"
    changes = {label: (was, now) for label, was, now in told["checks"][0]["changes"]}
    assert changes["名称"] == ("地区生产总值", "财政收入")
    assert changes["数值"] == ("415.2亿元", "1.25万亿元")
    assert told["checks"][0]["note"] == "对照公报"
    assert row(facts[0])["value"] == 1_250_000_000_000


def test_a_wrong_value_names_the_field(client_as: Client, entered: str, facts: list[str]) -> None:
    client = client_as("supervisor")
    for fields, words in (
        ({"value": "很多"}, "“很多”不是数"),
        ({"indicator_id": "天气好坏"}, "目录里没有"),
        ({}, "没有改动"),
        ({"role": "king"}, "不是可选的值"),
    ):
        answer = say(client, entered, "correct", facts=facts[:1], fields=fields)
        assert answer.status_code == 400
        assert words in answer.json()["error"]["what"]
    assert row(facts[0])["state"] == "open"


@pytest.mark.parametrize("body", ["", "{", "[]", '{"facts": 3}', '{"facts": ["f"], "fields": {"value": 3}}'])
def test_nonsense_is_refused(client_as: Client, entered: str, body: str) -> None:
    answer = client_as("supervisor").post(
        f"/documents/{entered}/room/accept", body, content_type="application/json", HTTP_ACCEPT="application/json"
    )
    assert answer.status_code == 400
    assert answer.json()["error"]["slug"] == "wrong-value"


def test_facts_of_another_document_are_not_touched(client_as: Client, entered: str, facts: list[str]) -> None:
    other = enter(report(year=2024))[1][0]
    client = client_as("supervisor")
    for act in ("accept", "reject", "correct", "reopen", "decide"):
        assert say(client, other, act, facts=facts[:1], fields={"value": "7"}, word="accept").status_code == 404
    assert row(facts[0])["state"] == "open"


@pytest.mark.parametrize("role", ["reader", "liaison", "leader"])
def test_who_may_not_check_only_looks(client_as: Client, entered: str, facts: list[str], role: str) -> None:
    client = client_as(role)
    assert client.get(f"/documents/{entered}/room").status_code == 200
    assert say(client, entered, "accept", facts=facts[:1]).status_code == 403
    assert room(client, entered)["viewer"]["may_check"] is False


def test_a_document_of_the_region_above_is_there_to_be_read(client_as: Client, db: None) -> None:
    from luoshi.ledger.models import Region
    from luoshi.ledger.seeding import seed_regions

    if not Region.objects.exists():
        seed_regions()
    above = enter(report(place="安徽省合肥市"))[1][0]
    client = client_as("supervisor", region="340103")
    assert room(client, above)["viewer"] == {"id": "atest-supervisor", "may_check": False, "may_decide": False}
    assert say(client, above, "accept", facts=facts_of(above)[:1]).status_code == 403
    assert "/room/accept" not in client.get(f"/documents/{above}/room?plain=1").content.decode()
    assert "确认无误" not in client.get(f"/documents/{above}").content.decode()
    assert "确认无误" in client_as("supervisor", region="340100", username="city").get(f"/documents/{above}").content.decode()


# --- two readers and a third


def test_readers_do_not_know_of_each_other_before_their_own_word(client_as: Client, entered: str, facts: list[str]) -> None:
    one, two, looker = client_as("supervisor", name="陈栖"), client_as("appraiser", name="林山"), client_as("reader")
    say(one, entered, "correct", facts=facts[:1], fields={"value": "416亿"})
    assert live(two, entered, facts[0]) == {"state": "checked", "others": 1}
    form = two.get(f"/documents/{entered}/room/form?fact={facts[0]}").content.decode()
    assert "416亿" not in form
    assert live(looker, entered, facts[0])["checks"][0]["who"] == "陈栖", "who cannot check may know"
    told = say(two, entered, "accept", facts=facts[:1]).json()["facts"][facts[0]]
    assert told["state"] == "disputed"
    assert [word["who"] for word in told["checks"]] == ["陈栖", "林山"]
    assert live(one, entered, facts[0])["state"] == "disputed"


def test_the_third_sees_both_and_decides(client_as: Client, entered: str, facts: list[str]) -> None:
    one, two, third = client_as("supervisor"), client_as("appraiser"), client_as("leader", name="周岚")
    say(one, entered, "correct", facts=facts[:1], fields={"value": "416亿"})
    say(two, entered, "reject", facts=facts[:1])
    assert len(live(third, entered, facts[0])["checks"]) == 2
    form = third.get(f"/documents/{entered}/room/form?fact={facts[0]}&like=0").content.decode()
    assert 'value="416亿"' in form
    assert "/room/decide" in form
    assert say(one, entered, "decide", facts=facts[:1], word="accept").status_code == 409
    told = say(third, entered, "decide", facts=facts[:1], word="correct", fields={"value": "416亿"}).json()["facts"][facts[0]]
    assert (told["state"], told["decision"]["who"]) == ("corrected", "周岚")
    assert row(facts[0])["value"] == 41_600_000_000


def test_another_supervisor_is_not_told_either_until_it_is_disputed(
    client_as: Client, make_account: Any, entered: str, facts: list[str]
) -> None:
    say(client_as("supervisor"), entered, "accept", facts=facts[:1])
    third = client_as("supervisor", username="third")
    assert live(third, entered, facts[0])["state"] == "checked"
    say(client_as("appraiser"), entered, "reject", facts=facts[:1])
    assert live(third, entered, facts[0])["state"] == "disputed"


# --- the form


def test_the_form_offers_what_the_desk_takes() -> None:
    for kind, names in FIELDS.items():
        assert set(names) == CORRECTABLE[kind]
    for name, values in CHOICES.items():
        kind = "project" if name == "stage" else "measure"
        for value in values:
            assert checked_fields(kind, {name: value}) == {name: value}


RECORD = {"fact": "measure", "text": "6.5%", "value": 6.5, "unit": "%", "role": "target", "measure": "growth", "comparator": "eq", "strength": "plain",
          "direction": "up", "year": 2025, "indicator": {"text": "地区生产总值", "start": 0, "end": 6}, "indicator_id": "gdp"}  # fmt: skip


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"value": "6.5"}, {}),
        ({"value": "6.50%"}, {}),
        ({"value": "7"}, {"value": 7}),
        ({"value": "1250亿元", "unit": "%"}, {"value": 125_000_000_000, "unit": "元"}),
        ({"value": "1,250.5万"}, {"value": 12_505_000}),
        ({"value": "−3.2"}, {"value": -3.2}),
        ({"value": ""}, {"value": None}),
        ({"value_max": "7.5"}, {"value_max": 7.5}),
        ({"unit": "亿元"}, {"unit": "亿元"}),
        ({"year": "2026年"}, {"year": 2026}),
        ({"year": ""}, {"year": None}),
        ({"role": "result", "direction": "down"}, {"role": "result", "direction": "down"}),
        ({"indicator_id": "GDP"}, {}),
        ({"indicator_id": "gdp"}, {}),
        ({"indicator_id": "一般公共预算收入"}, {"indicator_id": "fiscal_revenue"}),
        ({"indicator_id": ""}, {"indicator_id": ""}),
        ({"name": "地区生产总值"}, {}),
    ],
)
def test_what_is_written_becomes_values_and_only_what_differs_is_said(given: dict[str, str], said: dict[str, Any]) -> None:
    assert read_form("measure", RECORD, given) == said


@pytest.mark.parametrize("given", [{"value": "六"}, {"value": "6..5"}, {"year": "明年"}, {"year": "99"}, {"indicator_id": "好天气"}])
def test_what_cannot_be_read_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(WrongValue):
        read_form("measure", RECORD, given)


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2026-12-31", "2026-12-31"),
        ("2026年12月31日", "2026-12-31"),
        ("2026年12月", "2026-12"),
        ("2026/6/1", "2026-06-01"),
        ("2026年", "2026"),
        ("2026.6", "2026-06"),
    ],
)
def test_days_as_people_write_them(written: str, day: str) -> None:
    assert read_form("task", {"text": "建桥", "due": ""}, {"due": written}) == {"due": day}


def test_names_are_separated_by_any_mark() -> None:
    record = {"text": "建桥", "lead_units": [{"text": "区住建局"}]}
    assert read_form("task", record, {"lead_units": "区住建局"}) == {}
    assert read_form("task", record, {"lead_units": "区住建局，区财政局；区园林局\n"}) == {
        "lead_units": ["区住建局", "区财政局", "区园林局"]
    }


def test_suggestions_find_by_any_name(client_as: Client, entered: str) -> None:
    assert suggestions("GDP")[0]["id"] == "gdp"
    assert suggestions("财政收入")
    assert suggestions("") == suggestions("  ") == []
    assert len(suggestions("收入")) == 10
    found = client_as("supervisor").get(f"/documents/{entered}/room/indicators?q=生产总值").json()["found"]
    assert "地区生产总值" in [entry["name"] for entry in found]


# --- without scripts


def test_the_plain_list_takes_words_by_forms(client_as: Client, entered: str, facts: list[str]) -> None:
    client = client_as("supervisor")
    page = client.get(f"/documents/{entered}/room?plain=1").content.decode()
    assert page.count('<li id="f') == sum(len(facts_of(entered, kind)) for kind in ("measure", "task", "project", "term"))
    back = f"/documents/{entered}/room?plain=1#{facts[0]}"
    answer = client.post(f"/documents/{entered}/room/accept", {"fact": facts[0], "next": back}, follow=True)
    assert answer.redirect_chain == [(back, 302)]
    assert "已采纳" in answer.content.decode()
    edit = client.get(f"/documents/{entered}/room?plain=1&edit={facts[1]}").content.decode()
    assert 'name="field_value"' in edit
    client.post(f"/documents/{entered}/room/correct", {"fact": facts[1], "field_value": "6.3", "next": back})
    assert row(facts[1])["value"] == 6.3
    seen = client_as("reader").get(f"/documents/{entered}/room?plain=1").content.decode()
    assert "6.3%" in seen
    assert "/room/accept" not in seen


# --- in a browser


@pytest.fixture
def breakdown(site: str) -> str:
    """A long document with nested facts of all kinds but terms."""
    text = files("luoshi.demo").joinpath("documents", "2025-report.txt").read_bytes()
    return enter(text, "2025-report.txt")[1][0]


def chosen(page: Any) -> str:
    return str(page.locator(".row[aria-current]").inner_text())


def state_of(key: str) -> str:
    return str(row(key)["state"])


def current(page: Any) -> str:
    """The id of the chosen fact, once the address tells it."""
    page.wait_for_url(re.compile(r"[?&]fact=f"))
    return str(page.url.partition("fact=")[2].partition("&")[0])


def settled(page: Any) -> None:
    """Waits until the server has acknowledged everything."""
    page.locator(".chip.saving").first.wait_for(state="detached")


@pytest.mark.parametrize("options", [{}, {"phone": True}, {"dark": True}, {"lang": "en"}])
def test_it_is_open_to_everyone(browse: Browse, breakdown: str, options: dict[str, Any]) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room", **options)
    page.locator("#paper [data-f]").first.click()
    page.locator("#card h2").wait_for()
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"room-{'-'.join(options) or 'wide'}")
    page.keyboard.press("e")
    page.locator("form.correct").wait_for()
    assert_accessible(page)
    assert_fits(page)
    screenshot(page, f"room-form-{'-'.join(options) or 'wide'}")
    assert_small(page, page.url)


def test_a_very_long_document_is_fetched_after_the_page(browse: Browse, breakdown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.web.pages.room import view

    monkeypatch.setattr(view, "LARGEST", 1000)
    page = browse("reader", f"/documents/{breakdown}/room")
    page.locator(".row").first.wait_for()
    assert page.locator(".row").count() == len(facts_in_order(breakdown))
    assert len(page.request.get(page.url).body()) < 40_000


def test_keys_go_through_the_facts(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room")
    rows = page.locator(".row")
    for key in ("j", "j", "ArrowDown", "k"):
        page.keyboard.press(key)
    assert chosen(page) == rows.nth(1).inner_text()
    assert page.evaluate("document.activeElement === document.querySelector('.row[aria-current]')")
    assert page.locator("#paper .chosen").count() >= 1
    page.keyboard.press("Escape")
    assert page.locator("#card").is_hidden()
    page.keyboard.press("?")
    assert "下一条待核对" in page.locator("#keys-help").inner_text()


def test_a_word_a_key_and_the_next_one_is_chosen(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room")
    page.keyboard.press("j")
    first = current(page)
    for key in ("a", "a", "x"):
        page.keyboard.press(key)
    settled(page)
    assert [state_of(entry) for entry in facts_in_order(breakdown)[:4]] == ["accepted", "accepted", "rejected", "open"]
    assert chosen(page) == page.locator(".row").nth(3).inner_text()
    assert "已核对 3" in page.locator("#checking").inner_text()
    page.keyboard.press("u")
    page.locator("#said", has_text="已撤销").wait_for(state="attached")
    settled(page)
    assert state_of(facts_in_order(breakdown)[2]) == "open"
    page.keyboard.press("u")
    settled(page)
    page.keyboard.press("k")
    page.keyboard.press("n")
    assert first
    assert "已核对 1" in page.locator("#checking").inner_text()


def facts_in_order(document: str) -> list[str]:
    from luoshi.ledger.models import Fact

    return list(Fact.objects.filter(document=document).order_by("ordinal").values_list("id", flat=True))


def test_a_click_on_either_side_scrolls_the_other(browse: Browse, breakdown: str) -> None:
    page = browse("reader", f"/documents/{breakdown}/room")
    last = page.locator(".row").last
    last.scroll_into_view_if_needed()
    last.click()
    mark = page.locator("#paper .chosen").first
    box, pane = mark.bounding_box(), page.locator("#source").bounding_box()
    assert pane["y"] <= box["y"] <= pane["y"] + pane["height"]
    page.locator("#source").evaluate("pane => { pane.scrollTop = 0; }")
    page.locator("#paper .m-result").first.click()
    box, pane = page.locator(".row[aria-current]").bounding_box(), page.locator("#lists").bounding_box()
    assert pane["y"] <= box["y"] <= pane["y"] + pane["height"]
    assert page.locator(".card-acts [data-act=accept]").count() == 0, "a reader has no buttons for words"


def test_clicks_on_the_same_words_go_through_all_facts_there(browse: Browse, site: str) -> None:
    key = enter(files("luoshi.demo").joinpath("documents", "breakdown.txt").read_bytes(), "breakdown.txt")[1][0]
    page = browse("reader", f"/documents/{key}/room")
    mark = page.locator("#paper .m-target.t").first
    numbers = mark.get_attribute("data-f").split(" ")
    assert len(numbers) > 1
    seen = []
    for _ in numbers:
        page.locator(f'#paper [data-f="{" ".join(numbers)}"]').first.click()
        seen.append(chosen(page))
    assert len(set(seen)) == len(numbers)
    assert page.locator("#paper .part").count() > 0, "units and leaders of the task are underlined"


def test_correcting_with_suggestions(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room?kind=measure", allow=("status of 400",))
    page.keyboard.press("j")
    key = current(page)
    page.keyboard.press("e")
    page.locator("form.correct").wait_for()
    page.fill("#c-value", "很多")
    page.keyboard.press("Enter")
    page.locator("form.correct [role=alert]", has_text="不是数").wait_for()
    page.fill("#c-value", "1250亿元")
    page.fill("#c-indicator_id", "社会消费品")
    page.locator(".suggestions [role=option]").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert "消费品" in page.input_value("#c-indicator_id")
    page.select_option("#c-role", "target")
    page.locator("form.correct button.main").click()
    page.locator("form.correct").wait_for(state="detached")
    settled(page)
    fact = row(key)
    assert (fact["state"], fact["value"], fact["unit"], fact["role"]) == ("corrected", 125_000_000_000, "元", "target")
    page.locator(".row").first.click()
    assert "1250亿元" in page.locator("#card h2").inner_text()
    table = page.locator("table.changes").inner_text()
    assert "规则读作" in table
    assert "1250亿元" in table
    page.keyboard.press("e")
    page.locator("form.correct").wait_for()
    page.keyboard.press("Escape")
    page.locator("form.correct").wait_for(state="detached")


def test_filters_stay_in_the_address(browse: Browse, breakdown: str) -> None:
    page = browse("reader", f"/documents/{breakdown}/room")
    page.uncheck("input[name=kind][value=task]")
    page.select_option("#f-role", "target")
    page.fill("#f-q", "增长")
    page.wait_for_url(re.compile("role=target.*q="))
    shown = page.locator(".row:visible").count()
    assert 0 < shown < page.locator(".row").count()
    again = browse("reader", page.url.replace(page.url.partition("/documents")[0], ""))
    assert again.locator(".row:visible").count() == shown
    assert not again.is_checked("input[name=kind][value=task]")
    again.fill("#f-q", "没有这样的话")
    again.locator("[data-reset]").click()
    assert again.locator("#count").inner_text().startswith("显示 ")
    assert again.locator(".row:visible").count() == again.locator(".row").count()


def test_a_link_to_a_fact_opens_it(browse: Browse, breakdown: str) -> None:
    key = facts_in_order(breakdown)[40]
    for address in (f"?fact={key}", f"#{key}"):
        page = browse("reader", f"/documents/{breakdown}/room{address}")
        page.locator("#paper .chosen").first.wait_for()
        assert page.locator(".row[aria-current]").get_attribute("data-n") == "40"


def test_many_at_once_after_a_question_and_back(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room?kind=measure")
    button = page.locator("[data-bulk]:visible").first
    many = int(re.search(r"\d+", button.inner_text())[0])
    button.click()
    page.locator("dialog[open] button", has_text="取消").click()
    assert "已核对 0" in page.locator("#checking").inner_text()
    button.click()
    page.locator("dialog[open] button.main").click()
    page.locator("#checking", has_text=f"已核对 {many}").wait_for()
    page.locator(".toast .button", has_text="撤销").click()
    page.locator("#checking", has_text="已核对 0").wait_for()
    assert {state_of(key) for key in facts_in_order(breakdown)} == {"open"}


def test_what_was_not_saved_is_said_and_saved_later(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room", allow=("Failed to load resource",))
    page.route("**/room/accept", lambda route: route.abort())
    page.keyboard.press("j")
    page.keyboard.press("a")
    page.keyboard.press("a")
    page.locator("#lost", has_text="2 条还没有保存").wait_for()
    assert page.locator(".chip.saving").count() == 2
    assert {state_of(key) for key in facts_in_order(breakdown)} == {"open"}
    page.unroute("**/room/accept")
    page.locator("#lost button").click()
    page.locator("#lost").wait_for(state="hidden")
    settled(page)
    assert [state_of(key) for key in facts_in_order(breakdown)[:3]] == ["accepted", "accepted", "open"]


def test_what_was_refused_stays_marked(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room", allow=("Failed to load resource",))
    answer = {"error": {"slug": "conflict", "what": "有人先做了", "where": "", "remedy": "请再试"}}
    page.route("**/room/reject", lambda route: route.fulfill(status=409, content_type="application/json", body=json.dumps(answer)))
    page.keyboard.press("j")
    page.keyboard.press("x")
    page.locator(".fact.failed").wait_for()
    page.locator(".fact.failed .row").click()
    assert "有人先做了" in page.locator("#card [role=alert]").inner_text()
    page.unroute("**/room/reject")
    page.locator("#card [data-act=retry]").click()
    page.locator(".fact.failed").wait_for(state="detached")
    settled(page)
    assert state_of(facts_in_order(breakdown)[0]) == "rejected"


def test_two_readers_and_a_third_in_the_browser(browse: Browse, breakdown: str, make_account: Any) -> None:
    path = f"/documents/{breakdown}/room"
    one = browse("supervisor", path, account=make_account("supervisor", name="陈栖", username="one"))
    one.keyboard.press("j")
    one.keyboard.press("a")
    settled(one)
    two = browse("appraiser", path, account=make_account("appraiser", name="林山", username="two"))
    two.locator(".row").first.click()
    assert "1 人核对过" in two.locator("#card").inner_text()
    assert "陈栖" not in two.locator("#card").inner_text()
    two.keyboard.press("x")
    settled(two)
    two.locator(".row").first.click()
    assert "陈栖" in two.locator("#card").inner_text()
    assert "等第三人裁定" in two.locator("#card").inner_text()
    three = browse("leader", f"{path}?state=disputed", account=make_account("leader", name="周岚", username="three"))
    assert three.locator(".row:visible").count() == 1
    three.keyboard.press("j")
    assert "请您裁定" in three.locator("#card").inner_text()
    screenshot(three, "room-disputed")
    assert_accessible(three)
    three.keyboard.press("a")
    three.locator("#said", has_text="已裁定").wait_for(state="attached")
    settled(three)
    fact = row(facts_in_order(breakdown)[0])
    assert (fact["state"], fact["decision"]["by"]) == ("accepted", "athree")


def test_the_outline_leads_into_the_text(browse: Browse, breakdown: str) -> None:
    page = browse("reader", f"/documents/{breakdown}/room")
    page.keyboard.press("o")
    last = page.locator("#outline button").last
    words = last.inner_text()
    last.click()
    heading = page.locator("#paper p", has_text=words[:12]).last
    box, pane = heading.bounding_box(), page.locator("#source").bounding_box()
    assert pane["y"] - 5 <= box["y"] <= pane["y"] + pane["height"]


def test_on_a_phone(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room", phone=True)
    assert page.locator("#source").is_visible()
    assert page.locator("#lists").is_hidden()
    page.locator("#paper .m-result").first.click()
    page.locator("#card [data-act=accept]").click()
    settled(page)
    assert "已核对 1" in page.locator("#checking").inner_text()
    page.locator(".room-tabs [data-view=facts]").click()
    assert page.locator("#lists").is_visible()
    page.locator("#card [data-act=source]").click()
    assert page.locator("#source").is_visible()
    assert_fits(page)


def test_on_paper_all_is_there(browse: Browse, breakdown: str) -> None:
    page = browse("reader", f"/documents/{breakdown}/room")
    page.set_viewport_size({"width": 690, "height": 1000})
    page.emulate_media(media="print")
    assert page.locator("#filters").is_hidden()
    assert page.locator(".row").last.is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('.fact')).contentVisibility") == "visible"
    assert page.evaluate("document.getElementById('source').scrollHeight <= document.getElementById('source').clientHeight + 1")


def test_without_scripts_there_is_a_list(browse: Browse, breakdown: str) -> None:
    page = browse("supervisor", f"/documents/{breakdown}/room", script=False)
    page.locator("noscript a").click()
    page.locator(".plain-facts button.main").first.click()
    page.locator(".plain-facts .chip.accepted").wait_for()
    assert state_of(facts_in_order(breakdown)[0]) == "accepted"


def test_words_of_a_stored_check_are_json(entered: str, facts: list[str], client_as: Client) -> None:
    say(client_as("supervisor"), entered, "reject", facts=facts[:1], note="<b>不是</b>")
    told = live(client_as("reader"), entered, facts[0])
    assert told["checks"][0]["note"] == "<b>不是</b>"
    assert msgspec.json.encode(told)
