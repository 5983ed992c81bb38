"""Targets without a number: all, none, both down, kept stable, beside a reference, as assigned from above."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from luoshi.extract import catalogue
from luoshi.link.link import Outcome
from luoshi.link.reaching import number
from luoshi.link.scene import Scene

if TYPE_CHECKING:
    from luoshi.link.answering import Account, Answer

COMPARATORS: Final = frozenset({"above", "below", "with", "all", "zero", "both_down", "both_up", "assigned", "unchanged"})
#: how far behind a reference a growth "in step" (基本同步) may stay, in points
IN_STEP: Final = Decimal("0.5")


def answer(target: Scene, year: int, account: Account, found: Sequence[Answer]) -> Outcome:
    """The end of a target without a number."""
    from luoshi.link.answering import named, outcome

    same = [
        one for one in found if one.kin.kinship in {"same", "likely"} and one.bar in {"", "numberless", "unit", "growth_only", "level_only"}
    ]
    comparator = target.measure.comparator
    for one in same:
        told = _judged(comparator, one.scene)
        if told is not None:
            return outcome(target, year, told, result=one.scene, kin=one.kin, reasons=("said-" + comparator,))
    if comparator == "with":
        in_step = _in_step(target, year, account, same)
        if in_step is not None:
            return in_step
    if same and comparator in {"above", "below"}:
        return outcome(target, year, "cannot_tell", why="reference_missing", result=same[0].scene, kin=same[0].kin)
    if same and comparator == "assigned":
        return outcome(target, year, "cannot_tell", why="assigned", result=same[0].scene, kin=same[0].kin)
    if same:
        return outcome(target, year, "cannot_tell", why="qualitative", result=same[0].scene, kin=same[0].kin)
    if not named(target, account):
        return outcome(target, year, "dropped", reasons=("named-nowhere",), others=("cannot_tell",))
    why = {
        "above": "reference_missing",
        "below": "reference_missing",
        "with": "reference_missing",
        "assigned": "assigned",
        "unchanged": "qualitative",
    }
    return outcome(target, year, "cannot_tell", why=why.get(comparator, "no_result"), reasons=("named",))  # type: ignore[arg-type]


def _judged(comparator: str, one: Scene) -> str | None:
    """The verdict that a result gives by its own words; ``None`` where it does not."""
    result = one.measure
    value = number(result.value)
    if comparator == "all":
        if result.comparator == "all":
            return "met"
        if value is not None and result.unit == "%" and result.measure == "level":
            return "met" if value >= 100 else "missed"
        return None
    if comparator == "zero":
        if result.comparator == "zero":
            return "met"
        if value is not None and result.measure == "level" and result.unit != "%":
            return "met" if value == 0 else "missed"
        return None
    if comparator in {"both_down", "both_up"}:
        wanted = "down" if comparator == "both_down" else "up"
        if result.comparator == comparator:
            return "met"
        if result.measure in {"growth", "change"} and result.direction:
            return "met" if result.direction == wanted else "missed"
        return None
    if comparator in {"above", "below", "with", "assigned", "unchanged"} and result.comparator == comparator:
        return "met"
    if comparator == "with" and result.comparator == "above":
        return "met"
    return None


def _in_step(target: Scene, year: int, account: Account, same: Sequence[Answer]) -> Outcome | None:
    """居民收入增长与经济增长同步: the own figure beside that of the reference in the same report."""
    from luoshi.link.answering import outcome, plain

    reference = catalogue.indicator_id(target.measure.reference)
    mine = next((one for one in same if one.scene.measure.measure == "growth" and one.scene.measure.value is not None), None)
    if not reference or mine is None:
        return None
    for other in account.results:
        one = other.measure
        if one.indicator_id == reference and one.measure == "growth" and one.value is not None and one.year == year and not other.places:
            own, its = _signed(mine.scene), _signed(other)
            gap = own - its
            verdict = "met" if gap >= 0 else "near" if -gap <= IN_STEP else "missed"
            said = f"{plain(own)}% − {plain(its)}% = {plain(gap)}"
            return outcome(
                target, year, verdict, result=mine.scene, kin=mine.kin, reasons=("beside-reference",), distance=gap, unit="百分点", worked=said,
                others=("met",) if verdict == "near" else (),
            )  # fmt: skip
    return None


def _signed(one: Scene) -> Decimal:
    value = number(one.measure.value) or Decimal(0)
    return -value if one.measure.direction == "down" else value


def done(target: Scene, found: Sequence[Answer]) -> Answer | None:
    """The result that tells a counted target as wholly done without its number: 老旧小区改造任务全部完成."""
    for one in found:
        result = one.scene.measure
        if one.kin.kinship in {"same", "likely"} and result.comparator == "all" and target.measure.unit != "%":
            return one
    return None
