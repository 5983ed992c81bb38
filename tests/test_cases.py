"""Every case beside the rules: the facts that its text yields are the facts that it writes, all of them, in order."""

from __future__ import annotations

from importlib.resources import files

import pytest

from luoshi.extract import KINDS
from tests.cases import Case, load_cases, scene, shown

_KINDS = [kind for kind in KINDS if files("luoshi.extract.kinds").joinpath(kind, "cases.yaml").is_file()]
_CASES = [
    pytest.param(kind, case, id=f"{kind}-{number}-{case.text[:24]}") for kind in _KINDS for number, case in enumerate(load_cases(kind), 1)
]


@pytest.mark.parametrize(("kind", "case"), _CASES)
def test_case(kind: str, case: Case) -> None:
    found = KINDS[kind](scene(case))
    wanted = case.facts
    told = [fact.text for fact in found]
    assert len(found) == len(wanted), f"{case.text}\nfound {told}, wanted {[fact.get('text') for fact in wanted]} {case.why}"
    for fact, keys in zip(found, wanted, strict=True):
        assert shown(fact, keys) == keys, f"{case.text} {case.why}"


@pytest.mark.parametrize("kind", ["measure", "task", "project", "term"])
def test_kind_has_cases(kind: str) -> None:
    """A kind of fact without cases could change unseen."""
    assert kind in _KINDS
    assert any(not case.facts for case in load_cases(kind)), "no case that must yield nothing"
