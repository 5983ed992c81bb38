"""The access log's writer: who saw or did what, kept for a moment in memory and written together, each batch sealed with the one before.

A page never waits for it. In a server (``RECORDER.start()``) a thread writes what there is at least each second and at the end of the
process; sign-ins and refusals wake it and are waited for, for two seconds at most. Without ``start()`` everything is written at once.
"""

from __future__ import annotations

import atexit
import hashlib
import logging
import os
import threading
from collections.abc import Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.conf import settings
from django.db import DatabaseError, close_old_connections, connections, transaction

from luoshi.ledger.entry import GENESIS, canonical, moment
from luoshi.web.signin.models import Access, Batch, Mark
from luoshi.web.signin.moments import now

#: kinds of rows
PAGE: Final = "page"
REFUSED: Final = "refused"
SIGNIN: Final = "signin"
SIGNIN_FAILED: Final = "signin-failed"
SIGNOUT: Final = "signout"
PASSWORD: Final = "password"  # noqa: S105 - a kind of row
BREAK_GLASS: Final = "break-glass"
UNMASK: Final = "unmask"
#: written at once
URGENT: Final = frozenset({REFUSED, SIGNIN, SIGNIN_FAILED, SIGNOUT, PASSWORD, BREAK_GLASS, UNMASK})
KINDS: Final = (PAGE, REFUSED, SIGNIN, SIGNIN_FAILED, SIGNOUT, PASSWORD, BREAK_GLASS, UNMASK)

#: so many rows wait at most while the database does not answer; more go to the program's own log, so that none is lost in silence
_MOST_WAITING: Final = 50_000
_MOST_IN_BATCH: Final = 1000
_SECONDS_BETWEEN: Final = 1.0
_SECONDS_WAITED_FOR: Final = 2.0
#: after so many writings or idle seconds the tables are tidied
_TICKS_BETWEEN_TIDYING: Final = 6 * 3600

log = logging.getLogger("luoshi.access")


class Seen(msgspec.Struct, frozen=True, kw_only=True):
    """One row of the log before it has a place. ``account`` is the id of who did it, or on whom somebody else failed to sign in."""

    at: str
    kind: str
    account: str = ""
    page: str = ""
    method: str = ""
    subject: str = ""
    detail: str = ""
    status: int = 0
    address: str = ""


class Recorder:
    """Takes rows and writes them. One a process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._waiting: list[Seen] = []
        self._wake = threading.Event()
        self._background = False
        self._thread: threading.Thread | None = None
        self._process = 0
        self._ended = False
        #: how many rows were taken, and how many of these are written or given up
        self._taken = self._done = 0
        self._progress = threading.Condition(self._lock)

    @property
    def in_background(self) -> bool:
        """Whether a thread writes; else each row is written where it is taken."""
        return self._background

    def start(self) -> None:
        """From now on a thread of this process writes."""
        if not self._background:
            self._background = True
            atexit.register(self.stop)

    def stop(self) -> None:
        """Writes what is there; the thread ends."""
        self._ended = True
        self._wake.set()
        if self._thread is not None and self._process == os.getpid():
            self._thread.join(timeout=5)
        self.flush()

    def record(self, seen: Seen) -> None:
        """Takes a row. Never raises, whatever the database does."""
        with self._lock:
            if len(self._waiting) >= _MOST_WAITING:
                log.error("access log is full: %s", canonical(msgspec.structs.asdict(seen)))
                return
            self._waiting.append(seen)
            self._taken += 1
            number = self._taken
        if not self._background:
            self.flush()
            return
        self._keep_thread()
        if seen.kind in URGENT:
            self._wake.set()
            with self._progress:
                self._progress.wait_for(lambda: self._done >= number, timeout=_SECONDS_WAITED_FOR)

    def flush(self) -> bool:
        """Writes all rows that wait; False where the database did not take them: they wait on."""
        with self._writing:
            while True:
                with self._lock:
                    rows = self._waiting[:_MOST_IN_BATCH]
                if not rows:
                    return True
                try:
                    write(rows, now())
                except DatabaseError as error:
                    log.warning("access log not written, tried again soon: %s", type(error).__name__)
                    return False
                with self._progress:
                    del self._waiting[: len(rows)]
                    self._done += len(rows)
                    self._progress.notify_all()

    def _keep_thread(self) -> None:
        """A thread does not outlive a fork: the first row in a new process starts one there."""
        if self._process == os.getpid() and self._thread is not None and self._thread.is_alive():
            return
        with self._lock:
            if self._process != os.getpid() or self._thread is None or not self._thread.is_alive():
                self._process = os.getpid()
                self._thread = threading.Thread(target=self._run, name="access-log", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        from luoshi.web.signin.tidy import tidy

        ticks = _TICKS_BETWEEN_TIDYING
        while not self._ended:
            self._wake.wait(_SECONDS_BETWEEN)
            self._wake.clear()
            close_old_connections()
            self.flush()
            ticks += 1
            if ticks >= _TICKS_BETWEEN_TIDYING:
                ticks = 0
                try:
                    tidy(settings.LUOSHI.log_days, now())
                except DatabaseError as error:
                    log.warning("sign-in tables not tidied: %s", type(error).__name__)
        connections.close_all()


RECORDER: Final = Recorder()


@transaction.atomic
def write(rows: Sequence[Seen], now: datetime) -> None:
    """Writes rows as one batch, sealed with the one before."""
    head = lock_mark("head")
    seq, at = head.seq + 1, moment(now)
    made = [
        Access(batch=seq, place=place, **{name: _fitting(name, value) for name, value in msgspec.structs.asdict(row).items()})
        for place, row in enumerate(rows)
    ]
    sealed = digest(head.hash, seq, at, [values_of(row) for row in made])
    Access.objects.bulk_create(made, batch_size=500)
    Batch.objects.create(seq=seq, at=at, count=len(made), hash=sealed)
    head.seq, head.hash, head.at = seq, sealed, at
    head.save()


def _fitting(name: str, value: str | int) -> str | int:
    """The value as a database takes it: an address may hold anything, and a row that cannot be written would hold up all after it."""
    if isinstance(value, int):
        return value
    return value.encode("utf-8", "replace").decode("utf-8").replace("\x00", "")[: _LENGTHS[name]]


#: columns that the seal covers, in its order
COLUMNS: Final = ("at", "kind", "account", "page", "method", "subject", "detail", "status", "address")
_LENGTHS: Final = {"at": 27, "kind": 20, "account": 64, "page": 60, "method": 8, "subject": 80, "detail": 300, "address": 64}


def values_of(row: Access) -> list[str | int]:
    """What the seal covers of a row."""
    return [getattr(row, name) for name in COLUMNS]


def digest(previous: str, seq: int, at: str, rows: Sequence[Sequence[str | int]]) -> str:
    """The seal of a batch: it follows from the one before and from every word of its rows."""
    return hashlib.sha256(canonical([previous, seq, at, rows]).encode("utf-8", "surrogatepass")).hexdigest()


def lock_mark(name: str) -> Mark:
    """An end of the chain, held until the transaction ends (SQLite holds the whole database for a writer)."""
    found = Mark.objects.select_for_update().filter(pk=name).first()
    if found is None:
        Mark.objects.bulk_create([Mark(id=name, seq=0, hash=GENESIS)], ignore_conflicts=True)
        found = Mark.objects.select_for_update().get(pk=name)
    return found
