"""Files kept by their content beside the database: originals as they came in, readings packed.

A file is written under another name, flushed to the disk and then renamed: it is there whole or not at all, whenever the process dies.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from time import time

from luoshi.errors import LuoshiError, said


class MissingBlob(LuoshiError):
    """A file of the store that is not there or is not what its name says."""

    slug = "missing-blob"


class Blobs:
    """The store in one folder: ``ab/abcdef…``; a key is the SHA-256 of the content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, key: str) -> Path:
        return self.folder / key[:2] / key

    def put(self, data: bytes) -> str:
        """Keeps ``data`` and returns its key; what is there already is not written again. Raises ``LuoshiError`` where the disk refuses."""
        key = hashlib.sha256(data).hexdigest()
        path = self.path(key)
        if path.exists():
            return key
        try:
            if not path.parent.is_dir():
                path.parent.mkdir(parents=True, exist_ok=True)
                _flush_folder(self.folder)
            handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            try:
                with os.fdopen(handle, "wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                Path(name).rename(path)
            except BaseException:
                Path(name).unlink(missing_ok=True)
                raise
            _flush_folder(path.parent)
        except OSError as error:
            raise LuoshiError(
                f"不能保存文件：{said(error)}", where=str(path.parent), remedy="请检查数据目录的空间和权限", slug="disk"
            ) from error
        return key

    def get(self, key: str) -> bytes:
        """The content; raises ``MissingBlob`` where it is not there or was changed."""
        try:
            data = self.path(key).read_bytes()
        except OSError as error:
            raise MissingBlob(f"存储中没有这个文件：{said(error)}", where=key, remedy="请从备份恢复数据目录") from error
        if hashlib.sha256(data).hexdigest() != key:
            raise MissingBlob("存储中的文件被改动过", where=key, remedy="请从备份恢复数据目录")
        return data

    def take(self, key: str, other: Blobs) -> None:
        """Takes a file over from another store on the same disk; whoever waits for a lock meanwhile waits for a new name only, not for a copy."""
        path = self.path(key)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            other.path(key).replace(path)
            _flush_folder(path.parent)
            _flush_folder(self.folder)
        except FileNotFoundError as error:
            if not path.exists():
                raise MissingBlob(f"存储中没有这个文件：{said(error)}", where=key, remedy="请重新上传") from error
        except OSError as error:
            raise LuoshiError(
                f"不能保存文件：{said(error)}", where=str(path.parent), remedy="请检查数据目录的空间和权限", slug="disk"
            ) from error

    def put_packed(self, data: bytes) -> str:
        return self.put(zlib.compress(data, 6))

    def get_packed(self, key: str) -> bytes:
        try:
            return zlib.decompress(self.get(key))
        except zlib.error as error:
            raise MissingBlob("存储中的文件不能解压", where=key, remedy="请从备份恢复数据目录") from error

    def keys(self) -> Iterator[str]:
        """The keys of all files, sorted."""
        for folder in sorted(self.folder.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                if not path.name.startswith("."):
                    yield path.name

    def sweep(self, *, older: float = 3600) -> int:
        """Removes what a process that died left half written, if it is so many seconds old; the number of files removed."""
        removed = 0
        for path in self.folder.glob("[0-9a-f][0-9a-f]/.new-*"):
            with suppress(FileNotFoundError):
                if path.stat().st_mtime <= time() - older:
                    path.unlink()
                    removed += 1
        return removed


def _flush_folder(folder: Path) -> None:
    """The new name itself must reach the disk; systems without folders as files do it by themselves."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        pass
    finally:
        os.close(handle)
