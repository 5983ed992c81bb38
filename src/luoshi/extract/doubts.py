"""What the rules could not tell: the ``doubt`` of a fact, in words. No other key of a fact is changed.

A doubt is set only where a key that a reader will look for is empty, or rests on nothing but a default: a measure without indicator or
year, a role in a text that is of no known kind, part or year, an item of a breakdown without a unit.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from luoshi.extract.fact import Fact, MeasureFact, ProjectFact, TaskFact
from luoshi.outline.outline import Outline

NO_INDICATOR = "没有找到所说的指标"
NO_YEAR = "年份未定"
NO_ROLE = "是目标还是结果未定：文种、部分和年份都不明"
NO_UNIT = "责任单位未定"


def with_doubts(outline: Outline, facts: Sequence[Fact]) -> Iterator[Fact]:
    """The facts in the same order; those that the rules could not tell in full carry a ``doubt``. Linear in their number."""
    for fact in facts:
        words = "；".join(_doubts(outline, fact)) if isinstance(fact, MeasureFact | ProjectFact | TaskFact) else ""
        yield msgspec.structs.replace(fact, doubt=words) if words else fact


def _doubts(outline: Outline, fact: MeasureFact | ProjectFact | TaskFact) -> Iterator[str]:
    if isinstance(fact, TaskFact):
        if fact.body_end is not None and not (fact.leaders or fact.lead_units or fact.support_units):
            yield NO_UNIT
        return
    if isinstance(fact, MeasureFact):
        if fact.indicator is None:
            yield NO_INDICATOR
        if fact.role == "attribute" or fact.year is not None or fact.years is not None:
            return
        yield NO_YEAR
    if _is_unplaced(outline, fact):
        yield NO_ROLE


def _is_unplaced(outline: Outline, fact: MeasureFact | ProjectFact) -> bool:
    """True where neither the document nor the section says whether things are done or to be done."""
    document = outline.documents[fact.document]
    known = document.review_year or document.plan_year or document.plan_years
    part = outline.sections[fact.section].part if fact.section >= 0 else "other"
    return document.kind == "other" and not known and part == "other"
