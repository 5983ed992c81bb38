"""The artist at work: starts the drawing program when it is needed, asks it, and puts up a new one where it fell."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Final

from luoshi.errors import NotDrawn

_PROGRAM: Final = Path(__file__).with_name("artist.py")
_MOST_SECONDS: Final = 60.0


class Artist:
    """One drawing program; requests of several threads are answered one after the other."""

    def __init__(self, seconds: float = _MOST_SECONDS) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._seconds = seconds

    def ask(self, do: str, **request: Any) -> bytes:
        """What the drawing program answers; ``NotDrawn`` where it cannot, or takes too long. Fallen asleep, it is started once more."""
        line = json.dumps({"do": do, **request}, ensure_ascii=True).encode() + b"\n"
        with self._lock:
            for again in (True, False):
                process = self._started()
                answer = self._answer(process, line)
                if answer is not None:
                    return answer
                self._stop()
                if not again:
                    break
        raise NotDrawn("绘图程序没有答复", where="图", remedy="稍后再试；仍然不行，请检查 vl-convert-python 是否装好", slug="not-drawn")

    def _started(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._stop()
            self._process = subprocess.Popen(  # noqa: S603 - our own program, no words of anybody's
                [sys.executable, "-P", str(_PROGRAM)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        return self._process

    def _answer(self, process: subprocess.Popen[bytes], line: bytes) -> bytes | None:
        """The answer's bytes; None where the program is gone, or was ended because it took too long."""
        if process.stdin is None or process.stdout is None:
            return None
        timer = threading.Timer(self._seconds, process.kill)
        timer.start()
        try:
            process.stdin.write(line)
            process.stdin.flush()
            head = process.stdout.readline()
            if not head:
                return None
            told = json.loads(head)
            if told["size"] < 0:
                raise NotDrawn(f"画不出来：{told['why']}", where="图", remedy="请报告这个问题", slug="not-drawn")
            answer = process.stdout.read(told["size"])
        except (OSError, ValueError):
            return None
        finally:
            timer.cancel()
        return answer if len(answer) == told["size"] else None

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self.let_go()
            self._process = None

    def let_go(self) -> None:
        """Closes this process's ends of the pipes; the program then ends by itself."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe is not None:
                    with contextlib.suppress(OSError):
                        pipe.close()

    def close(self) -> None:
        """Ends the program; the next request starts it anew."""
        with self._lock:
            self._stop()


#: by process: one that was forked has its own artist, and leaves its parent's alone
_artists: dict[int, Artist] = {}


def artist() -> Artist:
    """The artist of this process, at work or not."""
    mine = os.getpid()
    if mine not in _artists:
        for other in _artists.values():
            other.let_go()
        _artists[mine] = Artist()
    return _artists[mine]


def warm_up() -> None:
    """Starts the artist without waiting, so that the first who looks at a chart does not wait a second for it."""
    spec = {"mark": "text", "data": {"values": [{}]}, "width": 1, "height": 1}
    work = threading.Thread(target=_quietly, args=(spec,), daemon=True)
    work.start()


def _quietly(spec: dict[str, Any]) -> None:
    with contextlib.suppress(NotDrawn):
        artist().ask("svg", description=spec)
