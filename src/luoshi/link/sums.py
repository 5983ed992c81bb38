"""Sums and shares that do not work out inside one document: parts and their total, a share with part and whole, a structure that is not 100 %."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

from luoshi.link.contradiction import Contradiction, Failure, Subject, contradiction_of, shown, table
from luoshi.link.figures import Figure, Figures, subject_of
from luoshi.link.reaching import same_unit
from luoshi.link.scene import scene
from luoshi.link.source import Measured, Source
from luoshi.link.telling import plain, quoted

_NUMBER = r"(\d{1,3}(?:[.．]\d{1,2})?)\s*[%％]?"
_STRUCTURE = re.compile(rf"(?<![\d.．]){_NUMBER}\s*[:：∶﹕︰]\s*{_NUMBER}\s*[:：∶﹕︰]\s*{_NUMBER}(?!\s*[:：∶﹕︰\d])")
_INDUSTRIES = re.compile(r"三次产业|三产|产业(?:结构|比例|比重|构成)|一二三产")
_OF_WHICH = re.compile(r"^(?:余|多)?[^，。；,;\d]{0,6}[，,、（(]?其中[:：]?")
#: the amount is a mean or an increase, no total
_NO_TOTAL = re.compile(r"均[^，。；]{0,8}$|每[^，。；]{0,8}$|(?:比|较)[^，。；]{1,10}(?:增加|减少|提高|下降)[^，。；]{0,3}$")
_TOGETHER = re.compile(r"(?:合计|共计|总计|两项合计|三项合计|两者合计|三者合计)(?:达|为|完成)?$")
_HUNDRED: Final = Decimal(100)
#: shares of a structure farther from 100 are no structure of a whole
_STRUCTURE_REACH: Final = Decimal(20)
#: parts that come this near to their total are all its parts; ratios of their sum to the total
_ALL_PARTS: Final = (Decimal("0.98"), Decimal("1.05"))
_TOTALLED: Final = (Decimal("0.8"), Decimal("1.25"))
_FARTHEST_POINTS: Final = Decimal(15)


def sums(source: Source) -> list[Contradiction]:
    """What does not add up inside the sentences of a document, in the order of the text."""
    return [*structures(source), *totals(source)]


def structures(source: Source) -> Iterator[Contradiction]:
    """The three industries' shares (三次产业结构 a:b:c) that do not make 100."""
    for match in _STRUCTURE.finditer(source.text):
        first, _ = source.sentence(match.start(), match.end())
        if not _INDUSTRIES.search(source.text[first : match.start()]):
            continue
        written = [word.replace("．", ".") for word in match.groups()]
        values = [Decimal(word) for word in written]
        allowance = sum((Decimal(10) ** -len(word.partition(".")[2]) / 2 for word in written), Decimal(0))
        gap = sum(values) - _HUNDRED
        if allowance < abs(gap) <= _STRUCTURE_REACH:
            said = quoted(source, match.start(), match.end(), "")
            worked = f"{' + '.join(map(plain, values))} = {plain(sum(values, Decimal(0)))}"
            failure = Failure("structure_off", worked, gap, allowance, "百分点", ("rounded", "misread"))
            yield contradiction_of(Subject(source, source.review_year, "三次产业结构"), (said, said), failure)


def totals(source: Source) -> Iterator[Contradiction]:
    """Parts of a sentence that do not make the total beside them."""
    amounts = [one for one in source.measures if one.value is not None and one.measure in {"level", "change"} and one.role != "attribute"]
    for (_, last), held in groupby(amounts, key=lambda one: source.sentence(one.start, one.end)):
        row = list(held)
        for index, total in enumerate(row):
            if total.unit in {"%", "‰", "百分点"} or total.comparator != "eq":
                continue
            yield from _of_which(source, total, row[index + 1 :], last)
            yield from _together(source, total, row[:index])


def _of_which(source: Source, total: Measured, behind: Sequence[Measured], last: int) -> Iterator[Contradiction]:
    """T，其中 A、B、C."""
    first, _ = source.sentence(total.start, total.end)
    if not _OF_WHICH.match(source.text[total.end : last]) or _NO_TOTAL.search(source.text[first : total.start]):
        return
    parts = list(_run(source, total, behind))
    if parts and parts[0].comparator == "eq" and (told := _greater(source, total, parts[0])) is not None:
        yield told
    elif len(parts) > 1:
        yield from _summed(source, total, parts, _ALL_PARTS)


def _greater(source: Source, total: Measured, part: Measured) -> Contradiction | None:
    """412件，其中… 460件: a part is greater than its total."""
    whole, one = _figure(source, total), _figure(source, part)
    gap, allowance = one.value - whole.value, whole.slack + one.slack
    if gap <= allowance:
        return None
    worked = f"{shown(one.value, part.unit)} > {shown(whole.value, total.unit)}"
    failure = Failure("part_exceeds_whole", worked, gap, allowance, total.unit, ("other_parts", "misread"))
    return contradiction_of(
        Subject(source, total.year, whole.scene.core or total.name, total.indicator_id), (whole.quoted, one.quoted), failure
    )


def _run(source: Source, total: Measured, row: Sequence[Measured]) -> Iterator[Measured]:
    """The amounts in the same unit up to the first in another, without a word between them that opens another matter."""
    end = total.end
    for one in row:
        between = source.text[end : one.start]
        if one.unit != total.unit or one.measure != total.measure or re.search(r"均|每|同比|比上年|增加|累计|分别|总", between):
            return
        yield one
        end = one.end


def _together(source: Source, total: Measured, row: Sequence[Measured]) -> Iterator[Contradiction]:
    """A、B，合计 T."""
    first, _ = source.sentence(total.start, total.end)
    if not _TOGETHER.search(source.text[first : total.start]):
        return
    parts = [one for one in row if one.unit == total.unit and one.measure == total.measure]
    if len(parts) > 1 and len(parts) == len(row):
        yield from _summed(source, total, parts, _TOTALLED)


def _summed(source: Source, total: Measured, parts: Sequence[Measured], reach: tuple[Decimal, Decimal]) -> Iterator[Contradiction]:
    if any(one.comparator != "eq" for one in parts):
        return
    whole, figures = _figure(source, total), [_figure(source, one) for one in parts]
    added = sum((one.value for one in figures), Decimal(0))
    allowance = whole.slack + sum((one.slack for one in figures), Decimal(0))
    gap = added - whole.value
    if whole.value <= 0 or not reach[0] <= added / whole.value <= reach[1] or _fits(gap, allowance, [whole, *figures]):
        return
    unit = total.unit
    worked = f"{' + '.join(shown(one.value, unit) for one in figures)} = {shown(added, unit)}，原文{shown(whole.value, unit)}"
    quotations = (whole.quoted, figures[0].quoted, *(one.quoted for one in figures[1:]))
    failure = Failure("sum_off", worked, gap, allowance, unit, ("other_parts", "rounded", "misread"))
    subject = Subject(source, total.year, whole.scene.core or total.name, total.indicator_id)
    yield contradiction_of(subject, quotations, failure)


def _fits(gap: Decimal, allowance: Decimal, figures: Sequence[Figure]) -> bool:
    """Counts of things are exact where none is written with a scale; all other figures may be rounded."""
    if all(
        (one.measure.unit == "人" or same_unit(one.measure.unit, "个")) and one.half == Decimal("0.5") and one.is_exact for one in figures
    ):
        return gap == 0
    return abs(gap) <= allowance


def _figure(source: Source, measure: Measured) -> Figure:
    return Figure(scene(source, measure), measure.name, measure.year or 0)


def shares(place: Figures) -> list[Contradiction]:
    """Shares that do not follow from part and whole, and wholes that are not the sum of all their parts, in one document."""
    found: list[Contradiction] = []
    for (identity, year, kind), held in place.by_key.items():
        if kind == "level" and identity.startswith("id:"):
            for one in held:
                found += _share(place, one, year)
                found += _whole(place, one, year)
    return found


def _level(place: Figures, source: Source, indicator: str, year: int) -> Figure | None:
    """The first exact level of an indicator in the document."""
    return next((one for one in place.of(f"id:{indicator}", year, "level") if one.source is source and one.is_exact), None)


def _share(place: Figures, told: Figure, year: int) -> Iterator[Contradiction]:
    for share, part_id, whole_id in table().shares:
        if told.indicator_id != share or not told.is_exact:
            continue
        part, whole = _level(place, told.source, part_id, year), _level(place, told.source, whole_id, year)
        if part is None or whole is None or part.measure.unit != whole.measure.unit or whole.value <= 0 or part is told:
            continue
        factor = _HUNDRED if told.measure.unit == "%" else Decimal(1)
        worked = factor * part.value / whole.value
        allowance = factor * (part.slack / whole.value + part.value * whole.slack / (whole.value * whole.value)) + told.slack
        gap = worked - told.value
        if abs(gap) <= allowance or abs(gap) > _FARTHEST_POINTS:
            continue
        unit = part.measure.unit
        text = f"{shown(part.value, unit)} ÷ {shown(whole.value, unit)} = {plain(round(worked, 2))}{told.measure.unit}"
        rate = "百分点" if told.measure.unit == "%" else told.measure.unit
        failure = Failure("share_off", text, gap, allowance, rate, ("other_scope", "revised", "misread"))
        yield contradiction_of(subject_of(told), (part.quoted, told.quoted, whole.quoted), failure)


def _whole(place: Figures, total: Figure, year: int) -> Iterator[Contradiction]:
    for whole, *ids in table().sums:
        if total.indicator_id != whole or not total.is_exact:
            continue
        parts = [one for id_ in ids if (one := _level(place, total.source, id_, year)) is not None]
        if len(parts) != len(ids) or any(one.measure.unit != total.measure.unit for one in parts):
            continue
        added = sum((one.value for one in parts), Decimal(0))
        allowance = total.slack + sum((one.slack for one in parts), Decimal(0))
        gap, unit = added - total.value, total.measure.unit
        if abs(gap) <= allowance or abs(gap) > total.value / 4:
            continue
        text = f"{' + '.join(shown(one.value, unit) for one in parts)} = {shown(added, unit)}，原文{shown(total.value, unit)}"
        quotations = (total.quoted, parts[0].quoted, *(one.quoted for one in parts[1:]))
        failure = Failure("sum_off", text, gap, allowance, unit, ("revised", "other_scope", "misread"))
        yield contradiction_of(subject_of(total), quotations, failure)
