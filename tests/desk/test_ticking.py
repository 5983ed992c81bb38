"""The clock run by several at once and by one that is killed: everything that is due is written down, told, and each of it once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from luoshi.desk import matters
from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters import Form, Try, rules_for, ticking
from luoshi.desk.matters.ticking import count_due, foreseen
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import append, rebuild, verify_chain
from luoshi.loop import engine

REGION, ALL = "990102", Scope.whole()
START = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
LATER = START + timedelta(days=100)
UNIT = organisation_id(REGION, "发展和改革局")
CHEN, LI = (Actor(f"a{name}", name, name, (role,), "", REGION) for name, role in (("chen", Role.SUPERVISOR), ("li", Role.LEADER)))
WANG = Actor("awang", "wang", "wang", (Role.LIAISON,), UNIT, REGION)

#: moves what is due in small batches, or tells; where a number is given it stops for ever after so many moves, with the transaction open
RUN = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
import time
from datetime import datetime
from luoshi.desk.matters import rules_for, ticking
from luoshi.notify import telling
at, stop, what = datetime.fromisoformat(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
ticking._BATCH = telling._BATCH = 5
done = 0

def hindered(real):
    def call(*arguments, **more):
        global done
        done += 1
        if done == stop:
            print("half", flush=True)
            time.sleep(300)
        return real(*arguments, **more)
    return call

ticking.append = hindered(ticking.append)
telling.inside.tell = hindered(telling.inside.tell)
print("ready", flush=True)
sys.stdin.readline()
if what == "tick":
    print(ticking.tick(clock=lambda: at).entries, flush=True)
else:
    print(telling.tell_new(lambda key, version: rules_for(key, version).mechanism, now=at), flush=True)
"""


def _started(what: str, stops: Sequence[int]) -> list[subprocess.Popen[str]]:
    """Processes that are ready and wait for a word."""
    from django.db import connection

    name = str(connection.settings_dict["NAME"])
    connection.close()
    command = [sys.executable, "-c", RUN, name, LATER.isoformat()]
    found = [subprocess.Popen([*command, str(stop), what], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for stop in stops]
    for process in found:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    return found


def _go(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    process.stdin.write("\n")
    process.stdin.flush()


def _killed_half_way(what: str, stop: int) -> None:
    (process,) = _started(what, [stop])
    _go(process)
    assert process.stdout is not None
    assert process.stdout.readline() == "half\n"
    process.kill()
    process.communicate()


def _laid(count: int) -> list[str]:
    append("asys", [Draft("organisation.add", UNIT, {"region_code": REGION, "name": "发展和改革局", "kind": "body", "plates": []})])
    found = []
    for number in range(count):
        form = Form(f"任务{number}", region_code=REGION, fields={"due": f"2026-0{4 + number % 3}-30"}, units={"lead": [UNIT]})
        item = matters.file_form(CHEN, "M01", form, ALL, clock=lambda: START).subjects[0]
        for hours, (who, act) in enumerate(((LI, "approve"), (CHEN, "assign"), (WANG, "sign")), 1):
            matters.act(who, item, Try(act), ALL, clock=lambda hours=hours: START + timedelta(hours=hours))
        found.append(item)
    return found


def _expected(items: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    """What one who does it all at once would write down."""
    found = {}
    for row in models.Matter.objects.filter(pk__in=items):
        moves = engine.due(life_of(row.life), rules_for(row.mechanism, row.version), LATER)
        found[row.id] = [(move.kind, move.act) for move in moves]
    return found


def _written(items: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {item: [] for item in items}
    for entry in models.Entry.objects.filter(act="loop.tick", subject__in=items).order_by("seq"):
        move = json.loads(entry.data)["move"]
        found[entry.subject].append((move["kind"], move["act"]))
    return found


def test_two_at_once_and_one_killed_do_everything_once(real_db: None) -> None:
    items = _laid(12)
    expected = _expected(items)
    assert sum(map(len, expected.values())) > 60
    # five of twelve are a batch: it dies in the second one
    _killed_half_way("tick", sum(map(len, expected.values())) * 6 // 10)
    before = _written(items)
    assert all(done in ([], expected[item]) for item, done in before.items()), "a batch lasts whole or not at all"
    assert 0 < sum(bool(done) for done in before.values()) < 12
    both = _started("tick", [0, 0])
    for process in both:
        _go(process)
    told = [int(process.communicate(timeout=120)[0]) for process in both]
    assert _written(items) == expected
    assert sum(told) + sum(map(len, before.values())) == sum(map(len, expected.values()))
    assert verify_chain()
    rows = list(models.Matter.objects.order_by("id").values())
    rebuild()
    assert list(models.Matter.objects.order_by("id").values()) == rows


def test_each_entry_is_told_once_by_two_at_once_and_one_killed(real_db: None) -> None:
    from luoshi.notify.models import Mark, Notice

    models.Account.objects.bulk_create([
        models.Account(id=who.id, username=who.username, name=who.name, roles=json.dumps([who.roles[0].value]), unit=who.unit, region=REGION)
        for who in (CHEN, LI, WANG)
    ])  # fmt: skip
    # what was there before the first telling is a fortnight old at most
    Mark.objects.create(id="entries", seq=0)
    items = _laid(6)
    matters.tick(clock=lambda: LATER)
    _killed_half_way("tell", 20)
    some = Notice.objects.count()
    assert some > 0
    both = _started("tell", [0, 0])
    for process in both:
        _go(process)
    told = [int(process.communicate(timeout=120)[0]) for process in both]
    assert sum(told) + some == Notice.objects.count()
    keys = set(Notice.objects.values_list("account", "key"))
    assert len(keys) == Notice.objects.count()
    mine = set(Notice.objects.filter(account=WANG.id).values_list("key", flat=True))
    letters = models.Entry.objects.filter(act="loop.tick", subject__in=items, data__contains='"tells":["lead"')
    # a lapse whose step of the ladder says the same at the same moment is told once
    wanted = {f"entry:{entry.seq}" for entry in letters if json.loads(entry.data)["move"]["kind"] != "lapse"}
    assert wanted <= mine
    assert Mark.objects.get().seq == models.Head.objects.get().seq


@pytest.mark.usefixtures("db")
def test_foreseen_is_what_is_done_then() -> None:
    _laid(4)
    seen = dict(foreseen(clock=lambda: LATER))
    assert seen.pop("matters") == 4 == count_due(clock=lambda: LATER)
    assert models.Entry.objects.filter(act="loop.tick").count() == 0
    assert dict(matters.tick(clock=lambda: LATER).kinds) == seen
    assert foreseen(clock=lambda: LATER) == {}


@pytest.mark.usefixtures("db")
def test_a_matter_that_cannot_be_moved_keeps_no_other() -> None:
    bad, *others = _laid(4)
    life = models.Matter.objects.get(pk=bad).life
    models.Matter.objects.filter(pk=bad).update(mechanism="M99")
    done = matters.tick(clock=lambda: LATER)
    assert done.stuck == (bad,)
    assert all(_written(others).values())
    assert models.Matter.objects.get(pk=bad).life == life


@pytest.mark.usefixtures("db")
def test_so_many_at_most_and_the_rest_the_next_time() -> None:
    _laid(5)
    first = ticking.tick(clock=lambda: LATER, most=2)
    assert (first.matters, first.more) == (2, True)
    rest = ticking.tick(clock=lambda: LATER)
    assert (rest.matters, rest.more) == (3, False)
