"""The table of one indicator of one place: for each year what was aimed at and what came of it, and why a cell is empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

import msgspec

from luoshi.extract import catalogue
from luoshi.link.chain import Gap, Row, Step
from luoshi.link.chains import fullest
from luoshi.link.contradiction import Language, Texts
from luoshi.link.measured_chains import order, points_of, step_of
from luoshi.link.scene import Scene
from luoshi.link.source import Source
from luoshi.link.telling import plain
from luoshi.tables import load_table

#: 经济增长速度的宏观调控目标 → 经济增长
_AIM: Final = re.compile(r"(?:的?(?:主要)?(?:宏观)?(?:调控|预期|计划)?(?:目标|指标)|速度|率|幅度|定|为|是)$")
_AIM_HEAD: Final = re.compile(r"^.*?(?:提出|确定|要求)?(?:今年|明年|(?:19|20)\d\d年)")
_OVER_YEARS: Final = re.compile(r"相比|(?:比|较)(?:19|20)\d\d年|以来|翻")


class RowTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``yearly.yaml`` as written."""

    gaps: dict[str, Texts]
    beside: dict[str, Texts]
    comparators: dict[str, Texts]
    down: Texts
    points: Texts


def table(
    sources: Iterable[Source], indicator_id: str, place: str, *, measure: str = "growth", years: tuple[int, int] | None = None
) -> tuple[Row, ...]:
    """One row a year, from the first to the last year that the documents tell of, or of ``years``.

    A row holds every saying of the year's target and result, without those over several years; where it holds none, the slug of the reason and
    a sentence.
    """
    documents = sorted(
        (one for one in fullest(sources) if one.place == place and one.kind == "report"), key=lambda one: (one.plan_year or 0, one.key)
    )
    steps = [step_of(one) for document in documents for one in points_of(document) if is_of(one.scene, indicator_id, measure)]
    told = [one.year for one in steps if one.year is not None]
    first, last = years or (min(told, default=0), max(told, default=-1))
    planned = {one.plan_year: one for one in documents if one.plan_year}
    accounted = {one.review_year: one for one in documents if one.review_year}
    return tuple(_row(year, [one for one in steps if one.year == year], planned, accounted) for year in range(first, last + 1))


def is_of(one: Scene, indicator_id: str, measure: str) -> bool:
    """True for a figure of the indicator for one year, whatever tail its name has (经济增长预期目标)."""
    if one.is_of_several_years or _OVER_YEARS.search(one.lead[-_NEAR:] + one.before):
        return False
    if one.measure.measure != measure and not (measure == "growth" and _is_rate_of_growth(one)):
        return False
    return indicator_id in {one.indicator_id, _by_aim(one.name)}


_MOST_TAILS: Final = 4
#: words in front of an amount that are still about it
_NEAR: Final = 20


def _is_rate_of_growth(one: Scene) -> bool:
    """True for a level in % of a thing that grows: 经济增长速度的目标，定为百分之八."""
    return one.measure.measure == "level" and one.measure.unit == "%" and _GROWS.search(one.lead[-_NEAR:] + one.before) is not None


_GROWS: Final = re.compile(r"增长(?:速度|率|预期|目标)|增速")


def _by_aim(name: str) -> str:
    """The id of the indicator behind a name with 预期目标, 速度 and the like at its end; "" for none.

    >>> _by_aim("经济增长速度的宏观调控目标")
    'gdp'
    """
    name = _AIM_HEAD.sub("", name)
    for _ in range(_MOST_TAILS):
        shorter = _AIM.sub("", name, count=1)
        if found := catalogue.indicator_id(shorter):
            return found
        if shorter == name:
            return ""
        name = shorter
    return ""


def _row(year: int, steps: Sequence[Step], planned: Mapping[int, Source], accounted: Mapping[int, Source]) -> Row:
    targets = tuple(sorted((one for one in steps if one.role == "target"), key=order))
    results = tuple(sorted((one for one in steps if one.role == "result"), key=order))
    row = Row(year, targets, results, _target_gap(targets, known=year in planned), _result_gap(results, known=year in accounted))
    return msgspec.structs.replace(row, said=said_of(row))


def _target_gap(targets: Sequence[Step], *, known: bool) -> Gap:
    if any(one.value for one in targets):
        return ""
    if not known:
        return "target_document_missing"
    return "no_number" if targets else "no_target"


def _result_gap(results: Sequence[Step], *, known: bool) -> Gap:
    if any(one.value for one in results):
        return ""
    return "no_result" if known else "result_document_missing"


@cache
def _words() -> RowTable:
    return load_table("luoshi.link", "yearly.yaml", RowTable)


def said_of(row: Row, language: Language = "zh") -> str:
    """What the row says in a sentence: why a quotation is missing, or how the result stands to the target's figure. No verdict: ``link`` gives it."""
    gaps = [gap for gap in (row.target_gap, row.result_gap) if gap]
    if not gaps:
        return _beside(_first(row.targets), _first(row.results), language)
    parts = [_words().gaps[gap].of(language).format(year=row.year, next=row.year + 1) for gap in gaps]
    return "".join(parts) if language == "zh" else " ".join(parts)


def _first(steps: Sequence[Step]) -> Step:
    return next(one for one in steps if one.value)


def _beside(target: Step, result: Step, language: Language) -> str:
    wanted, got = _signed(target), _signed(result)
    most = Decimal(target.value_max) if target.value_max else wanted
    where = "below" if got < wanted else "above" if got > most else "within" if target.value_max else "equal"
    gap = abs(got - (most if where == "above" else wanted))
    unit = _words().points.of(language) if target.unit == "%" else target.unit
    return (
        _words()
        .beside[where]
        .of(language)
        .format(target=_amount(target, language), result=_amount(result, language), gap=plain(gap), unit=unit)
    )


def _amount(step: Step, language: Language) -> str:
    """The amount with its direction and comparator: 下降3%以上."""
    down = _words().down.of(language) if step.direction == "down" else ""
    words = _words().comparators.get(step.comparator)
    return f"{down}{step.quoted.text}{words.of(language) if words else ''}"


def _signed(step: Step) -> Decimal:
    value = Decimal(step.value)
    return -value if step.direction == "down" else value
