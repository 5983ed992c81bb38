"""Facts as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterable
from io import TextIOWrapper
from typing import BinaryIO

import msgspec

from luoshi.extract.fact import DocumentFact, Fact, SectionFact
from luoshi.extract.reading import Reading
from luoshi.messages import Lang, Speaker
from luoshi.publish.part import Part
from luoshi.publish.wording import attributes, headline, kind_of, years_of, years_shown

_COLOURS = {"measure": "cyan", "task": "yellow", "project": "magenta", "term": "green", "section": "bold", "document": "bold white"}
_PIPE_WIDTH = 160


def encode(reading: Reading, lang: Lang) -> bytes:
    """The rows of one reading, packed: kind, place, headline, years, attributes, part."""
    say = Speaker(lang)
    return msgspec.msgpack.encode([_row(fact, reading, say) for fact in reading.facts])


def _row(fact: Fact, reading: Reading, say: Speaker) -> tuple[str, ...]:
    place = reading.text.place(fact.start)
    row = (kind_of(fact), f"{fact.start} {place}".strip(), _short(headline(fact, say)), years_shown(years_of(fact)),
           _short(" · ".join(attributes(fact, say)), 60), _part(fact, reading, say))  # fmt: skip
    return tuple(cell.encode("utf-8", "replace").decode() for cell in row)


def _part(fact: Fact, reading: Reading, say: Speaker) -> str:
    sections = reading.outline.sections
    index = fact.index if isinstance(fact, SectionFact) else -1 if isinstance(fact, DocumentFact) else fact.section
    return say.word("part", sections[index].part) if 0 <= index < len(sections) else ""


def _short(words: str, size: int = 80) -> str:
    return words if len(words) <= size else words[: size - 1] + "…"


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes a table for each file, in colour and at its width where the output is a terminal."""
    from rich.console import Console

    stream = TextIOWrapper(out, encoding="utf-8", newline="\n", write_through=True)
    console = Console(file=stream, width=None if out.isatty() else _PIPE_WIDTH, highlight=False)
    for part in parts:
        console.print(_table(part, Speaker(lang)))
    stream.detach()


def _table(part: Part, say: Speaker) -> object:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(part.file), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column(say("column.place"), justify="right", style="dim", no_wrap=True)
    table.add_column(say("column.fact"), no_wrap=True)
    table.add_column(say("column.text"), ratio=3, overflow="fold")
    table.add_column(say("column.year"), no_wrap=True)
    table.add_column(say("column.more"), ratio=2, overflow="fold")
    table.add_column(say("column.part"), no_wrap=True, style="dim")
    for kind, place, words, years, more, where in msgspec.msgpack.decode(part.body, type=list[tuple[str, str, str, str, str, str]]):
        row = [Text(place), Text(say.word("fact", kind), _COLOURS[kind]), Text(words), Text(years), Text(more), Text(where)]
        table.add_row(*row)
    return table
