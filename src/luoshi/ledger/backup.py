"""One archive with all that a ledger is: its entries, the files of the store, and what signing in keeps; and the way back.

Inside: ``README.txt``, ``entries.jsonl``, ``tables/<table>.jsonl`` (what is no fold), ``files/ab/<sha-256>``, ``manifest.json`` and
``SHA256SUMS``. Everything else follows from the entries. Standard tools read it: tar, gzip or zstd, sha256sum.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import shutil
import subprocess
import tarfile
import tempfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, Final

import msgspec
from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from luoshi import __version__
from luoshi.errors import BadUsage, LuoshiError, said
from luoshi.ledger import store
from luoshi.ledger.acts import files_of
from luoshi.ledger.entry import Entry, moment
from luoshi.ledger.models import Account, Head
from luoshi.ledger.models import Entry as EntryRow

Progress = Callable[[str, int], None]
FORM: Final = 1
#: tables that are no fold and that a restored ledger needs, in this order; of the access log what was sealed when the backup began
KEPT: Final = (
    "signin.Credential", "signin.Identity", "signin.Failure", "signin.Mark", "signin.Batch", "signin.Access", "notify.Contact",
    "notify.Channel", "notify.Notice", "notify.Letter", "notify.Mark",
)  # fmt: skip
#: what rows of older archives do not say, as the migration that brought the column takes it
_OLDER: Final[dict[str, dict[str, Any]]] = {"notify.Contact": {"confirmed": True}}
#: columns of accounts that no entry tells
_SECRETS: Final = ("id", "password", "last_login")
_PASSWORDS: Final = "ledger.Account"
_PAGE: Final = 2000
_CHUNK: Final = 1 << 20
_DAMAGED: Final = "请换一份备份，或重新取得这个文件"
_README: Final = """\
落实台账的备份 · backup of a Luoshi ledger

entries.jsonl   每行一条记录，按顺序；hash 是 SHA-256，算法见下。 One entry a line, in order.
files/          原件和读出的文本、事实（zlib 压缩的 JSON），文件名就是内容的 SHA-256。
                Originals as they came in; readings as JSON packed by zlib. Each is named by the SHA-256 of its content.
tables/         不能由记录重算的表：密码散列、登录、访问日志。 What no entry tells: hashes of passwords, sign-in, access log.
manifest.json   数量、末条记录的校验值。 Counts and the hash of the last entry.
SHA256SUMS      核对：sha256sum -c SHA256SUMS

hash = SHA-256 (UTF-8 of the JSON list without blanks [hash of the entry before or 64 zeros, seq, at, actor, act, subject, context, data])

恢复 · restore: luoshi restore <file>
"""


class Manifest(msgspec.Struct, frozen=True):
    """What an archive holds. ``missing``: files that entries name and that were not in the store, or not as their names say."""

    form: int
    luoshi: str
    made_at: str
    database: str
    entries: int
    head: str
    files: int
    bytes: int
    tables: dict[str, int]
    missing: tuple[str, ...] = ()


class BadArchive(LuoshiError):
    """A file that is no whole backup."""

    slug = "bad-archive"


def back_up(target: Path, *, progress: Progress = lambda step, done: None) -> Manifest:
    """Writes the archive, whole or not at all: all that was there when it began, whoever works meanwhile."""
    head = Head.objects.filter(pk=1).first()
    scratch = target.with_name(f".{target.name}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _packing(scratch, target.name) as packed, tarfile.open(fileobj=packed, mode="w|", format=tarfile.PAX_FORMAT) as tar:
            manifest = _Packer(tar, progress).pack(head)
        with scratch.open("rb") as file:
            os.fsync(file.fileno())
        scratch.replace(target)
    except OSError as error:
        raise LuoshiError(
            f"备份写不出：{said(error)}", where=str(target), remedy="请检查路径、权限和磁盘空间", slug="cannot-write"
        ) from error
    finally:
        scratch.unlink(missing_ok=True)
    return manifest


class _Packer:
    """Puts members into an archive and remembers their sums."""

    def __init__(self, tar: tarfile.TarFile, progress: Progress) -> None:
        self._tar, self._progress = tar, progress
        self._sums: list[tuple[str, str]] = []
        self._now = int(store.now().timestamp())
        self._files = self._bytes = 0

    def pack(self, head: Head | None) -> Manifest:
        until = head.seq if head else 0
        self._words("README.txt", _README.encode())
        needed: set[str] = set()
        entries = self._lines("entries.jsonl", self._entries(until, needed))
        tables = {label: self._lines(f"tables/{label}.jsonl", rows) for label, rows in _tables()}
        missing = self._store(needed)
        manifest = Manifest(
            form=FORM, luoshi=__version__, made_at=moment(store.now()), database=connection.vendor, entries=entries,
            head=head.hash if head else "", files=self._files, bytes=self._bytes, tables=tables, missing=missing,
        )  # fmt: skip
        self._words("manifest.json", msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        self._words("SHA256SUMS", "".join(f"{told}  {name}\n" for name, told in self._sums).encode())
        return manifest

    def _entries(self, until: int, needed: set[str]) -> Iterator[Any]:
        for entry in store.entries(until=until):
            needed.update(files_of(entry))
            if entry.seq % _PAGE == 0:
                self._progress("entries", entry.seq)
            yield entry

    def _store(self, needed: set[str]) -> tuple[str, ...]:
        """All files of the store that are what their names say; the keys of those that entries name and that are not."""
        blobs, there = store.blobs(), set[str]()
        for key in sorted(blobs.keys()):
            data = blobs.path(key).read_bytes()
            if hashlib.sha256(data).hexdigest() != key:
                continue
            there.add(key)
            self._words(f"files/{key[:2]}/{key}", data, told=key)
            self._files += 1
            self._bytes += len(data)
            if self._files % 100 == 0:
                self._progress("files", self._files)
        return tuple(sorted(needed - there))

    def _words(self, name: str, data: bytes, *, told: str = "") -> None:
        self._member(name, len(data), io.BytesIO(data))
        self._sums.append((name, told or hashlib.sha256(data).hexdigest()))

    def _lines(self, name: str, rows: Iterable[Any]) -> int:
        """Writes rows as JSON lines; how many. Through a file, since an archive wants to know the length beforehand."""
        encode, told, count = msgspec.json.Encoder().encode, hashlib.sha256(), 0
        with tempfile.TemporaryFile(dir=_scratch()) as spool:
            for row in rows:
                count += 1
                line = encode(row) + b"\n"
                told.update(line)
                spool.write(line)
            length = spool.tell()
            spool.seek(0)
            self._member(name, length, spool)
        self._sums.append((name, told.hexdigest()))
        return count

    def _member(self, name: str, length: int, content: IO[bytes]) -> None:
        if name == "SHA256SUMS":
            self._progress("files", self._files)
        info = tarfile.TarInfo(name)
        info.size, info.mtime, info.mode = length, self._now, 0o600
        self._tar.addfile(info, content)


def _scratch() -> Path:
    folder: Path = settings.LUOSHI.data / "run"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _tables() -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    """What is kept beside the entries, by the label of its table."""
    yield _PASSWORDS, (_plain(row) for row in Account.objects.order_by("pk").values(*_SECRETS))
    sealed = 0
    for label in KEPT:
        model = _model(label)
        if model is None:
            continue
        if label == "signin.Mark":
            head = _manager(model).filter(pk="head").first()
            sealed = head.seq if head else 0
        rows = _manager(model)
        if label in ("signin.Batch", "signin.Access"):
            # rows that are written while the backup is made belong to the next one
            rows = rows.filter(**{f"{'seq' if label == 'signin.Batch' else 'batch'}__lte": sealed})
        yield label, _paged(rows)


def _model(label: str) -> type[models.Model] | None:
    try:
        return apps.get_model(label)
    except LookupError:
        return None


def _manager(model: type[models.Model]) -> Any:
    return model._default_manager  # noqa: SLF001 - Django's own name for it


def _paged(rows: Any) -> Iterator[dict[str, Any]]:
    names = [field.attname for field in rows.model._meta.concrete_fields]  # noqa: SLF001
    key = rows.model._meta.pk.attname  # noqa: SLF001
    ordered = rows.order_by(key).values(*names)
    page = list(ordered[:_PAGE])
    while page:
        yield from map(_plain, page)
        page = list(ordered.filter(**{f"{key}__gt": page[-1][key]})[:_PAGE])


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in row.items()}


# --- the way back


class _Unpacked:
    """What lies ready: entries and tables in files of their own, the files in the store."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.sums: dict[str, str] = {}
        self.named: dict[str, str] = {}
        self.manifest: Manifest | None = None

    def lines(self, name: str, kind: type[Any]) -> Iterator[Any]:
        path = self.folder / name.replace("/", "_")
        if not path.exists():
            return
        decode = msgspec.json.Decoder(kind).decode
        with path.open("rb") as file:
            for number, line in enumerate(file, start=1):
                try:
                    yield decode(line)
                except msgspec.DecodeError as error:
                    raise BadArchive("这一行不能解读", where=f"{name} 第 {number} 行", remedy=_DAMAGED) from error


def restore(source: Path, *, replace: bool = False, progress: Progress = lambda step, done: None) -> tuple[Manifest, Path | None]:
    """Makes the ledger from an archive, whole or not at all; verified on the way: every file, the chain, its end. Works across databases.

    Into an empty ledger only; with ``replace`` what is there is backed up first, and the path of that archive returned.
    """
    if not replace:
        _refuse_unless_empty()
    with tempfile.TemporaryDirectory(prefix="restore-", dir=_scratch()) as folder:
        unpacked = _unpack(source, _Unpacked(Path(folder)), progress)
        manifest = _checked_whole(unpacked)
        aside = _set_aside(progress) if replace and not _is_empty() else None
        with transaction.atomic():
            store.hold()
            if not replace:
                _refuse_unless_empty()
            count = store.rebuild(source=unpacked.lines("entries.jsonl", Entry), progress=lambda done, _: progress("rows", done))
            head = Head.objects.get(pk=1)
            if (count, head.hash if count else "") != (manifest.entries, manifest.head):
                raise BadArchive("记录与清单不符", where="entries.jsonl", remedy=_DAMAGED)
            _fill_tables(unpacked)
    return manifest, aside


def _is_empty() -> bool:
    return not EntryRow.objects.exists() and not Account.objects.exists()


def _refuse_unless_empty() -> None:
    if not _is_empty():
        raise BadUsage(
            "这里已有台账",
            where=str(settings.LUOSHI.data),
            remedy="请另指空的数据文件夹（--data），或加 --replace 先备份现有的再替换",
            slug="not-empty",
        )


def _set_aside(progress: Progress) -> Path:
    """An archive of the ledger that is about to be replaced."""
    stamp = moment(store.now())[:19].replace(":", "").replace("-", "")
    target: Path = settings.LUOSHI.data / "backups" / f"before-restore-{stamp}.tar.gz"
    back_up(target, progress=progress)
    return target


def _unpack(source: Path, unpacked: _Unpacked, progress: Progress) -> _Unpacked:
    try:
        with _unpacking(source) as stream, tarfile.open(fileobj=stream, mode="r|") as tar:
            for count, info in enumerate(tar, start=1):
                if not info.isfile():
                    continue
                content = tar.extractfile(info)
                if content is not None:
                    _take(info.name, content, unpacked)
                if count % 100 == 0:
                    progress("files", count)
    except (tarfile.TarError, EOFError, ValueError, zlib.error) as error:
        raise BadArchive("不是完整的备份", where=str(source), remedy=_DAMAGED) from error
    except OSError as error:
        if isinstance(error, FileNotFoundError | PermissionError | IsADirectoryError):
            raise BadUsage(f"打不开备份：{said(error)}", where=str(source), remedy="请检查路径和权限", slug="cannot-open") from error
        raise BadArchive(f"备份读不下去：{said(error) if error.errno else '压缩数据损坏'}", where=str(source), remedy=_DAMAGED) from error
    return unpacked


def _take(name: str, content: IO[bytes], unpacked: _Unpacked) -> None:
    """Keeps one member where it belongs. A name that no backup has is left out."""
    parts = name.removeprefix("./").split("/")
    if parts[0] == "files" and len(parts) == 3:
        data = content.read()
        if hashlib.sha256(data).hexdigest() != parts[2]:
            raise BadArchive("文件的内容与名称不符", where=name, remedy=_DAMAGED)
        store.blobs().put(data)
        unpacked.sums["/".join(parts)] = parts[2]
    elif parts == ["manifest.json"]:
        data = content.read()
        unpacked.sums["manifest.json"] = hashlib.sha256(data).hexdigest()
        try:
            unpacked.manifest = msgspec.json.decode(data, type=Manifest)
        except msgspec.DecodeError as error:
            raise BadArchive("清单不能解读", where=name, remedy=_DAMAGED) from error
    elif parts == ["SHA256SUMS"]:
        lines = content.read().decode("ascii").splitlines()
        unpacked.named = {line[66:]: line[:64] for line in lines}
    elif parts == ["README.txt"]:
        unpacked.sums["README.txt"] = hashlib.sha256(content.read()).hexdigest()
    elif parts == ["entries.jsonl"] or (parts[0] == "tables" and len(parts) == 2):
        told = hashlib.sha256()
        with (unpacked.folder / "_".join(parts)).open("wb") as file:
            while data := content.read(_CHUNK):
                told.update(data)
                file.write(data)
        unpacked.sums["/".join(parts)] = told.hexdigest()


def _checked_whole(unpacked: _Unpacked) -> Manifest:
    manifest = unpacked.manifest
    if manifest is None or not unpacked.named:
        raise BadArchive("备份里没有清单，它不完整", where="manifest.json", remedy=_DAMAGED)
    if manifest.form > FORM:
        raise BadArchive(f"备份由更新的版本（{manifest.luoshi}）做成", where="manifest.json", remedy="请升级后再恢复")
    for name, told in unpacked.named.items():
        if unpacked.sums.get(name) != told:
            raise BadArchive("缺少这一部分，或它被改动过", where=name, remedy=_DAMAGED)
    return manifest


def row_of(label: str, model: Any, row: Mapping[str, Any]) -> Any:
    """The row of a table as an archive has it; what older archives do not say is as the migration takes it."""
    return model(**{**_OLDER.get(label, {}), **row})


def _fill_tables(unpacked: _Unpacked) -> None:
    from django.contrib.sessions.models import Session

    for row in unpacked.lines(f"tables/{_PASSWORDS}.jsonl", dict[str, Any]):
        Account.objects.filter(pk=row["id"]).update(password=row["password"], last_login=row["last_login"])
    Account.objects.exclude(pk__in=EntryRow.objects.filter(act="account.create").values("subject")).delete()
    Session.objects.all().delete()
    made = [model for label in KEPT if (model := _model(label)) is not None]
    for label in KEPT:
        model = _model(label)
        if model is None:
            continue
        _manager(model).all().delete()
        batch: list[models.Model] = []
        for row in unpacked.lines(f"tables/{label}.jsonl", dict[str, Any]):
            batch.append(row_of(label, model, row))
            if len(batch) >= _PAGE:
                _manager(model).bulk_create(batch)
                batch = []
        _manager(model).bulk_create(batch)
    from django.core.management.color import no_style

    # the next row that the database numbers itself must not take a number that was restored
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), made):
            cursor.execute(sql)


# --- compression


@contextmanager
def _packing(path: Path, name: str) -> Iterator[IO[bytes]]:
    """The stream to write the archive to; its compression by the ending of ``name``. Only its owner may read it: hashes of passwords are in it."""
    path.touch(mode=0o600)
    if name.endswith((".tar.gz", ".tgz")):
        import gzip

        # files are packed already; more effort gains little
        with path.open("wb") as raw, gzip.GzipFile(filename="", fileobj=raw, mode="wb", compresslevel=3) as out:
            yield out  # type: ignore[misc]
    elif name.endswith(".tar.zst"):
        with path.open("wb") as raw, _zstd(["-q", "-3", "-T0", "-c"], stdin=subprocess.PIPE, stdout=raw) as process:
            assert process.stdin is not None  # noqa: S101 - it was asked for
            yield process.stdin
    elif name.endswith(".tar"):
        with path.open("wb") as raw:
            yield raw
    else:
        raise BadUsage("不知道写成哪种备份", where=name, remedy="扩展名请用 .tar.gz、.tar.zst 或 .tar", slug="unknown-ending")


@contextmanager
def _unpacking(path: Path) -> Iterator[IO[bytes]]:
    """The stream of the archive, unpacked, by its first bytes."""
    with path.open("rb") as probe:
        first = probe.read(4)
    # opened again: a program that is given the file begins where the system, not Python, has got to
    with path.open("rb") as raw:
        if first[:2] == b"\x1f\x8b":
            import gzip

            with gzip.GzipFile(fileobj=raw) as stream:
                yield stream  # type: ignore[misc]
        elif first == b"\x28\xb5\x2f\xfd":
            with _zstd(["-q", "-d", "-c"], stdin=raw, stdout=subprocess.PIPE) as process:
                assert process.stdout is not None  # noqa: S101 - it was asked for
                yield process.stdout
        else:
            yield raw


@contextmanager
def _zstd(options: list[str], **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    program = shutil.which("zstd")
    if program is None:
        raise BadUsage("这台机器没有 zstd 程序", where=".tar.zst", remedy="请安装 zstd，或把备份写成 .tar.gz", slug="no-zstd")
    with subprocess.Popen([program, *options], stderr=subprocess.DEVNULL, **streams) as process:  # noqa: S603 - our own program and options
        try:
            yield process
        except BaseException:
            process.kill()
            raise
        finally:
            if process.stdin is not None:
                with contextlib.suppress(BrokenPipeError):
                    process.stdin.close()
        if process.stdout is not None:
            process.stdout.read()
        if process.wait():
            raise BadArchive("压缩数据损坏", where=".tar.zst", remedy=_DAMAGED)
