"""Lays the table of regions from the data that ship with the program."""

from __future__ import annotations

from luoshi.ledger.regions import all_regions
from luoshi.ledger.rows import Row, upsert


def seed_regions() -> int:
    """Writes every known division and zone; the number of rows. Regions that persons added are other rows and stay."""
    rows: list[Row] = [
        {
            "id": region.code, "name": region.name, "full_name": region.full_name, "level": region.level, "kind": region.kind,
            "parent": region.parent, "valid_from": region.valid_from, "valid_to": region.valid_to, "successor": region.successor, "source": region.source,
        }
        for region in all_regions()
    ]  # fmt: skip
    upsert("region", rows)
    return len(rows)
