"""Rows: tasks in tables, those of a file's own tables and those that a page's text has flattened to one line a cell."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

import msgspec

from luoshi.extract.kinds.task.slots import Clause, read_slots
from luoshi.extract.organisation import has_unit_form
from luoshi.numeral import parse_numeral
from luoshi.read.grid import column_role
from luoshi.read.text import Cell, Table

Part = tuple[int, int]
#: the columns that say who and when
_DUTIES = ("leader", "lead", "unit", "support", "deadline")
_ROLES = {"leader": "leader", "lead": "lead", "unit": "plain", "support": "support", "deadline": "time"}
#: full-width forms as half-width ones, one for one
WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20}
_LONGEST_TITLE = 60
_HEAD_LINE = re.compile(r"(?:(?<=\n)|\A)[ \t]*(?:序号|编号)[ \t]*\n")
_NUMBER_LINE = re.compile(r"[ \t]*(\d{1,4})[ \t]*")


class Row(msgspec.Struct, frozen=True):
    """One task of a table, in the offsets of the text it was read from; ``clause`` holds its units, ``body`` its words."""

    start: int
    end: int
    body: Part
    clause: Clause
    number: int | str | None = None
    title: Part | None = None


def find_rows(source: str, table: Table) -> Iterator[Row]:
    """The tasks of a table whose header told its columns, by row; ``source`` with full-width forms made half-width.

    The finest text column makes the tasks; a cell that covers several rows counts for each. A task without unit or leader is none.
    """
    if not any(role in _DUTIES[:4] for role in table.header):
        return
    columns = {role: [i for i, name in enumerate(table.header) if name == role] for role in set(table.header)}
    standing = _standing(table)
    for anchor in _anchors(standing, columns):
        row = _row(source, anchor, _beside(standing, anchor), columns)
        if row is not None:
            yield row


def _standing(table: Table) -> dict[int, list[Cell]]:
    """The cells with words below the header, by column and there by row; none reaches over the next one, as no sound table's does."""
    standing: dict[int, list[Cell]] = {}
    for cell in sorted(table.cells, key=lambda cell: (cell.row, cell.start)):
        if cell.row >= table.header_rows and cell.end > cell.start and cell.column < len(table.header) and table.header[cell.column]:
            standing.setdefault(cell.column, []).append(cell)
    for cells in standing.values():
        for at, (cell, below) in enumerate(pairwise(cells)):
            if cell.row + cell.rows > below.row:
                cells[at] = msgspec.structs.replace(cell, rows=max(1, below.row - cell.row))
    return standing


def _beside(standing: dict[int, list[Cell]], anchor: Cell) -> list[Cell]:
    """The cells, in reading order, that share a row with ``anchor``: looked up, so that a table takes time in proportion to its rows."""
    found: list[Cell] = []
    for cells in standing.values():
        first = bisect_left(cells, anchor.row, key=_row_of)
        if first and cells[first - 1].row + cells[first - 1].rows > anchor.row:
            first -= 1
        found += cells[first : bisect_left(cells, anchor.row + anchor.rows, key=_row_of)]
    return sorted(found, key=lambda cell: cell.start)


def _row_of(cell: Cell) -> int:
    return cell.row


def _anchors(standing: dict[int, list[Cell]], columns: dict[str, list[int]]) -> list[Cell]:
    """The cells that each make a task: those of the content column, and those of the task column beside which it is empty."""
    contents = {column: standing[column] for column in columns.get("content", ()) if column in standing}
    tasks = [cell for column in columns.get("task", ()) for cell in standing.get(column, ())]
    if not contents or not tasks:
        return _by_place([cell for cells in contents.values() for cell in cells]) or _by_place(_finest(tasks))
    alone = [cell for cell in tasks if not _beside(contents, cell)]
    return _by_place([*alone, *(cell for cells in contents.values() for cell in cells)])


def _by_place(cells: Sequence[Cell]) -> list[Cell]:
    return sorted(cells, key=lambda cell: (cell.row, cell.column))


def _finest(cells: Sequence[Cell]) -> list[Cell]:
    """Of several text columns the one with the most cells; the last where they have as many."""
    counts: dict[int, int] = {}
    for cell in cells:
        counts[cell.column] = counts.get(cell.column, 0) + 1
    best = max(counts, key=lambda column: (counts[column], column), default=-1)
    return [cell for cell in cells if cell.column == best]


def _row(source: str, anchor: Cell, beside: Sequence[Cell], columns: dict[str, list[int]]) -> Row | None:
    """The task of the cell ``anchor`` with the cells ``beside`` it; ``None`` where they name no unit."""
    reach = range(anchor.row, anchor.row + anchor.rows)
    duties = [(role, cell) for role in _DUTIES for cell in beside if cell.column in columns.get(role, ())]
    clause = read_slots(source, [(_ROLES[role], cell.start, cell.end) for role, cell in duties])
    if clause is None:
        return None
    own = [cell for _, cell in duties if cell.row in reach]
    number = next((cell for cell in beside if cell.column in columns.get("number", ())), None)
    start = number.start if number and number.row == anchor.row and number.start < anchor.start else anchor.start
    behind = [cell.start for cell in own if cell.start >= anchor.end]
    title = next((cell for cell in beside if cell.column in columns.get("task", ()) and cell is not anchor), None)
    return Row(
        start=start,
        end=max([anchor.end, *(cell.end for cell in own)]),
        body=(anchor.start, anchor.end),
        clause=msgspec.structs.replace(clause, start=min(behind, default=anchor.end)),
        number=_number(source[number.start : number.end]) if number else None,
        title=(title.start, title.end) if title and title.end - title.start <= _LONGEST_TITLE else None,
    )


def _number(words: str) -> int | str | None:
    words = words.strip(" \t\n.、()")
    if not words:
        return None
    value = parse_numeral(words)
    return int(value) if value is not None and value == int(value) else words


def find_flat_rows(text: str) -> Iterator[Row]:
    """The tasks of tables that a text has flattened: a line for each header word from 序号 on, then a line for each cell.

    A record runs from its number to the next one; its units are told by their form.
    """
    for head in _HEAD_LINE.finditer(text):
        roles, at = _header(text, head.end())
        if len(roles) < 2 or not any(role in _DUTIES[:4] for role in roles):
            continue
        for number, lines in _records(text, at):
            row = _flat_row(text, number, lines, roles)
            if row is not None:
                yield row


def _header(text: str, at: int) -> tuple[list[str], int]:
    """The roles of the header lines that follow 序号, and where the first record begins."""
    roles: list[str] = []
    while len(roles) < 8:
        end = text.find("\n", at)
        role = column_role(text[at:end].strip()) if 0 < end - at <= 20 else ""
        if not role:
            break
        roles.append(role)
        at = end + 1
    return roles, at


def _records(text: str, at: int) -> Iterator[tuple[Part, list[Part]]]:
    """Number line and the lines up to the next number, from 1 on; ends where the numbering does."""
    lines = _lines(text, at)
    wanted, current, rest = 1, None, list[Part]()
    for first, last in lines:
        match = _NUMBER_LINE.fullmatch(text, first, last)
        if match and int(match[1]) == wanted:
            if current:
                yield current, rest
            current, rest, wanted = (match.start(1), match.end(1)), [], wanted + 1
        elif current is None or len(rest) > 12:
            return
        else:
            rest.append((first, last))
    if current:
        yield current, rest[:6]


def _lines(text: str, at: int) -> Iterator[Part]:
    while at < len(text):
        end = text.find("\n", at)
        end = len(text) if end < 0 else end
        if text[at:end].strip():
            yield at, end
        at = end + 1


def _flat_row(text: str, number: Part, lines: list[Part], roles: list[str]) -> Row | None:
    """A record whose first line is the task; lines that look like units fill the unit columns in turn, the last one takes the rest."""
    texts = max(1, sum(role in ("task", "content") for role in roles[: _first_duty(roles)]))
    if len(lines) < 2:
        return None
    wanted = [role for role in roles if role in _DUTIES[:4]]
    filled: list[tuple[str, int, int]] = []
    end = lines[0][1]
    for index, (first, last) in enumerate(lines[1:], 1):
        if _is_units(text, first, last):
            filled.append((_ROLES[wanted[min(len(filled), len(wanted) - 1)]], first, last))
        elif filled or index >= texts:
            break
        end = last
    clause = read_slots(text, filled) if filled else None
    if clause is None:
        return None
    body_end = filled[0][1]
    return Row(
        start=number[0],
        end=end,
        body=(lines[0][0], body_end),
        clause=msgspec.structs.replace(clause, start=body_end),
        number=int(text[slice(*number)]),
        title=lines[0] if texts > 1 and lines[0][1] - lines[0][0] <= _LONGEST_TITLE else None,
    )


def _first_duty(roles: Sequence[str]) -> int:
    return next((index for index, role in enumerate(roles) if role in _DUTIES), len(roles))


def _is_units(text: str, start: int, end: int) -> bool:
    """True where a line holds units and nothing else."""
    if end - start > 120 or "。" in text[start:end]:
        return False
    clause = read_slots(text, [("plain", start, end)])
    units = (*clause.lead, *clause.plain, *clause.support) if clause else ()
    return bool(units) and all(last - first <= 20 and has_unit_form(text[first:last]) for first, last in units)
