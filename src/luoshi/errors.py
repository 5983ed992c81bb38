"""Every exception of the package, each with a stable slug.

    LuoshiError
    ├── UnreadableFile      a file that gives no text, and why
    ├── BadTable            a rule, word or scheme file of ours that does not fit its declaration
    ├── BadSpan             a record whose words are not what the source says there
    ├── BadUsage            a call or command line that cannot be carried out
    └── NotDrawn            a chart that could not be drawn

An error says what happened, where, and what to do. Unclear text is no error: it is a ``Doubt`` (a value), stored and shown.
"""

from __future__ import annotations

import errno
from typing import Final

#: what the system says of a file that it does not open or write
_SAID: Final = {
    errno.ENOENT: "没有这个文件", errno.EACCES: "没有权限", errno.EPERM: "没有权限", errno.EISDIR: "这是文件夹，不是文件",
    errno.ENOTDIR: "路径中有一段不是文件夹", errno.ENOSPC: "磁盘已满", errno.EROFS: "磁盘只能读，不能写", errno.ENAMETOOLONG: "文件名太长",
    errno.ELOOP: "链接绕成了圈", errno.EMFILE: "打开的文件太多", errno.EBUSY: "文件正被占用", errno.EIO: "磁盘读写出错", errno.EEXIST: "已有同名文件",
    errno.EFBIG: "文件超过磁盘允许的大小", errno.EINVAL: "不能这样读写", errno.ENXIO: "不是能读的文件",
}  # fmt: skip


def said(error: OSError) -> str:
    """What an error of the system means, in Chinese.

    >>> said(FileNotFoundError(2, "No such file or directory"))
    '没有这个文件'
    """
    return _SAID.get(error.errno or 0, f"系统错误 {error.errno}")


class LuoshiError(Exception):
    """Root of all errors; ``slug`` is stable and searchable, ``where`` names the file or place, ``remedy`` what to do."""

    slug = "error"

    def __init__(self, what: str, *, where: str = "", remedy: str = "", slug: str | None = None) -> None:
        self.what, self.where, self.remedy = what, where, remedy
        if slug is not None:
            self.slug = slug
        super().__init__(str(self))

    def __str__(self) -> str:
        parts = [f"{self.where}：{self.what}" if self.where else self.what]
        if self.remedy:
            parts.append(self.remedy)
        return "。".join(part.rstrip("。") for part in parts) + f"。［{self.slug}］"


class UnreadableFile(LuoshiError):
    """A file that gives no text: empty, damaged, encrypted, hostile, too large or of an unknown kind."""

    slug = "unreadable"


class BadTable(LuoshiError):
    """A data file of ours (words, cases, mechanisms, schemes) that does not fit its declared type."""

    slug = "bad-table"


class BadSpan(LuoshiError):
    """A record whose quoted words are not what the source says at its span."""

    slug = "bad-span"


class BadUsage(LuoshiError):
    """A call that cannot be carried out as asked."""

    slug = "bad-usage"


class NotDrawn(LuoshiError):
    """A chart that could not be drawn: the drawing program fell or took too long, or there is no Chinese font for a picture."""

    slug = "not-drawn"
