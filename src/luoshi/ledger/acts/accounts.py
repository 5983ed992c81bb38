"""Folds of accounts: made, changed; never a password."""

from __future__ import annotations

from typing import Any, Final

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical

_NAMES: Final = ("username", "name", "unit", "region", "active")


def create(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``username``, ``name``, ``roles``, ``unit``, ``region``, ``active``."""
    place.rows.put("account", entry.subject, created_at=entry.at)
    change(entry, data, place)


def change(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """What is given of the same."""
    roles = {"roles": canonical(data["roles"])} if "roles" in data else {}
    place.rows.put("account", entry.subject, **roles, **{name: data[name] for name in _NAMES if name in data})


def note(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """Something that changes no row: a password was reset, an account unlocked, sign-in refused."""


ACTS: Final[dict[str, Fold]] = {
    "account.create": create, "account.change": change, "account.reset": note, "account.unlock": note, "backup.make": note,
}  # fmt: skip
