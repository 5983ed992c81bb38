"""The end of a noun phrase in front of an amount, without the words that only say when or how. Offsets are in the clean text."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.lexicon import TAIL_VERBS, TRAIL, WHOLE, WORDS, alternation

_NOUNS = WORDS.nouns
_SEASON = re.compile(rf"(?:第?[一二三四]季度|\d+月份?|(?:19|20)\d\d年[底末]?|{alternation(_NOUNS.seasons)})$")
#: an index without a unit in front of its growth (综合指数4.463、下降5.96%)
_INDEX = re.compile(r"(?<=[一-鿿])(?:为|达到?)?\d+\.\d+[、,]?$")
#: at the end of a noun phrase in front of an amount: no noun ends so
_END_CUT = frozenset("的了为达共约计已均各又就仅只还也是双要将“《")
#: a span of time at the end of a phrase (水耗五年, 增加值连续三年)
_YEARS = re.compile(
    rf"(?:{alternation(_NOUNS.spans_of_time)})?(?<![\d一二三四五六七八九○〇零])(?:\d{{1,2}}|[一二两三四五六七八九十]{{1,3}})个?(?:年|季度|月)[来间内多]?$"
)
#: the longest span of time, in characters
_LONGEST_SPAN = 10


def without_marks(clean: str, low: int, high: int) -> int:
    """The end of the phrase without marks, spaces and an index number at its end."""
    while high > low and clean[high - 1] in " ,;:":
        high -= 1
    if high > low and (clean[high - 1] == "、" or clean[high - 1].isdigit()):
        number = _INDEX.search(clean, max(low, high - 12), high)
        if number:
            return number.start()
    return high


def ends_open(clean: str, high: int) -> bool:
    """True where the phrase ends in a link or preposition: what follows belongs to it, so it is no noun of the amount."""
    last = clean[high - 1]
    if (clean[high - 2] == "首" and last in _NOUNS.first_of) or clean.endswith(_NOUNS.places_within, high - 3, high):
        return True
    return last in "、和与及" or (last in "在对使让把向" and clean[high - 2 : high] not in _NOUNS.prepositions_in)


def without_season(clean: str, low: int, high: int) -> int:
    """The end of the phrase without a part of the year at its end (工业总产值第一季度)."""
    if clean[high - 1 : high] in ("度", "年", "月", "份", "末", "底"):
        match = _SEASON.search(clean, max(low, high - 6), high)
        if match:
            return match.start()
    return high


def without_tail_verbs(clean: str, low: int, high: int) -> int:
    """The end of the phrase without 投入运营, 通车 … where a noun of two characters or more is left."""
    while high - low > 3:
        word = next(
            (word for word in TAIL_VERBS.get(clean[high - 1], ()) if high - len(word) - low >= 4 and clean.endswith(word, low, high)), ""
        )
        if not word:
            break
        high -= len(word)
    return high


def without_trail(clean: str, low: int, high: int) -> int:
    """The end of the phrase without the particles, adverbs and spans of time at its end; ``low`` where nothing else is there."""
    while high > low:
        cut = _trail(clean, low, high)
        if not cut:
            break
        high -= cut
    return high


def _trail(clean: str, low: int, high: int) -> int:
    """How many characters at the end of the phrase are such a word; 0 where it ends in none."""
    last = clean[high - 1]
    if any(clean.endswith(word, low, high) for word in WHOLE.get(last, ())):
        return 0
    for word in TRAIL.get(last, ()):
        if clean.endswith(word, low, high):
            return len(word)
    if last in "年来间内多度月":
        span = _YEARS.search(clean, max(low, high - _LONGEST_SPAN), high)
        if span:
            return high - span.start()
    return 1 if last in _END_CUT else 0
