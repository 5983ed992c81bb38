"""Reads a scheme file and checks that it fits together: every key that it uses is declared, weights add up, every number has a source."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from decimal import Decimal
from typing import Any, Final

import msgspec

from luoshi.appraise import how as hows
from luoshi.appraise.how import keys_of
from luoshi.appraise.scheme import Bound, Gap, Line, Mean, Measure, Product, Scheme, Share, Sum, When
from luoshi.errors import BadTable
from luoshi.tables import read_yaml

_HUNDRED: Final = Decimal(100)
_REMEDY: Final = "请对照 docs/appraise.md 改正"


def read_scheme(raw: str, where: str) -> Scheme:
    """The scheme that a YAML text declares; ``BadTable`` names the file, the place and what is wrong there."""
    data = read_yaml(raw, where)
    try:
        found = msgspec.convert(data, Scheme, strict=True)
    except msgspec.ValidationError as error:
        raise BadTable(str(error), where=where, remedy=_REMEDY) from error
    wrong = tuple(problems(found))
    if wrong:
        raise BadTable("；".join(wrong[:10]), where=where, remedy=_REMEDY)
    return found


def problems(scheme: Scheme) -> Iterator[str]:
    """What does not fit together in a scheme, in words."""
    yield from _twice(scheme)
    yield from _inputs(scheme)
    yield from _measures(scheme)
    yield from _coefficients(scheme)
    yield from _lines(scheme)
    yield from _overriding(scheme)
    yield from _grades(scheme)


def _twice(scheme: Scheme) -> Iterator[str]:
    lists: dict[str, Iterable[Any]] = {
        "inputs": (*scheme.inputs, *scheme.measures), "lines": scheme.lines, "coefficients": scheme.coefficients, "groups": scheme.groups,
        "vetoes": scheme.overriding, "grades": scheme.grades.grades if scheme.grades else (),
    }  # fmt: skip
    for kind, found in lists.items():
        for key, count in Counter(one.key for one in found).items():
            if count > 1:
                yield f"{kind} {key} 写了 {count} 次"
    if not scheme.lines:
        yield "lines 是空的"
    if not scheme.sources:
        yield "sources 是空的：写明依据，没有出处的写“本系统缺省，请本单位核定”"


def _unknown(where: str, kind: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for name in names:
        if name not in known:
            yield f"{where} 用了没有声明的{kind} {name}"


def _inputs(scheme: Scheme) -> Iterator[str]:
    for one in scheme.inputs:
        where = f"input {one.key}"
        if (one.type == "choice") != bool(one.choices):
            yield f"{where} 的 choices 与 type 不符"
        if (one.by == "ledger") != (one.drawn is not None):
            yield f"{where}：by 是 ledger 才有 drawn，也必须有 drawn"
        if one.empty_word and one.empty_word not in one.choices:
            yield f"{where} 的 empty_word 不在 choices 里"
        if one.least is not None and one.most is not None and one.least > one.most:
            yield f"{where} 的 least 大于 most"
        if one.drawn is not None and one.drawn.figure.startswith("steps_") and not one.drawn.clocks:
            yield f"{where} 数的是环节，要写明哪几个 clocks"


def _numbers(scheme: Scheme) -> set[str]:
    return {one.key for one in scheme.inputs if one.type != "choice"}


def _measures(scheme: Scheme) -> Iterator[str]:
    known = _numbers(scheme)
    for measure in scheme.measures:
        where = f"measure {measure.key}"
        yield from _unknown(where, "数据项", _below(measure), known)
        if isinstance(measure, Product):
            yield from _unknown(where, "系数", [measure.by], {one.key for one in scheme.coefficients})
        if measure.places is not None and not measure.source:
            yield f"{where} 先取了整，没有写依据（source）"
        known.add(measure.key)


def _below(measure: Measure) -> tuple[str, ...]:
    if isinstance(measure, Share):
        return (measure.top, measure.under)
    if isinstance(measure, Sum):
        return tuple(measure.of)
    if isinstance(measure, Mean):
        return measure.of
    if isinstance(measure, Gap):
        return (measure.rate, measure.months)
    return (measure.of,)


def _coefficients(scheme: Scheme) -> Iterator[str]:
    for one in scheme.coefficients:
        where = f"coefficient {one.key}"
        declared = scheme.input(one.by)
        if declared is None:
            yield f"{where} 用了没有声明的数据项 {one.by}"
        elif one.first is None and declared.type == "choice":
            yield from _unknown(where, "选项", one.table, declared.choices)
        if bool(one.table) == (one.first is not None):
            yield f"{where} 要么按类别列 table，要么按数量写 first 和 each"


def _lines(scheme: Scheme) -> Iterator[str]:
    known = _numbers(scheme) | {one.key for one in scheme.measures}
    groups = {one.key for one in scheme.groups}
    factors = {one.key for one in scheme.coefficients}
    for line in scheme.lines:
        where = f"line {line.key}"
        yield from _unknown(where, "数据项", keys_of(line.how), known)
        yield from _unknown(where, "组", line.groups, groups)
        yield from _unknown(where, "系数", [line.times] if line.times else [], factors)
        for name in ("rule", "source"):
            if not getattr(line, name).strip():
                yield f"{where} 没有写 {name}；没有出处的写“本系统缺省，请本单位核定”"
        if line.missing != "none" and not line.missing_rule:
            yield f"{where} 缺数据时按 {line.missing} 办，要写明依据（missing_rule）"
        if line.missing == "aside" and (line.side != "part" or scheme.total.base):
            yield f"{where} 不是 part，或者总分另有 base，不能 aside"
        if line.points < 0:
            yield f"{where} 的 points 小于 0"
        yield from _how(line, where)
    yield from _unknown("load", "数据项", scheme.load, known)
    yield from _unknown("ranking", "数据项", scheme.ranking.then, known)
    yield from _unknown("total", "系数", [scheme.total.times] if scheme.total.times else [], factors)


def _how(line: Line, where: str) -> Iterator[str]:
    how = line.how
    if isinstance(how, hows.Bands):
        lows = [band.low for band in how.bands if band.low is not None]
        if lows != sorted(lows, reverse=True) or any(band.low is None for band in how.bands[:-1]):
            yield f"{where} 的 bands 要从高到低，没有 low 的放最后"
    if isinstance(how, hows.Raters) and sum((one.weight for one in how.of), Decimal(0)) != _HUNDRED:
        yield f"{where} 的权重合计不是 100"
    if isinstance(how, hows.Periods) and how.weights and (len(how.weights) != len(how.of) or sum(how.weights) != _HUNDRED):
        yield f"{where} 的权重与期数不符，或合计不是 100"
    if isinstance(how, hows.Lights):
        yield from _unknown(where, "灯色", how.worth, how.of)
    if isinstance(how, hows.Events) and line.side == "off" and any(event.each > 0 for event in how.events):
        yield f"{where} 是减分，each 应小于 0"
    if isinstance(how, hows.Ratio | hows.Below | hows.Benchmark | hows.First | hows.Lights | hows.Raters) and not line.points:
        yield f"{where} 没有 points"
    zero = [
        name for name in ("full", "each", "out_of", "benchmark", "mean") if getattr(how, name, None) == 0 and not isinstance(how, hows.Rank)
    ]
    yield from (f"{where} 的 {name} 不能是 0" for name in zero)


def _overriding(scheme: Scheme) -> Iterator[str]:
    grades = {one.key for one in scheme.grades.grades} if scheme.grades else set()
    for one in scheme.overriding:
        yield from _when(scheme, one.key, one.when)
        if not one.source.strip():
            yield f"{one.key} 没有写 source"
    for veto in scheme.vetoes:
        if veto.effect in {"grade", "most"} and veto.grade not in grades:
            yield f"veto {veto.key} 的 grade “{veto.grade}”不在 grades 里"
        if veto.effect != "zero" and scheme.grades is None:
            yield f"veto {veto.key} 改等次，可是没有 grades"


def _when(scheme: Scheme, where: str, when: When) -> Iterator[str]:
    if not when:
        yield f"{where} 的 when 是空的"
    for key, wanted in when.items():
        declared = scheme.input(key)
        if declared is None:
            yield f"{where} 用了没有声明的数据项 {key}"
        elif isinstance(wanted, Bound) == (declared.type == "choice"):
            yield f"{where} 的 {key}：选项列出来，数字写界限"
        elif not isinstance(wanted, Bound):
            yield from _unknown(where, "选项", wanted, declared.choices)


def _grades(scheme: Scheme) -> Iterator[str]:
    if scheme.grades is None:
        return
    name = "low" if scheme.grades.by == "score" else "share"
    *firsts, _ = bounds = [getattr(one, name) for one in scheme.grades.grades]
    if any(one is None for one in firsts):
        yield f"grades 按 {scheme.grades.by} 分，除最后一等都要有 {name}"
        return
    said = [one for one in bounds if one is not None]
    if said != sorted(said, reverse=name == "low"):
        yield f"grades 的 {name} 次序不对：从最好的一等写起"
