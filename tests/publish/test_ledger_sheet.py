"""The workbook of the ledger: what is locked, what may be filled and how, what the hidden sheet keeps; and the answered copy of any workbook."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from luoshi.publish.answered_sheet import Written, with_cells
from luoshi.publish.ledger_sheet import FILLED, KEPT, MARK, About, Fill, Line, Who, base_heads, columns, help_lines, ledger_book
from luoshi.read.book import read_book

ABOUT = About("督办事项台账", "栖山区政府督查室 & 目标办", "2026年3月5日", "2026-03-05T02:00:00.000000Z")


def line(at: int, **fills: Fill) -> Line:
    shown = {
        "number": f"重2026-{at:06}",
        "title": f"=新建幼儿园 {at} 所",
        "lead": "发展和改革局",
        "due": "2026-06-30",
        "lights": "黄灯：临近期限",
    }
    return Line(f"i{at}", shown, "yellow", at, fills)


def made(lines: list[Line], who: Who = "unit", lang: str = "zh") -> Any:
    return openpyxl.load_workbook(BytesIO(ledger_book(lines, who, ABOUT, "zh" if lang == "zh" else "en")))


def test_the_sheets_and_what_they_keep() -> None:
    book = made(
        [line(1, value=Fill("percent", "40.0//1"), text=Fill("text", "40.0//1")), line(2, value=Fill("count", "s#", hint="目标 28 个"))]
    )
    assert book.sheetnames == ["台账", "说明", "取出时的状态"]
    sheet, hidden = book["台账"], book["取出时的状态"]
    assert sheet.freeze_panes == "D2"
    assert sheet.auto_filter.ref == "A1:T3"
    assert (sheet.print_title_rows, sheet.column_dimensions["A"].hidden, hidden.sheet_state) == ("$1:$1", True, "hidden")
    assert "&&" in sheet.oddHeader.left.text
    assert [cell.value for cell in hidden[1]][:4] == [MARK, "1", "unit", ABOUT.at]
    heads = [cell.value for cell in hidden[2]]
    assert tuple(heads) == base_heads("unit")
    row = dict(zip(heads, (cell.value for cell in hidden[3]), strict=True))
    assert (row["key"], row["acts"], row["value.state"], row["sign.state"], row["due.was"]) == ("i1", "1", "40.0//1", None, "2026-06-30")
    assert {f"{key}.was" for key in KEPT} <= set(heads)


def test_words_are_never_formulas_and_days_are_days() -> None:
    sheet = made([line(1)])["台账"]
    heads = {cell.value: cell.column for cell in sheet[1]}
    assert (sheet.cell(2, heads["事项"]).data_type, sheet.cell(2, heads["办结期限"]).is_date) == ("s", True)


def test_what_may_be_written_is_said_and_held() -> None:
    fills = {
        "sign": Fill("choice", "s", choices=("签收",)),
        "value": Fill("percent", "s"),
        "text": Fill("text", "s"),
        "extend": Fill("day", "s"),
    }
    book = made([line(at, **fills) for at in (1, 2)] + [line(3)] + [line(4, **fills)])
    rules = {str(rule.sqref): rule for rule in book["台账"].data_validations.dataValidation}
    assert {(ref, rule.type) for ref, rule in rules.items()} == {
        ("K2:K3 K5", "list"), ("L2:L3 L5", "decimal"), ("M2:M3 M5", "textLength"), ("N2:N3 N5", "date"),
    }  # fmt: skip
    sheet = book["台账"]
    assert sheet.protection.sheet
    assert [sheet.cell(at, 12).protection.locked for at in (2, 4, 5)] == [False, True, False]
    assert sheet["L2"].number_format == "0.0%"


@pytest.mark.parametrize("who", ["unit", "office"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_column_to_be_filled_is_explained(who: Who, lang: str) -> None:
    told = dict(help_lines(who, ABOUT, "zh" if lang == "zh" else "en"))
    for column in FILLED[who]:
        assert told[column.title("zh" if lang == "zh" else "en")]
    heads = [cell.value for cell in made([line(1)], who, lang).worksheets[0][1]]
    assert len(set(heads)) == len(heads) == len(columns(who))


def test_many_runs_are_split_into_rules_that_a_spreadsheet_takes() -> None:
    lines = [line(at, value=Fill("percent" if at % 2 else "count", "s")) for at in range(1, 400)]
    rules = made(lines)["台账"].data_validations.dataValidation
    assert sum(len(str(rule.sqref).split()) for rule in rules) == 399
    assert max(len(str(rule.sqref)) for rule in rules) < 1000


# --- the answered copy


def test_only_the_cells_asked_for_are_otherwise() -> None:
    data = ledger_book([line(1, text=Fill("text", "s")), line(2)], "unit", ABOUT)
    leaf = read_book(data, "a.xlsx").leaves[0]
    cells = {leaf.part: {(0, 20): Written("结果", "head"), (1, 20): Written("已采纳", "good"), (2, 1): Written("改\x00过", "")}}
    answered = with_cells(data, "a.xlsx", cells, widths={(leaf.part, 20): 40})
    then = read_book(answered, "a.xlsx").leaves[0]
    assert (then.cells[0, 20].text, then.cells[1, 20].text, then.cells[2, 1].text) == ("结果", "已采纳", "改过")
    same = {key: cell for key, cell in then.cells.items() if key not in cells[leaf.part]}
    assert same == {key: cell for key, cell in leaf.cells.items() if key != (2, 1)}
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(BytesIO(answered)) as new:
        assert old.namelist() == new.namelist()
        assert all(old.read(name) == new.read(name) for name in old.namelist() if name not in (leaf.part, "xl/styles.xml"))
    sheet = openpyxl.load_workbook(BytesIO(answered))["台账"]
    assert (sheet.column_dimensions["U"].width, sheet["U2"].fill.fgColor.rgb, sheet.protection.sheet) == (40, "FFDFF2E1", True)


def test_a_column_is_taken_out_of_those_it_was_said_with() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["甲"])
    sheet.column_dimensions.group("B", "F", hidden=True)
    file = BytesIO()
    book.save(file)
    part = read_book(file.getvalue(), "a.xlsx").leaves[0].part
    answered = with_cells(file.getvalue(), "a.xlsx", {part: {(0, 3): Written("乙", "good")}}, widths={(part, 3): 30})
    then = openpyxl.load_workbook(BytesIO(answered)).active
    assert then is not None
    assert then["D1"].value == "乙"
    assert (then.column_dimensions["B"].hidden, then.column_dimensions["D"].hidden, then.column_dimensions["E"].hidden) == (
        True,
        False,
        True,
    )
