"""Verifies the ledger: the chain, the files, the words of every fact and, asked for, every row against a fold made anew."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

import msgspec
from django.conf import settings
from django.db import transaction

from luoshi.errors import LuoshiError
from luoshi.ledger import models, store
from luoshi.ledger.acts import NAMING_FILES, files_of
from luoshi.ledger.entry import Entry
from luoshi.ledger.ids import document_id
from luoshi.ledger.past import second_database
from luoshi.ledger.reading import StoredReading
from luoshi.ledger.rows import TABLES, columns

Step = Literal["chain", "files", "facts", "rows", "access"]
Progress = Callable[[str, int], None]
#: so many rows are compared at once
_PAGE: Final = 500
_FROM_BACKUP: Final = "请从备份恢复，并查明原因"


class Finding(msgspec.Struct, frozen=True):
    """Something that does not hold: where, what, and what to do."""

    step: str
    where: str
    what: str
    remedy: str


class Verdict(msgspec.Struct):
    """What was looked at, how much of it, and what does not hold. ``head`` is the last entry's hash: noted elsewhere, it proves the chain."""

    entries: int = 0
    head: str = ""
    files: int = 0
    spare: int = 0
    documents: int = 0
    facts: int = 0
    rows: int = 0
    findings: list[Finding] = []

    def find(self, step: Step, where: str, what: str, remedy: str = _FROM_BACKUP) -> None:
        self.findings.append(Finding(step, where, what, remedy))


def verify_ledger(*, deep: bool = False, progress: Progress = lambda step, done: None) -> Verdict:
    """Looks at everything and goes on after what does not hold. ``deep``: also folds all entries anew and compares every row."""
    verdict = Verdict()
    whole = _chain(verdict, progress)
    needed = _files(verdict, progress)
    _facts(verdict, needed, progress)
    if deep and whole:
        _rows(verdict, progress)
    elif deep:
        verdict.find("rows", "--deep", "记录链已断，没有重算比较", "请先恢复记录链")
    return verdict


def _chain(verdict: Verdict, progress: Progress) -> bool:
    try:
        verdict.entries = store.verify_chain(lambda done: progress("chain", done))
    except LuoshiError as error:
        verdict.find("chain", error.where, error.what, error.remedy)
        return False
    head = models.Head.objects.filter(pk=1).first()
    verdict.head = head.hash if head else ""
    return True


def _files(verdict: Verdict, progress: Progress) -> set[str]:
    """Every file of the store by its hash, every file that an entry names; the keys that are good."""
    found, good = store.blobs(), set[str]()
    for key in sorted(found.keys()):
        verdict.files += 1
        if verdict.files % 500 == 0:
            progress("files", verdict.files)
        if _sha256(found.path(key)) == key:
            good.add(key)
        else:
            verdict.find("files", str(found.path(key)), "文件被改动过，或磁盘出错", "请从备份中取回这个文件：files/" + f"{key[:2]}/{key}")
    named: dict[str, int] = {}
    for row in models.Entry.objects.filter(act__in=NAMING_FILES).order_by("seq").iterator(chunk_size=2000):
        entry = Entry(row.seq, row.at, row.actor, row.act, row.subject, row.context, row.data, row.hash)
        try:
            keys = files_of(entry)
        except (msgspec.DecodeError, KeyError, TypeError):
            continue  # the chain has told of it
        for key in keys:
            if key not in good and key not in named and not found.path(key).exists():
                verdict.find("files", f"{key}（记录 {entry.seq}）", _MISSING[entry.act], f"请从备份中取回这个文件：files/{key[:2]}/{key}")
            named.setdefault(key, entry.seq)
    verdict.spare = len(good - set(named))
    return good


#: what is missing where the file that an entry names is not in the store
_MISSING: Final = {"file.receive": "原件不在存储中", "document.read": "文件的文本和事实不在存储中", "loop.act": "佐证不在存储中"}


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""


def _facts(verdict: Verdict, good: set[str], progress: Progress) -> None:
    """The words of every fact against the text at its span, in the reading and in the table."""
    for row in models.Document.objects.order_by("number", "id").iterator(chunk_size=200):
        verdict.documents += 1
        if verdict.documents % 10 == 0:
            progress("facts", verdict.facts)
        where = f"{row.id} {row.title}".strip()
        if not models.File.objects.filter(pk=row.file).exists():
            verdict.find("facts", where, f"没有它的原件 {row.file}", "请运行 luoshi rebuild")
        if row.reading not in good:
            continue  # told among the files
        try:
            stored = msgspec.json.decode(store.blobs().get_packed(row.reading), type=StoredReading)
        except (LuoshiError, msgspec.DecodeError, msgspec.ValidationError):
            verdict.find("facts", where, "它的文本和事实不能解读")
            continue
        if stored.id != row.id or document_id(stored.text) != row.id:
            verdict.find("facts", where, "文本与编号不符：这不是当时读入的文本")
        _facts_of(verdict, where, row.id, stored)


def _facts_of(verdict: Verdict, where: str, document: str, stored: StoredReading) -> None:
    kept = {row["id"]: row for row in models.Fact.objects.filter(document=document).values("id", "start", "end", "text")}
    for fact in stored.facts:
        verdict.facts += 1
        words = stored.text[fact.start : fact.end]
        if fact.text != words or not words:
            verdict.find("facts", f"{where} {fact.id} [{fact.start}, {fact.end})", f"引文“{fact.text[:40]}”与原文“{words[:40]}”不符")
        row = kept.pop(fact.id, None)
        if row is None:
            verdict.find("facts", f"{where} {fact.id}", "表中没有这条事实", "请运行 luoshi rebuild")
        elif (row["start"], row["end"], row["text"]) != (fact.start, fact.end, fact.text.replace("\0", "\ufffd")):
            verdict.find("facts", f"{where} {fact.id}", "表中的引文与读入时不符", "请运行 luoshi rebuild")
    for key in kept:
        verdict.find("facts", f"{where} {key}", "表中的这条事实不是从文件读出的", "请运行 luoshi rebuild")


def _rows(verdict: Verdict, progress: Progress) -> None:
    """Every row of the folded tables against a fold made anew in a second database."""
    head = models.Head.objects.filter(pk=1).first()
    until = head.seq if head else 0
    scratch = settings.LUOSHI.data / "run"
    scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="verify-", dir=scratch) as folder, second_database(Path(folder) / "fold.sqlite3") as alias:
        store.rebuild(source=store.entries(until=until), using=alias, index=False, progress=lambda done, _: progress("rows", done))
        suspects = {(table, key) for table in TABLES for key in _differing(verdict, table, alias)}
        if not suspects:
            return
        # people may have gone on working: what they did is folded too, and only then, with the end of the chain held, is a difference one
        with transaction.atomic():
            store.hold()
            store.fold_more(store.entries(after=until), alias)
            for table, key in sorted(suspects):
                here, there = _row(table, key, "default"), _row(table, key, alias)
                if here != there:
                    verdict.find("rows", f"{table} {key}", _difference(here, there), "请运行 luoshi rebuild")


def _differing(verdict: Verdict, table: str, alias: str) -> Iterator[str]:
    """The ids of rows that are not the same here and there. Each side is gone through in its own order: databases sort text differently."""
    for mine, theirs, counts in (("default", alias, True), (alias, "default", False)):
        for page in _pages(table, mine):
            others = {row["id"]: row for row in _all(table, theirs).filter(pk__in=[row["id"] for row in page])}
            verdict.rows += len(page) if counts else 0
            yield from (row["id"] for row in page if others.get(row["id"]) != row)


def _pages(table: str, alias: str) -> Iterator[list[dict[str, Any]]]:
    rows = _all(table, alias).order_by("id")
    page = list(rows[:_PAGE])
    while page:
        yield page
        page = list(rows.filter(id__gt=page[-1]["id"])[:_PAGE])


def _row(table: str, key: str, alias: str) -> dict[str, Any] | None:
    row: dict[str, Any] | None = _all(table, alias).filter(pk=key).first()
    return row


def _all(table: str, alias: str) -> Any:
    return TABLES[table]._default_manager.using(alias).values(*columns(table))  # noqa: SLF001 - Django's own name for it


def _difference(here: dict[str, Any] | None, there: dict[str, Any] | None) -> str:
    if here is None:
        return "表中没有这一行，而记录里有"
    if there is None:
        return "表中的这一行不是由记录来的"
    names = [name for name in here if here[name] != there[name]]
    return "；".join(f"{name} 为 {str(here[name])[:60]!r}，按记录应为 {str(there[name])[:60]!r}" for name in names[:3])
