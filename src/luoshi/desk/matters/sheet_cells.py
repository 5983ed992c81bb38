"""What people write into the cells of a sheet, as values: percentages, counts, days and words, in the many ways in which they are written."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from luoshi.publish.ledger_sheet import LONGEST_TEXT, Kind
from luoshi.read.book import Book, Cell

_DAY: Final = re.compile(
    r"(\d{4})\s*(?:年|[-/.．])\s*(\d{1,2})\s*(?:月|[-/.．])\s*(\d{1,2})\s*[日号]?(?:\s+0{1,2}:00(?::00)?)?|(\d{4})(\d{2})(\d{2})"
)
#: serial numbers of days that somebody may mean: 2000 to 2100
_SERIALS: Final = (Decimal(36526), Decimal(73415))
_NUMBER: Final = re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?")


class Read(msgspec.Struct, frozen=True):
    """What a cell says: its value (``""``, a number, ``2026-03-05``, words), how it was understood where that is to be said, what is wrong."""

    value: Any = ""
    note: str = ""
    wrong: str = ""

    @property
    def plain(self) -> str:
        """The value as the hidden sheet keeps it."""
        return f"{self.value:.12g}" if isinstance(self.value, int | float) else str(self.value)


def read_cell(cell: Cell | None, kind: Kind, book: Book, *, before: float | None = None) -> Read:
    """The value of a cell of this kind. ``before``: the progress that is known, by which a bare 0.4 is understood."""
    if cell is None:
        return Read()
    if cell.formula and not cell.text:
        return Read(wrong="公式没有算出结果，请改填数值")
    found = _READERS[kind](cell, book, before)
    if cell.formula and not found.wrong:
        return Read(found.value, "；".join(part for part in ("按公式算出的结果读", found.note) if part))
    return found


def plain(text: str) -> str:
    """Words with digits and signs as a keyboard of one width writes them, for numbers and days."""
    return unicodedata.normalize("NFKC", text).replace("\u3000", " ").strip()


def _percent(cell: Cell, book: Book, before: float | None) -> Read:
    if cell.shown == "day":
        return Read(wrong=f"“{cell.text}”是日期，不是进度")
    if cell.number is not None and cell.shown == "percent":
        # values pasted into a cell that is shown as a percentage: 40 stands there as 4000%
        if 10 <= cell.number <= 100:
            return Read(_rounded(cell.number), f"{_short(cell.number * 100)}% 按 {_short(cell.number)}% 读")
        return _in_bounds(cell.number * 100)
    text = plain(cell.text)
    if text.endswith("%"):
        number = _number(text[:-1].strip())
        return _in_bounds(number) if number is not None else Read(wrong=f"“{cell.text[:30]}”不是百分比，请填 0 到 100，如 40%")
    number = cell.number if cell.number is not None else _number(text)
    if number is None:
        return Read(wrong=f"“{cell.text[:30]}”不是百分比，请填 0 到 100，如 40%")
    if 0 < number < 1:
        if before is not None and 0 < before < 1:
            return Read(wrong=f"{number} 是 {_short(number)}% 还是 {_short(number * 100)}%？请带上百分号")
        return Read(_rounded(number * 100), f"{_short(number)} 按 {_short(number * 100)}% 读")
    return _in_bounds(number)


def _in_bounds(number: Decimal) -> Read:
    if 0 <= number <= 100:
        return Read(_rounded(number))
    return Read(wrong=f"{_short(number)}% 不在 0 到 100 之间；超额完成的请在事项页填报")


def _count(cell: Cell, book: Book, before: float | None) -> Read:
    if cell.shown in {"day", "percent"} or plain(cell.text).endswith("%"):
        return Read(wrong=f"“{cell.text[:30]}”不是数量，本行填到现在为止一共完成的数量")
    number = cell.number if cell.number is not None else _number(plain(cell.text))
    if number is None:
        return Read(wrong=f"“{cell.text[:30]}”不是数，请只填数字，不带单位")
    return Read(_rounded(number)) if 0 <= number < Decimal("1e12") else Read(wrong="数量不能小于 0，也不能大得不合理")


def _number(text: str) -> Decimal | None:
    if not text or not _NUMBER.fullmatch(text):
        return None
    try:
        return Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None


def _rounded(number: Decimal) -> int | float:
    found = round(float(number), 6)
    return int(found) if found.is_integer() else found


def _short(number: Decimal) -> str:
    return f"{_rounded(number):.12g}"


def _day(cell: Cell, book: Book, before: float | None) -> Read:
    if cell.number is not None:
        found = book.day(cell.number) if cell.shown == "day" or (not cell.shown and _SERIALS[0] <= cell.number < _SERIALS[1]) else None
        if found is not None:
            return Read(found.isoformat(), "" if cell.shown == "day" else f"{_short(cell.number)} 按 {_told(found)} 读")
    match = _DAY.fullmatch(plain(cell.text))
    try:
        year, month, day = (int(part) for part in match.groups() if part) if match else (0, 0, 0)
        return Read(date(year, month, day).isoformat())
    except ValueError:
        return Read(wrong=f"“{cell.text[:30]}”不是完整的日期，请填年月日，如 2026-09-30")


def _told(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _words(cell: Cell, book: Book, before: float | None) -> Read:
    text = cell.text.strip()
    return Read(text) if len(text) <= LONGEST_TEXT else Read(wrong=f"有 {len(text)} 字，超过 {LONGEST_TEXT} 字")


_READERS: Final = {"percent": _percent, "count": _count, "day": _day, "text": _words, "choice": _words}
