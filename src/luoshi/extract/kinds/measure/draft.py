"""Drafts of measures, and the subjects that later amounts of a sentence may be of. Offsets are in the clean text."""

from __future__ import annotations

import msgspec

from luoshi.extract.kinds.measure.amount import Amount


class Subject(msgspec.Struct, gc=False):
    """What a later amount of the sentence may be of: a noun, with the change or growth that was told of it.

    ``known_as``: the words by which the catalogue knows it, where it shares some with others of its list.
    """

    start: int
    end: int
    change: str = ""
    growth: str = ""
    known_as: str = ""


class Draft(msgspec.Struct, eq=False, gc=False):
    """A measure in the making; ``start``/``end`` of the indicator (equal where none is known), ``rule`` that read it.

    ``measure``, ``direction`` and ``comparator`` are those of the contract. What else the words say decides on role and year.
    """

    amount: Amount
    start: int
    end: int
    rule: str = ""
    #: the words by which the catalogue knows the indicator, where it shares some with others of its list
    known_as: str = ""
    measure: str = "level"
    direction: str = ""
    comparator: str = "eq"
    #: True for an amount that only delimits, describes or is where a change starts from
    base: bool = False
    #: True for where a change starts from: it is of the time before
    earlier: bool = False
    #: True for words that turn out to be of nothing (圆满完成全年任务): no fact is made
    idle: bool = False
    #: 年均; 累计; how things stand; measured against another year; a further member of a list
    average: bool = False
    total: bool = False
    state: bool = False
    compared: bool = False
    listed: bool = False
    #: the verb in front of the noun; True where there is one that tells what was done
    verb: str = ""
    done_verb: bool = False
    #: the change that the verb in front says, for the amounts of the same list
    said: str = ""
    #: the year of a state (2012年底的), and whether it is told as 去年
    year: int | None = None
    last_year: bool = False

    def take(self, subject: Subject) -> None:
        """Makes the draft one of the subject."""
        self.start, self.end, self.known_as = subject.start, subject.end, subject.known_as


def draft_of(amount: Amount) -> Draft:
    """An empty draft of the amount."""
    return Draft(amount, amount.start, amount.start)
