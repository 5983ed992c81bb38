"""Inspections of the ledger that get in each other's way (Order 733, article 15), for whoever plans or approves one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import today
from luoshi.ledger.holding import is_in_force
from luoshi.ledger.veiling import titles_of
from luoshi.loop.matter import Matter
from luoshi.loop.overlap import Inspection, Overlap, TooOften, overlaps, too_often
from luoshi.loop.timing import day_given

#: the mechanism of inspections, and the part of those that are inspected
INSPECTION: Final = "M02"
_OBJECT: Final = "object"


class Clash(msgspec.Struct, frozen=True):
    """Another inspection that this one meets: its item, number and title, and the reason in words."""

    item: str
    number: str
    title: str
    reason: str


def clashes(item: str) -> list[Clash]:
    """What a planned inspection meets: others with the same object, content and days, and others of its kind in the year.

    Empty for what is no inspection or has no plan yet. Those that have ended without a conclusion do not count.
    """
    plans = {plan.id: plan for plan in _plans()}
    if item not in plans:
        return []
    groups = _groups()
    mine = [found for found in overlaps(list(plans.values()), groups) if item in (found.one, found.other)]
    often = [found for found in too_often(list(plans.values()), groups) if item in found.plans]
    return list(_told(item, mine, often))


def _plans() -> Iterator[Inspection]:
    """The plans of all inspections but those ended before they came to anything."""
    rows = models.Matter.objects.filter(mechanism=INSPECTION).exclude(state="ended").order_by("number")
    for row in rows:
        plan = _plan(life_of(row.life))
        if plan is not None:
            yield plan


def _plan(matter: Matter) -> Inspection | None:
    fields = matter.fields
    start, end = day_given(fields.get("start_day")), day_given(fields.get("end_day"))
    if start is None or end is None:
        return None
    return Inspection(
        matter.item, str(fields.get("designated") or fields.get("authority_by") or ""), str(fields.get("type", "")),
        str(fields.get("content", "")), frozenset(matter.parts.get(_OBJECT, ())), start, end, tuple(fields.get("sections", ())),
    )  # fmt: skip


def _groups() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    day = today()
    for row in models.Member.objects.filter(live=True):
        if is_in_force(row, day):
            found.setdefault(row.group, []).append(row.organisation)
    return found


def _told(item: str, mine: list[Overlap], often: list[TooOften]) -> Iterator[Clash]:
    others = {found.other if found.one == item else found.one: found.reason for found in mine}
    for one in often:
        others.update({plan: one.reason for plan in one.plans if plan != item and plan not in others})
    numbers = dict(models.Matter.objects.filter(pk__in=others).values_list("id", "number"))
    titles = titles_of(others)
    for other, reason in others.items():
        yield Clash(other, numbers.get(other, ""), titles.get(other, ""), reason)
