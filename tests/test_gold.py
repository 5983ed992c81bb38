"""How well the reader must read, on hand-made gold, where it is at hand; and that every quotation of a whole corpus holds."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from luoshi.evaluate import Score, has_digits, load_gold, merge, score
from luoshi.pipeline import read_document
from luoshi.verify import verify

SHARED = Path(__file__).parents[1] / ".." / "shared"
GOLD = sorted((SHARED / "gold").glob("*.jsonl"))
pytestmark = pytest.mark.skipif(not GOLD, reason="the shared gold and corpus are not here")


@cache
def scores(kind: str, *, spoken: bool = False) -> dict[str, Score]:
    """The score of each stretch that has gold of this kind; of measures those with digits, or those in words."""
    found: dict[str, Score] = {}
    for path in GOLD:
        gold = load_gold(path, root=SHARED)
        wanted = gold.records.get(kind, [])
        if wanted:
            facts = read_document(gold.source, kinds={kind}).facts
            records = gold.predicted([msgspec.json.decode(msgspec.json.encode(fact)) for fact in facts], kind)
            if kind == "measure":
                wanted, records = ([row for row in rows if has_digits(row) != spoken] for rows in (wanted, records))
            found[path.name] = score(wanted, records, kind)
    return found


def test_measures() -> None:
    found = scores("measure")
    whole = merge(list(found.values()))
    assert whole.found >= 0.99
    assert whole.strict >= 0.97
    assert {name: one.strict for name, one in found.items() if one.gold >= 40 and one.strict < 0.93} == {}


def test_measures_in_words() -> None:
    assert merge(list(scores("measure", spoken=True).values())).found >= 0.80


def test_projects() -> None:
    whole = merge(list(scores("project").values()))
    assert whole.found >= 0.88
    assert whole.strict >= 0.80


def test_tasks() -> None:
    whole = merge(list(scores("task").values()))
    assert (whole.found, whole.strict) == (1.0, 1.0)


@pytest.mark.slow
def test_every_quotation_of_the_corpus_holds() -> None:
    wrong: dict[str, Any] = {}
    for path in sorted([*(SHARED / "corpus").rglob("*.txt"), *(SHARED / "corpus").rglob("*.docx"), *(SHARED / "seeds").glob("*.txt")]):
        reading = read_document(path)
        records = [msgspec.json.decode(msgspec.json.encode(fact)) for fact in reading.facts]
        differences = verify(records, reading.text.source).differences
        if differences:
            wrong[path.name] = differences[0]
    assert wrong == {}
