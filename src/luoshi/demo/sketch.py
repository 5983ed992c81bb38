"""Pictures for the demonstration: plain drawings of a street, made by a few lines, so that no real place is shown."""

from __future__ import annotations

import struct
import zlib
from hashlib import sha256
from typing import Final

_WIDTH, _HEIGHT = 480, 270
_SKY: Final = ((200, 222, 240), (228, 236, 244))
_GROUND: Final = (188, 184, 172)
_WALLS: Final = ((214, 196, 170), (196, 206, 196), (222, 210, 206), (186, 198, 214), (230, 222, 196))
_ROOF, _GLASS, _TREE = (150, 92, 78), (120, 150, 176), (96, 138, 92)
_Colour = tuple[int, int, int]


def sketch(seed: str) -> bytes:
    """A drawing as PNG; the same words give the same drawing.

    >>> sketch("点位照片")[:4], sketch("一") == sketch("一"), sketch("一") == sketch("二")
    (b'\\x89PNG', True, False)
    """
    dice = sha256(seed.encode()).digest()
    rows = [[_between(*_SKY, y / _HEIGHT)] * _WIDTH for y in range(_HEIGHT)]
    _fill(rows, 0, 210, _WIDTH, _HEIGHT, _GROUND)
    at = 12
    for number in range(5):
        width, height = 62 + dice[number] % 34, 70 + dice[number + 5] % 90
        _house(rows, at, 210 - height, width, height, _WALLS[dice[number + 10] % len(_WALLS)])
        at += width + 6 + dice[number + 15] % 10
    for number in range(4):
        x = 20 + dice[number + 20] * 3 // 2
        _fill(rows, x, 186, x + 4, 216, _ROOF)
        _fill(rows, x - 9, 160, x + 13, 190, _TREE)
    return _png(rows)


def _between(first: _Colour, second: _Colour, share: float) -> _Colour:
    red, green, blue = (round(one + (two - one) * share) for one, two in zip(first, second, strict=True))
    return red, green, blue


def _house(rows: list[list[_Colour]], x: int, y: int, width: int, height: int, wall: _Colour) -> None:
    _fill(rows, x, y, x + width, y + height, wall)
    _fill(rows, x - 2, y - 7, x + width + 2, y, _ROOF)
    for top in range(y + 10, y + height - 18, 24):
        for left in range(x + 8, x + width - 14, 20):
            _fill(rows, left, top, left + 11, top + 14, _GLASS)


def _fill(rows: list[list[_Colour]], left: int, top: int, right: int, bottom: int, colour: _Colour) -> None:
    first, last = max(0, left), min(_WIDTH, right)
    for row in rows[max(0, top) : min(_HEIGHT, bottom)]:
        row[first:last] = [colour] * max(0, last - first)


def _png(rows: list[list[_Colour]]) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    pixels = b"".join(b"\0" + bytes(part for colour in row for part in colour) for row in rows)
    head = struct.pack(">IIBBBBB", _WIDTH, _HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(pixels, 9)) + chunk(b"IEND", b"")
