"""The organisations of the ledger: which there are, what is doubtful, what they have to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import organisations as desk
from luoshi.ledger import models
from luoshi.ledger.overview import items_of
from luoshi.ledger.places import Tree, tree
from luoshi.ledger.scope import Scope
from luoshi.web.page import Page, Route, allowed, go, note, show
from luoshi.web.pages.organisation.finding import region_choices, region_named
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.seen import scope_of
from luoshi.web.words import say

SIZE: Final = 50
KINDS: Final = ("body", "group")
_SORTS: Final[Mapping[str, tuple[str, ...]]] = {"name": ("name", "id"), "region": ("region_code", "name", "id")}


def view(request: HttpRequest) -> HttpResponseBase:
    """The list with its filters."""
    places = tree()
    wish = {name: request.GET.get(name, "").strip() for name in ("q", "region", "kind", "doubt", "former")}
    found = ordered(filtered(wish, places), request.GET.get("sort", ""))
    pages = Paginator(found, SIZE).get_page(request.GET.get("page"))
    rows = list(pages.object_list)
    counts = duties([row.id for row in rows], scope_of(request), places)
    codes = models.Organisation.objects.order_by().values_list("region_code", flat=True).distinct()
    values = {
        "page_obj": pages, "wish": wish, "filtered": any(wish.values()), "kinds": KINDS, "regions": region_choices(codes), "default_sort": "region",
        "rows": [{"row": row, "region": places.short(row.region_code), "full": places.name(row.region_code), "doubts": row.doubt.split(),
                  "led": counts.get((row.id, "lead"), 0), "helped": counts.get((row.id, "support"), 0)} for row in rows],
    }  # fmt: skip
    return show(request, values)


def filtered(wish: Mapping[str, str], places: Tree) -> QuerySet[models.Organisation]:
    """The organisations that fit; those that went on as another only where they are asked for."""
    found = models.Organisation.objects.all() if wish.get("former") else models.Organisation.objects.filter(successor="")
    if wish.get("region"):
        found = found.filter(region_code__in=places.subtree(wish["region"]))
    if wish.get("kind") in KINDS:
        found = found.filter(kind=wish["kind"])
    if wish.get("doubt"):
        found = found.exclude(doubt="")
    for word in wish.get("q", "").split():
        named = models.Alias.objects.filter(live=True, name__contains=word).values("organisation")
        found = found.filter(Q(name__contains=word) | Q(pk__in=named))
    return found


def ordered(found: QuerySet[models.Organisation], sort: str) -> QuerySet[models.Organisation]:
    """In the order that the address asks for."""
    down, fields = sort.startswith("-"), _SORTS.get(sort.removeprefix("-"), _SORTS["region"])
    return found.order_by(*(f"-{field}" if down else field for field in fields))


def duties(organisations: Sequence[str], scope: Scope, places: Tree) -> dict[tuple[str, str], int]:
    """How many items each leads and supports, as (organisation, role); those of organisations that went on as it count as its own."""
    heirs = dict(models.Organisation.objects.exclude(successor="").values_list("id", "successor"))
    owner = {key: key for key in organisations}
    for key in heirs:
        end, seen = key, {key}
        while (after := heirs.get(end, "")) and after not in seen:
            end = after
            seen.add(after)
        if end in owner and key not in owner:
            owner[key] = end
    found = items_of(scope, places)
    # asked of each duty, so that a database begins with the few organisations and not with all items
    counted = models.Duty.objects.filter(Exists(found.order_by().filter(id=OuterRef("item"))), organisation__in=list(owner), live=True)
    counts: dict[tuple[str, str], int] = {}
    for key, role, many in counted.values_list("organisation", "role").annotate(n=Count("item", distinct=True)).order_by():
        counts[owner[key], role] = counts.get((owner[key], role), 0) + many
    return counts


def add(request: HttpRequest) -> HttpResponseBase:
    """A unit or a group that no document has brought."""
    region = region_named(request.POST.get("region", ""))
    done = desk.add(actor_for(request), region, request.POST.get("name", ""), group=request.POST.get("kind") == "group")
    note(request, say("organisations.added"))
    key: Any = done.subjects[0]
    return go(request, "organisation" if allowed(request, "organisation") else "admin_units.one", organisation=key)


PAGE = Page(
    "organisations", "organisations", view, routes=(Route("add", "organisations/add/unit", add, right="organisation.add", method="POST"),)
)
