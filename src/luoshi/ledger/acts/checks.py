"""Folds of checking: each reader's word on a fact, and the third's where two differ."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical
from luoshi.ledger.reading import effective

_STATES: Final = {"accept": "accepted", "correct": "corrected", "reject": "rejected"}


def check(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """One reader's word: accept, reject, or correct with ``fields``; it takes the place of what this reader said before."""
    row = place.rows.get("fact", entry.subject)
    if row is None:
        return
    checks = msgspec.json.decode(row["checks"])
    checks[entry.actor] = {
        "word": entry.act.partition(".")[2],
        "fields": data.get("fields", {}),
        "at": entry.at,
        "note": data.get("note", ""),
    }
    _settle(entry, checks, msgspec.json.decode(row["decision"]), place)


def reopen(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The reader takes back the own word; with ``decision`` the third takes back the decision."""
    row = place.rows.get("fact", entry.subject)
    if row is None:
        return
    checks, decision = msgspec.json.decode(row["checks"]), msgspec.json.decode(row["decision"])
    if data.get("decision"):
        decision = {}
    else:
        checks.pop(entry.actor, None)
    _settle(entry, checks, decision, place)


def decide(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """A third person's word where two differ: ``word`` and ``fields``."""
    row = place.rows.get("fact", entry.subject)
    if row is None:
        return
    decision = {"by": entry.actor, "word": data["word"], "fields": data.get("fields", {}), "at": entry.at, "note": data.get("note", "")}
    _settle(entry, msgspec.json.decode(row["checks"]), decision, place)


def _settle(entry: Entry, checks: dict[str, Any], decision: dict[str, Any], place: Place) -> None:
    row = place.rows.get("fact", entry.subject)
    assert row is not None  # noqa: S101 - callers have looked
    state, fields, by = outcome(checks, decision)
    if canonical(fields) != row["fields"] or (state == "rejected") != (row["state"] == "rejected"):
        # what the document says is another now, for whoever compares it with others
        place.rows.index("link", row["document"])
    place.rows.put(
        "fact", entry.subject, checks=canonical(checks), decision=canonical(decision), state=state, fields=canonical(fields),
        checked_by=by, checked_at=entry.at if state != "open" else "", **effective(row["kind"], msgspec.json.decode(row["data"]), fields),
    )  # fmt: skip
    place.rows.index("fact", entry.subject)


def outcome(checks: Mapping[str, Any], decision: Mapping[str, Any]) -> tuple[str, dict[str, Any], str]:
    """State, corrected fields and who it rests on: the decision if there is one, else what all readers agree on, else ``disputed``.

    >>> outcome({"a1": {"word": "accept", "fields": {}}, "a2": {"word": "reject", "fields": {}}}, {})
    ('disputed', {}, '')
    """
    if decision:
        return _STATES[decision["word"]], decision["fields"], decision["by"]
    if not checks:
        return "open", {}, ""
    words = {(check["word"], canonical(check["fields"])) for check in checks.values()}
    if len(words) > 1:
        return "disputed", {}, ""
    first = min(checks, key=lambda reader: (checks[reader].get("at", ""), reader))
    return _STATES[checks[first]["word"]], checks[first]["fields"], first


ACTS: Final[dict[str, Fold]] = {
    "fact.accept": check,
    "fact.correct": check,
    "fact.reject": check,
    "fact.reopen": reopen,
    "fact.decide": decide,
}
