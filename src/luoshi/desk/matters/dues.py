"""What somebody has to do by when: the clocks that run for their unit, for their post, or for the office in which they work."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.db.models import Q, QuerySet

from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.belonging import today, units_for
from luoshi.ledger.desks import beside
from luoshi.ledger.entry import moment
from luoshi.ledger.holding import posts_of
from luoshi.ledger.scope import Scope
from luoshi.ledger.veiling import tells_of_persons, titles_of
from luoshi.loop import clock as clocks
from luoshi.loop.mechanism import Mechanism, Words

#: more than anybody can look at in a month
_MOST: Final = 2000


class Due(msgspec.Struct, frozen=True):
    """Something that is asked by a moment: of which matter, which clock (``what``), whether its time has run out."""

    item: str
    number: str
    title: str
    mechanism: str
    what: Words
    day: date
    at: datetime
    light: str
    late: bool
    unit: str
    #: nothing of it leaves the offices concerned: it stays inside, or somebody outside is spoken of
    internal: bool


def dues(actor: Actor, scope: Scope, first: date, last: date, *, late: bool = False) -> list[Due]:
    """What the actor has to do from a day to a day, both inclusive, in order; ``late``: what is overdue since earlier too."""
    zone = ZoneInfo(settings.TIME_ZONE)
    begin, end = datetime.combine(first, datetime.min.time(), zone), clocks.end_of_day(last, zone)
    within = Q(due_at__gte=moment(begin), due_at__lte=moment(end))
    if late:
        within |= Q(due_at__lt=moment(begin)) & ~Q(lapsed_at="")
    mine = _mine(actor)
    if mine is None:
        return []
    rows = list(models.Clock.objects.filter(within & mine, state="running").order_by("due_at", "item", "key")[:_MOST])
    return _told(rows, scope, zone)


def _mine(actor: Actor) -> Q | None:
    """The clocks that run for the actor; None where none can."""
    found: list[Q] = []
    if Role.LIAISON in actor.roles and actor.unit:
        units = units_for([actor.unit])
        found.append(Q(unit__in=units) | Q(pk__in=beside(organisation=units)))
    if Role.SUPERVISOR in actor.roles:
        found.append(Q(owner__in=_parts(Role.SUPERVISOR)))
    if Role.LEADER in actor.roles:
        posts = posts_of(actor.id, today())
        found.append(Q(owner__in=_parts(Role.LEADER)) & (Q(unit__in=("", *posts)) | Q(pk__in=beside(post=posts))))
    mine = found[0] if found else None
    for one in found[1:]:
        mine = mine | one if mine is not None else one
    return mine


def _parts(role: Role) -> Collection[str]:
    """The keys of the parts that accounts of this role have, over all mechanisms under which there are matters."""
    used = models.MechanismFile.objects.values_list("key", "version")
    found = {part.key for key, version in used for part in rules_for(key, version).mechanism.parts if part.role == role.value}
    return found | {role.value}


def _told(rows: Sequence[models.Clock], scope: Scope, zone: ZoneInfo) -> list[Due]:
    items = {row.item for row in rows}
    matters = {matter.id: matter for matter in _seen(models.Matter.objects.filter(pk__in=items), scope)}
    titles = titles_of(matters)
    names = dict(models.Organisation.objects.filter(pk__in={matter.unit for matter in matters.values()}).values_list("id", "name"))
    found = []
    for row in rows:
        if (matter := matters.get(row.item)) is None:
            continue
        at = datetime.fromisoformat(row.due_at)
        mechanism = rules_for(matter.mechanism, matter.version).mechanism
        found.append(Due(
            matter.id, matter.number, titles.get(matter.id, ""), matter.mechanism, _title(mechanism, row.key), clocks.day_of(at, zone), at,
            matter.light, row.lapsed_at != "", names.get(matter.unit, ""),
            matter.internal or mechanism.is_internal(matter.variant) or tells_of_persons(mechanism),
        ))  # fmt: skip
    return found


def _seen(found: QuerySet[models.Matter], scope: Scope) -> QuerySet[models.Matter]:
    """The clocks of a unit's own are seen by the unit; else the region decides."""
    return found if scope.item_regions is None else found.filter(region_code__in=scope.item_regions)


def _title(mechanism: Mechanism, key: str) -> Words:
    timed = mechanism.clock(key) or next((rhythm for rhythm in mechanism.rhythms if rhythm.key == key), None)
    return timed.title if timed else Words(key, key)
