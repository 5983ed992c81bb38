"""Folds of organisations, their names, groups and posts, and of regions that no table has."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry, canonical


def _put(table: str, *names: str, **fixed: Any) -> Fold:
    """A fold that sets those of the named columns that the entry gives, in the row of its subject."""

    def fold(entry: Entry, data: dict[str, Any], place: Place) -> None:
        place.rows.put(table, entry.subject, **{name: data[name] for name in names if name in data}, **fixed)

    return fold


def add(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``region_code``, ``name``, ``kind`` (body or group), ``plates``, ``members`` (what kind a group has), ``doubt``."""
    names = ("region_code", "name", "kind", "members", "doubt", "valid_from", "valid_to")
    known = place.rows.get("organisation", entry.subject)
    created = known["created_at"] if known and known["created_at"] else entry.at
    place.rows.put(
        "organisation", entry.subject, plates=canonical(data.get("plates", [])), created_at=created,
        **{name: data[name] for name in names if name in data},
    )  # fmt: skip


def correct(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """What is given of the same; ``successor`` and ``lineage`` where a merge or a new name is taken back."""
    lists = {name: canonical(data[name]) for name in ("plates", "lineage") if name in data}
    names = ("region_code", "name", "kind", "members", "doubt", "valid_from", "valid_to", "successor")
    place.rows.put("organisation", entry.subject, **lists, **{name: data[name] for name in names if name in data})


def merge(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The subject became part of ``into`` on ``day``."""
    _succeed(entry, data, place, data["into"], "merge")


def rename(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The subject goes on as the organisation ``into`` (its new name) from ``day`` on."""
    _succeed(entry, data, place, data["into"], "rename")


def _succeed(entry: Entry, data: dict[str, Any], place: Place, into: str, how: str) -> None:
    row = place.rows.get("organisation", entry.subject)
    lineage = msgspec.json.decode(row["lineage"]) if row else []
    lineage.append({"how": how, "into": into, "day": data["day"], "source": data.get("source", "")})
    place.rows.put("organisation", entry.subject, successor=into, valid_to=data["day"], lineage=canonical(lineage))


def hold(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """A person, and where it is said an ``account``, holds ``post`` from ``valid_from`` on; open duties that named this person without a post go to the post."""
    names = ("post", "person", "valid_from", "valid_to", "account")
    place.rows.put("holding", entry.subject, live=True, **{name: data[name] for name in names if name in data})
    for duty in data.get("duties", []):
        place.rows.put("duty", duty, post=data["post"])


def leave(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """The person left on ``valid_to``. ``live`` false: never held it; ``duties`` that had gone to the post with it are without one again."""
    place.rows.put("holding", entry.subject, **{name: data[name] for name in ("valid_to", "live") if name in data})
    for duty in data.get("duties", []):
        place.rows.put("duty", duty, post="")


def region(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """What the entry gives of a region. Where it lies in another one now, so do all documents in it and below it for the search."""
    row = place.rows.get("region", entry.subject)
    moved = row is not None and "parent" in data and row["parent"] != data["parent"]
    place.rows.put("region", entry.subject, **{name: data[name] for name in _REGION if name in data})
    if moved:
        for code in _beneath(entry.subject, place):
            for document in place.rows.all("document", region_code=code):
                place.rows.index("document", document["id"])


def _beneath(code: str, place: Place) -> list[str]:
    found = [code]
    for above in found:
        found.extend(row["id"] for row in place.rows.all("region", parent=above) if row["id"] not in found)
    return found


_REGION: Final = ("name", "full_name", "level", "kind", "parent", "valid_from", "valid_to", "successor", "source")

ACTS: Final[dict[str, Fold]] = {
    "organisation.add": add, "organisation.correct": correct, "organisation.merge": merge,
    "organisation.rename": rename, "alias.add": _put("alias", "region_code", "name", "organisation", "reason", live=True),
    "alias.remove": _put("alias", live=False),
    "group.add": _put("member", "group", "organisation", "valid_from", "valid_to", live=True),
    "group.remove": _put("member", "valid_to", live=False), "post.add": _put("post", "organisation", "region_code", "title", live=True),
    "post.correct": _put("post", "organisation", "title"), "post.remove": _put("post", live=False), "post.hold": hold,
    "post.bind": _put("holding", "account"),
    "post.leave": leave, "region.add": region, "region.correct": region,
}  # fmt: skip
