"""The measurement: the server as a user starts it, fifty people at work, then the same while a hundred reports come in."""

from __future__ import annotations

import os
import platform
import random
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import msgspec
from machine import between, used
from texts import PLACES, Author
from users import User

from browser import Browser, Notes, Sample
from ledger import LENGTH, PASSWORD, crew


class Plan(msgspec.Struct, frozen=True):
    """How long, how many, how fast."""

    seconds: float
    warm: float
    users: int
    reports: int
    think: float


def measure(plan: Plan) -> dict[str, Any]:
    """The figures of all stages."""
    database = urlsplit(os.environ.get("DATABASE_URL", "")).path.strip("/")
    result: dict[str, Any] = {
        "when": time.strftime("%Y-%m-%d %H:%M UTC", time.gmtime()), "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
        "database": "postgresql" if database else "sqlite", "users": plan.users, "think, s": [2 * plan.think, 8 * plan.think], "users of role": _roles(plan.users),
    }  # fmt: skip
    with served() as (process, port):
        notes, stop, failures = Notes(), threading.Event(), list[str]()
        users = [User(person, "127.0.0.1", port, notes, think=plan.think) for person in crew()[: plan.users]]
        threads = [threading.Thread(target=_work, args=(user, stop, failures), daemon=True) for user in users]
        for thread in threads:
            thread.start()
        time.sleep(plan.warm)
        result["at work"] = stage(notes, lambda: time.sleep(plan.seconds), process, database)
        if plan.reports:
            took: dict[str, Any] = {}
            result["while reports come in"] = stage(notes, lambda: took.update(bring_in(plan.reports, port, notes)), process, database)
            result["while reports come in"]["import"] = took
        stop.set()
        for thread in threads:
            thread.join(timeout=90)
        result["failures of users"] = failures
    return result


def _roles(count: int) -> dict[str, int]:
    found: dict[str, int] = {}
    for person in crew()[:count]:
        found[person.role] = found.get(person.role, 0) + 1
    return found


def _work(user: User, stop: threading.Event, failures: list[str]) -> None:
    try:
        user.work(stop)
    except Exception as error:  # noqa: BLE001 - one who stops working is told of at the end
        failures.append(f"{user.person.username}: {error!r}")


def stage(notes: Notes, act: Callable[[], None], server: int, database: str) -> dict[str, Any]:
    """The figures of what all users saw while ``act`` went on."""
    first, at, errors = used(server, database), len(notes.samples), len(notes.errors)
    act()
    last = used(server, database)
    samples = [one for one in notes.samples[at:] if one.name != "static"]
    span = last.at - first.at
    told = {name: figures([one for one in samples if one.name == name]) for name in sorted({one.name for one in samples})}
    return {
        "seconds": round(span, 1), "requests": len(samples), "requests a second": round(len(samples) / span, 1), "errors": len(notes.errors) - errors,
        "error": notes.errors[errors : errors + 5], "cores": between(first, last), "all": figures(samples), "pages": told,
    }  # fmt: skip


def figures(samples: Sequence[Sample]) -> dict[str, float]:
    """Percentiles in milliseconds, the largest answer in KB."""
    took = sorted(one.took for one in samples)
    if not took:
        return {"n": 0}

    def at(share: float) -> float:
        return round(took[min(len(took) - 1, int(len(took) * share))], 1)

    return {
        "n": len(took),
        "p50": at(0.5),
        "p95": at(0.95),
        "p99": at(0.99),
        "max": round(took[-1], 1),
        "KB": round(max(one.size for one in samples) / 1000, 1),
    }


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """``luoshi serve`` with its defaults on a free port: its process and the port. Its log goes to a file of the data folder."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = (Path(os.environ["LUOSHI_DATA"]) / "serve.log").open("ab")
    server = subprocess.Popen([Path(sys.executable).with_name("luoshi"), "serve", "--port", str(port)], stdout=log, stderr=log)
    try:
        _wait_for(port, server)
        yield server.pid, port
    finally:
        server.terminate()
        server.wait(timeout=60)
        log.close()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 120
    while time.monotonic() < until and server.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/health", timeout=5):
                return
        except OSError:
            time.sleep(0.3)
    raise RuntimeError("the server did not begin; see serve.log in the data folder")


def bring_in(count: int, port: int, notes: Notes) -> dict[str, Any]:
    """Sends new reports through the page for it, two at a time as its script does, and waits until all are read; how long each took."""
    author, made = Author(time.time_ns()), random.Random()  # noqa: S311
    files = []
    for number in range(count):
        place, year = made.choice(PLACES), made.randint(1985, 2004)
        files.append((f"{number}.txt", author.report(place, year, LENGTH).encode()))
    clerk = next(person for person in crew() if person.role == "supervisor" and not person.region)
    senders = [Browser("127.0.0.1", port, notes) for _ in range(2)]
    for sender in senders:
        sender.get("signin", "/signin")
        sender.post_form("signin", "/signin", {"username": clerk.username, "password": PASSWORD})
        sender.get("intake", "/intake")
    begun, ids, lock = time.monotonic(), list[str](), threading.Lock()

    def send(sender: Browser) -> None:
        while True:
            with lock:
                if not files:
                    return
                file = files.pop()
            answer = sender.post_file("intake.upload", "/intake/upload", {"batch": "load", "name": file[0]}, file)
            with lock:
                ids.extend(one["id"] for one in answer.get("files", []))

    threads = [threading.Thread(target=send, args=(sender,)) for sender in senders]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sent = time.monotonic() - begun
    left, states = ids, dict[str, int]()
    while left and time.monotonic() - begun < 900:
        time.sleep(0.7)
        answer = senders[0].get("intake.status", "/intake/status", {"ids": ",".join(left)}, script=True)
        told = msgspec.json.decode(answer)["files"]
        for file in told:
            if file["done"]:
                states[file["state"]] = states.get(file["state"], 0) + 1
        left = [file["id"] for file in told if not file["done"]]
    whole = time.monotonic() - begun
    return {
        "reports": count,
        "sent, s": round(sent, 1),
        "all read, s": round(whole, 1),
        "a report, s": round(whole / count, 2),
        "states": states,
        "left": len(left),
    }


def table(result: dict[str, Any]) -> str:
    """The figures for a reader."""
    lines = [f"{result['database']}, {result['users']} users, {result['when']}"]
    for name in ("at work", "while reports come in"):
        if name in result:
            stage_ = result[name]
            lines.append(
                f"-- {name}: {stage_['requests a second']}/s over {stage_['seconds']} s, errors {stage_['errors']} {stage_['error']}, cores {stage_['cores']}"
            )
            if "import" in stage_:
                lines.append(f"   import: {stage_['import']}")
            lines += [
                f"   {page:28}" + "".join(f"{key} {value:>8}  " for key, value in row.items())
                for page, row in [("all", stage_["all"]), *stage_["pages"].items()]
            ]
    return "\n".join([*lines, *result["failures of users"]])
