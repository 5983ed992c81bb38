"""A document's reading as the ledger keeps it: text, sections and facts with offsets in this text. Pure."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
from luoshi.extract.reading import Reading
from luoshi.ledger.ids import document_id, fact_ids, squeezed

#: the fields of a fact that a person may correct, by kind
CORRECTABLE: Final[Mapping[str, frozenset[str]]] = {
    "measure": frozenset({"name", "indicator_id", "role", "measure", "direction", "comparator", "value", "value_max", "unit", "year", "year_last", "strength"}),
    "task": frozenset({"name", "leaders", "lead_units", "support_units", "due"}),
    "project": frozenset({"name", "stage", "role", "year"}),
    "term": frozenset({"name"}),
}  # fmt: skip
_ENDS: Final = "。；！？;!?\n"
_COMMAS: Final = "，,"
_LONGEST: Final = 160


class SectionRow(msgspec.Struct, frozen=True, array_like=True):
    """A heading: its span, level, number, title and part."""

    start: int
    end: int
    level: int
    number: str
    title: str
    part: str
    parent: int


class FactRow(msgspec.Struct, frozen=True):
    """A fact with its id; ``record`` as the reader gave it, offsets in the document's own text; ``clause`` the words around it."""

    id: str
    kind: str
    start: int
    end: int
    text: str
    section: int
    clause: tuple[int, int]
    record: dict[str, Any]


class StoredReading(msgspec.Struct, frozen=True):
    """One document. ``shift`` is where its text begins in the text of the whole file."""

    id: str
    text: str
    shift: int
    recognised: dict[str, Any]
    complete: bool
    gaps: list[dict[str, Any]]
    letterhead: str
    sections: tuple[SectionRow, ...]
    facts: tuple[FactRow, ...]

    def counts(self) -> dict[str, int]:
        kinds = Counter(fact.kind for fact in self.facts)
        return {"measures": kinds["measure"], "tasks": kinds["task"], "projects": kinds["project"], "terms": kinds["term"]}

    def passages(self) -> list[tuple[int, int]]:
        """The stretches that a search finds: paragraphs, long ones cut at the end of a sentence."""
        return passages(self.text)


def stored(reading: Reading) -> list[StoredReading]:
    """The documents of a reading, each with its own text. A file without a document gives ``[]``."""
    documents = [fact for fact in reading.facts if isinstance(fact, DocumentFact)]
    return [_document(reading, index, document) for index, document in enumerate(documents)]


def _document(reading: Reading, index: int, document: DocumentFact) -> StoredReading:
    text, shift = reading.text.source[document.start : document.end], document.start
    mine = [fact for fact in reading.facts if not isinstance(fact, DocumentFact) and fact.document == index]
    headings = [fact for fact in mine if isinstance(fact, SectionFact)]
    renumbered = {fact.index: order for order, fact in enumerate(headings)}
    sections = tuple(
        SectionRow(fact.start - shift, fact.end - shift, fact.level, fact.number, fact.title, fact.part, renumbered.get(fact.parent, -1))
        for fact in headings
    )
    facts = [fact for fact in mine if isinstance(fact, MeasureFact | TaskFact | ProjectFact | TermFact) and fact.end - shift <= len(text)]
    records = [_record(fact, shift, renumbered) for fact in facts]
    key = document_id(text)
    ids = fact_ids(key, [(str(record["fact"]), record["start"], record["end"]) for record in records], squeezed(text))
    clauses = Clauses(text)
    rows = tuple(
        FactRow(one, record["fact"], record["start"], record["end"], record["text"], record.get("section", -1), clauses.around(record["start"], record["end"]), record)
        for one, record in zip(ids, records, strict=True)
    )  # fmt: skip
    gaps = [{**msgspec.to_builtins(gap), "start": max(0, gap.start - shift)} for gap in document.gaps]
    return StoredReading(key, text, shift, _recognised(document), document.complete, gaps, document.letterhead, sections, rows)


def _recognised(document: DocumentFact) -> dict[str, Any]:
    first, last = document.plan_years or (None, None)
    return {
        "title": document.title, "kind": document.kind, "region": document.region, "region_code": document.region_code, "level": document.level,
        "review_year": document.review_year, "plan_year": document.plan_year, "plan_first": first, "plan_last": last, "date": document.date,
    }  # fmt: skip


def _record(fact: Fact, shift: int, sections: Mapping[int, int]) -> dict[str, Any]:
    record: dict[str, Any] = _shifted(msgspec.to_builtins(fact), shift)
    record.pop("document", None)
    if "section" in record:
        record["section"] = sections.get(record["section"], -1)
    return record


def _shifted(value: Any, shift: int) -> Any:
    """The same value with every ``start``, ``end`` and ``body_end`` counted from the document's own beginning."""
    if isinstance(value, dict):
        return {
            key: inner - shift if key in ("start", "end", "body_end") and isinstance(inner, int) else _shifted(inner, shift)
            for key, inner in value.items()
        }
    if isinstance(value, list | tuple):
        return [_shifted(inner, shift) for inner in value]
    return value


class Clauses:
    """Finds the clause around a span: to the marks before and behind it, at most some 160 characters."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        self._ends = [at for at, char in enumerate(text) if char in _ENDS]
        self._marks = [at for at, char in enumerate(text) if char in _ENDS or char in _COMMAS]

    def around(self, start: int, end: int) -> tuple[int, int]:
        left, right = self._span(self._ends, start, end)
        return (left, right) if right - left <= _LONGEST else self._short(start, end)

    def _short(self, start: int, end: int) -> tuple[int, int]:
        left, right = self._span(self._marks, start, end)
        return max(left, start - _LONGEST // 2), min(right, max(end, start + _LONGEST))

    def _span(self, marks: list[int], start: int, end: int) -> tuple[int, int]:
        before, behind = bisect_left(marks, start), bisect_right(marks, end - 1)
        return (marks[before - 1] + 1 if before else 0), (marks[behind] + 1 if behind < len(marks) else self._length)


def passages(text: str, longest: int = 300) -> list[tuple[int, int]]:
    """Paragraphs as spans without the blanks around them; a long one is cut behind a sentence.

    >>> passages("甲。\\n\\n  乙。")
    [(0, 2), (6, 8)]
    """
    out, at = list[tuple[int, int]](), 0
    for line in text.splitlines(keepends=True):
        begin, end = at + len(line) - len(line.lstrip()), at + len(line.rstrip())
        at += len(line)
        while end - begin > longest:
            cut = max(text.rfind(mark, begin, begin + longest) for mark in "。；！？") + 1 or begin + longest
            out.append((begin, cut))
            begin = cut
        if end > begin:
            out.append((begin, end))
    return out


def effective(kind: str, record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that show what a fact says, as read and with ``fields`` that a person put instead."""
    return _MAKERS[kind](record, fields)


def _name(record: Mapping[str, Any], key: str) -> str:
    quote = record.get(key)
    return str(quote["text"])[:300] if quote else ""


def _years(record: Mapping[str, Any]) -> dict[str, Any]:
    first, last = record.get("years") or (record.get("year"), None)
    return {"year": first, "year_last": last}


_MEASURE_KEYS: Final = ("indicator_id", "role", "measure", "direction", "comparator", "unit", "strength")


def _measure(record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    read = {"name": _name(record, "indicator"), **{key: record.get(key) or "" for key in _MEASURE_KEYS}, **_years(record),
            "value": record.get("value"), "value_max": record.get("value_max")}  # fmt: skip
    return {**read, **fields}


def _task(record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    lead = fields["lead_units"] if "lead_units" in fields else [quote["text"] for quote in record.get("lead_units", [])]
    title = _name(record, "title") or str(record.get("text", ""))[:80]
    return {
        "name": str(fields.get("name", title))[:300],
        "role": "target",
        "lead": "、".join(lead)[:300],
        "due": fields.get("due", record.get("due", "")),
    }


def _project(record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    read = {"name": str(record.get("text", ""))[:300], "stage": record.get("stage", ""), "role": record.get("role", ""), "year": None}
    return {**read, **fields}


def _term(record: Mapping[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": str(fields.get("name", _name(record, "name")))[:300]}


_MAKERS: Final = {"measure": _measure, "task": _task, "project": _project, "term": _term}
