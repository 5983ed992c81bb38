"""A complaint's whole life through the web: reported by Open311, dispatched, handled, called back, redone, called back, closed, looked back on."""

from __future__ import annotations

from typing import Any

from django.test import Client

from luoshi.desk import api_keys
from luoshi.desk import settings as desk_settings
from luoshi.desk.actor import Actor, Role
from luoshi.ledger.store import history, rebuild, verify_chain
from tests.web.hotline import SECRETS, WORDS, Hotline, row, table, unit
from tests.web.living import REGION
from tests.web.test_desk import client_of, text
from tests.web.test_orders import form_of

__all__ = ["table"]

ADMIN = Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,))


def act(who: Any, item: str, key: str, **sent: Any) -> None:
    """An act on the page of the matter, with the names of its form."""
    answer = who.post(f"/item/{item}/act/{key}", {name.replace("__", "."): value for name, value in sent.items()})
    assert answer.status_code == 302, text(answer, answer.status_code)


def call(who: Any, item: str, key: str, ratings: dict[str, str], **sent: str) -> None:
    """A call-back in place on the page of orders."""
    prefix = f"{item}-{key}"
    given = {f"{prefix}.rating-{name}": value for name, value in ratings.items()} | {
        f"{prefix}.{name}": value for name, value in sent.items()
    }
    answer = who.post(f"/orders/{item}/{key}", given)
    assert answer.status_code == 302, text(answer, answer.status_code)


def test_from_a_report_to_the_look_back(db: None, table: Any, monkeypatch: Any) -> None:
    hotline = Hotline()
    desk_settings.change(ADMIN, {"open311": "1"})
    monkeypatch.setattr("luoshi.desk.api_keys.tree", _Place)
    key = api_keys.make(ADMIN, "区政务小程序", REGION)[1]
    public, clerk, caller, wang = Client(enforce_csrf_checks=True), client_of("ducha"), client_of("hecha"), client_of("fagai")
    assert hotline.clerk.region == REGION

    sent = {"api_key": key, "service_code": "city", "description": WORDS, "address_string": "柳溪街道", "last_name": "陆", "first_name": "远山",
            "phone": "13900001207", "attribute[subcategory]": "路灯"}  # fmt: skip
    number = public.post("/open311/v2/requests.json", sent).json()[0]["service_request_id"]

    def told() -> dict[str, Any]:
        answer = public.get(f"/open311/v2/requests/{number}.json")
        for secret in SECRETS:
            assert secret not in answer.content.decode()
        found: dict[str, Any] = answer.json()[0]
        return found

    item = row_of(number).id
    assert "待受理" in text(clerk.get("/orders"))
    assert told()["status"] == "open"
    act(clerk, item, "accept", checks=["place", "course"], field__demand="complaint", field__urgency="normal", field__category="city")
    assert "路灯不亮" in told()["description"]
    assert "第 2 条" in text(clerk.get(f"/item/{item}"))

    clerk.post("/orders/dispatch", {"only": item, **form_of(text(clerk.get("/orders")), item)})
    assert row(item).unit == unit("发展和改革局")
    assert told()["agency_responsible"] == "发展和改革局"
    assert told()["expected_datetime"]

    act(wang, item, "sign")
    act(wang, item, "contact", method="电话")
    act(wang, item, "reply", text="已更换灯泡", field__result="solved")
    call(caller, item, "return", {"contacted": "yes", "solved": "no", "satisfied": "dissatisfied"}, reason="第二盏还是不亮")
    assert (row(item).stage, row(item).returned) == ("handling", 1)
    act(wang, item, "reply", text="第二盏已修好", field__result="solved")
    call(caller, item, "call-solved", {"contacted": "yes", "solved": "yes", "satisfied": "satisfied"})
    assert row(item).state == "closed"
    closed = told()
    assert (closed["status"], closed["status_notes"], closed["expected_datetime"]) == ("closed", "已解决", None)
    act(caller, item, "look-back", text="夜里看过，两盏都亮")

    page = text(caller.get(f"/item/{item}"))
    for words in ("受理", "派单", "签收", "首次联系", "第二盏还是不亮", "回头看：未反弹"):
        assert words in page
    for who in (clerk, caller, wang, client_of("lingdao")):
        for address in (f"/item/{item}", "/orders", "/rates", "/search?q=路灯", "/search?q=陆远山"):
            answer = who.get(address)
            if answer.status_code == 200:
                found = answer.content.decode().replace('value="陆远山"', "").replace("陆远山</h1>", "")
                assert SECRETS[1] not in found, address
                assert SECRETS[2] not in found, address
                assert "我是陆远山" not in found, address
    assert "13900001207" in text(clerk.post(f"/item/{item}/unmask", {"why": "回访诉求人"}))
    rates = text(clerk.get("/rates"))
    assert "100.00%" in rates
    acts = [entry.values["move"]["act"] for entry in history(item) if entry.act == "loop.act"][::-1]
    assert [one for one in acts if one in {"accept", "dispatch", "reply", "return", "call-solved", "look-back"}] == [
        "accept", "dispatch", "reply", "return", "reply", "call-solved", "look-back",
    ]  # fmt: skip
    assert verify_chain()
    before = row(item).life
    rebuild()
    assert row(item).life == before


def row_of(number: str) -> Any:
    from luoshi.ledger.models import Matter

    return Matter.objects.get(number=number)


class _Place:
    """The region of the district, which is no real one."""

    def name(self, code: str) -> str:
        return "栖山区" if code == REGION else ""
