"""Builds the source of a file that is no plain text: lines, tables and notes, with where each comes from."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.read.grid import GridCell, find_header
from luoshi.read.text import Anchor, Cell, Loss, Mark, Table, Text

#: cells a table may have in all, and columns; beyond, its rest is left out and named in the losses
MAX_CELLS = 400_000
MAX_COLUMNS = 256


class Source:
    """The source while it is written, line by line; ``finish`` makes the text of it (not yet cleaned)."""

    def __init__(self, name: str, format_: str) -> None:
        self.name, self.format = name, format_
        self.losses: list[Loss] = []
        self.at = 0
        self._parts: list[str] = []
        self._anchors: list[Anchor] = []
        self._marks: list[Mark] = []
        self._tables: list[Table] = []
        self._joints: list[int] = []

    def line(self, text: str, place: str = "", kind: str = "") -> None:
        """Adds a line (or several); ``kind`` marks it as none of the document's words."""
        if not text.strip():
            return
        self._anchor(place)
        if kind:
            self._marks.append(Mark(self.at, self.at + len(text), kind))
        self._add(text + "\n")

    def join(self) -> None:
        """Tells that the next line goes on with the one before."""
        self._joints.append(self.at)

    def lose(self, place: str, what: str) -> None:
        """Notes something that could not be read."""
        self.losses.append(Loss(place, what, self.at))

    def table(self, cells: Sequence[GridCell], place: str = "") -> None:
        """Adds a table: one line a row (more where a cell holds several lines), the columns parted by tabs."""
        cells = sorted((cell for cell in cells if cell.column < MAX_COLUMNS), key=lambda cell: (cell.row, cell.column))
        if len(cells) > MAX_CELLS:
            self.lose(place, f"表格超过 {MAX_CELLS} 格，其余未读")
            del cells[MAX_CELLS:]
        if not any(cell.text.strip() for cell in cells):
            return
        start, rows = self.at, cells[-1].row + 1
        placed: list[Cell] = []
        row = column = 0
        for index, cell in enumerate(cells):
            if index and cell.row > row:
                self._add("\n")
                column = 0
            row = cell.row
            self._add("\t" * (cell.column - column))
            column = cell.column
            placed.append(
                Cell(row, column, self.at, self.at + len(cell.text), min(cell.rows, rows - row), min(cell.columns, MAX_COLUMNS - column))
            )
            self._add(cell.text)
        end = self.at
        self._add("\n")
        header, header_rows = find_header(cells)
        self._tables.append(Table(start, end, tuple(placed), header, header_rows, place))

    def finish(self, *, encoding: str = "") -> Text:
        """The text, not yet cleaned."""
        return Text(
            name=self.name,
            format=self.format,
            source="".join(self._parts),
            clean="",
            marks=tuple(self._marks),
            anchors=tuple(self._anchors),
            tables=tuple(self._tables),
            losses=tuple(self.losses),
            encoding=encoding,
            joints=tuple(self._joints),
        )

    def _add(self, text: str) -> None:
        self._parts.append(text)
        self.at += len(text)

    def _anchor(self, place: str) -> None:
        if place and (not self._anchors or self._anchors[-1].place != place):
            self._anchors.append(Anchor(self.at, place))
