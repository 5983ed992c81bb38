"""What the search holds of a thing: a row, its tags, its place in the order.

The number of a row is its place in the order: rank (0 first), then year (newest first), then as it came. Both databases give matches in
the order of that number, so the best of very many are found without looking at the others.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Final

import msgspec

from luoshi.errors import BadUsage
from luoshi.ledger.scope import Scope
from luoshi.ledger.search.fold import clean, fold

KINDS: Final = ("document", "item", "measure", "task", "project", "term", "passage")
#: what a tag is about, and its letter; ``v``, ``w`` and ``x`` say who may see a row
TAGS: Final = {
    "kind": "k", "year": "y", "role": "t", "region": "r", "indicator": "i", "organisation": "o", "document": "d", "state": "s",
}  # fmt: skip
_FEW_VALUES: Final = frozenset(TAGS[about] for about in ("kind", "year", "role", "state"))
_BLANK: Final = re.compile(r"[\s\x00-\x1f\x7f-\xa0]+")
#: bits of a row's number: 4 of rank, 11 of year, 28 of sequence
_YEAR_BITS: Final = 11
_SEQUENCE_BITS: Final = 28
_MOST_RANK: Final = 15
_LAST_YEAR: Final = (1 << _YEAR_BITS) - 1


class SearchRow(msgspec.Struct, frozen=True):
    """A thing that can be found. ``tags`` are made by ``tag``; those of kind, year and document need not be given.

    ``region`` is the code of its own region (who may see it); the regions it lies in, its own included, are tags (what a filter asks for).
    ``rank`` 0 to 15: the lower, the further up among rows that match equally well. ``internal``: an item whose matter stays inside.
    """

    kind: str
    key: str
    document: str
    name: str
    words: str
    tags: tuple[str, ...] = ()
    year: int | None = None
    rank: int = 0
    region: str = ""
    internal: bool = False


class Stored(msgspec.Struct, frozen=True):
    """A row as it stands in the table; a folded column is ``None`` where folding changes nothing."""

    id: int
    kind: str
    key: str
    document: str
    name: str
    words: str
    tags: str
    year: int | None
    name_folded: str | None
    words_folded: str | None


#: the columns of the table, in the order of ``Stored``
COLUMNS: Final = Stored.__struct_fields__


def tag(about: str, value: object) -> str:
    """The tag of a value: ``tag("region", "990102")``, ``tag("year", 2026)``. The same value gives the same tag, case and blanks aside.

    >>> tag("role", "Target"), tag("indicator", "gdp per head")
    ('ttarget', 'igdp_per_head')
    """
    return normal(f"{TAGS[about]}{value}")


@lru_cache(maxsize=65_536)
def normal(one: str) -> str:
    """The tag as it is stored and compared."""
    return _BLANK.sub("_", clean(one)).lower()


def stored(row: SearchRow, number: int) -> Stored:
    """The row as it is written."""
    name, words = clean(row.name), clean(row.words)
    name_folded, words_folded = fold(name), fold(words)
    return Stored(
        number, row.kind, row.key, row.document, name, words, " ".join(all_tags(row)), row.year,
        None if name_folded == name else name_folded, None if words_folded == words else words_folded,
    )  # fmt: skip


def all_tags(row: SearchRow) -> list[str]:
    """Every tag of a row, sorted: those given, of kind, year and document, and those of who may see it."""
    own = {tag("kind", row.kind), tag("document", row.document)} | ({tag("year", row.year)} if row.year is not None else set())
    return sorted({normal(one) for one in (*row.tags, *own, *_seen_by(row))} - {""})


def _seen_by(row: SearchRow) -> list[str]:
    if row.kind != "item":
        return ["v", f"v.{row.region}"]
    letter = TAGS["organisation"]
    units = [one[1:] for one in row.tags if one.startswith(letter)]
    own = "x" if row.internal else "w"
    return [own, f"{own}.{row.region}", *(f"{own}|{unit}" for unit in units), *(f"{own}.{row.region}|{unit}" for unit in units)]


def is_place(one: str) -> bool:
    """Whether a tag says the own region of a row; each row has one such tag."""
    return one.startswith(("v.", "w.", "x.")) and "|" not in one


def is_listed(one: str) -> bool:
    """Whether it is noted where a tag occurs."""
    return one[:1] in _FEW_VALUES or is_place(one)


def scope_tags(scope: Scope, places: Collection[str]) -> tuple[str, ...] | None:
    """Tags of which a row must have one to be seen; ``None`` where all is seen, empty where nothing is. ``places``: such tags that there are.

    >>> scope_tags(Scope(regions=frozenset({"990102"}), units=frozenset({"ofinance"})), {"v.990102", "v.990103", "w.990102"})
    ('v.990102', 'w|ofinance', 'x|ofinance')
    """
    if scope.is_whole():
        return None
    out = ["v"] if scope.regions is None else [f"v.{code}" for code in sorted(scope.regions)]
    ends = [""] if scope.item_regions is None else [f".{code}" for code in sorted(scope.item_regions)]
    units = [""] if scope.units is None else [f"|{unit}" for unit in sorted(scope.units)]
    out += [f"{own}{place}{unit}" for own in ("wx" if scope.internal else "w") for place in ends for unit in units]
    tags = dict.fromkeys(map(normal, out))
    if all(place in tags or place[0] in tags for place in places):
        return None
    return tuple(one for one in tags if one[1:2] != "." or one.partition("|")[0] in places)


def bucket(row: SearchRow) -> int:
    """The rank and year of a row as the upper part of its number.

    >>> new, old = SearchRow("term", "a", "", "", "", year=2026), SearchRow("term", "b", "", "", "", year=2020)
    >>> bucket(new) < bucket(old) < bucket(SearchRow("term", "c", "", "", "")) < bucket(SearchRow("term", "d", "", "", "", rank=1))
    True
    """
    if row.kind not in KINDS or not 0 <= row.rank <= _MOST_RANK:
        raise BadUsage(
            f"检索不收这一种：{row.kind}，次序 {row.rank}", where=row.key, remedy=f"种类须是 {'、'.join(KINDS)} 之一，次序 0 至 15"
        )
    year: int = 0 if row.year is None else min(max(row.year, 0), _LAST_YEAR)
    return row.rank << _YEAR_BITS | (_LAST_YEAR - year)


def numbers(part: int) -> range:
    """All numbers of a bucket."""
    return range(part << _SEQUENCE_BITS, (part + 1) << _SEQUENCE_BITS)


def bucket_of(number: int) -> int:
    """The bucket that a number lies in."""
    return number >> _SEQUENCE_BITS
