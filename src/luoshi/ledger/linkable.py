"""A document as linking sees it: its stored reading, with what persons corrected or rejected in force. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from luoshi.ledger.reading import FactRow, StoredReading
from luoshi.link import source
from luoshi.link.source import Acted, Measured, Part, Source, Task

#: fields of a measure that a person may correct and linking reads under the same name
_SAME: Final = ("name", "indicator_id", "role", "measure", "direction", "comparator", "value", "value_max", "unit", "strength")


class Checked(msgspec.Struct, frozen=True):
    """What persons said of a fact: whether it is rejected, and the fields in force instead of those read."""

    rejected: bool = False
    fields: Mapping[str, Any] = {}


def source_of(
    reading: StoredReading, *, head: Mapping[str, Any] | None = None, checked: Mapping[str, Checked] | None = None, file: str = ""
) -> Source:
    """The document of a reading. ``head`` are title, kind, place and years in force (as read where it is left out), ``checked`` the
    facts that persons looked at, by id; ``file`` is the name of the file that holds the document."""
    told = reading.recognised if head is None else head
    kept = [(fact, one) for fact in reading.facts if not (one := (checked or {}).get(fact.id, Checked())).rejected]
    return Source(
        key=reading.id, title=told["title"], kind=told["kind"], region_code=told["region_code"], region=told["region"], level=told["level"],
        text=reading.text, review_year=told["review_year"], plan_year=told["plan_year"], plan_years=_span(told["plan_first"], told["plan_last"]),
        complete=reading.complete, file=file, shift=reading.shift,
        parts=tuple(Part(one.start, one.level, one.title, one.part) for one in reading.sections),
        measures=tuple(_measured(fact, one.fields) for fact, one in kept if fact.kind == "measure"),
        projects=tuple(_acted(fact, one.fields) for fact, one in kept if fact.kind == "project"),
        tasks=tuple(_task(fact, one.fields) for fact, one in kept if fact.kind == "task"),
    )  # fmt: skip


def _span(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)


def _measured(fact: FactRow, fields: Mapping[str, Any]) -> Measured:
    read = source.measured(fact.record, fact.id)
    changes = {key: fields[key] for key in _SAME if key in fields}
    if "name" in changes and changes["name"] != read.name:
        # the words are no longer those at the place that was read
        changes["name_start"] = -1
    if "year" in fields or "year_last" in fields:
        first, last = read.years or (read.year, None)
        first, last = fields.get("year", first), fields.get("year_last", last)
        changes |= {"year": first if last is None else None, "years": _span(first, last)}
    return msgspec.structs.replace(read, **changes) if changes else read


def _acted(fact: FactRow, fields: Mapping[str, Any]) -> Acted:
    read = source.acted(fact.record, fact.id)
    changes = {key: fields[key] for key in ("stage", "role") if key in fields}
    return msgspec.structs.replace(read, **changes) if changes else read


def _task(fact: FactRow, fields: Mapping[str, Any]) -> Task:
    read = source.task(fact.record, fact.id)
    return msgspec.structs.replace(read, title=fields["name"]) if "name" in fields else read
