"""Spreadsheets: rows as lines, joined cells, values as they are shown."""

from __future__ import annotations

import pytest

from luoshi.errors import UnreadableFile
from luoshi.read import read_bytes
from luoshi.read.grid import GridCell, column_role, find_header
from tests.read.making import SHEET, xlsx, zip_of

STYLES = (
    f'<styleSheet {SHEET}><numFmts><numFmt numFmtId="164" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/></numFmts><cellXfs>'
    '<xf numFmtId="0"/><xf numFmtId="10"/><xf numFmtId="14"/><xf numFmtId="164"/></cellXfs></styleSheet>'
)


def test_xlsx() -> None:
    rows = [
        ["重点任务分工表"],
        ["序号", "工作任务", "责任单位", None, "完成时限"],
        [None, None, "牵头单位", "配合单位"],
        [1, "税收增长", "区税务局", "各镇", 45473],
        [2, "失业率", "区人社局\n区统计局", None, 0.055],
    ]
    data = xlsx(rows, merges=["A1:E1", "A2:A3", "B2:B3", "C2:D2", "E2:E3"], name="分工", styles=STYLES, styled={(3, 4): 2, (4, 4): 1})
    text = read_bytes(data, "x.xlsx")
    (table,) = text.tables
    assert table.header == ("number", "task", "lead", "support", "deadline")
    assert table.header_rows == 3
    assert text.source.split("\n") == [
        "分工",
        "重点任务分工表",
        "序号\t工作任务\t责任单位\t\t完成时限",
        "\t\t牵头单位\t配合单位",
        "1\t税收增长\t区税务局\t各镇\t2024-06-30",
        "2\t失业率\t区人社局",
        "区统计局\t\t5.50%",
        "",
    ]
    title = table.cells[0]
    assert (title.rows, title.columns) == (1, 5)
    assert text.place(text.source.index("各镇")) == "工作表“分工” 第4行 第4列"
    assert text.marks[0].kind == "metadata"


@pytest.mark.parametrize(
    ("value", "shown"),
    [(12, "12"), (0.1, "0.1"), (0.30000000000000004, "0.3"), (120000000, "120000000"), (1e-7, "0.0000001"), (3.50, "3.5")],
)
def test_numbers_as_shown(value: float, shown: str) -> None:
    assert read_bytes(xlsx([["甲", value]]), "x.xlsx").source == f"甲\t{shown}\n"


@pytest.mark.parametrize(("encoding", "mark"), [("utf-8", ","), ("utf-8-sig", "\t"), ("gb18030", ","), ("utf-16", ";")])
def test_csv(encoding: str, mark: str) -> None:
    rows = ["序号", "任务", "牵头单位"], ["1", '"建成公园，共3处"', "区城管局"], ["2", '"修路\n架桥"', "区交通局"]
    text = read_bytes("\n".join(mark.join(row) for row in rows).encode(encoding), "x.csv")
    assert text.source == "序号\t任务\t牵头单位\n1\t建成公园，共3处\t区城管局\n2\t修路\n架桥\t区交通局\n"
    assert text.tables[0].header == ("number", "task", "lead")


def test_a_small_csv_leaves_others_their_room() -> None:
    import csv

    before = csv.field_size_limit()
    read_bytes("序号,任务\n1,新建幼儿园\n".encode(), "小.csv")
    assert csv.field_size_limit() >= before


def test_csv_of_one_column_is_text() -> None:
    assert read_bytes("各位代表\n现在报告工作\n".encode(), "x.csv").tables == ()


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("序号", "number"),
        ("牵头责任单位", "lead"),
        ("配合单位", "support"),
        ("责任单位", "unit"),
        ("分管区领导", "leader"),
        ("完成时限", "deadline"),
        ("工作措施", "measure"),
        ("具体内容", "content"),
        ("重点工作任务", "task"),
        ("备 注", "note"),
        ("办理单位", "lead"),
        ("天气", ""),
        ("", ""),
    ],
)
def test_roles(words: str, role: str) -> None:
    assert column_role(words) == role


def test_no_header_where_words_do_not_tell() -> None:
    assert find_header([GridCell(0, 0, "甲"), GridCell(0, 1, "乙"), GridCell(1, 0, "1"), GridCell(1, 1, "2")]) == ((), 0)


def test_sheet_without_workbook() -> None:

    with pytest.raises(UnreadableFile) as raised:
        read_bytes(zip_of({"xl/worksheets/sheet1.xml": "<x/>"}), "x.xlsx")
    assert raised.value.slug == "xlsx-no-workbook"
