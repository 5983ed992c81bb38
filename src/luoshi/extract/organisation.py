"""Units 单位 as written: splits a list of them, and tells whether a string looks like the name of one."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from luoshi.tables import load_table


class OrganisationWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of ``organisation.yaml``; what each list means is said there."""

    suffixes: tuple[str, ...]
    groups: tuple[str, ...]
    shared: tuple[str, ...]
    heads: tuple[str, ...]
    joins: tuple[str, ...]
    openers: tuple[str, ...]
    never: tuple[str, ...]
    trailing: tuple[str, ...]


class UnitPatterns(msgspec.Struct, frozen=True):
    """The same words as compiled patterns."""

    suffix: re.Pattern[str]
    group: re.Pattern[str]
    shared: re.Pattern[str]
    head: re.Pattern[str]
    join: re.Pattern[str]
    opener: re.Pattern[str]
    trailing: re.Pattern[str]
    never: frozenset[str]


@cache
def unit_patterns() -> UnitPatterns:
    words = load_table("luoshi.extract", "organisation.yaml", OrganisationWords)
    return UnitPatterns(
        suffix=re.compile(f"(?:{choice(words.suffixes)})(?:\\([^()]*\\))?$"),
        group=re.compile(f"(?:{choice(words.groups)})"),
        shared=re.compile(f"(?:各|有关|相关|各有关|各相关)(?:{choice(words.shared)})(?:\\([^()]*\\))?$"),
        head=re.compile(f"(?:{choice(words.heads)})(?:\\([^()]*\\))?(?:{choice(words.heads)})*$"),
        join=re.compile(choice(words.joins)),
        opener=re.compile(choice(words.openers)),
        trailing=re.compile(f"(?:{choice(words.trailing)})$"),
        never=frozenset(words.never),
    )


def choice(words: tuple[str, ...]) -> str:
    """The words as one alternation, longest first, so that the longest of those that begin alike is taken."""
    return "|".join(re.escape(word) for word in sorted(set(words), key=lambda word: (-len(word), word)))


#: longer than any unit's name; what is longer is prose
LONGEST = 45
_MARKS = "、,;:。/|\n\t"
_BLANK = " \t\n、,;:。.*★☆▲●·-—"


def has_unit_form(name: str) -> bool:
    """True where a string is as short as a unit's name and ends or begins like one."""
    if not 1 < len(name) <= LONGEST or "\n" in name:
        return False
    patterns = unit_patterns()
    return bool(patterns.suffix.search(name) or patterns.group.match(name))


def split_units(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of the units listed in ``text[start:end]``, in order.

    Marks inside brackets do not split; a name in brackets stays with the unit before it. ``等部门`` and the like are no units.
    An empty or blank stretch gives ``[]``.
    """
    spans = [part for piece in _pieces(text, start, end) for part in _unjoined(text, *piece)]
    return _grouped(text, [span for span in (_trimmed(text, *span) for span in spans) if span is not None])


def _pieces(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Splits at marks that stand outside brackets."""
    pieces, depth, begin = [], 0, start
    for at in range(start, end):
        c = text[at]
        if c in "([【〔{":
            depth += 1
        elif c in ")]】〕}":
            depth = max(0, depth - 1)
        elif c in _MARKS and depth == 0:
            pieces.append((begin, at))
            begin = at + 1
    pieces.append((begin, end))
    return pieces


def _unjoined(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Splits ``甲局和乙局`` where both sides look like units; ``人力资源和社会保障局`` stays whole."""
    if end - start < 5:
        return [(start, end)]
    patterns = unit_patterns()
    parts, begin = [], start
    for found in patterns.join.finditer(text, start + 2, end - 1):
        left, right = text[begin : found.start()], text[found.end() : end]
        if patterns.suffix.search(left) and left.count("(") == left.count(")") and patterns.opener.match(right) and has_unit_form(right):
            parts.append((begin, found.start()))
            begin = found.end()
    return [*parts, (begin, end)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The span without blanks, marks and the words that belong to no name; ``None`` where nothing is left."""
    while start < end and text[start] in _BLANK:
        start += 1
    while start < end and text[end - 1] in _BLANK:
        end -= 1
    tail = unit_patterns().trailing.search(text, max(start, end - 12), end)
    if tail:
        end = tail.start()
    return (start, end) if end - start > 1 and text[start:end] not in unit_patterns().never else None


def _grouped(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """``各区、市政府`` is one group: its two names share what stands behind."""
    patterns, out = unit_patterns(), list[tuple[int, int]]()
    for start, end in spans:
        if out and text[out[-1][1] : start] == "、" and patterns.shared.match(text, *out[-1]) and patterns.head.match(text, start, end):
            out[-1] = (out[-1][0], end)
        else:
            out.append((start, end))
    return out
