"""The tasks of a report as a breakdown table: docx on its side, and the same as a workbook."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.papers.templates import Paper, made, made_book, named_office
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, now
from luoshi.ledger.tables import items_seen
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import shown
from luoshi.loop.clock import day_of
from luoshi.loop.rules import mechanism_of
from luoshi.publish.papers import Values, day_words


def breakdown(actor: Actor, document: str, scope: Scope, *, clock: Clock = now) -> Paper:
    """The breakdown table of a document's items. ``NotFound`` where the actor does not see it or it has none."""
    values, title = breakdown_values(actor, document, scope, clock=clock)
    return made("breakdown", values, f"任务分解表-{title}")


def breakdown_book(actor: Actor, document: str, scope: Scope, *, clock: Clock = now) -> Paper:
    """The same as a workbook."""
    values, title = breakdown_values(actor, document, scope, clock=clock)
    return made_book("breakdown", values, f"任务分解表-{title}")


def breakdown_values(actor: Actor, document: str, scope: Scope, *, clock: Clock = now) -> tuple[Values, str]:
    """What the table says, and the title of the document. Matters that stay inside are left out."""
    require(actor, "papers")
    found = models.Document.objects.filter(pk=document).first()
    if found is None or found.state == "withdrawn" or not scope.sees_document(found.region_code):
        raise NotFound("没有这份文件", where=document[:40], remedy="请从文件页里选一份")
    items = open_items(models.Item.objects.filter(document=document, id__in=items_seen(scope).values("id")).order_by("ordinal"))
    title = title_of(found)
    if not items:
        raise NotFound("这份文件还没有事项", where=title, remedy="请先把任务转为事项，再出任务分解表")
    rows = [_row(n, item) for n, item in enumerate(items, 1)]
    day = day_of(clock(), ZoneInfo(settings.TIME_ZONE)).isoformat()
    values: dict[str, Any] = {
        "office": named_office(), "day": day_words(day), "document": title, "total": len(rows), "with_due": sum(_is_dated(item) for item in items),
        "open_due": sum(not _is_dated(item) for item in items), "tasks": rows,
    }  # fmt: skip
    return values, title


def open_items(rows: Sequence[models.Item] | Any) -> list[models.Item]:
    """Those of the items that are open and do not stay inside, with titles and words as tables show them."""
    found = [item for item in rows if item.state == "open"]
    matters = models.Matter.objects.filter(pk__in=[item.id for item in found]).values_list("id", "mechanism", "internal")
    inside = {
        key for key, mechanism, internal in matters if internal or ((known := mechanism_of(mechanism)) is not None and known.internal)
    }
    return shown(item for item in found if item.id not in inside)


def _row(n: int, item: models.Item) -> dict[str, Any]:
    return {
        "n": n, "number": item.number, "section": item.section_title, "title": item.title, "leader": item.leaders, "lead": item.lead,
        "support": item.support, "due": day_words(item.due) if len(item.due) == 10 else item.due_text or _month(item.due),
        "quote": " ".join(item.text.split()),
    }  # fmt: skip


def _is_dated(item: models.Item) -> bool:
    """Whether a day, month or year is set; 持续推进 is none."""
    return bool(item.due) and not item.open_ended


def _month(due: str) -> str:
    """A due date of which the month or the year alone is said.

    >>> _month("2026-03"), _month("2026"), _month("")
    ('2026年3月', '2026年', '')
    """
    if len(due) == 7:
        return f"{due[:4]}年{int(due[5:])}月"
    return f"{due}年" if due else ""


def day_said(at: str) -> str:
    """The office's day of a moment of the ledger, in words."""
    return day_words(day_of(datetime.fromisoformat(at), ZoneInfo(settings.TIME_ZONE)).isoformat()) if at else ""
