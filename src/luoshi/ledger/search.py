"""The index of the search: rows of words and tags. (The inverted index takes this module's place.)"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import msgspec


class SearchRow(msgspec.Struct, frozen=True):
    """What can be found: a document, a passage, a fact or an item."""

    kind: str
    key: str
    document: str
    name: str
    words: str
    tags: tuple[str, ...]
    year: int | None
    rank: int


def create(connection: Any) -> None:
    """Makes the table."""


def drop(connection: Any) -> None:
    """Removes the table."""


def put(connection: Any, rows: Sequence[SearchRow]) -> None:
    """Writes rows."""


def remove(connection: Any, keys: Iterable[tuple[str, str]]) -> None:
    """Removes rows."""


def clear(connection: Any) -> None:
    """Removes all rows."""
