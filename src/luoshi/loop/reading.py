"""Reads a mechanism file and checks that it makes sense: every name that it uses is declared, every stage can be reached and left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from typing import Final

import msgspec

from luoshi.errors import BadTable
from luoshi.loop import clock as clocks
from luoshi.loop import figures
from luoshi.loop.mechanism import GIVEN_PARTS, LIVE, Mechanism
from luoshi.tables import read_yaml

#: what a matter is in a stage of this kind, and what an effect makes of it; any other leaves it as it is
_STATES: Final = {"open": "live", "waiting": "live", "hung": "hung", "closed": "closed", "ended": "ended"}
_BECOMES: Final = {"hang": "hung", "resume": "live", "close": "closed", "terminate": "ended", "merge": "ended", "reopen": "live"}


def read_mechanism(raw: str, where: str) -> Mechanism:
    """The mechanism that a YAML text declares; ``BadTable`` names the file, the place and what is wrong there."""
    data = read_yaml(raw, where)
    try:
        found = msgspec.convert(data, Mechanism, strict=True)
    except msgspec.ValidationError as error:
        raise BadTable(str(error), where=where, remedy="请对照机制文件的说明改正") from error
    wrong = tuple(problems(found))
    if wrong:
        raise BadTable("；".join(wrong[:10]), where=where, remedy="请对照机制文件的说明改正")
    return found


def problems(mechanism: Mechanism) -> Iterator[str]:
    """What does not fit together in a mechanism, in words."""
    yield from _twice(mechanism)
    yield from _names(mechanism)
    yield from _times(mechanism)
    yield from _states(mechanism)
    yield from _ways(mechanism)
    yield from figures.unknown(mechanism)


def _twice(mechanism: Mechanism) -> Iterator[str]:
    lists = {
        "part": mechanism.parts, "stage": mechanism.stages, "act": mechanism.acts, "field": mechanism.fields, "rung": mechanism.ladder,
        "clock": (*mechanism.clocks, *mechanism.rhythms), "checklist": mechanism.checklists, "variant": mechanism.variants,
    }  # fmt: skip
    for kind, found in lists.items():
        for key, count in Counter(one.key for one in found).items():  # type: ignore[attr-defined]
            if count > 1:
                yield f"{kind} {key} 写了 {count} 次"
    if sum(clock.main for clock in mechanism.clocks) > 1:
        yield "main 的时限只能有一个"


def _unknown(kind: str, where: str, names: Iterable[str], known: Collection[str]) -> Iterator[str]:
    for name in names:
        if name and name not in known:
            yield f"{where} 用了没有声明的 {kind} {name}"


def _names(mechanism: Mechanism) -> Iterator[str]:
    yield from _names_of_acts(mechanism)
    yield from _names_of_fields(mechanism)
    parts = {part.key for part in mechanism.parts} | set(GIVEN_PARTS)
    stages = {stage.key for stage in mechanism.stages}
    acts = {act.key for act in mechanism.acts} | {"file"}
    fields = {field.key for field in mechanism.fields}
    timed = {clock.key for clock in mechanism.clocks} | {rhythm.key for rhythm in mechanism.rhythms}
    lists = {one.key for one in mechanism.checklists}
    yield from _unknown("part", "apart", [key for part in mechanism.parts for key in part.apart], parts)
    for stage in mechanism.stages:
        yield from _unknown("part", f"stage {stage.key}", [stage.turn], parts)
    for clock in mechanism.clocks:
        at = f"clock {clock.key}"
        yield from _unknown("act", at, (*clock.start, *clock.stop, *clock.pause, *clock.resume, clock.then), acts)
        yield from _unknown("part", at, [clock.owner, clock.each], parts)
        yield from _unknown("field", at, clock.by, fields)
        yield from _unknown("field", at, [clock.since], {field.key for field in mechanism.fields if field.type == "date"})
        if clock.again and (clock.each or clock.main or clock.right):
            yield f"{at} 每次另计（again），就不能是事项本身的时限、逐个计的时限或权利期限"
        if clock.right and (clock.then or clock.main):
            yield f"{at} 是可以办事的期间，不能有 then，也不能是 main"
        if clock.then and clock.then not in clock.stop:
            yield f"{at} 的 then 必须也在 stop 里，否则会一再执行"
    for rhythm in mechanism.rhythms:
        at = f"rhythm {rhythm.key}"
        yield from _unknown("act", at, rhythm.stop, acts)
        yield from _unknown("stage", at, rhythm.at, stages | {LIVE})
        yield from _unknown("part", at, [rhythm.owner], parts)
    for rung in mechanism.ladder:
        yield from _unknown("clock", f"rung {rung.key}", [rung.clock], timed)
        yield from _unknown("part", f"rung {rung.key}", rung.tells, parts)
        if bool(rung.clock) == bool(rung.light):
            yield f"rung {rung.key} 要么看 clock，要么看 light"
    for variant in mechanism.variants:
        yield from _unknown("clock", f"variant {variant.key}", (*variant.limits, *variant.by), timed)
        yield from _unknown("act", f"variant {variant.key}", variant.most, acts)
        yield from _unknown("field", f"variant {variant.key}", [key for by in variant.by.values() for key in by], fields)
        yield from _unknown("checklist", f"variant {variant.key}", variant.checklists, lists)
        yield from _unknown("field", f"variant {variant.key}", variant.required, fields)


def _names_of_acts(mechanism: Mechanism) -> Iterator[str]:
    parts = {part.key for part in mechanism.parts} | set(GIVEN_PARTS)
    units = {part.key for part in mechanism.parts if part.held == "duty"}
    stages = {stage.key for stage in mechanism.stages} | {LIVE}
    acts = {act.key for act in mechanism.acts} | {"file"}
    fields = {field.key for field in mechanism.fields}
    timed = {clock.key for clock in mechanism.clocks} | {rhythm.key for rhythm in mechanism.rhythms}
    lists = {one.key for one in mechanism.checklists}
    variants = {one.key for one in mechanism.variants}
    ratings = {one.key for one in mechanism.ratings}
    for act in mechanism.acts:
        at = f"act {act.key}"
        yield from _unknown("part", at, (*act.by, *act.tells), parts)
        yield from _unknown("stage", at, (*act.at, act.to), stages)
        yield from _unknown("act", at, (*act.not_by, *act.after, act.pending), acts)
        yield from _unknown("rating", at, act.rates, ratings)
        yield from _unknown("part", f"{at} 的 each", [act.each], units)
        yield from _unknown("field", f"{at} 的 when", act.when, fields)
        for key, values in act.when.items():
            field = mechanism.field(key)
            known = {choice.key for choice in field.choices} if field and field.choices else values
            yield from _unknown("choice", f"{at} 的 when", values, known)
        yield from _unknown("clock", at, (*act.within, act.clock), timed)
        yield from _unknown("field", at, act.fields, fields)
        yield from _unknown("checklist", at, [act.checklist], lists)
        yield from _unknown("variant", at, act.variants, variants)
        if "checklist" in act.needs and not act.checklist:
            yield f"{at} 要勾清单，没有说是哪一张"
        if act.effect in {"extend", "ask-extend"} and not act.clock:
            yield f"{at} 改期限，没有说是哪一个 clock"


def _names_of_fields(mechanism: Mechanism) -> Iterator[str]:
    acts = {act.key for act in mechanism.acts} | {"file"}
    fields = {field.key for field in mechanism.fields}
    variants = {one.key for one in mechanism.variants}
    for field in mechanism.fields:
        yield from _unknown("act", f"field {field.key}", [field.required], acts)
        for key, values in field.when.items():
            choices = {one.key for one in (mechanism.field(key) or field).choices}
            yield from _unknown("field", f"field {field.key} 的 when", [key], fields | {"variant"})
            yield from _unknown("choice", f"field {field.key} 的 when", values, variants if key == "variant" else choices)
        if field.pattern and not _is_pattern(field.pattern):
            yield f"field {field.key} 的 pattern 不是合格的正则式"
        if (field.type == "choice") != bool(field.choices):
            yield f"field {field.key} 的 choices 与 type 不符"


def _is_pattern(text: str) -> bool:
    try:
        re.compile(text)
    except re.error:
        return False
    return True


def _times(mechanism: Mechanism) -> Iterator[str]:
    limits = [(f"clock {clock.key}", limit) for clock in mechanism.clocks for limit in _limits_of(clock.limit, clock.by, clock.warn)]
    limits += [(f"rung {rung.key}", limit) for rung in mechanism.ladder for limit in (rung.after, rung.before) if limit]
    limits += [(f"rhythm {rhythm.key}", rhythm.warn) for rhythm in mechanism.rhythms if rhythm.warn]
    limits += [
        (f"variant {variant.key}", limit) for variant in mechanism.variants for limit in (*variant.limits.values(), *variant.most.values())
    ]
    limits += [
        (f"variant {variant.key}", limit)
        for variant in mechanism.variants for by in variant.by.values() for values in by.values() for limit in values.values()
    ]  # fmt: skip
    limits += [(f"act {act.key}", act.most) for act in mechanism.acts if act.most]
    fields = {field.key for field in mechanism.fields if field.type == "date"}
    for where, limit in limits:
        if limit.startswith("field:"):
            if limit.removeprefix("field:") not in fields:
                yield f"{where} 的期限 {limit} 不是日期项"
            continue
        try:
            clocks.read_limit(limit)
        except clocks.BadLimit as error:
            yield f"{where}：{error.what}"
    year = mechanism.field("year")
    if mechanism.schedule == "year" and (year is None or year.type != "integer"):
        yield "schedule 是 year，要有整数的 field year"
    unfounded = [f"clock {one.key}" for one in mechanism.clocks if not one.source]
    unfounded += [f"rhythm {one.key}" for one in mechanism.rhythms if not one.source]
    for where in (*unfounded, *(() if mechanism.sources else ("sources",))):
        yield f"{where} 没有写依据（source）；没有出处的写“本系统缺省，请本单位核定”"
    for rhythm in mechanism.rhythms:
        try:
            clocks.read_rhythm(rhythm.every)
        except clocks.BadRhythm as error:
            yield f"rhythm {rhythm.key}：{error.what}"


def _limits_of(limit: str, by: dict[str, dict[str, str]], warn: str) -> Iterator[str]:
    yield limit
    for limits in by.values():
        yield from limits.values()
    if warn:
        yield warn


def _states(mechanism: Mechanism) -> Iterator[str]:
    """Acts after which a stage would not be what the matter is: closed and still alive, hung with its clocks running."""
    kinds = {stage.key: _STATES[stage.kind] for stage in mechanism.stages}
    for act in mechanism.acts:
        for source in dict.fromkeys("live" if key == LIVE else kinds.get(key, "") for key in act.at):
            stage = "live" if act.back else kinds.get(act.to, "") if act.to else source
            state = _BECOMES.get(act.effect or "", source)
            if source and stage and stage != state:
                yield f"act {act.key} 的 effect 使事项成为 {state}，到的 stage 却是 {stage}"


def _ways(mechanism: Mechanism) -> Iterator[str]:
    """Stages that no act leads to, and live ones that no act leads out of."""
    live = {stage.key for stage in mechanism.stages if stage.kind in {"open", "waiting"}}
    ways: dict[str, set[str]] = {stage.key: set() for stage in mechanism.stages}
    for act in mechanism.acts:
        sources = set(act.at) - {LIVE} | (live if LIVE in act.at else set())
        for source in sources & set(ways):
            if act.to:
                ways[source].add(act.to)
            if act.back:
                ways[source] |= live
    reached, new = set[str](), {mechanism.first.key}
    while new:
        reached |= new
        new = {to for source in new for to in ways.get(source, ())} - reached
    for stage in mechanism.stages:
        if stage.key not in reached:
            yield f"stage {stage.key} 走不到"
        if stage.kind not in {"closed", "ended"} and not ways[stage.key] - {stage.key}:
            yield f"stage {stage.key} 走不出去"
