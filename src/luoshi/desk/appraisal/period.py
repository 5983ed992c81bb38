"""The period of an appraisal: a month, quarter, half or year, with its days and moments in the office's zone."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from luoshi.desk.done import WrongValue
from luoshi.ledger.entry import moment
from luoshi.loop import clock as clocks

_FORM: Final = re.compile(r"(19[7-9]\d|20\d\d|21\d\d)(?:-(0[1-9]|1[0-2])|-Q([1-4])|-H([12]))?")


class Period(msgspec.Struct, frozen=True):
    """A period (``2026-03``, ``2026-Q1``, ``2026-H1``, ``2026``) with its first and last day."""

    key: str
    first: date
    last: date

    @property
    def kind(self) -> str:
        return "year" if len(self.key) == 4 else {"Q": "quarter", "H": "half"}.get(self.key[5], "month")

    @property
    def months(self) -> tuple[str, ...]:
        """Its months (``2026-03``), in order."""
        return tuple(f"{self.first.year}-{month:02d}" for month in range(self.first.month, self.last.month + 1))

    @property
    def said(self) -> str:
        """As people say it.

        >>> period_of("2026-Q1").said, period_of("2026-03").said, period_of("2026").said
        ('2026年一季度', '2026年3月', '2026年度')
        """
        year = f"{self.first.year}年"
        if self.kind == "quarter":
            return f"{year}{'一二三四'[int(self.key[6]) - 1]}季度"
        if self.kind == "half":
            return f"{year}{'上下'[int(self.key[6]) - 1]}半年"
        return f"{year}{self.first.month}月" if self.kind == "month" else f"{year}度"

    def since(self, zone: ZoneInfo) -> str:
        """The moment at which it begins, as the ledger writes it."""
        return moment(clocks.start_of_day(self.first, zone))

    def until(self, zone: ZoneInfo) -> str:
        """The moment at which it ends."""
        return moment(clocks.start_of_day(date.fromordinal(self.last.toordinal() + 1), zone))

    def end(self, zone: ZoneInfo) -> datetime:
        return clocks.end_of_day(self.last, zone)


def period_of(key: str) -> Period:
    """The period of this key; raises ``WrongValue`` for anything else."""
    found = _FORM.fullmatch(key.strip())
    if found is None:
        raise WrongValue(f"“{key[:20]}”不是期间", where="period", remedy="请写如 2026-03、2026-Q1、2026-H1 或 2026")
    year, month, quarter, half = found.groups()
    first, count = 1, 12
    if month:
        first, count = int(month), 1
    elif quarter:
        first, count = int(quarter) * 3 - 2, 3
    elif half:
        first, count = int(half) * 6 - 5, 6
    last = first + count - 1
    return Period(key.strip(), date(int(year), first, 1), date(int(year), last, monthrange(int(year), last)[1]))
