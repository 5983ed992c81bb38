"""Responsibility clauses: where a text says who is to do what stands before, and by when."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from luoshi.extract.kinds.task.deadline import is_deadline
from luoshi.extract.kinds.task.words import ClausePatterns, Role, clause_patterns
from luoshi.extract.organisation import LONGEST, has_unit_form, split_units

Part = tuple[int, int]
#: longer than any clause; what is longer is prose
LIMIT = 3000
_BRACKETS = re.compile(r"[()\[\]【】〔〕]")
_OPENERS = "([【〔"
_ENDS = "\n。;!?”》)]】"
_CUT = re.compile(r"。(?=[^\n])")
_SEPARATORS = " \t、,;:。."


class Clause(msgspec.Struct, frozen=True):
    """A clause with its slots as spans of the text it was found in; ``start`` is at its bracket or label, ``end`` behind it.

    ``plain`` are units of which it says only that they are responsible. ``form`` names the way it is written:
    ``labels`` (牵头单位：…), ``predicates`` (…牵头，…配合) or ``units`` (nothing but units).
    """

    start: int
    end: int
    form: str
    leaders: tuple[Part, ...] = ()
    lead: tuple[Part, ...] = ()
    plain: tuple[Part, ...] = ()
    support: tuple[Part, ...] = ()
    deadline: Part | None = None
    bracketed: bool = True
    #: it is headed 主办 or 承办 only, as the footer of a web page may be
    hosts: bool = False


class _Draft:
    """A clause being read: the slots so far."""

    def __init__(self) -> None:
        self.slots: dict[Role, list[Part]] = {role: [] for role in ("leader", "lead", "plain", "support", "time", "other")}
        #: how many labels and predicates say who does what
        self.labels = self.predicates = 0

    def units(self) -> list[Part]:
        return self.slots["lead"] + self.slots["plain"] + self.slots["support"]

    def build(self, start: int, end: int, form: str, *, bracketed: bool = True, hosts: bool = False) -> Clause:
        times = self.slots["time"]
        return Clause(
            start=start, end=end, form=form, bracketed=bracketed, hosts=hosts, leaders=tuple(sorted(self.slots["leader"])),
            lead=tuple(sorted(self.slots["lead"])), plain=tuple(sorted(self.slots["plain"])), support=tuple(sorted(self.slots["support"])),
            deadline=(min(times)[0], max(end for _, end in times)) if times else None)


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
    return _merged(text, [clause for clause in found if not clause.hosts or hosts > 2])


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
    draft = _read(text, start + 1, inner, patterns)
    if not (draft.labels or draft.predicates) or not _is_clause(text, draft, bool(draft.labels)):
        return None
    return draft.build(start, end, "labels" if draft.labels else "predicates")


def _stands_alone(text: str, start: int, end: int) -> bool:
    """True where a bracket closes a sentence or stands between two: prose goes on behind other brackets."""
    before = text[:start].rstrip(" ")[-1:] if start < 64 else text[start - 64:start].rstrip(" ")[-1:]
    after = text[end:end + 2].lstrip(" ")[:1]
    return after in "\n。;" or before in _ENDS or not after


def _is_clause(text: str, draft: _Draft, labelled: bool) -> bool:
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
        draft = _read(text, start, stop, patterns)
        if stop - start <= LIMIT and _is_clause(text, draft, True):
            yield draft.build(start, stop, "labels", bracketed=False, hosts=_only_hosts(text, start, stop, patterns))
        at = max(stop, found.end())


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


def _read(text: str, start: int, end: int, patterns: ClausePatterns) -> _Draft:
    """The slots of ``text[start:end]``: what stands before the first label by its predicates, the rest label by label."""
    draft, role, at = _Draft(), "plain", start
    for label in patterns.label.finditer(text, start, end):
        _fill(text, at, label.start(), role, draft, patterns)
        role, at = _role(label, patterns), label.end()
        draft.labels += role != "other"
    _fill(text, at, end, role, draft, patterns)
    return draft


def _role(label: re.Match[str], patterns: ClausePatterns) -> Role:
    if label["time"]:
        return "time"
    if label["other"]:
        return "other"
    if label["person"]:
        return "leader"
    role = patterns.heads[label["head"] or label["bare"]]
    return "plain" if role == "leader" and label["unit"] else role


def _fill(text: str, start: int, end: int, role: str, draft: _Draft, patterns: ClausePatterns) -> None:
    """Reads one slot's value."""
    if role == "time":
        _take_time(text, start, end, draft)
    elif role == "leader":
        draft.slots["leader"] += _names(text, start, end)
    elif role != "other":
        _fill_units(text, start, end, role, draft, patterns)


def _take_time(text: str, start: int, end: int, draft: _Draft) -> None:
    while start < end and text[start] in _SEPARATORS:
        start += 1
    while start < end and text[end - 1] in _SEPARATORS:
        end -= 1
    if start < end:
        draft.slots["time"].append((start, end))


def _names(text: str, start: int, end: int) -> list[Part]:
    """The persons of a leaders' slot; 同志 behind a name is no part of it."""
    names = []
    for first, last in split_units(text, start, end):
        last = last - 2 if text.endswith("同志", first, last) else last
        if last - first > 1:
            names.append((first, last))
    return names


def _fill_units(text: str, start: int, end: int, role: str, draft: _Draft, patterns: ClausePatterns) -> None:
    """Units up to each predicate take its role; without a predicate they take the slot's."""
    at = start
    for found in patterns.predicate.finditer(text, start, end):
        if text.count("(", at, found.start()) > text.count(")", at, found.start()):
            continue
        said = patterns.predicates[found[1]]
        adverb = patterns.adverb.search(text, max(at, found.start() - 40), found.start())
        draft.predicates += 1
        _add_units(text, at, adverb.start() if adverb else found.start(), role if said == "plain" else said, draft, patterns)
        at = found.end()
    _add_units(text, at, end, role, draft, patterns)


def _add_units(text: str, start: int, end: int, role: str, draft: _Draft, patterns: ClausePatterns) -> None:
    """Sorts the pieces of a list of units: times to the time slot, conventions out, what stands behind 会同 to the support."""
    at = start
    for piece_end in [*_commas(text, start, end), end]:
        if is_deadline(text, _skip(text, at, piece_end), piece_end):
            _take_time(text, at, piece_end, draft)
        elif not patterns.first_leads.search(text, at, piece_end):
            joined = patterns.with_.search(text, at, piece_end)
            _add_list(text, at, joined.start() if joined else piece_end, role, draft, patterns)
            if joined:
                _add_list(text, joined.end(), piece_end, "support", draft, patterns)
        at = piece_end + 1


def _commas(text: str, start: int, end: int) -> list[int]:
    """Where commas, semicolons and full stops stand outside brackets."""
    places, depth = [], 0
    for at in range(start, end):
        c = text[at]
        if c in _OPENERS:
            depth += 1
        elif c in ")]】〕":
            depth -= 1
        elif c in ",;。" and depth <= 0:
            places.append(at)
    return places


def _skip(text: str, start: int, end: int) -> int:
    while start < end and text[start] in _SEPARATORS:
        start += 1
    return start


def _add_list(text: str, start: int, end: int, role: str, draft: _Draft, patterns: ClausePatterns) -> None:
    start = _skip(text, start, end)
    if text.startswith("由", start, end):
        start += 1
    for first, last in split_units(text, start, end):
        badge = patterns.badge.search(text, max(first, last - 8), last)
        if badge and badge.end() == last:
            draft.slots[patterns.badges[badge[1]]].append((first, badge.start()))
        else:
            draft.slots[role].append((first, last))  # type: ignore[index]


def _merged(text: str, clauses: list[Clause]) -> list[Clause]:
    """Clauses with nothing but blanks, marks and line ends between them put together."""
    out: list[Clause] = []
    for clause in clauses:
        if out and clause.start - out[-1].end <= 8 and not text[out[-1].end:clause.start].strip(" \t\n。;,、"):
            out[-1] = _joined(out[-1], clause)
        else:
            out.append(clause)
    return out


def _joined(first: Clause, second: Clause) -> Clause:
    times = [part for part in (first.deadline, second.deadline) if part]
    return msgspec.structs.replace(
        first, end=second.end, leaders=first.leaders + second.leaders, lead=first.lead + second.lead, plain=first.plain + second.plain,
        support=first.support + second.support, deadline=(times[0][0], times[-1][1]) if times else None)
