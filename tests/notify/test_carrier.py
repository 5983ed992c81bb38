"""What opens sockets: whom it trusts, what it asks, and what it makes of everything that can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from luoshi.errors import BadUsage
from luoshi.notify import carrier
from luoshi.notify.channels import Answer, Request, Robot, request_for
from luoshi.notify.config import Mail, Told
from luoshi.notify.mail import compose
from luoshi.notify.message import Style
from tests.notify import standins
from tests.notify.making import AT, message


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for this machine with its key, which only who is told trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "stand-in")])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1)).not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path = tmp_path_factory.mktemp("certificate") / "server.pem"
    private = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    return path


@pytest.fixture
def wecom() -> Iterator[standins.Robots]:
    with standins.robots() as made:
        yield made


def _post(url: str, **values: Any) -> Answer:
    with carrier.robots(Told(local=True, **values)) as post:
        return post.post("wecom", request_for(Robot(id="r", kind="wecom", url=url), "题", "正文", AT))


def _mail(mail: Mail) -> Answer:
    letter = compose(message(), Style(mark="AB12CD34"), sender=mail.sender, to="a@qishan.example", office="落实", now=AT)
    return carrier.send_mail(mail, letter)


def test_https_is_trusted_by_the_authorities_that_were_told(certificate: Path) -> None:
    with standins.robots(certificate=certificate) as remote:
        assert _post(remote.url("wecom"), authorities=str(certificate)).outcome == "sent"
        answer = _post(remote.url("wecom"))
    assert (answer.outcome, answer.slug, len(remote.wecom.asked)) == ("later", "notify-unreachable", 1)


def test_a_file_of_authorities_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text("no certificate")
    for path in (tmp_path / "a.pem", tmp_path / "b.pem"):
        with pytest.raises(BadUsage, match="LUOSHI_NOTIFY_AUTHORITIES"):
            _post("https://127.0.0.1/", authorities=str(path))


def test_only_the_proxy_that_was_told_is_used(wecom: standins.Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    assert _post(wecom.url("wecom")).outcome == "sent"
    assert _post(wecom.url("wecom"), proxy="http://127.0.0.1:9").slug == "notify-unreachable"


@pytest.mark.parametrize(
    ("answer", "outcome", "slug"),
    [
        ((200, "x" * 1_000_000), "given-up", "notify-strange-answer"),
        ((200, '{"errcode": 0'), "given-up", "notify-strange-answer"),
        ((503, "busy"), "later", "notify-busy"),
        ((504, "late"), "unsure", "notify-unsure"),
    ],
)
def test_strange_answers(wecom: standins.Robots, answer: tuple[int, str], outcome: str, slug: str) -> None:
    wecom.wecom.refuse = answer
    found = _post(wecom.url("wecom"))
    assert (found.outcome, found.slug) == (outcome, slug)


@pytest.mark.parametrize(
    ("url", "outcome"),
    [("http://127.0.0.1:9/x?key=hidden", "later"), ("http://no-such-host.invalid/x?key=hidden", "later"), ("http:///x", "given-up")],
)
def test_nobody_there(url: str, outcome: str) -> None:
    with carrier.robots(Told(local=True)) as post:
        answer = post.post("wecom", Request(url, b"{}"))
    assert answer.outcome == outcome
    assert "hidden" not in answer.said


def test_an_answer_that_never_ends_is_left(wecom: standins.Robots, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have arrived: the robot took the message before it began to answer."""
    monkeypatch.setattr(carrier, "_ANSWER_SECONDS", -1.0)
    answer = _post(wecom.url("wecom"))
    assert (answer.outcome, answer.slug, len(wecom.wecom.said)) == ("unsure", "notify-unsure", 1)


@pytest.mark.parametrize(("password", "outcome"), [("right", "sent"), ("wrong", "given-up")])
def test_starttls_and_login(certificate: Path, password: str, outcome: str) -> None:
    with standins.post_office(certificate) as post:
        mail = Mail(
            host="127.0.0.1", port=post.port, sender="l@qishan.example", user="clerk", password=password, authorities=str(certificate)
        )
        answer = _mail(mail)
        assert answer.outcome == outcome
        assert _mail(msgspec.structs.replace(mail, authorities="")).slug == "notify-unreachable"
    assert post.users == [f"clerk {password}"]
    assert post.secure == ([True] if outcome == "sent" else [])
    assert password not in answer.said


def test_no_password_goes_to_a_server_without_tls() -> None:
    with standins.post_office() as post:
        mail = Mail(host="127.0.0.1", port=post.port, sender="l@qishan.example", user="clerk", password="right")  # noqa: S106 - of the test
        answer = _mail(mail)
    assert (answer.outcome, answer.slug) == ("given-up", "notify-refused")
    assert (post.users, post.letters) == ([], [])


def test_a_line_that_begins_with_a_dot_and_chinese_come_whole() -> None:
    with standins.post_office() as post:
        mail = Mail(host="127.0.0.1", port=post.port, sender="l@qishan.example", tls="none")
        letter = compose(message(title="督" * 300, lines=(".结尾", "二")), Style(mark="AB12CD34"), sender=mail.sender, to="a@qishan.example",
                         office="栖山区人民政府督查室", now=AT)  # fmt: skip
        assert carrier.send_mail(mail, letter).outcome == "sent"
    ((_, came),) = post.letters
    assert came["Subject"] == "督" * 99 + "…"
    assert came["From"] == "栖山区人民政府督查室 <l@qishan.example>"
    assert "\n.结尾\n二\n" in came.get_content().replace("\r\n", "\n")


@pytest.mark.parametrize("words", ["甲\r\nBcc: all@qishan.example", "甲\nSubject: x"])
def test_no_header_is_slipped_in(words: str) -> None:
    letter = compose(message(title=words), Style(mark="AB12CD34"), sender="l@qishan.example", to="a@qishan.example", office=words, now=AT)
    assert set(letter.keys()) == {
        "From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted", "Content-Type", "Content-Transfer-Encoding", "MIME-Version",
    }  # fmt: skip
    assert b"\nBcc" not in letter.as_bytes()
