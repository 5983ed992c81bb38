"""How fast the loop is: ``python bench/loop.py --items 100000 --events 1000000 [--database postgresql://…] [--data DIR]``.

``make``   a ledger of live items under key-task supervision, filed, assigned, signed for and reported on month by month, with all that the
           clock made of it, until there are so many entries
``worst``  a tick of the day after the monthly reports were due, the day on which most falls due
``day``    a tick of the day after that
``board``  the board of the supervisor, page by page and filter by filter: median and 95th percentile
``post``   so many people report progress at once, through the desk, from several processes: reports a second
``both``   two people act on one item again and again: nothing that was told to be done may be missing, nothing refused may be there
``month``  a tick of the first day of the next month: every live item's lights of the month are kept
``verify`` the chain holds, and every table is what the entries say

Each stage runs in a process of its own. Without ``--data`` the ledger is gone afterwards. ``--profile`` shows where the time goes.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import os
import pstats
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from statistics import quantiles
from time import perf_counter, process_time
from typing import Any

STAGES = ("make", "worst", "day", "board", "post", "both", "month", "verify")
REGION = "990102"
START = datetime(2026, 1, 5, 1, 0, tzinfo=UTC)
UNITS = 40
BATCH = 500
#: so many of a hundred report in a month
REPORTING = 85
WORKS = ("新建幼儿园", "改造老旧小区", "整治河道", "新增公共车位", "培育科技企业", "修建农村道路", "开展技能培训", "建设口袋公园")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--trials", type=int, default=10_000)
    parser.add_argument("--database", default="", help="postgresql://…; it is emptied by make")
    parser.add_argument("--data", help="folder of the ledger; kept")
    parser.add_argument("--stage", action="append", choices=(*STAGES, "poster"), help="only these, in this order")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--number", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--profile", action="store_true")
    wanted = parser.parse_args()
    if wanted.inside:
        inside(wanted)
        return
    with tempfile.TemporaryDirectory(prefix="luoshi-loop-", ignore_cleanup_errors=True) as scratch:
        environment = {**os.environ, "LUOSHI_DATA": wanted.data or scratch, "DATABASE_URL": wanted.database}
        for stage in wanted.stage or STAGES:
            print(run(stage, wanted, environment), flush=True)


def run(stage: str, wanted: argparse.Namespace, environment: dict[str, str]) -> str:
    command = _command(stage, wanted)
    return subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()[-1]


def _command(stage: str, wanted: argparse.Namespace, number: int = 0) -> list[str]:
    given = {name: str(getattr(wanted, name)) for name in ("items", "events", "users", "processes", "seconds", "trials")}
    options = [part for name, value in given.items() for part in (f"--{name}", value)]
    return [
        sys.executable, __file__, "--inside", "--stage", stage, "--number", str(number), *options, *(["--profile"] if wanted.profile else [])
    ]  # fmt: skip


def inside(wanted: argparse.Namespace) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "luoshi.web.settings"
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection

    settings.ALLOWED_HOSTS = ["*"]
    (stage,) = wanted.stage
    begun = perf_counter()
    profile = cProfile.Profile() if wanted.profile else None
    if profile:
        profile.enable()
    told = STAGE[stage](wanted)
    if profile:
        profile.disable()
        pstats.Stats(profile, stream=sys.stderr).sort_stats("cumulative").print_stats(45)
    print(
        json.dumps(
            {"stage": stage, "database": connection.vendor, **told, "all_seconds": round(perf_counter() - begun, 1)}, ensure_ascii=False
        )
    )


# --- the ledger


def make(wanted: argparse.Namespace) -> dict[str, Any]:
    from django.core.management import call_command

    from luoshi.ledger.models import Entry, Matter

    call_command("migrate", interactive=False, verbosity=0)
    call_command("flush", interactive=False, verbosity=0)
    lay()
    dice = random.Random(wanted.items)  # noqa: S311 - a bench
    items = enter(wanted.items, dice)
    month, year = 1, 2026
    while True:
        month, year = (1, year + 1) if month == 12 else (month + 1, year)
        report(items, datetime(year, month, 15, 2, tzinfo=UTC), dice)
        due = datetime(year, month, 25, 2, tzinfo=UTC)
        if (count := Entry.objects.count()) >= wanted.events or year > 2027:
            break
        tick(datetime(year, month, 28, 2, tzinfo=UTC))
    tick(due)
    note(due=due.isoformat())
    live = Matter.objects.filter(state="live").count()
    return {"items": wanted.items, "live": live, "events": max(count, Entry.objects.count()), "until": due.date().isoformat()}


def lay() -> None:
    """Units, one leader's post, and accounts: a supervisor, a leader and a liaison of each unit."""
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.organisations import organisation_id
    from luoshi.ledger.seeding import seed_regions
    from luoshi.ledger.store import append

    seed_regions()
    drafts = []
    for number in range(UNITS):
        unit = organisation_id(REGION, f"单位{number}")
        drafts.append(Draft("organisation.add", unit, {"region_code": REGION, "name": f"单位{number}", "kind": "body", "plates": []}))
    people = [("sup", ["supervisor"], ""), ("lea", ["leader"], "")]
    people += [(f"lia{number}", ["liaison"], organisation_id(REGION, f"单位{number}")) for number in range(UNITS)]
    for name, roles, unit in people:
        values = {"username": name, "name": name, "roles": roles, "unit": unit, "region": REGION, "active": True}
        drafts.append(Draft("account.create", f"a{name}", values))
    append("asys", drafts, clock=lambda: START)


def actor(name: str) -> Any:
    from luoshi.desk.actor import Actor, Role
    from luoshi.ledger.organisations import organisation_id

    role = {"s": Role.SUPERVISOR, "e": Role.LEADER, "i": Role.LIAISON}[name[0] if name[0] == "s" else name[1]]
    unit = organisation_id(REGION, f"单位{name.removeprefix('lia')}") if name.startswith("lia") else ""
    return Actor(f"a{name}", name, name, (role,), unit, REGION)


def enter(count: int, dice: random.Random) -> list[str]:
    """The items, each filed, approved, assigned and signed for in the first days of the year."""
    from luoshi.desk.matters.filing import _Numbers, duties_of
    from luoshi.desk.matters.filing import enter as begin
    from luoshi.desk.matters.moving import at_of
    from luoshi.desk.matters.ruling import keep, rules_for
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.ids import ident
    from luoshi.ledger.organisations import organisation_id
    from luoshi.ledger.store import writing
    from luoshi.loop import engine

    units = [organisation_id(REGION, f"单位{number}") for number in range(UNITS)]
    rules, items, numbers = rules_for("M01"), list[str](), None
    for first in range(0, count, BATCH):
        with writing(clock=lambda: START) as writer:
            keep(writer, "asup", rules.mechanism)
            numbers = numbers or _Numbers(rules.mechanism, at_of(writer))
            keys = [ident("i", "bench", str(number)) for number in range(first, min(first + BATCH, count))]
            writer.rows.prefetch([(table, key) for table in ("item", "matter") for key in keys])
            for number in range(first, min(first + BATCH, count)):
                item, lead = ident("i", "bench", str(number)), units[number % UNITS]
                due = (START + timedelta(days=dice.randint(300, 700))).date().isoformat()
                title = f"{dice.choice(WORKS)} {dice.randint(2, 90)} 处（{number}）"
                parts = {"lead": (lead,)}
                data = {"document": "", "fact": "", "region_code": REGION, "year": 2026, "title": title, "text": title, "due": due,
                        "duties": duties_of(parts), "source": ""}  # fmt: skip
                writer.append("asup", Draft("item.create", item, data))
                filing = engine.Filing(item, "asup", fields={"due": due}, parts=parts)
                begin(writer, "asup", engine.file(filing, rules, at_of(writer)), rules, REGION, numbers.next())
                items.append(item)
    for hours, (by, part, key) in enumerate(
        (("alea", "leader", "approve"), ("asup", "supervisor", "assign"), ("alia0", "lead", "sign")), 1
    ):
        do(items, START + timedelta(hours=hours), lambda item, by=by, part=part, key=key: (by, part, key, {}))
    return items


def report(items: Sequence[str], at: datetime, dice: random.Random) -> None:
    """Most report how far they are."""
    some = [item for item in items if dice.randrange(100) < REPORTING]
    months = (at.year - 2026) * 12 + at.month
    do(
        some,
        at,
        lambda item: ("alia0", "lead", "report", {"progress": float(min(99, months * 4 + dice.randint(-2, 3))), "text": "按计划推进"}),
    )


def do(items: Sequence[str], at: datetime, what: Callable[[str], tuple[str, str, str, dict[str, Any]]]) -> None:
    """An act on each of these, many in one writing."""
    from luoshi.desk.matters.moving import append, at_of, catch_up
    from luoshi.desk.matters.ruling import rules_for
    from luoshi.ledger.acts.matters import clocks_of, life_of
    from luoshi.ledger.store import writing
    from luoshi.loop import engine

    rules = rules_for("M01", 1)
    for first in range(0, len(items), BATCH):
        some = items[first : first + BATCH]
        with writing(clock=lambda: at) as writer:
            writer.rows.prefetch([("matter", item) for item in some])
            writer.rows.prefetch([("clock", key) for item in some for key in clocks_of(writer.get("matter", item) or {})])
            for item in some:
                row = writer.get("matter", item)
                assert row is not None
                matter = catch_up(writer, life_of(row["life"]), rules, at_of(writer))
                by, part, key, inputs = what(item)
                append(writer, matter, engine.perform(matter, rules, engine.Deed(key, by, frozenset({part}), inputs), at_of(writer)), rules)


def tick(at: datetime) -> Any:
    from luoshi.desk import matters

    return matters.tick(clock=lambda: at)


def note(**values: str) -> None:
    """What a later stage has to know of the ledger."""
    from django.conf import settings

    (settings.LUOSHI.data / "bench.json").write_text(json.dumps(values), encoding="utf-8")


def noted() -> dict[str, str]:
    from django.conf import settings

    found: dict[str, str] = json.loads((settings.LUOSHI.data / "bench.json").read_text(encoding="utf-8"))
    return found


# --- what is measured


def worst(wanted: argparse.Namespace) -> dict[str, Any]:
    return _ticked(1)


def day(wanted: argparse.Namespace) -> dict[str, Any]:
    return _ticked(2)


def month(wanted: argparse.Namespace) -> dict[str, Any]:
    due = datetime.fromisoformat(noted()["due"])
    first = (due.replace(day=1) + timedelta(days=32)).replace(day=1)
    # what falls due between the last tick and the last day of the month is another day's work
    tick(first - timedelta(days=1))
    return _ticked(0, first)


def _ticked(days: int, at: datetime | None = None) -> dict[str, Any]:
    at = at or datetime.fromisoformat(noted()["due"]) + timedelta(days=days)
    begun, worked = perf_counter(), process_time()
    done = tick(at)
    seconds, worked = perf_counter() - begun, process_time() - worked
    idle = perf_counter()
    tick(at)
    return {
        "matters": done.matters, "entries": done.entries, "kinds": dict(done.kinds), "seconds": round(seconds, 2), "cpu_seconds": round(worked, 2),
        "nothing_due_ms": round((perf_counter() - idle) * 1000, 2),
    }  # fmt: skip


def board(wanted: argparse.Namespace) -> dict[str, Any]:
    from django.conf import settings
    from django.test import Client
    from django.urls import reverse

    from luoshi.ledger.models import Account, Organisation
    from luoshi.web.serve import collect_static

    collect_static(settings.STATIC_ROOT)
    client = Client()
    client.force_login(Account.objects.get(username="sup"))
    unit = Organisation.objects.order_by("id").values_list("id", flat=True).first()
    address, found = reverse("board"), dict[str, list[float]]()
    for query in ("", "?light=red", "?light=yellow", "?mechanism=M01", f"?unit={unit}", "?page=2", "?page=40"):
        for _ in range(12):
            begun = perf_counter()
            response = client.get(address + query)
            found.setdefault(query, []).append((perf_counter() - begun) * 1000)
            assert response.status_code == 200, (query, response.status_code)
    every = [one for times in found.values() for one in times[2:]]
    cuts = quantiles(every, n=20)
    each = {query or "all": round(quantiles(times[2:], n=20)[18], 1) for query, times in found.items()}
    return {"median_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1), "p95_by_query": each}


def post(wanted: argparse.Namespace) -> dict[str, Any]:
    """People on several processes report progress until the time is over."""
    told = _together("poster", wanted)
    count, seconds = sum(one["done"] for one in told), max(one["seconds"] for one in told)
    waits = sorted(time for one in told for time in one["ms"])
    return {
        "users": wanted.users, "processes": wanted.processes, "done": count, "refused": sum(one["refused"] for one in told),
        "per_second": round(count / seconds, 1), "median_ms": waits[len(waits) // 2], "p95_ms": waits[len(waits) * 95 // 100],
    }  # fmt: skip


def _together(stage: str, wanted: argparse.Namespace) -> list[dict[str, Any]]:
    """What so many processes say that begin together."""
    running = [
        subprocess.Popen(_command(stage, wanted, number), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for number in range(wanted.processes)
    ]
    for one in running:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    for one in running:
        assert one.stdin is not None
        one.stdin.write("\n")
        one.stdin.flush()
    return [json.loads(one.communicate()[0].splitlines()[-1]) for one in running]


def _ready() -> None:
    print("ready", flush=True)
    sys.stdin.readline()


def poster(wanted: argparse.Namespace) -> dict[str, Any]:
    """Some of the people, each a thread that reports on the matters of one unit."""
    from django.db import connections

    from luoshi.desk import matters
    from luoshi.desk.matters import Try
    from luoshi.desk.rights import scope
    from luoshi.errors import LuoshiError
    from luoshi.ledger.belonging import units_for
    from luoshi.ledger.models import Matter
    from luoshi.ledger.places import tree

    at = datetime.fromisoformat(noted()["due"]) + timedelta(days=3)
    done, refused, times = [0], [0], list[float]()
    people = range(wanted.number, wanted.users, wanted.processes)

    def work(person: int) -> None:
        who, dice = actor(f"lia{person % UNITS}"), random.Random(person)  # noqa: S311
        mine = list(Matter.objects.filter(unit=who.unit, stage="handling").order_by("id").values_list("id", flat=True)[:2000])
        while perf_counter() < end:
            item = dice.choice(mine)
            begun = perf_counter()
            try:
                # as a request does: what the person sees is asked each time
                matters.act(
                    who,
                    item,
                    Try("report", {"progress": dice.randint(10, 99), "text": "按计划推进"}),
                    scope(who, tree(), units_for),
                    clock=lambda: at,
                )
                done[0] += 1
            except LuoshiError:
                refused[0] += 1
            times.append(round((perf_counter() - begun) * 1000, 1))
        connections.close_all()

    # the first look at the mechanism and the calendar is nobody's report
    matters.rules_for("M01", 1)
    _ready()
    begun = perf_counter()
    end = begun + wanted.seconds
    threads = [threading.Thread(target=work, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return {"done": done[0], "refused": refused[0], "seconds": perf_counter() - begun, "ms": times}


def both(wanted: argparse.Namespace) -> dict[str, Any]:
    """Each trial: both look at the item, then both act on what they saw. One is done, the other is told that somebody was first."""
    from luoshi.ledger.acts.matters import life_of
    from luoshi.ledger.models import Entry, Matter

    item = Matter.objects.filter(stage="handling").order_by("id").values_list("id", flat=True)[0]
    who, at = actor(f"lia{_unit_of(item)}"), datetime.fromisoformat(noted()["due"]) + timedelta(days=4)
    before = life_of(Matter.objects.get(pk=item).life).done.get("report", 0)
    gate, told = threading.Barrier(2), [list[str](), list[str]()]
    threads = [threading.Thread(target=_try, args=(item, who, at, gate, one, wanted.trials)) for one in told]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    outcomes = [sorted(pair) for pair in zip(*told, strict=True)]
    after = life_of(Matter.objects.get(pk=item).life).done["report"] - before
    written = Entry.objects.filter(subject=item, act="loop.act", data__contains='"text":"两人同办').count()
    assert len(outcomes) == wanted.trials
    assert all(pair == ["done", "moved-on"] for pair in outcomes), "of two who act at once one is done and one is told so"
    assert after == written == wanted.trials, (after, written)
    return {"trials": wanted.trials, "done": after, "told_that_another_was_first": len(outcomes), "lost": wanted.trials - after}


def _try(item: str, who: Any, at: datetime, gate: threading.Barrier, told: list[str], trials: int) -> None:
    from django.db import connections

    from luoshi.desk import matters
    from luoshi.desk.matters import Try
    from luoshi.ledger.models import Matter
    from luoshi.ledger.scope import Scope
    from luoshi.loop.engine import Refused

    for trial in range(trials):
        seen = Matter.objects.filter(pk=item).values_list("acts", flat=True)[0]
        gate.wait()
        try:
            matters.act(
                who, item, Try("report", {"progress": trial % 100, "text": f"两人同办 {trial}"}, seen=seen), Scope.whole(), clock=lambda: at
            )
            told.append("done")
        except Refused as error:
            told.append(error.slug)
        gate.wait()
    connections.close_all()


def _unit_of(item: str) -> str:
    from luoshi.ledger.models import Matter, Organisation

    return Organisation.objects.get(pk=Matter.objects.get(pk=item).unit).name.removeprefix("单位")


def verify(wanted: argparse.Namespace) -> dict[str, Any]:
    import hashlib

    from luoshi.ledger import models
    from luoshi.ledger.store import rebuild, verify_chain

    def digest() -> str:
        told = hashlib.sha256()
        for table in (models.Matter, models.Clock, models.Duty, models.Item):
            for row in table.objects.order_by("pk").values_list().iterator(chunk_size=2000):  # type: ignore[attr-defined]
                told.update(repr(row).encode())
        return told.hexdigest()

    before, begun = digest(), perf_counter()
    count = verify_chain()
    checked, begun = perf_counter() - begun, perf_counter()
    rebuild()
    seconds = perf_counter() - begun
    assert digest() == before, "the tables are not what the entries say"
    return {"entries": count, "verify_seconds": round(checked, 1), "rebuild_seconds": round(seconds, 1), "same": True}


STAGE: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "make": make, "worst": worst, "day": day, "board": board, "post": post, "both": both, "month": month, "verify": verify, "poster": poster,
}  # fmt: skip

if __name__ == "__main__":
    main()
