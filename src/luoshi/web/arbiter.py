"""The server's first process: gunicorn's own, which besides its workers keeps the processes alive that read files."""

from __future__ import annotations

import gc
import logging
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.glogging import Logger

from luoshi.settings import Settings
from luoshi.web.worker import Stop, work

#: after SIGTERM a request has so many seconds to end; the rest of 30 is for the end of the processes
GRACE: Final = 25
#: a process that reads ends after so many files and another begins, so that no leak of a library grows for ever
_FILES_A_LIFE: Final = 500
_LONGEST_WAIT: Final = 30.0
log = logging.getLogger("luoshi.serve")


class _Log(Logger):  # type: ignore[misc]
    """Gunicorn's warnings, on the program's own lines."""

    def setup(self, cfg: Any) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        self.error_log.setLevel(logging.WARNING)
        self.error_log.propagate = True


class Readers:
    """The processes that read files: as many as wanted, each begun again when it ends."""

    def __init__(self, wanted: int, in_child: Callable[[], None]) -> None:
        self._wanted, self._in_child = wanted, in_child
        self._begun: dict[int, float] = {}
        self._wait, self._not_before = 0.0, 0.0

    def keep(self) -> None:
        """Begins those that are missing; one that dies young is waited for, longer each time."""
        self.reap()
        while len(self._begun) < self._wanted and time.monotonic() >= self._not_before:
            self._begin()

    def reap(self) -> None:
        """Takes note of those that ended."""
        for process, begun in list(self._begun.items()):
            code = _ended(process)
            if code is None:
                continue
            del self._begun[process]
            now = time.monotonic()
            self._wait = 0.0 if code == 0 or now - begun > _LONGEST_WAIT else min(max(self._wait * 2, 1.0), _LONGEST_WAIT)
            self._not_before = now + self._wait
            if code:
                log.error("worker %s ended with %s; another begins", process, code)

    def tell(self, number: int) -> None:
        """Sends a signal to each."""
        self.reap()
        for process in self._begun:
            with suppress(ProcessLookupError):
                os.kill(process, number)

    def end(self, until: float) -> None:
        """Waits for their end; kills those that still read at ``until`` (their file is read again at the next start)."""
        while self._begun and time.monotonic() < until:
            self.tell(signal.SIGTERM)
            time.sleep(0.1)
        self.tell(signal.SIGKILL)
        for process in self._begun:
            with suppress(ChildProcessError):
                os.waitpid(process, 0)
        self._begun.clear()

    def _begin(self) -> None:
        parent = os.getpid()
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        process = os.fork()
        if process:
            self._begun[process] = time.monotonic()
            return
        code = 1
        try:
            for number in (*Arbiter.SIGNALS, signal.SIGCHLD):
                signal.signal(number, signal.SIG_DFL)
            stop = Stop(parent)
            stop.listen()
            self._in_child()
            work(stop, limit=_FILES_A_LIFE)
            code = 0
        except BaseException:
            # nothing may unwind into the code of the process from which this one was copied
            log.exception("worker ends")
        finally:
            for stream in (sys.stdout, sys.stderr):
                stream.flush()
            os._exit(code)


def _ended(process: int) -> int | None:
    """The exit code of a child that ended, a signal as its negative; None while it lives."""
    try:
        found, status = os.waitpid(process, os.WNOHANG)
    except ChildProcessError:
        # gunicorn was quicker and asked for any child
        return -1
    return os.waitstatus_to_exitcode(status) if found else None


class _Arbiter(Arbiter):  # type: ignore[misc]
    def __init__(self, app: Server, readers: int) -> None:
        self._readers = Readers(readers, self._leave)
        super().__init__(app)

    def manage_workers(self) -> None:
        super().manage_workers()
        self._readers.keep()

    def reap_workers(self) -> None:
        # before gunicorn asks for any child and learns nothing of those that it does not know
        self._readers.reap()
        super().reap_workers()

    def stop(self, graceful: bool = True) -> None:
        until = time.monotonic() + GRACE
        self._readers.tell(signal.SIGTERM)
        super().stop(graceful)
        self._readers.end(until if graceful else time.monotonic() + 2)

    def _leave(self) -> None:
        """What a child that answers no requests closes."""
        for listener in self.LISTENERS:
            listener.close()
        for worker in self.WORKERS.values():
            worker.tmp.close()


class Server(BaseApplication):  # type: ignore[misc]
    """The application with gunicorn's settings; ``run`` serves on the open socket until a signal ends it."""

    def __init__(self, settings: Settings, listening: int, ready: Callable[[], None]) -> None:
        self._settings, self._listening, self._ready = settings, listening, ready
        super().__init__()

    def load_config(self) -> None:
        memory = Path("/dev/shm")  # noqa: S108 - where a heartbeat never waits for a disk
        for name, value in {
            "bind": f"fd://{self._listening}",
            "workers": self._settings.workers,
            "threads": self._settings.threads,
            "worker_class": "gthread",
            "worker_tmp_dir": str(memory) if memory.is_dir() and os.access(memory, os.W_OK) else None,
            "preload_app": True,
            "timeout": 60,
            "graceful_timeout": GRACE,
            "keepalive": 15,
            "limit_request_line": 8190,
            "limit_request_fields": 60,
            "limit_request_field_size": 8190,
            # Django alone looks at what a proxy says, and only where a proxy is declared
            "forwarded_allow_ips": "",
            "control_socket_disable": True,
            "logger_class": _Log,
            "proc_name": "luoshi",
            "when_ready": lambda _: self._ready(),
        }.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from django.urls import get_resolver

        from luoshi.web.signin.access import RECORDER
        from luoshi.web.words import catalogue
        from luoshi.web.wsgi import application

        RECORDER.start()

        # pages and words are loaded here, once, and not by each process with its first request
        get_resolver().check()
        catalogue()
        # what was made up to here is never looked through again, and stays shared between the processes
        gc.collect()
        gc.freeze()
        return application

    def run(self) -> None:
        _Arbiter(self, self._settings.readers).run()
