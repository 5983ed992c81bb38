"""``/regions``, ``/indicators``, ``/organisations``."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from pydantic import Field

from luoshi.web.api import shapes
from luoshi.web.api.answers import declared, scoped
from luoshi.web.api.asking import places as asking
from luoshi.web.api.door import entered
from luoshi.web.api.rooms.documents import filters_of
from luoshi.web.api.shapes import Cursor, Limit, Many, Places, Several, Words

router = Router(tags=["地区、指标、单位 · regions, indicators, organisations"])


class OfRegions(Schema):
    """What a list of regions may be narrowed by."""

    q: Words = Field(default="", description="全名中的词 · words of the full name")
    parent: Many
    cursor: Cursor = ""
    limit: Limit = 50


class OfIndicators(Schema):
    """What a list of indicators may be narrowed by."""

    q: Words = ""
    cursor: Cursor = ""
    limit: Limit = 50


class OfValues(Schema):
    """Of which places, and which page."""

    region: Places
    cursor: Cursor = ""
    limit: Limit = 50


class OfOrganisations(Schema):
    """What a list of organisations may be narrowed by."""

    q: Words = ""
    region: Places
    kind: Several[Literal["body", "group"]]
    former: Literal["", "1"] = Field(default="", description="1：并入、更名前的也要 · those that went on as another too")
    cursor: Cursor = ""
    limit: Limit = 50


@router.get("/regions", response=declared(shapes.Regions), operation_id="list_regions", openapi_extra=scoped("read"))
def list_regions(request: HttpRequest, filters: Query[OfRegions]) -> Any:
    """有文件的地区和它们的上级；按名称或上级可以查全部 · regions with documents and those above; any by name or parent."""
    asker = entered(request, "read", "regions")
    return asking.regions(asker.scope, filters_of(filters), filters.cursor, filters.limit)


@router.get("/regions/{region}", response=declared(shapes.Record), operation_id="get_region", openapi_extra=scoped("read"))
def get_region(request: HttpRequest, region: str) -> Any:
    """一个地方的底账：最新报告的主要目标和上年结果（带引文）、事项的办理情况 · the record of a place."""
    return asking.region(entered(request, "read", "region").scope, region)


@router.get("/indicators", response=declared(shapes.Indicators), operation_id="list_indicators", openapi_extra=scoped("read"))
def list_indicators(request: HttpRequest, filters: Query[OfIndicators]) -> Any:
    """台账里有目标或结果的指标 · indicators of which there are targets or results."""
    asker = entered(request, "read", "indicators")
    return asking.indicators(asker.scope, filters.q, filters.cursor, filters.limit)


@router.get("/indicators/{indicator}", response=declared(shapes.Indicator), operation_id="get_indicator", openapi_extra=scoped("read"))
def get_indicator(request: HttpRequest, indicator: str) -> Any:
    """一个指标 · an indicator."""
    return asking.indicator(entered(request, "read", "indicator").scope, indicator)


@router.get("/indicators/{indicator}/values", response=declared(shapes.Facts), operation_id="list_values", openapi_extra=scoped("read"))
def list_values(request: HttpRequest, indicator: str, filters: Query[OfValues]) -> Any:
    """一个指标各地各年的目标和结果，条条带引文 · its targets and results by place and year, each with its quotation."""
    return asking.values(entered(request, "read", "indicator").scope, indicator, filters.region, filters.cursor, filters.limit)


@router.get("/organisations", response=declared(shapes.Organisations), operation_id="list_organisations", openapi_extra=scoped("read"))
def list_organisations(request: HttpRequest, filters: Query[OfOrganisations]) -> Any:
    """单位列表，带别名和担着的事项数 · units with their other names and how many items they have."""
    asker = entered(request, "read", "organisations")
    return asking.organisations(asker.scope, filters_of(filters), filters.cursor, filters.limit)


@router.get(
    "/organisations/{organisation}", response=declared(shapes.Organisation), operation_id="get_organisation", openapi_extra=scoped("read")
)
def get_organisation(request: HttpRequest, organisation: str) -> Any:
    """一个单位 · a unit."""
    return asking.organisation(entered(request, "read", "organisation").scope, organisation)
