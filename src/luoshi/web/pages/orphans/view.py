"""Orphans of a place and a year: targets that no task carries out, tasks that no figure measures."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from luoshi.ledger.orphans import orphans_of
from luoshi.ledger.places import tree
from luoshi.ledger.promises import places_with_links, refresh
from luoshi.ledger.titles import title_of
from luoshi.publish.chain.files import Column
from luoshi.web.ends import attachment, year_asked
from luoshi.web.page import Page, Route, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

_ROWS: Final = 60
_PLACES: Final = 400


def view(request: HttpRequest) -> HttpResponseBase:
    """The page: ``?region= &year=``."""
    refresh()
    scope, places, lang = scope_of(request), tree(), current_lang()
    there = [(code, places.name(code) or code) for code, _, _ in places_with_links(scope)[:_PLACES]]
    region = request.GET.get("region", "") or (there[0][0] if there else "")
    found = orphans_of(region, scope, year=year_asked(request))
    return show(request, {
        "region": region, "name": places.name(region), "places": there, "found": found,
        "targets": Paginator(found.targets, _ROWS).get_page(request.GET.get("page")), "tasks": found.tasks[:_ROWS], "more": max(0, len(found.tasks) - _ROWS),
        "breakdowns": [(one.id, title_of(one, lang)) for one in found.breakdowns], "reports": [(one.id, title_of(one, lang)) for one in found.reports],
        "query": request.GET.urlencode(),
    })  # fmt: skip


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """Both lists as one table."""
    refresh()
    region = request.GET.get("region", "")
    found = orphans_of(region, scope_of(request), year=year_asked(request))
    heads = [Column("kind", say("orphans.kind"), "word"), Column("name", say("orphans.name"), "text"), Column("text", say("orphans.words"), "quote"),
             Column("section", say("orphans.section"), "text"), Column("document", say("orphans.document"), "word"), Column("fact", say("orphans.fact"), "word")]  # fmt: skip
    rows = ([say(f"orphans.{key}"), *_row(one)] for key, facts in (("target", found.targets), ("task", found.tasks)) for one in facts)
    return attachment(f"{tree().name(region)}{found.year or ''}{say('orphans.title')}", heads, rows, form)


def _row(fact: Any) -> list[str]:
    return [fact.name, fact.clause if fact.kind == "measure" else fact.text, fact.section_title, fact.document, fact.id]


PAGE = Page("orphans", "orphans", view, routes=(Route("export", "orphans/export.<str:form>", export, right="export.table"),))
