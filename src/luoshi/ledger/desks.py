"""What a unit has to do and by when, what it said last, and what waits for whom: for the desks of liaisons, leaders and supervisors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import Case, Exists, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import mechanism_of

#: when something is due: over already, today, until Sunday, later
BUCKETS: Final = ("overdue", "today", "week", "later")
#: all states but one, said so that no database walks through all rows of that one state: few rows are found by their ids
_STOPPED: Final = ("paused", "met", "late", "void")
_NOT_LIVE: Final = ("hung", "closed", "ended")


class Bounds(msgspec.Struct, frozen=True):
    """The moments between the buckets, as the ledger writes them: now, the end of today and of the week."""

    now: str
    today: str
    week: str

    def when(self, bucket: str) -> Q:
        """The clocks of a bucket."""
        match bucket:
            case "overdue":
                return Q(due_at__lt=self.now)
            case "today":
                return Q(due_at__gte=self.now, due_at__lte=self.today)
            case "week":
                return Q(due_at__gt=self.today, due_at__lte=self.week)
            case _:
                return Q(due_at__gt=self.week)


def bounds(now: datetime, zone: ZoneInfo) -> Bounds:
    """The bounds at a moment: days are those of the office, a week ends with Sunday.

    >>> from datetime import UTC
    >>> bounds(datetime(2026, 3, 5, 2, tzinfo=UTC), ZoneInfo("Asia/Shanghai")).week
    '2026-03-08T15:59:59.999999Z'
    """
    day = now.astimezone(zone).date()
    return Bounds(moment(now), _end(day, zone), _end(day + timedelta(days=6 - day.weekday()), zone))


def _end(day: date, zone: ZoneInfo) -> str:
    return moment(datetime.combine(day, time.max, zone))


def asks(units: Collection[str], rights: Iterable[tuple[str, str]] = ()) -> QuerySet[models.Clock]:
    """The clocks that run for these units, in matters in which they have a duty. ``rights``: mechanism and key of clocks that ask for nothing."""
    own = models.Duty.objects.filter(organisation__in=units, live=True).values("item")
    first, others = Q(unit__in=units, state="running", item__in=own), Q(pk__in=beside(organisation=units)) & ~Q(state__in=_STOPPED)
    found = models.Clock.objects.filter(first | others)
    for mechanism, key in rights:
        found = found.exclude(mechanism=mechanism, key=key)
    return found


def beside(**holders: Collection[str]) -> QuerySet[models.Clock, str]:
    """The ids of the clocks of a part that these hold, be it beside others: the row of a clock names the first alone.

    ``holders``: ``organisation`` or ``post``. A clock that runs for each unit by itself is of that unit only.
    """
    ((column, keys),) = holders.items()
    duties = models.Duty.objects.filter(**{f"{column}__in": keys}, live=True)
    held = duties.filter(item=OuterRef("item"), role=OuterRef("owner"))
    found = models.Clock.objects.filter(Exists(held), item__in=duties.values("item"))
    for mechanism, key in _for_each(tuple(models.MechanismFile.objects.order_by("id").values_list("id", "at"))):
        found = found.exclude(mechanism=mechanism, key=key)
    return found.values_list("pk", flat=True)


@lru_cache(maxsize=8)
def _for_each(files: tuple[tuple[str, str], ...]) -> frozenset[tuple[str, str]]:
    """Mechanism and key of the clocks that run for each unit of a part; ``files``: id and moment of the mechanisms kept."""
    rows = models.MechanismFile.objects.filter(pk__in=[key for key, _ in files])
    known = [(None if row.own else mechanism_of(row.key)) or read_mechanism(row.text, row.id) for row in rows]
    return frozenset((one.id, clock.key) for one in known for clock in one.clocks if clock.each)


def ask_counts(found: QuerySet[models.Clock], at: Bounds) -> dict[str, int]:
    """How many are due in each bucket."""
    told = found.order_by().aggregate(**{bucket: _sum(at.when(bucket)) for bucket in BUCKETS})
    return {bucket: int(told[bucket] or 0) for bucket in BUCKETS}


def _sum(when: Q) -> Sum:
    return Sum(Case(When(when, then=Value(1)), default=Value(0), output_field=IntegerField()))


def undated(units: Collection[str], parts: Collection[str]) -> QuerySet[models.Matter]:
    """The live matters of these units in which it is their turn and nothing has a date."""
    return models.Matter.objects.filter(_led(units), turn__in=parts, next_due="").order_by("id")


def worked_on(units: Collection[str]) -> QuerySet[models.Matter]:
    """The live matters that one of these units leads, alone or with others, the next due first."""
    return models.Matter.objects.filter(_led(units)).order_by("next_due", "id")


def _led(units: Collection[str]) -> Q:
    """Live matters that one of the units leads; under a mechanism without a lead, those by whose unit they are found."""
    led = models.Duty.objects.filter(organisation__in=units, role="lead", live=True).values("item")
    return (Q(unit__in=units) | Q(pk__in=led)) & ~Q(state__in=_NOT_LIVE)


class Said(msgspec.Struct, frozen=True):
    """What was reported last in words: when, and the words."""

    at: str
    text: str


def last_said(items: Sequence[str], parts: Collection[str] | None = None, *, acts: Collection[str] | None = None) -> dict[str, Said]:
    """The last words on each of these matters, by item: a report, or the reason of a request; of one of the parts, of one of the acts

    (whose reason comes before other words).
    """
    found: dict[str, Said] = {}
    rows = models.Entry.objects.filter(subject__in=items, act="loop.act").order_by("-seq").values_list("subject", "at", "data")
    for item, at, data in rows.iterator(chunk_size=500):
        if item in found:
            continue
        move = _said.decode(data).move
        if not (parts is None or move.part in parts) or not (acts is None or move.act in acts):
            continue
        first, second = ("text", "reason") if acts is None else ("reason", "text")
        if text := str(move.inputs.get(first) or move.inputs.get(second) or "").strip():
            found[item] = Said(at, text)
            if len(found) == len(items):
                break
    return found


class _Move(msgspec.Struct):
    act: str = ""
    part: str = ""
    inputs: dict[str, Any] = {}


class _Entry(msgspec.Struct):
    move: _Move


_said: Final = msgspec.json.Decoder(_Entry)
