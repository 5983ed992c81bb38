"""The words of ``words.yaml`` as compiled patterns."""

from __future__ import annotations

import re
from functools import cache

import msgspec

from luoshi.tables import load_table


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    review: list[str]
    look_back: list[str]
    plan: list[str]
    outlook: list[str]
    problems: list[str]
    self: list[str]
    glossary: list[str]
    annex: list[str]
    problem_opening: list[str]
    thanks: list[str]
    closing: list[str]
    paywall: list[str]
    placeholder: list[str]
    template: list[str]
    common_stems: list[str]


class Wording:
    """One compiled pattern for each list of ``words.yaml``; ``search`` finds the first of its alternatives."""

    def __init__(self, words: _Words) -> None:
        self.review, self.plan, self.outlook = _joined(words.review), _joined(words.plan), _joined(words.outlook)
        self.look_back = _joined(words.look_back)
        self.problems, self.own, self.glossary, self.annex = (
            _joined(words.problems),
            _joined(words.self),
            _joined(words.glossary),
            _joined(words.annex),
        )
        self.problem_opening, self.thanks = _joined(words.problem_opening), _joined(words.thanks)
        self.closing, self.paywall = _joined(words.closing), _joined(words.paywall)
        self.placeholder, self.template = _joined(words.placeholder), _joined(words.template)
        self.common_stems = frozenset(words.common_stems)


def _joined(words: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{word})" for word in words))


@cache
def wording() -> Wording:
    """The words, loaded and compiled on first use."""
    return Wording(load_table("luoshi.outline", "words.yaml", _Words))
