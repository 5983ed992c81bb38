"""What single words and phrases around an amount tell: bounds, growth, scope. Offsets are in the clean text."""

from __future__ import annotations

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.lexicon import VERBS, WORDS
from luoshi.extract.kinds.measure.noun import Noun
from luoshi.extract.kinds.measure.peeling import Peeled

_WORDS = WORDS.telling


def comparator(amount: Amount, got: Peeled) -> str:
    """What the words around the amount say of its bound; the word behind goes before the word in front."""
    if amount.value_max is not None:
        return "range"
    if amount.behind and not (amount.behind == "approx" and got.comparator == "ge"):
        return amount.behind
    return got.comparator or ("ge" if amount.more else "eq")


def is_rate(amount: Amount) -> bool:
    """True for a percentage or a multiple."""
    return amount.unit_class in ("share", "times")


def is_points(amount: Amount) -> bool:
    return amount.unit in ("百分点", "千分点")


def is_bare_yi(clean: str, amount: Amount) -> bool:
    """True for a bare number of 亿, which may be of money (3亿|项目)."""
    return amount.unit_class == "none" and clean[amount.end - 1] == "亿"


def holds_verb(name: str) -> bool:
    """True where a verb stands in the noun phrase, so that it has its own (错时开放停车位)."""
    return any(name[at : at + 2] in VERBS for at in range(len(name) - 2))


def growth_noun(clean: str, start: int, end: int) -> str:
    """The direction of the rate of growth that the noun is (增速, 降幅), ``""`` where it is none."""
    if clean.endswith(_WORDS.no_growth, start, end):
        return ""
    return next((direction for word, direction in WORDS.growth_nouns.items() if clean.endswith(word, start, end)), "")


def is_only_scope(clean: str, noun: Noun) -> bool:
    """True where the noun is a place alone (全市)."""
    return noun.end - noun.start <= 4 and patterns.SCOPE_ONLY.fullmatch(clean, noun.start, noun.end) is not None


def measures_base(clean: str, noun: Noun) -> bool:
    """True for a noun by which things are sized (总投资, 年产值)."""
    return clean.endswith(_WORDS.bases, noun.start, noun.end)


def is_designation(clean: str, start: int, end: int) -> bool:
    """True for a thing whose size is part of what it is called (50兆瓦|光伏项目)."""
    return clean.endswith(_WORDS.designations, start, end)


def relative_head(clean: str, low: int, high: int) -> int:
    """Where the head noun begins behind a relative clause (10家|建设水平突出、发展成效明显的|园区); ``low`` where there is none."""
    match = patterns.RELATIVE.match(clean, low, high)
    return match.end() if match else low
