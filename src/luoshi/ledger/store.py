"""The only writer. ``writing()`` holds the end of the chain, lets the caller look, appends entries, folds them and commits all or nothing."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, transaction
from django.db.models import Q

from luoshi.errors import BadUsage
from luoshi.ledger import models
from luoshi.ledger.acts import SUBJECTS, fold_of
from luoshi.ledger.acts.matters import clocks_of
from luoshi.ledger.acts.place import Place
from luoshi.ledger.blobs import Blobs
from luoshi.ledger.entry import GENESIS, BrokenChain, Draft, Entry, checked, moment, seal
from luoshi.ledger.indexing import clear_index, index_all, index_rows
from luoshi.ledger.linking import forget_links, note_changes
from luoshi.ledger.rows import TABLES, Row, Rows

Clock = Callable[[], datetime]
_ENTRY_COLUMNS = ("seq", "at", "actor", "act", "subject", "context", "data", "hash")
#: so many entries are read at once
_BATCH = 2000
#: from so many rows on in memory a rebuild writes them
_ROWS = 40_000
#: whose turn it is to write, of the threads of this process
_TURN = threading.Lock()
_MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z")


def _wall() -> datetime:
    return datetime.now(UTC)


_clock: ContextVar[Clock] = ContextVar("clock", default=_wall)


def now() -> datetime:
    """The moment that it is: the machine's, or that of the clock by which a simulation goes."""
    return _clock.get()()


@contextmanager
def time_of(clock: Clock) -> Iterator[None]:
    """While the block runs it is the time that this clock tells: for a year that is simulated, and for the demonstration's past."""
    token = _clock.set(clock)
    try:
        yield
    finally:
        _clock.reset(token)


_through: ContextVar[str] = ContextVar("through", default="")


@contextmanager
def through(token: str) -> Iterator[None]:
    """While the block runs every entry says that it was made by a program, with the token of this name, for whoever acts."""
    mark = _through.set(token)
    try:
        yield
    finally:
        _through.reset(mark)


def blobs() -> Blobs:
    """The store of files of this ledger."""
    return _blobs(str(settings.LUOSHI.data))


@cache
def _blobs(folder: str) -> Blobs:
    return Blobs(Path(folder) / "files")


class Writer:
    """What may be done while the end of the chain is held: read rows as they are now, append."""

    def __init__(self, head: models.Head, at: str) -> None:
        self._head = head
        self._at = at
        self._broken = False
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
        if _through.get():
            draft = msgspec.structs.replace(draft, data={**draft.data, "through": _through.get()})
        fold = fold_of(Entry(self._head.seq + 1, self._at, actor, draft.act, draft.subject, draft.context, "", ""))
        entry = seal(self._head.hash, self._head.seq + 1, self._at, actor, draft)
        # a fold that stops half-way has changed some rows: even where its error is caught, nothing of this writing may last
        self._broken = True
        fold(entry, entry.values, self._place)
        self._broken = False
        self._head.seq, self._head.hash = entry.seq, entry.hash
        self.entries.append(entry)
        return entry

    def finish(self) -> None:
        """Writes entries, rows, search rows and the new end of the chain."""
        if self._broken:
            raise RuntimeError("an entry was not folded to its end; nothing was written")
        if not self.entries:
            return
        models.Entry.objects.bulk_create([models.Entry(**msgspec.structs.asdict(entry)) for entry in self.entries], batch_size=500)
        self.rows.flush()
        note_changes(self.rows, self._head.seq)
        index_rows(self.rows)
        self._head.save(update_fields=["seq", "hash"])


@contextmanager
def writing(*, clock: Clock = now) -> Iterator[Writer]:
    """The one way to write. Everything inside is one transaction: it lasts whole, or not at all where an error leaves it."""
    with _in_turn(), transaction.atomic():
        head = _lock_head()
        writer = Writer(head, _moment(head, clock))
        yield writer
        writer.finish()


@contextmanager
def _in_turn() -> Iterator[None]:
    """Lets the threads of this process write one after the other on SQLite, whose own waiting is a sleep that others may always cut short.

    Inside a transaction nobody waits: who holds the database must not wait for one who waits for it.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with _TURN:
        yield


def _moment(head: models.Head, clock: Clock) -> str:
    """When the writing is; never before the last entry, since the machine's clock may be set back. A clock that is given is taken as it is."""
    at = moment(clock())
    if clock is not now or not head.seq:
        return at
    last = models.Entry.objects.filter(pk=head.seq).values_list("at", flat=True).first()
    return max(at, last or "")


def _lock_head(using: str = DEFAULT_DB_ALIAS) -> models.Head:
    """The end of the chain, held until the transaction ends. SQLite holds the whole database for a writer from its first statement."""
    heads = models.Head.objects.using(using)
    found = heads.select_for_update().filter(pk=1).first()
    if found is None:
        heads.bulk_create([models.Head(id=1, seq=0, hash=GENESIS)], ignore_conflicts=True)
        found = heads.select_for_update().get(pk=1)
    return found


def hold() -> None:
    """Keeps others from writing until the caller's transaction ends."""
    _lock_head()


def append(actor: str, drafts: Sequence[Draft], *, clock: Clock = now) -> list[Entry]:
    """The entries of these drafts, appended together."""
    with writing(clock=clock) as writer:
        return [writer.append(actor, draft) for draft in drafts]


def entries(*, after: int = 0, until: int | None = None, at: str = "") -> Iterator[Entry]:
    """The entries in order, streamed; ``until`` a number, ``at`` a moment, both included."""
    found = models.Entry.objects.order_by("seq").values_list(*_ENTRY_COLUMNS)
    if until is not None:
        found = found.filter(seq__lte=until)
    if at:
        found = found.filter(seq__lte=seq_at(at))
    # page by page rather than by a cursor of the server: nothing stays open where the reader stops, and writing in between disturbs nothing
    while batch := [Entry(*values) for values in found.filter(seq__gt=after)[:_BATCH]]:
        yield from batch
        after = batch[-1].seq


def seq_at(at: str) -> int:
    """The number of the last entry that was there at a moment; 0 where none was.

    Raises ``BadUsage`` for what is no moment as entries write it: a bare day has another end in every zone, and which is meant the caller knows.
    """
    if not _MOMENT.fullmatch(at):
        raise BadUsage(f"“{at[:40]}”不是时刻", where="at", remedy="请写成 2026-03-05T15:59:59.999999Z 这样（UTC）", slug="wrong-value")
    return models.Entry.objects.filter(at__lte=at).order_by("-at", "-seq").values_list("seq", flat=True).first() or 0


def history(subject: str, *, limit: int = 200, before: int | None = None) -> list[Entry]:
    """The last entries about a thing or about what belongs to it, newest first."""
    found = models.Entry.objects.filter(Q(subject=subject) | Q(context=subject))
    if before is not None:
        found = found.filter(seq__lt=before)
    return [Entry(*values) for values in found.order_by("-seq").values_list(*_ENTRY_COLUMNS)[:limit]]


def state_at(subject: str, at: str) -> dict[tuple[str, str], Row]:
    """The rows of a thing and of what belongs to it as they were at a moment, folded anew from its entries; ``{}`` where it was not there.

    ``at`` as entries write it. What belongs to it: of a document its facts and items, of
    an item its duties, of an organisation its names, members and posts. A fact is found in the entries of its document.
    """
    rows = Rows(stored=False)
    place = Place(rows=rows, reading=blobs().get_packed)
    for entry in _concerning(subject, seq_at(at)):
        fold_of(entry)(entry, entry.values, place)
    owners = ("document", "item", "organisation", "group", "post")
    return {
        (table, key): row
        for (table, key), row in rows.known().items()
        if key == subject or any(row.get(column) == subject for column in owners)
    }


def _concerning(subject: str, until: int) -> list[Entry]:
    """The entries up to ``until`` that changed a row of a thing or of what belongs to it, in order."""
    document = models.Fact.objects.filter(pk=subject).values_list("document", flat=True).first()
    mine = Q(subject=subject) | Q(context=subject)
    # what is said of other documents, items and posts may change a row of this thing: it names it then
    mine |= Q(act__startswith="document.", data__contains=subject) | Q(act__startswith="post.", data__contains=subject)
    if document is not None:
        mine |= Q(subject=document) | Q(context=document, act__startswith="item.")
    duties = list(models.Duty.objects.filter(item=subject).values_list("pk", flat=True))
    if duties:
        mine |= Q(act__in=("post.hold", "post.leave", "post.bind"))
    found = models.Entry.objects.filter(mine, seq__lte=until).order_by("seq")
    return [Entry(*values) for values in found.values_list(*_ENTRY_COLUMNS)]


def rebuild(
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    source: Iterator[Entry] | None = None,
    using: str = DEFAULT_DB_ALIAS,
    index: bool = True,
) -> int:
    """Makes every folded table again from the entries, in one transaction; the number of entries folded. The chain is checked on the way.

    Whoever reads meanwhile sees the old tables; a search may wait for the end, as every writer does. ``source``: entries of another ledger,
    which take the place of those here. ``using``: another database than that of the ledger, into which ``source`` is folded. ``index`` false:
    nothing is to be searched for there.
    """
    with transaction.atomic(using=using):
        head = _lock_head(using)
        total, end = (head.seq, (head.seq, head.hash)) if source is None else (0, None)
        _empty(using)
        if source is not None:
            models.Entry.objects.using(using).all()._raw_delete(using)  # noqa: SLF001 - as in _empty
        rows = Rows(using=using)
        done, last = 0, GENESIS
        for batch in _batches(checked(source if source is not None else entries())):
            if source is not None:
                models.Entry.objects.using(using).bulk_create(
                    [models.Entry(**msgspec.structs.asdict(entry)) for entry in batch], batch_size=500
                )
            _fold(batch, rows)
            done, last = batch[-1].seq, batch[-1].hash
            progress(done, max(total, done))
        _write(rows)
        if index:
            clear_index(using)
            index_all(using)
            forget_links(using)
        if end is not None and (done, last) != end:
            raise _cut(end[0], done)
        models.Head.objects.using(using).filter(pk=1).update(seq=done, hash=last)
    return done


def _cut(wanted: int, there: int) -> BrokenChain:
    return BrokenChain(f"末尾的记录不见了：应到第 {wanted} 条", where=f"记录 {there}", remedy="请从备份恢复，并查明原因")


def _empty(using: str) -> None:
    """Empties the folded tables; accounts stay for their passwords, regions are laid again from their table."""
    from django.db.models import F

    from luoshi.ledger.seeding import seed_regions

    for name, model in TABLES.items():
        if name != "account":
            model.objects.using(using).all()._raw_delete(using)  # type: ignore[attr-defined]  # noqa: SLF001 - one statement, no row is loaded
    models.Account.objects.using(using).update(username=F("id"), name="", roles="[]", unit="", region="", active=False, created_at="")
    seed_regions(using)


def _batches(stream: Iterator[Entry]) -> Iterator[list[Entry]]:
    batch: list[Entry] = []
    for entry in stream:
        batch.append(entry)
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _fold(batch: Sequence[Entry], rows: Rows) -> None:
    """Folds into the rows, and writes them where they have become many: most acts on a document stand near each other."""
    place = Place(rows=rows, reading=blobs().get_packed)
    _prefetch(batch, rows)
    for at, entry in enumerate(batch):
        fold_of(entry)(entry, entry.values, place)
        if len(rows) > _ROWS:
            _write(rows)
            _prefetch(batch[at + 1 :], rows)


def fold_more(stream: Iterator[Entry], using: str) -> None:
    """Folds further entries into the tables of a second database that holds the state before them."""
    rows = Rows(using=using)
    for batch in _batches(stream):
        _fold(batch, rows)
    _write(rows)


def _prefetch(batch: Sequence[Entry], rows: Rows) -> None:
    rows.prefetch((SUBJECTS[kind], entry.subject) for entry in batch if (kind := entry.act.partition(".")[0]) in SUBJECTS)
    moved = {entry.subject for entry in batch if entry.act in {"loop.act", "loop.tick"}}
    rows.prefetch([("clock", key) for item in moved if (row := rows.get("matter", item)) is not None for key in clocks_of(row)])


def _write(rows: Rows) -> None:
    rows.flush()
    rows.forget()


def verify_chain(progress: Callable[[int], Any] = lambda done: None) -> int:
    """The number of entries, after each was checked against the one before and the last against the head. Raises ``BrokenChain``.

    The entries that are there when it begins; those that are written meanwhile are the next verification's.
    """
    head = models.Head.objects.filter(pk=1).first()
    wanted, end = (head.seq, head.hash) if head else (0, GENESIS)
    done, last = 0, GENESIS
    for entry in checked(entries(until=wanted)):
        done, last = entry.seq, entry.hash
        if done % _BATCH == 0:
            progress(done)
    if (done, last) != (wanted, end):
        raise _cut(wanted, done)
    if head is None and models.Entry.objects.exists() and not models.Head.objects.exists():
        raise BrokenChain("台账的末端记录不见了", where="ledger_head", remedy="请从备份恢复，并查明原因")
    beyond = models.Entry.objects.filter(seq__gt=wanted).order_by("seq").first()
    if beyond is not None and not models.Head.objects.filter(pk=1, seq__gte=beyond.seq).exists():
        raise BrokenChain("这条记录在台账的末端之后，不是由程序写入的", where=f"记录 {beyond.seq}", remedy="请从备份恢复，并查明原因")
    return done
