"""Folds of items: made from a fact, corrected, dropped, taken up again."""

from __future__ import annotations

from typing import Any, Final

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry
from luoshi.ledger.ids import ident

_COLUMNS: Final = (
    "document", "fact", "region_code", "year", "number", "title", "text", "section_title", "due", "due_text", "open_ended", "doubt", "ordinal",
)  # fmt: skip


def create(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The item's columns, and ``duties``: role, name, organisation, post, and where the name stands. An item dropped before begins anew."""
    if place.rows.get("item", entry.subject) is not None:
        _clear(entry.subject, place)
    row = place.rows.put(
        "item", entry.subject, state="open", created_at=entry.at, created_by=entry.actor, changed_at=entry.at,
        **{name: data[name] for name in _COLUMNS if name in data},
    )  # fmt: skip
    _duties(entry.subject, data.get("duties", []), place)
    if row["fact"]:
        place.rows.put("fact", row["fact"], item=entry.subject)
    place.rows.index("item", entry.subject)


def correct(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``fields`` of the item that a person changes; ``duties`` where they change, whole. With another ``fact`` it goes on as that."""
    fields = {name: value for name, value in data.get("fields", {}).items() if name in _COLUMNS}
    before = place.rows.get("item", entry.subject)
    if "fact" in fields and before is not None and fields["fact"] != before["fact"]:
        for fact, item in ((before["fact"], ""), (fields["fact"], entry.subject)):
            if fact:
                place.rows.put("fact", fact, item=item)
    place.rows.put("item", entry.subject, changed_at=entry.at, **fields)
    if "duties" in data:
        _clear(entry.subject, place)
        _duties(entry.subject, data["duties"], place)
    place.rows.index("item", entry.subject)


def _clear(item: str, place: Place) -> None:
    """The duties that the item had are no more."""
    for old in place.rows.all("duty", item=item):
        place.rows.put("duty", old["id"], live=False)


def _duties(item: str, duties: list[dict[str, Any]], place: Place) -> None:
    for at, duty in enumerate(duties):
        key = ident("q", item, duty["role"], duty["name"])
        place.rows.put(
            "duty", key, item=item, role=duty["role"], place=at, name=duty["name"], organisation=duty.get("organisation", ""),
            post=duty.get("post", ""), start=duty.get("start", 0), end=duty.get("end", 0), live=True,
        )  # fmt: skip
    names = {role: "、".join(duty["name"] for duty in duties if duty["role"] == role) for role in ("leader", "lead", "support")}
    place.rows.put("item", item, leaders=names["leader"][:500], lead=names["lead"][:500], support=names["support"])


def drop(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``why``: the item was made by mistake; it stays on record and its fact is free again."""
    row = place.rows.put("item", entry.subject, state="dropped", changed_at=entry.at)
    if row["fact"]:
        place.rows.put("fact", row["fact"], item="")
    place.rows.index("item", entry.subject)


def restore(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The item is taken up again."""
    row = place.rows.put("item", entry.subject, state="open", changed_at=entry.at)
    if row["fact"]:
        place.rows.put("fact", row["fact"], item=entry.subject)
    place.rows.index("item", entry.subject)


ACTS: Final[dict[str, Fold]] = {"item.create": create, "item.correct": correct, "item.drop": drop, "item.restore": restore}
