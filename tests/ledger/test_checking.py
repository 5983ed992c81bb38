"""Verifying the ledger: what holds is said to hold, and each fault is found and named with its place and what to do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from luoshi.errors import BadUsage, LuoshiError
from luoshi.ledger.entry import Draft
from tests.ledger.making import CLERK, enter, facts_of, report, snapshot, walk


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A store of files that no other test writes to."""
    from luoshi.ledger import store
    from luoshi.ledger.blobs import Blobs

    made = Blobs(tmp_path / "files")
    monkeypatch.setattr(store, "_blobs", lambda folder: made)


def _fill() -> str:
    from luoshi.ledger import store

    _, (document,) = enter(report())
    enter(report(growth="6.5"), "second.txt")
    for actor, draft in walk(document, facts_of(document)):
        store.append(actor, [draft])
    return document


def test_a_ledger_that_nobody_touched_holds(shared_db: None, own_store: None) -> None:
    from luoshi.ledger import models
    from luoshi.ledger.checking import verify_ledger

    _fill()
    verdict = verify_ledger(deep=True)
    assert verdict.findings == []
    assert verdict.entries == models.Entry.objects.count()
    assert (verdict.documents, verdict.facts) == (2, models.Fact.objects.count())
    # an original and a reading of each document, the evidence of the act on a matter, what a release holds and what was held back
    assert (verdict.files, verdict.spare) == (2 + 2 + 1 + 2, 0)
    assert verdict.head == models.Head.objects.get().hash
    assert verdict.rows > 7000


def test_an_empty_ledger_holds(shared_db: None, own_store: None) -> None:
    from luoshi.ledger.checking import verify_ledger

    assert verify_ledger(deep=True).findings == []


def _original(change: Callable[[Path], Any]) -> Callable[[], None]:
    def act() -> None:
        from luoshi.ledger import models, store

        change(store.blobs().path(models.File.objects.order_by("received_at")[0].id))

    return act


def _reading(change: Callable[[Path], Any]) -> Callable[[], None]:
    def act() -> None:
        from luoshi.ledger import models, store

        change(store.blobs().path(models.Document.objects.order_by("number")[0].reading))

    return act


def _fact(**values: Any) -> Callable[[], None]:
    def act() -> None:
        from luoshi.ledger import models

        key = models.Fact.objects.order_by("ordinal")[0].id
        models.Fact.objects.filter(pk=key).update(**values)

    return act


def _smuggle() -> None:
    from luoshi.ledger import models

    models.Fact.objects.create(id="fsmuggled", document=models.Document.objects.order_by("number")[0].id, kind="measure", text="x")


def _drop() -> None:
    from luoshi.ledger import models

    models.Fact.objects.order_by("ordinal")[0].delete()


def _entry() -> None:
    from luoshi.ledger import models

    models.Entry.objects.filter(seq=5).update(actor="somebody")


def _row(table: str, **values: Any) -> Callable[[], None]:
    def act() -> None:
        from luoshi.ledger.rows import TABLES

        key = TABLES[table].objects.order_by("pk")[0].pk  # type: ignore[attr-defined]
        TABLES[table].objects.filter(pk=key).update(**values)  # type: ignore[attr-defined]

    return act


def _gone(table: str) -> Callable[[], None]:
    def act() -> None:
        from luoshi.ledger.rows import TABLES

        TABLES[table].objects.order_by("pk")[0].delete()  # type: ignore[attr-defined]

    return act


@pytest.mark.parametrize(
    ("break_it", "step", "words", "deep"),
    [
        (_original(Path.unlink), "files", "原件不在存储中", False),
        (_original(lambda path: path.write_bytes(b"other")), "files", "被改动过", False),
        (_reading(Path.unlink), "files", "文本和事实不在存储中", False),
        (_reading(lambda path: path.write_bytes(b"other")), "files", "被改动过", False),
        (_fact(text="另一句话"), "facts", "表中的引文与读入时不符", False),
        (_fact(start=3), "facts", "表中的引文与读入时不符", False),
        (_drop, "facts", "表中没有这条事实", False),
        (_smuggle, "facts", "不是从文件读出的", False),
        (_entry, "chain", "校验值不符", False),
        (_fact(state="accepted", value=1), "rows", "按记录应为", True),
        (_row("document", title="另一个题目"), "rows", "title 为", True),
        (_row("item", lead="另一个单位"), "rows", "lead 为", True),
        (_row("account", roles='["system_admin"]'), "rows", "roles 为", True),
        (_gone("item"), "rows", "表中没有这一行", True),
        (_gone("region"), "rows", "表中没有这一行", True),
        (_entry, "rows", "没有重算比较", True),
    ],
)
def test_each_fault_is_found(shared_db: None, own_store: None, break_it: Callable[[], None], step: str, words: str, deep: bool) -> None:
    from luoshi.ledger.checking import verify_ledger

    _fill()
    break_it()
    found = [finding for finding in verify_ledger(deep=deep).findings if finding.step == step]
    assert any(words in finding.what for finding in found), found
    assert all(finding.where and finding.remedy for finding in found)


def test_what_people_do_meanwhile_is_no_fault(shared_db: None, own_store: None) -> None:
    from luoshi.ledger import models, store
    from luoshi.ledger.checking import verify_ledger

    _fill()
    facts = list(models.Fact.objects.filter(state="open").values_list("id", "document"))
    done: list[str] = []

    def meanwhile(step: str, count: int) -> None:
        if step == "rows" and facts:
            fact, document = facts.pop()
            store.append(CLERK, [Draft("fact.accept", fact, {}, document)])
            enter(report(growth=f"7.{count}"), "meanwhile.txt")
            done.append(fact)

    assert verify_ledger(deep=True, progress=meanwhile).findings == []
    assert done


def test_a_past_moment_becomes_a_ledger_of_its_own(shared_db: None, own_store: None, tmp_path: Path) -> None:
    from django.db import connections

    from luoshi.ledger import models, store
    from luoshi.ledger.blobs import Blobs
    from luoshi.ledger.past import make_past, second_database

    _, (document,) = enter(report())
    store.append(
        CLERK, [Draft("account.create", "aone", {"username": "one", "name": "甲", "roles": ["reader"], "active": True})],
        clock=lambda: datetime(2100, 3, 1, tzinfo=UTC),
    )  # fmt: skip
    models.Account.objects.filter(pk="aone").update(password="hash of one")  # noqa: S106
    before = snapshot()
    store.append(CLERK, [Draft("document.confirm", document)], clock=lambda: datetime(2100, 3, 2, tzinfo=UTC))
    assert snapshot() != before
    now = snapshot()
    out = tmp_path / "past"
    count = make_past("2100-03-01T23:59:59.999999Z", out)
    assert snapshot() == now
    assert count == models.Entry.objects.count() - 1
    assert "second" not in connections.databases
    with second_database(out / "ledger.sqlite3") as alias:
        assert snapshot(alias) == before
        assert models.Account.objects.using(alias).get().password == "hash of one"  # noqa: S105
        assert models.Head.objects.using(alias).get().seq == count
    kept = Blobs(out / "files")
    assert {*kept.keys()} == {models.File.objects.get().id, models.Document.objects.get().reading}
    assert all(kept.get(key) for key in list(kept.keys()))
    with pytest.raises(BadUsage, match="不是空的"):
        make_past("2100-03-01T23:59:59.999999Z", out)
    with pytest.raises(LuoshiError, match="还没有记录"):
        make_past("1999-01-01T23:59:59.999999Z", tmp_path / "never")
    assert not (tmp_path / "never").exists()
