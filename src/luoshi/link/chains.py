"""Chains of many documents: one thing of one place over the years. Pure and deterministic; one document more touches its own place only."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Final

from luoshi.link.chain import Chain
from luoshi.link.measured_chains import measure_chains, said_in
from luoshi.link.project_chains import project_chains
from luoshi.link.source import Source
from luoshi.link.task_chains import task_chains


def chains(sources: Iterable[Source]) -> tuple[Chain, ...]:
    """The chains of the documents, by place, kind and name; the order in which documents are given changes nothing."""
    found: list[Chain] = []
    for documents in places_of(sources):
        found += measure_chains(documents)
        found += project_chains(documents)
        found += task_chains(documents)
    return tuple(sorted(found, key=lambda one: (one.place, one.kind, one.name, one.key)))


def places_of(sources: Iterable[Source]) -> list[list[Source]]:
    """The documents of each place in the order of their years; of several copies of one report the fullest."""
    held: dict[str, list[Source]] = {}
    for one in sorted(fullest(sources), key=lambda one: (one.place, said_in(one) or 0, one.key)):
        held.setdefault(one.place, []).append(one)
    return list(held.values())


def fullest(sources: Iterable[Source]) -> Sequence[Source]:
    """All documents, but of the copies of one report only the one with most figures. Two reports of one place and year are copies where most
    sentences of one are in the other."""
    kept: dict[tuple[str, int | None, int | None], list[Source]] = {}
    found = []
    for one in sorted(sources, key=lambda one: (-len(one.measures), one.key)):
        others = kept.setdefault((one.place, one.plan_year, one.review_year), []) if one.kind == "report" else []
        if not any(_is_copy(one, other) for other in others):
            others.append(one)
            found.append(one)
    return found


def _is_copy(one: Source, other: Source) -> bool:
    mine = _sentences(one.text)
    return bool(mine) and len(mine & _sentences(other.text)) >= len(mine) / 2


def _sentences(text: str) -> frozenset[str]:
    return frozenset(words for piece in _ENDS.split(text) if len(words := "".join(piece.split())) >= _SHORTEST_SENTENCE)


_ENDS: Final = re.compile(r"[。；！？\n]")
_SHORTEST_SENTENCE: Final = 8
