"""Folds of settings, of saved views, and of the tokens by which programs ask for a person."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical


def change(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``value``: what the setting is from now on."""
    place.rows.put("setting", entry.subject, value=canonical(data["value"]), changed_at=entry.at, changed_by=entry.actor)


def save(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``name``, ``table``, ``query``, ``shared``; the one who saves owns it."""
    row = place.rows.get("view", entry.subject)
    first = {} if row else {"owner": entry.actor, "created_at": entry.at}
    place.rows.put(
        "view", entry.subject, live=True, **first, **{name: data[name] for name in ("name", "table", "query", "shared") if name in data}
    )


def share(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``shared``: whether others see the view."""
    place.rows.put("view", entry.subject, shared=data["shared"])


def remove(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The view is put away."""
    place.rows.put("view", entry.subject, live=False)


def make_token(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``account``, ``name``, ``scopes``, ``hash``, ``until``, ``per_minute``: the token lives from now on."""
    value = canonical({**data, "live": True, "at": entry.at})
    place.rows.put("setting", entry.subject, value=value, changed_at=entry.at, changed_by=entry.actor)


def withdraw_token(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The token is good for nothing from now on."""
    row = place.rows.get("setting", entry.subject)
    if row is not None:
        value = canonical({**msgspec.json.decode(row["value"]), "live": False})
        place.rows.put("setting", entry.subject, value=value, changed_at=entry.at, changed_by=entry.actor)


ACTS: Final[dict[str, Fold]] = {
    "setting.change": change, "view.save": save, "view.share": share, "view.remove": remove, "token.make": make_token,
    "token.withdraw": withdraw_token,
}  # fmt: skip
