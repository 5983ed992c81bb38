"""The tables of a paper as a workbook: a sheet for each list, with frozen heads, filters, widths, and print areas that break well."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from typing import Any, Final

from luoshi.errors import BadUsage
from luoshi.publish.papers.adding import must_add
from luoshi.publish.papers.blocks import Field
from luoshi.publish.papers.kinds import kind_of
from luoshi.publish.papers.layout import width_of
from luoshi.publish.papers.words import Values, amount, written

_FONT: Final = "宋体"
_LINE, _HIGHEST = 15.0, 240.0
_NARROWEST, _WIDEST = 6.0, 46.0
#: more characters do not fit a cell of xlsx
_MOST: Final = 32_000


def book(key: str, values: Values, *, heading: str = "", lang: str = "zh") -> bytes:
    """The workbook, a file of ``.xlsx``: of a kind that has lists, those that have rows.

    Raises ``DoesNotAdd`` where its numbers do not add up, ``BadUsage`` for a kind without any list.
    """
    import xlsxwriter

    kind = kind_of(key)
    lists = [field for field in kind.fields if field.of]
    if not lists:
        raise BadUsage("这种文书没有表格", where=kind.title.zh, remedy="请取 docx", slug="no-table")
    must_add(kind, values)
    file = BytesIO()
    quiet = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, quiet) as made:
        looks = _looks(made)
        shown = [field for field in lists if _rows(values, field.key)] or lists[:1]
        for field in shown:
            _sheet(made.add_worksheet(field.name[:31]), field, _rows(values, field.key), heading or kind.title.zh, looks)
        if singles := [field for field in kind.fields if not field.of and not field.picture and written(values.get(field.key))]:  # type: ignore[arg-type]
            _facts(made.add_worksheet("说明" if lang == "zh" else "About"), singles, values, looks)
    return file.getvalue()


def _rows(values: Values, key: str) -> Sequence[Mapping[str, Any]]:
    found = values.get(key)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []


def _looks(made: Any) -> dict[str, Any]:
    plain = {"font_name": _FONT, "font_size": 11, "valign": "vcenter", "border": 1, "text_wrap": True}
    return {
        "title": made.add_format({"font_name": "黑体", "font_size": 16, "align": "center", "valign": "vcenter"}),
        "head": made.add_format({**plain, "font_name": "黑体", "align": "center", "bg_color": "#e8e4da"}),
        "text": made.add_format({**plain, "num_format": "@"}),
        "number": made.add_format({**plain, "num_format": "General", "align": "right"}),
    }


def _sheet(sheet: Any, field: Field, rows: Sequence[Mapping[str, Any]], heading: str, looks: Mapping[str, Any]) -> None:
    columns = [column for column in field.of if not column.picture]
    last = len(columns) - 1
    if last:
        sheet.merge_range(0, 0, 0, last, heading, looks["title"])
    else:
        sheet.write_string(0, 0, heading, looks["title"])
    sheet.set_row(0, 30)
    widths = [_width(column, rows) for column in columns]
    for at, column in enumerate(columns):
        sheet.set_column(at, at, widths[at])
        sheet.write_string(1, at, column.name, looks["head"])
    for number, row in enumerate(rows, 2):
        cells = [row.get(column.key) for column in columns]
        sheet.set_row(number, _height(cells, widths))
        for at, cell in enumerate(cells):
            _write(sheet, number, at, cell, looks)
    end = max(len(rows) + 1, 2)
    sheet.freeze_panes(2, 0)
    sheet.autofilter(1, 0, end, last)
    _print(sheet, end, last)


def _write(sheet: Any, row: int, at: int, cell: Any, looks: Mapping[str, Any]) -> None:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        sheet.write_number(row, at, cell, looks["number"])
    elif words := written(cell):
        sheet.write_string(row, at, words[:_MOST], looks["text"])
    else:
        sheet.write_blank(row, at, None, looks["text"])


def _width(column: Field, rows: Sequence[Mapping[str, Any]]) -> float:
    """As wide as its words want, up to a bound, in half-width signs."""
    longest = max((width_of(written(row.get(column.key))) * 2 for row in rows[:500]), default=0)
    return min(max(longest + 2, width_of(column.name) * 2 + 4, _NARROWEST), _WIDEST)


def _height(cells: Sequence[Any], widths: Sequence[float]) -> float:
    lines = max((int(width_of(written(cell)) * 2 // max(wide - 1, 1)) + 1 for cell, wide in zip(cells, widths, strict=True)), default=1)
    return min(_LINE * lines + 5, _HIGHEST)


def _facts(sheet: Any, fields: Sequence[Field], values: Values, looks: Mapping[str, Any]) -> None:
    """What else the paper says, so that the workbook stands by itself."""
    sheet.set_column(0, 0, 16)
    sheet.set_column(1, 1, 60)
    for row, field in enumerate(fields):
        value = values.get(field.key)
        sheet.write_string(row, 0, field.name, looks["head"])
        sheet.write_string(row, 1, amount(value) if isinstance(value, int | float) else written(value)[:_MOST], looks["text"])  # type: ignore[arg-type]
    _print(sheet, max(len(fields) - 1, 0), 1)


def _print(sheet: Any, last: int, right: int) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.6, right=0.6, top=0.8, bottom=0.8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0, 1)
    sheet.print_area(0, 0, last, right)
    sheet.set_footer("&C— &P —")
