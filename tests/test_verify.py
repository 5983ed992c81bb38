"""Verification finds every quotation that does not hold, however deep it stands."""

from __future__ import annotations

import pytest

from luoshi.errors import BadUsage
from luoshi.verify import load_records, verify

SOURCE = "新建公园3个，由区住建局牵头。"


def _quote(words: str) -> dict[str, object]:
    start = SOURCE.index(words)
    return {"start": start, "end": start + len(words), "text": words}


def test_true_quotations_hold() -> None:
    record = {"fact": "task", **_quote("新建公园3个"), "lead_units": [_quote("区住建局")], "title": _quote("新建公园")}
    verdict = verify([record], SOURCE)
    assert (verdict.records, verdict.quotes, verdict.differences) == (1, 3, ())


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"text": "新建公园4个"}, "fact"),
        ({"start": 1}, "fact"),
        ({"end": 400}, "fact"),
        ({"start": -3}, "fact"),
        ({"text": None}, "fact"),
        ({"lead_units": [{"start": 0, "end": 4, "text": "区住建局"}]}, "lead_units[0]"),
        ({"a": {"b": [{"start": 0, "end": 1, "text": "旧"}]}}, "a.b[0]"),
    ],
)
def test_false_quotations_are_named(change: dict[str, object], key: str) -> None:
    verdict = verify([{"fact": "task", **_quote("新建公园3个"), **change}], SOURCE)
    assert [difference.key for difference in verdict.differences] == [key]


def test_lines_that_are_no_records_are_passed_over() -> None:
    assert verify([{"gold": {"range": [0, 5]}}], SOURCE).records == 0


def test_bad_line_is_named() -> None:
    with pytest.raises(BadUsage, match="第 2 行"):
        load_records(b'{"fact": "measure"}\nnot json\n', "facts.jsonl")
