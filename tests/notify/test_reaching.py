"""Where a request may go: not to this machine, not along its link, and nowhere else than where it was looked at."""

from __future__ import annotations

import socket
from typing import Any

import httpx
import pytest

from luoshi.errors import BadUsage
from luoshi.notify import carrier
from luoshi.notify.channels import Request, Robot, checked_address
from luoshi.notify.config import Told, read_notify
from luoshi.notify.reaching import InsideAddress, Reached, reached
from tests.notify import standins


def named(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> list[str]:
    """Every name means these addresses; the names that were asked for."""
    asked: list[str] = []

    def answer(host: str, port: int, **more: Any) -> list[Any]:
        asked.append(host)
        return [(socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in addresses]

    monkeypatch.setattr(socket, "getaddrinfo", answer)
    return asked


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "127.9.9.9", "[::1]", "0.0.0.0", "169.254.169.254", "[fe80::1]", "[::ffff:127.0.0.1]", "100.100.100.200", "localhost", "a.localhost"]
)  # fmt: skip
def test_this_machine_is_not_asked(host: str) -> None:
    with pytest.raises(InsideAddress):
        reached(f"https://{host}/hook")
    with pytest.raises(InsideAddress):
        reached(f"https://{host}/hook", proxied=True)
    assert reached(f"https://{host}/hook", local=True) == Reached(f"https://{host}/hook")


@pytest.mark.parametrize("address", ["127.0.0.1", "169.254.169.254", "::1", "fe80::1", "100.100.100.200"])
def test_nor_under_a_name(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch, "10.1.2.3", address)
    with pytest.raises(InsideAddress):
        reached("https://im.qishan.example/hook")


def test_the_request_goes_where_it_was_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = named(monkeypatch, "10.1.2.3")
    found = reached("https://im.qishan.example:8443/hook?key=1")
    assert (found.url, found.headers, found.extensions) == (
        "https://10.1.2.3:8443/hook?key=1", {"Host": "im.qishan.example:8443"}, {"sni_hostname": "im.qishan.example"},
    )  # fmt: skip
    named(monkeypatch, "fd00::1")
    assert reached("https://im.qishan.example/hook").url == "https://[fd00::1]/hook"
    assert reached("https://10.20.30.40/hook") == Reached("https://10.20.30.40/hook")
    assert asked == ["im.qishan.example"]


def test_a_name_that_means_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    named(monkeypatch)
    with pytest.raises(httpx.ConnectError):
        reached("https://im.qishan.example/hook")


def test_a_robot_that_was_entered_on_a_page_is_not_asked_here(monkeypatch: pytest.MonkeyPatch) -> None:
    with standins.robots() as remote:
        url = remote.url("wecom")
        with carrier.robots(Told()) as post:
            answer = post.post("wecom", Request(url, b"{}"))
        assert (answer.outcome, answer.slug, remote.wecom.asked) == ("given-up", "notify-refused", [])
        assert "本机" in answer.said
        assert "127" not in answer.said
        # the environment of the installation may name its own relay
        with carrier.robots(Told(robots=(Robot(id="wecom", kind="wecom", url=url),))) as post:
            post.post("wecom", Request(url, b'{"msgtype": "text", "text": {"content": "x"}}'))
        assert len(remote.wecom.asked) == 1


def test_without_encryption_only_where_the_installation_says_so() -> None:
    with pytest.raises(BadUsage) as caught:
        checked_address("http://10.20.30.40/hook", where="地址", http=False)
    assert "LUOSHI_NOTIFY_HTTP" in caught.value.remedy
    assert checked_address("https://10.20.30.40/hook", where="地址", http=False)
    assert (read_notify({}).http, read_notify({"LUOSHI_NOTIFY_HTTP": "1", "LUOSHI_NOTIFY_LOCAL": "1"}).local) == (False, True)
