"""The page of mechanisms: each is told from its file; one of an office is handed in, run to its end, changed, and its matters go over."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try, ruling
from luoshi.desk.matters.evidence import keep
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append
from tests.web.looking import assert_accessible, assert_fits
from tests.web.matters import png

REGION, ALL = "990102", Scope.whole()
UNIT = organisation_id(REGION, "水务局")
TEXT = Path("docs/mechanisms/flood-duty.yaml").read_text(encoding="utf-8")
CHEN, WANG = (
    Actor("achen", "chen", "陈一帆", (Role.SUPERVISOR,), "", REGION),
    Actor("awang", "wang", "王晓舟", (Role.LIAISON,), UNIT, REGION),
)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
#: versions are kept in memory for good, as in the ledger; so each test has a mechanism of its own
NUMBERS = iter(range(10, 99))


@pytest.fixture
def text() -> str:
    number = next(NUMBERS)
    return (
        TEXT.replace("id: X01", f"id: X{number}")
        .replace("key: flood-duty", f"key: flood-{number}")
        .replace("number: 汛", f"number: 汛{number}")
    )


def key_of(text: str) -> str:
    return re.search(r"^id: (\w+)", text, re.MULTILINE)[1]  # type: ignore[index]


def laid() -> None:
    append("asys", [Draft("organisation.add", UNIT, {"region_code": REGION, "name": "水务局", "kind": "body", "plates": []})])


def filed(text: str) -> str:
    form = Form("东河闸夜间值班", region_code=REGION, fields={"way": "site", "due": "2099-07-08"}, units={"lead": [UNIT]})
    return matters.file_form(CHEN, key_of(text), form, ALL).subjects[0]


def second(text: str) -> str:
    """The next version: the second look is called otherwise, and has a key of its own."""
    return text.replace("version: 1", "version: 2").replace("fixed", "again").replace("limit: 24 hours", "limit: 12 hours")


@pytest.mark.usefixtures("db")
def test_each_mechanism_is_told(client_as: Callable[..., Any]) -> None:
    reader = client_as("reader", region=REGION)
    listed = reader.get("/mechanisms").content.decode()
    for one in ruling.all_current():
        assert one.title.zh in listed
        page = unescape(reader.get(f"/mechanism/{one.id}").content.decode())
        assert all(act.title.zh in page for act in one.acts)
        assert all(case.title in page for case in one.cases)
        drawing = reader.get(f"/mechanism/{one.id}/stages.svg")
        assert drawing["Content-Type"].startswith("image/svg+xml")
        assert drawing.content.startswith(b"<svg")
        assert reader.get(f"/mechanism/{one.id}/text").content.decode() == ruling.mechanism_text(one.id)
    assert reader.get("/mechanism/M99").status_code == 404
    assert "上传机制" not in listed
    assert reader.get("/mechanisms/keep").status_code == 403


@pytest.mark.usefixtures("db")
def test_a_file_is_checked_before_it_is_taken(client_as: Callable[..., Any], text: str) -> None:
    system = client_as("system_admin")
    wrong = system.post("/mechanisms/keep", {"do": "keep", "text": text.replace("kind: closed}", "kind: over}")})
    assert wrong.status_code == 400
    page = wrong.content.decode()
    assert 'role="alert"' in page
    assert "kind: over}" in page, "what was written is not lost"
    checked = system.post("/mechanisms/keep", {"do": "check", "text": text})
    assert checked.status_code == 200
    assert "例子都通过了" in checked.content.decode()
    assert not models.MechanismFile.objects.exists()
    taken = system.post("/mechanisms/keep", {"do": "keep", "text": text.replace("\n", "\r\n")}, follow=True)
    assert "已采用" in taken.content.decode()
    assert models.MechanismFile.objects.get().text == text
    assert system.post("/mechanisms/keep", {"do": "keep", "text": text}).status_code == 409


@pytest.mark.usefixtures("db")
def test_what_would_change_is_shown_and_matters_go_over(client_as: Callable[..., Any], text: str) -> None:
    laid()
    system, supervisor = client_as("system_admin"), client_as("supervisor", region=REGION)
    system.post("/mechanisms/keep", {"do": "keep", "text": text})
    item = filed(text)
    matters.act(CHEN, item, Try("find", {"text": "无人值守", "fields": {"due": "2099-07-08"}}), ALL)
    matters.act(WANG, item, Try("hand-in", {"text": "已排班"}, evidence=tuple(keep([("排班.png", PNG)]))), ALL)
    checked = system.post("/mechanisms/keep", {"do": "check", "text": second(text)}).content.decode()
    assert "1 个在办事项" in checked
    assert "12 hours" in checked
    system.post("/mechanisms/keep", {"do": "keep", "text": second(text)})
    address = f"/mechanism/{key_of(text)}/move"
    assert address in supervisor.get(f"/mechanism/{key_of(text)}").content.decode()
    assert client_as("liaison", region=REGION).get(address).status_code == 403
    page = supervisor.get(address).content.decode()
    assert 'name="stage_fixed"' in page
    assert "东河闸夜间值班" in page
    assert supervisor.post(address, {"item": item}).status_code == 409
    assert supervisor.post(address, {}).status_code == 404
    moved = supervisor.post(address, {"item": item, "stage_fixed": "again"}, follow=True)
    assert "已把 1 个事项移到第 2 版" in moved.content.decode()
    assert (models.Matter.objects.get().version, models.Matter.objects.get().stage) == (2, "again")
    assert "改按机制的新版本办理" in supervisor.get(f"/item/{item}").content.decode()


@pytest.mark.usefixtures("db")
def test_the_one_of_the_tutorial_is_run_to_its_end(client_as: Callable[..., Any], make_account: Callable[..., Any], text: str) -> None:
    laid()
    system = client_as("system_admin")
    answer = system.post("/mechanisms/keep", {"do": "keep", "file": SimpleUploadedFile("flood-duty.yaml", text.encode())}, follow=True)
    assert "已采用" in answer.content.decode()
    item = filed(text)
    supervisor = client_as("supervisor", region=REGION, name="陈一帆", username="chen")
    liaison = client_as("liaison", region=REGION, unit=UNIT, name="王晓舟", username="wang")

    def act(client: Any, key: str, **sent: Any) -> str:
        seen = models.Matter.objects.get(pk=item).acts
        page: str = client.post(f"/item/{item}/act/{key}", {"seen": seen, **sent}, follow=True).content.decode()
        return page

    assert "发现问题，限期整改" in supervisor.get(f"/item/{item}").content.decode()
    act(supervisor, "find", text="值班室无人", **{"field.due": "2099-07-08"})
    assert models.Matter.objects.get(pk=item).stage == "found"
    assert "佐证" in act(liaison, "hand-in", text="已重新排班"), "nothing is handed in without something that shows it"
    act(liaison, "hand-in", text="已重新排班", evidence=SimpleUploadedFile("排班.png", png()))
    assert models.Matter.objects.get(pk=item).stage == "fixed"
    act(supervisor, "return", reason="记录不全")
    act(liaison, "hand-in", text="记录已补", evidence=SimpleUploadedFile("记录.png", png(32)))
    act(supervisor, "close", checks=["there", "log"])
    row = models.Matter.objects.get(pk=item)
    assert (row.state, row.returned, row.number[:1]) == ("closed", 1, "汛")
    page = client_as("reader", region=REGION).get(f"/mechanism/{key_of(text)}").content.decode()
    assert re.search(r"已办结</th><td>[^<]*</td><td class=\"number\">1</td>", page)


@pytest.mark.parametrize("phone", [False, True])
def test_the_pages_are_well_made(browse: Callable[..., Any], text: str, phone: bool) -> None:
    page = browse("supervisor", "/mechanisms", phone=phone)
    assert_accessible(page)
    assert_fits(page)
    page.goto(page.url.replace("/mechanisms", "/mechanism/M01"))
    assert page.eval_on_selector(".drawing img", "image => image.naturalWidth") > 200
    assert_accessible(page)
    assert_fits(page)
    page = browse("system_admin", "/mechanisms/keep", phone=phone)
    page.fill("#text", text)
    page.click("button[value=check]")
    page.wait_for_selector("button[value=keep]")
    assert_accessible(page)
    assert_fits(page)
