"""The ledger's search: documents, their passages, facts and items, found by any stretch of their words; see ``docs/search.md``."""

from __future__ import annotations

from luoshi.ledger.search.find import Facet, Found, Hit, find
from luoshi.ledger.search.query import Query
from luoshi.ledger.search.row import KINDS, SearchRow, tag
from luoshi.ledger.search.table import bulk, clear, create, drop, put, remove

__all__ = [
    "KINDS", "Facet", "Found", "Hit", "Query", "SearchRow", "bulk", "clear", "create", "drop", "find", "put", "remove", "tag",
]  # fmt: skip
