"""A walk through a mechanism: random acts by random people, time that passes, and after each step everything that must hold.

What may be done is known from ``story.Story``, which asks the mechanism's file and nothing of the engine.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from random import Random
from typing import Any

import msgspec

from luoshi.loop import engine, timing
from luoshi.loop.engine import Deed, Filing, OpenAct, Refused
from luoshi.loop.matter import CLOCK, Matter, Move, Ticking
from luoshi.loop.mechanism import Act, Mechanism, Rung
from luoshi.loop.rules import plain_rules
from tests.loop import story
from tests.loop.giving import Giver
from tests.loop.story import Story

PEOPLE = ("wang", "li", "zhao", "chen", "sun")
#: a start somewhere in these years: one whose notice is out, one whose is not yet
FIRST = datetime(2025, 9, 1, tzinfo=UTC)
DAYS = 700
TICK = timedelta(microseconds=1)


@dataclass
class Covered:
    """What walks have done so far: steps, moves by kind, refusals; each act, stage, part of the clock, by mechanism."""

    steps: int = 0
    lives: int = 0
    refusals: int = 0
    moves: Counter[str] = field(default_factory=Counter)
    acts: Counter[tuple[str, str]] = field(default_factory=Counter)
    stages: Counter[tuple[str, str]] = field(default_factory=Counter)

    def missing(self, mechanisms: Iterable[Mechanism]) -> list[str]:
        """Stages never reached and acts never done."""
        found = [f"{one.id} stage {stage.key}" for one in mechanisms for stage in one.stages if not self.stages[one.id, stage.key]]
        return found + [f"{one.id} act {act.key}" for one in mechanisms for act in one.acts if not self.acts[one.id, act.key]]


class Walk:
    """One matter from its filing on."""

    def __init__(self, mechanism: Mechanism, lights: str, random: Random, covered: Covered) -> None:
        self.random, self.covered, self.mechanism = random, covered, mechanism
        self.rules = plain_rules(mechanism, lights)
        self.now = FIRST + timedelta(seconds=random.randint(0, DAYS * 86_400))
        self.steps: set[tuple[str, str, datetime]] = set()
        self.originals: dict[tuple[str, int], datetime] = {}
        giver = self.giver()
        self.variant = random.choice([one.key for one in mechanism.variants]) if mechanism.variants else ""
        if mechanism.variants and random.random() < 0.1 and not any("variant" in one.when for one in mechanism.fields):
            self.variant = ""
        may = tuple(one.key for one in mechanism.fields if one.type in {"date", "choice", "number", "integer"})
        fields = giver.fields("file", may, {}, self.variant)
        parts = {key: tuple(units) for key, units in giver.units(mechanism).items()}
        self.opened, move = engine.file(Filing("i-walk", "wang", self.variant, fields, parts), self.rules, self.now)
        self.story = Story(mechanism, self.variant, dict(self.opened.fields), dict(self.opened.parts))
        self.matter, self.moves = self.opened, list[Move]()
        covered.lives += 1
        self._take(move)
        self._catch_up()
        self.check()

    def giver(self) -> Giver:
        return Giver(self.random, self.rules, self.now)

    # --- steps

    def step(self) -> None:
        """Time passes or somebody acts; everything that must hold is looked at."""
        self.covered.steps += 1
        if self.random.random() < 0.45:
            self.wait()
        else:
            self.act()
        self.refuse(2 if self.random.random() < 0.98 else 100)
        self.check()

    @property
    def over(self) -> bool:
        """Whether nothing more happens to it, or it has gone on for long."""
        chance = {"closed": 0.05, "ended": 0.3}.get(self.matter.state, 0)
        return len(self.moves) > 400 or self.random.random() < chance

    def wait(self) -> None:
        """Time passes; what falls due is the same however often somebody looks."""
        then = self._later()
        leap = engine.due(self.matter, self.rules, then)
        small, matter, at = list[Move](), self.matter, self.now
        for moment in sorted(at + (then - at) * self.random.random() for _ in range(self.random.randint(1, 4))):
            some = engine.due(matter, self.rules, moment)
            matter, small = engine.fold(matter, some), small + list(some)
        small += engine.due(matter, self.rules, then)
        assert list(leap) == small, "one leap and many small ones do not give the same"
        assert all(one.at <= two.at for one, two in pairwise(leap)), "not in the order in which it fell due"
        self._steady(then)
        assert engine.step(self.matter, self.rules, then).due == leap
        self.now = then
        for move in leap:
            assert move.by == CLOCK
            self._take(move)
        assert engine.due(self.matter, self.rules, then) == ()

    def _later(self) -> datetime:
        random, wake = self.random, self.matter.wake
        if wake is not None and wake >= self.now and random.random() < 0.3:
            return max(self.now, wake + random.choice([-TICK, timedelta(0), TICK, timedelta(hours=9)]))
        hours = random.choice([0, 0.2, 3, 20, 26, 80, 24 * 7, 24 * 20, 24 * 45, 24 * 130])
        return self.now + timedelta(hours=hours * random.random(), seconds=1)

    def _steady(self, then: datetime) -> None:
        """Between what is due the lights stay as they are."""
        if self.matter.state != "live":
            return
        end = min(then, self.matter.wake - TICK) if self.matter.wake else then
        for share in (self.random.random(), self.random.random(), 1):
            at = self.matter.changed + max(timedelta(0), end - self.matter.changed) * share
            assert timing.lights_at(self.matter, self.rules, at) == self.matter.lights, f"another light at {at} that nobody noticed"

    def act(self) -> None:
        """Somebody does something that is open to them, the rarer the likelier; it must succeed. The same once more must not."""
        by = self.random.choice(PEOPLE)
        found = [one for one in engine.open_acts(self.matter, self.rules, self.now, by=by) if one.act.by != ("system",)]
        if not found:
            return
        one = self.random.choices(found, [self._weight(one.act) for one in found])[0]
        parts = frozenset(part for part in one.act.by if part != "system")
        parts = frozenset(self.random.sample(sorted(parts), self.random.randint(1, len(parts))))
        if self.random.random() < 0.1:
            self._spoil(one, by, parts)
        inputs = self.giver().inputs(self.matter, one.act)
        units = self._speaks_for(one.act, inputs, parts)
        deed = Deed(one.act.key, by, parts, inputs, self.matter.acts, units)
        before = _bytes(self.matter)
        move = engine.perform(self.matter, self.rules, deed, self.now)
        assert (move.by, move.at, move.act, move.kind) == (by, self.now, one.act.key, "act")
        assert move.part in parts
        assert _bytes(self.matter) == before
        self._take(move)
        self._catch_up()
        self._refused(deed, slug="moved-on")

    def _weight(self, act: Act) -> float:
        """How likely an act is: those seldom done, and towards stages seldom reached; what ends a matter early only now and then."""
        seen = self.covered.acts[self.mechanism.id, act.key]
        ends = 0.02 if act.effect in {"terminate", "merge"} and seen >= 3 else 1
        return ends / (1 + seen) / (1 + self.covered.stages[self.mechanism.id, act.to or self.matter.stage]) ** 0.5

    def _speaks_for(self, act: Act, inputs: dict[str, Any], parts: frozenset[str]) -> frozenset[str] | None:
        """The units for which somebody may speak; another's only those who have a part besides may do."""
        if not act.each or self.random.random() < 0.5:
            return None
        deed = Deed(act.key, "wang", frozenset({act.each}), inputs, None, frozenset({"u-another"}))
        if act.each in act.by:
            self._refused(deed)
        return frozenset({inputs["unit"]}) if parts == {act.each} else frozenset({"u-another"})

    def _spoil(self, one: OpenAct, by: str, parts: frozenset[str]) -> None:
        inputs = self.giver().spoilt(self.matter, one.act)
        if inputs is not None:
            self._refused(Deed(one.act.key, by, parts, inputs))

    def refuse(self, most: int) -> None:
        """What is not open is refused, with a reason and what would be possible; what is open is exactly what the file says."""
        by = self.random.choice(PEOPLE)
        found = {one.act.key: one for one in engine.open_acts(self.matter, self.rules, self.now, by=by)}
        said = {act.key for act in self.mechanism.acts if self.story.is_open(act, by, self.matter, self.now) and self._room(act)}
        assert set(found) == said, f"open to {by}: {sorted(set(found) ^ said)} differ from the file"
        for act in self.mechanism.acts:
            if act.key in found and act.each:
                assert set(found[act.key].units) == self.story.left(act)
        every = frozenset(part.key for part in self.mechanism.parts)
        shut = [(act.key, every) for act in self.mechanism.acts if act.key not in found]
        shut += [(act.key, others) for act in self.mechanism.acts if (others := every - set(act.by))]
        shut.append(("no-such-act", every))
        for key, parts in self.random.sample(shut, min(most, len(shut))):
            act = self.mechanism.act(key)
            inputs = self.giver().inputs(self.matter, act) if act and not act.each else {}
            self._refused(Deed(key, by, parts, inputs))

    def _room(self, act: Act) -> bool:
        """Whether a date is left to which an extension may go."""
        if act.effect not in {"extend", "ask-extend"}:
            return True
        first, last = self.giver().dates(self.matter, act)
        return first <= last

    def _refused(self, deed: Deed, slug: str = "refused-act") -> None:
        before = _bytes(self.matter)
        told: Refused | None = None
        try:
            engine.perform(self.matter, self.rules, deed, self.now)
        except Refused as error:
            told = error
        assert told is not None, f"{deed.act} of {deed.by} as {sorted(deed.parts)} with {dict(deed.inputs)} was not refused"
        assert told.slug == slug, f"{told}"
        assert told.what, "refused without a reason"
        assert told.remedy, "refused without a remedy"
        assert _bytes(self.matter) == before
        self.covered.refusals += 1

    # --- what a move does

    def _catch_up(self) -> None:
        for move in engine.due(self.matter, self.rules, self.now):
            self._take(move)
        assert engine.due(self.matter, self.rules, self.now) == ()

    def _take(self, move: Move) -> None:
        same = msgspec.json.decode(msgspec.json.encode(move), type=Move)
        assert same == move, "a move is another after it was written and read"
        if move.kind == "act" and (act := self.mechanism.act(move.act)) is not None:
            assert not any(move.by in self.story.since.get(key, ()) for key in act.not_by), "whoever did the one may not do the other"
        self.story.heard(same)
        before, self.matter = self.matter, engine.fold(self.matter, [same])
        self.moves.append(move)
        self.covered.moves[move.kind] += 1
        if move.kind == "act":
            self.covered.acts[self.mechanism.id, move.act] += 1
        self.covered.stages[self.mechanism.id, self.matter.stage] += 1
        if move.kind == "act":
            self._follow(before, move)
        if move.kind == "rung":
            self._climbed(before, move)
        for ticking in move.change.clocks if isinstance(move.change.clocks, tuple) else ():
            self._clock(ticking, before, move)

    def _climbed(self, before: Matter, move: Move) -> None:
        """A step of the ladder comes once for each end of a clock, not before its day."""
        assert isinstance(move.change.rungs, tuple)
        name = move.change.rungs[-1].partition("@")[2].partition("/")[0]
        ticking = next(one for one in before.clocks if one.name == name)
        step = (move.act, name, ticking.due)
        assert step not in self.steps, f"{move.act} twice for {ticking}"
        self.steps.add(step)
        rung = next(one for one in self.mechanism.ladder if one.key == move.act)
        if rung.before:
            assert move.at <= ticking.due
        else:
            assert self._is_late(rung, ticking, move.at), f"{rung.key} too early for {ticking}"

    def _is_late(self, rung: Rung, ticking: Ticking, at: datetime) -> bool:
        """Whether it is late enough for the step."""
        base, limit, zone = ticking.late_since, rung.after or "0 days", self.rules.zone
        if limit.startswith("0 "):
            return at > base
        if limit.rpartition(" ")[2].rstrip("s") in {"minute", "hour"}:
            return at > base + timedelta(**{limit.rpartition(" ")[2].rstrip("s") + "s": int(limit.partition(" ")[0])})
        return at.astimezone(zone).date() > story.last_day(base.astimezone(zone).date(), limit, roll=False)

    def _ladder(self) -> None:
        """Of what is late every step is taken whose day has come."""
        for ticking in self.matter.clocks:
            for rung in self.mechanism.ladder if ticking.runs and ticking.paused is None and ticking.lapsed else ():
                late = (
                    rung.clock == ticking.key
                    and not rung.before
                    and self._is_late(rung, ticking, self.now)
                    and not self._asked_for_more(ticking)
                )
                assert not late or (rung.key, ticking.name, ticking.due) in self.steps, f"{rung.key} did not come for {ticking}"

    def _asked_for_more(self, ticking: Ticking) -> bool:
        """Whether a request for more time on the clock waits, so that nobody is chased for it."""
        asked = self.mechanism.act(self.matter.asked.get("act", ""))
        return asked is not None and asked.clock == ticking.key and (self.story.waiting == asked.key or self.story.stage == asked.to != "")

    def _follow(self, before: Matter, move: Move) -> None:
        """A clock that hangs on a date is due on that date as soon as it is changed."""
        for key, value in move.inputs.get("fields", {}).items():
            on = [one for one in self.matter.clocks if one.runs and one.limit == f"field:{key}" and value != before.fields.get(key)]
            assert all(one.due.astimezone(self.rules.zone).date().isoformat() == value for one in on), (
                f"{move.act} sets {key} to {value}: {on}"
            )

    def _clock(self, ticking: Ticking, before: Matter, move: Move) -> None:
        was = next((one for one in before.clocks if (one.key, one.n) == (ticking.key, ticking.n)), None)
        assert self.originals.setdefault((ticking.key, ticking.n), ticking.original) == ticking.original, "the first due date changed"
        if was is None:
            self._started(ticking, move)
        elif was.due != ticking.due and ticking.limit.removeprefix("field:") in move.inputs.get("fields", {}):
            assert ticking.limit.startswith("field:")
        elif was.paused is not None and ticking.paused is None and ticking.runs:
            assert story.resumed(was, ticking, move.at, self.rules.zone), f"{was} goes on as {ticking}"
        elif was.due != ticking.due:
            act = self.mechanism.act(move.act)
            assert act is not None
            assert act.effect == "extend", f"{move.act} moves {ticking.name}"
        if ticking.period and ticking.by:
            self.story.answered.setdefault(ticking.key, set()).add(ticking.period)

    def _started(self, ticking: Ticking, move: Move) -> None:
        assert ticking.started == move.at
        assert ticking.original == ticking.due
        assert ticking.runs
        zone, declared = self.rules.zone, self.mechanism.clock(ticking.key)
        if declared is None:
            assert ticking.period not in self.story.answered.get(ticking.key, ()), f"{ticking.key} of {ticking.period} was answered before"
            assert ticking.due.astimezone(zone).date() > move.at.astimezone(zone).date(), f"{ticking.name} is due on the day it begins"
            return
        day = ticking.due.astimezone(zone)
        if ticking.limit.startswith("field:"):
            assert day.date().isoformat() == self.story.fields[ticking.limit.removeprefix("field:")]
        elif ticking.limit.split()[-1].rstrip("s") in {"minute", "hour"}:
            unit = "hours" if "hour" in ticking.limit else "minutes"
            assert ticking.due - ticking.started == timedelta(**{unit: int(ticking.limit.split()[0])})
        else:
            first = date.fromisoformat(self.story.fields[declared.since]) if declared.since else move.at.astimezone(zone).date()
            assert day.date() == story.last_day(first, ticking.limit, roll=declared.roll), f"{ticking}"
        if not ticking.limit.startswith("field:") and not declared.since:
            assert ticking.due >= ticking.started

    # --- what must hold

    def check(self) -> None:
        """Everything that must hold of a matter at any moment."""
        matter, told = self.matter, self.story
        stage = next((one for one in self.mechanism.stages if one.key == matter.stage), None)
        assert stage is not None, f"no stage {matter.stage}"
        assert stage.kind in story.KINDS[matter.state], f"{matter.state} in {stage.key}, which is {stage.kind}"
        assert (matter.stage, matter.state, matter.back) == (told.stage, told.state, told.back)
        assert matter.fields == told.fields
        assert matter.parts == told.parts
        assert matter.objections == told.objections
        assert matter.done == told.counts
        assert {key: set(who) for key, who in matter.doers.items()} == told.since
        assert matter.moves == len(self.moves)
        assert matter.acts == sum(move.kind == "act" for move in self.moves)
        self._clocks()
        self._ladder()
        assert matter.wake == timing.next_at(matter, self.rules)
        assert matter.wake is None or matter.wake > self.now >= matter.changed
        if matter.state == "live":
            assert timing.lights_at(matter, self.rules, matter.changed) == matter.lights
        assert msgspec.json.decode(_bytes(matter), type=Matter) == matter

    def _clocks(self) -> None:
        matter, told = self.matter, self.story
        running = [clock for clock in matter.clocks if clock.runs]
        plain = {clock.key: clock.paused is not None for clock in running if self._is_plain(clock)}
        assert plain == {key: bool(paused) for key, paused in told.running.items()}, f"{plain} run, {told.running} should"
        many = Counter(clock.key for clock in running if self._is_again(clock))
        assert many == Counter(told.many), f"{many} run, {told.many} should"
        twice = Counter((clock.key, clock.unit) for clock in running if not (clock.period and clock.lapsed) and not self._is_again(clock))
        assert not [key for key, count in twice.items() if count > 1], "a clock runs twice"
        owed = Counter(clock.key for clock in running if clock.period and clock.lapsed)
        assert not [key for key, count in owed.items() if count > 1], "two reports are owed"
        if matter.state in {"closed", "ended"}:
            assert matter.closed is not None
            assert all(clock.started >= matter.closed for clock in running), "a clock runs on after the end"
        for clock in running:
            assert clock.started <= matter.changed
            declared = self.mechanism.clock(clock.key)
            assert declared is None or not declared.each or clock.unit in matter.parts.get(declared.each, ())
        main = self.mechanism.main
        if matter.state == "hung" and main is not None:
            assert not [clock for clock in running if clock.key == main.key and clock.paused is None], "the main clock runs while it hangs"

    def _is_plain(self, clock: Ticking) -> bool:
        declared = self.mechanism.clock(clock.key)
        return declared is not None and not declared.each and not declared.again

    def _is_again(self, clock: Ticking) -> bool:
        declared = self.mechanism.clock(clock.key)
        return declared is not None and declared.again

    def rebuild(self) -> None:
        """All moves folded again, as they were written down, give the same matter."""
        written = [msgspec.json.decode(msgspec.json.encode(move), type=Move) for move in self.moves]
        first = msgspec.json.decode(_bytes(self.opened), type=Matter)
        assert engine.fold(first, written) == self.matter
        assert len(self.matter.rungs) == len(set(self.matter.rungs)), "a step of the ladder was taken twice"


def _bytes(matter: Matter) -> bytes:
    return msgspec.json.encode(matter)


def walk(mechanisms: Iterable[Mechanism], lights: Iterable[str], steps: int, seed: int) -> Covered:
    """So many steps over all mechanisms and light rules in turn, one life after the other; raises where something does not hold."""
    covered, number = Covered(), 0
    pairs = [(one, rule) for rule in lights for one in mechanisms]
    while covered.steps < steps:
        one, rule = pairs[number % len(pairs)]
        number += 1
        walking = None
        try:
            walking = Walk(one, rule, Random(f"{seed}.{number}"), covered)  # noqa: S311 - a walk, no secret
            for _ in range(min(90, steps - covered.steps)):
                if walking.over:
                    break
                walking.step()
            walking.rebuild()
        except Exception as error:
            error.add_note(f"{one.id} under {rule}, seed {seed}.{number}, step {covered.steps}{_told(walking)}")
            raise
    return covered


def _told(walking: Walk | None) -> str:
    if walking is None:
        return ""
    last = "; ".join(f"{move.at:%Y-%m-%d %H:%M} {move.kind} {move.act} by {move.by}" for move in walking.moves[-12:])
    return f", now {walking.now:%Y-%m-%d %H:%M}, in {walking.matter.stage}; so far: {last}"
