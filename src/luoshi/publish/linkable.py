"""Documents as linking takes them, packed: what one file gives to ``luoshi link``. An inner format, read by ``unpack`` alone."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO

import msgspec

from luoshi.extract.reading import Reading
from luoshi.ledger.linkable import source_of
from luoshi.ledger.reading import stored
from luoshi.link import Source
from luoshi.messages import Lang
from luoshi.publish.part import Part


def encode(reading: Reading, lang: Lang) -> bytes:
    """The documents of one reading; the language changes nothing."""
    found = [source_of(one) for one in stored(reading)]
    try:
        return msgspec.msgpack.encode(found)
    except UnicodeEncodeError:
        return msgspec.msgpack.encode(_encodable(msgspec.to_builtins(found)))


def _encodable(value: Any) -> Any:
    """The same value with a question mark for each lone surrogate, so that offsets stay."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {key: _encodable(inner) for key, inner in value.items()}
    return [_encodable(inner) for inner in value] if isinstance(value, list | tuple) else value


def unpack(part: Part) -> list[Source]:
    """The documents that ``encode`` packed, with the name of their file."""
    return [msgspec.structs.replace(one, file=part.file) for one in msgspec.msgpack.decode(part.body, type=list[Source])]


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes the packed documents one after the other."""
    out.writelines(part.body for part in parts)
