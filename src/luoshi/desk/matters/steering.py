"""Where an indicator under steering stands: its values out of the story of the matter, reckoned by ``loop.steering``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from luoshi.ledger.store import history
from luoshi.loop.matter import Matter
from luoshi.loop.steering import Course, Goal, Value, course

#: the mechanism whose matters are indicators
MECHANISM: Final = "M03"
#: the act that brings a value
REPORT: Final = "report"
#: so many entries are looked through for values: years of monthly reports
_MOST: Final = 2000


class Steered(msgspec.Struct, frozen=True):
    """An indicator: its goal, its values by period, the first first, and where it stands."""

    goal: Goal
    values: tuple[Value, ...]
    course: Course
    unit: str
    #: a relative goal whose reference is not known yet
    waits_for: str = ""


def steered(item: str, matter: Matter) -> Steered | None:
    """The steering of a matter; ``None`` where it is no indicator or was not sent yet."""
    fields = matter.fields
    if matter.mechanism != MECHANISM or "kind" not in fields:
        return None
    goal = Goal(fields["kind"], fields.get("side") or "least", _number(fields.get("goal")))
    values = values_of(item)
    waits = str(fields.get("reference") or "") if goal.value is None else ""
    return Steered(goal, values, course(goal, values, _last_year(fields)), str(fields.get("unit") or ""), waits)


def values_of(item: str) -> tuple[Value, ...]:
    """The values that were reported, by period; of a period told twice the later word counts."""
    found = dict[str, Value]()
    for entry in reversed(history(item, limit=_MOST)):
        move = entry.values.get("move") or {}
        told = (move.get("inputs") or {}).get("fields") or {}
        value = _number(told.get("value"))
        if move.get("act") == REPORT and value is not None and isinstance(told.get("period"), str):
            found[told["period"]] = Value(told["period"], value)
    return tuple(sorted(found.values(), key=lambda one: (one.year, one.month, one.period)))


def _last_year(fields: Mapping[str, Any]) -> dict[int, Decimal]:
    """Last year's values of the year so far, by month; a line that is none of ``03 218.5`` is passed over."""
    found = {}
    for line in fields.get("last_year") or ():
        month, _, amount = str(line).strip().partition(" ")
        value = _number(amount.strip())
        if month.isascii() and month.isdigit() and 1 <= int(month) <= 12 and value is not None:
            found[int(month)] = value
    return found


def _number(value: object) -> Decimal | None:
    try:
        return None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None
