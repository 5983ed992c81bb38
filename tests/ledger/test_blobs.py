"""The store of files: whole or not at all, and what was changed is noticed."""

from __future__ import annotations

import hashlib
import os
import threading
from pathlib import Path

import pytest

from luoshi.errors import LuoshiError
from luoshi.ledger.blobs import Blobs, MissingBlob


@pytest.fixture
def blobs(tmp_path: Path) -> Blobs:
    return Blobs(tmp_path / "files")


def test_what_was_put_is_got(blobs: Blobs) -> None:
    key = blobs.put(b"\x00data")
    assert key == hashlib.sha256(b"\x00data").hexdigest()
    assert blobs.get(key) == b"\x00data"
    assert blobs.put(b"\x00data") == key
    assert list(blobs.keys()) == [key]
    assert blobs.get_packed(blobs.put_packed("文".encode() * 1000)) == "文".encode() * 1000


def test_a_changed_or_missing_file_is_said(blobs: Blobs) -> None:
    key = blobs.put(b"words")
    blobs.path(key).write_bytes(b"other")
    with pytest.raises(MissingBlob, match="被改动过"):
        blobs.get(key)
    blobs.path(key).unlink()
    with pytest.raises(MissingBlob, match="没有这个文件"):
        blobs.get(key)
    with pytest.raises(MissingBlob, match="不能解压"):
        blobs.get_packed(blobs.put(b"not packed"))


def test_a_writer_that_dies_leaves_no_file_under_the_name(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def dies(self: Path, target: Path) -> Path:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", dies)
        with pytest.raises(KeyboardInterrupt):
            blobs.put(b"words")
    assert list(blobs.keys()) == []
    assert blobs.get(blobs.put(b"words")) == b"words"


def test_half_written_files_are_no_files_and_are_swept(blobs: Blobs) -> None:
    key = blobs.put(b"words")
    half = blobs.path(key).parent / ".new-half"
    half.write_bytes(b"wo")
    assert list(blobs.keys()) == [key]
    assert blobs.sweep() == 0, "it may be of a writer that lives"
    os.utime(half, (0, 0))
    assert blobs.sweep() == 1
    assert not half.exists()


def test_a_full_disk_is_one_clear_error(blobs: Blobs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LuoshiError, match=r"磁盘已满.*数据目录") as told:
        blobs.put(b"words")
    assert told.value.slug == "disk"
    assert list(blobs.keys()) == []


def test_many_writers_of_the_same_content_do_not_disturb_each_other(blobs: Blobs) -> None:
    data = [bytes([number % 5]) * 50_000 for number in range(40)]
    threads = [threading.Thread(target=blobs.put, args=(one,)) for one in data]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(blobs.keys())) == 5
    assert {blobs.get(key) for key in list(blobs.keys())} == set(data)
