"""Tables in plain text: what is left of them when a page or a Word file was copied as text.

A tab begins a cell; copied from a page, each cell may stand on a line of its own (``1``, newline, tab, words). Only a table
under a header whose words are known is taken for one, and only rows that count on from one another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.read.grid import GridCell, column_role, find_header
from luoshi.read.text import Cell, Table

_LINE = re.compile(r"[^\n]+")
_NUMBER = re.compile(r"(\d{1,4})[.、．]?")
_BLANK = " \t\r\u3000\xa0\u200b\ufeff"
_ANEW = re.compile(r"附[件录表]|[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|第[一二三四五六七八九十]+[章节]")
_REACH = 4


class Field(msgspec.Struct, gc=False):
    """One cell's stretch of the source, blanks at its edges left out."""

    start: int
    end: int
    text: str


class TextLine(msgspec.Struct, gc=False):
    """A line with its fields; ``tabbed``: it begins with a tab and so goes on with the row before."""

    tabbed: bool
    fields: list[Field]


def find_text_tables(source: str) -> tuple[Table, ...]:
    """The tables of a plain text, in order."""
    if "\t" not in source:
        return ()
    lines = [line for found in _LINE.finditer(source) if (line := _line(found[0], found.start())) is not None]
    tables: list[Table] = []
    at = 0
    while at < len(lines):
        rows, after = _table(lines, at)
        if len(rows) >= 3:
            tables.append(_made(rows, len(tables) + 1))
            at = after
        else:
            at += 1
    return tuple(tables)


def _line(words: str, at: int) -> TextLine | None:
    fields = []
    for part in words.split("\t"):
        text = part.strip(_BLANK)
        start = at + (len(part) - len(part.lstrip(_BLANK)))
        fields.append(Field(start, start + len(text), text))
        at += len(part) + 1
    tabbed = words.lstrip(" \r\u3000").startswith("\t")
    if tabbed:
        del fields[0]
    return TextLine(tabbed, fields) if tabbed or any(field.text for field in fields) else None


def _table(lines: Sequence[TextLine], at: int) -> tuple[list[list[Field]], int]:
    """The rows of the table that begins at a line, its header first, and the line after it; no rows where none begins."""
    if lines[at].tabbed or column_role(lines[at].fields[0].text) not in ("number", "task"):
        return [], at
    header, index = _row(lines, at)
    if len(header) < 2 or sum(bool(column_role(field.text)) for field in header) < 2:
        return [], at
    numbered = column_role(header[0].text) == "number"
    rows, last = [header], 0
    while index < len(lines):
        line = lines[index]
        number = _NUMBER.fullmatch(line.fields[0].text) if numbered and not line.tabbed else None
        if number and last < int(number[1]) <= last + 3:
            row, index = _row(lines, index)
            rows.append(row)
            last = int(number[1])
        elif not numbered and not line.tabbed and len(line.fields) == len(header):
            rows.append(line.fields)
            index += 1
        elif len(rows) > 1 and _goes_on(lines, index, rows[-1], len(header), last if numbered else -1):
            _append(rows[-1], line)
            index += 1
        else:
            break
    return rows, index


def _row(lines: Sequence[TextLine], at: int) -> tuple[list[Field], int]:
    """The fields of a line and of the tabbed lines after it."""
    fields = list(lines[at].fields)
    at += 1
    while at < len(lines) and lines[at].tabbed:
        fields += lines[at].fields
        at += 1
    return fields, at


def _goes_on(lines: Sequence[TextLine], at: int, row: Sequence[Field], width: int, last: int) -> bool:
    """True for a line that belongs to the last cell of the row: more cells are to come, or the next row's number is near."""
    line = lines[at]
    if line.tabbed:
        return True
    text = line.fields[0].text
    more = len(line.fields) - 1
    if len(row) + more > width or _ANEW.match(text) or len(text) > 200:
        return False
    if len(row) < width:
        return more > 0 or any(near.tabbed for near in lines[at + 1 : at + 1 + _REACH])
    if last < 0 or len(text) > 30:
        return False
    return any(not near.tabbed and near.fields[0].text.rstrip(".、．") == str(last + 1) for near in lines[at + 1 : at + 1 + _REACH])


def _append(row: list[Field], line: TextLine) -> None:
    first, *more = line.fields
    if line.tabbed:
        row += line.fields
        return
    last = row[-1]
    row[-1] = Field(last.start if last.text else first.start, first.end, f"{last.text}\n{first.text}" if last.text else first.text)
    row += more


def _made(rows: Sequence[Sequence[Field]], number: int) -> Table:
    """The table of these rows; cells beyond the header's width are part of the last column."""
    width = len(rows[0])
    grid: list[GridCell] = []
    cells: list[Cell] = []
    for index, row in enumerate(rows):
        for column, field in enumerate(row):
            if field.text:
                grid.append(GridCell(index, min(column, width - 1), field.text))
                cells.append(Cell(index, min(column, width - 1), field.start, field.end))
    header, header_rows = find_header([cell for cell in grid if cell.row == 0])
    return Table(cells[0].start, cells[-1].end, tuple(cells), header, header_rows, f"表{number}")
