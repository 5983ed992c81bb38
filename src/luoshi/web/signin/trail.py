"""The access log read: who saw and did what; the chain checked; what is older than the law asks for removed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models import QuerySet

from luoshi.ledger.entry import GENESIS, BrokenChain
from luoshi.web.signin import access
from luoshi.web.signin.models import Access, Batch, Mark
from luoshi.web.signin.moments import after


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which rows of the log; what is empty sets no limit. ``since`` is included, ``until`` is not; both are moments or days as text."""

    account: str = ""
    kinds: tuple[str, ...] = ()
    page: str = ""
    subject: str = ""
    address: str = ""
    since: str = ""
    until: str = ""
    #: only what was refused: statuses from 400 on
    refused: bool = False


class Checked(msgspec.Struct, frozen=True):
    """What of the chain was found whole."""

    batches: int
    rows: int
    first: str
    last: str


def look(wanted: Wanted, *, before: int | None = None, limit: int = 100) -> list[Access]:
    """The newest rows that fit, newest first; ``before`` the ``id`` of a row: the ones that come after it in this order."""
    found = _filtered(wanted)
    if before is not None:
        found = found.filter(id__lt=before)
    return list(found.order_by("-id")[:limit])


def stream(wanted: Wanted) -> Iterator[Access]:
    """All rows that fit, oldest first, for a table to take away."""
    return _filtered(wanted).order_by("id").iterator(chunk_size=2000)


def total(wanted: Wanted, *, most: int = 10_000) -> int:
    """How many rows fit; counted up to ``most``."""
    return len(_filtered(wanted).order_by().values_list("id", flat=True)[:most])


def sign_ins(account: str, *, limit: int = 20) -> list[Access]:
    """The last sign-ins of an account and the failures on its user name, newest first."""
    return look(Wanted(account=account, kinds=(access.SIGNIN, access.SIGNIN_FAILED, access.BREAK_GLASS)), limit=limit)


def _filtered(wanted: Wanted) -> QuerySet[Access]:
    found = Access.objects.all()
    exact = {"account": wanted.account, "page": wanted.page, "subject": wanted.subject, "address": wanted.address}
    found = found.filter(**{name: value for name, value in exact.items() if value})
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    if wanted.since:
        found = found.filter(at__gte=wanted.since)
    if wanted.until:
        found = found.filter(at__lt=wanted.until)
    return found.filter(status__gte=400) if wanted.refused else found


def check_chain() -> Checked:
    """Checks every batch from the anchor to the head; ``BrokenChain`` names the first that does not follow."""
    anchor = Mark.objects.filter(pk="anchor").first()
    head = Mark.objects.filter(pk="head").first()
    previous, seq = (anchor.hash, anchor.seq) if anchor else (GENESIS, 0)
    rows, first, last = 0, "", ""
    for batch in Batch.objects.order_by("seq").iterator(chunk_size=500):
        seq += 1
        if batch.seq != seq:
            raise _broken(seq, "不见了")
        found = list(Access.objects.filter(batch=seq).order_by("place"))
        sealed = access.digest(previous, seq, batch.at, [access.values_of(row) for row in found])
        if sealed != batch.hash or len(found) != batch.count or [row.place for row in found] != list(range(batch.count)):
            raise _broken(seq, "的内容与它的校验值不符")
        previous, rows, first, last = sealed, rows + len(found), first or batch.at, batch.at
    if head is not None and (head.seq, head.hash) != (seq, previous):
        raise _broken(head.seq, "不见了")
    return Checked(batches=seq - (anchor.seq if anchor else 0), rows=rows, first=first, last=last)


def _broken(seq: int, what: str) -> BrokenChain:
    return BrokenChain(f"第 {seq} 批{what}", where="访问日志", remedy="请保护现场，从备份核对，并查明原因")


@transaction.atomic
def prune(log_days: int, now: datetime) -> int:
    """Removes the batches that are older than so many days; how many rows went. The seal of the last one stays as the anchor of the rest."""
    access.lock_mark("head")
    last = Batch.objects.filter(at__lt=after(now, days=-log_days)).order_by("-seq").first()
    if last is None:
        return 0
    gone = Access.objects.filter(batch__lte=last.seq)._raw_delete("default")  # noqa: SLF001 - one statement, no row is loaded
    Batch.objects.filter(seq__lte=last.seq)._raw_delete("default")  # noqa: SLF001
    anchor = access.lock_mark("anchor")
    anchor.seq, anchor.hash, anchor.at = last.seq, last.hash, last.at
    anchor.save()
    return int(gone)
