"""The matter of an item as it was at the end of a day, folded anew out of its entries; masked as it is now."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.called import names_of
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import state_at
from luoshi.loop import engine
from luoshi.web.pages.item.matter import Live, live_of, told
from luoshi.web.pages.item.proof import people_of, proofs
from luoshi.web.pages.item.story import Step, entries_of, masked, steps_of, story
from luoshi.web.pages.item.tale import tale
from luoshi.web.veil import Veil

#: so many entries of the story are shown
_STORY: Final = 200


class Past(msgspec.Struct, frozen=True):
    """What the page tells of a day: how it masks, and its values; of a day before it was filed only the history of the item."""

    veil: Veil
    values: dict[str, Any]


def past_of(item: str, moment: str, scope: Scope) -> Past | None:
    """The matter as it was at this moment; None where the item is none now either."""
    now = live_of(item)
    if now is None:
        return None
    rows = state_at(item, moment)
    row = rows.get(("matter", item))
    before = life_of(row["life"]) if row else None
    veil = Veil(now.mechanism, fields=now.matter.fields, before=before.fields if before else None)
    if row is None or before is None:
        return Past(veil, {"history": lambda: _masked(item, veil, moment)})
    then = _live(row, moment)
    clocks = [models.Clock(**value) for (table, _), value in rows.items() if table == "clock"]
    files = [models.Evidence(**value) for (table, _), value in rows.items() if table == "evidence" and value["live"]]
    entries = [entry for entry in entries_of(item) if entry.at <= moment][:_STORY]
    matter = told(then, veil, scope, clocks=clocks)
    return Past(veil, {
        "live": then, "matter": matter, "tale": tale(then, entries, steps_of(entries), veil), "newest_shown": True, "older": 0,
        "bar": {"done": _part(matter["progress"]), "planned": _part(matter["planned"])}, "evidence": proofs(item, files), "evidence_names": people_of(item),
        "history": lambda: _masked(item, veil, moment),
    })  # fmt: skip


def _live(row: dict[str, Any], moment: str) -> Live:
    rules, matter, at = rules_for(row["mechanism"], row["version"]), life_of(row["life"]), datetime.fromisoformat(moment)
    matter = engine.fold(matter, engine.due(matter, rules, at))
    return Live(models.Matter(**row), matter, rules, at, names_of({holder for part in matter.parts.values() for holder in part}))


def _masked(item: str, veil: Veil, moment: str) -> list[Step]:
    return [masked(step, veil.words) for step in story(item) if step.at <= moment]


def _part(share: float | None) -> int | None:
    return None if share is None else round(min(max(share, 0), 100))
