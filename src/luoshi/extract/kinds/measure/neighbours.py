"""What the amounts beside an amount tell of it: changes that a list shares, counts that others are told of. Clean offsets."""

from __future__ import annotations

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.lexicon import STRENGTH_WORDS, STRONG, WORDS
from luoshi.extract.kinds.measure.noun import noun_behind, skip_lead
from luoshi.extract.kinds.measure.sentence import Sentence, Spot
from luoshi.extract.kinds.measure.telling import holds_verb

_WORDS = WORDS.telling


def carried_change(spot: Spot, name: str = "") -> str:
    """The change that the verb of the list says (新增光纤1000公里,5G基站4000个), where nothing but a comma lies between.

    ``name`` is the amount's own noun in front of it, where it has one.
    """
    if not spot.index:
        return ""
    sentence = spot.sentence
    last, amount = sentence.drafts[-1], spot.amount
    if last.base and last.rule == "<base> <amount>":
        return last.said
    if last.measure != "change" or last.base or last.rule == "<noun> <grows> <amount>":
        return ""
    tail = sentence.tail_of_last(spot.index)
    if sentence.clean.startswith(",其中", tail) and last.amount.unit == amount.unit:
        return last.direction
    if not last.said or spot.low - tail > 1 or name.endswith(_WORDS.own_level) or name.startswith(("总", "累计")):
        return ""
    if not spot.draft.base and (amount.unit_class == "money") != (sentence.amounts[spot.index - 1].unit_class == "money"):
        return ""
    if STRENGTH_WORDS.match(sentence.clean, tail + 1):
        return ""
    return last.direction if _goes_on(sentence.clean[tail : tail + 1], name) else ""


def _goes_on(mark: str, name: str) -> bool:
    """True where the mark goes on with the list; a comma does so only in front of a noun without a verb."""
    if mark == ",":
        return name.startswith("其中") or (bool(name) and not holds_verb(name))
    return mark in ("、", "和", "及", "与")


def carried_rate(spot: Spot) -> str:
    """The cut that the verb of the list says of percentages too (压减会议经费31.7%、培训经费43.1%)."""
    if not spot.index:
        return ""
    last, tail = spot.sentence.drafts[-1], spot.sentence.amounts[spot.index - 1].tail
    if last.measure != "growth" or last.said != "down" or spot.low - tail > 1:
        return ""
    return "down" if spot.clean.startswith("、", tail) else ""


def names_a_class(sentence: Sentence, index: int) -> bool:
    """True for 产值超500亿、1000亿|集群: behind the amount, or the row of amounts, a noun follows at once."""
    clean, amounts, last = sentence.clean, sentence.amounts, index
    if index + 1 < len(amounts) and amounts[index + 1].unit_class == "count":
        between = clean[amounts[index].tail : amounts[index + 1].start]
        if 2 < len(between) < 14 and patterns.COUNTED_CLASS.fullmatch(between):
            return True
    while last + 1 < len(amounts) and clean[amounts[last].tail : amounts[last + 1].start] in _WORDS.class_links:
        last += 1
    tail, limit = amounts[last].tail, sentence.limit(last)
    if clean.startswith("的", tail) and not patterns.AIM.match(clean, tail):
        return noun_behind(clean, tail + 1, limit) > tail + 1
    return last > index and noun_behind(clean, tail, limit) > tail


def noun_of_next(spot: Spot) -> None:
    """建设142公里、4.4万亩林带, 引进5家、培育8家企业: the noun behind the second amount is the first one's too."""
    amounts, index = spot.sentence.amounts, spot.index
    between = spot.clean[spot.amount.tail : amounts[index + 1].start] if index + 1 < len(amounts) else ""
    if between == "、" or (between[:1] == "、" and STRONG.fullmatch(between, 1) and amounts[index + 1].unit == spot.amount.unit):
        start = amounts[index + 1].tail
        end = noun_behind(spot.clean, start, spot.sentence.limit(index + 1))
        if end > start:
            spot.draft.start, spot.draft.end = start, end


def is_frame(spot: Spot) -> bool:
    """True for a count that only says what is meant (围绕37条产业链和40个集群)."""
    clean, start = spot.clean, spot.amount.start
    begin = skip_lead(clean, spot.low, start)
    if clean.startswith(_WORDS.frames, begin, start) and not STRONG.search(clean, begin + 2, start):
        return True
    if clean.startswith("在", begin) and _tells_where(spot, begin):
        return True
    if patterns.FIELD.match(clean, spot.amount.tail) and clean.startswith(_WORDS.field_openers, begin, start):
        return True
    last = spot.sentence.drafts[-1] if spot.index else None
    return last is not None and last.base and last.rule == "<amount> <noun>" and clean[last.end : start] in ("和", "、", "与", "及", "以及")


def _tells_where(spot: Spot, begin: int) -> bool:
    """True for 在36个街道|建成站点: no verb stands between 在 and the count, and another amount stands behind in the clause."""
    amounts, clean = spot.sentence.amounts, spot.clean
    if spot.index + 1 >= len(amounts) or STRONG.search(clean, begin + 1, spot.amount.start):
        return False
    between = clean[spot.amount.tail : amounts[spot.index + 1].start]
    return not any(mark in between for mark in ",;。、") and STRONG.search(between) is not None


def beside_count(sentence: Sentence, index: int, end: int) -> bool:
    """True where a count stands before the amount or behind its noun, so that the amount only says of what size."""
    amounts = sentence.amounts
    if index and amounts[index - 1].unit_class == "count" and amounts[index].start - amounts[index - 1].tail <= 2:
        return True
    return index + 1 < len(amounts) and amounts[index + 1].unit_class == "count" and amounts[index + 1].start - end <= 3


def is_base_of_next(sentence: Sentence, draft: Draft, index: int) -> bool:
    """14个行政村集体经济收入平均增长29%, 61个项目已有42个开工: the count only says of what the next amount speaks."""
    if index + 1 >= len(sentence.amounts):
        return False
    amount, following = draft.amount, sentence.amounts[index + 1]
    between = sentence.clean[amount.tail : following.start]
    if any(mark in between for mark in ",;。、"):
        return False
    kind = following.unit_class
    if following.unit == amount.unit or (kind == "count" and len(between) > 4):
        return patterns.PART_OF.search(between) is not None
    if kind == "rank":
        return "中" in between
    if kind == "money":
        return sentence.delimits(index + 1) < 0 and patterns.TOTAL_OF.search(between) is not None
    return kind == "share" and between.endswith(_WORDS.count_rates + _WORDS.count_changes)
