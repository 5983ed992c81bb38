"""A figure worked out of two others: growth out of two levels, a level out of a level and a growth. Shown as worked out, with its rounding."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from luoshi.link.account import Account
from luoshi.link.fitting import Answer, kin_of
from luoshi.link.link import Outcome, Verdict
from luoshi.link.reaching import number, side_of, tolerance
from luoshi.link.scene import Scene
from luoshi.link.telling import outcome, plain

#: growth of these is published at constant prices, or on another sample: two levels give another growth than the published one
CONSTANT_PRICES: Final = frozenset(
    {"gdp", "gdp_per_capita", "primary_value_added", "secondary_value_added", "services_value_added", "industry_value_added", "industry_scale_value_added", "cpi"}
)  # fmt: skip


def worked_out(target: Scene, year: int, found: Sequence[Answer], before: Account | None) -> Outcome | None:
    """The end of a growth target by the level told and the level of the year before; ``None`` where it cannot be worked out safely."""
    one = target.measure
    if before is None or one.measure != "growth" or target.indicator_id in CONSTANT_PRICES or side_of(target) == "band":
        return None
    level = next((each for each in found if each.bar == "level_only" and each.kin.kinship == "same" and _is_level(each.scene, year)), None)
    if level is None:
        return None
    old = next(
        (each for each in before.results if kin_of(target, each).kinship == "same" and _is_level(each, year - 1) and each.measure.unit == level.scene.measure.unit),
        None,
    )  # fmt: skip
    if old is None:
        return None
    now, then, wanted = number(level.scene.measure.value), number(old.measure.value), number(one.value)
    if not now or not then or wanted is None:
        return None
    if level.scene.core != old.core and not _is_one_indicator(level.scene, old):
        return None
    growth, slack = (now / then - 1) * 100, slack_of(level.scene.measure.text, now, old.measure.text, then)
    goal = -wanted if one.direction == "down" else wanted
    gap = growth - goal
    if abs(gap) <= slack:
        return None
    said = f"{old.measure.text} → {level.scene.measure.text}：{plain(round(growth, 2))}%（±{plain(round(slack, 2))}）"
    verdict = _verdict(target, -gap if one.direction == "down" else gap)
    others: tuple[Verdict, ...] = ("cannot_tell",) if verdict != "near" else ("missed", "cannot_tell")
    return outcome(
        target, year, verdict, result=level.scene, kin=level.kin, reasons=("worked-out",), distance=round(gap, 2), unit="百分点", worked=said,
        others=others,
    )  # fmt: skip


def _verdict(target: Scene, ahead: Decimal) -> Verdict:
    """The verdict of a growth that is so many points ahead of the one aimed at, in the direction of the target's own figure."""
    gap = -ahead if side_of(target) == "most" else ahead
    if gap >= 0:
        return "met"
    return "near" if target.measure.comparator == "approx" and -gap <= tolerance(target.measure) else "missed"


def _is_one_indicator(one: Scene, other: Scene) -> bool:
    """True where two figures that are called differently are of one indicator of the catalogue, and no modifier makes one of a part."""
    return bool(one.indicator_id) and one.indicator_id == other.indicator_id and one.core[-2:] == other.core[-2:]


def _is_level(one: Scene, year: int) -> bool:
    measure = one.measure
    return (
        measure.measure == "level" and measure.comparator == "eq" and measure.value is not None and measure.year == year
        and not measure.years and not one.is_part_of_year and not one.places
    )  # fmt: skip


def slack_of(now_text: str, now: Decimal, then_text: str, then: Decimal) -> Decimal:
    """How many points the growth may be off because both levels are rounded."""
    return (rounding(now_text, now) / then + now * rounding(then_text, then) / (then * then)) * 100


def rounding(text: str, value: Decimal) -> Decimal:
    """Half a unit of the last digit that is written: 1250亿元 is known to half an 亿元."""
    digits = "".join(sign for sign in text if sign.isdigit() or sign == ".")
    if not digits.strip(".") or not digits.replace(".", ""):
        return abs(value) / 20
    written = Decimal(digits)
    if written == 0:
        return Decimal(0)
    places = len(digits.split(".")[1]) if "." in digits else 0
    scale = abs(value) / written
    return scale * (Decimal(10) ** -places) / 2
