"""Little servers on loopback that stand in for the remotes: they check what those check, count as those count, and remember what came."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socketserver
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit


class FakeClock:
    """A clock that only goes when somebody waits; ``tick`` is what each look at it takes."""

    def __init__(self, at: datetime, tick: float = 0.0) -> None:
        self.at, self._tick, self._lock = at, tick, threading.Lock()

    def now(self) -> datetime:
        with self._lock:
            self.at += timedelta(seconds=self._tick)
            return self.at

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.at += timedelta(seconds=seconds)


class Robot:
    """A robot as its maker describes it. ``refuse``: what it answers instead, ``silent``: it takes a message and hangs up."""

    def __init__(self, kind: str, secret: str, clock: Callable[[], datetime]) -> None:
        self.kind, self.secret, self._clock = kind, secret, clock
        self.said: list[str] = []
        self.bodies: list[dict[str, Any]] = []
        self.asked: list[datetime] = []
        self.refuse: tuple[int, Any] | None = None
        self.silent = 0
        self.lock = threading.Lock()

    def answer(self, query: dict[str, list[str]], raw: bytes) -> tuple[int, Any]:
        with self.lock:
            now = self._clock()
            self.asked.append(now)
            body = json.loads(raw)
            if self.refuse is not None:
                return self.refuse
            if wrong := self._signature(query, body, now) or self._rate(now) or self._size(raw, body):
                return wrong
            self.bodies.append(body)
            self.said.append(_text(body))
            return 200, {"code": 0, "msg": "success", "data": {}} if self.kind == "feishu" else {"errcode": 0, "errmsg": "ok"}

    def _signature(self, query: dict[str, list[str]], body: dict[str, Any], now: datetime) -> tuple[int, Any] | None:
        """Computed as the makers describe it, by other means than the program's."""
        if self.kind == "dingtalk":
            told = query.get("timestamp", ["0"])[0]
            wanted = hmac.new(self.secret.encode(), f"{told}\n{self.secret}".encode(), hashlib.sha256).digest()
            right = query.get("sign", [""])[0] == base64.b64encode(wanted).decode()
            late = abs(now.timestamp() * 1000 - int(told)) > 3_600_000
            return None if right and not late else (200, {"errcode": 310000, "errmsg": "sign not match"})
        if self.kind == "feishu":
            told = str(body.get("timestamp", "0"))
            wanted = hmac.new(f"{told}\n{self.secret}".encode(), digestmod=hashlib.sha256).digest()
            right = body.get("sign") == base64.b64encode(wanted).decode() and abs(now.timestamp() - int(told)) <= 3600
            return None if right else (400, {"code": 19021, "msg": "sign match fail or timestamp is not within one hour from current time"})
        return None if query.get("key") == ["wecom-key-0123456789"] else (200, {"errcode": 93000, "errmsg": "invalid webhook url"})

    def _rate(self, now: datetime) -> tuple[int, Any] | None:
        minute = sum(now - at < timedelta(minutes=1) for at in self.asked)
        second = sum(now - at < timedelta(seconds=1) for at in self.asked)
        if self.kind == "feishu":
            return (400, {"code": 11232, "msg": "frequency limited"}) if minute > 100 or second > 5 or now.minute % 30 == 0 else None
        code = 130101 if self.kind == "dingtalk" else 45009
        return (200, {"errcode": code, "errmsg": "send too fast"}) if minute > 20 else None

    def _size(self, raw: bytes, body: dict[str, Any]) -> tuple[int, Any] | None:
        if self.kind == "wecom":
            most = 4096 if body["msgtype"] == "markdown" else 2048
            return (200, {"errcode": 40058, "errmsg": "content too long"}) if len(_text(body).encode()) > most else None
        return (200, {"errcode": 460101, "code": 9499, "errmsg": "too large"}) if len(raw) > 20_000 else None


def _text(body: dict[str, Any]) -> str:
    if "msg_type" in body:
        return str(body["content"]["text"])
    if body["msgtype"] == "markdown":
        return str(body["markdown"].get("text") or body["markdown"]["content"])
    return str(body["text"]["content"])


class Robots:
    """All three on one port: the first part of the path says which."""

    def __init__(self, address: str, robots: dict[str, Robot]) -> None:
        self.address = address
        self._robots = robots
        self.dingtalk, self.wecom, self.feishu = robots["dingtalk"], robots["wecom"], robots["feishu"]

    def url(self, kind: str) -> str:
        query = {"dingtalk": "?access_token=token-0123456789", "wecom": "?key=wecom-key-0123456789", "feishu": ""}[kind]
        return f"{self.address}/{kind}{query}"


@contextmanager
def robots(clock: Callable[[], datetime] = lambda: datetime.now(UTC), certificate: Path | None = None) -> Iterator[Robots]:
    """The three robots while the block runs; by https with a certificate."""
    made = {kind: Robot(kind, secret, clock) for kind, secret in (("dingtalk", "SECding"), ("wecom", ""), ("feishu", "fei-secret"))}

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers["Content-Length"]))
            if parts.path == "/elsewhere":
                self.send_response(302)
                self.send_header("Location", "/wecom?key=wecom-key-0123456789")
                self.end_headers()
                return
            robot = made[parts.path.strip("/")]
            status, answer = robot.answer(parse_qs(parts.query), raw)
            if robot.silent:
                robot.silent -= 1
                self.close_connection = True
                self.connection.close()
                return
            told = answer.encode() if isinstance(answer, str) else json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its own name for it
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.handle_error = lambda *_: None  # type: ignore[method-assign]
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield Robots(f"{'https' if certificate else 'http'}://127.0.0.1:{server.server_address[1]}", made)
        finally:
            server.shutdown()
            thread.join()


class Post:
    """A mail server's memory. ``refuse``: what it answers to an address; ``drop``: how many letters it takes without saying so."""

    def __init__(self) -> None:
        self.letters: list[tuple[str, EmailMessage]] = []
        self.refuse: dict[str, str] = {}
        self.drop = 0
        self.port = 0
        self.users: list[str] = []
        self.secure: list[bool] = []


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, post: Post, certificate: Path | None) -> None:
        self.post, self.certificate = post, certificate
        super().__init__(("127.0.0.1", 0), _Conversation)

    def handle_error(self, request: Any, client_address: Any) -> None:
        pass


class _Conversation(socketserver.StreamRequestHandler):
    """One connection to the mail server."""

    server: _Server

    def handle(self) -> None:
        self.secure, self.to = False, ""
        self.say("220 standin")
        while line := self.rfile.readline():
            verb, _, rest = line.decode("ascii", "replace").strip().partition(" ")
            if not self.on(verb.upper(), rest):
                return

    def finish(self) -> None:
        super().finish()
        self.request.close()

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def on(self, verb: str, rest: str) -> bool:
        if verb == "EHLO":
            offer = "250-STARTTLS\r\n" if self.server.certificate and not self.secure else ""
            self.say(f"250-standin\r\n{offer}250 AUTH PLAIN")
        elif verb == "STARTTLS":
            self.encrypt()
        elif verb == "AUTH":
            user = base64.b64decode(rest.split()[1]).decode().replace("\0", " ").strip()
            self.server.post.users.append(user)
            self.say("235 ok" if user == "clerk right" else "535 no")
        elif verb == "RCPT":
            self.to = rest.partition("<")[2].partition(">")[0]
            self.say(self.server.post.refuse.get(self.to, "250 ok"))
        elif verb == "DATA":
            return self.take()
        else:
            self.say("221 bye" if verb == "QUIT" else "250 ok")
        return verb != "QUIT"

    def encrypt(self) -> None:
        self.say("220 go")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        assert self.server.certificate is not None
        context.load_cert_chain(self.server.certificate)
        self.request = context.wrap_socket(self.request, server_side=True)
        self.rfile, self.wfile = self.request.makefile("rb"), self.request.makefile("wb", buffering=0)
        self.secure = True

    def take(self) -> bool:
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        letter = message_from_bytes(b"".join(lines), policy=default)
        assert isinstance(letter, EmailMessage)
        post = self.server.post
        post.letters.append((self.to, letter))
        post.secure.append(self.secure)
        if post.drop:
            post.drop -= 1
            return False
        self.say("250 taken")
        return True


@contextmanager
def post_office(certificate: Path | None = None) -> Iterator[Post]:
    """A mail server while the block runs; with a certificate it offers StartTLS."""
    post = Post()
    with _Server(post, certificate) as server:
        post.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield post
        finally:
            server.shutdown()
            thread.join()
