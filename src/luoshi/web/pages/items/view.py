"""The table of items, on the same page as that of facts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import items as acts
from luoshi.desk.done import WrongValue
from luoshi.web.page import Page, Route, actor_of, address, go_back, note
from luoshi.web.pages.ledger.view import export_table, table
from luoshi.web.seen import scope_of
from luoshi.web.words import say


def view(request: HttpRequest) -> HttpResponseBase:
    """The items, with filters, order, columns and saved views."""
    return table(request, "items")


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table of items as a file."""
    return export_table(request, "items", form)


def drop(request: HttpRequest) -> HttpResponseBase:
    """Drops the chosen items; the toast takes it back."""
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    keys = request.POST.getlist("id")
    if not keys:
        raise WrongValue("没有选中任何一条", where="id", remedy="请先勾选")
    done = acts.drop(actor, keys, scope_of(request), why=request.POST.get("why", "").strip() or say("items.dropped_in_bulk"))
    note(request, say("ledger.dropped", count=done.count), undo=address("undo.back", span=done.undo) if done.count else "")
    return go_back(request, "items")


PAGE = Page(
    "items", "items", view,
    routes=(
        Route("export", "items/export.<str:form>", export, right="export.table"),
        Route("drop", "items/drop", drop, right="item.drop", method="POST"),
    ),
)  # fmt: skip
