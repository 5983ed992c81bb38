"""The words of this kind, loaded once, and the patterns made of them."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files

import msgspec

from luoshi.tables import load_table

STAGES = ("planned", "signed", "started", "building", "built", "running")


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
    kinds: dict[str, tuple[str, ...]]
    refused: tuple[str, ...]
    common_more: tuple[str, ...]
    places: tuple[str, ...]


def _trie(words: list[str]) -> str:
    """A pattern that matches the longest of the words, tested character by character."""
    heads: dict[str, list[str]] = {}
    end = False
    for word in words:
        if word:
            heads.setdefault(word[0], []).append(word[1:])
        else:
            end = True
    if not heads:
        return ""
    parts = [re.escape(head) + _trie(rest) for head, rest in heads.items()]
    body = parts[0] if len(parts) == 1 and not end else "(?:" + "|".join(parts) + ")"
    return body + "?" if end else body


class Lexis(msgspec.Struct, frozen=True):
    stage: dict[str, str]
    kind: dict[str, str]
    actions: frozenset[str]
    tails: dict[str, str]
    refused: frozenset[str]
    common: frozenset[str]
    places: frozenset[str]
    token: re.Pattern[str]


_DIGITS = r"(?:\d[\d.,]*[十百千万亿]*|[一二两三四五六七八九十百千]+|数[十百千])"
NUMBER = rf"{_DIGITS}(?:(?:至|到|-|—|~|～){_DIGITS})?(?:余|多|几)?"
COUNTER = r"(?:个|条|座|处|所|家|宗|块|栋|幢|批|项|支|片|对|台|艘|口|户|套|名|位|间|类|种|届|次|场|件|辆|班|张|棵|盏|根|段|人|年|周年|天|月|级|强|大类)"
SIZE = r"(?:平方公里|平方米|公里|千米|米|亩|公顷|亿元|万元|元|%)"
TIME = (
    r"(?:(?:到|至|于|在|自)?(?:\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|今年|明年|去年|年内|年底|年末|年初|年中|上半年|下半年|[一二三四]季度|春节|国庆|(?<![\d年])\d{1,2}月份?(?:\d{1,2}日)?|本月|近期|(?<!项)目前|主?汛期|入冬|入汛|采暖季|供暖季)"
    r"(?:\d{1,2}月)?(?:上旬|中旬|下旬|底|末|初|内|份)?(?:之?前|以前)?)"
)
OPAQUE = r"\([^()\n]{0,40}\)|“[^“”\n]{0,40}”|\"[^\"\n]{0,40}\"|《[^《》\n]{0,80}》"


@cache
def lexis() -> Lexis:
    """The tables of this kind, with the one pattern that cuts a sentence into tokens."""
    words = load_table(__package__, "words.yaml", Words)
    kind: dict[str, str] = {}
    for code, group in (("A", words.adverbs), ("I", words.idle), ("G", words.settings), ("B", words.blockers), ("N", words.announcers),
                        ("P", words.preparations), ("W", words.wrappers)):
        for word in group:
            kind[word] = code
    stage: dict[str, str] = {}
    for name, group in words.stages.items():
        for word in group:
            stage[word] = name
            kind[word] = "S"
    for word in ("、", "和", "与", "及", "以及", "暨", "特别是", "尤其是", "包括", "或", "或者"):
        kind[word] = "C"
    kind["等"] = "D"
    kind["的"] = "E"
    kind[","] = ","
    kind["并"] = kind["并且"] = kind["同时"] = ","
    tails: dict[str, str] = {}
    for name, group in words.kinds.items():
        for word in group:
            tails.setdefault(word, name)
    common = frozenset(files(__package__).joinpath("common.txt").read_text(encoding="utf-8").split()) | frozenset(words.common_more)
    great = r"[二三四五六七八九十两]大(?=片区|组团|项目|工程|园|平台|中心|基地|产业|板块|区域)"
    many = r"更多|若干|首批|第[一二三四五六七]批|一批|一系列|一大批|系列|各类|众多|多个|多家|多座|多条|部分|有条件的|符合条件的|所有|每个|每县|一些|各项|各地"
    pattern = (
        f"(?P<o>{OPAQUE})|(?P<t>{TIME})|(?P<q>(?<!第)(?:{NUMBER}{COUNTER}|{great}|{many})(?:以上|左右|多)?)|"
        f"(?P<m>{NUMBER}{SIZE}(?:以上|左右|多)?)|(?:{_trie(sorted(kind))})"
    )
    return Lexis(stage=stage, kind=kind, actions=frozenset(words.actions), tails=tails, refused=frozenset(words.refused), common=common - frozenset(words.places), places=frozenset(words.places),
                 token=re.compile(pattern))
