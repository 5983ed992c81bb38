"""``luoshi import``, ``rebuild``, ``backup``, ``restore`` and ``verify --ledger``."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import threading
import uuid
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, time
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final
from zoneinfo import ZoneInfo

import click
import msgspec

from luoshi.errors import BadUsage, LuoshiError, said
from luoshi.inputs import STDIN, find_inputs
from luoshi.messages import Speaker
from luoshi.publish.table import harmless
from luoshi.settings import Settings, read_settings

#: so much is received together before it is read
_MOST_FILES: Final = 50
_MOST_BYTES: Final = 64 * 1024 * 1024
#: a larger file is refused unread, whatever is in it
_LARGEST: Final = 512 * 1024 * 1024
_SHOWN: Final = 50
_OFFICE: Final = ZoneInfo("Asia/Shanghai")


def open_ledger(say: Speaker) -> Settings:
    """The ledger that the environment names, its tables as this version wants them; made where there is none."""
    from luoshi.web.serve import make_folder, prepare

    settings = read_settings(os.environ)
    os.umask(0o077)
    make_folder(settings.data)
    prepare(settings, tell=lambda key, **values: click.echo(say(key, **values), err=True), static=False)
    # what became of each file is told below, in words for people
    logging.getLogger("luoshi").setLevel(logging.ERROR)
    return settings


class Meter:
    """Tells on a terminal how far a long work is; elsewhere it is silent."""

    def __init__(self, say: Speaker, *, quiet: bool = False) -> None:
        self._say, self._last = say, 0.0
        self._shown = not quiet and sys.stderr.isatty()

    def __call__(self, step: str, done: int, total: int = 0) -> None:
        if self._shown and monotonic() - self._last > 0.2:
            self._last = monotonic()
            count = f"{done:,}/{total:,}" if total else f"{done:,}"
            click.echo(f"\r\x1b[K{self._say.word('step', step)} {count}", nl=False, err=True)

    def line(self, words: str) -> None:
        """A line of its own, the count gone from it."""
        click.echo(("\r\x1b[K" if self._shown else "") + harmless(words), err=True)

    def clear(self) -> None:
        if self._shown:
            click.echo("\r\x1b[K", nl=False, err=True)


# --- import


def take_in(patterns: Sequence[str], say: Speaker, *, jobs: int = 0, quiet: bool = False) -> int:
    """Takes files, folders and archives into the ledger; 0 where every file was read. A bad file is told and the others go on."""
    paths = find_inputs(patterns)
    if STDIN in paths:
        raise BadUsage("台账要保留原件的名称，不能从标准输入导入", where="-", remedy="请给出文件的路径", slug="bad-usage")
    open_ledger(say)
    meter = Meter(say, quiet=quiet)
    work = _Import(say, meter, jobs or max(1, min(4, (os.cpu_count() or 2) - 1)), quiet=quiet)
    try:
        for group in _groups(paths, work):
            work.take(group)
    finally:
        work.stop()
    from luoshi.screens.promises import link_all

    link_all(say, meter, quiet=quiet)
    meter.line(say("import.total", files=work.files, new=work.new, known=work.known, refused=work.refused))
    return 1 if work.refused else 0


def _groups(paths: Sequence[str], work: _Import) -> Iterator[list[tuple[str, bytes]]]:
    """The files that the paths and archives hold, in portions; what cannot be kept is told at once."""
    from luoshi.intake.unpacking import unpack

    group, size = list[tuple[str, bytes]](), 0
    for path in paths:
        data = _data(path, work)
        for one in unpack(Path(path).name, data) if data is not None else ():
            if one.error is not None:
                slug, what, remedy = one.error
                work.refuse(
                    LuoshiError(what, where=path if one.name == Path(path).name else f"{path}/{one.name}", remedy=remedy, slug=slug)
                )
                continue
            group.append((one.name, one.data))
            size += len(one.data)
            if len(group) >= _MOST_FILES or size >= _MOST_BYTES:
                yield group
                group, size = [], 0
    if group:
        yield group


def _data(path: str, work: _Import) -> bytes | None:
    try:
        length = Path(path).stat().st_size
        if length > _LARGEST:
            raise LuoshiError(f"文件超过 {_LARGEST // 1048576} MB 的上限", where=path, remedy="请拆成较小的文件再导入", slug="too-large")
        return Path(path).read_bytes()
    except OSError as error:
        work.refuse(LuoshiError(f"打不开：{said(error)}", where=path, remedy="请检查路径和权限", slug="cannot-open"))
    except LuoshiError as error:
        work.refuse(error)
    return None


class _Import:
    """Receives portions, lets them be read in confined processes, and tells what became of each file."""

    def __init__(self, say: Speaker, meter: Meter, jobs: int, *, quiet: bool) -> None:
        from luoshi.intake.confined import Confined

        self._say, self._meter, self._quiet = say, meter, quiet
        self._readers = [Confined() for _ in range(jobs)]
        self._batch = uuid.uuid4().hex
        self._telling = threading.Lock()
        self.files = self.new = self.known = self.refused = 0

    def take(self, group: list[tuple[str, bytes]]) -> None:
        from luoshi.desk.actor import SYSTEM
        from luoshi.ledger.enter import receive

        waiting = {one.file: one for one in receive(group, SYSTEM.id, batch=self._batch)}
        for one in [one for one in waiting.values() if one.known]:
            del waiting[one.file]
            self._tell(one.file, one.name, again=True)
        with ThreadPoolExecutor(len(self._readers)) as pool:
            working = [pool.submit(self._work, reader, waiting) for reader in self._readers]
        for work in working:
            work.result()

    def _work(self, reader: Any, waiting: dict[str, Any]) -> None:
        """Reads until nothing of the portion waits; what a worker of the server reads meanwhile is waited for and told as well."""
        from django.db import connections

        from luoshi.intake.queue import work_one
        from luoshi.ledger.models import File

        try:
            while waiting:
                read = work_one(reader, batch=self._batch)
                for file in [read] if read else list(waiting):
                    if File.objects.filter(pk=file).exclude(state="received").exists() and (one := waiting.pop(file, None)) is not None:
                        self._tell(file, one.name, again=False)
                if not read and waiting:
                    sleep(0.2)
        finally:
            connections.close_all()

    def _tell(self, file: str, name: str, *, again: bool) -> None:
        from luoshi.ledger.models import File

        row = File.objects.get(pk=file)
        with self._telling:
            self.files += 1
            if row.state == "refused":
                error = msgspec.json.decode(row.error)
                self.refuse(LuoshiError(error["what"], where=name, remedy=error["remedy"], slug=error["slug"]), counted=True)
                return
            known = set(msgspec.json.decode(row.known))
            documents = msgspec.json.decode(row.documents)
            lines = [self._document(key, known=again or key in known) for key in documents]
            if not self._quiet:
                self._meter.line(self._say("import.line", file=name, told=self._say("word.listed").join(lines)))

    def _document(self, key: str, *, known: bool) -> str:
        from luoshi.ledger.models import Document
        from luoshi.ledger.titles import title_of

        row = Document.objects.get(pk=key)
        self.known += known
        self.new += not known
        title = title_of(row, self._say.lang)
        if known:
            return self._say("import.known", title=title)
        counts = {"measure": row.measures, "task": row.tasks, "project": row.projects, "term": row.terms}
        told = " ".join(f"{self._say.word('fact', kind)} {count}" for kind, count in counts.items() if count)
        version = self._say("import.version", version=row.version) if row.version > 1 else ""
        return " · ".join(part for part in (title, told or self._say("page.nothing"), version) if part)

    def refuse(self, error: LuoshiError, *, counted: bool = False) -> None:
        self.files += not counted
        self.refused += 1
        self._meter.line(self._say("read.failed", error=self._say.error(error)))

    def stop(self) -> None:
        for reader in self._readers:
            reader.stop()


# --- export


def export(table: str, target: str, query: str, say: Speaker) -> int:
    """Writes a table of the ledger as the page with this address shows it, all rows of it."""
    form = Path(target).suffix.lower().removeprefix(".")
    if form not in ("csv", "xlsx"):
        raise BadUsage("不知道写成哪种格式", where=f"--out {target}", remedy="扩展名请用 .csv 或 .xlsx", slug="unknown-ending")
    open_ledger(say)
    from urllib.parse import parse_qs

    from django.utils import translation

    from luoshi.ledger.places import tree
    from luoshi.ledger.scope import Scope
    from luoshi.ledger.tables import wish_of
    from luoshi.publish.grid import to_csv, to_xlsx
    from luoshi.screens.read import replacing
    from luoshi.web.pages.ledger.view import file_rows, heads_of

    wish = wish_of(table, parse_qs(query.removeprefix("?")))
    with translation.override(say.lang):
        columns, heads, title = heads_of(wish)
        rows, count = file_rows(wish, columns, Scope.whole(), tree()), 0

        def counted() -> Iterator[Any]:
            nonlocal count
            for row in rows:
                count += 1
                yield row

        with replacing(Path(target)) as out:
            if form == "csv":
                out.writelines(to_csv(heads, counted()))
            else:
                with to_xlsx(title, heads, counted()) as made:
                    shutil.copyfileobj(made, out)
    Meter(say).line(say("export.done", count=count, file=target))
    return 0


# --- rebuild, backup, restore, verify


def rebuild(say: Speaker, *, at: str | None = None, out: Path | None = None) -> int:
    """Makes every table again in place, or with ``at`` the ledger of a past moment into the folder ``out``."""
    if (at is None) != (out is None):
        raise BadUsage("--at 和 --out 要一起用", where="rebuild", remedy="例如 --at 2026-03-05 --out 文件夹", slug="bad-usage")
    moment = utc_moment(at) if at else ""
    open_ledger(say)
    meter = Meter(say)
    if out is not None:
        from luoshi.ledger.past import make_past

        count = make_past(moment, out.absolute(), progress=lambda done, total: meter("rows", done, total))
        meter.line(say("rebuild.past", count=count, folder=out))
        return 0
    from luoshi.ledger.store import rebuild as fold
    from luoshi.screens.promises import link_all

    count = fold(progress=lambda done, total: meter("rows", done, total))
    link_all(say, meter)
    meter.line(say("rebuild.done", count=count))
    return 0


def utc_moment(words: str) -> str:
    """A day (its end) or moment as people write it, in the time of the office where they name no other, as entries write it.

    >>> utc_moment("2026-03-05"), utc_moment("2026-03-05T10:00"), utc_moment("2026-03-05T10:00Z")
    ('2026-03-05T15:59:59.999999Z', '2026-03-05T02:00:00.000000Z', '2026-03-05T10:00:00.000000Z')
    """
    from luoshi.ledger.entry import moment

    try:
        found = datetime.fromisoformat(words.strip())
    except ValueError:
        raise BadUsage(
            f"“{words}”不是日期或时刻", where="--at", remedy="请写成 2026-03-05 或 2026-03-05T10:00", slug="bad-moment"
        ) from None
    if len(words.strip()) == len("2026-03-05"):
        found = datetime.combine(found.date(), time.max)
    return moment(found if found.tzinfo else found.replace(tzinfo=_OFFICE))


def back_up(target: Path, say: Speaker) -> int:
    """Writes the archive and notes that in the ledger; 1 where files were missing from the store."""
    open_ledger(say)
    from luoshi.ledger.backup import back_up as pack

    meter = Meter(say)
    manifest = pack(target.absolute(), progress=meter)
    from luoshi.desk.actor import SYSTEM
    from luoshi.ledger.entry import Draft
    from luoshi.ledger.store import append

    told = {"name": target.name, "entries": manifest.entries, "head": manifest.head, "files": manifest.files}
    append(SYSTEM.id, [Draft("backup.make", "backup", told)])
    size = target.stat().st_size / 1048576
    meter.line(say("backup.done", file=target, entries=manifest.entries, files=manifest.files, size=f"{size:,.1f}", head=manifest.head))
    for key in manifest.missing[:_SHOWN]:
        meter.line(say("backup.missing", key=key))
    return 1 if manifest.missing else 0


def restore(source: Path, say: Speaker, *, replace: bool) -> int:
    """Makes the ledger from an archive and says what is in it."""
    open_ledger(say)
    from luoshi.ledger.backup import restore as unpack

    meter = Meter(say)
    manifest, aside = unpack(source.absolute(), replace=replace, progress=meter)
    if aside is not None:
        meter.line(say("restore.aside", file=aside))
    meter.line(say("restore.done", entries=manifest.entries, files=manifest.files, made_at=manifest.made_at, head=manifest.head))
    for key in manifest.missing[:_SHOWN]:
        meter.line(say("backup.missing", key=key))
    return 1 if manifest.missing else 0


def show_ledger(say: Speaker, *, deep: bool) -> int:
    """Verifies the ledger; 1 where something does not hold, with what and where."""
    open_ledger(say)
    from luoshi.ledger.checking import verify_ledger
    from luoshi.web.signin.trail import check_chain

    meter = Meter(say)
    verdict = verify_ledger(deep=deep, progress=meter)
    seen = 0
    try:
        seen = check_chain().rows
    except LuoshiError as error:
        verdict.find("access", error.where, error.what, error.remedy)
    meter.clear()
    for finding in verdict.findings[:_SHOWN]:
        click.echo(harmless(f"{say.word('step', finding.step)}  {finding.where}：{finding.what}。{finding.remedy}"))
    if len(verdict.findings) > _SHOWN:
        click.echo(say("ledger.more", count=len(verdict.findings) - _SHOWN))
    counts = {name: f"{getattr(verdict, name):,}" for name in ("entries", "files", "spare", "documents", "facts", "rows")}
    click.echo(say("ledger.deep" if deep else "ledger.total", **counts))
    click.echo(say("ledger.access", rows=f"{seen:,}"))
    if verdict.head:
        click.echo(say("ledger.head", head=verdict.head))
    click.echo(say("ledger.wrong", count=len(verdict.findings)) if verdict.findings else say("ledger.well"))
    return 1 if verdict.findings else 0
