"""The tables of facts and items: filters, order, columns, files equal to the ledger, saved views, acts on many."""

from __future__ import annotations

import csv
import io
from typing import Any

import openpyxl
import pytest

from tests.web.filled import fill, make_items
from tests.web.looking import assert_accessible, assert_fits, assert_small


@pytest.fixture
def filled(db: None) -> dict[str, str]:
    return fill()


def cells(response: Any) -> list[list[str]]:
    """The rows of a csv as it was sent."""
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_filters_and_order(filled: dict[str, str], client_as: Any) -> None:
    client = client_as("supervisor")
    rows = cells(client.get("/ledger/export.csv?kind=measure&role=target&sort=-value&columns=name,value,year"))
    assert rows[0] == ["名称", "数值", "年份"]
    values = [float(row[1]) for row in rows[1:] if row[1]]
    assert values == sorted(values, reverse=True)
    assert len(values) > 4
    only = cells(client.get("/ledger/export.csv?q=公园&kind=measure&columns=name,clause"))
    assert len(only) > 1
    assert all("公园" in row[0] + row[1] for row in only[1:])
    years = cells(client.get("/ledger/export.csv?year=2025&columns=year"))
    assert {row[0] for row in years[1:]} == {"2025"}


def test_region_and_indicator_by_name(filled: dict[str, str], client_as: Any) -> None:
    client = client_as("supervisor")
    names = {row[0] for row in cells(client.get("/ledger/export.csv?indicator=GDP&columns=name"))[1:]}
    assert names == {"地区生产总值"}
    assert len(cells(client.get("/ledger/export.csv?region=340000&columns=id"))) > 10
    assert len(cells(client.get("/ledger/export.csv?region=110000&columns=id"))) == 1
    assert '<option value="340828"' in client.get("/ledger").content.decode()


def test_times_in_files_are_those_of_the_page(filled: dict[str, str], client_as: Any) -> None:
    """Moments in the office's time, days as days; in a workbook both are real dates."""
    from luoshi.desk import items
    from luoshi.ledger.models import Item
    from tests.desk.making import ONE
    from tests.desk.tasks import ALL

    make_items(filled["breakdown"])
    first, second, *_ = Item.objects.order_by("ordinal")
    items.correct(ONE, first.id, {"due": "2025-12-31"}, ALL)
    items.correct(ONE, second.id, {"due": "2025-12"}, ALL)
    Item.objects.update(created_at="2026-11-22T17:16:14.328999Z")
    client = client_as("supervisor")
    rows = cells(client.get("/items/export.csv?columns=due,created_at"))[1:]
    assert [row[0] for row in rows[:2]] == ["2025-12-31", "2025-12"]
    assert {row[1] for row in rows} == {"2026-11-23 01:16:14"}
    assert "2026年11月23日 01:16" in client.get("/items?columns=due,created_at").content.decode()
    response = client.get("/items/export.xlsx?columns=due,created_at")
    book = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content)))
    response.close()
    (due, created), (month, _), *_ = list(book.active.iter_rows(min_row=2, values_only=True))
    assert (due.isoformat(), month) == ("2025-12-31T00:00:00", "2025-12")
    assert created.isoformat(timespec="seconds") == "2026-11-23T01:16:14"


def test_files_are_the_ledger(filled: dict[str, str], client_as: Any) -> None:
    """What is exported is what the tables hold: every row that is seen, no other, with its values."""
    from luoshi.ledger.models import Fact

    client = client_as("supervisor")
    rows = cells(client.get("/ledger/export.csv?columns=id,value,text,state"))
    held = {fact.id: fact for fact in Fact.objects.all()}
    assert [row[0] for row in rows[1:]] == list(Fact.objects.order_by("ordinal").values_list("id", flat=True))
    for key, value, text, _ in rows[1:]:
        assert text.removeprefix("'") == held[key].text
        assert (float(value) if value else None) == held[key].value
    book = openpyxl.load_workbook(io.BytesIO(b"".join(client.get("/ledger/export.xlsx?columns=id,value,text").streaming_content)))
    sheet = book.worksheets[0]
    assert [cell.value for cell in sheet["A"]][1:] == [row[0] for row in rows[1:]]
    assert sheet.freeze_panes == "A2"


def test_an_export_changes_nothing(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Entry

    before = Entry.objects.count()
    client_as("reader").get("/ledger/export.csv?kind=term")
    assert Entry.objects.count() == before


@pytest.mark.parametrize("address", ["/ledger?sort=clause", "/ledger?columns=password", "/ledger?year=abc"])
def test_what_cannot_be_shown_is_said(filled: dict[str, str], client_as: Any, address: str) -> None:
    response = client_as("reader").get(address)
    assert response.status_code == 400
    assert "［wrong-value］" in response.content.decode() or "wrong-value" in response.content.decode()


def test_bulk_and_undo(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Entry, Fact

    client = client_as("supervisor")
    before = Entry.objects.count()
    client.post("/ledger/bulk/accept", {"all": "1", "query": f"document={filled['new']}&kind=measure", "next": "/ledger"})
    facts = Fact.objects.filter(document=filled["new"], kind="measure")
    assert set(facts.values_list("state", flat=True)) == {"accepted"}
    assert not Fact.objects.filter(document=filled["old"], state="accepted").exists()
    after = Entry.objects.count()
    client.post(f"/undo/{before + 1}-{after}", {"next": "/ledger"})
    assert set(facts.values_list("state", flat=True)) == {"open"}


def test_who_only_reads_cannot_check(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Fact

    fact = Fact.objects.first()
    assert fact is not None
    assert client_as("reader").post("/ledger/bulk/accept", {"id": fact.id}).status_code == 403
    fact.refresh_from_db()
    assert fact.state == "open"


def test_saved_views(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import SavedView

    mine, theirs = client_as("supervisor"), client_as("reader")
    response = mine.post("/ledger/views", {"table": "facts", "query": "kind=measure&role=target&columns=name,value", "name": "今年目标"})
    assert response.headers["Location"] == "/ledger?kind=measure&role=target&columns=name%2Cvalue"
    view = SavedView.objects.get(name="今年目标")
    assert mine.get(f"/ledger/views/{view.id}").headers["Location"] == response.headers["Location"]
    assert theirs.get(f"/ledger/views/{view.id}").status_code == 404
    mine.post(f"/ledger/views/{view.id}/share", {"shared": "1"})
    assert theirs.get(f"/ledger/views/{view.id}").status_code == 302
    assert "今年目标" in theirs.get("/ledger").content.decode()
    assert theirs.post(f"/ledger/views/{view.id}/remove").status_code == 409
    mine.post(f"/ledger/views/{view.id}/remove")
    assert theirs.get(f"/ledger/views/{view.id}").status_code == 404


def test_items_by_unit_and_dropping(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Duty, Item, Organisation

    make_items(filled["breakdown"])
    finance = Organisation.objects.get(name="财政局")
    client = client_as("supervisor")
    rows = cells(client.get(f"/items/export.csv?organisation={finance.id}&columns=number,title,lead"))
    assert [row[0] for row in rows[1:]] == ["1", "2"]
    assert Duty.objects.filter(organisation=finance.id).count() == 2
    item = Item.objects.order_by("ordinal").first()
    assert item is not None
    client.post("/items/drop", {"id": item.id, "next": "/items"})
    assert len(cells(client.get("/items/export.csv?columns=number"))) == 1 + 2
    assert len(cells(client.get("/items/export.csv?columns=number&state=dropped"))) == 1 + 1
    assert len(cells(client.get("/items/export.csv", {"columns": "number", "state": "dropped", "q": item.title[:6]}))) == 1 + 1
    assert len(cells(client.get("/items/export.csv", {"columns": "number", "q": item.title[:6]}))) == 1


def test_a_liaison_sees_the_items_of_the_own_unit(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Organisation

    make_items(filled["breakdown"])
    roads = Organisation.objects.get(name="交通运输局")
    client = client_as("liaison", unit=roads.id, region=roads.region_code)
    assert [row[0] for row in cells(client.get("/items/export.csv?columns=number"))[1:]] == ["3"]


def test_superseded_versions_stay_out(filled: dict[str, str], client_as: Any) -> None:
    from luoshi.ledger.models import Document
    from tests.ledger.making import enter, report

    enter(report(parks=5), "2025-corrected.txt")
    newest = Document.objects.get(previous=filled["new"])
    assert newest.version == 2
    client = client_as("reader")
    documents = {row[0] for row in cells(client.get("/ledger/export.csv?q=公园&kind=measure&year=2025&columns=clause"))[1:]}
    assert any("公园5个" in words for words in documents)
    assert not any("公园3个" in words and "改造" not in words.partition("新建")[0] and "任务" in words for words in documents)
    assert len(cells(client.get(f"/ledger/export.csv?document={filled['new']}&columns=id"))) > 1


def test_in_a_browser(browse: Any) -> None:
    ids = fill()
    page = browse("supervisor", "/ledger?kind=measure")
    assert_accessible(page)
    assert_small(page, page.url)
    page.locator("[data-row]").first.check()
    assert page.locator("[data-count]").inner_text() == "已选 1 项"
    page.get_by_role("button", name="采纳").click()
    page.wait_for_url("**/ledger?kind=measure")
    assert page.locator(".chip.accepted").count() == 1
    page.get_by_role("button", name="撤销").click()
    page.wait_for_load_state()
    assert page.locator("td .chip.accepted").count() == 0
    page.get_by_role("button", name="选择列").click()
    page.locator("#columns").get_by_label("规则").check()
    page.locator("#columns").get_by_role("button", name="确定").click()
    page.wait_for_load_state()
    assert page.get_by_role("columnheader", name="规则").count() == 1
    phone = browse("supervisor", "/ledger", phone=True)
    assert_fits(phone)
    assert_accessible(phone)
    assert ids["new"]
