"""How far matters have come, and how far they should be by now: for the chart of progress."""

from __future__ import annotations

from typing import Final

from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import now
from luoshi.ledger.veiling import titles_of
from luoshi.loop import timing
from luoshi.publish.chart import Progress
from luoshi.web.page import address

#: so many bars, those furthest behind first
MOST: Final = 15
#: so many matters are looked at: counts belong to the board
_LOOKED: Final = 500


def progress_of(scope: Scope, *, most: int = MOST) -> list[Progress]:
    """The live matters whose progress is compared with the time gone, the furthest behind first; nothing of those that stay inside."""
    at, found = now(), list[tuple[float, models.Matter, float, float]]()
    rows = seen(models.Matter.objects.filter(state="live", progress__isnull=False, internal=False), scope).order_by("next_due", "id")
    for row in rows[:_LOOKED]:
        rules = rules_for(row.mechanism, row.version)
        planned = timing.planned(life_of(row.life), rules, at)
        if planned is not None and row.progress is not None and not rules.mechanism.internal:
            found.append((row.progress - planned, row, row.progress, round(planned, 1)))
    found.sort(key=lambda one: (one[0], one[1].number))
    titles = titles_of([row.id for _, row, _, _ in found[:most]])
    return [
        Progress(f"{row.number} {titles.get(row.id, '')}"[:40], round(done, 1), planned, link=address("item", item=row.id))
        for _, row, done, planned in found[:most]
    ]
