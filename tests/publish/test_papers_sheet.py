"""Three thousand items as a workbook: written and read back without a changed cell, by our own reader and by another."""

from __future__ import annotations

import io
from datetime import date, timedelta
from typing import Any

import openpyxl

from luoshi.publish.ledger_sheet import About, Fill, Line, columns, ledger_book
from luoshi.publish.papers import book, kind_of
from luoshi.read.book import read_book

MANY = 3_000
ABOUT = About("督办事项台账", "栖山区政府督查室", "2026年3月5日", "2026-03-05T02:00:00.000000Z")


def tasks() -> list[dict[str, Any]]:
    """Rows with words that spreadsheets like to take for something else."""
    odd = ("=1+1", "0012", "1-2", "3月5日", "1e5", "@区住建局", "新建 3 个\n分两期", " 前后有空白 ", "100%", "-")
    return [
        {
            "n": n, "number": f"{n:04}", "section": f"第{n % 7}部分", "title": f"{odd[n % len(odd)]}任务{n}", "leader": "分管城建的副区长",
            "lead": f"单位{n % 41}", "support": "、".join(f"单位{(n + m) % 41}" for m in range(n % 4)), "due": "" if n % 5 == 0 else f"2026年{n % 12 + 1}月",
            "quote": odd[(n * 3) % len(odd)],
        } for n in range(1, MANY + 1)
    ]  # fmt: skip


def test_a_breakdown_of_three_thousand_comes_back_unchanged() -> None:
    rows = tasks()
    dated = sum(bool(row["due"]) for row in rows)
    values = {"day": "2026年3月5日", "document": "报告", "total": MANY, "with_due": dated, "open_due": MANY - dated, "tasks": rows}
    sheet = openpyxl.load_workbook(io.BytesIO(book("breakdown", values)), read_only=True)["任务"]
    keys = [field.key for field in next(field for field in kind_of("breakdown").fields if field.of).of]
    read = [dict(zip(keys, line, strict=True)) for line in sheet.iter_rows(min_row=3, values_only=True)]
    assert [{key: value or "" for key, value in row.items()} for row in read] == rows


def test_a_ledger_of_three_thousand_comes_back_unchanged() -> None:
    lines = [
        Line(
            f"i{n}",
            {"number": f"重2026-{n:06}", "title": f"=新建幼儿园 {n} 所", "lead": f"单位{n % 41}", "due": "2026-06-30", "said": f"第{n}次报送\n已开工"},
            "yellow", n, {"value": Fill("percent", "40.0//1"), "text": Fill("text", "40.0//1", value=f"草稿{n}")},
        ) for n in range(1, MANY + 1)
    ]  # fmt: skip
    data = ledger_book(lines, "unit", ABOUT)
    cells = read_book(data, "台账.xlsx").leaves[0].cells
    shown = columns("unit")
    for row, line in ((n, lines[n - 1]) for n in range(1, MANY + 1)):
        for at, column in enumerate(shown):
            cell = cells.get((row, at))
            found = "" if cell is None else cell.text
            if cell is not None and cell.number is not None and column.shown == "day":
                found = (date(1899, 12, 30) + timedelta(days=int(cell.number))).isoformat()
            wanted = (
                line.item
                if column.key == "key"
                else line.fills[column.key].value
                if column.key in line.fills
                else line.shown.get(column.key, "")
            )
            assert found == wanted, (row, column.key, found, wanted)
