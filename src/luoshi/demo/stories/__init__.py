"""The demonstration's matters, one file a mechanism: what is filed and what is done on which day, counted from today. All of it is invented."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache
from importlib.resources import files
from typing import Any, Final

import msgspec

from luoshi.loop.rules import mechanisms
from luoshi.tables import load_table


class Story(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A matter of the demonstration. ``units``: who answers, by name; ``leader``: the title of a post.

    Each of ``steps`` is ``{day, act, by, …inputs}``; ``day`` is 0 for today and below 0 before; the first one files the matter. A date among
    the fields and inputs is ``{day: 30}``, a month ``{month: -1}`` (``2026-02``), a year ``{year: 0}``: all counted from today. ``{year_of: -1}``
    is the year in which last month lies, and ``{month: -2, of: -1}`` a month of that very year: the one before last, else its January.
    ``{month: -2, ago: 1}`` is the month of the year before.
    """

    title: str
    steps: tuple[dict[str, Any], ...]
    text: str = ""
    variant: str = ""
    fields: dict[str, Any] = {}
    units: dict[str, tuple[str, ...]] = {}
    leader: str = ""


_PACKAGE: Final = "luoshi.demo.stories"


@cache
def stories() -> tuple[tuple[str, Story], ...]:
    """All matters of the demonstration with the id of their mechanism."""
    found = []
    names = {entry.name for entry in files(_PACKAGE).iterdir()}
    for mechanism in mechanisms():
        name = f"{mechanism.id.lower()}.yaml"
        if name in names:
            found += [(mechanism.id, story) for story in load_table(_PACKAGE, name, tuple[Story, ...])]
    return tuple(found)


def dated(value: Any, today: date) -> Any:
    """The value with days and years counted from today made dates, months and numbers.

    >>> dated({"due": {"day": 30}, "year": {"year": 0}}, date(2026, 3, 5))
    {'due': '2026-04-04', 'year': 2026}
    >>> dated({"month": -3}, date(2026, 3, 5))
    '2025-12'
    >>> [dated({"month": -2, "of": -1}, date(2026, month, 5)) for month in (1, 2, 3)], dated({"year_of": -1}, date(2026, 1, 5))
    (['2025-11', '2026-01', '2026-01'], 2025)
    >>> dated({"month": -2, "ago": 1}, date(2026, 1, 5))
    '2025-11'
    """
    if isinstance(value, dict):
        if value.keys() == {"day"}:
            return (today + timedelta(days=value["day"])).isoformat()
        if value.keys() == {"year"} and isinstance(value["year"], int) and abs(value["year"]) < 10:
            return today.year + value["year"]
        if value.keys() == {"year_of"}:
            return _months(today, value["year_of"]) // 12
        if value.keys() <= {"month", "of", "ago"} and isinstance(value.get("month"), int):
            months = _months(today, value["month"])
            if "ago" in value:
                months = (today.year - value["ago"]) * 12 + months % 12
            if "of" in value:
                months = max(months, _months(today, value["of"]) // 12 * 12)
            return f"{months // 12}-{months % 12 + 1:02}"
        return {key: dated(one, today) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [dated(one, today) for one in value]
    return value


def _months(today: date, offset: int) -> int:
    return today.year * 12 + today.month - 1 + offset
