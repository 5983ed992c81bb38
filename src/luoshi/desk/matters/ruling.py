"""The rules under which a matter lives: the version of its mechanism that the ledger keeps, and the light rule that the office has set."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.done import NotFound
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.store import Writer
from luoshi.loop.calendar import china
from luoshi.loop.light import LIGHT_RULES, LightRule, rule_of
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.reading import read_mechanism
from luoshi.loop.rules import Rules, mechanism_of, mechanism_text, mechanisms

#: the settings of the usual variant, and of which mechanism
VARIANTS: Final = {"variant_m08": "M08", "variant_m12": "M12"}
#: the folder of the data in which an office lays its own light rules
_LIGHTS: Final = "lights"


def version_id(mechanism: str, version: int) -> str:
    """The id of a version of a mechanism.

    >>> version_id("M01", 2)
    'M01@2'
    """
    return f"{mechanism}@{version}"


def rules_for(mechanism: str, version: int | None = None) -> Rules:
    """The rules of a mechanism: of this version, else of the one under which new matters are filed.

    Raises ``NotFound`` where neither the ledger nor the program knows it.
    """
    found = current(mechanism) if version is None else _version(mechanism, version, str(models.MechanismFile.objects.db))
    return Rules(found, lights_now(), china(), ZoneInfo(settings.TIME_ZONE))


def current(mechanism: str) -> Mechanism:
    """The mechanism as new matters are filed under it: the office's own where there is one, else the later of the ledger's and the program's."""
    shipped = mechanism_of(mechanism)
    row = models.MechanismFile.objects.filter(key=shipped.id if shipped else mechanism, current=True).order_by("-version").first()
    if row is not None and (row.own or shipped is None or row.version >= shipped.version):
        return _read(row.id, row.text)
    if shipped is None:
        raise NotFound("没有这种机制", where=mechanism[:40], remedy="请从机制一览里选")
    return shipped


def all_current() -> list[Mechanism]:
    """Every mechanism as new matters are filed under it, by id."""
    keys = {one.id for one in mechanisms()} | set(models.MechanismFile.objects.values_list("key", flat=True))
    return [current(key) for key in sorted(keys)]


@lru_cache(maxsize=200)
def _version(mechanism: str, version: int, database: str) -> Mechanism:
    """A version never changes once matters were filed under it."""
    row = models.MechanismFile.objects.filter(pk=version_id(mechanism, version)).first()
    if row is not None:
        return _read(row.id, row.text)
    shipped = mechanism_of(mechanism)
    if shipped is None or shipped.version != version:
        raise NotFound(f"没有{mechanism}的第 {version} 版", where=mechanism[:40], remedy="台账可能由另一版本写成，请查看升级说明")
    return shipped


@lru_cache(maxsize=200)
def _read(key: str, text: str) -> Mechanism:
    return read_mechanism(text, key)


def lights_now() -> LightRule:
    """The light rule by which matters are judged: what the office has set, else the plain one."""
    return _rule(settings_now().lights, str(settings.LUOSHI.data))


def usual_variant(mechanism: Mechanism) -> str:
    """The variant that the office usually files, where it has set one and the mechanism (still) has it; ``""`` else."""
    name = f"variant_{mechanism.id.lower()}"
    key = settings_now().text(name) if name in VARIANTS else ""
    return key if mechanism.variant(key) is not None else ""


def light_rule(key: str) -> LightRule:
    """The light rule of this key, the office's own before the program's."""
    return _rule(key, str(settings.LUOSHI.data))


def light_rules() -> tuple[str, ...]:
    """The keys of the light rules that can be set: those of the program, then the office's own."""
    folder = Path(settings.LUOSHI.data) / _LIGHTS
    own = sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []
    return tuple(dict.fromkeys((*LIGHT_RULES, *own)))


def _rule(key: str, data: str) -> LightRule:
    """The rule as its file says now: an office's own file may be changed while processes run."""
    path = Path(data) / _LIGHTS / f"{key}.yaml"
    return _rule_at(key, data, path.read_bytes() if path.is_file() else b"")


@lru_cache(maxsize=20)
def _rule_at(key: str, data: str, own: bytes) -> LightRule:
    rule = rule_of(key, Path(data) / _LIGHTS)
    # matters tell by which rule they were judged: the same name with other words in the file is another rule
    return msgspec.structs.replace(rule, key=f"{rule.key[:30]}.{sha256(own).hexdigest()[:8]}") if own else rule


def keep(writer: Writer, actor_id: str, mechanism: Mechanism) -> None:
    """The version is in the ledger from now on, so that matters filed under it can always be read by it."""
    key = version_id(mechanism.id, mechanism.version)
    if writer.get("mechanism", key) is None:
        data = {"key": mechanism.id, "version": mechanism.version, "text": mechanism_text(mechanism.id), "own": False}
        writer.append(actor_id, Draft("mechanism.keep", key, data))
