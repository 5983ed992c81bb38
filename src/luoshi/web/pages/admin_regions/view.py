"""Administration of regions: places that no list holds, and documents whose region nobody has said."""

from __future__ import annotations

from typing import Final

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import organisations as desk
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.titles import title_of
from luoshi.web.page import Page, Route, address, go_back, note, show
from luoshi.web.pages.organisation.finding import region_named
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

SIZE: Final = 50
_UNPLACED: Final = 60


def view(request: HttpRequest) -> HttpResponseBase:
    """The places and the unplaced documents."""
    places, scope = tree(), scope_of(request)
    found = models.Region.objects.filter(id__startswith="z", source__in=("document", "person"))
    wish = {"q": request.GET.get("q", "").strip()}
    for word in wish["q"].split():
        found = found.filter(full_name__contains=word)
    pages = Paginator(found.order_by("full_name", "id"), SIZE).get_page(request.GET.get("page"))
    codes = [row.id for row in pages]
    documents = dict(models.Document.objects.filter(region_code__in=codes).values_list("region_code").annotate(n=Count("id")).order_by())
    units = dict(models.Organisation.objects.filter(region_code__in=codes).values_list("region_code").annotate(n=Count("id")).order_by())
    unplaced = models.Document.objects.filter(region_code="", newest=True).exclude(state="withdrawn").order_by("-number")
    seen = scope.sees_document("")
    values = {
        "page_obj": pages, "wish": wish, "filtered": bool(wish["q"]), "here": request.get_full_path(),
        "rows": [{"row": row, "parent": places.name(row.parent), "documents": documents.get(row.id, 0), "units": units.get(row.id, 0)} for row in pages],
        "unplaced": [(one, title_of(one, current_lang())) for one in unplaced[:_UNPLACED]] if seen else [], "seen": seen,
        "unplaced_count": unplaced.order_by().count(), "listed": models.Region.objects.exclude(source__in=("document", "person")).count(),
    }  # fmt: skip
    return show(request, values)


def correct(request: HttpRequest, region: str) -> HttpResponseBase:
    """Another name, parent or years."""
    fields = {name: request.POST.get(name, "") for name in ("name", "valid_from", "valid_to")}
    parent = request.POST.get("parent", "").strip()
    done = desk.correct_region(actor_for(request), region, {**fields, **({"parent": region_named(parent, "parent")} if parent else {})})
    if done.count:
        note(request, say("admin_regions.corrected"), undo=address("undo.back", span=done.undo))
    else:
        note(request, say("admin_regions.unchanged"), kind="warn")
    return go_back(request, "admin_regions")


PAGE = Page(
    "admin_regions", "admin/regions", view, right="admin.regions",
    routes=(Route("correct", "admin/regions/<str:region>", correct, right="region.correct", method="POST"),),
)  # fmt: skip
