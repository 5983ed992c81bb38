"""The only writer. ``writing()`` holds the end of the chain, lets the caller look, appends entries, folds them and commits all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection, transaction

from luoshi.ledger import models
from luoshi.ledger.acts import SUBJECTS, fold_of
from luoshi.ledger.acts.place import Place
from luoshi.ledger.blobs import Blobs
from luoshi.ledger.entry import GENESIS, Draft, Entry, checked, moment, seal
from luoshi.ledger.indexing import index_rows
from luoshi.ledger.rows import TABLES, Row, Rows

Clock = Callable[[], datetime]
_ENTRY_COLUMNS = ("seq", "at", "actor", "act", "subject", "context", "data", "hash")
#: so many entries are folded between two writes
_BATCH = 2000


def now() -> datetime:
    return datetime.now(UTC)


def blobs() -> Blobs:
    """The store of files of this ledger."""
    return _blobs(str(settings.LUOSHI.data))


@cache
def _blobs(folder: str) -> Blobs:
    return Blobs(Path(folder) / "files")


class Writer:
    """What may be done while the end of the chain is held: read rows as they are now, append."""

    def __init__(self, head: models.Head, clock: Clock) -> None:
        self._head = head
        self._at = moment(clock())
        self.rows = Rows()
        self.entries: list[Entry] = []
        self._place = Place(rows=self.rows, reading=blobs().get_packed)

    @property
    def at(self) -> str:
        """The moment that the entries of this writing bear."""
        return self._at

    @property
    def seq(self) -> int:
        """The number of the last entry so far."""
        return self._head.seq

    def get(self, table: str, key: str) -> Row | None:
        return self.rows.get(table, key)

    def append(self, actor: str, draft: Draft) -> Entry:
        """The entry, folded into the rows; it lasts once the writing ends without an error."""
        fold = fold_of(Entry(self._head.seq + 1, self._at, actor, draft.act, draft.subject, draft.context, "", ""))
        entry = seal(self._head.hash, self._head.seq + 1, self._at, actor, draft)
        fold(entry, entry.values, self._place)
        self._head.seq, self._head.hash = entry.seq, entry.hash
        self.entries.append(entry)
        return entry

    def finish(self) -> None:
        """Writes entries, rows, search rows and the new end of the chain."""
        if not self.entries:
            return
        models.Entry.objects.bulk_create([models.Entry(**msgspec.structs.asdict(entry)) for entry in self.entries], batch_size=500)
        self.rows.flush()
        index_rows(self.rows)
        self._head.save(update_fields=["seq", "hash"])


@contextmanager
def writing(*, clock: Clock = now) -> Iterator[Writer]:
    """The one way to write. Everything inside is one transaction: it lasts whole, or not at all where an error leaves it."""
    with transaction.atomic():
        head = _lock_head()
        writer = Writer(head, clock)
        yield writer
        writer.finish()


def _lock_head() -> models.Head:
    """The end of the chain, held until the transaction ends. SQLite holds the whole database for a writer from its first statement."""
    found = models.Head.objects.select_for_update().filter(pk=1).first()
    if found is None:
        models.Head.objects.bulk_create([models.Head(id=1, seq=0, hash=GENESIS)], ignore_conflicts=True)
        found = models.Head.objects.select_for_update().get(pk=1)
    return found


def append(actor: str, drafts: Sequence[Draft], *, clock: Clock = now) -> list[Entry]:
    """The entries of these drafts, appended together."""
    with writing(clock=clock) as writer:
        return [writer.append(actor, draft) for draft in drafts]


def entries(*, after: int = 0, until: int | None = None, at: str = "") -> Iterator[Entry]:
    """The entries in order, streamed; ``until`` a number, ``at`` a moment, both included."""
    found = models.Entry.objects.filter(seq__gt=after).order_by("seq")
    if until is not None:
        found = found.filter(seq__lte=until)
    if at:
        found = found.filter(at__lte=at)
    for values in found.values_list(*_ENTRY_COLUMNS).iterator(chunk_size=_BATCH):
        yield Entry(*values)


def history(subject: str, *, limit: int = 200, before: int | None = None) -> list[Entry]:
    """The last entries about a thing or about what belongs to it, newest first."""
    from django.db.models import Q

    found = models.Entry.objects.filter(Q(subject=subject) | Q(context=subject))
    if before is not None:
        found = found.filter(seq__lt=before)
    return [Entry(*values) for values in found.order_by("-seq").values_list(*_ENTRY_COLUMNS)[:limit]]


def state_at(subject: str, at: str) -> dict[tuple[str, str], Row]:
    """The rows of a thing and of what belongs to it as they were at a moment, folded anew from its entries; ``{}`` where it was not there.

    ``at`` as entries write it; a bare day (``2026-03-05``) stands for its end in UTC.
    """
    from django.db.models import Q

    last = at if "T" in at else f"{at}T23:59:59.999999Z"
    rows = Rows(stored=False)
    place = Place(rows=rows, reading=blobs().get_packed)
    found = models.Entry.objects.filter(Q(subject=subject) | Q(context=subject), at__lte=last).order_by("seq")
    for values in found.values_list(*_ENTRY_COLUMNS).iterator(chunk_size=_BATCH):
        entry = Entry(*values)
        fold_of(entry)(entry, entry.values, place)
    return rows.known()


def rebuild(*, progress: Callable[[int, int], None] = lambda done, total: None, source: Iterator[Entry] | None = None) -> int:
    """Makes every folded table again from the entries, in one transaction; the number of entries folded. The chain is checked on the way.

    Whoever reads meanwhile sees the old tables. ``source``: entries of another ledger, which are kept here as well (for a state of the past).
    """
    head = models.Head.objects.filter(pk=1).first()
    total = head.seq if head else 0
    with transaction.atomic():
        _lock_head()
        _empty()
        done, last = 0, GENESIS
        rows = Rows()
        place = Place(rows=rows, reading=blobs().get_packed)
        for batch in _batches(checked(source if source is not None else entries())):
            if source is not None:
                models.Entry.objects.bulk_create([models.Entry(**msgspec.structs.asdict(entry)) for entry in batch], batch_size=500)
            _fold(batch, rows, place)
            done, last = done + len(batch), batch[-1].hash
            progress(done, max(total, done))
        if source is None and head is not None and (done, last) != (head.seq, head.hash):
            from luoshi.ledger.entry import BrokenChain

            raise BrokenChain(f"末尾的记录不见了：应到第 {head.seq} 条", where=f"记录 {done}", remedy="请从备份恢复，并查明原因")
        models.Head.objects.filter(pk=1).update(seq=done, hash=last)
    return done


def _empty() -> None:
    """Empties the folded tables; accounts stay for their passwords, regions are laid again from their table."""
    from luoshi.ledger.indexing import clear_index
    from luoshi.ledger.seeding import seed_regions

    for name, model in TABLES.items():
        if name != "account":
            model.objects.all()._raw_delete(connection.alias)  # type: ignore[attr-defined]  # noqa: SLF001 - one statement, no row is loaded
    models.Account.objects.update(roles="[]", active=False)
    clear_index()
    seed_regions()


def _batches(stream: Iterator[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in stream:
        batch.append(entry)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fold(batch: Sequence[Entry], rows: Rows, place: Place) -> None:
    rows.prefetch((SUBJECTS[kind], entry.subject) for entry in batch if (kind := entry.act.partition(".")[0]) in SUBJECTS)
    for entry in batch:
        fold_of(entry)(entry, entry.values, place)
    rows.flush()
    index_rows(rows)
    rows.forget()


def verify_chain(progress: Callable[[int], Any] = lambda done: None) -> int:
    """The number of entries, after each was checked against the one before and the last against the head. Raises ``BrokenChain``."""
    from luoshi.ledger.entry import BrokenChain

    done, last = 0, GENESIS
    for entry in checked(entries()):
        done, last = entry.seq, entry.hash
        if done % _BATCH == 0:
            progress(done)
    head = models.Head.objects.filter(pk=1).first()
    if head is not None and (head.seq, head.hash) != (done, last):
        raise BrokenChain(f"末尾的记录不见了：应到第 {head.seq} 条", where=f"记录 {done}", remedy="请从备份恢复，并查明原因")
    return done
