"""What of a notice leaves the house: a group reads numbers, public titles, units, days and lights, and never anything of a person."""

from __future__ import annotations

from typing import Final

import msgspec

from luoshi.errors import LuoshiError
from luoshi.masking import find_personal
from luoshi.messages import Lang
from luoshi.notify.message import Matter, Message
from luoshi.notify.wording import word

#: what may stand in a public title: the house that a project mends is nobody's home address
_PUBLIC: Final = frozenset({"address"})


class PersonalData(LuoshiError):
    """A text that was about to go out and holds something of a person."""

    slug = "personal-data"


def for_group(message: Message, lang: Lang = "zh") -> Message:
    """The message as a group may read it: its title is made anew from its kind, free lines are gone, private matters show number and category."""
    kind = word(f"kind.{message.kind}", lang)
    title = word("group.title", lang, kind=kind, count=len(message.matters)) if message.matters else kind
    lines = (word("group.test", lang),) if message.kind == "test" else ()
    matters = tuple(_public(matter) for matter in message.matters)
    return Message(kind=message.kind, key=message.key, title=title, lines=lines, matters=matters, link=message.link, urgent=message.urgent)


def for_mail(message: Message) -> Message:
    """The message as an e-mail may carry it, which passes other machines: private matters show number and category, and their own link."""
    return msgspec.structs.replace(message, matters=tuple(_private_short(matter) for matter in message.matters))


def refuse_personal(text: str, *, where: str) -> None:
    """Raises ``PersonalData`` where the text holds a phone or identity number, a plate or a bank card. The error never repeats it."""
    kinds = _personal(text)
    if kinds:
        raise PersonalData(
            f"消息里像有个人信息（{'、'.join(kinds)}），没有发出",
            where=where,
            remedy="请到系统内查看，并从事项的标题和单位名称里去掉个人信息",
        )


def _personal(text: str) -> list[str]:
    """The kinds of personal data in a text."""
    return sorted({found.kind for found in find_personal(text)} - _PUBLIC)


def _public(matter: Matter) -> Matter:
    """A matter without anything that only some may know; a heading would tell why it concerns somebody."""
    if matter.private or _personal(f"{matter.title}\n{matter.unit}"):
        return Matter(number=matter.number, category=matter.category)
    return Matter(
        number=matter.number, title=matter.title, category=matter.category, unit=matter.unit, due=matter.due, light=matter.light,
        link=matter.link,
    )  # fmt: skip


def _private_short(matter: Matter) -> Matter:
    if not matter.private:
        return matter
    return Matter(
        number=matter.number, category=matter.category, link=matter.link, due=matter.due, state=matter.state, section=matter.section
    )
