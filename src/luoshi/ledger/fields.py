"""The field of work that a target belongs to: by the catalogue of indicators, else by words of its name and of the heading above it. Pure."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import msgspec

from luoshi.extract.catalogue import indicators
from luoshi.tables import load_table

OTHER: Final = "other"


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line of ``fields.yaml``."""

    key: str
    zh: str
    en: str
    first: str
    words: str


@cache
def fields() -> tuple[Field, ...]:
    """All fields, in the order of the table."""
    return load_table("luoshi.ledger", "fields.yaml", tuple[Field, ...])


@cache
def _by_indicator() -> dict[str, str]:
    starts, found, now = {one.first: one.key for one in fields()}, dict[str, str](), OTHER
    for indicator in indicators():
        now = starts.get(indicator.id, now)
        found[indicator.id] = now
    return found


@lru_cache(maxsize=16384)
def _by_words(words: str) -> str:
    """The field of which a word stands last in ``words``: Chinese puts the head of a name last."""
    found = [(place, len(word), one.key) for one in fields() for word in one.words.split() if (place := words.rfind(word)) >= 0]
    return max(found)[2] if found else ""


def field_of(indicator: str, name: str, heading: str = "") -> str:
    """The key of the field.

    >>> field_of("gdp", "地区生产总值"), field_of("", "新建小学", "保障民生"), field_of("", "甲", "乙")
    ('economy', 'welfare', 'other')
    """
    known = _by_indicator().get(indicator, OTHER)
    return known if known != OTHER else _by_words(name) or _by_words(heading) or OTHER
