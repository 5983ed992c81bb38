"""The leader's page: red and why, waiting for my decision, an instruction; approved or refused in place. It prints on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.actor import Actor
from luoshi.desk.matters.ruling import all_current, lights_now
from luoshi.ledger import models
from luoshi.ledger.belonging import today
from luoshi.ledger.called import names_of
from luoshi.ledger.desks import Said, last_said
from luoshi.ledger.entry import moment
from luoshi.ledger.holding import posts_of, posts_of_others, unclear_for
from luoshi.ledger.matters import InOrder, Wish, chosen, items_of, turns
from luoshi.ledger.scope import Scope
from luoshi.loop.clock import day_of, overdue_days
from luoshi.loop.mechanism import Mechanism
from luoshi.web.deeds import Deed, Handled, acted, actors, every, handled
from luoshi.web.page import Page, Route, actor_of, address, show
from luoshi.web.pages.board.view import why_lit
from luoshi.web.seen import scope_of, zone

#: what fits: so many of each are shown
SHOWN: Final = 20


class Told(msgspec.Struct, frozen=True):
    """A matter as a leader sees it: why it is red or waits, how late, who answers, what was said last, what may be done."""

    handled: Handled
    title: str
    unit: str
    why: str
    late: int
    due: str
    said: Said | None
    deeds: tuple[Deed, ...]
    instruct: Deed | None
    asks: str


def view(request: HttpRequest) -> HttpResponseBase:
    """The page; ``?all=1`` with what other leaders lead too."""
    actor, scope, now, known = _actor(request), scope_of(request), datetime.now(UTC), all_current()
    posts = posts_of(actor.id, today())
    whole = request.GET.get("all") == "1" or not posts
    red = red_for(scope, posts, now, whole=whole)
    waiting = waiting_for(actor.id, scope, known, posts)
    red_rows, waiting_rows = InOrder(red), InOrder(waiting)
    return show(request, {
        "red": told(red_rows[:SHOWN], actor, now, known), "red_count": red_rows.count(), "waiting": told(waiting_rows[:SHOWN], actor, now, known),
        "waiting_count": waiting_rows.count(), "shown": SHOWN, "whole": whole, "has_posts": bool(posts), "here": request.get_full_path(),
        "unclear": bool(unclear_for(actor.id, today())), "red_address": address("board", query={"light": worst()}), "day": today(),
    })  # fmt: skip


def worst() -> str:
    """The worst colour of the light rule that is set."""
    return lights_now().colours[-1].key


def red_for(scope: Scope, posts: frozenset[str], now: datetime, *, whole: bool) -> QuerySet[models.Matter]:
    """The matters with the worst light: those that the posts lead, or all that the scope sees."""
    found = chosen(Wish(light=worst()), scope, moment(now))
    return found if whole else found.filter(_named(posts))


def waiting_for(account: str, scope: Scope, known: Sequence[Mechanism], posts: frozenset[str]) -> QuerySet[models.Matter]:
    """The matters that wait for a leader's decision: of the own posts, and those that are named for no other leader with an account."""
    others = posts_of_others(account, today()) - unclear_for(account, today())
    return turns(scope, actors(known, role="leader")).filter(_named(posts) | ~Q(leader__in=others))


def _named(posts: frozenset[str]) -> Q:
    """The matters that name one of these posts, be it beside others."""
    return Q(leader__in=posts) | Q(pk__in=models.Duty.objects.filter(post__in=posts, role="leader", live=True).values("item"))


def told(rows: Sequence[models.Matter], actor: Actor, now: datetime, known: Sequence[Mechanism]) -> list[Told]:
    """The matters with what is to be known of each."""
    keys = [row.id for row in rows]
    items, said, units = items_of(keys), last_said(keys, every(actors(known))), names_of({row.unit for row in rows})
    return [_told(one, items, one.said(said), units, now) for one in handled(rows, actor, now)]


def _told(one: Handled, items: Mapping[str, models.Item], said: Said | None, units: Mapping[str, str], now: datetime) -> Told:
    due = datetime.fromisoformat(one.row.next_due) if one.row.next_due else None
    deeds, item = one.deeds(), items.get(one.row.id)
    return Told(
        handled=one, title=one.title(items), unit=units.get(one.row.unit, "") or (item.lead if item else ""),
        why=why_lit(one.matter), late=overdue_days(due, now, zone()) if due and now > due else 0,
        due=day_of(due, zone()).isoformat() if due else "", said=said, deeds=tuple(_deciding(one, deeds)),
        instruct=next((deed for deed in deeds if deed.effect == "instruct"), None), asks=_asks(one),
    )  # fmt: skip


def _deciding(one: Handled, deeds: Sequence[Deed]) -> list[Deed]:
    """The acts that decide what waits in this stage; those that may be done to any matter at any time stand on its own page."""
    here = {able.act.key for able in one.acts if able.act.at == (one.matter.stage,) or able.act.pending}
    return [deed for deed in deeds if deed.key in here]


def _asks(one: Handled) -> str:
    """Until when somebody asks to have."""
    asked: Mapping[str, Any] = one.matter.asked
    return str(asked.get("date", ""))


def act(request: HttpRequest, item: str, act: str) -> HttpResponseBase:
    """An act of a form on the page."""
    return acted(request, item, act, "leader")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "leader", "leader", view,
    routes=(Route("act", "leader/<str:item>/<str:act>", act, right="matter.act", method="POST"),),
)  # fmt: skip
