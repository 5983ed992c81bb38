"""The end of a target in the report that accounts for its year: which figure answers it, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from types import MappingProxyType

import msgspec

from luoshi.link import numberless, relative, working
from luoshi.link.account import Account, named
from luoshi.link.fitting import (
    FEWEST,
    Answer,
    Settled,
    bar_besides,
    candidates,
    is_counted,
    is_flow,
    is_out_of_scale,
    is_statistical,
    kin_of,
    share_work,
    shared_pairs,
)
from luoshi.link.link import Outcome, Verdict, Why
from luoshi.link.naming import Kin, is_bare
from luoshi.link.reaching import Reach, reach, same_unit, side_of
from luoshi.link.scene import Scene
from luoshi.link.telling import outcome
from luoshi.link.words import pattern


def nowhere(level: str) -> None:
    """No report of a place above is known."""


def said_anew(target: Scene, year: int, account: Account, settled: Settled) -> Outcome | None:
    """The same goal for the same year with another figure in a later document, before it was due; ``None`` where it stands as it was."""
    for other in account.others:
        one, two = target.measure, other.measure
        if two.role != "target" or two.last_year != year or two.measure != one.measure or not same_unit(one.unit, two.unit):
            continue
        if (
            one.years != two.years
            or target.is_of_several_years != other.is_of_several_years
            or one.measure == "growth"
            or is_flow(target)
            or is_flow(other)
        ):
            continue  # a sum of years, a mean of years and one year's own figure are three goals
        kin = kin_of(target, other, settled)
        if kin.kinship != "same" or one.value is None or two.value is None or other.scope != target.scope or other.places != target.places:
            continue
        told = reach(target, other)
        if told.distance is None or (told.distance == 0 and one.comparator == two.comparator):
            return None
        verdict: Verdict = "restated" if told.distance == 0 else "strengthened" if told.distance > 0 else "weakened"
        return outcome(
            target,
            year,
            verdict,
            result=other,
            kin=kin,
            reasons=("said-anew",),
            distance=told.distance,
            unit=told.unit,
            others=("not_yet",),
        )
    return None


def answer(
    target: Scene, year: int, account: Account, before: Account | None, above: relative.Look = nowhere, settled: Settled = MappingProxyType({}),
    taken: Collection[str] = (),
) -> Outcome:  # fmt: skip
    """The end of ``target``, a figure for ``year``, in the report that accounts for that year.

    ``taken`` are figures that answer other targets better; ``before`` is the report that gave it; ``above`` gives the report of the place above at a level that accounts for the same year.
    """
    if not account.source.accounts:
        return outcome(target, year, "cannot_tell", why="no_result", reasons=("no-review",))
    found = candidates(target, year, account, settled, taken)
    open_ = [one for one in found if not one.bar]
    if target.measure.value is None or target.measure.comparator in numberless.COMPARATORS:
        return numberless.answer(target, year, account, found, above, before)
    figure = _figure(target, open_)
    if figure is not None:
        return _told(target, year, *figure)
    part = _part_or_whole(target, found)
    if part is not None:
        return _told(target, year, *part)
    done = numberless.done(target, found)
    if done is not None:
        return outcome(target, year, "met", result=done.scene, kin=done.kin, reasons=("told-as-done",))
    worked = working.worked_out(target, year, found, before)
    if worked is not None:
        return worked
    return _untold(target, year, found, account)


def _figure(target: Scene, open_: Sequence[Answer]) -> tuple[Answer, Reach] | None:
    """The figure that answers, with what follows; one that only bounds the result gives way to an exact one of the same name further on."""
    bound: tuple[Answer, Reach] | None = None
    for one in open_:
        told = reach(target, one.scene)
        if told.verdict is not None and (bound is None or one.kin == bound[0].kin):
            return one, told
        if told.reason == "bound-only":
            bound = bound or (one, told)
    return bound


#: the shortest name of a whole that is surely the whole
_SHORTEST_WHOLE = 3
#: names of things of so many kinds that the number of one kind says nothing of another
_MANY_KINDS = frozenset({"学位", "企业", "项目", "人才", "床位", "公园", "小区", "社区"})


def _part_or_whole(target: Scene, found: Sequence[Answer]) -> tuple[Answer, Reach] | None:
    """A part that reaches the target of the whole, or a whole that falls short of the target of a part; of counts only, where this is sure."""
    for one in found:
        if one.bar != "other_indicator" or one.kin.reason != "modifier" or not one.kin.narrower or not is_counted(target.measure):
            continue
        if target.indicator_id.endswith("projects") or one.scene.core in _MANY_KINDS or target.core in _MANY_KINDS:
            continue
        if one.kin.narrower == "target" and (len(one.scene.core) < _SHORTEST_WHOLE or not _is_whole(target, one.scene)):
            continue
        if side_of(target) != "least" or bar_besides(target, one.scene, target.measure.last_year):
            continue
        told = reach(target, one.scene)
        if one.kin.narrower == "result" and pattern("parts").fullmatch(one.kin.extra) is None:
            continue
        if (one.kin.narrower, told.verdict) in {("result", "met"), ("target", "missed")}:
            reason = "part-reaches" if told.verdict == "met" else "whole-falls-short"
            return one, msgspec.structs.replace(told, reason=reason, others=("cannot_tell",))
    return None


_ADDED = frozenset({"new"})
_QUALIFIED = re.compile(r"其中|首批|第一批|部分|等$|等[^级高]")


def _is_whole(target: Scene, other: Scene) -> bool:
    """True for a result of the same act that nothing narrows."""
    if (
        target.works != _ADDED
        or (target.act and other.act and target.act != other.act)
        or target.works != other.works
        or target.deeds != other.deeds
        or other.scope
    ):
        return False
    return _QUALIFIED.search(other.before) is None


def _told(target: Scene, year: int, best: Answer, told: Reach) -> Outcome:
    verdict: Verdict = told.verdict or "cannot_tell"
    if verdict == "missed" and is_counted(target.measure) and best.scene.works and target.works > best.scene.works:
        # 新改扩建7家医院 counts what is built and what is mended, 建成1家 only a part of it
        return outcome(target, year, "cannot_tell", why="other_indicator", result=best.scene, kin=best.kin, others=("missed",))
    if verdict == "missed" and _is_one_kind_of_home(target, best.scene):
        return outcome(target, year, "cannot_tell", why="other_indicator", result=best.scene, kin=best.kin, others=("missed",))
    if verdict == "missed" and is_counted(target.measure) and target.is_furthered and target.measure.measure != "growth":
        return outcome(target, year, "cannot_tell", why="qualitative", result=best.scene, kin=best.kin, reasons=("only-furthered",), others=("missed",))  # fmt: skip
    if (
        told.distance
        and told.verdict != "near"
        and target.is_kept_at
        and not target.indicator_id
        and target.measure.comparator in {"eq", "approx"}
    ):
        # what the catalogue does not know may be a ceiling or a floor: 班额控制在45人, 亮灯率控制在98%
        return outcome(target, year, "cannot_tell", why="qualitative", result=best.scene, kin=best.kin, others=("met", "missed"))
    is_far = is_statistical(target) and is_out_of_scale(target.measure, best.scene.measure)
    if is_far and verdict != "missed":
        # a year's sum is not passed many times over: it is that of more years, or of a greater place
        return outcome(target, year, "cannot_tell", why="other_indicator", result=best.scene, kin=best.kin,
            others=(verdict,) if told.verdict else told.others)  # fmt: skip
    far: tuple[Verdict, ...] = ("cannot_tell",) if is_far else ()
    return outcome(
        target, year, verdict, why="" if told.verdict else "bound_only", result=best.scene, kin=best.kin, reasons=(told.reason,),
        distance=told.distance, unit=told.unit, others=told.others + far,
    )  # fmt: skip


_ALL_HOMES = "公共住房"
_FOR_TALENT = "人才"


def _is_one_kind_of_home(target: Scene, result: Scene) -> bool:
    """True where homes of two kinds were promised and one of them is told: 人才住房和保障性住房8000套, 保障性住房6000套."""
    if "房" not in target.name:
        return False
    if _FOR_TALENT in target.name and _FOR_TALENT not in result.name:
        return _ALL_HOMES not in result.name
    return _ALL_HOMES in target.name and _ALL_HOMES not in result.name and not _are_both_kinds(result.name)


def _are_both_kinds(name: str) -> bool:
    return _FOR_TALENT in name and "保障" in name


#: what a barred figure of the same name says of a target that nothing answers
_WHYS: dict[str, Why] = {
    "cumulative": "cumulative", "level_only": "level_only", "growth_only": "growth_only", "other_indicator": "other_indicator",
}  # fmt: skip


def _is_of_other_size(target: Scene, one: Answer) -> bool:
    """True for a figure of the same name that is barred, and by its size too is that of a part of the place, or of a greater one."""
    return one.bar in {"out_of_scale", "part_of_place"} and is_statistical(target) and is_out_of_scale(target.measure, one.scene.measure)


def _elsewhere(target: Scene, year: int, one: Answer) -> Outcome:
    """The end of a target of whose name only a figure of another place or work is told; where the words do not say so, it may be its own."""
    is_own = one.bar == "out_of_scale" and reach(target, one.scene).verdict == "missed"
    others: tuple[Verdict, ...] = ("missed",) if is_own else ("dropped",)
    return outcome(
        target,
        year,
        "cannot_tell",
        why="other_indicator",
        result=one.scene,
        kin=one.kin,
        reasons=("barred-other_indicator",),
        others=others,
    )


def _untold(target: Scene, year: int, found: Sequence[Answer], account: Account) -> Outcome:
    """The end of a target that no figure answers."""
    for one in found:
        if one.kin.kinship != "look-alike" and _is_of_other_size(target, one):
            return _elsewhere(target, year, one)
        if one.bar in _WHYS and one.kin.kinship != "look-alike" and one.bar != "numberless":
            return outcome(target, year, "cannot_tell", why=_WHYS[one.bar], result=one.scene, kin=one.kin, reasons=("barred-" + one.bar,))
    likes = [one for one in found if one.bar == "other_indicator"]
    family = [one for one in likes if one.kin.reason == "family"]
    if family:
        return outcome(target, year, "cannot_tell", why="other_indicator", result=family[0].scene, kin=family[0].kin)
    same = any(one.kin.kinship in {"same", "likely"} for one in found)
    if same or named(target, account):
        return outcome(target, year, "cannot_tell", why="no_result", reasons=("named",), others=("dropped",))
    if likes:
        return outcome(target, year, "cannot_tell", why="other_indicator", result=likes[0].scene, kin=likes[0].kin, others=("dropped",))
    cut = not account.source.complete
    return outcome(
        target,
        year,
        "dropped",
        reasons=("named-nowhere", *(("text-cut-off",) if cut else ())),
        others=("cannot_tell",) if cut or is_bare(target.core) else (),
    )


def beside_sibling(
    target: Scene, year: int, account: Account, sentences: Collection[tuple[int, int]], taken: Collection[str]
) -> Outcome | None:
    """The end of a target that nothing answers by its name, by a figure in a sentence that answers its neighbour; likely only.

    ``sentences`` are those that answer other targets of the same sentence, ``taken`` the figures that do.
    """
    one = target.measure
    if one.value is None or one.comparator in numberless.COMPARATORS:
        return None
    best: tuple[int, Scene] | None = None
    for other in account.results:
        two = other.measure
        if (
            two.id in taken
            or two.measure != one.measure
            or one.unit != two.unit
            or bar_besides(target, other, year)
            or is_out_of_scale(one, two)
        ):
            continue
        if two.value is None or (is_counted(one) and min(one.value, two.value) < FEWEST) or not share_work(target, other):
            continue
        if not any(first <= two.start < last for first, last in sentences):
            continue
        shared = shared_pairs(target.core, other.core)
        if (shared >= _SIBLING or one.value == two.value) and _goes_together(target, other) and (best is None or shared > best[0]):
            best = shared, other
    if best is None:
        return None
    told = reach(target, best[1])
    if told.verdict is None:
        return None
    kin = Kin("likely", "beside-sibling")
    return outcome(
        target,
        year,
        told.verdict,
        result=best[1],
        kin=kin,
        reasons=(told.reason,),
        distance=told.distance,
        unit=told.unit,
        others=("cannot_tell",),
    )


#: so many pairs of signs two names in the sentences of siblings must share
_SIBLING = 2


def _goes_together(target: Scene, other: Scene) -> bool:
    """True where a pair of signs is shared, not the last sign alone, and nothing says that the two are kept apart."""
    one, two = target.core, other.core
    if not {one[place : place + 2] for place in range(len(one) - 1)} & {two[place : place + 2] for place in range(len(two) - 1)}:
        return False
    kin = kin_of(target, other)
    return kin.reason not in {"family", "modifier", "catalogue-only"} and not (
        target.indicator_id and other.indicator_id and target.indicator_id != other.indicator_id
    )
