"""Contradictions of a place: two values for one thing, growth, sums and shares that do not follow, each with both quotations and the arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from luoshi.ledger import models
from luoshi.ledger.contradicting import contradictions_of
from luoshi.ledger.places import tree
from luoshi.ledger.promises import places_with_links, refresh
from luoshi.ledger.titles import title_of
from luoshi.link import Quoted
from luoshi.link.contradiction import KINDS, Contradiction, harmless_name, kind_name, sentence
from luoshi.publish.chain.files import Column
from luoshi.web.ends import attachment, one_of, pieces, year_asked
from luoshi.web.page import Page, Route, address, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

_ROWS: Final = 40
_PLACES: Final = 400


def view(request: HttpRequest) -> HttpResponseBase:
    """The page: ``?region= &kind= &year=``."""
    left, places, lang = refresh(), tree(), current_lang()
    there = [(code, places.name(code) or code) for code, _, _ in places_with_links(scope_of(request))[:_PLACES]]
    region = request.GET.get("region", "") or (there[0][0] if there else "")
    found = contradictions_of(region, scope_of(request)) if region else ()
    chosen, kind, year = _chosen(request, found)
    page = Paginator(chosen, _ROWS).get_page(request.GET.get("page"))
    titles = _titles(page.object_list)
    return show(request, {
        "region": region, "name": places.name(region), "places": there, "waiting": left, "page_obj": page, "total": len(found),
        "kinds": [(one, kind_name(one, lang), sum(each.kind == one for each in found)) for one in KINDS if any(each.kind == one for each in found)],
        "kind": kind, "years": sorted({one.year for one in found if one.year}, reverse=True), "year": year, "rows": [_shown(one, titles) for one in page],
        "query": urlencode({"region": region, "kind": kind, "year": year or ""}),
    })  # fmt: skip


def _chosen(request: HttpRequest, found: Sequence[Contradiction]) -> tuple[list[Contradiction], str, int | None]:
    """(what the address asks for, of which kind, of which year). Raises ``WrongValue`` for what there cannot be."""
    kind, year = one_of(request, "kind", KINDS), year_asked(request)
    return [one for one in found if (not kind or one.kind == kind) and (year is None or one.year == year)], kind, year


def _titles(found: Any) -> dict[str, str]:
    keys = {quoted.document for one in found for quoted in (one.first, one.second, *one.more)}
    return {row.id: title_of(row, current_lang()) for row in models.Document.objects.filter(id__in=keys)}


def _shown(one: Contradiction, titles: dict[str, str]) -> dict[str, Any]:
    lang = current_lang()
    return {
        "one": one, "kind": kind_name(one.kind, lang), "said": sentence(one, lang), "others": [harmless_name(slug, lang) for slug in one.others],
        "quotes": [_quote(quoted, titles) for quoted in (one.first, one.second, *one.more)],
    }  # fmt: skip


def _quote(one: Quoted, titles: dict[str, str]) -> dict[str, str]:
    return {**pieces(one), "title": titles.get(one.document, ""), "address": f"{address('room', document=one.document)}#{one.fact}"}


_COLUMNS: Final = (
    ("year", "year"), ("kind", "word"), ("name", "text"), ("said", "quote"), ("worked", "text"), ("gap", "text"), ("allowance", "text"), ("unit", "word"),
    ("first", "quote"), ("first_document", "word"), ("second", "quote"), ("second_document", "word"),
)  # fmt: skip


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The list as a file, with the filters of the page."""
    refresh()
    lang, region = current_lang(), request.GET.get("region", "")
    chosen, _, _ = _chosen(request, contradictions_of(region, scope_of(request)))
    rows = (
        [one.year, kind_name(one.kind, lang), one.name, sentence(one, lang), one.worked, one.gap, one.allowance, one.unit,
         one.first.said, one.first.document, one.second.said, one.second.document]
        for one in chosen
    )  # fmt: skip
    heads = [Column(key, say(f"contradictions.{key}"), shown) for key, shown in _COLUMNS]
    return attachment(f"{tree().name(region)}{say('contradictions.title')}", heads, rows, form)


PAGE = Page(
    "contradictions", "contradictions", view,
    routes=(Route("export", "contradictions/export.<str:form>", export, right="export.table"),),
)  # fmt: skip
