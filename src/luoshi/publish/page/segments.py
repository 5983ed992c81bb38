"""Cuts a source into stretches on which the same facts lie, so that facts may overlap and nest as they like."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise

import msgspec


class Cover(msgspec.Struct, frozen=True, gc=False):
    """A span to be marked. ``fact`` is an index; ``own`` is false for the parts of a fact (its indicator, its units)."""

    start: int
    end: int
    fact: int
    own: bool = True


class Segment(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the source: the facts that lie on it, the narrowest first, and the facts of which it is a part."""

    start: int
    end: int
    facts: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()


def cut(covers: Iterable[Cover], cuts: Iterable[int], end: int) -> Iterator[Segment]:
    """Yields segments that follow each other from 0 to ``end`` without gap; ``cuts`` are further places to cut at.

    >>> [(s.start, s.end, s.facts) for s in cut([Cover(0, 4, 0), Cover(2, 3, 1)], [], 5)]
    [(0, 2, (0,)), (2, 3, (1, 0)), (3, 4, (0,)), (4, 5, ())]
    """
    covers = [cover for cover in covers if 0 <= cover.start < cover.end <= end]
    opening: dict[int, list[Cover]] = {}
    closing: dict[int, list[Cover]] = {}
    for cover in covers:
        opening.setdefault(cover.start, []).append(cover)
        closing.setdefault(cover.end, []).append(cover)
    places = sorted({0, end, *opening, *closing, *(place for place in cuts if 0 < place < end)})
    active: dict[Cover, None] = {}
    for start, stop in pairwise(places):
        for cover in closing.get(start, ()):
            active.pop(cover, None)
        active.update(dict.fromkeys(opening.get(start, ())))
        yield _segment(start, stop, active)


def _segment(start: int, end: int, active: Iterable[Cover]) -> Segment:
    own = sorted((cover.end - cover.start, cover.fact) for cover in active if cover.own)
    parts = sorted({cover.fact for cover in active if not cover.own})
    return Segment(start=start, end=end, facts=tuple(fact for _, fact in own), parts=tuple(parts))
