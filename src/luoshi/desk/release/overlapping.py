"""Releases whose regions overlap: what one of them no longer says, and another that is public still does."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

import msgspec

from luoshi.ledger.released import Release
from luoshi.ledger.store import blobs


class _Where(msgspec.Struct, frozen=True):
    """Of an item or a document no more than its id and its region."""

    id: str
    region_code: str


class _Shown(msgspec.Struct, frozen=True):
    """Of the content of a release no more than which items and documents it shows."""

    items: tuple[_Where, ...] = ()
    documents: tuple[_Where, ...] = ()


class Also(msgspec.Struct, frozen=True):
    """Another release that is public, and how many items and documents of it this one has withdrawn or left out."""

    release: Release
    count: int


def also_public(row: Release) -> list[Also]:
    """The other published releases that still show what this one has withdrawn, or, where it is public itself and newer, has left out.

    Withdrawing one release touches no other: what stands in two has to be withdrawn from both.
    """
    if row.state not in ("published", "withdrawn"):
        return []
    regions, mine = set(_regions(row)), _records(row.content)
    found = []
    for other in Release.objects.filter(state="published").exclude(pk=row.id).order_by("region_code", "id"):
        if regions.isdisjoint(_regions(other)) or (row.state == "published" and other.as_of > row.as_of):
            continue
        theirs = _records(other.content)
        still = (
            theirs.keys() & mine.keys()
            if row.state == "withdrawn"
            else {key for key in theirs.keys() - mine.keys() if theirs[key] in regions}
        )
        if still:
            found.append(Also(other, len(still)))
    return found


def _regions(row: Release) -> list[str]:
    return msgspec.json.decode(row.regions, type=list[str])


@lru_cache(maxsize=64)
def _records(content: str) -> Mapping[str, str]:
    """The items and documents of a release by id, with the region of each. Kept by the key of the content, under which nothing ever changes."""
    shown = msgspec.json.decode(blobs().get_packed(content), type=_Shown)
    return MappingProxyType({one.id: one.region_code for one in (*shown.items, *shown.documents)})
