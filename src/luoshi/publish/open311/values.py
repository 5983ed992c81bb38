"""What goes out by Open311: services with their questions, requests, receipts, problems. Field names are those of GeoReport v2."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

#: realtime answers with a number, batch with a token, blackbox with neither
ServiceType = Literal["realtime", "batch", "blackbox"]
Status = Literal["open", "closed"]
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]


class Choice(msgspec.Struct, frozen=True):
    """One of the values that a list offers."""

    key: str
    name: str


class Attribute(msgspec.Struct, frozen=True):
    """A question of a service. ``variable`` False: words to read, not to answer. ``values``: of the two kinds of list only."""

    code: str
    description: str
    datatype: Datatype = "string"
    required: bool = False
    variable: bool = True
    order: int = 1
    datatype_description: str = ""
    values: tuple[Choice, ...] = ()


class Service(msgspec.Struct, frozen=True):
    """A category that may be reported. It has a definition (``metadata`` true) where it asks anything."""

    service_code: str
    service_name: str
    description: str = ""
    type: ServiceType = "realtime"
    keywords: tuple[str, ...] = ()
    group: str = ""
    attributes: tuple[Attribute, ...] = ()


class RequestView(msgspec.Struct, frozen=True, kw_only=True):
    """An order as everybody may see it; texts are masked already. ``extended_attributes``: what open and closed do not tell, by name."""

    service_request_id: str
    status: Status
    service_code: str
    service_name: str
    requested_datetime: datetime
    updated_datetime: datetime | None = None
    expected_datetime: datetime | None = None
    status_notes: str = ""
    description: str = ""
    agency_responsible: str = ""
    service_notice: str = ""
    address: str = ""
    address_id: str = ""
    zipcode: str = ""
    lat: Decimal | None = None
    long: Decimal | None = None
    media_url: str = ""
    extended_attributes: tuple[tuple[str, str], ...] = ()


class Receipt(msgspec.Struct, frozen=True, kw_only=True):
    """The answer to a report, and to a question by token: the number or the token, as far as they may be told."""

    service_request_id: str = ""
    token: str = ""
    service_notice: str = ""


class Problem(msgspec.Struct, frozen=True):
    """One error: a status of HTTP and what is wrong, in Chinese and English."""

    code: int
    description: str


class BadRequest(msgspec.Struct, frozen=True):
    """What came cannot be carried out; ``status`` is that of HTTP, there is at least one problem."""

    status: int
    problems: tuple[Problem, ...]


def receipt_of(service: Service, *, number: str, token: str) -> Receipt:
    """The receipt of a report: with the number (realtime), the token (batch) or neither (blackbox).

    >>> receipt_of(Service("012", "路灯不亮", type="batch"), number="A-1", token="t-9").service_request_id
    ''
    """
    return Receipt(service_request_id=number if service.type == "realtime" else "", token=token if service.type == "batch" else "")
