"""What the script of the page is given: rows, units and people, each name once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from luoshi.desk.items import Duty, Planned
from luoshi.ledger import models
from luoshi.ledger.knowing import Posts, Units
from luoshi.ledger.places import tree
from luoshi.web.pages.promote.doubts import doubt_of, reasons_of

#: so many known names are offered while somebody types
_OFFERED: Final = 600
_ROLES: Final = ("leader", "lead", "support")


def payload(document: models.Document, planned: Sequence[Planned]) -> dict[str, Any]:
    """Rows (those made already are elsewhere), with the units and people that they name."""
    fresh = [one for one in planned if not one.item]
    duties = [duty for one in fresh for duty in one.duties]
    sections = {one.section: one.section_title for one in sorted(fresh, key=lambda one: one.ordinal)}
    doubts = {key for one in fresh for key in one.doubts} | {"no-lead", "no-due"}
    return {
        "breakdown": document.kind == "breakdown",
        "rows": [_row(one) for one in fresh],
        "units": units_told(duties),
        "people": people_told(duties),
        "sections": list(sections.items()) if document.kind != "breakdown" else [],
        "doubts": _doubts_told(doubts),
        "known": known_names(document.region_code),
    }


def _row(one: Planned) -> list[Any]:
    """Compact, for a plan may have a thousand: fact, number, title, section, due, due as written, open-ended, names by role, doubts."""
    names = [[duty.name for duty in one.names(role)] for role in _ROLES]
    return [one.fact, one.number, one.title, one.section, one.due, one.due_text, one.open_ended, *names, list(one.doubts)]


def units_told(duties: Iterable[Duty]) -> dict[str, dict[str, Any]]:
    """By name as written: the body it means, whether the ledger has it, why, and what is doubtful."""
    return {
        duty.name: {"id": duty.organisation, "name": duty.canonical, "new": duty.new, "why": reasons_of(duty.reason), "doubt": duty.doubt}
        for duty in duties
        if duty.role != "leader"
    }


def people_told(duties: Iterable[Duty]) -> dict[str, dict[str, str]]:
    """By name: the post that the person holds."""
    leaders = {duty.name: duty for duty in duties if duty.role == "leader"}
    posts = models.Post.objects.in_bulk([duty.post for duty in leaders.values() if duty.post])
    return {name: {"post": posts[duty.post].title if duty.post in posts else "", "doubt": duty.doubt} for name, duty in leaders.items()}


def names_told(document: models.Document, names: Sequence[str]) -> dict[str, Any]:
    """The same for names that a person has written."""
    units, posts = Units(), Posts()
    found = {name: units.find(name, document.region_code) for name in names}
    known = set(models.Organisation.objects.filter(id__in=[one.id for one in found.values()]).values_list("id", flat=True))
    duties = [
        Duty("lead", name, organisation=units.current(one.id), canonical=one.canonical, reason=one.reason, doubt=one.doubt, new=one.id not in known)
        for name, one in found.items()
    ]  # fmt: skip
    leaders = []
    for name in names:
        post, doubt = posts.find(name, document.region_code, document.date)
        leaders.append(Duty("leader", name, post=post, doubt=doubt))
    doubts = {duty.doubt for duty in (*duties, *leaders) if duty.doubt}
    return {"units": units_told(duties), "people": people_told(leaders), "doubts": _doubts_told(doubts)}


def _doubts_told(keys: Iterable[str]) -> dict[str, dict[str, str]]:
    doubts = [doubt_of(key) for key in sorted(keys)]
    return {doubt.key: {"words": doubt.words, "remedy": doubt.remedy} for doubt in doubts}


def known_names(region_code: str) -> list[str]:
    """The names of the organisations of a region and of those above it, to be offered while somebody types."""
    above = tree().ancestors(region_code)
    found = models.Organisation.objects.filter(region_code__in=[region_code, *above], successor="")
    rows = found.order_by("id").values_list("region_code", "name")[:_OFFERED]
    return sorted({name for _, name in rows}, key=lambda name: (len(name), name))
