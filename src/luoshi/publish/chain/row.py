"""The end of a target as one flat record: target and result with file, span and words, the verdict, why, and a sentence that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

import msgspec

from luoshi.link import Outcome, Quoted, Source
from luoshi.link.source import Acted, Measured, Task
from luoshi.messages import Lang
from luoshi.publish.chain.explaining import explained


class Side(msgspec.Struct, frozen=True, omit_defaults=True):
    """One of the two quotations; offsets are those of the file, and of the document in ``within``."""

    file: str
    start: int
    end: int
    text: str
    sentence: str
    document: str
    title: str = ""
    fact: str = ""
    within: tuple[int, int] = (0, 0)
    indicator: str = ""
    indicator_id: str = ""
    measure: str = ""
    direction: str = ""
    comparator: str = ""
    value: float | None = None
    value_max: float | None = None
    unit: str = ""
    year: int | None = None
    years: tuple[int, int] | None = None
    strength: str = ""
    reference: str = ""
    stage: str = ""
    number: str = ""
    section: str = ""
    part: str = ""


class End(msgspec.Struct, frozen=True, kw_only=True):
    """What became of one target. ``also`` are verdicts that a careful reader may defend, ``distance`` is result less target."""

    link: Literal["outcome"] = "outcome"
    kind: str
    place: str
    region_code: str
    level: str
    year: int | None
    name: str
    verdict: str
    why: str
    also: tuple[str, ...]
    target: Side
    result: Side | None
    distance: str
    distance_unit: str
    worked: str
    reasons: tuple[str, ...]
    likely: bool
    forecast: bool
    explained: str


def ends_of(sources: Sequence[Source], outcomes: Iterable[Outcome], lang: Lang) -> Iterator[End]:
    """A record for each outcome, in their order."""
    documents = {one.key: one for one in sources}
    facts = {one.key: _facts(one) for one in sources}
    for outcome in outcomes:
        source = documents[outcome.target.document]
        target = _side(source, outcome.target, facts[source.key])
        held = outcome.result
        result = None if held is None else _side(documents[held.document], held, facts[held.document])
        yield End(
            kind=outcome.kind, place=source.region, region_code=source.region_code, level=source.level, year=outcome.due, name=outcome.name,
            verdict=outcome.verdict, why=outcome.why, also=outcome.others, target=target, result=result, distance=outcome.distance,
            distance_unit=outcome.distance_unit, worked=outcome.worked, reasons=outcome.reasons, likely=outcome.likely,
            forecast=outcome.forecast, explained=explained(outcome, lang, target.comparator),
        )  # fmt: skip


def _facts(source: Source) -> dict[str, Measured | Acted | Task]:
    facts: list[Measured | Acted | Task] = [*source.measures, *source.projects, *source.tasks]
    return {one.id: one for one in facts}


def _side(source: Source, quoted: Quoted, facts: dict[str, Measured | Acted | Task]) -> Side:
    first, last = quoted.sentence
    section = source.parts[index] if 0 <= (index := _section(facts.get(quoted.fact))) < len(source.parts) else None
    bare = Side(
        file=source.file, start=quoted.start + source.shift, end=quoted.end + source.shift, text=quoted.text, sentence=source.text[first:last].strip(),
        document=source.key, title=source.title, fact=quoted.fact, within=(quoted.start, quoted.end),
        section=section.title if section else "", part=section.part if section else "",
    )  # fmt: skip
    match facts.get(quoted.fact):
        case Measured() as one:
            return msgspec.structs.replace(
                bare, indicator=one.name, indicator_id=one.indicator_id, measure=one.measure, direction=one.direction, comparator=one.comparator,
                value=one.value, value_max=one.value_max, unit=one.unit, year=one.year, years=one.years, strength=one.strength,
                reference=one.reference,
            )  # fmt: skip
        case Acted() as one:
            return msgspec.structs.replace(bare, indicator=one.text, stage=one.stage)
        case Task() as one:
            return msgspec.structs.replace(bare, indicator=one.title, number=one.number)
    return bare


def _section(fact: Measured | Acted | Task | None) -> int:
    return -1 if fact is None else fact.section
