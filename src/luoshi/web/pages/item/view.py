"""One item: the words it rests on, who answers for it, its history, and how it was on a day."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import items as desk
from luoshi.desk.actor import Actor
from luoshi.desk.days import is_past
from luoshi.desk.done import Done, NotFound, WrongValue
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.store import state_at
from luoshi.ledger.titles import title_of
from luoshi.web.page import Page, Route, actor_of, address, allowed, go, note, show
from luoshi.web.pages.document.past import end_of
from luoshi.web.pages.item.story import story
from luoshi.web.pages.item.telling import ROLES, duties_told, facts_beside, source_parts
from luoshi.web.pages.promote.doubts import doubts_of
from luoshi.web.pages.promote.rows import known_names
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_error

_PLAIN: Final = ("number", "title", "due")


class Seen(msgspec.Struct, frozen=True):
    """An item as it is, or as it was on a day."""

    item: models.Item
    duties: tuple[models.Duty, ...]


def view(request: HttpRequest, item: str) -> HttpResponseBase:
    """The item; ``?at=2026-03-05`` as it was at the end of that day, ``?edit=1`` with its form."""
    now = seen_item(request, item)
    at = request.GET.get("at", "").strip()
    shown = _was(item, at) if at else now
    values = _told(request, shown or now, today=at or _today()) | {
        "at": at, "was": shown, "edit": not at and request.GET.get("edit") == "1" and _may_change(request, now.item),
    }  # fmt: skip
    return show(request, values)


def seen_item(request: HttpRequest, item: str) -> Seen:
    """The item and its duties as they are now, if who asks may see it; raises ``NotFound`` else."""
    found = models.Item.objects.filter(pk=item).first()
    duties = tuple(models.Duty.objects.filter(item=item, live=True).order_by("place")) if found else ()
    if found is None or not scope_of(request).sees_item(found.region_code, {duty.organisation for duty in duties}):
        raise NotFound("没有这个事项", where=item[:40], remedy="它可能不在您能看的范围内；请回到事项台账")
    return Seen(found, duties)


def _was(item: str, at: str) -> Seen | None:
    """The item as it was at the end of a day in the office's time; nothing where it was not there yet."""
    rows = state_at(item, end_of(at))
    row = rows.get(("item", item))
    if row is None:
        return None
    duties = [models.Duty(**value) for (table, _), value in rows.items() if table == "duty" and value["live"]]
    return Seen(models.Item(**row), tuple(sorted(duties, key=lambda duty: duty.place)))


def _today() -> str:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


def _may_change(request: HttpRequest, item: models.Item) -> bool:
    return allowed(request, "item.correct") and item.state == "open"


def _told(request: HttpRequest, seen: Seen, *, today: str) -> dict[str, Any]:
    item = seen.item
    document = models.Document.objects.filter(pk=item.document).first()
    readable = document is not None and document.state != "withdrawn" and scope_of(request).sees_document(document.region_code)
    fact = models.Fact.objects.filter(pk=item.fact).first() if item.fact else None
    then = (document.date if document else "") or item.created_at[:10]
    duties = duties_told(seen.duties, then=then, now=today)
    return {
        "item": item, "section": item.section_title if item.section_title != item.title else "",
        "document": document, "readable": readable, "document_title": title_of(document, current_lang()) if document else "",
        "fact": fact, "source": source_parts(fact, seen.duties) if fact else [], "then": then,
        "leaders": [duty for role, found in duties for duty in found if role == "leader"], "units": [pair for pair in duties if pair[0] != "leader"],
        "beside": facts_beside(fact) if fact and readable else None, "doubts": doubts_of(item.doubt), "history": story(item.id),
        "region": tree().name(item.region_code), "may_change": _may_change(request, item),
        "may_drop": allowed(request, "item.drop"), "may_units": allowed(request, "organisation"), "form": _form(item, seen.duties), "error": None,
        "known": known_names(item.region_code) if request.GET.get("edit") else [], "late": is_past(item.due, _today()),
    }  # fmt: skip


def _form(item: models.Item, duties: tuple[models.Duty, ...]) -> dict[str, Any]:
    names = {role: "、".join(duty.name for duty in duties if duty.role == role) for role in ROLES}
    return {"number": item.number, "title": item.title, "due": item.due, "open_ended": item.open_ended, **names}


# --- acts


def correct(request: HttpRequest, item: str) -> HttpResponseBase:
    """What the item says instead; a value that cannot be is shown in the form."""
    given = {name: request.POST[name] for name in (*_PLAIN, *ROLES) if name in request.POST}
    fields: dict[str, Any] = {name: given[name] for name in _PLAIN if name in given}
    if "due" in given:
        fields["open_ended"] = request.POST.get("open_ended") == "1" and not given["due"].strip()
    duties: dict[str, list[str]] = {role: _names(given[role]) for role in ROLES if role in given}
    try:
        done = desk.correct(_actor(request), item, fields, scope_of(request), duties=duties or None)
    except WrongValue as error:
        return _again(request, item, given, error)
    return _done(request, item, done, "item.corrected")


def _names(text: str) -> list[str]:
    """Names as people write them in one field."""
    for mark in "，,;；\n":
        text = text.replace(mark, "、")
    return [name.strip() for name in text.split("、") if name.strip()]


def _again(request: HttpRequest, item: str, given: dict[str, str], error: LuoshiError) -> HttpResponseBase:
    """The form with what was written and what is wrong with it."""
    seen = seen_item(request, item)
    values = _told(request, seen, today=_today())
    form = {**values["form"], **given, "open_ended": request.POST.get("open_ended") == "1"}
    return show(request, {**values, "edit": True, "form": form, "error": say_error(error), "at": "", "was": seen}, status=400)


def settle(request: HttpRequest, item: str) -> HttpResponseBase:
    """What is doubtful was looked at."""
    return _done(request, item, desk.settle(_actor(request), item, scope_of(request)), "item.settled")


def drop(request: HttpRequest, item: str) -> HttpResponseBase:
    """The item was made by mistake."""
    return _done(request, item, desk.drop(_actor(request), [item], scope_of(request), why=request.POST.get("why", "")), "item.dropped")


def restore(request: HttpRequest, item: str) -> HttpResponseBase:
    """A dropped item is taken up again."""
    return _done(request, item, desk.restore(_actor(request), item, scope_of(request)), "item.restored")


def _done(request: HttpRequest, item: str, done: Done, words: str) -> HttpResponseBase:
    if done.count:
        note(request, say(words), undo=address("undo.back", span=done.undo))
    else:
        note(request, say("item.nothing"), kind="warn")
    return go(request, "item", item=item)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "item", "item/<str:item>", view,
    routes=(
        Route("correct", "item/<str:item>/correct", correct, right="item.correct", method="POST"),
        Route("settle", "item/<str:item>/settle", settle, right="item.correct", method="POST"),
        Route("drop", "item/<str:item>/drop", drop, right="item.drop", method="POST"),
        Route("restore", "item/<str:item>/restore", restore, right="item.drop", method="POST"),
    ),
)  # fmt: skip
