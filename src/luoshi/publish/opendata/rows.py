"""The rows of each table of open data, made from the content of a release; a row has every column, None where there is nothing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from luoshi.publish.opendata.codebook import Column, tables
from luoshi.publish.release.content import Content, Fact, Item

Row = dict[str, Any]


def rows_of(content: Content, name: str) -> list[Row]:
    """The rows of a table, in the order of the release."""
    return [_fitted(row, tables()[name].columns) for row in _raw(content, name)]


def _raw(content: Content, name: str) -> Iterator[Row]:
    match name:
        case "documents" | "facts" | "items" | "chains" | "scores":
            yield from map(_plain, getattr(content, name))
        case "targets" | "results":
            yield from (_plain(fact) for fact in content.facts if _is(fact, name[:-1]))
        case "duties" | "fields" | "told":
            for item in content.items:
                yield from _OF_ITEM[name](item)


def _is(fact: Fact, role: str) -> bool:
    return fact.kind == "measure" and fact.role == role


def _plain(record: msgspec.Struct) -> Row:
    """The record's own values; lists of words joined."""
    row = msgspec.structs.asdict(record)
    return {
        name: "|".join(value) if isinstance(value, tuple) and all(isinstance(one, str) for one in value) else value
        for name, value in row.items()
    }


def _duties(item: Item) -> Iterator[Row]:
    for role, units in (("lead", item.lead), ("support", item.support)):
        for place, unit in enumerate(units):
            yield {"item": item.id, "role": role, "place": place, "unit_id": unit.id, "unit": unit.name}


def _fields(item: Item) -> Iterator[Row]:
    for field in item.fields:
        yield {"item": item.id, "key": field.key, "title": field.title, "value": field.value}


def _told(item: Item) -> Iterator[Row]:
    for one in item.told:
        yield {"item": item.id, "day": one.day, "act": one.act, "text": one.text}


_OF_ITEM = {"duties": _duties, "fields": _fields, "told": _told}


def _fitted(row: Row, columns: tuple[Column, ...]) -> Row:
    return {column.name: _value(row.get(column.name), column.type) for column in columns}


def _value(value: Any, type_: str) -> Any:
    """The value as the column's type has it; an empty text is nothing."""
    if value is None or value == "":
        return None
    if type_ in ("integer", "year"):
        return int(value)
    if type_ == "number":
        return float(value)
    return value
