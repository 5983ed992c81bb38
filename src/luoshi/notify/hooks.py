"""Subscriptions: addresses of programs of others that are told what happens, each with its events, its region and its own secret."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from typing import Final

import msgspec
from django.db import transaction

from luoshi.errors import BadUsage
from luoshi.ledger.entry import Draft, moment
from luoshi.ledger.places import tree
from luoshi.ledger.store import append, now
from luoshi.notify import config
from luoshi.notify.channels import checked_address, shown_address
from luoshi.notify.events import KINDS
from luoshi.notify.models import Channel, Letter
from luoshi.notify.sealing import seal, unseal

#: the kind of their rows beside the robots'
KIND: Final = "webhook"
#: what the ledger calls a change of one
SUBJECT: Final = "webhook"
_MOST: Final = 50
_LONGEST: Final = 40


class Options(msgspec.Struct, frozen=True):
    """Which events (none: all), and of which region with all below it (``""``: of all)."""

    events: tuple[str, ...] = ()
    region: str = ""


class Hook(msgspec.Struct, frozen=True, kw_only=True):
    """A subscription. Its address may hold a key of its owner's, so neither it nor the secret is ever shown whole."""

    id: str
    name: str
    url: str
    secret: str
    on: bool = True
    options: Options = Options()

    def __repr__(self) -> str:
        return f"Hook({self.id!r}, {shown_address(self.url) if self.url else ''!r})"

    @property
    def address(self) -> str:
        """Its address as pages show it; ``""`` where it was sealed with another key and is lost."""
        return shown_address(self.url) if self.url else ""

    def wants(self, event: str, regions: Sequence[str]) -> bool:
        """Whether it is told of such an event; ``regions``: that of the event and those above it."""
        return (not self.options.events or event in self.options.events) and (not self.options.region or self.options.region in regions)


class Entered(msgspec.Struct, frozen=True, kw_only=True):
    """What an administrator enters; an empty ``url`` leaves that which is there."""

    name: str
    url: str = ""
    on: bool = True
    options: Options = Options()


def all_hooks() -> list[Hook]:
    """Every subscription, by name."""
    return [_hook(row) for row in Channel.objects.filter(kind=KIND).order_by("name", "id")]


def live_hooks() -> list[Hook]:
    """Those that are on and can be used."""
    return [hook for hook in all_hooks() if hook.on and hook.url and hook.secret]


def _hook(row: Channel) -> Hook:
    options = msgspec.json.decode(row.options, type=Options)
    return Hook(id=row.id, name=row.name, url=unseal(row.url) or "", secret=unseal(row.secret) or "", on=row.on, options=options)


def save(actor_id: str, entered: Entered, *, key: str = "") -> tuple[str, str]:
    """(its id, its secret where it is new: told here and never again). Who changed what stands in the ledger, without address and secret.

    Rights are the caller's: this is for pages behind ``settings.change``.
    """
    name = _checked(entered)
    with transaction.atomic():
        row = Channel.objects.select_for_update().filter(pk=key, kind=KIND).first() if key else None
        if key and row is None:
            raise BadUsage("没有这个订阅", where=key[:40], remedy="请刷新页面", slug="not-found")
        if row is None and not entered.url.strip():
            raise BadUsage("没有写地址", where="url", remedy="请写对方接收的地址", slug="wrong-value")
        if row is None and Channel.objects.filter(kind=KIND).count() >= _MOST:
            raise BadUsage(f"已有 {_MOST} 个订阅", where="name", remedy="请移除不用的", slug="conflict")
        secret = "" if row else f"whs_{secrets.token_urlsafe(32)}"
        row = row or Channel(id=f"hook-{secrets.token_hex(6)}", kind=KIND, secret=seal(secret))
        row.name, row.on = name, entered.on
        row.options, row.changed_at = msgspec.json.encode(entered.options).decode(), moment(now())
        if entered.url.strip():
            row.url = seal(checked_address(entered.url.strip(), where="url", http=config.current().http))
        row.save()
        said = f"“{name}” {'启用' if entered.on else '停用'}{' 地址已改' if entered.url.strip() else ''}"
        append(actor_id, [Draft("setting.change", SUBJECT, {"value": said})])
    return row.id, secret


def remove(actor_id: str, key: str) -> None:
    """Takes a subscription away, with what waits for it."""
    with transaction.atomic():
        row = Channel.objects.filter(pk=key, kind=KIND).first()
        if row is None:
            raise BadUsage("没有这个订阅", where=key[:40], remedy="请刷新页面", slug="not-found")
        Letter.objects.filter(channel=key, state="waiting").update(state="given-up", reason="notify-no-channel", message="")
        row.delete()
        append(actor_id, [Draft("setting.change", SUBJECT, {"value": f"移除“{row.name}”"})])


def _checked(entered: Entered) -> str:
    """The name, if all of it can be."""
    name = " ".join(entered.name.split())
    strange = [event for event in entered.options.events if event not in KINDS]
    if not name or len(name) > _LONGEST:
        raise BadUsage(f"名称应为 1 到 {_LONGEST} 个字", where="name", remedy="写谁来收，如“区大数据局”", slug="wrong-value")
    if strange:
        raise BadUsage(f"没有“{strange[0][:40]}”这种事件", where="events", remedy=f"可选：{'、'.join(KINDS)}", slug="wrong-value")
    if entered.options.region and not tree().name(entered.options.region):
        raise BadUsage("没有这个地区", where="region", remedy="请写区划代码；不写就是全部", slug="wrong-value")
    return name
