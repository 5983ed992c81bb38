"""Rows of the folded tables while entries are folded: read once, changed in memory, written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from django.db import connection
from django.db.models import Model

from luoshi.ledger import models

Row = dict[str, Any]

#: the folded tables by name
TABLES: Final[dict[str, type[Model]]] = {
    "file": models.File, "document": models.Document, "fact": models.Fact, "item": models.Item, "duty": models.Duty, "region": models.Region,
    "organisation": models.Organisation, "alias": models.Alias, "member": models.Member, "post": models.Post, "holding": models.Holding,
    "view": models.SavedView, "setting": models.Setting, "account": models.Account,
}  # fmt: skip
#: columns that are no fold and that no fold may touch
_OWN: Final = {"account": frozenset({"password", "last_login"})}
#: so many parameters at most in one statement (SQLite allows 32,766 and more)
_PARAMETERS: Final = 900


@cache
def columns(table: str) -> tuple[str, ...]:
    """The folded columns of a table, ``id`` first."""
    own = _OWN.get(table, frozenset())
    return tuple(field.column for field in TABLES[table]._meta.concrete_fields if field.column not in own)  # noqa: SLF001 - Django's public meta


@cache
def _defaults(table: str) -> Row:
    return {field.column: field.get_default() for field in TABLES[table]._meta.concrete_fields if field.column in columns(table)}  # noqa: SLF001


class Rows:
    """The rows that folds ask for and change. ``stored`` false: nothing is looked up in the database (a state of the past is folded in memory)."""

    def __init__(self, *, stored: bool = True) -> None:
        self._stored = stored
        self._rows: dict[tuple[str, str], Row | None] = {}
        self._changed: dict[tuple[str, str], None] = {}
        self.indexed: dict[tuple[str, str], None] = {}

    def get(self, table: str, key: str) -> Row | None:
        """The row, to read; change it by ``put`` only."""
        place = (table, key)
        if place not in self._rows:
            self._rows[place] = _load(table, [key]).get(key) if self._stored else None
        return self._rows[place]

    def put(self, table: str, key: str, **values: Any) -> Row:
        """The row after ``values`` were set in it; a row that is not there begins with the defaults."""
        row = self.get(table, key)
        row = {**_defaults(table), "id": key} if row is None else row
        row.update(values)
        self._rows[table, key] = row
        self._changed[table, key] = None
        return row

    def new(self, table: str, key: str, **values: Any) -> Row:
        """As ``put``, for a row that a fold knows not to be there: it is not looked up."""
        self._rows.setdefault((table, key), None)
        return self.put(table, key, **values)

    def all(self, table: str, **where: Any) -> list[Row]:
        """The rows with these values in their columns, those changed here included; ordered by id. Slow for large tables without an index."""
        if self._stored:
            found = TABLES[table].objects.filter(**where).values(*columns(table))  # type: ignore[attr-defined]
            for row in found:
                self._rows.setdefault((table, row["id"]), row)
        rows = [row for (name, _), row in self._rows.items() if name == table and row is not None]
        return sorted((row for row in rows if all(row[name] == value for name, value in where.items())), key=lambda row: str(row["id"]))

    def prefetch(self, places: Iterable[tuple[str, str]]) -> None:
        """Reads many rows with few queries."""
        if not self._stored:
            return
        wanted: dict[str, list[str]] = {}
        for table, key in places:
            if (table, key) not in self._rows:
                wanted.setdefault(table, []).append(key)
        for table, keys in wanted.items():
            found = _load(table, keys)
            for key in keys:
                self._rows[table, key] = found.get(key)

    def index(self, kind: str, key: str) -> None:
        """Marks a thing (``document``, ``fact``, ``item``) whose search rows are to be made again."""
        self.indexed[kind, key] = None

    def known(self) -> dict[tuple[str, str], Row]:
        """All rows held here, by table and id."""
        return {place: row for place, row in self._rows.items() if row is not None}

    def flush(self) -> None:
        """Writes what was changed; the rows stay readable."""
        by_table: dict[str, list[Row]] = {}
        for table, key in self._changed:
            row = self._rows[table, key]
            assert row is not None  # noqa: S101 - only put() marks a row as changed
            by_table.setdefault(table, []).append(row)
        for table, rows in by_table.items():
            upsert(table, rows)
        self._changed.clear()

    def forget(self) -> None:
        """Lets go of all rows, after a flush; for folds of more entries than fit into memory."""
        assert not self._changed  # noqa: S101 - a program error
        self._rows.clear()
        self.indexed.clear()


def _load(table: str, keys: Sequence[str]) -> dict[str, Row]:
    model, out = TABLES[table], dict[str, Row]()
    for at in range(0, len(keys), _PARAMETERS):
        found = model.objects.filter(pk__in=keys[at : at + _PARAMETERS]).values(*columns(table))  # type: ignore[attr-defined]
        out.update((row["id"], row) for row in found)
    return out


def upsert(table: str, rows: Sequence[Row]) -> None:
    """Writes whole rows, new or not."""
    quote = connection.ops.quote_name
    names = columns(table)
    extra = {"password": ""} if table == "account" else {}
    every = [*names, *extra]
    updates = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in names if name != "id")
    sql = (
        f"INSERT INTO {quote(TABLES[table]._meta.db_table)} ({', '.join(map(quote, every))}) "  # noqa: S608, SLF001 - names of our own columns
        f"VALUES ({', '.join(['%s'] * len(every))}) ON CONFLICT ({quote('id')}) DO UPDATE SET {updates}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, [[*(row[name] for name in names), *extra.values()] for row in rows])
