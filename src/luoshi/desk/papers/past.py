"""Matters as they stood at the end of a day: folded from their moves, so that a bulletin of a past month says what was true then."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.done import WrongValue
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import moment
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.loop import engine
from luoshi.loop.clock import end_of_day
from luoshi.loop.matter import Matter, Move, after
from luoshi.loop.rules import Rules

_PERIOD: Final = re.compile(r"(19[7-9]\d|20\d\d|21\d\d)-(?:(0[1-9]|1[0-2])|Q([1-4]))")
#: a question to a database asks for so many matters at once
_BATCH: Final = 400


class Period(msgspec.Struct, frozen=True):
    """A month or a quarter. ``until``: the day as of which it is told, its last day or today while it runs."""

    key: str
    first: date
    last: date
    until: date

    @property
    def title(self) -> str:
        """As a bulletin's title says it.

        >>> period_of("2026-03", date(2026, 5, 1)).title, period_of("2026-Q1", date(2026, 5, 1)).title
        ('2026年3月', '2026年第一季度')
        """
        if "Q" in self.key:
            return f"{self.first.year}年第{'一二三四'[self.last.month // 3 - 1]}季度"
        return f"{self.first.year}年{self.first.month}月"

    @property
    def next_last(self) -> date:
        """The last day of the month or quarter after it.

        >>> period_of("2026-01", date(2026, 5, 1)).next_last, period_of("2026-Q4", date(2027, 1, 1)).next_last
        (datetime.date(2026, 2, 28), datetime.date(2027, 3, 31))
        """
        # as many months on, and some days, fall into the month behind
        over = self.last.replace(day=1) + timedelta(days=127 if self.is_quarter else 66)
        return over.replace(day=1) - timedelta(days=1)

    @property
    def is_quarter(self) -> bool:
        return "Q" in self.key


def period_of(key: str, today: date) -> Period:
    """The period of this key (``2026-03``, ``2026-Q1``). Raises ``WrongValue`` for what is none or has not begun.

    >>> period_of("2026-Q1", date(2026, 2, 10)).until
    datetime.date(2026, 2, 10)
    """
    match = _PERIOD.fullmatch(key.strip())
    if match is None:
        raise WrongValue(f"“{key[:20]}”不是月份或季度", where="时段", remedy="写作 2026-03（月）或 2026-Q1（季）")
    year, month = int(match[1]), int(match[2]) if match[2] else int(match[3]) * 3
    first = date(year, month if match[2] else month - 2, 1)
    last = (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if first > today:
        raise WrongValue(f"“{key}”还没有到", where="时段", remedy="请选已经开始的月份或季度")
    return Period(key.strip(), first, last, min(last, today))


def periods(first: date, today: date) -> tuple[list[Period], list[Period]]:
    """The months and quarters from a day to today, the newest first."""
    months, at = list[Period](), today.replace(day=1)
    while at >= first.replace(day=1) and len(months) < 36:
        months.append(period_of(f"{at.year}-{at.month:02}", today))
        at = (at - timedelta(days=1)).replace(day=1)
    keys = dict.fromkeys(f"{one.first.year}-Q{(one.first.month + 2) // 3}" for one in months)
    return months, [period_of(key, today) for key in keys]


class Then(msgspec.Struct, frozen=True):
    """A matter as it stood at a moment, with its row as it is now (for its number, region and item)."""

    row: models.Matter
    matter: Matter
    rules: Rules


def stood(scope: Scope, until: date, *, regions: Sequence[str] | None = None, now: datetime) -> list[Then]:
    """The matters that the scope sees as they stood at the end of a day (or now, where that is to come), by number.

    What stays inside is left out whoever asks: a bulletin goes to all. ``regions``: of these only.
    """
    zone = ZoneInfo(settings.TIME_ZONE)
    end = min(end_of_day(until, zone), now)
    found = seen(models.Matter.objects.filter(opened_at__lte=moment(end), internal=False), scope)
    if regions is not None:
        found = found.filter(region_code__in=list(regions))
    rules_of = Rulebook()
    rows = [row for row in found.order_by("number", "id") if not rules_of(row.mechanism, row.version).mechanism.internal]
    changed = [row.id for row in rows if row.changed_at > moment(end)]
    before = {item: matter for at in range(0, len(changed), _BATCH) for item, matter in _folded(changed[at : at + _BATCH], end)}
    made = []
    for row in rows:
        if row.changed_at > moment(end) and row.id not in before:
            # it was filed later than its own words say: told by an import
            continue
        matter = before.get(row.id) or life_of(row.life)
        rules = rules_of(matter.mechanism, matter.version)
        made.append(Then(row, engine.fold(matter, engine.due(matter, rules, end)), rules))
    return made


class Rulebook:
    """Rules by mechanism and version, each asked for once: every asking looks which light rule is set."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], Rules] = {}

    def __call__(self, mechanism: str, version: int) -> Rules:
        found = self._known.get((mechanism, version))
        if found is None:
            found = self._known[mechanism, version] = rules_for(mechanism, version)
        return found


def _folded(items: Sequence[str], end: datetime) -> Iterator[tuple[str, Matter]]:
    """The states of these matters after their last move that happened by then."""
    states: dict[str, Matter] = {}
    over = set[str]()
    rows = (
        models.Entry.objects.filter(subject__in=items, act__in=("loop.file", "loop.act", "loop.tick"))
        .order_by("seq")
        .values_list("subject", "act", "data")
    )
    for item, act, data in rows.iterator(chunk_size=2_000):
        if item in over:
            continue
        told: dict[str, Any] = msgspec.json.decode(data)
        move = msgspec.convert(told["move"], Move)
        if move.at > end:
            over.add(item)
            continue
        before = msgspec.convert(told["matter"], Matter) if act == "loop.file" else states.get(item)
        if before is not None:
            states[item] = after(before, move)
    yield from states.items()
