"""Workbooks as they are: every sheet with its cells, what is a formula, what is shown as a date or a percentage. For what a person filled in.

``read/sheet.py`` reads a spreadsheet for its text; here the places matter, hidden sheets too, and a value is kept apart from how it looks.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from io import BytesIO
from typing import Any, Final

import msgspec

from luoshi.errors import UnreadableFile
from luoshi.read.package import Package
from luoshi.read.sheet import Format, column_of, formats_of, let_go, plain, shared_strings, sheets_of, value_of, words_of

_S: Final = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
#: a file, and all that it unpacks to; the ledger of a whole city is far below
MOST_BYTES: Final = 20 * 1024 * 1024
_MOST_UNPACKED: Final = 96 * 1024 * 1024
MOST_CELLS: Final = 600_000
_MOST_SHEETS: Final = 50
_MOST_ROWS: Final = 1_048_576
_MOST_COLUMNS: Final = 16_384
_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?([1-9]\d{0,6})(?::\$?([A-Z]{1,3})\$?([1-9]\d{0,6}))?")
_EPOCHS: Final = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
#: the last day that a spreadsheet knows, 9999-12-31
_LAST_SERIAL: Final = 2_958_465


class Cell(msgspec.Struct, frozen=True):
    """A cell: the words that it shows, its number where it holds one, and how that is shown. ``formula``: the value was worked out."""

    text: str
    number: Decimal | None = None
    shown: str = ""
    formula: bool = False


class Leaf(msgspec.Struct, frozen=True):
    """A sheet: cells by (row, column) from 0, those only that hold something; joined cells as (row, column, last row, last column)."""

    name: str
    part: str
    hidden: bool
    cells: Mapping[tuple[int, int], Cell]
    joined: tuple[tuple[int, int, int, int], ...] = ()


class Book(msgspec.Struct, frozen=True):
    """A workbook. ``links``: it names other files (they are not opened); ``old``: its days are counted from 1904."""

    leaves: tuple[Leaf, ...]
    links: bool = False
    old: bool = False

    def day(self, serial: Decimal) -> date | None:
        """The day of a serial number; None where it is none."""
        if not serial.is_finite() or not 0 < serial < _LAST_SERIAL:
            return None
        return _EPOCHS[self.old] + timedelta(days=int(serial))


def read_book(data: bytes, name: str) -> Book:
    """The sheets of a workbook, hidden ones too.

    Raises ``UnreadableFile``: no workbook, damaged, with a password, with macros, larger than a ledger can be.
    """
    _refuse_strange(data, name)
    package = Package(data, name)
    if any(part.lower().endswith("vbaproject.bin") for part in package.names()):
        raise UnreadableFile("工作簿里有宏，不接收", where=name, slug="sheet-macros", remedy="请另存为不带宏的 .xlsx 再传")
    strings, formats, left = list(shared_strings(package)), formats_of(package), MOST_CELLS
    leaves = list[Leaf]()
    for title, part, hidden in sheets_of(package)[:_MOST_SHEETS]:
        if part in package:
            leaf = _leaf(package, title, part, hidden, strings, formats, left)
            left -= len(leaf.cells)
            leaves.append(leaf)
    links = any(part.startswith("xl/externalLinks/") for part in package.names())
    return Book(tuple(leaves), links, _is_old(package))


def _refuse_strange(data: bytes, name: str) -> None:
    """Raises where the file is too large, packed or not, or no zip package at all."""
    if len(data) > MOST_BYTES:
        raise UnreadableFile(
            f"文件超过 {MOST_BYTES // 1048576} MB", where=name, slug="too-large", remedy="请删去图片等无关内容，或分几份取出、填报"
        )
    try:
        with zipfile.ZipFile(BytesIO(data)) as found:
            whole = sum(info.file_size for info in found.infolist())
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise UnreadableFile(
            "不是 Excel 工作簿（.xlsx）", where=name, slug="no-workbook", remedy="请用 Excel 或 WPS 打开后另存为 .xlsx 再传"
        ) from error
    if whole > _MOST_UNPACKED:
        raise UnreadableFile("压缩包解开后大得不合理，拒绝解压", where=name, slug="zip-bomb", remedy="请重新取出台账，在取出的文件里填写")


def _is_old(package: Package) -> bool:
    root = package.xml("xl/workbook.xml")
    found = root.find(f"{_S}workbookPr") if root is not None else None
    return found is not None and found.get("date1904") in {"1", "true"}


def _leaf(package: Package, title: str, part: str, hidden: bool, strings: Sequence[str], formats: Sequence[Format], left: int) -> Leaf:
    cells: dict[tuple[int, int], Cell] = {}
    joined, row = list[tuple[int, int, int, int]](), -1
    for event, element in package.events(part, (_S + "row", _S + "mergeCell")):
        if event == "start":
            continue
        if element.tag == _S + "mergeCell":
            if (found := range_of(element.get("ref", ""))) and len(joined) < MOST_CELLS:
                joined.append(found)
            continue
        row = row_of(element, row + 1)
        _add_row(cells, element, row, strings, formats)
        let_go(element)
        if len(cells) > left:
            raise UnreadableFile(f"工作表超过 {MOST_CELLS:,} 格", where=package.name, slug="too-large", remedy="请分几份取出、填报")
    return Leaf(title, part, hidden, cells, tuple(joined))


def row_of(element: Any, following: int) -> int:
    """The number of a row's element, from 0; ``following`` where it names none."""
    number = element.get("r", "")
    return int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number[:8]) <= _MOST_ROWS else following


def _add_row(cells: dict[tuple[int, int], Cell], element: Any, row: int, strings: Sequence[str], formats: Sequence[Format]) -> None:
    column = -1
    for one in element.iterchildren(_S + "c"):
        column = column_of(one.get("r", ""), column + 1)
        cell = _cell(one, strings, formats)
        if column < _MOST_COLUMNS and (cell.text or cell.formula):
            cells[row, column] = cell


def _cell(element: Any, strings: Sequence[str], formats: Sequence[Format]) -> Cell:
    formula = element.find(_S + "f") is not None
    if element.get("t", "n") == "inlineStr":
        return Cell(plain(words_of(element)), formula=formula)
    text = value_of(element, strings, formats)
    if element.get("t", "n") != "n":
        # an error of a formula is no value
        return Cell("" if element.get("t") == "e" else text, formula=formula)
    found = element.find(_S + "v")
    try:
        number = Decimal((found.text or "").strip()) if found is not None else None
    except InvalidOperation:
        number = None
    if number is not None and not number.is_finite():
        number = None
    style = element.get("s", "0")
    form = formats[int(style)] if style.isascii() and style.isdigit() and len(style) < 6 and int(style) < len(formats) else Format()
    shown = "day" if form.date else "percent" if form.percent is not None else ""
    return Cell(text, number, shown if number is not None else "", formula)


def range_of(reference: str) -> tuple[int, int, int, int] | None:
    """(row, column, last row, last column) of a reference like ``B2:D5``, from 0; None where it is none.

    >>> range_of("B2:D5"), range_of("C7")
    ((1, 1, 4, 3), (6, 2, 6, 2))
    """
    found = _RANGE.fullmatch(reference)
    if found is None:
        return None
    column, row = column_of(f"{found[1]}1", 0), int(found[2]) - 1
    if not found[3]:
        return row, column, row, column
    return row, column, max(row, int(found[4]) - 1), max(column, column_of(f"{found[3]}1", 0))
