"""Evidence: files that show what was done. Their type is told by their bytes, not by their name; the original is kept as it came.

A file waits beside the store until the act that brings it is done; what no act has brought in a day is removed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import time
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound
from luoshi.desk.matters.moving import matter_for
from luoshi.desk.rights import require
from luoshi.errors import LuoshiError
from luoshi.ledger.blobs import Blobs
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, blobs, now, writing
from luoshi.publish.thumbnail import thumbnail

#: so large may one file be, and so many may come with one act
LARGEST: Final = 20 * 1024 * 1024
MOST: Final = 10
#: so many seconds a file waits for the act that brings it
WAITS: Final = 24 * 3600
#: types that are taken, by the beginning of their bytes; those in a zip are told apart by what is in it
_BEGINNINGS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"GIF87a", "image/gif"), (b"GIF89a", "image/gif"),
    (b"%PDF-", "application/pdf"),
)  # fmt: skip
_ZIPPED: Final[tuple[tuple[bytes, str], ...]] = (
    (b"word/", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    (b"xl/", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (b"ppt/", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    (b"OFD.xml", "application/ofd"),
)  # fmt: skip
IMAGES: Final = frozenset({"image/jpeg", "image/png", "image/gif", "image/webp"})
_TAKEN: Final = "图片（jpg、png、gif、webp）、pdf、docx、xlsx、pptx、ofd、mp4、txt"


class Kept(msgspec.Struct, frozen=True):
    """A file that waits or is in the store: its key there, name, type, size in bytes; ``thumb``: the key of its small picture, if it has one."""

    file: str
    name: str
    media: str
    size: int
    thumb: str = ""


class BadEvidence(LuoshiError):
    """A file that is not taken as evidence, and why."""

    slug = "bad-evidence"


def keep(files: Sequence[tuple[str, bytes]]) -> list[Kept]:
    """The files (name, bytes), each once, until an act brings them; raises ``BadEvidence`` before anything is kept where one cannot be taken."""
    if len(files) > MOST:
        raise BadEvidence(f"一次最多 {MOST} 个文件，选了 {len(files)} 个", where="evidence", remedy="请分几次上传")
    looked = [(name.replace("\\", "/").rsplit("/", 1)[-1][:300] or "文件", data, media_of(name, data)) for name, data in files]
    store = waiting()
    kept = {_put(store, data): (name, media, len(data), _thumb(store, data, media)) for name, data, media in looked}
    return [Kept(key, *told) for key, told in kept.items()]


def _thumb(store: Blobs, data: bytes, media: str) -> str:
    """The key of the small picture of a picture; ``""`` where none can be made."""
    small = thumbnail(data) if media in IMAGES else None
    return _put(store, small) if small else ""


def _put(store: Blobs, data: bytes) -> str:
    """The key of what waits anew from now."""
    key = store.put(data)
    store.path(key).touch()
    return key


def waiting() -> Blobs:
    """The files that no act has brought yet."""
    return Blobs(blobs().folder.parent / "waiting")


def bring(evidence: Sequence[Kept]) -> None:
    """Takes the files of an act that is being done into the store; raises ``BadEvidence`` where one is neither there nor waits any more."""
    store, waits = blobs(), waiting()
    for one in evidence:
        for key in (one.file, one.thumb):
            if not key or store.path(key).is_file():
                continue
            if not waits.path(key).is_file():
                raise BadEvidence("文件已经过期", where=one.name[:100], remedy="请重新选择这个文件")
            store.take(key, waits)


def sweep(*, older: float = WAITS + 3600) -> int:
    """Removes the files that no act has brought in so many seconds; how many."""
    store, removed = waiting(), 0
    store.sweep()
    for key in list(store.keys()):
        path = store.path(key)
        with suppress(FileNotFoundError):
            if path.stat().st_mtime <= time() - older:
                path.unlink()
                removed += 1
    return removed


def media_of(name: str, data: bytes) -> str:
    """The type of a file by its bytes; ``BadEvidence`` where it is empty, too large or of no type that is taken.

    >>> media_of("现场.jpg", b"\\xff\\xd8\\xff\\xe0" + bytes(16))
    'image/jpeg'
    """
    if not data:
        raise BadEvidence("文件是空的", where=name[:100], remedy="请重新选择")
    if len(data) > LARGEST:
        raise BadEvidence(
            f"文件有 {len(data) / 1048576:.1f} MB，超过 {LARGEST // 1048576} MB", where=name[:100], remedy="请压缩或截取后再传"
        )
    found = next((media for beginning, media in _BEGINNINGS if data.startswith(beginning)), "") or _other(data)
    if not found:
        raise BadEvidence("不收这种文件", where=name[:100], remedy=f"可以传：{_TAKEN}")
    return found


def _other(data: bytes) -> str:
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "video/mp4"
    if data[:4] == b"PK\x03\x04":
        return next((media for mark, media in _ZIPPED if mark in data), "")
    return "text/plain" if _is_text(data) else ""


def _is_text(data: bytes) -> bool:
    if b"\0" in data or data.lstrip()[:1] == b"<":
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return True
    return False


def kept_now(evidence: Sequence[Kept]) -> list[Mapping[str, Any]]:
    """The files as an entry names them."""
    return [{name: value for name, value in msgspec.structs.asdict(one).items() if value != "" or name != "thumb"} for one in evidence]


def withdraw(actor: Actor, item: str, file: str, scope: Scope, *, clock: Clock = now) -> Done:
    """The file was attached by mistake: it is shown no more, the record and the store keep it. Only who attached it may, while it is open."""
    require(actor, "matter.act")
    with writing(clock=clock) as writer:
        _, matter, _ = matter_for(writer, item, scope)
        row = writer.get("evidence", ident("e", item, file))
        if row is None or not row["live"]:
            raise NotFound("没有这份佐证", where=file[:64], remedy="请刷新页面")
        if row["by"] != actor.id or matter.state not in {"live", "hung"}:
            raise Conflict("不能撤下别人的佐证，也不能撤下已办结事项的佐证", where=row["name"], remedy="请找上传的人，或由督查室退回重办")
        return Done.of([writer.append(actor.id, Draft("loop.evidence-off", item, {"file": file}))])
