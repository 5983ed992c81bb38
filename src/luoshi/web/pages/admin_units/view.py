"""Administration of organisations: doubtful ones first, settled together; one organisation's names for those who see no documents."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import organisations as desk
from luoshi.desk.done import WrongValue
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.web.page import Page, Route, address, go_back, note, show
from luoshi.web.pages.organisation.finding import region_choices
from luoshi.web.pages.organisation.view import actor_for, names_values, organisation_for
from luoshi.web.pages.organisations.view import KINDS, SIZE, filtered
from luoshi.web.words import say


def view(request: HttpRequest) -> HttpResponseBase:
    """The list, doubtful ones first."""
    places = tree()
    wish = {name: request.GET.get(name, "").strip() for name in ("q", "region", "kind", "doubt", "former")}
    found = filtered(wish, places).annotate(sure=Case(When(doubt="", then=Value(1)), default=Value(0)))
    pages = Paginator(found.order_by("sure", "region_code", "name", "id"), SIZE).get_page(request.GET.get("page"))
    codes = models.Organisation.objects.order_by().values_list("region_code", flat=True).distinct()
    rows = [
        {"row": row, "region": places.short(row.region_code), "full": places.name(row.region_code), "doubts": row.doubt.split()}
        for row in pages
    ]
    values = {
        "page_obj": pages, "rows": rows, "wish": wish, "filtered": any(wish.values()), "kinds": KINDS, "regions": region_choices(codes),
        "doubtful": models.Organisation.objects.filter(successor="").exclude(doubt="").count(), "here": request.get_full_path(),
    }  # fmt: skip
    return show(request, values)


def one(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The names, doubts, members and changes of one organisation."""
    return show(request, names_values(organisation_for(organisation)), template="one.html")


def settle(request: HttpRequest) -> HttpResponseBase:
    """The names of these organisations are right."""
    chosen = list(dict.fromkeys(request.POST.getlist("id")))[:500]
    if not chosen:
        raise WrongValue("没有选中任何单位", where="id", remedy="请先勾选")
    done = desk.settle_doubts(actor_for(request), chosen)
    note(request, say("admin_units.settled", count=done.count), undo=address("undo.back", span=done.undo) if done.undo else "")
    return go_back(request, "admin_units")


PAGE = Page(
    "admin_units", "admin/units", view, right="admin.units",
    routes=(
        Route("settle", "admin/units/settle", settle, right="organisation.correct", method="POST"),
        Route("one", "admin/units/<str:organisation>", one),
    ),
)  # fmt: skip
