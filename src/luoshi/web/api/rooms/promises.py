"""``/promises`` and ``/appraisals``."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.web.api import shapes
from luoshi.web.api.answers import declared, scoped
from luoshi.web.api.asking import promises as asking
from luoshi.web.api.door import entered
from luoshi.web.api.rooms.documents import filters_of
from luoshi.web.api.shapes import Cursor, Limit, Many, Places, Several

router = Router(tags=["承诺与考核 · promises and appraisals"])


class OfPromises(Schema):
    """What a list of targets and their ends may be narrowed by."""

    region: Places
    year: Several[Annotated[int, Field(ge=1900, le=2200)]]
    kind: Several[Literal["measure", "project", "task"]]
    verdict: Several[shapes.End]
    field: Many
    document: Annotated[Many, Field(description="目标所在的文件 · the document of the target")]
    result_document: Annotated[Many, Field(description="结果所在的文件 · the document of the result")]
    indicator_id: Many
    cursor: Cursor = ""
    limit: Limit = 50


class OfAppraisals(Schema):
    """What a list of appraisals may be narrowed by."""

    kind: Annotated[Many, Field(description="M04 M05 M16")]
    period: Many
    state: Several[Literal["drawn", "announced", "final", "withdrawn"]]
    cursor: Cursor = ""
    limit: Limit = 50


class Page(Schema):
    """Which page."""

    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/promises", response=declared(shapes.Promises), operation_id="list_promises", openapi_extra=scoped("read"))
def list_promises(request: HttpRequest, filters: Query[OfPromises]) -> Any:
    """目标和它的下落，两头都带引文 · targets and what became of them, with both quotations."""
    asker = entered(request, "read", "record")
    return asking.promises(asker.scope, filters_of(filters), filters.cursor, filters.limit)


@router.get("/promises/{promise}", response=declared(shapes.Promise), operation_id="get_promise", openapi_extra=scoped("read"))
def get_promise(request: HttpRequest, promise: str) -> Any:
    """一个目标的下落 · a target with its end."""
    return asking.promise(entered(request, "read", "promise").scope, promise)


@router.get("/promises/{promise}/chain", response=declared(shapes.Chain), operation_id="get_chain", openapi_extra=scoped("read"))
def get_chain(request: HttpRequest, promise: str) -> Any:
    """同一地区同一件事历年的目标和下落 · the targets of one place about the same thing over the years, each with its end."""
    return asking.chain(entered(request, "read", "promise").scope, promise)


@router.get("/appraisals", response=declared(shapes.Appraisals), operation_id="list_appraisals", openapi_extra=scoped("read"))
def list_appraisals(request: HttpRequest, filters: Query[OfAppraisals]) -> Any:
    """考核，最近变动的在前 · appraisals, those changed last first."""
    asker = entered(request, "read", "appraisals")
    return asking.appraisals_of(asker.scope, asker.actor, filters_of(filters), filters.cursor, filters.limit)


@router.get("/appraisals/{appraisal}/scores", response=declared(shapes.Scores), operation_id="list_scores", openapi_extra=scoped("read"))
def list_scores(request: HttpRequest, appraisal: str, filters: Query[Page]) -> Any:
    """一次考核的得分；看得到的，附得分单：每一分的规则、依据和算式 · scores, with their sheets where you may see them."""
    asker = entered(request, "read", "appraisals")
    return asking.scores(asker.scope, asker.actor, appraisal, filters.cursor, filters.limit)
