"""The table of items, on the same page as that of facts."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from luoshi.web.page import Page, Route
from luoshi.web.pages.ledger.view import export_table, table


def view(request: HttpRequest) -> HttpResponseBase:
    """The items, with filters, order, columns and saved views."""
    return table(request, "items")


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table of items as a file."""
    return export_table(request, "items", form)


PAGE = Page("items", "items", view, routes=(Route("export", "items/export.<str:form>", export, right="export.table"),))
