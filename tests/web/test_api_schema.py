"""The description of the interface: kept as a file that is current, and held by the interface whatever is asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.web.filled import fill, make_items
from tests.web.programs import actor, of

KEPT = Path(__file__).parents[2] / "docs" / "openapi.json"
#: so many requests to each address, of each sort
EXAMPLES = 12


def test_the_kept_description_is_current() -> None:
    from luoshi.web.api.interface import description

    current = json.loads(json.dumps(description(), ensure_ascii=False))
    assert json.loads(KEPT.read_text(encoding="utf-8")) == current, "python -m luoshi.web.api.describe > docs/openapi.json"


def test_every_operation_says_what_it_does_and_needs() -> None:
    from luoshi.web.api.interface import description

    told = description()
    operations = [one for methods in told["paths"].values() for one in methods.values()]
    assert len({one["operationId"] for one in operations}) == len(operations) >= 20
    for one in operations:
        assert " · " in one["description"]
        assert one["x-scope"] in {"read", "act", "export"}
        assert one["security"] == [{"TokenDoor": []}]
        assert {"401", "403", "429"} <= {str(status) for status in one["responses"]}
    assert told["components"]["securitySchemes"] == {"TokenDoor": {"type": "http", "scheme": "bearer"}}


@pytest.fixture
def schema(real_db: None) -> Any:
    """The interface as schemathesis sees it, over a small ledger."""
    schemathesis = pytest.importorskip("schemathesis")
    from luoshi.web.wsgi import application

    ids = fill()
    make_items(ids["breakdown"])
    return schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.slow
# its client does not close the files that are sent
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("signed", [True, False], ids=["with a token", "without"])
def test_whatever_is_asked_the_answer_is_as_described(
    schema: Any, make_account: Callable[..., Any], monkeypatch: pytest.MonkeyPatch, signed: bool
) -> None:
    """Requests that fit the description and such that do not, to every address: no defect, no answer that it does not tell of."""
    from hypothesis import HealthCheck, Phase, given, settings
    from schemathesis.specs.openapi import checks

    # the limit is tried elsewhere; here there are more requests than any has
    monkeypatch.setattr("luoshi.web.api.door.seconds_to_wait", lambda *_: 0)
    monkeypatch.setattr("luoshi.web.api.door.is_over", lambda *_: False)
    token = of(actor(make_account, "supervisor")).text
    headers = {"Authorization": f"Bearer {token}"} if signed else {}
    # a cursor and a filter mean more than their patterns say: not everything that fits them is one
    left_out = [checks.positive_data_acceptance]
    seen: set[int] = set()
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(
            max_examples=EXAMPLES,
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            response = case.call_and_validate(headers=headers, excluded_checks=left_out)
            seen.add(response.status_code)

        ask()
    assert 500 not in seen
    assert bool(seen & {200, 201}) == signed
