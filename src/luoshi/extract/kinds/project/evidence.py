"""Finds the clauses of a text that are worth parsing: those where something may be a named project, and those that may carry one on.

One scan of a literal automaton over the text gives the kind nouns, 等, the definite verbs and the phases; what they point to is looked at
only so far as to see a name's traces.
"""

from __future__ import annotations

import re

from luoshi.extract.kinds.project.lexis import ETC, LIKELY, NEUTRAL, PHASE, SURE, VERB, Lexis
from luoshi.extract.kinds.project.name import LAND, weigh

_CLAUSE = re.compile(r"[^,。;:!?\n]+")
#: how many characters in front of a kind noun are looked at
_REACH = 12
_EDGE = frozenset('、和及等的,。;:!?\n“”"()（）在是了把要将让到使由被也都已从个年')
_MARKED = re.compile(r"[A-Za-z0-9第”]|(?:^|设|进|快|成|动)(?:[市区省县州]|新区)(?![场级域政民容内外])")
_MARKS = frozenset(["东部", "西部", "南部", "北部", "中部", "华东", "华南", "华北", "华中"])
_COUNTED = frozenset("0123456789一两二三四五六七八九十百")
_OVER = frozenset(["扩建", "迁建"])


def candidates(lex: Lexis, s: str, start: int, end: int) -> list[tuple[int, int, int, bool]]:
    """The clauses to parse between ``start`` and ``end``: (start, end, number of the sentence, whether a name may stand in it)."""
    hits = lex.pointers.find_matches_as_indexes(s[start:end])
    out: list[tuple[int, int, int, bool]] = []
    h, n = 0, len(hits)
    number = 0
    live = False
    for m in _CLAUSE.finditer(s, start, end):
        a, b = m.span()
        if a > start and s[a - 1] != ",":
            number += 1
            live = False
        first, limit = h, b - start
        while h < n and hits[h][1] < limit:
            h += 1
        if h == first:
            continue
        found, carries = _look(lex, s, a, b, start, hits[first:h])
        if found or (live and carries):
            out.append((a, b, number, found))
            live = True
    return out


def _look(lex: Lexis, s: str, a: int, b: int, start: int, hits: list[tuple[int, int, int]]) -> tuple[bool, bool]:
    """Whether a name may stand in the clause, and whether it may carry a step on."""
    signs, after, common = lex.signs, lex.after, lex.common
    faint = carries = listed = False
    for index, first, last in hits:
        code = signs[index]
        low, high = first + start, last + start
        if code == VERB:
            carries = True
            at = _peel(s, a, low, common)
            if at > a and s[at - 1] not in _EDGE and at > low - _REACH + 2 and weigh(_head(s, a, low)) >= 1.5:
                return True, True
            continue
        if code == PHASE:
            return True, carries
        if (code == NEUTRAL and s[high - 1] not in LAND) or (code != ETC and high < b and s[high] not in after):
            continue
        strength = _strength(lex, s, a, low, high, code)
        if strength == 2:
            return True, carries
        faint = faint or strength == 1
        listed = listed or code == ETC
    return faint and (carries or listed), carries


def _strength(lex: Lexis, s: str, a: int, low: int, high: int, code: int) -> int:
    """2 where what stands in front of a kind noun or 等 shows a name's traces, 1 where only a verb beside it would make it one, else 0."""
    at = _peel(s, a, low, lex.common)
    if at == low and (low == a or s[low - 1] in _EDGE):
        return 2 if low > a and s[low - 1] in ")”" else 0
    if code == SURE or (code == ETC and s[high : high + 1] in _COUNTED):
        return 2
    plain = at == a or s[at - 1] in _EDGE or at <= low - _REACH + 2
    if not plain:
        head = _head(s, a, low)
        if weigh(head) >= 1 or (code <= LIKELY and _MARKED.search(head)):
            return 2
        at = low - len(head)
    if at > a and s[at - 1] == ")":
        return 2
    if code > LIKELY:
        return 0
    if s[at] == "新" or s[at : at + 2] in _MARKS or (low - at > 4 and s[low - 2 : low] in _OVER):
        return 2
    if code == LIKELY:
        return 2 if low - at >= 8 or s[high : high + 1] in ("(", "”") or (at > a and s[at - 1] == "“") else 1
    return 1 if low - at >= 7 else 0


def _peel(s: str, low: int, at: int, common: frozenset[str]) -> int:
    """Where common words, taken from the right, no longer cover the characters in front of ``at``."""
    low = max(low, at - _REACH)
    while at > low + 1:
        if s[at - 2 : at] in common:
            at -= 2
        elif at - 3 >= low and s[at - 3 : at] in common:
            at -= 3
        elif at - 4 >= low and s[at - 4 : at] in common:
            at -= 4
        else:
            break
    return at


def _head(s: str, low: int, at: int) -> str:
    """The characters in front of ``at``, up to an edge."""
    i = at
    low = max(low, at - _REACH)
    while i > low and s[i - 1] not in _EDGE:
        i -= 1
    return s[i:at]
