"""Files come in: kept at once, read in the background, what was recognised shown to be confirmed or corrected."""

from __future__ import annotations

import hashlib
import shutil
import uuid
from collections.abc import Iterator, Sequence
from time import time
from typing import Any, Final

import msgspec
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import documents as acts
from luoshi.desk.actor import Actor
from luoshi.errors import LuoshiError
from luoshi.inputs import ENDINGS
from luoshi.intake.unpacking import MOST_BYTES, MOST_FILES, Unpacked, is_archive, unpack
from luoshi.ledger import models
from luoshi.ledger.enter import Received
from luoshi.ledger.incoming import files_seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of, years_of
from luoshi.web.page import Page, Route, actor_of, address, answer, go, go_back, note, show, wants_json
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_word

_SIZE: Final = 25
#: this much of the disk stays free, whatever is uploaded
_SPARE: Final = 512 * 1024 * 1024
_MOST_ASKED: Final = 300
#: files are kept in portions of about so many
_PORTION_FILES: Final = 200
_PORTION_BYTES: Final = 16 * 1024 * 1024
_FULL: Final = ("disk-full", "磁盘空间不够，暂时不能导入", "请联系系统管理员清理磁盘")


def view(request: HttpRequest) -> HttpResponseBase:
    """The place to drop files, and what became of those that came before."""
    seen = _files_seen(request)
    files = Paginator(seen.order_by("-received_at", "id"), _SIZE).get_page(request.GET.get("page"))
    told = told_files(list(files.object_list), scope_of(request))
    waiting = seen.filter(state="received").count()
    return show(request, {"files": told, "page_obj": files, "waiting": waiting, "endings": " ".join(sorted(ENDINGS)), "accept": ",".join([*sorted(ENDINGS), ".zip"]),
                          "unconfirmed": any(document["open"] for file in told for document in file["documents"])})  # fmt: skip


def upload(request: HttpRequest) -> HttpResponseBase:
    """Keeps what was sent; the answer says of each file whether it waits, was known, or cannot be kept and why."""
    actor = _actor(request)
    _room(request)
    batch = request.POST.get("batch", "")[:40] or uuid.uuid4().hex
    names = request.POST.getlist("name")
    received, refused, before = list[Received](), list[dict[str, str]](), set[str]()
    for portion in _portions(request.FILES.getlist("files"), names):
        kept = [(one.name, one.data) for one in portion if one.error is None]
        wrong = [(one.name, one.error) for one in portion if one.error is not None]
        before |= _seen_before(request, kept)
        if _has_room(sum(len(data) for _, data in kept)):
            received += acts.receive(actor, kept, batch=batch) if kept else []
        else:
            wrong += [(name, _FULL) for name, _ in kept]
        refused += [{"name": name, "slug": slug, "what": what, "remedy": remedy} for name, (slug, what, remedy) in wrong]
    if wants_json(request):
        files = [{"id": one.file, "name": one.name, "known": one.known and one.file in before} for one in received]
        return answer({"batch": batch, "files": files, "refused": refused})
    if received:
        note(request, say("intake.received", count=len(received)))
    for bad in refused[:5]:
        note(request, f"{bad['name']}：{bad['what']}", kind="wrong")
    if not received and not refused:
        note(request, say("intake.nothing"), kind="warn")
    return go(request, "intake")


def _seen_before(request: HttpRequest, files: Sequence[tuple[str, bytes]]) -> set[str]:
    """Those of the files that this person saw already: that others have one is not told by its bytes."""
    keys = [hashlib.sha256(data).hexdigest() for _, data in files]
    return set(_files_seen(request).filter(id__in=keys).values_list("id", flat=True))


def _portions(files: Sequence[UploadedFile], names: Sequence[str]) -> Iterator[list[Unpacked]]:
    """The files of an upload, some at a time, so that memory holds one archive and never all; all archives together have one limit."""
    left, room = MOST_FILES, MOST_BYTES
    portion = list[Unpacked]()
    for at, file in enumerate(files):
        name = (names[at] if at < len(names) else "") or file.name or "?"
        if (file.size or 0) > MOST_BYTES:
            portion.append(Unpacked(name, error=("too-large", f"文件超过 {MOST_BYTES // 1048576} MB 的上限", "请拆成较小的文件再导入")))
            continue
        data = b"".join(file.chunks())
        found = unpack(name, data, files=left, size=room)
        if is_archive(data):
            left, room = left - len(found), room - sum(len(one.data) for one in found)
        portion += found
        if len(portion) >= _PORTION_FILES or sum(len(one.data) for one in portion) >= _PORTION_BYTES:
            yield portion
            portion = []
    if portion:
        yield portion


def _room(request: HttpRequest) -> None:
    """Raises ``LuoshiError`` where the disk would get too full: nothing that was acknowledged may be lost for want of room."""
    if not _has_room(int(request.headers.get("Content-Length") or 0)):
        slug, what, remedy = _FULL
        raise LuoshiError(what, where=f"{_free() // 1048576} MB", remedy=remedy, slug=slug)


def _has_room(size: int) -> bool:
    """Whether the disk takes files of so many bytes, with their readings and entries, and stays free enough."""
    return _free() >= _SPARE + 4 * size


def _free() -> int:
    return shutil.disk_usage(settings.LUOSHI.data).free


def status(request: HttpRequest) -> HttpResponseBase:
    """What became of the files asked for, for the page's script."""
    keys = [key for key in request.GET.get("ids", "").split(",") if key][:_MOST_ASKED]
    seen = _files_seen(request)
    found = seen.in_bulk(keys)
    waiting = seen.filter(state="received").count()
    return answer({"files": told_files([found[key] for key in keys if key in found], scope_of(request)), "waiting": waiting})


def _files_seen(request: HttpRequest) -> QuerySet[models.File]:
    return files_seen(_actor(request).id, scope_of(request))


def told_files(files: Sequence[models.File], scope: Scope) -> list[dict[str, Any]]:
    """What is told of files: state, error, and of each document that the scope sees what was recognised; of the others how many there are."""
    ids = {key for file in files for key in msgspec.json.decode(file.documents)}
    documents = models.Document.objects.in_bulk(list(ids))
    reading = dict(models.Lease.objects.filter(file__in=[file.id for file in files], until__gt=int(time())).values_list("file", "step"))
    people = dict(models.Account.objects.filter(id__in={file.received_by for file in files}).values_list("id", "name"))
    return [_told(file, documents, scope, reading.get(file.id, ""), people.get(file.received_by, "")) for file in files]


def _told(file: models.File, documents: dict[str, models.Document], scope: Scope, step: str, person: str) -> dict[str, Any]:
    known = set(msgspec.json.decode(file.known))
    state = (step or "waiting") if file.state == "received" else file.state
    every = [documents[key] for key in msgspec.json.decode(file.documents) if key in documents]
    found = [_document(one, one.id in known, scope) for one in every if scope.sees_document(one.region_code)]
    elsewhere = len(every) - len(found)
    again = file.state == "read" and bool(known)
    return {
        "id": file.id, "name": file.name, "size": file.size, "state": state, "state_words": say(f"intake.state_{state}"),
        "at": file.received_at, "by": "" if elsewhere else person, "error": msgspec.json.decode(file.error) if file.state == "refused" else {},
        "documents": found, "elsewhere": say("intake.elsewhere", count=elsewhere) if elsewhere else "", "known": again, "done": file.state != "received",
    }  # fmt: skip


def _document(document: models.Document, known: bool, scope: Scope) -> dict[str, Any]:
    return {
        "id": document.id, "title": title_of(document, current_lang()), "kind": say_word("kind", document.kind), "region": document.region,
        "years": years_of(document), "measures": document.measures, "tasks": document.tasks, "projects": document.projects,
        "version": document.version, "previous": document.previous, "known": known, "open": document.state == "open" and scope.changes_document(document.region_code),
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
