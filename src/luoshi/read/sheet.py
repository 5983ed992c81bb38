"""Spreadsheets: xlsx and csv as tables, one line a row, cells parted by tabs.

The parts of an xlsx are read as a stream and with the same bounds as a docx; only what a task table needs is read: values as
they are shown (dates and percentages too), joined cells, the names of the sheets.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec

from luoshi.errors import UnreadableFile
from luoshi.read.decode import decode
from luoshi.read.grid import GridCell
from luoshi.read.package import Package
from luoshi.read.plain import read_plain
from luoshi.read.source import MAX_CELLS, MAX_COLUMNS, Source
from luoshi.read.text import Loss, Text

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})")
_DATE_IDS = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_PERCENT_IDS = {9: 0, 10: 2}
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_EPOCH = date(1899, 12, 30)
_MOST_STRINGS = 2_000_000
_MOST_SHEETS = 200
_DELIMITERS = ",\t;|，"


class Format(msgspec.Struct, frozen=True):
    """How a number is shown: as a date (by which parts of it), or as a percentage with so many places."""

    date: str = ""
    percent: int | None = None


def read_xlsx(data: bytes, name: str) -> Text:
    """The text of a spreadsheet, not yet cleaned: a table for each sheet."""
    package = Package(data, name)
    source = Source(name, "xlsx")
    strings = list(shared_strings(package))
    formats = formats_of(package)
    for title, part, hidden in sheets_of(package)[:_MOST_SHEETS]:
        place = f"工作表“{title}”"
        if hidden:
            source.lose(place, "隐藏的工作表未读")
            continue
        if part not in package:
            source.lose(place, "文件里没有这张工作表的内容")
            continue
        _add_sheet(source, title, place, _cells(package, part, strings, formats))
    return source.finish()


def _add_sheet(source: Source, title: str, place: str, cells: Sequence[GridCell]) -> None:
    if not re.fullmatch(r"(?i)(?:sheet|工作表)\s*\d*", title) and cells:
        source.line(title, place, "metadata")
    if len({cell.column for cell in cells}) < 2:
        for cell in cells:
            source.line(cell.text, f"{place} 第{cell.row + 1}行")
        return
    source.table(cells, place)


def sheets_of(package: Package) -> list[tuple[str, str, bool]]:
    """Name, part and whether it is hidden, of each sheet in order."""
    root, links = package.xml("xl/workbook.xml"), package.xml("xl/_rels/workbook.xml.rels")
    if root is None:
        raise UnreadableFile(
            "没有工作簿部件 xl/workbook.xml，不是完整的 Excel 文件",
            where=package.name,
            slug="xlsx-no-workbook",
            remedy="请用 Excel 或 WPS 打开后另存为 xlsx 再读",
        )
    targets = {link.get("Id"): link.get("Target", "") for link in links} if links is not None else {}
    sheets = []
    for number, sheet in enumerate(root.iter(_S + "sheet"), 1):
        target = targets.get(sheet.get(_R), f"worksheets/sheet{number}.xml")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        sheets.append((sheet.get("name", f"Sheet{number}"), part, sheet.get("state", "visible") != "visible"))
    return sheets


def shared_strings(package: Package) -> Iterator[str]:
    """The shared strings, in order; readings (phonetic guides) left out."""
    part = "xl/sharedStrings.xml"
    if part not in package:
        return
    count = 0
    for event, element in package.events(part, (_S + "si",)):
        if event == "end" and count < _MOST_STRINGS:
            count += 1
            yield words_of(element)
            let_go(element)


def words_of(element: Any) -> str:
    """The words of a string with its runs."""
    return "".join(text.text or "" for text in element.iter(_S + "t") if text.getparent().tag != _S + "rPh")


def let_go(element: Any) -> None:
    """Nothing; the element that was read, and those before it, take no more room."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _cells(package: Package, part: str, strings: Sequence[str], formats: Sequence[Format]) -> list[GridCell]:
    """The cells of a sheet that hold something, joined ones with what they cover."""
    cells: dict[tuple[int, int], GridCell] = {}
    merges: list[str] = []
    row = -1
    for event, element in package.events(part, (_S + "row", _S + "mergeCell")):
        if element.tag == _S + "mergeCell":
            if event == "end":
                merges.append(element.get("ref", ""))
            continue
        if event == "start":
            continue
        number = element.get("r", "")
        row = int(number) - 1 if number.isascii() and number.isdigit() and 0 < int(number[:8]) <= 1_048_576 else row + 1
        column = -1
        for cell in element.iterchildren(_S + "c"):
            column = column_of(cell.get("r", ""), column + 1)
            text = value_of(cell, strings, formats)
            if text and column < MAX_COLUMNS and len(cells) <= MAX_CELLS:
                cells[row, column] = GridCell(row, column, text)
        let_go(element)
        if len(cells) > MAX_CELLS:
            break
    for reference in merges[:MAX_CELLS]:
        _merge(cells, reference)
    return [cells[key] for key in sorted(cells)]


def column_of(reference: str, following: int) -> int:
    """The number of the column of a reference like ``AB12``, from 0; ``following`` where it is none."""
    found = _REFERENCE.fullmatch(reference)
    if not found:
        return following
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _merge(cells: dict[tuple[int, int], GridCell], reference: str) -> None:
    first, _, last = reference.partition(":")
    a, b = _REFERENCE.fullmatch(first), _REFERENCE.fullmatch(last)
    if not a or not b:
        return
    row, column = int(a[2]) - 1, column_of(first, 0)
    cell = cells.get((row, column))
    if cell is not None:
        rows, columns = int(b[2]) - row, column_of(last, 0) - column + 1
        cells[row, column] = msgspec.structs.replace(cell, rows=max(1, min(rows, MAX_CELLS)), columns=max(1, min(columns, MAX_COLUMNS)))


def value_of(cell: Any, strings: Sequence[str], formats: Sequence[Format]) -> str:
    """What a cell shows."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return plain(words_of(cell))
    found = cell.find(_S + "v")
    text = (found.text or "").strip() if found is not None else ""
    if kind == "s":
        return plain(strings[int(text)]) if text.isascii() and text.isdigit() and int(text[:9]) < len(strings) else ""
    if kind == "b":
        return "是" if text == "1" else "否"
    if kind in ("str", "e", "d"):
        return plain(text)
    style = cell.get("s", "0")
    at = int(style) if style.isascii() and style.isdigit() and len(style) < 6 else 0
    return _number(text, formats[at] if at < len(formats) else Format())


def plain(text: str) -> str:
    """The words of a cell with lines parted by one mark and no tabs."""
    return text.replace("_x000D_", "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").strip()


def _number(text: str, form: Format) -> str:
    """A number as it is shown: dates as dates, 0.085 with two places as 8.50%, no tail of binary arithmetic."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        return text
    if not value.is_finite() or abs(value.adjusted()) > 20:
        return text
    if form.date and 0 < value < 2_958_466:
        day = _EPOCH + timedelta(days=int(value))
        return "-".join(
            part for part, letter in ((f"{day.year}", "y"), (f"{day.month:02d}", "m"), (f"{day.day:02d}", "d")) if letter in form.date
        )
    if form.percent is not None:
        return f"{value * 100:.{form.percent}f}%"
    value = value.normalize() if len(text) < 15 else round(value, 10).normalize()
    return f"{value:f}"


def formats_of(package: Package) -> list[Format]:
    """The number format of each cell style."""
    root = package.xml("xl/styles.xml")
    if root is None:
        return []
    codes = {item.get("numFmtId", ""): item.get("formatCode", "") for item in root.iter(_S + "numFmt")}
    table = root.find(_S + "cellXfs")
    return [_format(item.get("numFmtId", "0"), codes) for item in table] if table is not None else []


def _format(number: str, codes: dict[str, str]) -> Format:
    identity = int(number) if number.isascii() and number.isdigit() and len(number) < 6 else 0
    code = codes.get(number, "")
    bare = _QUOTED.sub("", code.split(";")[0].lower())
    if not code:
        if identity in _DATE_IDS:
            return Format(date="ym" if identity in (17, 27, 57) else "ymd")
        return Format(percent=_PERCENT_IDS.get(identity))
    if "%" in bare:
        return Format(percent=len(re.findall("[0#]", bare.partition(".")[2])))
    if re.search("[yd]", bare) or ("m" in bare and "月" in code):
        return Format(date="".join(letter for letter in "ymd" if letter in bare))
    return Format()


def read_csv(data: bytes, name: str) -> Text:
    """The text of a csv file, not yet cleaned; one with a single column is read as plain text."""
    decoded = decode(data, name)
    delimiter = _delimiter(decoded.text)
    if not delimiter:
        return read_plain(data, name)
    source = Source(name, "csv")
    # the limit is that of the whole process: it is never made smaller for who reads beside
    csv.field_size_limit(max(csv.field_size_limit(), len(data) + 1))
    cells = []
    try:
        for row, fields in enumerate(csv.reader(decoded.text.splitlines(keepends=True), delimiter=delimiter)):
            cells += [GridCell(row, column, plain(field)) for column, field in enumerate(fields[:MAX_COLUMNS]) if field.strip()]
            if len(cells) > MAX_CELLS:
                break
    except csv.Error as error:
        raise UnreadableFile("文件已损坏，表格结构有误", where=name, slug="damaged", remedy="请用 Excel 打开后另存为 xlsx 再读") from error
    source.table(cells, "表1")
    if decoded.damaged:
        source.losses.append(Loss("全文", f"有 {decoded.damaged} 处字节无法解码，以 U+FFFD 代替"))
    return source.finish(encoding=decoded.encoding)


def _delimiter(text: str) -> str:
    """The mark that parts the columns: the one that stands in most lines equally often, ``""`` where there is none."""
    lines = [line for line in text[:65536].splitlines() if line.strip()][:50]
    best, score = "", 1.0
    for mark in _DELIMITERS:
        counts = [line.count(mark) for line in lines]
        common = max(set(counts), key=counts.count, default=0)
        if common and (found := counts.count(common) + common / 100) > score:
            best, score = mark, found
    return best if score * 3 > len(lines) or len(lines) < 3 else ""
