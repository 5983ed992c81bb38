"""Contradictions of many documents: figures that differ, and sums, shares and growth rates that do not follow. Pure and deterministic."""

from __future__ import annotations

from collections.abc import Iterable

from luoshi.link.arithmetic import arithmetic
from luoshi.link.chains import fullest
from luoshi.link.contradiction import KINDS, Contradiction
from luoshi.link.figures import by_place
from luoshi.link.growths import growths, increments
from luoshi.link.source import Source
from luoshi.link.sums import shares, sums
from luoshi.link.twice import twice
from luoshi.link.upward import Parts, upward


def contradictions(sources: Iterable[Source], *, parts: Parts | None = None) -> tuple[Contradiction, ...]:
    """What does not fit together in the documents, by place, year and kind; the order in which documents are given changes nothing.

    Of several copies of one report the fullest counts. ``parts`` names the places below each place that together are the whole of it; GB/T 2260 where it is left out.
    """
    documents = sorted(fullest(sources), key=lambda one: (one.place, one.plan_year or 0, one.key))
    places = by_place(documents)
    found: list[Contradiction] = []
    for place in places:
        for check in (twice, growths, increments, shares):
            found += check(place)
    for document in documents:
        found += arithmetic(document)
        found += sums(document)
    found += upward(places, parts)
    return tuple(sorted(found, key=_order))


def _order(one: Contradiction) -> tuple[str, int, int, str, int, str, int]:
    return (one.place, one.year or 0, KINDS.index(one.kind), one.first.document, one.first.start, one.second.document, one.second.start)
