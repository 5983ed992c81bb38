"""Locks between processes of one machine: files that the system unlocks itself when their holder ends, however it ends."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

if sys.platform == "win32":
    # nothing is served on Windows (see serve.py), so nobody is there to be kept apart

    def _lock(file: int, *, shared: bool, wait: bool) -> bool:
        return True

else:
    import fcntl

    def _lock(file: int, *, shared: bool, wait: bool) -> bool:
        """Whether the lock was got."""
        try:
            fcntl.flock(file, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            return False
        return True


@contextmanager
def held(path: Path, *, shared: bool = False) -> Iterator[None]:
    """Waits for the lock and holds it; many may hold a shared one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _lock(file, shared=shared, wait=True)
        yield
    finally:
        os.close(file)


@contextmanager
def taken(path: Path) -> Iterator[bool]:
    """Whether the lock was free; then it is held while the block runs. Nobody waits."""
    path.parent.mkdir(parents=True, exist_ok=True)
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        yield _lock(file, shared=False, wait=False)
    finally:
        os.close(file)


def is_held(path: Path) -> bool:
    """Whether anybody holds it now."""
    try:
        file = os.open(path, os.O_RDWR)
    except OSError:
        return False
    try:
        return not _lock(file, shared=False, wait=False)
    finally:
        os.close(file)
