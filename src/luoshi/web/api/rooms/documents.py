"""``/documents``, ``/facts``, ``/quotations``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.web.api import shapes
from luoshi.web.api.answers import declared, scoped
from luoshi.web.api.asking import documents as asking
from luoshi.web.api.door import entered
from luoshi.web.api.shapes import Cursor, Kind, Limit, Many, Places, Several, Words, Year

router = Router(tags=["文件与事实 · documents and facts"])


class OfDocuments(Schema):
    """What a list of documents may be narrowed by."""

    q: Words = ""
    region: Places
    kind: Several[Literal["report", "plan", "breakdown", "other"]]
    year: Several[Year]
    state: Several[Literal["open", "confirmed", "withdrawn"]]
    versions: Literal["", "1"] = Field(default="", description="1：旧版也要 · older versions too")
    cursor: Cursor = ""
    limit: Limit = 50


class OfFacts(Schema):
    """What a list of facts may be narrowed by; of several values of one name any."""

    q: Words = ""
    kind: Several[Kind]
    role: Several[Literal["target", "result", "attribute"]]
    state: Several[Literal["open", "accepted", "corrected", "rejected", "disputed"]]
    year: Several[Year]
    indicator: Annotated[Many, Field(description="指标编号或名称 · id or name of an indicator")]
    document: Many
    region: Places
    document_kind: Several[Literal["report", "plan", "breakdown", "other"]]
    document_year: Several[Annotated[int, Field(ge=1900, le=2200)]]
    part: Many
    measure: Many
    comparator: Many
    unit: Many
    stage: Many
    doubt: Literal["", "0", "1"] = ""
    item: Literal["", "0", "1"] = Field(default="", description="1：已生成事项的 · those made into items")
    cursor: Cursor = ""
    limit: Limit = 50


def filters_of(asked: Schema) -> dict[str, list[str]]:
    """The filters that were given, as the addresses of pages have them."""
    found: dict[str, list[str]] = {}
    for name, value in asked.model_dump(exclude={"cursor", "limit"}).items():
        values = [str(one) for one in (value if isinstance(value, list) else [value]) if one not in ("", None)]
        if values:
            found[name] = values
    return found


@router.get("/documents", response=declared(shapes.Documents), operation_id="list_documents", openapi_extra=scoped("read"))
def list_documents(request: HttpRequest, filters: Query[OfDocuments]) -> Any:
    """文件列表，最近读入的在前 · the documents, the last read first."""
    asker = entered(request, "read", "documents")
    return asking.documents(asker.scope, filters_of(filters), filters.cursor, filters.limit)


@router.get("/documents/{document}", response=declared(shapes.Document), operation_id="get_document", openapi_extra=scoped("read"))
def get_document(request: HttpRequest, document: str) -> Any:
    """一份文件 · a document."""
    return asking.document(entered(request, "read", "document").scope, document)


class Stretch(Schema):
    """From where to where."""

    start: Annotated[int, Field(ge=0, le=100_000_000)] = 0
    end: Annotated[int, Field(ge=0, le=100_000_000, description="0：到能给的末尾 · as far as is told at once")] = 0


@router.get("/documents/{document}/text", response=declared(shapes.Text), operation_id="get_text", openapi_extra=scoped("read"))
def get_text(request: HttpRequest, document: str, filters: Query[Stretch]) -> Any:
    """文件的一段原文，一次最多两万字；引文的位置就在其中数 · a stretch of its text, in which the places of quotations are counted."""
    return asking.text(entered(request, "read", "room").scope, document, filters.start, filters.end)


@router.get("/facts", response=declared(shapes.Facts), operation_id="list_facts", openapi_extra=scoped("read"))
def list_facts(request: HttpRequest, filters: Query[OfFacts]) -> Any:
    """事实列表，条条带引文；筛选与台账页相同 · the facts, each with its quotation; filters as on the page."""
    asker = entered(request, "read", "ledger")
    return asking.facts(asker.scope, filters_of(filters), filters.cursor, filters.limit)


@router.get("/facts/{fact}", response=declared(shapes.Fact), operation_id="get_fact", openapi_extra=scoped("read"))
def get_fact(request: HttpRequest, fact: str) -> Any:
    """一条事实和它的引文 · a fact with its quotation."""
    return asking.fact(entered(request, "read", "ledger").scope, fact)


@router.post(
    "/quotations/verify", response=declared(shapes.Verdict, acts=True), operation_id="verify_quotation", openapi_extra=scoped("read")
)
def verify_quotation(request: HttpRequest, given: shapes.Check) -> Any:
    """引文核对：这几个字是不是就在文件的这个位置；不在的，给出在哪里 · whether words stand just there, and where they do."""
    return asking.check(entered(request, "read", "room").scope, given)
