"""A score as a value that explains itself: each line with its rule, what it rests on, the arithmetic and the rounding; or why there is none."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from luoshi.appraise.given import Ref
from luoshi.loop.mechanism import Words


class Use(msgspec.Struct, frozen=True, omit_defaults=True):
    """A value that a line looked at: an input with its entries, or a measure with its arithmetic. ``value`` None: missing, ``why`` says why."""

    key: str
    title: Words
    value: Decimal | None = None
    word: str = ""
    arithmetic: str = ""
    refs: tuple[Ref, ...] = ()
    why: str = ""


class Scored(msgspec.Struct, frozen=True, omit_defaults=True):
    """A line of a score. ``points`` None: no score, and ``why`` says why; ``note`` says what was done about data that was not there."""

    key: str
    title: Words
    rule: str
    source: str
    side: str
    full: Decimal
    points: Decimal | None = None
    arithmetic: str = ""
    uses: tuple[Use, ...] = ()
    why: str = ""
    note: str = ""


class Mark(msgspec.Struct, frozen=True):
    """A veto, exemption or lowering that applied: what, on which values, and its source."""

    key: str
    title: Words
    source: str
    said: str


class Score(msgspec.Struct, frozen=True, omit_defaults=True):
    """The score of a subject. ``points`` None: none, and ``why`` says why; ``exact`` before rounding; ``rank`` among ``of`` in its group."""

    subject: str
    name: str
    group: str
    lines: tuple[Scored, ...]
    points: Decimal | None = None
    exact: Decimal | None = None
    arithmetic: str = ""
    why: str = ""
    rank: int | None = None
    of: int = 0
    grade: str = ""
    grade_why: str = ""
    marks: tuple[Mark, ...] = ()
    load: tuple[Use, ...] = ()

    def line(self, key: str) -> Scored | None:
        return next((one for one in self.lines if one.key == key), None)


class Outcome(msgspec.Struct, frozen=True):
    """The scores of all subjects under a scheme, by group and place; who has none comes last, in the order of names."""

    scheme: str
    version: int
    title: Words
    rounding: str
    ties: str
    scores: tuple[Score, ...]

    def of(self, subject: str) -> Score | None:
        """The score of a subject; None where it is not among those scored."""
        return next((one for one in self.scores if one.subject == subject), None)
