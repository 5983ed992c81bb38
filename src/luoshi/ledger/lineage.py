"""Lineage: which body came of which, and on what day; plates of one body are lineage too."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec


class Lineage(msgspec.Struct, frozen=True):
    """One body that goes on as another: ``kind`` is plate, renamed, merged, split or moved; ``day`` ISO, ``2018`` or empty (always).

    ``until``: the first day on which it holds no more; empty: it holds.
    """

    from_id: str
    to_id: str
    kind: str
    day: str = ""
    until: str = ""

    def holds(self, day: str) -> bool:
        return (not self.day or not day or self.day <= day) and (not self.until or (bool(day) and day < self.until))


def current(id_: str, day: str, lineages: Iterable[Lineage]) -> str:
    """The id under which a body goes on ``day`` (ISO; empty: after all that is known); a split ends the walk: its heirs are several.

    >>> current("oa", "2019-05-01", [Lineage("oa", "ob", "renamed", "2019-01-28")])
    'ob'
    """
    steps: dict[str, set[str]] = {}
    for lineage in lineages:
        if lineage.kind != "split" and lineage.from_id != lineage.to_id and lineage.holds(day):
            steps.setdefault(lineage.from_id, set()).add(lineage.to_id)
    walked = [id_]
    while len(steps.get(id_, ())) == 1:
        (id_,) = steps[id_]
        if id_ in walked:  # each is said to go on as the other: one of them for all
            return min(walked[walked.index(id_) :])
        walked.append(id_)
    return id_
