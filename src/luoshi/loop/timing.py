"""What time alone does to a matter: warnings, lapses, steps of the ladder, lights, month-ends; and when the next of it is due."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Final, Literal

import msgspec

from luoshi.loop import clock as clocks
from luoshi.loop.light import Reading, instants, judge, planned_by_months
from luoshi.loop.matter import CLOCK, Change, Lights, Matter, Move, Ticking, after
from luoshi.loop.mechanism import Clock, Rhythm, Rung
from luoshi.loop.rules import Rules

_TICK: Final = timedelta(microseconds=1)
#: the order of what falls due at one moment: a month ends before anything of the next day is
_ORDER: Final = {"month": 0, "warn": 1, "lapse": 2, "act": 3, "rung": 4, "light": 5}
#: a matter that begins in one of the first months counts as one of the whole year; Luoshi's own default
_OF_THE_YEAR: Final = 3
#: what lies outside is a slip of the pen, and the calendar is to reach it with everything that follows from it
_AGE: Final = range(1900, 2200)
_CALM: Final = frozenset({"green", "none", ""})


class _Next(msgspec.Struct, frozen=True):
    """Something that falls due: when, what, and about which clock, rung or month."""

    at: datetime
    kind: Literal["month", "warn", "lapse", "act", "rung", "light"]
    key: str = ""
    n: int = 0


def next_at(matter: Matter, rules: Rules) -> datetime | None:
    """When something falls due by itself; None: never as things stand."""
    first = _first(matter, rules)
    return first.at if first else None


def move_at(matter: Matter, rules: Rules, now: datetime) -> Move | None:
    """The first of the moves that have fallen due up to ``now``; its ``at`` is when it did. None where nothing has."""
    first = _first(matter, rules)
    return None if first is None or first.at > now else _made(matter, rules, first)


def _first(matter: Matter, rules: Rules) -> _Next | None:
    """What falls due first. A light that changes after a clock does anything is looked for when it has done it."""
    found = [one for ticking in matter.clocks if ticking.runs and ticking.paused is None for one in _of_clock(matter, ticking, rules)]
    if matter.state == "live" and matter.lights.whole not in _CALM:
        found.append(_Next(_month_after(matter.changed, rules), "month"))
    first = min(found, key=_when, default=None)
    if matter.state == "live" and (light := _light(matter, rules, first.at if first else None)) is not None:
        return light if first is None else min(first, light, key=_when)
    return first


def _when(one: _Next) -> tuple[datetime, int, str, int]:
    return one.at, _ORDER[one.kind], one.key, one.n


def _of_clock(matter: Matter, ticking: Ticking, rules: Rules) -> Iterator[_Next]:
    """The warning, the lapse, what the system does then, and the steps of the ladder that hang on this clock."""
    declared: Clock | Rhythm | None = rules.mechanism.clock(ticking.key) or rhythm_of(rules, ticking.key)
    if declared is None:
        return
    if declared.warn and not ticking.warned and ticking.lapsed is None:
        at = clocks.before_due(ticking.due, clocks.read_limit(declared.warn), rules.calendar, rules.zone)
        # a warning that would come with the start says nothing
        if at > ticking.started:
            yield _Next(max(at, matter.changed), "warn", ticking.key, ticking.n)
    if ticking.lapsed is None:
        yield _Next(max(ticking.due + _TICK, matter.changed), "lapse", ticking.key, ticking.n)
    elif isinstance(declared, Clock) and declared.then and _possible(matter, declared.then, rules):
        yield _Next(max(ticking.lapsed, matter.changed), "act", ticking.key, ticking.n)
    if _extension_waits(matter, ticking.key, rules):
        # whoever has asked in time for more is not chased for what is not decided; the steps come when it is
        return
    for rung in rules.mechanism.ladder:
        if rung.clock == ticking.key and _taken(rung.key, ticking, rules) not in matter.rungs:
            at = _rung_at(rung, ticking, rules)
            # a step before the end whose day had passed when the clock was started is not taken
            if rung.before and (at <= ticking.started or ticking.lapsed is not None):
                continue
            yield _Next(max(at, matter.changed), "rung", f"{rung.key}@{ticking.key}", ticking.n)


def _extension_waits(matter: Matter, key: str, rules: Rules) -> bool:
    """Whether a request for more time on this clock waits to be granted or refused."""
    asked = rules.mechanism.act(matter.asked.get("act", ""))
    if asked is None or matter.asked.get("clock") != key:
        return False
    # it waits until an act decides it, or as long as the matter stands in the stage to which it was taken by the request
    return any(act.pending == asked.key for act in rules.mechanism.acts) or (asked.to != "" and matter.stage == asked.to)


def _possible(matter: Matter, key: str, rules: Rules) -> bool:
    act = rules.mechanism.act(key)
    return (
        act is not None
        and (not act.variants or matter.variant in act.variants)
        and (matter.stage in act.at or ("live" in act.at and matter.state == "live"))
    )


def _taken(rung: str, ticking: Ticking, rules: Rules) -> str:
    """How a step is remembered: a clock that is due on another day, because it was extended or had paused, has the whole ladder before it."""
    moved = f"/{clocks.day_of(ticking.due, rules.zone)}" if ticking.due != ticking.original else ""
    return f"{rung}@{ticking.name}{moved}"


def _rung_at(rung: Rung, ticking: Ticking, rules: Rules) -> datetime:
    if rung.before:
        return clocks.before_due(ticking.due, clocks.read_limit(rung.before), rules.calendar, rules.zone)
    limit = clocks.read_limit(rung.after or "0 days")
    if not limit.amount:
        return ticking.late_since + _TICK
    return clocks.due_of(ticking.late_since, limit, rules.calendar, rules.zone, roll=False) + _TICK


def _light(matter: Matter, rules: Rules, until: datetime | None) -> _Next | None:
    """The next moment up to ``until`` at which a light changes by itself."""
    seen = instants(rules.lights, reading(matter, rules, matter.changed), rules.calendar, rules.zone, until=until)
    rising = (at for at in _milestones(matter, rules) if until is None or at <= until)
    for at in sorted({*seen, *rising}):
        if lights_at(matter, rules, at) != matter.lights:
            return _Next(at, "light")
    return None


def _milestones(matter: Matter, rules: Rules) -> Iterator[datetime]:
    """The beginnings of the days of milestones to come: what should be reached rises there."""
    for one in matter.milestones:
        day = day_given(one.day)
        if day and (at := clocks.start_of_day(day, rules.zone)) > matter.changed:
            yield at


def _month_after(moment: datetime, rules: Rules) -> datetime:
    """The first moment of the month after."""
    day = clocks.day_of(moment, rules.zone)
    last = date(day.year + day.month // 12, day.month % 12 + 1, 1) - timedelta(days=1)
    return clocks.end_of_day(last, rules.zone) + _TICK


# --- what it makes


def _made(matter: Matter, rules: Rules, one: _Next) -> Move:
    if one.kind == "month":
        return _month(matter, rules, one.at)
    if one.kind == "light":
        return sealed(matter, Move("light", "whole", one.at, CLOCK, Change()), rules)
    if one.kind == "rung":
        return _rung(matter, rules, one)
    ticking = next(found for found in matter.clocks if (found.key, found.n) == (one.key, one.n))
    if one.kind == "warn":
        change = Change(clocks=(msgspec.structs.replace(ticking, warned=True),))
        return sealed(matter, Move("warn", ticking.name, one.at, CLOCK, change, tells=_owner(ticking)), rules)
    if one.kind == "act":
        from luoshi.loop import doing

        declared = rules.mechanism.clock(one.key)
        act = rules.mechanism.act(declared.then) if declared else None
        assert act is not None  # noqa: S101 - the file was checked when it was read
        return doing.done(matter, act, rules, one.at, by=CLOCK, part="system", inputs={})
    return _lapse(matter, rules, ticking, one.at)


def _lapse(matter: Matter, rules: Rules, ticking: Ticking, at: datetime) -> Move:
    """The time of a clock has run out; where it is a rhythm's, the next period begins and what was owed before is owed no longer."""
    gone = msgspec.structs.replace(ticking, lapsed=at)
    rhythm = rhythm_of(rules, ticking.key)
    if rhythm is None:
        declared = rules.mechanism.clock(ticking.key)
        if declared is not None and declared.right:
            over = msgspec.structs.replace(ticking, stopped=at)
            return sealed(matter, Move("lapse", ticking.name, at, CLOCK, Change(clocks=(over,))), rules)
        return sealed(matter, Move("lapse", ticking.name, at, CLOCK, Change(clocks=(gone,)), tells=_owner(ticking)), rules)
    old = tuple(
        msgspec.structs.replace(found, stopped=at) for found in matter.clocks
        if found.key == ticking.key and found.runs and found.lapsed is not None
    )  # fmt: skip
    owed = {**matter.owed, rhythm.key: matter.owed.get(rhythm.key, 0) + 1}
    change = Change(
        clocks=(*old, gone, next_period(rhythm, gone, rules, at)), missed=sum(owed.values()), missed_ever=matter.missed_ever + 1, owed=owed
    )
    return sealed(matter, Move("lapse", ticking.name, at, CLOCK, change, tells=_owner(ticking)), rules)


def next_period(rhythm: Rhythm, ticking: Ticking, rules: Rules, at: datetime) -> Ticking:
    """The clock of the period after the one of this clock."""
    how = clocks.read_rhythm(rhythm.every)
    now = clocks.pending_period(how, ticking.due, rules.zone, rules.calendar)
    # two periods may be due on one day: a week off lies between them
    while now.key < ticking.period and now.due <= ticking.due:
        now = clocks.next_period(how, now, rules.zone, rules.calendar)
    then = clocks.next_period(how, now, rules.zone, rules.calendar)
    return Ticking(rhythm.key, ticking.n + 1, at, rhythm.every, then.due, then.due, owner=rhythm.owner, period=then.key)


def _rung(matter: Matter, rules: Rules, one: _Next) -> Move:
    key, _, clock = one.key.partition("@")
    rung = next(found for found in rules.mechanism.ladder if found.key == key)
    ticking = next(found for found in matter.clocks if (found.key, found.n) == (clock, one.n))
    change = Change(rungs=(*matter.rungs, _taken(key, ticking, rules)))
    return sealed(matter, Move("rung", key, one.at, CLOCK, change, tells=rung.tells, paper=rung.paper), rules)


def _month(matter: Matter, rules: Rules, at: datetime) -> Move:
    """A month ended with a light that is not green; a step of the ladder that hangs on so many in a row is taken with it."""
    month = clocks.day_of(at - _TICK, rules.zone).isoformat()[:7]
    ends = (*matter.ends, f"{month} {matter.lights.whole}")[-24:]
    taken, tells, paper = list(matter.rungs), tuple[str, ...](), ""
    for rung in rules.mechanism.ladder:
        if not rung.light:
            continue
        row = _in_a_row(ends, rung.light)
        key = f"{rung.key}@{rung.light}.{row[0]}" if len(row) >= max(rung.times, 1) else ""
        if key and key not in taken:
            taken.append(key)
            tells, paper = tuple(dict.fromkeys((*tells, *rung.tells))), rung.paper or paper
    change = Change(ends=ends) if len(taken) == len(matter.rungs) else Change(ends=ends, rungs=tuple(taken))
    return sealed(matter, Move("month", month, at, CLOCK, change, tells=tells, paper=paper), rules)


def _in_a_row(ends: tuple[str, ...], light: str) -> list[str]:
    """The last months in a row that ended with this light, in order."""
    row: list[str] = []
    for end in reversed(ends):
        month, _, found = end.partition(" ")
        if found != light or (row and _month_before(row[0]) != month):
            break
        row.insert(0, month)
    return row


def _month_before(month: str) -> str:
    year, number = int(month[:4]), int(month[5:])
    return f"{year - 1}-12" if number == 1 else f"{year}-{number - 1:02}"


def _owner(ticking: Ticking) -> tuple[str, ...]:
    return (ticking.owner,) if ticking.owner else ()


# --- lights


def rhythm_of(rules: Rules, key: str) -> Rhythm | None:
    """The rhythm of this key."""
    return next((rhythm for rhythm in rules.mechanism.rhythms if rhythm.key == key), None)


def lights_at(matter: Matter, rules: Rules, at: datetime) -> Lights:
    """The lights as they would be at a moment with nothing else changed. Of a matter that is not live they stay as they were."""
    if matter.state == "hung":
        return matter.lights
    return judge(rules.lights, reading(matter, rules, at), matter.lights, rules.calendar, rules.zone)


def reading(matter: Matter, rules: Rules, at: datetime) -> Reading:
    """What the lights look at."""
    main = rules.mechanism.main
    ticking = matter.last(main.key) if main else None
    fields = matter.fields
    # it is judged as of the moment at which the unit had done its part: handed in (the main clock waits), or answered; what others take
    # to check and to close it makes nobody late
    done = (ticking.paused or ticking.stopped if ticking else None) or matter.closed
    others = sum(1 for one in matter.clocks if one.runs and one.lapsed is not None and (main is None or one.key != main.key))
    others -= sum(1 for one in matter.clocks if one.runs and one.lapsed is not None and one.period)
    return Reading(
        now=at, due=ticking.due if ticking else None, original=ticking.original if ticking else None,
        started=ticking.started if ticking else None, done=done, hung=matter.state == "hung", progress=matter.progress,
        planned=planned(matter, rules, at), start_planned=day_given(fields.get("start_planned")), start_real=day_given(fields.get("start_real")),
        missed=matter.missed, missed_ever=matter.missed_ever, lapsed=others, returned=matter.done.get("return", 0), quality=matter.quality,
        funds=_float(fields.get("funds_paid")), funds_planned=_float(fields.get("funds_planned")),
        library_planned=day_given(fields.get("library_planned")), library_real=day_given(fields.get("library_real")), ends=matter.ends,
        level=str(fields.get("order_level", "")), growth=_float(fields.get("growth")), growth_planned=_float(fields.get("growth_planned")),
        growth_average=_float(fields.get("growth_average")),
    )  # fmt: skip


def planned(matter: Matter, rules: Rules, at: datetime) -> float | None:
    """What should be reached by now, in per cent: the matter's own milestones, else the months gone; None where nothing is compared."""
    main = rules.mechanism.main
    ticking = matter.last(main.key) if main else None
    day = clocks.day_of(at, rules.zone)
    if matter.milestones:
        passed = [one.percent for one in matter.milestones if one.day <= day.isoformat() and one.percent is not None]
        return passed[-1] if passed else 0.0
    if rules.mechanism.schedule == "year":
        year = matter.fields.get("year")
        return planned_by_months(date(year, 1, 1), date(year, 12, 31), day) if isinstance(year, int) else None
    if rules.mechanism.schedule != "months" or ticking is None:
        return None
    end, begun = clocks.day_of(ticking.due, rules.zone), clocks.day_of(ticking.started, rules.zone)
    # a matter of the year is compared with the months of the year, as bulletins do (97.2 % at the end of October is 13.8 points ahead);
    # one that was handed over after the first quarter only with the months that it had
    first = date(end.year, 1, 1) if begun.year == end.year and begun.month <= _OF_THE_YEAR else begun
    return planned_by_months(first, end, day)


def day_given(value: object) -> date | None:
    """The day that was given as people write it (``2026-09-30``), None where it is none, or one of another age."""
    try:
        day = date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    return day if day and day.isoformat() == value and day.year in _AGE else None


def _float(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None


def sealed(matter: Matter, move: Move, rules: Rules) -> Move:
    """The move with the lights as they are after it, and with the moment at which something is next due."""
    then = after(matter, move)
    if then.state == "live" or matter.state == "live":
        lights = lights_at(then, rules, move.at)
        if lights != matter.lights:
            move = msgspec.structs.replace(move, change=msgspec.structs.replace(move.change, lights=lights))
            then = after(matter, move)
    wake = next_at(then, rules)
    if wake != matter.wake:
        move = msgspec.structs.replace(move, change=msgspec.structs.replace(move.change, wake=wake))
    return move
