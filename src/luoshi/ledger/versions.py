"""What changed from one version of a document to the next: facts that came, went, say something else, or are as they were. Pure.

Facts of two texts have other ids and other places, so they are paired by what they say: first those that say the same in the same words, then
those about the same thing (a measure of the same indicator, role, way of measuring and year; a task of the same title), last those whose words
are much alike. Nothing is paired across kinds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

import msgspec

Row = Mapping[str, Any]

#: what a change of a fact may be in, by kind; the order is that in which it is shown
COMPARED: Final[Mapping[str, tuple[str, ...]]] = {
    "measure": ("name", "role", "measure", "direction", "comparator", "value", "value_max", "unit", "year", "year_last", "strength"),
    "task": ("text", "name", "lead", "due"),
    "project": ("name", "stage", "role"),
    "term": ("name", "text"),
}  # fmt: skip
#: words less alike than this are two facts
_ALIKE: Final = 0.5
#: at most so many candidates are compared with one fact
_CANDIDATES: Final = 30


class Change(msgspec.Struct, frozen=True):
    """A fact that says something else now; ``fields`` are the names of what differs, empty where only the words around it do."""

    old: Row
    new: Row
    fields: tuple[str, ...]


class Changes(msgspec.Struct, frozen=True):
    """All facts of both versions, each once, in the order of the new (the gone ones: of the old) text."""

    added: tuple[Row, ...] = ()
    gone: tuple[Row, ...] = ()
    changed: tuple[Change, ...] = ()
    unchanged: tuple[Change, ...] = ()


def compare(old: Iterable[Row], new: Iterable[Row]) -> Changes:
    """The changes from the facts of an older version to those of a newer one; each side in the order of its text."""
    left, right = list(old), list(new)
    pairs = list[tuple[Row, Row]]()
    for key in (_words, _meaning, _subject):
        left, right = _pair(left, right, key, pairs)
    left, right = _pair_alike(left, right, pairs)
    places = {id(row): place for place, row in enumerate([*(row for _, row in pairs), *right])}
    changes = [Change(before, after, differing(before, after)) for before, after in sorted(pairs, key=lambda pair: _place(pair[1], places))]
    return Changes(
        added=tuple(right),
        gone=tuple(left),
        changed=tuple(change for change in changes if change.fields),
        unchanged=tuple(change for change in changes if not change.fields),
    )


def differing(old: Row, new: Row) -> tuple[str, ...]:
    """The names of the fields in which two facts of one kind differ; values as they stand now, corrections included."""
    return tuple(name for name in COMPARED[new["kind"]] if _plain(old[name]) != _plain(new[name]))


def _place(row: Row, places: Mapping[int, int]) -> tuple[int, int]:
    return int(row["start"]), places[id(row)]


def _plain(value: Any) -> Any:
    """A value without what does not count: blanks, the difference between nothing and an empty word."""
    return "".join(value.split()) if isinstance(value, str) else "" if value is None else value


def _words(row: Row) -> tuple[Any, ...]:
    return (row["kind"], _plain(row["clause"]), _plain(row["text"]), *(_plain(row[name]) for name in COMPARED[row["kind"]]))


def _meaning(row: Row) -> tuple[Any, ...]:
    return (row["kind"], _plain(row["text"]), *(_plain(row[name]) for name in COMPARED[row["kind"]]))


def _subject(row: Row) -> tuple[Any, ...] | None:
    """What the fact is about; None where it does not say so."""
    if row["kind"] == "measure":
        about = row["indicator_id"] or _plain(row["name"])
        return ("measure", about, row["role"], row["measure"], row["direction"], row["year"], row["unit"]) if about else None
    name = _plain(row["name"])
    return (row["kind"], name) if name else None


def _pair(
    old: list[Row], new: list[Row], key: Callable[[Row], tuple[Any, ...] | None], pairs: list[tuple[Row, Row]]
) -> tuple[list[Row], list[Row]]:
    """Pairs facts with the same key, in the order of the text; what is left of both sides."""
    waiting = defaultdict[tuple[Any, ...], list[Row]](list)
    for row in new:
        if (found := key(row)) is not None:
            waiting[found].append(row)
    left, taken = list[Row](), set[int]()
    for row in old:
        found = key(row)
        match = waiting[found].pop(0) if found is not None and waiting.get(found) else None
        if match is None:
            left.append(row)
        else:
            pairs.append((row, match))
            taken.add(id(match))
    return left, [row for row in new if id(row) not in taken]


def _pair_alike(old: list[Row], new: list[Row], pairs: list[tuple[Row, Row]]) -> tuple[list[Row], list[Row]]:
    """Pairs facts of one kind whose words are much alike, the most alike first."""
    grams = [_bigrams(row) for row in new]
    index = defaultdict[tuple[str, str], list[int]](list)
    for at, row in enumerate(new):
        for gram in grams[at]:
            index[row["kind"], gram].append(at)
    offers = [
        (-likeness, before, after)
        for before, row in enumerate(old)
        for after, likeness in _candidates(row, grams, index)
        if likeness >= _ALIKE
    ]
    used_old, used_new = set[int](), set[int]()
    for _, before, after in sorted(offers):
        if before not in used_old and after not in used_new:
            used_old.add(before)
            used_new.add(after)
            pairs.append((old[before], new[after]))
    return [row for at, row in enumerate(old) if at not in used_old], [row for at, row in enumerate(new) if at not in used_new]


def _bigrams(row: Row) -> frozenset[str]:
    """Pairs of neighbouring characters of what the fact is about and, of a measure, of the clause around it."""
    words = _plain(row["clause"] if row["kind"] == "measure" else row["text"])
    about = _plain(row["name"])
    return frozenset(text[at : at + 2] for text in (words, about) for at in range(len(text) - 1))


def _candidates(row: Row, grams: Sequence[frozenset[str]], index: Mapping[tuple[str, str], list[int]]) -> list[tuple[int, float]]:
    """Places in the new version with how much alike they are (0 to 1), the best few."""
    mine, shared = _bigrams(row), defaultdict[int, int](int)
    for gram in mine:
        for at in index.get((row["kind"], gram), ()):
            shared[at] += 1
    likeness = [(at, count / (len(mine) + len(grams[at]) - count)) for at, count in shared.items()]
    return sorted(likeness, key=lambda found: (-found[1], found[0]))[:_CANDIDATES]


def beside(old: str, new: str) -> tuple[list[tuple[str, bool]], list[tuple[str, bool]]]:
    """Both texts in pieces, each with whether it differs from the other side.

    >>> beside("增长6%左右", "增长7%左右")
    ([('增长', False), ('6', True), ('%左右', False)], [('增长', False), ('7', True), ('%左右', False)])
    """
    left, right = list[tuple[str, bool]](), list[tuple[str, bool]]()
    for what, from_old, to_old, from_new, to_new in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if to_old > from_old:
            left.append((old[from_old:to_old], what != "equal"))
        if to_new > from_new:
            right.append((new[from_new:to_new], what != "equal"))
    return left, right
