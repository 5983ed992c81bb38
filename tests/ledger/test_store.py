"""The only writer: all or nothing, one chain whoever writes, and a ledger that was tampered with is found out."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime
from typing import Any

import pytest

from luoshi.ledger.entry import BrokenChain, Draft
from tests.ledger.making import CLERK, enter, facts_of, report, snapshot


def test_an_error_inside_leaves_nothing(db: None) -> None:
    from luoshi.ledger import models, store

    before = snapshot()

    def fail() -> None:
        with store.writing() as writer:
            writer.append(CLERK, Draft("setting.change", "one", {"value": 1}))
            raise KeyError("anything")

    with pytest.raises(KeyError, match="anything"):
        fail()
    assert snapshot() == before
    assert not models.Entry.objects.exists()
    assert store.append(CLERK, [Draft("setting.change", "one", {"value": 2})])[0].seq == 1
    assert store.verify_chain() == 1


def test_a_fold_that_stops_half_way_leaves_nothing_even_where_its_error_is_caught(db: None) -> None:
    from luoshi.ledger import models, store

    def fail() -> None:
        with store.writing() as writer:
            writer.append(CLERK, Draft("setting.change", "one", {"value": 1}))
            with pytest.raises(KeyError):
                writer.append(CLERK, Draft("setting.change", "two", {}))

    with pytest.raises(RuntimeError, match="not folded to its end"):
        fail()
    assert not models.Entry.objects.exists()
    assert not models.Setting.objects.exists()


def test_an_unknown_act_is_refused(db: None) -> None:
    from luoshi.ledger import models, store
    from luoshi.ledger.acts import UnknownAct

    with pytest.raises(UnknownAct, match=r"fact\.praise"):
        store.append(CLERK, [Draft("fact.praise", "f1")])
    assert not models.Entry.objects.exists()


def test_a_clock_that_is_set_back_does_not_turn_the_order_round(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    from luoshi.ledger import store

    late = datetime(2100, 1, 1, tzinfo=UTC)
    store.append(CLERK, [Draft("setting.change", "one", {"value": 1})], clock=lambda: late)
    entry = store.append(CLERK, [Draft("setting.change", "one", {"value": 2})])[0]
    assert entry.at == "2100-01-01T00:00:00.000000Z"
    assert store.seq_at("2100-01-01T23:59:59.999999Z") == 2
    assert store.seq_at("2099-12-31T23:59:59.999999Z") == 0


@pytest.mark.parametrize("at", ["2026-03-05", "20260305", "2026-03-05T10:00", "", "x"])
def test_what_is_no_moment_is_refused(db: None, at: str) -> None:
    """A bare day ends at another moment in each zone: who asks says which."""
    from luoshi.errors import BadUsage
    from luoshi.ledger import store

    with pytest.raises(BadUsage, match="不是时刻"):
        store.seq_at(at)
    with pytest.raises(BadUsage, match="不是时刻"):
        store.state_at("x", at)


def test_entries_stream_in_order_and_up_to_a_moment(db: None) -> None:
    from luoshi.ledger import store

    for day in (1, 2, 3):
        store.append(CLERK, [Draft("setting.change", "one", {"value": day})] * 2, clock=lambda day=day: datetime(2026, 3, day, tzinfo=UTC))
    assert [entry.seq for entry in store.entries()] == [1, 2, 3, 4, 5, 6]
    assert [entry.seq for entry in store.entries(at="2026-03-02T23:59:59.999999Z")] == [1, 2, 3, 4]
    assert [entry.seq for entry in store.entries(after=2, until=5)] == [3, 4, 5]
    assert [entry.seq for entry in store.history("one", limit=2)] == [6, 5]
    assert [entry.seq for entry in store.history("one", before=3)] == [2, 1]


def _tampered(act: str, name: str, value: Any) -> None:
    from luoshi.ledger import models

    if act == "entry":
        models.Entry.objects.filter(seq=2).update(**{name: value})
    elif act == "head":
        models.Head.objects.update(**{name: value})
    elif act == "remove":
        models.Entry.objects.filter(seq=value).delete()
    elif act == "headless":
        models.Head.objects.all().delete()
    elif act == "add":
        row = models.Entry.objects.get(seq=4)
        row.seq = 5
        row.save(force_insert=True)
    else:
        last = models.Entry.objects.get(seq=3)
        models.Head.objects.update(seq=3, hash=last.hash)


@pytest.mark.parametrize(
    ("act", "name", "value"),
    [("entry", name, "x") for name in ("at", "actor", "act", "subject", "context", "data", "hash")]
    + [("head", "seq", 3), ("head", "seq", 5), ("head", "hash", "0" * 64), ("headless", "", "")]
    + [("remove", "", 1), ("remove", "", 2), ("remove", "", 4), ("add", "", ""), ("short", "", "")],
)
def test_tampering_is_found(db: None, act: str, name: str, value: Any) -> None:
    from luoshi.ledger import store

    store.append(CLERK, [Draft("setting.change", "one", {"value": number}) for number in range(4)])
    assert store.verify_chain() == 4
    _tampered(act, name, value)
    with pytest.raises(BrokenChain, match=r"\[broken-chain\]|［broken-chain］"):
        store.verify_chain()
    if act not in ("add", "short"):
        with pytest.raises(BrokenChain):
            store.rebuild()


def test_the_head_is_made_once(shared_db: None) -> None:
    from luoshi.ledger import models

    _in_threads(8, 1)
    assert models.Head.objects.count() == 1
    assert models.Entry.objects.count() == 8


def test_threads_make_one_chain_without_a_gap(shared_db: None) -> None:
    from luoshi.ledger import models, store

    _in_threads(6, 15)
    assert store.verify_chain() == 90
    assert models.Setting.objects.count() == 6
    before = snapshot()
    store.rebuild()
    assert snapshot() == before


def _in_threads(count: int, each: int) -> None:
    from django.db import connection, connections

    from luoshi.ledger import store

    wrong: list[BaseException] = []

    def write(name: int) -> None:
        try:
            for number in range(each):
                with store.writing() as writer:
                    row = writer.get("setting", f"s{name}")
                    assert (row["value"] if row else "0") == str(number)
                    writer.append(CLERK, Draft("setting.change", f"s{name}", {"value": number + 1}))
        except BaseException as error:  # noqa: BLE001 - told below
            wrong.append(error)
        finally:
            connections.close_all()

    connection.close()
    threads = [threading.Thread(target=write, args=(name,)) for name in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


#: a process that writes into the database of the test, named by its arguments
WRITE = """
import os, sys
os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
import django
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()
from luoshi.ledger import store
from luoshi.ledger.entry import Draft
for number in range(int(sys.argv[3])):
    with store.writing() as writer:
        row = writer.get("setting", "shared")
        count = int(row["value"]) if row else 0
        writer.append(sys.argv[2], Draft("setting.change", "shared", {"value": count + 1}))
"""


def test_processes_make_one_chain_and_see_each_other(shared_db: None) -> None:
    from django.db import connection

    from luoshi.ledger import models, store

    name = str(connection.settings_dict["NAME"])
    connection.close()
    running = [subprocess.Popen([sys.executable, "-c", WRITE, name, f"a{number}", "25"]) for number in range(3)]
    assert [process.wait(120) for process in running] == [0, 0, 0]
    assert store.verify_chain() == 75
    assert models.Setting.objects.get(pk="shared").value == "75"
    assert len(set(models.Entry.objects.values_list("actor", flat=True))) == 3


def test_words_that_are_too_long_or_hold_a_nul_fit_every_database(db: None) -> None:
    from luoshi.ledger import models, store

    _, documents = enter(report())
    fact = facts_of(documents[0])[0]
    fields = {"unit": "很长的单位" * 20, "name": "地区\0生产总值"}
    store.append(CLERK, [Draft("fact.correct", fact, {"fields": fields}, documents[0])])
    row = models.Fact.objects.get(pk=fact)
    assert row.unit == ("很长的单位" * 20)[:40]
    assert row.name == "地区\ufffd生产总值"
    assert store.history(fact)[0].values["fields"] == fields
    before = snapshot()
    store.rebuild()
    assert snapshot() == before
    past = store.state_at(fact, "2100-01-01T23:59:59.999999Z")[("fact", fact)]
    assert {name: past[name] for name in ("unit", "name")} == {"unit": row.unit, "name": row.name}
