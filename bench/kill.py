"""Kills processes at random moments and looks whether anything is lost: ``python bench/kill.py --rounds 100 [--http] [--database postgresql://…]``.

One process imports documents, another confirms facts; each notes what it was told is done, flushed to the disk, only after it was told so. Both
are killed (kill -9) at a random moment, again and again. With ``--http`` it is the whole server that is killed, while two clients upload and
confirm through it. Afterwards: nothing that was told is lost, no document is there by half, the chain holds, every table is what the entries
say, and what waited is read by the next worker. ``--database`` names a PostgreSQL database, which is emptied; without it SQLite.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import socket
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from importlib.resources import files
from pathlib import Path
from typing import Any

#: documents that are there before the killing begins, so that there are facts to confirm
SEEDED = 20


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--database", default="", help="postgresql://…; it is emptied")
    parser.add_argument("--http", action="store_true", help="kill the server, not the processes that write")
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="luoshi-kill-", ignore_cleanup_errors=True) as folder:
        os.environ.update({"LUOSHI_DATA": folder, "DATABASE_URL": wanted.database})
        Log.path = Path(folder) / "told.jsonl"
        run(wanted)


class Log:
    """What was told to be done, one JSON object a line, on the disk before anything else happens."""

    path = Path()
    lock = threading.Lock()

    @classmethod
    def tell(cls, **values: Any) -> None:
        with cls.lock, cls.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(values) + "\n")
            file.flush()
            os.fsync(file.fileno())

    @classmethod
    def read(cls) -> list[dict[str, Any]]:
        # the last line may be cut: then it was not told
        lines = cls.path.read_text(encoding="utf-8").split("\n")[:-1] if cls.path.exists() else []
        return [told for line in lines if (told := _decoded(line)) is not None]


def _decoded(line: str) -> dict[str, Any] | None:
    try:
        return dict(json.loads(line))
    except ValueError:
        return None


def setup() -> None:
    import logging

    from luoshi.settings import read_settings
    from luoshi.web.serve import make_folder, prepare

    settings = read_settings(os.environ)
    make_folder(settings.data)
    prepare(settings, tell=lambda key, **values: None, static=False)
    logging.getLogger("luoshi").setLevel(logging.ERROR)


def clerk() -> str:
    """The id of the person who imports and confirms."""
    from luoshi.desk.accounts import account_id

    return account_id("kill")


def document(number: int) -> bytes:
    """A fictional report; each fifth is a new version of the same."""
    text = files("luoshi.demo").joinpath("documents", "2025-report.txt").read_text(encoding="utf-8")
    title = "政府工作报告" if number % 5 == 0 else f"栖山区第{number}街道政府工作报告"
    return f"{title}{text[text.index(chr(10)) : 4000]}\n附：第{number}号\n".encode()


# --- the processes that are killed


class Reader:
    """Reads in the process that is killed: what is tried here is the writing. (The server reads in a process of its own.)"""

    def read(self, data: bytes, name: str, *, seconds: float) -> tuple[str, list[Any]]:
        from luoshi.ledger.reading import stored
        from luoshi.pipeline import read_data

        return "txt", stored(read_data(data, name))


def import_documents(first: int) -> None:
    from luoshi.intake.queue import work_one
    from luoshi.ledger.enter import receive

    reader: Any = Reader()
    for number in range(first, first + 10_000):
        for one in receive([(f"{number}.txt", document(number))], clerk()):
            Log.tell(act="received", file=one.file)
        while file := work_one(reader):
            Log.tell(act="read", file=file)


def confirm_facts(_: int) -> None:
    from luoshi.desk import facts
    from luoshi.desk.actor import Actor, Role
    from luoshi.ledger.scope import Scope

    actor = Actor(clerk(), "kill", "核对员", (Role.SUPERVISOR,))
    chosen = random.Random()  # noqa: S311 - no secret
    while True:
        some = open_facts(chosen.randint(1, 8))
        if not some:
            time.sleep(0.05)
            continue
        done = facts.accept(actor, [key for key, _ in some], Scope.whole())
        Log.tell(act="accepted", facts=list(done.subjects), seqs=list(done.seqs))


def open_facts(count: int) -> list[tuple[str, str]]:
    from luoshi.ledger.models import Fact

    return list(Fact.objects.filter(state="open").order_by("ordinal").values_list("id", "document")[:count])


# --- who kills


def run(wanted: argparse.Namespace) -> None:
    setup()
    empty()
    chance = random.Random(wanted.seed)  # noqa: S311 - no secret
    begun, checked = time.monotonic(), 0
    kill = kill_server if wanted.http else kill_processes
    for number in range(1, wanted.rounds + 1):
        kill(number, chance)
        told = Log.read()
        check_told(told[checked:])
        checked = len(told)
        if number % 10 == 0:
            check_whole()
            counts = Counter(one["act"] for one in told)
            print(f"{number} rounds, {time.monotonic() - begun:.0f} s, {dict(counts)}", flush=True)
    finish(Log.read(), time.monotonic() - begun, wanted)


def empty() -> None:
    """A ledger with one person and one document in it."""
    from django.core.management import call_command

    from luoshi.desk.accounts import create
    from luoshi.desk.actor import SYSTEM, Role
    from luoshi.ledger.enter import receive, take_in
    from luoshi.ledger.indexing import clear_index
    from luoshi.ledger.reading import stored
    from luoshi.ledger.seeding import seed_regions
    from luoshi.pipeline import read_data

    call_command("flush", verbosity=0, interactive=False)
    clear_index()
    seed_regions()
    create(SYSTEM, {"username": "kill", "name": "核对员"}, [Role.SUPERVISOR], strict=False)
    for number in range(SEEDED):
        for one in receive([(f"{number}.txt", document(number))], clerk()):
            take_in(one.file, stored(read_data(document(number), one.name)), clerk(), form="txt")


def kill_processes(number: int, chance: random.Random) -> None:
    before = len(Log.read())
    running = [_forked(import_documents, number * 1000), _forked(confirm_facts, number)]
    try:
        _wait(number, before, chance, slow=False)
    finally:
        for process in running:
            os.kill(process, signal.SIGKILL)
        for process in running:
            _killed(process)


def _forked(act: Callable[[int], None], number: int) -> int:
    """A process of its own that does ``act`` for ever; everything it needs is loaded already."""
    from django.db import connections

    connections.close_all()
    process = os.fork()
    if process:
        return process
    try:
        act(number)
    except BaseException:  # noqa: BLE001 - nothing may unwind into the code of the process from which this one was copied
        import traceback

        traceback.print_exc()
    finally:
        os._exit(1)


def _killed(process: int) -> None:
    """It was at work until it was killed, or all this proves nothing."""
    _, status = os.waitpid(process, 0)
    if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
        sys.exit("a process ended by itself")


def _serve(port: int) -> None:
    from luoshi.web.serve import serve

    os.setsid()
    os.environ["LUOSHI_PORT"] = str(port)
    serve(tell=lambda key, **values: None)


def kill_server(number: int, chance: random.Random) -> None:
    before, port = len(Log.read()), _free_port()
    server = _forked(_serve, port)
    clients = [threading.Thread(target=_client, args=(act, number, f"http://127.0.0.1:{port}")) for act in (_upload, _confirm)]
    try:
        _until(lambda: _answers(port))
        for client in clients:
            client.start()
        _wait(number, before, chance, slow=True)
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server, signal.SIGKILL)
        _killed(server)
        for client in clients:
            if client.ident:
                client.join()


def _wait(number: int, before: int, chance: random.Random, *, slow: bool) -> None:
    """Until a random moment: in each fourth round at once, else after the first file was read, when both are at work.

    A server that has just begun takes long to read its first file; ``slow``: only in each tenth round it is waited for.
    """
    first = "read" if not slow or number % 10 == 0 else "received"
    if chance.random() > 0.25:
        until = time.monotonic() + 60
        while time.monotonic() < until and not any(one["act"] == first for one in Log.read()[before:]):
            time.sleep(0.02)
    time.sleep(chance.uniform(0.0, 1.5))


def _client(act: Callable[[Any, int], None], number: int, site: str) -> None:
    """Works until the server is gone."""
    import httpx
    from django.db import connections

    try:
        with httpx.Client(
            base_url=site, cookies=_signed_in(), headers={"X-CSRFToken": _TOKEN, "Accept": "application/json"}, timeout=20
        ) as client:
            act(client, number)
    except httpx.TransportError:
        pass
    finally:
        connections.close_all()


_TOKEN = "k" * 32


def _signed_in() -> dict[str, str]:
    from django.test import Client

    from luoshi.ledger.models import Account

    client = Client()
    client.force_login(Account.objects.get(pk=clerk()), backend="luoshi.web.signin.backends.Local")
    return {"luoshi_session": client.cookies["luoshi_session"].value, "luoshi_csrf": _TOKEN}


def _upload(client: Any, number: int) -> None:
    waiting: list[str] = []
    for place in range(number * 1000, number * 1000 + 1000):
        answer = client.post("/intake/upload", files={"files": (f"{place}.txt", document(place))})
        _expect(answer)
        for one in answer.json()["files"]:
            Log.tell(act="received", file=one["id"])
            waiting.append(one["id"])
        time.sleep(0.2)
        answer = client.get("/intake/status", params={"ids": ",".join(waiting[:20])})
        _expect(answer)
        for one in answer.json()["files"]:
            if one["state"] == "read" and one["id"] in waiting:
                waiting.remove(one["id"])
                Log.tell(act="read", file=one["id"])


def _confirm(client: Any, number: int) -> None:
    chosen = random.Random(number)  # noqa: S311 - no secret
    while True:
        some = open_facts(chosen.randint(1, 8))
        if not some:
            time.sleep(0.1)
            if _answers(client.base_url.port):
                continue
            return
        document_id = some[0][1]
        facts = [key for key, of in some if of == document_id]
        answer = client.post(f"/documents/{document_id}/room/accept", json={"facts": facts})
        _expect(answer)
        Log.tell(act="accepted", facts=facts, seqs=[])


def _expect(answer: Any) -> None:
    if answer.status_code != 200:
        print(f"{answer.request.url}: {answer.status_code} {answer.text[:300]}", flush=True)
        os._exit(1)


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _until(true: Callable[[], bool]) -> None:
    until = time.monotonic() + 90
    while not true():
        if time.monotonic() > until:
            sys.exit("the server did not begin")
        time.sleep(0.02)


# --- what must hold


def check_told(told: list[dict[str, Any]]) -> None:
    """Everything that was told is there."""
    from luoshi.ledger.models import Entry, Fact, File
    from luoshi.ledger.store import blobs

    for one in told:
        if one["act"] == "received":
            assert File.objects.filter(pk=one["file"]).exists(), one
            assert blobs().get(one["file"])
        elif one["act"] == "read":
            assert File.objects.get(pk=one["file"]).state == "read", one
        elif one["act"] == "accepted":
            checks = [json.loads(row) for row in Fact.objects.filter(pk__in=one["facts"]).values_list("checks", flat=True)]
            assert len(checks) == len(one["facts"]), one
            assert all(check[clerk()]["word"] == "accept" for check in checks), one
            assert Entry.objects.filter(act="fact.accept", subject__in=one["facts"]).values("subject").distinct().count() == len(
                one["facts"]
            ), one
            assert Entry.objects.filter(seq__in=one["seqs"]).count() == len(one["seqs"]), one


def check_whole() -> None:
    """The chain holds, and no document is there by half."""
    from luoshi.ledger.checking import verify_ledger

    verdict = verify_ledger()
    assert not verdict.findings, verdict.findings


def finish(told: list[dict[str, Any]], seconds: float, wanted: argparse.Namespace) -> None:
    from django.db import connection

    from luoshi.intake.confined import Confined
    from luoshi.intake.queue import waiting, work_one
    from luoshi.ledger.checking import verify_ledger
    from luoshi.ledger.models import Document, File, Lease
    from luoshi.ledger.store import blobs

    left, reader = waiting(), Confined()
    while work_one(reader):
        pass
    reader.stop()
    assert not File.objects.exclude(state="read").exists(), "a file was not read in the end"
    assert not Lease.objects.exists(), "a lease stayed"
    check_told(told)
    verdict = verify_ledger(deep=True)
    assert not verdict.findings, verdict.findings
    half = len(list(blobs().folder.glob("*/.new-*")))
    counts = Counter(one["act"] for one in told)
    print(json.dumps({
        "database": connection.vendor, "killed": "server" if wanted.http else "processes", "rounds": wanted.rounds, "seconds": round(seconds),
        "received": counts["received"], "read": counts["read"], "acts": counts["accepted"],
        "facts": sum(len(one["facts"]) for one in told if one["act"] == "accepted"), "waited_at_the_end": left, "half_written_files": half,
        "documents": Document.objects.count(), "entries": verdict.entries, "rows_compared": verdict.rows, "lost": 0,
    }))  # fmt: skip


if __name__ == "__main__":
    main()
