"""What the environment says of notices, refused with one clear error."""

from __future__ import annotations

from datetime import time
from pathlib import Path

import pytest

from luoshi.errors import BadUsage
from luoshi.ledger.settings_now import Now
from luoshi.notify.config import Told, digest_time, quiet_of, read_notify
from luoshi.notify.rules import Quiet

DING = "https://oapi.dingtalk.com/robot/send?access_token=token-0123456789"
MAIL = {
    "LUOSHI_NOTIFY_MAIL": "smtps://clerk@mail.qishan.example",
    "LUOSHI_NOTIFY_MAIL_PASSWORD": "hidden",
    "LUOSHI_NOTIFY_MAIL_FROM": "l@qishan.example",
}


def test_nothing_told() -> None:
    assert read_notify({}) == Told()


def test_robots(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("SEC-hidden\n", encoding="utf-8")
    told = read_notify(
        {"LUOSHI_NOTIFY_DINGTALK_URL": DING, "LUOSHI_NOTIFY_DINGTALK_SECRET_FILE": str(secret), "LUOSHI_NOTIFY_DINGTALK_FORM": "markdown",
         "LUOSHI_NOTIFY_FEISHU_URL": "http://10.1.2.3/hook/1", "LUOSHI_NOTIFY_FEISHU_KEYWORD": "督查", "LUOSHI_NOTIFY_PROXY": "http://10.0.0.1:3128"}
    )  # fmt: skip
    ding, feishu = told.robots
    assert (ding.kind, ding.url, ding.secret, ding.form) == ("dingtalk", DING, "SEC-hidden", "markdown")
    assert (feishu.kind, feishu.keyword, feishu.secret, told.proxy) == ("feishu", "督查", "", "http://10.0.0.1:3128")
    assert "hidden" not in repr(told)
    assert "token-0" not in repr(told)


@pytest.mark.parametrize(
    ("values", "tls", "port"),
    [
        ({"LUOSHI_NOTIFY_MAIL": "smtps://clerk@mail.qishan.example"}, "tls", 465),
        ({"LUOSHI_NOTIFY_MAIL": "smtp://clerk@mail.qishan.example"}, "starttls", 587),
        ({"LUOSHI_NOTIFY_MAIL": "smtp://mail.qishan.example:2525", "LUOSHI_NOTIFY_MAIL_PLAIN": "1"}, "none", 2525),
        ({"LUOSHI_NOTIFY_MAIL": "smtp://127.0.0.1", "LUOSHI_NOTIFY_MAIL_PLAIN": "1"}, "none", 25),
    ],
)
def test_mail(values: dict[str, str], tls: str, port: int) -> None:
    mail = read_notify({**MAIL, **values}).mail
    assert mail is not None
    assert (mail.tls, mail.port, mail.sender) == (tls, port, "l@qishan.example")
    assert "hidden" not in repr(mail)


def test_the_user_may_be_the_sender() -> None:
    mail = read_notify({"LUOSHI_NOTIFY_MAIL": "smtps://l%40qishan.example@mail.qishan.example", "LUOSHI_NOTIFY_MAIL_PASSWORD": "p"}).mail
    assert mail is not None
    assert mail.sender == mail.user == "l@qishan.example"


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"LUOSHI_NOTIFY_DINGTALK_URL": "ftp://x/?access_token=hidden"}, "DINGTALK_URL"),
        ({"LUOSHI_NOTIFY_WECOM_URL": "hidden"}, "WECOM_URL"),
        ({"LUOSHI_NOTIFY_DINGTALK_URL": DING, "LUOSHI_NOTIFY_DINGTALK_FORM": "html"}, "DINGTALK_FORM"),
        ({"LUOSHI_NOTIFY_FEISHU_URL": DING, "LUOSHI_NOTIFY_FEISHU_FORM": "markdown"}, "FEISHU_FORM"),
        ({"LUOSHI_NOTIFY_DINGTALK_URL_FILE": "/nowhere/at/all"}, "DINGTALK_URL_FILE"),
        ({"LUOSHI_NOTIFY_PROXY": "socks5://x"}, "PROXY"),
        ({"LUOSHI_NOTIFY_DAYS": "29"}, "DAYS"),
        ({"LUOSHI_NOTIFY_DAYS": "９０"}, "DAYS"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL": "smtps://clerk:hidden@mail.qishan.example"}, "MAIL"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL": "https://mail.qishan.example"}, "MAIL"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL": "smtps://[x"}, "MAIL"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL": "smtp://clerk@mail.qishan.example", "LUOSHI_NOTIFY_MAIL_PLAIN": "1"}, "MAIL_PLAIN"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL_PLAIN": "perhaps"}, "MAIL_PLAIN"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL_PASSWORD": ""}, "MAIL_PASSWORD"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL_FROM": "nobody"}, "MAIL_FROM"),
        ({**MAIL, "LUOSHI_NOTIFY_MAIL_FROM": ""}, "MAIL_FROM"),
    ],
)
def test_wrong_values(values: dict[str, str], name: str) -> None:
    with pytest.raises(BadUsage) as caught:
        read_notify(values)
    assert f"LUOSHI_NOTIFY_{name}" in str(caught.value)
    assert (caught.value.slug, bool(caught.value.remedy)) == ("bad-setting", True)
    assert "hidden" not in str(caught.value)


def test_hours_of_the_settings() -> None:
    assert quiet_of(Now()) == Quiet(start=time(20), end=time(8), workdays_only=True, urgent_passes=False)
    assert quiet_of(Now(notify_quiet_from="22:30", notify_workdays="0", notify_urgent="1")) == Quiet(
        start=time(22, 30), end=time(8), workdays_only=False, urgent_passes=True
    )
    assert (digest_time(Now()), digest_time(Now(notify_digest="off"))) == (time(8, 30), None)


def test_changed_by_an_administrator(db: None) -> None:
    from luoshi.desk.done import WrongValue
    from luoshi.desk.settings import change
    from luoshi.ledger.settings_now import now
    from tests.desk.test_settings import ADMIN

    assert change(ADMIN, {"notify_quiet_from": "21:30", "notify_digest": "off", "notify_urgent": "0"}).count == 2
    assert (now().notify_quiet_from, now().notify_digest, now().notify_quiet_to) == ("21:30", "off", "08:00")
    with pytest.raises(WrongValue):
        change(ADMIN, {"notify_quiet_from": "25:00"})
