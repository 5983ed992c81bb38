"""Facts as a table for the terminal, in columns that fit its width; Chinese characters take two."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO, Final
from unicodedata import combining, east_asian_width

import msgspec

from luoshi.extract.fact import DocumentFact, Fact, SectionFact
from luoshi.extract.reading import Reading
from luoshi.messages import Lang, Speaker
from luoshi.publish.part import Part
from luoshi.publish.wording import attributes, headline, kind_of, years_of, years_shown

_COLOURS: Final = {"measure": "36", "task": "33", "project": "35", "term": "32", "section": "1", "document": "1;4"}
_PIPE_WIDTH: Final = 160
_GAP: Final = "  "
#: control characters of a document must not reach the terminal, nor marks that turn the direction of text
_CONTROLS: Final = dict.fromkeys(
    (*range(32), *range(0x7F, 0xA0), 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000)), "�"
)

#: kind, place, line, years, attributes, part of the document
Row = tuple[str, str, str, str, str, str]


def encode(reading: Reading, lang: Lang) -> bytes:
    """The rows of one reading, packed."""
    return msgspec.msgpack.encode(rows(reading, reading.facts, Speaker(lang)))


def rows(reading: Reading, facts: Sequence[Fact], say: Speaker) -> list[Row]:
    """A row for each fact, in order."""
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


def show(title: str, found: Sequence[Row], out: BinaryIO, say: Speaker) -> None:
    """Writes one table under its title."""
    terminal = out.isatty()
    colour = terminal and "NO_COLOR" not in os.environ
    heads = [say(f"column.{name}") for name in ("start", "fact", "text", "year", "more", "part")]
    lines = [(place, say.word("fact", kind), words, years, more, where) for kind, place, words, years, more, where in found]
    widths = _widths(heads, lines, shutil.get_terminal_size().columns if terminal else _PIPE_WIDTH)
    rule = "─" * (sum(widths) + len(_GAP) * (len(widths) - 1))
    styles = [_COLOURS[kind] if colour else "" for kind, *_ in found]
    text = [_styled(harmless(title), "1" if colour else ""), *_laid(heads, widths, ""), rule]
    for line, style in zip(lines, styles, strict=True):
        text.extend(_laid(line, widths, style))
    out.write(("\n".join((*text, "", ""))).encode("utf-8", "replace"))


def _widths(heads: Sequence[str], lines: Sequence[Sequence[str]], width: int) -> list[int]:
    """The width of each column: what it needs, and for the two of running words what is left, three parts to two."""
    widths = [max([shown_width(head), *(shown_width(line[at]) for line in lines)]) for at, head in enumerate(heads)]
    spare = max(30, width - sum(widths[at] for at in (0, 1, 3, 5)) - len(_GAP) * (len(widths) - 1))
    if widths[2] + widths[4] > spare:
        second = max(min(widths[4], spare - widths[2]), spare * 2 // 5)
        widths[2], widths[4] = spare - min(second, widths[4]), min(second, widths[4])
    return widths


def shown_width(words: str) -> int:
    """How many columns of a terminal the words take.

    >>> shown_width("公园3个")
    7
    """
    if words.isascii():
        return len(words)
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in words)


def _laid(cells: Sequence[str], widths: Sequence[int], style: str) -> Iterator[str]:
    """The lines of one row: each cell broken at its width, the first column to the right, the second in its colour."""
    broken = [list(_broken(cell, width)) for cell, width in zip(cells, widths, strict=True)]
    for at in range(max(len(lines) for lines in broken)):
        pieces = [lines[at] if at < len(lines) else "" for lines in broken]
        padded = [piece + " " * (width - shown_width(piece)) for piece, width in zip(pieces, widths, strict=True)]
        padded[0] = " " * (widths[0] - shown_width(pieces[0])) + pieces[0]
        padded[1] = _styled(padded[1], style)
        yield _GAP.join(padded).rstrip()


def _styled(words: str, style: str) -> str:
    return f"\x1b[{style}m{words}\x1b[0m" if style else words


def _broken(words: str, width: int) -> Iterator[str]:
    """The words in pieces of at most this width."""
    if shown_width(words) <= width:
        yield words
        return
    start, taken = 0, 0
    for at, char in enumerate(words):
        size = shown_width(char)
        if taken + size > width and at > start:
            yield words[start:at]
            start, taken = at, 0
        taken += size
    yield words[start:]
