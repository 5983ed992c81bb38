"""The page of the search: what is found, where it leads, what it says where nothing is found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.web.filled import fill, make_items
from tests.web.looking import assert_accessible, assert_fits


def asked(client: Any, query: str) -> dict[str, Any]:
    response = client.get(f"/search?{query}", HTTP_ACCEPT="application/json")
    return dict(json.loads(response.content))


def test_two_characters_find_facts_items_and_passages(db: None, client_as: Any) -> None:
    make_items(fill()["breakdown"])
    found = asked(client_as("reader"), "q=公园")
    kinds = {hit["kind"] for hit in found["hits"]}
    assert {"measure", "item", "passage"} <= kinds
    for hit in found["hits"]:
        marked = [piece for piece, marked in [*hit["name"], *hit["snippet"]] if marked]
        assert set(marked) == {"公园"}


def test_filters(db: None, client_as: Any) -> None:
    ids, client = fill(), client_as("reader")
    assert {hit["kind"] for hit in asked(client, "q=公园&kind=measure")["hits"]} == {"measure"}
    old = asked(client, f"q=公园&document={ids['old']}")["hits"]
    assert old
    assert all(ids["old"] in hit["address"] for hit in old)
    assert asked(client, "q=公园&region=110000")["total"] == 0
    assert asked(client, "q=公园&region=340000")["total"] > 0


def test_an_indicator_and_a_unit_by_any_of_their_names(db: None, client_as: Any) -> None:
    make_items(fill()["breakdown"])
    client = client_as("reader")
    assert {hit["kind"] for hit in asked(client, "indicator=GDP")["hits"]} == {"measure"}
    assert asked(client, "indicator=GDP")["total"] == asked(client, "indicator=gdp")["total"] > 2
    assert asked(client, "indicator=龙宫数量")["total"] == 0
    assert [hit["kind"] for hit in asked(client, "organisation=县财政局")["hits"]] == ["item", "item"]


def test_withdrawn_documents_are_not_found(db: None, client_as: Any) -> None:
    from luoshi.desk import documents
    from luoshi.ledger.scope import Scope
    from tests.web.filled import clerk

    ids, client = fill(), client_as("reader")
    before = asked(client, "q=公园")["total"]
    done = documents.withdraw(clerk(), ids["new"], Scope.whole(), why="收错了")
    between = asked(client, "q=公园")
    assert between["total"] < before
    assert not any(ids["new"] in hit["address"] for hit in between["hits"])
    documents.restore(clerk(), ids["new"], Scope.whole())
    assert asked(client, "q=公园")["total"] == before
    assert done.count == 1


def test_a_region_sees_its_own(db: None, client_as: Any) -> None:
    fill()
    assert asked(client_as("reader", region="110000"), "q=公园")["total"] == 0


@pytest.mark.parametrize("words", ["%00", "”“''\"\"", "a" * 300, "((((", "%ED%A0%80", "＊％＿"])
def test_hostile_words(db: None, client_as: Any, words: str) -> None:
    fill()
    response = client_as("reader").get(f"/search?q={words}")
    assert response.status_code == (400 if words == "%00" else 200)


def test_in_a_browser(browse: Any) -> None:
    fill()
    page = browse("reader", "/search?q=公园")
    assert_accessible(page)
    assert page.locator("mark").first.inner_text() == "公园"
    page.locator(".facets a").first.click()
    page.wait_for_load_state()
    assert page.locator(".hits li").count() >= 1
    phone = browse("reader", "/search", phone=True)
    assert_fits(phone)
    assert_accessible(phone)
