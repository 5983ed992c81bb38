"""Keys by which programs of others report to us: made by a system administrator, shown once, kept as a hash only, withdrawn for good."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.places import tree
from luoshi.ledger.store import writing

#: what the settings of keys begin with, one for each key; under the bare name ledgers of before hold them all in one
SUBJECT: Final = "open311_keys"
_ONE: Final = f"{SUBJECT}:"
_MOST: Final = 200
_LONGEST: Final = 60


class ApiKey(msgspec.Struct, frozen=True):
    """A key. ``hash``: SHA-256 of it, which is enough, since it is 256 bits of chance. ``region``: where what comes in by it belongs."""

    id: str
    name: str
    region: str
    hash: str
    at: str
    by: str
    live: bool = True


def keys() -> list[ApiKey]:
    """Every key that was ever made, the newest first."""
    found: dict[str, ApiKey] = {}
    for row in models.Setting.objects.filter(pk__startswith=SUBJECT).order_by("pk"):
        if row.id == SUBJECT:
            found = {one.id: one for one in msgspec.json.decode(row.value, type=list[ApiKey])}
        elif row.id.startswith(_ONE):
            one = msgspec.json.decode(row.value, type=ApiKey)
            found[one.id] = one
    return sorted(found.values(), key=lambda one: (one.at, one.id), reverse=True)


def make(actor: Actor, name: str, region: str) -> tuple[Done, str]:
    """A new key; its text is told here and never again."""
    require(actor, "open311.key")
    name = " ".join(name.split())
    if not name or len(name) > _LONGEST:
        raise WrongValue(
            "请写明给谁用" if not name else f"太长，超过 {_LONGEST} 字", where="name", remedy="写接入的系统和单位，如“区政务小程序”"
        )
    if not region or not tree().name(region):
        raise WrongValue("没有这个地区", where="region", remedy="请选一个地区：从这里来的诉求归这个地区")
    text = secrets.token_urlsafe(32)
    with writing() as writer:
        known = keys()
        if len(known) >= _MOST:
            raise Conflict(f"已有 {_MOST} 个密钥", where=SUBJECT, remedy="请收回不用的，改用已有的")
        made = ApiKey(secrets.token_hex(6), name, region, hash_of(text), writer.at, actor.id)
        return Done.of([writer.append(actor.id, _draft(made))]), text


def withdraw(actor: Actor, key: str) -> Done:
    """The key is good for nothing from now on."""
    require(actor, "open311.key")
    with writing() as writer:
        known = keys()
        found = next((one for one in known if one.id == key and one.live), None)
        if found is None:
            raise NotFound("没有这个密钥，或已收回", where=key[:20], remedy="请刷新页面")
        return Done.of([writer.append(actor.id, _draft(msgspec.structs.replace(found, live=False)))])


def key_of(text: str) -> ApiKey | None:
    """The live key that this text is; None for any other."""
    told = hash_of(text)
    return next((one for one in keys() if one.live and hmac.compare_digest(one.hash, told)), None)


def hash_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _draft(one: ApiKey) -> Draft:
    """The entry of one key: who made or withdrew which stands in the ledger, and no other key with it."""
    return Draft("setting.change", f"{_ONE}{one.id}", {"value": msgspec.to_builtins(one)})
