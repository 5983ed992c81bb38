"""The robots that there are: those that the installation is told, and those that an administrator has entered here."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final, cast

import msgspec
from django.db import transaction

from luoshi.errors import BadUsage
from luoshi.ledger.entry import Draft, moment
from luoshi.ledger.store import append, now
from luoshi.notify import config
from luoshi.notify.channels import ROBOTS, Robot, RobotKind, checked_address, remotes, shown_address
from luoshi.notify.message import Form
from luoshi.notify.models import Channel, Letter
from luoshi.notify.sealing import seal, unseal

#: subject of the entries that tell of changes; they never hold an address or a secret
SUBJECT: Final = "notify_channel"
_LONGEST: Final = 2000


class Options(msgspec.Struct, frozen=True):
    """What of a robot is no secret."""

    keyword: str = ""
    form: Form = "text"
    kinds: tuple[str, ...] = ()
    units: tuple[str, ...] = ()


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator enters. On a change an empty ``url`` or ``secret`` leaves the one that is there; ``unsigned`` takes the secret away."""

    kind: str
    name: str
    url: str = ""
    secret: str = ""
    unsigned: bool = False
    on: bool = True
    options: Options = Options()

    def __repr__(self) -> str:
        """Without address and secret."""
        return f"Entered({self.kind}, {self.name!r})"


class Shown(msgspec.Struct, frozen=True, kw_only=True):
    """A channel as pages show it. ``told``: by the environment, so not to be changed here. ``lost``: its secrets have to be entered again."""

    id: str
    kind: str
    name: str
    address: str
    signed: bool
    on: bool
    told: bool
    lost: bool = False
    options: Options = Options()


def robots() -> tuple[Robot, ...]:
    """The robots that are on and can be used."""
    rows = Channel.objects.filter(on=True, kind__in=ROBOTS).order_by("id")
    return (*config.current().robots, *(robot for row in rows if (robot := _robot(row)) is not None))


def _robot(row: Channel) -> Robot | None:
    url, secret, options = unseal(row.url), unseal(row.secret), _options(row)
    if not url or secret is None:
        return None
    return Robot(id=row.id, kind=cast("RobotKind", row.kind), url=url, name=row.name, secret=secret, **msgspec.structs.asdict(options))


def _options(row: Channel) -> Options:
    return msgspec.json.decode(row.options, type=Options)


def shown() -> list[Shown]:
    """All robots for a page: host and the last four characters of the key, never more."""
    told = [
        Shown(
            id=robot.id, kind=robot.kind, name=robot.name, address=shown_address(robot.url), signed=bool(robot.secret), on=True, told=True,
            options=Options(robot.keyword, robot.form, robot.kinds, robot.units),
        )
        for robot in config.current().robots
    ]  # fmt: skip
    return [*told, *(_shown(row) for row in Channel.objects.filter(kind__in=ROBOTS).order_by("id"))]


def _shown(row: Channel) -> Shown:
    url, secret = unseal(row.url), unseal(row.secret)
    return Shown(
        id=row.id, kind=row.kind, name=row.name, address=shown_address(url) if url else "", signed=bool(row.secret), on=row.on, told=False,
        lost=url is None or secret is None, options=_options(row),
    )  # fmt: skip


def save(actor_id: str, entered: Entered, *, id: str = "") -> str:  # noqa: A002 - what it is called everywhere
    """Adds a robot, or changes the one with this ``id``; its id. Who changed what stands in the ledger, without address and secret.

    Rights are the caller's: this is for pages behind ``settings.change``.
    """
    _check(entered)
    with transaction.atomic():
        row = Channel.objects.select_for_update().filter(pk=id, kind__in=ROBOTS).first() if id else None
        if id and row is None:
            raise BadUsage("没有这个通知渠道", where=id[:40], remedy="请刷新页面", slug="not-found")
        if row is None and not entered.url.strip():
            raise BadUsage("没有写地址", where="Webhook 地址", remedy="请从群机器人的设置里复制", slug="wrong-value")
        row = row or Channel(id=f"robot-{secrets.token_hex(6)}")
        _fill(row, entered)
        row.save()
        append(actor_id, [Draft("setting.change", SUBJECT, {"value": _told(row, entered)})])
    return row.id


def _fill(row: Channel, entered: Entered) -> None:
    row.kind, row.name, row.on = entered.kind, " ".join(entered.name.split()), entered.on
    row.options, row.changed_at = msgspec.json.encode(entered.options).decode(), moment(now())
    if entered.url.strip():
        row.url = seal(checked_address(entered.url.strip(), where="Webhook 地址", http=config.current().http))
    if entered.unsigned:
        row.secret = ""
    elif entered.secret.strip():
        row.secret = seal(entered.secret.strip())


def remove(actor_id: str, id: str) -> None:  # noqa: A002 - as above
    """Takes a robot away, with what waits for it."""
    with transaction.atomic():
        row = Channel.objects.filter(pk=id, kind__in=ROBOTS).first()
        if row is None:
            raise BadUsage("没有这个通知渠道", where=id[:40], remedy="请刷新页面", slug="not-found")
        Letter.objects.filter(channel=id, state="waiting").update(state="given-up", reason="notify-no-channel", message="")
        row.delete()
        append(actor_id, [Draft("setting.change", SUBJECT, {"value": f"移除 {remotes()[row.kind].name.zh}“{row.name}”"})])


def _told(row: Channel, entered: Entered) -> str:
    """What the ledger says of a change."""
    said = [remotes()[row.kind].name.zh, f"“{row.name}”", "启用" if row.on else "停用"]
    said += ["地址已改"] if entered.url.strip() else []
    said += ["不再加签"] if entered.unsigned else ["密钥已改"] if entered.secret.strip() else []
    return " ".join(said)


def _check(entered: Entered) -> None:
    remedy = "请改正后再保存"
    if entered.kind not in ROBOTS:
        raise BadUsage("不认识这种渠道", where=entered.kind[:40], remedy="可选：dingtalk、wecom、feishu", slug="wrong-value")
    if not entered.name.strip() or len(entered.name) > 40:
        raise BadUsage("名称应为 1 到 40 个字", where="名称", remedy=remedy, slug="wrong-value")
    if len(entered.url) > _LONGEST or len(entered.secret) > _LONGEST or len(entered.options.keyword) > 40:
        raise BadUsage("地址、密钥或关键词太长", where=entered.name, remedy=remedy, slug="wrong-value")
    if entered.kind == "wecom" and entered.secret.strip():
        raise BadUsage("企业微信的机器人没有加签密钥", where="密钥", remedy="请留空；它的密钥就在地址里", slug="wrong-value")
    if entered.kind == "feishu" and entered.options.form != "text":
        raise BadUsage("飞书只发文本", where="格式", remedy="请选文本", slug="wrong-value")


def options_of(given: Mapping[str, Any], *, kinds: Sequence[str] = (), units: Sequence[str] = ()) -> Options:
    """Options from the fields of a form."""
    form = given.get("form") or "text"
    if form not in ("text", "markdown"):
        raise BadUsage("不认识这种格式", where="格式", remedy="可选：text、markdown", slug="wrong-value")
    return Options(keyword=str(given.get("keyword", "")).strip(), form=cast("Form", form), kinds=tuple(kinds), units=tuple(units))
