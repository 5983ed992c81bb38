"""One region: its documents, headline targets and results, tasks by unit, units and posts, what lies above and below."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.done import NotFound
from luoshi.ledger import models
from luoshi.ledger.overview import documents_of, duties_by_unit, headlines, items_of, region_counts
from luoshi.ledger.places import tree
from luoshi.ledger.titles import title_of
from luoshi.publish.chart import Bar, bars, table_of_bars
from luoshi.web.chart import figure
from luoshi.web.page import Page, address, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

_DOCUMENTS: Final = 40


def view(request: HttpRequest, region: str) -> HttpResponseBase:
    """The page of a region."""
    row = models.Region.objects.filter(pk=region).first()
    if row is None:
        raise NotFound("没有这个地区", where=region[:40], remedy="请从地区列表中选择")
    scope, places = scope_of(request), tree()
    counts = region_counts(scope)
    documents = list(documents_of([region], scope)[:_DOCUMENTS])
    items = items_of(scope, places, region=(region,))
    year, rows = headlines(region, scope)
    units = duties_by_unit(items)
    posts = models.Post.objects.filter(region_code=region, live=True).order_by("title")
    holders: dict[str, list[models.Holding]] = {}
    for holding in models.Holding.objects.filter(post__in=posts.values("id"), live=True).order_by("-valid_from"):
        holders.setdefault(holding.post, []).append(holding)
    return show(request, {
        "region": row, "above": [(code, places.short(code)) for code in reversed(places.ancestors(region))],
        "below": [{"code": code, "name": places.short(code), "count": sum(counts.get(one, 0) for one in places.subtree(code))}
                  for code in places.children(region)][:400],
        "successor": places.name(row.successor) if row.successor else "", "documents": [(one, title_of(one, current_lang())) for one in documents],
        "headlines": rows, "headline_year": year, "items_total": items.order_by().count(), "units": units, "chart": _chart(units),
        "posts": [(post, holders.get(post.id, [])) for post in posts],
        "organisations": models.Organisation.objects.filter(region_code=region).count(),
    })  # fmt: skip


def _chart(units: list[tuple[str, str, int, int]]) -> Any:
    """Items led and supported, by unit."""
    if not units:
        return ""
    led, helped = say("region.led"), say("region.helped")
    found = [
        Bar(label=name, value=value, group=group, link=address("organisation", organisation=unit))
        for unit, name, first, second in units
        for group, value in ((led, first), (helped, second))
        if value
    ]
    lang, heading = current_lang(), say("region.by_unit")
    return figure(lambda narrow: bars(heading, found, lang=lang, narrow=narrow), table=table_of_bars(found, lang=lang), level=3)


PAGE = Page("region", "regions/<str:region>", view)
