"""The work that waits: received files are read one after the other, by any number of workers, each file by one at a time.

A file is read in a process of its own with limits on memory and time, so that nothing that a file does reaches the server. A worker that
dies leaves only its lease, which ends by itself; reading again gives the same ids, so nothing comes twice.
"""

from __future__ import annotations

import logging
from time import time
from typing import Final

from django.db import IntegrityError, transaction

from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.intake.confined import Confined
from luoshi.ledger.enter import refuse, take_in
from luoshi.ledger.store import blobs

log = logging.getLogger(__name__)
#: seconds that a file may take, and after which its lease ends
READ_SECONDS: Final = 120
LEASE_SECONDS: Final = READ_SECONDS + 60
ACTOR: Final = "system"


def work_one(reader: Confined) -> str:
    """Reads the file that waits longest and returns its id; ``""`` where none waits."""
    file = _claim()
    if file is None:
        return ""
    try:
        _work(file, reader)
    finally:
        models.Lease.objects.filter(file=file.id).delete()
    return file.id


def _claim() -> models.File | None:
    moment = int(time())
    models.Lease.objects.filter(until__lt=moment).delete()
    leased = models.Lease.objects.values("file")
    for file in models.File.objects.filter(state="received").exclude(id__in=leased).order_by("received_at", "id")[:8]:
        try:
            with transaction.atomic():
                models.Lease.objects.create(file=file.id, until=moment + LEASE_SECONDS, step="reading")
        except IntegrityError:
            continue
        if models.File.objects.filter(id=file.id, state="received").exists():
            return file
        models.Lease.objects.filter(file=file.id).delete()
    return None


def _work(file: models.File, reader: Confined) -> None:
    try:
        form, documents = reader.read(blobs().get(file.id), file.name, seconds=READ_SECONDS)
        models.Lease.objects.filter(file=file.id).update(step="writing")
        new = take_in(file.id, documents, file.received_by or ACTOR, form=form)
    except LuoshiError as error:
        log.warning("refused %s: %s", file.id[:12], error.slug)
        refuse(file.id, error, ACTOR)
    else:
        log.info("took in %s: %d documents, %d new", file.id[:12], len(documents), len(new))


def waiting() -> int:
    """How many files wait or are being read."""
    return models.File.objects.filter(state="received").count()
