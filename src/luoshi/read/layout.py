"""Characters of a page → rows of text, in reading order, and which of them run on as a paragraph."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

import msgspec

from luoshi.read.glyphs import Glyph

#: gaps in ems: a blank in Latin text, one between Chinese characters, one that parts columns
_LATIN, _HAN, _APART = 0.22, 0.6, 1.3


class Segment(msgspec.Struct, frozen=True):
    """A run of characters on one row without a wide gap."""

    x0: float
    x1: float
    text: str


class Row(msgspec.Struct, frozen=True):
    """A row of text: its box, its em in points, its segments from left to right."""

    x0: float
    y0: float
    x1: float
    y1: float
    em: float
    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        return "  ".join(segment.text for segment in self.segments)


def find_rows(glyphs: Sequence[Glyph]) -> list[Row]:
    """The rows of text from top to bottom."""
    rows: list[tuple[float, float, list[Glyph]]] = []
    for glyph in sorted(glyphs, key=lambda glyph: (glyph.y0 + glyph.y1, glyph.x0)):
        middle = (glyph.y0 + glyph.y1) / 2
        if rows:
            top, bottom, members = rows[-1]
            if top <= middle <= bottom and min(bottom, glyph.y1) - max(top, glyph.y0) >= 0.5 * min(glyph.y1 - glyph.y0, bottom - top):
                members.append(glyph)
                continue
        rows.append((glyph.y0, glyph.y1, [glyph]))
    return [_row(members) for _, _, members in rows]


def _row(members: list[Glyph]) -> Row:
    members.sort(key=lambda glyph: glyph.x0)
    wide = [glyph.x1 - glyph.x0 for glyph in members if glyph.char > "\u2e80"]
    em = median(wide) if wide else median(glyph.y1 - glyph.y0 for glyph in members) * 0.9
    em = max(em, 1.0)
    return Row(
        members[0].x0,
        min(glyph.y0 for glyph in members),
        max(glyph.x1 for glyph in members),
        max(glyph.y1 for glyph in members),
        em,
        tuple(_segments(members, em)),
    )


def _segments(members: Sequence[Glyph], em: float) -> list[Segment]:
    segments: list[Segment] = []
    text, start, end, last = "", members[0].x0, members[0].x0, ""
    for glyph in members:
        gap = glyph.x0 - end
        if text and glyph.char == last and glyph.x0 - start >= 0 and gap < -0.6 * min(em, glyph.x1 - glyph.x0):
            continue  # the same character set twice for bold
        if text and gap > _APART * em:
            segments.append(Segment(start, end, text))
            text, start = "", glyph.x0
        elif text and gap > (_LATIN if _is_latin(last) and _is_latin(glyph.char) else _HAN) * em:
            text += " "
        text, last, end = text + glyph.char, glyph.char, max(end, glyph.x1) if text else glyph.x1
    segments.append(Segment(start, end, text))
    return segments


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalpha()


def in_reading_order(rows: Sequence[Row], width: float) -> list[list[Row]]:
    """The rows as columns to be read one after the other: one list, or for a page in two columns one for each stretch of a column."""
    gutter = _gutter(rows, width)
    if gutter is None:
        return [list(rows)]
    columns: list[list[Row]] = []
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        sides = _split(row, gutter)
        if sides is None:  # goes across: ends the columns above it
            columns += [column for column in (left, right) if column]
            columns.append([row])
            left, right = [], []
            continue
        for side, column in zip(sides, (left, right), strict=True):
            if side is not None:
                column.append(side)
    return columns + [column for column in (left, right) if column]


def _gutter(rows: Sequence[Row], width: float) -> float | None:
    """Where the empty strip between two columns runs, ``None`` for a page in one column."""
    body = [row for row in rows if row.x1 - row.x0 > width * 0.25]
    if len(body) < 8:
        return None
    best: tuple[int, float] | None = None
    for step in range(35, 66):
        at = width * step / 100
        crossing = sum(any(segment.x0 < at < segment.x1 for segment in row.segments) for row in body)
        both = sum(row.x0 < at - 2 * row.em and row.x1 > at + 2 * row.em for row in body)
        if crossing * 5 <= len(body) and both * 2 >= len(body) and (best is None or crossing < best[0]):
            best = (crossing, at)
    if best is None:
        return None
    at = best[1]
    starts = [segment.x0 for row in body for segment in row.segments if segment.x0 > at]
    common = Counter(round(start / 4) for start in starts).most_common(1)
    return at if common and common[0][1] * 2 >= len(starts) else None


def _split(row: Row, at: float) -> tuple[Row | None, Row | None] | None:
    if any(segment.x0 < at - row.em and segment.x1 > at + row.em for segment in row.segments):
        return None
    sides = (
        [segment for segment in row.segments if segment.x1 <= at + row.em],
        [segment for segment in row.segments if segment.x1 > at + row.em],
    )
    left, right = (msgspec.structs.replace(row, x0=side[0].x0, x1=side[-1].x1, segments=tuple(side)) if side else None for side in sides)
    return left, right


class Margins(msgspec.Struct, frozen=True):
    """Where the rows of a column begin and end, and how far they lie apart."""

    left: float
    right: float
    leading: float


def find_margins(rows: Sequence[Row]) -> Margins:
    """The margins of a column: the commonest left edge, the right edge that full rows reach."""
    if not rows:
        return Margins(0.0, 0.0, 0.0)
    em = median(row.em for row in rows)
    counts = Counter(round(row.x0 / 3) for row in rows)
    most = counts.most_common(1)[0][1]
    left = min(edge for edge, count in counts.items() if count * 4 >= most) * 3.0
    rights = sorted(row.x1 for row in rows)
    right = rights[min(len(rights) - 1, int(len(rights) * 0.9))]
    gaps = [b.y0 - a.y0 for a, b in pairwise(rows) if 0 < b.y0 - a.y0 < 6 * em]
    return Margins(left, right, median(gaps) if gaps else em * 1.8)


def runs_on(a: Row, b: Row, margins: Margins, *, over_page: bool = False) -> bool:
    """True where row ``b`` goes on with the paragraph of row ``a``: ``a`` is full, ``b`` not indented, both set alike."""
    em = max(a.em, b.em)
    if len(a.segments) > 1 and a.x1 - a.x0 < (margins.right - margins.left) * 0.9:
        return False
    if abs(a.em - b.em) > 0.12 * em or a.x1 < margins.right - 1.6 * em:
        return False
    if b.x0 > margins.left + 1.2 * em or b.x0 > a.x0 + 0.8 * em:
        return False
    return over_page or b.y0 - a.y0 < margins.leading * 1.6


def is_one_title(a: Row, b: Row, width: float, em: float) -> bool:
    """True for two rows of a title that was broken: both in the middle of the page and set alike, larger than the text (its ``em``)."""
    centred = all(abs(row.x0 + row.x1 - width) < 3 * row.em for row in (a, b))
    return centred and a.em > 1.15 * em and abs(a.em - b.em) < 0.05 * a.em and b.y0 - a.y1 < 1.2 * a.em and a.y1 < b.y1


def join_words(a: str, b: str) -> str:
    """Two rows of one paragraph as one: a blank only between Latin words."""
    return f"{a} {b}" if a and b and _is_latin(a[-1]) and _is_latin(b[0]) else a + b
