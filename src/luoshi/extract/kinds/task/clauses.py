"""Responsibility clauses: where a text says who is to do what stands before, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from luoshi.extract.kinds.task.slots import Clause, Draft, Part, read_draft
from luoshi.extract.kinds.task.words import ClausePatterns, clause_patterns
from luoshi.extract.organisation import LONGEST, has_unit_form, split_units

#: longer than any clause; what is longer is prose
LIMIT = 3000
_BRACKETS = re.compile(r"[()\[\]【】〔〕]")
_OPENERS = "([【〔"
_ENDS = "\n。;!?”》)]】"
_CUT = re.compile(r"。(?=[^\n])")
#: a bracket that closes a paragraph behind a full stop
_BARE = re.compile(r"[。;!]\((?:[^()\n]|\([^()\n]{0,40}\)){2,200}\)(?=\n|\Z)")


def find_clauses(text: str) -> list[Clause]:
    """The responsibility clauses of a clean text, in order, none overlapping; those that stand side by side are one."""
    found: list[Clause] = []
    patterns, done = clause_patterns(), 0
    for trigger in patterns.trigger.finditer(text):
        if trigger.start() < done:
            continue
        begin = text.rfind("\n", 0, trigger.start()) + 1
        done = text.find("\n", trigger.start())
        done = len(text) if done < 0 else done
        found.extend(_in_paragraph(text, begin, done, patterns))
    hosts = sum(clause.hosts for clause in found)
    whole = _merged(text, [clause for clause in found if not clause.hosts or hosts > 2])
    return _with_bare(text, [clause for clause in whole if clause.leaders or clause.lead or clause.plain or clause.support])


def _with_bare(text: str, clauses: list[Clause]) -> list[Clause]:
    """The clauses with those that hold nothing but units, where a text closes three paragraphs or more in this way."""
    bare = []
    for match in _BARE.finditer(text):
        start, end = match.start() + 1, match.end()
        units = split_units(text, start + 1, end - 1)
        if units and all(last - first <= 20 and has_unit_form(text[first:last]) for first, last in units):
            bare.append(Clause(start=start, end=end, form="units", plain=tuple(units)))
    if len(bare) < 3:
        return clauses
    starts = {clause.start for clause in clauses}
    return sorted([*clauses, *(clause for clause in bare if clause.start not in starts)], key=lambda clause: clause.start)


def _in_paragraph(text: str, begin: int, end: int, patterns: ClausePatterns) -> Iterator[Clause]:
    at = begin
    for start, stop in _groups(text, begin, end, patterns):
        if start < at:
            continue
        clause = _bracketed(text, start, stop, patterns)
        if clause is not None:
            yield from _unbracketed(text, at, start, patterns)
            yield clause
            at = stop
    yield from _unbracketed(text, at, end, patterns)


def _groups(text: str, begin: int, end: int, patterns: ClausePatterns) -> list[Part]:
    """The bracketed stretches of a paragraph that may be clauses, outer before inner; one that is never closed runs to the paragraph's end."""
    groups, open_ = [], list[int]()
    for mark in _BRACKETS.finditer(text, begin, end):
        if mark[0] in _OPENERS:
            open_.append(mark.start())
        elif open_:
            start = open_.pop()
            if 4 < mark.end() - start <= LIMIT and patterns.trigger.search(text, start, mark.end()):
                groups.append((start, mark.end()))
    groups += [(start, end) for start in open_[-2:] if end - start <= LIMIT and patterns.label.match(text, start + 1, end)]
    return sorted(groups, key=lambda group: (group[0], -group[1]))


def _bracketed(text: str, start: int, end: int, patterns: ClausePatterns) -> Clause | None:
    """The clause inside a pair of brackets, or ``None`` where they hold something else."""
    inner = end - 1 if text[end - 1] in ")]】〕" else end
    labelled = patterns.label.match(text, start + 1, inner)
    if labelled is None and not _stands_alone(text, start, end):
        return None
    draft = read_draft(text, start + 1, inner, patterns)
    if not (draft.labels or draft.predicates) or not _is_clause(text, draft, bool(draft.labels)):
        return None
    return draft.build(start, end, "labels" if draft.labels else "predicates")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """True where a bracket closes a sentence or stands between two: prose goes on behind other brackets."""
    before = text[:start].rstrip(" ")[-1:] if start < 64 else text[start - 64 : start].rstrip(" ")[-1:]
    after = text[end : end + 2].lstrip(" ")[:1]
    return after in "\n。;" or before in _ENDS or not after


def _is_clause(text: str, draft: Draft, labelled: bool) -> bool:
    units = draft.units()
    if labelled:
        return bool(units or draft.slots["leader"]) and all(end - start <= 2 * LONGEST for start, end in units)
    if not units or any(end - start > LONGEST for start, end in units):
        return False
    formed = sum(has_unit_form(text[start:end]) for start, end in units)
    return 2 * formed >= len(units) and has_unit_form(text[slice(*units[0])])


def _unbracketed(text: str, begin: int, end: int, patterns: ClausePatterns) -> Iterator[Clause]:
    """Clauses that begin with a label at the start of a paragraph or sentence and run to its end."""
    at = begin
    while found := patterns.line_label.search(text, at, end):
        if found["other"] is not None:
            at = found.end()
            continue
        start = found.start() + len(found[0]) - len(found[0].lstrip(" \t·●*—-"))
        stop = _line_end(text, found.end(), end, patterns)
        draft = read_draft(text, start, stop, patterns)
        only_time = bool(draft.slots["time"]) and not draft.units() and stop - start <= 2 * LONGEST  # part of a clause on several lines
        if only_time or (stop - start <= LIMIT and _is_clause(text, draft, True) and _names_units(text, draft)):
            yield draft.build(start, stop, "labels", bracketed=False, hosts=_only_hosts(text, start, stop, patterns))
        at = max(stop, found.end())


def _names_units(text: str, draft: Draft) -> bool:
    """True where most of what an unbracketed label is followed by looks like units, or like persons' names."""
    units = draft.units()
    if not units:
        return all(end - start <= 12 for start, end in draft.slots["leader"])
    return 2 * sum(has_unit_form(text[start:end]) for start, end in units) >= len(units)


def _line_end(text: str, at: int, end: int, patterns: ClausePatterns) -> int:
    """Where an unbracketed clause ends: at the first full stop that no label follows, else with the paragraph."""
    for cut in _CUT.finditer(text, at, end):
        if not patterns.label.match(text, cut.end(), end):
            return cut.start()
    while end > at and text[end - 1] in " \t。;":
        end -= 1
    return end


def _only_hosts(text: str, start: int, end: int, patterns: ClausePatterns) -> bool:
    return all((found["head"] or found["bare"] or "") in ("主办", "承办") for found in patterns.label.finditer(text, start, end))


def _merged(text: str, clauses: list[Clause]) -> list[Clause]:
    """Clauses with nothing but blanks, marks and line ends between them put together."""
    out: list[Clause] = []
    for clause in clauses:
        if out and clause.start - out[-1].end <= 8 and not text[out[-1].end : clause.start].strip(" \t\n。;,、"):
            out[-1] = _joined(out[-1], clause)
        else:
            out.append(clause)
    return out


def _joined(first: Clause, second: Clause) -> Clause:
    times = [part for part in (first.deadline, second.deadline) if part]
    return msgspec.structs.replace(
        first,
        end=second.end,
        leaders=first.leaders + second.leaders,
        lead=first.lead + second.lead,
        plain=first.plain + second.plain,
        support=first.support + second.support,
        deadline=(times[0][0], times[-1][1]) if times else None,
    )
