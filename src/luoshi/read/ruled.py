"""Tables on the pages of a pdf: by their ruled lines, or by text that stands in columns under a header."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from luoshi.read.glyphs import Glyph, Rule
from luoshi.read.grid import GridCell, column_role
from luoshi.read.layout import Row, find_rows, join_words

_NEAR = 3.0
_MOST_LINES = 1200


class PageTable(msgspec.Struct, frozen=True):
    """A table on one page: its box, its cells, the left edges of its columns."""

    x0: float
    y0: float
    x1: float
    y1: float
    cells: tuple[GridCell, ...]
    edges: tuple[float, ...]


def find_ruled(glyphs: Sequence[Glyph], rules: Sequence[Rule]) -> list[PageTable]:
    """The tables drawn with lines, from top to bottom."""
    tables = []
    for group in _groups(rules):
        xs = _merged([rule.x0 for rule in group if rule.x0 == rule.x1])
        ys = _merged([rule.y0 for rule in group if rule.y0 == rule.y1])
        if len(xs) < 3 or len(ys) < 2 or len(xs) * len(ys) > 40_000:
            continue
        inside = [
            glyph for glyph in glyphs if xs[0] - _NEAR < _mid_x(glyph) < xs[-1] + _NEAR and ys[0] - _NEAR < _mid_y(glyph) < ys[-1] + _NEAR
        ]
        if inside:
            tables.append(_ruled_table(inside, group, xs, ys))
    return sorted(tables, key=lambda table: table.y0)


def _mid_x(glyph: Glyph) -> float:
    return (glyph.x0 + glyph.x1) / 2


def _mid_y(glyph: Glyph) -> float:
    return (glyph.y0 + glyph.y1) / 2


def _groups(rules: Sequence[Rule]) -> list[list[Rule]]:
    """The lines that touch each other, group by group."""
    lines = sorted(set(rules), key=lambda rule: rule.y0)[:_MOST_LINES]
    parent = list(range(len(lines)))

    def root(index: int) -> int:
        while parent[index] != index:
            parent[index] = parent[parent[index]]
            index = parent[index]
        return index

    for index, a in enumerate(lines):
        for other in range(index + 1, len(lines)):
            b = lines[other]
            if b.y0 > a.y1 + _NEAR:
                break
            if a.x0 - _NEAR <= b.x1 and b.x0 - _NEAR <= a.x1:
                parent[root(other)] = root(index)
    groups: dict[int, list[Rule]] = {}
    for index, line in enumerate(lines):
        groups.setdefault(root(index), []).append(line)
    return list(groups.values())


def _merged(values: Sequence[float]) -> list[float]:
    """Distinct positions: those nearer than ``_NEAR`` are one."""
    merged: list[float] = []
    for value in sorted(values):
        if not merged or value - merged[-1] > _NEAR:
            merged.append(value)
    return merged


def _ruled_table(glyphs: Sequence[Glyph], rules: Sequence[Rule], xs: Sequence[float], ys: Sequence[float]) -> PageTable:
    downs = [rule for rule in rules if rule.x0 == rule.x1]
    acrosses = [rule for rule in rules if rule.y0 == rule.y1]

    def wall(row: int, column: int) -> bool:
        """A line stands between ``column`` and the next."""
        middle = (ys[row] + ys[row + 1]) / 2
        return any(abs(rule.x0 - xs[column + 1]) <= _NEAR and rule.y0 - _NEAR <= middle <= rule.y1 + _NEAR for rule in downs)

    def floor(row: int, column: int) -> bool:
        """A line lies between ``row`` and the next."""
        middle = (xs[column] + xs[column + 1]) / 2
        return any(abs(rule.y0 - ys[row + 1]) <= _NEAR and rule.x0 - _NEAR <= middle <= rule.x1 + _NEAR for rule in acrosses)

    owner: dict[tuple[int, int], tuple[int, int]] = {}
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            if (row, column) in owner:
                continue
            right = column
            while right + 2 < len(xs) and not wall(row, right) and (row, right + 1) not in owner:
                right += 1
            bottom = row
            while bottom + 2 < len(ys) and not any(floor(bottom, at) for at in range(column, right + 1)):
                bottom += 1
            spans[row, column] = (bottom - row + 1, right - column + 1)
            for covered in range(row, bottom + 1):
                for at in range(column, right + 1):
                    owner[covered, at] = (row, column)
    content: dict[tuple[int, int], list[Glyph]] = {}
    for glyph in glyphs:
        place = (_index(ys, _mid_y(glyph)), _index(xs, _mid_x(glyph)))
        content.setdefault(owner[place], []).append(glyph)
    cells = [
        GridCell(row, column, _cell_text(content.get((row, column), ()), xs[column + spans[row, column][1]]), *spans[row, column])
        for row, column in spans
    ]
    return PageTable(xs[0], ys[0], xs[-1], ys[-1], tuple(cells), tuple(xs))


def _index(edges: Sequence[float], value: float) -> int:
    return max(0, min(len(edges) - 2, sum(edge <= value for edge in edges) - 1))


def _cell_text(glyphs: Sequence[Glyph], right: float) -> str:
    """The words of a cell; rows that reach its right edge run on."""
    text, before = "", None
    for row in find_rows(glyphs):
        full = before is not None and before.x1 > right - 1.9 * before.em
        text = join_words(text, row.text) if full else f"{text}\n{row.text}" if text else row.text
        before = row
    return text


def find_aligned(rows: Sequence[Row]) -> list[tuple[int, int, PageTable]]:
    """Tables without lines: rows under one with header words, as first and past-last row index and the table."""
    found = []
    at = 0
    while at < len(rows):
        if len(rows[at].segments) >= 3 and sum(bool(column_role(segment.text)) for segment in rows[at].segments) >= 2:
            end = _aligned_end(rows, at)
            if end - at >= 3:
                found.append((at, end, _aligned_table(rows[at:end])))
                at = end
                continue
        at += 1
    return found


def _aligned_end(rows: Sequence[Row], start: int) -> int:
    edges = _column_edges(rows[start])
    for index in range(start + 1, len(rows)):
        row, above = rows[index], rows[index - 1]
        crosses = any(sum(segment.x0 < edge - row.em and segment.x1 > edge + row.em for edge in edges[1:-1]) for segment in row.segments)
        if crosses or row.y0 - above.y1 > 3 * row.em:
            return index
    return len(rows)


def _column_edges(header: Row) -> list[float]:
    """The borders of the columns: half-way between the words of the header."""
    middles = [(a.x1 + b.x0) / 2 for a, b in pairwise(header.segments)]
    return [header.x0 - 1000.0, *middles, header.x1 + 1000.0]


def _aligned_table(rows: Sequence[Row]) -> PageTable:
    edges = _column_edges(rows[0])
    texts: list[list[str]] = []
    for index, row in enumerate(rows):
        columns = [""] * (len(edges) - 1)
        for segment in row.segments:
            at = _index(edges, (segment.x0 + segment.x1) / 2)
            columns[at] = join_words(columns[at], segment.text)
        if index < 2 or columns[0]:
            texts.append(columns)
        else:
            texts[-1] = [join_words(above, below) for above, below in zip(texts[-1], columns, strict=True)]
    cells = tuple(GridCell(row, column, text) for row, columns in enumerate(texts) for column, text in enumerate(columns) if text)
    return PageTable(rows[0].x0, rows[0].y0, max(row.x1 for row in rows), rows[-1].y1, cells, tuple(edges))
