"""Chains of one indicator: its targets, goals and results of one place in the order of years."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from luoshi.extract import catalogue
from luoshi.link.chain import Chain, Step, StepRole
from luoshi.link.contradiction import region_of
from luoshi.link.figures import basis_words, identity_of
from luoshi.link.reaching import number, same_unit
from luoshi.link.scene import Scene, scene
from luoshi.link.source import LOOKING_BACK, Measured, Source
from luoshi.link.telling import plain, quoted

_SHORTEST_CORE = 2
#: the unit under which all counts of things stand in one chain
_COUNTED: Final = "个"
#: years that a report looks back: a term of office
_LONGEST_VIEW: Final = 5
_ORDER: Final = {"goal": 0, "target": 1, "result": 2}


class Point(msgspec.Struct, frozen=True):
    """Where an amount stands in the line in time; its quotation is made where it is wanted."""

    scene: Scene
    role: StepRole
    year: int
    years: tuple[int, int] | None = None


def measure_chains(documents: Sequence[Source]) -> list[Chain]:
    """The chains of one place; each has a target and a result, or figures of two years at least."""
    held: dict[tuple[str, str, str], list[Point]] = {}
    for document in documents:
        for one in points_of(document):
            identity = identity_of(one.scene, shortest=_SHORTEST_CORE)
            if identity:
                held.setdefault((identity, one.scene.measure.measure, _unit(one.scene.measure)), []).append(one)
    return [_chain(documents[0], *key, points) for key, points in held.items() if _is_line(points)]


def points_of(document: Source) -> Iterator[Point]:
    """The amounts of a document that stand in a line in time, in the order of the text."""
    for measure in document.measures:
        if measure.role == "attribute":
            continue
        one = scene(document, measure)
        point = _point(one)
        if point is None or one.is_part_of_year or one.places or (one.scope and one.indicator_id and measure.name in one.before):
            continue
        yield point


def _point(one: Scene) -> Point | None:
    """Where an amount stands; ``None`` where it is not known of which year it is, or where it is a sum over years that are not named."""
    measure, source = one.measure, one.source
    role = role_of(one)
    years = measure.years or (source.plan_years if role == "goal" and source.kind == "plan" and measure.year is None else None)
    year = years[1] if years else measure.year
    if year is None or (role == "result" and ((one.is_of_several_years and not years) or _is_long_ago(source, year))):
        return None
    return Point(one, role, year, years)


def step_of(point: Point) -> Step:
    """The step of an amount with its quotation."""
    one, measure, source = point.scene, point.scene.measure, point.scene.source
    value, most = number(measure.value), number(measure.value_max)
    return Step(
        year=point.year, role=point.role, quoted=quoted(source, measure.start, measure.end, measure.id),
        value="" if value is None else plain(value), value_max="" if most is None else plain(most), unit=measure.unit,
        comparator=measure.comparator, direction=measure.direction, strength=measure.strength, years=point.years, said_year=said_in(source),
        reason="other-basis" if basis_words(one) else "catalogue" if one.indicator_id else "same-words",
    )  # fmt: skip


def role_of(one: Scene) -> StepRole:
    """Target, goal or result. A figure of the year looked back at, told in the look-back, was reached, though 实现全年目标 stands before it."""
    measure, source = one.measure, one.source
    looks_back = source.part_of(measure.section) in LOOKING_BACK and measure.year is not None and measure.year == source.review_year
    if measure.role == "result" or looks_back:
        return "result"
    spans = one.is_of_several_years
    later = source.plan_year is not None and measure.year is not None and measure.year > source.plan_year
    return "goal" if source.kind == "plan" or spans or later else "target"


def _is_long_ago(source: Source, year: int) -> bool:
    """True for a year that a report does not account for; a figure of it is a comparison, often with a year misread."""
    return source.kind == "report" and source.review_year is not None and year < source.review_year - _LONGEST_VIEW


def said_in(source: Source) -> int | None:
    """The first year that a document plans."""
    return (
        source.plan_year
        or (source.plan_years[0] if source.plan_years else None)
        or (source.review_year + 1 if source.review_year else None)
    )


def _unit(measure: Measured) -> str:
    if measure.unit and same_unit(measure.unit, _COUNTED):
        return _COUNTED
    return measure.unit


def _is_line(points: Sequence[Point]) -> bool:
    roles, years = {one.role for one in points}, {one.year for one in points}
    documents = {one.scene.source.key for one in points}
    return len(documents) > 1 and (len(years) > 1 or ("result" in roles and len(roles) > 1))


def _chain(first: Source, identity: str, kind: str, unit: str, points: Sequence[Point]) -> Chain:
    steps = sorted(map(step_of, points), key=order)
    indicator = identity[3:] if identity.startswith("id:") else ""
    name = catalogue.indicator(indicator).name if indicator else identity
    return Chain(
        key=f"measure|{first.place}|{identity}|{kind}|{unit}", kind="measure", place=first.place, region=region_of(first), name=name,
        indicator_id=indicator, measure=kind, unit=steps[0].unit, steps=tuple(steps),
    )  # fmt: skip


def order(step: Step) -> tuple[int, int, int, str, int]:
    """Steps by year; goals, then targets, then results; by the year in which they were said."""
    return (step.year or 0, _ORDER.get(step.role, 3), step.said_year or 0, step.quoted.document, step.quoted.start)
