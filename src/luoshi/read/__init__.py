"""Reading: the bytes of a file → ``Text``.

``read_file``, ``read_bytes`` and ``read_string`` are the doors; ``READERS`` names one module and function for each format.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from importlib import import_module
from os import PathLike
from pathlib import Path
from typing import BinaryIO, cast

from luoshi.errors import UnreadableFile, said
from luoshi.read.cells import find_text_tables
from luoshi.read.clean import clean_text
from luoshi.read.decode import plain_surrogates
from luoshi.read.kinds import find_kind
from luoshi.read.text import Loss, Text

__all__ = ["LIMIT", "READERS", "open_file", "read_bytes", "read_file", "read_stream", "read_string"]

#: largest file that is read, in bytes
LIMIT = 64 * 1024 * 1024
#: the module and function that reads each format; loaded when first needed
READERS = {
    "txt": "plain:read_plain",
    "html": "html:read_html",
    "docx": "docx:read_docx",
    "pdf": "pdf:read_pdf",
    "xlsx": "sheet:read_xlsx",
    "csv": "sheet:read_csv",
}


def _reader(kind: str) -> Callable[[bytes, str], Text]:
    module, function = READERS[kind].split(":")
    return cast("Callable[[bytes, str], Text]", getattr(import_module(f"luoshi.read.{module}"), function))


def read_file(path: str | PathLike[str]) -> Text:
    """The text of a file; raises ``UnreadableFile`` where it gives none."""
    with open_file(path) as stream:
        size = os.fstat(stream.fileno()).st_size
        if size > LIMIT:
            raise too_large(size, str(path))
        return read_bytes(read_stream(stream, str(path)), str(path))


def open_file(path: str | PathLike[str]) -> BinaryIO:
    """A regular file or a pipe, opened; raises ``UnreadableFile`` for what is absent, closed to us, or a folder, device or socket."""
    path = Path(path)
    try:
        mode = path.stat().st_mode
        if not (stat.S_ISREG(mode) or stat.S_ISFIFO(mode)):
            raise _cannot_open("这是文件夹，不是文件" if stat.S_ISDIR(mode) else "这是设备，不是文件", str(path))
        return path.open("rb")
    except OSError as error:
        raise _cannot_open(said(error), str(path)) from error


def read_stream(stream: BinaryIO | None, name: str) -> bytes:
    """What a stream gives to its end; of one that gives more than ``LIMIT`` no more is read, and ``UnreadableFile`` raised."""
    if stream is None:
        raise _cannot_open("没有标准输入", name)
    try:
        data = stream.read(LIMIT + 1)
    except OSError as error:
        raise _cannot_open(said(error), name) from error
    if len(data) > LIMIT:
        raise too_large(0, name)
    return data


def _cannot_open(why: str, name: str) -> UnreadableFile:
    return UnreadableFile(f"打不开：{why}", where=name, slug="cannot-open", remedy="请检查路径和权限")


def read_bytes(data: bytes, name: str) -> Text:
    """The text of the bytes of a file; its kind is told from the bytes, then from ``name``."""
    if len(data) > LIMIT:
        raise too_large(len(data), name)
    if not data.strip():
        raise UnreadableFile("文件是空的", where=name, slug="empty", remedy="请换一个有内容的文件")
    text = clean_text(_reader(find_kind(data, name))(data, name))
    if not text.clean and not text.marks:
        raise UnreadableFile("文件里没有文字", where=name, slug="empty", remedy="请换一个有内容的文件")
    return text


def read_string(text: str, name: str = "") -> Text:
    """The text of a string; lone surrogates become U+FFFD one for one, so offsets are those of ``text``."""
    source, lone = plain_surrogates(text)
    losses = (Loss("全文", f"有 {lone} 个落单的代理码元，以 U+FFFD 代替"),) if lone else ()
    return clean_text(
        Text(name=name, format="txt", source=source, clean="", tables=find_text_tables(source), losses=losses, encoding="str")
    )


def too_large(size: int, name: str) -> UnreadableFile:
    """The error of a file of ``size`` bytes, 0 where it is not known how large it is."""
    known = f"文件有 {size / 1048576:.0f} MB，" if size else "文件"
    return UnreadableFile(f"{known}超过 {LIMIT // 1048576} MB 的上限", where=name, slug="too-large", remedy="请拆成较小的文件再读")
