"""A walk through the desk on the database: random people act on several matters while time passes; what is rebuilt is what there was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec
import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.evidence import keep
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, history, rebuild, verify_chain
from luoshi.loop import engine
from luoshi.loop.engine import OpenAct, Refused
from luoshi.loop.matter import Matter, Move
from luoshi.loop.mechanism import Mechanism, Part
from luoshi.loop.rules import Rules, mechanisms
from tests.loop.giving import Giver, units_of

pytestmark = pytest.mark.usefixtures("db")

REGION = "990102"
ALL = Scope.whole()
STEPS = 200
#: so many matters are alive at least
LIVE = 6
TABLES = (models.Matter, models.Clock, models.Duty, models.Item, models.Evidence, models.MechanismFile)
WORDS = tuple(f"说明{number}".encode() for number in range(5))


class Desk:
    """Several matters, the people around them, and the moment."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a walk, no secret
        self.now = datetime(2026, 9, 24, 1, 0, tzinfo=UTC)
        self.items: list[str] = []
        self.done = self.refused = 0
        units = {unit for mechanism in mechanisms() for part in mechanism.parts for unit in units_of(part.key)}
        data = {"region_code": REGION, "kind": "body", "plates": []}
        append("asys", [Draft("organisation.add", unit, {**data, "name": unit}) for unit in sorted(units)])

    def clock(self) -> datetime:
        return self.now

    def file(self, mechanism: Mechanism) -> None:
        giver = Giver(self.random, rules_for(mechanism.id), self.now)
        variant = mechanism.variants[0].key if mechanism.variants else ""
        may = tuple(one.key for one in mechanism.fields if one.type == "date")
        form = Form(
            f"{mechanism.title.zh}{len(self.items)}", region_code=REGION, variant=variant,
            fields=giver.fields("file", may, {}, variant), units=giver.units(mechanism),
        )  # fmt: skip
        self.items += matters.file_form(self.actor(Role.SUPERVISOR), mechanism.id, form, ALL, clock=self.clock).subjects[:1]

    def actor(self, role: Role, unit: str = "") -> Actor:
        name = f"{role.value}-{unit or self.random.randint(1, 4)}"
        return Actor(f"a-{name}", name, name, (role,), unit, REGION)

    def who(self, part: Part, matter: Matter) -> Actor | None:
        """Somebody who has this part; somebody outside is written down by the office."""
        if part.held == "public":
            return self.actor(Role.SUPERVISOR)
        if part.held == "office":
            return self.actor(Role(part.role))
        units = matter.parts.get(part.key, ())
        return self.actor(Role.LIAISON, self.random.choice(units)) if units else None

    def life(self, item: str) -> tuple[Matter, Rules]:
        """The matter with what has fallen due by now, and its rules."""
        row = models.Matter.objects.get(pk=item)
        matter, rules = life_of(row.life), rules_for(row.mechanism, row.version)
        return engine.fold(matter, engine.due(matter, rules, self.now)), rules

    def step(self) -> None:
        self.now += timedelta(hours=self.random.choice([0, 1, 5, 26, 60, 150]), minutes=1)
        if self.random.random() < 0.15:
            matters.tick(clock=self.clock)
            assert matters.tick(clock=self.clock).entries == 0
            return
        live = models.Matter.objects.filter(state__in=("live", "hung"), pk__in=self.items).order_by("pk").values_list("pk", flat=True)
        if len(live) < LIVE:
            self.file(self.random.choice([mechanism for mechanism in mechanisms() if "form" in mechanism.from_]))
        item = self.random.choice(list(live) if self.random.random() < 0.9 else self.items)
        matter, rules = self.life(item)
        ends = {"terminate", "merge"} if self.random.random() < 0.9 else set()
        found = [one for one in engine.open_acts(matter, rules, self.now) if one.act.effect not in {"split", *ends}]
        able = [one for one in found if one.act.by != ("system",) and not one.act.each]
        if able:
            self.try_one(item, matter, rules, self.random.choice(able))
        self.try_shut(item, matter, rules)

    def try_one(self, item: str, matter: Matter, rules: Rules, one: OpenAct) -> None:
        part = rules.mechanism.part(self.random.choice([key for key in one.parts if key != "system"]))
        assert part is not None
        actor = self.who(part, matter)
        if actor is None:
            return
        wanted = self.wanted(item, matter, rules, one, part)
        row, entries = models.Matter.objects.get(pk=item), models.Entry.objects.count()
        if any(actor.id in matter.doers.get(key, ()) for key in one.act.not_by):
            self.must_not(actor, item, wanted)
            return
        done = matters.act(actor, item, wanted, ALL, clock=self.clock)
        self.done += 1
        assert models.Entry.objects.count() == entries + done.count
        after = models.Matter.objects.get(pk=item)
        assert after.acts > row.acts
        self.must_not(actor, item, wanted)

    def wanted(self, item: str, matter: Matter, rules: Rules, one: OpenAct, part: Part) -> Try:
        inputs: dict[str, Any] = Giver(self.random, rules, self.now).inputs(matter, one.act)
        files = tuple(keep([("说明.txt", self.random.choice(WORDS))])) if inputs.pop("evidence", None) else ()
        if "posts" not in one.act.needs:
            inputs.pop("posts", None)
        fields = inputs.get("fields", {})
        if matter.mechanism == "M03" and fields:
            # a value is of the year that is steered; last year's months are lines of their own kind
            fields |= {
                key: given for key, given in {"period": f"{matter.fields['year']}-03", "last_year": ["03 21.5"]}.items() if key in fields
            }
        if "matter" in inputs:
            inputs["matter"] = self.random.choice([other for other in self.items if other != item])
        return Try(one.act.key, inputs, files, matter.acts, part.key if part.held == "public" else "")

    def try_shut(self, item: str, matter: Matter, rules: Rules) -> None:
        """An act that is not open, by whoever would do it."""
        shut = [act for act in rules.mechanism.acts if act.key not in {one.act.key for one in engine.open_acts(matter, rules, self.now)}]
        if shut and models.Matter.objects.get(pk=item).acts == matter.acts:
            part = rules.mechanism.part(self.random.choice(shut).by[0])
            actor = self.who(part, matter) if part else None
            if actor is not None:
                self.must_not(actor, item, Try(self.random.choice(shut).key, {"reason": "试", "text": "试"}))

    def must_not(self, actor: Actor, item: str, wanted: Try) -> None:
        """Refused with a reason and a remedy; nothing is left behind."""
        before = models.Entry.objects.count()
        with pytest.raises(Refused) as caught:
            matters.act(actor, item, wanted, ALL, clock=self.clock)
        assert caught.value.what
        assert caught.value.remedy
        assert models.Entry.objects.count() == before
        self.refused += 1


def told(item: str) -> list[Move]:
    """The moves of a matter as its entries tell them, in order."""
    entries = [entry for entry in reversed(history(item)) if entry.act in {"loop.file", "loop.act", "loop.tick"}]
    return [msgspec.convert(entry.values["move"], Move) for entry in entries]


def tables() -> list[Any]:
    return [list(table.objects.order_by("pk").values()) for table in TABLES]


def test_two_hundred_steps() -> None:
    desk = Desk(20260305)
    for mechanism in mechanisms():
        if "form" in mechanism.from_:
            desk.file(mechanism)
    for _ in range(STEPS):
        desk.step()
    assert desk.done > STEPS / 3
    # at each step what may not be done is tried beside what may
    assert desk.refused > STEPS / 3
    matters.tick(clock=desk.clock)
    for item in desk.items:
        life, moves = life_of(models.Matter.objects.get(pk=item).life), told(item)
        assert len(moves) == life.moves, "an event is lost"
        assert {
            move.act: sum(one.act == move.act and one.kind == "act" for one in moves) for move in moves if move.kind == "act"
        } == life.done
        assert [move.at for move in moves] == sorted(move.at for move in moves)
    before = tables()
    rebuild()
    assert tables() == before
    assert verify_chain()
