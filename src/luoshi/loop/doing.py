"""What an act does: whether it is open, what it asks for, and the move that it makes."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.loop import clock as clocks
from luoshi.loop.extending import again, full_up, new_date, registered
from luoshi.loop.filling import LONGEST, is_number, missing_fields, wrong_fields
from luoshi.loop.given import wrong_inputs
from luoshi.loop.matter import Change, Matter, Milestone, Move, Ticking
from luoshi.loop.mechanism import LIVE, Act, Mechanism
from luoshi.loop.rules import Rules
from luoshi.loop.splitting import target_of, wrong_parts
from luoshi.loop.starting import Turn, started, touched
from luoshi.loop.timing import day_given, sealed

#: the inputs that an act may be given; others are not kept
INPUTS: Final = frozenset({
    "reason", "text", "evidence", "progress", "count", "date", "checks", "units", "posts", "matter", "ratings", "class", "person", "method",
    "fields", "children", "note", "milestones", "unit",
})  # fmt: skip


# --- whether it is open


def hindrance(matter: Matter, act: Act, rules: Rules, now: datetime, *, by: str = "") -> str:
    """Why the act is not open in this state, whoever asks; ``by``: to this person. ``""`` where it is."""
    if not _at(matter, act, rules):
        return "这一步还没有到，或已经过去"
    if act.variants and matter.variant not in act.variants:
        return "这一类事项没有这一步"
    if any(str(matter.fields.get(key, "")) not in values for key, values in act.when.items()):
        return _otherwise(rules.mechanism, act)
    missing = [key for key in act.after if not matter.doers.get(key)]
    if missing:
        return f"要先“{_title(rules.mechanism, missing[0])}”"
    if act.within and not any(_in_time(matter.running(key), now) for key in act.within):
        return f"已过期限（{_clock(rules.mechanism, act.within[0])}）"
    if act.each and not remaining(matter, act):
        return f"{_part(rules.mechanism, act.each)}都已办过，或没有指明是哪些单位"
    waiting = waits(matter, rules)
    if act.pending and act.pending != waiting:
        return f"没有待批的申请（{_title(rules.mechanism, act.pending)}）"
    if waiting and act.effect in {"ask", "ask-extend"}:
        return f"已有一件申请待批（{_title(rules.mechanism, waiting)}）"
    if full := full_up(matter, act, rules, now):
        return full
    if act.effect == "settle" and not matter.objections:
        return "没有待处理的异议"
    if "settled" in act.needs and matter.objections:
        return "还有异议没有处理"
    if by and any(by in matter.doers.get(key, ()) for key in act.not_by):
        done = "、".join(_title(rules.mechanism, key) for key in act.not_by if by in matter.doers.get(key, ()))
        return f"您办过“{done}”，须由另一人办理（回避）"
    return ""


def remaining(matter: Matter, act: Act) -> tuple[str, ...]:
    """The units that have not yet done an act that each unit of a part does; none where the act is no such act."""
    return tuple(unit for unit in matter.parts.get(act.each, ()) if unit not in matter.units.get(act.key, ())) if act.each else ()


def waits(matter: Matter, rules: Rules) -> str:
    """The request that waits to be granted or refused, the key of the act that made it; ``""`` where none does."""
    asked = matter.asked.get("act", "")
    return asked if asked and any(act.pending == asked for act in rules.mechanism.acts) else ""


def _otherwise(mechanism: Mechanism, act: Act) -> str:
    """In which cases the act is there."""
    told = []
    for key, values in act.when.items():
        field = mechanism.field(key)
        titles = {choice.key: choice.title.zh for choice in field.choices} if field else {}
        told.append(f"{field.title.zh if field else key}为“{'”或“'.join(titles.get(value, value) for value in values)}”")
    return f"只有{'，且'.join(told)}时才有这一步"


def _part(mechanism: Mechanism, key: str) -> str:
    found = mechanism.part(key)
    return found.title.zh if found else key


def _at(matter: Matter, act: Act, rules: Rules) -> bool:
    if matter.stage in act.at:
        return True
    return LIVE in act.at and matter.state == "live" and rules.mechanism.stage(matter.stage).kind in {"open", "waiting"}


def _in_time(ticking: Ticking | None, now: datetime) -> bool:
    return ticking is not None and (ticking.paused or now) <= ticking.due


def _title(mechanism: Mechanism, key: str) -> str:
    act = mechanism.act(key)
    return act.title.zh if act else key


def _clock(mechanism: Mechanism, key: str) -> str:
    found = mechanism.clock(key)
    return found.title.zh if found else key


# --- what it asks for


def lacking(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    """What is still missing or wrong in the inputs, all of it; ``""`` where the act can be done."""
    if strange_input := wrong_inputs(act, inputs):
        return strange_input
    wrong = [problem for need in act.needs if (problem := _NEEDS[need](matter, act, rules, inputs, now))]
    wrong += [problem for need in act.wants if _given(need, inputs) and (problem := _NEEDS[need](matter, act, rules, inputs, now))]
    wrong += [
        problem
        for problem in (wrong_parts(matter, act, inputs), _unit(matter, act, rules, inputs), new_date(matter, act, rules, inputs, now))
        if problem
    ]
    fields = inputs.get("fields") or {}
    strange = sorted(set(fields) - set(act.fields))
    if strange:
        wrong.append(f"这一步不改“{strange[0]}”")
    wrong += [problem for problem in (
        wrong_fields(rules.mechanism, fields), missing_fields(rules.mechanism, act.key, {**matter.fields, **fields}, matter.variant),
        again(matter, act, rules, {**matter.fields, **fields}, now), registered(matter, act, rules, {**matter.fields, **fields}, now),
    ) if problem]  # fmt: skip
    wrong += [f"{key}超过 {LONGEST} 字" for key, value in inputs.items() if isinstance(value, str) and len(value) > LONGEST]
    return "；".join(wrong)


def _unit(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any]) -> str:
    """What is wrong with the unit for which the act is done."""
    if not act.each:
        return "这一步不分单位" if inputs.get("unit") else ""
    unit = inputs.get("unit")
    if unit in remaining(matter, act):
        return ""
    name = _part(rules.mechanism, act.each)
    if unit in matter.parts.get(act.each, ()):
        return f"这个单位已办过“{act.title.zh}”"
    return f"请指明是哪个单位（{name}）" if not unit else f"这个单位不是{name}"


_KEYS: Final = {"units": "units", "posts": "posts", "checklist": "checks", "rating": "ratings"}


def _given(need: str, inputs: Mapping[str, Any]) -> bool:
    if need == "progress":
        return inputs.get("progress") is not None or inputs.get("count") is not None
    return bool(inputs.get(_KEYS.get(need, need)))


def _words(key: str, name: str) -> Callable[..., str]:
    def check(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
        return "" if str(inputs.get(key) or "").strip() else f"请写明{name}"

    return check


def _evidence(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    return "" if inputs.get("evidence") or matter.evidence else "请附佐证材料"


def _progress(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    value = inputs.get("count") if inputs.get("progress") is None else inputs.get("progress")
    if not is_number(value):
        return "请填进度（百分比；有数量目标的填数量）"
    if inputs.get("progress") is not None:
        return "" if 0 <= value <= 1000 else "进度是百分比，在 0 到 1000 之间"
    if not target_of(matter.fields):
        return "这一事项没有数量目标，请填百分比"
    return "" if value >= 0 else "数量不能小于 0"


def _day(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    day = day_given(inputs.get("date"))
    if day is None:
        return "请给出日期，如 2026-09-30"
    return "" if day >= clocks.day_of(now, rules.zone) else "日期已经过去"


def _checks(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    ticked = set(inputs.get("checks") or ())
    points = checklist(matter, act, rules)
    missing = [title for key, (title, required) in points.items() if required and key not in ticked]
    strange = sorted(ticked - set(points))
    if strange:
        return f"清单里没有“{strange[0]}”"
    return f"清单还有没勾的：{'、'.join(missing)}" if missing else ""


def checklist(matter: Matter, act: Act, rules: Rules) -> dict[str, tuple[str, bool]]:
    """The points to be ticked for this act: title and whether it must be, by key; those of the variant added."""
    found = next((one for one in rules.mechanism.checklists if one.key == act.checklist), None)
    points = {point.key: (point.title.zh, point.required) for point in found.points} if found else {}
    variant = rules.mechanism.variant(matter.variant)
    if variant and act.checklist in variant.checklists:
        only = variant.checklists[act.checklist]
        points = {key: point for key, point in points.items() if key in only}
    return points


def _units(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    given = inputs.get("units") or {}
    strange = [key for key in given if (part := rules.mechanism.part(key)) is None or part.held != "duty"]
    if strange:
        return f"没有“{strange[0]}”这种责任"
    return not_apart(rules.mechanism, {**matter.parts, **given}) or ("" if any(given.values()) else "请指明单位")


def not_apart(mechanism: Mechanism, parts: Mapping[str, Collection[str]]) -> str:
    """Which parts have a unit in common that may not; ``""`` where none have."""
    for part in mechanism.parts:
        for other in part.apart:
            if set(parts.get(part.key, ())) & set(parts.get(other, ())):
                found = mechanism.part(other)
                return f"{part.title.zh}不能就是{found.title.zh if found else other}"
    return ""


def _posts(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    return "" if inputs.get("posts") else "请指明领导"


def _rating(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    given = inputs.get("ratings") or {}
    for rating in rules.mechanism.ratings:
        if act.rates and rating.key not in act.rates:
            continue
        fitting = [choice for choice in rating.choices if not act.rates.get(rating.key) or choice.key in act.rates[rating.key]]
        if given.get(rating.key) not in {choice.key for choice in fitting}:
            return f"请选{rating.title.zh}（{'、'.join(choice.title.zh for choice in fitting)}）"
    strange = sorted(set(given) - set(act.rates or [rating.key for rating in rules.mechanism.ratings]))
    return f"这一步不评“{strange[0]}”" if strange else ""


def _milestones(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    """A schedule: days in order, each with per cent that do not fall."""
    given = inputs.get("milestones") or ()
    days = [day_given(one.get("day")) for one in given]
    shares = [one.get("percent") for one in given]
    if not days or None in days or days != sorted(days):  # type: ignore[type-var]
        return "请按先后写明各节点的日期，如 2026-06-30"
    if any(not isinstance(share, int | float) or not 0 <= share <= 100 for share in shares) or shares != sorted(shares):
        return "各节点的进度是 0 到 100 的百分比，后面的不低于前面的"
    return ""


def _class(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    keys = [one.key for one in rules.mechanism.classes_of(matter.variant)]
    return "" if inputs.get("class") in keys else f"请选答复类别（{'、'.join(keys)}）"


def _settled(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    return "还有异议没有处理" if matter.objections else ""


_NEEDS: Final[Mapping[str, Callable[..., str]]] = {
    "reason": _words("reason", "理由"), "text": _words("text", "内容"), "evidence": _evidence, "progress": _progress, "date": _day,
    "checklist": _checks, "units": _units, "posts": _posts, "matter": _words("matter", "并入哪一事项"), "rating": _rating, "class": _class,
    "person": _words("person", "是谁"), "milestones": _milestones, "method": _words("method", "方式"), "settled": _settled,
}  # fmt: skip


# --- what it does


def filed(matter: Matter, rules: Rules, now: datetime, *, by: str) -> Move:
    """The first move of a new matter."""
    clocks_now = tuple(started(Turn(matter, "file", matter.stage, "live", matter.fields, rules, now)))
    return sealed(matter, Move("act", "file", now, by, Change(clocks=clocks_now) if clocks_now else Change()), rules)


def done(matter: Matter, act: Act, rules: Rules, now: datetime, *, by: str, part: str, inputs: Mapping[str, Any]) -> Move:
    """The move of an act that is open and has what it asks for."""
    at = max(now, matter.changed)
    kept = {key: value for key, value in inputs.items() if key in INPUTS and value not in (None, "", [], {}, ())}
    changes: dict[str, Any] = {}
    stage = matter.back if act.back and matter.back else act.to or matter.stage
    if act.each:
        changes["units"] = {act.key: (*matter.units.get(act.key, ()), kept["unit"])}
        if len(remaining(matter, act)) > 1:
            stage = matter.stage
    fields = dict(kept.get("fields", {}))
    if kept.get("evidence"):
        changes["evidence"] = matter.evidence + len(kept["evidence"])
    if "class" in kept:
        found = next((one for one in rules.mechanism.classes_of(matter.variant) if one.key == kept["class"]), None)
        fields |= {"class": kept["class"], "class_means": found.means if found else ""}
    if act.pending:
        changes["asked"] = {}
    if kept.get("milestones"):
        changes["milestones"] = tuple(
            Milestone(str(one["day"]), float(one["percent"]), str(one.get("title", ""))) for one in kept["milestones"]
        )
    if act.quality:
        changes["quality"] = act.quality
    if kept.get("ratings") and "rating" in (*act.needs, *act.wants):
        changes["ratings"] = _rated(matter, act, kept)
    if act.effect:
        _EFFECTS[act.effect](_Doing(matter, act, rules, at, by, kept, changes, fields))
    if ("progress" in kept or "count" in kept) and "progress" not in changes:
        _tell_progress(_Doing(matter, act, rules, at, by, kept, changes, fields))
    if fields:
        changes["fields"] = fields
    answered = {rhythm.key for rhythm in rules.mechanism.rhythms if act.key in rhythm.stop and rhythm.key in matter.owed}
    if answered:
        changes["owed"] = {key: count for key, count in matter.owed.items() if key not in answered}
        changes["missed"] = sum(changes["owed"].values())
    stage = _gathered(matter, stage, changes.get("parts", {}), rules)
    _stand(matter, stage, changes, rules)
    turn = Turn(matter, act.key, stage, changes.get("state", matter.state), {**matter.fields, **fields}, rules, at, act.effect or "",
        changes.get("parts") and {**matter.parts, **changes["parts"]}, kept.get("unit", "") if act.each else "")  # fmt: skip
    ticking = touched(turn, changes.pop("clocks", ()))
    if ticking:
        changes["clocks"] = ticking
    move = Move("act", act.key, at, by, Change(**changes), part=part, inputs=kept, tells=act.tells, paper=act.paper)
    return sealed(matter, move, rules)


def _gathered(matter: Matter, stage: str, parts: Mapping[str, Collection[str]], rules: Rules) -> str:
    """The stage, or that after an act of each unit where all who are still asked have done it."""
    for act in rules.mechanism.acts if stage == matter.stage else ():
        units, done = parts.get(act.each, ()), matter.units.get(act.key, ())
        if act.each and act.to not in ("", matter.stage) and matter.stage in act.at and units and all(unit in done for unit in units):
            return act.to
    return stage


def _stand(matter: Matter, stage: str, changes: dict[str, Any], rules: Rules) -> None:
    """Writes the stage; a request that nobody can decide there waits no longer, or it would keep out every other."""
    if stage == matter.stage:
        return
    changes["stage"] = stage
    kind, asked = rules.mechanism.stage(stage).kind, waits(matter, rules)
    places = {key for act in rules.mechanism.acts if act.pending == asked for key in act.at}
    if asked and "asked" not in changes and kind != "hung" and stage not in places and not (LIVE in places and kind in {"open", "waiting"}):
        changes["asked"] = {}


class _Doing(msgspec.Struct):
    """An act that is being done: what an effect reads, and ``changes`` and ``fields``, into which it writes."""

    matter: Matter
    act: Act
    rules: Rules
    at: datetime
    by: str
    inputs: dict[str, Any]
    changes: dict[str, Any]
    fields: dict[str, Any]


def _nothing(now: _Doing) -> None:
    """What the stage, the clocks and the record say is all."""


def _assign(now: _Doing) -> None:
    parts = {key: tuple(value) for key, value in now.inputs.get("units", {}).items()}
    if now.inputs.get("posts"):
        parts["leader"] = tuple(now.inputs["posts"])
    if parts:
        now.changes["parts"] = parts


def _tell_progress(now: _Doing) -> None:
    """A count is compared with the target; reports that were owed are made with it."""
    count, target = now.inputs.get("count"), target_of(now.matter.fields)
    if count is not None:
        now.fields["count"] = count
        value: float | None = round(float(count) / target * 100, 4) if target else None
    else:
        value = now.inputs.get("progress")
    if value is not None:
        now.changes["progress"] = float(value)
        now.changes["progress_at"] = now.at


def _ask_extend(now: _Doing) -> None:
    now.changes["asked"] = {
        "act": now.act.key, "clock": now.act.clock, "date": now.inputs.get("date", ""), "by": now.by, "at": now.at.isoformat(),
    }  # fmt: skip


def _ask(now: _Doing) -> None:
    now.changes["asked"] = {"act": now.act.key, "by": now.by, "at": now.at.isoformat()}


def _extend(now: _Doing) -> None:
    """The due date that was given, else the one that was asked for; the original stays as it was."""
    day = day_given(now.inputs.get("date") or now.matter.asked.get("date"))
    ticking = now.matter.running(now.act.clock)
    if day and ticking:
        due = clocks.end_of_day(day, now.rules.zone)
        # a date that is extended after it ran out was not asked for in time: the clock has lapsed and the record keeps it
        lapsed = ticking.lapsed if ticking.lapsed and due < now.at else None
        paused = now.at if ticking.paused else None
        now.changes["clocks"] = (msgspec.structs.replace(ticking, due=due, warned=False, lapsed=lapsed, since=None, paused=paused),)
    now.changes["asked"] = {}


def _hang(now: _Doing) -> None:
    now.changes["state"] = "hung"
    now.changes["back"] = now.matter.stage


def _resume(now: _Doing) -> None:
    now.changes["state"] = "live"
    now.changes["back"] = ""


def _merge(now: _Doing) -> None:
    now.fields["merged_into"] = now.inputs["matter"]
    _end(now)


def _end(now: _Doing) -> None:
    now.changes.update(state="ended", closed=now.at, asked={})


def _close(now: _Doing) -> None:
    now.changes.update(state="closed", closed=now.at, asked={})


def _reopen(now: _Doing) -> None:
    # what was handed in before proves nothing of what came after
    now.changes.update(state="live", closed=None, quality="", evidence=0, fresh=True)


def _rated(matter: Matter, act: Act, inputs: Mapping[str, Any]) -> dict[str, str]:
    """The ratings after it; what is rated for one unit is kept with the unit: ``work@<unit>``."""
    at = f"@{inputs['unit']}" if act.each else ""
    return {**matter.ratings, **{f"{key}{at}": value for key, value in inputs["ratings"].items()}}


def _exclude(now: _Doing) -> None:
    now.changes["excluded"] = True


def _objection(now: _Doing) -> None:
    now.changes["objections"] = now.matter.objections + 1


def _settle(now: _Doing) -> None:
    now.changes["objections"] = max(0, now.matter.objections - 1)


_EFFECTS: Final[Mapping[str, Callable[[_Doing], None]]] = {
    "assign": _assign, "transfer": _assign, "progress": _tell_progress, "ask": _ask, "ask-extend": _ask_extend, "extend": _extend, "adjust": _nothing,
    "hang": _hang, "resume": _resume, "merge": _merge, "split": _nothing, "terminate": _end, "close": _close, "reopen": _reopen,
    "check": _nothing, "rate": _nothing, "instruct": _nothing, "chase": _nothing, "exclude": _exclude, "notice": _nothing,
    "objection": _objection, "settle": _settle, "look-back": _nothing,
}  # fmt: skip
