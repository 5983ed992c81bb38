"""One document: what it is, what was recognised, how far it is checked, its versions, its file, its history, and how it was on a day."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import NoReverseMatch

from luoshi.desk import documents as desk
from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.rights import Forbidden
from luoshi.ledger import models
from luoshi.ledger.agreeing import agreed
from luoshi.ledger.places import tree
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.store import blobs
from luoshi.ledger.titles import title_of
from luoshi.ledger.versions import Changes, compare
from luoshi.web.page import Page, Route, actor_of, address, allowed, answer, go, note, show
from luoshi.web.pages.document.past import story, was
from luoshi.web.pages.document.telling import FIELDS, Shift, changes_told, choices, fields_told, gaps_told
from luoshi.web.pages.documents.view import bar
from luoshi.web.pages.room.rows import KINDS, progress_of
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

#: what of a fact a comparison needs
_COMPARED: Final = (
    "id", "kind", "start", "text", "clause", "name", "indicator_id", "role", "measure", "direction", "comparator", "value", "value_max", "unit",
    "year", "year_last", "strength", "stage", "lead", "due", "state", "ordinal",
)  # fmt: skip
#: so many regions are offered while somebody types
_OFFERED: Final = 10


def view(request: HttpRequest, document: str) -> HttpResponse:
    """The document; ``?at=2026-03-05`` shows it as it was at the end of that day, ``?before=`` an older part of its history."""
    found = document_seen(request, document)
    at = request.GET.get("at", "").strip()
    progress = progress_of(found.id)
    file = models.File.objects.filter(pk=found.file).first()
    # documents of the regions above are there to be read
    ours = scope_of(request).changes_document(found.region_code)
    values = {
        "document": found, "title": title_of(found, current_lang()), "file": file, "fields": fields_told(found), "choices": choices(),
        "gaps": gaps_told(found), "kinds": [_kind(kind, progress.get(kind, {}), found.id) for kind in KINDS if kind in progress],
        "bar": bar(_summed(progress)), "siblings": _siblings(request, found, file), "versions": _versions(request, found),
        "history": story(found.id, request.GET.get("before", "")), "items": models.Item.objects.filter(document=found.id, state="open").count(),
        "checked_by": _name(found.checked_by), "at": at, "was": was(found.id, at) if at else None,
        "may_correct": ours and allowed(request, "document.correct"), "may_withdraw": ours and allowed(request, "document.withdraw"),
        "agreed": agreed(found.id) if settings_now().readers > 1 else None,
        "promote": _address("promote", found.id) if ours and allowed(request, "promote") else "",
    }  # fmt: skip
    return show(request, values)


def document_seen(request: HttpRequest, document: str) -> models.Document:
    """The document, if who asks may see it; withdrawn ones too, for their page tells that they are."""
    found = models.Document.objects.filter(pk=document).first()
    if found is None or not scope_of(request).sees_document(found.region_code):
        raise NotFound("没有这份文件", where=document[:40], remedy="它可能不在您能看的范围内；请回到文件列表")
    return found


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


def _name(account: str) -> str:
    found = models.Account.objects.filter(pk=account).values_list("name", flat=True).first() if account else ""
    return found or (say("document.the_system") if account == "system" else "")


def _address(page: str, document: str) -> str:
    """The address of another page about this document; ``""`` where this installation has no such page."""
    try:
        return address(page, document=document)
    except NoReverseMatch:
        return ""


def _summed(progress: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for states in progress.values():
        for state, many in states.items():
            total[state] = total.get(state, 0) + many
    return total


def _kind(kind: str, states: Mapping[str, int], document: str) -> dict[str, Any]:
    return {"kind": kind, "bar": bar(states), "address": address("room", query={"kind": kind}, document=document)}


def _siblings(request: HttpRequest, document: models.Document, file: models.File | None) -> dict[str, Any]:
    """The documents of the same file, in their order, and which of them this one is."""
    ids = msgspec.json.decode(file.documents) if file else []
    rows = {row.id: row for row in models.Document.objects.filter(pk__in=ids)}
    seen = [rows[one] for one in ids if one in rows and scope_of(request).sees_document(rows[one].region_code)]
    return {
        "place": ids.index(document.id) + 1 if document.id in ids else 0, "many": len(ids),
        "others": [(row, title_of(row, current_lang())) for row in seen if row.id != document.id],
    }  # fmt: skip


def _versions(request: HttpRequest, document: models.Document) -> list[models.Document]:
    """All versions of the document, the newest first; withdrawn ones only where it is one itself."""
    found = models.Document.objects.filter(family=document.family).order_by("-version", "-number")
    return [
        row for row in found if (row.state != "withdrawn" or row.id == document.id) and scope_of(request).sees_document(row.region_code)
    ]


# --- acts


def confirm(request: HttpRequest, document: str) -> HttpResponseBase:
    """What was recognised is right."""
    desk.confirm(_actor(request), [document], scope_of(request))
    note(request, say("document.confirmed"))
    return go(request, "document", document=document)


def correct(request: HttpRequest, document: str) -> HttpResponseBase:
    """What the document really is; a change of its name, place or years may make it a version of another."""
    fields = {name: request.POST[name] for name in FIELDS if name in request.POST}
    found = document_seen(request, document)
    if not fields.get("title") and not found.title:
        fields.pop("title", None)
    done = desk.correct(_actor(request), document, fields, scope_of(request))
    note(request, say("document.corrected") if done.count else say("document.nothing_changed"))
    return go(request, "document", document=document)


def withdraw(request: HttpRequest, document: str) -> HttpResponseBase:
    """Takes the document out of tables and search."""
    done = desk.withdraw(_actor(request), document, scope_of(request), why=request.POST.get("why", ""))
    note(request, say("document.withdrawn"), undo=address("undo.back", done.undo))
    return go(request, "document", document=document)


def restore(request: HttpRequest, document: str) -> HttpResponseBase:
    """Puts a withdrawn document back."""
    document_seen(request, document)
    desk.restore(_actor(request), document, scope_of(request))
    note(request, say("document.restored"))
    return go(request, "document", document=document)


def original(request: HttpRequest, document: str) -> HttpResponseBase:
    """The file as it came in, to be saved and never shown by the browser: nobody vouches for what is in it."""
    found = document_seen(request, document)
    file = models.File.objects.filter(pk=found.file).first()
    path = blobs().path(found.file)
    if file is None or not path.is_file():
        raise NotFound("原始文件不在存储中", where=found.title or document, remedy="请从备份恢复数据目录")
    inside = models.Document.objects.filter(pk__in=msgspec.json.decode(file.documents)).values_list("region_code", flat=True)
    if not all(scope_of(request).sees_document(region) for region in inside):
        raise Forbidden("这个文件里还有您不能看的文件", where=file.name, remedy="请找督查员代为提供")
    response = FileResponse(
        path.open("rb"), as_attachment=True, filename=file.name.rpartition("/")[2], content_type="application/octet-stream"
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def changes(request: HttpRequest, document: str) -> HttpResponse:
    """What changed from an older version (``?with=``, else the one before) to this one."""
    new = document_seen(request, document)
    old = document_seen(request, request.GET.get("with") or new.previous or document)
    if old.id == new.id or old.family != new.family:
        raise NotFound("没有可以比较的版本", where=title_of(new), remedy="请从文件页的“版本”里选择")
    found: Changes = compare(_facts(old.id), _facts(new.id))
    shift = Shift(old=old, new=new)
    values = {
        "document": new, "old": old, "title": title_of(new, current_lang()), "versions": _versions(request, new), "shift": shift,
        "changed": changes_told(found.changed), "added": found.added, "gone": found.gone, "unchanged": len(found.unchanged),
        "unchanged_facts": [change.new for change in found.unchanged] if request.GET.get("all") else (),
    }  # fmt: skip
    return show(request, values, template="changes.html")


def _facts(document: str) -> list[dict[str, Any]]:
    return list(models.Fact.objects.filter(document=document).order_by("ordinal").values(*_COMPARED))


def regions(request: HttpRequest) -> HttpResponse:
    """Regions whose full name holds the words being typed (``?q=``), the widest first."""
    words = "".join(request.GET.get("q", "").split())[:60]
    if not words:
        return answer({"found": []})
    rows = models.Region.objects.filter(full_name__contains=words, valid_to__isnull=True).values_list("id", "full_name")[:200]
    places = tree()
    found = sorted(rows, key=lambda row: (not row[1].endswith(words), len(places.ancestors(row[0])), len(row[1]), row[0]))[:_OFFERED]
    return answer({"found": [{"id": code, "name": name, "unit": ""} for code, name in found]})


PAGE = Page(
    "document", "documents/<str:document>", view,
    routes=(
        Route("confirm", "documents/<str:document>/confirm", confirm, right="document.confirm", method="POST"),
        Route("correct", "documents/<str:document>/correct", correct, right="document.correct", method="POST"),
        Route("withdraw", "documents/<str:document>/withdraw", withdraw, right="document.withdraw", method="POST"),
        Route("restore", "documents/<str:document>/restore", restore, right="document.withdraw", method="POST"),
        Route("original", "documents/<str:document>/original", original),
        Route("changes", "documents/<str:document>/changes", changes),
        Route("regions", "regions-named", regions, right="document.correct"),
    ),
)  # fmt: skip
