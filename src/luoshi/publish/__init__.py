"""Readings in, bytes out. One list names every format; nothing else is to be registered."""

from __future__ import annotations

from collections.abc import Iterable
from typing import BinaryIO, Final, Protocol

from luoshi.extract.reading import Reading
from luoshi.messages import Lang
from luoshi.publish.part import Part


class Format(Protocol):
    """An output. ``encode`` runs beside the reader, on any core; ``write`` puts the parts together in order."""

    def encode(self, reading: Reading, lang: Lang) -> bytes:
        """What one reading gives to the output."""

    def write(self, parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
        """Writes the output; ``several`` tells that there is more than one file."""


#: the formats with the endings of their files; each is a module that is a ``Format``
FORMATS: Final = {"table": ".txt", "jsonl": ".jsonl", "csv": ".csv", "xlsx": ".xlsx", "html": ".html"}


def load_format(name: str) -> Format:
    """The module of a format, loaded when it is asked for: what is not used costs no start-up time."""
    match name:
        case "jsonl":
            from luoshi.publish import jsonl

            return jsonl
        case "csv":
            from luoshi.publish import sheet

            return sheet
        case "xlsx":
            from luoshi.publish import workbook

            return workbook
        case "html":
            from luoshi.publish import page

            return page
        case "table":
            from luoshi.publish import table

            return table
        case "linkable":
            from luoshi.publish import linkable

            return linkable
    raise ValueError(name)
