"""Text: what reading a file yields. The source, the clean text made from it, and the exact map between the two."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import overload

import msgspec

from luoshi.span import Quote, Span


class Edit(msgspec.Struct, frozen=True, gc=False):
    """One edit of cleaning: ``source[start:end]`` became ``clean[at:at + size]`` (``size`` 0: it was dropped)."""

    start: int
    end: int
    at: int
    size: int


class Edits(Sequence[Edit]):
    """The edits of a text in order, kept as four rows of numbers: a text that was spaced out has millions of them.

    >>> edits = Edits()
    >>> edits.add(3, 5, 3, 0)
    >>> list(edits)
    [Edit(start=3, end=5, at=3, size=0)]
    """

    __slots__ = ("ats", "ends", "sizes", "starts")

    def __init__(self) -> None:
        self.starts, self.ends, self.ats, self.sizes = array("q"), array("q"), array("q"), array("b")

    def add(self, start: int, end: int, at: int, size: int) -> None:
        """Puts an edit behind the others."""
        self.starts.append(start)
        self.ends.append(end)
        self.ats.append(at)
        self.sizes.append(size)

    def __len__(self) -> int:
        return len(self.starts)

    def __bool__(self) -> bool:
        return bool(self.starts)

    @overload
    def __getitem__(self, index: int) -> Edit: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Edit, ...]: ...
    def __getitem__(self, index: int | slice) -> Edit | tuple[Edit, ...]:
        if isinstance(index, slice):
            return tuple(self[at] for at in range(*index.indices(len(self))))
        return Edit(self.starts[index], self.ends[index], self.ats[index], self.sizes[index])

    def __iter__(self) -> Iterator[Edit]:
        return map(Edit, self.starts, self.ends, self.ats, self.sizes)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and len(self) == len(other) and all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash((len(self), self.starts[-1] if self else 0))

    def __repr__(self) -> str:
        return f"Edits({len(self)})"


class Mark(msgspec.Struct, frozen=True, gc=False):
    """A stretch of the source that is no part of the document's own words, and why it is left out of the clean text.

    ``kind``: ``navigation`` ``furniture`` ``page_number`` ``header`` ``footer`` ``licence`` ``metadata``.
    Nothing is deleted: the words stay in the source.
    """

    start: int
    end: int
    kind: str


class Anchor(msgspec.Struct, frozen=True, gc=False):
    """Where in the file the source from ``start`` on comes from: ``place`` such as ``第3页``, ``第12段``, ``表1 第4行 第2列``."""

    start: int
    place: str


class Cell(msgspec.Struct, frozen=True, gc=False):
    """One cell of a table: 0-based ``row`` and ``column`` (with ``rows``/``columns`` it covers), span in the source."""

    row: int
    column: int
    start: int
    end: int
    rows: int = 1
    columns: int = 1


class Table(msgspec.Struct, frozen=True):
    """A table of the file; ``start``/``end`` cover its cells' text in the source, cells in reading order."""

    start: int
    end: int
    cells: tuple[Cell, ...]
    #: for each column what stands in it, told by the words of the header: ``number`` ``task`` ``content`` ``lead`` ``support`` ``unit``
    #: ``leader`` ``deadline`` ``measure`` ``note``, ``""`` where they do not tell; empty where no header was found
    header: tuple[str, ...] = ()
    #: rows down to the header's last, those above it (a title) included
    header_rows: int = 0
    #: what places in it are called by: ``表1``, ``工作表“分工”``
    place: str = ""


class Loss(msgspec.Struct, frozen=True):
    """Something that the reader could not give or left out, with where and why (a page without text, a picture …)."""

    place: str
    what: str
    start: int = 0


class Text(msgspec.Struct, frozen=True):
    """The text of one file.

    ``source`` is what every published offset refers to: for plain text the decoded text as given (a byte order mark is no part of it,
    CR LF is), else what ``luoshi text`` prints.
    ``clean`` is what the later stages read: full-width forms made half-width (``，；：`` too), spaces inside words and numbers
    dropped, lines broken in mid-sentence joined, furniture left out; paragraphs end in ``\\n``. ``edits`` are the places, in order,
    where its length differs from the source's; between edits the two run in step.
    """

    name: str
    format: str
    source: str
    clean: str
    edits: Edits = msgspec.field(default_factory=Edits)
    marks: tuple[Mark, ...] = ()
    anchors: tuple[Anchor, ...] = ()
    tables: tuple[Table, ...] = ()
    losses: tuple[Loss, ...] = ()
    encoding: str = ""
    #: source offsets of lines that go on with the line before, beyond what the words alone tell (over the end of a page)
    joints: tuple[int, ...] = ()
    #: clean offset of each edit's end, then the source offset there; made by ``with_index``
    _ats: array[int] = msgspec.field(default_factory=lambda: array("q"))
    _shifts: array[int] = msgspec.field(default_factory=lambda: array("q"))

    def place(self, start: int) -> str:
        """The place in the file of a source offset, ``""`` where the format has none (plain text)."""
        at = bisect_right(self.tables, start, key=lambda table: table.start) - 1
        if at >= 0 and start < self.tables[at].end:
            table = self.tables[at]
            cell = table.cells[max(0, bisect_right(table.cells, start, key=lambda cell: cell.start) - 1)]
            return f"{table.place} 第{cell.row + 1}行 第{cell.column + 1}列".strip()
        at = bisect_right(self.anchors, start, key=lambda anchor: anchor.start) - 1
        return self.anchors[at].place if at >= 0 else ""

    def to_source(self, start: int, end: int) -> Span:
        """The source span of a clean span; drops at its edges stay outside, drops within it stay inside.

        A span that ends with a replaced character (``&ldquo;`` → ``“``) ends behind the whole of what was replaced.
        """
        if not self._ats:
            return Span(start, end)
        ats, shifts = self._ats, self._shifts
        first = start + shifts[bisect_right(ats, start)]
        if end <= start:
            return Span(first, first)
        at = bisect_left(ats, end)
        if at < len(ats) and ats[at] == end and self.edits.sizes[at]:
            return Span(first, self.edits.ends[at])
        return Span(first, end + shifts[at])

    def to_clean(self, start: int, end: int) -> Span:
        """The clean span of a source span: what is left of it in the clean text (empty where all of it was dropped)."""
        return Span(self._clean_at(start), max(self._clean_at(start), self._clean_at(end)))

    def _clean_at(self, offset: int) -> int:
        """How many characters of the clean text stand before a source offset."""
        at = bisect_right(self.edits.starts, offset) - 1
        if at < 0:
            return offset
        edit = self.edits[at]
        return edit.at if offset <= edit.start else edit.at + edit.size + max(0, offset - edit.end)

    def quote(self, start: int, end: int) -> Quote:
        """The source's own words for a clean span."""
        span = self.to_source(start, end)
        return Quote(span.start, span.end, self.source[span.start : span.end])


def with_index(text: Text) -> Text:
    """The same text with its offset index made from ``edits``.

    ``_shifts[i]`` is what to add to a clean offset that lies after edit ``i - 1`` and before edit ``i``. A clean offset
    inside an edit's own ``size`` counts as before the edit's end: it maps to the edit's start plus its distance.
    """
    edits = text.edits
    ats, shifts = array("q"), array("q", [0])
    for end, at, size in zip(edits.ends, edits.ats, edits.sizes, strict=True):
        ats.append(at + size)
        shifts.append(end - at - size)
    return msgspec.structs.replace(text, _ats=ats, _shifts=shifts)
