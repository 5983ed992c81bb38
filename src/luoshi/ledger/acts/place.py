"""What a fold is given: the rows, and the readings in the store."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import msgspec

from luoshi.ledger.entry import Entry

Row = dict[str, Any]


class Rows(Protocol):
    """The rows of the folded tables, wherever they are kept."""

    def get(self, table: str, key: str) -> Row | None: ...

    def put(self, table: str, key: str, /, **values: Any) -> Row: ...

    def new(self, table: str, key: str, /, **values: Any) -> Row: ...

    def all(self, table: str, /, **where: Any) -> list[Row]: ...

    def index(self, kind: str, key: str) -> None: ...


class Place(msgspec.Struct, frozen=True):
    """Where a fold works: ``reading`` gives the packed reading of a document by its key."""

    rows: Rows
    reading: Callable[[str], bytes]


Fold = Callable[[Entry, dict[str, Any], Place], None]
