"""What stands on the pages of a pdf: characters with their boxes, and ruled lines. Wraps pypdfium2.

Coordinates: points from the left and from the top of the page as it is seen (a turned page is turned back).
"""

from __future__ import annotations

import ctypes
import math
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import msgspec
import pypdfium2 as pdfium
import pypdfium2.raw as api

from luoshi.errors import UnreadableFile
from luoshi.read.bombs import refuse_bomb

#: bounds on one file; beyond, the rest is named in the losses
MAX_PAGES = 3000
MAX_GLYPHS = 3_000_000
_MAX_RULES = 20_000
_NOTHING = frozenset((0xA0, 0x3000, 0xFFFE, 0xFFFF))
_THIN = 3.0
_LONG = 8.0
_FAR = 1e5


class Glyph(msgspec.Struct, frozen=True, gc=False):
    """A character and its box: ``x0``–``x1`` from the left, ``y0``–``y1`` from the top."""

    x0: float
    y0: float
    x1: float
    y1: float
    char: str


class Rule(msgspec.Struct, frozen=True, gc=False):
    """A ruled line: across (``y0 == y1``) or down (``x0 == x1``)."""

    x0: float
    y0: float
    x1: float
    y1: float


class Sheet(msgspec.Struct, frozen=True):
    """One page: its size, characters in no order, ruled lines; ``turned`` counts characters set at an angle (left out)."""

    number: int
    width: float
    height: float
    glyphs: list[Glyph]
    rules: list[Rule]
    pictures: int
    turned: int


def open_pdf(data: bytes, name: str) -> Any:
    """The opened document; raises ``UnreadableFile`` for an encrypted, damaged or hostile one."""
    refuse_bomb(data, name)
    try:
        return pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        if "password" in str(error).lower() or "security" in str(error).lower():
            raise UnreadableFile("pdf 有打开密码", where=name, slug="encrypted", remedy="请输入密码打开，去掉密码另存后再读") from error
        raise UnreadableFile(
            "pdf 已损坏，结构不完整", where=name, slug="damaged", remedy="请重新下载，或用阅读器打开后另存一份再读"
        ) from error


def read_sheets(document: Any) -> Iterator[Sheet | int]:
    """Each page in order; a page that cannot be read, or that lies beyond the bounds, comes as its number alone."""
    left = MAX_GLYPHS
    for number in range(1, len(document) + 1):
        if number > MAX_PAGES or left <= 0:
            yield number
            continue
        try:
            sheet = _sheet(document, number)
        except (pdfium.PdfiumError, OSError, ValueError, ArithmeticError):
            yield number
            continue
        left -= len(sheet.glyphs)
        yield sheet


def _sheet(document: Any, number: int) -> Sheet:
    page = document[number - 1]
    try:
        width, height = page.get_width(), page.get_height()
        turn = page.get_rotation() % 360
        text = page.get_textpage()
        try:
            glyphs, turned = _glyphs(text, _to_view(turn, width, height), math.radians(turn))
        finally:
            text.close()
        rules, pictures = _objects(page, _to_view(turn, width, height))
        return Sheet(number, width, height, glyphs, rules, pictures, turned)
    finally:
        page.close()


def _to_view(turn: int, width: float, height: float) -> Any:
    """Maps a point of the page's own space (from the bottom) to the page as seen (from the top)."""
    if turn == 90:
        return lambda x, y: (y, x)
    if turn == 180:
        return lambda x, y: (width - x, y)
    if turn == 270:
        return lambda x, y: (width - y, height - x)
    return lambda x, y: (x, height - y)


def _glyphs(text: Any, view: Any, turn: float) -> tuple[list[Glyph], int]:
    """The characters of a page that are set upright; how many are not."""
    raw, box, glyphs, turned = text.raw, api.FS_RECTF(), [], 0
    unicode_of, box_of, is_generated, angle_of = (
        api.FPDFText_GetUnicode,
        api.FPDFText_GetLooseCharBox,
        api.FPDFText_IsGenerated,
        api.FPDFText_GetCharAngle,
    )
    where, sin = ctypes.byref(box), math.sin
    for index in range(min(text.count_chars(), MAX_GLYPHS)):
        code = unicode_of(raw, index)
        if code <= 0x20 or code in _NOTHING or 0xD800 <= code <= 0xDFFF or code > 0x10FFFF:
            continue
        if is_generated(raw, index) == 1 or not box_of(raw, index, where):
            continue
        if abs(sin(angle_of(raw, index) + turn)) > 0.05:
            turned += 1
            continue
        (x0, y0), (x1, y1) = view(box.left, box.top), view(box.right, box.bottom)
        if x1 < x0:
            x0, x1 = x1, x0
        if y1 < y0:
            y0, y1 = y1, y0
        if -_FAR < x0 < x1 < _FAR and -_FAR < y0 < y1 < _FAR:  # false for what is no number, too
            glyphs.append(Glyph(x0, y0, x1, y1, chr(code)))
    return glyphs, turned


def _objects(page: Any, view: Any) -> tuple[list[Rule], int]:
    """The ruled lines of a page, and how many pictures it has."""
    rules: list[Rule] = []
    pictures = 0
    for item in page.get_objects(max_depth=4):
        if item.type == api.FPDF_PAGEOBJ_IMAGE:
            pictures += 1
        elif item.type == api.FPDF_PAGEOBJ_PATH and len(rules) < _MAX_RULES:
            rules += _path_rules(item, view)
    return rules, pictures


def _path_rules(item: Any, view: Any) -> Iterator[Rule]:
    """The straight lines across and down of a path; a thin filled box is a line."""
    matrix = item.get_matrix()
    x, y = ctypes.c_float(), ctypes.c_float()
    points: list[tuple[float, float]] = []
    strokes: list[list[tuple[float, float]]] = []
    for index in range(min(api.FPDFPath_CountSegments(item.raw), 4000)):
        segment = api.FPDFPath_GetPathSegment(item.raw, index)
        api.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        kind = api.FPDFPathSegment_GetType(segment)
        if kind == api.FPDF_SEGMENT_MOVETO or not points:
            points = []
            strokes.append(points)
        points.append(view(*matrix.on_point(x.value, y.value)))
        if api.FPDFPathSegment_GetClose(segment):
            points.append(points[0])
    for stroke in strokes:
        yield from _stroke_rules(stroke)


def _stroke_rules(points: list[tuple[float, float]]) -> Iterator[Rule]:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    width, height = max(xs) - min(xs), max(ys) - min(ys)
    if height <= _THIN and width >= _LONG:
        middle = (max(ys) + min(ys)) / 2
        yield Rule(min(xs), middle, max(xs), middle)
    elif width <= _THIN and height >= _LONG:
        middle = (max(xs) + min(xs)) / 2
        yield Rule(middle, min(ys), middle, max(ys))
    else:
        for (ax, ay), (bx, by) in pairwise(points):
            if abs(ay - by) <= 1 and abs(ax - bx) >= _LONG:
                yield Rule(min(ax, bx), (ay + by) / 2, max(ax, bx), (ay + by) / 2)
            elif abs(ax - bx) <= 1 and abs(ay - by) >= _LONG:
                yield Rule((ax + bx) / 2, min(ay, by), (ax + bx) / 2, max(ay, by))


def is_garbled(glyphs: list[Glyph]) -> bool:
    """True where a third of the characters at least have no code: the font does not tell what they are."""
    codes = Counter("\ue000" <= glyph.char <= "\uf8ff" or glyph.char == "\ufffd" for glyph in glyphs)
    return codes[True] * 3 > len(glyphs) > 0
