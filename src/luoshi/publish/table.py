"""Facts as a table for the terminal."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
#: control characters of a document must not reach the terminal
_CONTROLS = dict.fromkeys((*range(32), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), "�")

Row = tuple[str, str, str, str, str, str]


def encode(reading: Reading, lang: Lang) -> bytes:
    """The rows of one reading, packed."""
    return msgspec.msgpack.encode(rows(reading, reading.facts, Speaker(lang)))


def rows(reading: Reading, facts: Sequence[Fact], say: Speaker) -> list[Row]:
    """A row for each fact: kind, place, line, years, attributes, part of the document."""
    return [_row(fact, reading, say) for fact in facts]


def _row(fact: Fact, reading: Reading, say: Speaker) -> Row:
    place = reading.text.place(fact.start)
    return (
        kind_of(fact),
        harmless(f"{fact.start} {place}".strip()),
        harmless(_short(headline(fact, say))),
        years_shown(years_of(fact)),
        harmless(_short(" · ".join(attributes(fact, say)), 60)),
        _part(fact, reading, say),
    )


def harmless(words: str) -> str:
    """The words with nothing in them that a terminal would obey."""
    return words.translate(_CONTROLS)


def _part(fact: Fact, reading: Reading, say: Speaker) -> str:
    sections = reading.outline.sections
    index = fact.index if isinstance(fact, SectionFact) else -1 if isinstance(fact, DocumentFact) else fact.section
    return say.word("part", sections[index].part) if 0 <= index < len(sections) else ""


def _short(words: str, size: int = 80) -> str:
    return words if len(words) <= size else words[: size - 1] + "…"


def write(parts: Iterable[Part], out: BinaryIO, *, lang: Lang, several: bool) -> None:
    """Writes a table for each file, in colour and at its width where the output is a terminal."""
    say = Speaker(lang)
    for part in parts:
        show(part.file, msgspec.msgpack.decode(part.body, type=list[Row]), out, say)


def show(title: str, found: Iterable[Row], out: BinaryIO, say: Speaker) -> None:
    """Writes one table."""
    from rich import box
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(harmless(title)), box=box.SIMPLE_HEAD, title_justify="left", title_style="bold", pad_edge=False)
    table.add_column(say("column.start"), justify="right", style="dim", no_wrap=True)
    table.add_column(say("column.fact"), no_wrap=True)
    table.add_column(say("column.text"), ratio=3, overflow="fold")
    table.add_column(say("column.year"), no_wrap=True)
    table.add_column(say("column.more"), ratio=2, overflow="fold")
    table.add_column(say("column.part"), no_wrap=True, style="dim")
    for kind, place, words, years, more, where in found:
        table.add_row(Text(place), Text(say.word("fact", kind), _COLOURS[kind]), Text(words), Text(years), Text(more), Text(where))
    stream = TextIOWrapper(out, encoding="utf-8", newline="\n", write_through=True)
    Console(file=stream, width=None if out.isatty() else _PIPE_WIDTH, highlight=False).print(table)
    stream.detach()
