"""The table of what can be found, and the ways to change it. All of it happens in the caller's transaction."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import TYPE_CHECKING, Final

from luoshi.errors import BadUsage
from luoshi.ledger.search import postgresql, sqlite
from luoshi.ledger.search.row import COLUMNS, SearchRow, Stored, bucket, bucket_of, is_listed, is_place, numbers, stored

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

_TABLE: Final = """
CREATE TABLE ledger_search (
  id bigint PRIMARY KEY, kind text NOT NULL, key text NOT NULL, document text NOT NULL, name text NOT NULL, words text NOT NULL,
  tags text NOT NULL, year integer, name_folded text, words_folded text, UNIQUE (kind, key)
)
"""
#: where some tags occur: those of regions, so that nobody's thousand regions are asked for where documents of ten are there; those with few
#: values, so that parts of the order without them are passed over. Nothing is taken out: one too many does no harm.
_TAGS: Final = "CREATE TABLE ledger_search_tag (tag text NOT NULL, bucket integer NOT NULL, PRIMARY KEY (tag, bucket))"
#: so many keys in one question
_KEYS: Final = 900


def index_of(connection: BaseDatabaseWrapper) -> ModuleType:
    """The module that keeps the inverted index on this database."""
    if connection.vendor == "sqlite":
        return sqlite
    if connection.vendor == "postgresql":
        return postgresql
    raise BadUsage(f"检索不能用这种数据库：{connection.vendor}", remedy="请用 SQLite 或 PostgreSQL")


def create(connection: BaseDatabaseWrapper) -> None:
    """Makes the empty table and its index."""
    with connection.cursor() as cursor:
        # SQLite numbers rows by a column of just this type
        cursor.execute(_TABLE.replace("bigint", "integer", 1) if connection.vendor == "sqlite" else _TABLE)
        cursor.execute(_TAGS)
        index_of(connection).create(cursor)


def drop(connection: BaseDatabaseWrapper) -> None:
    """Removes table and index, if they are there."""
    with connection.cursor() as cursor:
        index_of(connection).drop(cursor)
        cursor.execute("DROP TABLE IF EXISTS ledger_search")
        cursor.execute("DROP TABLE IF EXISTS ledger_search_tag")


def clear(connection: BaseDatabaseWrapper) -> None:
    """Removes all rows."""
    with connection.cursor() as cursor:
        index_of(connection).clear(cursor)
        cursor.execute("DELETE FROM ledger_search_tag")


def put(connection: BaseDatabaseWrapper, rows: Iterable[SearchRow]) -> None:
    """Writes rows, new or not (kind and key tell); a row that stands there just so is left alone. Of rows with one key the last counts.

    Rows of a whole report in one call cost least.
    """
    given = {(row.kind, row.key): row for row in rows}
    if not given:
        return
    parts = {place: bucket(row) for place, row in given.items()}
    index = index_of(connection)
    with connection.cursor() as cursor:
        index.lock(cursor)
        present = _present(cursor, list(given))
        free = {part: _free(cursor, part) for part in set(parts.values())}
        new: list[Stored] = []
        for place, row in given.items():
            part, before = parts[place], present.get(place)
            if before is not None and bucket_of(before.id) == part:
                fresh = stored(row, before.id)
                if fresh == before:
                    del present[place]
                    continue
            else:
                fresh, free[part] = stored(row, free[part]), free[part] + 1
            new.append(fresh)
        if present:
            index.delete(cursor, list(present.values()))
        if new:
            index.insert(cursor, new)
            _list(cursor, new)


def remove(connection: BaseDatabaseWrapper, keys: Iterable[tuple[str, str]]) -> None:
    """Takes out the rows of these kinds and keys; those that are not there do not matter."""
    index = index_of(connection)
    with connection.cursor() as cursor:
        index.lock(cursor)
        if gone := _present(cursor, list(dict.fromkeys(keys))):
            index.delete(cursor, list(gone.values()))


@contextmanager
def bulk(connection: BaseDatabaseWrapper) -> Iterator[None]:
    """Within it many rows are written faster; for a ledger that is made again. Wants a transaction around it, so that an error leaves all as it was."""
    with connection.cursor() as cursor, index_of(connection).bulk(cursor):
        yield


def _present(cursor: CursorWrapper, places: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Stored]:
    by_kind: dict[str, list[str]] = {}
    for kind, key in places:
        by_kind.setdefault(kind, []).append(key)
    out = {}
    for kind, keys in by_kind.items():
        for at in range(0, len(keys), _KEYS):
            some = keys[at : at + _KEYS]
            cursor.execute(
                f"SELECT {', '.join(COLUMNS)} FROM ledger_search WHERE kind = %s AND key IN ({', '.join(['%s'] * len(some))})",  # noqa: S608 - our columns
                [kind, *some],
            )
            out.update({(row.kind, row.key): row for row in (Stored(*values) for values in cursor.fetchall())})
    return out


def _list(cursor: CursorWrapper, rows: Sequence[Stored]) -> None:
    """Notes where the listed tags of rows occur."""
    places = sorted({(one, -1 if is_place(one) else bucket_of(row.id)) for row in rows for one in row.tags.split() if is_listed(one)})
    for at in range(0, len(places), _KEYS):
        some = places[at : at + _KEYS]
        values = ", ".join(["(%s, %s)"] * len(some))
        cursor.execute(
            f"INSERT INTO ledger_search_tag (tag, bucket) VALUES {values} ON CONFLICT (tag, bucket) DO NOTHING",  # noqa: S608 - placeholders
            [value for place in some for value in place],
        )


def _free(cursor: CursorWrapper, part: int) -> int:
    """The first number of a bucket that no row has, nor any row after it."""
    numbers_of = numbers(part)
    cursor.execute("SELECT max(id) FROM ledger_search WHERE id >= %s AND id < %s", [numbers_of.start, numbers_of.stop])
    (last,) = cursor.fetchone()
    return numbers_of.start if last is None else last + 1
