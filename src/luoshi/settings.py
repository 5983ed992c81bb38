"""What an installation is told about itself: read once from the environment into one frozen value.

Nothing is opened or made here. The variables, all of which may be absent:

=======================  ==============================================================================
LUOSHI_DATA              folder of the ledger and its files; else ``$XDG_DATA_HOME/luoshi``, ``~/.local/share/luoshi``
DATABASE_URL             ``postgresql://user:password@host:port/name?option=value``; empty: SQLite in the data folder
LUOSHI_HOST LUOSHI_PORT  where the server listens; 127.0.0.1 and 8000
LUOSHI_URL               the address that people type (``https://luoshi.example.gov.cn``); https makes cookies secure
LUOSHI_HOSTS             further names by which it may be asked for, with commas; ``*`` for any
LUOSHI_PROXY             1 where a proxy of ours stands before it and says who asks, and by http or https
LUOSHI_SECRET            file of the secret key; made on first use in the data folder
LUOSHI_SESSION_MINUTES   a session ends after so many minutes without a request; 20
LUOSHI_WORKERS           processes that answer requests; 2 or 3 by the machine's cores
LUOSHI_THREADS           requests that each of them answers at once; 8
LUOSHI_READERS           processes that read files that came in; 1; 0 where ``luoshi worker`` runs by itself
LUOSHI_LOG_DAYS          for so many days the audit trail is kept, at least 184; 190
LUOSHI_STRICT            1: nobody combines the three administrators' roles
LUOSHI_LANG              zh or en: the language of pages for who has chosen none
LUOSHI_DEBUG             1: for work on Luoshi itself; never on a real server
=======================  ==============================================================================
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

import msgspec

from luoshi.errors import BadUsage

LEDGER_FILE: Final = "ledger.sqlite3"
#: 网络安全法第二十一条: logs are kept for six months at least
#: six months, which the Cybersecurity Law (art. 23) asks for, are 181 to 184 days
_LEAST_LOG_DAYS: Final = 184
_FORM: Final = "postgresql://用户:密码@主机:端口/库名"


class Database(msgspec.Struct, frozen=True):
    """Which database holds the ledger; of SQLite only ``name``, the path of its file, is said."""

    engine: Literal["sqlite", "postgresql"]
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: int = 0
    options: tuple[tuple[str, str], ...] = ()

    def __repr__(self) -> str:
        """Without the password, since it is what logs and tracebacks show."""
        return f"Database({self.engine}, {self.name!r}, user={self.user!r}, host={self.host!r}, port={self.port})"


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """All that one installation is told; paths are absolute."""

    data: Path
    database_url: str = ""
    host: str = "127.0.0.1"
    port: int = 8000
    public_url: str = ""
    allowed_hosts: tuple[str, ...] = ("localhost", "127.0.0.1", "[::1]")
    proxy: bool = False
    secret_file: Path
    session_minutes: int = 20
    log_days: int = 190
    workers: int = 2
    threads: int = 8
    readers: int = 1
    strict: bool = False
    lang: Literal["zh", "en"] = "zh"
    debug: bool = False

    @property
    def database(self) -> Database:
        """The database that ``database_url`` names, or the file in the data folder."""
        return read_database(self.database_url) if self.database_url else Database("sqlite", str(self.data / LEDGER_FILE))

    @property
    def is_secure(self) -> bool:
        """Whether people reach it by https."""
        return self.public_url.startswith("https://")

    @property
    def address(self) -> str:
        """Where a browser on this machine finds it."""
        host = "127.0.0.1" if self.host in ("", "0.0.0.0") else "[::1]" if self.host == "::" else _bracketed(self.host)  # noqa: S104
        return f"http://{host}:{self.port}/"

    def __repr__(self) -> str:
        """Without the database's address, which may hold a password."""
        return f"Settings(data={str(self.data)!r}, database={self.database!r}, host={self.host!r}, port={self.port})"


def read_settings(environment: Mapping[str, str]) -> Settings:
    """The settings that the environment tells; one clear error for a value that cannot be.

    >>> read_settings({"LUOSHI_DATA": "/srv/luoshi", "LUOSHI_PORT": "8080"}).database.name
    '/srv/luoshi/ledger.sqlite3'
    >>> read_settings({"LUOSHI_PORT": "http"})
    Traceback (most recent call last):
    luoshi.errors.BadUsage: 环境变量 LUOSHI_PORT：“http”不是整数。请改为 1 到 65535 的整数。［bad-setting］
    """
    data = _data(environment)
    host = environment.get("LUOSHI_HOST", "").strip() or "127.0.0.1"
    public_url = _public_url(environment.get("LUOSHI_URL", "").strip())
    secret = environment.get("LUOSHI_SECRET", "").strip()
    settings = Settings(
        data=data,
        database_url=environment.get("DATABASE_URL", "").strip(),
        host=host,
        port=_number(environment, "LUOSHI_PORT", 8000, least=1, most=65535),
        public_url=public_url,
        allowed_hosts=_hosts(environment.get("LUOSHI_HOSTS", ""), host, public_url),
        proxy=_switch(environment, "LUOSHI_PROXY"),
        secret_file=_absolute(secret) if secret else data / "secret.key",
        session_minutes=_number(environment, "LUOSHI_SESSION_MINUTES", 20, least=1, most=24 * 60),
        log_days=_number(environment, "LUOSHI_LOG_DAYS", 190, least=_LEAST_LOG_DAYS, most=36500),
        workers=_number(environment, "LUOSHI_WORKERS", min(3, max(2, os.cpu_count() or 1)), least=1, most=64),
        threads=_number(environment, "LUOSHI_THREADS", 8, least=1, most=64),
        readers=_number(environment, "LUOSHI_READERS", 1, least=0, most=16),
        strict=_switch(environment, "LUOSHI_STRICT"),
        lang=_lang(environment),
        debug=_switch(environment, "LUOSHI_DEBUG"),
    )
    if settings.database_url:
        read_database(settings.database_url)
    return settings


def read_database(url: str) -> Database:
    """The PostgreSQL database that an address names; the error never repeats the address, since it may hold a password.

    >>> read_database("postgresql://clerk:a%40b@db.example:5433/luoshi?sslmode=require")
    Database(postgresql, 'luoshi', user='clerk', host='db.example', port=5433)
    """
    try:
        parts = urlsplit(url)
        port = parts.port or 5432
    except ValueError as error:
        raise _bad("DATABASE_URL", "地址写得不对（端口应为数字，IPv6 地址用方括号）", f"请写成 {_FORM}") from error
    if parts.scheme not in ("postgresql", "postgres"):
        raise _bad("DATABASE_URL", "只能是 PostgreSQL 的地址", f"请写成 {_FORM}；用 SQLite 则不设这个变量，数据在 LUOSHI_DATA 里")
    name = unquote(parts.path.removeprefix("/"))
    if not name or "/" in name:
        raise _bad("DATABASE_URL", "没有写明库名", f"请写成 {_FORM}")
    if parts.fragment:
        raise _bad("DATABASE_URL", "密码里的 # 没有转写", "请把密码里的 # 写成 %23，@ 写成 %40，/ 写成 %2F")
    options = tuple(parse_qsl(parts.query, keep_blank_values=True))
    given = dict(options)
    # libpq's own way of naming a folder with a socket: postgresql://user@/name?host=/run/postgresql
    host = unquote(parts.hostname or "") or given.get("host", "")
    rest = tuple((key, value) for key, value in options if key not in ("host", "port"))
    port = int(given["port"]) if re.fullmatch("[0-9]{1,5}", given.get("port", "")) and parts.port is None else port
    return Database("postgresql", name, unquote(parts.username or ""), unquote(parts.password or ""), host, port, rest)


def _bad(name: str, what: str, remedy: str) -> BadUsage:
    return BadUsage(what, where=f"环境变量 {name}", remedy=remedy, slug="bad-setting")


def _absolute(path: str) -> Path:
    try:
        return Path(path).expanduser().absolute()
    except (RuntimeError, ValueError) as error:
        raise _bad("LUOSHI_DATA", f"路径“{path}”不能用", "请写完整的路径，如 /var/lib/luoshi") from error


def _data(environment: Mapping[str, str]) -> Path:
    told = environment.get("LUOSHI_DATA", "").strip()
    if told:
        return _absolute(told)
    home = environment.get("XDG_DATA_HOME", "").strip()
    # the standard says that a relative path there is to be ignored
    return Path(home) / "luoshi" if home and Path(home).is_absolute() else _absolute("~/.local/share/luoshi")


def _number(environment: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    told = environment.get(name, "").strip()
    if not told:
        return default
    remedy = f"请改为 {least} 到 {most} 的整数"
    if not re.fullmatch(r"[0-9]{1,9}", told, re.ASCII):
        raise _bad(name, f"“{told}”不是整数", remedy)
    if not least <= int(told) <= most:
        raise _bad(name, f"{int(told)} 太{'小' if int(told) < least else '大'}", remedy)
    return int(told)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    told = environment.get(name, "").strip().lower()
    if told in ("", "0", "no", "off", "false"):
        return False
    if told in ("1", "yes", "on", "true"):
        return True
    raise _bad(name, f"“{told}”既不是开也不是关", "请写 1（开）或 0（关）")


def _lang(environment: Mapping[str, str]) -> Literal["zh", "en"]:
    match environment.get("LUOSHI_LANG", "").strip().lower():
        case "" | "zh":
            return "zh"
        case "en":
            return "en"
        case told:
            raise _bad("LUOSHI_LANG", f"没有“{told}”这种界面语言", "请写 zh 或 en")


def _public_url(told: str) -> str:
    """The address without what stands behind the host, since pages lie at its root."""
    if not told:
        return ""
    remedy = "请写成 https://主机名 或 https://主机名:端口"
    try:
        parts = urlsplit(told)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _bad("LUOSHI_URL", f"“{told}”不是网址", remedy) from error
    if parts.scheme not in ("http", "https") or not host or parts.username is not None:
        raise _bad("LUOSHI_URL", f"“{told}”不是网址", remedy)
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise _bad("LUOSHI_URL", "主机名后面不能再有路径", remedy)
    return f"{parts.scheme}://{_bracketed(host)}" + (f":{port}" if port else "")


def _hosts(told: str, host: str, public_url: str) -> tuple[str, ...]:
    """Every name by which the server may be asked for, each once; a name is written without its port."""
    names = ["localhost", "127.0.0.1", "[::1]", *(name.strip() for name in told.replace("，", ",").split(","))]
    if host not in ("0.0.0.0", "::"):  # noqa: S104
        names.append(_bracketed(host))
    if public_url:
        names.append(_bracketed(urlsplit(public_url).hostname or ""))
    wrong = next((name for name in names if not _HOST.fullmatch(name)), None)
    if wrong is not None:
        raise _bad("LUOSHI_HOSTS", f"“{wrong}”不是主机名", "请写主机名或 IP 地址，用逗号隔开，不带 http:// 和端口")
    return tuple(dict.fromkeys(name for name in names if name))


_HOST = re.compile(r"|\*|\.?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]")


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
