"""What the engine goes by: a mechanism, a light rule, a calendar and a zone, together."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import msgspec

from luoshi.loop.calendar import Calendar, china
from luoshi.loop.light import LightRule, rule_of
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.reading import read_mechanism

_FOLDER: Final = "mechanisms"


class Rules(msgspec.Struct, frozen=True):
    """The rules under which a matter lives."""

    mechanism: Mechanism
    lights: LightRule
    calendar: Calendar
    zone: ZoneInfo


@cache
def _files() -> tuple[tuple[str, Mechanism], ...]:
    folder = files(__package__).joinpath(_FOLDER)
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".yaml"))
    texts = [(name, folder.joinpath(name).read_text(encoding="utf-8")) for name in names]
    return tuple(sorted(((text, read_mechanism(text, f"{_FOLDER}/{name}")) for name, text in texts), key=lambda one: one[1].id))


def mechanisms() -> tuple[Mechanism, ...]:
    """The mechanisms that come with the program, in the order of their ids."""
    return tuple(mechanism for _, mechanism in _files())


def mechanism_text(key: str) -> str:
    """The file of a mechanism that comes with the program, as it is written."""
    return next(text for text, mechanism in _files() if mechanism.id == key)


def mechanism_of(key: str) -> Mechanism | None:
    """The mechanism of this id (``M01``) that comes with the program."""
    return next((one for one in mechanisms() if key in (one.id, one.key)), None)


def load_mechanism(path: Path) -> Mechanism:
    """A mechanism that an office wrote itself; ``BadTable`` says what in the file is wrong and where."""
    return read_mechanism(path.read_text(encoding="utf-8"), path.name)


def plain_rules(mechanism: Mechanism, lights: str = "plain", zone: str = "Asia/Shanghai") -> Rules:
    """The mechanism under one of the light rules that come with the program."""
    return Rules(mechanism, rule_of(lights), china(), ZoneInfo(zone))
