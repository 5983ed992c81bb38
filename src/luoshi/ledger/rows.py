"""Rows of the folded tables while entries are folded: read once, changed in memory, written together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import BooleanField, CharField, Model, TextField

from luoshi.ledger import models

Row = dict[str, Any]

#: the folded tables by name
TABLES: Final[dict[str, type[Model]]] = {
    "file": models.File, "document": models.Document, "fact": models.Fact, "item": models.Item, "duty": models.Duty, "region": models.Region,
    "organisation": models.Organisation, "alias": models.Alias, "member": models.Member, "post": models.Post, "holding": models.Holding,
    "view": models.SavedView, "setting": models.Setting, "account": models.Account, "matter": models.Matter, "clock": models.Clock,
    "evidence": models.Evidence, "mechanism": models.MechanismFile, "lookback": models.LookBack, "release": models.released.Release,
    "settlement": models.linked.Settlement, "scheme": models.appraised.SchemeFile, "appraisal": models.appraised.Appraisal,
    "score": models.appraised.Score, "objection": models.appraised.Objection,
}  # fmt: skip
#: columns that are no fold and that no fold may touch
_OWN: Final = {"account": frozenset({"password", "last_login"})}
#: columns that no two rows share
_UNIQUE: Final = {"account": "username"}
#: so many parameters at most in one statement (SQLite allows 32,766 and more)
_PARAMETERS: Final = 900


@cache
def columns(table: str) -> tuple[str, ...]:
    """The folded columns of a table, ``id`` first."""
    own = _OWN.get(table, frozenset())
    return tuple(str(field.column) for field in TABLES[table]._meta.concrete_fields if field.column not in own)  # noqa: SLF001 - Django's public meta


@cache
def _defaults(table: str) -> Row:
    return {field.column: field.get_default() for field in TABLES[table]._meta.concrete_fields if field.column in columns(table)}  # noqa: SLF001


@cache
def _texts(table: str) -> tuple[tuple[str, int], ...]:
    """The columns of text, and how long each may be."""
    fields = [field for field in TABLES[table]._meta.concrete_fields if isinstance(field, CharField | TextField)]  # noqa: SLF001
    return tuple(
        (str(field.column), field.max_length or 1 << 62) for field in fields if field.column != "id" and field.column in columns(table)
    )


@cache
def _yes_no(table: str) -> tuple[str, ...]:
    """The columns that are true or false."""
    fields = TABLES[table]._meta.concrete_fields  # noqa: SLF001
    return tuple(str(field.column) for field in fields if isinstance(field, BooleanField) and field.column in columns(table))


def fit(table: str, row: Row) -> None:
    """Makes every database take the row alike: what is longer than its column is cut there, a NUL becomes a sign for what cannot be shown.

    Nothing is lost by it: the entries and the readings hold the whole.
    """
    for column, longest in _texts(table):
        value = row[column]
        if len(value) > longest:
            row[column] = value = value[:longest]
        if "\0" in value:
            row[column] = value.replace("\0", "\ufffd")


class Rows:
    """The rows that folds ask for and change. ``stored`` false: nothing is looked up in the database (a state of the past is folded in memory)."""

    def __init__(self, *, stored: bool = True, using: str = DEFAULT_DB_ALIAS) -> None:
        self._stored = stored
        self._using = using
        self._rows: dict[str, dict[str, Row | None]] = {table: {} for table in TABLES}
        self._changed: dict[str, dict[str, None]] = {}
        self._by: dict[tuple[str, str], dict[Any, dict[str, None]]] = {}
        self.indexed: dict[tuple[str, str], None] = {}

    @property
    def using(self) -> str:
        """Which of the databases the rows are of."""
        return self._using

    def __len__(self) -> int:
        """How many rows are held, of those that come in numbers."""
        return sum(len(self._rows[table]) for table in ("fact", "duty", "matter", "clock"))

    def get(self, table: str, key: str) -> Row | None:
        """The row, to read; change it by ``put`` only."""
        rows = self._rows[table]
        if key not in rows:
            self._keep(table, key, self._load(table, [key]).get(key) if self._stored else None)
        return rows[key]

    def put(self, table: str, key: str, /, **values: Any) -> Row:
        """The row after ``values`` were set in it; a row that is not there begins with the defaults."""
        row = self.get(table, key)
        if row is None:
            row = {**_defaults(table), "id": key}
            self._keep(table, key, row)
        for (name, column), by in self._by.items():
            if name == table and column in values and row[column] != values[column]:
                by.get(row[column], {}).pop(key, None)
                by.setdefault(values[column], {})[key] = None
        row.update(values)
        self._changed.setdefault(table, {})[key] = None
        return row

    def new(self, table: str, key: str, /, **values: Any) -> Row:
        """As ``put``, for a row that a fold knows not to be there: it is not looked up."""
        self._rows[table].setdefault(key, None)
        return self.put(table, key, **values)

    def all(self, table: str, /, **where: Any) -> list[Row]:
        """The rows with these values in their columns, those changed here included; ordered by id. Slow for large tables without an index."""
        rows = self._rows[table]
        if self._stored:
            found = TABLES[table].objects.using(self._using).filter(**where).values(*columns(table))  # type: ignore[attr-defined]
            for row in found:
                if row["id"] not in rows:
                    self._keep(table, row["id"], row)
        column, value = next(iter(where.items()))
        some = (rows[key] for key in self._keys(table, column).get(value, ()))
        fitting = [row for row in some if row is not None and all(row[name] == wanted for name, wanted in where.items())]
        return sorted(fitting, key=lambda row: str(row["id"]))

    def _keys(self, table: str, column: str) -> dict[Any, dict[str, None]]:
        """The keys of the rows held here by the value of a column; kept up to date from the first time it is asked for."""
        if (table, column) not in self._by:
            by: dict[Any, dict[str, None]] = {}
            for key, row in self._rows[table].items():
                if row is not None:
                    by.setdefault(row[column], {})[key] = None
            self._by[table, column] = by
        return self._by[table, column]

    def _keep(self, table: str, key: str, row: Row | None) -> None:
        self._rows[table][key] = row
        if row is not None:
            for (name, column), by in self._by.items():
                if name == table:
                    by.setdefault(row[column], {})[key] = None

    def prefetch(self, places: Iterable[tuple[str, str]]) -> None:
        """Reads many rows with few queries."""
        if not self._stored:
            return
        wanted: dict[str, dict[str, None]] = {}
        for table, key in places:
            if key not in self._rows[table]:
                wanted.setdefault(table, {})[key] = None
        for table, keys in wanted.items():
            found = self._load(table, list(keys))
            for key in keys:
                self._keep(table, key, found.get(key))

    def index(self, kind: str, key: str) -> None:
        """Marks a thing whose search rows are to be made again: ``document`` with all that is in it, ``title`` alone, ``fact``, ``item``."""
        self.indexed[kind, key] = None

    def known(self) -> dict[tuple[str, str], Row]:
        """All rows held here, by table and id, as they would be written."""
        known = {(table, key): row for table, rows in self._rows.items() for key, row in rows.items() if row is not None}
        for (table, _), row in known.items():
            fit(table, row)
        return known

    def flush(self) -> None:
        """Writes what was changed; the rows stay readable."""
        for table, keys in self._changed.items():
            rows = [row for key in keys if (row := self._rows[table][key]) is not None]
            for row in rows:
                fit(table, row)
            if table in _UNIQUE:
                self._free(table, list(keys))
            upsert(table, rows, using=self._using)
        self._changed.clear()

    def _free(self, table: str, keys: list[str]) -> None:
        """Takes the unique names from the rows that are about to be written: two may change their names with each other."""
        from django.db.models import F

        TABLES[table].objects.using(self._using).filter(pk__in=keys).update(**{_UNIQUE[table]: F("id")})  # type: ignore[attr-defined]

    def forget(self) -> None:
        """Lets go of all rows, after a flush; for folds of more entries than fit into memory."""
        assert not self._changed  # noqa: S101 - a program error
        self._rows = {table: {} for table in TABLES}
        self._by.clear()
        self.indexed.clear()

    def _load(self, table: str, keys: Sequence[str]) -> dict[str, Row]:
        connection, names, out = connections[self._using], columns(table), dict[str, Row]()
        quote, yes_no = connection.ops.quote_name, _yes_no(table)
        # written out, since this is asked with every act and Django takes longer to word the query than the database to answer it
        begin = f"SELECT {', '.join(map(quote, names))} FROM {quote(TABLES[table]._meta.db_table)} WHERE {quote('id')} IN"  # noqa: S608, SLF001
        for at in range(0, len(keys), _PARAMETERS):
            some = keys[at : at + _PARAMETERS]
            with connection.cursor() as cursor:
                cursor.execute(f"{begin} ({', '.join(['%s'] * len(some))})", list(some))
                for values in cursor.fetchall():
                    row = dict(zip(names, values, strict=True))
                    # SQLite knows numbers alone
                    row.update((name, bool(row[name])) for name in yes_no)
                    out[row["id"]] = row
        return out


def upsert(table: str, rows: Sequence[Row], *, using: str = DEFAULT_DB_ALIAS) -> None:
    """Writes whole rows, new or not."""
    connection = connections[using]
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
