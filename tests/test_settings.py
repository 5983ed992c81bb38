"""What an installation is told: read from the environment, refused with one clear error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from luoshi.errors import BadUsage, LuoshiError
from luoshi.settings import Database, read_database, read_settings
from luoshi.web.secret import read_secret
from luoshi.web.settings import databases


def test_without_any_variable() -> None:
    settings = read_settings({})
    assert settings.data == Path("~/.local/share/luoshi").expanduser()
    assert settings.database == Database("sqlite", str(settings.data / "ledger.sqlite3"))
    assert (settings.host, settings.port, settings.address) == ("127.0.0.1", 8000, "http://127.0.0.1:8000/")
    assert settings.secret_file == settings.data / "secret.key"
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "[::1]")
    assert (settings.session_minutes, settings.log_days, settings.lang) == (20, 190, "zh")
    assert (settings.strict, settings.proxy, settings.debug, settings.is_secure) == (False, False, False, False)


def test_folder_of_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert read_settings({"LUOSHI_DATA": "here"}).data == tmp_path / "here"
    assert read_settings({"XDG_DATA_HOME": "/srv/share"}).data == Path("/srv/share/luoshi")
    assert read_settings({"XDG_DATA_HOME": "relative"}).data == Path("~/.local/share/luoshi").expanduser()


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("postgresql://clerk:secret@db:6000/luoshi", Database("postgresql", "luoshi", "clerk", "secret", "db", 6000)),
        ("postgres://clerk@db/luoshi", Database("postgresql", "luoshi", "clerk", "", "db", 5432)),
        ("postgresql://a%40b:p%23%2F%3A@db/%E5%8F%B0%E8%B4%A6", Database("postgresql", "台账", "a@b", "p#/:", "db", 5432)),
        ("postgresql://clerk:x@[fd00::1]:5433/luoshi", Database("postgresql", "luoshi", "clerk", "x", "fd00::1", 5433)),
        ("postgresql://clerk@/luoshi?host=/run/postgresql", Database("postgresql", "luoshi", "clerk", "", "/run/postgresql", 5432)),
        (
            "postgresql://clerk@db/luoshi?sslmode=verify-full&sslrootcert=/etc/ca.pem",
            Database("postgresql", "luoshi", "clerk", "", "db", 5432, (("sslmode", "verify-full"), ("sslrootcert", "/etc/ca.pem"))),
        ),
    ],
)
def test_address_of_a_database(url: str, database: Database) -> None:
    assert read_database(url) == database


@pytest.mark.parametrize(
    "url",
    [
        "mysql://root:hidden@db/luoshi",
        "sqlite:///hidden.db",
        "hidden",
        "postgresql://clerk:hidden@db",
        "postgresql://clerk:hidden@db/",
        "postgresql://clerk:hidden@db/a/b",
        "postgresql://clerk:hidden@db:port/luoshi",
        "postgresql://clerk:hidden@db:99999/luoshi",
        "postgresql://clerk:hid#den@db/luoshi",
        "postgresql://[clerk:hidden@db/luoshi",
    ],
)
def test_wrong_address_of_a_database(url: str) -> None:
    """The error says what to write, and never repeats what stood there."""
    with pytest.raises(BadUsage) as caught:
        read_settings({"DATABASE_URL": url})
    assert caught.value.slug == "bad-setting"
    assert "DATABASE_URL" in str(caught.value)
    assert caught.value.remedy
    assert "hid" not in str(caught.value)


def test_no_password_is_shown() -> None:
    settings = read_settings({"DATABASE_URL": "postgresql://clerk:hidden@db/luoshi"})
    assert "hidden" not in f"{settings!r} {settings} {settings.database!r} {settings.database}"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("LUOSHI_PORT", "0", "1 到 65535"),
        ("LUOSHI_PORT", "65536", "太大"),
        ("LUOSHI_PORT", "８０００", "不是整数"),
        ("LUOSHI_PORT", "-1", "不是整数"),
        ("LUOSHI_SESSION_MINUTES", "0", "太小"),
        ("LUOSHI_LOG_DAYS", "183", "184"),
        ("LUOSHI_READERS", "x", "0 到 16"),
        ("LUOSHI_STRICT", "perhaps", "1（开）或 0（关）"),
        ("LUOSHI_LANG", "fr", "zh 或 en"),
        ("LUOSHI_URL", "luoshi.example", "https://"),
        ("LUOSHI_URL", "https://luoshi.example/app", "路径"),
        ("LUOSHI_URL", "https://clerk@luoshi.example", "网址"),
        ("LUOSHI_URL", "https://luoshi.example:x", "网址"),
        ("LUOSHI_HOSTS", "https://luoshi.example", "不带 http://"),
        ("LUOSHI_HOSTS", "luoshi.example:8000", "端口"),
    ],
)
def test_wrong_value(name: str, value: str, told: str) -> None:
    with pytest.raises(BadUsage, match=name) as caught:
        read_settings({name: value})
    assert told in str(caught.value)
    assert caught.value.slug == "bad-setting"


def test_hosts() -> None:
    """Every name is known once, with that of the public address and that on which it listens."""
    settings = read_settings(
        {"LUOSHI_URL": "https://Luoshi.example.gov.cn:8443/", "LUOSHI_HOSTS": "intranet，10.0.0.9, intranet", "LUOSHI_HOST": "10.0.0.9"}
    )
    assert settings.public_url == "https://luoshi.example.gov.cn:8443"
    assert settings.is_secure
    assert settings.allowed_hosts == ("localhost", "127.0.0.1", "[::1]", "intranet", "10.0.0.9", "luoshi.example.gov.cn")
    assert read_settings({"LUOSHI_HOST": "0.0.0.0"}).address == "http://127.0.0.1:8000/"
    assert read_settings({"LUOSHI_HOST": "::1", "LUOSHI_PORT": "81"}).address == "http://[::1]:81/"


def test_sqlite_keeps_what_it_acknowledged() -> None:
    options = databases(Database("sqlite", "/srv/luoshi/ledger.sqlite3"))["default"]["OPTIONS"]
    assert options["transaction_mode"] == "IMMEDIATE"
    assert {"PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON"} <= set(options["init_command"].split(";"))


def test_postgresql_options_come_from_the_address() -> None:
    made = databases(read_database("postgresql://clerk:x@db:6000/luoshi?sslmode=require&connect_timeout=3"))["default"]
    assert (made["HOST"], made["PORT"], made["USER"], made["NAME"]) == ("db", "6000", "clerk", "luoshi")
    assert (made["OPTIONS"]["sslmode"], made["OPTIONS"]["connect_timeout"]) == ("require", "3")


def _settings_with(tmp_path: Path, code: str, **environment: str) -> str:
    """What a process with this environment prints; Django's settings are made at import, so each needs its own."""
    done = subprocess.run(
        [sys.executable, "-c", f"from luoshi.web import settings as s\nprint({code})"],
        env={"LUOSHI_DATA": str(tmp_path), "PATH": "", **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("url", "told"), [("https://luoshi.example", "True True 31536000 ['https://luoshi.example']"), ("", "False False 0 []")]
)
def test_cookies_are_secure_behind_tls(tmp_path: Path, url: str, told: str) -> None:
    code = "s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE, s.SECURE_HSTS_SECONDS, s.CSRF_TRUSTED_ORIGINS, sep=' '"
    assert _settings_with(tmp_path, code, LUOSHI_URL=url) == told


@pytest.mark.parametrize(("proxy", "told"), [("1", "True True"), ("0", "False False")])
def test_a_proxy_is_believed_only_where_one_is_declared(tmp_path: Path, proxy: str, told: str) -> None:
    code = "hasattr(s, 'SECURE_PROXY_SSL_HEADER'), 'luoshi.web.proxy.unproxied' in s.MIDDLEWARE, sep=' '"
    assert _settings_with(tmp_path, code, LUOSHI_PROXY=proxy) == told


def test_secret_is_made_once_and_private(tmp_path: Path) -> None:
    path = tmp_path / "new" / "secret.key"
    key = read_secret(path)
    assert len(key) >= 60
    assert read_secret(path) == key
    assert path.stat().st_mode & 0o777 == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["secret.key"]


def test_processes_that_begin_at_once_share_the_secret(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    code = f"from pathlib import Path; from luoshi.web.secret import read_secret; print(read_secret(Path({str(path)!r})))"
    processes = [subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) for _ in range(6)]
    assert len({process.communicate()[0] for process in processes}) == 1


def test_short_secret_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret.key"
    path.write_text("short")
    with pytest.raises(LuoshiError, match="no-secret"):
        read_secret(path)


def test_secret_in_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LuoshiError, match="no-secret"):
        read_secret(tmp_path / "file" / "secret.key")
