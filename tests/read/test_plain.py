"""Plain text: encodings told from the bytes, and what is no text."""

from __future__ import annotations

import io
import os
from pathlib import Path
from random import Random
from threading import Thread
from time import perf_counter
from typing import BinaryIO, cast

import pytest

from luoshi.errors import UnreadableFile
from luoshi.read import LIMIT, read_bytes, read_file, read_stream, read_string

WORDS = "各位代表：去年地区生产总值增长８％，全年完成投资120亿元。\r\n　　一、主要工作回顾\r\n"
CLEAN = "各位代表:去年地区生产总值增长8%,全年完成投资120亿元。\n一、主要工作回顾\n"
OLD = "各位代表：去年地區生產總值增長８％，會議通過了這項經濟發展計劃，業務實際投資為120億元。"
LONG = "全区生产总值完成1250亿元，增长8.2%，城乡居民收入稳步提高"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encoding(encoding: str) -> None:
    text = read_bytes(WORDS.encode(encoding), "x.txt")
    assert text.source == WORDS
    assert text.clean == CLEAN


@pytest.mark.parametrize("encoding", ["big5", "gb18030", "utf-16-be"])
def test_traditional(encoding: str) -> None:
    assert read_bytes(OLD.encode(encoding), "x.txt").source == OLD


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16-le"])
@pytest.mark.parametrize("length", [3, 8, 20])
def test_short(encoding: str, length: int) -> None:
    words = "生产总值增长百分之八，全区经济发展工作"[:length]
    assert read_bytes(words.encode(encoding), "x.txt").source == words


@pytest.mark.parametrize(
    ("data", "slug"),
    [
        (b"", "empty"),
        (b" \r\n\t ", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        ("\u200b　".encode() * 3, "empty"),
        (bytes(range(256)) * 40, "binary"),
        (b"\x00" * 1000, "binary"),
        (b"\xff" * 1000, "binary"),
        (b"\xff\xfe" + b"\x00\xd8" * 1000, "binary"),
        (b"MZ\x90" + b"\x00" * 100, "binary"),
        (b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, "image"),
        (b"\xff\xd8\xff\xe0" + b"\x00" * 100, "image"),
        (b"Rar!\x1a\x07" + b"\x00" * 100, "archive"),
        (b"{\\rtf1 abc}", "rtf"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "doc"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\x00" * 600, "encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "Workbook".encode("utf-16-le") + b"\x00" * 600, "xls"),
        (b"PK\x03\x04" + b"\x00" * 100, "damaged"),
        (b"MIME-Version: 1.0\r\n", "mht"),
    ],
)
def test_what_is_no_text(data: bytes, slug: str) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(data, "坏.txt")
    assert raised.value.slug == slug
    assert raised.value.remedy
    assert "坏.txt" in str(raised.value)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff", b"\xff\xfe\x00\x00"])
@pytest.mark.parametrize("size", [64, 1000, 100_000])
def test_chance_bytes_behind_a_byte_order_mark_are_no_text(mark: bytes, size: int) -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(mark + Random(size).randbytes(size), "x.txt")  # noqa: S311 - no secret is made of it
    assert raised.value.slug == "binary"


def test_bytes_of_another_width_behind_a_byte_order_mark_are_no_text() -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_bytes(b"\xff\xfe" + b"name=value; no wide characters at all " * 50, "x.txt")
    assert raised.value.slug == "binary"


@pytest.mark.parametrize(
    ("data", "source", "damaged"),
    [
        (WORDS.encode("utf-16-le") + b"\x00", WORDS + "\ufffd", 1),
        (WORDS.encode()[:-5] + b"\xff\xfe" + WORDS.encode(), None, 2),
        (WORDS.encode("gb18030") + b"\xb5", WORDS + "\ufffd", 1),
        (WORDS.encode() + b"\xed\xa1\xb2\xed\xb4\x80", WORDS + "\U0002c900", 0),
        (WORDS.encode() + b"\xed\xa0\x80", WORDS + "\ufffd", 1),
    ],
)
def test_damage_is_named(data: bytes, source: str | None, damaged: int) -> None:
    text = read_bytes(data, "x.txt")
    assert source is None or text.source == source
    assert len(text.losses) == (1 if damaged else 0)
    assert text.source.count("\ufffd") == damaged


def test_surrogates_of_a_string_keep_offsets() -> None:
    text = read_string("投资\ud800额\udc00。")
    assert text.source == "投资\ufffd额\ufffd。"
    assert "2 个" in text.losses[0].what


def test_nuls_in_text() -> None:
    text = read_bytes((LONG * 30).encode() + b"\x00\x00" + LONG.encode(), "x.txt")
    assert "\x00" not in text.clean
    assert text.clean.count("1250亿元") == 31


@pytest.mark.parametrize(
    "data",
    [
        (LONG * 60_000).encode()[:5_000_001],
        ("（" * 10_000 + LONG + "）" * 10_000).encode(),
        ("字 " * 300_000).encode(),
        ("1 " * 500_000).encode(),
        ("字\n" * 300_000).encode(),
        b"&nbsp;" * 200_000 + LONG.encode(),
        b"\\r\\n" * 300_000 + LONG.encode(),
        ("《\n" * 100_000).encode(),
        (LONG[:31] + "\n").encode() * 20_000,
        ("- 1 -\n" + LONG + "\n").encode() * 20_000,
        b"?" * 1_000_000 + LONG.encode(),
    ],
    ids=["one line of 5 MB", "brackets", "blanks", "digits", "lines", "entities", "escapes", "openers", "wrapped", "pages", "marks"],
)
def test_large_and_odd_in_bounded_time(data: bytes) -> None:
    begun = perf_counter()
    read_bytes(data, "x.txt")
    assert perf_counter() - begun < 20


def test_files(tmp_path: Path) -> None:
    path = tmp_path / "报告.txt"
    path.write_bytes(WORDS.encode())
    assert read_file(path).clean == CLEAN
    for where in (tmp_path / "没有.txt", tmp_path):
        with pytest.raises(UnreadableFile) as raised:
            read_file(where)
        assert raised.value.slug == "cannot-open"
        assert not any("a" <= char <= "z" for char in raised.value.what)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no such device here")
def test_a_device_is_refused() -> None:
    with pytest.raises(UnreadableFile) as raised:
        read_file("/dev/zero")
    assert raised.value.slug == "cannot-open"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_read_to_its_end(tmp_path: Path) -> None:
    pipe = tmp_path / "管道.txt"
    os.mkfifo(pipe)
    writer = Thread(target=pipe.write_bytes, args=(WORDS.encode(),))
    writer.start()
    assert read_file(pipe).clean == CLEAN
    writer.join()


def test_a_stream_without_end_is_left_where_the_limit_is(tmp_path: Path) -> None:
    class Endless(io.FileIO):
        def read(self, size: int | None = -1, /) -> bytes:
            assert size is not None
            assert 0 < size <= LIMIT + 1
            return b" " * size

    path = tmp_path / "x"
    path.write_bytes(b"")
    with Endless(str(path)) as stream, pytest.raises(UnreadableFile) as raised:
        read_stream(cast("BinaryIO", stream), "-")
    assert raised.value.slug == "too-large"


def test_too_large_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "大.txt"
    with path.open("wb") as file:
        os.ftruncate(file.fileno(), 200 * 1024 * 1024)
    with pytest.raises(UnreadableFile) as raised:
        read_file(path)
    assert raised.value.slug == "too-large"
    with pytest.raises(UnreadableFile):
        read_bytes(b" " * (LIMIT + 1), "x.txt")
