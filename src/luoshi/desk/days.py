"""Days as people write them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from luoshi.desk.done import WrongValue

_DAY: Final = re.compile(r"(\d{4})(?:\s*[-年./]\s*(\d{1,2})(?:\s*[-月./]\s*(\d{1,2})\s*日?|\s*月)?|年)?")


def read_day(text: str, where: str) -> str:
    """The day as the ledger writes it, or the month or year where no more is said. Raises ``WrongValue`` for what is none.

    >>> read_day("2025年12月31日", "due"), read_day("2025.3", "due"), read_day("2025", "due"), read_day("", "due")
    ('2025-12-31', '2025-03', '2025', '')
    """
    text = text.strip()
    if not text:
        return ""
    match = _DAY.fullmatch(text)
    try:
        year, month, day = (int(part) if part else 0 for part in match.groups()) if match else (0, 0, 0)
        date(year if 1900 <= year <= 2200 else 0, month if match and match[2] else 1, day if match and match[3] else 1)
    except ValueError:
        raise WrongValue(f"“{text[:40]}”不是日期", where=where, remedy="请写日期，例如 2026-12-31 或 2026年12月") from None
    return f"{year:04}" + (f"-{month:02}" if month else "") + (f"-{day:02}" if day else "")


def is_past(day: str, today: str) -> bool:
    """Whether the day is over; a month or a year is over when its last day is.

    >>> is_past("2025-12-30", "2025-12-31"), is_past("2025-12", "2025-12-31"), is_past("2025-12", "2026-01-01"), is_past("", "2026-01-01")
    (True, False, True, False)
    """
    return bool(day) and day < today[: len(day)]
