"""The words of the measure rules, loaded once and made into look-up tables."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from luoshi.tables import load_table

PACKAGE = "luoshi.extract.kinds.measure"


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``words.yaml`` as declared."""

    units: dict[str, dict[str, str]]
    narrow_units: list[str]
    behind: dict[str, list[str]]
    before: dict[str, list[str]]
    verbs: dict[str, list[str]]
    after_noun: list[str]
    strength: dict[str, list[str]]
    whole: list[str]
    scope: list[str]
    kind_nouns: list[str]
    noun_tails: str
    growth_nouns: dict[str, str]
    noun_verbs: list[str]
    generic_heads: list[str]
    tail_verbs: list[str]
    describing_nouns: list[str]
    soft_verbs: list[str]
    modifiers: list[str]


class Lexicon(msgspec.Struct, frozen=True):
    """Look-up tables made from the words."""

    #: unit as written -> (class, canonical)
    units: dict[str, tuple[str, str]]
    narrow: frozenset[str]
    #: word -> what it says, for the words peeled off in front of an amount, keyed by their last character, longest first
    before: dict[str, tuple[tuple[str, str], ...]]
    strong: re.Pattern[str]
    weak: frozenset[str]
    verbs: frozenset[str]
    change: dict[str, str]
    after_noun: re.Pattern[str]
    unit_pattern: str
    wide_unit_pattern: str
    behind_pattern: str
    behind: dict[str, str]
    strength: dict[str, str]
    strength_pattern: re.Pattern[str]
    #: last character -> words that end in it and are not to be peeled
    whole: dict[str, tuple[str, ...]]
    lead: re.Pattern[str]
    kind_nouns: re.Pattern[str]
    noun_tails: frozenset[str]
    growth_nouns: dict[str, str]
    noun_verbs: frozenset[str]
    generic_heads: frozenset[str]
    tail_verbs: tuple[str, ...]
    describing_nouns: tuple[str, ...]
    soft_verbs: frozenset[str]
    modifiers: frozenset[str]


#: words of one character in front of a noun, where they are not its first half
_SHORT_LEAD = (
    "将(?!军)|基本(?!医疗|养老|农田|公共|药物|民生|生活|单元|建设|殡葬|保险|盘|面|户)|从(?!业|事|教)|到(?!位|期|岗|港|户|村)|并(?!网|购|联)|和(?!平|谐|美|睦)|为(?!民|农|老|企|侨)|是(?!否)|及(?!时)|等(?!级|离)|与(?!会)|让(?!利)|由|被(?!征|动|褥)"
    "|把(?!手|关)|已|则|仍|也|且|而|只|仅|达(?!标)|至(?!今)|了|的|又|但(?!是)|先(?!进|锋|导|行|后|期)|拟|再(?!生|就)|还(?!款|贷|建|原|迁|田)|共(?!享|同|建|有|青|产|和)"
)


def alternation(words: list[str] | frozenset[str] | set[str]) -> str:
    """The words as a regular expression, the longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=lambda word: (-len(word), word)))


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    words = load_table(PACKAGE, "words.yaml", Words)
    units = {written: (kind, canonical) for kind, table in words.units.items() for written, canonical in table.items()}
    before: dict[str, list[tuple[str, str]]] = {}
    for says, listed in words.before.items():
        for word in listed:
            before.setdefault(word[-1], []).append((word, says))
    verbs = words.verbs
    weak = frozenset(verbs["weak"])
    strong = frozenset(verbs["strong"]) - weak
    change = {**dict.fromkeys(verbs["change_up"], "up"), **dict.fromkeys(verbs["change_down"], "down")}
    narrow = frozenset(words.narrow_units)
    strength = {word: says for says, listed in words.strength.items() for word in listed}
    whole: dict[str, list[str]] = {}
    for word in words.whole:
        whole.setdefault(word[-1], []).append(word)
    return Lexicon(
        units=units,
        narrow=narrow,
        before={last: tuple(sorted(listed, key=lambda item: -len(item[0]))) for last, listed in before.items()},
        strong=re.compile(alternation(strong | set(change))),
        weak=weak,
        verbs=strong | weak | frozenset(change),
        change=change,
        after_noun=re.compile(alternation(set(words.after_noun))),
        unit_pattern=alternation(set(units) - narrow),
        wide_unit_pattern=alternation(set(units) - {"年", "个月", "岁", "周岁", "强"}),
        behind_pattern=alternation({word for listed in words.behind.values() for word in listed}),
        behind={word: says for says, listed in words.behind.items() for word in listed},
        strength=strength,
        strength_pattern=re.compile(alternation(set(strength))),
        whole={last: tuple(listed) for last, listed in whole.items()},
        lead=re.compile(rf"(?:[、,;:\s)\-—]|\d{{1,3}}[.、](?!\d)|\d{{4}}年(?:底|末|初)?|[一二][〇○零一二三四五六七八九]{{3}}年|\d{{1,2}}月(?:底|末|份)?|[一二两三四五六七八九十]+年(?:来|间|内|多)?|连续[\d一二三四五六七八九十两多]+(?:年|个月|个季度)|[“\"]?十[一二三四五]五[”\"]?(?:期间|时期|末)|(?:{alternation(set(words.scope))})(?!率|量|额)|{_SHORT_LEAD})*"),
        kind_nouns=re.compile(alternation(set(words.kind_nouns))),
        noun_tails=frozenset(words.noun_tails),
        growth_nouns=words.growth_nouns,
        noun_verbs=frozenset(words.noun_verbs),
        generic_heads=frozenset(words.generic_heads),
        tail_verbs=tuple(words.tail_verbs),
        describing_nouns=tuple(words.describing_nouns),
        soft_verbs=frozenset(words.soft_verbs),
        modifiers=frozenset(words.modifiers),
    )
