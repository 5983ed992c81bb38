"""Plain text: the decoded bytes are the source, as they are (the byte order mark is no part of it; CR LF stays)."""

from __future__ import annotations

from luoshi.read.cells import find_text_tables
from luoshi.read.decode import decode
from luoshi.read.text import Loss, Text


def read_plain(data: bytes, name: str) -> Text:
    """The text of a plain-text file, not yet cleaned."""
    decoded = decode(data, name)
    losses = (Loss("全文", f"有 {decoded.damaged} 处字节无法解码，以 U+FFFD 代替"),) if decoded.damaged else ()
    return Text(
        name=name,
        format="txt",
        source=decoded.text,
        clean="",
        tables=find_text_tables(decoded.text),
        losses=losses,
        encoding=decoded.encoding,
    )
