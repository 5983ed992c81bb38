"""The history of an item in words: who did what when, and what was changed from what to what."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec

from luoshi.ledger import models
from luoshi.ledger.entry import Entry
from luoshi.ledger.store import history
from luoshi.web.pages.item.telling import ROLES
from luoshi.web.pages.promote.doubts import doubts_of
from luoshi.web.words import current_lang, say
from luoshi.web.writing import NOTHING, show_day

_LIMIT: Final = 500


class Change(msgspec.Struct, frozen=True):
    """What became of a field."""

    label: str
    old: str
    new: str


class Step(msgspec.Struct, frozen=True):
    """One entry of the history."""

    at: str
    by: str
    act: str
    why: str = ""
    changes: tuple[Change, ...] = ()


def story(item: str) -> list[Step]:
    """The entries about an item, newest first."""
    return steps_of(entries_of(item))


def entries_of(item: str, *, limit: int = _LIMIT, before: int | None = None) -> list[Entry]:
    """The last entries about an item itself, newest first."""
    return [entry for entry in history(item, limit=limit, before=before) if entry.subject == item]


def steps_of(newest_first: Sequence[Entry]) -> list[Step]:
    """These entries in words, newest first."""
    entries = newest_first[::-1]
    names = _people(entries)
    steps, state = list[Step](), dict[str, str]()
    for entry in entries:
        values = entry.values
        said = _said(values.get("fields", {}) if entry.act == "item.correct" else values, values.get("duties"))
        changed = tuple(
            Change(_label(name), state.get(name, NOTHING), new) for name, new in said.items() if state.get(name, NOTHING) != new
        )
        steps.append(
            Step(
                entry.at, names.get(entry.actor, entry.actor), entry.act, values.get("why", ""), changed if _is_change(entry, state) else ()
            )
        )
        state |= said
    return steps[::-1]


def masked(step: Step, words: Callable[[str], str]) -> Step:
    """The step with what people wrote as ``words`` shows it."""
    changes = tuple(Change(one.label, words(one.old), words(one.new)) for one in step.changes)
    return msgspec.structs.replace(step, why=words(step.why), changes=changes)


def _is_change(entry: Entry, state: Mapping[str, str]) -> bool:
    """Whether old values are known: an item that is made anew after it was dropped shows what differs, the first making nothing."""
    return entry.act == "item.correct" or (entry.act == "item.create" and bool(state))


def _people(entries: Iterable[Entry]) -> dict[str, str]:
    rows = models.Account.objects.filter(id__in={entry.actor for entry in entries}).values_list("id", "name", "username")
    return {"system": say("item.system"), **{key: name or username for key, name, username in rows}}


_FIELDS: Final = ("number", "title", "text", "due", "due_text", "open_ended", "year", "doubt")


def _said(fields: Mapping[str, Any], duties: list[dict[str, Any]] | None) -> dict[str, str]:
    """The fields that an entry sets, as people read them."""
    said = {name: shown(name, fields[name]) for name in _FIELDS if name in fields}
    if duties is not None:
        said |= {role: "、".join(duty["name"] for duty in duties if duty["role"] == role) or NOTHING for role in ROLES}
    return said


def shown(name: str, value: Any) -> str:
    """A field's value as people read it."""
    if name == "due":
        return show_day(value, current_lang())
    if name == "open_ended":
        return say("word.yes") if value else say("word.no")
    if name == "doubt":
        return say("word.listed").join(doubt.words for doubt in doubts_of(str(value))) or NOTHING
    return NOTHING if value in (None, "") else str(value)


def _label(name: str) -> str:
    return say(f"item.field_{name}")
