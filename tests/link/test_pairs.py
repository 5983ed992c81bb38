"""Every line of ``pairs.yaml``: a target, what the next report says, and the end that follows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from luoshi.link import Outcome, link
from tests.link.documents import report

CASES: list[dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "pairs.yaml").read_text(encoding="utf-8"))
KEYS = {"target", "of", "told", "plan", "before", "verdict", "why", "result", "others", "nth"}


def end_of(case: dict[str, Any]) -> Outcome:
    """The end of the case's target."""
    first = report(2025, plan=case["target"], review=case.get("before", ""))
    second = report(2026, review=case["told"], plan=case.get("plan", ""))
    found = [one for one in link([second, first]) if one.target.document == first.key and one.kind == "measure"]
    wanted = [one for one in found if one.target.text == case["of"]] if "of" in case else found
    assert wanted, f"no target was read: {case}"
    return wanted[case.get("nth", 0)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['target']}{case['told']}"[:60])
def test_a_target_ends_as_the_case_says(case: dict[str, Any]) -> None:
    assert set(case) <= KEYS
    end = end_of(case)
    told = {"verdict": end.verdict, "why": end.why, "result": end.result.text if end.result else "", "others": list(end.others)}
    assert {key: told[key] for key in told if key in case} == {key: case[key] for key in told if key in case}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['target']}{case['told']}"[:60])
def test_quotations_are_the_words_of_the_documents(case: dict[str, Any]) -> None:
    first = report(2025, plan=case["target"], review=case.get("before", ""))
    second = report(2026, review=case["told"], plan=case.get("plan", ""))
    texts = {one.key: one.text for one in (first, second)}
    for end in link([first, second]):
        for quoted in filter(None, (end.target, end.result, end.beside)):
            text = texts[quoted.document]
            assert text[quoted.start : quoted.end] == quoted.text
            assert quoted.sentence[0] <= quoted.start <= quoted.end <= quoted.sentence[1]
            assert text[slice(*quoted.sentence)].strip() == quoted.said
