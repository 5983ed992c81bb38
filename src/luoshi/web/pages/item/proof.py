"""Evidence as it is shown and sent, and the note in the access log of who saw what is masked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import FileResponse, HttpRequest, HttpResponseBase

from luoshi.desk.done import NotFound
from luoshi.desk.matters.evidence import IMAGES
from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.ledger.store import blobs
from luoshi.web.page import actor_of
from luoshi.web.signin import access
from luoshi.web.signin.access import RECORDER
from luoshi.web.signin.moments import now
from luoshi.web.signin.sessions import address_of

#: so many pictures are previewed; of more the newest
_PICTURES: Final = 24
_MOST: Final = 300
_MEGABYTE: Final = 1024 * 1024
_NAMES: Final = {
    "application/pdf": "PDF", "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word", "application/ofd": "OFD",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel", "video/mp4": "MP4", "text/plain": "TXT",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
}  # fmt: skip


def proofs(item: str, given: Sequence[models.Evidence] | None = None) -> dict[str, Any]:
    """The files that are attached, newest first: those with a small picture, which is shown, and the others; how many in all.

    ``given``: those of a day that is past.
    """
    found = models.Evidence.objects.filter(item=item, live=True).order_by("-at", "name")[:_MOST] if given is None else given
    rows = sorted(sorted(found, key=lambda one: one.name), key=lambda one: one.at, reverse=True)[:_MOST]
    pictures = [row for row in rows if row.thumb][:_PICTURES]
    shown = {row.id for row in pictures}
    return {
        "pictures": pictures,
        "others": [(row, _type(row.media), size_told(row.size)) for row in rows if row.id not in shown],
        "total": len(rows),
    }


def _type(media: str) -> str:
    return _NAMES.get(media, media.rpartition("/")[2].upper())


def size_told(size: int) -> str:
    """The size of a file in words.

    >>> size_told(800), size_told(2_400_000)
    ('1 KB', '2.3 MB')
    """
    return f"{size / _MEGABYTE:.1f} MB" if size >= _MEGABYTE else f"{max(1, round(size / 1024))} KB"


def people_of(item: str) -> dict[str, str]:
    """Who attached the files, by account."""
    by = models.Evidence.objects.filter(item=item).order_by().values_list("by", flat=True).distinct()
    return dict(models.Account.objects.filter(pk__in=list(by)).values_list("id", "name"))


def sent(row: models.Evidence | None, *, shown: bool, small: bool = False) -> HttpResponseBase:
    """The file to be saved; ``small``: the small picture of it; ``shown``: a picture as such, if it was found fit to be opened.

    The browser runs nothing of it.
    """
    little = row is not None and small and bool(row.thumb)
    path = blobs().path(row.thumb if little else row.file) if row is not None else None
    if row is None or path is None or not path.is_file():
        raise NotFound("没有这份佐证", where="evidence", remedy="它可能已撤下；请刷新页面")
    inline = little or (shown and bool(row.thumb) and row.media in IMAGES)
    media = "image/jpeg" if little else row.media if inline else "application/octet-stream"
    response = FileResponse(path.open("rb"), as_attachment=not inline, filename=row.name, content_type=media)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def note_unmasked(request: HttpRequest, item: str, why: str) -> None:
    """The access log has who looked at what is masked, when, and why."""
    actor = actor_of(request)
    RECORDER.record(access.Seen(
        at=moment(now()), kind=access.UNMASK, account=actor.id if actor else "", page="item", method=request.method or "", subject=item,
        detail=why[:300], status=200, address=address_of(request),
    ))  # fmt: skip
