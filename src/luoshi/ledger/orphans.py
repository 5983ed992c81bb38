"""Targets that no task carries out, and tasks that no figure measures: a place's reports of a year beside its breakdowns and items.

A target has a task where an item was made of it, where a task or an item of a breakdown holds its words, or where the text of one names the same
thing or the same figure. A task has a target where figures that are to be reached stand in it, or where it names what a target of the reports is about.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.db.models import Q

from luoshi.extract.catalogue import spelled
from luoshi.ledger import models
from luoshi.ledger.following import visible_facts
from luoshi.ledger.scope import Scope
from luoshi.link.naming import core, is_bare

_COLUMNS: Final = (
    "id",
    "document",
    "kind",
    "start",
    "end",
    "text",
    "clause",
    "name",
    "indicator_id",
    "item",
    "section_title",
    "lead",
    "value",
)
_MOST: Final = 3000
_SHORTEST: Final = 3
_BLANKS: Final = re.compile(r"\s+")


class Orphans(msgspec.Struct, frozen=True):
    """``targets`` without a task and ``tasks`` without a target, each a fact; how many there are of each in all; the documents looked at."""

    year: int | None
    years: tuple[int, ...]
    targets: tuple[Any, ...] = ()
    tasks: tuple[Any, ...] = ()
    all_targets: int = 0
    all_tasks: int = 0
    reports: tuple[models.Document, ...] = ()
    breakdowns: tuple[models.Document, ...] = ()


class Task(msgspec.Struct, frozen=True):
    """What carries something out: words, and where they stand in a document, if they do."""

    words: str
    document: str
    start: int
    end: int
    fact: Any = None


def orphans_of(region: str, scope: Scope, *, year: int | None = None) -> Orphans:
    """The orphans of a place and a year, the newest with a report where none is named."""
    documents = models.Document.objects.exclude(state="withdrawn").filter(newest=True, region_code=region, year__isnull=False)
    if scope.regions is not None and region not in scope.regions:
        documents = documents.none()
    years = tuple(sorted({row for row in documents.filter(kind="report").values_list("year", flat=True) if row is not None}, reverse=True))
    chosen = year if year in years else next(iter(years), None)
    if chosen is None:
        return Orphans(None, years)
    mine = list(documents.filter(year=chosen).order_by("number"))
    reports, breakdowns = [one for one in mine if one.kind == "report"], [one for one in mine if one.kind == "breakdown"]
    facts = visible_facts(scope).filter(document__in=[one.id for one in mine])
    targets = list(
        facts.filter(kind="measure", role="target", document__in=[one.id for one in reports])
        .order_by("ordinal")
        .values_list(*_COLUMNS, named=True)[:_MOST]
    )
    listed = list(
        facts.filter(kind="task", document__in=[one.id for one in breakdowns])
        .order_by("ordinal")
        .values_list(*_COLUMNS, named=True)[:_MOST]
    )
    tasks = [Task(_told(one.text), one.document, one.start, one.end, one) for one in listed]
    inside = list(
        facts.filter(kind="measure", role="target", document__in=[one.id for one in breakdowns]).values_list("document", "start", "end")
    )
    names = {name for one in targets if (name := _name(one.name))}
    carried = [*tasks, *_items(region, chosen, [one.id for one in mine])]
    return Orphans(
        chosen, years,
        targets=tuple(one for one in targets if not _has_task(one, carried)),
        tasks=tuple(one.fact for one in tasks if not _has_target(one, inside, names)),
        all_targets=len(targets), all_tasks=len(tasks), reports=tuple(reports), breakdowns=tuple(breakdowns),
    )  # fmt: skip


def _items(region: str, year: int, documents: Sequence[str]) -> list[Task]:
    """The items of the place and year, with where the words they rest on stand."""
    rows = list(
        models.Item.objects.exclude(state="dropped")
        .filter(region_code=region)
        .filter(Q(year=year) | Q(document__in=documents))
        .values_list("fact", "document", "title", "text")
    )
    spans = {
        key: (start, end)
        for key, start, end in models.Fact.objects.filter(id__in=[row[0] for row in rows if row[0]]).values_list("id", "start", "end")
    }
    return [Task(_told(f"{title}。{text}"), document, *spans.get(fact, (-1, -1))) for fact, document, title, text in rows]


def _told(words: str) -> str:
    return spelled(_BLANKS.sub("", words))


def _name(name: str) -> str:
    """The name as it is looked for in a task; ``""`` for one that says too little."""
    found = core(name) if name else ""
    return spelled(found) if len(found) >= _SHORTEST and not is_bare(found) else ""


def _has_task(target: Any, tasks: Sequence[Task]) -> bool:
    if target.item:
        return True
    name, figure = _name(target.name), _figure(target.clause, target.text)
    return any(
        (task.document == target.document and task.start <= target.start and target.end <= task.end)
        or (name and name in task.words)
        or (figure and figure in task.words)
        for task in tasks
    )


def _figure(clause: str, text: str) -> str:
    """The figure with the two signs in front of it, by which a task says the same again: 项目142个; ``""`` where nothing stands in front."""
    at = clause.find(text)
    return _told(clause[at - 2 : at] + text) if at > 1 else ""


def _has_target(task: Task, inside: Sequence[tuple[str, int, int]], names: set[str]) -> bool:
    if any(document == task.document and task.start <= start and end <= task.end for document, start, end in inside):
        return True
    return any(name in task.words for name in names)
