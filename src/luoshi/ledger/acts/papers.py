"""Folds of papers: the office's own templates, and what was issued. Both are values in the table of settings, under ``paper.`` and ``issued.``."""

from __future__ import annotations

from typing import Any, Final

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical


def template(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``file``, ``name``, ``size``: the office's template of a kind of paper from now on; ``file`` empty: the program's own again."""
    place.rows.put("setting", entry.subject, value=canonical(data), changed_at=entry.at, changed_by=entry.actor)


def issue(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``kind``, ``period``, ``region``, ``number``, ``title``, ``file``, ``name``, ``size``: a paper that added up was issued; its bytes are kept."""
    place.rows.put("setting", entry.subject, value=canonical(data), changed_at=entry.at, changed_by=entry.actor)


def files_of(entry: Entry) -> tuple[str, ...]:
    """The file that an entry names."""
    key = entry.values.get("file", "")
    return (key,) if key else ()


ACTS: Final[dict[str, Fold]] = {"paper.template": template, "paper.issue": issue}
