"""Scoring: the definitions, and the same figures as the reference scorer where it is at hand."""

from __future__ import annotations

import json
import random
import runpy
from pathlib import Path
from typing import Any

import pytest

from luoshi.evaluate import has_digits, load_gold, merge, score

SHARED = Path(__file__).parents[1] / ".." / "shared"


def _measure(start: int, end: int, **more: object) -> dict[str, Any]:
    return {"fact": "measure", "start": start, "end": end, "text": "1个", "value": 1, "unit": "个", "role": "target", "measure": "level",
            "comparator": "eq", "year": 2031, **more}  # fmt: skip


def test_same_records_score_one() -> None:
    records = [_measure(0, 3), _measure(10, 13, role="result")]
    one = score(records, records, "measure")
    assert (one.found, one.exact, one.strict, one.precision, one.recall) == (1, 1, 1, 1, 1)


def test_half_of_the_union_meets() -> None:
    assert score([_measure(0, 4)], [_measure(2, 4)], "measure").found == 1
    assert score([_measure(0, 4)], [_measure(3, 5)], "measure").found == 0


def test_each_attribute_counts_for_strict() -> None:
    for key, value in (("value", 2), ("unit", "家"), ("role", "result"), ("year", 2030), ("comparator", "ge"), ("measure", "growth")):
        one = score([_measure(0, 3)], [_measure(0, 3, **{key: value})], "measure")
        assert (one.found, one.strict) == (1, 0), key


def test_strength_is_told_and_does_not_count() -> None:
    one = score([_measure(0, 3)], [_measure(0, 3, strength="firm")], "measure")
    assert one.strict == 1
    assert one.attribute("strength") == 0


def test_optional_neither_counts_nor_costs() -> None:
    gold = [_measure(0, 3), _measure(10, 13, optional=True)]
    assert score(gold, [_measure(0, 3), _measure(10, 13)], "measure").found == 1
    assert score(gold, [_measure(0, 3)], "measure").found == 1


def test_merge_adds_up() -> None:
    whole = merge([score([_measure(0, 3)], [], "measure"), score([], [_measure(0, 3)], "measure")])
    assert (whole.gold, whole.predicted, whole.found) == (1, 1, 0)


def test_task_agrees_only_in_every_unit() -> None:
    unit = {"start": 5, "end": 8, "text": "区财局"}
    gold = {"fact": "task", "start": 0, "end": 9, "number": 1, "body_end": 4, "lead_units": [unit]}
    assert score([gold], [{**gold, "text": "…"}], "task").strict == 1
    assert score([gold], [{**gold, "lead_units": []}], "task").strict == 0


def test_gold_without_its_document_is_told(tmp_path: Path) -> None:
    from luoshi.errors import BadUsage

    gold = tmp_path / "x.jsonl"
    gold.write_text(json.dumps({"gold": {"file": "none.txt", "range": [0, 5]}}) + "\n", encoding="utf-8")
    with pytest.raises(BadUsage, match="no-source"):
        load_gold(gold)


@pytest.mark.skipif(not (SHARED / "score" / "score.py").exists(), reason="the shared gold is not here")
@pytest.mark.parametrize("kind", ["measure", "project"])
def test_same_figures_as_the_reference(kind: str) -> None:
    reference = runpy.run_path(str(SHARED / "score" / "score.py"))
    rng = random.Random(7)  # noqa: S311 - a fixed shuffle, nothing secret
    for path in sorted((SHARED / "gold").glob("*.jsonl")):
        records = [row for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()) if row.get("fact") == kind]
        if not records:
            continue
        records = [row for row in records if has_digits(row)] if kind == "measure" else records
        found = [_disturbed(row, rng) for row in records if rng.random() < 0.9]
        more = (reference["agree_project"], ("stage", "role"), ("stage", "role")) if kind == "project" else ()
        theirs = reference["score"](records, found, *more)[0]
        ours = score(records, found, kind)
        for key in ("gold", "predicted", "precision", "recall", "found", "exact", "strict"):
            assert getattr(ours, key) == pytest.approx(theirs[key]), (path.name, key)
        for key, share in theirs["attributes"].items():
            assert ours.attribute(key) == pytest.approx(share), (path.name, key)


def _disturbed(row: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """A record as a reader that errs now and then would write it."""
    new = {key: value for key, value in row.items() if key != "optional"}
    shift = rng.choice([0, 0, 0, 0, 1, 9])
    new["start"], new["end"] = row["start"] + shift, row["end"] + shift
    key = rng.choice(["role", "year", "unit", "stage", "nothing", "nothing", "nothing"])
    return {**new, key: "other"} if key in new else new
