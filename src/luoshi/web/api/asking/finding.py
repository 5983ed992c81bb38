"""The search over documents, facts and items."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db import connection
from django.db.models import Q

from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.ledger.search import Hit, Query, find, tag
from luoshi.ledger.tables import indicator_ids
from luoshi.ledger.titles import title_of
from luoshi.web.api import cursor as cursors
from luoshi.web.api import shapes
from luoshi.web.api.telling import quoted, text_of
from luoshi.web.words import current_lang

_FACTS: Final = frozenset({"measure", "task", "project", "term"})
#: filters as the page of the search has them
FILTERS: Final = ("region", "year", "role", "indicator", "organisation", "document", "state")


def search(scope: Scope, words: str, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Hits:
    """The best matches of the words; all of them have to be found."""
    (at,) = cursors.read("search", cursor, int) or (0,)
    if at < 0:
        raise cursors.WrongCursor("不是这一列表的续页标记", where="cursor", remedy="请原样带回上一页的 next；不带就从头开始")
    wanted = {name: tuple(filters.get(name) or ()) for name in FILTERS}
    wanted |= {"indicator": indicator_ids(wanted["indicator"]), "organisation": _organisations(wanted["organisation"])}
    groups = tuple(tuple(tag(name, value) for value in values) for name, values in wanted.items() if values)
    found = find(connection, Query(words, groups, tuple(filters.get("kind") or ()), scope, limit, at))
    after = cursors.write("search", at + limit) if at + limit < found.total else None
    return shapes.Hits(data=_told(found.hits), next=after, total=found.total, more=found.more)


def _organisations(names: Sequence[str]) -> tuple[str, ...]:
    """The ids of organisations that are given by id, name or alias; a name that nobody has stays, and fits nothing."""
    found: list[str] = []
    for name in names:
        own = models.Organisation.objects.filter(Q(pk=name) | Q(name=name)).values_list("id", flat=True)
        others = models.Alias.objects.filter(name=name, live=True).values_list("organisation", flat=True)
        found.extend([*own, *others] or [name])
    return tuple(dict.fromkeys(found))


def _told(hits: Sequence[Hit]) -> list[shapes.Hit]:
    documents = models.Document.objects.in_bulk({hit.document for hit in hits if hit.document})
    facts = models.Fact.objects.in_bulk({hit.key for hit in hits if hit.kind in _FACTS})
    return [_hit(hit, documents.get(hit.document), facts.get(hit.key)) for hit in hits]


def _hit(hit: Hit, document: models.Document | None, fact: models.Fact | None) -> shapes.Hit:
    quotation = None
    if document is not None and fact is not None:
        quotation = quoted(fact, document)
    elif document is not None and hit.kind == "passage":
        quotation = _passage(hit, document)
    return shapes.Hit(
        kind=hit.kind, id=hit.key, name=hit.name, snippet=hit.snippet, year=hit.year, document=hit.document,
        document_title=title_of(document, current_lang()) if document else "", quotation=quotation,
    )  # fmt: skip


def _passage(hit: Hit, document: models.Document) -> shapes.Quotation:
    """The snippet of a passage where it stands in the document, in the document's own words."""
    start = int(hit.key.rpartition(":")[2]) + hit.start
    words = text_of(document)[start : start + len(hit.snippet)]
    return shapes.Quotation(document=document.id, title=title_of(document, current_lang()), start=start, end=start + len(words), text=words)
