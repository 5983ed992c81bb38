"""Workbooks that people brought in, kept for a day between the look and the answer; each is its owner's alone."""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from pathlib import Path
from typing import Final

from luoshi.desk.done import NotFound

_KEPT_SECONDS: Final = 24 * 3600
_MOST_EACH: Final = 5
_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def keep(folder: Path, owner: str, data: bytes, token: str = "") -> str:
    """The token under which the file is kept; ``token``: in place of the one that is kept under it."""
    token = token if _TOKEN.fullmatch(token) else secrets.token_hex(16)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = _path(folder, owner, token)
    new = path.with_suffix(".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    new.replace(path)
    _clear(folder, path.name.split("-")[0])
    return token


def kept(folder: Path, owner: str, token: str) -> bytes:
    """The file; raises ``NotFound`` where there is none, it is another's, or its day is over."""
    try:
        return _path(folder, owner, token).read_bytes() if _TOKEN.fullmatch(token) else _none(token)
    except FileNotFoundError:
        return _none(token)


def _none(token: str) -> bytes:
    raise NotFound("这份表格已不在了，只保留一天", where=token[:32], remedy="请重新带入")


def _path(folder: Path, owner: str, token: str) -> Path:
    return folder / f"{hashlib.sha256(owner.encode()).hexdigest()[:16]}-{token}.xlsx"


def _clear(folder: Path, owner: str) -> None:
    """What is older than a day goes, and of one person all but the newest few."""

    def made(path: Path) -> float:
        try:
            return path.stat().st_mtime
        except FileNotFoundError:
            return 0.0

    own = sorted(folder.glob(f"{owner}-*.xlsx"), key=made)
    old = [path for path in folder.glob("*-*") if made(path) < time.time() - _KEPT_SECONDS]
    for path in {*old, *own[:-_MOST_EACH]}:
        path.unlink(missing_ok=True)
