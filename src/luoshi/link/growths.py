"""Growth rates and increments that do not follow from this year's level and last year's."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from luoshi.link.answering import plain
from luoshi.link.contradiction import Contradiction, Harmless, explained
from luoshi.link.figures import Figure, Figures, basis_words, label, shown, words
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
    others: tuple[Harmless, ...] = ("revised", "other_basis", "other_scope", "misread")
    shown_worked = f"{shown(now, level.measure.unit)} ÷ {shown(then, old.measure.unit)} − 1 = {plain(round(worked, 2))}%"
    parts = {
        "region": level.source.region, "name": growth.name, "first": level.measure.text, "second": growth.measure.text,
        "worked": shown_worked, "gap": plain(round(abs(gap), 2)), "allowance": plain(round(allowance, 2)), "unit": _RATE,
    }  # fmt: skip
    return Contradiction(
        kind="growth_off", place=level.source.place, region=level.source.region, year=growth.year, indicator_id=growth.indicator_id,
        name=growth.name, first=old.quoted, second=growth.quoted, more=(level.quoted,), worked=shown_worked, gap=parts["gap"],
        allowance=parts["allowance"], unit=_RATE, others=others,
        said=explained("growth_off", "zh", year=growth.year, **(parts | {"first": label(old), "second": growth.measure.text})),
    )  # fmt: skip
