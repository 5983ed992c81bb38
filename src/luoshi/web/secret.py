"""The secret key of an installation: made on first use, readable by its owner alone."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from luoshi.errors import LuoshiError, said


def read_secret(path: Path) -> str:
    """The key in the file; a new one where there is no file. Two processes that start at once read the same key."""
    try:
        if not path.exists():
            _make(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise LuoshiError(
            f"密钥读不出也写不进：{said(error)}" if isinstance(error, OSError) else "密钥文件的内容不对",
            where=str(path),
            remedy="请让运行落实的用户能读写这个文件夹，或用 LUOSHI_DATA 指定别的数据文件夹",
            slug="no-secret",
        ) from error
    if len(key) < 40:
        raise LuoshiError(
            "密钥文件是空的或太短", where=str(path), remedy="请删去这个文件，启动时会重做（已登录的人要重新登录）", slug="no-secret"
        )
    return key


def _make(path: Path) -> None:
    """Writes beside and links into place, so that nobody ever reads half a key and the first one to come wins."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(60) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    except OSError:
        # a file system without hard links
        beside.replace(path)
        return
    beside.unlink()
