"""The description of the interface as a page: made from what it says of itself, with nothing from anywhere else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponseBase

from luoshi.ledger.settings_now import now
from luoshi.web.page import Page, show

_METHODS: Final = ("get", "post")


class Field(msgspec.Struct, frozen=True):
    """Something that an address is given, or that an answer has."""

    name: str
    type: str
    about: str
    needed: bool = False


class Operation(msgspec.Struct, frozen=True):
    """One address with a method."""

    id: str
    method: str
    path: str
    about: str
    scope: str
    given: tuple[Field, ...]
    body: str
    answer: str


class Shape(msgspec.Struct, frozen=True):
    """A part of bodies and answers."""

    name: str
    about: str
    fields: tuple[Field, ...]


def view(request: HttpRequest) -> HttpResponseBase:
    """The operations by what they are about, then the shapes."""
    # the interface is made of pages, and this is one
    from luoshi.web.api.interface import description

    told = description()
    groups: dict[str, list[Operation]] = {}
    for one, tag in operations(told):
        groups.setdefault(tag, []).append(one)
    values = {
        "groups": list(groups.items()),
        "shapes": list(_shapes(told)),
        "base": request.build_absolute_uri("/api/v1"),
        "on": now().api == "1",
    }
    return show(request, values)


def operations(told: Mapping[str, Any]) -> Iterator[tuple[Operation, str]]:
    """Every operation with what it is about, in the order of the description."""
    for path, methods in told["paths"].items():
        for method in _METHODS:
            if method in methods:
                yield _operation(path, method, methods[method]), methods[method]["tags"][0]


def _operation(path: str, method: str, one: Mapping[str, Any]) -> Operation:
    given = tuple(
        Field(parameter["name"], _type(parameter["schema"]), _about(parameter["schema"]), parameter.get("required", False))
        for parameter in one.get("parameters", ())
    )
    body = _body(one.get("requestBody", {}))
    answer = next((_body(told) for status, told in one["responses"].items() if int(status) < 300), {})
    return Operation(
        one["operationId"], method.upper(), path, one.get("description", "") or one.get("summary", ""), one.get("x-scope", ""), given, _type(body) if body else "",
        _type(answer) if answer else "",
    )  # fmt: skip


def _about(schema: Mapping[str, Any]) -> str:
    """What a parameter means; of several values what each does."""
    return str(schema.get("description") or schema.get("items", {}).get("description", ""))


def _body(told: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema of a body; nothing where it has none."""
    found: Mapping[str, Any] = next((content["schema"] for content in told.get("content", {}).values() if "schema" in content), {})
    return found


def _shapes(told: Mapping[str, Any]) -> Iterator[Shape]:
    for name, schema in sorted(told["components"]["schemas"].items()):
        if schema.get("type") == "object":
            needed = schema.get("required", ())
            fields = tuple(
                Field(key, _type(one), one.get("description", ""), key in needed) for key, one in schema.get("properties", {}).items()
            )
            yield Shape(name, schema.get("description", ""), fields)


def _type(schema: Mapping[str, Any]) -> str:
    """A type in one word or two.

    >>> _type({"type": "array", "items": {"$ref": "#/components/schemas/Fact"}}), _type({"anyOf": [{"type": "integer"}, {"type": "null"}]})
    ('Fact[]', 'integer | null')
    """
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "enum" in schema:
        return " | ".join(f'"{one}"' for one in schema["enum"])
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if schema.get("type") == "array":
        inner = _type(schema.get("items", {}))
        return f"({inner})[]" if " | " in inner else f"{inner}[]"
    return str(schema.get("type", "")) or "any"


PAGE = Page("api", "api", view, right="profile")
