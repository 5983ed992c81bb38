"""What is told of a document: its fields beside what was recognised, its gaps with the words around them, changes between versions."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

import msgspec

from luoshi.ledger import models
from luoshi.ledger.store import blobs
from luoshi.ledger.versions import Change, beside
from luoshi.web.pages.room.wording import label, shown
from luoshi.web.words import current_lang, say, say_word
from luoshi.web.writing import show_day

#: what a person may say of a document, in the order of the form
FIELDS: Final = ("title", "kind", "region", "level", "review_year", "plan_year", "plan_first", "plan_last", "date")
_KINDS: Final = ("report", "plan", "breakdown", "other")
_LEVELS: Final = ("", "national", "province", "city", "county", "zone", "township")
_AROUND: Final = 18


class Shift(msgspec.Struct, frozen=True):
    """From which version to which."""

    old: Any
    new: Any


class Told(msgspec.Struct, frozen=True):
    """A field of a document: as it stands (``value`` for the form, ``shown`` in words) and what the rules read where that was another."""

    name: str
    label: str
    value: str
    shown: str
    read: str
    corrected: bool


class _Body(msgspec.Struct, frozen=True):
    text: str
    shift: int


def fields_told(document: models.Document) -> list[Told]:
    """The fields of a document, each with what was recognised."""
    read = msgspec.json.decode(document.recognised)
    corrected = msgspec.json.decode(document.corrected)
    found = []
    for name in FIELDS:
        value = getattr(document, name)
        words, was = in_words(name, value), in_words(name, read.get(name))
        text = "" if value is None else str(value)
        found.append(Told(name, say(f"document.field_{name}"), text, words, was, name in corrected and words != was))
    return found


def in_words(name: str, value: Any) -> str:
    """A field's value for people; ``""`` for none."""
    if value in (None, ""):
        return ""
    if name == "date":
        return show_day(value, current_lang())
    return say_word(name, value) if name in ("kind", "level") else str(value)


def choices() -> dict[str, list[tuple[str, str]]]:
    """The closed lists of the form."""
    return {
        "kind": [(kind, say_word("kind", kind)) for kind in _KINDS],
        "level": [(level, say_word("level", level) if level else say("word.none")) for level in _LEVELS],
    }


def gaps_told(document: models.Document) -> list[dict[str, str]]:
    """What the reader proves to be missing, each with the words around the place."""
    gaps = msgspec.json.decode(document.gaps)
    if not gaps:
        return []
    text = msgspec.json.decode(blobs().get_packed(document.reading), type=_Body).text
    found = []
    for gap in gaps:
        start, end = gap["start"], max(gap.get("end") or 0, gap["start"])
        before, after = text[max(0, start - _AROUND) : start], text[end : end + _AROUND]
        found.append({"what": gap["what"], "before": _line(before), "here": _line(text[start:end]), "after": _line(after)})
    return found


def _line(words: str) -> str:
    return " ".join(words.split())


def changes_told(changed: Iterable[Change]) -> list[dict[str, Any]]:
    """Facts that say something else, each with what, and both quotations in pieces."""
    return [_change(change) for change in changed]


def _change(change: Change) -> dict[str, Any]:
    kind = change.new["kind"]
    old, new = (_quote(row) for row in (change.old, change.new))
    left, right = beside(old, new)
    fields = [name for name in change.fields if not (name == "text" or (name == "name" and "text" in change.fields and kind == "task"))]
    told = [(label(name), shown(name, change.old[name], change.old), shown(name, change.new[name], change.new)) for name in fields]
    return {
        "kind": kind,
        "name": change.new["name"] or change.old["name"],
        "fields": told,
        "left": left,
        "right": right,
        "fact": change.new["id"],
        "old": change.old["id"],
    }


def _quote(row: Any) -> str:
    return _line(row["text"] if row["kind"] in ("task", "term") else row["clause"])
