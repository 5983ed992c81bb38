"""Finds the measures of an outline: amounts, sentence by sentence, with role, year and strength from their surroundings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from luoshi.extract.fact import MeasureFact, Reason
from luoshi.extract.kinds.measure.amount import Amount, merged
from luoshi.extract.kinds.measure.digits import digit_amounts
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.lookback import one_year_sections, span_of_review, this_year_of
from luoshi.extract.kinds.measure.numberless import word_amounts
from luoshi.extract.kinds.measure.reading import read_sentence
from luoshi.extract.kinds.measure.refusal import is_measured
from luoshi.extract.kinds.measure.scene import Scene
from luoshi.extract.kinds.measure.sentence import Sentence
from luoshi.extract.kinds.measure.spoken import spoken_amounts
from luoshi.extract.kinds.measure.tense import Tense, Turned
from luoshi.outline.outline import Outline, Stretch

_STOP = re.compile(r"[。!?！？\n]")
#: how far a sentence may reach before and behind an amount, in characters: half as much again as the longest in published
#: documents, and a bound for texts without an end of a sentence, so that the time stays in step with the size
_LONGEST = 1000


def find_measures(outline: Outline) -> list[MeasureFact]:
    """The measures of the text, in order of their start; none overlap."""
    return [fact for scene, drafts in _scenes(outline) for fact in scene.facts(drafts)]


def explain_measure(outline: Outline, start: int) -> tuple[Reason, ...]:
    """The reasons of the measure that begins at the source offset ``start``: rule by rule, with the words that each rests on."""
    for scene, drafts in _scenes(outline):
        for draft in drafts:
            if not draft.idle and outline.text.to_source(draft.amount.start, draft.amount.end).start == start:
                return scene.reasons(draft)
    return ()


def _scenes(outline: Outline) -> Iterator[tuple[Scene, list[Draft]]]:
    """Every sentence that holds an amount, with its drafts, in order."""
    clean = outline.text.clean
    amounts = merged(digit_amounts(clean), spoken_amounts(clean) + word_amounts(clean))
    starts = [amount.start for amount in amounts]
    stops = [match.start() for match in _STOP.finditer(clean)]
    this_years = [this_year_of(outline, index) for index in range(len(outline.documents))]
    spans = [span_of_review(outline, index) for index in range(len(outline.documents))]
    one_year = one_year_sections(outline)
    turned = Turned()
    for stretch in outline.stretches:
        low, high = bisect_left(starts, stretch.start), bisect_left(starts, stretch.end)
        if low == high and stretch.part != "review":
            continue
        tense = Tense(outline, stretch, turned)
        in_span = stretch.section >= 0 and stretch.section not in one_year
        tense.span = spans[stretch.document] if tense.other == "review" and stretch.section not in one_year else None
        section_span = outline.sections[stretch.section].span_years if in_span else None
        for sentence in _sentences(clean, stretch, amounts[low:high], stops):
            part, span = tense.at(sentence.start)
            if part == stretch.part and not tense.last_year:
                span = section_span or span
            yield Scene(outline, stretch, sentence, part=part, span=span, this_year=this_years[stretch.document]), read_sentence(sentence)


def _sentences(clean: str, stretch: Stretch, amounts: list[Amount], stops: list[int]) -> Iterator[Sentence]:
    """The sentences of a stretch that hold measured amounts; ``stops`` are the ends of sentences of the whole text."""
    index, begin = 0, stretch.start
    while index < len(amounts):
        first = amounts[index]
        before, behind = bisect_left(stops, first.start), bisect_left(stops, first.end)
        begin = max(begin, stops[before - 1] + 1 if before else 0, first.start - _LONGEST)
        end = min(stops[behind] if behind < len(stops) else len(clean), stretch.end, first.end + _LONGEST)
        last = index + 1
        while last < len(amounts) and amounts[last].start < end:
            last += 1
        end = max(end, amounts[last - 1].tail)
        kept = [amount for amount in amounts[index:last] if is_measured(clean, begin, end, amount)]
        if kept:
            yield Sentence(clean, begin, end, kept)
        begin, index = end, last
