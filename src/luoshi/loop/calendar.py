"""The working days of the People's Republic of China, with the days off and the days worked that the yearly notices arrange.

The data is ``calendars/china.yaml``, one entry a notice. A year whose notice is not out counts its weekdays; ``is_known`` and
``unknown_between`` let a page say so. An office whose region has days off of its own (全国年节及纪念日放假办法 art. 4), or that enters
next year's notice before a new release does, adds its notices with ``with_notices``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date
from functools import cache
from itertools import accumulate
from typing import Final

import msgspec

from luoshi.errors import BadUsage
from luoshi.tables import load_table

#: what lies in the package ``luoshi.loop``
_FILE: Final = "calendars/china.yaml"


class Rest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Days off in a row: the holiday's name, the first and the last day, both inclusive."""

    name: str
    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.name}：末日 {self.last} 早于首日 {self.first}")


class Notice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A notice that arranges days off: the year it is for, its title and number, the days off and the weekend days worked."""

    year: int
    title: str
    number: str = ""
    rest: tuple[Rest, ...] = ()
    work: tuple[date, ...] = ()

    @property
    def source(self) -> str:
        """The notice as it is cited: 《title》（number）."""
        return f"《{self.title}》（{self.number}）" if self.number else f"《{self.title}》"


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``china.yaml`` as declared."""

    notices: tuple[Notice, ...]


class Calendar(msgspec.Struct, frozen=True):
    """The working days that notices make; built by ``calendar_of``, never by hand.

    Every question is answered from the few days that are not what their weekday says, so a year costs no more than a day.
    """

    notices: tuple[Notice, ...]
    odd: tuple[int, ...]
    """Ordinals, rising: the weekdays off and the weekend days worked."""
    turn: tuple[int, ...]
    """``turn[i]``: workdays gained (or lost, below 0) by the first ``i`` odd days."""
    rank: tuple[int, ...]
    """``rank[i]``: how many workdays there are up to and with ``odd[i]``; never falls."""
    named: dict[int, str]
    """Ordinal of a day off, weekends among them, to the holiday's name."""

    def is_workday(self, day: date) -> bool:
        """True where people work on this day: no weekend and no day off, or a weekend day worked instead."""
        number = day.toordinal()
        at = bisect_left(self.odd, number)
        odd = at < len(self.odd) and self.odd[at] == number
        return (day.weekday() < 5) is not odd

    def holiday(self, day: date) -> str:
        """The holiday that this day off belongs to, or '' for a workday or a plain weekend."""
        return self.named.get(day.toordinal(), "")

    def is_known(self, year: int) -> bool:
        """True where the year's notice is out; of any other year the weekdays are counted."""
        return any(notice.year == year for notice in self.notices)

    def notice(self, year: int) -> str:
        """The notices that arrange the year, as they are cited, or '' where there is none."""
        return "、".join(notice.source for notice in self.notices if notice.year == year)

    def after(self, day: date, workdays: int) -> date:
        """The n-th workday after the day, which itself is not counted; with 0 the day itself if it is one, else the next workday."""
        _not_negative(workdays)
        if workdays:
            return self._workday(self._up_to(day.toordinal()) + workdays)
        return self.next_workday(day)

    def before(self, day: date, workdays: int) -> date:
        """The n-th workday before the day, which itself is not counted; with 0 the day itself if it is one, else the one before it."""
        _not_negative(workdays)
        if workdays:
            return self._workday(self._up_to(day.toordinal() - 1) + 1 - workdays)
        return self._workday(self._up_to(day.toordinal()))

    def count(self, first: date, last: date) -> int:
        """How many workdays there are after ``first``, up to and with ``last``; below 0 where ``last`` is the earlier day."""
        return self._up_to(last.toordinal()) - self._up_to(first.toordinal())

    def next_workday(self, day: date) -> date:
        """The day itself if it is a workday, else the first one after it."""
        return day if self.is_workday(day) else self._workday(self._up_to(day.toordinal()) + 1)

    def unknown_between(self, first: date, last: date) -> tuple[int, ...]:
        """The years, rising, that these days touch (in either order) and whose notice is not out."""
        low, high = sorted((first.year, last.year))
        return tuple(year for year in range(low, high + 1) if not self.is_known(year))

    def _up_to(self, number: int) -> int:
        """How many workdays there are from 0001-01-01 up to and with the day of this ordinal."""
        return _weekdays(number) + self.turn[bisect_right(self.odd, number)]

    def _workday(self, count: int) -> date:
        """The day with which ``count`` workdays are full.

        Before the first odd day that reaches the count lie only plain days and odd days that fall short of it, so the day is either the
        weekday that their turn leaves to be counted, or, if that lies behind, the worked weekend day that reaches it.
        """
        at = bisect_left(self.rank, count)
        number = _weekday(count - self.turn[at])
        return date.fromordinal(min(number, self.odd[at]) if at < len(self.odd) else number)


def calendar_of(notices: tuple[Notice, ...]) -> Calendar:
    """The calendar that these notices make; a later notice prevails over an earlier one for the same day."""
    works: dict[int, bool] = {}
    named: dict[int, str] = {}
    for notice in notices:
        for rest in notice.rest:
            for number in range(rest.first.toordinal(), rest.last.toordinal() + 1):
                works[number], named[number] = False, rest.name
        for day in notice.work:
            works[day.toordinal()] = True
            named.pop(day.toordinal(), None)
    odd = tuple(sorted(number for number, worked in works.items() if worked is not _is_weekday(number)))
    turn = tuple(accumulate((-1 if _is_weekday(number) else 1 for number in odd), initial=0))
    rank = tuple(_weekdays(number) + turned for number, turned in zip(odd, turn[1:], strict=True))
    return Calendar(notices=notices, odd=odd, turn=turn, rank=rank, named=named)


def with_notices(calendar: Calendar, notices: tuple[Notice, ...]) -> Calendar:
    """The calendar with notices added that prevail over its own: a region's days off, or a year that is out since."""
    return calendar_of(calendar.notices + notices)


@cache
def china() -> Calendar:
    """The calendar of ``calendars/china.yaml``, built once.

    >>> china().is_workday(date(2026, 2, 14)), china().is_workday(date(2026, 2, 23))
    (True, False)
    >>> china().after(date(2026, 2, 13), 2)
    datetime.date(2026, 2, 24)
    """
    return calendar_of(load_table("luoshi.loop", _FILE, _File).notices)


def _is_weekday(number: int) -> bool:
    return (number - 1) % 7 < 5


def _weekdays(number: int) -> int:
    """How many days from Monday to Friday there are up to and with this ordinal; ordinal 1, 0001-01-01, is a Monday."""
    weeks, day = divmod(number - 1, 7)
    return weeks * 5 + min(day + 1, 5)


def _weekday(count: int) -> int:
    """The ordinal of the weekday with which ``count`` weekdays are full."""
    weeks, day = divmod(count - 1, 5)
    return weeks * 7 + day + 1


def _not_negative(workdays: int) -> None:
    if workdays < 0:
        raise BadUsage(f"工作日数 {workdays} 小于 0", remedy="往前数用 before，往后数用 after")
