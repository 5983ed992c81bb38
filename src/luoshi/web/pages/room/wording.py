"""The fields of a fact in words: labels, values as people write them, and what a correction changes beside what the rule said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from luoshi.extract.catalogue import indicator
from luoshi.ledger.reading import effective
from luoshi.web.words import current_lang, say, say_word
from luoshi.web.writing import NOTHING, show_amount, show_day

#: fields whose values are words of a closed list
LISTS: Final = ("role", "measure", "direction", "comparator", "strength", "stage")
#: fields that are lists of names
NAMES: Final = ("leaders", "lead_units", "support_units")


def label(name: str) -> str:
    """The word for a field: that of the column of the same name; of the catalogue's indicator its own."""
    return say("room.indicator" if name == "indicator_id" else f"column.{name}")


def as_read(kind: str, record: Mapping[str, Any]) -> dict[str, Any]:
    """The correctable fields of a fact as the rules read them."""
    read = effective(kind, record, {})
    if kind == "task":
        read |= {name: [quote["text"] for quote in record.get(name, ())] for name in NAMES}
    return read


def changes(kind: str, record: Mapping[str, Any], fields: Mapping[str, Any]) -> list[list[str]]:
    """``[label, as the rule said, as the person says]`` for each field that a person put."""
    read = as_read(kind, record)
    now = {**read, **fields}
    return [[label(name), shown(name, read.get(name), read), shown(name, value, now)] for name, value in fields.items()]


def shown(name: str, value: Any, fact: Mapping[str, Any]) -> str:
    """A field's value as people write it; — where there is none."""
    if value in (None, "", [], ()):
        return NOTHING
    if name in ("value", "value_max"):
        return show_amount(value, str(fact.get("unit") or ""), current_lang())
    if name in LISTS:
        return say_word(name, value)
    if name in NAMES:
        return say("word.joint").join(value)
    if name == "due":
        return show_day(value, current_lang())
    if name == "indicator_id":
        return indicator_name(str(value))
    return str(value)


def indicator_name(identity: str) -> str:
    """The catalogue's name of an indicator; the id itself where the catalogue does not know it."""
    try:
        return indicator(identity).name
    except KeyError:
        return identity
