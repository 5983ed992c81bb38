"""Releases whose regions overlap: what one of them no longer says, and another that is public still does."""

from __future__ import annotations

import msgspec

from luoshi.desk.release.drawing import content_of
from luoshi.ledger.released import Release
from luoshi.publish.release.content import Content


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
    regions, mine = set(_regions(row)), _records(content_of(row))
    found = []
    for other in Release.objects.filter(state="published").exclude(pk=row.id).order_by("region_code", "id"):
        if regions.isdisjoint(_regions(other)) or (row.state == "published" and other.as_of > row.as_of):
            continue
        theirs = _records(content_of(other))
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


def _records(content: Content) -> dict[str, str]:
    """The items and documents of a release by id, with the region of each."""
    return {one.id: one.region_code for one in content.items} | {one.id: one.region_code for one in content.documents}
