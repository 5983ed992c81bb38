"""What of the ledger somebody sees: the value that every query of documents, facts and items takes."""

from __future__ import annotations

from collections.abc import Collection

import msgspec


class Scope(msgspec.Struct, frozen=True):
    """Codes of regions and ids of units; ``None`` sets no limit. The code ``""`` is that of documents whose region nobody has said yet.

    >>> ours = Scope(regions=frozenset({"990102", "990100"}), item_regions=None, units=frozenset({"ofinance"}))
    >>> (
    ...     ours.sees_document("990100"),
    ...     ours.sees_document("990103"),
    ...     ours.sees_item("990102", {"ofinance"}),
    ...     ours.sees_item("990102", {"oparks"}),
    ... )
    (True, False, True, False)
    """

    #: whose documents and facts
    regions: frozenset[str] | None = None
    #: whose items
    item_regions: frozenset[str] | None = None
    #: only items in which one of these organisations has a duty; of no organisation none
    units: frozenset[str] | None = None
    #: also matters of which nothing leaves the offices that handle them
    internal: bool = True

    @classmethod
    def whole(cls) -> Scope:
        return cls()

    @classmethod
    def nothing(cls) -> Scope:
        return cls(regions=frozenset(), item_regions=frozenset(), units=frozenset(), internal=False)

    def is_whole(self) -> bool:
        return self.regions is None and self.item_regions is None and self.units is None and self.internal

    def sees_document(self, region: str) -> bool:
        """Whether a document of this region, and its facts, are seen."""
        return self.regions is None or region in self.regions

    def changes_document(self, region: str) -> bool:
        """Whether a document of this region, and its facts, may be changed: those of the regions above are there to be read."""
        return self.sees_document(region) and (self.item_regions is None or region in self.item_regions)

    def sees_item(self, region: str, units: Collection[str], *, internal: bool = False) -> bool:
        """Whether an item of this region is seen, in which these organisations have a duty; ``internal``: its matter does not leave the offices."""
        if internal and not self.internal:
            return False
        in_region = self.item_regions is None or region in self.item_regions
        return in_region and (self.units is None or not self.units.isdisjoint(units))
