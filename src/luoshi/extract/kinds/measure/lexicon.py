"""The words of the measure rules: ``words.yaml`` as declared, and the look-up tables made of it."""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from luoshi.tables import load_table


class AmountWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    latin_indicators: tuple[str, ...]
    scaled_units: tuple[str, ...]
    loose_units: tuple[str, ...]
    not_behind_numerals: frozenset[str]
    not_behind_small_numerals: frozenset[str]
    bare_scale_units: tuple[str, ...]
    reaching: tuple[str, ...]
    at_least_verbs: tuple[str, ...]
    at_least_units: tuple[str, ...]
    few_verbs: tuple[str, ...]
    few_units: tuple[str, ...]
    person_nouns: str
    no_tenths: str


class RefusedWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    behind_ge: tuple[str, ...]
    year_units: frozenset[str]
    behind_bu: tuple[str, ...]
    rates: tuple[str, ...]
    measured_times: tuple[str, ...]
    measured_years: tuple[str, ...]


class NounWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    short_lead: dict[str, tuple[str, ...]]
    prepositions_in: frozenset[str]
    within: frozenset[str]
    place_ends: tuple[str, ...]
    ranked_among: tuple[str, ...]
    ranked_checks: tuple[str, ...]
    asides: tuple[str, ...]
    aside_ends: tuple[str, ...]
    seasons: tuple[str, ...]
    spans_of_time: tuple[str, ...]
    trail: tuple[str, ...]
    sure_tails: str
    undoing: frozenset[str]
    adding: tuple[str, ...]
    opening: tuple[str, ...]
    of_one_character: str
    first_of: str
    places_within: tuple[str, ...]
    act_heads: frozenset[str]
    no_first_half: frozenset[str]
    against_last_year: frozenset[str]
    own_words: frozenset[str]
    whole_pairs: frozenset[str]
    verb_again: tuple[str, ...]
    yearly: frozenset[str]
    rates: frozenset[str]
    rank_words: frozenset[str]
    separately: frozenset[str]
    altogether: frozenset[str]
    last_year: tuple[str, ...]


class ComparingWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    distance: tuple[str, ...]
    distance_ends: str
    times_of: tuple[str, ...]
    rank_verbs: tuple[str, ...]


class TellingWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    reaches: tuple[str, ...]
    into: tuple[str, ...]
    into_again: tuple[str, ...]
    share_nouns: tuple[str, ...]
    aims: tuple[str, ...]
    limits: tuple[str, ...]
    designations: tuple[str, ...]
    one_by_one: str
    own_level: tuple[str, ...]
    measured: tuple[str, ...]
    own_heads: tuple[str, ...]
    no_own_heads: tuple[str, ...]
    two_in_one: dict[str, tuple[str, str]]
    bare_heads: frozenset[str]
    general_aims: tuple[str, ...]
    have: tuple[str, ...]
    times_done: frozenset[str]
    earnings: tuple[str, ...]
    earned: tuple[str, ...]
    bounds_ge: tuple[str, ...]
    bounds_le: tuple[str, ...]
    growth: tuple[str, ...]
    growth_aims: tuple[str, ...]
    growth_aim_set: tuple[str, ...]
    told: tuple[str, ...]
    frames: tuple[str, ...]
    field_openers: tuple[str, ...]
    fields: tuple[str, ...]
    field_adjectives: tuple[str, ...]
    part_changes: tuple[str, ...]
    part_done: tuple[str, ...]
    count_rates: tuple[str, ...]
    count_changes: tuple[str, ...]
    sized_by_scope: tuple[str, ...]
    sized_by: tuple[str, ...]
    sized_by_income: tuple[str, ...]
    sized_to: tuple[str, ...]
    class_counts: tuple[str, ...]
    bases: tuple[str, ...]
    relative: tuple[str, ...]
    relative_adjectives: tuple[str, ...]
    people: tuple[str, ...]
    of_people: tuple[str, ...]
    not_people: tuple[str, ...]
    teams: tuple[str, ...]
    sized_acts: tuple[str, ...]
    bare_doers: dict[str, tuple[str, ...]]
    funds: tuple[str, ...]
    founding: tuple[str, ...]
    acts: tuple[str, ...]
    named_acts: tuple[str, ...]
    no_growth: tuple[str, ...]
    bare_growth: tuple[str, ...]
    growth_compared: tuple[str, ...]
    row_links: tuple[str, ...]
    class_links: tuple[str, ...]
    saved: tuple[str, ...]
    clause_ends: tuple[str, ...]
    of_money: tuple[str, ...]
    of_classes: tuple[str, ...]
    of_persons: tuple[str, ...]
    of_visits: tuple[str, ...]
    of_households: tuple[str, ...]


class NumberlessWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    as_ought: str
    nothing: tuple[str, ...]
    none_of: tuple[str, ...]
    done_by_all: tuple[str, ...]
    no_zero: tuple[str, ...]
    no_rank: str
    ranked: tuple[str, ...]
    assigned_by: tuple[str, ...]
    assigned: tuple[str, ...]
    fully: tuple[str, ...]
    above: tuple[str, ...]
    below: tuple[str, ...]
    in_step: tuple[str, ...]
    roughly: tuple[str, ...]
    steady: tuple[str, ...]
    references: tuple[str, ...]
    no_references: tuple[str, ...]


class RoleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    will: tuple[str, ...]
    intends: tuple[str, ...]
    plans: tuple[str, ...]
    plan_before: str
    plan_behind: tuple[str, ...]
    earlier_aims: tuple[str, ...]
    at_present: tuple[str, ...]
    flows: tuple[str, ...]


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``words.yaml`` as declared; what each list means is said there."""

    units: dict[str, dict[str, str]]
    narrow_units: frozenset[str]
    behind: dict[str, tuple[str, ...]]
    before: dict[str, tuple[str, ...]]
    verbs: dict[str, tuple[str, ...]]
    after_noun: tuple[str, ...]
    strength: dict[str, tuple[str, ...]]
    whole: tuple[str, ...]
    scope: tuple[str, ...]
    kind_nouns: tuple[str, ...]
    noun_tails: str
    growth_nouns: dict[str, str]
    noun_verbs: frozenset[str]
    generic_heads: frozenset[str]
    tail_verbs: tuple[str, ...]
    describing_nouns: tuple[str, ...]
    soft_verbs: frozenset[str]
    modifiers: frozenset[str]
    amounts: AmountWords
    refused: RefusedWords
    nouns: NounWords
    comparing: ComparingWords
    telling: TellingWords
    numberless: NumberlessWords
    roles: RoleWords


def alternation(words: Iterable[str]) -> str:
    """The words as a regular expression that takes the longest; words of one first character share it, in the order given.

    >>> alternation(["个", "家", "个百分点"])
    '个(?:百分点)?|家'
    """
    heads: dict[str, list[str]] = {}
    for word in words:
        heads.setdefault(word[0], []).append(word[1:])
    return "|".join(re.escape(head) + _tails(tails) for head, tails in heads.items())


def _tails(tails: list[str]) -> str:
    longer = [tail for tail in tails if tail]
    if not longer:
        return ""
    inner = alternation(longer)
    return f"(?:{inner})?" if len(longer) < len(tails) else f"(?:{inner})" if "|" in inner else inner


def _by_last(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The words by their last character, in the order given."""
    table: dict[str, list[str]] = {}
    for word in words:
        table.setdefault(word[-1], []).append(word)
    return {last: tuple(listed) for last, listed in table.items()}


def _turned(table: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """What each word says, of a table of the words that say something; of a word in two lists the later counts."""
    return {word: says for says, listed in table.items() for word in listed}


def _peeled(table: dict[str, tuple[str, ...]]) -> dict[str, tuple[tuple[str, str], ...]]:
    """Word and what it says by the word's last character, the longest first."""
    last: dict[str, list[tuple[str, str]]] = {}
    for says, listed in table.items():
        for word in listed:
            last.setdefault(word[-1], []).append((word, says))
    return {char: tuple(sorted(listed, key=lambda item: -len(item[0]))) for char, listed in last.items()}


WORDS = load_table("luoshi.extract.kinds.measure", "words.yaml", Words)

#: unit as written -> (class, canonical)
UNITS = {written: (kind, canonical) for kind, table in WORDS.units.items() for written, canonical in table.items()}
NARROW = WORDS.narrow_units
#: word behind an amount -> what it says
BEHIND = _turned(WORDS.behind)
BEHIND_PATTERN = alternation(BEHIND)
#: last character -> (word, what it says) of what is peeled off in front of an amount
BEFORE = _peeled(WORDS.before)
#: last character -> words that end in it and are not to be peeled
WHOLE = _by_last(WORDS.whole)
#: last two characters -> verbs that are cut off the end of a noun phrase
TAIL_VERBS = _by_last(WORDS.tail_verbs)
#: verb -> the change that it says
CHANGE = {**dict.fromkeys(WORDS.verbs["change_up"], "up"), **dict.fromkeys(WORDS.verbs["change_down"], "down")}
#: last character -> words at the end of a noun phrase that only say when or how
TRAIL = _by_last(sorted(WORDS.nouns.trail, key=len, reverse=True))
WEAK = frozenset(WORDS.verbs["weak"])
_STRONG = frozenset(WORDS.verbs["strong"]) - WEAK | frozenset(CHANGE)
VERBS = _STRONG | WEAK
STRONG = re.compile(alternation(sorted(_STRONG)))
AFTER_NOUN = re.compile(alternation(WORDS.after_noun))
KIND_NOUNS = re.compile(alternation(WORDS.kind_nouns))
#: strength word -> the strength that it says
STRENGTH = _turned(WORDS.strength)
STRENGTH_WORDS = re.compile(alternation(STRENGTH))
#: Chinese numerals: the digits and small scales
HAN = "零〇一二两三四五六七八九十百千"
