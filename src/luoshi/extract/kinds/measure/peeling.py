"""What stands straight in front of an amount and is no noun: bounds, verbs of growth, adverbs, the year of a state. Clean offsets."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.measure.lexicon import BEFORE, CHANGE, WHOLE, WORDS, alternation
from luoshi.extract.kinds.measure.years import year_of

_NOUNS = WORDS.nouns
#: word -> what it says; a word of two lists says what the first says
_SAYS: dict[str, str] = {}
for _listed in BEFORE.values():
    for _word, _says in _listed:
        _SAYS.setdefault(_word, _says)
#: last character -> the lengths of the words that end in it, the longest first
_SIZES = {last: tuple(sorted({len(word) for word, _ in listed}, reverse=True)) for last, listed in BEFORE.items()}
_STATE_YEAR = re.compile(r"(\d{4}|[一二][〇零○一二三四五六七八九]{3})年(?:年?[末底初])?(?:时)?的?$")
_LAST_YEAR = re.compile(rf"(?:{alternation(_NOUNS.last_year)})(?:年?底)?的?$")
#: words of two characters at most in front of a year that make it one to compare with
_AGAINST = "是为比较与于超当"


class Peeled(msgspec.Struct, gc=False):
    """What was peeled off in front of an amount: ``end`` is where the rest of the clause ends (a clean offset).

    ``direction`` of a verb of growth (``growth_start`` is where it begins, -1: none; ``growth_noun``: it is 增速 or the like;
    ``change``: it is 新增 or the like), ``to`` where the amount is what was reached, ``state`` where it is how things stand,
    ``average`` (年均), ``total`` (累计), ``separately`` (分别), ``from_`` (从, 由), ``done`` (完成, 实现), ``rank`` (居),
    ``compared`` (比上年), ``year`` of a state (2012年的), ``last_year``.
    """

    end: int
    direction: str = ""
    growth_start: int = -1
    growth_noun: bool = False
    change: str = ""
    comparator: str = ""
    to: bool = False
    state: bool = False
    average: bool = False
    total: bool = False
    separately: bool = False
    from_: bool = False
    done: bool = False
    rank: bool = False
    compared: bool = False
    year: int | None = None
    last_year: bool = False


def peel(clean: str, low: int, high: int) -> Peeled:
    """Peels the words of ``words.yaml: before`` off the right end of ``clean[low:high]``."""
    got = Peeled(high)
    at = high
    while at > low and not _is_whole(clean, low, at):
        word = _peeled_word(clean, low, at)
        if word:
            at -= len(word)
            _note(got, word, _SAYS[word], at)
            continue
        begin = at if got.direction else _before_year(got, clean, low, at)
        if begin == at:
            break
        at = begin
    got.end = at
    return got


def _is_whole(clean: str, low: int, at: int) -> bool:
    """True where ``clean[low:at]`` ends in a word that only looks like one to be peeled (国有 ends in 有)."""
    return any(clean.endswith(word, low, at) for word in WHOLE.get(clean[at - 1], ()))


def _peeled_word(clean: str, low: int, at: int) -> str:
    """The longest word to be peeled that ends ``clean[low:at]``, ``""`` where there is none."""
    for size in _SIZES.get(clean[at - 1], ()):
        if at - size >= low and clean[at - size : at] in _SAYS:
            return clean[at - size : at]
    return ""


def _before_year(got: Peeled, clean: str, low: int, at: int) -> int:
    """Where the year begins that ends ``clean[low:at]`` (2012年底的, 去年), ``at`` where none does; the year is noted."""
    if clean[at - 1] not in "年底末的期初时":
        return at
    match = _STATE_YEAR.search(clean, max(low, at - 12), at)
    if match and (match.start() == low or clean[match.start() - 1] not in _AGAINST):
        if got.year is None:
            got.year = year_of(match.group(1))
        return match.start()
    match = _LAST_YEAR.search(clean, max(low, at - 10), at)
    if match is None:
        return at
    got.last_year = match.group()[0] not in "今本"
    return match.start()


def _note(got: Peeled, word: str, says: str, at: int) -> None:
    """Writes down what a peeled word says; ``at`` is where it begins."""
    if says in ("up", "down"):
        _note_change(got, word, says, at)
    elif says in ("ge", "le", "approx"):
        got.comparator = got.comparator or says
    elif says == "adverb":
        _note_adverb(got, word)
    elif says == "to":
        _note_reached(got, word)
    elif says == "from":
        got.from_ = True
    elif says == "done":
        got.done = True
    else:
        _note_state(got, word)


def _note_change(got: Peeled, word: str, says: str, at: int) -> None:
    if got.direction:
        return
    if word in _NOUNS.rates:
        got.direction, got.growth_start, got.growth_noun = says, at, True
    elif not got.to:
        got.direction, got.growth_start, got.change = says, at, CHANGE.get(word, "")
        got.average = got.average or word in _NOUNS.yearly


def _note_adverb(got: Peeled, word: str) -> None:
    if word in _NOUNS.yearly:
        got.average = True
    elif word in _NOUNS.against_last_year:
        got.compared = True
    elif word.startswith("分别") or word in _NOUNS.separately:
        got.separately = True
    elif word in _NOUNS.altogether:
        got.total = True


def _note_reached(got: Peeled, word: str) -> None:
    """达到 and 控制在 say how things stand, 提高到 besides that there was a change."""
    if word[0] in "达保稳维控浮":
        got.state = True
    elif not got.direction:
        got.to = got.state = True


def _note_state(got: Peeled, word: str) -> None:
    if word in _NOUNS.rank_words:
        got.rank = got.state = True
    elif word.startswith("累计"):
        got.total = True
    elif word.startswith("分别"):
        got.separately = got.state = True
    else:
        got.state = True
