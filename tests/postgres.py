"""Runs the tests that write to a database once more, on PostgreSQL: ``python -m tests.postgres [options of pytest]``.

The server is the one that LUOSHI_TEST_DATABASE_URL names (its user must be allowed to create databases); else one that is started here from the
programs of this machine, with an own folder, reached through a socket in it and gone afterwards. Where there is neither, it says so and is done.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

VARIABLE = "LUOSHI_TEST_DATABASE_URL"


def main(arguments: list[str]) -> int:
    """The exit code of pytest; 0 where there is no server."""
    if os.environ.get(VARIABLE):
        return run_tests(os.environ[VARIABLE], arguments)
    programs = find_programs()
    if programs is None:
        print(f"PostgreSQL: none here, its tests are left out (apt install postgresql, or set {VARIABLE})", flush=True)
        return 0
    with started(programs) as url:
        return run_tests(url, arguments)


def run_tests(url: str, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "pytest", "-m", "database", *arguments]
    return subprocess.run(command, env={**os.environ, VARIABLE: url}, check=False).returncode


def find_programs() -> Path | None:
    """The folder with ``initdb`` and ``pg_ctl``: on the path, else where Debian, Red Hat and Homebrew put them, the newest."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).resolve().parent] if on_path else []
    for pattern in ("usr/lib/postgresql/*/bin", "usr/pgsql-*/bin", "opt/homebrew/opt/postgresql*/bin"):
        folders += sorted(Path("/").glob(pattern), reverse=True)
    return next((folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None)


@contextmanager
def started(programs: Path) -> Iterator[str]:
    """A server that keeps nothing; gives the address of its database."""
    # PostgreSQL refuses to run as root
    user = next((name for name in ("postgres", "nobody") if _exists(name)), None) if os.geteuid() == 0 else None
    with tempfile.TemporaryDirectory(prefix="luoshi-pg-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        data = Path(folder) / "data"
        if user:
            shutil.chown(folder, user)
            Path(folder).chmod(0o755)
        _run(
            [
                programs / "initdb",
                "--pgdata",
                data,
                "--username",
                "luoshi",
                "--auth",
                "trust",
                "--encoding",
                "UTF8",
                "--no-locale",
                "--no-sync",
            ],
            user,
        )
        options = (
            f"-c listen_addresses='' -c unix_socket_directories='{folder}' -c fsync=off -c synchronous_commit=off -c max_connections=100"
        )
        control = [programs / "pg_ctl", "--pgdata", data, "--wait", "--silent"]
        try:
            _run([*control, "--log", Path(folder) / "log", "--options", options, "start"], user)
            yield f"postgresql://luoshi@/postgres?host={folder}"
        finally:
            _run([*control, "--mode", "immediate", "stop"], user, check=False)


def _exists(user: str) -> bool:
    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True


def _run(command: list[str | Path], user: str | None, *, check: bool = True) -> None:
    # the server inherits the output; a pipe would never end
    with tempfile.TemporaryFile() as told:
        done = subprocess.run(command, user=user, cwd="/", stdout=told, stderr=subprocess.STDOUT, check=False)
        if check and done.returncode:
            told.seek(0)
            raise SystemExit(f"PostgreSQL: {Path(command[0]).name} failed\n{told.read().decode(errors='replace')}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
