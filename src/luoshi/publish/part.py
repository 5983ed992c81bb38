"""Part: what one file gives to an output. Made beside the reader, on any core; put together in order by one writer."""

from __future__ import annotations

import msgspec


class Part(msgspec.Struct, frozen=True):
    """``body`` is the encoded piece for one file; its form is the affair of the output's own module."""

    file: str
    body: bytes
