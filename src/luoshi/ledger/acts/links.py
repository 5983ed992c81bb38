"""Folds of what persons settle about links: that two names are one thing or not, which verdict a doubtful target has."""

from __future__ import annotations

from typing import Any, Final

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry

_IDENTITY: Final = ("first", "second", "same")
_VERDICT: Final = ("target", "verdict", "basis")


def settle(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``kind`` identity with ``first``, ``second``, ``same``, or verdict with ``target``, ``verdict``, ``basis``; ``note``, ``region_code``."""
    names = _IDENTITY if data["kind"] == "identity" else _VERDICT
    place.rows.put(
        "settlement", entry.subject, kind=data["kind"], note=data.get("note", ""), region_code=data.get("region_code", ""), by=entry.actor,
        at=entry.at, live=True, **{name: data[name] for name in names},
    )  # fmt: skip
    _mark(entry, place)


def unsettle(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """What was settled no longer counts."""
    place.rows.put("settlement", entry.subject, live=False, by=entry.actor, at=entry.at)
    _mark(entry, place)


def _mark(entry: Entry, place: Place) -> None:
    place.rows.index("settled", entry.subject)
    if entry.context:
        place.rows.index("link", entry.context)


ACTS: Final[dict[str, Fold]] = {"link.settle": settle, "link.unsettle": unsettle}
