"""Notices and the calendar: what is mine is shown, read once, counted in the frame, and taken into other calendars."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from luoshi.desk import matters
from luoshi.ledger import models
from luoshi.notify import inside
from luoshi.notify.message import Matter, Message
from luoshi.web.minute import agenda, each_minute
from tests.web.living import POST, District, account
from tests.web.looking import assert_accessible, assert_fits

ZONE = ZoneInfo("Asia/Shanghai")


def told(key: str, title: str) -> Message:
    return Message(kind="reminder", key=key, title=title, link="/items", matters=(Matter(number="重2026-000001", title="修路"),))


def login(who: str) -> Any:
    from django.test import Client

    client = Client()
    client.force_login(account(who))
    return client


@pytest.mark.usefixtures("db")
def test_unread_stand_first_and_are_counted_in_the_frame() -> None:
    District()
    who = account("fagai")
    for number in range(3):
        inside.tell([who.id], told(f"k{number}", f"第{number}条"))
    client = login("fagai")
    assert "3 条未读" in client.get("/").content.decode()
    first = inside.notices(who.id)[-1].id
    client.post("/notices/mark", {"id": first, "next": "/notices"})
    page = client.get("/notices").content.decode()
    assert "2 条未读" in page
    assert page.index("第1条") < page.index("第0条"), "what was read stands below"
    client.post("/notices/mark")
    assert inside.unread(who.id) == 0
    assert "条未读" in client.get("/notices").content.decode()
    other = account("caizheng")
    inside.tell([other.id], told("x", "别人的"))
    assert "别人的" not in client.get("/notices").content.decode()
    client.post("/notices/mark", {"id": inside.notices(other.id)[0].id})
    assert inside.unread(other.id) == 1


@pytest.mark.usefixtures("db")
def test_where_mail_goes_is_kept_and_forgotten() -> None:
    District()
    client, who = login("fagai"), account("fagai")
    assert "还没有设邮件服务器" in client.get("/notices").content.decode()
    client.post("/notices/contact", {"email": "su@qishan.example", "mail": "on"})
    contact = inside.contact(who.id)
    assert (contact.email, contact.mail, contact.digest) == ("su@qishan.example", True, False)
    assert client.post("/notices/contact", {"email": "not an address"}).status_code == 400
    client.post("/notices/contact", {"email": ""})
    assert inside.contact(who.id).email == ""


@pytest.mark.usefixtures("db")
def test_the_calendar_shows_what_is_mine() -> None:
    district = District()
    item = district.handling("新建幼儿园 3 所", due=10)
    day = (datetime.now(ZONE) + timedelta(days=10)).date()
    page = login("fagai").get(f"/calendar?month={day:%Y-%m}").content.decode()
    assert f"/item/{item}" in page
    assert "办理期限" in page
    assert f"/item/{item}" not in login("caizheng").get(f"/calendar?month={day:%Y-%m}").content.decode()
    assert login("fagai").get("/calendar?month=nonsense").status_code == 200


@pytest.mark.usefixtures("db")
def test_a_leader_sees_what_waits_for_the_post_that_is_theirs() -> None:
    district = District()
    item = district.handling("新建幼儿园 3 所", leader=POST, due=40)
    matters.act(
        district.wang, item, matters.Try("apply-close", {"text": "建成", "evidence": ["e1"]}), matters.filing.Scope.whole(),
    )  # fmt: skip
    matters.act(
        district.checker,
        item,
        matters.Try("pass", {"checks": ["facts", "solved", "done", "conclusion", "lawful", "form"]}),
        matters.filing.Scope.whole(),
    )
    month = datetime.fromisoformat(models.Clock.objects.get(item=item, key="decision").due_at).astimezone(ZONE)
    assert f"/item/{item}" in login("lingdao").get(f"/calendar?month={month:%Y-%m}").content.decode()
    assert f"/item/{item}" not in login("lingdao2").get(f"/calendar?month={month:%Y-%m}").content.decode()


@pytest.mark.usefixtures("db")
def test_the_file_is_one_that_calendars_take() -> None:
    district = District()
    district.handling("新建幼儿园，3 所；含配套", due=10)
    answer = login("fagai").get("/calendar/luoshi.ics")
    assert answer["Content-Type"].startswith("text/calendar")
    lines = answer.content.decode().split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert all(len(line.encode()) <= 75 for line in lines)
    whole = answer.content.decode().replace("\r\n ", "")
    assert "SUMMARY:办理期限：新建幼儿园，3 所；含配套" in whole
    assert whole.count("BEGIN:VEVENT") == whole.count("END:VEVENT") >= 1


@pytest.mark.usefixtures("db")
def test_each_minute_what_is_due_is_done_and_told() -> None:
    from luoshi.notify.models import Mark

    Mark.objects.create(id="entries", seq=0)
    district = District()
    item = district.handling("新建幼儿园 3 所", ago=40, due=-2)
    each_minute()
    assert models.Matter.objects.get(pk=item).light == "red"
    who = account("fagai")
    assert any("催办" in one.message.title for one in inside.notices(who.id))
    count = inside.unread(who.id)
    each_minute()
    assert inside.unread(who.id) == count
    mine = agenda(who.id, datetime.now(UTC).astimezone(ZONE).date())
    assert {(one.number, one.title) for one in mine} == {(models.Matter.objects.get().number, "新建幼儿园 3 所")}
    assert agenda("anobody", datetime.now(UTC).date()) == ()


@pytest.mark.parametrize("phone", [False, True])
def test_the_pages_are_well_made(browse: Callable[..., Any], phone: bool) -> None:
    district = District()
    for number in range(6):
        district.handling(f"新建幼儿园 {number} 所", due=3)
    inside.tell([account("fagai").id], told("k", "办理期限快到了：新建幼儿园 3 所"))
    page = browse(None, "/notices", account=account("fagai"), phone=phone)
    assert_accessible(page)
    assert_fits(page)
    assert "1" in page.locator("h1 + p").inner_text()
    page.locator("li.unread button").click()
    page.wait_for_selector("h2#read")
    assert inside.unread(account("fagai").id) == 0
    assert page.locator("li.unread").count() == 0
    day = (datetime.now(ZONE) + timedelta(days=3)).date()
    page = browse(None, f"/calendar?month={day:%Y-%m}", account=account("fagai"), phone=phone)
    assert_accessible(page)
    assert_fits(page)
    assert page.locator("main a:has-text('新建幼儿园')").count() >= 3


@pytest.mark.usefixtures("db")
def test_mail_goes_to_the_domains_that_are_set_and_a_test_goes_once_a_minute(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.conf import settings

    from luoshi.desk.actor import Actor, Role
    from luoshi.desk.settings import change
    from luoshi.notify.channels import Answer
    from tests.notify.making import mail_at

    District()
    monkeypatch.setattr(settings, "LUOSHI_NOTIFY", mail_at(9), raising=False)
    tried: list[str] = []
    monkeypatch.setattr(
        import_module("luoshi.web.pages.notices.view"),
        "try_channel",
        lambda channel, account: tried.append(account) or Answer(outcome="sent"),
    )
    client, who = login("fagai"), account("fagai")
    assert client.post("/notices/contact", {"email": "su@elsewhere.example"}).status_code == 400
    client.post("/notices/contact", {"email": "su@mail.qishan.example", "mail": "on"})
    assert inside.contact(who.id).email == "su@mail.qishan.example"
    change(Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,)), {"mail_domains": "elsewhere.example"})
    assert client.post("/notices/contact", {"email": "su@mail.qishan.example"}).status_code == 400
    client.post("/notices/contact", {"email": "su@elsewhere.example", "mail": "on"})
    assert inside.contact(who.id).email == "su@elsewhere.example"
    for _ in range(3):
        page = client.post("/notices/test", follow=True).content.decode()
    assert tried == [who.id]
    assert "一分钟只能试发一次" in page
    assert "还没有确认" in page
    code = inside.new_code()
    inside.await_code(who.id, "su@elsewhere.example", code, datetime.now(UTC))
    assert 'name="code"' in client.get("/notices").content.decode()
    assert client.post("/notices/confirm", {"code": "no"}).status_code == 400
    assert "邮箱已确认" in client.post("/notices/confirm", {"code": code}, follow=True).content.decode()
    assert inside.contact(who.id).confirmed
