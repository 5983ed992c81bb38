"""What is personal in a matter stands nowhere: in no list, no calendar, no message, no page of the past, whoever asks."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
import pytest
from django.test import RequestFactory

from luoshi.desk.actor import Role
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.places import tree
from luoshi.ledger.store import append
from luoshi.ledger.veiling import titles_of
from luoshi.web.minute import agenda
from luoshi.web.pages.home.changes import changes
from luoshi.web.pages.home.waiting import due_items
from luoshi.web.pages.organisation.about import items
from luoshi.web.signin.models import Access
from tests.web.hotline import SECRETS, Hotline, unit
from tests.web.living import ALL, person, row
from tests.web.test_desk import client_of, text

#: somebody's name and number, in a title
TITLE = "我是陆远山，电话13900001207，路灯不亮"


@pytest.fixture
def hotline(db: None) -> Hotline:
    return Hotline()


def assert_nothing(page: str, where: str) -> None:
    for secret in SECRETS:
        assert secret not in page.replace("陆远山</h1>", ""), (where, secret)


def test_a_title_is_masked_wherever_it_is_listed(hotline: Hotline) -> None:
    item = hotline.handling(TITLE, contact=False)
    assert titles_of([item])[item].endswith("路灯不亮")
    assert_nothing(titles_of([item])[item], "titles_of")
    person("duzhe", Role.READER)
    person("shenji", Role.AUDIT_ADMIN)
    listed = ("/", "/calendar", "/calendar/luoshi.ics", f"/organisation/{unit('发展和改革局')}", "/mechanism/M08/move", "/admin/audit")
    seen = 0
    for who in ("fagai", "ducha", "duzhe", "shenji"):
        client = client_of(who)
        for address in listed:
            answer = client.get(address)
            if answer.status_code == 200:
                assert_nothing(answer.content.decode(), f"{who} {address}")
                seen += "路灯不亮" in answer.content.decode()
    assert seen


def test_a_digest_tells_of_a_complaint_by_its_number(hotline: Hotline) -> None:
    item = hotline.handling(TITLE, contact=False)
    found = agenda(hotline.wang.id, date.fromisoformat(row(item).due))
    assert found
    assert all(one.private for one in found)
    assert_nothing(msgspec.json.encode(found).decode(), "digest")


def test_a_calendar_file_holds_the_number_of_a_complaint(hotline: Hotline) -> None:
    item = hotline.handling(TITLE, contact=False)
    file = text(client_of("fagai").get("/calendar/luoshi.ics")).replace("\r\n ", "")
    assert row(item).number in file
    assert "路灯" not in file


def test_what_was_done_is_told_without_a_name(hotline: Hotline) -> None:
    item = hotline.accepted(TITLE)
    hotline.do(hotline.clerk, item, "dispatch", 0, units={"lead": [unit("发展和改革局")]})
    page = text(client_of("fagai").post(f"/desk/{item}/sign", {}, follow=True))
    assert "路灯不亮" in page
    assert_nothing(page, "desk")


def test_the_page_of_the_day_and_of_a_unit_name_nobody(hotline: Hotline) -> None:
    item = hotline.handling(TITLE, contact=False)
    append("aducha", [Draft("item.correct", item, {"fields": {"number": "7"}})])
    mine = due_items(hotline.wang, ALL, "2026-01-01")
    news = changes(RequestFactory().get("/"), hotline.wang, ALL, "2000")
    assert [one.item.id for one in mine] == [item]
    ours = items(unit("发展和改革局"), ALL, tree())["lead"]["rows"]
    assert [one.act for one in news] == ["item.correct", "item.create"]
    for title in (mine[0].item.title, news[0].name, news[1].name, ours[0].title):
        assert title.endswith("路灯不亮")
        assert_nothing(title, "home")


# --- what a small form sends, and what an old entry holds


def test_a_small_form_sends_no_more_than_it_has_fields_for() -> None:
    from luoshi.web.deeds import try_of

    words = {"text": "已办", "units": "x", "ratings": "x", "children": "x", "evidence": "x", "milestones": "x", "fields": "x", "seen": "²"}
    sent = {f"i-do.{name}": value for name, value in words.items()} | {"i-do.rating-solved": "yes", "text": "别处的"}
    tried = try_of(RequestFactory().post("/desk/i/do", sent), "do", "i-do")
    assert (tried.inputs, tried.evidence, tried.seen) == ({"text": "已办", "ratings": {"solved": "yes"}}, (), None)


def test_whatever_an_old_entry_holds_its_page_is_there(hotline: Hotline) -> None:
    item = hotline.handling(contact=False)
    last = models.Entry.objects.filter(subject=item, act="loop.act").order_by("-seq")[0]
    values = msgspec.json.decode(last.data)
    strange = (
        "units",
        "ratings",
        "children",
        "milestones",
        "posts",
        "fields",
        "checks",
        "progress",
        "count",
        "date",
        "matter",
        "evidence",
        "new",
    )
    for odd in ("x", 7, ["x"], {"x": "y"}, [{"title": 1, "lead": 2, "day": []}], None):
        values["move"]["inputs"] = {"text": "原来的话", **dict.fromkeys(strange, odd)}
        append("aducha", [Draft("loop.act", item, values)])
    page = text(client_of("ducha").get(f"/item/{item}"))
    assert page.count("原来的话") >= 6


# --- the page of a day that is past


@pytest.mark.parametrize("who", ["fagai", "ducha", "duzhe", "lingdao"])
def test_a_day_that_is_past_is_masked_like_now(hotline: Hotline, who: str) -> None:
    item = hotline.handling(TITLE, contact=False)
    person("duzhe", Role.READER)
    corrected = "陆远山又来电，电话13900001207，路灯仍不亮"
    for title in (corrected, TITLE):
        append("aducha", [Draft("item.correct", item, {"fields": {"title": title}, "why": f"{title}说的"})])
    client, today = client_of(who), datetime.now(ZoneInfo("Asia/Shanghai")).date()
    for query in ("", f"?at={today}", f"?at={today - timedelta(days=400)}", "?edit=1"):
        if query == "?edit=1" and who == "ducha":
            continue
        page = text(client.get(f"/item/{item}{query}"))
        assert "路灯不亮" in page
        assert_nothing(page, query)
    assert "路灯仍不亮" in text(client.get(f"/item/{item}?at={today}"))


def test_whoever_opens_the_form_of_a_masked_title_is_in_the_access_log(hotline: Hotline) -> None:
    item = hotline.handling(TITLE, contact=False)
    assert "13900001207" in text(client_of("ducha").get(f"/item/{item}?edit=1"))
    assert Access.objects.get(kind="unmask").subject == item
    wrong = client_of("ducha").post(f"/item/{item}/correct", {"title": "新的标题", "due": "2026-99-99"})
    assert wrong.status_code == 400
    assert_nothing(wrong.content.decode(), "correct")


def test_a_table_answers_to_nobody_who_tries_names_and_numbers(hotline: Hotline) -> None:
    item = hotline.handling(TITLE, contact=False)
    for who in ("ducha", "fagai"):
        client = client_of(who)
        for word in SECRETS:
            assert item not in text(client.get("/items", {"q": word})), word
            assert item not in text(client.get("/items", {"q": f"路灯 {word}"})), word
        assert item in text(client.get("/items", {"q": "路灯不亮"}))
        assert item not in text(client.get("/items", {"q": "路灯%"}))
