"""Targets with their ends, and appraisals with their scores, by the interface."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest

from luoshi.desk.appraisal.deciding import announce
from luoshi.ledger.linking import link_waiting
from luoshi.link.link import Verdict
from luoshi.web.api.shapes import End
from tests.desk.test_appraisal import Quarter
from tests.web.filled import fill
from tests.web.living import ALL, unit
from tests.web.programs import actor, of


def test_the_ends_are_those_of_linking() -> None:
    assert set(get_args(End)) == set(get_args(Verdict))


def test_a_target_comes_with_both_quotations(db: None, make_account: Callable[..., Any]) -> None:
    ids = fill()
    while link_waiting():
        pass
    program = of(actor(make_account, "reader"))
    found = program.get("/promises", {"document": ids["old"], "limit": 200}).json()
    assert found["next"] is None
    assert len(found["data"]) >= 4
    ended = [one for one in found["data"] if one["result"]]
    assert ended
    for one in ended:
        assert program.get(f"/promises/{one['id']}").json() == one
        for quotation in (one["target"], one["result"]):
            given = {name: quotation[name] for name in ("document", "start", "end", "text")}
            assert program.post("/quotations/verify", given).json()["matches"]
        assert one["target"]["document"] == ids["old"]
        assert one["result"]["document"] == ids["new"]
    by_verdict = [program.get("/promises", {"verdict": end, "limit": 200}).json()["data"] for end in get_args(End)]
    assert sum(map(len, by_verdict)) == len(program.get("/promises", {"limit": 200}).json()["data"])
    assert program.get("/promises", {"region": "110000"}).json()["data"] == []
    elsewhere = of(actor(make_account, "reader", region="110101", username="elsewhere"))
    assert elsewhere.get("/promises").json()["data"] == []
    assert elsewhere.get(f"/promises/{ended[0]['id']}").status_code == 404


@pytest.fixture
def quarter(db: None) -> Quarter:
    return Quarter()


def test_scores_with_their_sheets(quarter: Quarter) -> None:
    appraiser = of(quarter.appraiser)
    key = quarter.drawn()
    (drawn,) = appraiser.get("/appraisals").json()["data"]
    assert (drawn["id"], drawn["state"]) == (key, "drawn")
    # nobody else sees it before it is announced
    assert of(quarter.who.zhao).get("/appraisals").json()["data"] == []
    assert of(quarter.who.zhao, name="二").get(f"/appraisals/{key}/scores").status_code == 404
    announce(quarter.appraiser, key, (datetime.now(UTC) + timedelta(days=9)).date().isoformat(), ALL)
    assert appraiser.get("/appraisals", {"state": "final"}).json()["data"] == []
    scores = appraiser.get(f"/appraisals/{key}/scores").json()["data"]
    assert all(one["sheet"] for one in scores)
    assert [one["points"] for one in scores if one["unit"] == unit("财政局")] != [""]
    # a liaison sees the table of all and the sheet of the own unit
    own = of(quarter.who.zhao, name="三").get(f"/appraisals/{key}/scores").json()["data"]
    assert {one["id"]: bool(one["sheet"]) for one in own} == {one["id"]: one["unit"] == unit("财政局") for one in scores}
