"""The slots of a responsibility clause: which words of it name leaders, lead units, supporting units and a time."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.extract.kinds.task.deadline import is_deadline
from luoshi.extract.kinds.task.words import ClausePatterns, Role, clause_patterns
from luoshi.extract.organisation import split_units

Part = tuple[int, int]
_OPENERS = "([【〔"
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


class Draft:
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
            start=start,
            end=end,
            form=form,
            bracketed=bracketed,
            hosts=hosts,
            leaders=tuple(sorted(self.slots["leader"])),
            lead=tuple(sorted(self.slots["lead"])),
            plain=tuple(sorted(self.slots["plain"])),
            support=tuple(sorted(self.slots["support"])),
            deadline=(min(times)[0], max(end for _, end in times)) if times else None,
        )


def read_slots(text: str, slots: Sequence[tuple[str, int, int]]) -> Clause | None:
    """The clause that slots of known role make up, as the cells of a table row do; ``None`` without any unit or leader."""
    patterns, draft = clause_patterns(), Draft()
    for role, start, end in slots:
        if patterns.label.match(text, start, end):
            inner = read_draft(text, start, end, patterns)
            for name, parts in inner.slots.items():
                draft.slots[name] += parts
        else:
            _fill(text, start, end, role, draft, patterns)
    if not slots or not (draft.units() or draft.slots["leader"]):
        return None
    return draft.build(min(start for _, start, _ in slots), max(end for *_, end in slots), "cells")


def read_draft(text: str, start: int, end: int, patterns: ClausePatterns) -> Draft:
    """The slots of ``text[start:end]``: what stands before the first label by its predicates, the rest label by label."""
    draft, role, at = Draft(), "plain", start
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


def _fill(text: str, start: int, end: int, role: str, draft: Draft, patterns: ClausePatterns) -> None:
    """Reads one slot's value."""
    if role == "time":
        _take_time(text, start, end, draft)
    elif role == "leader":
        draft.slots["leader"] += _names(text, start, end)
    elif role != "other":
        _fill_units(text, start, end, role, draft, patterns)


def _take_time(text: str, start: int, end: int, draft: Draft) -> None:
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
        stop = last - 2 if text.endswith("同志", first, last) else last
        if stop - first > 1:
            names.append((first, stop))
    return names


def _fill_units(text: str, start: int, end: int, role: str, draft: Draft, patterns: ClausePatterns) -> None:
    """Units up to each predicate take its role; without a predicate they take the slot's."""
    at = start
    for found in patterns.predicate.finditer(text, start, end):
        piece = max(at, max(text.rfind(mark, at, found.start()) for mark in ",;。") + 1)
        if text.count("(", at, found.start()) > text.count(")", at, found.start()) or is_deadline(
            text, _skip(text, piece, found.end()), found.end()
        ):
            continue
        said = patterns.predicates[found[1]]
        adverb = patterns.adverb.search(text, max(at, found.start() - 40), found.start())
        draft.predicates += 1
        _add_units(text, at, adverb.start() if adverb else found.start(), role if said == "plain" else said, draft, patterns)
        at = found.end()
    _add_units(text, at, end, role, draft, patterns)


def _add_units(text: str, start: int, end: int, role: str, draft: Draft, patterns: ClausePatterns) -> None:
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


def _add_list(text: str, start: int, end: int, role: str, draft: Draft, patterns: ClausePatterns) -> None:
    start = _skip(text, start, end)
    if text.startswith("由", start, end):
        start += 1
    for first, last in split_units(text, start, end):
        badge = patterns.badge.search(text, max(first, last - 8), last)
        if badge and badge.end() == last:
            draft.slots[patterns.badges[badge[1]]].append((first, badge.start()))
        else:
            draft.slots[role].append((first, last))  # type: ignore[index]
