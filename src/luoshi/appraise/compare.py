"""What if: the same values scored under two schemes, side by side, subject by subject and line by line."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import msgspec

from luoshi.appraise.given import Subject
from luoshi.appraise.scheme import Scheme
from luoshi.appraise.score import Outcome, Score
from luoshi.appraise.scoring import appraise


class Beside(msgspec.Struct, frozen=True):
    """A subject under both schemes; None where it has no score there. ``moved``: places gained (above 0) or lost."""

    subject: str
    name: str
    group: str
    one: Score | None
    other: Score | None

    @property
    def moved(self) -> int | None:
        if self.one is None or self.other is None or self.one.rank is None or self.other.rank is None:
            return None
        return self.one.rank - self.other.rank

    @property
    def by(self) -> Decimal | None:
        """Points more under the other scheme."""
        if self.one is None or self.other is None or self.one.points is None or self.other.points is None:
            return None
        return self.other.points - self.one.points

    @property
    def is_regraded(self) -> bool:
        """Whether both schemes give a score, and another grade."""
        if self.one is None or self.other is None or self.one.points is None or self.other.points is None:
            return False
        return self.one.grade != self.other.grade


class Compared(msgspec.Struct, frozen=True):
    """Two outcomes on the same values. ``lacking``: inputs that the other scheme needs and nobody gave."""

    one: Outcome
    other: Outcome
    rows: tuple[Beside, ...]
    lacking: tuple[str, ...]


def beside(one: Outcome, other: Outcome, lacking: tuple[str, ...] = ()) -> Compared:
    """Two outcomes joined by subject, in the order of the first; who is in the second only comes last."""
    names = dict.fromkeys([*(score.subject for score in one.scores), *(score.subject for score in other.scores)])
    rows = []
    for subject in names:
        first, second = one.of(subject), other.of(subject)
        known = first or second
        if known is not None:
            rows.append(Beside(subject, known.name, known.group, first, second))
    return Compared(one, other, tuple(rows), lacking)


def what_if(one: Outcome, scheme: Scheme, subjects: Sequence[Subject]) -> Compared:
    """The outcome that was, beside what the same values give under ``scheme``. Values that it needs and nobody gave leave lines without score."""
    given = {key for subject in subjects for key in subject.given}
    groups = {group.key for group in scheme.groups}
    placed = [msgspec.structs.replace(subject, group=_group(subject, groups)) for subject in subjects]
    lacking = tuple(found.title.zh for found in scheme.inputs if found.key not in given and found.empty is None and not found.empty_word)
    return beside(one, appraise(scheme, placed), lacking)


def _group(subject: Subject, groups: set[str]) -> str:
    """The group of a subject under a scheme with other groups: its own where the scheme has it, the only one, or none."""
    if not groups or subject.group in groups:
        return subject.group
    return next(iter(groups)) if len(groups) == 1 else ""
