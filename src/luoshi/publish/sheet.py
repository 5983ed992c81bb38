"""Facts as CSV for a spreadsheet or a data frame: one table of all kinds, with every column."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from typing import BinaryIO

from luoshi.extract.reading import Reading
from luoshi.messages import Lang, Speaker
from luoshi.publish.columns import COLUMNS, Value, cells, rows_of
from luoshi.publish.part import Part

_BOM = b"\xef\xbb\xbf"


def encode(reading: Reading, lang: Lang) -> bytes:
    """The rows of one reading in UTF-8, without header; one row a fact in the order of the source."""
    say = Speaker(lang)
    names = tuple(COLUMNS)
    out = io.StringIO(newline="")
    csv.writer(out).writerows([_harmless(value) for value in cells(fact, place, names, say)] for fact, place in rows_of(reading, say))
    return out.getvalue().encode("utf-8", "replace")


def _harmless(value: Value) -> Value:
    """Text that a spreadsheet would run as a formula gets an apostrophe before it; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes a byte-order mark (Excel needs it to see UTF-8), the header and the rows."""
    say = Speaker(lang)
    header = io.StringIO(newline="")
    csv.writer(header).writerow([say(f"column.{name}") for name in COLUMNS])
    out.write(_BOM + header.getvalue().encode("utf-8"))
    out.writelines(part.body for part in parts)
