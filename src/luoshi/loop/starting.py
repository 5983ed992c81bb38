"""What an act does to the clocks of a matter: it starts, stops, pauses them, lets them run again, and a report begins the next period."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

import msgspec

from luoshi.loop import clock as clocks
from luoshi.loop.matter import Matter, Ticking
from luoshi.loop.mechanism import LIVE, Clock, Rhythm
from luoshi.loop.rules import Rules
from luoshi.loop.timing import day_given, next_period, rhythm_of


class Turn(msgspec.Struct, frozen=True):
    """An act as clocks see it: on which matter, which stage, state and fields are there after it, and when it is."""

    matter: Matter
    act: str
    stage: str
    state: str
    fields: Mapping[str, Any]
    rules: Rules
    at: datetime
    effect: str = ""
    #: who answers after it; None: as before
    parts: Mapping[str, tuple[str, ...]] | None = None
    #: the unit that does it, of an act that each unit of a part does
    unit: str = ""

    def held(self, part: str) -> tuple[str, ...]:
        """The units or posts of the part after it."""
        return (self.parts or self.matter.parts).get(part, ())

    @property
    def ends(self) -> bool:
        """Whether the matter is closed or ended by it."""
        return self.state in {"closed", "ended"} and self.state != self.matter.state


def touched(turn: Turn, moved: Iterable[Ticking] = ()) -> tuple[Ticking, ...]:
    """The clocks that are otherwise after the act, those that it starts included; ``moved``: those whose due date it has set."""
    before = {clock.name: clock for clock in turn.matter.clocks}
    now = {name: clock for name, clock in before.items() if clock.runs} | {clock.name: clock for clock in moved}
    now = {name: _after(clock, turn) for name, clock in now.items()}
    changed = [clock for name, clock in now.items() if clock != before.get(name)]
    return (*changed, *started(turn, now.values()))


def _after(ticking: Ticking, turn: Turn) -> Ticking:
    rhythm = rhythm_of(turn.rules, ticking.key)
    if rhythm is not None:
        return _rhythm(ticking, rhythm, turn)
    declared = turn.rules.mechanism.clock(ticking.key)
    if declared is None or (turn.act in declared.stop and _concerns(ticking, declared, turn)):
        return msgspec.structs.replace(ticking, stopped=turn.at, by=turn.act)
    # whoever takes part no longer is asked no longer
    if ticking.unit and ticking.unit not in turn.held(declared.each):
        return msgspec.structs.replace(ticking, stopped=turn.at)
    # a clock that an ending act starts (an objection to it, say) began with it and is not here yet
    if turn.ends:
        return msgspec.structs.replace(ticking, stopped=turn.at)
    if (day := _adjusted(ticking, turn)) is not None:
        return _moved(ticking, declared, day, turn)
    if ticking.paused is None and _waits(declared, turn):
        return msgspec.structs.replace(ticking, paused=turn.at, held=_reason(turn))
    if ticking.paused is not None and _goes_on(ticking, declared, turn):
        return _resumed(ticking, declared, ticking.paused, turn)
    return ticking


def _goes_on(ticking: Ticking, declared: Clock, turn: Turn) -> bool:
    """Whether the act lets it run again: what hung goes on with the matter, what waits for something else only when that has come."""
    return not ticking.held if turn.effect == "resume" else bool(ticking.held) and turn.act in declared.resume


def _adjusted(ticking: Ticking, turn: Turn) -> date | None:
    """The new day of a clock that hangs on a date of the matter, where the act changes that date."""
    key = ticking.limit.removeprefix("field:")
    if not ticking.limit.startswith("field:") or turn.fields.get(key) == turn.matter.fields.get(key):
        return None
    return day_given(turn.fields.get(key))


def _moved(ticking: Ticking, declared: Clock, day: date, turn: Turn) -> Ticking:
    """The clock with the new day, as it was set; the original due stays. Days for which it was paused before it was set do not count."""
    due = clocks.end_of_day(day, turn.rules.zone)
    lapsed = None if due >= turn.at else ticking.lapsed
    moved = msgspec.structs.replace(ticking, due=due, warned=False, lapsed=lapsed, since=None, paused=None, held="")
    if ticking.paused is not None and not _goes_on(ticking, declared, turn):
        return msgspec.structs.replace(moved, paused=turn.at, held=ticking.held)
    if ticking.paused is None and _waits(declared, turn):
        return msgspec.structs.replace(moved, paused=turn.at, held=_reason(turn))
    return moved


def _waits(declared: Clock, turn: Turn) -> bool:
    return turn.act in declared.pause or turn.effect == "hang"


def _reason(turn: Turn) -> str:
    return "" if turn.effect == "hang" else turn.act


def _concerns(ticking: Ticking, declared: Clock, turn: Turn) -> bool:
    """Whether the act is about this clock: a unit's own only its own, or an act for all; of several times that run the one that is due first."""
    if declared.again:
        first = min(
            (one for one in turn.matter.clocks if one.key == ticking.key and one.runs), key=lambda one: (one.due, one.n), default=ticking
        )
        return ticking.n == first.n
    return not ticking.unit or not turn.unit or ticking.unit == turn.unit


def _resumed(ticking: Ticking, declared: Clock, paused: datetime, turn: Turn) -> Ticking:
    """The clock runs again: a limit is lengthened by what was lost, a date that was set by the natural days.

    Of one that had run out before, the end stays, and the steps of the ladder after it come so many days later.
    """
    rules = turn.rules
    limit = clocks.read_limit("1 day" if ticking.limit.startswith("field:") else ticking.limit)
    due = clocks.shifted(ticking.due, paused, turn.at, limit, rules.calendar, rules.zone, roll=declared.roll)
    going = msgspec.structs.replace(ticking, paused=None, held="", due=due, warned=False)
    if paused <= ticking.due:
        return going
    lost = clocks.day_of(turn.at, rules.zone) - clocks.day_of(paused, rules.zone)
    return msgspec.structs.replace(going, warned=ticking.warned, since=ticking.late_since + lost)


def _rhythm(ticking: Ticking, rhythm: Rhythm, turn: Turn) -> Ticking:
    """A report answers the period that it falls into and those that are owed; a report more in the same period is just a report more."""
    if turn.act in rhythm.stop and (ticking.lapsed is not None or _begun(ticking, rhythm, turn)):
        return msgspec.structs.replace(ticking, stopped=turn.at, by=turn.act)
    if turn.state != "live" or not _within(rhythm, turn):
        return msgspec.structs.replace(ticking, stopped=turn.at)
    return ticking


def _begun(ticking: Ticking, rhythm: Rhythm, turn: Turn) -> bool:
    """Whether the period of the clock has begun: its first day is not later than today."""
    rules = turn.rules
    period = clocks.pending_period(clocks.read_rhythm(rhythm.every), ticking.due, rules.zone, rules.calendar)
    return period.first <= clocks.day_of(turn.at, rules.zone)


def _within(rhythm: Rhythm, turn: Turn) -> bool:
    return turn.stage in rhythm.at or (LIVE in rhythm.at and turn.rules.mechanism.stage(turn.stage).kind in {"open", "waiting"})


def started(turn: Turn, there: Iterable[Ticking] = ()) -> list[Ticking]:
    """The clocks that the act starts; ``there``: those that were running before it, as they are after it."""
    clocks_there = tuple(there)
    running = {clock.key for clock in clocks_there if clock.runs}
    starting = [clock for clock in turn.rules.mechanism.clocks if turn.act in clock.start]
    made = [
        ticking
        for clock in starting
        if not clock.each and (clock.again or clock.key not in running) and (ticking := _clock(clock, turn)) is not None
    ]
    made += [ticking for clock in starting if clock.each for ticking in _for_each(clock, clocks_there, turn)]
    if turn.state != "live":
        return made
    before = {clock.name: clock for clock in (*turn.matter.clocks, *clocks_there) if clock.period}
    last = {clock.key: clock for clock in sorted(before.values(), key=lambda one: one.n)}
    due = [rhythm for rhythm in turn.rules.mechanism.rhythms if rhythm.key not in running and _within(rhythm, turn)]
    return made + [_next(rhythm, last[rhythm.key], turn) if rhythm.key in last else _first(rhythm, turn) for rhythm in due]


def _number(key: str, turn: Turn) -> int:
    last = turn.matter.last(key)
    return last.n + 1 if last else 1


def _first(rhythm: Rhythm, turn: Turn) -> Ticking:
    """The clock of the period that is due next, at the earliest tomorrow: the day of the start does not count (民法典第二百零一条)."""
    rules = turn.rules
    period = clocks.pending_period(clocks.read_rhythm(rhythm.every), _tomorrow(turn), rules.zone, rules.calendar)
    return Ticking(
        rhythm.key, _number(rhythm.key, turn), turn.at, rhythm.every, period.due, period.due, owner=rhythm.owner, period=period.key
    )


def _next(rhythm: Rhythm, last: Ticking, turn: Turn) -> Ticking:
    """The clock after the last one of the rhythm: of its own period where that was not answered, else of the next; not of one that is over.

    What was reported before the matter hung or was handed in is not asked again.
    """
    if last.by == turn.act and last.stopped == turn.at:
        # a report was made just now: the next is asked for, be it on the same day
        first, following = turn.at, next_period(rhythm, last, turn.rules, turn.at)
    else:
        first = _tomorrow(turn)
        following = (
            next_period(rhythm, last, turn.rules, turn.at)
            if last.by
            else msgspec.structs.replace(last, n=last.n + 1, started=turn.at, warned=False, lapsed=None, stopped=None, by="")
        )
    while following.due < first:
        following = msgspec.structs.replace(next_period(rhythm, following, turn.rules, turn.at), n=last.n + 1)
    return following


def _tomorrow(turn: Turn) -> datetime:
    return clocks.start_of_day(clocks.day_of(turn.at, turn.rules.zone) + timedelta(days=1), turn.rules.zone)


def _clock(clock: Clock, turn: Turn) -> Ticking | None:
    """The clock, started; None where it hangs on a date that the matter does not have."""
    limit, rules = _limit(clock, turn), turn.rules
    if limit.startswith("field:"):
        day = day_given(turn.fields.get(limit.removeprefix("field:")))
        if day is None:
            return None
        due = clocks.end_of_day(day, rules.zone)
    else:
        due = clocks.due_of(_counted_from(clock, turn), clocks.read_limit(limit), rules.calendar, rules.zone, roll=clock.roll)
    # in a hung matter nobody can answer: what is asked then waits with it, but for what ends the hanging
    waits = turn.at if turn.matter.state == turn.state == "hung" and not clock.then else None
    return Ticking(clock.key, _number(clock.key, turn), turn.at, limit, due, due, owner=clock.owner, paused=waits)


def _counted_from(clock: Clock, turn: Turn) -> datetime:
    """When the limit begins to count: now, or on the earlier day that was registered."""
    day = day_given(turn.fields.get(clock.since)) if clock.since else None
    return turn.at if day is None else min(turn.at, clocks.start_of_day(day, turn.rules.zone))


def _for_each(clock: Clock, there: tuple[Ticking, ...], turn: Turn) -> list[Ticking]:
    """The clock for each unit that has none running and has not yet done what stops it; an act of one unit starts that unit's alone."""
    first = _clock(clock, turn)
    if first is None:
        return []
    busy = {one.unit for one in there if one.key == clock.key and one.runs}
    busy |= {unit for act in clock.stop if act != turn.act for unit in turn.matter.units.get(act, ()) if turn.effect != "reopen"}
    units = [unit for unit in turn.held(clock.each) if unit not in busy and turn.unit in ("", unit)]
    return [msgspec.structs.replace(first, n=first.n + at, unit=unit) for at, unit in enumerate(units)]


def _limit(clock: Clock, turn: Turn) -> str:
    """The limit that counts: that of the value of a field (the variant's before the clock's), of the variant, or the clock's own."""
    variant = turn.rules.mechanism.variant(turn.matter.variant)
    for field, limits in (variant.by.get(clock.key, clock.by) if variant else clock.by).items():
        value = turn.fields.get(field)
        if isinstance(value, str) and value in limits:
            return limits[value]
    return variant.limits.get(clock.key, clock.limit) if variant else clock.limit
