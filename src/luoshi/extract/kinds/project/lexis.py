"""The words of this kind, loaded once, and the automata made of them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import ahocorasick_rs
import msgspec

from luoshi.tables import load_table

#: the stages in the order of a project's life
STAGES = ("planned", "signed", "started", "building", "built", "running")
RANK = {stage: rank for rank, stage in enumerate(STAGES)}
#: stages that a verb tells of one thing rather than of an endeavour
STRONG = frozenset(["signed", "started", "built", "running"])
#: what a candidate must have in front of it or behind it, by the code of the words that point to it
TAIL, LIKELY, SURE, ETC, VERB, PHASE, NEUTRAL = range(7)


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``words.yaml`` as declared; what each list means is said there."""

    stages: dict[str, tuple[str, ...]]
    wrappers: tuple[str, ...]
    announcers: tuple[str, ...]
    preparations: tuple[str, ...]
    actions: tuple[str, ...]
    blockers: tuple[str, ...]
    settings: tuple[str, ...]
    adverbs: tuple[str, ...]
    idle: tuple[str, ...]
    times: tuple[str, ...]
    counts: tuple[str, ...]
    nouns: tuple[str, ...]
    heads: tuple[str, ...]
    bound: tuple[str, ...]
    nounish: tuple[str, ...]
    intransitive: tuple[str, ...]
    hopes: tuple[str, ...]
    visions: tuple[str, ...]
    ordinary: tuple[str, ...]
    separators: tuple[str, ...]
    breaks: tuple[str, ...]
    kinds: dict[str, tuple[str, ...]]
    lookalikes: tuple[str, ...]
    refused: tuple[str, ...]
    fragments: tuple[str, ...]
    slogans: tuple[str, ...]
    wishes: tuple[str, ...]
    common_more: tuple[str, ...]
    places: tuple[str, ...]


class Lexis(msgspec.Struct, frozen=True):
    """The tables as the rules use them.

    ``kind`` gives for each word the code of its class: ``S`` a step, ``W`` a wrapper, ``N`` an announcer, ``P`` a preparation,
    ``B`` a blocker, ``G`` a setting, ``A`` an adverb, ``I`` idle, ``C`` a separator, ``D`` 等, ``E`` 的, ``,`` a break, ``o`` a noun that holds one of these, ``t`` a time, ``q`` a count.
    """

    stage: dict[str, str]
    kind: dict[str, str]
    actions: frozenset[str]
    heads: frozenset[str]
    bound: frozenset[str]
    nounish: frozenset[str]
    intransitive: frozenset[str]
    hopes: frozenset[str]
    visions: tuple[str, ...]
    ordinary: tuple[str, ...]
    tails: dict[str, str]
    refused: frozenset[str]
    #: finds what no name holds; matches a name of hope alone
    fragment: re.Pattern[str]
    slogan: re.Pattern[str]
    common: frozenset[str]
    places: frozenset[str]
    lookalikes: frozenset[str]
    #: finds the words of ``kind``; ``listed`` are the words by the automaton's number
    words: ahocorasick_rs.AhoCorasick
    listed: list[tuple[str, str]]
    #: finds what points to a candidate; ``signs`` are the codes by the automaton's number
    pointers: ahocorasick_rs.AhoCorasick
    signs: list[int]
    #: first characters of what may follow a name, last characters of what may be one with a kind noun or a phase
    after: frozenset[str]
    ends: frozenset[str]


def _kinds(words: Words) -> dict[str, str]:
    kind: dict[str, str] = {}
    classes = (
        ("o", words.nouns),
        ("A", words.adverbs),
        ("I", words.idle),
        ("G", words.settings),
        ("B", words.blockers),
        ("N", words.announcers),
        ("P", words.preparations),
        ("W", words.wrappers),
        ("C", words.separators),
        (",", words.breaks),
    )
    for code, group in classes:
        kind.update(dict.fromkeys(group, code))
    kind.update(dict.fromkeys(words.counts, "q"))
    kind.update(dict.fromkeys((time + tail for time in words.times for tail in ("", "前", "之前", "以前", "底", "底前", "内", "初")), "t"))
    for group in words.stages.values():
        kind.update(dict.fromkeys(group, "S"))
    return kind | {"等": "D", "的": "E"}


def _automaton(words: list[str]) -> ahocorasick_rs.AhoCorasick:
    return ahocorasick_rs.AhoCorasick(words, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest)


def _signs(words: Words, tails: dict[str, str], stage: dict[str, str], common: frozenset[str]) -> dict[str, int]:
    signs = {word: SURE if name == "sure" else LIKELY if name in ("single", "line", "street") else TAIL for word, name in tails.items()}
    for word, name in stage.items():
        if name in STRONG or word in words.preparations:
            signs.setdefault(word, VERB)
    for word in words.preparations:
        signs.setdefault(word, VERB)
    signs.update({f"{number}期": PHASE for number in "一二三四五六七八九123456"})
    signs["等"] = ETC
    signs["段"] = TAIL
    signs.update(dict.fromkeys(("阶段", "手段", "路段", "地段", "时段", "片段"), NEUTRAL))
    # 政府, 地区, 思路: common words that happen to end as a kind noun does
    for word in common:
        if word[-1] in tails and word not in tails and not any(word[-size:] in tails for size in (2, 3)):
            signs.setdefault(word, NEUTRAL)
    return signs


def _slogan(words: Words) -> re.Pattern[str]:
    """Matches 健康 with a whole land or place behind it, and 美好家园 with whatever stands in front."""
    hopes, places = "|".join(words.slogans), "|".join(words.places)
    return re.compile(f"(?:{hopes})(?:中国|{places})$|.*(?:{'|'.join(words.wishes)})(?:家园|乐园|花园)$")


@cache
def lexis() -> Lexis:
    """The tables of this kind."""
    words = load_table(__package__, "words.yaml", Words)
    kind = _kinds(words)
    stage = {word: name for name, group in words.stages.items() for word in group}
    tails: dict[str, str] = {}
    for name, group in words.kinds.items():
        for word in group:
            tails.setdefault(word, name)
    places = frozenset(words.places)
    common = (
        frozenset(files(__package__).joinpath("common.txt").read_text(encoding="utf-8").split())
        | frozenset(words.common_more)
        | {word for word in tails if len(word) > 1}
    )
    signs = _signs(words, tails, stage, common)
    after = frozenset(word[0] for word in kind) | frozenset(
        '、,。;:!?\n”")(“ 一二两三四五六七八九十百千0123456789年今明到至于在段更若首第系各众多部有符所每'
    )
    return Lexis(
        stage=stage,
        kind=kind,
        actions=frozenset(words.actions),
        heads=frozenset(words.heads),
        bound=frozenset(words.bound),
        nounish=frozenset(words.nounish),
        intransitive=frozenset(words.intransitive),
        hopes=frozenset(words.hopes),
        visions=words.visions,
        ordinary=words.ordinary,
        tails=tails,
        refused=frozenset(words.refused),
        fragment=re.compile("|".join(words.fragments)),
        slogan=_slogan(words),
        common=common - places,
        places=places,
        lookalikes=frozenset(words.lookalikes) - frozenset(tails),
        words=_automaton(list(kind)),
        listed=[(code, word) for word, code in kind.items()],
        pointers=_automaton(list(signs)),
        signs=list(signs.values()),
        after=after,
        ends=frozenset(word[-1] for word in tails) | frozenset('期段区楼标座、)体目程设建”"ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
    )
