"""Refuses a pdf whose streams unpack to more than any document needs, before the library that would unpack them sees it.

Pictures are left out of account: they are not unpacked when text is read. Encrypted streams cannot be looked into.
"""

from __future__ import annotations

import base64
import re
import zlib

from luoshi.errors import UnreadableFile

#: most bytes that one stream may unpack to, and all of them together
STREAM_LIMIT, TOTAL_LIMIT = 48 * 1024 * 1024, 192 * 1024 * 1024
_STREAM = re.compile(rb"stream\r?\n")
_FILTERS = re.compile(rb"/(FlateDecode|Fl|ASCII85Decode|A85|ASCIIHexDecode|AHx)\b")
_CHUNK = 1024 * 1024


def refuse_bomb(data: bytes, name: str) -> None:
    """Raises ``UnreadableFile`` (``zip-bomb``) for a pdf that unpacks to too much."""
    total = 0
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - 2000) : found.start()]
        head = head[max(head.rfind(b"endobj"), head.rfind(b"endstream")) + 1 :]
        if b"/Image" in head or (b"Flate" not in head and b"/Fl" not in head):
            continue
        end = data.find(b"endstream", found.end())
        size = _unpacked(data[found.end() : end if end >= 0 else len(data)], [filter_[:2] for filter_ in _FILTERS.findall(head)])
        total += size
        if size > STREAM_LIMIT or total > TOTAL_LIMIT:
            raise UnreadableFile(
                "pdf 里的数据解开后大得不合理，拒绝解压",
                where=name,
                slug="zip-bomb",
                remedy="请确认文件来源；如确有必要，请另存为较小的文件",
            )


def _unpacked(raw: bytes, filters: list[bytes]) -> int:
    """How many bytes a stream unpacks to, counted no further than just beyond the limit."""
    if filters and filters[0] in (b"A8", b"AS", b"AH"):
        raw = _from_ascii(raw, filters[0])
        filters = filters[1:]
    flates = sum(filter_ == b"Fl" for filter_ in filters)
    size = 0
    while flates > 0 and raw:
        flates -= 1
        size, raw = _inflated(raw, keep=flates > 0)
        if size > STREAM_LIMIT:
            return size
    return size


def _from_ascii(raw: bytes, filter_: bytes) -> bytes:
    try:
        if filter_ == b"AH":
            return bytes.fromhex(raw.split(b">")[0].decode("ascii"))
        return base64.a85decode(raw.split(b"~>")[0].strip(), ignorechars=b" \t\n\r\x0b\x00\x0c")
    except ValueError:
        return b""


def _inflated(raw: bytes, *, keep: bool) -> tuple[int, bytes]:
    unpack, size, kept = zlib.decompressobj(), 0, []
    try:
        rest = raw
        while rest and size <= STREAM_LIMIT and not unpack.eof:
            chunk = unpack.decompress(rest, _CHUNK)
            rest = unpack.unconsumed_tail
            size += len(chunk)
            if keep:
                kept.append(chunk)
    except zlib.error:
        pass
    return size, b"".join(kept)
