"""What an act gives back, and why it may be refused."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

import msgspec

from luoshi.errors import LuoshiError
from luoshi.ledger.entry import Entry

#: a day as the ledger writes it, or the month or year where no more is known
DAY: Final = re.compile(r"[12]\d{3}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


class NotFound(LuoshiError):
    """Nothing by this id that the actor sees."""

    slug = "not-found"
    status = 404


class Conflict(LuoshiError):
    """The thing is not, or no longer, in a state in which the act is possible."""

    slug = "conflict"
    status = 409


class WrongValue(LuoshiError):
    """A value that the field cannot have."""

    slug = "wrong-value"


class Done(msgspec.Struct, frozen=True):
    """The numbers of the entries that an act made, first and last for its undoing; ``subjects`` what they are about."""

    seqs: tuple[int, ...] = ()
    subjects: tuple[str, ...] = ()

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Done:
        made = list(entries)
        return cls(tuple(entry.seq for entry in made), tuple(entry.subject for entry in made))

    @property
    def count(self) -> int:
        return len(self.seqs)

    @property
    def undo(self) -> str:
        """The entries as one word for the undo button (``120-131``); ``""`` where nothing was done."""
        return f"{self.seqs[0]}-{self.seqs[-1]}" if self.seqs else ""
