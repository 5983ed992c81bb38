"""What is personal in a matter stands nowhere: in no list, no calendar, no message, no page of the past, whoever asks."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from luoshi.desk.actor import Role
from luoshi.ledger.veiling import titles_of
from luoshi.web.minute import agenda
from tests.web.hotline import SECRETS, Hotline, unit
from tests.web.living import person, row
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
