"""Finds the clauses of a text that are worth parsing: those where something may be a named project, and those that may carry one on.

One scan of a literal automaton over the text gives the kind nouns, 等, the definite verbs and the phases; what they point to is looked at
only so far as to see a name's traces.
"""

from __future__ import annotations

import re

from luoshi.extract.kinds.project.lexis import ETC, PHASE, SURE, TAIL, VERB, Lexis
from luoshi.extract.kinds.project.name import uncommon

_CLAUSE = re.compile(r"[^,。;:!?\n]+")
_EDGE = frozenset("、和与及等的,。;:!?\n“”\"()（）")
_MARKED = re.compile(r"[A-Za-z0-9第”]|^新|[东西南北中]部|华[东南北中]")
_COUNT_END = re.compile(r"[个条座处所家项宗块片批大]$|^等$")


def candidates(lex: Lexis, s: str, start: int, end: int) -> list[tuple[int, int, int, bool]]:
    """The clauses to parse between ``start`` and ``end``: (start, end, number of the sentence, whether a name may stand in it)."""
    hits = lex.pointers.find_matches_as_indexes(s[start:end])
    out: list[tuple[int, int, int, bool]] = []
    signs, after = lex.signs, lex.after
    h, n = 0, len(hits)
    number = 0
    live = False
    for m in _CLAUSE.finditer(s, start, end):
        a, b = m.span()
        if a > start and s[a - 1] != ",":
            number += 1
            live = False
        found = carries = False
        while h < n and hits[h][1] + start < b:
            index, low, high = hits[h]
            h += 1
            code, _ = signs[index]
            if code == VERB:
                carries = True
            if found:
                continue
            low, high = low + start, high + start
            if code == VERB:
                found = _runs(s, a, low) or _runs_on(s, high, b)
            elif code == PHASE:
                found = True
            elif high >= b or s[high] in after:
                found = _points(s, a, low, code)
        if found or (live and carries):
            out.append((a, b, number, found))
            live = True
    return out


def _head(s: str, low: int, at: int, limit: int = 8) -> str:
    i = at
    low = max(low, at - limit)
    while i > low and s[i - 1] not in _EDGE:
        i -= 1
    return s[i:at]


def _points(s: str, low: int, at: int, code: int) -> bool:
    head = _head(s, low, at)
    if not head:
        return False
    if code == SURE:
        return True
    if code == ETC:
        return uncommon(head) >= 1
    return code == TAIL and (len(head) >= 7 or uncommon(head) >= 1 or _MARKED.search(head) is not None)


def _runs(s: str, low: int, at: int) -> bool:
    head = _head(s, low, at)
    return bool(head) and uncommon(head) >= 1.5


def _runs_on(s: str, at: int, high: int) -> bool:
    return uncommon(s[at : min(high, at + 8)]) >= 1.5
