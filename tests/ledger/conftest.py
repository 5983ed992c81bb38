"""Fixtures of the ledger: a database as a new ledger has it, whatever an earlier test cleared."""

from __future__ import annotations

import pytest

from tests.ledger.making import Index


@pytest.fixture
def db(db: None) -> None:
    """What the test writes is rolled back; the table of regions is there."""
    _lay()


@pytest.fixture
def shared_db(real_db: None) -> None:
    """A database that threads and processes share, with the table of regions."""
    _lay()


@pytest.fixture
def index(monkeypatch: pytest.MonkeyPatch) -> Index:
    """What the ledger gives to the search, kept in memory."""
    from luoshi.ledger import indexing

    made = Index()
    for name in ("put", "remove", "clear"):
        monkeypatch.setattr(indexing.search, name, getattr(made, name))
    return made


def _lay() -> None:
    from luoshi.ledger.indexing import clear_index
    from luoshi.ledger.models import Region
    from luoshi.ledger.seeding import seed_regions

    clear_index()
    if not Region.objects.exists():
        seed_regions()
