"""The inverted index on PostgreSQL: a GIN index over numbers that a function makes of each row, so that the tokens are stored nowhere else.

A token's number: a character its code point, a pair both (21 bits each), one of the name with bit 43 set, a whole name or tag a hash with
bit 60 set. Each row has in addition the number of its slice (bit 61): 16,384 neighbours in the order. GIN finds rows but knows no order;
a frequent word is looked for slice by slice, the best first, until there are enough.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from luoshi.ledger.search.row import COLUMNS, Stored, bucket_of, is_listed, is_place
from luoshi.ledger.search.token import IN_NAME, NAME, NAME_LENGTH, TAG
from luoshi.ledger.search.wanted import Wanted

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

POSITION: Final = "strpos"
_SLICE_BITS: Final = 14
#: slices that are asked together, at least and at most
_FEW: Final = 2
_MANY: Final = 16
_HASH: Final = "('x' || left(encode(sha256(convert_to({}, 'UTF8')), 'hex'), 15))::bit(60)::bigint | (1::bigint << 60)"
#: made for each row as it is written, so in the server's quickest language; the pairs of the first character with nothing do no harm
_FUNCTION: Final = f"""
CREATE FUNCTION ledger_search_tokens(id bigint, name text, words text, tags text) RETURNS bigint[]
LANGUAGE plpgsql IMMUTABLE COST 1000 AS $$
DECLARE
  tokens bigint[] := ARRAY[(1::bigint << 61) | (id >> {_SLICE_BITS})];
  before bigint := 0;
  point bigint;
  piece text;
BEGIN
  FOREACH piece IN ARRAY string_to_array(words, NULL) LOOP
    point := ascii(piece);
    tokens := tokens || point;
    tokens := tokens || ((before << 21) | point);
    before := point;
  END LOOP;
  before := 0;
  FOREACH piece IN ARRAY string_to_array(name, NULL) LOOP
    point := ascii(piece);
    tokens := tokens || point;
    tokens := tokens || ((before << 21) | point);
    tokens := tokens || ((1::bigint << 43) | point);
    tokens := tokens || ((1::bigint << 43) | (before << 21) | point);
    before := point;
  END LOOP;
  IF name <> '' THEN
    tokens := tokens || ({_HASH.format(f"'{NAME}' || left(name, {NAME_LENGTH})")});
  END IF;
  FOREACH piece IN ARRAY string_to_array(tags, ' ') LOOP
    tokens := tokens || ({_HASH.format(f"'{TAG}' || piece")});
  END LOOP;
  RETURN tokens;
END
$$
"""
_TOKENS: Final = "ledger_search_tokens(id, coalesce(name_folded, name), coalesce(words_folded, words), tags)"
_TYPES: Final = {"id": "bigint", "year": "integer"}
#: the pending list holds a report's rows before they are merged into the index; readers look through it one by one, so it stays short
_INDEX: Final = (
    f"CREATE INDEX ledger_search_index ON ledger_search USING gin ({_TOKENS}) WITH (fastupdate = on, gin_pending_list_limit = 2048)"
)
_ARRAYS: Final = ", ".join(f"%s::{_TYPES.get(column, 'text')}[]" for column in COLUMNS)
_INSERT: Final = f"INSERT INTO ledger_search ({', '.join(COLUMNS)}) SELECT * FROM unnest({_ARRAYS})"  # noqa: S608 - our columns


def create(cursor: CursorWrapper) -> None:
    cursor.execute(_FUNCTION)
    # a few workers cost more to start than these questions take
    cursor.execute("ALTER TABLE ledger_search SET (parallel_workers = 0)")
    _create_index(cursor)


def _create_index(cursor: CursorWrapper) -> None:
    cursor.execute(_INDEX)
    # without figures the planner takes every token for a rare one and always asks the index: any other way would make the tokens of each row
    cursor.execute("ALTER INDEX ledger_search_index ALTER COLUMN 1 SET STATISTICS 0")


def drop(cursor: CursorWrapper) -> None:
    cursor.execute("DROP INDEX IF EXISTS ledger_search_index")
    cursor.execute("DROP FUNCTION IF EXISTS ledger_search_tokens(bigint, text, text, text) CASCADE")


def clear(cursor: CursorWrapper) -> None:
    cursor.execute("DELETE FROM ledger_search")


def lock(cursor: CursorWrapper) -> None:
    """Makes a second writer wait until this transaction ends, as both would give the same numbers; readers do not wait."""
    cursor.execute("SELECT pg_advisory_xact_lock(7366541829301)")


def delete(cursor: CursorWrapper, rows: Sequence[Stored]) -> None:
    cursor.execute("DELETE FROM ledger_search WHERE id = ANY(%s)", [[row.id for row in rows]])


def insert(cursor: CursorWrapper, rows: Sequence[Stored]) -> None:
    """Writes new rows; the database indexes them."""
    rows = sorted(rows, key=lambda row: row.id)
    cursor.execute(_INSERT, [[getattr(row, column) for row in rows] for column in COLUMNS])


def asking(cursor: CursorWrapper, groups: Sequence[Sequence[str]]) -> Callable[[Wanted, int], list[int]]:
    """A function that gives the numbers of the first ``most`` rows, in order, that are wanted with these groups of tags."""
    slices = _slices(cursor)
    for group in groups:
        if all(is_listed(one) and not is_place(one) for one in group):
            cursor.execute("SELECT DISTINCT bucket FROM ledger_search_tag WHERE tag = ANY(%s)", [list(group)])
            buckets = {bucket for (bucket,) in cursor.fetchall()}
            slices = [one for one in slices if bucket_of(one << _SLICE_BITS) in buckets]

    def ask(wanted: Wanted, most: int) -> list[int]:
        if not wanted.all and not wanted.any:
            cursor.execute("SELECT id FROM ledger_search ORDER BY id LIMIT %s", [most])
            return [number for (number,) in cursor.fetchall()]
        if wanted.is_rare or not slices:
            return _in_slices(cursor, wanted, [], most) if slices else []
        found = _in_slices(cursor, wanted, slices[:_FEW], most)
        if len(found) * len(slices) < _FEW * most:
            # few in the first slices, so perhaps few in all: then one question is enough
            every = _in_slices(cursor, wanted, [], 2 * most, ordered=False)
            if len(every) < 2 * most:
                return sorted(every)[:most]
        at = _FEW
        while len(found) < most and at < len(slices):
            size = _round(len(found), at, most)
            found += _best(cursor, wanted, slices[at : at + size], most - len(found))
            at += size
        return found

    return ask


def _slices(cursor: CursorWrapper) -> list[int]:
    """The slices that have rows, in order; by jumps along the key, not by reading it."""
    cursor.execute(
        f"""
        WITH RECURSIVE jump(id) AS (
          (SELECT id FROM ledger_search ORDER BY id LIMIT 1)
          UNION ALL
          SELECT (SELECT s.id FROM ledger_search s WHERE s.id >= ((jump.id >> {_SLICE_BITS}) + 1) << {_SLICE_BITS} ORDER BY s.id LIMIT 1)
          FROM jump WHERE jump.id IS NOT NULL
        ) SELECT id >> {_SLICE_BITS} FROM jump WHERE id IS NOT NULL
        """  # noqa: S608 - a number of ours
    )
    return [number for (number,) in cursor.fetchall()]


def _round(found: int, asked: int, most: int) -> int:
    """How many slices to ask next: as many as seem to hold what is missing.

    >>> _round(400, 4, 1000), _round(0, 2, 1000), _round(3, 10, 1000)
    (8, 8, 16)
    """
    return min(_MANY, 4 * asked, most if found == 0 else -(-(most - found) * asked * 5 // (found * 4)))


def _best(cursor: CursorWrapper, wanted: Wanted, slices: list[int], most: int) -> list[int]:
    """The first matches in these slices. Where there are very many, the slices are asked a quarter at a time."""
    if len(slices) <= _FEW:
        return _in_slices(cursor, wanted, slices, most)
    found = _in_slices(cursor, wanted, slices, 2 * most, ordered=False)
    if len(found) < 2 * most:
        return sorted(found)[:most]
    best: list[int] = []
    quarter = -(-len(slices) // 4)
    for at in range(0, len(slices), quarter):
        best += _best(cursor, wanted, slices[at : at + quarter], most - len(best))
        if len(best) >= most:
            break
    return best


def _in_slices(cursor: CursorWrapper, wanted: Wanted, slices: list[int], most: int, *, ordered: bool = True) -> list[int]:
    """Matches in these slices, or anywhere if there are none: the first, or any."""
    groups = [list(map(number_of, group)) for group in wanted.any] + [[1 << 61 | number for number in slices]] * bool(slices)
    conditions = [f"{_TOKENS} @> %s::bigint[]"] * bool(wanted.all) + [f"{_TOKENS} && %s::bigint[]"] * len(groups)
    asked = [list(map(number_of, wanted.all))] if wanted.all else []
    # OFFSET 0 keeps the planner from walking along the key instead
    cursor.execute(
        f"SELECT id FROM (SELECT id FROM ledger_search s WHERE {' AND '.join(conditions)}{wanted.checks} OFFSET 0) q "  # noqa: S608 - our own checks
        f"{'ORDER BY id' if ordered else ''} LIMIT %s",
        [*asked, *groups, *wanted.parameters, most],
    )
    return [number for (number,) in cursor.fetchall()]


def number_of(token: str) -> int:
    """The number of a token, as the function of the database makes it.

    >>> (
    ...     number_of("水"),
    ...     number_of("发展") == ord("发") << 21 | ord("展"),
    ...     number_of("Ｎ水") == 1 << 43 | ord("水"),
    ...     number_of("Ｔy2026") >> 60,
    ... )
    (27700, True, True, 1)
    """
    if token[0] in {TAG, NAME}:
        return int(sha256(token.encode()).hexdigest()[:15], 16) | 1 << 60
    piece, bit = (token[1:], 1 << 43) if token[0] == IN_NAME else (token, 0)
    return bit | (ord(piece[0]) << 21 | ord(piece[1]) if len(piece) == 2 else ord(piece))


@contextmanager
def bulk(cursor: CursorWrapper) -> Iterator[None]:
    """Many rows are coming: the index is made anew at the end. Until this transaction ends, whoever searches waits."""
    cursor.execute("DROP INDEX ledger_search_index")
    yield
    cursor.execute("SELECT set_config('maintenance_work_mem', '256MB', true)")
    _create_index(cursor)
    cursor.execute("ANALYZE ledger_search")
