"""Targets without a number: all, none, both down, kept stable, beside a reference, as assigned from above."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from luoshi.link import relative
from luoshi.link.account import Account, named
from luoshi.link.fitting import Answer
from luoshi.link.link import Outcome, Verdict, Why
from luoshi.link.reaching import number
from luoshi.link.scene import Scene, scene
from luoshi.link.telling import outcome

COMPARATORS: Final = frozenset({"above", "below", "with", "all", "zero", "both_down", "both_up", "assigned", "unchanged"})


def answer(target: Scene, year: int, account: Account, found: Sequence[Answer], above: relative.Look, before: Account | None) -> Outcome:
    """The end of a target without a number."""
    same = [
        one for one in found if one.kin.kinship in {"same", "likely"} and one.bar in {"", "numberless", "unit", "growth_only", "level_only"}
    ]
    comparator = target.measure.comparator
    for one in same:
        zero = _said_zero(target, one.scene)
        if zero is not None:
            return outcome(target, year, "met", result=zero, kin=one.kin, reasons=("said-zero",))
        verdict = _judged(comparator, one.scene)
        if verdict is not None and _same_reference(target, one.scene):
            return outcome(target, year, verdict, result=one.scene, kin=one.kin, reasons=("said-" + comparator,))
    if comparator in relative.COMPARATORS:
        told = relative.answer(target, year, account, same, above, before)
        if told is not None:
            return told
    if same and comparator in {"above", "below"}:
        return outcome(target, year, "cannot_tell", why="reference_missing", result=same[0].scene, kin=same[0].kin)
    if same and comparator == "assigned":
        return outcome(target, year, "cannot_tell", why="assigned", result=same[0].scene, kin=same[0].kin)
    if same:
        return outcome(target, year, "cannot_tell", why="qualitative", result=same[0].scene, kin=same[0].kin)
    if not named(target, account):
        return outcome(target, year, "dropped", reasons=("named-nowhere",), others=("cannot_tell",))
    why: dict[str, Why] = {
        "above": "reference_missing",
        "below": "reference_missing",
        "with": "reference_missing",
        "assigned": "assigned",
        "unchanged": "qualitative",
    }
    return outcome(target, year, "cannot_tell", why=why.get(comparator, "no_result"), reasons=("named",))


def _judged(comparator: str, one: Scene) -> Verdict | None:
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
        if (
            value is not None
            and result.measure in {"level", "change"}
            and result.unit != "%"
            and result.direction != "down"
            and _is_new_case(one)
        ):
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
    if comparator == "assigned" and result.comparator == "all":
        return "met"
    if comparator == "with" and result.comparator == "above":
        return "met"
    return None


def _said_zero(target: Scene, other: Scene) -> Scene | None:
    """The target's own words of none (“零增量”) in the sentence of a result; ``None`` where they are not there."""
    words, source = target.measure.text.strip('“”"'), other.source
    if target.measure.comparator != "zero":
        return None
    first, last = source.sentence(other.measure.start, other.measure.end)
    start = source.text.find(words, first, last)
    if start < 0:
        return None
    return scene(
        source,
        msgspec.structs.replace(other.measure, id="", start=start, end=start + len(words), text=words, comparator="zero", value=None),
    )


#: words of cases that came up, and of work on those that are there
_NEW_CASE: Final = re.compile("新增|新发生|发生|发现|出现|突击|抢建")
_WORKED_ON: Final = re.compile("拆除|消化|治理|整治|处置|处理|查处|疏导|清理|化解|整改|办结|制止|清退")


def _is_new_case(one: Scene) -> bool:
    """True for a figure of new cases; what was pulled down or dealt with says nothing of them."""
    words = one.before + one.measure.name + one.after
    return _NEW_CASE.search(words) is not None and _WORKED_ON.search(one.before) is None and one.act not in {"cut", "mend"}


def _same_reference(target: Scene, result: Scene) -> bool:
    """True where both are measured by the same: 高于全国平均 answers no 高于全省平均."""
    one, two = target.measure.reference, result.measure.reference
    return not one or not two or one[:2] == two[:2]


def done(target: Scene, found: Sequence[Answer]) -> Answer | None:
    """The result that tells a counted target as wholly done without its number: 老旧小区改造任务全部完成."""
    for one in found:
        result = one.scene.measure
        if one.kin.kinship in {"same", "likely"} and result.comparator == "all" and target.measure.unit != "%":
            return one
    return None
