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


_SWITCH: Final = ("0", "1")
_HALF_HOURS: Final = tuple(f"{hour:02d}:{minute}" for hour in range(24) for minute in ("00", "30"))
#: every setting that there is. The hours of notices are Luoshi's own defaults: 本系统缺省，请本单位核定.
SETTINGS: Final[tuple[Setting, ...]] = (
    Setting("office", longest=40),
    Setting("readers", "1", choices=("1", "2")),
    Setting("lights", "plain", longest=40),
    Setting("notify_quiet_from", "20:00", choices=_HALF_HOURS),
    Setting("notify_quiet_to", "08:00", choices=_HALF_HOURS),
    Setting("notify_workdays", "1", choices=_SWITCH),
    Setting("notify_urgent", "0", choices=_SWITCH),
    Setting("notify_digest", "08:30", choices=("off", *_HALF_HOURS)),
    Setting("mail_domains", longest=400),
    Setting("variant_m08", longest=40),
    Setting("variant_m12", longest=40),
    Setting("open311", "0", choices=_SWITCH),
    Setting("portal", "0", choices=_SWITCH),
    Setting("clues", "0", choices=_SWITCH),
    Setting("api", "1", choices=_SWITCH),
    Setting("assistant_acts", "0", choices=_SWITCH),
    Setting("rate_weights", longest=40),
    Setting("rate_words", longest=400),
)


class Now(msgspec.Struct, frozen=True):
    """The settings as they are: ``office`` the name shown in the head of every page; ``readers`` 2 where pages show how far
    two readers agree; what counts is one word, whatever is set. ``lights`` the light rule by which matters are judged.

    Between ``notify_quiet_from`` and ``notify_quiet_to``, and on days off where ``notify_workdays`` is 1, no e-mail and no message to a group goes
    out, but urgent ones where ``notify_urgent`` is 1; ``notify_digest`` is when the daily digest does, or ``off``. ``mail_domains``: to which
    domains e-mail may go (empty: that of the sender, ``*``: any). ``variant_m08``, ``variant_m12``: the variant of complaints and of suggestions
    that the office usually files. ``open311`` 1: the public may report and look by Open311. ``portal`` 1: what was released stands on ``/public``,
    ``clues`` 1: clues may be sent there. ``api`` 1: programs may ask and act by tokens; ``assistant_acts`` 1: assistants may act by them too.
    ``rate_weights`` how much each of the three rates of complaints weighs (``0.1 0.5 0.4``), ``rate_words`` how the office itself says what they
    count.
    """

    office: str = ""
    readers: int = 1
    lights: str = "plain"
    notify_quiet_from: str = "20:00"
    notify_quiet_to: str = "08:00"
    notify_workdays: str = "1"
    notify_urgent: str = "0"
    notify_digest: str = "08:30"
    mail_domains: str = ""
    variant_m08: str = ""
    variant_m12: str = ""
    open311: str = "0"
    portal: str = "0"
    clues: str = "0"
    api: str = "1"
    assistant_acts: str = "0"
    rate_weights: str = ""
    rate_words: str = ""

    def text(self, name: str) -> str:
        """A setting by its name, as text."""
        return str(getattr(self, name))


def now() -> Now:
    """The settings as they are now; read again only when one was changed."""
    # its hash tells it from one with the same number in another ledger
    last = models.Entry.objects.filter(act="setting.change").order_by("-seq").values_list("hash", flat=True).first()
    return _now(last, str(models.Setting.objects.db)) if last else Now()


def domains_of(text: str) -> tuple[str, ...]:
    """The domains of e-mail as somebody wrote them down.

    >>> domains_of("qishan.gov.cn，@LANZHOU.gov.cn")
    ('qishan.gov.cn', 'lanzhou.gov.cn')
    """
    for mark in "，,;；、":
        text = text.replace(mark, " ")
    return tuple(one.removeprefix("@").lower() for one in text.split())


@lru_cache(maxsize=4)
def _now(last: str, database: str) -> Now:
    names = [setting.name for setting in SETTINGS]
    kept = {row.id: msgspec.json.decode(row.value) for row in models.Setting.objects.filter(pk__in=names)}
    texts = {setting.name: str(kept.get(setting.name, setting.default)) for setting in SETTINGS if setting.name != "readers"}
    return Now(readers=int(kept.get("readers", 1)), **texts)
