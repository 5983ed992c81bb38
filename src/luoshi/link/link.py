"""What linking puts out: the end of a target with both quotations, the reason, and the other ends that a careful reader may defend."""

from __future__ import annotations

from typing import Literal

import msgspec

Verdict = Literal[
    "met", "near", "missed", "carried_over", "restated", "weakened", "strengthened", "dropped", "cannot_tell", "not_yet"
]  # fmt: skip
Why = Literal[
    "", "no_result", "level_only", "growth_only", "cumulative", "other_indicator", "assigned", "reference_missing", "qualitative",
    "bound_only", "incomplete",
]  # fmt: skip


class Quoted(msgspec.Struct, frozen=True, omit_defaults=True):
    """Words of a document: ``fact`` is the id of the fact at ``start`` to ``end``; ``sentence`` is where the sentence around it lies."""

    document: str
    fact: str
    start: int
    end: int
    text: str
    sentence: tuple[int, int]
    said: str


class Outcome(msgspec.Struct, frozen=True, omit_defaults=True):
    """The end of one target.

    ``due`` is the year it is for. ``distance`` is result less target in ``distance_unit``, above 0 where it was passed in the wanted
    direction. ``reasons`` are slugs that say why the two are held for one indicator and how the verdict follows. ``worked`` is the
    arithmetic where a figure was worked out, ``beside`` the figure that a relative target is measured by. ``others`` are verdicts that a
    careful reader may defend; ``likely`` is true where the identity of the two names is likely only, and a person is asked once.
    """

    kind: Literal["measure", "project", "task"]
    target: Quoted
    name: str
    due: int | None
    verdict: Verdict
    why: Why = ""
    result: Quoted | None = None
    distance: str = ""
    distance_unit: str = ""
    reasons: tuple[str, ...] = ()
    worked: str = ""
    beside: Quoted | None = None
    others: tuple[Verdict, ...] = ()
    likely: bool = False
    forecast: bool = False
