"""What an installation is told about notices: e-mail and robots from the environment, hours from the settings that an administrator changes."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import time
from functools import cache
from pathlib import Path
from typing import Final, Literal, cast
from urllib.parse import unquote, urlsplit

import msgspec

from luoshi.errors import BadUsage, said
from luoshi.ledger.settings_now import Now, domains_of
from luoshi.messages import Lang
from luoshi.notify.channels import ROBOTS, Robot, RobotKind, checked_address
from luoshi.notify.message import Form
from luoshi.notify.rules import Quiet

_LOCAL_HOSTS: Final = frozenset({"localhost", "127.0.0.1", "::1"})
#: name of the channel by which persons get e-mail
MAIL: Final = "mail"
_ADDRESS: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_{|}~-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?")


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """A mail server: ``tls`` from the first byte, by StartTLS, or none."""

    host: str
    port: int
    sender: str
    tls: Literal["tls", "starttls", "none"] = "starttls"
    user: str = ""
    password: str = ""
    #: file of the authorities trusted instead of the system's
    authorities: str = ""

    def __repr__(self) -> str:
        """Without the password, since it is what logs and tracebacks show."""
        return f"Mail({self.host}:{self.port}, {self.tls}, user={self.user!r})"


class Told(msgspec.Struct, frozen=True, kw_only=True):
    """All that the environment says."""

    mail: Mail | None = None
    robots: tuple[Robot, ...] = ()
    #: file of the authorities trusted for robots instead of the system's
    authorities: str = ""
    #: address of a proxy through which robots are reached
    proxy: str = ""
    #: an address entered on a page may lie on this machine (a relay beside us), and may be reached without encryption
    local: bool = False
    http: bool = False
    #: letters and notices are forgotten after so many days
    days: int = 190


def current() -> Told:
    """What this process was told: Django's setting ``LUOSHI_NOTIFY`` where there is one, else the environment."""
    from django.conf import settings

    given = getattr(settings, "LUOSHI_NOTIFY", None)
    return given if isinstance(given, Told) else _of_environment()


@cache
def _of_environment() -> Told:
    return read_notify(os.environ)


def lang() -> Lang:
    """The language of what is sent: that of the installation."""
    from django.conf import settings

    told: Lang = settings.LUOSHI.lang
    return told


def read_notify(environment: Mapping[str, str]) -> Told:
    """What the environment says of notices; one clear error for a value that cannot be.

    >>> read_notify({"LUOSHI_NOTIFY_WECOM_URL": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=k"}).robots[0].kind
    'wecom'
    """
    return Told(
        mail=_mail(environment),
        robots=tuple(robot for kind in ROBOTS if (robot := _robot(environment, kind)) is not None),
        authorities=environment.get("LUOSHI_NOTIFY_AUTHORITIES", "").strip(),
        proxy=_proxy(environment),
        local=_switch(environment, "LUOSHI_NOTIFY_LOCAL"),
        http=_switch(environment, "LUOSHI_NOTIFY_HTTP"),
        days=_days(environment),
    )


def quiet_of(now: Now) -> Quiet:
    """The quiet hours that are set."""
    return Quiet(
        start=_clock(now.notify_quiet_from), end=_clock(now.notify_quiet_to), workdays_only=now.notify_workdays == "1",
        urgent_passes=now.notify_urgent == "1",
    )  # fmt: skip


def digest_time(now: Now) -> time | None:
    """When the daily digest goes out; None where it is switched off."""
    return None if now.notify_digest == "off" else _clock(now.notify_digest)


def checked_mail_address(address: str, *, where: str) -> str:
    """An e-mail address, if it can be one."""
    told = address.strip()
    if not _ADDRESS.fullmatch(told):
        raise BadUsage("不是邮箱地址", where=where, remedy="请写成 姓名@单位的域名，一次一个", slug="bad-setting")
    return told


def mail_may_go(address: str, now: Now, mail: Mail | None) -> bool:
    """Whether e-mail may go to the domain of this address: to one that is set (``*``: any), else to that of the sender.

    >>> (
    ...     mail_may_go("a@mail.qishan.example", Now(mail_domains="qishan.example"), None),
    ...     mail_may_go("a@x.example", Now(mail_domains="*"), None),
    ... )
    (True, True)
    """
    own = mail.sender.rpartition("@")[2].lower() if mail else "*"
    allowed = domains_of(now.mail_domains) or (own,)
    domain = address.rpartition("@")[2].lower()
    return any(one in ("*", domain) or domain.endswith(f".{one}") for one in allowed)


def _clock(told: str) -> time:
    return time.fromisoformat(told)


def _robot(environment: Mapping[str, str], kind: RobotKind) -> Robot | None:
    prefix = f"LUOSHI_NOTIFY_{kind.upper()}"
    url = _secret(environment, f"{prefix}_URL").strip()
    if not url:
        return None
    form = environment.get(f"{prefix}_FORM", "").strip() or "text"
    if form not in ("text", "markdown") or (form == "markdown" and kind == "feishu"):
        raise _bad(f"{prefix}_FORM", f"“{form[:20]}”不行", "请写 text；钉钉和企业微信也可写 markdown")
    return Robot(
        id=kind, kind=kind, url=checked_address(url, where=f"环境变量 {prefix}_URL"), secret=_secret(environment, f"{prefix}_SECRET").strip(),
        keyword=environment.get(f"{prefix}_KEYWORD", "").strip(), form=cast("Form", form),
    )  # fmt: skip


def _mail(environment: Mapping[str, str]) -> Mail | None:
    url = environment.get("LUOSHI_NOTIFY_MAIL", "").strip()
    if not url:
        return None
    remedy = "请写成 smtps://用户@主机:465 或 smtp://用户@主机:587，密码写在 LUOSHI_NOTIFY_MAIL_PASSWORD"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise _bad("LUOSHI_NOTIFY_MAIL", "地址写得不对", remedy) from error
    if parts.scheme not in ("smtp", "smtps") or not host or parts.password is not None or parts.path.strip("/") or parts.query:
        raise _bad("LUOSHI_NOTIFY_MAIL", "不是邮件服务器的地址，或带着密码", remedy)
    plain = _switch(environment, "LUOSHI_NOTIFY_MAIL_PLAIN")
    tls: Literal["tls", "starttls", "none"] = "tls" if parts.scheme == "smtps" else "none" if plain else "starttls"
    user, password = unquote(parts.username or ""), _secret(environment, "LUOSHI_NOTIFY_MAIL_PASSWORD").strip()
    if tls == "none" and user and host not in _LOCAL_HOSTS:
        raise _bad("LUOSHI_NOTIFY_MAIL_PLAIN", "密码会明文传送", "不加密时请不写用户；要登录请用 smtps:// 或去掉 LUOSHI_NOTIFY_MAIL_PLAIN")
    if user and not password:
        raise _bad(
            "LUOSHI_NOTIFY_MAIL_PASSWORD", "写了用户，没有写密码", "请写密码，或用 LUOSHI_NOTIFY_MAIL_PASSWORD_FILE 指出放密码的文件"
        )
    sender = environment.get("LUOSHI_NOTIFY_MAIL_FROM", "").strip() or (user if "@" in user else "")
    return Mail(
        host=host, port=port or (465 if tls == "tls" else 587 if tls == "starttls" else 25), tls=tls, user=user, password=password,
        sender=checked_mail_address(sender, where="环境变量 LUOSHI_NOTIFY_MAIL_FROM"),
        authorities=environment.get("LUOSHI_NOTIFY_MAIL_AUTHORITIES", "").strip(),
    )  # fmt: skip


def _proxy(environment: Mapping[str, str]) -> str:
    told = environment.get("LUOSHI_NOTIFY_PROXY", "").strip()
    if told and urlsplit(told).scheme not in ("http", "https"):
        raise _bad("LUOSHI_NOTIFY_PROXY", "不是代理的地址", "请写成 http://主机:端口")
    return told


def _days(environment: Mapping[str, str]) -> int:
    told = environment.get("LUOSHI_NOTIFY_DAYS", "").strip()
    if told and (not re.fullmatch(r"[0-9]{1,4}", told, re.ASCII) or not 30 <= int(told) <= 3650):
        raise _bad("LUOSHI_NOTIFY_DAYS", f"“{told[:20]}”不行", "请改为 30 到 3650 的整数")
    return int(told) if told else 190


def _secret(environment: Mapping[str, str], name: str) -> str:
    """A secret said itself, or the file that holds it (``…_FILE``)."""
    path = environment.get(f"{name}_FILE", "").strip()
    if not path:
        return environment.get(name, "")
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        told = said(error) if isinstance(error, OSError) else "不是 UTF-8 文本"
        raise _bad(f"{name}_FILE", f"{path}：{told}", "请改正路径或权限") from error


def _switch(environment: Mapping[str, str], name: str) -> bool:
    told = environment.get(name, "").strip().lower()
    if told not in ("", "0", "no", "off", "false", "1", "yes", "on", "true"):
        raise _bad(name, f"“{told[:20]}”既不是开也不是关", "请写 1（开）或 0（关）")
    return told in ("1", "yes", "on", "true")


def _bad(name: str, what: str, remedy: str) -> BadUsage:
    return BadUsage(what, where=f"环境变量 {name}", remedy=remedy, slug="bad-setting")
