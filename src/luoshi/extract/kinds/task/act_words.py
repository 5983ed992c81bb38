"""The words of acts: which strings begin an act at the head of a clause, and which sentences commit to none."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import msgspec

from luoshi.extract.organisation import choice
from luoshi.tables import load_table

VERB: Final = 1
NOMINAL: Final = 2
ADVERB: Final = 3
STARTER: Final = 4
PREPOSITION: Final = 5

#: a word with its kind, longest first among those that begin alike
Candidates = tuple[tuple[str, int], ...]


class Refusal(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A sentence that commits to nothing: it holds one of the ``hints``, and ``pattern`` somewhere."""

    hints: tuple[str, ...]
    pattern: str


class ActWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of ``acts.yaml``; what each list means is said there."""

    verbs: tuple[str, ...]
    nominal: tuple[str, ...]
    after: tuple[str, ...]
    adverbs: tuple[str, ...]
    starters: tuple[str, ...]
    results: tuple[str, ...]
    objects: tuple[str, ...]
    light: tuple[str, ...]
    prepositions: tuple[str, ...]
    serves: tuple[str, ...]
    refuse: dict[str, Refusal]
    judgement: Refusal
    resume: str
    past: Refusal
    keep: str
    plans: tuple[str, ...]
    amounts: tuple[str, ...]
    pushes: tuple[str, ...]


class ActTables(msgspec.Struct, frozen=True):
    """``pairs`` and ``singles`` look words up by their first two characters, or by the one that they are."""

    pairs: dict[str, Candidates]
    singles: dict[str, tuple[str, int]]
    tail: re.Pattern[str]
    push: re.Pattern[str]
    light: re.Pattern[str]
    serves: re.Pattern[str]
    objects: re.Pattern[str]
    after: re.Pattern[str]
    hint: re.Pattern[str]
    refuse: re.Pattern[str]
    judgement: re.Pattern[str]
    resume: re.Pattern[str]
    past: re.Pattern[str]
    keep: re.Pattern[str]
    plans: frozenset[str]
    amounts: frozenset[str]
    nominal: frozenset[str]


@cache
def act_tables() -> ActTables:
    """The tables of ``acts.yaml``, built once."""
    words = load_table("luoshi.extract.kinds.task", "acts.yaml", ActWords)
    kinds = dict.fromkeys(words.adverbs, ADVERB) | dict.fromkeys(words.nominal, NOMINAL) | dict.fromkeys(words.verbs, VERB)
    kinds |= dict.fromkeys(words.prepositions, PREPOSITION) | dict.fromkeys(words.starters, STARTER)
    pairs: dict[str, list[tuple[str, int]]] = {}
    for word, kind in sorted(kinds.items(), key=lambda item: (-len(item[0]), item[0])):
        if len(word) > 1:
            pairs.setdefault(word[:2], []).append((word, kind))
    return ActTables(
        pairs={key: tuple(found) for key, found in pairs.items()},
        singles={word: (word, kind) for word, kind in kinds.items() if len(word) == 1},
        tail=re.compile(_tail(words.results)),
        push=re.compile(choice(words.pushes)),
        light=re.compile(f"(?:{choice(words.light)})(?![的为和与及是者率])"),
        serves=re.compile(f"(?:{choice(words.serves)})(?![的为和与及是者率])"),
        objects=re.compile(choice(words.objects)),
        after=re.compile(f"{choice(words.after)}|[,;。、:!?\\n)”]|$"),
        hint=re.compile(choice(tuple(hint for refusal in (*words.refuse.values(), words.judgement, words.past) for hint in refusal.hints))),
        refuse=re.compile("|".join(f"(?:{refusal.pattern})" for refusal in words.refuse.values())),
        judgement=re.compile(words.judgement.pattern),
        resume=re.compile(words.resume),
        past=re.compile(words.past.pattern),
        keep=re.compile(words.keep),
        plans=frozenset(words.plans),
        amounts=frozenset(words.amounts),
        nominal=frozenset(words.nominal),
    )


#: modals with what may not stand beside them (重要, 要求, 将军, 把握); each alternative begins with a plain character, so that the
#: engine skips by first characters
_MODALS = (
    r"要(?<![重主需只首必纲概紧摘不简索]要)(?![求素点件闻塞么害领义务])",
    r"须(?<!必须)",
    "必须",
    "应当",
    "应该",
    "务必",
    r"将(?<!即将)(?![来军近士领要])",
    r"把(?![关握手])",
)
MODALS: Final = frozenset({"要", "须", "必须", "应当", "应该", "务必", "将", "把"})
_ENDS = r"(?=[,;。、:!?\n)”]|$|并|和(?:投入|使用))"


def _tail(results: tuple[str, ...]) -> str:
    """Modals, verbs of completion at the end of a clause, and 完成 or 实现 before an amount, as one flat alternation."""
    ended = sorted(set(results), key=lambda word: (-len(word), word))
    return "|".join((*_MODALS, *(re.escape(word) + _ENDS for word in ended), *(word + r"(?=[约超近逾]?\d)" for word in ("完成", "实现"))))
