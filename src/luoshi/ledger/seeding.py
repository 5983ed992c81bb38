"""Lays the table of regions from the data that ship with the program."""

from __future__ import annotations

from django.db import DEFAULT_DB_ALIAS

from luoshi.ledger.regions import regions
from luoshi.ledger.rows import Row, upsert

#: where the data are from; their files say more
SOURCES = {"division": "GB/T 2260", "nation": "GB/T 2260"}


def seed_regions(using: str = DEFAULT_DB_ALIAS) -> int:
    """Writes every known division and zone; the number of rows. Regions that documents or persons added are other rows and stay."""
    rows: list[Row] = [
        {
            "id": region.code, "name": region.name, "full_name": region.full_name, "level": region.level, "kind": region.kind,
            "parent": region.parent, "valid_from": region.valid_from or None, "valid_to": region.valid_to or None,
            "successor": region.successor, "source": SOURCES.get(region.kind, "zones.tsv"),
        }
        for region in regions()
    ]  # fmt: skip
    upsert("region", rows, using=using)
    return len(rows)
