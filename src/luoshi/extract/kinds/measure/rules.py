"""Measure rules: one sentence with its amounts in, drafts of measures out. Offsets are in the clean text.

Every amount is read by one of a few patterns, which is also its rule's name:

    "<amount> <noun>"               新认定3家平台
    "<noun> <amount>"               发放贷款30亿元
    "<noun> <grows> <amount>"       规上工业增加值增长5%
    "<amount> of the same"          …1250亿元、增长6%
    "<nouns> 分别 <amounts>"         甲、乙分别增长3%和5%
    "<base> <amount>"               an amount that only delimits or describes
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.following import carried_change, carried_rate, place_behind
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.phrase import (
    Noun,
    Peeled,
    compared,
    distance_from,
    noun_before,
    noun_behind,
    peel,
    rank_at,
    share_of,
    times_of,
)
from luoshi.extract.kinds.measure.telling import comparator, growth_noun, measures_base

if TYPE_CHECKING:
    from luoshi.extract.kinds.measure.sentence import Sentence


def place(sentence: Sentence, draft: Draft, index: int, low: int, got: Peeled) -> None:
    """Finds the noun of the amount and what is said of it; writes them into the draft."""
    amount, clean = draft.amount, sentence.clean
    limit = sentence.limit(index)
    draft.comparator = comparator(amount, got)
    draft.average, draft.total, draft.year, draft.last_year = got.average, got.total, got.year, got.last_year
    if amount.unit_class == "word":
        place_word(sentence, draft, index, low, got)
        return
    rest = got.end
    unit_class = amount.unit_class
    if amount.unit in ("百分点", "千分点"):
        begin = distance_from(clean, low, amount.start)
        if not got.direction or (begin < amount.start and got.growth_noun):
            place_distance(sentence, draft, low, min(begin, rest), begin)
            return
    if unit_class == "times" and amount.written_unit != "番" and clean[amount.start - 1] == "的":
        got.direction, got.growth_noun, rest = "", False, times_of(clean, low, amount.start)
    if got.direction or (amount.unit_class in ("share", "times") and got.end > low):
        against = compared(clean, low, rest)
        if against < rest:
            got.compared, rest = not patterns.FIVE_BEFORE.search(clean, against, rest), against
    if unit_class == "times" and not got.direction and amount.written_unit != "番":
        rest = times_of(clean, low, rest) if rest == got.end else rest
    if unit_class == "rank" or (amount.unit in ("位", "名") and not got.direction):
        at = rank_at(clean, low, amount.start)
        if at < amount.start:
            got.rank, rest = True, peel(clean, low, at).end
    noun = noun_before(clean, low, rest, listed=got.separately or index + 1 < len(sentence.amounts) and sentence.group(index) > 1)
    share = share_of(clean, low, amount.start) if unit_class == "share" and not got.direction else -1
    if not got.from_ and patterns.FROM.search(clean, low, amount.start):
        got.from_ = True
    if got.from_ and patterns.REACHES.match(clean, amount.tail, min(sentence.end, amount.tail + 30)):
        if noun.start < noun.end:
            place_before(sentence, draft, index, low, noun, got)
        else:
            place_inherited(sentence, draft, index, low, noun, got)
        return
    if unit_class == "share" and clean[amount.start - 1] == "的" and draft.comparator == "eq":
        inner = patterns.INNER.search(clean, low, amount.start)
        if inner:
            draft.comparator = "le" if inner.group(1) in ("低于", "不超过", "不高于", "少于") else "ge"
    if share >= 0:
        place_share(sentence, draft, low, share, rest)
        return
    if "至少" in clean[low : amount.start] and draft.comparator == "eq":
        draft.comparator = "ge"
    if not got.rank and place_behind(sentence, draft, index, low, noun, got, limit):
        return
    if noun.start < noun.end:
        place_before(sentence, draft, index, low, noun, got)
        return
    place_inherited(sentence, draft, index, low, noun, got)


def place_word(sentence: Sentence, draft: Draft, index: int, low: int, got: Peeled) -> None:
    """A numberless amount: its noun stands before it, or behind 超额完成."""
    amount, clean = draft.amount, sentence.clean
    says = amount.written_unit
    draft.comparator, draft.state, draft.rule = says, True, f"<noun> {patterns.WORD_RULES[says]}"
    noun = noun_before(clean, low, got.end, listed=True)
    name = clean[noun.start : noun.end]
    if noun.start < noun.end and name not in ("增速", "增幅", "涨幅", "增长"):
        draft.start, draft.end = noun.start, noun.end
    elif says == "assigned" and not sentence.history and amount.end - amount.start <= 5:
        behind = noun_behind(clean, amount.tail, sentence.limit(index))
        draft.start, draft.end = (amount.tail, behind) if behind > amount.tail else (draft.start, draft.start)
    elif sentence.history:
        sentence.of_last(draft)
    elif "减排" in clean[amount.start : amount.end]:
        at = clean.find("减排", amount.start, amount.end)
        draft.start, draft.end = max(amount.start, at - 2), at + 2
    if says == "assigned" and not sentence.history and patterns.GENERAL_AIM.search(clean, amount.start, amount.end):
        draft.idle = True
    if draft.start == draft.end or (clean.startswith("的", amount.tail) and noun.start >= noun.end):
        draft.idle = True
    if says in ("both_down", "both_up"):
        draft.measure, draft.direction = "change", "down" if says == "both_down" else "up"
    elif says in ("above", "below", "with"):
        words = clean[draft.start : draft.end] + clean[amount.start : amount.end] + name
        if got.direction or any(word in words for word in ("增速", "增幅", "增长", "GDP", "涨幅")) or (says == "with" and "经济" in words):
            draft.measure, draft.direction = "growth", got.direction or "up"


def place_distance(sentence: Sentence, draft: Draft, low: int, rest: int, begin: int) -> None:
    """高于全省3.3个百分点: a distance at one time, a level."""
    amount, clean = draft.amount, sentence.clean
    if begin < amount.start:
        draft.comparator = amount.behind or ("ge" if amount.more else "eq")
        rest = peel(clean, low, rest).end
    noun = noun_before(clean, low, rest, listed=True)
    draft.measure, draft.rule = "level", "<noun> above <reference> by <amount>"
    if noun.start < noun.end:
        draft.start, draft.end = noun.start, noun.end
    else:
        sentence.of_last(draft)


def place_share(sentence: Sentence, draft: Draft, low: int, at: int, rest: int) -> None:
    """占…的65%: the thing that has the share is the noun; 占…比重 at the head of a clause is a noun itself."""
    clean = sentence.clean
    noun = noun_before(clean, low, at)
    draft.measure, draft.rule, draft.state = "level", "<noun> 占 <base> <amount>", True
    if draft.comparator == "eq":
        draft.comparator = "approx" if clean[at] == "约" or clean[at - 1 : at] in ("约", "近") else draft.comparator
    if patterns.LEVEL_NOUN.search(clean, low, rest):
        begin = noun.start if noun.start < noun.end else at
        draft.start, draft.end = begin, rest
    elif noun.start < noun.end:
        draft.start, draft.end = noun.start, noun.end
    else:
        sentence.of_last(draft)
        if draft.start == draft.end:
            draft.start, draft.end = at, rest


def place_before(sentence: Sentence, draft: Draft, index: int, low: int, noun: Noun, got: Peeled) -> None:
    """The noun in front of its amount."""
    amount, clean = draft.amount, sentence.clean
    draft.start, draft.end = noun.start, noun.end
    draft.verb = clean[noun.verb : noun.verb_end] if noun.verb >= 0 else ""
    draft.rule = "<noun> <grows> <amount>" if got.direction and not got.to else "<noun> <amount>"
    draft.done_verb = noun.verb >= 0 or got.done
    draft.listed = noun.verb < 0 and index > 0 and low <= sentence.tail_of_last(index) + 1
    kind = amount.unit_class
    if (kind == "money" or (kind == "none" and clean[amount.end - 1] == "亿")) and got.comparator and measures_base(clean, noun) and names_a_class(sentence, index):
        draft.base, draft.rule = True, "<base> <amount>"
        return
    draft.state = got.state or draft.verb in patterns.HAVE or (draft.listed and sentence.drafts[-1].state and not draft.verb)
    draft.compared = got.compared
    if patterns.YEARLY.search(clean, low, noun.end):
        draft.average = True
    if "累计" in clean[low : noun.start] or "五年共" in clean[low : noun.start]:
        draft.total = True
    name = clean[noun.start : noun.end]
    if name in lexicon().generic_heads and sentence.history:
        draft.start, draft.end, draft.state = sentence.history[-1].start, sentence.history[-1].end, True
    if kind == "size" and noun.verb < 0 and name.endswith(lexicon().describing_nouns) and not got.direction:
        draft.base = True
    if kind == "share" or kind == "times":
        read_rate(sentence, draft, got)
        if kind == "share" and amount.unit == "%" and draft.measure == "level" and not got.state:
            cut = noun.change if noun.change == "down" and noun.head else carried_rate(sentence, index, low) if noun.verb < 0 else ""
            if cut:
                draft.measure, draft.direction, draft.said, draft.state = "growth", cut, cut, False
        return
    if kind == "rank" or (got.rank and amount.unit in ("位", "名")):
        draft.measure = "rank"
        return
    if got.to:
        return
    if got.direction and noun.verb >= 0 and not got.compared and draft.verb in ("完成", "实施", "开展", "推进") and clean.startswith(("提升", "扩大", "提高"), got.growth_start):
        draft.end = got.growth_start + 2
        return
    if got.direction:
        draft.measure, draft.direction = "change", got.direction
        return
    if "新增" in name[1:] or "净增" in name or name.endswith(("增加", "增长")):
        draft.measure, draft.direction = "change", "up"
    elif noun.change:
        draft.measure, draft.direction, draft.said = "change", noun.change, noun.change if noun.head else ""
    elif noun.verb < 0 and not got.done and not got.total and not got.state:
        said = carried_change(sentence, index, low, name)
        if said:
            draft.measure, draft.direction, draft.said = "change", said, said


def names_a_class(sentence: Sentence, index: int) -> bool:
    """True for 产值超500亿、1000亿|集群: behind the amount, or the row of amounts, a noun follows at once."""
    clean, last = sentence.clean, index
    while last + 1 < len(sentence.amounts) and clean[sentence.amounts[last].tail : sentence.amounts[last + 1].start] in ("、", "和", "、超", "、超过", "、过"):
        last += 1
    tail, limit = sentence.amounts[last].tail, sentence.limit(last)
    if clean.startswith("的", tail) and not patterns.AIM.match(clean, tail):
        return noun_behind(clean, tail + 1, limit) > tail + 1
    return last > index and noun_behind(clean, tail, limit) > tail


def read_rate(sentence: Sentence, draft: Draft, got: Peeled) -> None:
    """What a percentage or a multiple of a noun says: growth, change in points, or a level."""
    amount = draft.amount
    points = amount.unit in ("百分点", "千分点")
    if amount.written_unit == "番":
        draft.measure, draft.direction = "growth", "up"
    elif got.direction and (not got.to or got.growth_noun):
        draft.measure, draft.direction = ("change" if points else "growth"), got.direction
    else:
        growth = "" if (got.to and not got.growth_noun) or amount.unit_class == "times" else growth_noun(sentence.clean, draft.start, draft.end)
        behind = patterns.GROWTH_BEHIND.match(sentence.clean, amount.tail) if amount.unit == "%" else None
        if behind:
            growth = "up"
            if draft.start == draft.end or draft.rule == "<amount> of the same":
                draft.start, draft.end = behind.span(behind.lastindex or 1)
        if not growth and patterns.GROWTH_AIM.search(sentence.clean, draft.start, draft.end):
            growth = "up"
        if growth and not points:
            draft.measure, draft.direction = "growth", growth
        else:
            draft.state = True


def place_inherited(sentence: Sentence, draft: Draft, index: int, low: int, noun: Noun, got: Peeled) -> None:
    """No noun of its own: it is of the last subject (1250亿元、增长6%)."""
    amount, clean = draft.amount, sentence.clean
    draft.rule = "<amount> of the same"
    draft.done_verb = noun.verb >= 0 or got.done
    source = sentence.history[-1] if sentence.history else sentence.clause_subject(index)
    if source is not None:
        draft.start, draft.end = source.start, source.end
    kind = amount.unit_class
    draft.state = got.state
    draft.listed = index > 0 and low <= sentence.tail_of_last(index) + 1
    if "累计" in clean[low : amount.start]:
        draft.total = True
    if kind in ("share", "times"):
        read_rate(sentence, draft, got)
        if draft.measure == "level" and source is not None and source.growth and kind == "share":
            draft.measure, draft.direction, draft.state = "growth", source.growth, False
        return
    if kind == "rank" or (got.rank and amount.unit in ("位", "名")):
        draft.measure = "rank"
        return
    if got.to:
        pass
    elif got.direction:
        draft.measure, draft.direction = "change", got.direction
    elif noun.change:
        draft.measure, draft.direction = "change", noun.change
    elif source is not None and kind == "count" and any(word in clean[source.start : source.end] for word in ("新增", "净增")):
        draft.measure, draft.direction = "change", "up"
    elif source is not None and source.change and noun.verb < 0 and not got.done and not got.state and low == (sentence.amounts[index - 1].tail if index else -1):
        draft.measure, draft.direction = "change", source.change
    if noun.verb >= 0 and (source is None or amount.unit in patterns.TIMES_DONE):
        draft.start, draft.end = noun.verb, noun.verb_end
    head_of_next(sentence, draft, index)


def head_of_next(sentence: Sentence, draft: Draft, index: int) -> None:
    """建设142公里、4.4万亩林带: the noun behind the second amount is the first one's too."""
    if index + 1 >= len(sentence.amounts):
        return
    amount, following = draft.amount, sentence.amounts[index + 1]
    if sentence.clean[amount.tail : following.start] != "、":
        return
    end = noun_behind(sentence.clean, following.tail, sentence.limit(index + 1))
    if end > following.tail:
        draft.start, draft.end = following.tail, end
