"""Measure rules: an amount in its sentence in, what it is of and what is said of it out. Offsets are in the clean text.

Every amount is read by one of a few patterns, which is also its rule's name:

    "<amount> <noun>"                       新认定3家平台
    "<amount> <amount> <noun>"              3个50万吨的码头
    "<amount> 的 <noun>"                     60%的行政村
    "<noun> <amount>"                       发放贷款30亿元
    "<noun> <grows> <amount>"               规上工业增加值增长5%
    "<noun> 占 <base> <amount>"              服务业占比达到52%
    "<noun> above <reference> by <amount>"  高于全省2个百分点
    "<amount> of the same"                  …1250亿元、增长6%
    "<nouns> 分别 <amounts>"                 甲、乙分别增长3%和5%
    "<years> 分别 <amounts>"                 2021年、2022年分别增长3%和5%
    "<base> <amount>"                       an amount that only delimits or describes
    "从 <amount> 到 <amount>"                the amount that a change starts from
    "将 <amount> 为 <amount>"                the things of which others are made
    "<noun> is none" and the like           an amount without a number
"""

from __future__ import annotations

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.comparing import compared, distance_from, rank_at, share_of, times_of
from luoshi.extract.kinds.measure.draft import Subject
from luoshi.extract.kinds.measure.following import place_behind
from luoshi.extract.kinds.measure.lexicon import STRENGTH, WORDS
from luoshi.extract.kinds.measure.neighbours import carried_change, carried_rate, names_a_class, noun_of_next
from luoshi.extract.kinds.measure.noun import noun_before, noun_behind
from luoshi.extract.kinds.measure.peeling import Peeled, peel
from luoshi.extract.kinds.measure.sentence import Sentence, Spot
from luoshi.extract.kinds.measure.sharing import known_as_share, known_with_last
from luoshi.extract.kinds.measure.telling import comparator, growth_noun, is_bare_yi, is_points, is_rate, measures_base

_WORDS = WORDS.telling
#: how far behind an amount the verb may stand that makes of it the start of a change
_REACH = 30


def place(spot: Spot) -> None:
    """Finds the noun of the amount and what is said of it; writes them into the draft."""
    amount, draft, got = spot.amount, spot.draft, spot.got
    draft.comparator = comparator(amount, got)
    draft.average, draft.total, draft.year, draft.last_year = got.average, got.total, got.year, got.last_year
    if amount.unit_class == "word":
        _place_word(spot)
    elif not (is_points(amount) and _place_distance(spot)):
        rest = _before_comparison(spot)
        listed = got.separately or spot.row > 1
        spot.noun = noun_before(spot.clean, spot.low, rest, listed=listed)
        _place_number(spot, rest)


def _place_number(spot: Spot, rest: int) -> None:
    """An amount with a number: before or behind its noun, or of the last subject; ``rest`` is where the words before it end."""
    clean, low, start, got = spot.clean, spot.low, spot.amount.start, spot.got
    got.from_ = got.from_ or patterns.FROM.search(clean, max(low, start - 12), start) is not None
    if not starts_change(spot.sentence, spot.last_of_row, got):
        _read_inner_bound(spot)
        share = share_of(clean, low, start) if spot.amount.unit_class == "share" and not got.direction else -1
        if share >= 0:
            _place_share(spot, share, rest)
            return
        if spot.draft.comparator == "eq" and clean.find("至少", low, start) >= 0:
            spot.draft.comparator = "ge"
        if not got.rank and place_behind(spot):
            return
    if spot.has_noun:
        _place_before(spot)
    else:
        _place_inherited(spot)


def starts_change(sentence: Sentence, amount: Amount, got: Peeled) -> bool:
    """True for the first amount of 从5家增加到8家."""
    return got.from_ and patterns.REACHES.match(sentence.clean, amount.tail, min(sentence.end, amount.tail + _REACH)) is not None


def _before_comparison(spot: Spot) -> int:
    """Where the words end that stand before what the amount is compared with (比上年, 是2012年的, 居全省)."""
    amount, clean, low, got = spot.amount, spot.clean, spot.low, spot.got
    rest, kind, start = got.end, amount.unit_class, amount.start
    multiple = kind == "times" and amount.written_unit != "番"
    if multiple and clean[start - 1 : start] == "的":
        got.direction, got.growth_noun, rest = "", False, times_of(clean, low, start)
    if got.direction or (is_rate(amount) and got.end > low):
        against = compared(clean, low, rest)
        if against < rest:
            got.compared, rest = not patterns.FIVE_BEFORE.search(clean, against, rest), against
    if multiple and not got.direction and rest == got.end:
        rest = times_of(clean, low, rest)
    if kind == "rank" or (amount.unit in ("位", "名") and not got.direction):
        at = rank_at(clean, low, start)
        if at < start:
            got.rank, rest = True, peel(clean, low, at).end
    return rest


def _read_inner_bound(spot: Spot) -> None:
    """不低于总量的8%, 不低于标准的1.6倍: the bound stands before what the amount is a part or a multiple of."""
    amount, clean, start = spot.amount, spot.clean, spot.amount.start
    if amount.unit_class in ("share", "times") and clean[start - 1 : start] == "的" and spot.draft.comparator == "eq":
        inner = patterns.INNER.search(clean, max(spot.low, start - 20), start)
        if inner:
            spot.draft.comparator = "le" if inner[1] in _WORDS.bounds_le else "ge"


def _place_word(spot: Spot) -> None:
    """A numberless amount: its noun stands before it, or behind 超额完成."""
    draft, sentence, clean, amount = spot.draft, spot.sentence, spot.clean, spot.amount
    says = amount.written_unit
    draft.comparator, draft.state, draft.rule = says, True, f"<noun> {patterns.WORD_RULES[says]}"
    spot.noun = noun_before(clean, spot.low, spot.got.end, listed=True)
    name = clean[spot.noun.start : spot.noun.end]
    if name and name not in _WORDS.bare_growth:
        draft.start, draft.end = spot.noun.start, spot.noun.end
    elif says == "assigned" and not sentence.history and amount.end - amount.start <= 5:
        draft.start, draft.end = amount.tail, noun_behind(clean, amount.tail, spot.limit)
    elif sentence.history:
        sentence.of_last(draft)
    else:
        at = clean.find("减排", amount.start, amount.end)
        if at >= 0:
            draft.start, draft.end = max(amount.start, at - 2), at + 2
    of_nothing = draft.start == draft.end or (clean.startswith("的", amount.tail) and not spot.has_noun)
    of_nothing = of_nothing or (says == "all" and clean.startswith("全部", amount.start) and not _is_alone(spot))
    general = says == "assigned" and not sentence.history and patterns.GENERAL_AIM.search(clean, amount.start, amount.end)
    draft.idle = of_nothing or bool(general)
    _read_word(spot, says, name)


def _is_alone(spot: Spot) -> bool:
    """True where the noun of 全部完成 stands in its clause without an amount (20项任务全部完成 is told by its count)."""
    sentence, start = spot.sentence, spot.amount.start
    return spot.has_noun and not (spot.index and sentence.amounts[spot.index - 1].start >= sentence.clause(start))


def _read_word(spot: Spot, says: str, name: str) -> None:
    """What a numberless amount tells: change of several things at once, growth against a reference, else how things stand."""
    draft, clean, amount, got = spot.draft, spot.clean, spot.amount, spot.got
    if says in ("both_down", "both_up"):
        draft.measure, draft.direction = "change", says.removeprefix("both_")
    elif says == "zero" and clean.endswith("增长", amount.start, amount.end):
        draft.measure, draft.direction = "growth", "up"
    elif says in ("above", "below", "with"):
        words = clean[draft.start : draft.end] + clean[amount.start : amount.end] + name
        grows = any(word in words for word in _WORDS.growth_compared) or (says == "with" and "经济" in words)
        if got.direction or grows:
            draft.measure, draft.direction = "growth", got.direction or "up"


def _place_distance(spot: Spot) -> bool:
    """高于全省3.3个百分点: a distance at one time, a level. False where the points are of growth."""
    draft, clean, low, amount, got = spot.draft, spot.clean, spot.low, spot.amount, spot.got
    begin = distance_from(clean, low, amount.start)
    if got.direction and not (begin < amount.start and got.growth_noun):
        return False
    rest = min(begin, got.end)
    if begin < amount.start:
        draft.comparator = amount.behind or ("ge" if amount.more else "eq")
        rest = peel(clean, low, rest).end
    noun = noun_before(clean, low, rest, listed=True)
    draft.measure, draft.rule = "level", "<noun> above <reference> by <amount>"
    if noun.start < noun.end:
        draft.start, draft.end = noun.start, noun.end
    else:
        spot.sentence.of_last(draft)
    return True


def _place_share(spot: Spot, at: int, rest: int) -> None:
    """占…的65%: the thing that has the share is the noun; 占…比重 at the head of a clause is a noun itself."""
    draft, clean, low = spot.draft, spot.clean, spot.low
    noun = noun_before(clean, low, at)
    draft.measure, draft.rule, draft.state = "level", "<noun> 占 <base> <amount>", True
    if draft.comparator == "eq" and (clean[at] == "约" or clean[at - 1 : at] in ("约", "近")):
        draft.comparator = "approx"
    named = noun.start < noun.end
    if clean.endswith(_WORDS.share_nouns, low, rest):
        draft.start, draft.end = noun.start if named else at, rest
    elif named:
        draft.start, draft.end = noun.start, noun.end
    else:
        spot.sentence.of_last(draft)
        if draft.start == draft.end:
            draft.start, draft.end = at, rest
    subject = Subject(noun.start, noun.end) if named else spot.sentence.last_subject()
    if subject is not None:
        draft.known_as = known_as_share(clean, subject, at, rest)


def _place_before(spot: Spot) -> None:
    """The noun in front of its amount."""
    sentence, draft, clean, noun, got, low = spot.sentence, spot.draft, spot.clean, spot.noun, spot.got, spot.low
    draft.start, draft.end = noun.start, noun.end
    draft.verb = clean[noun.verb : noun.verb_end] if spot.has_verb else ""
    draft.rule = "<noun> <grows> <amount>" if got.direction and not got.to else "<noun> <amount>"
    draft.done_verb = spot.has_verb or got.done or clean.startswith(WORDS.tail_verbs, noun.end, got.end)
    draft.listed = not spot.has_verb and spot.index > 0 and low <= sentence.tail_of_last(spot.index) + 1
    if _is_class_bound(spot):
        draft.base, draft.rule = True, "<base> <amount>"
        draft.said = carried_change(spot)
        return
    draft.state = got.state or draft.verb in _WORDS.have or (draft.listed and sentence.drafts[-1].state and not draft.verb)
    draft.average = draft.average or patterns.YEARLY.search(clean, low, noun.end) is not None
    adds_up = spot.amount.start if spot.amount.unit_class in ("money", "size") else noun.start
    draft.total = draft.total or any(clean.find(word, low, adds_up) >= 0 for word in ("累计", "五年共"))
    name = clean[noun.start : noun.end]
    if draft.listed and clean[low : low + 1] == "、" and sentence.history:
        draft.known_as = known_with_last(sentence, name)
    if name in WORDS.generic_heads and sentence.history:
        sentence.of_last(draft)
        draft.state = True
    if spot.amount.unit_class == "size" and not spot.has_verb and not got.direction and name.endswith(WORDS.describing_nouns):
        draft.base = True
    if is_rate(spot.amount):
        _read_rate(spot)
        _read_cut(spot)
    elif not _read_rank(spot) and not got.to:
        _read_change(spot, name)


def _is_class_bound(spot: Spot) -> bool:
    """True for 产值超500亿元 in front of the class of things that it delimits."""
    amount, clean = spot.amount, spot.clean
    if amount.unit_class != "money" and not is_bare_yi(clean, amount):
        return False
    return bool(spot.got.comparator) and measures_base(clean, spot.noun) and names_a_class(spot.sentence, spot.index)


def _read_rank(spot: Spot) -> bool:
    if spot.amount.unit_class == "rank" or (spot.got.rank and spot.amount.unit in ("位", "名")):
        spot.draft.measure = "rank"
        return True
    return False


def _read_change(spot: Spot, name: str) -> None:
    """What the verbs in front of an amount with a noun say of change: its own, the noun's, or that of the list before."""
    draft, noun, got = spot.draft, spot.noun, spot.got
    if got.direction:
        if _is_named_act(spot):
            draft.end = got.growth_start + 2
        else:
            draft.measure, draft.direction = "change", got.direction
    elif "新增" in name[1:] or "净增" in name or name.endswith(("增加", "增长")):
        draft.measure, draft.direction = "change", "up"
    elif noun.change:
        draft.measure, draft.direction, draft.said = "change", noun.change, noun.change if noun.head else ""
    elif not (spot.has_verb or got.done or got.total or got.state):
        said = carried_change(spot, name)
        if said:
            draft.measure, draft.direction, draft.said = "change", said, said


def _is_named_act(spot: Spot) -> bool:
    """True for 实施管网提升20公里: what grows is the name of what is done."""
    got = spot.got
    if not spot.has_verb or got.compared or spot.draft.verb not in _WORDS.acts:
        return False
    return spot.clean.startswith(_WORDS.named_acts, got.growth_start)


def _read_rate(spot: Spot) -> None:
    """What a percentage or a multiple of a noun says: growth, change in points, or a level."""
    amount, draft, got = spot.amount, spot.draft, spot.got
    if amount.written_unit == "番":
        draft.measure, draft.direction = "growth", "up"
    elif got.direction and (not got.to or got.growth_noun):
        draft.measure, draft.direction = ("change" if is_points(amount) else "growth"), got.direction
    else:
        growth = _growth_told(spot)
        if growth and not is_points(amount):
            draft.measure, draft.direction = "growth", growth
        else:
            draft.state = True


def _growth_told(spot: Spot) -> str:
    """The direction of growth that the noun before or behind a rate names; ``""`` where the rate is a level."""
    amount, draft, got, clean = spot.amount, spot.draft, spot.got, spot.clean
    behind = patterns.GROWTH_BEHIND.match(clean, amount.tail) if amount.unit == "%" else None
    if behind:
        if draft.start == draft.end or draft.rule == "<amount> of the same":
            draft.start, draft.end = behind.span(behind.lastindex or 1)
        return "up"
    growth = ""
    if amount.unit_class != "times" and (not got.to or got.growth_noun):
        growth = growth_noun(clean, draft.start, draft.end)
    return growth or ("up" if patterns.GROWTH_AIM.search(clean, draft.start, draft.end) else "")


def _read_cut(spot: Spot) -> None:
    """压减会议经费30%: a percentage behind a verb of cutting is a relative change."""
    draft, noun = spot.draft, spot.noun
    if spot.amount.unit != "%" or spot.amount.unit_class != "share" or draft.measure != "level" or spot.got.state:
        return
    cut = ""
    if noun.change == "down" and noun.head:
        cut = "down"
    elif not spot.has_verb:
        cut = carried_rate(spot)
    if cut:
        draft.measure, draft.direction, draft.said, draft.state = "growth", cut, cut, False


def _place_inherited(spot: Spot) -> None:
    """No noun of its own: it is of the last subject (1250亿元、增长6%)."""
    sentence, draft, got, low, amount = spot.sentence, spot.draft, spot.got, spot.low, spot.amount
    draft.rule = "<amount> of the same"
    draft.done_verb = spot.has_verb or got.done
    source = sentence.subject_before(spot.index) if not spot.has_verb else None
    if source is None:
        source = sentence.last_subject() or sentence.clause_subject(spot.index)
    if source is not None:
        draft.take(source)
    draft.state = got.state
    draft.listed = spot.index > 0 and low <= sentence.tail_of_last(spot.index) + 1
    draft.total = draft.total or spot.clean.find("累计", low, amount.start) >= 0
    if is_rate(amount):
        _read_rate(spot)
        if draft.measure == "level" and _is_hoped_for(spot):
            draft.measure, draft.direction, draft.state = "growth", sentence.drafts[-1].direction, False
        elif draft.measure == "level" and source is not None and source.growth and amount.unit_class == "share":
            draft.measure, draft.direction, draft.state = "growth", source.growth, False
    elif not _read_rank(spot):
        change = "" if got.to else got.direction or spot.noun.change or _change_of_source(spot)
        if change:
            draft.measure, draft.direction = "change", change
        if spot.has_verb and (source is None or amount.unit in _WORDS.times_done):
            draft.start, draft.end = spot.noun.verb, spot.noun.verb_end
        noun_of_next(spot)


def _is_hoped_for(spot: Spot) -> bool:
    """True for 6.5% of 增长6%左右、力争6.5%: the same growth, as it is hoped for."""
    if not spot.index or spot.amount.unit != "%" or spot.sentence.drafts[-1].measure != "growth":
        return False
    return spot.clean[spot.sentence.amounts[spot.index - 1].tail : spot.amount.start].lstrip("、,") in STRENGTH


def _change_of_source(spot: Spot) -> str:
    """The change that was told of the last subject, where the amount goes on with it (新增就业2万人、失业人员8千人)."""
    sentence, got, draft = spot.sentence, spot.got, spot.draft
    if spot.amount.unit_class == "count" and any(spot.clean.find(word, draft.start, draft.end) >= 0 for word in WORDS.nouns.adding):
        return "up"
    goes_on = spot.index > 0 and spot.low == sentence.amounts[spot.index - 1].tail
    if not goes_on or spot.has_verb or got.done or got.state or not sentence.history:
        return ""
    return sentence.history[-1].change
