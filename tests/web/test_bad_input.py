"""What nobody types by mistake: it gets one clear word, never a defect of the program."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client


@pytest.mark.parametrize("address", ["/documents/%00", "/search?q=%00", "/search?%00=1", "/signin?next=%00"])
def test_a_nul_in_an_address(db: None, client_as: Any, address: str) -> None:
    response = client_as("supervisor").get(address, HTTP_ACCEPT="application/json")
    assert response.status_code == 400
    assert "NUL" in response.json()["error"]["what"]


def test_a_nul_in_a_form(db: None, client_as: Any) -> None:
    assert Client().post("/signin", {"username": "a\0b", "password": "x"}).status_code == 400
    sent = {"files": [SimpleUploadedFile("a.txt", b"x")], "batch": "\0"}
    assert client_as("supervisor").post("/intake/upload", sent).status_code == 400


def test_a_nul_in_json(db: None, client_as: Any) -> None:
    client = client_as("supervisor")

    def what(words: str) -> str:
        body = json.dumps({"facts": [words]})
        response = client.post("/documents/d1/items/create", body, content_type="application/json", HTTP_ACCEPT="application/json")
        assert 400 <= response.status_code < 500
        return str(response.json()["error"]["what"])

    assert "NUL" in what("a\0b")
    # these are a backslash, a u and four noughts, and no NUL
    assert "NUL" not in what("\\u0000")


def test_a_nul_in_a_cookie_is_no_cookie(db: None) -> None:
    client = Client()
    client.cookies.load('luoshi_session="\\000"')
    assert client.get("/signin", headers={"cookie": 'luoshi_session="\\000"'}).status_code == 200


@pytest.mark.parametrize("year", ["²", "٢٠٢٥", "20250", "9" * 30, "2025-²", "-2025", "x"])
@pytest.mark.parametrize("page", ["/ledger", "/items"])
def test_no_year(db: None, client_as: Any, page: str, year: str) -> None:
    response = client_as("supervisor").get(page, {"year": year}, HTTP_ACCEPT="application/json")
    assert response.status_code == 400
    assert response.json()["error"]["slug"] == "wrong-value"


def test_a_history_from_nowhere(db: None, client_as: Any) -> None:
    assert client_as("supervisor").get("/documents/d1", {"before": "9" * 30}).status_code == 404


@pytest.mark.parametrize("year", ["²", "20²5", "9" * 5000, "1066"])
def test_a_year_that_cannot_be(year: str) -> None:
    from luoshi.desk import documents, facts, items, organisations
    from luoshi.desk.done import WrongValue

    for asked in (
        lambda: documents._checked("review_year", year), lambda: facts._year("year", year), lambda: items._value("year", year),
        lambda: organisations._year(year, "year"),
    ):  # fmt: skip
        with pytest.raises(WrongValue, match="不是年份"):
            asked()
    assert [facts._year("year", "２０２５"), organisations._year("2025", "year")] == [2025, 2025]
