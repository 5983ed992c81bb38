"""The interface for programs: what a token gives, what it never gives, and that it answers and acts as the pages do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from luoshi.desk import settings as desk_settings
from luoshi.desk import tokens
from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, NotFound, WrongValue
from luoshi.desk.rights import Forbidden
from luoshi.desk.tokens import BadToken, Wanted
from luoshi.ledger import models
from tests.web.filled import fill, make_items
from tests.web.hotline import SECRETS, Hotline
from tests.web.living import PNG, District, person
from tests.web.programs import Program, actor, of, slug

ADMIN = Actor("aadmin", "admin", "管理", (Role.SYSTEM_ADMIN,))
LISTS = ("/documents", "/facts", "/items", "/regions", "/indicators", "/organisations")


@pytest.fixture
def reader(db: None, make_account: Callable[..., Any]) -> Program:
    """A program of somebody who reads everything."""
    return of(actor(make_account, "reader"))


@pytest.fixture
def filled(db: None) -> dict[str, str]:
    ids = fill()
    make_items(ids["breakdown"])
    return ids


@pytest.fixture
def district(db: None) -> District:
    return District()


# --- lists


def whole(program: Program, path: str, **asked: Any) -> list[Any]:
    """All pages of a list, two rows each."""
    found, cursor = list[Any](), ""
    for _ in range(200):
        answer = program.get(path, {**asked, "limit": 2, **({"cursor": cursor} if cursor else {})})
        assert answer.status_code == 200, answer.content
        found += answer.json()["data"]
        cursor = answer.json()["next"]
        if cursor is None:
            return found
    raise AssertionError("the list has no end")


@pytest.mark.parametrize("path", [*LISTS, "/search?q=公园"])
def test_a_list_page_by_page_is_the_whole_list(filled: dict[str, str], reader: Program, path: str) -> None:
    page, _, query = path.partition("?")
    asked = dict(part.split("=") for part in query.split("&") if part)
    at_once = reader.get(page, {**asked, "limit": 200}).json()
    assert at_once["next"] is None
    assert len(at_once["data"]) > 2
    by_page = whole(reader, page, **asked)
    assert by_page == at_once["data"]
    assert len({json.dumps(row, sort_keys=True) for row in by_page}) == len(by_page)


def test_a_row_that_comes_between_two_pages_moves_nothing(filled: dict[str, str], reader: Program) -> None:
    from tests.ledger.making import enter, report

    first = reader.get("/facts", {"limit": 3}).json()
    enter(report(growth="7", year=2026), "2026.txt")
    after = reader.get("/facts", {"limit": 3, "cursor": first["next"]}).json()
    assert {row["id"] for row in first["data"]}.isdisjoint(row["id"] for row in after["data"])


def test_every_fact_comes_with_words_that_stand_there(filled: dict[str, str], reader: Program) -> None:
    facts = reader.get("/facts", {"limit": 200}).json()["data"]
    assert len(facts) > 10
    for fact in facts:
        quotation = fact["quotation"]
        assert reader.get(f"/facts/{fact['id']}").json() == fact
        told = reader.get(f"/documents/{quotation['document']}/text", {"start": quotation["start"], "end": quotation["end"]}).json()
        assert told["text"] == quotation["text"]
        assert quotation["title"]


def test_filters_are_those_of_the_page(filled: dict[str, str], reader: Program) -> None:
    def names(**asked: Any) -> list[str]:
        return [row["name"] for row in reader.get("/facts", {**asked, "limit": 200}).json()["data"]]

    targets = names(kind="measure", role="target", document=filled["new"])
    assert targets
    assert set(names(kind="measure", role=["target", "result"], document=filled["new"])) >= set(targets)
    assert names(year="1999") == []
    assert names(q="公园")
    quoted = [row["clause"] for row in reader.get("/facts", {"q": "公园", "limit": 200}).json()["data"]]
    assert all("公园" in clause for clause in quoted)
    assert names(region="340828") == names(region="340000")
    assert names(region="110000") == []
    documents = reader.get("/documents", {"kind": "breakdown"}).json()["data"]
    assert [row["id"] for row in documents] == [filled["breakdown"]]
    assert reader.get("/documents", {"year": "2024-2025", "q": "岳西"}).json()["data"]
    assert reader.get("/items", {"lead": "交通", "limit": 5}).json()["data"][0]["title"].startswith("加快推进石砚大桥")
    assert reader.get("/organisations", {"q": "财政", "kind": "body"}).json()["data"][0]["supported"] > 0


def test_places_and_indicators(filled: dict[str, str], reader: Program) -> None:
    record = reader.get("/regions/340828").json()
    assert record["region"]["full_name"].endswith("岳西县")
    assert record["year"] == 2025
    assert [row["name"] for row in record["headlines"]][:1] == ["地区生产总值"]
    assert record["headlines"][0]["target"]["quotation"]["text"]
    assert record["items"] == 3
    one = reader.get("/indicators", {"q": "地区生产总值"}).json()["data"][0]
    assert reader.get(f"/indicators/{one['id']}").json() == one
    values = whole(reader, f"/indicators/{one['id']}/values")
    assert len(values) == one["count"] > 1
    assert {row["indicator_id"] for row in values} == {one["id"]}
    assert reader.get(f"/indicators/{one['id']}/values", {"region": "110000"}).json()["data"] == []
    assert reader.get("/regions", {"parent": "340800"}).json()["data"]
    for path in ("/regions/none", "/indicators/none", "/organisations/none", "/items/none", "/facts/none", "/documents/none"):
        assert slug(reader.get(path)) == "not-found"


def test_search_quotes_the_place(filled: dict[str, str], reader: Program) -> None:
    found = reader.get("/search", {"q": "石砚大桥"}).json()
    assert found["total"] == len(found["data"]) > 2
    kinds = {hit["kind"] for hit in found["data"]}
    assert {"project", "passage", "item"} <= kinds
    for hit in found["data"]:
        if hit["kind"] in {"project", "passage", "task", "measure"}:
            quotation = hit["quotation"]
            verdict = reader.post("/quotations/verify", {key: quotation[key] for key in ("document", "start", "end", "text")}).json()
            assert verdict["matches"]
    assert reader.get("/search", {"q": "石砚大桥", "kind": "item"}).json()["total"] == 1
    assert reader.get("/search", {"q": "石砚大桥", "region": "110000"}).json()["data"] == []


def test_a_quotation_is_verified(filled: dict[str, str], reader: Program) -> None:
    text = reader.get(f"/documents/{filled['new']}/text").json()["text"]
    at = text.index("新建公园3个")

    def verdict(**given: Any) -> Any:
        return reader.post(
            "/quotations/verify", {"document": filled["new"], "start": at, "end": at + 6, "text": "新建公园3个", **given}
        ).json()

    assert verdict() == {
        "matches": True, "document": filled["new"], "title": verdict()["title"], "there": "新建公园3个",
        "places": [{"start": at, "end": at + 6}],
    }  # fmt: skip
    moved = verdict(start=at + 1, end=at + 7)
    assert (moved["matches"], moved["places"]) == (False, [{"start": at, "end": at + 6}])
    invented = verdict(text="新建公园9个")
    assert (invented["matches"], invented["there"], invented["places"]) == (False, "新建公园3个", [])
    assert not verdict(start=at + 6, end=at)["matches"]
    assert not verdict(end=at + 7)["matches"]
    assert slug(reader.post("/quotations/verify", {"document": "none", "start": 0, "end": 1, "text": "区"})) == "not-found"


# --- tokens


def test_a_token_is_shown_once_and_kept_as_a_hash(db: None, make_account: Callable[..., Any]) -> None:
    who = actor(make_account, "reader")
    done, text = tokens.make(who, Wanted("台账同步", ("read",)))
    entry = models.Entry.objects.get(seq=done.seqs[0])
    assert (entry.act, entry.actor) == ("token.make", who.id)
    assert text not in entry.data
    assert tokens.opened(text, strict=True).actor == who
    (mine,) = tokens.of_account(who.id)
    assert tokens.hash_of(text) == mine.hash
    with pytest.raises(Conflict, match="台账同步"):
        tokens.make(who, Wanted("台账同步"))


def test_what_a_token_cannot_be(db: None, make_account: Callable[..., Any]) -> None:
    who = actor(make_account, "reader")
    for wanted in (
        Wanted(""),
        Wanted("名" * 41),
        Wanted("甲", ()),
        Wanted("甲", ("write",)),
        Wanted("甲", days=0),
        Wanted("甲", days=367),
        Wanted("甲", per_minute=601),
    ):
        with pytest.raises(WrongValue):
            tokens.make(who, wanted)
    with pytest.raises(Forbidden):
        tokens.make(ADMIN, Wanted("甲"))


def test_nobody_makes_a_token_of_another_person(db: None, make_account: Callable[..., Any]) -> None:
    victim = actor(make_account, "supervisor")
    service = make_account("reader", username="svc-portal")
    with pytest.raises(NotFound):
        tokens.make(ADMIN, Wanted("甲"), account=victim.id)
    with pytest.raises(Forbidden):
        tokens.make(victim, Wanted("甲"), account=service.id)
    _, text = tokens.make(ADMIN, Wanted("门户"), account=service.id)
    assert tokens.opened(text, strict=True).actor.id == service.id
    (one,) = tokens.of_account(service.id)
    with pytest.raises(NotFound):
        tokens.withdraw(victim, one.id)
    tokens.withdraw(ADMIN, one.id)
    with pytest.raises(BadToken):
        tokens.opened(text, strict=True)


def test_nobody_signs_in_by_a_service_account(db: None, make_account: Callable[..., Any]) -> None:
    from django.test import Client

    word = {"password": "Qishan-2026"}
    for name, status in (("svc-portal", 401), ("person", 302)):
        make_account("reader", username=name, **word)
        assert Client().post("/signin", {"username": name, **word}).status_code == status


@pytest.mark.parametrize("text", ["", "x", "lsk_0123456789ab_" + "a" * 43, "lsk_", "Bearer", "…"])
def test_without_a_good_token_nothing(filled: dict[str, str], text: str) -> None:
    program = Program(text)
    for path in (*LISTS, "/search?q=公园", "/export/facts.csv"):
        answer = program.get(path)
        assert answer.status_code == 401
        assert slug(answer) == "no-token"
        assert answer["WWW-Authenticate"].startswith("Bearer")
    assert program.post("/quotations/verify", {"document": "d", "start": 0, "end": 1, "text": "x"}).status_code == 401


def test_expired_withdrawn_or_of_a_closed_account(reader: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    assert reader.get("/facts").status_code == 200
    later = (datetime.now(UTC) + timedelta(days=92)).date().isoformat()
    with monkeypatch.context() as patch:
        patch.setattr("luoshi.desk.tokens.today", lambda: later)
        assert slug(reader.get("/facts")) == "no-token"
        assert "过期" in reader.get("/facts").json()["error"]["what"]
    assert reader.get("/facts").status_code == 200
    models.Account.objects.update(active=False)
    assert "停用" in reader.get("/facts").json()["error"]["what"]
    models.Account.objects.update(active=True)
    (one,) = tokens.all_tokens()
    tokens.withdraw(ADMIN, one.id)
    assert reader.get("/facts").status_code == 401


def test_a_scope_that_is_missing(filled: dict[str, str], make_account: Callable[..., Any]) -> None:
    asks = of(actor(make_account, "supervisor"), scopes=("read",))
    item = asks.get("/items").json()["data"][0]["id"]
    for answer in (asks.post(f"/items/{item}/acts", {"act": "sign"}), asks.get("/export/facts.csv"), asks.send("/evidence", file=b"x")):
        assert answer.status_code in {403, 422}
    assert slug(asks.post(f"/items/{item}/acts", {"act": "sign"})) == "token-scope"
    assert slug(asks.get("/export/facts.csv")) == "token-scope"
    takes = of(actor(make_account, "supervisor"), scopes=("export",), name="只导出")
    assert slug(takes.get("/facts")) == "token-scope"
    assert takes.get("/export/facts.csv", {"kind": "project"}).status_code == 200


def test_a_token_gives_no_more_than_its_account_has(filled: dict[str, str], make_account: Callable[..., Any]) -> None:
    item = models.Item.objects.first()
    assert item is not None
    reads = of(actor(make_account, "reader"))
    assert slug(reads.post(f"/items/{item.id}/acts", {"act": "sign"})) == "forbidden"
    # whose roles are taken away has none by the token either
    models.Account.objects.update(roles="[]")
    assert slug(reads.get("/facts")) == "forbidden"


def test_the_limit_a_minute(db: None, make_account: Callable[..., Any]) -> None:
    program = of(actor(make_account, "reader"), per_minute=3)
    assert [program.get("/documents").status_code for _ in range(4)] == [200, 200, 200, 429]
    answer = program.get("/documents")
    assert slug(answer) == "too-many"
    assert 1 <= int(answer["Retry-After"]) <= 60
    other = of(actor(make_account, "leader"), per_minute=3)
    assert other.get("/documents").status_code == 200


@pytest.mark.parametrize("limit", [1, 7, 60, 600])
def test_never_more_than_the_limit_over_all_processes(db: None, monkeypatch: pytest.MonkeyPatch, limit: int) -> None:
    from luoshi.web.api import limits

    at = datetime(2026, 3, 5, 2, 0, 10, tzinfo=UTC)
    processes: list[dict[str, tuple[str, int]]] = [{}, {}, {}]
    given = [0, 0, 0]
    for turn in range(3 * limit + 30):
        monkeypatch.setattr(limits, "_held", processes[turn % 3])
        waits = limits.seconds_to_wait("t", limit, at)
        assert waits in {0, 50}
        given[turn % 3] += not waits
    assert sum(given) == limit
    # the next minute begins anew
    assert limits.seconds_to_wait("t", limit, at + timedelta(minutes=1)) == 0


def test_guessing_is_slowed_down(db: None) -> None:
    answers = [Program("lsk_0123456789ab_" + "a" * 43).get("/facts") for _ in range(21)]
    assert {one.status_code for one in answers[:20]} == {401}
    assert answers[20].status_code == 429
    assert answers[20]["Retry-After"] == "60"


def test_a_session_counts_for_nothing(filled: dict[str, str], client_as: Callable[..., Any]) -> None:
    client = client_as("supervisor")
    assert client.get("/items").status_code == 200
    item = models.Item.objects.first()
    assert item is not None
    assert client.get("/api/v1/items").status_code == 401
    answer = client.post(f"/api/v1/items/{item.id}/acts", '{"act": "sign"}', content_type="application/json")
    assert answer.status_code == 401


def test_who_asked_stands_in_the_access_log(reader: Program) -> None:
    from luoshi.web.signin.models import Access

    # the same question of a program is noted once a minute
    for _ in range(2):
        reader.get("/documents", {"q": "谁问过"})
    seen = Access.objects.filter(page="api.list_documents").get()
    assert seen.account == tokens.all_tokens()[0].account


# --- switched off, wrong addresses, methods, types


def test_switched_off(reader: Program) -> None:
    desk_settings.change(ADMIN, {"api": "0"})
    for path in ("/documents", "/openapi.json", "/none"):
        assert slug(reader.get(path)) == "api-off"
        assert reader.get(path).status_code == 404
    desk_settings.change(ADMIN, {"api": "1"})
    assert reader.get("/openapi.json").json()["openapi"].startswith("3.1")


def test_what_is_asked_wrongly(reader: Program) -> None:
    assert slug(reader.get("/none")) == "not-found"
    wrong = reader.post("/documents", {})
    assert (wrong.status_code, slug(wrong), wrong["Allow"]) == (405, "wrong-method", "GET")
    assert reader.post("/quotations/verify", b"{}", kind="text/plain").status_code == 415
    assert reader.post("/quotations/verify", b"{", kind="application/json").status_code == 400
    for query in (
        {"limit": "0"},
        {"limit": "x"},
        {"limit": "201"},
        {"year": "²"},
        {"year": "5"},
        {"kind": "king"},
        {"cursor": "…"},
        {"q": "字" * 201},
    ):
        answer = reader.get("/facts", query)
        assert (answer.status_code, slug(answer)) == (422, "bad-request"), query
        assert answer.json()["error"]["where"].startswith("query")
    answer = reader.post("/quotations/verify", {"document": "d", "start": -1, "end": 1, "text": "x"})
    assert (answer.status_code, answer.json()["error"]["where"]) == (422, "body.start")
    items = reader.get("/items", {"limit": 1}).json()["next"]
    for cursor in ("x", "bm9uZQ", items or "W10"):
        assert slug(reader.get("/facts", {"cursor": cursor})) == "wrong-cursor"
    assert reader.get("/facts", {"q": "\0"}).status_code == 400


def test_errors_in_english(reader: Program) -> None:
    told = reader.get("/facts/none?lang=en").json()["error"]
    assert told["slug"] == "not-found"
    assert told["what"].isascii()


# --- what is not seen


def test_of_another_region_nothing(filled: dict[str, str], make_account: Callable[..., Any]) -> None:
    elsewhere = of(actor(make_account, "supervisor", region="110101"))
    item, fact = models.Item.objects.first(), models.Fact.objects.first()
    assert item is not None
    assert fact is not None
    for path in ("/documents", "/facts", "/items", "/search?q=公园"):
        assert elsewhere.get(path).json()["data"] == []
    for path in (
        f"/items/{item.id}",
        f"/items/{item.id}/story",
        f"/items/{item.id}/acts",
        f"/facts/{fact.id}",
        f"/documents/{filled['new']}",
        f"/documents/{filled['new']}/text",
    ):
        assert elsewhere.get(path).status_code == 404
    given = {"document": filled["new"], "start": 0, "end": 1, "text": "岳"}
    assert elsewhere.post("/quotations/verify", given).status_code == 404
    assert elsewhere.post(f"/items/{item.id}/acts", {"act": "sign"}).status_code == 404
    assert "公园" not in b"".join(elsewhere.get("/export/facts.csv").streaming_content).decode()


def test_what_stays_inside_goes_to_no_program(district: District) -> None:
    item = district.handling("内部线索核查")
    program = of(district.clerk)
    assert program.get(f"/items/{item}").status_code == 200
    models.Matter.objects.filter(pk=item).update(internal=True)
    from django.test import Client

    page = Client()
    page.force_login(models.Account.objects.get(username="ducha"))
    assert page.get(f"/item/{item}").status_code == 200
    assert program.get("/items", {"q": "内部线索"}).json()["data"] == []
    for path in (f"/items/{item}", f"/items/{item}/story", f"/items/{item}/acts"):
        assert program.get(path).status_code == 404
    assert program.post(f"/items/{item}/acts", {"act": "chase", "inputs": {"reason": "催"}}).status_code == 404
    assert "内部线索" not in b"".join(program.get("/export/items.csv").streaming_content).decode()


def test_what_is_personal_is_masked(db: None) -> None:
    hotline = Hotline()
    item = hotline.handling("我是陆远山，电话13900001207，路灯不亮", contact=False)
    program = of(hotline.clerk)
    told = [
        program.get("/items").content, program.get(f"/items/{item}").content, program.get(f"/items/{item}/story").content,
        program.get(f"/items/{item}/acts").content, program.get("/search", {"q": "路灯"}).content,
        b"".join(program.get("/export/items.csv").streaming_content),
    ]  # fmt: skip
    for page in told:
        assert not [secret for secret in SECRETS if secret in page.decode()]
    assert "路灯不亮" in told[0].decode()


# --- acting


def test_acting_by_a_token_is_the_act_of_the_page(district: District) -> None:
    item = district.assigned("新建幼儿园3所", ago=5)
    program = of(district.wang, name="台账同步")
    now = program.get(f"/items/{item}/acts").json()
    assert "sign" in [one["act"] for one in now["data"]]
    done = program.post(f"/items/{item}/acts", {"act": "sign", "seen": now["seen"]})
    assert done.status_code == 201, done.content
    assert done.json()["item"]["matter"]["stage"] != now["stage"]
    entry = models.Entry.objects.get(seq=done.json()["entries"][-1])
    assert (entry.actor, json.loads(entry.data)["through"]) == (district.wang.id, "台账同步")
    line = program.get(f"/items/{item}/story").json()["data"][0]
    assert (line["by"], line["through"], line["kind"]) == ("苏砚田（令牌“台账同步”）", "台账同步", "act")
    from tests.web.test_desk import client_of

    assert "苏砚田（令牌“台账同步”）" in client_of("fagai").get(f"/item/{item}").content.decode()
    # who looked at less acts on what is no more
    again = program.post(f"/items/{item}/acts", {"act": "sign", "seen": now["seen"]})
    assert (again.status_code, slug(again)) == (409, "moved-on")


def test_the_refusal_of_the_engine_is_given_as_it_is(district: District) -> None:
    item = district.handling("新建幼儿园3所", ago=5)
    program = of(district.wang)
    refused = program.post(f"/items/{item}/acts", {"act": "close"})
    assert (refused.status_code, slug(refused)) == (409, "refused-act")
    from luoshi.desk import matters
    from luoshi.desk.matters import Try
    from luoshi.loop.engine import Refused
    from tests.web.living import ALL

    with pytest.raises(Refused) as page:
        matters.act(district.wang, item, Try("close"), ALL)
    assert refused.json()["error"]["what"] == page.value.what
    assert refused.json()["error"]["remedy"] == page.value.remedy[:300]
    # a unit that has no part in it does not see it
    assert of(district.zhao).post(f"/items/{item}/acts", {"act": "report", "inputs": {"text": "好"}}).status_code == 404


@pytest.mark.parametrize("inputs", [{"text": "\ud800", "progress": 5}, {"fields": {"\ud800": 1}}, {"children": [{"title": "a\ud800"}]}])
def test_text_that_is_no_utf8_is_refused(district: District, inputs: dict[str, Any]) -> None:
    item = district.handling("新建幼儿园3所", ago=5)
    refused = of(district.wang).post(f"/items/{item}/acts", {"act": "report", "inputs": inputs})
    assert (refused.status_code, slug(refused)) == (400, "wrong-value")
    assert refused.json()["error"]["where"].startswith("inputs.")


def test_evidence_comes_before_the_act(district: District) -> None:
    item = district.handling("新建幼儿园3所", ago=5)
    program = of(district.wang)
    from django.core.files.uploadedfile import SimpleUploadedFile

    kept = program.send("/evidence", file=SimpleUploadedFile("开园.png", PNG))
    assert kept.status_code == 201, kept.content
    word = kept.json()["evidence"]
    given = {"act": "apply-close", "inputs": {"text": "三所都已开园", "progress": 100}}
    other = of(district.clerk).post(f"/items/{item}/acts", {**given, "evidence": [word]})
    assert slug(other) == "wrong-value"
    assert slug(program.post(f"/items/{item}/acts", {**given, "inputs": {**given["inputs"], "evidence": ["0" * 64]}})) == "wrong-value"
    done = program.post(f"/items/{item}/acts", {**given, "evidence": [word]})
    assert done.status_code == 201, done.content
    assert program.get(f"/items/{item}/story").json()["data"][0]["files"] == [{"name": "开园.png", "media": "image/png", "size": len(PNG)}]
    bad = program.send("/evidence", file=SimpleUploadedFile("a.exe", b"MZ\0"))
    assert (bad.status_code, slug(bad)) == (400, "bad-evidence")


def test_units_that_are_not_there_are_not_given_work(district: District) -> None:
    item = district.file("新建幼儿园3所", ago=5)
    district.do(district.leader, item, "approve", 4)
    program = of(district.clerk)
    for inputs in ({"units": {"lead": ["onone"]}}, {"posts": ["pnone"]}):
        assert slug(program.post(f"/items/{item}/acts", {"act": "assign", "inputs": inputs})) == "wrong-value"
    strange = program.post(f"/items/{item}/acts", {"act": "assign", "inputs": {"units": "x", "progress": {}, "fields": [1]}})
    assert strange.status_code in {400, 409}


def test_an_act_leaves_nothing_of_its_token_behind(district: District) -> None:
    item = district.assigned("新建幼儿园3所", ago=5)
    of(district.wang).post(f"/items/{item}/acts", {"act": "sign"})
    district.do(district.wang, item, "apply-close", 1, text="建成", evidence=[("竣工.png", PNG)], progress=100)
    last = models.Entry.objects.filter(subject=item).order_by("-seq").first()
    assert last is not None
    assert "through" not in json.loads(last.data)


def test_an_item_that_is_no_matter(filled: dict[str, str], make_account: Callable[..., Any]) -> None:
    program = of(actor(make_account, "supervisor"))
    item = program.get("/items").json()["data"][0]
    assert item["matter"] is None
    assert item["quotation"]["document"] == filled["breakdown"]
    assert program.get(f"/items/{item['id']}/acts").status_code == 404
    assert program.post(f"/items/{item['id']}/acts", {"act": "sign"}).status_code == 404
    assert [line["kind"] for line in program.get(f"/items/{item['id']}/story").json()["data"]] == ["item"]


def test_a_leader_asks_by_a_token(district: District) -> None:
    person("duzhe", Role.READER)
    district.handling("新建幼儿园3所", ago=5)
    leader = of(district.leader)
    assert leader.get("/items", {"mechanism": "M01", "matter": "live"}).json()["data"]
    assert leader.get("/items", {"light": "purple"}).json()["data"] == []
