"""The inverted index on SQLite: an FTS5 table without content or positions, whose row numbers are those of ``ledger_search``."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING, Final

from luoshi.ledger.search.row import COLUMNS, Stored
from luoshi.ledger.search.token import row_tokens
from luoshi.ledger.search.wanted import Wanted

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

POSITION: Final = "instr"
#: the tokenizer splits at ASCII punctuation; each takes the place of a control character, the blank that of the hard blank: folded text has none
_KEPT: Final = {ord(char): 0x80 + place for place, char in enumerate("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")} | {ord(" "): 0xA0}
_INSERT: Final = f"INSERT INTO ledger_search ({', '.join(COLUMNS)}) VALUES ({', '.join(['%s'] * len(COLUMNS))})"  # noqa: S608 - our columns
#: pieces of the index are merged a little with each transaction; the merge of everything at once, which FTS5 else does at 16, takes seconds
_USUAL: Final = {"hashsize": 2**20, "automerge": 4, "crisismerge": 512}
_BULK: Final = {"hashsize": 2**26, "automerge": 0, "crisismerge": 1999}


def create(cursor: CursorWrapper) -> None:
    cursor.execute("CREATE VIRTUAL TABLE ledger_search_index USING fts5(tokens, content='', detail=none, columnsize=0, tokenize='ascii')")
    _configure(cursor, _USUAL)


def drop(cursor: CursorWrapper) -> None:
    cursor.execute("DROP TABLE IF EXISTS ledger_search_index")


def clear(cursor: CursorWrapper) -> None:
    cursor.execute("INSERT INTO ledger_search_index(ledger_search_index) VALUES ('delete-all')")
    cursor.execute("DELETE FROM ledger_search")


def lock(cursor: CursorWrapper) -> None:
    """Nothing: a database with one writer has no other."""


def delete(cursor: CursorWrapper, rows: Sequence[Stored]) -> None:
    """Takes rows out; the index is told the very tokens that it was given. In order of number, or the index would write a piece for each."""
    rows = sorted(rows, key=lambda row: row.id)
    sql = "INSERT INTO ledger_search_index(ledger_search_index, rowid, tokens) VALUES ('delete', %s, %s)"
    cursor.executemany(sql, [(row.id, _text(row)) for row in rows])
    cursor.executemany("DELETE FROM ledger_search WHERE id = %s", [(row.id,) for row in rows])


def insert(cursor: CursorWrapper, rows: Sequence[Stored]) -> None:
    """Writes new rows and indexes them."""
    rows = sorted(rows, key=lambda row: row.id)
    cursor.executemany(_INSERT, [[getattr(row, column) for column in COLUMNS] for row in rows])
    cursor.executemany("INSERT INTO ledger_search_index(rowid, tokens) VALUES (%s, %s)", [(row.id, _text(row)) for row in rows])


def asking(cursor: CursorWrapper, groups: Sequence[Sequence[str]]) -> Callable[[Wanted, int], list[int]]:
    """A function that gives the numbers of the first ``most`` rows, in order, that are wanted with these groups of tags."""
    return partial(_ask, cursor)


def _ask(cursor: CursorWrapper, wanted: Wanted, most: int) -> list[int]:
    """The index gives rows in order, so it is left as soon as there are enough."""
    match = " AND ".join([*map(_quoted, wanted.all), *(f"({' OR '.join(map(_quoted, group))})" for group in wanted.any)])
    if not match:
        cursor.execute("SELECT id FROM ledger_search ORDER BY id LIMIT %s", [most])
    elif wanted.checks:
        cursor.execute(
            "SELECT s.id FROM ledger_search_index CROSS JOIN ledger_search s ON s.id = ledger_search_index.rowid "  # noqa: S608 - our own checks
            f"WHERE ledger_search_index MATCH %s{wanted.checks} ORDER BY ledger_search_index.rowid LIMIT %s",
            [match, *wanted.parameters, most],
        )
    else:
        cursor.execute("SELECT rowid FROM ledger_search_index WHERE ledger_search_index MATCH %s ORDER BY rowid LIMIT %s", [match, most])
    return [number for (number,) in cursor.fetchall()]


@contextmanager
def bulk(cursor: CursorWrapper) -> Iterator[None]:
    """Many rows are coming: pieces of the index are merged once, at the end."""
    _configure(cursor, _BULK)
    yield
    _configure(cursor, _USUAL)
    cursor.execute("INSERT INTO ledger_search_index(ledger_search_index) VALUES ('optimize')")


def _configure(cursor: CursorWrapper, settings: dict[str, int]) -> None:
    for name, value in settings.items():
        cursor.execute("INSERT INTO ledger_search_index(ledger_search_index, rank) VALUES (%s, %s)", [name, value])


def _text(row: Stored) -> str:
    name = row.name if row.name_folded is None else row.name_folded
    words = row.words if row.words_folded is None else row.words_folded
    return " ".join(row_tokens(name.translate(_KEPT), words.translate(_KEPT), row.tags.translate(_KEPT_IN_TAG)))


_KEPT_IN_TAG: Final = {number: kept for number, kept in _KEPT.items() if number != ord(" ")}


def _quoted(token: str) -> str:
    """The token as the query language takes it; what that language would read as its own is not in it any more."""
    return f'"{token.translate(_KEPT)}"'
