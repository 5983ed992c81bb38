"""Begins the server: data folder, database and its migrations, static files, then the processes that answer and read."""

from __future__ import annotations

import errno
import hashlib
import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from luoshi.errors import LuoshiError, said
from luoshi.settings import Database, Settings, read_settings

if TYPE_CHECKING:
    from django.db.migrations.loader import MigrationLoader

#: says a message of ``messages.yaml`` to whoever started the server
Tell = Callable[..., None]
#: the number that processes of one PostgreSQL database lock while they migrate; any number that nobody else uses
_MIGRATING: Final = 0x6C756F736869
_BACKLOG: Final = 1024
_PATIENCE: Final = 3.0


def serve(*, tell: Tell, ready: Callable[[str], None] = lambda address: None) -> None:
    """Serves as the environment tells until SIGTERM or SIGINT ends it; ``ready`` is called with the address once a browser may come."""
    if sys.platform == "win32":
        raise LuoshiError("Windows 上不能运行服务器", remedy="请在 Linux、macOS 上运行，或在 Windows 的 WSL 里运行", slug="no-server-here")
    settings = read_settings(os.environ)
    os.umask(0o077)
    make_folder(settings.data)
    # first the port: where it is taken nothing has been changed yet
    door = listen(settings)
    try:
        prepare(settings, tell=tell)
    except BaseException:
        door.close()
        raise

    def begun() -> None:
        tell("serve.ready", address=settings.public_url or settings.address, data=settings.data, database=named(settings.database))
        ready(settings.address)

    from luoshi.web.arbiter import Server

    # from here on gunicorn alone opens and closes it
    Server(settings, door.detach(), begun).run()


def run_worker(*, tell: Tell) -> None:
    """Reads what comes in until SIGTERM or SIGINT; for a worker that is run by itself."""
    settings = read_settings(os.environ)
    os.umask(0o077)
    make_folder(settings.data)
    prepare(settings, tell=tell, static=False)
    from luoshi.web.worker import Stop, work

    stop = Stop()
    stop.listen()
    tell("worker.ready", data=settings.data, database=named(settings.database))
    work(stop)


def prepare(settings: Settings, *, tell: Tell, static: bool = True) -> None:
    """Django set up, the database there and of this version, static files collected, what a dead process left half written removed.

    Of several processes one does it and the others wait.
    """
    from luoshi.web.locks import held

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "luoshi.web.settings")
    import django

    django.setup()
    from luoshi.desk.matters.evidence import sweep
    from luoshi.ledger.store import blobs
    from luoshi.web.signin.config import current

    # what is set wrongly is said now, and not to the first who signs in
    current()
    with held(settings.data / "run" / "prepare.lock"):
        _migrate(settings, tell)
        blobs().sweep()
        sweep()
        if static:
            collect_static(Path(_static_root()))


def make_folder(data: Path) -> None:
    """The data folder, made where it is not; refused where nothing can be written into it."""
    try:
        data.mkdir(parents=True, exist_ok=True, mode=0o700)
        (data / "run").mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise LuoshiError(
            f"数据文件夹不能用：{said(error)}", where=str(data), remedy="请用 --data 或 LUOSHI_DATA 指定能写的文件夹", slug="data-folder"
        ) from error
    if not os.access(data / "run", os.W_OK | os.X_OK):
        raise LuoshiError(
            "数据文件夹不能写", where=str(data), remedy="请让运行落实的用户能写，或用 --data、LUOSHI_DATA 另指文件夹", slug="data-folder"
        )


def listen(settings: Settings) -> socket.socket:
    """The open port. It is waited for a little: after a server was killed its processes hold it until they notice."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    until = time.monotonic() + _PATIENCE
    while True:
        try:
            return socket.create_server((settings.host.strip("[]"), settings.port), family=family, backlog=_BACKLOG)
        except OSError as error:
            if error.errno == errno.EADDRINUSE and time.monotonic() < until:
                time.sleep(0.2)
                continue
            what, remedy = _UNOPENED.get(error.errno or 0, (f"不能监听：{said(error)}", "请检查 --host 和 --port"))
            raise LuoshiError(what, where=f"{settings.host}:{settings.port}", remedy=remedy, slug="no-port") from error


_UNOPENED: Final = {
    errno.EADDRINUSE: ("端口已被占用，另有程序（或另一个落实）正在使用", "请停下它，或用 --port 换一个端口"),
    errno.EACCES: ("没有权限使用这个端口，1024 以下的归系统", "请用 --port 换一个，前面由 nginx 转发"),
    errno.EADDRNOTAVAIL: ("本机没有这个地址", "请用 --host 改为本机的地址，或 0.0.0.0（全部地址）"),
}


def named(database: Database) -> str:
    """What people call it: no password."""
    if database.engine == "sqlite":
        return f"SQLite {database.name}"
    return f"PostgreSQL {database.host or 'localhost'}:{database.port}/{database.name}"


def _migrate(settings: Settings, tell: Tell) -> None:
    """The tables, and the regions in them, as this version wants them."""
    from django.core.management import call_command
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor
    from django.db.utils import Error

    from luoshi.ledger.seeding import renew_regions
    from luoshi.web.account import combined

    database = settings.database
    try:
        connection.ensure_connection()
        with _advisory_lock():
            executor = MigrationExecutor(connection)
            if _is_newer(executor.loader):
                raise LuoshiError(
                    "数据库由更新版本的落实建立，这个版本不能用它",
                    where=named(database), remedy="请安装更新的版本，或恢复升级前的备份", slug="newer-database",
                )  # fmt: skip
            if executor.migration_plan(executor.loader.graph.leaf_nodes()):
                tell("serve.migrating", database=named(database))
                call_command("migrate", interactive=False, verbosity=0)
            renew_regions(settings.data / "run" / "regions")
            if names := combined(strict=settings.strict):
                tell("serve.combined", names="、".join(names))
    except Error as error:
        reason = " ".join(str(error).split())
        raise LuoshiError(
            f"数据库不能用：{reason}",
            where=named(database),
            remedy="请检查数据库是否运行、DATABASE_URL 是否写对、用户有没有权限",
            slug="no-database",
        ) from error
    finally:
        # no connection may be shared with the processes that begin now
        connections.close_all()


def _is_newer(loader: MigrationLoader) -> bool:
    """Whether the database has tables of ours that this version does not know."""
    from django.apps import apps

    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("luoshi.")}
    return any(name[0] in ours and name not in loader.disk_migrations for name in loader.applied_migrations)


@contextmanager
def _advisory_lock() -> Iterator[None]:
    """PostgreSQL's own lock, for servers on several machines; of SQLite the file lock is enough."""
    from django.db import connection

    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [_MIGRATING])
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_MIGRATING])


def _static_root() -> str:
    from django.conf import settings

    return str(settings.STATIC_ROOT)


def collect_static(root: Path) -> bool:
    """Copies the static files, hashed and compressed, where they differ from those collected last; whether they did."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.DEBUG:
        return False
    wanted, stamp = _fingerprint(), root / ".collected"
    if stamp.is_file() and stamp.read_text(encoding="ascii") == wanted:
        return False
    # files of the version before stay: pages that are open in a browser still ask for them
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(wanted, encoding="ascii")
    return True


def _fingerprint() -> str:
    """Tells one set of static files from another."""
    from django.contrib.staticfiles.finders import get_finders

    from luoshi import __version__

    told = hashlib.sha256(__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list([]):
            told.update(f"{name}\0".encode())
            told.update(Path(storage.path(name)).read_bytes())
    return told.hexdigest()
