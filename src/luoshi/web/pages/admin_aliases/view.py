"""Administration of names: which name means which organisation in documents of which region, by rule or as a person decided."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.db.models import Case, Q, Value, When
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import organisations as desk
from luoshi.ledger import models
from luoshi.ledger.knowing import DECIDED
from luoshi.ledger.places import tree
from luoshi.web.page import Page, Route, address, go_back, note, show
from luoshi.web.pages.organisation.about import reasons
from luoshi.web.pages.organisation.finding import organisation_named, region_choices, region_named
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.words import say

SIZE: Final = 50
KINDS: Final = ("decided", "rule")


def view(request: HttpRequest) -> HttpResponseBase:
    """The names with their filters, decided ones first."""
    places = tree()
    wish = {name: request.GET.get(name, "").strip() for name in ("q", "region", "kind")}
    found = models.Alias.objects.filter(live=True).annotate(by_rule=Case(When(reason=DECIDED, then=Value(0)), default=Value(1)))
    if wish["kind"] in KINDS:
        found = found.filter(reason=DECIDED) if wish["kind"] == "decided" else found.exclude(reason=DECIDED)
    if wish["region"]:
        found = found.filter(region_code__in=places.subtree(wish["region"]))
    for word in wish["q"].split():
        named = models.Organisation.objects.filter(name__contains=word).values("id")
        found = found.filter(Q(name__contains=word) | Q(organisation__in=named))
    pages = Paginator(found.order_by("by_rule", "region_code", "name", "id"), SIZE).get_page(request.GET.get("page"))
    owners = models.Organisation.objects.in_bulk([row.organisation for row in pages])
    codes = list(models.Alias.objects.filter(live=True).order_by().values_list("region_code", flat=True).distinct())
    rows = [
        {"row": row, "region": places.short(row.region_code), "full": places.name(row.region_code), "owner": owners.get(row.organisation),
         "owner_region": places.short(owners[row.organisation].region_code) if row.organisation in owners else "", **reasons(row.reason)}
        for row in pages
    ]  # fmt: skip
    values = {
        "page_obj": pages, "rows": rows, "wish": wish, "filtered": any(wish.values()), "kinds": KINDS, "regions": region_choices(codes),
        "home_region": places.name(codes[0]) if len(codes) == 1 else "", "here": request.get_full_path(),
    }  # fmt: skip
    return show(request, values)


def add(request: HttpRequest) -> HttpResponseBase:
    """In documents of a region a name means an organisation."""
    region, unit = region_named(request.POST.get("region", "")), organisation_named(request.POST.get("unit", ""), "unit")
    done = desk.add_alias(actor_for(request), unit, region, request.POST.get("name", ""))
    note(request, say("admin_aliases.added"), undo=address("undo.back", span=done.undo))
    return go_back(request, "admin_aliases")


def remove(request: HttpRequest) -> HttpResponseBase:
    """The name is left to the rules again."""
    done = desk.remove_alias(actor_for(request), request.POST.get("alias", ""))
    note(request, say("admin_aliases.removed"), undo=address("undo.back", span=done.undo))
    return go_back(request, "admin_aliases")


PAGE = Page(
    "admin_aliases", "admin/aliases", view, right="admin.aliases",
    routes=(
        Route("add", "admin/aliases/add", add, right="alias.add", method="POST"),
        Route("remove", "admin/aliases/remove", remove, right="alias.remove", method="POST"),
    ),
)  # fmt: skip
