"""The words of ``words.yaml``, as sets and patterns."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from luoshi.tables import load_table


class WordTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``words.yaml`` as written; its comments say what each part means."""

    fronts: str
    tails: str
    granted: str
    soft: str
    loose: str
    spelled: tuple[tuple[str, str], ...]
    alike: tuple[str, ...]
    bare: str
    acts: dict[str, str]
    adding: str
    stages: dict[str, str]
    harmless: str
    part_of_year: str
    several_years: str
    of_a_part: str
    things: str
    wholly_done: str
    parts: str
    done: str
    under_way: str
    undone: str
    families: tuple[tuple[str, ...], ...]
    hollow: str
    deeds: dict[str, str]
    apart: tuple[tuple[str, ...], ...]


@cache
def table() -> WordTable:
    return load_table("luoshi.link", "words.yaml", WordTable)


def _longest_first(words: str) -> tuple[str, ...]:
    return tuple(sorted(set(words.split()), key=lambda word: (-len(word), word)))


@cache
def pattern(part: str) -> re.Pattern[str]:
    """Any word of a part of the table, the longest first."""
    return re.compile("|".join(map(re.escape, _longest_first(getattr(table(), part)))))


@cache
def affixes(part: str) -> tuple[str, ...]:
    """The words of a part of the table, longest first."""
    return _longest_first(getattr(table(), part))


@cache
def act_pattern() -> re.Pattern[str]:
    """Any verb of an act; ``act_of`` tells its class."""
    return re.compile("|".join(map(re.escape, sorted(_act_classes(), key=lambda word: (-len(word), word)))))


@cache
def _act_classes() -> dict[str, str]:
    return {word: act for act, words in table().acts.items() for word in words.split()}


def act_of(word: str) -> str:
    return _act_classes()[word]


@cache
def _stages() -> dict[str, str]:
    return {word: stage for stage, words in table().stages.items() for word in words.split()}


@cache
def stage_pattern() -> re.Pattern[str]:
    """Any word of a stage of building; ``stage_of`` tells which."""
    return re.compile("|".join(map(re.escape, sorted(_stages(), key=lambda word: (-len(word), word)))))


def stage_of(word: str) -> str:
    return _stages()[word]


@cache
def family_of(indicator: str) -> frozenset[str]:
    """The ids that are kept apart from this one though their names are alike; without itself."""
    return frozenset(one for family in table().families if indicator in family for one in family) - {indicator}


@cache
def deed_patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(deed, its words): what is done for things that are counted, where two deeds are two counts."""
    return tuple((deed, re.compile("|".join(map(re.escape, words.split())))) for deed, words in table().deeds.items())


@cache
def apart_patterns() -> tuple[re.Pattern[str], ...]:
    """The words that keep two amounts apart, group by group."""
    return tuple(re.compile("|".join(map(re.escape, sorted(group, key=lambda word: (-len(word), word))))) for group in table().apart)


@cache
def loose() -> frozenset[str]:
    return frozenset(table().loose.split())


@cache
def _alike() -> dict[str, str]:
    return {name: line.split()[0] for line in table().alike for name in line.split()}


def one_name(name: str) -> str:
    """The name by which all names of one thing are called."""
    return _alike().get(name, name)


def respelled(name: str) -> str:
    """A name in the one spelling of ``spelled``."""
    for written, instead in table().spelled:
        name = name.replace(written, instead)
    return name
