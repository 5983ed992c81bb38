"""Events to programs of others: each entry told once, signed, in order, until it is taken, and never a word of anybody."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from luoshi.errors import BadUsage
from luoshi.ledger import models
from luoshi.notify import hooks, kept
from luoshi.notify.events import KINDS
from luoshi.notify.hooks import Entered, Options
from luoshi.notify.models import Channel, Letter
from luoshi.notify.posting import post_due, queue_events, try_hook
from tests.web.hotline import SECRETS, Hotline
from tests.web.living import District

ADMIN = "aadmin"


class Remote:
    """A program of somebody else's. ``answers``: what it answers next; then 204."""

    def __init__(self) -> None:
        self.got: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        self.url = ""

    def bodies(self) -> list[Any]:
        return [json.loads(body) for _, body in self.got]


@pytest.fixture
def remote() -> Iterator[Remote]:
    made = Remote()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.got.append((dict(self.headers), body))
            self.send_response(made.answers.pop(0) if made.answers else 204)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/hook?key=0123456789abcdef"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


def subscribe(remote: Remote, *, events: tuple[str, ...] = (), region: str = "") -> tuple[str, str]:
    made = hooks.save(ADMIN, Entered(name="区大数据局", url=remote.url, options=Options(events, region)))
    queue_events()
    return made


def now(minutes: float = 0) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def run(minutes: float = 0) -> dict[str, int]:
    queue_events()
    at = now(minutes)
    return post_due(at, clock=lambda: at)


def test_a_year_of_a_matter_as_events(db: None, remote: Remote) -> None:
    district = District()
    _, secret = subscribe(remote)
    item = district.closed("新建幼儿园3所")
    done = run()
    told = remote.bodies()
    assert done == {"sent": len(told)}
    assert {one["event"] for one in told} >= {"item.filed", "act.done", "item.closed"}
    assert [one["act"] for one in told if one["event"] == "act.done"] == ["approve", "assign", "sign", "apply-close", "pass", "close"]
    assert [one["entry"] for one in told] == sorted(one["entry"] for one in told)
    assert {(one["item"], one["number"]) for one in told} == {(item, models.Matter.objects.get(pk=item).number)}
    for headers, body in remote.got:
        wanted = hmac.new(secret.encode(), headers["Luoshi-Timestamp"].encode() + b"." + body, hashlib.sha256).hexdigest()
        assert headers["Luoshi-Signature"] == f"v1={wanted}"
    # each once, however often the minute comes
    assert run() == {}
    assert len(remote.got) == len(told)
    assert not Letter.objects.exclude(message="").exists()


def test_a_light_that_changes_is_told_with_what_it_was(db: None, remote: Remote) -> None:
    from luoshi.desk import matters

    district = District()
    item = district.assigned("新建幼儿园3所", ago=20, due=-1)
    subscribe(remote, events=("light.changed",))
    matters.tick()
    run()
    told = remote.bodies()
    assert told
    assert {one["event"] for one in told} == {"light.changed"}
    assert all(one["light"] != one["was"] for one in told)
    assert told[-1]["light"] == models.Matter.objects.get(pk=item).light


def test_nothing_of_persons_and_nothing_that_stays_inside(db: None, remote: Remote) -> None:
    hotline = Hotline()
    subscribe(remote)
    hotline.replied("我是陆远山，电话13900001207，路灯不亮")
    inside = hotline.handling("内部线索")
    models.Matter.objects.filter(pk=inside).update(internal=True)
    run()
    told = remote.bodies()
    assert len(told) > 3
    said = "".join(body.decode() for _, body in remote.got)
    assert not [secret for secret in (*SECRETS, "路灯", "陆") if secret in said]
    assert inside not in said
    # ids, kinds, numbers: no field holds words
    fields = {"id", "event", "at", "entry", "region", "item", "number", "mechanism", "act", "stage", "state", "light", "was"}
    assert {name for one in told for name in one} <= fields


def test_only_what_was_subscribed_to(db: None, remote: Remote) -> None:
    district = District()
    subscribe(remote, events=("item.closed",))
    subscribe(remote, region="110000")
    district.closed("新建幼儿园3所")
    run()
    assert [one["event"] for one in remote.bodies()] == ["item.closed"]


def test_what_happened_before_is_not_told(db: None, remote: Remote) -> None:
    district = District()
    district.assigned("新建幼儿园3所")
    subscribe(remote)
    assert run() == {}
    # nor what happened while nobody listened
    key = Channel.objects.get().id
    hooks.save(ADMIN, Entered(name="区大数据局", on=False), key=key)
    district.assigned("改造老旧小区28个")
    queue_events()
    hooks.save(ADMIN, Entered(name="区大数据局"), key=key)
    assert run() == {}


def test_what_is_not_taken_comes_again_under_the_same_mark(db: None, remote: Remote) -> None:
    district = District()
    subscribe(remote, events=("item.filed",))
    district.file("新建幼儿园3所")
    remote.answers = [503, 500, 429]
    assert run() == {"waiting": 1}
    # not at once: it said that it is busy
    assert run() == {}
    assert run(2) == {"waiting": 1}
    assert run(8) == {"waiting": 1}
    assert run(30) == {"sent": 1}
    assert len({headers["Luoshi-Delivery"] for headers, _ in remote.got}) == 1
    assert len({headers["Luoshi-Timestamp"] for headers, _ in remote.got}) == 4


def test_order_is_kept_while_a_remote_is_away(db: None, remote: Remote) -> None:
    district = District()
    subscribe(remote, events=("act.done",))
    district.handling("新建幼儿园3所")
    remote.answers = [503]
    assert run() == {"waiting": 1}
    assert run(2) == {"sent": 3}
    assert [one["act"] for one in remote.bodies()[1:]] == ["approve", "assign", "sign"]


@pytest.mark.parametrize("status", [400, 404, 410, 302])
def test_what_is_refused_is_given_up(db: None, remote: Remote, status: int) -> None:
    district = District()
    subscribe(remote, events=("item.filed",))
    district.file("新建幼儿园3所")
    remote.answers = [status]
    assert run() == {"given-up": 1}
    assert run(600) == {}


def test_nobody_there(db: None, remote: Remote) -> None:
    district = District()
    key, _ = hooks.save(ADMIN, Entered(name="没有人", url="http://127.0.0.1:9/hook"))
    queue_events()
    district.file("新建幼儿园3所")
    assert run() == {"waiting": 1}
    assert Letter.objects.get(channel=key).reason == "notify-unreachable"


def test_secrets_are_sealed_and_told_once(db: None, remote: Remote) -> None:
    key, secret = subscribe(remote)
    row = Channel.objects.get(pk=key)
    assert secret.startswith("whs_")
    assert secret not in row.secret
    assert "0123456789abcdef" not in row.url
    (hook,) = hooks.live_hooks()
    assert "0123456789abcdef" not in repr(hook) + hook.address
    assert hooks.save(ADMIN, Entered(name="改名"), key=key) == (key, "")
    entries = models.Entry.objects.filter(act="setting.change", subject="webhook")
    assert entries.count() == 2
    assert not [entry for entry in entries if secret in entry.data or "127.0.0.1" in entry.data]
    # the robots of groups are another matter
    assert kept.robots() == ()
    assert kept.shown() == []
    with pytest.raises(BadUsage):
        kept.remove(ADMIN, key)
    hooks.remove(ADMIN, key)
    assert hooks.all_hooks() == []


@pytest.mark.parametrize(
    "entered",
    [
        Entered(name="", url="https://a.example/"), Entered(name="甲"), Entered(name="甲", url="ftp://a.example/"),
        Entered(name="甲", url="https://user@a.example/"), Entered(name="甲", url="https://a.example/", options=Options(("item.burnt",))),
        Entered(name="甲", url="https://a.example/", options=Options((), "999999")),
    ],
    ids=["no name", "no address", "no http", "a user", "no event", "no region"],
)  # fmt: skip
def test_what_a_subscription_cannot_be(db: None, entered: Entered) -> None:
    with pytest.raises(BadUsage) as caught:
        hooks.save(ADMIN, entered)
    assert caught.value.remedy


def test_a_test_says_what_came_of_it(db: None, remote: Remote) -> None:
    subscribe(remote)
    (hook,) = hooks.live_hooks()
    assert try_hook(hook, now()).outcome == "sent"
    assert remote.bodies()[0]["event"] == "test"
    remote.answers = [404]
    assert try_hook(hook, now()).said == "HTTP 404"


def test_a_release_is_told(db: None, remote: Remote) -> None:
    from luoshi.notify import events

    told = events.of_release(7, "2026-03-05T02:00:10.000000Z", "rfirst", "990102")
    assert json.loads(told.body()) == {
        "id": "7:release.made", "event": "release.made", "at": "2026-03-05T02:00:10.000000Z", "entry": 7, "region": "990102", "release": "rfirst",
    }  # fmt: skip
    assert told.event in KINDS
