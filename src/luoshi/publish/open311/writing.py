"""GeoReport v2 written: the same trees as XML and as JSON, so that the two always say the same."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from decimal import Decimal
from html import escape
from typing import Final, TypeAlias

import msgspec

from luoshi.errors import BadUsage
from luoshi.publish.open311.values import Attribute, Problem, Receipt, RequestView, Service

Tree: TypeAlias = "str | bool | int | Decimal | Sequence[Tree] | Mapping[str, Tree] | None"

#: what one element of a list is called in XML
_ONE: Final = {
    "services": "service", "service_requests": "request", "errors": "error", "attributes": "attribute", "values": "value",
}  # fmt: skip
#: characters that XML 1.0 cannot hold, and halves of surrogate pairs that UTF-8 cannot
_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_JSON: Final = msgspec.json.Encoder(decimal_format="number")


def _clean(text: str) -> str:
    return _NOT_XML.sub("\ufffd", text)


def _text(value: str) -> str | None:
    """Text as it may be written; nothing is null in JSON and an empty element in XML."""
    return _clean(value) or None


def _service(service: Service) -> dict[str, Tree]:
    return {
        "service_code": _text(service.service_code),
        "service_name": _text(service.service_name),
        "description": _text(service.description),
        "metadata": bool(service.attributes),
        "type": service.type,
        "keywords": _text(", ".join(service.keywords)),
        "group": _text(service.group),
    }


def _attribute(attribute: Attribute) -> dict[str, Tree]:
    written: dict[str, Tree] = {
        "variable": attribute.variable,
        "code": _text(attribute.code),
        "datatype": attribute.datatype,
        "required": attribute.required,
        "datatype_description": _text(attribute.datatype_description),
        "order": attribute.order,
        "description": _text(attribute.description),
    }
    if attribute.datatype in {"singlevaluelist", "multivaluelist"}:
        written["values"] = [{"key": _text(choice.key), "name": _text(choice.name)} for choice in attribute.values]
    return written


def _definition(service: Service) -> dict[str, Tree]:
    ordered = sorted(service.attributes, key=lambda attribute: attribute.order)
    return {"service_code": _text(service.service_code), "attributes": [_attribute(attribute) for attribute in ordered]}


def w3c(instant: datetime, zone: tzinfo) -> str:
    """The instant as W3C writes it, to the second, in the zone of the office.

    >>> w3c(datetime(2026, 3, 5, 1, 30, tzinfo=UTC), UTC)
    '2026-03-05T01:30:00+00:00'
    """
    if instant.tzinfo is None:
        raise BadUsage("时刻没有时区", where="open311", remedy="请给带时区的时刻")
    return instant.astimezone(zone).isoformat(timespec="seconds")


def _extended(pairs: Sequence[tuple[str, str]]) -> dict[str, Tree]:
    wrong = [key for key, _ in pairs if _KEY.fullmatch(key) is None]
    if wrong:
        raise BadUsage(f"扩展项的名字“{wrong[0]}”不能写成 XML", where="open311", remedy="请用小写字母、数字、下划线，字母开头")
    return {key: _text(value) for key, value in pairs}


def _request(view: RequestView, zone: tzinfo) -> dict[str, Tree]:
    def at(instant: datetime | None) -> str | None:
        return None if instant is None else w3c(instant, zone)

    written: dict[str, Tree] = {
        "service_request_id": _text(view.service_request_id),
        "status": view.status,
        "status_notes": _text(view.status_notes),
        "service_name": _text(view.service_name),
        "service_code": _text(view.service_code),
        "description": _text(view.description),
        "agency_responsible": _text(view.agency_responsible),
        "service_notice": _text(view.service_notice),
        "requested_datetime": at(view.requested_datetime),
        "updated_datetime": at(view.updated_datetime),
        "expected_datetime": at(view.expected_datetime),
        "address": _text(view.address),
        "address_id": _text(view.address_id),
        "zipcode": _text(view.zipcode),
        "lat": view.lat,
        "long": view.long,
        "media_url": _text(view.media_url),
    }
    if view.extended_attributes:
        written["extended_attributes"] = _extended(view.extended_attributes)
    return written


def _receipt(receipt: Receipt) -> dict[str, Tree]:
    told: dict[str, Tree] = {"service_request_id": _text(receipt.service_request_id), "token": _text(receipt.token)}
    return {name: value for name, value in told.items() if value} | {"service_notice": _text(receipt.service_notice)}


def _problem(problem: Problem) -> dict[str, Tree]:
    return {"code": problem.code, "description": _text(problem.description)}


def _plain(value: str | bool | int | Decimal) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return format(value, "f")
    # a parser would make a line feed of a bare carriage return
    return escape(str(value), quote=False).replace("\r", "&#13;")


def _elements(name: str, tree: Tree) -> Iterator[str]:
    if isinstance(tree, Mapping):
        inner = "".join(part for key, value in tree.items() for part in _elements(key, value))
    elif tree is None:
        inner = ""
    elif isinstance(tree, str | bool | int | Decimal):
        inner = _plain(tree)
    else:
        inner = "".join(part for value in tree for part in _elements(_ONE[name], value))
    yield f"<{name}>{inner}</{name}>" if inner else f"<{name}/>"


def _xml(root: str, tree: Tree) -> bytes:
    return ('<?xml version="1.0" encoding="utf-8"?>\n' + "".join(_elements(root, tree)) + "\n").encode()


def services_xml(services: Sequence[Service]) -> bytes:
    """The list of services, in their order."""
    return _xml("services", [_service(service) for service in services])


def services_json(services: Sequence[Service]) -> bytes:
    """The list of services, in their order."""
    return _JSON.encode([_service(service) for service in services])


def definition_xml(service: Service) -> bytes:
    """The questions of a service, by their ``order``."""
    return _xml("service_definition", _definition(service))


def definition_json(service: Service) -> bytes:
    """The questions of a service, by their ``order``."""
    return _JSON.encode(_definition(service))


def requests_xml(views: Sequence[RequestView], *, zone: tzinfo = UTC) -> bytes:
    """The requests, in their order; instants in the zone of the office."""
    return _xml("service_requests", [_request(view, zone) for view in views])


def requests_json(views: Sequence[RequestView], *, zone: tzinfo = UTC) -> bytes:
    """The requests, in their order; instants in the zone of the office."""
    return _JSON.encode([_request(view, zone) for view in views])


def receipts_xml(receipts: Sequence[Receipt]) -> bytes:
    """The answer to a report or to a question by token."""
    return _xml("service_requests", [_receipt(receipt) for receipt in receipts])


def receipts_json(receipts: Sequence[Receipt]) -> bytes:
    """The answer to a report or to a question by token."""
    return _JSON.encode([_receipt(receipt) for receipt in receipts])


def errors_xml(problems: Sequence[Problem]) -> bytes:
    """The errors, in their order."""
    return _xml("errors", [_problem(problem) for problem in problems])


def errors_json(problems: Sequence[Problem]) -> bytes:
    """The errors, in their order."""
    return _JSON.encode([_problem(problem) for problem in problems])
