"""The best rows for a question, with the places of its words.

The index is asked for the first thousand rows that have the words anywhere; where there are more, also for those that are named just so
and those with the words in their name, which come before the others. Within each the order of the rows' numbers: rank, then newest year; of equals in both the shorter first.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

import msgspec

from luoshi.errors import BadUsage
from luoshi.ledger.search.fold import joined, marks
from luoshi.ledger.search.query import Query, folded_words
from luoshi.ledger.search.row import TAGS, bucket_of, normal, scope_tags, tag
from luoshi.ledger.search.table import index_of
from luoshi.ledger.search.wanted import ANYWHERE, FOLDED_NAME, IN_NAME, WHOLE_NAME, Wanted, wanted

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.backends.utils import CursorWrapper

#: matches are counted, sorted and shown up to here
MOST: Final = 1000
MOST_ON_A_PAGE: Final = 200
#: characters of a row's words that are shown before and after the words found
AROUND: Final = 30
_WHOLE: Final = 2 * AROUND + 40
_FACETS: Final = ("kind", "year", "role")
_SHOWN: Final = re.compile(rf" ([{''.join(TAGS[name] for name in _FACETS)}]\S*)")

Marks = tuple[tuple[int, int], ...]


class Hit(msgspec.Struct, frozen=True):
    """A row that was found. ``snippet`` begins at ``start`` of its words, ``cut`` says that they go on after it.

    ``marks`` are the places of the words in ``snippet``, ``name_marks`` in ``name``; ``tier`` 0: named so, 1: in the name, 2: anywhere.
    """

    kind: str
    key: str
    document: str
    name: str
    year: int | None
    tier: int
    snippet: str
    marks: Marks
    name_marks: Marks
    start: int
    cut: bool


class Facet(msgspec.Struct, frozen=True):
    """How many of the counted matches have each value; the most frequent first."""

    about: str
    counts: tuple[tuple[str, int], ...]


class Found(msgspec.Struct, frozen=True):
    """``total``: how many match, counted up to 1,000; ``more``: there are more than that. ``facets`` count the ``total`` best matches only."""

    hits: tuple[Hit, ...]
    total: int
    more: bool
    facets: tuple[Facet, ...]


_NOTHING: Final = Found((), 0, more=False, facets=())


def find(connection: BaseDatabaseWrapper, query: Query) -> Found:
    """The page of rows that match. A question without words and filters is refused; one for what nobody may see finds nothing."""
    words = folded_words(query.words)
    if not words and not query.filters and not query.kinds:
        raise BadUsage("没有要找的词", remedy="请输入要找的词，或选一项条件", slug="search-empty")
    with connection.cursor() as cursor:
        groups = _groups(cursor, query)
        if not all(groups):
            return _NOTHING
        numbers, more = _candidates(cursor, connection, words, groups)
        tiers, facets = _ordered(cursor, numbers, words)
        page = list(tiers)[max(query.offset, 0) :][: min(max(query.limit, 0), MOST_ON_A_PAGE)]
        return Found(_hits(cursor, page, tiers, words), len(tiers), more, facets)


def _groups(cursor: CursorWrapper, query: Query) -> tuple[tuple[str, ...], ...]:
    """The groups of tags of which a row must have one each; an empty group is a condition that no row fulfils."""
    kinds = (tuple(tag("kind", kind) for kind in query.kinds),) if query.kinds else ()
    seen = None if query.scope.is_whole() else scope_tags(query.scope, _places(cursor))
    return (*(tuple(map(normal, group)) for group in query.filters), *kinds, *(() if seen is None else (seen,)))


def _places(cursor: CursorWrapper) -> set[str]:
    cursor.execute("SELECT tag FROM ledger_search_tag WHERE bucket = -1")
    return {one for (one,) in cursor.fetchall()}


def _candidates(
    cursor: CursorWrapper, connection: BaseDatabaseWrapper, words: tuple[str, ...], groups: tuple[tuple[str, ...], ...]
) -> tuple[list[int], bool]:
    """The numbers of the best rows, and whether more match. Names are asked for apart only where not all matches are at hand."""
    index = index_of(connection)
    ask: Callable[[Wanted, int], list[int]] = index.asking(cursor, groups)
    anywhere, *named = (wanted(words, tier, groups, position=index.POSITION) for tier in (ANYWHERE, WHOLE_NAME, IN_NAME))
    found = ask(anywhere, MOST + 1)
    if len(found) <= MOST:
        return found, False
    best = [number for question in named for number in ask(question, MOST)] if words else []
    return list(dict.fromkeys([*best, *found]))[:MOST], True


def _ordered(cursor: CursorWrapper, numbers: list[int], words: tuple[str, ...]) -> tuple[dict[int, int], tuple[Facet, ...]]:
    """The numbers in the order in which they are shown, with the tier of each, and the facets."""
    rows = _rows(cursor, f"id, {FOLDED_NAME}, length(s.words), s.tags", numbers)
    tiers = {number: _tier(name, words) for number, name, _, _ in rows}
    rows.sort(key=lambda row: (tiers[row[0]], bucket_of(row[0]), row[2], row[0]))
    counts = Counter(_SHOWN.findall("".join(f" {tags}" for *_, tags in rows)))
    facets = []
    for name in _FACETS:
        found = [(one[1:], count) for one, count in counts.items() if one.startswith(TAGS[name])]
        facets.append(Facet(name, tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))))
    return {number: tiers[number] for number, *_ in rows}, tuple(facets)


def _tier(name: str, words: tuple[str, ...]) -> int:
    if not words or not all(word in name for word in words):
        return ANYWHERE
    return WHOLE_NAME if name == " ".join(words) else IN_NAME


def _hits(cursor: CursorWrapper, page: list[int], tiers: dict[int, int], words: tuple[str, ...]) -> tuple[Hit, ...]:
    rows = {row[0]: row[1:] for row in _rows(cursor, "id, kind, key, document, name, year, words", page)}
    return tuple(_hit(rows[number], tiers[number], words) for number in page if number in rows)


def _hit(row: tuple[str, str, str, str, int | None, str], tier: int, words: tuple[str, ...]) -> Hit:
    kind, key, document, name, year, text = row
    places = marks(text, words)
    start, end = window(places, len(text))
    shown = [(max(left, start) - start, min(right, end) - start, word) for left, right, word in places if left < end and right > start]
    return Hit(
        kind, key, document, name, year, tier,
        text[start:end], joined(shown), joined(marks(name, words)), start, cut=end < len(text),
    )  # fmt: skip


def window(places: Sequence[tuple[int, int, str]], length: int) -> tuple[int, int]:
    """The stretch of a text that is shown: all of a short one, else where most of the different words stand near each other.

    >>> window([(3, 5, "发展"), (200, 202, "发展"), (205, 207, "产业")], 400)
    (170, 237)
    """
    if length <= _WHOLE:
        return 0, length
    best, most = (0, _WHOLE - AROUND), 0
    for first, _, _ in places:
        near = [(end, word) for start, end, word in places if first <= start and end <= first + 2 * AROUND]
        if len({word for _, word in near}) > most:
            most = len({word for _, word in near})
            best = (first, max(end for end, _ in near))
    if not most and places:
        best = places[0][:2]
    return max(0, best[0] - AROUND), min(length, best[1] + AROUND)


def _rows(cursor: CursorWrapper, columns: str, numbers: list[int]) -> list[tuple[Any, ...]]:
    if not numbers:
        return []
    cursor.execute(
        f"SELECT {columns} FROM ledger_search s WHERE id IN ({', '.join(['%s'] * len(numbers))})",  # noqa: S608 - our columns
        numbers,
    )
    return list(cursor.fetchall())
