"""The values of a subject: inputs as given, and measures worked out from them, each with its arithmetic in words."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

import msgspec

from luoshi.appraise.given import Given, Subject
from luoshi.appraise.number import Rounding, factor, plain, rounded
from luoshi.appraise.scheme import Coefficient, Gap, Mean, Measure, Product, Scheme, Share, Sum
from luoshi.appraise.score import Use

#: months of a year; a schedule is linear in them
_YEAR = 12


class Amount(msgspec.Struct, frozen=True):
    """A value, or why there is none; ``arithmetic`` how it came about, ``uses`` the inputs below it."""

    value: Decimal | None
    arithmetic: str = ""
    why: str = ""
    uses: tuple[str, ...] = ()


Amounts = Mapping[str, Amount]


def amounts(scheme: Scheme, subject: Subject) -> dict[str, Amount]:
    """The amount of each input and measure of the scheme; inputs of choice are left out (``Subject.word`` gives them)."""
    found = {one.key: _given(scheme, subject, one.key) for one in scheme.inputs if one.type != "choice"}
    for measure in scheme.measures:
        worked = _worked(measure, scheme, subject, found)
        if worked.value is not None and measure.places is not None:
            short = rounded(worked.value, Rounding(source=measure.source, places=measure.places, how=measure.how))
            worked = Amount(short, f"{worked.arithmetic} → {plain(short)}", uses=worked.uses)
        found[measure.key] = worked
    return found


def _given(scheme: Scheme, subject: Subject, key: str) -> Amount:
    declared = scheme.input(key)
    title = declared.title.zh if declared else key
    value = subject.number(key)
    if value is None:
        given = subject.given.get(key)
        return Amount(None, why=f"{title}没有数据{f'（{given.why}）' if given is not None and given.why else ''}", uses=(key,))
    return Amount(value, plain(value), uses=(key,))


def _worked(measure: Measure, scheme: Scheme, subject: Subject, found: Amounts) -> Amount:
    if isinstance(measure, Share):
        return _share(measure, scheme, found)
    if isinstance(measure, Sum):
        return _sum(measure, found)
    if isinstance(measure, Mean):
        return _mean(measure, found)
    if isinstance(measure, Gap):
        return _gap(measure, found)
    return _product(measure, scheme, subject, found)


def _lacking(*parts: Amount) -> Amount | None:
    """Nothing, with the reasons of the parts that are not there; None where all are."""
    why = [part.why for part in parts if part.value is None]
    return Amount(None, why="；".join(dict.fromkeys(why)), uses=_uses(parts)) if why else None


def _uses(parts: tuple[Amount, ...] | list[Amount]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(key for part in parts for key in part.uses))


def _share(measure: Share, scheme: Scheme, found: Amounts) -> Amount:
    top, under = found[measure.top], found[measure.under]
    lacking = _lacking(top, under)
    if lacking is not None or top.value is None or under.value is None:
        return lacking or Amount(None)
    if not under.value:
        return Amount(None, why=f"{scheme.titled(measure.under).zh}为 0，没有{measure.title.zh}可算", uses=_uses([top, under]))
    value = top.value / under.value * measure.times
    times = "" if measure.times == 1 else f" × {plain(measure.times)}"
    return Amount(value, f"{plain(top.value)} ÷ {plain(under.value)}{times} = {plain(value)}", uses=_uses([top, under]))


def _sum(measure: Sum, found: Amounts) -> Amount:
    parts = [found[key] for key in measure.of]
    lacking = _lacking(*parts)
    if lacking is not None:
        return lacking
    value, said = Decimal(0), ""
    for part, times in zip(parts, measure.of.values(), strict=True):
        one = part.value or Decimal(0)
        value += one * times
        sign = "−" if times < 0 else "+"
        size = abs(times)
        said += f" {sign} {factor(one)}{'' if size == 1 else f' × {plain(size)}'}"
    return Amount(value, f"{said.removeprefix(' + ').strip()} = {plain(value)}", uses=_uses(parts))


def _mean(measure: Mean, found: Amounts) -> Amount:
    there = [found[key] for key in measure.of if found[key].value is not None]
    if len(there) < measure.least:
        why = "；".join(found[key].why for key in measure.of if found[key].value is None)
        return Amount(None, why=f"至少要有 {measure.least} 个，只有 {len(there)} 个：{why}", uses=measure.of)
    values = [one.value for one in there if one.value is not None]
    value = sum(values, Decimal(0)) / len(values)
    said = " + ".join(factor(one) for one in values)
    return Amount(value, f"（{said}）÷ {len(values)} = {plain(value)}", uses=_uses(there))


def _gap(measure: Gap, found: Amounts) -> Amount:
    rate, months = found[measure.rate], found[measure.months]
    lacking = _lacking(rate, months)
    if lacking is not None or rate.value is None or months.value is None:
        return lacking or Amount(None)
    planned = months.value / _YEAR * 100
    value = rate.value - planned
    return Amount(value, f"{plain(rate.value)} − {plain(months.value)} ÷ 12 × 100 = {plain(value)}", uses=_uses([rate, months]))


def _product(measure: Product, scheme: Scheme, subject: Subject, found: Amounts) -> Amount:
    one, by = found[measure.of], coefficient(scheme, measure.by, subject)
    lacking = _lacking(one, by)
    if lacking is not None or one.value is None or by.value is None:
        return lacking or Amount(None)
    value = one.value * by.value
    return Amount(value, f"{plain(one.value)} × {plain(by.value)} = {plain(value)}", uses=_uses([one, by]))


def coefficient(scheme: Scheme, key: str, subject: Subject) -> Amount:
    """The factor of a subject, with how it was found."""
    declared = scheme.coefficient(key)
    if declared is None:
        return Amount(None, why=f"没有系数 {key}")
    if declared.first is not None:
        return _by_load(declared, declared.first, subject)
    word = subject.word(declared.by)
    value = declared.table.get(word, declared.other)
    if value is None:
        return Amount(None, why=f"{declared.title.zh}：没有“{word}”的系数" if word else f"{declared.title.zh}没有数据", uses=(declared.by,))
    return Amount(value, f"{declared.title.zh}（{word}）{plain(value)}", uses=(declared.by,))


def _by_load(declared: Coefficient, first: Decimal, subject: Subject) -> Amount:
    number = subject.number(declared.by)
    if number is None:
        return Amount(None, why=f"{declared.title.zh}没有数据", uses=(declared.by,))
    value = first + declared.each * (number - 1) if number >= 1 else Decimal(0)
    if declared.most is not None:
        value = min(value, declared.most)
    return Amount(
        value,
        f"{declared.title.zh} {plain(first)} + {plain(declared.each)} × （{plain(number)} − 1） = {plain(value)}",
        uses=(declared.by,),
    )


def completed(scheme: Scheme, subject: Subject) -> Subject:
    """The subject with what the scheme says of values that nobody gave; one that could not be had stays missing."""
    given = dict(subject.given)
    for one in scheme.inputs:
        there = given.get(one.key, Given())
        if not there.is_there and not there.why and (one.empty is not None or one.empty_word):
            given[one.key] = Given(one.empty, one.empty_word)
    return msgspec.structs.replace(subject, given=given)


def _shown(scheme: Scheme, key: str, word: str) -> str:
    """The word of a choice as its title says it."""
    declared = scheme.input(key)
    return declared.choices[word].zh if declared is not None and word in declared.choices else word


def used(scheme: Scheme, subject: Subject, found: Amounts, keys: tuple[str, ...]) -> tuple[Use, ...]:
    """What a line looked at: its measures with their arithmetic, and below them the inputs with the entries that they rest on."""
    uses: list[Use] = []
    below: list[str] = []
    for key in keys:
        amount = found.get(key)
        if scheme.measure(key) is not None and amount is not None:
            uses.append(Use(key, scheme.titled(key), amount.value, arithmetic=amount.arithmetic, why=amount.why))
            below += amount.uses
        else:
            below.append(key)
    for key in dict.fromkeys(below):
        given, amount = subject.given.get(key, Given()), found.get(key)
        why = amount.why if amount is not None else given.why
        uses.append(Use(key, scheme.titled(key), given.value, _shown(scheme, key, given.word), refs=given.refs, why=why))
    return tuple(uses)
