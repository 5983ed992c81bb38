"""The words of notices in one language; they lie in ``words.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache

from luoshi.messages import Lang, Message
from luoshi.tables import load_table


@cache
def words() -> Mapping[str, Message]:
    """All words by key."""
    return load_table("luoshi.notify", "words.yaml", dict[str, Message])


def word(key: str, lang: Lang, /, **values: object) -> str:
    """A word with its values put in; a key that is not there is returned as what stands behind its last dot.

    >>> word("light.red", "zh"), word("light.紫灯", "zh"), word("digest.title", "en", day="5 March", count=3)
    ('红灯', '紫灯', '5 March: 3 items')
    """
    found = words().get(key)
    if found is None:
        return key.rpartition(".")[2]
    told = found.zh if lang == "zh" else found.en
    return told.format(**values) if values else told


def day(value: date, lang: Lang) -> str:
    """A day as people write it.

    >>> day(date(2026, 3, 5), "zh"), day(date(2026, 3, 5), "en")
    ('2026年3月5日', '2026-03-05')
    """
    return f"{value.year}年{value.month}月{value.day}日" if lang == "zh" else value.isoformat()
