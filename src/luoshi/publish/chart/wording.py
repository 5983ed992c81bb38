"""What charts say, in Chinese and in English; the words are in ``words.yaml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import msgspec

from luoshi.messages import Lang, Message
from luoshi.tables import load_table


@cache
def words() -> Mapping[str, Message]:
    """All words of charts by key."""
    return load_table("luoshi.publish.chart", "words.yaml", dict[str, Message])


class Teller(msgspec.Struct, frozen=True):
    """Says a chart's words in one language: ``tell("year", year=2025)``."""

    lang: Lang

    def __call__(self, key: str, /, **values: object) -> str:
        message = words()[key]
        said = message.zh if self.lang == "zh" else message.en
        return said.format(**values) if values else said
