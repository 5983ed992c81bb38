"""Indicators and regions over years and places, with charts and files."""

from __future__ import annotations

import io
from typing import Any

import openpyxl

from tests.web.filled import fill, make_items
from tests.web.looking import assert_accessible, assert_fits, assert_small


def test_indicator_has_targets_and_results_of_all_years(db: None, client_as: Any) -> None:
    fill()
    client = client_as("reader")
    page = client.get("/indicators/gdp").content.decode()
    assert "地区生产总值" in page
    assert "415.2亿元" in page
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/indicators/gdp/export.xlsx").streaming_content)))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert {(row[1], row[2]) for row in rows} >= {(2024, "目标"), (2025, "目标"), (2023, "结果"), (2024, "结果")}
    assert client.get("/indicators/gdp/export.svg").content.startswith(b"<svg")
    assert client.get("/indicators/nothing").status_code == 404


def test_an_indicator_that_no_catalogue_has(db: None, client_as: Any) -> None:
    from luoshi.ledger.models import Fact

    fill()
    fact = Fact.objects.filter(kind="measure", indicator_id="", role__in=("target", "result")).exclude(name="").first()
    assert fact is not None
    assert fact.name in client_as("reader").get("/indicators/-", {"name": fact.name}).content.decode()


def test_list_is_found_by_alias(db: None, client_as: Any) -> None:
    fill()
    client = client_as("reader")
    assert "地区生产总值" in client.get("/indicators?q=GDP").content.decode()
    assert "没有这个指标" in client.get("/indicators?q=龙宫").content.decode()


def test_region_shows_headlines_and_items(db: None, client_as: Any) -> None:
    from luoshi.ledger.models import Document

    ids = fill()
    make_items(ids["breakdown"])
    region = Document.objects.get(pk=ids["new"]).region_code
    page = client_as("reader").get(f"/regions/{region}").content.decode()
    assert "2025 年主要目标" in page
    assert "住房和城乡建设局" in page
    assert "一般公共预算收入" in page
    assert client_as("reader").get("/regions/zzz").status_code == 404


def test_in_a_browser(browse: Any) -> None:
    from luoshi.ledger.models import Document

    ids = fill()
    region = Document.objects.get(pk=ids["new"]).region_code
    for address in ("/indicators", "/indicators/gdp", "/regions", f"/regions/{region}"):
        page = browse("reader", address)
        assert_accessible(page)
        assert_small(page, page.url)
        assert_fits(browse("reader", address, phone=True))
