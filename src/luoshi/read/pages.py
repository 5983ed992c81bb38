"""Page numbers that stand in the text as lines of their own."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from itertools import pairwise
from statistics import median

from luoshi.read.lines import Line

_DRESSED = re.compile(
    r"(?:[-—–―~·•*_=|\[]{1,4} ?\d{1,4} ?[-—–―~·•*_=|\]]{1,4}|第 ?\d{1,4} ?页(?:[,/ ]{0,3}共 ?\d{1,4} ?页)?"
    r"|共 ?\d{1,4} ?页[,/ ]{0,3}第 ?\d{1,4} ?页|\d{1,4} ?/ ?\d{1,4}|[Pp]age ?\d{1,4}(?: ?of ?\d{1,4})?|[Pp]\. ?\d{1,4})"
)
_LONE = re.compile(r"\d{1,4}")
#: least distance in characters between two pages
_PAGE = 300


def is_page_number(text: str, *, lone: bool) -> bool:
    """True for a page number; ``lone``: a bare number counts as one."""
    text = unicodedata.normalize("NFKC", text).strip()
    return bool(_DRESSED.fullmatch(text) or (lone and _LONE.fullmatch(text)))


def mark_page_numbers(lines: Sequence[Line]) -> None:
    """Sets the kind of lines that are page numbers: dressed ones (``- 12 -``), and lone ones that count up page by page."""
    lone: list[tuple[int, Line]] = []
    for line in lines:
        if line.end - line.start > 16 or line.kind or line.fixed:
            continue
        if _LONE.fullmatch(line.text):
            lone.append((int(line.text), line))
        elif _DRESSED.fullmatch(line.text):
            line.kind = "page_number"
    if len(lone) < 3:
        return
    pairs = list(pairwise(lone))
    rising = sum(later[0] - earlier[0] in (1, 2) for earlier, later in pairs)
    if rising * 5 >= len(pairs) * 4 and median(later[1].start - earlier[1].start for earlier, later in pairs) >= _PAGE:
        for _, line in lone:
            line.kind = "page_number"
