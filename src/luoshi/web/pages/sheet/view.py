"""The ledger of matters as a workbook: taken out with filters, brought in with a look before, the answered file to take away."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters import sheets
from luoshi.desk.matters.ruling import all_current, lights_now
from luoshi.desk.matters.sheet_rows import who_of
from luoshi.ledger import models, tables
from luoshi.ledger.places import tree
from luoshi.read.book import MOST_BYTES
from luoshi.web.asked import in_words
from luoshi.web.page import Page, Route, actor_of, go, note, show
from luoshi.web.pages.sheet.keeping import keep, kept
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import current_lang, say

_XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: rows that are shown of a kind; the file has all of them
_SHOWN: Final = 200
_KINDS: Final = (sheets.CONFLICT, sheets.REFUSED, sheets.TAKEN)
_LIVE: Final = ("live", "hung")


def view(request: HttpRequest) -> HttpResponseBase:
    """What can be taken out with these filters, and where a file is brought in."""
    actor, found = _actor(request), _wanted(request)
    given = request.GET
    unit = models.Organisation.objects.filter(pk=actor.unit).values_list("name", flat=True).first() if actor.unit else ""
    return show(request, {
        "count": sheets.chosen(found, scope_of(request)).count(), "office": who_of(actor) == "office", "unit": unit or "", "query": given.urlencode(),
        "mechanisms": [(one.id, in_words(one.title)) for one in all_current()], "colours": [colour.key for colour in lights_now().colours],
        "given": given, "others": [(key, value) for key in _OTHERS for value in given.getlist(key) if value], "most": MOST_BYTES // 1048576,
    })  # fmt: skip


#: filters of the table of items that come along from there
_OTHERS: Final = ("year", "document", "region", "organisation", "post", "lead", "leader", "due")


def _wanted(request: HttpRequest) -> QuerySet[models.Matter]:
    """The matters that the address asks for: those that live, by the filters of the table of items, by mechanism and by light."""
    given = {key: values for key, values in request.GET.lists() if key in ("q", *_OTHERS) and any(values)}
    found = models.Matter.objects.filter(state__in=_LIVE)
    if given:
        wish, scope = tables.wish_of("items", given), scope_of(request)
        found = found.filter(id__in=tables.chosen(wish, scope, tree()).order_by().values("id"))
    for key in ("mechanism", "light"):
        if value := request.GET.get(key, ""):
            found = found.filter(**{key: value})
    return found


def take_out(request: HttpRequest) -> HttpResponseBase:
    """The workbook."""
    from datetime import datetime

    data = sheets.take_out(_actor(request), _wanted(request), scope_of(request), lang=current_lang())
    return _file(data, say("sheet.file_name", day=datetime.now(zone()).date().isoformat()))


def bring(request: HttpRequest) -> HttpResponseBase:
    """The look: what the file would change, nothing yet."""
    files = request.FILES.getlist("file")
    if len(files) != 1:
        raise WrongValue("请选一个文件", where="file", remedy="请选填好的台账（.xlsx），一次一个")
    if (files[0].size or 0) > MOST_BYTES:
        raise WrongValue(
            f"文件超过 {MOST_BYTES // 1048576} MB", where=(files[0].name or "")[:80], remedy="请在取出的文件里填写，不要插入图片"
        )
    data = files[0].read()
    taken = sheets.take(_actor(request), data, scope_of(request))
    token = keep(_folder(), _actor(request).id, data)
    return show(request, {"taken": taken, "token": token, **_told(taken)}, template="look.html")


def apply(request: HttpRequest) -> HttpResponseBase:
    """What the file says is done; the answered file takes its place, so that sending the form twice changes nothing."""
    actor, token = _actor(request), request.POST.get("token", "")
    answer = sheets.apply(actor, kept(_folder(), actor.id, token), scope_of(request))
    keep(_folder(), actor.id, answer.data, token)
    count = answer.taken.count(sheets.TAKEN)
    note(request, say("sheet.applied", count=count) if count else say("sheet.nothing_applied"), kind="done" if count else "warn")
    if not answer.taken.count(sheets.REFUSED) + answer.taken.count(sheets.CONFLICT) and not count:
        return go(request, "sheet")
    return show(request, {"taken": answer.taken, "token": token, "done": True, **_told(answer.taken)}, template="look.html")


def answered(request: HttpRequest, token: str) -> HttpResponseBase:
    """The file with the column of results."""
    return _file(kept(_folder(), _actor(request).id, token), say("sheet.answer_name"))


def _told(taken: sheets.Taken) -> dict[str, Any]:
    """The rows by kind, those that want a person first; of those that did not change only how many."""
    groups = [(kind, taken.count(kind), [row for row in taken.rows if row.kind == kind][:_SHOWN]) for kind in _KINDS]
    return {
        "groups": [(kind, count, rows) for kind, count, rows in groups if count], "same": taken.count(sheets.SAME),
        "counts": [(kind, taken.count(kind)) for kind in (sheets.TAKEN, sheets.CONFLICT, sheets.REFUSED, sheets.SAME)],
        "will": taken.count(sheets.TAKEN), "shown": _SHOWN,
    }  # fmt: skip


def _folder() -> Path:
    return Path(settings.LUOSHI.data) / "sheets"


def _file(data: bytes, name: str) -> HttpResponse:
    from urllib.parse import quote

    response = HttpResponse(data, content_type=_XLSX)
    response["Content-Disposition"] = f"attachment; filename=\"ledger.xlsx\"; filename*=UTF-8''{quote(name)}.xlsx"
    response["Cache-Control"] = "no-store"
    return response


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "sheet", "matters/sheet", view,
    routes=(
        Route("out", "matters/sheet/out.xlsx", take_out),
        Route("bring", "matters/sheet/look", bring, method="POST"),
        Route("apply", "matters/sheet/apply", apply, method="POST"),
        Route("answered", "matters/sheet/<str:token>/answered.xlsx", answered),
    ),
)  # fmt: skip
