"""Which organisations count for a unit: what it was and goes on as, and the groups that it is a member of."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from zoneinfo import ZoneInfo

from django.conf import settings

from luoshi.ledger import models
from luoshi.ledger.store import now


def units_for(units: Collection[str], day: str = "") -> frozenset[str]:
    """The ids of these units, of what each goes on as, of what went on as it, and of the groups that it is a member of on a day (today).

    A duty of any of them is a duty of the unit.
    """
    own = lineage(units)
    return own | lineage(groups_of(own, day or today()))


def lineage(units: Collection[str]) -> frozenset[str]:
    """These units, the units that they go on as, and those that went on as they did."""
    start = frozenset(units) - {""}
    return start | _walk(start, _heirs) | _walk(start, _forebears)


def groups_of(units: Collection[str], day: str) -> frozenset[str]:
    """The groups of which one of these units is a member on that day; one that leaves on a later day still is."""
    rows = models.Member.objects.filter(organisation__in=units)
    return frozenset(row.group for row in rows if row.valid_from <= day and (day <= row.valid_to if row.valid_to else row.live))


def today() -> str:
    """The day that it is in the office."""
    return now().astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


def _walk(start: Collection[str], step: Callable[[Collection[str]], Iterable[str]]) -> frozenset[str]:
    found, new = set[str](), set(start)
    while new:
        new = set(step(new)) - found - {""}
        found |= new
    return frozenset(found)


def _heirs(units: Collection[str]) -> Iterable[str]:
    return models.Organisation.objects.filter(id__in=units).exclude(successor="").values_list("successor", flat=True)


def _forebears(units: Collection[str]) -> Iterable[str]:
    return models.Organisation.objects.filter(successor__in=units).values_list("id", flat=True)
