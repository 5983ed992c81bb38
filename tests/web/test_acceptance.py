"""The whole way in a real browser: files in, facts confirmed by keyboard, tasks made items, found again, exported, the export equal to the ledger.

It runs with the documents of the demonstration, and with five real ones where those lie beside the project.
"""

from __future__ import annotations

import csv
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

DEMO = Path(__file__).parents[2] / "src" / "luoshi" / "demo" / "documents"
SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
#: folder, documents in it, tasks of its breakdown, file of the breakdown, words of one of its tasks
CASES = [
    pytest.param(DEMO, 4, 61, "breakdown", "老旧小区", id="demo"),
    pytest.param(
        SEEDS,
        8,
        94,
        "xinzhan",
        "营商环境",
        id="real",
        marks=pytest.mark.skipif(not SEEDS.is_dir(), reason="no real documents beside the project"),
    ),
]


@pytest.fixture
def reading(real_db: None) -> Iterator[None]:
    """A worker that reads what comes in, as ``luoshi serve`` has one."""
    from luoshi.intake.confined import Confined
    from luoshi.intake.queue import work_one

    stop = threading.Event()

    def work() -> None:
        from django.db import connection

        reader = Confined()
        while not stop.is_set():
            if not work_one(reader):
                stop.wait(0.2)
        reader.stop()
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    yield
    stop.set()
    thread.join()


@pytest.mark.slow
@pytest.mark.parametrize(("folder", "documents", "tasks", "name", "words"), CASES)
def test_the_whole_way(reading: None, browse: Any, tmp_path: Path, folder: Path, documents: int, tasks: int, name: str, words: str) -> None:
    from luoshi.ledger.models import Document, Fact, File, Item

    page = browse("supervisor", "/intake")
    page.set_default_timeout(120_000)
    files = sorted(folder.glob("*.txt"))
    page.set_input_files("#files", [str(file) for file in files])
    page.locator('#live:has-text("全部读完")').wait_for()
    assert {file.state for file in File.objects.all()} == {"read"}
    assert Document.objects.count() == documents

    breakdown = Document.objects.get(file=File.objects.get(name__contains=name).id)
    report = Document.objects.filter(kind="report").order_by("-measures").first()
    assert report is not None
    _confirm(page, report.id, 12)
    assert Fact.objects.filter(document=report.id, state="accepted").count() == 12

    if not breakdown.region_code:
        page.goto(page.url.partition("/documents")[0] + f"/documents/{breakdown.id}")
    page.goto(page.url.partition("/documents")[0] + f"/documents/{breakdown.id}/items")
    if page.locator("#accept-all").is_visible():
        page.locator("#accept-all").click()
    page.locator("#choose-certain").click()
    page.locator("#make").click()
    page.locator("#last").wait_for()
    assert Item.objects.filter(document=breakdown.id, state="open").count() == tasks

    base = page.url.partition("/documents")[0]
    page.goto(f"{base}/search?q={words}&kind=item")
    assert page.locator(".hits li").count() > 0
    assert words in page.locator(".hits mark").first.inner_text()

    page.goto(f"{base}/items?columns=id,number,title,lead,support,due")
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    saved = tmp_path / "items.csv"
    download.value.save_as(saved)
    with saved.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    held = {item.id: [item.number, item.title, item.lead, item.support, item.due] for item in Item.objects.exclude(state="dropped")}
    assert {row[0]: [cell.removeprefix("'") for cell in row[1:]] for row in rows} == held
    assert len(rows) == len(held)


def _confirm(page: Any, document: str, count: int) -> None:
    """Accepts facts one after the other, by the keyboard alone."""
    base = page.url.partition("/intake")[0]
    page.goto(f"{base}/documents/{document}/room?kind=measure")
    page.keyboard.press("n")
    for at in range(count):
        with page.expect_response(lambda answer: answer.request.method == "POST") as said:
            page.keyboard.press("a")
        assert said.value.ok, at
