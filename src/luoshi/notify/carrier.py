"""Carries requests to robots and e-mails to their server: the only module here that opens a socket. What became of it is always an answer.

Only the addresses that an administrator has set are asked, and of those none on this machine: no redirect is followed, no proxy but the one that was told is used. What went wrong
before anything was handed over comes again; what went wrong after may have arrived, and is said to be unsure.
"""

from __future__ import annotations

import smtplib
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Final

import httpx

from luoshi.errors import BadUsage
from luoshi.messages import Lang
from luoshi.notify.channels import Answer, Request, RobotKind, read_answer
from luoshi.notify.config import Mail, Told
from luoshi.notify.reaching import InsideAddress, host_of, reached

_TIMEOUT: Final = httpx.Timeout(10.0, connect=5.0)
_MAIL_SECONDS: Final = 20.0
#: seconds until a channel that could not be reached is tried again
_AWAY: Final = 120
_UNSURE: Final = 60
#: an answer is never longer
_LONGEST: Final = 64 * 1024
_ANSWER_SECONDS: Final = 20.0
_HEADERS: Final = {"Content-Type": "application/json; charset=utf-8", "Accept-Encoding": "identity"}


_NONE: Final[Mapping[str, str]] = {}


class Robots:
    """Posts to robots while the block of :func:`robots` runs."""

    def __init__(self, client: httpx.Client, told: Told) -> None:
        self._client = client
        # what the environment names is the installation's own business; what is entered on a page is not
        self._trusted, self._told = frozenset(host_of(robot.url) for robot in told.robots), told

    def post(self, kind: RobotKind, request: Request, lang: Lang = "zh") -> Answer:
        """What the robot answered."""
        try:
            status, body = self._asked(request)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError) as error:
            return Answer(outcome="later", wait=_AWAY, slug="notify-unreachable", said=_class(error))
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            return Answer(outcome="given-up", slug="notify-refused", said=_class(error))
        except httpx.HTTPError as error:
            return Answer(outcome="unsure", wait=_UNSURE, slug="notify-unsure", said=_class(error))
        return read_answer(kind, status, body, lang)

    def tell(self, request: Request, headers: Mapping[str, str]) -> Answer:
        """What somebody's program answered to an event. It comes again under the same mark, so that one that may have arrived comes again too."""
        try:
            status, _ = self._asked(request, headers)
        except (httpx.UnsupportedProtocol, httpx.InvalidURL) as error:
            return Answer(outcome="given-up", slug="notify-refused", said=_class(error))
        except httpx.HTTPError as error:
            return Answer(outcome="later", wait=_AWAY, slug="notify-unreachable", said=_class(error))
        if 200 <= status < 300:
            return Answer(outcome="sent")
        if status in (408, 425, 429) or status >= 500:
            return Answer(outcome="later", wait=_UNSURE, slug="notify-busy", said=f"HTTP {status}")
        return Answer(outcome="given-up", slug="notify-refused", said=f"HTTP {status}")

    def _asked(self, request: Request, headers: Mapping[str, str] = _NONE) -> tuple[int, bytes]:
        body, end = b"", time.monotonic() + _ANSWER_SECONDS
        there = reached(request.url, trusted=self._trusted, local=self._told.local, proxied=bool(self._told.proxy))
        with self._client.stream(
            "POST", there.url, content=request.body, headers={**_HEADERS, **headers, **there.headers}, extensions=dict(there.extensions)
        ) as answer:
            for chunk in answer.iter_raw():
                body += chunk
                if len(body) > _LONGEST:
                    break
                if time.monotonic() > end:
                    raise httpx.ReadTimeout("the answer comes too slowly")
        return answer.status_code, body


@contextmanager
def robots(told: Told) -> Iterator[Robots]:
    """What posts to robots; connections are kept while the block runs."""
    with httpx.Client(
        timeout=_TIMEOUT, follow_redirects=False, trust_env=False, proxy=told.proxy or None, verify=_context(told.authorities),
        headers={"User-Agent": "luoshi"},
    ) as client:  # fmt: skip
        yield Robots(client, told)


def _context(authorities: str) -> ssl.SSLContext:
    """Trusts the system's authorities, or those of a file."""
    try:
        return ssl.create_default_context(cafile=authorities or None)
    except (OSError, ssl.SSLError) as error:
        raise BadUsage(
            "证书文件读不出", where=authorities, remedy="请改正 LUOSHI_NOTIFY_AUTHORITIES 的路径或内容（PEM）", slug="bad-setting"
        ) from error


def send_mail(mail: Mail, letter: EmailMessage) -> Answer:
    """What became of an e-mail. Until its text is handed over it surely has not arrived."""
    handed = False
    try:
        with _connected(mail) as server:
            code, words = server.mail(mail.sender)
            if code == 250:
                code, words = server.rcpt(letter["To"].addresses[0].addr_spec)
            if code not in (250, 251):
                return _refused(code, words)
            handed = True
            code, words = server.data(letter.as_bytes())
            return Answer(outcome="sent") if code == 250 else _refused(code, words)
    except smtplib.SMTPDataError as error:
        return _refused(error.smtp_code, error.smtp_error)
    except smtplib.SMTPAuthenticationError as error:
        return Answer(outcome="given-up", slug="notify-refused", said=f"{error.smtp_code} 用户或密码不对")
    except smtplib.SMTPNotSupportedError:
        return Answer(outcome="given-up", slug="notify-refused", said="邮件服务器不支持 StartTLS 或登录")
    except smtplib.SMTPResponseException as error:
        return _refused(error.smtp_code, error.smtp_error)
    except ssl.SSLCertVerificationError as error:
        return Answer(outcome="later", wait=_AWAY, slug="notify-unreachable", said=f"证书不可信：{error.verify_message}"[:200])
    except (smtplib.SMTPException, OSError) as error:
        if handed:
            return Answer(outcome="unsure", wait=_UNSURE, slug="notify-unsure", said=_class(error))
        return Answer(outcome="later", wait=_AWAY, slug="notify-unreachable", said=_class(error))


@contextmanager
def _connected(mail: Mail) -> Iterator[smtplib.SMTP]:
    """A server that knows us. What goes wrong while saying goodbye is nothing: the letter is with the server."""
    context = _context(mail.authorities) if mail.tls != "none" else None
    if mail.tls == "tls":
        server: smtplib.SMTP = smtplib.SMTP_SSL(mail.host, mail.port, timeout=_MAIL_SECONDS, context=context)
    else:
        server = smtplib.SMTP(mail.host, mail.port, timeout=_MAIL_SECONDS)
    try:
        server.ehlo()
        if mail.tls == "starttls":
            server.starttls(context=context)
            server.ehlo()
        if mail.user:
            server.login(mail.user, mail.password)
        yield server
    finally:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
        server.close()


def _refused(code: int, words: bytes | str) -> Answer:
    """A refusal of a mail server: what begins with 4 may go later."""
    told = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    said = " ".join(f"{code} {told}".split())[:200]
    if 400 <= code < 500:
        return Answer(outcome="later", wait=_AWAY, slug="notify-busy", said=said)
    return Answer(outcome="given-up", slug="notify-refused", said=said)


def _class(error: Exception) -> str:
    """The kind of an error; its words may hold an address with a key."""
    return error.said if isinstance(error, InsideAddress) else type(error).__name__
