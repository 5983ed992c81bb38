"""Tables as files: csv that a spreadsheet does not run, workbooks that hold numbers as numbers."""

from __future__ import annotations

import io

import openpyxl
import pytest

from luoshi.errors import BadUsage
from luoshi.publish import grid
from luoshi.publish.grid import Head, to_csv, to_xlsx

HEADS = [Head("名称", "text"), Head("数值", "amount"), Head("年份", "year")]


def test_csv() -> None:
    rows = [["=cmd|' /C calc'!A0", 1.5, 2025], ["带,逗号\n和换行", None, None], *([f"行{at}", at, 2000] for at in range(2500))]
    text = b"".join(to_csv(HEADS, rows)).decode("utf-8")
    assert text.startswith("\ufeff名称,数值,年份\r\n'=cmd|")
    assert text.count("\r\n") == len(rows) + 1
    assert text.endswith("行2499,2499,2000\r\n")


def test_csv_without_rows_has_its_heading() -> None:
    assert b"".join(to_csv(HEADS, [])).decode("utf-8") == "\ufeff名称,数值,年份\r\n"


def test_xlsx() -> None:
    with to_xlsx("事实台账", HEADS, [["=1+1", 125_000_000_000, 2025], ["x", None, None]]) as file:
        book = openpyxl.load_workbook(io.BytesIO(file.read()))
    sheet = book["事实台账"]
    assert [cell.value for cell in sheet[2]] == ["=1+1", 125_000_000_000, 2025]
    assert sheet["A2"].data_type == "s"
    assert sheet.auto_filter.ref == "A1:C3"


def test_too_many_rows_for_a_sheet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grid, "MOST", 2)
    with pytest.raises(BadUsage, match="csv"):
        to_xlsx("x", HEADS, [["a", 1, 2]] * 3)
