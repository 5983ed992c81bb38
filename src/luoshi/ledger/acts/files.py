"""Folds of what happens to a file: received, read, refused."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical


def receive(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``name``, ``size``, ``batch``. The same bytes under another name are the same file; a file that was refused is tried again."""
    row = place.rows.get("file", entry.subject)
    names = msgspec.json.decode(row["names"]) if row else []
    if data["name"] not in names:
        names.append(data["name"])
    state = row["state"] if row and row["state"] == "read" else "received"
    first = {} if row else {"received_at": entry.at, "received_by": entry.actor, "name": data["name"], "size": data["size"]}
    place.rows.put("file", entry.subject, names=canonical(names), batch=data.get("batch", ""), state=state, **first)


def read(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``format``, ``documents`` (all found in it), ``known`` (those that were in the ledger before)."""
    place.rows.put(
        "file", entry.subject, state="read", format=data.get("format", ""), documents=canonical(data["documents"]),
        known=canonical(data["known"]), error="{}", read_at=entry.at,
    )  # fmt: skip


def refuse(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``slug``, ``what``, ``remedy``: why the file gives nothing."""
    place.rows.put("file", entry.subject, state="refused", error=canonical(data), read_at=entry.at)


ACTS: Final[dict[str, Fold]] = {"file.receive": receive, "file.read": read, "file.refuse": refuse}
