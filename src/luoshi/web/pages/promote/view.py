"""The look before a document's tasks become items: doubts first, set right in place, then all made in one go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import items as desk
from luoshi.desk.actor import Actor
from luoshi.desk.done import Done, NotFound, WrongValue
from luoshi.ledger import models
from luoshi.ledger.titles import title_of
from luoshi.web.page import Page, Route, actor_of, address, answer, go, note, show, wants_json
from luoshi.web.pages.promote.doubts import doubts_of
from luoshi.web.pages.promote.rows import names_told, payload
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

_PLAIN: Final = 100
_MOST: Final = 2000
_MOST_NAMES: Final = 200


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a person set otherwise in a row."""

    fields: dict[str, Any] = {}
    duties: dict[str, tuple[str, ...]] = {}


class Wish(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the page sends: the chosen facts, what was changed, what it took."""

    facts: tuple[str, ...] = ()
    changed: dict[str, Row] = {}
    touches: int = 0
    seconds: int = 0


def view(request: HttpRequest, document: str) -> HttpResponseBase:
    """The table of items to be; ``?plain=1`` without script."""
    found = _document(request, document)
    planned = desk.plan(document, scope_of(request))
    made = sorted((one for one in planned if one.item), key=lambda one: one.ordinal)
    fresh, doubtful = len(planned) - len(made), sum(1 for one in planned if one.doubts and not one.item)
    values: dict[str, Any] = {
        "document": found, "title": title_of(found, current_lang()), "planned": planned, "made": made, "fresh": fresh,
        "doubtful": doubtful, "certain": fresh - doubtful, "last": last_effort(document), "rejected": models.Fact.objects.filter(document=document, kind="task", state="rejected").count(),
    }  # fmt: skip
    if request.GET.get("plain") == "1":
        pages = Paginator([one for one in planned if not one.item], _PLAIN).get_page(request.GET.get("page"))
        values |= {"page_obj": pages, "rows": [(one, doubts_of(one.doubts)) for one in pages.object_list]}
        return show(request, values, template="plain.html")
    actions = {name: address(f"promote.{name}", document=document) for name in ("create", "source", "names")}
    return show(request, {**values, "promote": {**payload(found, planned), "actions": actions, "room": address("room", document=document)}})


def _document(request: HttpRequest, document: str) -> models.Document:
    found = models.Document.objects.filter(pk=document).exclude(state="withdrawn").first()
    if found is None or not scope_of(request).sees_document(found.region_code):
        raise NotFound("没有这份文件", where=document[:40], remedy="它可能已被撤回，或不在您能看的范围内；请回到文件列表")
    return found


def last_effort(document: str) -> dict[str, Any] | None:
    """What the last making of items of a document took, as it was kept with the first of them; nothing where that was undone."""
    rows = models.Entry.objects.filter(context=document, act="item.create", data__contains='"touches":').order_by("-seq")
    entry = rows.first()
    if entry is None or not models.Item.objects.filter(pk=entry.subject, state="open").exists():
        return None
    count = models.Entry.objects.filter(context=document, act="item.create", at=entry.at, actor=entry.actor).count()
    data = msgspec.json.decode(entry.data)
    person = models.Account.objects.filter(pk=entry.actor).values_list("name", flat=True).first() or ""
    return {"at": entry.at, "by": person, "told": effort_told(count, data["touches"], data["seconds"])}


def effort_told(count: int, touches: int, seconds: int) -> str:
    """``94 项，12 次操作，用时 1 分 10 秒``."""
    minutes, rest = divmod(seconds, 60)
    time = say("promote.minutes", minutes=minutes, seconds=rest) if minutes else say("promote.seconds", seconds=rest)
    return say("promote.effort", count=count, touches=touches, time=time)


# --- what the script asks for


def source(request: HttpRequest, document: str) -> HttpResponseBase:
    """The words that a row rests on (``?fact=``), with some before and behind."""
    _document(request, document)
    fact = models.Fact.objects.filter(pk=request.GET.get("fact", ""), document=document).first()
    if fact is None:
        raise NotFound("没有这条事实", where=document[:40], remedy="请刷新页面")
    return answer({"text": fact.text, "section": fact.section_title, "room": f"{address('room', document=document)}#{fact.id}"})


def names(request: HttpRequest, document: str) -> HttpResponseBase:
    """What names mean that a person has written (``?name=``, several)."""
    found = _document(request, document)
    asked = list(dict.fromkeys(name.strip()[:100] for name in request.GET.getlist("name") if name.strip()))
    return answer(names_told(found, asked[:_MOST_NAMES]))


def create(request: HttpRequest, document: str) -> HttpResponseBase:
    """Makes the chosen items, all in one go, and says what it took."""
    wish = _wish(request)
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    done = _made(actor, document, wish, request)
    told = effort_told(done.count, wish.touches, wish.seconds) if wish.touches else say("promote.made_count", count=done.count)
    if done.count:
        note(request, say("promote.made_note", told=told), undo=address("undo.back", span=done.undo))
    else:
        note(request, say("promote.made_none"), kind="warn")
    if wants_json(request):
        return answer({"count": done.count, "told": told, "undo": done.undo, "next": address("promote", document=document)})
    return go(request, "promote", document=document, query={"plain": 1})


def _made(actor: Actor, document: str, wish: Wish, request: HttpRequest) -> Done:
    if not wish.facts:
        raise WrongValue("没有选中任何一项", where="facts", remedy="请先勾选要生成的任务")
    if len(wish.facts) > _MOST:
        raise WrongValue(f"一次最多生成 {_MOST} 项", where=f"{len(wish.facts)} 项", remedy="请分几次生成")
    chosen = set(wish.facts)
    return desk.create(
        actor, document, wish.facts, scope_of(request),
        changes={fact: row.fields for fact, row in wish.changed.items() if fact in chosen and row.fields},
        duties={fact: row.duties for fact, row in wish.changed.items() if fact in chosen and row.duties},
        effort=_effort(wish),
    )  # fmt: skip


def _effort(wish: Wish) -> Mapping[str, int] | None:
    return {"touches": wish.touches, "seconds": wish.seconds} if wish.touches else None


def _wish(request: HttpRequest) -> Wish:
    """What is asked for, from JSON or from a form. Raises ``WrongValue`` for what is neither."""
    if "json" not in (request.content_type or ""):
        return Wish(tuple(request.POST.getlist("fact")))
    try:
        return msgspec.json.decode(request.body, type=Wish)
    except msgspec.MsgspecError as error:
        raise WrongValue("请求的内容不对", where="JSON", remedy="请刷新页面再试") from error


PAGE = Page(
    "promote", "documents/<str:document>/items", view,
    routes=(
        Route("create", "documents/<str:document>/items/create", create, right="item.create", method="POST"),
        Route("source", "documents/<str:document>/items/source", source),
        Route("names", "documents/<str:document>/items/names", names),
    ),
)  # fmt: skip
