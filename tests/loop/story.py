"""What a walk remembers by itself: an independent, slow and plain account of a matter, from the mechanism's file and the acts alone.

The engine is compared with it after each step. Nothing of the engine's own state is asked, but the due instants of running clocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from luoshi.loop.calendar import china
from luoshi.loop.matter import Matter, Move, Ticking
from luoshi.loop.mechanism import Act, Clock, Mechanism

CHINA = china()
ONE = timedelta(days=1)
_STATES = {"hang": "hung", "resume": "live", "close": "closed", "terminate": "ended", "merge": "ended", "reopen": "live"}
KINDS = {"live": {"open", "waiting"}, "hung": {"hung"}, "closed": {"closed"}, "ended": {"ended"}}


@dataclass
class Story:
    """The account. ``since``: who did each act since it was last reopened; ``units``: which units did an act of each unit."""

    mechanism: Mechanism
    variant: str
    fields: dict[str, Any]
    parts: dict[str, tuple[str, ...]]
    stage: str = ""
    state: str = "live"
    back: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    since: dict[str, set[str]] = field(default_factory=dict)
    units: dict[str, set[str]] = field(default_factory=dict)
    waiting: str = ""
    objections: int = 0
    #: the clocks that run, other than those of each unit and reports; the act that paused them, ``""`` where they go on
    running: dict[str, str] = field(default_factory=dict)
    #: of clocks of which each start is a time of its own, how many run
    many: dict[str, int] = field(default_factory=dict)
    #: the periods of each rhythm that were answered
    answered: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.stage = self.mechanism.stages[0].key

    # --- what may be done

    def is_open(self, act: Act, by: str, matter: Matter, now: datetime) -> bool:
        """Whether the file allows the act to this person, whatever their part."""
        kind = next(stage.kind for stage in self.mechanism.stages if stage.key == self.stage)
        placed = self.stage in act.at or ("live" in act.at and kind in {"open", "waiting"})
        sort = not act.variants or self.variant in act.variants
        chosen = all(str(self.fields.get(key, "")) in values for key, values in act.when.items())
        before = all(self.since.get(key) for key in act.after)
        another = not any(by in self.since.get(key, ()) for key in act.not_by)
        in_time = not act.within or any(self._in_time(key, matter, now) for key in act.within)
        some = not act.each or bool(self.left(act))
        asked = (not act.pending or act.pending == self.waiting) and not (self.waiting and act.effect in {"ask", "ask-extend"})
        objected = self.objections > 0 if act.effect == "settle" else not ("settled" in act.needs and self.objections)
        return placed and sort and chosen and before and another and in_time and some and asked and objected

    def left(self, act: Act) -> set[str]:
        """The units that have still to do it."""
        return set(self.parts.get(act.each, ())) - self.units.get(act.key, set())

    def _in_time(self, key: str, matter: Matter, now: datetime) -> bool:
        if key not in self.running:
            return False
        last = matter.last(key)
        return last is not None and (last.paused if self.running[key] and last.paused else now) <= last.due

    # --- what was done

    def heard(self, move: Move) -> None:
        """A move that the engine made: an act of somebody or of the clock, or the end of a time in which something might be done."""
        if move.kind == "act":
            self.told(move.act, move.by, move.inputs)
        elif move.kind == "lapse":
            declared = self.mechanism.clock(move.act.rpartition(".")[0])
            if declared is not None and declared.right:
                self.running.pop(declared.key, None)

    def told(self, key: str, by: str, inputs: Mapping[str, Any]) -> None:
        act = self.mechanism.act(key)
        before = self.state
        self.counts[key] = self.counts.get(key, 0) + 1
        if act is not None:
            self._moved(act, by, inputs)
        self._clocks(key, act.effect if act else None, before)
        self.since.setdefault(key, set()).add(by)

    def _moved(self, act: Act, by: str, inputs: Mapping[str, Any]) -> None:
        before = self.stage
        all_done = not act.each or self.left(act) <= {inputs.get("unit")}
        if act.effect == "reopen":
            self.since, self.units = {}, {}
        if act.each:
            self.units.setdefault(act.key, set()).add(inputs["unit"])
        if act.effect == "hang":
            self.back = self.stage
        if all_done:
            self.stage = (self.back if act.back else "") or act.to or self.stage
        self.state = _STATES.get(act.effect or "", self.state)
        if act.effect == "resume":
            self.back = ""
        if act.effect in {"ask", "ask-extend"} and any(other.pending == act.key for other in self.mechanism.acts):
            self.waiting = act.key
        elif act.pending or act.effect in {"extend", "close", "terminate", "merge", "ask", "ask-extend"}:
            self.waiting = ""
        if self.waiting and self.waiting != act.key and self.state != "hung" and before != self.stage and not self._decidable():
            self.waiting = ""
        self.objections += {"objection": 1, "settle": -1}.get(act.effect or "", 0)
        self._told_fields(act, inputs)

    def _decidable(self) -> bool:
        """Whether somebody can grant or refuse in this stage what waits."""
        kind = next(stage.kind for stage in self.mechanism.stages if stage.key == self.stage)
        places = {key for act in self.mechanism.acts if act.pending == self.waiting for key in act.at}
        return self.stage in places or ("live" in places and kind in {"open", "waiting"})

    def _told_fields(self, act: Act, inputs: Mapping[str, Any]) -> None:
        self.fields |= inputs.get("fields", {})
        if "class" in inputs:
            found = next(one for one in self.mechanism.classes_of(self.variant) if one.key == inputs["class"])
            self.fields |= {"class": found.key, "class_means": found.means}
        if "count" in inputs:
            self.fields["count"] = inputs["count"]
        if act.effect == "merge":
            self.fields["merged_into"] = inputs["matter"]
        if act.effect in {"assign", "transfer"}:
            self.parts |= {part: tuple(units) for part, units in inputs.get("units", {}).items()}
            if inputs.get("posts"):
                self.parts["leader"] = tuple(inputs["posts"])
            if not act.to:
                self._gathered(set(inputs.get("units", {})))

    def _gathered(self, changed: set[str]) -> None:
        """Who is asked no longer holds up nobody: all others have done what each does."""
        for act in self.mechanism.acts:
            if act.each in changed and act.to and self.stage in act.at and self.parts[act.each] and not self.left(act):
                self.stage = act.to
                return

    def _clocks(self, key: str, effect: str | None, before: str) -> None:
        ends = self.state in {"closed", "ended"} and before != self.state
        for clock in self.mechanism.clocks:
            if clock.each:
                continue
            if clock.again:
                left = 0 if ends else max(0, self.many.get(clock.key, 0) - (key in clock.stop))
                self.many[clock.key] = left + (key in clock.start and self._has_day(clock))
                continue
            if clock.key in self.running and (key in clock.stop or ends):
                del self.running[clock.key]
            elif clock.key in self.running:
                self._paused(clock, key, effect)
            if key in clock.start and clock.key not in self.running and self._has_day(clock):
                # in a hung matter nobody can answer: what begins then waits until it is resumed
                still = before == "hung" == self.state and not clock.then
                self.running[clock.key] = "hang" if still else ""

    def _paused(self, clock: Clock, key: str, effect: str | None) -> None:
        paused = self.running[clock.key]
        if not paused and (key in clock.pause or effect == "hang"):
            self.running[clock.key] = "hang" if effect == "hang" else key
        elif paused == "hang" and effect == "resume" or paused and paused != "hang" and key in clock.resume and effect != "resume":
            self.running[clock.key] = ""

    def _has_day(self, clock: Clock) -> bool:
        variant = self.mechanism.variant(self.variant)
        limit = variant.limits.get(clock.key, clock.limit) if variant else clock.limit
        return not limit.startswith("field:") or bool(self.fields.get(limit.removeprefix("field:")))


# --- days, one by one


def workdays(first: date, last: date) -> int:
    """How many workdays after ``first`` up to ``last``, counted one by one."""
    days = (last - first).days
    return sum(CHINA.is_workday(first + n * ONE) for n in range(1, days + 1))


def workday_from(day: date) -> date:
    """The day, or the first workday after it."""
    while not CHINA.is_workday(day):
        day += ONE
    return day


def last_day(start: date, limit: str, *, roll: bool) -> date:
    """The last day of a limit of days, workdays, weeks, months or years, counted by hand from the day after the start."""
    amount, unit = int(limit.split(maxsplit=1)[0]), limit.split()[1].rstrip("s")
    day = start
    if unit == "workday":
        day = workday_from(day) if not amount else day
        while amount:
            day += ONE
            amount -= CHINA.is_workday(day)
        return day
    if unit in {"day", "week"}:
        day += amount * (7 if unit == "week" else 1) * ONE
    else:
        month = day.month - 1 + amount * (12 if unit == "year" else 1)
        year, month, number = day.year + month // 12, month % 12 + 1, day.day
        while True:
            try:
                day = date(year, month, number)
                break
            except ValueError:
                number -= 1
    return workday_from(day) if roll else day


def resumed(was: Ticking, now: Ticking, at: datetime, zone: Any) -> bool:
    """Whether a clock that goes on after a pause has what was left of it when it was paused, and no more."""
    assert was.paused is not None
    if was.paused > was.due:
        return now.due == was.due
    if was.limit.rpartition(" ")[2].rstrip("s") in {"minute", "hour"}:
        return now.due - at == was.due - was.paused
    paused, back = was.paused.astimezone(zone).date(), at.astimezone(zone).date()
    due, then = was.due.astimezone(zone).date(), now.due.astimezone(zone).date()
    if "workday" in was.limit:
        left = workdays(paused, due)
        return workdays(back, then) == left if left else then == max(due, workday_from(back))
    later = due + (back - paused)
    return then == (later if later == due else workday_from(later))
