"""Files come in: kept at once, read in the background, what was recognised shown to be confirmed or corrected."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Sequence
from typing import Any, Final

import msgspec
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import documents as acts
from luoshi.desk.actor import Actor
from luoshi.errors import LuoshiError
from luoshi.inputs import ENDINGS
from luoshi.intake.unpacking import Unpacked, unpack
from luoshi.ledger import models
from luoshi.ledger.titles import title_of, years_of
from luoshi.web.page import Page, Route, actor_of, address, answer, go, go_back, note, show, wants_json
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_word

_SIZE: Final = 25
#: this much of the disk stays free, whatever is uploaded
_SPARE: Final = 512 * 1024 * 1024
_MOST_ASKED: Final = 300


def view(request: HttpRequest) -> HttpResponseBase:
    """The place to drop files, and what became of those that came before."""
    files = Paginator(models.File.objects.order_by("-received_at", "id"), _SIZE).get_page(request.GET.get("page"))
    told = told_files(list(files.object_list))
    waiting = models.File.objects.filter(state="received").count()
    return show(request, {"files": told, "page_obj": files, "waiting": waiting, "endings": " ".join(sorted(ENDINGS)), "accept": ",".join([*sorted(ENDINGS), ".zip"]),
                          "unconfirmed": any(document["open"] for file in told for document in file["documents"])})  # fmt: skip


def upload(request: HttpRequest) -> HttpResponseBase:
    """Keeps what was sent; the answer says of each file whether it waits, was known, or cannot be kept and why."""
    actor = _actor(request)
    _room(request)
    batch = request.POST.get("batch", "")[:40] or uuid.uuid4().hex
    names = request.POST.getlist("name")
    kept, refused = list[tuple[str, bytes]](), list[dict[str, str]]()
    for at, file in enumerate(request.FILES.getlist("files")):
        for one in _unpacked(file, names[at] if at < len(names) else ""):
            if one.error is None:
                kept.append((one.name, one.data))
            else:
                slug, what, remedy = one.error
                refused.append({"name": one.name, "slug": slug, "what": what, "remedy": remedy})
    received = acts.receive(actor, kept, batch=batch) if kept else []
    if wants_json(request):
        files = [{"id": one.file, "name": one.name, "known": one.known} for one in received]
        return answer({"batch": batch, "files": files, "refused": refused})
    if received:
        note(request, say("intake.received", count=len(received)))
    for bad in refused[:5]:
        note(request, f"{bad['name']}：{bad['what']}", kind="wrong")
    if not received and not refused:
        note(request, say("intake.nothing"), kind="warn")
    return go(request, "intake")


def _unpacked(file: UploadedFile, name: str) -> list[Unpacked]:
    data = b"".join(file.chunks())
    return unpack(name or file.name or "?", data)


def _room(request: HttpRequest) -> None:
    """Raises ``LuoshiError`` where the disk would get too full: nothing that was acknowledged may be lost for want of room."""
    size = int(request.headers.get("Content-Length") or 0)
    free = shutil.disk_usage(settings.LUOSHI.data).free
    if free < _SPARE + 4 * size:
        raise LuoshiError("磁盘空间不够，暂时不能导入", where=f"{free // 1048576} MB", remedy="请联系系统管理员清理磁盘", slug="disk-full")


def status(request: HttpRequest) -> HttpResponseBase:
    """What became of the files asked for, for the page's script."""
    keys = [key for key in request.GET.get("ids", "").split(",") if key][:_MOST_ASKED]
    found = models.File.objects.in_bulk(keys)
    waiting = models.File.objects.filter(state="received").count()
    return answer({"files": told_files([found[key] for key in keys if key in found]), "waiting": waiting})


def told_files(files: Sequence[models.File]) -> list[dict[str, Any]]:
    """What is told of files: state, error, and of each document what was recognised."""
    ids = {key for file in files for key in msgspec.json.decode(file.documents)}
    documents = models.Document.objects.in_bulk(list(ids))
    reading = dict(models.Lease.objects.filter(file__in=[file.id for file in files]).values_list("file", "step"))
    people = dict(models.Account.objects.filter(id__in={file.received_by for file in files}).values_list("id", "name"))
    return [_told(file, documents, reading.get(file.id, ""), people.get(file.received_by, "")) for file in files]


def _told(file: models.File, documents: dict[str, models.Document], step: str, person: str) -> dict[str, Any]:
    known = set(msgspec.json.decode(file.known))
    state = (step or "waiting") if file.state == "received" else file.state
    found = [_document(documents[key], key in known) for key in msgspec.json.decode(file.documents) if key in documents]
    again = file.state == "read" and bool(known)
    return {
        "id": file.id, "name": file.name, "size": file.size, "state": state, "state_words": say(f"intake.state_{state}"),
        "at": file.received_at, "by": person, "error": msgspec.json.decode(file.error) if file.state == "refused" else {},
        "documents": found, "known": again, "done": file.state != "received",
    }  # fmt: skip


def _document(document: models.Document, known: bool) -> dict[str, Any]:
    return {
        "id": document.id, "title": title_of(document, current_lang()), "kind": say_word("kind", document.kind), "region": document.region,
        "years": years_of(document), "measures": document.measures, "tasks": document.tasks, "projects": document.projects,
        "version": document.version, "previous": document.previous, "known": known, "open": document.state == "open",
        "withdrawn": document.state == "withdrawn", "complete": document.complete,
        "page": address("document", document=document.id), "room": address("room", document=document.id),
    }  # fmt: skip


def confirm(request: HttpRequest) -> HttpResponseBase:
    """What was recognised of these documents is right."""
    done = acts.confirm(_actor(request), request.POST.getlist("document"), scope_of(request))
    if wants_json(request):
        return answer({"confirmed": list(done.subjects)})
    note(request, say("intake.confirmed", count=done.count))
    return go_back(request, "intake")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "intake", "intake", view,
    routes=(
        Route("upload", "intake/upload", upload, right="document.receive", method="POST"),
        Route("status", "intake/status", status),
        Route("confirm", "intake/confirm", confirm, right="document.confirm", method="POST"),
    ),
)  # fmt: skip
