"""Pictures without what cameras and programs write into them: where and when it was taken, by which device, a preview of what was cut off. Pure."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import Final

_PNG: Final = b"\x89PNG\r\n\x1a\n"
#: what a picture is made of; anything else in the file is talk about it
_PNG_KEPT: Final = frozenset({b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"sRGB", b"cHRM", b"sBIT", b"bKGD", b"pHYs"})
_JPEG_DROPPED: Final = frozenset({*range(0xE1, 0xEE), 0xEF, 0xFE})


def plain_picture(data: bytes) -> tuple[bytes, str] | None:
    """The picture's own bytes and its media type; None for what is no JPEG or PNG, or is broken.

    >>> plain_picture(b"GIF89a") is None
    True
    """
    try:
        if data.startswith(_PNG):
            return b"".join((_PNG, *_png_chunks(data))), "image/png"
        if data.startswith(b"\xff\xd8\xff"):
            return b"".join((b"\xff\xd8", *_jpeg_segments(data))), "image/jpeg"
    except (struct.error, IndexError, ValueError):
        return None
    return None


def _png_chunks(data: bytes) -> Iterator[bytes]:
    at, seen = len(_PNG), set[bytes]()
    while at < len(data) and b"IEND" not in seen:
        (length,) = struct.unpack_from(">I", data, at)
        kind, end = data[at + 4 : at + 8], at + 12 + length
        if end > len(data):
            raise ValueError("a chunk goes beyond the end")
        seen.add(kind)
        if kind in _PNG_KEPT:
            yield data[at:end]
        at = end
    if not {b"IHDR", b"IDAT", b"IEND"} <= seen:
        raise ValueError("not a whole picture")


def _jpeg_segments(data: bytes) -> Iterator[bytes]:
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        (length,) = struct.unpack_from(">H", data, at + 2)
        end = at + 2 + length
        if marker not in _JPEG_DROPPED:
            yield data[at:end]
        if marker == 0xDA:
            last = data.rfind(b"\xff\xd9")
            if last < end:
                raise ValueError("the picture has no end")
            # what stands behind the end may be another picture
            first = data.find(b"\xff\xd9", end)
            yield data[end : first + 2]
            return
        at = end
    raise ValueError("no picture in it")
