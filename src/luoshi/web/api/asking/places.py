"""Regions with what the ledger has of them, indicators with their values, organisations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db.models import Count, Q

from luoshi.desk.done import NotFound
from luoshi.extract.catalogue import indicator as indicator_by_id
from luoshi.extract.catalogue import indicators as catalogue
from luoshi.ledger import models
from luoshi.ledger.following import follow, indicator_counts
from luoshi.ledger.overview import documents_of, headlines, items_of, region_counts
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.web.api import cursor as cursors
from luoshi.web.api import shapes
from luoshi.web.api.telling import document_told, facts_told, indicator_told, organisations_told, regions_told

_DOCUMENTS: Final = 20


def regions(scope: Scope, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Regions:
    """Regions by code: those with documents that one sees and those above them; all that fit where a name or what lies above is asked for."""
    counts = region_counts(scope)
    words, parents = (filters.get("q") or ("",))[0].split(), filters.get("parent") or ()
    found = models.Region.objects.all()
    if words or parents:
        for word in words:
            found = found.filter(full_name__contains=word)
        found = found.filter(parent__in=parents) if parents else found
    else:
        places = tree()
        found = found.filter(id__in={code for known in counts if known for code in (known, *places.ancestors(known))})
    rows, after = cursors.page("regions", found, ("id",), cursor, limit)
    return shapes.Regions(data=regions_told(rows, counts), next=after)


def region(scope: Scope, code: str) -> shapes.Record:
    """What the ledger has of a place."""
    row = models.Region.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("没有这个地区", where=code[:64], remedy="请用 /regions 查代码")
    items = items_of(scope, tree(), region=(code,)).order_by()
    matters = models.Matter.objects.filter(id__in=items.values("id")).order_by()
    year, rows = headlines(code, scope)
    return shapes.Record(
        region=regions_told([row], region_counts(scope))[0], year=year, headlines=_headlines(rows), items=items.count(),
        states=_counted(matters.values_list("state").annotate(n=Count("*"))), lights=_counted(matters.values_list("light").annotate(n=Count("*"))),
        documents=[document_told(one) for one in documents_of([code], scope)[:_DOCUMENTS]],
    )  # fmt: skip


def _counted(pairs: Any) -> list[shapes.Count]:
    return [shapes.Count(word=word, count=count) for word, count in sorted(pairs)]


def _headlines(rows: Sequence[Any]) -> list[shapes.Headline]:
    facts = [fact for row in rows for fact in (row.target, row.before, row.result) if fact is not None]
    told = {fact.id: fact for fact in facts_told(facts)}

    def one(fact: Any) -> shapes.Fact | None:
        return told.get(fact.id) if fact is not None else None

    return [
        shapes.Headline(
            indicator_id=row.indicator_id, name=row.name, measure=row.measure, unit=row.unit, target=one(row.target), before=one(row.before),
            result=one(row.result),
        )
        for row in rows
    ]  # fmt: skip


def indicators(scope: Scope, words: str = "", cursor: str = "", limit: int = cursors.USUAL) -> shapes.Indicators:
    """The indicators of the catalogue of which one sees targets or results, by id; narrowed by words of a name or alias."""
    counts = indicator_counts(scope)
    fits = words.strip().casefold()
    known = [
        one for one in catalogue() if one.id in counts and (not fits or any(fits in name.casefold() for name in (one.name, *one.aliases)))
    ]
    rows, after = cursors.cut("indicators", sorted(known, key=lambda one: one.id), cursor, limit)
    return shapes.Indicators(data=[indicator_told(one, counts[one.id]) for one in rows], next=after)


def indicator(scope: Scope, key: str) -> shapes.Indicator:
    """An indicator of the catalogue."""
    try:
        return indicator_told(indicator_by_id(key), indicator_counts(scope).get(key, 0))
    except KeyError:
        raise NotFound("没有这个指标", where=key[:64], remedy="请用 /indicators 查编号") from None


def values(scope: Scope, key: str, places: Sequence[str] = (), cursor: str = "", limit: int = cursors.USUAL) -> shapes.Facts:
    """Targets and results of an indicator, by place and year; of very many those of the newest years."""
    indicator(scope, key)
    rows, _ = follow(key, scope, tree(), regions=tuple(places))
    some, after = cursors.cut("values", [row.fact.id for row in rows], cursor, limit)
    found = models.Fact.objects.in_bulk(list(some))
    return shapes.Facts(data=facts_told(found[one] for one in some if one in found), next=after)


def organisations(scope: Scope, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Organisations:
    """The organisations that fit, by id; those that went on as another only where they are asked for, as on the page."""
    found = models.Organisation.objects.all() if "1" in (filters.get("former") or ()) else models.Organisation.objects.filter(successor="")
    if places := filters.get("region"):
        found = found.filter(region_code__in={code for one in places for code in tree().subtree(one)})
    if kinds := filters.get("kind"):
        found = found.filter(kind__in=kinds)
    for word in (word for words in filters.get("q") or () for word in words.split()):
        named = models.Alias.objects.filter(live=True, name__contains=word).values("organisation")
        found = found.filter(Q(name__contains=word) | Q(pk__in=named))
    rows, after = cursors.page("organisations", found, ("id",), cursor, limit)
    return shapes.Organisations(data=organisations_told(rows, scope), next=after)


def organisation(scope: Scope, key: str) -> shapes.Organisation:
    """An organisation."""
    row = models.Organisation.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("没有这个单位", where=key[:64], remedy="请用 /organisations 查编号")
    return organisations_told([row], scope)[0]
