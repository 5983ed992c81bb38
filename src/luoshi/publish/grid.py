"""A table of the ledger as a file: CSV or Excel, the rows as they are shown, streamed so that size is no matter."""

from __future__ import annotations

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO, Final

import msgspec

from luoshi.errors import BadUsage

Value = str | int | float | date | datetime | None
#: the rows that an Excel sheet holds below its header
MOST: Final = 1_048_575
_WIDTHS: Final = {
    "number": 12,
    "amount": 16,
    "year": 8,
    "day": 12,
    "moment": 20,
    "word": 10,
    "text": 24,
    "quote": 48,
    "link": 30,
    "person": 12,
}
_BOM: Final = b"\xef\xbb\xbf"


class Head(msgspec.Struct, frozen=True):
    """A column's heading and how its values are shown."""

    title: str
    shown: str


def to_csv(heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """UTF-8 with a byte-order mark (Excel needs it), a thousand rows at a time; text that a spreadsheet would run gets an apostrophe."""
    yield _BOM + _lines([[head.title for head in heads]])
    for some in batched(rows, 1000):
        yield _lines(some)


def _lines(rows: Iterable[Sequence[Value]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_harmless(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8", "replace")


def batched(rows: Iterable[Sequence[Value]], size: int) -> Iterator[list[Sequence[Value]]]:
    """The rows in lists of at most ``size``."""
    stream = iter(rows)
    while some := list(islice(stream, size)):
        yield some


def _harmless(value: Value) -> Value:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def to_xlsx(title: str, heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> BinaryIO:
    """A workbook with one sheet: frozen heading, filters, widths, text kept as text; a file that goes when it is closed.

    Raises ``BadUsage`` where there are more rows than a sheet holds.
    """
    file = tempfile.TemporaryFile(prefix="luoshi-")  # noqa: SIM115 - the caller closes it, when it is sent
    try:
        # the rows wait in a file of the folder until the workbook is put together
        with tempfile.TemporaryDirectory(prefix="luoshi-") as folder:
            _write_book(file, folder, title, heads, rows)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    return file


def _write_book(file: BinaryIO, folder: str, title: str, heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> None:
    import xlsxwriter

    book = xlsxwriter.Workbook(
        file,
        {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "tmpdir": folder},
    )
    body = {"valign": "top", "font_name": "Microsoft YaHei", "font_size": 10}
    head_look = book.add_format({**body, "bold": True, "bg_color": "#1f4e5f", "font_color": "#ffffff", "valign": "vcenter"})
    text_look, long_look = book.add_format({**body, "num_format": "@"}), book.add_format({**body, "num_format": "@", "text_wrap": True})
    number_look, year_look = book.add_format({**body, "num_format": "#,##0.######"}), book.add_format({**body, "num_format": "0"})
    day_look, moment_look = (
        book.add_format({**body, "num_format": "yyyy-mm-dd"}),
        book.add_format({**body, "num_format": "yyyy-mm-dd hh:mm"}),
    )
    sheet = book.add_worksheet(title[:31])
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    for at, head in enumerate(heads):
        sheet.set_column(at, at, _WIDTHS.get(head.shown, 20))
        sheet.write_string(0, at, head.title, head_look)
    looks = {"text": text_look, "long": long_look, "number": number_look, "year": year_look, "day": day_look, "moment": moment_look}
    try:
        last = _write_rows(sheet, looks, heads, rows)
    except BaseException:
        # the workbook is given up: what waits for it is closed, so that its folder can go
        sheet.row_data_fh.close()
        raise
    sheet.autofilter(0, 0, max(last, 1), max(len(heads) - 1, 0))
    book.close()


def _write_rows(sheet: Any, looks: Mapping[str, Any], heads: Sequence[Head], rows: Iterable[Sequence[Value]]) -> int:
    """The number of rows written."""
    last = 0
    for last, row in enumerate(rows, start=1):
        if last > MOST:
            raise BadUsage(f"超过一张工作表能放的 {MOST:,} 行", where="xlsx", remedy="请先筛选，或导出 csv", slug="too-many-rows")
        for at, (head, value) in enumerate(zip(heads, row, strict=True)):
            if isinstance(value, str):
                sheet.write_string(last, at, value[:32_767], looks["long" if head.shown == "quote" else "text"])
            elif isinstance(value, date):
                sheet.write_datetime(last, at, value, looks["moment" if isinstance(value, datetime) else "day"])
            elif value is not None:
                sheet.write_number(last, at, value, looks["year" if head.shown == "year" else "number"])
    return last
