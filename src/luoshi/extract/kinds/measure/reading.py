"""Reads the amounts of a sentence in order, each alone or as one of a row, and notes their subjects. Offsets are in the clean text."""

from __future__ import annotations

import msgspec

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.draft import Draft, Subject, draft_of
from luoshi.extract.kinds.measure.lexicon import WORDS
from luoshi.extract.kinds.measure.noun import Noun
from luoshi.extract.kinds.measure.peeling import peel
from luoshi.extract.kinds.measure.rules import place, starts_change
from luoshi.extract.kinds.measure.sentence import Sentence, Spot
from luoshi.extract.kinds.measure.sharing import members_of_row
from luoshi.extract.kinds.measure.telling import comparator

#: how far 将 may stand before an amount that is made into another, and how far behind it that may be said
_TAKEN = 18
_MADE = 40


def read_sentence(sentence: Sentence) -> list[Draft]:
    """One draft for each amount of the sentence, in order."""
    index = 0
    while index < len(sentence.amounts):
        count = sentence.row(index)
        if count > 1:
            _read_row(sentence, index, count)
        else:
            _read_one(sentence, index)
        index += count
    return sentence.drafts


def _spot(sentence: Sentence, index: int, row: int = 1) -> Spot:
    amount = sentence.amounts[index]
    low = sentence.low(index)
    got = peel(sentence.clean, low, amount.start)
    return Spot(sentence, draft_of(amount), index, low, got, Noun(got.end, got.end), row)


def _read_one(sentence: Sentence, index: int) -> None:
    spot = _spot(sentence, index)
    got = spot.got
    if got.direction and spot.amount.unit_class != "share" and sentence.clean.startswith(WORDS.telling.saved, got.growth_start):
        got.direction = ""
    place(spot)
    _finish(spot.draft, spot)


class _Row(msgspec.Struct):
    """A row of amounts: the spot of the first, how many there are, the noun and the year of each where they have their own."""

    spot: Spot
    count: int
    nouns: list[Subject] | None = None
    years: list[str | None] = []
    #: the amounts are distances from something, of which only the words behind give the bound
    distances: bool = False


def _read_row(sentence: Sentence, index: int, count: int) -> None:
    """甲、乙分别增长3%和5%: each amount its own noun; a trailing 以上 governs all."""
    clean, known = sentence.clean, len(sentence.history)
    row = _Row(_spot(sentence, index, count), count)
    first, got, low = row.spot.draft, row.spot.got, row.spot.low
    got.separately = got.separately or clean.find("分别", low, first.amount.start) >= 0
    place(row.spot)
    row.distances = first.rule == "<noun> above <reference> by <amount>"
    years = patterns.YEARS_EACH.search(clean, low, first.amount.start) if got.separately else None
    if years:
        row.years = [*years.groups()[:-1]]
        if not years["noun"]:
            sentence.of_last(first)
        first.rule = "<years> 分别 <amounts>"
    else:
        row.nouns = members_of_row(sentence, first, count, known, separately=got.separately)
    if _only_describes(sentence, index + count - 1, separately=got.separately):
        first.base, first.rule = True, "<base> <amount>"
    for position in range(count):
        _read_member(sentence, row, position)


def _only_describes(sentence: Sentence, last: int, *, separately: bool) -> bool:
    """True for a row of sums in front of 的 (500亿、1000亿元|的集群)."""
    amount, clean = sentence.amounts[last], sentence.clean
    if separately or amount.unit_class != "money" or not clean.startswith("的", amount.tail):
        return False
    return not patterns.AIM.match(clean, amount.tail)


def _read_member(sentence: Sentence, row: _Row, position: int) -> None:
    """One amount of a row: what was read of the first holds for all, but noun and year."""
    first, got = row.spot.draft, row.spot.got
    amount = sentence.amounts[row.spot.index + position]
    draft = draft_of(amount) if position else first
    if position:
        draft.start, draft.end, draft.rule, draft.known_as = first.start, first.end, "<amount> of the same", first.known_as
        draft.measure, draft.direction, draft.base = first.measure, first.direction, first.base
        draft.average, draft.total, draft.state = first.average, first.total, first.state
        draft.verb = first.verb
    if row.nouns:
        draft.take(row.nouns[position])
        draft.rule = "<nouns> 分别 <amounts>"
    if got.separately and not amount.behind:
        amount.behind = sentence.amounts[row.spot.index + row.count - 1].behind
    year = row.years[position] if position < len(row.years) else None
    if year:
        draft.year = int(year)
    draft.comparator = (amount.behind or "eq") if row.distances else comparator(amount, got)
    _finish(draft, row.spot)


def _finish(draft: Draft, spot: Spot) -> None:
    """Notes where a change starts from, and puts the draft and its subject behind the others; the spot may be that of its row."""
    amount, sentence, got = draft.amount, spot.sentence, spot.got
    draft.compared = got.compared
    if starts_change(sentence, spot.last_of_row, got):
        draft.base, draft.earlier, draft.rule = True, True, "从 <amount> 到 <amount>"
    elif _is_made_into(sentence, amount):
        draft.base, draft.rule = True, "将 <amount> 为 <amount>"
    sentence.drafts.append(draft)
    if (draft.base and not draft.earlier) or draft.start >= draft.end:
        return
    growth = draft.direction if got.growth_noun and draft.measure == "growth" else ""
    change = draft.direction if draft.measure == "change" and amount.unit_class != "share" else ""
    last = sentence.history[-1] if sentence.history else None
    known = last is not None and (last.start, last.end) == (draft.start, draft.end)
    if growth or change or spot.row > 1 or not known or draft.rule != "<amount> of the same":
        sentence.history.append(Subject(draft.start, draft.end, change, growth, draft.known_as))


def _is_made_into(sentence: Sentence, amount: Amount) -> bool:
    """True for the first amount of 将6个社区优化调整为4个."""
    clean, start = sentence.clean, amount.start
    if not patterns.TAKES.search(clean, max(sentence.start, start - _TAKEN), start):
        return False
    return patterns.INTO.match(clean, amount.tail, min(sentence.end, amount.tail + _MADE)) is not None
