"""What was at a past moment: asked of one thing, it is what its pages showed then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from luoshi.ledger.entry import Draft
from tests.ledger.making import CLERK, enter, facts_of, report, walk


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """The day of March 2026 on which everything happens that is written."""
    from luoshi.ledger import store

    day = [1]

    def now() -> datetime:
        return datetime(2026, 3, day[0], 8, tzinfo=UTC)

    monkeypatch.setattr(store, "now", now)
    monkeypatch.setattr(store.writing.__wrapped__, "__kwdefaults__", {"clock": now})
    monkeypatch.setattr(store.append, "__kwdefaults__", {"clock": now})
    return day


def _end(day: int, month: int = 3) -> str:
    """The end of a day, as entries write it."""
    return f"2026-{month:02d}-{day:02d}T23:59:59.999999Z"


def _shown(document: str) -> dict[tuple[str, str], Any]:
    """The rows that the pages of a document show now."""
    from luoshi.ledger import models
    from luoshi.ledger.rows import columns

    rows = {("document", document): models.Document.objects.filter(pk=document).values(*columns("document")).first()}
    for table, model in (("fact", models.Fact), ("item", models.Item)):
        rows.update(((table, row["id"]), row) for row in model.objects.filter(document=document).values(*columns(table)))
    return rows


def test_the_state_at_each_moment_is_what_was_shown_then(db: None, clock: list[int]) -> None:
    from luoshi.ledger import store

    _, (document,) = enter(report())
    shown = {clock[0]: _shown(document)}
    for actor, draft in walk(document, facts_of(document)):
        if document in {draft.context, draft.subject}:
            clock[0] += 1
            store.append(actor, [draft])
            shown[clock[0]] = _shown(document)
    clock[0] += 1
    enter(report(growth="9"), "next.txt")
    shown[clock[0]] = _shown(document)
    assert len(shown) > 15
    for day, rows in shown.items():
        assert store.state_at(document, f"2026-03-{day:02d}T23:59:59.999999Z") == rows, day
        assert store.state_at(document, f"2026-03-{day:02d}T08:00:00.000000Z") == rows, day
    assert store.state_at(document, "2026-02-28T23:59:59.999999Z") == {}


def test_a_document_that_a_later_version_replaced_was_the_newest_before(db: None, clock: list[int]) -> None:
    from luoshi.ledger import store

    _, (first,) = enter(report())
    clock[0] = 2
    _, (second,) = enter(report(growth="9"), "next.txt")
    clock[0] = 3
    store.append(CLERK, [Draft("document.withdraw", second, {"why": "错", "newest": {first: True}})])
    newest = [store.state_at(first, f"2026-03-{day:02d}T23:59:59.999999Z")["document", first]["newest"] for day in (1, 2, 3)]
    assert newest == [True, False, True]
    assert store.state_at(second, "2026-03-01T23:59:59.999999Z") == {}


def test_one_fact_is_found_in_the_entries_of_its_document(db: None, clock: list[int]) -> None:
    from luoshi.ledger import models, store

    _, (document,) = enter(report())
    fact, other = facts_of(document)[:2]
    clock[0] = 2
    store.append(CLERK, [Draft("fact.correct", fact, {"fields": {"value": 9}}, document), Draft("fact.accept", other, {}, document)])
    clock[0] = 3
    store.append(CLERK, [Draft("item.create", "ione", {"document": document, "fact": fact, "title": "事项"}, document)])
    assert list(store.state_at(fact, "2026-03-01T23:59:59.999999Z")) == [("fact", fact)]
    states = [store.state_at(fact, f"2026-03-{day:02d}T23:59:59.999999Z")["fact", fact] for day in (1, 2, 3)]
    assert [state["state"] for state in states] == ["open", "corrected", "corrected"]
    assert [state["item"] for state in states] == ["", "", "ione"]
    assert states[-1] == models.Fact.objects.filter(pk=fact).values().get()


def test_an_item_is_shown_with_its_duties(db: None, clock: list[int]) -> None:
    from luoshi.ledger import models, store

    _, (document,) = enter(report())
    duties = [{"role": "leader", "name": "松问渠"}, {"role": "lead", "name": "区财政局", "organisation": "ofinance"}]
    store.append(CLERK, [Draft("item.create", "ione", {"document": document, "fact": "", "title": "事项", "duties": duties}, document)])
    leader = models.Duty.objects.get(role="leader").id
    clock[0] = 2
    store.append(CLERK, [Draft("item.correct", "ione", {"fields": {"due": "2026-12-31"}, "duties": duties[:1]}, document)])
    clock[0] = 3
    store.append(CLERK, [Draft("post.hold", "hone", {"post": "phead", "person": "松问渠", "duties": [leader]})])
    first, second, third = (store.state_at("ione", f"2026-03-{day:02d}T23:59:59.999999Z") for day in (1, 2, 3))
    assert {table for table, _ in first} == {"item", "duty"}
    assert [row["live"] for (table, _), row in sorted(second.items()) if table == "duty"].count(False) == 1
    assert (first["item", "ione"]["due"], second["item", "ione"]["due"]) == ("", "2026-12-31")
    assert (second["duty", leader]["post"], third["duty", leader]["post"]) == ("", "phead")
    assert third["item", "ione"] == models.Item.objects.values().get()
    assert third["duty", leader] == models.Duty.objects.filter(pk=leader).values().get()


def test_organisations_and_settings_have_a_past_too(db: None, clock: list[int]) -> None:
    from luoshi.ledger import store

    store.append(
        CLERK,
        [Draft("organisation.add", "oone", {"name": "区财政局", "region_code": "990102"}), Draft("setting.change", "one", {"value": 1})],
    )
    clock[0] = 2
    alias = Draft("alias.add", "sone", {"name": "财政局", "organisation": "oone", "region_code": "990102"}, "oone")
    store.append(
        CLERK, [alias, Draft("organisation.correct", "oone", {"name": "区财政局（国资局）"}), Draft("setting.change", "one", {"value": 2})]
    )
    assert store.state_at("oone", "2026-03-01T23:59:59.999999Z")["organisation", "oone"]["name"] == "区财政局"
    assert set(store.state_at("oone", "2026-03-02T23:59:59.999999Z")) == {("organisation", "oone"), ("alias", "sone")}
    assert [store.state_at("one", f"2026-03-{day:02d}T23:59:59.999999Z")["setting", "one"]["value"] for day in (1, 2)] == ["1", "2"]
