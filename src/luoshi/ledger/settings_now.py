"""The settings that an administrator may change while the program runs, and what they are now. The rest is told to the installation."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from luoshi.ledger import models


class Setting(msgspec.Struct, frozen=True):
    """One setting: ``choices`` of a closed list, else a text of at most ``longest`` characters."""

    name: str
    default: str = ""
    choices: tuple[str, ...] = ()
    longest: int = 0


#: every setting that there is
SETTINGS: Final[tuple[Setting, ...]] = (Setting("office", longest=40), Setting("readers", "1", choices=("1", "2")))


class Now(msgspec.Struct, frozen=True):
    """The settings as they are: ``office`` the name shown in the head of every page; ``readers`` 2 where pages show how far
    two readers agree; what counts is one word, whatever is set.
    """

    office: str = ""
    readers: int = 1

    def text(self, name: str) -> str:
        """A setting by its name, as text."""
        return str(getattr(self, name))


def now() -> Now:
    """The settings as they are now; read again only when one was changed."""
    last = models.Entry.objects.filter(act="setting.change").order_by("-seq").values_list("seq", flat=True).first()
    return _now(last, str(models.Setting.objects.db)) if last else Now()


@lru_cache(maxsize=4)
def _now(seq: int, database: str) -> Now:
    names = [setting.name for setting in SETTINGS]
    kept = {row.id: msgspec.json.decode(row.value) for row in models.Setting.objects.filter(pk__in=names)}
    return Now(office=str(kept.get("office", "")), readers=int(kept.get("readers", 1)))
