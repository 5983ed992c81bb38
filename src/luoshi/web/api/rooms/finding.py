"""``/search`` and ``/export``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest, HttpResponseBase
from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.web.api import shapes
from luoshi.web.api.answers import declared, scoped
from luoshi.web.api.asking import finding as asking
from luoshi.web.api.door import entered
from luoshi.web.api.rooms.documents import filters_of
from luoshi.web.api.shapes import Cursor, Limit, Many, Places, Several, Year
from luoshi.web.pages.ledger.view import export_table

router = Router(tags=["搜索与导出 · search and export"])


class OfSearch(Schema):
    """What is looked for. Words between blanks all have to be found."""

    q: Annotated[str, Field(min_length=1, max_length=200, pattern=r"\S")]
    kind: Several[Literal["document", "passage", "measure", "task", "project", "term", "item"]]
    region: Places
    year: Several[Year]
    role: Several[Literal["target", "result", "attribute"]]
    indicator: Many
    organisation: Many
    document: Many
    state: Many
    cursor: Cursor = ""
    limit: Limit = 20


@router.get("/search", response=declared(shapes.Hits), operation_id="search", openapi_extra=scoped("read"))
def search(request: HttpRequest, filters: Query[OfSearch]) -> Any:
    """全文搜索：文件、段落、事实、事项，最合的在前，带引文 · documents, passages, facts and items, best first, with quotations."""
    asker = entered(request, "read", "search")
    return asking.search(asker.scope, filters.q, filters_of(filters), filters.cursor, filters.limit)


#: what an exported table is sent as
_FILES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "表格文件 · the table",
            "content": {
                "text/csv": {"schema": {"type": "string", "format": "binary"}},
                "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": {"schema": {"type": "string", "format": "binary"}},
            },
        }
    }
}


@router.get("/export/{table}.{form}", response=declared(None), operation_id="export", openapi_extra=scoped("export") | _FILES)
def export(request: HttpRequest, table: Literal["facts", "items"], form: Literal["csv", "xlsx"]) -> HttpResponseBase:
    """整张表，筛选、排序、列与页面的地址相同 · the whole table, with filters, order and columns as in the address of the page."""
    entered(request, "export", "export.table")
    return export_table(request, table, form)
