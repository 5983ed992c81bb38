"""Each door that takes an id, with real ids of one's own region, of the one above, of one beside and of a foreign one: what is elsewhere

is neither shown nor changed, and what is above is there to be read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
import pytest

from luoshi.desk import documents, facts, items, matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.regions import find_region
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append
from luoshi.web.pages import PAGES
from tests.ledger.making import enter, report
from tests.web.filled import BREAKDOWN, clerk

ALL = Scope.whole()
PLACES = {"own": "安徽省安庆市岳西县", "above": "安徽省安庆市", "beside": "安徽省安庆市太湖县", "foreign": "安徽省宿州市萧县"}
ELSEWHERE = ("beside", "foreign")
#: doors that take something else than a thing of a region: master data that all share, pictures, words, one's own account and views
FREE = re.compile(
    r"admin_|chart$|indicator|organisation|region$|signin|undo\.back$|room\.indicators|ledger\.(export|open_view|share_view|remove_view)|items\.export"
    # a mechanism's form; what is done to a matter is walked in test_matter_item.py
    r"|matter_new\.form|item\.(act|evidence|withdraw|unmask)$"
    # mechanisms are the same for all regions; which matters go over to a version is walked in tests/desk/test_mechanisms.py
    r"|mechanisms\.(one|drawing|text|move)$"
    # one's own tokens, walked in test_tokens.py
    r"|tokens\.withdraw$"
    # the form of a file; what stands in it is walked below
    r"|(burden|rates)\.export$"
    # a file that somebody brought in, for nobody else, of whatever region: walked in test_sheet.py
    r"|sheet\.answered$"
    # what was released, without a sign-in the same for everybody, is walked in test_portal.py; releases of elsewhere in test_release.py
    r"|portal($|\.)|release\.(one|picture|approve|return|publish|withdraw|drop)$"
    # appraisals of elsewhere are walked in test_appraisals.py, schemes are the same for all; matters' papers in test_papers.py
    r"|appraisals\.|schemes\.|papers\.(appraisal|breakdown|bulletin|entry|issued|matter)$"
    # promises and records of elsewhere are walked in test_links.py; what stands in a file of them is what the page shows
    r"|promise($|\.)|record\.|(compare|contradictions|orphans)\.export$"
    # what residents reported, without a sign-in the same for everybody; what of it is public is walked in test_open311.py
    r"|open311($|\.)"
)


class Place(msgspec.Struct, frozen=True):
    """What there is of a place: a report without items, a breakdown with an open and a dropped one, facts of them."""

    code: str
    document: str
    breakdown: str
    fact: str
    disputed: str
    #: a task that is no item yet
    task: str
    item: str
    dropped: str


@pytest.fixture
def places(db: None) -> dict[str, Place]:
    return {name: _place(full) for name, full in PLACES.items()}


def _place(full: str) -> Place:
    name = re.split("[省市](?=.)", full)[-1]
    document = enter(report(place=name), f"{name}.txt")[1][0]
    breakdown = enter(BREAKDOWN.replace("岳西县", name), f"{name}分解.txt")[1][0]
    for key in (document, breakdown):
        documents.correct(clerk(), key, {"region": full}, ALL)
    tasks = [one.fact for one in items.plan(breakdown, ALL)]
    item, dropped = items.create(clerk(), breakdown, tasks[:2], ALL).subjects
    items.drop(clerk(), [dropped], ALL, why="重复")
    fact, disputed = models.Fact.objects.filter(document=document, kind="measure").order_by("ordinal").values_list("id", flat=True)[:2]
    facts.accept(clerk(), [disputed], ALL)
    facts.reject(clerk(id="asecond"), [disputed], ALL)
    code = models.Document.objects.get(pk=document).region_code
    return Place(code, document, breakdown, fact, disputed, tasks[2], item, dropped)


class Lives(msgspec.Struct, frozen=True):
    """The matters of a place: one to approve, one to assign, a complaint in hand and one that was sent back; a draw of the second for a look back."""

    code: str
    unit: str
    unit_name: str
    proposed: str
    approved: str
    handled: str
    returned: str
    draw: str


@pytest.fixture
def lives(db: None) -> dict[str, Lives]:
    return {name: _lives(full) for name, full in PLACES.items()}


def _lives(full: str) -> Lives:
    place = find_region(full)
    assert place is not None
    code, name = place.code, place.name
    unit, unit_name = organisation_id(code, f"{name}石桥局"), f"{name}石桥局"
    append("asys", [Draft("organisation.add", unit, {"region_code": code, "name": unit_name, "kind": "body", "plates": []})])
    office = Actor("aoffice", "office", "office", (Role.SUPERVISOR, Role.LEADER), "", code)
    liaison = Actor("aunit", "unit", "unit", (Role.LIAISON,), unit, code)
    form = Form(f"{name}石桥工程", text="建桥", region_code=code, fields={"due": "2099-06-30"}, units={"lead": [unit]})
    proposed, approved = (matters.file_form(office, "M01", form, ALL).subjects[0] for _ in range(2))
    matters.act(office, approved, Try("approve"), ALL)
    told = {"channel": "phone", "category": "city", "subcategory": "路灯", "caller": "陆远山", "phone": "13900001207"}
    complaint = Form(f"{name}石桥路灯", text="不亮", region_code=code, fields=told)
    handled, returned = (matters.file_form(office, "M08", complaint, ALL).subjects[0] for _ in range(2))
    taken = {"checks": ["place", "course"], "fields": {"demand": "complaint", "urgency": "normal", "location": "桥头"}}
    for order in (handled, returned):
        matters.act(office, order, Try("accept", taken), ALL)
        matters.act(office, order, Try("dispatch", {"units": {"lead": [unit]}}), ALL)
    matters.act(liaison, handled, Try("sign"), ALL)
    matters.act(liaison, returned, Try("send-back", {"reason": "不是本局职责"}), ALL)
    rule = {"mechanism": "M01", "first": "2026-01-01", "last": "2026-03-31", "share": 100, "least": 1, "seed": code, "source": ""}
    append("aoffice", [Draft("lookback.draw", f"l{code}", {**rule, "candidates": [approved], "drawn": [approved]})])
    return Lives(code, unit, unit_name, proposed, approved, handled, returned, f"l{code}")


#: by door: whose account it is, and the form. An act is the same at each door, so each has one that can be done there
ACTS: dict[str, tuple[str, Callable[[Lives], tuple[str, dict[str, Any]]]]] = {
    "desk.act": ("supervisor", lambda of: (f"{of.approved}/assign", {})),
    "checking.act": ("supervisor", lambda of: (f"{of.approved}/assign", {})),
    "lookback.act": ("supervisor", lambda of: (f"{of.approved}/assign", {})),
    "leader.act": ("leader", lambda of: (f"{of.proposed}/approve", {})),
    "orders.act": ("supervisor", lambda of: (f"{of.handled}/chase", {f"{of.handled}-chase.text": "请马上联系"})),
    "orders.final": ("leader", lambda of: (of.returned, {"lead": of.unit_name, "reason": "按职责由该局办"})),
}

#: what stands for ``document``, ``item`` and ``fact`` at a door that asks for no more
_ITEM: Mapping[str, Any] = {"title": "改造老旧小区30个"}
#: the form of each door that writes; ``get`` the query of one that reads
POSTS: dict[str, Callable[[Place], tuple[str, dict[str, Any]]]] = {
    "document.confirm": lambda of: (of.document, {}),
    "document.correct": lambda of: (of.document, {"title": "另一个名称"}),
    "document.withdraw": lambda of: (of.document, {"why": "收错了"}),
    "document.restore": lambda of: (of.document, {}),
    "intake.confirm": lambda of: ("", {"document": of.document}),
    "room.accept": lambda of: (of.document, {"fact": of.fact}),
    "room.reject": lambda of: (of.document, {"fact": of.fact}),
    "room.correct": lambda of: (of.document, {"fact": of.fact, "field_year": "2031"}),
    "room.reopen": lambda of: (of.document, {"fact": of.fact}),
    "room.decide": lambda of: (of.document, {"fact": of.disputed, "word": "accept"}),
    "room.undo": lambda of: (of.document, {}),
    "ledger.bulk": lambda of: ("accept", {"id": of.fact}),
    "promote.create": lambda of: (of.breakdown, {"fact": of.task}),
    "item.correct": lambda of: (of.item, dict(_ITEM)),
    "item.settle": lambda of: (of.item, {}),
    "item.drop": lambda of: (of.item, {"why": "重复"}),
    "item.restore": lambda of: (of.dropped, {}),
    "items.drop": lambda of: ("", {"id": of.item, "why": "重复"}),
}
GETS: dict[str, Callable[[Place], tuple[str, dict[str, Any]]]] = {
    "document": lambda of: (of.document, {}),
    "document.original": lambda of: (of.document, {}),
    "document.changes": lambda of: (of.document, {}),
    "room": lambda of: (of.document, {}),
    "room.data": lambda of: (of.document, {}),
    "room.form": lambda of: (of.document, {"fact": of.fact}),
    "promote": lambda of: (of.breakdown, {}),
    "promote.source": lambda of: (of.breakdown, {"fact": of.task}),
    "promote.names": lambda of: (of.breakdown, {"name": "县财政局"}),
    "item": lambda of: (of.item, {}),
}
#: reading doors that have nothing to show where there is but one version
NOTHING_YET = {"document.changes"}
DOORS = {
    f"{page.name}.{route.name}" if route else page.name: (route.path if route else page.path, (route.method if route else "") or "GET")
    for page in PAGES
    for route in (None, *page.routes)
}


def _address(door: str, key: str) -> str:
    keys, path = iter(key.split("/")), DOORS[door][0]
    return "/" + re.sub(r"<(?:\w+:)?\w+>", lambda found: next(keys), path)


def _body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else bytes(response.content)


def test_each_door_that_takes_an_id_is_walked() -> None:
    taking = {door for door, (path, _) in DOORS.items() if "<" in path and not FREE.match(door)}
    assert taking == {door for door in (*POSTS, *GETS, *ACTS, "lookback.one") if "<" in DOORS[door][0]}
    assert all(DOORS[door][1] == "POST" for door in (*POSTS, *ACTS))
    assert all(DOORS[door][1] == "GET" for door in GETS)


def _supervisor(client_as: Callable[..., Any], places: dict[str, Place]) -> tuple[Any, Actor]:
    """The client of a supervisor of the own region, and the same person to the desk."""
    code = places["own"].code
    client = client_as("supervisor", region=code, username="test-here")
    return client, Actor("atest-here", "test-here", "", (Role.SUPERVISOR,), "", code)


def _ready(door: str, of: Place, actor: Actor) -> dict[str, Any]:
    """What must have been done before, as if by somebody with all regions; what the form needs besides."""
    if door in ("document.confirm", "intake.confirm"):
        # a document that came back so is as after its reading: nobody has said anything yet
        append("aclerk", [Draft("document.withdraw", of.document, {"why": "", "newest": {}})])
        append("aclerk", [Draft("document.restore", of.document, {"newest": {}})])
    elif door == "document.restore":
        documents.withdraw(clerk(), of.document, ALL, why="收错了")
    elif door == "item.settle":
        append("aclerk", [Draft("item.correct", of.item, {"fields": {"doubt": "which-one"}}, of.breakdown)])
    elif door in ("room.reopen", "room.undo"):
        done = facts.accept(actor, [of.fact], ALL)
        return {"span": done.undo} if door == "room.undo" else {}
    return {}


@pytest.mark.parametrize("door", POSTS)
def test_only_what_is_ones_own_is_changed(places: dict[str, Place], client_as: Callable[..., Any], door: str) -> None:
    client, actor = _supervisor(client_as, places)
    for name in ("foreign", "beside", "above", "own"):
        of = places[name]
        key, form = POSTS[door](of)
        form |= _ready(door, of, actor)
        before = models.Entry.objects.count()
        status = client.post(_address(door, key), form).status_code
        written = models.Entry.objects.count() - before
        if name == "own":
            assert (status in (200, 302), written > 0) == (True, True), f"{name}: {status}"
        else:
            # an item of the region above is not seen at all
            expected = {403, 404} if name == "above" else {404}
            assert (status in expected, written) == (True, 0), f"{name}: {status}"


@pytest.mark.parametrize("door", GETS)
def test_only_what_is_seen_is_shown(places: dict[str, Place], client_as: Callable[..., Any], door: str) -> None:
    client, _ = _supervisor(client_as, places)
    for name, of in places.items():
        key, query = GETS[door](of)
        response = client.get(_address(door, key), query)
        # what is streamed is closed where it is read to its end
        _body(response)
        status = response.status_code
        if name in ELSEWHERE or door in NOTHING_YET or (name == "above" and door == "item"):
            assert status == 404, name
        elif name == "above" and door.startswith("promote"):
            assert status in (200, 403), name
        else:
            assert status == 200, name


@pytest.mark.parametrize("door", ACTS)
def test_only_matters_of_ones_own_region_are_acted_on(lives: dict[str, Lives], client_as: Callable[..., Any], door: str) -> None:
    role, asked = ACTS[door]
    client = client_as(role, region=lives["own"].code, username="test-here")
    for name in ("foreign", "beside", "above", "own"):
        key, form = asked(lives[name])
        before = models.Entry.objects.count()
        status = client.post(_address(door, key), form).status_code
        written = models.Entry.objects.count() - before
        if name == "own":
            assert (status, written > 0) == (302, True), name
        else:
            assert (status, written) == (404, 0), name


def test_the_matters_of_another_unit_are_not_acted_on_by_a_liaison(lives: dict[str, Lives], client_as: Callable[..., Any]) -> None:
    """Of the same region: what a unit has no duty in is not there for it."""
    of = lives["own"]
    other = organisation_id(of.code, "另一局")
    append("asys", [Draft("organisation.add", other, {"region_code": of.code, "name": "另一局", "kind": "body", "plates": []})])
    client, mine = client_as("liaison", region=of.code, unit=other, username="other"), client_as("liaison", region=of.code, unit=of.unit)
    form, before = {f"{of.handled}-contact.method": "电话"}, models.Entry.objects.count()
    assert client.post(f"/desk/{of.handled}/contact", form).status_code == 404
    assert models.Entry.objects.count() == before
    assert mine.post(f"/desk/{of.handled}/contact", form).status_code == 302


def test_a_draw_is_there_where_one_of_its_matters_is(lives: dict[str, Lives], client_as: Callable[..., Any]) -> None:
    """Of one over several regions only the own matters are told of."""
    drawn = [of.approved for of in lives.values()]
    rule = {"mechanism": "M01", "first": "2026-01-01", "last": "2026-03-31", "share": 100, "least": 1, "seed": "all", "source": ""}
    append("aoffice", [Draft("lookback.draw", "lall", {**rule, "candidates": drawn, "drawn": drawn})])
    client = client_as("supervisor", region=lives["own"].code)
    for name, of in lives.items():
        assert client.get(_address("lookback.one", of.draw)).status_code == (200 if name == "own" else 404), name
    page = client.get(_address("lookback.one", "lall")).content.decode()
    for name, of in lives.items():
        assert (f"{of.unit_name.removesuffix('石桥局')}石桥工程" in page) is (name == "own"), name


@pytest.mark.parametrize("role", ["supervisor", "leader", "reader"])
def test_no_page_and_no_file_names_matters_elsewhere(lives: dict[str, Lives], client_as: Callable[..., Any], role: str) -> None:
    client, seen = client_as(role, region=lives["own"].code), 0
    paths = [f"/{path}" for door, (path, method) in DOORS.items() if method == "GET" and "<" not in path and not FREE.match(door)]
    paths += [f"/mechanism/{key}{more}" for key in ("M01", "M08") for more in ("", "/move")]
    paths += [f"/{page}/export.{form}" for page in ("burden", "rates") for form in ("csv", "xlsx")] + ["/leader?all=1"]
    paths += [f"/{page}?unit={of.unit}" for of in lives.values() for page in ("burden", "burden/export.csv", "board")]
    found = []
    for path in paths:
        response = client.get(path)
        body = _readable(_body(response))
        seen += lives["own"].unit_name in body and response.status_code == 200
        for name in ("above", *ELSEWHERE):
            of, asked = lives[name], path.partition("?")[2]
            title = of.unit_name.removesuffix("局")
            words = [f"{title}工程", f"{title}路灯", of.proposed, of.approved, of.handled]
            # units are master data that all share: a table of what they do is not
            words += [of.unit_name] if "/export" in path else []
            found += [(path, name, word) for word in words if word in body and word not in asked]
    assert not found
    assert seen


def _readable(body: bytes) -> str:
    """The words of an answer; those of a workbook out of its parts."""
    if not body.startswith(b"PK"):
        return body.decode("utf-8", "replace")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(name).decode() for name in book.namelist())


def test_one_cannot_be_taken_through_the_document_of_another(places: dict[str, Place], client_as: Callable[..., Any]) -> None:
    """The address says one's own document, the form a fact of another."""
    client, _ = _supervisor(client_as, places)
    before = models.Entry.objects.count()
    for name in ("above", *ELSEWHERE):
        of = places[name]
        for word in ("accept", "reject", "reopen"):
            assert client.post(f"/documents/{places['own'].document}/room/{word}", {"fact": of.fact}).status_code == 404
        assert client.get(f"/documents/{places['own'].document}/room/form", {"fact": of.fact}).status_code == 404
        assert client.post(f"/documents/{places['own'].breakdown}/items/create", {"fact": of.task}).status_code in (400, 404, 409)
        assert client.get(f"/documents/{places['own'].document}/changes", {"with": of.document}).status_code == 404
    assert models.Entry.objects.count() == before


def test_no_page_names_what_is_elsewhere(places: dict[str, Place], client_as: Callable[..., Any]) -> None:
    """Lists, shared pages and files, also where the filter asks for it by its id."""
    client, _ = _supervisor(client_as, places)
    hidden = [of for name, of in places.items() if name in ELSEWHERE]
    known = models.Organisation.objects.values_list("id", flat=True)
    paths = [f"/{path}" for door, (path, method) in DOORS.items() if method == "GET" and "<" not in path and not FREE.match(door)]
    paths += [f"/organisations/{key}" for key in known] + [f"/regions/{of.code}" for of in places.values()]
    paths += ["/indicators/gdp", "/indicators/gdp/export.xlsx", "/ledger/export.csv", "/items/export.csv", "/search?q=老旧小区"]
    for of in hidden:
        paths += [
            f"/ledger?document={of.document}",
            f"/items?document={of.breakdown}",
            f"/items?region={of.code}",
            f"/search?document={of.document}",
        ]
        paths += [f"/ledger/export.csv?document={of.document}", f"/documents?region={of.code}", f"/ledger?region={of.code}"]
    found = []
    for path in paths:
        response = client.get(path)
        body = _body(response)
        # what was asked for stands in the page as it was asked
        asked = path.partition("?")[2]
        for of in hidden:
            ids = (of.document, of.breakdown, of.fact, of.disputed, of.task, of.item, of.dropped)
            found += [(path, key) for key in ids if key.encode() in body and key not in asked]
    assert not found
    assert len(paths) > 20


def test_a_liaison_sees_the_items_of_the_own_unit(places: dict[str, Place], client_as: Callable[..., Any]) -> None:
    of = places["own"]
    mine = models.Duty.objects.get(item=of.item, role="lead").organisation
    other = models.Duty.objects.filter(item=places["beside"].item, role="lead").values_list("organisation", flat=True).get()
    assert mine
    assert mine != other
    client = client_as("liaison", region=of.code, unit=mine, username="liaison")
    assert client.get(f"/item/{of.item}").status_code == 200
    assert client.get(f"/item/{of.dropped}").status_code == 404
    for name in ("above", *ELSEWHERE):
        assert client.get(f"/item/{places[name].item}").status_code == 404
        assert client.get(f"/documents/{places[name].document}").status_code == (200 if name == "above" else 404)


def test_the_view_of_another_person_is_not_opened(db: None, client_as: Callable[..., Any]) -> None:
    from luoshi.desk import views
    from luoshi.ledger.tables import wish_of

    key = views.save(clerk(), "我的表", wish_of("facts", {"kind": ["measure"]}), shared=False).subjects[0]
    client, before = client_as("supervisor"), models.Entry.objects.count()
    assert client.get(f"/ledger/views/{key}").status_code == 404
    for act in ("share", "remove"):
        assert client.post(f"/ledger/views/{key}/{act}", {"shared": "1"}).status_code in (403, 404, 409)
    assert models.Entry.objects.count() == before
