"""What single words and phrases around an amount tell: bounds, growth, scope."""

from __future__ import annotations

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.phrase import Noun, Peeled


def comparator(amount: Amount, got: Peeled) -> str:
    """What the words around the amount say of its bound; the word behind goes before the word in front."""
    if amount.value_max is not None:
        return "range"
    if amount.behind and not (amount.behind == "approx" and got.comparator == "ge"):
        return amount.behind
    if got.comparator:
        return got.comparator
    return "ge" if amount.more else "eq"


def holds_verb(name: str) -> bool:
    """True where a verb stands in the noun phrase, so that it has its own (错时开放停车位)."""
    verbs = lexicon().verbs
    return any(name[at : at + 2] in verbs for at in range(len(name) - 2))


def growth_noun(clean: str, start: int, end: int) -> str:
    for word, direction in lexicon().growth_nouns.items():
        if clean.endswith(word, start, end) and not clean.endswith(("自然增长率", "人口增长率"), start, end):
            return direction
    return ""




def only_scope(clean: str, noun: Noun) -> bool:
    return noun.end - noun.start <= 4 and patterns.SCOPE_ONLY.fullmatch(clean, noun.start, noun.end) is not None




def measures_base(clean: str, noun: Noun) -> bool:
    return patterns.BASES.search(clean, noun.start, noun.end) is not None


def over_or(limit: int, tail: int) -> int:
    """The limit, where it lies behind ``tail``."""
    return max(tail, limit)


def relative_head(clean: str, low: int, high: int) -> int:
    """Where the head noun begins behind a relative clause (10家|建设水平突出、发展成效明显的|园区); ``low`` where there is none."""
    match = patterns.RELATIVE.match(clean, low, high)
    return match.end() if match else low
