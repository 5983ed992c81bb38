"""Small pictures: of what is a picture, upright, without what the camera wrote; of nothing that would fill the memory."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from luoshi.publish.thumbnail import SIZE, thumbnail
from tests.web.matters import png


def made(size: tuple[int, int], form: str, mode: str = "RGB", **more: object) -> bytes:
    file = io.BytesIO()
    Image.new(mode, size, 0 if mode == "L" else (200, 60, 20, 128) if mode == "RGBA" else (200, 60, 20)).save(file, form, **more)
    return file.getvalue()


def opened(data: bytes | None) -> Image.Image:
    assert data is not None
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(("form", "mode"), [("JPEG", "RGB"), ("PNG", "RGBA"), ("GIF", "L"), ("WEBP", "RGB"), ("JPEG", "L")])
def test_any_picture_becomes_a_small_jpeg(form: str, mode: str) -> None:
    small = opened(thumbnail(made((3000, 1000), form, mode)))
    assert (small.format, small.size) == ("JPEG", (480, 160))


def test_it_stands_upright_and_says_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "31.123456N 117.654321E"
    small = thumbnail(made((800, 400), "JPEG", exif=exif))
    assert opened(small).size[1] > opened(small).size[0]
    assert small is not None
    assert b"31.123456" not in small
    assert not opened(small).getexif()


def test_small_ones_stay_as_small_as_they_are() -> None:
    assert opened(thumbnail(png(64))).size == (64, 64)
    assert max(opened(thumbnail(made((480, 360), "PNG"))).size) == max(SIZE)


def test_what_would_fill_the_memory_is_not_opened() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    bomb = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(10_000))) + chunk(b"IEND", b"")
    assert thumbnail(bomb) is None


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n\x1a\n" + bytes(40), png()[:-30], b"<svg/>", b"\xff\xd8\xff\xe0" + bytes(100), b"%PDF-1.4"]
)
def test_what_is_broken_or_none_has_none(data: bytes) -> None:
    assert thumbnail(data) is None


def test_any_bytes_cut_or_changed_never_raise() -> None:
    whole = made((300, 200), "JPEG")
    for at in range(0, len(whole), 7):
        thumbnail(whole[:at])
        thumbnail(whole[:at] + b"\x00\xff" + whole[at + 2 :])
