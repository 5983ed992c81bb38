"""Two results for one indicator, place and year that differ beyond rounding and hedges."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from luoshi.link.contradiction import RATES, Contradiction, Failure, Harmless, Kind, contradiction_of, shown
from luoshi.link.figures import Figure, Figures, apart, basis_words, subject_of

#: figures farther apart than this are hardly of one thing: a share of the level, points of a rate
_FARTHEST: Final = Decimal("0.3")
_FARTHEST_POINTS: Final = Decimal(5)


def twice(place: Figures) -> list[Contradiction]:
    """The first figure of each indicator and year beside each later one that cannot be the same."""
    found = []
    for (identity, _, _), held in place.by_key.items():
        if identity.startswith("id:"):  # names outside the catalogue are too loose for this
            found += _among(held)
    return found


def _among(held: Sequence[Figure]) -> list[Contradiction]:
    found, seen = [], set()
    for index, one in enumerate(held):
        for two in held[index + 1 :]:
            if not _comparable(one, two) or (told := apart(one, two)) is None:
                continue
            sides = (one.source.key, one.value, two.source.key, two.value)
            if sides not in seen:
                seen.add(sides)
                found.append(_contradiction(one, two, *told))
    return found


def _comparable(one: Figure, two: Figure) -> bool:
    if one.measure.unit != two.measure.unit or _is_one_saying(one, two):
        return False
    if one.measure.measure == "change" or basis_words(one.scene) != basis_words(two.scene):
        return False
    gap = abs(one.value - two.value)
    if one.measure.unit in RATES:
        return gap <= _FARTHEST_POINTS
    return gap <= _FARTHEST * max(abs(one.value), abs(two.value))


def _is_one_saying(one: Figure, two: Figure) -> bool:
    """True for two figures of one sentence, and for those of two copies of one report."""
    if one.source is two.source:
        return one.sentence == two.sentence
    return one.source.plan_year == two.source.plan_year or one.quoted.said == two.quoted.said


def _contradiction(one: Figure, two: Figure, gap: Decimal, allowance: Decimal) -> Contradiction:
    unit = "百分点" if one.measure.unit == "%" else one.measure.unit
    kind: Kind = "two_values" if one.source is two.source else "restated"
    others: tuple[Harmless, ...] = ("other_scope", "misread") if one.source is two.source else ("revised", "other_scope", "misread")
    failure = Failure(kind, f"相差{shown(gap, unit)}", gap, allowance, unit, others)
    return contradiction_of(subject_of(one), (one.quoted, two.quoted), failure)
