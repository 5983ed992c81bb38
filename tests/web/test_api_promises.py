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
    for one in ended:
        assert one["explained"].startswith(f"{one['year']}年目标")
        assert one["reasons"]
        line = program.get(f"/promises/{one['id']}/chain").json()["data"]
        assert one in line
        assert [each["year"] or 0 for each in line] == sorted(each["year"] or 0 for each in line)
        assert {each["place"] for each in line} == {one["place"]}
    by_verdict = [program.get("/promises", {"verdict": end, "limit": 200}).json()["data"] for end in get_args(End)]
    assert sum(map(len, by_verdict)) == len(program.get("/promises", {"limit": 200}).json()["data"])
    assert program.get("/promises", {"region": "110000"}).json()["data"] == []
    elsewhere = of(actor(make_account, "reader", region="110101", username="elsewhere"))
    assert elsewhere.get("/promises").json()["data"] == []
    for path in (f"/promises/{ended[0]['id']}", f"/promises/{ended[0]['id']}/chain"):
        assert elsewhere.get(path).status_code == 404


def test_words_of_a_document_that_is_not_seen_are_in_no_sentence(db: None) -> None:
    from luoshi.ledger.linked import Link
    from luoshi.ledger.promises import kept
    from luoshi.web.api.asking.promises import _promise

    fill()
    while link_waiting():
        pass
    row = Link.objects.exclude(result_document="").order_by("id")[0]
    [one] = kept([row])
    told = _promise(row, one, {row.document})
    assert (told.result, told.explained, told.worked) == (None, "", "")
    assert told.target is not None
    assert _promise(row, one, {row.document, row.result_document}).explained


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
