"""Robots that an administrator has entered: sealed, never shown, every change in the ledger without the secret."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest

from luoshi.errors import BadUsage
from luoshi.notify.channels import Robot
from luoshi.notify.config import Told
from tests.notify.making import Telling, message

URL = "https://oapi.dingtalk.com/robot/send?access_token=token-0123456789"


def _entered(**values: Any) -> Any:
    from luoshi.notify.kept import Entered

    return Entered(**{"kind": "dingtalk", "name": "督查群", "url": URL, "secret": "SEC-very-secret", **values})


def test_entered_used_and_never_shown(db: None, tell_settings: Telling) -> None:
    from luoshi.ledger.models import Entry, Setting
    from luoshi.notify import kept
    from luoshi.notify.models import Channel

    id_ = kept.save("aadmin", _entered(options=kept.Options(keyword="督查", units=("owater",))))
    assert kept.robots() == (
        Robot(id=id_, kind="dingtalk", url=URL, name="督查群", secret="SEC-very-secret", keyword="督查", units=("owater",)),  # noqa: S106 - a secret of the test
    )
    (shown,) = kept.shown()
    assert (shown.address, shown.signed, shown.told, shown.lost, shown.options.keyword) == (
        "https://oapi.dingtalk.com/…6789", True, False, False, "督查",
    )  # fmt: skip
    everywhere = json.dumps([*map(list, Channel.objects.values_list()), *map(list, Entry.objects.values_list()), *map(list, Setting.objects.values_list())],
                            ensure_ascii=False)  # fmt: skip
    for text in (everywhere, repr(shown), repr(kept.robots()), repr(_entered())):
        assert "very-secret" not in text
        assert "token-0" not in text
    assert msgspec.json.decode(Entry.objects.get().data) == {"value": "钉钉 “督查群” 启用 地址已改 密钥已改"}
    assert Entry.objects.get().actor == "aadmin"


def test_changed_without_entering_the_secret_again(db: None, tell_settings: Telling) -> None:
    from luoshi.ledger.models import Entry
    from luoshi.notify import kept

    id_ = kept.save("aadmin", _entered())
    kept.save("aadmin", _entered(name="新名", url="", secret="", on=True), id=id_)
    (robot,) = kept.robots()
    assert (robot.name, robot.url, robot.secret) == ("新名", URL, "SEC-very-secret")
    kept.save("aadmin", _entered(url="", secret="", unsigned=True), id=id_)
    assert kept.robots()[0].secret == ""
    kept.save("aadmin", _entered(url="", secret="", on=False), id=id_)
    assert kept.robots() == ()
    last = Entry.objects.order_by("-seq").first()
    assert last is not None
    assert msgspec.json.decode(last.data)["value"] == "钉钉 “督查群” 停用"


def test_removed_with_what_waited(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import inside, kept, outbox

    id_ = kept.save("aadmin", _entered())
    inside.announce(message())
    kept.remove("aadmin", id_)
    assert kept.shown() == []
    assert [(row.reason, row.message) for row in outbox.troubles()] == [("notify-no-channel", "")]
    with pytest.raises(BadUsage, match="not-found"):
        kept.remove("aadmin", id_)


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "email"},
        {"name": ""},
        {"name": "长" * 41},
        {"url": "ftp://x/"},
        {"url": ""},
        {"kind": "wecom"},
        {"url": "https://x/" + "y" * 2000},
    ],
)
def test_what_cannot_be_is_refused_whole(db: None, tell_settings: Telling, values: dict[str, Any]) -> None:
    from luoshi.ledger.models import Entry
    from luoshi.notify import kept

    with pytest.raises(BadUsage):
        kept.save("aadmin", _entered(**values))
    assert (kept.shown(), Entry.objects.count()) == ([], 0)


def test_another_key_cannot_open_them(db: None, tell_settings: Telling, monkeypatch: pytest.MonkeyPatch) -> None:
    """As after a restore on a machine with its own key: the channel is shown as one whose secrets have to be entered again."""
    from django.conf import settings

    from luoshi.notify import kept

    id_ = kept.save("aadmin", _entered())
    monkeypatch.setattr(settings, "SECRET_KEY", "another key of another machine, long enough")
    assert kept.robots() == ()
    assert kept.shown()[0].lost
    kept.save("aadmin", _entered(), id=id_)
    assert [robot.url for robot in kept.robots()] == [URL]


def test_those_of_the_environment_stand_first_and_are_not_changed_here(db: None, tell_settings: Telling) -> None:
    from luoshi.notify import kept

    tell_settings(Told(robots=(Robot(id="feishu", kind="feishu", url="https://open.feishu.cn/x", secret="s"),)))  # noqa: S106 - a secret of the test
    kept.save("aadmin", _entered())
    assert [(one.kind, one.told) for one in kept.shown()] == [("feishu", True), ("dingtalk", False)]
    with pytest.raises(BadUsage, match="not-found"):
        kept.save("aadmin", _entered(), id="feishu")
