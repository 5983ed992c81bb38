"""A year of key-task supervision on a simulated clock: ``python bench/year.py [--seed 1] [--tasks 94] [--units 40] [--months 12]``.

The tasks of a breakdown are filed and given to simulated units that are prompt, late, evasive or wrong; supervisors and a leader do what theirs
is, day by day, through the same acts as on the pages. At each quarter: how many were due, how many done, which are red and why. At the end:
the same seed gives the same figures and the same chain of entries, the ledger verifies, and every past month-end, rebuilt from the entries,
is what was counted then. ``--document`` names the breakdown; without it the one of the shared seeds where there is one, else the demo's.
"""

from __future__ import annotations

import argparse
import calendar
import json
import os
import random
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from time import perf_counter
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

ZONE = ZoneInfo("Asia/Shanghai")
YEAR = 2026
REGION = "990102"
SHARED = Path(__file__).resolve().parents[2] / "shared" / "seeds"
CHECKS = ("facts", "solved", "done", "conclusion", "lawful", "form")
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(40)
#: of a hundred units so many are of each kind
KINDS = (("prompt", 55), ("late", 25), ("evasive", 12), ("wrong", 8))


class Task(msgspec.Struct, frozen=True):
    """A task of a breakdown: its number, words, and the day by which it is to be done."""

    number: str
    title: str
    text: str
    due: date


class Plan(msgspec.Struct):
    """What a unit has in mind with a matter: when it will be ready, whether it tries to get rid of it, how often it hands in what is not."""

    unit: str
    kind: str
    ready: date
    dodges: int = 0
    early: int = 0
    asked: bool = False
    begun: date | None = None


class Figures(msgspec.Struct, frozen=True):
    """What is counted on a day: matters by state, those due and done, lights, the red ones by reason, what waits for whom."""

    day: str
    states: dict[str, int]
    due: int
    done: int
    late_done: int
    lights: dict[str, int]
    red: dict[str, int]
    missed: int
    returned: int


class Year(msgspec.Struct, frozen=True):
    """What a simulated year came to: figures of month-ends, number and hash of the last entry, how often each act was done and refused."""

    months: tuple[Figures, ...]
    entries: int
    head: str
    acts: dict[str, int]
    refused: int
    carried: int


def tasks_of(data: bytes, name: str, year: int = YEAR) -> list[Task]:
    """The tasks of a breakdown, their days moved into the year of the simulation; those without a day are due at its end."""
    from luoshi.extract.fact import TaskFact
    from luoshi.pipeline import read_data

    found = []
    for place, fact in enumerate((one for one in read_data(data, name).facts if isinstance(one, TaskFact)), 1):
        words = " ".join(fact.text.split())
        title = fact.title.text if fact.title else words.split("。")[0].split("（")[0]
        found.append(Task(str(fact.number or place), title[:80] or f"任务{place}", words[:2000], _day(fact.due, year)))
    return found


def _day(due: str, year: int) -> date:
    """The day of a due date (``2022-06``) in the year of the simulation."""
    month = int(due[5:7]) if len(due) >= 7 else 12
    last = calendar.monthrange(year, month)[1]
    return date(year, month, min(int(due[8:10]), last) if len(due) >= 10 else last)


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


class Simulation:
    """A year as it goes: who there is, what each unit means to do, and what they do day by day."""

    def __init__(self, tasks: Sequence[Task], *, seed: int, units: int, year: int = YEAR) -> None:
        from luoshi.desk.actor import Actor, Role
        from luoshi.desk.matters.evidence import keep

        self.dice = random.Random(seed)  # noqa: S311 - a simulation
        self.tasks, self.year = tasks, year
        self.now = moment(date(year, 1, 5), 8)
        self.chen, self.qiu = (Actor(f"a{name}", name, name, (Role.SUPERVISOR,), "", REGION) for name in ("chen", "qiu"))
        self.leader = Actor("ali", "li", "li", (Role.LEADER,), "", REGION)
        self.units = self._lay(units)
        self.liaisons = {
            unit: Actor(f"alia{at}", f"lia{at}", f"lia{at}", (Role.LIAISON,), unit, REGION) for at, unit in enumerate(self.units)
        }
        kinds = [kind for kind, share in KINDS for _ in range(share)]
        self.kind = {unit: self.dice.choice(kinds) for unit in self.units}
        if len(self.units) >= len(KINDS):
            # of few units too each kind is there
            self.kind |= {unit: kind for unit, (kind, _) in zip(self.units, KINDS, strict=False)}
        self.plans: dict[str, Plan] = {}
        self.acts, self.refused = Counter[str](), 0
        self.evidence = tuple(keep([("现场.png", PICTURE)]))

    def clock(self) -> datetime:
        return self.now

    def _lay(self, count: int) -> list[str]:
        """The units and accounts, in the ledger."""
        from luoshi.ledger.entry import Draft
        from luoshi.ledger.organisations import organisation_id
        from luoshi.ledger.store import append

        units = [organisation_id(REGION, f"模拟单位{number:02d}") for number in range(1, count + 1)]
        drafts = [
            Draft("organisation.add", unit, {"region_code": REGION, "name": f"模拟单位{number:02d}", "kind": "body", "plates": []})
            for number, unit in enumerate(units, 1)
        ]
        append("asys", drafts, clock=self.clock)
        return units

    def run(self, months: int) -> Year:
        """The year up to the end of a month, day by day; on the last day of December what is closed is filed away."""
        from luoshi.ledger import models

        ends, last = [], date(self.year, months, calendar.monthrange(self.year, months)[1])
        day = date(self.year, 1, 5)
        self._file(day)
        while day <= last:
            self._day(day)
            if (day + timedelta(days=1)).day == 1:
                if day == date(self.year, 12, 31):
                    self._close_year()
                self._tick(day, 23, 59)
                ends.append(figures(day))
            day += timedelta(days=1)
        head = models.Head.objects.get()
        carried = models.Matter.objects.filter(state__in=("live", "hung")).count()
        return Year(tuple(ends), head.seq, head.hash, dict(sorted(self.acts.items())), self.refused, carried)

    # --- what happens

    def _file(self, day: date) -> None:
        """The tasks become matters, each led by one of the units."""
        from luoshi.desk import matters
        from luoshi.desk.matters import Form
        from luoshi.ledger.scope import Scope

        for at, task in enumerate(self.tasks):
            self.now = moment(day, 9) + timedelta(seconds=at)
            unit, due = self.units[at % len(self.units)], self._due(task.due)
            form = Form(
                task.title, text=task.text, region_code=REGION, fields={"due": due.isoformat(), "basis": "report"}, units={"lead": [unit]},
                source=f"任务分解第{task.number}项",
            )  # fmt: skip
            item = matters.file_form(self.chen, "M01", form, Scope.whole(), clock=self.clock).subjects[0]
            self.plans[item] = self._plan(unit, due)

    def _due(self, due: date) -> date:
        """The day that is set at handing over: of half the tasks that are due at the year's end the office sets an earlier one."""
        if due < date(self.year, 12, 1) or self.dice.random() < 0.5:
            return due
        month = self.dice.randint(4, 11)
        return date(self.year, month, calendar.monthrange(self.year, month)[1])

    def _plan(self, unit: str, due: date) -> Plan:
        """When the unit will be ready, and what it will try before."""
        kind, dice = self.kind[unit], self.dice
        if kind == "prompt":
            return Plan(unit, kind, due - timedelta(days=dice.randint(8, 120)))
        if kind == "late":
            return Plan(unit, kind, due + timedelta(days=dice.randint(-10, 35)))
        if kind == "evasive":
            return Plan(unit, kind, due + timedelta(days=dice.randint(10, 90)), dodges=dice.randint(0, 2))
        return Plan(unit, kind, due - timedelta(days=dice.randint(5, 60)), early=dice.randint(1, 2))

    def _day(self, day: date) -> None:
        """A day: the clock first, then the office and the leader, then the units; on days off nobody works but the clock."""
        from luoshi.ledger import models
        from luoshi.loop.calendar import china

        self._tick(day, 0, 30)
        if not china().is_workday(day):
            return
        rows = list(
            models.Matter.objects.exclude(stage__in=("archived", "ended"))
            .order_by("number")
            .values("id", "stage", "light", "chased", "closed_at")
        )
        for place, row in enumerate(rows):
            self.now = moment(day, 9, 30) + timedelta(seconds=place)
            self._office(row, day)
        for place, row in enumerate(rows):
            self.now = moment(day, 14) + timedelta(seconds=place)
            self._unit(row["id"], day)

    def _tick(self, day: date, hour: int, minute: int) -> None:
        from luoshi.desk import matters

        self.now = moment(day, hour, minute)
        matters.tick(clock=self.clock)

    def _do(self, who: Any, item: str, act: str, *, proof: bool = False, **inputs: Any) -> bool:
        """Whether the act was done; what is refused is counted, and the one who tried goes on with something else."""
        from luoshi.desk import matters
        from luoshi.desk.matters import Try
        from luoshi.ledger.scope import Scope
        from luoshi.loop.engine import Refused

        try:
            matters.act(who, item, Try(act, inputs, evidence=self.evidence if proof else ()), Scope.whole(), clock=self.clock)
        except Refused:
            self.refused += 1
            return False
        self.acts[act] += 1
        return True

    def _office(self, row: dict[str, Any], day: date) -> None:
        """What the supervision office and the leader do about a matter on a day."""
        item, stage = row["id"], row["stage"]
        some = self.dice.random()
        if stage == "proposed" and some < 0.7:
            self._do(self.leader, item, "approve")
        elif stage == "approved":
            self._do(self.chen, item, "assign", text="请按期办理")
        elif stage == "returned" and some < 0.8:
            self._assign_anew(item, some)
        elif stage == "checking" and some < 0.6:
            self._check(item)
        elif stage == "deciding" and some < 0.6:
            self._do(self.leader, item, "close")
        elif stage == "extending" and some < 0.5:
            self._extension(item)
        elif stage == "handling" and row["light"] == "red" and some < 0.06:
            self._do(self.chen, item, "chase", text="已超期，请说明情况并尽快办理")
        elif stage == "handling" and row["light"] == "red" and some > 0.985:
            self._do(self.leader, item, "instruct", text="请主要负责同志过问")
        elif stage == "closed":
            self._look_back(item, day, some)

    def _assign_anew(self, item: str, some: float) -> None:
        """What was sent back goes to the same unit again, or to another."""
        plan = self.plans[item]
        if some < 0.4:
            plan.unit = self.dice.choice([unit for unit in self.units if unit != plan.unit])
            plan.kind = self.kind[plan.unit]
            self._do(self.qiu, item, "transfer", reason="经核属其职责", units={"lead": [plan.unit]})
        else:
            self._do(self.qiu, item, "assign", text="经核属你单位职责，请办理")

    def _check(self, item: str) -> None:
        plan = self.plans[item]
        if plan.early:
            plan.early -= 1
            self._do(self.qiu, item, "return", reason="现场与所报不符")
        else:
            self._do(self.qiu, item, "pass", checks=list(CHECKS), method="现场核查")

    def _extension(self, item: str) -> None:
        if self.plans[item].kind == "late":
            self._do(self.leader, item, "grant-extension", text="同意")
        else:
            self._do(self.leader, item, "refuse-extension", reason="理由不充分")

    def _look_back(self, item: str, day: date, some: float) -> None:
        """Now and then somebody looks again; what was wrong from the beginning has come back."""
        if some < 0.004:
            if self.plans[item].kind == "wrong":
                plan = self.plans[item]
                plan.ready = day + timedelta(days=self.dice.randint(10, 40))
                self._do(self.qiu, item, "reopen", reason="有反弹", fields={"due": (day + timedelta(days=45)).isoformat()})
            else:
                self._do(self.qiu, item, "look-back", text="未反弹")

    def _unit(self, item: str, day: date) -> None:
        """What the unit does about a matter of its own on a day."""
        from luoshi.ledger import models

        row = models.Matter.objects.filter(pk=item).values("stage", "due", "progress", "missed").get()
        plan, some = self.plans[item], self.dice.random()
        who = self.liaisons[plan.unit]
        if row["stage"] == "assigned":
            self._sign(who, item, plan, day, some)
        elif row["stage"] == "handling" and plan.begun is not None:
            self._handle(who, item, plan, day, row, some)

    def _sign(self, who: Any, item: str, plan: Plan, day: date, some: float) -> None:
        if plan.dodges and some < 0.8:
            plan.dodges -= 1
            self._do(who, item, "send-back", reason="不属我单位职责")
        elif plan.kind in {"prompt", "wrong"} or some < 0.4:
            self._do(who, item, "sign", fields={"contact": "张经办"})
            plan.begun = plan.begun or day

    def _handle(self, who: Any, item: str, plan: Plan, day: date, row: dict[str, Any], some: float) -> None:
        assert plan.begun is not None
        close = plan.ready if plan.kind != "wrong" else plan.ready - timedelta(days=15 * plan.early)
        if day >= close and self._do(who, item, "apply-close", proof=True, text="已完成", progress=100):
            return
        if (
            plan.kind in {"late", "evasive"}
            and not plan.asked
            and row["due"]
            and (date.fromisoformat(row["due"]) - day).days in range(1, 15)
        ):
            plan.asked = True
            new = date.fromisoformat(row["due"]) + timedelta(days=30)
            if self._do(who, item, "ask-extension", reason="进度受阻", date=new.isoformat()):
                return
        if self._reports(plan, day, row, some):
            span = max(1, (plan.ready - plan.begun).days)
            told = min(95.0, round(100 * (day - plan.begun).days / span, 1))
            self._do(who, item, "report", progress=told, text="正在推进" if plan.kind == "evasive" else f"已完成 {told:g}%")

    def _reports(self, plan: Plan, day: date, row: dict[str, Any], some: float) -> bool:
        """Whether it reports on this day: the prompt in good time, the late when time is over, the evasive if ever."""
        if plan.kind in {"prompt", "wrong"}:
            return day.day in range(12, 24) and some < 0.12
        if plan.kind == "late":
            return (row["missed"] > 0 and some < 0.3) or (day.day in range(18, 26) and some < 0.08)
        return row["missed"] > 0 and some < 0.06

    def _close_year(self) -> None:
        """What is closed is filed away; what is not goes on in the next year, and is told as carried over."""
        from luoshi.ledger import models

        for place, item in enumerate(models.Matter.objects.filter(stage="closed").order_by("number").values_list("id", flat=True)):
            self.now = moment(date(self.year, 12, 31), 18) + timedelta(seconds=place)
            self._do(self.chen, item, "archive")


# --- what is counted


def figures(day: date, rows: Sequence[dict[str, Any]] | None = None) -> Figures:
    """What is counted at the end of a day, of the rows given or of the ledger as it stands."""
    from luoshi.desk.matters.ruling import lights_now
    from luoshi.ledger import models
    from luoshi.ledger.acts.matters import life_of

    if rows is None:
        rows = list(models.Matter.objects.order_by("id").values())
    rule, red = lights_now(), Counter[str]()
    for row in rows:
        if row["light"] == "red" and row["state"] == "live":
            red[rule.reason(life_of(row["life"]).lights.why.get("whole", "")).zh] += 1
    due = [row for row in rows if row["original"] and row["original"] <= day.isoformat()]
    done = [row for row in rows if row["state"] == "closed"]
    return Figures(
        day.isoformat(), dict(sorted(Counter(row["state"] for row in rows).items())), len(due), len(done),
        sum(datetime.fromisoformat(row["closed_at"]).astimezone(ZONE).date().isoformat() > row["original"] for row in done if row["original"]),
        dict(sorted(Counter(row["light"] for row in rows if row["state"] == "live").items())), dict(sorted(red.items())),
        sum(row["missed_ever"] for row in rows), sum(row["returned"] for row in rows),
    )  # fmt: skip


def rebuilt(day: date) -> Figures:
    """What is counted at the end of a past day, each matter folded anew from its entries up to then."""
    from luoshi.ledger import models
    from luoshi.ledger.entry import moment as told
    from luoshi.ledger.store import state_at

    at = told(datetime.combine(day, time.max, ZONE))
    found = []
    for item in models.Matter.objects.order_by("id").values_list("id", flat=True):
        state = state_at(item, at)
        if ("matter", item) in state:
            found.append(state["matter", item])
    return figures(day, found)


# --- the program


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--tasks", type=int, default=1000, help="so many of the document's at most")
    parser.add_argument("--units", type=int, default=40)
    parser.add_argument("--months", type=int, default=12, choices=range(1, 13), metavar="1-12")
    parser.add_argument("--document", type=Path)
    parser.add_argument("--once", action="store_true", help="not a second time with the same seed")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    wanted = parser.parse_args()
    if wanted.inside:
        inside(wanted)
        return
    told = [_apart(wanted) for _ in range(1 if wanted.once else 2)]
    show(told[0])
    if len({json.dumps(one["year"], sort_keys=True) for one in told}) != 1:
        raise SystemExit("the same seed gave another year")
    if not wanted.once:
        print("The same seed gives the same figures and the same chain of entries.")


def _apart(wanted: argparse.Namespace) -> dict[str, Any]:
    """A year in a process and a ledger of its own, SQLite in a folder that is gone afterwards."""
    options = [part for name in ("seed", "tasks", "units", "months") for part in (f"--{name}", str(getattr(wanted, name)))]
    document = ["--document", str(wanted.document)] if wanted.document else []
    with tempfile.TemporaryDirectory(prefix="luoshi-year-", ignore_cleanup_errors=True) as folder:
        environment = {**os.environ, "LUOSHI_DATA": folder, "DATABASE_URL": "", "DJANGO_SETTINGS_MODULE": "luoshi.web.settings"}
        command = [sys.executable, __file__, "--inside", *options, *document]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def inside(wanted: argparse.Namespace) -> None:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    from luoshi.ledger.store import verify_chain

    path = wanted.document or next(iter(sorted(SHARED.glob("*breakdown*.txt"))), None)
    path = path or Path(str(__import__("luoshi.demo").demo.__path__[0])) / "documents" / "breakdown.txt"
    tasks = tasks_of(path.read_bytes(), path.name)[: wanted.tasks]
    begun = perf_counter()
    year = Simulation(tasks, seed=wanted.seed, units=wanted.units).run(wanted.months)
    seconds, begun = perf_counter() - begun, perf_counter()
    entries = verify_chain()
    for then in year.months:
        again = rebuilt(date.fromisoformat(then.day))
        if again != then:
            raise SystemExit(f"{then.day} rebuilt is not what was counted then:\n{then}\n{again}")
    told = {"tasks": len(tasks), "verified": entries, "seconds": round(seconds, 1), "rebuilding": round(perf_counter() - begun, 1)}
    print(json.dumps({"year": msgspec.to_builtins(year), **told}, ensure_ascii=False))


def show(told: dict[str, Any]) -> None:
    year = told["year"]
    print(
        f"{told['tasks']} tasks; {year['entries']} entries, verified; {told['seconds']} s, past month-ends rebuilt in {told['rebuilding']} s"
    )
    for one in year["months"]:
        if int(one["day"][5:7]) % 3 == 0 or one is year["months"][-1]:
            red = "，".join(f"{reason} {count}" for reason, count in one["red"].items()) or "无"
            print(
                f"{one['day']}  到期 {one['due']}  办结 {one['done']}（超期 {one['late_done']}）  {one['lights']}  红灯：{red}  漏报 {one['missed']}  退回 {one['returned']}"
            )
    print(
        f"acts {sum(year['acts'].values())} {year['acts']}; refused {year['refused']}; carried over {year['carried']}; head {year['head'][:16]}"
    )


if __name__ == "__main__":
    main()
