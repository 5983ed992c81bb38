"""What is doubtful about an item to be, in words, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

from luoshi.messages import messages
from luoshi.web.words import say, say_word

#: doubts that have words of their own here; all others are doubts about a unit's name
_OWN: Final = frozenset({"no-lead", "no-due", "fact", "disputed", "several-posts", "rejected", "older-item"})


class Doubt(msgspec.Struct, frozen=True):
    """A doubt: its key, what it is, what to do."""

    key: str
    words: str
    remedy: str


def doubt_of(key: str) -> Doubt:
    """The doubt of this key in the language of the request; of an unknown key, the key itself."""
    name = key.replace("-", "_")
    if key in _OWN:
        return Doubt(key, say(f"promote.doubt_{name}"), say(f"promote.remedy_{name}"))
    remedy = f"promote.remedy_{name}" if f"unit-doubt.{key}" in messages() else "promote.remedy_other"
    return Doubt(key, say_word("unit-doubt", key), say(remedy))


def doubts_of(keys: str | Iterable[str]) -> list[Doubt]:
    """The doubts of these keys; a text has them set off by blanks."""
    return [doubt_of(key) for key in (keys.split() if isinstance(keys, str) else keys)]


def reasons_of(keys: str) -> str:
    """Why a name is that body: the rules that told it."""
    return say("word.joint").join(say_word("unit-rule", key) for key in keys.split())
