"""Arithmetic inside one sentence: from A to B by C, B after an increase of C, growth at so much a year. Nothing but the sentence is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final

import msgspec

from luoshi.link.contradiction import Contradiction, Failure, Subject, contradiction_of, shown
from luoshi.link.figures import Figure, told_growth
from luoshi.link.scene import scene
from luoshi.link.source import Measured, Source
from luoshi.link.telling import plain
from luoshi.link.working import CONSTANT_PRICES

_UP_TO = re.compile(
    r"^(?:左右|多|余|以上)?(?:，|,)?(?:稳步|大幅|快速|逐步|迅速|已|再)?(?:增加|增长|提高|上升|提升|扩大|发展|跃升|攀升|增|升|上调|调整|提|跨越|壮大|下降|减少|降低|降|缩短|缩小|压减|压缩)(?:到|至|为)(?:了)?(?:20\d\d年底?末?的?|去年底?的?|今年的?)?$"
)
_FROM = re.compile(r"(?:由|从)(?P<when>[^，。；：,;]{0,12}?)$")
_YEARS = re.compile(r"(?:19|20)\d\d(?=年)")
_BY = re.compile(r"^[，、,]?(?:净|共|总共|累计)?(?:增加|增长|提高|上升|提升|下降|减少|降低|增|升|降)了?(?:达|约)?$")
_YEARLY = re.compile(r"^[，、,]?(?:年均|年平均|平均每年)(?:递增|增长|增速为?|增幅为?|增加)(?:达|约)?$")
_MORE_THAN_LAST = re.compile(r"^(?:[，、,（(])?(?:同比|(?:比|较)(?:上年|去年|年初)(?:末|底|同期)?)(?:净)?(?:增加|多|增长|减少|下降|少)了?$")
_GROWN = re.compile(r"^[，、,]?(?:同比)?(?:增长|增幅|增速|增加|下降|减少)(?:达|为)?$")
#: an arithmetic that fails by more than this share of what it should give rests on a misreading
_FARTHEST: Final = Decimal("0.6")
_HUNDRED: Final = Decimal(100)


class Triple(msgspec.Struct, frozen=True):
    """Three amounts of a sentence with the text between them."""

    one: Figure
    two: Figure
    three: Figure
    first_gap: str
    second_gap: str


def arithmetic(source: Source) -> list[Contradiction]:
    """The sums of a sentence that do not work out, in the order of the text."""
    found: list[Contradiction] = []
    for triple in _triples(source):
        for check in (_from_to, _after_increase):
            told = check(triple)
            if told is not None:
                found.append(told)
                break
    return found


def _triples(source: Source) -> Iterator[Triple]:
    plain_ones = [one for one in source.measures if one.value is not None and one.comparator in {"eq", "approx"}]
    for _, held in groupby(plain_ones, key=lambda one: source.sentence(one.start, one.end)):
        row = list(held)
        for one, two, three in zip(row, row[1:], row[2:], strict=False):
            if one.role != "target" and two.role != "target" and three.role != "target":
                yield _triple(source, (one, two, three))


def _triple(source: Source, three: Sequence[Measured]) -> Triple:
    figures = [Figure(scene(source, one), one.name, one.year or 0) for one in three]
    text = source.text
    return Triple(
        figures[0], figures[1], figures[2], text[three[0].end : three[1].start].strip(), text[three[1].end : three[2].start].strip()
    )


def _from_to(triple: Triple) -> Contradiction | None:
    """由 A 增加到 B，增长 C% / 年均增长 C% / 增加 C."""
    old, new, third = triple.one, triple.two, triple.three
    match = _FROM.search(old.scene.before)
    if match is None or not _UP_TO.match(triple.first_gap) or old.measure.unit != new.measure.unit or old.value <= 0 or new.value <= 0:
        return None
    if old.measure.measure == "growth" or "分别" in old.scene.before:
        return None
    change = third.measure
    if change.unit == "倍" and change.measure == "growth" and _BY.match(triple.second_gap) and not _is_real(new, third):
        return _times(triple)
    if change.unit == "%" and change.measure == "growth" and not _is_real(new, third):
        if _BY.match(triple.second_gap):
            return _growth(triple, _HUNDRED * (abs(new.value) / abs(old.value) - 1), _levels_slack(new, old))
        years = _years_between(old, new, match["when"], triple.first_gap)
        if _YEARLY.match(triple.second_gap) and years:
            return _yearly(triple, years)
    if _BY.match(triple.second_gap) and (change.unit == old.measure.unit or (old.measure.unit == "%" and change.unit == "百分点")):
        return _difference(triple)
    return None


def _is_real(level: Figure, growth: Figure) -> bool:
    """True where the growth is at constant prices or on another basis than the levels."""
    indicator = level.scene.indicator_id or growth.scene.indicator_id
    around = growth.scene.before + growth.scene.after
    return indicator in CONSTANT_PRICES or any(word in around for word in ("实际", "可比", "同口径", "剔除", "扣除", "不变价"))


def _levels_slack(new: Figure, old: Figure) -> Decimal:
    return _HUNDRED * (new.slack / old.value + new.value * old.slack / (old.value * old.value))


def _growth(triple: Triple, worked: Decimal, slack: Decimal) -> Contradiction | None:
    told = abs(triple.three.value) if triple.three.value >= 0 or worked >= 0 else triple.three.value
    if triple.three.is_down:
        told = -abs(triple.three.value)
    allowance = slack + triple.three.slack
    gap = worked - told
    if abs(gap) <= allowance or abs(gap) > max(_FARTHEST * abs(worked), Decimal(5)):
        return None
    new, old = triple.two, triple.one
    text = f"{shown(new.value, new.measure.unit)} ÷ {shown(old.value, old.measure.unit)} − 1 = {plain(round(worked, 2))}%，{told_growth(triple.three)}"
    return _told(triple, Failure("growth_off", text, gap, allowance, "百分点", ("other_basis", "rounded", "misread")))


def _times(triple: Triple) -> Contradiction | None:
    """增长 N 倍: N times the old level came on top, or, as many write, N times the old level was reached."""
    old, new, told = triple.one, triple.two, triple.three
    worked = new.value / old.value - 1
    allowance = _levels_slack(new, old) / _HUNDRED + told.slack
    gap = min((worked - told.value, worked + 1 - told.value), key=abs)
    if abs(gap) <= allowance or abs(gap) > _FARTHEST * max(worked, Decimal(1)):
        return None
    unit = new.measure.unit
    text = f"{shown(new.value, unit)} ÷ {shown(old.value, unit)} = {plain(round(worked + 1, 2))}倍，即增长{plain(round(worked, 2))}倍，{told_growth(told)}"
    return _told(triple, Failure("increment_off", text, gap, allowance, "倍", ("rounded", "misread")))


def _years_between(old: Figure, new: Figure, when: str, between: str) -> int:
    """How many years lie between two levels by the years that the sentence names; 0 where it does not name the first."""
    first = _YEARS.findall(when)
    if not first:
        return 0
    last = _YEARS.findall(between)
    year = int(last[-1]) if last else new.measure.year or new.source.review_year or 0
    return max(0, year - int(first[-1]))


def _yearly(triple: Triple, years: int) -> Contradiction | None:
    old, new, rate = triple.one, triple.two, triple.three
    power = Decimal(1) / years
    worked = _HUNDRED * ((new.value / old.value) ** power - 1)
    slack = _levels_slack(new, old) / years
    gap, allowance = worked - rate.value, slack + rate.slack
    if abs(gap) <= allowance or abs(gap) > Decimal(5):
        return None
    text = f"({shown(new.value, new.measure.unit)} ÷ {shown(old.value, old.measure.unit)})^(1/{years}) − 1 = 年均{plain(round(worked, 2))}%，{told_growth(rate)}"
    return _told(triple, Failure("growth_off", text, gap, allowance, "百分点", ("other_basis", "rounded", "misread")))


def _difference(triple: Triple) -> Contradiction | None:
    old, new, change = triple.one, triple.two, triple.three
    worked = abs(new.value - old.value)
    gap, allowance = worked - abs(change.value), old.slack + new.slack + change.slack
    if abs(gap) <= allowance or abs(gap) > _FARTHEST * max(worked, abs(change.value)):
        return None
    unit = change.measure.unit
    text = f"{shown(max(new.value, old.value), old.measure.unit)} − {shown(min(new.value, old.value), old.measure.unit)} = {shown(worked, unit)}，原文“{change.measure.text}”"
    return _told(triple, Failure("increment_off", text, gap, allowance, unit, ("other_basis", "rounded", "misread")))


def _after_increase(triple: Triple) -> Contradiction | None:
    """B，比上年增加 C，增长 D%: D is C of the level before."""
    level, change, growth = triple.one, triple.two, triple.three
    if level.measure.measure != "level" or change.measure.unit != level.measure.unit or growth.measure.unit != "%":
        return None
    if not _MORE_THAN_LAST.match(triple.first_gap) or not _GROWN.match(triple.second_gap) or _is_real(level, growth):
        return None
    down = change.is_down or growth.is_down
    then = level.value + abs(change.value) if down else level.value - abs(change.value)
    if then <= 0:
        return None
    worked = _HUNDRED * abs(change.value) / then
    slack = _HUNDRED * (change.slack / then + abs(change.value) * (level.slack + change.slack) / (then * then))
    gap, allowance = worked - abs(growth.value), slack + growth.slack
    if abs(gap) <= allowance or abs(gap) > max(_FARTHEST * worked, Decimal(5)):
        return None
    unit = level.measure.unit
    text = f"{shown(abs(change.value), unit)} ÷ ({shown(level.value, unit)} {'+' if down else '−'} {shown(abs(change.value), unit)}) = {plain(round(worked, 2))}%，{told_growth(growth)}"
    return _told(triple, Failure("growth_off", text, gap, allowance, "百分点", ("revised", "other_basis", "rounded", "misread")))


def _told(triple: Triple, failure: Failure) -> Contradiction | None:
    level = triple.two if triple.two.measure.measure == "level" else triple.one
    name = level.scene.core or level.measure.name
    if not name:
        return None
    subject = Subject(level.source, level.measure.year, name, level.scene.indicator_id)
    return contradiction_of(subject, (triple.one.quoted, triple.three.quoted, triple.two.quoted), failure)
