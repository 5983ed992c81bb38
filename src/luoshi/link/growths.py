"""Growth rates and increments that do not follow from this year's level and last year's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from luoshi.link.answering import plain
from luoshi.link.contradiction import Contradiction, Failure, contradiction_of, shown
from luoshi.link.figures import Figure, Figures, basis_words, subject_of, told_growth, words
from luoshi.link.working import CONSTANT_PRICES

_RATE: Final = "百分点"
#: worked out and published growth farther apart than this: the levels are of two scopes
_FARTHEST: Final = Decimal(15)


def growths(place: Figures) -> list[Contradiction]:
    """Growth rates of one year against the level told beside them and the level that the ledger has of the year before."""
    found = []
    for growth in place.found:
        if growth.measure.measure == "growth" and growth.measure.unit == "%" and _at_current_prices(growth):
            found += _against_levels(place, growth)
    return found


_NET = re.compile(r"净增(?:加)?$|(?:比|较)(?:上年|去年)(?:末|底)?(?:净)?(?:增加|减少|多|少)了?$")


def increments(place: Figures) -> list[Contradiction]:
    """Increments over last year (净增, 比上年增加) against the level told beside them and the level that the ledger has of the year before."""
    found = []
    for change in place.found:
        if change.measure.measure == "change" and change.is_exact and _NET.search(change.scene.before):
            found += _against_old(place, change)
    return found


def _against_old(place: Figures, change: Figure) -> Iterator[Contradiction]:
    level = _neighbour(place, change)
    if level is None:
        return
    olds = [one for one in place.of(change.identity, change.year - 1, "level") if _is_base(one, level)]
    if not olds:
        return
    unit = level.measure.unit
    for old in olds:
        gap, allowance = abs(level.value - old.value - change.value), level.slack + old.slack + change.slack
        if gap <= allowance or gap > old.value * _FARTHEST / 100:
            return
    # the last report that gives last year's level knows best
    old = olds[-1]
    worked, allowance = level.value - old.value, level.slack + old.slack + change.slack
    text = f"{shown(level.value, unit)} − {shown(old.value, unit)} = {shown(worked, unit)}，原文“{change.measure.text}”"
    failure = Failure("increment_off", text, worked - change.value, allowance, unit, ("revised", "other_scope", "misread"))
    yield contradiction_of(subject_of(change), (old.quoted, change.quoted, level.quoted), failure)


def _neighbour(place: Figures, change: Figure) -> Figure | None:
    """The level of the same thing next to the increment in its sentence."""
    for one in place.of(change.identity, change.year, "level"):
        if (
            one.source is not change.source
            or one.sentence != change.sentence
            or not is_level(one)
            or one.measure.unit != change.measure.unit
        ):
            continue
        first, second = sorted((one.measure, change.measure), key=lambda each: each.start)
        if not any(first.end <= each.start < second.start for each in one.source.measures):
            return one
    return None


def _at_current_prices(growth: Figure) -> bool:
    indicator = growth.indicator_id or growth.scene.indicator_id
    if any(word in growth.measure.name for word in ("规上", "规模以上", "规模工业", "限上", "限额以上")):
        return False  # the sample changes from year to year
    return indicator not in CONSTANT_PRICES and indicator not in words("other_sample") and not basis_words(growth.scene)


def _against_levels(place: Figures, growth: Figure) -> Iterator[Contradiction]:
    level = _beside(place, growth)
    if level is None:
        return
    olds = [one for one in place.of(growth.identity, growth.year - 1, "level") if _is_base(one, level)]
    told = [_worked(level, old, growth) for old in olds]
    if not told or any(one is None for one in told):
        return
    # the last report that gives last year's level knows best
    first = told[-1]
    assert first is not None  # noqa: S101 - asked above
    yield first


def _beside(place: Figures, growth: Figure) -> Figure | None:
    """The level that is told in the same sentence just before the growth, of the same thing."""
    found = [
        one
        for one in place.of(growth.identity, growth.year, "level")
        if one.source is growth.source and one.sentence == growth.sentence and one.measure.start < growth.measure.start and is_level(one)
    ]
    if not found or any(
        found[-1].measure.end <= one.start < growth.measure.start and one.measure == "level" for one in growth.source.measures
    ):
        return None
    return found[-1]


def _is_base(old: Figure, level: Figure) -> bool:
    return is_level(old) and old.measure.unit == level.measure.unit and old.source is not level.source


def is_level(one: Figure) -> bool:
    """True for a level without hedges on the usual basis."""
    return one.is_exact and one.value > 0 and not any(word in one.scene.after for word in ("口径", "剔除", "扣除", "不含"))


def _worked(level: Figure, old: Figure, growth: Figure) -> Contradiction | None:
    """The contradiction of a growth with two levels; ``None`` where rounding allows it or the levels are hardly of one thing."""
    now, then = level.value, old.value
    worked = (now / then - 1) * 100
    allowance = (level.half / then + now * old.half / (then * then)) * 100 + growth.slack
    gap = worked - growth.value
    low, high = growth.low, growth.high
    if (high is None or worked <= high + allowance - growth.slack) and (low is None or worked >= low - allowance + growth.slack):
        return None
    if abs(gap) > _FARTHEST:
        return None
    text = f"{shown(now, level.measure.unit)} ÷ {shown(then, old.measure.unit)} − 1 = {plain(round(worked, 2))}%，{told_growth(growth)}"
    failure = Failure("growth_off", text, gap, allowance, _RATE, ("revised", "other_basis", "other_scope", "misread"))
    return contradiction_of(subject_of(growth), (old.quoted, growth.quoted, level.quoted), failure)
