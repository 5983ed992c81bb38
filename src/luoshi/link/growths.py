"""Growth rates and increments that do not follow from this year's level and last year's."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby, pairwise
from typing import Final

from luoshi.link.contradiction import Contradiction, Failure, contradiction_of, shown
from luoshi.link.figures import Figure, Figures, basis_words, subject_of, told_growth, words
from luoshi.link.scene import scene
from luoshi.link.source import Measured, Source
from luoshi.link.telling import plain
from luoshi.link.working import CONSTANT_PRICES

_RATE: Final = "百分点"
#: worked out and published growth farther apart than this: the levels are of two scopes
_FARTHEST: Final = Decimal(15)


def growths(place: Figures) -> list[Contradiction]:
    """Growth rates of one year against the level told beside them and the level that the ledger has of the year before."""
    found: list[Contradiction] = []
    for growth, level in [*_pairs(place), *_several(place)]:
        if _at_current_prices(growth) and (told := _against_levels(place, growth, level)) is not None:
            found.append(told)
    return found


def _pairs(place: Figures) -> Iterator[tuple[Figure, Figure]]:
    """Each growth with the level just before it."""
    for growth in place.found:
        if growth.measure.measure == "growth" and growth.measure.unit == "%" and (level := _beside(place, growth)) is not None:
            yield growth, level


def _several(place: Figures) -> Iterator[tuple[Figure, Figure]]:
    """A 12亿元、B 30亿元，分别增长 6%、8%: as many growths as levels, each with its own."""
    levels = {one.measure.id: one for one in place.found if one.measure.measure == "level"}
    for source in {one.source.key: one.source for one in levels.values()}.values():
        measures = [one for one in source.measures if one.value is not None and one.measure in {"level", "growth"}]
        for _, held in groupby(measures, key=lambda one: source.sentence(one.start, one.end)):
            for level, growth in _row(source, list(held)):
                whole = levels.get(level.id)
                if whole is not None and is_level(whole) and growth.role == "result" and growth.year == whole.year:
                    yield Figure(scene(source, growth), whole.identity, whole.year), whole


def _row(source: Source, row: Sequence[Measured]) -> Iterator[tuple[Measured, Measured]]:
    """Levels and growths of a sentence in pairs, where the sentence has as many growths behind 分别 as levels in front of it and no others."""
    levels = [one for one in row if one.measure == "level"]
    rates = row[len(levels) :]
    if len(levels) < 2 or len(rates) != len(levels) or any(one.measure != "growth" or one.unit != "%" for one in rates):
        return
    between = source.text[levels[-1].end : rates[0].start]
    gaps = [source.text[one.end : two.start] for one, two in pairwise(rates)]
    if (
        _SEVERALLY.search(between)
        and all(_AND.fullmatch(gap) for gap in gaps)
        and not any(word in between for word in words("other_basis"))
    ):
        yield from zip(levels, rates, strict=True)


_SEVERALLY = re.compile(r"^\s*[，,、]\s*(?:同比|比上年|较上年)?分别(?:同比|比上年|较上年)?(?:增长|增加|上升|下降|减少)\s*$")
_AND = re.compile(r"\s*(?:左右)?\s*[、和及与，,]\s*")
_NET = re.compile(r"净增(?:加)?$|(?:比|较)(?:上年|去年)(?:末|底)?(?:净)?(?:增加|减少|多|少)了?$")


def increments(place: Figures) -> list[Contradiction]:
    """Increments over last year (净增, 比上年增加) against the level told beside them and the level that the ledger has of the year before."""
    found: list[Contradiction] = []
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


def _against_levels(place: Figures, growth: Figure, level: Figure) -> Contradiction | None:
    """The contradiction with last year's level; ``None`` where one that the ledger has agrees, or it has none."""
    olds = [one for one in place.of(growth.identity, growth.year - 1, "level") if _is_base(one, level)]
    told = [_worked(level, old, growth) for old in olds]
    # the last report that gives last year's level knows best
    return told[-1] if told and all(one is not None for one in told) else None


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
