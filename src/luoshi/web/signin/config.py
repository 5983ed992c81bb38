"""What an installation is told about signing in: read once from the environment into one frozen value. See ``docs/signin.md``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import msgspec
import yaml

from luoshi.desk.actor import Role
from luoshi.errors import BadUsage, said

_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})


class Policy(msgspec.Struct, frozen=True, kw_only=True):
    """Rules of passwords, locks and sessions; the defaults are the practice for GB/T 22239 (the standard itself names no numbers)."""

    #: least number of characters
    length: int = 8
    #: so many of: small letters, capitals, digits, other characters
    classes: int = 3
    #: the last so many passwords may not come again
    history: int = 5
    #: a password lasts so many days; 0: for ever
    days: int = 0
    #: so many failures lock a user name ...
    failures: int = 5
    #: ... for so many minutes
    lock_minutes: int = 30
    #: so many failures from one address throttle it for ``lock_minutes``; 0: never. An office may share one address.
    address_failures: int = 60
    #: a session ends after so many hours, whatever was done in it
    session_hours: int = 12


class Directory(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What of another system's people becomes what here: the file ``LUOSHI_SSO_MAP``."""

    #: name of a group there: role here. Empty: roles are given here.
    roles: dict[str, Role] = {}
    #: department there: id of the organisation here
    units: dict[str, str] = {}
    #: department there: code of the region here
    regions: dict[str, str] = {}
    #: whether somebody without an account gets one on the first sign-in
    create: bool = False


class Oidc(msgspec.Struct, frozen=True, kw_only=True):
    """A provider of OpenID Connect."""

    issuer: str
    client: str
    secret: str = ""
    scope: str = "openid profile"
    username: str = "preferred_username"
    name: str = "name"
    groups: str = "groups"
    department: str = "department"
    label: str = ""
    #: file of the authorities trusted instead of the system's
    authorities: str = ""
    #: whether signing out here signs out there
    signs_out: bool = False

    def __repr__(self) -> str:
        """Without the secret, since it is what logs and tracebacks show."""
        return f"Oidc({self.issuer!r}, client={self.client!r})"


class Ldap(msgspec.Struct, frozen=True, kw_only=True):
    """A directory. Either ``dn`` (a template) says who binds, or ``base`` and ``filter`` find the person first."""

    url: str
    starttls: bool = False
    authorities: str = ""
    dn: str = ""
    bind_dn: str = ""
    bind_password: str = ""
    base: str = ""
    filter: str = "(uid={username})"
    group_base: str = ""
    group_filter: str = "(member={dn})"
    username: str = "uid"
    name: str = "cn"
    groups: str = "memberOf"
    department: str = "departmentNumber"

    def __repr__(self) -> str:
        """Without the password."""
        return f"Ldap({self.url!r}, base={self.base!r}, dn={self.dn!r})"


class Signin(msgspec.Struct, frozen=True, kw_only=True):
    """All of it."""

    policy: Policy = Policy()
    directory: Directory = Directory()
    oidc: Oidc | None = None
    ldap: Ldap | None = None
    #: with single sign-on: the only user name whose password is kept here; empty: every account with a password may use it
    break_glass: str = ""

    @property
    def is_single(self) -> bool:
        """Whether people are known from elsewhere."""
        return self.oidc is not None or self.ldap is not None

    def may_use_password(self, username: str) -> bool:
        """Whether this user name may sign in with a password kept here."""
        return not self.is_single or not self.break_glass or username == self.break_glass


def current() -> Signin:
    """That of this process: Django's setting ``LUOSHI_SIGNIN`` where there is one, else what the environment says."""
    from django.conf import settings

    given = getattr(settings, "LUOSHI_SIGNIN", None)
    return given if isinstance(given, Signin) else _of_environment(settings.LUOSHI.strict)


@cache
def _of_environment(strict: bool) -> Signin:
    return read_signin(os.environ, strict=strict)


def read_signin(environment: Mapping[str, str], *, strict: bool = False) -> Signin:
    """What the environment says of signing in; one clear error for a value that cannot be. In strict mode passwords last 90 days.

    >>> read_signin({"LUOSHI_PASSWORD_LENGTH": "10"}, strict=True).policy.length, read_signin({}, strict=True).policy.days
    (10, 90)
    """
    mapped = environment.get("LUOSHI_SSO_MAP", "").strip()
    return Signin(
        policy=_policy(environment, strict=strict),
        directory=read_directory(Path(mapped)) if mapped else Directory(),
        oidc=_oidc(environment),
        ldap=_ldap(environment),
        break_glass=environment.get("LUOSHI_BREAK_GLASS", "").strip(),
    )


def read_directory(path: Path) -> Directory:
    """The file that says what groups and departments become here."""
    try:
        return msgspec.convert(yaml.safe_load(path.read_text(encoding="utf-8")) or {}, Directory)
    except OSError as error:
        raise _bad("LUOSHI_SSO_MAP", f"{path}：{said(error)}", "请改正路径或权限") from error
    except (yaml.YAMLError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise _bad("LUOSHI_SSO_MAP", f"{path} 的内容不对：{error}", "请对照 docs/signin.md 的样例改正") from error


def _policy(environment: Mapping[str, str], *, strict: bool) -> Policy:
    def number(name: str, default: int, least: int, most: int) -> int:
        return _number(environment, name, default, least=least, most=most)

    return Policy(
        length=number("LUOSHI_PASSWORD_LENGTH", 8, 8, 64),
        history=number("LUOSHI_PASSWORD_HISTORY", 5, 0, 24),
        days=number("LUOSHI_PASSWORD_DAYS", 90 if strict else 0, 0, 3650),
        failures=number("LUOSHI_LOCK_FAILURES", 5, 1, 100),
        lock_minutes=number("LUOSHI_LOCK_MINUTES", 30, 1, 24 * 60),
        address_failures=number("LUOSHI_ADDRESS_FAILURES", 60, 0, 100_000),
        session_hours=number("LUOSHI_SESSION_HOURS", 12, 1, 24 * 7),
    )


def _oidc(environment: Mapping[str, str]) -> Oidc | None:
    issuer = environment.get("LUOSHI_OIDC_ISSUER", "").strip().rstrip("/")
    if not issuer:
        return None
    parts = urlsplit(issuer)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in _LOCAL_HOSTS):
        raise _bad("LUOSHI_OIDC_ISSUER", f"“{issuer}”不是 https 地址", "请写 https:// 开头的地址；口令和令牌不能明文传送")
    client = environment.get("LUOSHI_OIDC_CLIENT", "").strip()
    if not client:
        raise _bad("LUOSHI_OIDC_CLIENT", "没有写", "请填统一身份认证平台分配给本系统的 client id")
    given = _told(environment, "LUOSHI_OIDC_", ("scope", "username", "name", "groups", "department", "label", "authorities"))
    if "openid" not in given.get("scope", "openid").split():
        raise _bad("LUOSHI_OIDC_SCOPE", "没有 openid", "请写成 openid profile")
    return Oidc(
        issuer=issuer, client=client, secret=_secret(environment, "LUOSHI_OIDC_SECRET"),
        signs_out=_switch(environment, "LUOSHI_OIDC_SIGNOUT"), **given,
    )  # fmt: skip


def _ldap(environment: Mapping[str, str]) -> Ldap | None:
    url = environment.get("LUOSHI_LDAP_URL", "").strip()
    if not url:
        return None
    parts = urlsplit(url)
    if parts.scheme not in ("ldap", "ldaps") or not parts.hostname:
        raise _bad("LUOSHI_LDAP_URL", f"“{url}”不是目录服务的地址", "请写成 ldaps://主机名 或 ldap://主机名:389")
    starttls = _switch(environment, "LUOSHI_LDAP_STARTTLS")
    plain = parts.scheme == "ldap" and not starttls and parts.hostname not in _LOCAL_HOSTS
    if plain and not _switch(environment, "LUOSHI_LDAP_PLAIN"):
        raise _bad("LUOSHI_LDAP_URL", "密码会明文传送", "请用 ldaps://，或设 LUOSHI_LDAP_STARTTLS=1；确实只能明文时设 LUOSHI_LDAP_PLAIN=1")
    names = ("authorities", "dn", "bind_dn", "base", "filter", "group_base", "group_filter", "username", "name", "groups", "department")
    given = _told(environment, "LUOSHI_LDAP_", names)
    if not given.get("dn") and not given.get("base"):
        raise _bad(
            "LUOSHI_LDAP_BASE",
            "没有写从哪里找人",
            "请写 LUOSHI_LDAP_BASE（先查后绑），或 LUOSHI_LDAP_DN（直接绑，如 uid={username},ou=people,dc=example）",
        )
    for name, field in (("dn", "{username}"), ("filter", "{username}"), ("group_filter", "{dn}")):
        if name in given and field not in given[name]:
            raise _bad(f"LUOSHI_LDAP_{name.upper()}", f"缺少 {field}", f"请在要填入的地方写 {field}")
    password = _secret(environment, "LUOSHI_LDAP_BIND_PASSWORD")
    return msgspec.convert({**given, "url": url, "starttls": starttls, "bind_password": password}, Ldap)


def _told(environment: Mapping[str, str], prefix: str, names: tuple[str, ...]) -> dict[str, str]:
    """What is said of these, by their names; what is not said is left to its default."""
    found = {name: environment.get(prefix + name.upper(), "").strip() for name in names}
    return {name: value for name, value in found.items() if value}


def _secret(environment: Mapping[str, str], name: str) -> str:
    """A secret said itself, or the file that holds it (``…_FILE``)."""
    path = environment.get(f"{name}_FILE", "").strip()
    if not path:
        return environment.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise _bad(f"{name}_FILE", f"{path}：{said(error)}", "请改正路径或权限") from error


def _number(environment: Mapping[str, str], name: str, default: int, *, least: int, most: int) -> int:
    told = environment.get(name, "").strip()
    if not told:
        return default
    if not re.fullmatch(r"[0-9]{1,6}", told, re.ASCII) or not least <= int(told) <= most:
        raise _bad(name, f"“{told}”不行", f"请改为 {least} 到 {most} 的整数")
    return int(told)


def _switch(environment: Mapping[str, str], name: str) -> bool:
    told = environment.get(name, "").strip().lower()
    if told not in ("", "0", "no", "off", "false", "1", "yes", "on", "true"):
        raise _bad(name, f"“{told}”既不是开也不是关", "请写 1（开）或 0（关）")
    return told in ("1", "yes", "on", "true")


def _bad(name: str, what: str, remedy: str) -> BadUsage:
    return BadUsage(what, where=f"环境变量 {name}", remedy=remedy, slug="bad-setting")
