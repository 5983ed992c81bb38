"""Where an indicator under steering stands: its values out of the story of the matter, reckoned by ``loop.steering``."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import msgspec

from luoshi.ledger.store import history
from luoshi.loop.engine import Refused
from luoshi.loop.matter import Matter
from luoshi.loop.steering import Course, Goal, Value, course

#: the mechanism whose matters are indicators
MECHANISM: Final = "M03"
#: the act that brings a value
REPORT: Final = "report"
#: so many entries are looked through for values: years of monthly reports
_MOST: Final = 2000
#: a larger number is a slip of the pen, as in every field of a matter
_GREATEST: Final = Decimal(10) ** 15


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
    year = year_of(matter)
    # what was told of another year says nothing of this one's goal
    values = tuple(one for one in values_of(item) if year is None or one.year == year)
    waits = str(fields.get("reference") or "") if goal.value is None else ""
    return Steered(goal, values, course(goal, values, _last_year(fields)), str(fields.get("unit") or ""), waits)


def year_of(matter: Matter) -> int | None:
    """The year that an indicator is steered for; ``None`` where none is written."""
    year = matter.fields.get("year")
    return year if isinstance(year, int) else None


def heed(matter: Matter, act: str, inputs: Mapping[str, Any]) -> None:
    """Nothing, or ``Refused``: a value is of the year that is steered, and last year's months can be read."""
    given = inputs.get("fields")
    if matter.mechanism != MECHANISM or not isinstance(given, Mapping):
        return
    year, period = year_of(matter), given.get("period")
    if act == REPORT and year is not None and isinstance(period, str) and period[:4].isdigit() and int(period[:4]) != year:
        raise Refused(f"所属期“{period[:10]}”不在{year}年", where="period", remedy=f"请填{year}年的月份或季度，如 {year}-03 或 {year}-Q1")
    lines = given.get("last_year")
    for line in lines if isinstance(lines, list | tuple) else ():
        if str(line).strip() and _month(line) is None:
            raise Refused(f"上年累计值“{str(line)[:20]}”看不懂", where="last_year", remedy="每行写月份、空格、数，如 03 218.5")


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
    return dict(found for line in fields.get("last_year") or () if (found := _month(line)) is not None)


def _month(line: object) -> tuple[int, Decimal] | None:
    """The month and the value of a line."""
    month, _, amount = str(line).strip().partition(" ")
    value = _number(amount.strip())
    if value is None or not (month.isascii() and month.isdigit() and len(month) <= 2 and 1 <= int(month) <= 12):
        return None
    return int(month), value


def _number(value: object) -> Decimal | None:
    """The number; ``None`` where it is none that can be reckoned with."""
    try:
        found = None if value is None or value == "" else Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found is not None and found.is_finite() and abs(found) <= _GREATEST else None
