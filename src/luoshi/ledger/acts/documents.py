"""Folds of documents: read, what was recognised confirmed or corrected, withdrawn, restored."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place, Row
from luoshi.ledger.entry import Entry, canonical
from luoshi.ledger.reading import FactRow, StoredReading, effective

#: what of a document a person may correct
FIELDS: Final = ("title", "kind", "region", "region_code", "level", "review_year", "plan_year", "plan_first", "plan_last", "date")
#: facts of one document have ordinals from ``number`` × this
ROOM: Final = 1_000_000


def read(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``reading`` (its key), ``file``, ``number``, ``family``, ``version``, ``previous``, ``rules`` and the recognised fields."""
    stored = msgspec.json.decode(place.reading(data["reading"]), type=StoredReading)
    place.rows.new(
        "document", entry.subject, reading=data["reading"], file=data["file"], number=data["number"], family=data["family"],
        version=data["version"], previous=data["previous"], recognised=canonical(stored.recognised), read_at=entry.at, read_by=entry.actor,
        rules=data["rules"], characters=len(stored.text), complete=stored.complete, gaps=canonical(stored.gaps), letterhead=stored.letterhead,
        **stored.counts(), **_columns(stored.recognised),
    )  # fmt: skip
    if data["previous"]:
        place.rows.put("document", data["previous"], newest=False)
        place.rows.index("document", data["previous"])
    _facts(entry.subject, data["number"], stored, place)
    place.rows.index("document", entry.subject)


def _facts(document: str, number: int, stored: StoredReading, place: Place) -> None:
    for order, fact in enumerate(stored.facts):
        place.rows.new("fact", fact.id, **_fact_columns(document, number * ROOM + order, fact, stored))


def _fact_columns(document: str, ordinal: int, fact: FactRow, stored: StoredReading) -> Row:
    section = stored.sections[fact.section] if 0 <= fact.section < len(stored.sections) else None
    return {
        "ordinal": ordinal, "document": document, "kind": fact.kind, "start": fact.start, "end": fact.end,
        "text": fact.text, "clause": stored.text[fact.clause[0] : fact.clause[1]], "data": canonical(fact.record), "section": fact.section,
        "section_title": section.title[:300] if section else "", "part": section.part if section else "",
        "rule": str(fact.record.get("rule", ""))[:200], "doubt": str(fact.record.get("doubt", ""))[:200], **effective(fact.kind, fact.record, {}),
    }  # fmt: skip


def _columns(fields: dict[str, Any]) -> Row:
    """The columns that show what a document is, ``year`` being the one that it is looked for under."""
    given: Row = {name: fields[name] for name in FIELDS if name in fields}
    return {**given, "year": given.get("plan_year") or given.get("review_year") or given.get("plan_first")}


def confirm(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """What was recognised is right."""
    place.rows.put("document", entry.subject, state="confirmed", checked_at=entry.at, checked_by=entry.actor)
    place.rows.index("title", entry.subject)


def correct(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``fields``: what a person says instead; ``family``, ``version``, ``previous`` as they are then."""
    row = place.rows.get("document", entry.subject)
    before = msgspec.json.decode(row["corrected"]) if row else {}
    fields = {**before, **data["fields"]}
    read = msgspec.json.decode(row["recognised"]) if row else {}
    place.rows.put(
        "document", entry.subject, corrected=canonical(fields), state="confirmed", checked_at=entry.at, checked_by=entry.actor,
        family=data["family"], version=data["version"], previous=data["previous"], **_columns({**read, **fields}),
    )  # fmt: skip
    _renew(entry.subject, data, place)


def _renew(document: str, data: dict[str, Any], place: Place) -> None:
    """Search finds the document as it is now, and those that became, or ceased to be, the newest of their family."""
    for other, newest in data.get("newest", {}).items():
        place.rows.put("document", other, newest=newest)
        place.rows.index("document", other)
    place.rows.index("document", document)


def withdraw(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``why``: the document was taken in by mistake; it stays on record, out of tables and search."""
    place.rows.put("document", entry.subject, state="withdrawn", checked_at=entry.at, checked_by=entry.actor)
    _renew(entry.subject, data, place)


def restore(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The withdrawal is undone: ``state``, ``checked_at`` and ``checked_by`` are what they were before it."""
    before = {name: data.get(name, default) for name, default in (("state", "open"), ("checked_at", ""), ("checked_by", ""))}
    place.rows.put("document", entry.subject, **before)
    _renew(entry.subject, data, place)


ACTS: Final[dict[str, Fold]] = {
    "document.read": read, "document.confirm": confirm, "document.correct": correct, "document.withdraw": withdraw, "document.restore": restore,
}  # fmt: skip
