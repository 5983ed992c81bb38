"""The words of tasks: the labels, predicates and time words of responsibility clauses as compiled patterns."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

import msgspec

from luoshi.extract.organisation import choice
from luoshi.tables import load_table

#: who a slot names; ``plain`` says only that they are responsible
Role = Literal["leader", "lead", "plain", "support", "time", "other"]


class LabelWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    limits: tuple[str, ...]
    levels: tuple[str, ...]
    lead: tuple[str, ...]
    plain: tuple[str, ...]
    support: tuple[str, ...]
    leader: tuple[str, ...]
    persons: tuple[str, ...]
    units: tuple[str, ...]
    bare: tuple[str, ...]
    time: tuple[str, ...]
    other: tuple[str, ...]


class RoleWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    lead: tuple[str, ...]
    support: tuple[str, ...]
    plain: tuple[str, ...] = ()


class TaskWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of ``words.yaml``; what each list means is said there."""

    labels: LabelWords
    predicates: RoleWords
    adverbs: tuple[str, ...]
    with_: tuple[str, ...] = msgspec.field(name="with")
    badges: RoleWords
    first_leads: str
    open: tuple[str, ...]


class ClausePatterns(msgspec.Struct, frozen=True):
    """``trigger`` is what a text without clauses does not hold; ``label`` has the groups head, person, unit, bare, time, other."""

    trigger: re.Pattern[str]
    label: re.Pattern[str]
    line_label: re.Pattern[str]
    predicate: re.Pattern[str]
    adverb: re.Pattern[str]
    with_: re.Pattern[str]
    badge: re.Pattern[str]
    first_leads: re.Pattern[str]
    open: re.Pattern[str]
    heads: dict[str, Role]
    predicates: dict[str, Role]
    badges: dict[str, Role]


#: what every clause holds one of, each with what may follow it there, so that prose seldom does
_TRIGGER = (
    r"牵头|责任[单部领人主科处县市区省镇]|责任:|配合[单部责领)\]】,;。:]|负责[)\]】,;。人领单]|分工落实|协办|主办|承办|协助[)\]】单办落]|协同[单责部)\]】:]"
    r"|(?:落实|实施|推进|办理|参与|承担)[)\]】]|领导:|时限|时间:|期限:|节点:|单位:|部门:"
)


@cache
def task_words() -> TaskWords:
    return load_table("luoshi.extract.kinds.task", "words.yaml", TaskWords)


@cache
def clause_patterns() -> ClausePatterns:
    """The patterns of ``words.yaml``, compiled once."""
    words = task_words()
    label = _label(words.labels)
    predicates: dict[str, Role] = {word: role for role in ("lead", "plain", "support") for word in getattr(words.predicates, role)}
    badges: dict[str, Role] = {word: role for role in ("lead", "support") for word in getattr(words.badges, role)}
    return ClausePatterns(
        trigger=re.compile(_TRIGGER),
        label=re.compile(label),
        line_label=re.compile(f"(?:(?<=\\n)|(?<=[。;!?)\\]】])|\\A)[ \t·●*—-]{{0,4}}{label}"),
        predicate=re.compile(f"({choice(tuple(predicates))})(?=[,;。、]|$)"),
        adverb=re.compile(f"(?:由|{choice(words.adverbs)}|等(?:[\u4e00-\u9fff]{{0,5}}(?:部门和单位|部门单位|部门|单位))?)+$"),
        with_=re.compile(choice(words.with_)),
        badge=re.compile(f"\\(({choice(tuple(badges))})\\)"),
        first_leads=re.compile(words.first_leads),
        open=re.compile(choice(words.open)),
        heads=_heads(words.labels),
        predicates=predicates,
        badges=badges,
    )


def _heads(words: LabelWords) -> dict[str, Role]:
    """Each head with its role; the bare labels that name persons count as leaders."""
    heads: dict[str, Role] = {}
    for role in ("leader", "plain", "support", "lead"):
        heads.update(dict.fromkeys(getattr(words, role), role))
    for word in words.bare:
        heads.setdefault(word, "leader")
    return heads


def _label(words: LabelWords) -> str:
    """One label with its colon. The role is the head's, except that every label that ends in a word for persons names leaders."""
    heads = choice((*words.lead, *words.plain, *words.support, *words.leader))
    units = choice(tuple(word.translate({0xFF08: "(", 0xFF09: ")"}) for word in words.units))
    long = (
        f"(?P<head>{heads})(?:\\([\u4e00-\u9fff]{{1,4}}\\))?(?:{choice(words.levels)})?"
        f"(?:(?P<person>{choice(words.persons)})|(?P<unit>{units}))"
    )
    return (
        f"(?:{choice(words.limits)})?(?:{long}|(?P<time>{choice(words.time)})|(?P<other>{choice(words.other)})|(?P<bare>{choice(words.bare)}))"
        f"(?:为|是)?:"
    )
