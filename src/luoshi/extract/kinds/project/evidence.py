"""Finds the clauses of a text that are worth parsing: those where something may be a named project, and those that may carry one on.

One scan of a literal automaton over the text gives the kind nouns, 等, the definite verbs and the phases; what they point to is looked at
only so far as to see a name's traces.
"""

from __future__ import annotations

import re

from luoshi.extract.kinds.project.lexis import ETC, LIKELY, NEUTRAL, PHASE, SURE, TAIL, VERB, Lexis
from luoshi.extract.kinds.project.name import LAND, uncommon

_CLAUSE = re.compile(r"[^,。;:!?\n]+")
_EDGE = frozenset("、和与及等的,。;:!?\n“”\"()（）")
_MARKED = re.compile(r"[A-Za-z0-9第”]|^新|[东西南北中]部|华[东南北中]|(?:^|设|进|快|成|动)(?:[市区省县州]|新区)(?![场级域政民容内外])")


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
    for index, low, high in hits:
        code = signs[index]
        if code == NEUTRAL and s[high + start - 1] not in LAND:
            continue
        low, high = low + start, high + start
        if code == PHASE:
            return True, carries
        if code == VERB:
            carries = True
            head = _head(s, a, low)
            if head and not _is_plain(head, common) and uncommon(head) >= 1.5:
                return True, True
        elif code == ETC or high >= b or s[high] in after:
            head = _head(s, a, low)
            if not head:
                if low > a and s[low - 1] in ")”":
                    return True, carries
                continue
            if code == SURE or (not _is_plain(head, common) and uncommon(head) >= 1) or (code <= LIKELY and _MARKED.search(head)):
                return True, carries
            if code == LIKELY and (s[high : high + 1] in ("(", "”") or s[low - len(head) - 1 : low - len(head)] == "“"):
                return True, carries
            listed = listed or code == ETC
            faint = faint or code == LIKELY or len(head) >= 7
    return faint and (carries or listed), carries


def _is_plain(head: str, common: frozenset[str]) -> bool:
    """True where common words, taken from the right, cover all: a quick look before ``uncommon``."""
    at = len(head)
    while at > 0:
        if head[at - 2 : at] in common and at > 1:
            at -= 2
        elif head[at - 3 : at] in common and at > 2:
            at -= 3
        elif head[at - 4 : at] in common and at > 3:
            at -= 4
        else:
            return False
    return True


def _head(s: str, low: int, at: int, limit: int = 8) -> str:
    """The characters in front of ``at``, up to an edge."""
    i = at
    low = max(low, at - limit)
    while i > low and s[i - 1] not in _EDGE:
        i -= 1
    return s[i:at]
