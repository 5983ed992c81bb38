"""The access log: what is written, when, and that nobody can change it unseen."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from luoshi.ledger.entry import BrokenChain, moment
from luoshi.web.signin import access, middleware, trail
from luoshi.web.signin.access import Recorder, Seen
from luoshi.web.signin.models import Access, Batch, Mark
from luoshi.web.signin.tidy import tidy
from luoshi.web.signin.trail import Wanted

NOW = datetime(2026, 3, 5, 2, 0, tzinfo=UTC)


def _seen(number: int = 0, **more: Any) -> Seen:
    return Seen(
        **{
            "at": moment(NOW + timedelta(seconds=number)),
            "kind": access.PAGE,
            "account": "achen",
            "page": "document",
            "status": 200,
            **more,
        }
    )


def _write(batches: int, rows: int = 3, *, day: int = 0) -> None:
    for batch in range(batches):
        access.write([_seen(batch * rows + row) for row in range(rows)], NOW + timedelta(days=day, seconds=batch))


@pytest.fixture(autouse=True)
def _no_memory_of_other_tests() -> None:
    middleware._asked.clear()


# --- what is noted


def test_pages_and_refusals_are_noted(client_as: Callable[..., Any]) -> None:
    client = client_as("reader")
    client.get("/profile?lang=zh", REMOTE_ADDR="10.1.1.7")
    client.get("/password", REMOTE_ADDR="10.1.1.7")
    rows = trail.look(Wanted(), limit=10)
    assert [(row.page, row.kind, row.status, row.method, row.detail, row.address) for row in reversed(rows)] == [
        ("profile", "page", 200, "GET", "lang=zh", "10.1.1.7"),
        ("password", "page", 200, "GET", "", "10.1.1.7"),
    ]
    assert all(row.account == "atest-reader" for row in rows)


def test_strangers_leave_a_row_only_where_refused_and_once(client_as: Callable[..., Any]) -> None:
    client = client_as()
    client.get("/profile")
    client.get("/signin")
    client.get("/health")
    assert trail.look(Wanted()) == []
    for _ in range(3):
        assert client.get("/profile", HTTP_ACCEPT="application/json").status_code == 401
    assert [(row.kind, row.account, row.status) for row in trail.look(Wanted())] == [("refused", "", 401)]


def test_a_script_that_asks_again_and_again_is_noted_once_a_minute(client_as: Callable[..., Any]) -> None:
    client = client_as("reader")
    for _ in range(5):
        client.get("/profile", HTTP_ACCEPT="application/json")
    assert len(trail.look(Wanted())) == 1
    client.get("/profile?lang=en", HTTP_ACCEPT="application/json")
    client.get("/profile")
    client.get("/profile")
    assert len(trail.look(Wanted())) == 4


def test_addresses_that_no_database_takes_hold_nothing_up(client_as: Callable[..., Any]) -> None:
    client = client_as("reader")
    client.get("/nothing%00here/%ff%fe?q=%00%ed%a0%80")
    access.write([_seen(subject="a\x00b\ud800c", detail="长" * 400)], NOW)
    # the address is refused before it has a page
    assert [row.status for row in trail.look(Wanted())] == [200]
    assert trail.check_chain().rows == 1


# --- the chain


def test_chain_is_whole(db: None) -> None:
    _write(4)
    checked = trail.check_chain()
    assert (checked.batches, checked.rows) == (4, 12)
    assert checked.first == moment(NOW)


@pytest.mark.parametrize(
    "tamper",
    [
        lambda: Access.objects.filter(batch=2, place=1).update(account="asomebody"),
        lambda: Access.objects.filter(batch=2, place=1).update(status=403),
        lambda: Access.objects.filter(batch=2, place=2).delete(),
        lambda: Access.objects.create(batch=2, place=3, at=moment(NOW), kind="page"),
        lambda: Access.objects.filter(batch=2, place=0).update(place=7),
        lambda: Batch.objects.filter(seq=2).update(at=moment(NOW - timedelta(days=1))),
        lambda: (Batch.objects.filter(seq=2).delete(), Access.objects.filter(batch=2).delete()),
        lambda: (Batch.objects.filter(seq=4).delete(), Access.objects.filter(batch=4).delete()),
        lambda: (Batch.objects.filter(seq=1).delete(), Access.objects.filter(batch=1).delete()),
        lambda: (Batch.objects.all().delete(), Access.objects.all().delete()),
        lambda: Mark.objects.filter(id="head").update(seq=3),
    ],
)
def test_whoever_changes_the_log_is_found_out(db: None, tamper: Callable[[], Any]) -> None:
    _write(4)
    trail.check_chain()
    tamper()
    with pytest.raises(BrokenChain):
        trail.check_chain()


def test_old_rows_go_and_the_rest_can_still_be_checked(db: None) -> None:
    for day in range(0, 300, 50):
        _write(2, day=day)
    later = NOW + timedelta(days=290)
    assert trail.prune(190, later) == 12
    assert trail.prune(190, later) == 0
    checked = trail.check_chain()
    assert (checked.batches, checked.rows, checked.first) == (8, 24, moment(NOW + timedelta(days=100)))
    assert Access.objects.order_by("id").first().batch == 5  # type: ignore[union-attr]
    Access.objects.filter(batch=5, place=0).update(page="other")
    with pytest.raises(BrokenChain, match="第 5 批"):
        trail.check_chain()


def test_all_may_grow_old(db: None) -> None:
    _write(2)
    assert trail.prune(190, NOW + timedelta(days=400)) == 6
    assert trail.check_chain().rows == 0
    _write(1, day=401)
    assert trail.check_chain().rows == 3


def test_tidying_ends_sessions_that_are_over(db: None, client_as: Callable[..., Any]) -> None:
    from django.contrib.sessions.models import Session

    client = client_as("reader")
    assert Session.objects.count() == 1
    assert tidy(190, datetime.now(UTC)) == 0
    assert client.get("/profile").status_code == 200
    tidy(190, datetime.now(UTC) + timedelta(days=30))
    assert Session.objects.count() == 0


# --- reading


def test_looking_for_rows(db: None) -> None:
    access.write(
        [_seen(0, subject="d1"), _seen(1, subject="d2", account="alin"), _seen(2, kind=access.REFUSED, status=403, page="room")], NOW
    )
    access.write([_seen(86400, subject="d1", address="10.0.0.9")], NOW)

    def places(**wanted: Any) -> list[int]:
        return [row.batch * 10 + row.place for row in trail.look(Wanted(**wanted))]

    assert places() == [20, 12, 11, 10]
    assert places(subject="d1") == [20, 10]
    assert places(account="alin") == [11]
    assert places(kinds=(access.REFUSED,)) == places(refused=True) == places(page="room") == [12]
    assert places(since="2026-03-06") == places(address="10.0.0.9") == [20]
    assert places(until="2026-03-06") == [12, 11, 10]
    newest = trail.look(Wanted(), limit=2)
    assert [row.place for row in trail.look(Wanted(), before=newest[-1].id)] == [1, 0]
    assert [row.batch for row in trail.stream(Wanted())] == [1, 1, 1, 2]
    assert (trail.total(Wanted()), trail.total(Wanted(), most=3)) == (4, 3)


# --- the writer


def test_what_the_database_refuses_is_written_later(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    recorder, real, asked = Recorder(), access.write, list[int]()

    def failing(rows: Any, now: Any) -> None:
        asked.append(len(rows))
        if len(asked) < 3:
            raise OperationalError("database is locked")
        real(rows, now)

    monkeypatch.setattr(access, "write", failing)
    recorder.record(_seen(1))
    recorder.record(_seen(2))
    assert Access.objects.count() == 0
    assert recorder.flush()
    assert asked == [1, 2, 2]
    assert [row.at for row in trail.stream(Wanted())] == [moment(NOW + timedelta(seconds=number)) for number in (1, 2)]


def test_a_full_memory_says_so_in_the_log(db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def failing(rows: Any, now: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(access, "write", failing)
    monkeypatch.setattr(access, "_MOST_WAITING", 2)
    recorder = Recorder()
    for number in range(3):
        recorder.record(_seen(number, page=f"page{number}"))
    assert "page2" in caplog.text
    assert "page1" not in caplog.text


def test_a_thread_writes_and_nothing_is_lost_at_the_end(real_db: None) -> None:
    recorder = Recorder()
    recorder.start()
    try:
        recorder.record(_seen(1, kind=access.SIGNIN))
        # waited for
        assert Access.objects.count() == 1
        for number in range(2500):
            recorder.record(_seen(number))
    finally:
        recorder.stop()
    assert Access.objects.count() == 2501
    assert trail.check_chain().rows == 2501


def test_several_writers_make_one_chain(real_db: None) -> None:
    recorders = [Recorder() for _ in range(4)]
    for recorder in recorders:
        recorder.start()
    try:
        for number in range(40):
            recorders[number % 4].record(_seen(number, kind=access.SIGNIN))
    finally:
        for recorder in recorders:
            recorder.stop()
    assert trail.check_chain().rows == 40


def test_a_page_comes_though_the_log_cannot_be_written(client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    client: Client = client_as("reader")

    def failing(rows: Any, now: Any) -> None:
        raise OperationalError("gone")

    monkeypatch.setattr(access, "write", failing)
    assert client.get("/profile").status_code == 200
    monkeypatch.undo()
    assert access.RECORDER.flush()
    assert [row.page for row in trail.look(Wanted())] == ["profile"]
