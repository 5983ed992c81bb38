"""The public record: off, then what was released and nothing else; 304s, search, clues, pictures, open data, phone, no scripts, axe."""

from __future__ import annotations

from typing import Any

import pytest

from luoshi.desk import release as desk
from luoshi.desk import settings as desk_settings
from luoshi.desk.actor import Actor, Role
from luoshi.ledger import models
from tests.desk.test_release import ALL, CHEN, GAO, REGION, WANG, at, do, drawn, laid, livelihood, png, report

ADMIN = Actor("aroot", "root", "root", (Role.SYSTEM_ADMIN,))


@pytest.fixture(autouse=True)
def fresh() -> None:
    from luoshi.web.pages.portal import cache, view

    cache.PAGES.clear()
    view.SEARCHED.clear()


def on() -> None:
    desk_settings.change(ADMIN, {"portal": "1", "clues": "1"})


def published() -> tuple[str, str, str]:
    """A release that is published: its id, the item with a picture, the document."""
    laid()
    document, item = report(), livelihood()
    do(WANG, item, "report", 20, count=8, text="内部汇报：老魏说还差十六个", pictures=(("现场.png", png()),))
    row = drawn(pictures=tuple(models.Evidence.objects.values_list("id", flat=True)))
    desk.approve(GAO, row.id, ALL, clock=at(41))
    desk.publish(CHEN, row.id, ALL, clock=at(42))
    return row.id, item, document


def ask(path: str = "", **headers: str) -> Any:
    from django.test import Client

    return Client(headers=headers).get(f"/public{path}")


@pytest.mark.usefixtures("db")
def test_it_is_off_until_it_is_switched_on_and_empty_until_something_is_released() -> None:
    laid()
    livelihood()
    assert ask().status_code == 404
    on()
    answer = ask()
    assert answer.status_code == 200
    assert "改造老旧小区" not in answer.content.decode()
    drawn()
    assert "改造老旧小区" not in ask("/promises").content.decode()


@pytest.mark.usefixtures("db")
def test_what_was_promised_who_answers_what_came_of_it() -> None:
    on()
    _, item, document = published()
    told = ask(f"/item/{item}").content.decode()
    for words in ("改造老旧小区 24 个。", "住房和城乡建设局", "8个 / 24个", "票决通过", "清单已公布", "2026年12月31日"):
        assert words in told
    assert "老魏" not in told
    assert "魏松年" not in told
    fact = models.Fact.objects.filter(document=document, role="target", indicator_id="gdp").first()
    assert fact is not None
    assert f"<mark>{fact.text}</mark>" in ask(f"/target/{fact.id}").content.decode()
    from luoshi.publish.portal import paths
    from luoshi.web.pages.portal import cache

    for path in paths(cache.site()):
        assert ask(f"/{path}" if path else "").status_code == 200, path
    assert ask(f"/place/{REGION}").status_code == 200
    assert ask("/item/nobody").status_code == ask("/promises/p2").status_code == ask("/place/x/p1").status_code == 404


@pytest.mark.usefixtures("db")
def test_a_page_is_asked_for_again_with_its_tag_and_is_gone_once_withdrawn() -> None:
    on()
    release, item, _ = published()
    first = ask(f"/item/{item}")
    assert first["Cache-Control"] == "no-cache"
    assert ask(f"/item/{item}", if_none_match=first["ETag"]).status_code == 304
    assert ask(f"/item/{item}", if_none_match='"other"').status_code == 200
    desk.withdraw(CHEN, release, "数据有误", ALL, clock=at(50))
    assert ask(f"/item/{item}", if_none_match=first["ETag"]).status_code == 404
    assert "改造老旧小区" not in ask("/promises").content.decode()


@pytest.mark.usefixtures("db")
def test_a_withdrawal_while_a_page_is_made_leaves_nothing_old_under_the_new_key(monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.publish.portal import Site
    from luoshi.web.pages.portal import cache

    on()
    release, item, _ = published()
    whole = cache.site

    def withdrawn_just_then(*now: cache.Known) -> Site:
        found = whole(*now)
        desk.withdraw(CHEN, release, "数据有误", ALL, clock=at(50))
        return found

    with monkeypatch.context() as patched:
        patched.setattr(cache, "site", withdrawn_just_then)
        ask(f"/item/{item}")
    assert ask(f"/item/{item}").status_code == 404


@pytest.mark.usefixtures("db")
def test_a_kept_page_looks_at_the_database_once_and_opens_no_session() -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    on()
    _, item, _ = published()
    ask(f"/item/{item}")
    with CaptureQueriesContext(connection) as asked:
        answer = ask(f"/item/{item}")
    assert (answer.status_code, len(asked), answer.cookies) == (200, 1, {})
    assert answer["Content-Security-Policy"].startswith("default-src 'self'")
    assert ask(f"item/{item}").status_code == ask("/").status_code == 404
    desk_settings.change(ADMIN, {"portal": "0"})
    assert ask(f"/item/{item}").status_code == 404


@pytest.mark.usefixtures("db")
def test_it_speaks_the_language_that_was_chosen() -> None:
    from django.test import Client

    on()
    published()
    client = Client()
    assert "说了什么" in client.get("/public").content.decode()
    assert "What was promised" in client.get("/public?lang=en").content.decode()
    assert "What was promised" in client.get("/public").content.decode()
    assert "说了什么" in client.get("/public?lang=zh").content.decode()


@pytest.mark.usefixtures("db")
def test_search_finds_two_characters_and_counts_those_who_ask_too_often() -> None:
    from luoshi.web.pages.portal.view import SEARCHES

    on()
    published()
    assert "改造老旧小区" in ask("/search?q=小区").content.decode()
    assert "没有的" in ask("/search?q=没有的词").content.decode()
    assert "<script>" not in ask("/search?q=<script>alert(1)</script>").content.decode()
    answers = [ask("/search?q=小区").status_code for _ in range(SEARCHES)]
    assert answers[-1] == 429


@pytest.mark.usefixtures("db")
def test_a_picture_and_a_file_of_open_data_leave_only_while_they_are_published() -> None:
    on()
    release, item, _ = published()
    (picture,) = desk.content_of(models.released.Release.objects.get(pk=release)).items[0].pictures
    address = f"/pictures/{picture.file[:32]}.png"
    assert address in ask(f"/item/{item}").content.decode()
    assert ask(address)["Content-Type"] == "image/png"
    assert ask(f"/pictures/{models.Evidence.objects.get().file[:32]}.png").status_code == 404
    answer = ask(f"/data/{release}/items.csv")
    assert answer["Content-Type"].startswith("text/csv")
    assert "改造老旧小区" in answer.content.decode()
    assert ask(f"/data/{release}/secret.csv").status_code == ask("/data/other/items.csv").status_code == 404
    desk.withdraw(CHEN, release, "数据有误", ALL, clock=at(50))
    assert ask(address).status_code == ask(f"/data/{release}/items.csv").status_code == 404


@pytest.mark.usefixtures("db")
def test_a_clue_becomes_a_complaint_and_the_unit_never_learns_who_sent_it() -> None:
    from django.test import Client

    from luoshi.ledger.acts.matters import life_of

    on()
    _, item, _ = published()
    client = Client()
    sent = {"text": "楼道还没有改，魏松年的电话13900001207", "where": "柳溪苑小区3号楼2单元501室", "phone": "13900001207"}
    answer = client.post(f"/public/item/{item}/clue", sent)
    made = models.Matter.objects.get(mechanism="M08")
    assert made.number in answer.content.decode()
    assert "13900001207" not in answer.content.decode()
    fields = life_of(made.life).fields
    assert (fields["theme"], fields["demand"], fields["channel"]) == (models.Matter.objects.get(pk=item).number, "report", "web")
    assert "13900001207" not in models.Item.objects.get(pk=made.id).title
    assert made.unit == ""
    assert client.post(f"/public/item/{item}/clue", {"text": "短"}).status_code == 400
    assert client.post(f"/public/item/{item}/clue", {**sent, "site": "http://spam.example"}).status_code == 200
    assert models.Matter.objects.filter(mechanism="M08").count() == 1
    codes = [client.post(f"/public/item/{item}/clue", sent).status_code for _ in range(8)]
    assert codes[-1] == 429


@pytest.mark.usefixtures("db")
def test_no_clues_where_they_are_switched_off() -> None:
    desk_settings.change(ADMIN, {"portal": "1"})
    _, item, _ = published()
    assert "clue" not in ask(f"/item/{item}").content.decode()
    assert ask(f"/item/{item}/clue").status_code == 404


@pytest.mark.usefixtures("db")
def test_the_form_needs_the_token_of_the_page() -> None:
    from django.test import Client

    on()
    _, item, _ = published()
    client = Client(enforce_csrf_checks=True)
    sent = {"text": "楼道还没有改，请看一看"}
    assert client.post(f"/public/item/{item}/clue", sent).status_code == 403
    page = client.get(f"/public/item/{item}/clue").content.decode()
    token = page.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    assert client.post(f"/public/item/{item}/clue", {**sent, "csrfmiddlewaretoken": token}).status_code == 200


@pytest.mark.parametrize("phone", [False, True])
def test_it_is_clean_and_fits_a_phone_without_scripts(real_db: None, browse: Any, phone: bool) -> None:
    from axe_playwright_python.sync_playwright import Axe

    on()
    release, item, document = published()
    fact = models.Fact.objects.filter(document=document, role="target").first()
    assert fact is not None
    paths = (
        "",
        "/promises",
        f"/item/{item}",
        f"/item/{item}/clue",
        f"/target/{fact.id}",
        "/livelihood",
        "/data",
        "/about",
        "/search?q=小区",
        "/units",
        f"/document/{document}",
    )
    page = browse(None, "/public", phone=phone)
    for path in paths:
        page.goto(page.url.split("/public")[0] + "/public" + path)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
        found = Axe().run(page)
        assert not found.response["violations"], (path, found.generate_report())
    assert page.evaluate("document.scripts.length") == 0
    plain = browse(None, f"/public/item/{item}/clue", phone=phone, script=False)
    plain.fill("#text", "楼道还没有改，请看一看")
    plain.click("button")
    assert "诉2" in plain.text_content("main")
    assert release
