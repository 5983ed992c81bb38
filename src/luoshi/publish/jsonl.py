"""Facts as JSON Lines: one object a line, UTF-8, keys that do not apply left out."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import BinaryIO

import msgspec

from luoshi.extract.fact import Fact
from luoshi.extract.reading import Reading
from luoshi.messages import Lang
from luoshi.publish.part import Part

_ENCODER = msgspec.json.Encoder()


def encode(reading: Reading, lang: Lang) -> bytes:
    """The lines of one reading, each closed by a line feed; the language changes nothing."""
    return encode_facts(reading.facts)


def encode_facts(facts: Iterable[Fact]) -> bytes:
    """The lines of these facts. Code points that UTF-8 cannot hold (lone surrogates) are written as ``\\uXXXX``."""
    try:
        return _ENCODER.encode_lines(facts)
    except UnicodeEncodeError:
        return b"".join(json.dumps(msgspec.to_builtins(fact)).encode("ascii") + b"\n" for fact in facts)


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes the lines; where there are several files each record begins with the key ``file``."""
    for part in parts:
        if several:
            key = b'{"file":' + _ENCODER.encode(part.file) + b","
            out.writelines(key + line[1:] for line in part.body.splitlines(keepends=True))
        else:
            out.write(part.body)
