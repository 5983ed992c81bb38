"""The work that waits: received files are read one after the other, by any number of workers, each file by one at a time.

A file is read in a process of its own with limits on memory and time, so that nothing that a file does reaches the server. Who reads a file
holds a lock that the system takes away when the holder dies, however it dies; the next worker then reads the file at once. Machines that share
a database but not these locks may read a file twice. Reading again gives the same ids, so nothing comes twice.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import time
from typing import Final

from django.conf import settings
from django.db import DatabaseError, DataError

from luoshi.errors import LuoshiError
from luoshi.intake.confined import Confined
from luoshi.ledger import models
from luoshi.ledger.enter import refuse, take_in
from luoshi.ledger.store import blobs

log = logging.getLogger(__name__)
#: seconds that a file may take, and after which pages no longer say that it is being read: whoever read it has died
READ_SECONDS: Final = 120
LEASE_SECONDS: Final = READ_SECONDS + 60
ACTOR: Final = "system"
#: so many files are looked at to find one that nobody reads
_LOOKED_AT: Final = 64


def work_one(reader: Confined, *, batch: str = "") -> str:
    """Reads the file that waits longest (of one batch, where it is named) and returns its id; ``""`` where none waits."""
    with _claimed(batch) as file:
        if file is None:
            _tidy()
            return ""
        try:
            _work(file, reader)
        finally:
            models.Lease.objects.filter(file=file.id).delete()
        return file.id


@contextmanager
def _claimed(batch: str) -> Iterator[models.File | None]:
    """A file that waits and that nobody else reads, held while the block runs."""
    waiting = models.File.objects.filter(state="received", **({"batch": batch} if batch else {}))
    for file in waiting.order_by("received_at", "id")[:_LOOKED_AT]:
        with _held(file.id) as ours:
            # between the list and the lock another may have read it
            if ours and models.File.objects.filter(id=file.id, state="received").exists():
                _note(file.id, "reading")
                yield file
                return
    yield None


@contextmanager
def _held(file: str) -> Iterator[bool]:
    """Whether this process has the lock on a file; it does not wait for it. Where the system has no such locks everybody has it."""
    folder: Path = settings.LUOSHI.data / "run"
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"reading-{file[:32]}.lock"
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        ours = _lock(handle)
        yield ours
        if ours:
            with suppress(OSError):
                path.unlink()
    finally:
        os.close(handle)


def _lock(handle: int) -> bool:
    try:
        import fcntl
    except ImportError:
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _note(file: str, step: str) -> None:
    """Says to pages what is being done with a file."""
    models.Lease.objects.update_or_create(file=file, defaults={"until": int(time()) + LEASE_SECONDS, "step": step})


def _tidy() -> None:
    """Forgets those who died just after their file was written."""
    waiting = models.File.objects.filter(state="received").values("id")
    left = list(models.Lease.objects.exclude(file__in=waiting).values_list("file", flat=True))
    if left:
        models.Lease.objects.filter(file__in=left).delete()


def _work(file: models.File, reader: Confined) -> None:
    try:
        form, documents = reader.read(blobs().get(file.id), file.name, seconds=READ_SECONDS)
        _note(file.id, "writing")
        new = take_in(file.id, documents, file.received_by or ACTOR, form=form)
    except LuoshiError as error:
        log.warning("refused %s: %s", file.id[:12], error.slug)
        refuse(file.id, error, ACTOR)
    except DatabaseError as error:
        if not isinstance(error, DataError):
            # the database is away or busy: the file waits on
            raise
        _give_up(file.id, error)
    except Exception as error:  # noqa: BLE001 - a file that cannot be taken in must not keep all that wait behind it
        _give_up(file.id, error)
    else:
        log.info("took in %s: %d documents, %d new", file.id[:12], len(documents), len(new))


def _give_up(file: str, error: Exception) -> None:
    log.error("cannot take in %s", file[:12], exc_info=error)
    what = f"写入台账时出错（{type(error).__name__}）"
    refuse(file, LuoshiError(what, remedy="这是程序的缺陷，请连同文件一起报告", slug="internal"), ACTOR)


def waiting() -> int:
    """How many files wait or are being read."""
    return models.File.objects.filter(state="received").count()
