"""Drawings that are kept: in memory, and on a shelf that all processes of a server share."""

from __future__ import annotations

import contextlib
import os
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Final

_MOST_BYTES: Final = 16 * 2**20
_MOST_FILES: Final = 4000


class Kept:
    """Drawings by the hash of what they were drawn from; the longest unused go first when ``most`` bytes are full."""

    def __init__(self, most: int = _MOST_BYTES) -> None:
        self._lock = threading.Lock()
        self._drawn: OrderedDict[str, bytes] = OrderedDict()
        self._most, self._size = most, 0

    def get(self, key: str) -> bytes | None:
        """The drawing, if it is still here."""
        with self._lock:
            drawn = self._drawn.get(key)
            if drawn is not None:
                self._drawn.move_to_end(key)
            return drawn

    def put(self, key: str, drawn: bytes) -> None:
        """Keeps a drawing, unless it alone would fill a quarter of the room."""
        if len(drawn) > self._most // 4:
            return
        with self._lock:
            self._size += len(drawn) - len(self._drawn.pop(key, b""))
            self._drawn[key] = drawn
            while self._size > self._most:
                _, old = self._drawn.popitem(last=False)
                self._size -= len(old)

    def __len__(self) -> int:
        return len(self._drawn)


class Shelf:
    """A folder of drawings. Half of them, those longest unused, are thrown away when there are more than ``most``."""

    def __init__(self, folder: Path, most: int = _MOST_FILES) -> None:
        self._folder, self._most = folder, most

    def get(self, key: str) -> bytes | None:
        """The drawing, if it is here; it counts as used now."""
        path = self._folder / f"{key}.svg"
        try:
            drawn = path.read_bytes()
            os.utime(path)
        except OSError:
            return None
        return drawn

    def put(self, key: str, drawn: bytes) -> None:
        """Keeps a drawing. A shelf that cannot be written is no trouble: it is drawn again."""
        with contextlib.suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{key}.{os.getpid()}.{threading.get_ident()}.part"
            part.write_bytes(drawn)
            part.replace(self._folder / f"{key}.svg")
            # counting takes as long as drawing, so only one in sixty-four looks; keys are hashes
            if key.startswith(("00", "40", "80", "c0")):
                self.tidy()

    def tidy(self) -> None:
        """Makes room where there are too many."""
        found = [(entry.stat().st_mtime, entry.path) for entry in os.scandir(self._folder)]
        if len(found) > self._most:
            for _, path in sorted(found)[: len(found) - self._most // 2]:
                with contextlib.suppress(OSError):
                    Path(path).unlink()
