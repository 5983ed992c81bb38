"""Lays the table of regions from the data that ship with the program."""

from __future__ import annotations

import hashlib
from importlib.resources import files
from pathlib import Path

from django.db import DEFAULT_DB_ALIAS, transaction

from luoshi import __version__
from luoshi.ledger import models
from luoshi.ledger.regions import regions
from luoshi.ledger.rows import Row, upsert

#: where the data are from; their files say more
SOURCES = {"division": "GB/T 2260", "nation": "GB/T 2260"}
_ZONES = "zones.tsv"
#: the data themselves
_FILES = (("luoshi.outline", "divisions.tsv"), ("luoshi.ledger", _ZONES))


def seed_regions(using: str = DEFAULT_DB_ALIAS) -> int:
    """Writes every known division and zone; the number of rows. Regions that documents or persons added are other rows and stay."""
    rows = _rows()
    upsert("region", rows, using=using)
    return len(rows)


def renew_regions(stamp: Path) -> bool:
    """Lays the regions anew where the program's data are others than those laid last, so that the table is what a rebuild would make; whether.

    ``stamp`` is a file that remembers the data and how many rows they made: a database from elsewhere, with other rows, is noticed too.
    """
    laid = models.Region.objects.filter(source__in={*SOURCES.values(), _ZONES})
    if stamp.is_file() and stamp.read_text(encoding="ascii") == f"{_fingerprint()} {laid.count()}":
        return False
    rows = _rows()
    with transaction.atomic():
        # what documents and persons said of a region is folded over the data, and stays
        theirs = set(models.Region.objects.filter(source__in=("document", "person")).values_list("id", flat=True))
        upsert("region", [row for row in rows if row["id"] not in theirs])
        gone = set(laid.values_list("id", flat=True)) - {row["id"] for row in rows}
        models.Region.objects.filter(id__in=gone).delete()
    stamp.write_text(f"{_fingerprint()} {laid.count()}", encoding="ascii")
    return True


def _fingerprint() -> str:
    told = hashlib.sha256(__version__.encode())
    for package, name in _FILES:
        told.update(files(package).joinpath(name).read_bytes())
    return told.hexdigest()


def _rows() -> list[Row]:
    return [
        {
            "id": region.code, "name": region.name, "full_name": region.full_name, "level": region.level, "kind": region.kind,
            "parent": region.parent, "valid_from": region.valid_from or None, "valid_to": region.valid_to or None,
            "successor": region.successor, "source": SOURCES.get(region.kind, _ZONES),
        }
        for region in regions()
    ]  # fmt: skip
