"""Facts as an Excel workbook: one sheet for each kind, frozen header, filters, text kept as text."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec

from luoshi.extract.reading import Reading
from luoshi.messages import Lang, Speaker
from luoshi.publish.columns import COLUMNS, SHEETS, Value, cells, rows_of
from luoshi.publish.part import Part
from luoshi.publish.wording import kind_of

_WRAPPED = {"text", "definition", "gaps", "lead_units", "support_units", "section"}
#: the rows that a sheet holds below its header
_ROWS = 1_048_575


def encode(reading: Reading, lang: Lang) -> bytes:
    """The rows of one reading by sheet, packed."""
    say = Speaker(lang)
    sheets: dict[str, list[list[Value]]] = {kind: [] for kind in SHEETS}
    for fact, place in rows_of(reading, say):
        kind = kind_of(fact)
        row = cells(fact, place, SHEETS[kind], say)
        sheets[kind].append([_encodable(value) for value in row])
    return msgspec.msgpack.encode(sheets)


def _encodable(value: Value) -> Value:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes the workbook. A kind without facts has no sheet; rows beyond what a sheet holds go on in a further one."""
    import xlsxwriter

    say = Speaker(lang)
    rows: dict[str, list[list[Value]]] = {kind: [] for kind in SHEETS}
    for part in parts:
        for kind, found in msgspec.msgpack.decode(part.body, type=dict[str, list[list[Value]]]).items():
            rows[kind].extend(found)
    data = io.BytesIO()
    book = xlsxwriter.Workbook(data, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False})
    looks = _looks(book)
    for kind, found in rows.items():
        for at in range(0, len(found), _ROWS):
            _sheet(book, kind, found[at : at + _ROWS], say, looks, at // _ROWS)
    if not any(rows.values()):
        _sheet(book, "document", [], say, looks, 0)
    book.close()
    out.write(data.getvalue())


def _looks(book: Any) -> dict[str, Any]:
    body = {"valign": "top", "font_name": "Microsoft YaHei", "font_size": 10}
    return {
        "head": book.add_format({**body, "bold": True, "bg_color": "#1f4e5f", "font_color": "#ffffff", "valign": "vcenter"}),
        "text": book.add_format({**body, "num_format": "@"}),
        "long": book.add_format({**body, "num_format": "@", "text_wrap": True}),
        "number": book.add_format({**body, "num_format": "#,##0.######"}),
        "plain": book.add_format({**body, "num_format": "0"}),
    }


def _sheet(book: Any, kind: str, rows: list[list[Value]], say: Speaker, looks: dict[str, Any], more: int) -> None:
    columns = SHEETS[kind]
    sheet = book.add_worksheet(say.word("fact", kind) + (f" {more + 1}" if more else ""))
    sheet.freeze_panes(1, 2 if columns[1] in ("name", "number") else 1)
    sheet.set_row(0, 20)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, COLUMNS[column][1])
        sheet.write_string(0, at, say(f"column.{column}"), looks["head"])
    for row, values in enumerate(rows, start=1):
        for at, value in enumerate(values):
            _cell(sheet, row, at, value, columns[at], looks)
    sheet.autofilter(0, 0, max(len(rows), 1), len(columns) - 1)


def _cell(sheet: Any, row: int, at: int, value: Value, column: str, looks: dict[str, Any]) -> None:
    if isinstance(value, str):
        sheet.write_string(row, at, value, looks["long" if column in _WRAPPED else "text"])
    elif value is not None:
        sheet.write_number(row, at, value, looks["number" if column in ("value", "value_max") else "plain"])
