"""What the worker does each minute beside reading: what has fallen due, who is told of it, what goes out by mail and to groups."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final

import msgspec
from django.conf import settings
from django.db import close_old_connections, connections

from luoshi.desk import matters
from luoshi.desk.actor import Actor, read_roles
from luoshi.desk.matters import rules_for
from luoshi.desk.matters.dues import Due, dues
from luoshi.desk.matters.evidence import sweep
from luoshi.desk.rights import roles_in_force, scope
from luoshi.ledger import models
from luoshi.ledger.belonging import units_for
from luoshi.ledger.places import tree
from luoshi.loop.calendar import china
from luoshi.notify.message import Matter
from luoshi.notify.posting import post_due, queue_events
from luoshi.notify.sending import Clock, send_due
from luoshi.notify.telling import tell_new
from luoshi.web.locks import taken

_MINUTE: Final = 60.0
_HOUR: Final = 3600.0
#: so long letters are sent in one round; the rest waits a minute, and whoever stops the worker does not wait for it
_SENDING: Final = timedelta(seconds=40)
_POSTING: Final = timedelta(seconds=15)
log = logging.getLogger("luoshi.minute")


class _Stopped(Exception):
    """Somebody stops the worker."""


class Minute(threading.Thread):
    """Does each minute what is to be done, until ``stop`` says so; an error is logged, and the next minute comes."""

    def __init__(self, stop: Callable[[], bool]) -> None:
        super().__init__(name="minute", daemon=True)
        self._stop_now = stop
        self._tidied = -_HOUR

    def run(self) -> None:
        while not self._stop_now():
            began = time.monotonic()
            # of several workers on this machine one is enough; on several machines the ledger itself keeps them apart
            with taken(lock_file()) as mine:
                if mine:
                    self._round()
            with suppress(_Stopped):
                self._sleep(max(1.0, _MINUTE - (time.monotonic() - began)))
        connections.close_all()

    def _round(self) -> None:
        for what in (_tick, _tell, _post, self._send, self._tidy):
            close_old_connections()
            try:
                what()
            except _Stopped:
                return
            except Exception:
                # a database that is away comes again; what one step could not do must not keep the others from being done
                log.exception("a step of the minute failed")
                connections.close_all()

    def _tidy(self) -> None:
        """Once an hour: files that no act has brought."""
        if time.monotonic() - self._tidied >= _HOUR:
            self._tidied = time.monotonic()
            sweep()

    def _send(self) -> None:
        send(sleep=self._sleep)

    def _sleep(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._stop_now():
                raise _Stopped
            time.sleep(min(left, 0.25))


def lock_file() -> Path:
    """The file that the one worker of this machine holds that looks after the minute."""
    folder: Path = settings.LUOSHI.data
    return folder / "run" / "minute.lock"


def each_minute() -> None:
    """What is due is written down, whom it concerns is told, what may go out goes out."""
    _tick()
    _tell()
    _post()
    send(sleep=time.sleep)


def _tick() -> None:
    done = matters.tick()
    if done.entries or done.stuck:
        log.info("clock: %d items, %d entries, %d stuck", done.matters, done.entries, len(done.stuck))


def _tell() -> None:
    count = tell_new(lambda key, version: rules_for(key, version).mechanism)
    if count:
        log.info("told: %d notices", count)


def _post() -> None:
    """What happened is told to the programs that have subscribed."""
    queue_events()
    done = post_due(datetime.now(UTC), budget=_POSTING)
    if done:
        log.info("events: %s", ", ".join(f"{count} {state}" for state, count in sorted(done.items())))


def send(*, sleep: Callable[[float], None]) -> None:
    """Sends what may go out now, by the calendar of the office; digests tell what each person has to do."""
    now = datetime.now(UTC)
    began = time.monotonic()
    clock = Clock(lambda: now + timedelta(seconds=time.monotonic() - began), sleep)
    send_due(now, is_workday=china().is_workday, agenda=agenda, clock=clock, budget=_SENDING)


def agenda(account: str, day: date) -> Sequence[Matter]:
    """What an account has to do until the end of the week of a day, and what is overdue, as its digest tells it."""
    row = models.Account.objects.filter(pk=account, active=True).first()
    if row is None:
        return ()
    roles = roles_in_force(read_roles(msgspec.json.decode(row.roles)), settings.LUOSHI.strict)
    actor = Actor(row.id, row.username, row.name, roles, row.unit, row.region)
    sunday = day + timedelta(days=6 - day.weekday())
    return [_matter(one) for one in dues(actor, scope(actor, tree(), units_for), day, sunday, late=True)]


def _matter(one: Due) -> Matter:
    category = rules_for(one.mechanism).mechanism.title.zh
    return Matter(
        number=one.number, title=one.title, category=category, unit=one.unit, due=one.day, light=one.light, link=f"/item/{one.item}",
        private=one.internal,
    )  # fmt: skip
