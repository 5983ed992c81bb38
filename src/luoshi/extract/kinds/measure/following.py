"""Amounts that stand in front of their noun (新认定3家平台), and those that only delimit it (10亿元以上|项目)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.phrase import Noun, Peeled, noun_behind, peel
from luoshi.extract.kinds.measure.telling import holds_verb, measures_base, only_scope, over_or, relative_head

if TYPE_CHECKING:
    from luoshi.extract.kinds.measure.sentence import Sentence


def place_behind(sentence: Sentence, draft: Draft, index: int, low: int, noun: Noun, got: Peeled, limit: int) -> bool:
    """The amount in front of its noun; True where it is read so."""
    amount, clean = draft.amount, sentence.clean
    kind, tail = amount.unit_class, amount.tail
    following = clean[tail] if tail < len(clean) else ""
    carried = got.change or (sentence.drafts[-1].said if index and amount.start == sentence.amounts[index - 1].tail else "")
    if following == "级" and kind in ("money", "none", "size"):
        if got.state and noun.start < noun.end:
            return False
        end = noun_behind(clean, tail + 1, limit)
        place_delimiting(sentence, draft, noun, tail + 1, end, carried)
        return True
    if following == "(":
        close = clean.find(")", tail, tail + 5)
        if close > 0:
            tail = close + 1
            following = clean[tail] if tail < len(clean) else ""
    if following == "的":
        return place_behind_de(sentence, draft, index, noun, got, tail, limit)
    if kind in ("times", "time", "rank"):
        return False
    if kind == "none" and amount.behind in ("ge", "le") and clean[amount.end - 1] == "亿" and noun_behind(clean, tail, limit) > tail:
        amount.unit, amount.unit_class = "元", "money"
        kind = "money"
    if kind == "none" and clean[amount.end - 1] == "亿" and patterns.DESIGNATION.search(clean, tail, noun_behind(clean, tail, limit)):
        amount.unit, amount.unit_class = "元", "money"
        place_delimiting(sentence, draft, noun, tail, noun_behind(clean, tail, limit), carried)
        return True
    begin = tail
    if kind == "count" and limit == tail and limit < sentence.end and sentence.amounts[index + 1].unit_class == "count":
        over = sentence.amounts[index + 1].tail
        behind_next = noun_behind(clean, over, sentence.limit(index + 1), counted=True)
        if behind_next > over:
            draft.start, draft.end, draft.rule = over, behind_next, "<amount> <amount> <noun>"
            return True
    if kind == "count" and clean.startswith(("规模的", "以上规模的"), tail):
        draft.base, draft.rule, draft.start, draft.end = True, "<base> <amount>", tail, noun_behind(clean, tail, limit)
        return True
    if kind == "count" and limit < sentence.end and limit - tail <= 8 and (limit == tail or patterns.BASES_OF.fullmatch(clean, tail, limit)):
        over = sentence.delimits(index + 1)
        if over > 0:
            following_end = noun_behind(clean, over, sentence.limit(index + 1))
            begin, tail, limit = (over, over, following_end) if following_end > over else (limit, limit, over)
    if kind == "count" and begin == tail:
        tail = begin = relative_head(clean, tail, limit)
    end = noun_behind(clean, tail, limit, counted=kind == "count") if tail < over_or(limit, tail) else limit
    if end <= tail:
        return False
    if patterns.AIM.match(clean, tail, end) and (kind != "count" or end - tail <= 2):
        return False
    alone = noun.start >= noun.end or only_scope(clean, noun)
    if kind in ("money", "size"):
        if amount.written_unit == "scale" or (amount.behind in ("ge", "le") and (kind == "money" or beside_count(sentence, index, end))):
            place_delimiting(sentence, draft, noun, tail, end, carried)
            return True
        if (got.direction and not got.change) or got.to:
            return False
        if got.change:
            alone = True
        designated = bool(patterns.DESIGNATION.search(clean, tail, end)) and kind == "size" and clean[got.end - 1 : got.end] != "等"
        if not alone and not designated and not ends_in_verb(sentence, noun, got):
            return False
        draft.base = designated or (kind == "money" and clean.endswith(("基金", "资金池"), tail, end) and clean.endswith(("设立", "组建", "成立"), low, amount.start))
    elif kind == "share":
        if got.direction or got.to or not (alone or noun.verb_end == got.end):
            return False
    elif kind == "count":
        if got.to and not alone:
            return False
        if patterns.DESIGNATION.search(clean, tail, end) and amount.unit not in patterns.ONE_BY_ONE and noun.verb < 0:
            draft.base = True
    if amount.unit_class == "none":
        possessive = clean.find("的", tail, end)
        if possessive > 0:
            draft.base, end = noun.verb < 0 and not patterns.TOLD.match(clean, possessive), possessive
        if clean.startswith(patterns.PEOPLE, end - 2) or patterns.OF_PEOPLE.match(clean, tail, end):
            draft.base = True
        if clean[amount.end - 1] == "亿" and index and sentence.drafts[-1].base and clean[low : amount.start] in ("、", ""):
            amount.unit, draft.base = "元", True
    draft.start, draft.end, draft.rule = begin, end, "<amount> <noun>"
    draft.verb = clean[noun.verb : noun.verb_end] if noun.verb >= 0 else ""
    draft.state = draft.verb in patterns.HAVE or clean.endswith(tuple(patterns.HAVE), low, amount.start)
    if clean.startswith("为", end) and clean.rfind("以", low, amount.start) >= 0:
        draft.base = True
    said = got.change or (noun.change if noun.verb >= 0 else "")
    if not said and noun.verb < 0 and (noun.start >= noun.end or got.end <= low + 1):
        said = carried_change(sentence, index, low)
    draft.listed = noun.verb < 0 and noun.start >= noun.end and index > 0
    if said:
        draft.measure, draft.direction, draft.said = "change", said, said
    if kind == "count" and not said and (is_base_of_next(sentence, draft, index) or is_frame(sentence, index, low) or clean.startswith("基础上", end) or clean.endswith("基础上", tail, end)):
        draft.base, draft.end = True, max(draft.start, peel(clean, draft.start, draft.end).end) if draft.start == tail else draft.end
    return True


def is_frame(sentence: Sentence, index: int, low: int) -> bool:
    """True for a count that only says what is meant (围绕37条产业链和40个集群)."""
    clean, start = sentence.clean, sentence.amounts[index].start
    begin = lexicon().lead.match(clean, low, start).end()  # type: ignore[union-attr]
    if clean.startswith(patterns.FRAMES, begin, start) and not lexicon().strong.search(clean, begin + 2, start):
        return True
    if patterns.FIELD.match(clean, sentence.amounts[index].tail) and clean.startswith(("在", "围绕", "聚焦", "以", "从", "就"), begin, start):
        return True
    last = sentence.drafts[-1] if index else None
    return last is not None and last.base and last.rule == "<amount> <noun>" and clean[last.end : start] in ("和", "、", "与", "及", "以及")


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
    following, clean = sentence.amounts[index + 1], sentence.clean
    between = clean[draft.amount.tail : following.start]
    if any(mark in between for mark in ",;。、"):
        return False
    if following.unit == draft.amount.unit or (following.unit_class == "count" and len(between) > 4):
        return patterns.PART_OF.search(between) is not None
    if following.unit_class == "rank":
        return "中" in between
    if following.unit_class == "money":
        return sentence.delimits(index + 1) < 0 and patterns.TOTAL_OF.search(between) is not None
    if following.unit_class == "share" and between.endswith(("率", "率均", "占比", "比重", "比例")):
        return True
    return following.unit_class == "share" and between.endswith(("增长", "下降", "提高", "提升", "达", "达到", "增加", "减少", "降低", "超过", "均达", "为", "突破"))


def place_behind_de(sentence: Sentence, draft: Draft, index: int, noun: Noun, got: Peeled, tail: int, limit: int) -> bool:
    """X的…: a share of the following noun; money and sizes in front of 的 only describe."""
    amount, clean = draft.amount, sentence.clean
    kind = amount.unit_class
    end = noun_behind(clean, tail + 1, limit)
    if limit == tail + 1 and limit < sentence.end:
        after = sentence.delimits(index + 1)
        begin = after if after > 0 else sentence.amounts[index + 1].tail
        behind_next = noun_behind(clean, begin, sentence.limit(index + 1))
        if kind in ("money", "size") and behind_next > begin:
            place_delimiting(sentence, draft, noun, begin, behind_next)
            return True
    if patterns.LIMIT.match(clean, tail):
        draft.base, draft.rule, draft.comparator = True, "<base> <amount>", "eq"
        draft.start, draft.end = tail + 1, end
        return True
    if patterns.AIM.match(clean, tail) or kind in ("times", "time", "rank"):
        return False
    if kind == "count" and amount.unit in ("人", "名") and patterns.TEAM.match(clean, tail):
        place_delimiting(sentence, draft, noun, tail + 1, end)
        return True
    if kind == "share":
        ends_in_verb = clean[got.end - 2 : got.end] in lexicon().verbs
        if got.direction or got.to or end <= tail + 1 or (noun.start < noun.end and noun.verb_end != got.end and not ends_in_verb and not only_scope(clean, noun)):
            return False
        draft.start, draft.end, draft.rule = tail + 1, end, "<amount> 的 <noun>"
        return True
    if kind in ("money", "size"):
        if got.direction and not got.change and not noun.start < noun.end:
            return False
        place_delimiting(sentence, draft, noun, tail + 1, end)
        if got.change:
            draft.measure, draft.direction = "change", got.change
        return True
    return False


def place_delimiting(sentence: Sentence, draft: Draft, noun: Noun, start: int, end: int, said: str = "") -> None:
    """10亿元以上项目: the amount only says which; its noun is 投资额 or the like in front of it, else what follows."""
    draft.base, draft.rule = True, "<base> <amount>"
    draft.said = noun.change or said
    if noun.start < noun.end and measures_base(sentence.clean, noun):
        draft.start, draft.end = noun.start, noun.end
    elif end > start:
        draft.start, draft.end = start, end
    elif noun.start < noun.end:
        draft.start, draft.end = noun.start, noun.end
    else:
        sentence.of_last(draft)


def ends_in_verb(sentence: Sentence, noun: Noun, got: Peeled) -> bool:
    """True where what stands before the amount ends in a verb (安排200亿元资金)."""
    clean = sentence.clean
    verbs = lexicon().verbs
    return clean[noun.end - 2 : noun.end] in verbs and noun.end - noun.start > 2


def carried_change(sentence: Sentence, index: int, low: int, name: str = "") -> str:
    """The change that the verb of the list says (新增光纤1000公里,5G基站4000个): of the amount before, if nothing but a comma lies between."""
    if not index or not sentence.drafts:
        return ""
    last = sentence.drafts[-1]
    if last.base and last.rule == "<base> <amount>":
        return last.said
    tail = sentence.tail_of_last(index)
    if last.measure != "change" or last.base or last.rule == "<noun> <grows> <amount>":
        return ""
    mark = sentence.clean[tail : tail + 1]
    if sentence.clean.startswith(",其中", tail) and last.measure == "change" and last.amount.unit == sentence.amounts[index].unit and not last.base:
        return last.direction
    if low - tail > 1 or mark not in "、,和及与" or not mark:
        return ""
    if not last.said or name.endswith(patterns.OWN_LEVEL) or name.startswith(("总", "累计")):
        return ""
    if (sentence.amounts[index].unit_class == "money") != (sentence.amounts[index - 1].unit_class == "money"):
        return ""
    if mark == "," and not name.startswith("其中") and (not name or holds_verb(name)):
        return ""
    return last.direction


def carried_rate(sentence: Sentence, index: int, low: int) -> str:
    """The cut that the verb of the list says of percentages too (压减会议经费31.7%、培训经费43.1%)."""
    if not index or not sentence.drafts:
        return ""
    last, tail = sentence.drafts[-1], sentence.amounts[index - 1].tail
    if last.measure != "growth" or last.said != "down" or low - tail > 1:
        return ""
    return "down" if sentence.clean[tail : tail + 1] == "、" else ""
