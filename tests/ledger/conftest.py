"""Fixtures of the ledger: a database as a new ledger has it, whatever an earlier test cleared."""

from __future__ import annotations

import pytest


@pytest.fixture
def db(db: None) -> None:
    """What the test writes is rolled back; the table of regions is there."""
    _lay()


@pytest.fixture
def shared_db(real_db: None) -> None:
    """A database that threads and processes share, with the table of regions."""
    _lay()


def _lay() -> None:
    from luoshi.ledger.indexing import clear_index
    from luoshi.ledger.models import Region
    from luoshi.ledger.seeding import seed_regions

    clear_index()
    if not Region.objects.exists():
        seed_regions()
