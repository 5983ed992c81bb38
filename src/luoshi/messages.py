"""What the program says, in Chinese and in English; the words are in ``messages.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from luoshi.errors import LuoshiError
from luoshi.tables import load_table

Lang = Literal["zh", "en"]


class Message(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One message in both languages; ``{name}`` stands for a value, the same names in both."""

    zh: str
    en: str


@cache
def messages() -> Mapping[str, Message]:
    """All messages by key."""
    return load_table("luoshi", "messages.yaml", dict[str, Message])


class Speaker(msgspec.Struct, frozen=True):
    """Says messages in one language: ``say("read.total", read=3, failed=0)``."""

    lang: Lang

    def __call__(self, key: str, /, **values: object) -> str:
        message = messages()[key]
        words = message.zh if self.lang == "zh" else message.en
        return words.format(**values) if values else words

    def word(self, group: str, value: str) -> str:
        """The word for one value of a closed list (``role`` ``target`` → 目标); the value itself where there is none."""
        message = messages().get(f"{group}.{value}")
        return value if message is None else message.zh if self.lang == "zh" else message.en

    def error(self, error: LuoshiError) -> str:
        """An error in this language. Its own words are Chinese; English puts the meaning of its slug before them."""
        if self.lang == "zh":
            return str(error)
        message = messages().get(f"error.{error.slug}")
        where = f"{error.where}: " if error.where else ""
        return f"{where}{message.en} [{error.slug}]" if message else f"{where}{error.what} [{error.slug}]"


def lang_of(environment: Mapping[str, str]) -> Lang:
    """The language that the environment asks for: English where the locale begins with ``en``, else Chinese.

    >>> lang_of({"LANG": "en_US.UTF-8"}), lang_of({"LANG": "C.UTF-8"}), lang_of({"LUOSHI_LANG": "en", "LANG": "zh_CN"})
    ('en', 'zh', 'en')
    """
    for name in ("LUOSHI_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = environment.get(name, "").lower()
        if value:
            return "en" if value.startswith("en") else "zh"
    return "zh"
