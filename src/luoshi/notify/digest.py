"""The digest of a person: what is overdue, due today and this week, returned, waiting; and many messages to a group in one."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from luoshi.messages import Lang
from luoshi.notify.message import Matter, Message
from luoshi.notify.wording import day, word

#: the parts of a digest in the order in which they are read
_PARTS: Final = ("overdue", "today", "week", "returned", "waiting", "other")


def digest_of(account: str, today: date, matters: Iterable[Matter], lang: Lang = "zh") -> Message | None:
    """The digest of one person on a day; None where there is nothing to say. A matter stands in one part, by what presses most."""
    parts: dict[str, dict[tuple[str, str], Matter]] = {part: {} for part in _PARTS}
    seen: set[tuple[str, str]] = set()
    for matter in sorted(matters, key=lambda one: (_PARTS.index(part_of(one, today)), one.due or date.max, one.number)):
        # of two that speak of one item, the more pressing stands first and stays
        if (one := (matter.number, matter.link)) not in seen:
            seen.add(one)
            part = part_of(matter, today)
            parts[part][one] = msgspec.structs.replace(matter, section=word(f"digest.{part}", lang))
    found = tuple(matter for part in _PARTS for matter in parts[part].values())
    if not found:
        return None
    title = word("digest.title", lang, day=day(today, lang), count=len(found))
    return Message(kind="digest", key=f"digest:{account}:{today.isoformat()}", title=title, matters=found, link="/")


def part_of(matter: Matter, today: date) -> str:
    """The part of a digest in which a matter stands; a week ends on Sunday."""
    if matter.due is not None and matter.due <= today:
        return "overdue" if matter.due < today else "today"
    if matter.state:
        return matter.state
    if matter.due is not None and matter.due <= today + timedelta(days=6 - today.weekday()):
        return "week"
    return "other"


def one_of(messages: Sequence[Message]) -> Message:
    """Several messages of one kind to one group as one, each item once, what is due first before the rest."""
    found = {(matter.number, matter.link): matter for message in messages for matter in message.matters}
    matters = sorted(found.values(), key=lambda matter: (matter.due or date.max, _natural(matter.number)))
    told = hashlib.sha256("\x1f".join(sorted(message.key for message in messages)).encode()).hexdigest()
    return msgspec.structs.replace(messages[0], key=f"many:{told[:32]}", matters=tuple(matters), lines=(), link="/")


def _natural(number: str) -> tuple[tuple[str, int], ...]:
    """A number in the order of people: 9号 before 10号."""
    return tuple((words, int(digits or 0)) for words, digits in re.findall(r"([^0-9]*)([0-9]{0,18})", number))
