"""Rows of the ledger as the shapes of the interface: each with the words that it rests on, and nothing that the pages mask."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final

import msgspec
from django.db.models import Count

from luoshi.desk.matters.ruling import rules_for
from luoshi.extract.catalogue import Indicator
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.reading import StoredReading
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import blobs
from luoshi.ledger.tables import items_seen
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import shown
from luoshi.web.api import shapes
from luoshi.web.words import current_lang

_DOCUMENT: Final = tuple(name for name in shapes.Document.model_fields if name not in {"title", "region"})
_FACT: Final = tuple(name for name in shapes.Fact.model_fields if name not in {"quotation", "region", "region_code"})
_ITEM: Final = tuple(name for name in shapes.Item.model_fields if name not in {"region", "matter", "quotation"})
_MATTER: Final = tuple(name for name in shapes.Matter.model_fields if name not in {"mechanism_title", "stage_title", "unit_name"})


def document_told(row: models.Document) -> shapes.Document:
    """A document by its name."""
    values = {name: getattr(row, name) for name in _DOCUMENT}
    return shapes.Document(**values, title=title_of(row, current_lang()), region=row.region or tree().name(row.region_code))


def facts_told(rows: Iterable[models.Fact]) -> list[shapes.Fact]:
    """Facts, each with its quotation; those whose document is gone are left out."""
    found = list(rows)
    documents = models.Document.objects.in_bulk({row.document for row in found})
    return [fact_told(row, documents[row.document]) for row in found if row.document in documents]


def fact_told(row: models.Fact, document: models.Document) -> shapes.Fact:
    """A fact of this document."""
    values = {name: getattr(row, name) for name in _FACT}
    return shapes.Fact(
        **values,
        region=document.region or tree().name(document.region_code),
        region_code=document.region_code,
        quotation=quoted(row, document),
    )


def quoted(row: models.Fact, document: models.Document) -> shapes.Quotation:
    """The words of a fact where they stand."""
    return shapes.Quotation(document=document.id, title=title_of(document, current_lang()), start=row.start, end=row.end, text=row.text)


def items_told(rows: Iterable[models.Item], scope: Scope) -> list[shapes.Item]:
    """Items with how they stand; quotations only of documents that the scope sees."""
    found = shown(rows)
    keys = [row.id for row in found]
    matters = models.Matter.objects.defer("life").in_bulk(keys)
    units = dict(models.Organisation.objects.filter(pk__in={row.unit for row in matters.values()} - {""}).values_list("id", "name"))
    quotations = _quotations(found, scope)
    return [
        shapes.Item(
            **{name: getattr(row, name) for name in _ITEM}, region=tree().name(row.region_code),
            matter=_matter(matters[row.id], units) if row.id in matters else None, quotation=quotations.get(row.id),
        )
        for row in found
    ]  # fmt: skip


def _quotations(items: Sequence[models.Item], scope: Scope) -> Mapping[str, shapes.Quotation]:
    facts = models.Fact.objects.in_bulk({row.fact for row in items} - {""})
    documents = models.Document.objects.exclude(state="withdrawn").in_bulk({fact.document for fact in facts.values()})
    found = {}
    for row in items:
        fact = facts.get(row.fact)
        document = documents.get(fact.document) if fact else None
        if fact is not None and document is not None and scope.sees_document(document.region_code):
            found[row.id] = quoted(fact, document)
    return found


def _matter(row: models.Matter, units: Mapping[str, str]) -> shapes.Matter:
    mechanism = rules_for(row.mechanism, row.version).mechanism
    zh = current_lang() == "zh"
    title, stage = mechanism.title, mechanism.stage(row.stage).title
    return shapes.Matter(
        **{name: getattr(row, name) for name in _MATTER}, mechanism_title=title.zh if zh else title.en, stage_title=stage.zh if zh else stage.en,
        unit_name=units.get(row.unit, ""),
    )  # fmt: skip


def regions_told(rows: Sequence[models.Region], counts: Mapping[str, int]) -> list[shapes.Region]:
    """Regions with how many documents of each one sees."""
    return [
        shapes.Region(
            code=row.id, name=row.name, full_name=row.full_name, level=row.level, kind=row.kind, parent=row.parent, valid_from=row.valid_from,
            valid_to=row.valid_to, documents=counts.get(row.id, 0),
        )
        for row in rows
    ]  # fmt: skip


def indicator_told(one: Indicator, count: int) -> shapes.Indicator:
    """An indicator of the catalogue."""
    return shapes.Indicator(
        id=one.id, name=one.name, aliases=list(one.aliases), unit=one.unit, direction=one.direction, attribute=one.attribute, source=one.source,
        count=count,
    )  # fmt: skip


def organisations_told(rows: Sequence[models.Organisation], scope: Scope) -> list[shapes.Organisation]:
    """Organisations with their other names and how many of the items that one sees they lead and support."""
    keys = [row.id for row in rows]
    aliases: dict[str, list[str]] = {}
    for key, name in models.Alias.objects.filter(organisation__in=keys, live=True).order_by("name").values_list("organisation", "name"):
        aliases.setdefault(key, []).append(name)
    duties = models.Duty.objects.filter(organisation__in=keys, live=True, item__in=items_seen(scope).filter(state="open").values("id"))
    many = {
        (key, role): n for key, role, n in duties.order_by().values_list("organisation", "role").annotate(n=Count("item", distinct=True))
    }
    return [
        shapes.Organisation(
            id=row.id, name=row.name, kind=row.kind, region=tree().name(row.region_code), region_code=row.region_code,
            aliases=list(dict.fromkeys(aliases.get(row.id, ()))), valid_from=row.valid_from, valid_to=row.valid_to, successor=row.successor,
            led=many.get((row.id, "lead"), 0), supported=many.get((row.id, "support"), 0),
        )
        for row in rows
    ]  # fmt: skip


def text_of(document: models.Document) -> str:
    """The text of a document, in which all its places are counted."""
    return _text(document.reading)


@lru_cache(maxsize=8)
def _text(reading: str) -> str:
    return msgspec.json.decode(blobs().get_packed(reading), type=StoredReading).text


def plain(answer: Any) -> Any:
    """An answer as plain data."""
    return answer.model_dump(mode="json")
