"""The demonstration: made once, served after; begun again where it was stopped half-way."""

from __future__ import annotations

import os
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.request
from contextlib import closing
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow


def begin(data: Path) -> tuple[subprocess.Popen[bytes], str]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    # what other tests have set for themselves is not for it
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LUOSHI_", "DJANGO_"))}
    environment = {**kept, "LUOSHI_LANG": "zh", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "luoshi.cli", "demo", "--no-browser", "--data", str(data), "--port", str(port)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment), f"http://127.0.0.1:{port}"


def wait(process: subprocess.Popen[bytes], address: str) -> str:
    """What the sign-in page says, once it is there."""
    for _ in range(240):
        if process.poll() is not None:
            raise AssertionError(process.communicate()[1].decode())
        try:
            with urllib.request.urlopen(f"{address}/signin", timeout=10) as answer:  # noqa: S310 - our own server
                return str(answer.read().decode())
        except OSError:
            time.sleep(0.5)
    raise AssertionError("the demonstration does not answer")


def end(process: subprocess.Popen[bytes]) -> str:
    process.terminate()
    out, _ = process.communicate(timeout=60)
    return out.decode()


def test_made_half_it_is_made_again_and_then_only_served(tmp_path: Path) -> None:
    process, _ = begin(tmp_path / "demo")
    base = tmp_path / "demo" / "ledger.sqlite3"
    for _ in range(240):
        if base.exists() and base.stat().st_size > 500_000:
            break
        time.sleep(0.1)
    process.kill()
    process.communicate()
    process, address = begin(tmp_path / "demo")
    assert "<form" in wait(process, address)
    told = end(process)
    assert "Qishan-2026" in told
    assert "ducha" in told
    with closing(sqlite3.connect(f"file:{base}?mode=ro", uri=True)) as ledger:
        states = dict(ledger.execute("SELECT scheme, state FROM ledger_appraisal").fetchall())
    assert (states["A12@1"], states["A13@1"]) == ("final", "announced"), "the quarter stands, and the year is made of quarters"
    made = base.stat().st_mtime_ns
    process, address = begin(tmp_path / "demo")
    wait(process, address)
    end(process)
    assert (tmp_path / "demo" / "demo.whole").exists()
    assert made
