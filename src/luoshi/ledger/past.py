"""A second database beside the ledger's: the ledger as it was at a past moment, or folded anew to be compared."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.apps import apps
from django.core.management import call_command
from django.db import connections

from luoshi.errors import BadUsage, LuoshiError, said
from luoshi.ledger import models, store
from luoshi.ledger.acts import files_of
from luoshi.ledger.blobs import Blobs, MissingBlob
from luoshi.ledger.entry import Entry

_ALIAS: Final = "second"
#: what of signing in goes along into the past, so that the same people can look at it: nothing of it is a fold
_SIGN_IN: Final = ("signin.Credential", "signin.Identity")
LEDGER_FILE: Final = "ledger.sqlite3"


@contextmanager
def second_database(file: Path) -> Iterator[str]:
    """The alias of an empty SQLite ledger in this file, while the block runs."""
    connections.databases.update(connections.configure_settings({
        "default": connections.databases["default"],
        _ALIAS: {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": str(file),
            "OPTIONS": {"init_command": "PRAGMA synchronous=OFF;PRAGMA journal_mode=TRUNCATE;PRAGMA cache_size=-65536;PRAGMA temp_store=MEMORY"},
        },
    }))  # fmt: skip
    try:
        call_command("migrate", database=_ALIAS, interactive=False, verbosity=0)
        yield _ALIAS
    finally:
        connections[_ALIAS].close()
        del connections[_ALIAS]
        del connections.databases[_ALIAS]


def make_past(at: str, out: Path, *, progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Makes the ledger as it was at a moment into the folder ``out``, a data folder that can be served; the number of its entries.

    Raises ``BadUsage`` where the folder is not empty, ``LuoshiError`` where nothing was there at that moment.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadUsage("文件夹不是空的", where=str(out), remedy="请另指一个不存在的或空的文件夹", slug="not-empty")
    until = store.seq_at(at)
    if not until:
        raise LuoshiError("那时台账里还没有记录", where=at, remedy="请给出较晚的时刻", slug="no-past")
    try:
        out.mkdir(parents=True, exist_ok=True, mode=0o700)
        needed: set[str] = set()
        with second_database(out / LEDGER_FILE) as alias:
            count = store.rebuild(
                source=_noting(store.entries(until=until), needed), using=alias, progress=lambda done, _: progress(done, until)
            )
            _take_sign_in_along(alias)
        _take_files_along(needed, Blobs(out / "files"))
    except OSError as error:
        raise LuoshiError(f"不能写入：{said(error)}", where=str(out), remedy="请检查空间和权限", slug="disk") from error
    return count


def _noting(stream: Iterable[Entry], needed: set[str]) -> Iterator[Entry]:
    for entry in stream:
        needed.update(files_of(entry))
        yield entry


def _take_sign_in_along(alias: str) -> None:
    """Today's passwords: those of then are not kept anywhere."""
    accounts = set(models.Account.objects.using(alias).values_list("id", flat=True))
    for account in models.Account.objects.all():
        if account.id in accounts:
            models.Account.objects.using(alias).filter(pk=account.id).update(password=account.password)
    for label in _SIGN_IN:
        model = apps.get_model(label)
        model._default_manager.using(alias).bulk_create(list(model._default_manager.all()))  # noqa: SLF001 - Django's own name for it


def _take_files_along(needed: set[str], there: Blobs) -> None:
    here = store.blobs()
    for key in sorted(needed):
        source, target = here.path(key), there.path(key)
        if not source.exists():
            raise MissingBlob("存储中没有这个文件", where=key, remedy="请从备份恢复数据目录")
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
