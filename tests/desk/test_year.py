"""A small simulated year: the same seed gives the same year, and every past month-end can be counted again from the entries."""

from __future__ import annotations

import importlib.util
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from luoshi.ledger import models
from luoshi.ledger.store import rebuild, verify_chain

FILE = Path(__file__).parents[2] / "bench" / "year.py"


@pytest.fixture(scope="module")
def year() -> Any:
    """The program, as a module."""
    spec = importlib.util.spec_from_file_location("bench_year", FILE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bench_year"] = module
    spec.loader.exec_module(module)
    return module


def tasks(year: Any) -> list[Any]:
    """Ten tasks of the demo's breakdown, four of them due in the months that are run."""
    path = Path(__file__).parents[2] / "src/luoshi/demo/documents/breakdown.txt"
    found = year.tasks_of(path.read_bytes(), path.name)[:10]
    assert len(found) == 10
    days = [date(2026, 2, 27), date(2026, 3, 20), date(2026, 3, 31), date(2026, 4, 15)]
    return [year.Task(task.number, task.title, task.text, days[at] if at < 4 else task.due) for at, task in enumerate(found)]


def run(year: Any, seed: int) -> Any:
    return year.Simulation(tasks(year), seed=seed, units=8).run(4)


@pytest.mark.slow
@pytest.mark.usefixtures("db")
def test_a_year_comes_out_alike_and_can_be_counted_again(year: Any) -> None:
    told = []
    for seed in (7, 7, 8):
        with transaction.atomic():
            told.append(run(year, seed))
            if len(told) == 1:
                last = told[0].months[-1]
                assert last.due >= 4
                assert [one.day for one in told[0].months] == ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30"]
                assert last.done > 0
                assert sum(last.red.values()) == last.lights.get("red", 0)
                assert told[0].acts["report"] > 10
                assert verify_chain() == told[0].entries
                assert [year.rebuilt(date.fromisoformat(one.day)) for one in told[0].months] == list(told[0].months)
                before = list(models.Matter.objects.order_by("id").values())
                rebuild()
                assert list(models.Matter.objects.order_by("id").values()) == before
            transaction.set_rollback(True)
    assert told[0] == told[1], "the same seed, the same figures and the same chain"
    assert told[2].head != told[0].head
