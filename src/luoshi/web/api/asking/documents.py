"""Documents, their text, their facts, and whether words stand where somebody says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import Q, QuerySet

from luoshi.desk.done import NotFound, WrongValue
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.tables import chosen, wish_of
from luoshi.ledger.titles import title_of
from luoshi.web.api import cursor as cursors
from luoshi.web.api import shapes
from luoshi.web.api.telling import document_told, fact_told, facts_told, text_of
from luoshi.web.words import current_lang

#: so many code points of a text are told at once
MOST_TEXT: Final = 20_000
_PLACES: Final = 10


def documents(scope: Scope, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Documents:
    """The documents that fit, the last read first; withdrawn ones and older versions only where they are asked for, as on the page."""
    rows, after = cursors.page("documents", _fitting(scope, filters), ("-number", "id"), cursor, limit)
    return shapes.Documents(data=[document_told(row) for row in rows], next=after)


def _fitting(scope: Scope, filters: Mapping[str, Sequence[str]]) -> QuerySet[models.Document]:
    found = models.Document.objects.all() if scope.regions is None else models.Document.objects.filter(region_code__in=scope.regions)
    states = filters.get("state") or ()
    found = found.filter(state__in=states) if states else found.exclude(state="withdrawn")
    if "1" not in (filters.get("versions") or ()) and "withdrawn" not in states:
        found = found.filter(newest=True)
    if regions := filters.get("region"):
        found = found.filter(region_code__in={code for one in regions for code in tree().subtree(one)})
    if kinds := filters.get("kind"):
        found = found.filter(kind__in=kinds)
    if years := filters.get("year"):
        found = found.filter(_years(years))
    for word in (word for words in filters.get("q") or () for word in words.split()):
        found = found.filter(Q(title__icontains=word) | Q(region__icontains=word))
    return found


def _years(years: Sequence[str]) -> Q:
    """Of these years, or plans for them."""
    found = Q(pk__in=[])
    for year in years:
        first, _, last = year.partition("-")
        low, high = int(first), int(last or first)
        found |= Q(year__gte=low, year__lte=high) | Q(plan_first__lte=high, plan_last__gte=low)
    return found


def document_seen(scope: Scope, key: str) -> models.Document:
    """The row of a document that the scope sees; raises ``NotFound``."""
    found = models.Document.objects.filter(pk=key).first()
    if found is None or not scope.sees_document(found.region_code):
        raise NotFound("没有这份文件", where=key[:64], remedy="它可能不在您能看的范围内")
    return found


def document(scope: Scope, key: str) -> shapes.Document:
    """A document."""
    return document_told(document_seen(scope, key))


def text(scope: Scope, key: str, start: int = 0, end: int = 0) -> shapes.Text:
    """A stretch of the text of a document, from ``start`` to ``end`` (0: as far as is told at once)."""
    row = document_seen(scope, key)
    whole = text_of(row)
    stop = min(end or len(whole), start + MOST_TEXT, len(whole))
    if start > len(whole) or (end and end < start):
        raise WrongValue("这一段不在文件里", where="start", remedy=f"文件共 {len(whole)} 字")
    return shapes.Text(
        document=row.id, title=title_of(row, current_lang()), start=start, end=max(stop, start), total=len(whole), text=whole[start:stop]
    )


def facts(scope: Scope, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Facts:
    """The facts that fit, in the order of the ledger, with the filters of the page."""
    wish = wish_of("facts", filters)
    rows, after = cursors.page("facts", chosen(wish, scope, tree()), ("ordinal", "id"), cursor, limit)
    return shapes.Facts(data=facts_told(rows), next=after)


def fact(scope: Scope, key: str) -> shapes.Fact:
    """A fact with its quotation; not of a document that was withdrawn."""
    row = models.Fact.objects.filter(pk=key).first()
    found = models.Document.objects.exclude(state="withdrawn").filter(pk=row.document).first() if row else None
    if row is None or found is None or not scope.sees_document(found.region_code):
        raise NotFound("没有这条事实", where=key[:64], remedy="它可能不在您能看的范围内")
    return fact_told(row, found)


def check(scope: Scope, given: shapes.Check) -> shapes.Verdict:
    """Whether the words stand just there in the document, and where they do."""
    row = document_seen(scope, given.document)
    whole = text_of(row)
    there = whole[given.start : min(given.end, given.start + MOST_TEXT)] if given.start < given.end else ""
    places, at = list[shapes.Place](), whole.find(given.text)
    while at >= 0 and len(places) < _PLACES:
        places.append(shapes.Place(start=at, end=at + len(given.text)))
        at = whole.find(given.text, at + 1)
    matches = there == given.text and given.end - given.start == len(given.text)
    return shapes.Verdict(matches=matches, document=row.id, title=title_of(row, current_lang()), there=there, places=places)
