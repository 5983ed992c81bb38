"""The robots of groups: signatures, requests, and what an answer means. Pure: nothing is sent here.

What each remote allows and answers stands in ``channels.yaml`` with its source.
"""

from __future__ import annotations

import hashlib
import hmac
from base64 import b64encode
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any, Final, Literal
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

import msgspec

from luoshi.errors import BadUsage
from luoshi.messages import Lang, Message
from luoshi.notify.message import Form, Measure
from luoshi.tables import load_table

RobotKind = Literal["dingtalk", "wecom", "feishu"]
ROBOTS: Final[tuple[RobotKind, ...]] = ("dingtalk", "wecom", "feishu")
Outcome = Literal["sent", "later", "given-up", "unsure"]
#: seconds after which a letter comes again whose channel was busy or away
_AWAY: Final = 60
#: so much of a remote's own words is kept
_SAID: Final = 200


class Meaning(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What one code of an answer means."""

    outcome: Outcome
    zh: str
    en: str
    wait: int = 0


class Remote(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a kind of robot allows: messages a minute and a second (0: no limit of its own), sizes, answers; and where that is written."""

    name: Message
    host: str
    per_minute: int
    bytes: dict[Form, int]
    counted: Literal["text", "body"]
    source: str
    answers: dict[int, Meaning]
    per_second: int = 0
    avoids_half_hours: bool = False


class Robot(msgspec.Struct, frozen=True, kw_only=True):
    """A robot of one group. Its address holds its key, so neither is ever shown whole."""

    id: str
    kind: RobotKind
    url: str
    name: str = ""
    secret: str = ""
    keyword: str = ""
    form: Form = "text"
    #: kinds of messages that the group gets; none: all
    kinds: tuple[str, ...] = ()
    #: units whose items it gets; none: those of all
    units: tuple[str, ...] = ()

    def __repr__(self) -> str:
        """Without address and secret, since it is what logs and tracebacks show."""
        return f"Robot({self.id!r}, {self.kind}, {shown_address(self.url)!r})"


class Request(msgspec.Struct, frozen=True):
    """What is to be posted."""

    url: str
    body: bytes

    def __repr__(self) -> str:
        """Without the address, which holds the robot's key."""
        return f"Request({shown_address(self.url)!r}, {len(self.body)} bytes)"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a letter. ``wait`` seconds until the channel may be tried again; ``slug`` and ``said`` tell why it was not sent."""

    outcome: Outcome
    wait: int = 0
    slug: str = ""
    said: str = ""


@cache
def remotes() -> Mapping[str, Remote]:
    """What each kind of robot allows."""
    return load_table("luoshi.notify", "channels.yaml", dict[str, Remote])


def sign_dingtalk(timestamp: int, secret: str) -> str:
    """The signature of DingTalk, ready to stand in an address: keyed by the secret, over the milliseconds and the secret.

    >>> sign_dingtalk(1599360473000, "SECtest")
    '9uMBwWNha8Pcr4QQCL9YQitwL0E0g2JIxycWz23gAkE%3D'
    """
    return quote(b64encode(hmac.digest(secret.encode(), f"{timestamp}\n{secret}".encode(), hashlib.sha256)), safe="")


def sign_feishu(timestamp: int, secret: str) -> str:
    """The signature of Feishu, which stands in the body: keyed by the seconds and the secret, over nothing.

    >>> sign_feishu(1599360473, "demo")
    'l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8='
    """
    return b64encode(hmac.digest(f"{timestamp}\n{secret}".encode(), b"", hashlib.sha256)).decode()


def request_for(robot: Robot, title: str, text: str, now: datetime) -> Request:
    """What is to be posted so that the robot says the text. Nobody is called by it: user ids and phone numbers are personal."""
    seconds = int(now.timestamp())
    if robot.kind == "feishu":
        signed = {"timestamp": str(seconds), "sign": sign_feishu(seconds, robot.secret)} if robot.secret else {}
        return Request(robot.url, msgspec.json.encode({**signed, "msg_type": "text", "content": {"text": text}}))
    url = robot.url
    if robot.kind == "dingtalk" and robot.secret:
        milliseconds = int(now.timestamp() * 1000)
        url = f"{_bare(url)}&timestamp={milliseconds}&sign={sign_dingtalk(milliseconds, robot.secret)}"
    return Request(url, msgspec.json.encode(_body(robot, title, text)))


def _body(robot: Robot, title: str, text: str) -> dict[str, Any]:
    if robot.form == "text":
        return {"msgtype": "text", "text": {"content": text}}
    shown = {"title": title, "text": text} if robot.kind == "dingtalk" else {"content": text}
    return {"msgtype": "markdown", "markdown": shown}


def _bare(url: str) -> str:
    """The address without a signature that somebody copied along; with a query, to which more can be added."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query) if name not in ("timestamp", "sign")]
    return urlunsplit((parts.scheme, parts.netloc, parts.path, urlencode(kept), ""))


def size_of(robot: Robot, title: str) -> tuple[int, Measure]:
    """The largest size of a text for this robot, and how the remote counts."""
    remote = remotes()[robot.kind]
    if remote.counted == "text":
        return remote.bytes[robot.form], lambda text: len(text.encode())
    # what a signature adds
    sample = 200
    return remote.bytes[robot.form] - sample, lambda text: len(msgspec.json.encode(_body(robot, title, text)))


def read_answer(kind: RobotKind, status: int, body: bytes, lang: Lang = "zh") -> Answer:
    """What an answer means. The code in the body counts before the status: DingTalk and WeCom refuse with 200, Feishu limits with 400.

    >>> read_answer("wecom", 200, b'{"errcode": 45009, "errmsg": "api freq out of limit"}').outcome
    'later'
    >>> read_answer("dingtalk", 200, b"<html>").slug
    'notify-strange-answer'
    """
    code = _code(body)
    if code == 0 and status == 200:
        return Answer(outcome="sent")
    if code is not None and code != 0:
        return _meaning(kind, code, lang)
    if status in (429, 503):
        return Answer(outcome="later", wait=_AWAY, slug="notify-busy", said=f"HTTP {status}")
    if status in (500, 502, 504):
        # whoever stands before the robot lost the answer: it may have come through
        return Answer(outcome="unsure", wait=_AWAY, slug="notify-unsure", said=f"HTTP {status}")
    return Answer(outcome="given-up", slug="notify-strange-answer", said=f"HTTP {status}")


def _code(body: bytes) -> int | None:
    """The code of an answer; None where it is no answer of a robot. Its words are somebody's and are not passed on."""
    try:
        told = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return None
    if not isinstance(told, dict):
        return None
    code = next((told[name] for name in ("errcode", "code", "StatusCode") if name in told), None)
    return code if isinstance(code, int) else None


def _meaning(kind: RobotKind, code: int, lang: Lang) -> Answer:
    meaning = remotes()[kind].answers.get(code)
    if meaning is None:
        return Answer(outcome="given-up", slug="notify-refused", said=str(code)[:_SAID])
    told = f"{code} {meaning.zh if lang == 'zh' else meaning.en}"
    slug = "notify-busy" if meaning.outcome == "later" else "notify-refused"
    return Answer(outcome=meaning.outcome, wait=meaning.wait, slug=slug, said=told)


def checked_address(url: str, *, where: str, http: bool = True) -> str:
    """The address of a robot, if it can be one; ``http``: it may be one without encryption. The error never repeats it, since it holds the key."""
    remedy = "请从群机器人的设置里整段复制 Webhook 地址，以 https:// 开头；封闭网内只有 http:// 的，请系统管理员设 LUOSHI_NOTIFY_HTTP=1"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise BadUsage("地址写得不对", where=where, remedy=remedy, slug="bad-setting") from error
    if parts.scheme not in (("http", "https") if http else ("https",)) or not host:
        raise BadUsage("不是 https 地址", where=where, remedy=remedy, slug="bad-setting")
    if parts.username is not None or parts.fragment or any(char.isspace() or ord(char) < 33 for char in url):
        raise BadUsage("地址里有用户名、# 或空白", where=where, remedy=remedy, slug="bad-setting")
    return url


def shown_address(url: str) -> str:
    """An address as it may be shown: its scheme and host, and the last four characters by which its owner knows it.

    >>> shown_address("https://oapi.dingtalk.com/robot/send?access_token=0123456789abcdef")
    'https://oapi.dingtalk.com/…cdef'
    >>> shown_address("https://im.qishan.example/hook/abc")
    'https://im.qishan.example/…'
    """
    parts = urlsplit(url)
    key = parts.query.rpartition("=")[2] or parts.path.rstrip("/").rpartition("/")[2]
    return f"{parts.scheme}://{(parts.netloc or '').rpartition('@')[2]}/…{key[-4:] if len(key) >= 12 else ''}"
