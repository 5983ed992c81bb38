"""Targets with their ends, appraisals with their scores."""

from __future__ import annotations

from typing import Any, Literal

from luoshi.web.api.shapes.parts import Quotation, Shape

End = Literal["met", "missed", "near", "restated", "carried_over", "strengthened", "weakened", "dropped", "not_yet", "cannot_tell"]


class Promise(Shape):
    """A target with its end. ``judged`` is the verdict of the rules, ``verdict`` the one in force, ``also`` are others that may be defended.

    ``worked`` is the arithmetic, ``reasons`` are slugs of what it rests on, ``explained`` says it in a sentence, ``beside`` is what a relative
    target is measured by. A quotation is None where you do not see its document, or where there is none; then nothing of its words is said.
    """

    id: str
    kind: str
    place: str
    region_code: str
    level: str
    year: int | None
    name: str
    indicator_id: str
    field: str
    verdict: End
    judged: str
    settled: bool
    doubtful: bool
    likely: bool
    distance: float | None
    distance_unit: str
    why: str
    also: list[End]
    worked: str
    reasons: list[str]
    forecast: bool
    explained: str
    target_fact: str
    result_fact: str
    target: Quotation | None
    result: Quotation | None
    beside: Quotation | None


class Promises(Shape):
    """A page of targets with their ends."""

    data: list[Promise]
    next: str | None


class Chain(Shape):
    """What a place aimed at for one thing over the years, and what came of it: the targets by year."""

    data: list[Promise]


class Appraisal(Shape):
    """An appraisal; ``until`` the last day of objections."""

    id: str
    title: str
    scheme: str
    kind: str
    region: str
    region_code: str
    period: str
    first: str
    last: str
    state: str
    until: str
    subjects: int
    scored: int
    announced_at: str
    final_at: str


class Appraisals(Shape):
    """A page of appraisals."""

    data: list[Appraisal]
    next: str | None


class Score(Shape):
    """A score. ``points`` as text so that no digit is lost, empty where there is none and ``why`` says why; ``sheet``: how it came about."""

    id: str
    subject: str
    unit: str
    name: str
    peers: str
    points: str
    place: int | None
    among: int
    grade: str
    why: str
    changed: bool
    sheet: dict[str, Any] | None


class Scores(Shape):
    """A page of scores."""

    data: list[Score]
    next: str | None
