"""A document's past: who did what when, in words, and how it was at the end of a day."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.entry import Entry, moment
from luoshi.ledger.store import history, state_at
from luoshi.ledger.titles import title_of
from luoshi.web.pages.document.telling import FIELDS, in_words
from luoshi.web.pages.documents.view import bar
from luoshi.web.words import current_lang, say, say_word

#: so many entries are read for one page of the history
_READ: Final = 600
#: words by the same person on one thing, not further apart than this, are one line
_TOGETHER: Final = timedelta(minutes=30)
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class WrongDay(LuoshiError):
    """A day that cannot be read."""

    slug = "wrong-value"


def story(document: str, before: str) -> dict[str, Any]:
    """The history, newest first: lines ``{at, who, act, count, why, fields}``, those of one person and act together; ``older``: where to go on."""
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    found = history(document, limit=_READ + 1, before=start)
    entries, more = found[:_READ], len(found) > _READ
    names = _names(entries)
    lines = list[dict[str, Any]]()
    for entry in entries:
        last = lines[-1] if lines else None
        if last and _same(last, entry):
            last["count"] += 1
            last["first"] = entry.at
        else:
            lines.append(_line(entry, names, document))
    return {"lines": lines, "older": entries[-1].seq if more else 0, "newest": not before}


def _same(line: dict[str, Any], entry: Entry) -> bool:
    if line["key"] != (entry.actor, entry.act) or not entry.act.startswith(("fact.", "item.")):
        return False
    return datetime.fromisoformat(line["first"]) - datetime.fromisoformat(entry.at) < _TOGETHER


def _names(entries: list[Entry]) -> dict[str, str]:
    return dict(models.Account.objects.filter(pk__in={entry.actor for entry in entries}).values_list("id", "name"))


def _line(entry: Entry, names: dict[str, str], document: str) -> dict[str, Any]:
    values = entry.values
    who = say("document.the_system") if entry.actor == "system" else names.get(entry.actor, entry.actor)
    fields = values.get("fields", {}) if entry.act == "document.correct" else {}
    told = [(say(f"document.field_{name}"), in_words(name, value) or "—") for name, value in fields.items() if name in FIELDS]
    why = str(values.get("why", "")) if entry.subject == document else ""
    return {
        "key": (entry.actor, entry.act), "at": entry.at, "first": entry.at, "who": who, "act": say_word("act", entry.act), "count": 1, "why": why,
        "fields": told, "counted": entry.act.startswith(("fact.", "item.")),
    }  # fmt: skip


def was(document: str, at: str) -> dict[str, Any]:
    """The document at the end of a day in the office's time: ``{there, title, fields, bar, state}``. Raises ``WrongDay`` for no day."""
    rows = state_at(document, end_of(at))
    row = rows.get(("document", document))
    if row is None:
        return {"there": False}
    states = Counter(fact["state"] for (table, _), fact in rows.items() if table == "fact")
    then = models.Document(**{name: value for name, value in row.items() if name != "id"}, id=document)
    fields = [(say(f"document.field_{name}"), in_words(name, getattr(then, name)) or "—") for name in FIELDS]
    corrected = msgspec.json.decode(row["corrected"])
    return {
        "there": True, "title": title_of(then, current_lang()), "fields": fields, "bar": bar(states), "state": row["state"],
        "states": [(state, states[state]) for state in ("open", "accepted", "corrected", "rejected", "disputed") if states[state]],
        "corrected": len(corrected), "version": row["version"], "newest": row["newest"],
    }  # fmt: skip


def end_of(day: str) -> str:
    """The last moment of a day (``2026-03-05``) in the office's time, as entries write it. Raises ``WrongDay`` for anything else."""
    try:
        # week dates and days without hyphens are ISO too, but days are compared as texts
        last = datetime.combine(date.fromisoformat(day if _DAY.fullmatch(day) else ""), time.max, tzinfo=ZoneInfo(settings.TIME_ZONE))
        return moment(last.astimezone(UTC))
    except (ValueError, OverflowError):
        raise WrongDay(f"“{day[:20]}”不是日期", where="at", remedy="请写成 2026-03-05 的样子") from None
