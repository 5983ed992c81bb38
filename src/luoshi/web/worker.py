"""The process that reads the files that came in, one after the other, away from the pages; beside it each minute's work is done."""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import close_old_connections, connections

from luoshi.intake.confined import Confined
from luoshi.intake.queue import work_one
from luoshi.ledger.linking import link_waiting
from luoshi.web.locks import held, is_held
from luoshi.web.minute import Minute

#: so long it sleeps when there is nothing to read, and at most after an error, in seconds
IDLE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
#: so long a step of the minute may take to end; a batch that is cut off then is done by the next worker
_PATIENCE: Final = 10.0
#: reading yields to answering
NICENESS: Final = 10
log = logging.getLogger("luoshi.worker")


class Stop:
    """Whether to stop, asked between two files: told by a signal, or seen by the end of the process that began this one."""

    def __init__(self, parent: int = 0) -> None:
        self._parent = parent
        self._told = False

    def listen(self) -> None:
        """Lets SIGTERM and SIGINT say so; a child leaves SIGINT, which a terminal sends to all, to its parent."""
        signal.signal(signal.SIGTERM, self._tell)
        signal.signal(signal.SIGINT, signal.SIG_IGN if self._parent else self._tell)

    def _tell(self, *_: Any) -> None:
        self._told = True

    def __bool__(self) -> bool:
        return self._told or (self._parent != 0 and os.getppid() != self._parent)


def work(stop: Stop, *, limit: int = 0) -> int:
    """Reads what waits until ``stop``, or until ``limit`` files are read; the number of files read. An error is logged and the loop goes on."""
    with suppress(OSError, AttributeError):
        os.nice(NICENESS)
    ended = threading.Event()
    reader, minute = Confined(), Minute(lambda: bool(stop) or ended.is_set())
    try:
        with held(lock_file(), shared=True):
            minute.start()
            return _loop(reader, stop, limit)
    finally:
        ended.set()
        reader.stop()
        minute.join(_PATIENCE)
        connections.close_all()


def _loop(reader: Confined, stop: Stop, limit: int) -> int:
    done, pause = 0, IDLE
    while not stop and not (limit and done >= limit):
        close_old_connections()
        try:
            found = work_one(reader)
            # what was read is linked once nothing waits to be read
            linked = not found and link_waiting(most=1, until=lambda: bool(stop))
        except Exception:
            # whatever a file or the database did, the next file may be well
            log.exception("reading failed; again in %.0f s", pause)
            connections.close_all()
            _sleep(pause, stop)
            pause = min(pause * 2, _LONGEST_PAUSE)
            continue
        pause = IDLE
        if found:
            done += 1
        elif not linked:
            _sleep(IDLE, stop)
    return done


def _sleep(seconds: float, stop: Stop) -> None:
    until = time.monotonic() + seconds
    while not stop and (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 0.25))


def lock_file() -> Path:
    """The file that every worker holds while it lives."""
    folder: Path = settings.LUOSHI.data
    return folder / "run" / "worker.lock"


def is_working() -> bool:
    """Whether a worker lives on this machine."""
    return is_held(lock_file())
