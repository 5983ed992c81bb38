"""Chains and scores of a release, from the rooms that make them: what the ledger holds of them, and nothing where it holds none yet."""

from __future__ import annotations

from collections.abc import Collection

from luoshi.publish.release.content import Chain, Score


def chains_of(facts: Collection[str], using: str) -> tuple[Chain, ...]:
    """What became of the targets among these facts."""
    return ()


def scores_of(regions: Collection[str], using: str) -> tuple[Score, ...]:
    """Scores of these regions that were announced."""
    return ()
