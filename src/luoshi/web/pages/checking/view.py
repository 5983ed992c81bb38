"""The queue of the supervision office: matters whose turn it is, with what was reported beside the words of the target, and the acts in place."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.actor import Actor
from luoshi.desk.matters.ruling import all_current
from luoshi.ledger import models
from luoshi.ledger.called import names_of
from luoshi.ledger.desks import Said, last_said
from luoshi.ledger.matters import InOrder, items_of, turns
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of
from luoshi.loop.clock import day_of
from luoshi.loop.mechanism import Mechanism
from luoshi.web.deeds import Deed, Handled, acted, actors, every, handled, in_words
from luoshi.web.page import Page, Route, actor_of, address, show
from luoshi.web.pages.desk.view import near
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import current_lang

SIZE: Final = 8


class Stage(msgspec.Struct, frozen=True):
    """A stage in which matters wait, with how many; ``checks``: what is reported is looked at there."""

    key: str
    title: str
    mechanism: str
    count: int
    checks: bool


class Queue(msgspec.Struct, frozen=True):
    """What waits of one mechanism: ``first`` the stage that one looks at first."""

    title: str
    first: str
    count: int
    current: bool


class Case(msgspec.Struct, frozen=True):
    """A matter to be looked at: the target's words and where they stand, what was said, the evidence, the acts."""

    handled: Handled
    title: str
    words: str
    source: str
    source_address: str
    said: Said | None
    evidence: tuple[models.Evidence, ...]
    unit: str
    due: str
    told: str
    deeds: tuple[Deed, ...]


def view(request: HttpRequest) -> HttpResponseBase:
    """The matters of a stage (``?stage=M01.checking``), those to be checked first."""
    actor, scope, now, known = _actor(request), scope_of(request), datetime.now(UTC), all_current()
    stages = waiting_stages(scope, known)
    wanted = request.GET.get("stage", "")
    stage = next((one for one in stages if one.key == wanted), stages[0] if stages else None)
    rows: Any = []
    if stage is not None:
        mechanism, _, key = stage.key.partition(".")
        rows = InOrder(turns(scope, actors(known, role="supervisor")).filter(mechanism=mechanism, stage=key))
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    found = cases(list(page.object_list), actor, scope, now, known)
    return show(request, {
        "queues": queues(stages, stage), "stages": [one for one in stages if stage and one.mechanism == stage.mechanism], "stage": stage,
        "cases": found, "page_obj": page, "here": request.get_full_path(),
    })  # fmt: skip


def queues(stages: Sequence[Stage], chosen: Stage | None) -> list[Queue]:
    """What waits by mechanism, in the order of their first stages."""
    found: dict[str, list[Stage]] = {}
    for one in stages:
        found.setdefault(one.mechanism, []).append(one)
    return [
        Queue(title, mine[0].key, sum(one.count for one in mine), chosen is not None and chosen.mechanism == title)
        for title, mine in found.items()
    ]


def waiting_stages(scope: Scope, known: Sequence[Mechanism]) -> list[Stage]:
    """The stages in which matters wait for the supervision office: those first in which something is checked, then the fullest."""
    rows = turns(scope, actors(known, role="supervisor")).order_by().values("mechanism", "stage").annotate(count=Count("*"))
    titles = {one.id: one for one in known}
    found = [_stage(titles[row["mechanism"]], row["stage"], row["count"]) for row in rows if row["mechanism"] in titles]
    return sorted(found, key=lambda one: (not one.checks, -one.count, one.key))


def _stage(mechanism: Mechanism, key: str, count: int) -> Stage:
    title = next((in_words(stage.title) for stage in mechanism.stages if stage.key == key), key)
    checks = any(act.effect == "check" and key in act.at for act in mechanism.acts)
    return Stage(f"{mechanism.id}.{key}", title, in_words(mechanism.title), count, checks)


def cases(rows: Sequence[models.Matter], actor: Actor, scope: Scope, now: datetime, known: Sequence[Mechanism]) -> list[Case]:
    """The matters with what is to be looked at."""
    beside = _Beside(rows, scope, known)
    return [beside.case(one, now) for one in handled(rows, actor, now)]


class _Beside:
    """What stands beside matters, looked up for all of them together."""

    def __init__(self, rows: Sequence[models.Matter], scope: Scope, known: Sequence[Mechanism]) -> None:
        keys = [row.id for row in rows]
        self.items, self.said = items_of(keys), last_said(keys, every(actors(known)))
        self.facts = models.Fact.objects.in_bulk([item.fact for item in self.items.values() if item.fact])
        documents = models.Document.objects.in_bulk([item.document for item in self.items.values() if item.document])
        self.documents = {key: row for key, row in documents.items() if row.state != "withdrawn" and scope.sees_document(row.region_code)}
        self.evidence: dict[str, list[models.Evidence]] = {}
        for row in models.Evidence.objects.filter(item__in=keys, live=True).order_by("-seq", "id"):
            self.evidence.setdefault(row.item, []).append(row)
        self.units = names_of({row.unit for row in rows})

    def case(self, one: Handled, now: datetime) -> Case:
        """A matter with the words of its target and what was reported."""
        row, item = one.row, self.items.get(one.row.id)
        due = datetime.fromisoformat(row.next_due) if row.next_due else None
        fact, document = (self.facts.get(item.fact), self.documents.get(item.document)) if item else (None, None)
        return Case(
            handled=one, title=one.title(self.items), words=one.shown((fact.text if fact else "") or (item.text if item else "")),
            source=title_of(document, current_lang()) if document else "",
            source_address=f"{address('room', document=document.id)}#{fact.id}" if document and fact else "",
            said=one.said(self.said), evidence=tuple(self.evidence.get(row.id, ())),
            unit=self.units.get(row.unit, "") or (item.lead if item else ""), due=day_of(due, zone()).isoformat() if due else "",
            told=near(due, now) if due else "", deeds=tuple(_in_order(one)),
        )  # fmt: skip


def _in_order(one: Handled) -> list[Deed]:
    """The acts with those first that decide."""
    place = {"pass": 0, "close": 1, "fail": 2}
    return sorted(one.deeds(), key=lambda deed: place.get(deed.quality or deed.effect, 3))


def act(request: HttpRequest, item: str, act: str) -> HttpResponseBase:
    """An act of a form in the queue."""
    return acted(request, item, act, "checking")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "checking", "checking", view,
    routes=(Route("act", "checking/<str:item>/<str:act>", act, right="matter.act", method="POST"),),
)  # fmt: skip
