"""Targets that name a reference instead of a number: 高于全市平均, 与经济增长同步, 不低于上年.

The reference is looked for where it is said: another indicator in the same report, the same indicator a year before, or the same indicator in
the report of the place above. What is not in the ledger is waited for, and what is of a look-alike is shown and decides nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final, Literal

import msgspec

from luoshi.extract import catalogue
from luoshi.link.account import Account
from luoshi.link.fitting import Answer
from luoshi.link.link import Outcome, Verdict
from luoshi.link.reaching import in_step, number, same_unit
from luoshi.link.scene import Scene
from luoshi.link.telling import outcome, plain
from luoshi.link.words import family_of

COMPARATORS: Final = frozenset({"above", "below", "with"})
_ABOVE: Final = {"全国": "national", "全省": "province", "全区和全国": "national", "全市": "city", "全州": "city"}
_YEAR: Final = re.compile(r"^(?:上年|去年|上一年)(?!.*(?:实际|计划|目标))")
_NOT_LOWER: Final = re.compile(r"不低于|不小于|不少于|不慢于|不亚于|达到|持平|一致")

Look = Callable[[str], "Account | None"]


class Reference(msgspec.Struct, frozen=True):
    """What a target is measured by: an ``indicator`` of the same report, the ``place`` above at this level, the ``year`` before."""

    kind: Literal["indicator", "place", "year"]
    what: str


def reference_of(target: Scene) -> Reference | None:
    """What the words after 高于, 快于, 与…同步 mean; ``None`` where they mean nothing that a report tells."""
    words = target.measure.reference
    for word, level in _ABOVE.items():
        if words.startswith(word):
            return Reference("place", level)
    if _YEAR.match(words):
        return Reference("year", "")
    found = catalogue.indicator_id(words) or catalogue.indicator_id(words.removesuffix("幅度"))
    return Reference("indicator", found) if found else None


def answer(target: Scene, year: int, account: Account, own: Sequence[Answer], above: Look, before: Account | None) -> Outcome | None:
    """The end of a relative target, by the figures; ``None`` where its own figure is not told or its reference is no figure at all."""
    reference = reference_of(target)
    growth = target.measure.comparator == "with" or (reference is not None and reference.kind == "indicator")
    mine = next((one for one in own if _is_figure(one.scene, year) and (not growth or one.scene.measure.measure == "growth")), None)
    if reference is None or mine is None:
        return None
    if reference.kind == "indicator":
        return _against(target, year, mine, _figure(account, reference.what, mine.scene, year))
    if reference.kind == "year":
        old = next((_figure(one, mine.scene.indicator_id, mine.scene, year - 1) for one in (account, before) if one), None)
        return _against(target, year, mine, old)
    there = above(reference.what)
    found = _figure(there, mine.scene.indicator_id, mine.scene, year) if there else None
    if found is not None:
        return _against(target, year, mine, found)
    like = _alike(there, mine.scene, year) if there else None
    if like is not None:
        return _looked_like(target, year, mine, like)
    return outcome(
        target, year, "cannot_tell", why="reference_missing", result=mine.scene, kin=mine.kin, reasons=("waits-" + reference.what,)
    )


def resolved(target: Scene, year: int, above: Look) -> tuple[Scene, str] | None:
    """(the reference's own figure, reason) of a target whose own result nobody has told yet; ``None`` where the reference is not told either."""
    reference = reference_of(target) if target.measure.comparator in COMPARATORS else None
    there = above(reference.what) if reference and reference.kind == "place" else None
    if there is None:
        return None
    for indicator, reason in (
        (target.indicator_id, "reference-known"),
        *((one, "reference-look-alike") for one in sorted(family_of(target.indicator_id))),
    ):
        for one in there.results:
            growth = one.measure.measure == (target.measure.measure if target.measure.measure == "growth" else one.measure.measure)
            if (
                indicator
                and one.indicator_id == indicator
                and growth
                and _is_figure(one, year)
                and not one.places
                and not one.is_comparable
            ):
                return one, reason
    return None


def _is_figure(one: Scene, year: int) -> bool:
    measure = one.measure
    return measure.value is not None and measure.year == year and measure.measure in {"growth", "level"} and not one.is_part_of_year


def _figure(account: Account | None, indicator: str, like: Scene, year: int) -> Scene | None:
    """The whole place's figure of an indicator, of the same kind as ``like``."""
    if account is None or not indicator:
        return None
    for one in account.results:
        same = one.measure.measure == like.measure.measure and same_unit(one.measure.unit, like.measure.unit)
        if one.indicator_id == indicator and same and _is_figure(one, year) and not one.places and not one.is_comparable and not one.scope:
            return one
    return None


def _alike(account: Account, like: Scene, year: int) -> Scene | None:
    for indicator in sorted(family_of(like.indicator_id)):
        found = _figure(account, indicator, like, year)
        if found is not None:
            return found
    return None


def _against(target: Scene, year: int, mine: Answer, other: Scene | None) -> Outcome | None:
    if other is None:
        return None
    own, its = _signed(mine.scene), _signed(other)
    verdict, others = _judged(target, own - its)
    return outcome(
        target, year, verdict, result=mine.scene, kin=mine.kin, reasons=("beside-reference",), distance=own - its, unit=_points(mine.scene),
        worked=_said(mine.scene, other, plain(own - its)), others=others, beside=other,
    )  # fmt: skip


def _looked_like(target: Scene, year: int, mine: Answer, like: Scene) -> Outcome:
    """A reference of a look-alike: shown with what it would say, and not decided."""
    gap = _signed(mine.scene) - _signed(like)
    would, _ = _judged(target, gap)
    return outcome(
        target, year, "cannot_tell", why="other_indicator", result=mine.scene, kin=mine.kin, reasons=("reference-look-alike",),
        worked=_said(mine.scene, like, plain(gap)), others=(would,), beside=like,
    )  # fmt: skip


def _judged(target: Scene, gap: Decimal) -> tuple[Verdict, tuple[Verdict, ...]]:
    comparator = target.measure.comparator
    if comparator == "with":
        return ("met", ()) if gap >= 0 else ("missed", ("met",) if -gap <= in_step() else ())
    if comparator == "below":
        gap = -gap
    if gap == 0:
        return ("met", ()) if _NOT_LOWER.search(target.measure.text) else ("missed", ("met",))
    return ("met", ()) if gap > 0 else ("missed", ())


def _said(mine: Scene, other: Scene, gap: str) -> str:
    return f"{mine.name} {mine.measure.text} − {other.source.region}{other.name} {other.measure.text} = {gap}"


def _points(one: Scene) -> str:
    return "百分点" if one.measure.unit == "%" else one.measure.unit


def _signed(one: Scene) -> Decimal:
    value = number(one.measure.value) or Decimal(0)
    return -value if one.measure.direction == "down" else value
