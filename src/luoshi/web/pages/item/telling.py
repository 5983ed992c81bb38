"""What the page of an item tells: its source with marks, its duties with who holds the posts, and the facts beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from luoshi.ledger import models
from luoshi.ledger.holding import is_in_force

ROLES: Final = ("leader", "lead", "support")
#: so many facts of the same section are shown
_BESIDE: Final = 30
_SHOWN_KINDS: Final = ("measure", "project", "task")


class Part(msgspec.Struct, frozen=True):
    """A stretch of the source; ``mark`` says what it is: a role, ``due``, or nothing."""

    text: str
    mark: str = ""


class Told(msgspec.Struct, frozen=True):
    """A duty: the name as written, the organisation or post it is told to be, who holds the post now and who did at the time."""

    role: str
    name: str
    unit: str = ""
    unit_name: str = ""
    group: str = ""
    doubt: str = ""
    post: str = ""
    now: str = ""
    then: str = ""


def source_parts(fact: models.Fact, duties: Iterable[models.Duty]) -> list[Part]:
    """The words of the fact, those marked that name who answers and until when."""
    length = len(fact.text)
    record = msgspec.json.decode(fact.data)
    spans = [(duty.start - fact.start, duty.end - fact.start, duty.role) for duty in duties if duty.end > duty.start]
    if deadline := record.get("deadline"):
        spans.append((deadline["start"] - fact.start, deadline["end"] - fact.start, "due"))
    parts, at = list[Part](), 0
    for start, end, mark in sorted(spans):
        if not at <= start < end <= length:
            continue
        if start > at:
            parts.append(Part(fact.text[at:start]))
        parts.append(Part(fact.text[start:end], mark))
        at = end
    return [*parts, Part(fact.text[at:])] if at < length else parts


def duties_told(duties: Sequence[models.Duty], *, then: str, now: str) -> list[tuple[str, list[Told]]]:
    """The duties by role, each role that somebody has; ``then`` and ``now`` are days."""
    units = models.Organisation.objects.in_bulk([duty.organisation for duty in duties if duty.organisation])
    posts = models.Post.objects.in_bulk([duty.post for duty in duties if duty.post])
    holdings = list(models.Holding.objects.filter(post__in=posts, live=True)) if posts else []
    told = [_told(duty, units, posts, holdings, then, now) for duty in sorted(duties, key=lambda duty: duty.place)]
    return [(role, found) for role in ROLES if (found := [one for one in told if one.role == role])]


def _told(
    duty: models.Duty, units: dict[str, models.Organisation], posts: dict[str, models.Post], holdings: Sequence[models.Holding], then: str, now: str
) -> Told:  # fmt: skip
    unit, post = units.get(duty.organisation), posts.get(duty.post)
    return Told(
        role=duty.role, name=duty.name, unit=unit.id if unit else "", unit_name=unit.name if unit else "",
        group=unit.members if unit and unit.kind == "group" else "", doubt=unit.doubt if unit else "", post=post.title if post else "",
        now="、".join(_holders(holdings, duty.post, now)), then="、".join(_holders(holdings, duty.post, then)),
    )  # fmt: skip


def _holders(holdings: Iterable[models.Holding], post: str, day: str) -> list[str]:
    """Who held a post on a day."""
    return [one.person for one in holdings if post and one.post == post and is_in_force(one, day)]


class Beside(msgspec.Struct, frozen=True):
    """The facts within the item's own sentence, and the others of its section."""

    inside: tuple[models.Fact, ...]
    section: tuple[models.Fact, ...]


def facts_beside(fact: models.Fact) -> Beside:
    """The measures and projects in the words of the item, then those around them."""
    found = models.Fact.objects.filter(document=fact.document, kind__in=_SHOWN_KINDS).exclude(state="rejected").exclude(pk=fact.id)
    inside = found.filter(start__gte=fact.start, end__lte=fact.end).order_by("ordinal")
    outside = found.filter(section=fact.section).exclude(start__gte=fact.start, end__lte=fact.end).order_by("ordinal")
    return Beside(tuple(inside), tuple(outside[:_BESIDE]) if fact.section >= 0 else ())
