"""Search over documents, passages, facts and items: any stretch of two characters and more, filters, highlights."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.db import connection
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from luoshi.errors import BadUsage
from luoshi.extract.catalogue import indicator as indicator_by_id
from luoshi.ledger import models
from luoshi.ledger.overview import region_choices
from luoshi.ledger.places import tree
from luoshi.ledger.search import KINDS, Found, Hit, Query, find, tag
from luoshi.ledger.tables import indicator_ids
from luoshi.ledger.titles import title_of
from luoshi.web.page import Page, address, answer, show, wants_json
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_word

_SIZE: Final = 20
#: filters by address parameter
_FILTERS: Final = ("region", "year", "role", "indicator", "organisation", "document", "state")
_FACETS: Final = {"kind": 8, "year": 8, "role": 3}


def view(request: HttpRequest) -> HttpResponseBase:
    """The page of results; without words and filters how to search."""
    words, kinds = request.GET.get("q", "").strip(), [kind for kind in request.GET.getlist("kind") if kind in KINDS]
    chosen = {name: [value for value in request.GET.getlist(name) if value] for name in _FILTERS}
    wanted = {**chosen, "indicator": indicator_ids(tuple(chosen["indicator"])), "organisation": _organisations(chosen["organisation"])}
    filters = tuple(tuple(tag(name, value) for value in values) for name, values in wanted.items() if values)
    at = max(_number(request.GET.get("page", "")), 1)
    values: dict[str, Any] = {"words": words, "kinds": kinds, "asked": bool(words or filters or kinds), "trouble": None, "all_kinds": KINDS}
    if values["asked"]:
        try:
            query = Query(words=words, filters=filters, kinds=tuple(kinds), scope=scope_of(request), limit=_SIZE, offset=(at - 1) * _SIZE)
            found = find(connection, query)
        except BadUsage as error:
            values["trouble"] = error
        else:
            values |= _told(found, at)
            if wants_json(request):
                return answer({"hits": [_plain(hit) for hit in values["hits"]], "total": found.total, "more": found.more})
    values["chosen"] = list(_chosen({name: given for name, given in chosen.items() if name not in ("region", "indicator", "organisation")}))
    values |= {
        "regions": region_choices(scope_of(request), tree()), "region": (chosen["region"] or [""])[0],
        "indicator": " ".join(_label("indicator", value, tree()) for value in chosen["indicator"]),
        "organisation": " ".join(_label("organisation", value, tree()) for value in chosen["organisation"]),
    }  # fmt: skip
    return show(request, values)


def _organisations(names: list[str]) -> tuple[str, ...]:
    """The ids of organisations that are given by id, name or alias; a name that nobody has stays, and fits nothing."""
    found: list[str] = []
    for name in names:
        own = models.Organisation.objects.filter(Q(pk=name) | Q(name=name)).values_list("id", flat=True)
        others = models.Alias.objects.filter(name=name, live=True).values_list("organisation", flat=True)
        found.extend([*own, *others] or [name])
    return tuple(dict.fromkeys(found))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1


def _told(found: Found, at: int) -> dict[str, Any]:
    hits = found.hits
    documents = models.Document.objects.in_bulk({hit.document for hit in hits if hit.document})
    facts = models.Fact.objects.in_bulk({hit.key for hit in hits if hit.kind in ("measure", "task", "project", "term")})
    last = -(-found.total // _SIZE)
    return {
        "hits": [_hit(hit, documents.get(hit.document), facts.get(hit.key)) for hit in hits], "total": found.total, "more": found.more,
        "facets": list(_facets(found)), "at": at, "first": (at - 1) * _SIZE + 1, "last": last, "before": at - 1, "next": at + 1 if at < last else 0,
    }  # fmt: skip


def _hit(hit: Hit, document: models.Document | None, fact: models.Fact | None) -> dict[str, Any]:
    return {
        "kind": hit.kind, "name": list(pieces(hit.name, hit.name_marks)), "snippet": list(pieces(hit.snippet, hit.marks)),
        "before": hit.start > 0, "after": hit.cut, "year": hit.year, "address": _address(hit), "fact": fact,
        "document": title_of(document, current_lang()) if document else "", "region": document.region if document else "",
        "document_address": address("document", document=hit.document) if document else "",
    }  # fmt: skip


def _address(hit: Hit) -> str:
    if hit.kind == "document":
        return address("document", document=hit.key)
    if hit.kind == "item":
        return address("item", item=hit.key)
    if hit.kind == "passage":
        return f"{address('room', document=hit.document)}#p{hit.key.rpartition(':')[2]}"
    return f"{address('room', document=hit.document)}#{hit.key}"


def pieces(text: str, marks: Sequence[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """The text in pieces, each with whether it is marked.

    >>> list(pieces("新建公园", [(2, 4)]))
    [('新建', False), ('公园', True)]
    """
    at = 0
    for start, end in marks:
        if start > at:
            yield text[at:start], False
        yield text[start:end], True
        at = end
    if at < len(text):
        yield text[at:], False


def _plain(hit: dict[str, Any]) -> dict[str, Any]:
    """A hit for a script: its words, and where it leads."""
    return {key: hit[key] for key in ("kind", "name", "snippet", "address", "document", "year")}


def _facets(found: Found) -> Iterator[dict[str, Any]]:
    groups = {"kind": "search-kind", "role": "role", "year": ""}
    for facet in found.facets:
        counts = [(value, count) for value, count in facet.counts if facet.about != "kind" or value in KINDS][: _FACETS[facet.about]]
        if len(counts) > 1:
            group = groups[facet.about]
            values = [{"value": value, "count": count, "label": say_word(group, value) if group else value} for value, count in counts]
            yield {"name": facet.about, "label": say(f"search.by_{facet.about}"), "values": values}


def _chosen(filters: dict[str, list[str]]) -> Iterator[dict[str, str]]:
    places = tree()
    for name, values in filters.items():
        for value in values:
            yield {"name": name, "value": value, "label": _label(name, value, places)}


def _label(name: str, value: str, places: Any) -> str:
    if name == "region":
        return str(places.name(value)) or value
    if name in ("role", "state"):
        return say_word(name, value)
    if name == "indicator":
        try:
            return indicator_by_id(value).name
        except KeyError:
            return value
    if name == "organisation":
        return models.Organisation.objects.filter(pk=value).values_list("name", flat=True).first() or value
    if name == "document":
        found = models.Document.objects.filter(pk=value).first()
        return title_of(found, current_lang()) if found else value
    return value


PAGE = Page("search", "search", view)
