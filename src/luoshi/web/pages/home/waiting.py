"""What waits for the one who looks, by what they may do: counted lines with the page where it is done, disputes, and items by their date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any, Final

import msgspec
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from luoshi.desk.actor import Actor, Role
from luoshi.desk.days import is_past
from luoshi.desk.matters.ruling import all_current
from luoshi.ledger import models, tables
from luoshi.ledger.belonging import today, units_for
from luoshi.ledger.desks import ask_counts, asks, bounds
from luoshi.ledger.entry import moment
from luoshi.ledger.holding import posts_of
from luoshi.ledger.incoming import files_seen
from luoshi.ledger.matters import Wish, chosen, turns
from luoshi.ledger.scope import Scope
from luoshi.ledger.veiling import shown
from luoshi.web.deeds import actors
from luoshi.web.page import allowed
from luoshi.web.pages.home.arrived import MOST, capped, documents_seen, refused_files
from luoshi.web.pages.leader.view import red_for, waiting_for, worst
from luoshi.web.seen import zone
from luoshi.web.words import say

_DISPUTES: Final = 5
_ITEMS: Final = 12


class Wait(msgspec.Struct, frozen=True):
    """A line: what waits, how many of it (``100+`` where there are more), where it is done."""

    words: str
    count: str
    address: str
    kind: str = "open"


class Due(msgspec.Struct, frozen=True):
    """An item with the part that one has in it."""

    item: models.Item
    role: str
    late: bool


def waits(request: HttpRequest, actor: Actor, scope: Scope, since: str) -> list[Wait]:
    """The lines that have something in them."""
    found = [
        *_matters(request, actor, scope),
        *_intake(request, actor, scope, since),
        *_items(request, scope),
        *_organisations(request),
        *_administration(request, actor),
    ]
    return [wait for wait in found if wait.count != "0"]


def _matters(request: HttpRequest, actor: Actor, scope: Scope) -> Iterator[Wait]:
    """What of the matters waits: for a unit what is due, for a leader and the supervision office whose turn it is, and what is red."""
    now = datetime.now(UTC)
    if allowed(request, "desk") and actor.unit:
        counts = ask_counts(asks(units_for([actor.unit])), bounds(now, zone()))
        yield Wait(say("home.wait_overdue"), str(counts["overdue"]), _address("desk", "?when=overdue"), "wrong")
        yield Wait(say("home.wait_today"), str(counts["today"]), _address("desk", "?when=today"))
        yield Wait(say("home.wait_week"), str(counts["week"]), _address("desk", "?when=week"))
    if allowed(request, "leader"):
        posts = posts_of(actor.id, today())
        yield Wait(say("home.wait_decision"), _told(capped(waiting_for(actor.id, scope, all_current(), posts))), _address("leader"))
        yield Wait(say("home.wait_red_mine"), _told(capped(red_for(scope, posts, now, whole=not posts))), _address("leader"), "wrong")
    if allowed(request, "checking"):
        turn = turns(scope, actors(all_current(), role="supervisor"))
        yield Wait(say("home.wait_checking"), _told(capped(turn)), _address("checking"))
        red = chosen(Wish(light=worst()), scope, moment(now))
        yield Wait(say("home.wait_red"), _told(capped(red)), _address("board", f"?light={worst()}"), "wrong")


def _intake(request: HttpRequest, actor: Actor, scope: Scope, since: str) -> Iterator[Wait]:
    if not allowed(request, "document.receive"):
        return
    yield Wait(say("home.wait_refused"), str(len(refused_files(actor, scope, since))), _address("intake"), "wrong")
    yield Wait(say("home.wait_reading"), _told(capped(files_seen(actor.id, scope).filter(state="received"))), _address("intake"))
    yield Wait(
        say("home.wait_unconfirmed"), _told(capped(documents_seen(scope).filter(state="open"))), _address("documents", "?state=open")
    )


def _items(request: HttpRequest, scope: Scope) -> Iterator[Wait]:
    if allowed(request, "item.correct"):
        doubtful = items_seen(scope).exclude(doubt="")
        yield Wait(say("home.wait_item_doubts"), _told(capped(doubtful)), _address("items", "?doubt=1"), "doubt")


def _organisations(request: HttpRequest) -> Iterator[Wait]:
    if allowed(request, "organisation.correct"):
        doubtful = models.Organisation.objects.filter(successor="").exclude(doubt="")
        address = _address("organisations", "?doubt=1") if allowed(request, "organisations") else _address("admin_units", "?doubt=1")
        yield Wait(say("home.wait_unit_doubts"), _told(capped(doubtful)), address, "doubt")


def _administration(request: HttpRequest, actor: Actor) -> Iterator[Wait]:
    """What is there for the administrators: places to go rather than work that waits, but for accounts without a role."""
    if Role.SECURITY_ADMIN in actor.roles:
        bare = models.Account.objects.filter(active=True, roles__in=("[]", ""))
        yield Wait(say("home.wait_no_roles"), _told(capped(bare)), _address("admin_accounts"), "doubt")


def items_seen(scope: Scope) -> QuerySet[models.Item]:
    """The open items that the scope sees."""
    return tables.items_seen(scope).filter(state="open")


def disputes(request: HttpRequest, actor: Actor, scope: Scope) -> list[models.Fact]:
    """The facts on which two differ and this person may decide: not a party to it."""
    if not allowed(request, "fact.decide"):
        return []
    found = models.Fact.objects.filter(state="disputed", document__in=documents_seen(scope).values("id")).order_by("ordinal")
    rows = found.only("id", "document", "text", "name", "clause", "checks").iterator()
    return list(islice((fact for fact in rows if actor.id not in msgspec.json.decode(fact.checks)), _DISPUTES))


def due_items(actor: Actor, scope: Scope, today: str) -> list[Due]:
    """The items of a liaison's unit, or of the posts that a leader holds, by their date: late ones first, those without a date last."""
    duties = _own_duties(actor, today)
    if duties is None:
        return []
    roles = dict(duties.order_by("role", "place").values_list("item", "role"))
    found = items_seen(scope).filter(id__in=duties.values("item"))
    rows = [*found.exclude(due="").order_by("due", "ordinal")[:_ITEMS], *found.filter(due="").order_by("ordinal")[:_ITEMS]]
    return [Due(row, roles.get(row.id, ""), is_past(row.due, today)) for row in shown(rows[:_ITEMS])]


def _own_duties(actor: Actor, today: str) -> QuerySet[models.Duty] | None:
    live = models.Duty.objects.filter(live=True)
    if Role.LIAISON in actor.roles and actor.unit:
        return live.filter(organisation__in=units_for([actor.unit], today))
    if Role.LEADER in actor.roles:
        posts = posts_of(actor.id, today)
        return live.filter(post__in=posts, role="leader") if posts else None
    return None


def _told(count: int) -> str:
    return f"{MOST}+" if count > MOST else str(count)


def _address(name: str, query: str = "", **values: Any) -> str:
    try:
        return reverse(name, kwargs=values or None) + query
    except NoReverseMatch:
        return ""
