"""The server as it is really run: processes, signals, ports, two databases."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from luoshi.web.locks import held, is_held

pytestmark = [pytest.mark.database, pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="no server on Windows")]
ROOT = Path(__file__).parents[2]
SECONDS = 90


class Installation:
    """A data folder, a database of its own, a port."""

    def __init__(self, folder: Path, database_url: str) -> None:
        self.folder, self.port = folder, _free_port()
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_"))},
            "LUOSHI_DATA": str(folder / "data"),
            "DATABASE_URL": database_url,
            "PYTHONPATH": str(ROOT),
        }

    def start(self, *options: str, port: int = 0, **environment: str) -> subprocess.Popen[str]:
        command = [sys.executable, "-m", "luoshi.cli", "serve", "--port", str(port or self.port), "--workers", "1", *options]
        with (self.folder / "log").open("a") as log:
            return subprocess.Popen(
                command, env={**self.environment, **environment}, stdout=log, stderr=log, text=True, cwd=self.folder, start_new_session=True
            )

    @contextmanager
    def served(self, **environment: str) -> Iterator[subprocess.Popen[str]]:
        """A server that answers; ended afterwards, however the test went."""
        server = self.start(**environment)
        try:
            self.wait_until_well(server)
            yield server
        finally:
            if server.poll() is None:
                server.terminate()
            server.wait(SECONDS)

    def wait_until_well(self, server: subprocess.Popen[str], port: int = 0) -> None:
        def is_well() -> bool:
            assert server.poll() is None, self.log()
            try:
                return self.get("/health", port=port)[0] == 200
            except OSError:
                return False

        wait_for(is_well)

    def get(self, path: str, *, port: int = 0) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", port or self.port, timeout=SECONDS)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def run(self, code: str) -> str:
        """What a process of this installation prints."""
        setup = "import os, django\nos.environ['DJANGO_SETTINGS_MODULE'] = 'luoshi.web.settings'\ndjango.setup()\n"
        done = subprocess.run([sys.executable, "-c", setup + code], env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def log(self) -> str:
        return (self.folder / "log").read_text()


def wait_for(truth: Callable[[], Any]) -> Any:
    """The first true answer; the test fails where none comes."""
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        found = truth()
        if found:
            return found
        time.sleep(0.05)
    pytest.fail("waited in vain")


def readers_of(server: subprocess.Popen[str]) -> list[int]:
    """The server's processes that read files; they are the nice ones."""
    told = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,ni="], capture_output=True, text=True, check=True).stdout
    rows = [line.split() for line in told.splitlines()]
    mine = [(int(pid), nice) for pid, parent, nice in rows if parent == str(server.pid)]
    return [pid for pid, nice in mine if nice not in ("-", "0")]


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as door:
        return int(door.getsockname()[1])


@pytest.fixture
def database_url() -> Iterator[str]:
    """An empty database of its own on the PostgreSQL server of this run; ``""`` for SQLite."""
    server = os.environ.get("LUOSHI_TEST_DATABASE_URL", "")
    if not server:
        yield ""
        return
    import psycopg

    name = f"serve_{os.getpid()}_{time.monotonic_ns()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    yield urlsplit(server)._replace(path=f"/{name}").geturl()
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def installation(tmp_path: Path, database_url: str) -> Installation:
    return Installation(tmp_path, database_url)


def test_serves_reads_and_ends(installation: Installation) -> None:
    with installation.served() as server:
        status, told = installation.get("/health")
        health = json.loads(told)
        assert (status, health["status"], health["reasons"], health["worker"]) == (200, "ok", [], True)
        assert health["database"] == ("postgresql" if installation.environment["DATABASE_URL"] else "sqlite")
        _check_static(installation)
        _check_that_a_dead_reader_is_followed_by_another(installation, server)
        server.terminate()
        assert server.wait(SECONDS) == 0, installation.log()
    assert "Traceback" not in installation.log()
    assert not is_held(installation.folder / "data" / "run" / "worker.lock")


def _check_static(installation: Installation) -> None:
    """A style sheet has its hash in its name and may be kept for ever."""
    manifest = json.loads((installation.folder / "data" / "static" / "staticfiles.json").read_text())
    name = manifest["paths"]["layout/css/base.css"]
    assert re.fullmatch(r"layout/css/base\.[0-9a-f]{12}\.css", name)
    connection = HTTPConnection("127.0.0.1", installation.port, timeout=SECONDS)
    connection.request("GET", f"/static/{name}", headers={"Accept-Encoding": "br"})
    answer = connection.getresponse()
    assert answer.status == 200
    assert "immutable" in answer.headers["Cache-Control"]
    connection.close()


def _check_that_a_dead_reader_is_followed_by_another(installation: Installation, server: subprocess.Popen[str]) -> None:
    (first,) = readers_of(server)
    os.kill(first, signal.SIGKILL)
    wait_for(lambda: [process for process in readers_of(server) if process != first])
    assert installation.run(_RECEIVE_AND_WAIT) == "read"
    assert json.loads(installation.get("/health")[1])["head"] > 0


_RECEIVE_AND_WAIT = f"""
import luoshi, time
from pathlib import Path
from luoshi.ledger.enter import receive
from luoshi.ledger.models import File
path = Path(luoshi.__file__).parent / "demo/documents/breakdown.txt"
receive([(path.name, path.read_bytes())], "system")
until = time.monotonic() + {SECONDS}
while File.objects.get().state == "received" and time.monotonic() < until:
    time.sleep(0.1)
print(File.objects.get().state)
"""


def test_ends_a_request_before_it_ends(installation: Installation) -> None:
    answers: list[tuple[int, str]] = []
    with installation.served(DJANGO_SETTINGS_MODULE="tests.web.slowly", SLOWLY=str(installation.folder)) as server:
        asking = threading.Thread(target=lambda: answers.append(installation.get("/slow")))
        asking.start()
        wait_for((installation.folder / "begun").exists)
        server.terminate()
        # it has begun to end
        wait_for(lambda: not readers_of(server))
        assert server.poll() is None
        (installation.folder / "go").touch()
        asking.join(SECONDS)
        assert server.wait(SECONDS) == 0
    assert answers == [(200, "finished")]


def test_ends_from_the_keyboard(installation: Installation) -> None:
    """A terminal tells every process at once."""
    with installation.served() as server:
        os.killpg(server.pid, signal.SIGINT)
        assert server.wait(SECONDS) == 0
    assert "Traceback" not in installation.log()
    wait_for(lambda: not is_held(installation.folder / "data" / "run" / "worker.lock"))


def test_port_in_use_is_one_clear_error(installation: Installation) -> None:
    with socket.create_server(("127.0.0.1", installation.port)):
        server = installation.start()
        assert server.wait(SECONDS) == 1
    assert installation.log().count("\n") == 1
    assert f"127.0.0.1:{installation.port}：端口已被占用" in installation.log()
    assert "--port" in installation.log()
    assert not (installation.folder / "data" / "ledger.sqlite3").exists()


def test_killed_server_starts_again_at_once(installation: Installation) -> None:
    """Nothing of the killed one stands in the way, and static files are not collected anew."""
    stamp = installation.folder / "data" / "static" / ".collected"
    with installation.served() as server:
        collected = stamp.stat().st_mtime_ns
        (reader,) = readers_of(server)
        server.kill()
        server.wait(SECONDS)
    with installation.served() as server:
        # up to here one of the killed server's processes may have answered
        wait_for(lambda: readers_of(server))
        installation.wait_until_well(server)
        assert stamp.stat().st_mtime_ns == collected
    wait_for(lambda: not _is_alive(reader))


def _is_alive(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True, check=False).stdout.strip()
    return state != "" and not state.startswith("Z")


def test_two_servers_of_one_ledger_begin_together(installation: Installation) -> None:
    """Only one makes the tables; the other waits for it."""
    other = _free_port()
    servers = [installation.start(), installation.start(port=other)]
    try:
        for server, port in zip(servers, (installation.port, other), strict=True):
            installation.wait_until_well(server, port)
    finally:
        for server in servers:
            server.terminate()
    assert [server.wait(SECONDS) for server in servers] == [0, 0]
    assert installation.log().count("正在建立或升级数据库的表") == 1


def test_worker_by_itself(installation: Installation) -> None:
    """A server without readers is well, and ``luoshi worker`` reads for it."""
    with installation.served(LUOSHI_READERS="0") as server:
        assert readers_of(server) == []
        assert json.loads(installation.get("/health")[1])["worker"] is None
        worker = subprocess.Popen(
            [sys.executable, "-m", "luoshi.cli", "worker"], env=installation.environment, stderr=subprocess.PIPE, text=True
        )
        try:
            wait_for(lambda: is_held(installation.folder / "data" / "run" / "worker.lock"))
        finally:
            worker.terminate()
        told = worker.communicate(timeout=SECONDS)[1]
        assert (worker.returncode, "读取进程已启动" in told, "Traceback" in told) == (0, True, False)


def test_what_a_killed_upload_left_is_removed(installation: Installation) -> None:
    """The next start removes it, once it is so old that nobody can be writing it any more."""
    folder = installation.folder / "data" / "files" / "ab"
    folder.mkdir(parents=True)
    for name, age in ((".new-old", 7200), (".new-fresh", 60)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (time.time() - age, time.time() - age))
    with installation.served():
        assert [path.name for path in folder.iterdir()] == [".new-fresh"]


@pytest.mark.parametrize("app", ["ledger", "signin"])
def test_database_of_a_newer_version_is_refused(installation: Installation, app: str) -> None:
    with installation.served():
        pass
    installation.run(
        "from django.db import connection\nfrom django.db.migrations.recorder import MigrationRecorder\n"
        f"MigrationRecorder(connection).record_applied('{app}', '9999_from_the_future')"
    )
    before = len(installation.log())
    assert installation.start().wait(SECONDS) == 1
    told = installation.log()[before:]
    assert "newer-database" in told
    assert told.count("\n") == 1


def test_database_that_is_not_there(tmp_path: Path) -> None:
    """One line, without the password."""
    installation = Installation(tmp_path, f"postgresql://clerk:hidden@127.0.0.1:{_free_port()}/luoshi")
    assert installation.start().wait(SECONDS) == 1
    assert "no-database" in installation.log()
    assert installation.log().count("\n") == 1
    assert "hidden" not in installation.log()


def test_data_folder_that_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    installation = Installation(tmp_path, "")
    assert installation.start().wait(SECONDS) == 1
    assert "data-folder" in installation.log()
    assert installation.log().count("\n") == 1


def test_wrong_setting_is_a_wrong_command_line(tmp_path: Path) -> None:
    installation = Installation(tmp_path, "")
    assert installation.start(LUOSHI_URL="luoshi.example").wait(SECONDS) == 2
    assert "LUOSHI_URL" in installation.log()
    assert "Traceback" not in installation.log()


def test_lock_ends_with_its_holder(tmp_path: Path) -> None:
    lock = tmp_path / "a" / "lock"
    assert not is_held(lock)
    with held(lock, shared=True), held(lock, shared=True):
        assert is_held(lock)
    assert not is_held(lock)


class TestHealth:
    """The page itself, without a server around it."""

    def look(self, client_as: Callable[..., Any]) -> tuple[int, dict[str, Any]]:
        answer = client_as(None).get("/health")
        return answer.status_code, answer.json()

    def test_no_worker(self, client_as: Callable[..., Any]) -> None:
        status, told = self.look(client_as)
        assert (status, told["status"], told["reasons"], told["worker"]) == (503, "trouble", ["worker"], False)

    def test_all_well(self, client_as: Callable[..., Any]) -> None:
        from luoshi.web.worker import lock_file

        with held(lock_file(), shared=True):
            status, told = self.look(client_as)
        assert (status, told["status"], told["reasons"], told["head"]) == (200, "ok", [], 0)
        assert set(told) == {"status", "reasons", "version", "database", "head", "worker", "disk_free"}

    def test_tables_of_another_version(self, client_as: Callable[..., Any]) -> None:
        from django.db import connection
        from django.db.migrations.loader import MigrationLoader
        from django.db.migrations.recorder import MigrationRecorder

        from luoshi.web.pages.health import view

        view._migrated_once.cache_clear()
        ((app, name),) = MigrationLoader(connection).graph.leaf_nodes("ledger")
        MigrationRecorder(connection).record_unapplied(app, name)
        assert self.look(client_as)[1]["reasons"] == ["migrations", "worker"]

    def test_no_database(self, client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
        from django.db import OperationalError, connection

        client = client_as(None)
        monkeypatch.setattr(connection, "close", lambda: None)

        def refuse(*_: Any) -> None:
            raise OperationalError("password of the ledger")

        with connection.execute_wrapper(refuse):
            answer = client.get("/health")
        assert (answer.status_code, answer.json()["reasons"]) == (503, ["database", "worker"])
        assert b"password" not in answer.content

    def test_full_disk(self, client_as: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
        from luoshi.web.pages.health import view

        monkeypatch.setattr(view, "LEAST_DISK", 1 << 62)
        assert self.look(client_as)[1]["reasons"] == ["disk", "worker"]
