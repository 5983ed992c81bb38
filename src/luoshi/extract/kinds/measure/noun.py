"""The noun phrases before and behind an amount. Offsets are in the clean text."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.measure.ending import ends_open, without_marks, without_season, without_tail_verbs, without_trail
from luoshi.extract.kinds.measure.lexicon import AFTER_NOUN, CHANGE, KIND_NOUNS, STRONG, VERBS, WEAK, WORDS, alternation

_NOUNS = WORDS.nouns
_TAILS = frozenset(WORDS.noun_tails)
_LEAD = re.compile(
    r"(?:[、,;:\s)\-—①-⑳]|\((?:\d{1,2}|[一二三四五六七八九十]{1,3})\)|\d{1,3}[.、](?!\d)|\d{4}年(?:底|末|初)?|[一二][〇○零一二三四五六七八九]{3}年|\d{1,2}月(?:底|末|份)?"
    r"|[一二两三四五六七八九十]+年(?:来|间|内|多)?|连续[\d一二三四五六七八九十两多]+(?:年|个月|个季度)"
    r"|[“\"]?十[一二三四五]五[”\"]?(?:期间|时期|末)"
    rf"|(?:{alternation(WORDS.scope)})(?!率|量|额)"
    rf"|{'|'.join(word + (f'(?!{alternation(no)})' if no else '') for word, no in _NOUNS.short_lead.items())})*"
)
#: characters that a lead can begin with: most phrases have none, and need no pattern to tell
_LEAD_FIRST = frozenset(' \t\n、,;:()-—①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳0123456789一二两三四五六七八九十连“"') | {
    word[0] for word in (*WORDS.scope, *_NOUNS.short_lead)
}
_ASIDE = re.compile(rf"(?:{alternation(_NOUNS.asides)})[^,、;]{{1,16}}?(?:{alternation(_NOUNS.aside_ends)})")
#: a group that something is ranked among, which is not what is told of (在全市各区中居第一), and a check that it is ranked in
_AMONG = re.compile(rf"在[^,;。]{{1,20}}(?:(?:{alternation(_NOUNS.ranked_among)})中|各[区市县省]|的(?:排名|位次|名次|位置))$")
_CHECK = re.compile(rf"在([^,;。]{{1,30}}(?:{alternation(_NOUNS.ranked_checks)}))中$")
#: a place in front of what is there (在境内上市的|企业)
_PLACE = re.compile(rf"在[^,;。的]{{1,20}}?(?:{alternation(_NOUNS.place_ends)})(?=[^,;。]{{2}})")
_PIECE_END = re.compile(r"[,;。:!?\n、]")


class Noun(msgspec.Struct, gc=False):
    """A noun phrase of the clean text, empty (``start == end``) where none is left.

    ``verb``/``verb_end``: the verb in front of it (-1: none); ``change``: what the verb says of change (``up`` ``down`` ``""``);
    ``head``: True where the verb opens the clause (新增岗位), False where a noun stands before it (就业新增).
    """

    start: int
    end: int
    change: str = ""
    verb: int = -1
    verb_end: int = -1
    head: bool = True


def skip_lead(clean: str, low: int, high: int) -> int:
    """Where the words of place, time and list end that begin ``clean[low:high]``; ``low`` where it begins with none."""
    if low >= high or clean[low] not in _LEAD_FIRST:
        return low
    match = _LEAD.match(clean, low, high)
    return match.end() if match else low


# ---- in front of the amount


def noun_before(clean: str, low: int, high: int, *, listed: bool = False) -> Noun:
    """The noun phrase that ends ``clean[low:high]``, verbs and scope in front cut off.

    ``listed``: the phrase is a list of nouns (甲、乙和丙分别…), so that a verb counts only in front of the first.
    """
    high = without_marks(clean, low, high)
    if high > low and ends_open(clean, high):
        return Noun(high, high)
    aside = _ASIDE.match(clean, low, high)
    if aside:
        low = aside.end()
    noun = Noun(low, without_tail_verbs(clean, low, without_season(clean, low, high)))
    if not _cut_strong_verbs(clean, noun, listed=listed) or not _cut_weak_verbs(clean, noun):
        return noun
    start, end = noun.start, without_trail(clean, noun.start, noun.end)
    if clean.startswith("在", start) and clean[start : start + 2] not in _NOUNS.within:
        start, end = _without_place(clean, start, end)
    if start < end and clean[start] == "的":
        start += 1
    named = start < end - 1 or (start < end and clean[start] in _NOUNS.of_one_character)
    noun.start, noun.end = start if named else end, end
    return noun


def _cut_strong_verbs(clean: str, noun: Noun, *, listed: bool) -> bool:
    """Cuts the phrase behind its last strong verb; False where the phrase is nothing but the verb, so that the noun is empty."""
    low, high = noun.start, noun.end
    mark = clean.find("、", low, high) if listed else -1
    quoted = clean.find("”", low, high) >= 0 or clean.find("》", low, high) >= 0
    opens = False
    for match in STRONG.finditer(clean, low, mark if mark > 0 else high):
        begin, end = match.span()
        word = match.group()
        if end > high - 2:
            if end == high:
                noun.change = CHANGE.get(word, noun.change)
                if begin == noun.start or skip_lead(clean, noun.start, begin) == begin:
                    noun.start, noun.verb, noun.verb_end, noun.head = high, begin, end, True
                    return False
            break
        if noun.verb >= 0 and clean[end] == "的":
            continue
        if (
            (_is_first_half(clean, word, end, high) or _is_noun_part(clean, end, high))
            or (quoted and _is_quoted(clean, end, high))
            or _is_added(clean, noun, begin, word)
        ):
            continue
        if noun.verb < 0:
            opens = word.startswith(_NOUNS.opening)
            noun.head = skip_lead(clean, low, begin) == begin
        adjacent = begin == noun.verb_end or (noun.verb >= 0 and clean[noun.verb_end : begin] in WEAK)
        noun.change = CHANGE.get(word, noun.change if adjacent or opens else "")
        noun.start, noun.verb, noun.verb_end = end, begin, end
    return True


def _is_first_half(clean: str, word: str, end: int, high: int) -> bool:
    """True where an act is the first half of what is measured (办理时间, 绿化覆盖率)."""
    if word in _NOUNS.no_first_half:
        return False
    rest = clean[end:high]
    return rest in _NOUNS.act_heads or (word in WEAK and rest.endswith("率") and 2 < len(rest) < 5)


def _is_noun_part(clean: str, end: int, high: int) -> bool:
    """True where the verb that ends at ``end`` is the first half of a noun (解决率, 办理量)."""
    if clean[end : end + 2] in _NOUNS.own_words:
        return False
    return clean[end] in _NOUNS.sure_tails or (clean[end] in _TAILS and end + 1 < high and clean[end + 1] in "、和与及”")


def _is_quoted(clean: str, end: int, high: int) -> bool:
    """True where the verb that ends at ``end`` stands inside quotation marks that close before ``high``."""
    return clean.count("”", end, high) > clean.count("“", end, high) or clean.count("》", end, high) > clean.count("《", end, high)


def _is_added(clean: str, noun: Noun, begin: int, word: str) -> bool:
    """True where 新增 is part of a name (城镇新增就业) or of what is undone (拆除新增违建), not a verb of its own."""
    if not word.startswith(_NOUNS.adding):
        return False
    if word.startswith("新增") and 0 <= noun.verb_end <= begin <= noun.verb_end + 3 and clean[noun.verb : noun.verb_end] in _NOUNS.undoing:
        return True
    return 0 < begin - skip_lead(clean, noun.start, begin) <= 4


def _cut_weak_verbs(clean: str, noun: Noun) -> bool:
    """Cuts weak verbs off the front, as long as a noun is left; False where nothing but such a verb was there."""
    start, high = skip_lead(clean, noun.start, noun.end), noun.end
    while high - start > 3 or high - start == 2:
        word = clean[start : start + 2]
        if word not in WEAK:
            break
        if high - start == 2:
            if word in WORDS.noun_verbs:
                break
            noun.start, noun.change, noun.verb, noun.verb_end, noun.head = high, CHANGE.get(word, noun.change), start, high, True
            return False
        if word in WORDS.modifiers or clean[start + 2] in _TAILS or _is_first_half(clean, word, start + 2, high):
            break
        if noun.verb < 0 or word in CHANGE:
            noun.change = CHANGE.get(word, noun.change)
        noun.verb, noun.verb_end = start, start + 2
        start = skip_lead(clean, start + 2, high)
    noun.start = start
    return True


def _without_place(clean: str, start: int, end: int) -> tuple[int, int]:
    """The phrase that begins with 在 without the place; empty where it is nothing but what something is ranked among."""
    if _AMONG.match(clean, start, end):
        return end, end
    check = _CHECK.match(clean, start, end)
    if check:
        return check.span(1)
    place = _PLACE.match(clean, start, end)
    return (place.end(), end) if place else (start, end)


# ---- behind the amount


def noun_behind(clean: str, low: int, high: int, *, counted: bool = False) -> int:
    """Where the noun phrase that begins at ``low`` ends; ``low`` itself where no noun begins there.

    Members joined by 、 are taken in as long as they have no amount and no verb of their own (3个农业、林业基地).
    ``counted``: a count stands before it, behind which 建设, 服务 … begin a noun.
    """
    end = _piece_behind(clean, low, high, counted=counted)
    if end == low:
        return low
    while end < high and clean[end] == "、":
        following = _piece_behind(clean, end + 1, high)
        if not _joins(clean, end, following, high):
            break
        end = following
    return end


def _joins(clean: str, end: int, following: int, high: int) -> bool:
    """True where the piece from behind the 、 at ``end`` to ``following`` is a further member of the noun phrase."""
    if following <= end + 1 or (following == high and following - end < 3):
        return False
    if clean[end + 1 : end + 3] in VERBS and not KIND_NOUNS.match(clean, end + 3, following):
        return False
    return following >= high or clean[following] in ",;。、()" or AFTER_NOUN.match(clean, following) is not None


def _piece_behind(clean: str, low: int, high: int, *, counted: bool = False) -> int:
    """Where the noun that begins at ``low`` ends: at a mark, or at a word that goes on with the sentence."""
    stop = _piece_end(clean, low, high)
    if stop <= low:
        return low
    first = clean[low]
    if not ("一" <= first <= "鿿" or first in '“《"' or first.isalnum()):
        return low
    quoted = clean.find("“", low, stop) >= 0
    for match in AFTER_NOUN.finditer(clean, low, stop):
        at = match.start()
        if quoted and clean.count("“", low, at) > clean.count("”", low, at):
            continue
        if _ends_noun(clean, match, low, stop, counted=counted):
            return at
    if stop - low > 2 and clean[stop - 1] in "和与及" and clean[stop : stop + 1].isdigit():
        return stop - 2 if clean.endswith("以及", low, stop) else stop - 1
    return stop


def _piece_end(clean: str, low: int, high: int) -> int:
    """The first mark of the stretch that a noun cannot go over; a short bracket is part of it."""
    if low >= high:
        return low
    mark = _PIECE_END.search(clean, low, high)
    stop = mark.start() if mark else high
    opening = clean.find("(", low, stop)
    if opening >= 0 and not (opening > low and clean.find(")", opening, opening + 6) > 0):
        stop = opening
    closing = clean.find(")", low, stop)
    if closing >= 0 and clean.find("(", low, closing) < 0:
        stop = closing
    return stop


def _ends_noun(clean: str, match: re.Match[str], low: int, stop: int, *, counted: bool) -> bool:
    """True where the word goes on with the sentence; False where it is part of the noun that began at ``low``."""
    at, after = match.span()
    word = match.group()
    if len(word) > 1:
        if at - low == 1 or KIND_NOUNS.match(clean, after, stop):
            return False
    elif not _stands_alone(clean, at, low):
        return False
    if after < stop and clean[after] in _TAILS and clean[after : after + 2] not in _NOUNS.own_words:
        return False
    if at == low:
        return not (counted and word in WORDS.soft_verbs and not clean.startswith(_NOUNS.verb_again, after))
    if word in ("和", "与", "及", "以及") or (word == "等" and after < stop):
        return AFTER_NOUN.match(clean, after, stop) is not None
    return True


def _stands_alone(clean: str, at: int, low: int) -> bool:
    """False where the one-character word at ``at`` is half of a longer word."""
    return clean[at : at + 2] not in _NOUNS.whole_pairs and (at == low or clean[at - 1 : at + 1] not in _NOUNS.whole_pairs)
