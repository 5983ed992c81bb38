"""New dates: to which a clock may be extended, and whether a matter that lives again has one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from luoshi.loop import clock as clocks
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Act
from luoshi.loop.rules import Rules
from luoshi.loop.timing import day_given


def new_date(matter: Matter, act: Act, rules: Rules, inputs: Mapping[str, Any], now: datetime) -> str:
    """What is wrong with the date to which a clock is extended: the one given, else the one that was asked for."""
    if act.effect not in {"extend", "ask-extend"} or (act.effect == "ask-extend" and not inputs.get("date")):
        return ""
    day = day_given(inputs.get("date") or matter.asked.get("date"))
    if day is None:
        return "请写明新的期限，如 2026-09-30"
    if day < clocks.day_of(now, rules.zone):
        return f"{'' if inputs.get('date') else '申请的'}日期 {day.isoformat()} 已经过去，请另定"
    first, latest = _dates(matter, act, rules)
    if first and day < first:
        return f"新的期限要晚于现在的 {(first - timedelta(days=1)).isoformat()}"
    return f"最多延到 {latest.isoformat()}" if latest and day > latest else ""


def _dates(matter: Matter, act: Act, rules: Rules) -> tuple[date | None, date | None]:
    """The first and the last day to which the clock may be extended, counted from what is due now and from the original due date."""
    ticking = matter.running(act.clock) if act.clock else None
    if ticking is None:
        return None, None
    first = clocks.day_of(ticking.due, rules.zone) + timedelta(days=1)
    variant = rules.mechanism.variant(matter.variant)
    most = variant.most.get(act.key, act.most) if variant else act.most
    if not most:
        return first, None
    return first, clocks.day_of(clocks.due_of(ticking.original, clocks.read_limit(most), rules.calendar, rules.zone), rules.zone)


def full_up(matter: Matter, act: Act, rules: Rules, now: datetime) -> str:
    """Whether an extension has no day left to which it could go."""
    if act.effect not in {"extend", "ask-extend"}:
        return ""
    first, latest = _dates(matter, act, rules)
    no_day = first and latest and max(first, clocks.day_of(now, rules.zone)) > latest
    return f"最多延到 {latest}，不能再延" if no_day else ""


def registered(matter: Matter, act: Act, rules: Rules, fields: Mapping[str, Any], now: datetime) -> str:
    """What is wrong with a day from which a clock is counted: it is to come, or earlier than what was asked for began."""
    for clock in rules.mechanism.clocks:
        day = day_given(fields.get(clock.since)) if clock.since and act.key in clock.start else None
        if day is None:
            continue
        field = rules.mechanism.field(clock.since)
        name = field.title.zh if field else clock.since
        if day > clocks.day_of(now, rules.zone):
            return f"{name}不能晚于今天"
        asked = [one.started for one in matter.clocks if one.runs and act.key in _stops(one.key, rules)]
        if asked and day < (first := clocks.day_of(max(asked), rules.zone)):
            return f"{name}不能早于 {first.isoformat()}"
    return ""


def _stops(key: str, rules: Rules) -> tuple[str, ...]:
    declared = rules.mechanism.clock(key)
    return declared.stop if declared else ()


def again(matter: Matter, act: Act, rules: Rules, fields: Mapping[str, Any], now: datetime) -> str:
    """Whether a matter that lives again has a time limit that is not over already."""
    main = rules.mechanism.main
    if act.effect != "reopen" or main is None or act.key not in main.start or not main.limit.startswith("field:"):
        return ""
    key = main.limit.removeprefix("field:")
    day = day_given(fields.get(key))
    field = rules.mechanism.field(key)
    return f"请给出新的期限（{field.title.zh if field else key}）" if day and day < clocks.day_of(now, rules.zone) else ""
