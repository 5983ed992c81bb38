"""Finds the measures of an outline: amounts, sentence by sentence, with role, year and strength from their surroundings."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator

from luoshi.extract.fact import MeasureFact, Reason
from luoshi.extract.kinds.measure.amount import Amount, digit_amounts, spoken_amounts
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.numberless import word_amounts
from luoshi.extract.kinds.measure.refusal import is_measured
from luoshi.extract.kinds.measure.scene import Scene
from luoshi.extract.kinds.measure.sentence import Sentence
from luoshi.extract.kinds.measure.tense import Tense, Turned
from luoshi.extract.kinds.measure.years import one_year_sections, span_of_review, this_year_of
from luoshi.outline.outline import Outline, Stretch

_STOP = re.compile(r"[。!?！？\n]")


def find_measures(outline: Outline) -> list[MeasureFact]:
    """The measures of the text, in order of their start; none overlap."""
    facts: list[MeasureFact] = []
    for scene, drafts in _scenes(outline):
        scene.write(drafts, facts)
    return facts


def explain_measure(outline: Outline, start: int) -> tuple[Reason, ...]:
    """The reasons of the measure that begins at the source offset ``start``: rule by rule, with the words that each rests on."""
    for scene, drafts in _scenes(outline):
        for draft in drafts:
            if not draft.idle and outline.text.to_source(draft.amount.start, draft.amount.end).start == start:
                return scene.reasons(drafts, draft)
    return ()


def _scenes(outline: Outline) -> Iterator[tuple[Scene, list[Draft]]]:
    """Every sentence that holds an amount, with its drafts, in order."""
    clean = outline.text.clean
    end = len(clean)
    amounts = _merged(digit_amounts(clean, 0, end), spoken_amounts(clean, 0, end) + word_amounts(clean, 0, end))
    starts = [amount.start for amount in amounts]
    this_years = [this_year_of(outline, index) for index in range(len(outline.documents))]
    spans = [span_of_review(outline, index) for index in range(len(outline.documents))]
    one_year = one_year_sections(outline)
    turned = Turned()
    for stretch in outline.stretches:
        low, high = bisect_left(starts, stretch.start), bisect_left(starts, stretch.end)
        if low == high and stretch.part != "review":
            continue
        tense = Tense(outline, stretch, turned)
        tense.span = spans[stretch.document] if tense.other == "review" and stretch.section not in one_year else None
        for sentence in _sentences(clean, stretch, amounts[low:high]):
            drafts = sentence.read()
            scene = Scene(outline, stretch, sentence, this_years[stretch.document], one_year)
            scene.part, span = tense.at(sentence.start)
            scene.span = scene.span or span if scene.part == stretch.part else span
            yield scene, drafts


def _sentences(clean: str, stretch: Stretch, amounts: list[Amount]) -> Iterator[Sentence]:
    """The sentences of a stretch that hold measured amounts."""
    index = 0
    begin = stretch.start
    while index < len(amounts):
        at = amounts[index].start
        begin = max([begin] + [clean.rfind(mark, begin, at) + 1 for mark in "。!?\n"])
        match = _STOP.search(clean, amounts[index].end, stretch.end)
        end = match.start() if match else stretch.end
        last = index
        while last < len(amounts) and amounts[last].start < end:
            last += 1
        kept = [amount for amount in amounts[index:last] if is_measured(clean, begin, end, amount)]
        if kept:
            yield Sentence(clean, begin, end, kept)
        begin, index = end, max(last, index + 1)


def _merged(first: list[Amount], second: list[Amount]) -> list[Amount]:
    """Both lists in order; where two overlap the longer stays."""
    if not second:
        return first
    merged: list[Amount] = []
    for amount in sorted(first + second, key=lambda a: (a.start, -a.end)):
        if merged and amount.start < merged[-1].end:
            last = merged[-1]
            if (last.unit_class == "word", amount.start - amount.end) < (amount.unit_class == "word", last.start - last.end):
                continue
            merged[-1] = amount
            continue
        merged.append(amount)
    return merged
