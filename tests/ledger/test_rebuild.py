"""Every table is a fold: made again from the entries it is the same, whatever was done and in whatever portions it is folded."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from luoshi.errors import LuoshiError
from luoshi.ledger.acts import ACTS
from luoshi.ledger.entry import Draft
from tests.ledger.making import CLERK, SECOND, THIRD, Index, enter, facts_of, report, snapshot, walk

#: acts that entering a file makes
_ENTERING = {"file.receive", "file.read", "file.refuse", "document.read"}


def test_every_act_is_walked_and_rebuild_gives_the_same_rows(db: None, index: Index) -> None:
    from luoshi.ledger import models, store
    from luoshi.ledger.enter import refuse

    _, documents = enter(report())
    enter(report(growth="6.5"), "second.txt")
    file = enter("区\n", "third.txt")[0]
    refuse(file, LuoshiError("读不出", slug="empty"), CLERK)
    for actor, draft in walk(documents[0], facts_of(documents[0])):
        store.append(actor, [draft])
    walked = set(models.Entry.objects.values_list("act", flat=True))
    assert walked >= _ENTERING
    assert set(ACTS) - walked == set(), "an act that no test walks: give it a line in making.walk"
    before, found = snapshot(), dict(index.rows)
    assert store.rebuild() == models.Entry.objects.count()
    assert snapshot() == before
    assert index.rows == found
    assert {kind for kind, _ in found} >= {"document", "passage", "measure", "item"}
    assert store.verify_chain() == models.Entry.objects.count()


@pytest.mark.parametrize(("batch", "rows"), [(1, 40_000), (3, 0), (7, 20), (1000, 1)])
def test_portions_make_no_difference(db: None, index: Index, monkeypatch: pytest.MonkeyPatch, batch: int, rows: int) -> None:
    from luoshi.ledger import store

    _, documents = enter(report())
    _, others = enter(report(growth="6.5"), "second.txt")
    assert others
    for actor, draft in walk(documents[0], facts_of(documents[0])):
        store.append(actor, [draft])
    before, found = snapshot(), dict(index.rows)
    monkeypatch.setattr(store, "_BATCH", batch)
    monkeypatch.setattr(store, "_ROWS", rows)
    store.rebuild()
    assert snapshot() == before
    assert index.rows == found


def test_a_region_that_moves_takes_its_documents_along(db: None, index: Index) -> None:
    from luoshi.ledger import models, store

    _, (document,) = enter(report(place="栖山区石砚镇"))
    row = models.Document.objects.get()
    before = index.rows["document", document]
    upper = models.Region.objects.get(pk=row.region_code).parent
    store.append(CLERK, [Draft("region.correct", upper, {"parent": "340800"})])
    assert "340800" in repr(index.rows["document", document])
    assert "340800" not in repr(before)
    found = dict(index.rows)
    store.rebuild()
    assert index.rows == found


def test_passwords_outlive_a_rebuild_and_names_may_change_places(db: None) -> None:
    from luoshi.ledger import models, store

    def change(one: str, other: str) -> list[Draft]:
        return [Draft("account.change", "aone", {"username": one}), Draft("account.change", "atwo", {"username": other})]

    for key, name in (("aone", "one"), ("atwo", "two")):
        store.append(CLERK, [Draft("account.create", key, {"username": name, "name": name, "roles": ["reader"], "active": True})])
        models.Account.objects.filter(pk=key).update(password=f"hash of {key}")
    store.append(CLERK, change("two", "one"))
    store.rebuild()
    rows = {row.id: (row.username, row.password, row.is_active) for row in models.Account.objects.all()}
    assert rows == {"aone": ("two", "hash of aone", True), "atwo": ("one", "hash of atwo", True)}


def test_what_no_entry_tells_of_is_gone_after_a_rebuild(db: None) -> None:
    from luoshi.ledger import models, store

    enter(report())
    models.Setting.objects.create(id="smuggled", value="1")
    models.Account.objects.create(id="asmuggled", username="smuggled", roles='["system_admin"]')
    models.Document.objects.update(title="另一个题目", state="confirmed")
    store.rebuild()
    assert not models.Setting.objects.exists()
    account = models.Account.objects.get(pk="asmuggled")
    assert (account.roles, account.is_active) == ("[]", False)
    assert set(models.Document.objects.values_list("state", flat=True)) == {"open"}


def test_who_reads_meanwhile_sees_the_old_tables(shared_db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    import threading

    from django.db import connections

    from luoshi.ledger import models, store

    enter(report())
    seen: list[int] = []

    def look() -> None:
        seen.append(models.Fact.objects.count())
        connections.close_all()

    def progress(done: int, total: int) -> None:
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    count = models.Fact.objects.count()
    store.rebuild(progress=progress)
    assert seen == [count]
    assert count > 5


def test_a_reading_that_is_lost_stops_a_rebuild_and_leaves_the_tables(db: None) -> None:
    from django.db import transaction

    from luoshi.ledger import models, store
    from luoshi.ledger.blobs import MissingBlob

    enter(report(parks=77))
    before = snapshot()
    path = store.blobs().path(models.Document.objects.get().reading)
    kept = path.read_bytes()
    path.unlink()
    try:
        with pytest.raises(MissingBlob), transaction.atomic():
            store.rebuild()
    finally:
        path.write_bytes(kept)
    assert snapshot() == before


_ACTS = st.lists(
    st.tuples(
        st.sampled_from(["accept", "reject", "correct", "reopen", "decide", "undo", "confirm", "retitle", "withdraw", "restore", "version", "again"]),
        st.sampled_from([CLERK, SECOND, THIRD]),
        st.lists(st.integers(0, 5), min_size=1, max_size=4),
    ),
    max_size=14,
)  # fmt: skip


@settings(
    max_examples=30, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(_ACTS, st.sampled_from([1, 2, 5, 1000]))
def test_a_rebuild_gives_what_acts_at_the_desk_made(db: None, index: Index, acts: list[tuple[str, str, list[int]]], batch: int) -> None:
    from django.db import transaction

    from luoshi.ledger import store

    class Undo(Exception):
        pass

    with pytest.raises(Undo), transaction.atomic():
        index.rows.clear()
        _, documents = enter(report())
        done: dict[str, str] = {}
        for number, (act, actor, places) in enumerate(acts):
            _at_the_desk(act, actor, places, documents[0], done, number)
        before, found = snapshot(), dict(index.rows)
        kept, store._BATCH = store._BATCH, batch
        try:
            store.rebuild()
        finally:
            store._BATCH = kept
        assert snapshot() == before
        assert index.rows == found
        raise Undo


def _at_the_desk(act: str, name: str, places: list[int], document: str, done: dict[str, str], number: int) -> None:
    """One act of a person; what the desk refuses changes nothing."""
    from luoshi.desk import documents, facts, undo
    from luoshi.desk.actor import Actor, Role
    from luoshi.ledger.scope import Scope

    actor, scope = Actor(name, name, name, (Role.SUPERVISOR, Role.LEADER)), Scope.whole()
    ids = facts_of(document)
    chosen = [ids[place % len(ids)] for place in places]
    try:
        made: Any = None
        match act:
            case "accept":
                made = facts.accept(actor, chosen, scope)
            case "reject":
                made = facts.reject(actor, chosen, scope, note="不是")
            case "reopen":
                made = facts.reopen(actor, chosen, scope)
            case "correct":
                made = facts.correct(actor, chosen[0], {"value": places[0], "year": 2020 + places[-1]}, scope)
            case "decide":
                made = facts.decide(actor, chosen[0], "reject", {}, scope)
            case "undo" if done.get(name):
                made = undo.undo(actor, done[name])
            case "confirm":
                made = documents.confirm(actor, [document], scope)
            case "retitle":
                made = documents.correct(
                    actor, document, {"title": f"报告{places[0]}", "region": "澜州市栖山区", "plan_year": 2020 + places[0]}, scope
                )
            case "withdraw":
                made = documents.withdraw(actor, document, scope, why="错")
            case "restore":
                made = documents.restore(actor, document, scope)
            case "version":
                enter(report(growth=f"{places[0]}.{number}"), f"v{number}.txt")
            case "again":
                enter(report(), f"again{places[0]}.txt")
        if made is not None:
            done[name] = made.undo
    except LuoshiError:
        pass
