"""Amounts that stand in front of their noun (新认定3家平台), and those that only delimit it (10亿元以上|项目). Clean offsets."""

from __future__ import annotations

import msgspec

from luoshi.extract.catalogue import indicator_id
from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.lexicon import VERBS, WORDS
from luoshi.extract.kinds.measure.neighbours import beside_count, carried_change, is_base_of_next, is_frame
from luoshi.extract.kinds.measure.noun import noun_behind
from luoshi.extract.kinds.measure.peeling import peel
from luoshi.extract.kinds.measure.sentence import Spot
from luoshi.extract.kinds.measure.telling import is_bare_yi, is_designation, is_only_scope, measures_base, relative_head

_WORDS = WORDS.telling


class _Behind(msgspec.Struct):
    """The noun phrase behind an amount."""

    start: int
    end: int


def place_behind(spot: Spot) -> bool:
    """Reads the amount as one in front of its noun; False where it is none."""
    clean, amount = spot.clean, spot.amount
    tail = _behind_bracket(spot)
    if tail == amount.tail and clean.startswith("级", tail) and amount.unit_class in ("money", "none", "size"):
        return _place_class(spot)
    if clean.startswith("的", tail):
        return _place_behind_de(spot, tail)
    if amount.unit_class in ("times", "time", "rank"):
        return False
    if is_bare_yi(clean, amount) and _is_money(spot, tail):
        return True
    if amount.unit_class == "count" and (_is_second_count(spot, tail) or _is_size_of_group(spot, tail)):
        return True
    behind = _noun_behind(spot, tail)
    if behind.end <= behind.start:
        return False
    if patterns.AIM.match(clean, behind.start, behind.end) and (amount.unit_class != "count" or behind.end - behind.start <= 2):
        return False
    return _place_noun(spot, _of_every_level(spot, behind))


def _of_every_level(spot: Spot, behind: _Behind) -> _Behind:
    """引育90名国家级、150名省级人才: of a bare level the noun is that behind the next count."""
    clean, sentence, following = spot.clean, spot.sentence, spot.index + 1
    if following >= len(sentence.amounts) or not patterns.LEVEL.fullmatch(clean, behind.start, behind.end):
        return behind
    count = sentence.amounts[following]
    if clean[behind.end : count.start] not in ("、", "和") or count.unit != spot.amount.unit:
        return behind
    level = patterns.LEVEL.match(clean, count.tail)
    end = noun_behind(clean, count.tail, sentence.limit(following), counted=True)
    return _Behind(level.end(), end) if level and level.end() < end else behind


def _behind_bracket(spot: Spot) -> int:
    """The end of the amount with a short bracket behind it (3家(次))."""
    clean, tail = spot.clean, spot.amount.tail
    close = clean.find(")", tail, tail + 5) if clean.startswith("(", tail) else -1
    return close + 1 if close > 0 else tail


def _said(spot: Spot) -> str:
    """The change that the peeled verb says, or the list that the amount goes on with."""
    index, sentence = spot.index, spot.sentence
    goes_on = index > 0 and spot.amount.start == sentence.amounts[index - 1].tail
    return spot.got.change or (sentence.drafts[-1].said if goes_on else "")


def _place_class(spot: Spot) -> bool:
    """百亿级产业: the amount says of what class its noun is, unless it is told of a noun in front (规模达百亿级)."""
    tail = spot.amount.tail
    if spot.got.state and spot.has_noun:
        return False
    place_delimiting(spot, tail + 1, noun_behind(spot.clean, tail + 1, spot.limit), _said(spot))
    return True


def _is_money(spot: Spot, tail: int) -> bool:
    """Makes a bare 亿 in front of a noun one of money where it delimits; True where it was read so (3亿|项目)."""
    amount, clean = spot.amount, spot.clean
    end = noun_behind(clean, tail, spot.limit)
    if amount.behind in ("ge", "le") and end > tail:
        amount.unit, amount.unit_class = "元", "money"
    elif is_designation(clean, tail, end) or (spot.got.comparator and clean[tail:end] in _WORDS.of_classes):
        amount.unit, amount.unit_class = "元", "money"
        place_delimiting(spot, tail, end, _said(spot))
        return True
    return False


def _is_second_count(spot: Spot, tail: int) -> bool:
    """3个50座的…: of two counts in a row both are of the noun behind the second."""
    sentence, index, limit = spot.sentence, spot.index, spot.limit
    if limit != tail or limit >= sentence.end or sentence.amounts[index + 1].unit_class != "count":
        return False
    start = sentence.amounts[index + 1].tail
    end = noun_behind(spot.clean, start, sentence.limit(index + 1), counted=True)
    if end <= start:
        return False
    spot.draft.start, spot.draft.end, spot.draft.rule = start, end, "<amount> <amount> <noun>"
    return True


def _is_size_of_group(spot: Spot, tail: int) -> bool:
    """千人|以上规模的学校: the count says of what size."""
    draft, clean = spot.draft, spot.clean
    if not clean.startswith(("规模的", "以上规模的"), tail):
        return False
    draft.base, draft.rule, draft.start, draft.end = True, "<base> <amount>", tail, noun_behind(clean, tail, spot.limit)
    return True


def _noun_behind(spot: Spot, start: int) -> _Behind:
    """The noun behind the amount; of a count behind the size (3家|亿元以上|企业) or the clause (3家|实力强的|企业) that says which."""
    clean, limit, counted = spot.clean, spot.limit, spot.amount.unit_class == "count"
    if counted:
        if limit < spot.sentence.end and limit - start <= 8 and (limit == start or patterns.SIZED_BY.fullmatch(clean, start, limit)):
            start, limit = _behind_size(spot, start, limit)
        start = relative_head(clean, start, limit)
    return _Behind(start, noun_behind(clean, start, limit, counted=counted))


def _behind_size(spot: Spot, start: int, limit: int) -> tuple[int, int]:
    """Where the noun begins and must end that stands behind the next amount, where that only delimits; else as given."""
    sentence, index = spot.sentence, spot.index
    over = sentence.delimits(index + 1)
    if over < 0:
        return start, limit
    end = noun_behind(spot.clean, over, sentence.limit(index + 1))
    return (over, end) if end > over else (limit, over)


def _place_noun(spot: Spot, behind: _Behind) -> bool:
    """Reads the amount as one of the noun behind it; False where what stands before it says that it is of another."""
    kind = spot.amount.unit_class
    alone = not spot.has_noun or is_only_scope(spot.clean, spot.noun)
    if kind in ("money", "size"):
        if spot.amount.written_unit == "scale" or _is_bound(spot, behind):
            place_delimiting(spot, behind.start, behind.end, _said(spot))
            return True
        if not _is_of_noun_behind(spot, behind, alone=alone):
            return False
    elif kind == "share":
        if spot.got.direction or spot.got.to or not (alone or spot.noun.verb_end == spot.got.end):
            return False
    elif kind == "count":
        if spot.got.to and not alone:
            return False
        unfit = is_designation(spot.clean, behind.start, behind.end) and spot.amount.unit not in _WORDS.one_by_one
        spot.draft.base = unfit and not spot.has_verb
    else:
        _read_people(spot, behind)
    _write(spot, behind)
    return True


def _is_bound(spot: Spot, behind: _Behind) -> bool:
    """True for 5亿元以上|项目: a sum, or a size beside a count, with a bound behind it."""
    amount = spot.amount
    return amount.behind in ("ge", "le") and (amount.unit_class == "money" or beside_count(spot.sentence, spot.index, behind.end))


def _is_of_noun_behind(spot: Spot, behind: _Behind, *, alone: bool) -> bool:
    """True for a sum or size of the noun behind it; notes where it is part of what that is called (50兆瓦|光伏项目)."""
    clean, got, amount = spot.clean, spot.got, spot.amount
    if (got.direction and not got.change) or got.to:
        return False
    designated = amount.unit_class == "size" and is_designation(clean, behind.start, behind.end) and clean[got.end - 1 : got.end] != "等"
    if not (alone or got.change or designated or _ends_in_verb(spot)):
        return False
    funded = amount.unit_class == "money" and clean.endswith(_WORDS.funds, behind.start, behind.end)
    spot.draft.base = designated or (funded and clean.endswith(_WORDS.founding, spot.low, amount.start))
    return True


def _read_people(spot: Spot, behind: _Behind) -> None:
    """A bare number counts people; in front of 的 it describes, unless something is told of them; a people is addressed."""
    draft, clean, amount, end = spot.draft, spot.clean, spot.amount, behind.end
    possessive = clean.find("的", behind.start, end)
    if possessive > 0:
        draft.base, behind.end = not spot.has_verb and not patterns.TOLD.match(clean, possessive), possessive
    if clean.startswith(_WORDS.people, behind.end - 2) or patterns.OF_PEOPLE.match(clean, behind.start, behind.end):
        draft.base = True
    last = spot.sentence.drafts[-1] if spot.index else None
    if last and last.base and is_bare_yi(clean, amount) and clean[spot.low : amount.start] in ("、", ""):
        amount.unit, draft.base = "元", True


def _write(spot: Spot, behind: _Behind) -> None:
    """Writes the noun behind, and what the verb in front says, into the draft."""
    draft, clean, noun, got, start = spot.draft, spot.clean, spot.noun, spot.got, spot.amount.start
    draft.start, draft.end, draft.rule = behind.start, _with_deed(spot, behind), "<amount> <noun>"
    draft.verb = clean[noun.verb : noun.verb_end] if spot.has_verb else ""
    draft.state = draft.verb in _WORDS.have or clean.endswith(_WORDS.have, spot.low, start)
    if clean.startswith("为", behind.end) and clean.rfind("以", spot.low, start) >= 0:
        draft.base = True
    bare = not spot.has_verb and not spot.has_noun
    draft.listed = bare and spot.index > 0
    said = got.change or (noun.change if spot.has_verb else "")
    if not said and (bare or (not spot.has_verb and got.end <= spot.low + 1)):
        said = carried_change(spot)
    if said:
        draft.measure, draft.direction, draft.said = "change", said, said
    elif spot.amount.unit_class == "count" and _only_frames(spot, behind):
        draft.base = True
        draft.end = max(draft.start, peel(clean, draft.start, draft.end).end)


def _with_deed(spot: Spot, behind: _Behind) -> int:
    """The end of the noun; of a bare head that of what it did (3家|企业上市), by which the catalogue may know it (上市企业)."""
    clean, end = spot.clean, behind.end
    name = clean[behind.start : end]
    deed = next((word for word in _WORDS.bare_doers.get(name, ()) if clean.startswith(word, end)), "")
    stop = end + len(deed)
    if not deed or spot.amount.unit_class != "count" or stop > spot.limit or clean.startswith((*WORDS.noun_tails, "准备"), stop):
        return end
    if indicator_id(deed + name):
        spot.draft.known_as = deed + name
    return stop


def _only_frames(spot: Spot, behind: _Behind) -> bool:
    """True for a count that only says of what the next amount speaks, or what is meant."""
    if is_base_of_next(spot.sentence, spot.draft, spot.index) or is_frame(spot):
        return True
    return spot.clean.startswith("基础上", behind.end) or spot.clean.endswith("基础上", behind.start, behind.end)


def _place_behind_de(spot: Spot, tail: int) -> bool:
    """X的…: a share of the following noun; money and sizes in front of 的 only describe. ``tail`` is where 的 stands."""
    draft, clean, kind = spot.draft, spot.clean, spot.amount.unit_class
    end = noun_behind(clean, tail + 1, spot.limit)
    if kind in ("money", "size") and _describes_next(spot, tail):
        return True
    if patterns.LIMIT.match(clean, tail):
        draft.base, draft.rule, draft.comparator = True, "<base> <amount>", "eq"
        draft.start, draft.end = tail + 1, end
        return True
    if patterns.AIM.match(clean, tail):
        return False
    if kind == "share":
        return _place_share_of(spot, tail + 1, end)
    if kind == "count":
        is_team = spot.amount.unit in ("人", "名") and patterns.TEAM.match(clean, tail) is not None
        if is_team:
            place_delimiting(spot, tail + 1, end)
        return is_team
    if kind == "size" and _is_of_act(spot, tail + 1, end):
        draft.start, draft.end, draft.rule = tail + 1, _without_will(clean, tail + 1, end), "<amount> 的 <noun>"
        draft.done_verb = spot.has_verb
        return True
    if kind not in ("money", "size") or (spot.got.direction and not spot.got.change and not spot.has_noun):
        return False
    place_delimiting(spot, tail + 1, end)
    if spot.got.change:
        draft.measure, draft.direction = "change", spot.got.change
    return True


def _is_of_act(spot: Spot, start: int, end: int) -> bool:
    """True for a size of the act behind 的 (8公顷的|土地整备), not of what it is done to (占地8公顷的…)."""
    if spot.clean.endswith(WORDS.describing_nouns, spot.noun.start, spot.noun.end):
        return False
    return spot.clean.endswith(_WORDS.sized_acts, start, _without_will(spot.clean, start, end))


def _without_will(clean: str, start: int, end: int) -> int:
    """The end of the noun without a verb of will at its end (土地整备|要)."""
    return end - 1 if end - start > 2 and clean[end - 1] in "要将" else end


def _describes_next(spot: Spot, tail: int) -> bool:
    """10万吨的3个码头: behind 的 comes the count of what is described."""
    sentence, index, limit = spot.sentence, spot.index, spot.limit
    if limit != tail + 1 or limit >= sentence.end:
        return False
    over = sentence.delimits(index + 1)
    start = over if over > 0 else sentence.amounts[index + 1].tail
    end = noun_behind(spot.clean, start, sentence.limit(index + 1))
    if end > start:
        place_delimiting(spot, start, end)
    return end > start


def _place_share_of(spot: Spot, start: int, end: int) -> bool:
    """60%的行政村: a share of the noun behind, unless it is told of a noun in front."""
    draft, got, clean = spot.draft, spot.got, spot.clean
    if got.direction or got.to or end <= start:
        return False
    free = not spot.has_noun or spot.noun.verb_end == got.end or clean[got.end - 2 : got.end] in VERBS or is_only_scope(clean, spot.noun)
    if free:
        draft.start, draft.end, draft.rule = start, end, "<amount> 的 <noun>"
    return free


def place_delimiting(spot: Spot, start: int, end: int, said: str = "") -> None:
    """10亿元以上项目: the amount only says which; its noun is 投资额 or the like in front of it, else what follows."""
    draft, noun = spot.draft, spot.noun
    draft.base, draft.rule = True, "<base> <amount>"
    draft.said = noun.change or said
    if spot.has_noun and (measures_base(spot.clean, noun) or end <= start):
        draft.start, draft.end = noun.start, noun.end
    elif end > start:
        draft.start, draft.end = start, end
    else:
        spot.sentence.of_last(draft)


def _ends_in_verb(spot: Spot) -> bool:
    """True where what stands before the amount ends in a verb (安排200亿元资金)."""
    noun = spot.noun
    return noun.end - noun.start > 2 and spot.clean[noun.end - 2 : noun.end] in VERBS
