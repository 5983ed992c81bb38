"""Reads a file in another process that may be stopped: a limit on memory, a limit on time, and no way to hurt who asks."""

from __future__ import annotations

import contextlib
from multiprocessing import get_context
from multiprocessing.connection import Connection
from typing import Any, Final

import msgspec

from luoshi.errors import LuoshiError, UnreadableFile
from luoshi.ledger.reading import StoredReading, stored

#: memory that reading one file may take; far above what any honest file needs
MEMORY: Final = 3 * 1024**3


class Confined:
    """A process that reads, started when it is first needed and again after it was stopped."""

    def __init__(self) -> None:
        self._process: Any = None
        self._pipe: Connection | None = None

    def read(self, data: bytes, name: str, *, seconds: float) -> tuple[str, list[StoredReading]]:
        """The format of the file and its documents. Raises ``UnreadableFile`` as the reader does, or where the limits were reached."""
        pipe = self._started()
        try:
            pipe.send_bytes(msgspec.msgpack.encode((name, data)))
            if not pipe.poll(seconds):
                self.stop()
                raise UnreadableFile(f"读了 {seconds:.0f} 秒还没有读完", where=name, remedy="请拆成较小的文件", slug="too-slow")
            answer = pipe.recv_bytes()
        except (EOFError, OSError) as error:
            self.stop()
            raise UnreadableFile("读取进程中断（可能内存不足）", where=name, remedy="请拆成较小的文件", slug="crashed") from error
        ok, body = msgspec.msgpack.decode(answer, type=tuple[bool, msgspec.Raw])
        if not ok:
            slug, what, where, remedy = msgspec.msgpack.decode(body, type=tuple[str, str, str, str])
            raise UnreadableFile(what, where=where, remedy=remedy, slug=slug)
        return msgspec.msgpack.decode(body, type=tuple[str, list[StoredReading]])

    def _started(self) -> Connection:
        if self._process is None or not self._process.is_alive() or self._pipe is None:
            self.stop()
            context = get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs,), daemon=True)
            self._process.start()
            theirs.close()
        return self._pipe

    def stop(self) -> None:
        """Ends the process, whatever it does."""
        if self._process is not None and self._process.pid is not None:
            self._process.kill()
            self._process.join(5)
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


def _serve(pipe: Connection) -> None:
    _limit()
    with contextlib.suppress(EOFError, OSError, KeyboardInterrupt):
        while True:
            name, data = msgspec.msgpack.decode(pipe.recv_bytes(), type=tuple[str, bytes])
            pipe.send_bytes(_answer(name, data))


def _limit() -> None:
    """Systems without such limits have the time limit alone."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(name: str, data: bytes) -> bytes:
    from luoshi.pipeline import read_data

    try:
        reading = read_data(data, name)
        return msgspec.msgpack.encode((True, (reading.text.format, stored(reading))))
    except LuoshiError as error:
        return msgspec.msgpack.encode((False, (error.slug, error.what, error.where or name, error.remedy)))
    except MemoryError:
        return msgspec.msgpack.encode((False, ("too-large", "文件太大，内存不够", name, "请拆成较小的文件再读")))
    except (Exception, RecursionError) as error:  # noqa: BLE001 - whatever a file does, the next one is to be read
        return msgspec.msgpack.encode(
            (False, ("internal", f"读取时出错（{type(error).__name__}）", name, "这是程序的缺陷，请连同文件一起报告"))
        )
