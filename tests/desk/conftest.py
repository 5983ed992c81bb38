"""The desk's tests stand on the same small ledger as the ledger's own."""

from __future__ import annotations

import pytest

from tests.ledger.making import enter, facts_of, report


@pytest.fixture
def entered(db: None) -> str:
    """A report in the ledger; its id."""
    return enter(report())[1][0]


@pytest.fixture
def facts(entered: str) -> list[str]:
    """Its measures, in order."""
    return facts_of(entered)
