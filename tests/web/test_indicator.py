"""Indicators and regions over years and places, with charts and files."""

from __future__ import annotations

import io
import re
from typing import Any

import openpyxl

from luoshi.ledger import following
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from tests.web.filled import clerk, fill, make_items
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


def test_of_very_many_the_newest_are_shown_and_it_is_said(db: None, client_as: Any, monkeypatch: Any) -> None:
    fill()
    total = _count(client_as)
    monkeypatch.setattr(following, "MOST", total - 2)
    client = client_as("reader")
    words = f"共 {total} 条，只列出年份最近的 {total - 2} 条"
    assert words in client.get("/indicators/gdp").content.decode()
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/indicators/gdp/export.xlsx").streaming_content)))
    *rows, last = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert last[0] == words
    assert (len(rows), {row[1] for row in rows}) == (total - 2, {2024, 2025})
    monkeypatch.setattr(following, "MOST", total)
    assert "只列出" not in client.get("/indicators/gdp").content.decode()


def _count(client_as: Any) -> int:
    """How many facts of the gross product the list of indicators counts."""
    page = client_as("reader").get("/indicators?q=地区生产总值").content.decode()
    row = page.split('href="/indicators/gdp"')[1].split("</tr>")[0]
    return int(re.findall(r">([\d,]+)<", row)[-1])


def test_the_list_counts_what_the_page_shows(db: None, client_as: Any) -> None:
    from luoshi.desk import documents, facts
    from luoshi.ledger.models import Fact

    ids = fill()

    def shown() -> int:
        return len(following.follow("gdp", Scope.whole(), tree())[0])

    before = shown()
    assert _count(client_as) == before
    fact = Fact.objects.filter(document=ids["new"], indicator_id="gdp", role="target").first()
    assert fact is not None
    facts.reject(clerk(), [fact.id], Scope.whole())
    assert _count(client_as) == shown() == before - 1
    documents.withdraw(clerk(), ids["old"], Scope.whole(), why="收错了")
    assert _count(client_as) == shown() < before - 1


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
