"""Signatures, requests and answers of the robots, as their makers describe them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from luoshi.errors import BadUsage
from luoshi.notify.channels import (
    ROBOTS,
    Request,
    Robot,
    checked_address,
    read_answer,
    remotes,
    request_for,
    shown_address,
    sign_dingtalk,
    sign_feishu,
)
from tests.notify.making import AT

DING = "https://oapi.dingtalk.com/robot/send?access_token=token-0123456789"


def test_vectors() -> None:
    assert sign_dingtalk(1599360473000, "SECtest") == "9uMBwWNha8Pcr4QQCL9YQitwL0E0g2JIxycWz23gAkE%3D"
    assert sign_feishu(1599360473, "demo") == "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8="


def test_dingtalk_signs_its_address_once() -> None:
    at = datetime.fromtimestamp(1599360473, UTC)
    request = request_for(Robot(id="r", kind="dingtalk", url=f"{DING}&timestamp=1&sign=old", secret="SECtest"), "题", "正文", at)  # noqa: S106 - a secret of the test
    query = parse_qs(urlsplit(request.url).query)
    assert query == {
        "access_token": ["token-0123456789"], "timestamp": ["1599360473000"], "sign": ["9uMBwWNha8Pcr4QQCL9YQitwL0E0g2JIxycWz23gAkE="],
    }  # fmt: skip
    assert "%25" not in request.url
    assert json.loads(request.body) == {"msgtype": "text", "text": {"content": "正文"}}
    assert request_for(Robot(id="r", kind="dingtalk", url=DING), "题", "正文", AT).url == DING


def test_feishu_signs_its_body_with_seconds() -> None:
    at = datetime.fromtimestamp(1599360473, UTC)
    robot = Robot(id="r", kind="feishu", url="https://open.feishu.cn/hook/t", secret="demo")  # noqa: S106 - a secret of the test
    request = request_for(robot, "题", "正文", at)
    assert json.loads(request.body) == {
        "timestamp": "1599360473", "sign": "l1N0gAcBjdwBvGm1xMjOF0XSyaLRpR7tuO5dHfhAYc8=", "msg_type": "text", "content": {"text": "正文"},
    }  # fmt: skip
    unsigned = request_for(Robot(id="r", kind="feishu", url="https://open.feishu.cn/x"), "题", "正文", at)
    assert set(json.loads(unsigned.body)) == {"msg_type", "content"}


@pytest.mark.parametrize(
    ("kind", "shown"),
    [("dingtalk", {"title": "题", "text": "正文"}), ("wecom", {"content": "正文"})],
)
def test_markdown(kind: Any, shown: dict[str, str]) -> None:
    body = json.loads(request_for(Robot(id="r", kind=kind, url=DING, form="markdown"), "题", "正文", AT).body)
    assert body == {"msgtype": "markdown", "markdown": shown}


@pytest.mark.parametrize("kind", ROBOTS)
def test_nobody_is_called(kind: Any) -> None:
    """User ids and phone numbers are personal: no message names whom to call."""
    assert b"mention" not in request_for(Robot(id="r", kind=kind, url=DING), "题", "正文", AT).body
    assert b'"at"' not in request_for(Robot(id="r", kind=kind, url=DING), "题", "正文", AT).body


@pytest.mark.parametrize(
    ("kind", "status", "body", "outcome", "wait", "slug"),
    [
        ("dingtalk", 200, '{"errcode":0,"errmsg":"ok"}', "sent", 0, ""),
        ("dingtalk", 200, '{"errcode":130101,"errmsg":"send too fast"}', "later", 600, "notify-busy"),
        ("dingtalk", 200, '{"errcode":310000,"errmsg":"sign not match"}', "given-up", 0, "notify-refused"),
        ("dingtalk", 200, '{"errcode":300001,"errmsg":"token is not exist"}', "given-up", 0, "notify-refused"),
        ("dingtalk", 200, '{"errcode":-1,"errmsg":"busy"}', "later", 60, "notify-busy"),
        ("wecom", 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', "later", 60, "notify-busy"),
        ("wecom", 200, '{"errcode":93000}', "given-up", 0, "notify-refused"),
        ("feishu", 200, '{"code":0,"msg":"success"}', "sent", 0, ""),
        ("feishu", 200, '{"StatusCode":0,"StatusMessage":"success"}', "sent", 0, ""),
        ("feishu", 400, '{"code":11232,"msg":"frequency limited"}', "later", 60, "notify-busy"),
        ("feishu", 400, '{"code":19021,"msg":"sign match fail"}', "given-up", 0, "notify-refused"),
        ("feishu", 400, '{"code":19022,"msg":"Ip Not Allowed"}', "given-up", 0, "notify-refused"),
        ("feishu", 400, '{"code":19024,"msg":"Key Words Not Found"}', "given-up", 0, "notify-refused"),
        ("feishu", 429, "", "later", 60, "notify-busy"),
        ("wecom", 503, "<html>", "later", 60, "notify-busy"),
        ("wecom", 502, "<html>", "unsure", 60, "notify-unsure"),
        ("wecom", 504, '{"errcode":0}', "unsure", 60, "notify-unsure"),
        ("wecom", 200, "<html>登录</html>", "given-up", 0, "notify-strange-answer"),
        ("wecom", 200, "[0]", "given-up", 0, "notify-strange-answer"),
        ("wecom", 200, '{"errcode":"0"}', "given-up", 0, "notify-strange-answer"),
        ("wecom", 200, '{"ok":true}', "given-up", 0, "notify-strange-answer"),
        ("wecom", 302, "", "given-up", 0, "notify-strange-answer"),
        ("wecom", 404, "", "given-up", 0, "notify-strange-answer"),
    ],
)  # fmt: skip
def test_answers(kind: Any, status: int, body: str, outcome: str, wait: int, slug: str) -> None:
    answer = read_answer(kind, status, body.encode())
    assert (answer.outcome, answer.wait, answer.slug) == (outcome, wait, slug)
    assert answer.said or outcome == "sent"


def test_an_answer_tells_code_and_reason() -> None:
    assert read_answer("feishu", 400, b'{"code":19021,"msg":"sign match fail"}').said.startswith("19021 签名不符")
    assert read_answer("feishu", 400, b'{"code":19021}', "en").said.startswith("19021 bad signature")
    assert read_answer("dingtalk", 200, '{"errcode":42,"errmsg":"不知道"}'.encode()).said == "42"
    # a remote that is none of the three may say what it likes: it is not shown to whoever tries it
    long = json.dumps({"errcode": 42, "errmsg": "x" * 9000}).encode()
    assert read_answer("dingtalk", 200, long).said == "42"


def test_every_limit_names_its_source() -> None:
    assert set(remotes()) == set(ROBOTS)
    found = remotes()
    assert {kind: (one.per_minute, one.per_second, one.avoids_half_hours) for kind, one in found.items()} == {
        "dingtalk": (20, 0, False), "wecom": (20, 0, False), "feishu": (100, 5, True),
    }  # fmt: skip
    assert all(len(one.source) > 20 for one in found.values())


@pytest.mark.parametrize(
    "url",
    ["ftp://x.example/hook", "file:///etc/passwd", "javascript:alert(1)", "//x.example/", "https://", "https://a:hidden@x.example/", "https://x.example/#hidden",
     "https://x.example/a b", "https://x.example:port/hidden", "https://[x/hidden", "", "https://x.example/\nhidden"],
)  # fmt: skip
def test_wrong_address(url: str) -> None:
    with pytest.raises(BadUsage) as caught:
        checked_address(url, where="地址")
    assert "hidden" not in str(caught.value)
    assert caught.value.remedy


@pytest.mark.parametrize(
    "url", ["http://10.20.30.40:8080/robot/send?access_token=x", "https://im.qishan.example/hook/1", "http://[fd00::1]/hook"]
)
def test_a_private_address_is_an_address(url: str) -> None:
    assert checked_address(url, where="地址") == url


def test_no_key_is_shown() -> None:
    robot = Robot(id="r", kind="dingtalk", url=DING, secret="SEC-very-secret")  # noqa: S106 - a secret of the test
    for shown in (repr(robot), str(robot), repr(request_for(robot, "题", "正文", AT)), shown_address(DING), repr(Request(DING, b""))):
        assert "token-01234567" not in shown
        assert "very-secret" not in shown
    assert shown_address(DING) == "https://oapi.dingtalk.com/…6789"
    assert shown_address("https://open.feishu.cn/open-apis/bot/v2/hook/abcdef0123456789") == "https://open.feishu.cn/…6789"
    assert shown_address("https://x.example/hook/short") == "https://x.example/…"
