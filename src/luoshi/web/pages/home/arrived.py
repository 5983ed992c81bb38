"""What came in: the newest documents with how far each is, and the files that are not read yet or cannot be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db.models import QuerySet

from luoshi.desk.actor import Actor
from luoshi.ledger import models
from luoshi.ledger.incoming import files_seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of
from luoshi.web.pages.documents.view import bar, progress_by_document
from luoshi.web.words import current_lang

#: so many of the newest documents are shown, with counts of their facts
SHOWN: Final = 6
#: of what is to be done; counts go up to it and say "100+" beyond
MOST: Final = 100


class Arrived(msgspec.Struct, frozen=True):
    """A document with what is left to do on it; ``tasks`` that are no items yet, of a breakdown only."""

    id: str
    title: str
    kind: str
    at: str
    unconfirmed: bool
    open: int
    tasks: int
    disputed: int
    bar: dict[str, Any]


def documents_seen(scope: Scope) -> QuerySet[models.Document]:
    """The documents of the ledger that the scope sees: the newest version of each."""
    found = models.Document.objects.exclude(state="withdrawn").filter(newest=True)
    return found if scope.regions is None else found.filter(region_code__in=scope.regions)


def arrived(scope: Scope) -> list[Arrived]:
    """The newest documents, newest first."""
    rows = list(documents_seen(scope).order_by("-number")[:SHOWN])
    states = progress_by_document([row.id for row in rows])
    left = _tasks_left([row for row in rows if row.kind == "breakdown"])
    return [_arrived(row, states.get(row.id, {}), left) for row in rows]


def _arrived(row: models.Document, states: Mapping[str, int], left: Mapping[str, int]) -> Arrived:
    return Arrived(
        id=row.id, title=title_of(row, current_lang()), kind=row.kind, at=row.read_at, unconfirmed=row.state == "open",
        open=states.get("open", 0), tasks=left.get(row.id, 0), disputed=states.get("disputed", 0), bar=bar(states),
    )  # fmt: skip


def _tasks_left(documents: Sequence[models.Document]) -> dict[str, int]:
    """How many tasks of breakdowns are neither rejected nor items. Told from what is there: most facts are no item, so looking for those is slow."""
    ids = [document.id for document in documents]
    if not ids:
        return {}
    gone = Counter(models.Item.objects.filter(document__in=ids, state="open").exclude(fact="").values_list("document", flat=True))
    gone += Counter(models.Fact.objects.filter(document__in=ids, state="rejected", kind="task").values_list("document", flat=True))
    return {document.id: max(0, document.tasks - gone[document.id]) for document in documents}


def refused_files(actor: Actor, scope: Scope, since: str) -> list[models.File]:
    """The files that came in since and could not be read, of those that one sees."""
    return list(files_seen(actor.id, scope).filter(state="refused", received_at__gte=since).order_by("-received_at")[:5])


def capped(found: QuerySet[Any]) -> int:
    """How many rows, counted no further than one above ``MOST``."""
    return found.order_by()[: MOST + 1].count()
