"""The examples of ``deploy/``: taken by the programs that they are for, where these are installed, and in step with the program."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from luoshi import settings
from luoshi.settings import read_settings

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"


def test_nginx_takes_its_example(tmp_path: Path) -> None:
    nginx, openssl = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin"), shutil.which("openssl")
    if nginx is None or openssl is None:
        pytest.skip("no nginx or no openssl here")
    key, certificate = tmp_path / "luoshi.key", tmp_path / "luoshi.crt"
    subprocess.run(
        [openssl, "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=luoshi.example.gov.cn", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    example = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").replace("/etc/nginx/tls/", f"{tmp_path}/")
    for port in ("80", "443"):
        example = re.sub(rf"(listen (?:\[::\]:)?){port}\b", rf"\g<1>1{port}", example)
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{example}\n}}\n", encoding="utf-8")
    done = subprocess.run(
        [nginx, "-t", "-p", tmp_path, "-e", tmp_path / "log", "-c", tmp_path / "nginx.conf"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "syntax is ok" in done.stderr


def test_systemd_takes_its_example(tmp_path: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd here")
    program = tmp_path / "luoshi"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    unit = tmp_path / "luoshi.service"
    unit.write_text(
        (DEPLOY / "luoshi.service").read_text(encoding="utf-8").replace("/opt/luoshi/bin/luoshi", str(program)), encoding="utf-8"
    )
    done = subprocess.run(["systemd-analyze", "verify", unit], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "luoshi.service" not in done.stderr


def test_example_of_the_environment_is_taken() -> None:
    lines = (DEPLOY / "luoshi.env").read_text(encoding="utf-8").splitlines()
    told = dict(line.removeprefix("# ").split("=", 1) for line in lines if re.match(r"(# )?[A-Z_]+=", line))
    found = read_settings(told)
    assert (str(found.data), found.database.engine, found.proxy, found.is_secure, found.strict) == (
        "/var/lib/luoshi",
        "postgresql",
        True,
        True,
        True,
    )


def test_every_variable_is_documented() -> None:
    """Those that the program reads and those that the page on installing explains are the same."""
    page = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| `([A-Z_]+)` \|", page, flags=re.MULTILINE))
    assert explained == set(re.findall(r"LUOSHI_[A-Z_]+|DATABASE_URL", str(settings.__doc__)))
