"""An appraisal as a workbook: the table of scores, one sheet that explains every line, and the entries that it rests on; a sample to fill in."""

from __future__ import annotations

import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

import msgspec

Cell = str | Decimal | int | None


class Table(msgspec.Struct, frozen=True):
    """A sheet: its name, its headings with their widths, its rows. ``notes`` stand above the headings; ``choices`` may stand in a column."""

    name: str
    heads: tuple[tuple[str, int], ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    choices: dict[int, tuple[str, ...]] = {}


#: a list of choices in a cell is no longer, and so many rows may be filled in below those that are there
_LONGEST_LIST: Final = 255
_MORE: Final = 500
_FONT: Final = "Microsoft YaHei"


def book_of(title: str, tables: Sequence[Table]) -> bytes:
    """The workbook of these sheets: heads frozen, filters, long words wrapped, fit to the width of a page when printed."""
    import xlsxwriter

    data = io.BytesIO()
    book = xlsxwriter.Workbook(
        data, {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True}
    )
    book.set_properties({"title": title})
    looks = {
        "head": book.add_format({"bold": True, "bg_color": "#1f4e5f", "font_color": "#ffffff", "font_name": _FONT, "font_size": 10, "text_wrap": True, "valign": "vcenter", "border": 1}),
        "text": book.add_format({"num_format": "@", "font_name": _FONT, "font_size": 10, "valign": "top", "text_wrap": True, "border": 1}),
        "number": book.add_format({"num_format": "0.##########", "font_name": _FONT, "font_size": 10, "valign": "top", "border": 1}),
        "note": book.add_format({"font_name": _FONT, "font_size": 10, "valign": "top"}),
    }  # fmt: skip
    for table in tables:
        _write(book.add_worksheet(table.name), table, looks)
    book.close()
    return data.getvalue()


def _write(sheet: Any, table: Table, looks: dict[str, Any]) -> None:
    for at, note in enumerate(table.notes):
        sheet.write_string(at, 0, note, looks["note"])
    head = len(table.notes)
    for at, (words, width) in enumerate(table.heads):
        sheet.set_column(at, at, width)
        sheet.write_string(head, at, words, looks["head"])
    for row, values in enumerate(table.rows, start=head + 1):
        for at, value in enumerate(values):
            if value is None:
                sheet.write_blank(row, at, None, looks["text"])
            elif isinstance(value, str):
                sheet.write_string(row, at, value, looks["text"])
            else:
                sheet.write_number(row, at, value, looks["number"])
    for at, choices in table.choices.items():
        if choices and len(",".join(choices)) <= _LONGEST_LIST:
            rule = {"validate": "list", "source": list(choices), "error_title": table.heads[at][0][:30], "error_message": "请从列表里选"}
            sheet.data_validation(head + 1, at, head + len(table.rows) + _MORE, at, rule)
    sheet.print_area(0, 0, head + max(len(table.rows), 1), len(table.heads) - 1)
    sheet.autofilter(head, 0, head + max(len(table.rows), 1), len(table.heads) - 1)
    sheet.freeze_panes(head + 1, 1)
    sheet.repeat_rows(head)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
