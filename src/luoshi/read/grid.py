"""Tables: cells of a grid, and the header told by its words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

import msgspec

from luoshi.tables import load_table

#: rows from the top among which a header is looked for
_TOP = 8
_WIDE = str.maketrans("（）：／　", "():/ ")
_BLANK = re.compile(r"\s+")


class GridCell(msgspec.Struct, frozen=True):
    """A cell before it has a place in the source: 0-based ``row`` and ``column``, how many of each it covers."""

    row: int
    column: int
    text: str
    rows: int = 1
    columns: int = 1


@cache
def _roles() -> tuple[tuple[str, re.Pattern[str]], ...]:
    table = load_table("luoshi.read", "columns.yaml", dict[str, list[str]])
    return tuple((role, re.compile("|".join(f"(?:{word})" for word in words))) for role, words in table.items())


def column_role(text: str) -> str:
    """What a column with this header holds, ``""`` where the words do not tell.

    >>> column_role("牵头单位"), column_role("完成 时限"), column_role("天气")
    ('lead', 'deadline', '')
    """
    key = _BLANK.sub("", text).translate(_WIDE)
    if not key or len(key) > 16:
        return ""
    return next((role for role, pattern in _roles() if pattern.fullmatch(key)), "")


def find_header(cells: Sequence[GridCell]) -> tuple[tuple[str, ...], int]:
    """The role of each column and the number of rows down to the header's last one; ``((), 0)`` without a header.

    A header row is one of the first rows in which two cells at least, and half of those with text, are header words. A row
    right under it with header words belongs to it (``责任单位`` over ``牵头单位`` and ``配合单位``).
    """
    width = max((cell.column + 1 for cell in cells), default=0)
    header: list[str] = [""] * width
    last = 0
    rows: dict[int, list[GridCell]] = {}
    for cell in cells:
        if cell.row < _TOP:
            rows.setdefault(cell.row, []).append(cell)
    for row in sorted(rows):
        filled = [cell for cell in rows[row] if cell.text.strip()]
        roles = [column_role(cell.text) for cell in filled]
        known = sum(map(bool, roles))
        if last and row >= last and not (known and known * 2 >= len(filled)):
            break
        if known >= (1 if last else 2) and known * 2 >= len(filled):
            for cell, role in zip(filled, roles, strict=True):
                for column in range(cell.column, min(width, cell.column + cell.columns)):
                    header[column] = role or header[column]
            last = max(last, row + 1, *(cell.row + min(cell.rows, 3) for cell, role in zip(filled, roles, strict=True) if role))
    return (tuple(header), last) if last else ((), 0)
