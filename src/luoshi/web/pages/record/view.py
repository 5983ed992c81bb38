"""The record of a place: what it promised and what came of it, by year and field, what is not done first."""

from __future__ import annotations

from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.done import NotFound
from luoshi.ledger import models
from luoshi.ledger.fields import fields
from luoshi.ledger.linked import Link
from luoshi.ledger.places import tree
from luoshi.ledger.promises import ORDER, kept, places_with_links, refresh, tally, totals, unfinished_first, visible
from luoshi.publish.chain.explaining import word
from luoshi.web.ends import file_of, one_of, shown, table_title, verdict, verdicts, year_asked
from luoshi.web.page import Page, Route, address, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang

_ROWS: Final = 40
#: so many rows at most go into one file that is made while somebody waits
_MOST: Final = 20_000
_KINDS: Final = ("measure", "project", "task")


def index(request: HttpRequest) -> HttpResponseBase:
    """The places that have promised something, with how much came of it."""
    left, scope, places = refresh(), scope_of(request), tree()
    counts = tally(visible(scope), "region_code")
    rows = [
        {
            "code": code,
            "name": places.name(code) or code,
            "level": level,
            "total": count,
            "due": count - counts.get(code, {}).get("not_yet", 0),
            "shares": _shares(counts.get(code, {})),
        }
        for code, level, count in places_with_links(scope)
    ]
    used = [verdict(slug) for slug in totals(counts)]
    return show(request, {"places": rows[:400], "used": used, "waiting": left}, template="index.html")


def view(request: HttpRequest, region: str) -> HttpResponseBase:
    """The page of one place; ``?year= &field= &verdict= &kind=`` narrow the list."""
    row, left = _region(region), refresh()
    whole = visible(scope_of(request)).filter(region_code=region)
    found, chosen = _narrowed(request, whole)
    years, by_field = tally(whole, "year"), tally(whole, "field")
    page = Paginator(unfinished_first(found), _ROWS).get_page(request.GET.get("page"))
    lang = current_lang()
    names = {one.key: one.zh if lang == "zh" else one.en for one in fields()}
    return show(request, {
        "region": row, "waiting": left, "total": whole.count(), "found": page.paginator.count, "page_obj": page, "rows": [shown(one) for one in kept(page, lang)],
        "tiles": [{**verdict(slug), "count": count} for slug, count in totals(years).items()],
        "years": [_line(str(year), str(year), counts) for year, counts in sorted(years.items(), key=lambda pair: -(pair[0] or 0)) if year],
        "fields": [_line(key, names[key], by_field[key]) for key in names if key in by_field],
        "verdicts": verdicts(), "used": [verdict(slug) for slug in totals(years)], "kinds": [(kind, word("target", kind, lang)) for kind in _KINDS],
        "chosen": chosen, "query": request.GET.urlencode(), "clear": address("record.place", region=region),
    })  # fmt: skip


def _region(code: str) -> models.Region:
    row = models.Region.objects.filter(pk=code).first()
    if row is None:
        raise NotFound("没有这个地区", where=code[:40], remedy="请从地区列表中选择")
    return row


def _narrowed(request: HttpRequest, found: QuerySet[Link]) -> tuple[QuerySet[Link], dict[str, str]]:
    """(the rows that the address asks for, what it asks for). Raises ``WrongValue`` for what no row can have."""
    year = year_asked(request)
    chosen = {
        "year": "" if year is None else str(year), "field": one_of(request, "field", [one.key for one in fields()]),
        "verdict": one_of(request, "verdict", ORDER), "kind": one_of(request, "kind", _KINDS),
        "document": request.GET.get("document", "").strip()[:64],
    }  # fmt: skip
    found = found.filter(**{name: value for name, value in chosen.items() if value})
    if request.GET.get("ask"):
        found, chosen["ask"] = found.filter(likely=True) | found.filter(doubtful=True), "1"
    return found, chosen


def _line(key: str, name: str, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "key": key,
        "name": name,
        "total": sum(counts.values()),
        "due": sum(counts.values()) - counts.get("not_yet", 0),
        "cells": [(slug, counts.get(slug, 0)) for slug in ORDER],
        "shares": _shares(counts),
    }


def _shares(counts: dict[str, int]) -> list[dict[str, Any]]:
    """The stretches of a bar of 100: verdict, count, where it begins, how wide it is; of the targets that are due, where any is."""
    counts = {slug: count for slug, count in counts.items() if slug != "not_yet"} or counts
    whole, at, found = sum(counts.values()) or 1, 0.0, list[dict[str, Any]]()
    for slug in ORDER:
        if count := counts.get(slug, 0):
            width = round(100 * count / whole, 3)
            found.append({**verdict(slug), "count": count, "at": at, "width": width})
            at = round(at + width, 3)
    return found


def export(request: HttpRequest, region: str, form: str) -> HttpResponseBase:
    """The list as a file, with the filters of the page."""
    row = _region(region)
    refresh()
    found, _ = _narrowed(request, visible(scope_of(request)).filter(region_code=region))
    return file_of(kept(unfinished_first(found)[:_MOST], current_lang()), f"{row.full_name}{table_title()}", form)


PAGE = Page(
    "record", "record", index,
    routes=(Route("place", "record/<str:region>", view), Route("export", "record/<str:region>/export.<str:form>", export, right="export.table")),
)  # fmt: skip
