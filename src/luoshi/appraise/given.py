"""What is scored: subjects (units, places, enterprises) and the values given for them, each with the entries that it rests on."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

RefKind = Literal["matter", "clock", "evidence", "fact", "document", "cell", "entry", "appraisal", "mark"]


class Ref(msgspec.Struct, frozen=True, omit_defaults=True):
    """An entry that a value rests on: its id, and what it says there in a word. ``item`` the matter that a clock or evidence belongs to."""

    kind: RefKind
    id: str
    note: str = ""
    item: str = ""


class Given(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value of a subject: a number, or a ``word`` where the input is a choice. Neither: there is none, and ``why`` says why."""

    value: Decimal | None = None
    word: str = ""
    refs: tuple[Ref, ...] = ()
    why: str = ""

    @property
    def is_there(self) -> bool:
        return self.value is not None or bool(self.word)


class Subject(msgspec.Struct, frozen=True, omit_defaults=True):
    """Who is scored. ``group``: the key of its peer group, empty where the scheme has none."""

    id: str
    name: str
    group: str = ""
    given: dict[str, Given] = {}

    def number(self, key: str) -> Decimal | None:
        """The number given for an input; None where there is none."""
        found = self.given.get(key)
        return found.value if found is not None else None

    def word(self, key: str) -> str:
        """The word given for an input of choice; empty where there is none."""
        found = self.given.get(key)
        return found.word if found is not None else ""
