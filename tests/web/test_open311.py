"""Open311: reports come in by a key, what everybody sees of them is masked, and nothing of it is there while it is switched off."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest

from luoshi.desk import api_keys, matters
from luoshi.desk import settings as desk_settings
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Try
from luoshi.ledger.scope import Scope
from tests.web.looking import assert_accessible, assert_fits, screenshot

REGION = "349901"
ADMIN = Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,))
CHEN = Actor("achen", "chen", "陈", (Role.SUPERVISOR,), "", "110116")
SECRET = ("陆远山", "13900001207", "34990119961125043X", "远山", "b0b@example.com")
WORDS = "我是陆远山，电话１３９-0000 1207，身份证34990119961125043X，柳溪苑小区3号楼2单元501室门口路灯不亮。陆远山谢谢"


@pytest.fixture(autouse=True)
def _fresh() -> None:
    from luoshi.web.pages.open311.limits import QUESTIONS_ASKED

    QUESTIONS_ASKED.clear()


@pytest.fixture
def key(db: None) -> str:
    desk_settings.change(ADMIN, {"open311": "1"})
    return api_keys.make(ADMIN, "区政务小程序", "110116")[1]


@pytest.fixture
def client() -> Any:
    from django.test import Client

    return Client(enforce_csrf_checks=True)


def parsed(xml: bytes) -> Any:
    return ElementTree.fromstring(xml)  # noqa: S314 - the program's own


def report(client: Any, key: str, form: str = "json", **more: Any) -> Any:
    sent = {
        "api_key": key, "service_code": "city", "description": WORDS, "address_string": "柳溪苑小区3号楼2单元501室", "lat": "31.123456", "long": "117.654321",
        "last_name": "陆", "first_name": "远山", "phone": "13900001207", "email": "b0b@example.com", "device_id": "device-77",
        "media_url": "https://pictures.example.com/13900001207.jpg", "attribute[demand]": "complaint", "attribute[subcategory]": "路灯",
    }  # fmt: skip
    return client.post(f"/open311/v2/requests.{form}", {**sent, **more})


def accept(item: str) -> None:
    fields = {"urgency": "normal", "location": "柳溪苑小区3号楼2单元501室"}
    matters.act(CHEN, item, Try("accept", {"checks": ["place", "course"], "fields": fields}), Scope.whole())


def the_matter() -> Any:
    from luoshi.ledger.models import Matter

    return Matter.objects.get()


def test_off_until_it_is_switched_on(client: Any, db: None) -> None:
    for path in ("v2/services.xml", "v2/requests.json", "discovery.xml", "v2/tokens/x.json"):
        assert client.get(f"/open311/{path}").status_code == 404
    assert report(client, "nothing").status_code == 404
    desk_settings.change(ADMIN, {"open311": "1"})
    assert client.get("/open311/v2/services.xml").status_code == 200
    desk_settings.change(ADMIN, {"open311": "0"})
    assert client.get("/open311/v2/services.xml").status_code == 404


def test_services_in_both_forms(client: Any, key: str) -> None:
    told = client.get("/open311/v2/services.json")
    assert told["Content-Type"] == "application/json; charset=utf-8"
    assert {"service_code": "utilities", "service_name": "水电气热"}.items() <= told.json()[0].items()
    tree = parsed(client.get("/open311/v2/services.xml").content)
    assert [one.findtext("service_code") for one in tree] == [one["service_code"] for one in told.json()]
    asked = client.get("/open311/v2/services/city.json").json()
    assert [one["code"] for one in asked["attributes"]] == ["demand", "subcategory", "happened"]
    assert parsed(client.get("/open311/v2/services/city.xml").content).findtext("service_code") == "city"
    assert client.get("/open311/v2/services/none.json").status_code == 404
    assert client.get("/open311/v2/services.yaml").status_code == 404
    assert client.get("/open311/v2/services.json?jurisdiction_id=990000").status_code == 404


def test_discovery(client: Any, key: str) -> None:
    told = client.get("/open311/discovery.json").json()
    assert told["endpoints"][0]["url"].endswith("/open311/v2")
    tree = parsed(client.get("/open311/discovery.xml").content)
    assert [one.text for one in tree.iter("format")] == ["text/xml", "application/json"]


def test_a_report_becomes_a_complaint_kept_whole(client: Any, key: str) -> None:
    from luoshi.ledger.acts.matters import life_of
    from luoshi.ledger.models import Entry, Item
    from luoshi.ledger.store import verify_chain

    answer = report(client, key)
    assert answer.status_code == 201
    row = the_matter()
    assert answer.json() == [{"service_request_id": row.number, "service_notice": "已收到，将由工作人员受理"}]
    item, matter = Item.objects.get(pk=row.id), life_of(row.life)
    assert item.text.startswith(WORDS)
    assert "https://pictures.example.com" in item.text
    assert matter.fields["caller"] == "陆远山"
    assert matter.fields["phone"] == "13900001207"
    assert (matter.fields["channel"], matter.fields["demand"], matter.fields["subcategory"]) == ("open311", "complaint", "路灯")
    assert row.region_code == "110116"
    assert not any(secret in item.title for secret in SECRET)
    assert {entry.actor for entry in Entry.objects.filter(subject=row.id)} == {"system"}
    assert not any("device-77" in entry.data for entry in Entry.objects.all())
    assert verify_chain()


def test_nothing_of_the_caller_is_ever_told(client: Any, key: str) -> None:
    told = [report(client, key), report(client, key, form="xml")]
    from luoshi.ledger.models import Matter

    rows = list(Matter.objects.all())
    parsed(told[1].content)
    for accepted in (False, True):
        for row in rows:
            if accepted:
                accept(row.id)
            told += [client.get(f"/open311/v2/requests/{row.number}.{form}") for form in ("xml", "json")]
            told += [client.get(f"/open311/v2/tokens/{row.id}.{form}") for form in ("xml", "json")]
        told += [client.get(f"/open311/v2/requests.{form}") for form in ("xml", "json")]
    for one in told:
        assert one.status_code in {200, 201}
        words = one.content.decode()
        for secret in (*SECRET, "1207 ", "0000 1207", "501", "pictures.example", "device-77", "31.1234"):
            assert secret not in words, secret
        assert parsed(one.content) is not None if one["Content-Type"].startswith("text/xml") else json.loads(words)
    last = told[-1].json()
    assert len(last) == 2
    assert "路灯不亮" in last[0]["description"]
    assert last[0]["lat"] == 31.123


def test_words_are_told_only_when_a_person_has_accepted_them(client: Any, key: str) -> None:
    report(client, key)
    before = client.get("/open311/v2/requests.json").json()[0]
    assert (before["status"], before["description"], before["address"], before["lat"]) == ("open", None, None, None)
    accept(the_matter().id)
    after = client.get("/open311/v2/requests.json").json()[0]
    assert "路灯不亮" in after["description"]
    assert after["extended_attributes"] == {"stage": "待派单"}


def test_what_stays_inside_or_was_dropped_is_not_there(client: Any, key: str) -> None:
    from luoshi.desk import items
    from luoshi.desk.matters import Form

    for mechanism, fields in (("M14", {}), ("M01", {"due": "2099-06-30"})):
        try:
            matters.file_form(CHEN, mechanism, Form("内部的事", region_code="110116", fields=fields), Scope.whole())
        except matters.acting.Refused:
            continue
    report(client, key)
    row = the_matter_of("M08")
    assert [one["service_request_id"] for one in client.get("/open311/v2/requests.json").json()] == [row.number]
    matters.act(CHEN, row.id, Try("withdraw", {"reason": "测试件"}), Scope.whole())
    items.drop(CHEN, [row.id], Scope.whole(), why="测试件")
    assert client.get("/open311/v2/requests.json").json() == []
    assert client.get(f"/open311/v2/requests/{row.number}.json").status_code == 404
    assert client.get(f"/open311/v2/tokens/{row.id}.json").status_code == 404


def the_matter_of(mechanism: str) -> Any:
    from luoshi.ledger.models import Matter

    return Matter.objects.get(mechanism=mechanism)


def test_filters_and_pages(client: Any, key: str) -> None:
    for at in range(5):
        report(client, key, description=f"第{at}件", service_code="city" if at % 2 else "traffic")
    ask = lambda query: [one["service_request_id"] for one in client.get(f"/open311/v2/requests.json?{query}").json()]  # noqa: E731
    every = ask("")
    assert every == sorted(every, reverse=True)
    assert len(every) == 5
    assert len(ask("service_code=city")) == 2
    assert len(ask("service_code=city,traffic")) == 5
    assert ask("service_code=nonsense") == []
    assert ask("status=closed") == []
    assert len(ask("status=open")) == 5
    assert ask("page_size=2&page=2") == every[2:4]
    assert ask(f"service_request_id={every[0]},{every[3]}") == [every[0], every[3]]
    assert ask("end_date=2020-01-01T00:00:00Z") == []
    assert client.get("/open311/v2/requests.json?status=maybe").status_code == 400
    assert client.get("/open311/v2/requests.xml?page=0").status_code == 400


def test_a_word_that_looks_like_a_category_is_none(client: Any, key: str) -> None:
    report(client, key, service_code="traffic", description='"category":"city"', last_name='"category":"city"')
    assert client.get("/open311/v2/requests.json?service_code=city").json() == []


def test_each_key_has_an_entry_of_its_own_and_those_of_before_still_count(key: str) -> None:
    import msgspec

    from luoshi.ledger.entry import Draft
    from luoshi.ledger.models import Entry
    from luoshi.ledger.store import append, rebuild

    old = api_keys.ApiKey("old1", "老系统", "110116", api_keys.hash_of("老密钥"), "2026-01-01T00:00:00.000000Z", "aadmin")
    append("aadmin", [Draft("setting.change", api_keys.SUBJECT, {"value": [msgspec.to_builtins(old)]})])
    other = api_keys.make(ADMIN, "街道小程序", "110116")[1]
    for entry in Entry.objects.filter(subject__startswith=f"{api_keys.SUBJECT}:"):
        assert ("区政务小程序" in entry.data) != ("街道小程序" in entry.data)
    api_keys.withdraw(ADMIN, "old1")
    assert Entry.objects.order_by("-seq")[0].subject == f"{api_keys.SUBJECT}:old1"
    rebuild()
    assert [one is not None for one in map(api_keys.key_of, (key, other, "老密钥"))] == [True, True, False]
    assert [one.name for one in list(api_keys.keys())] == ["街道小程序", "区政务小程序", "老系统"]


def test_complaints_are_found_by_category_without_reading_their_states(client: Any, key: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    report(client, key, service_code="city")
    report(client, key, service_code="traffic")
    with CaptureQueriesContext(connection) as asked:
        found = client.get("/open311/v2/requests.json?service_code=traffic").json()
    assert [one["service_code"] for one in found] == ["traffic"]
    assert not any("LIKE" in one["sql"] and "life" in one["sql"] for one in asked.captured_queries)
    assert client.get("/open311/v2/requests.json?service_code=city,traffic").json()[0]["service_code"] in {"city", "traffic"}
    assert client.get("/open311/v2/requests.json?service_code=none").json() == []


def test_a_report_that_is_no_report_is_not_read(client: Any, key: str) -> None:
    answer = report(client, key, description="字" * 200_000)
    assert answer.status_code == 413


def test_what_comes_in_has_the_variant_that_the_office_usually_files(client: Any, key: str) -> None:
    from luoshi.ledger.models import Matter

    desk_settings.change(ADMIN, {"variant_m08": "beijing"})
    report(client, key)
    assert Matter.objects.get().variant == "beijing"


def test_without_a_good_key_nothing_comes_in(client: Any, key: str) -> None:
    from luoshi.ledger.models import Matter

    assert report(client, "").status_code == 403
    assert report(client, key[:-1]).status_code == 403
    kept = api_keys.keys()[0]
    assert key not in repr(kept)
    api_keys.withdraw(ADMIN, kept.id)
    assert report(client, key).status_code == 403
    assert not Matter.objects.exists()
    for _ in range(10):
        last = report(client, "wrong", form="xml")
    assert last.status_code == 429
    assert last["Retry-After"] == "60"


def test_too_many_reports_and_questions(client: Any, key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.web.pages.open311 import limits
    from luoshi.web.pages.open311.limits import QUESTIONS_ASKED

    monkeypatch.setattr(limits, "REPORTS_BY_KEY", 2)
    assert [report(client, key, description=str(at)).status_code for at in range(3)] == [201, 201, 429]
    for _ in range(limits.QUESTIONS):
        QUESTIONS_ASKED.too_many("127.0.0.1")
    assert client.get("/open311/v2/services.json").status_code == 429


@pytest.mark.parametrize(
    ("more", "status"),
    [({"service_code": ""}, 400), ({"service_code": "none"}, 404), ({"lat": "", "long": "", "address_string": ""}, 400),
     ({"email": "no"}, 400), ({"media_url": "file:///etc/passwd"}, 400), ({"description": "字" * 4001}, 400), ({"attribute[demand]": "none"}, 400)],
)  # fmt: skip
def test_what_is_wrong_is_told_in_the_form_asked_for(client: Any, key: str, more: dict[str, str], status: int) -> None:
    answer = report(client, key, **more)
    assert answer.status_code == status
    assert answer.json()[0]["code"] == status
    tree = parsed(report(client, key, form="xml", **more).content)
    assert (tree.tag, tree[0].findtext("code")) == ("errors", str(status))
    for secret in SECRET:
        assert secret not in answer.content.decode()


def test_only_a_system_administrator_makes_keys(client_as: Callable[..., Any]) -> None:
    client = client_as("system_admin")
    assert client.post("/admin/open311/keys", {"name": " ", "region": "110116"}).status_code == 400
    assert client.post("/admin/open311/keys", {"name": "甲", "region": "nowhere"}).status_code == 400
    page = client.post("/admin/open311/keys", {"name": "区政务小程序", "region": "110116"}).content.decode()
    text = page.partition('id="made">')[2].partition("<")[0]
    found = api_keys.key_of(text)
    assert found is not None
    assert text not in client.get("/admin/open311").content.decode()
    assert text not in client.get("/admin/settings").content.decode()
    assert "诉求接口的密钥" in client.get("/admin/settings").content.decode()
    assert client.post("/admin/open311/switch", {"open311": "1"}).status_code == 302
    assert client.post(f"/admin/open311/keys/{found.id}/withdraw").status_code == 302
    assert api_keys.key_of(text) is None
    assert client_as("supervisor").post("/admin/open311/keys", {"name": "甲", "region": "110116"}).status_code == 403


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_page_of_keys_in_a_browser(browse: Any, phone: bool) -> None:
    page = browse("system_admin", "/admin/open311", phone=phone)
    page.get_by_role("button", name="开通").click()
    page.wait_for_selector("text=接口已开通")
    page.fill("#name", "区政务小程序")
    page.fill("#region", "110116")
    page.get_by_role("button", name="做一个密钥").click()
    page.wait_for_selector("#made")
    assert_fits(page)
    assert_accessible(page)
    screenshot(page, f"open311-{'phone' if phone else 'wide'}")
