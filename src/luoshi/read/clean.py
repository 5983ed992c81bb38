"""Source → clean text. Cleaning works on a copy that keeps its length, so that the map to the source is exact by construction.

Every step replaces characters one for one; what is to go is overwritten with ``GONE``. At the end the ``GONE`` are taken
out and each run of them is one ``Edit``. The only edit that does not come from this is the newline put behind a last line
that has none.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

import msgspec

from luoshi.read.text import Edit, Mark, Text, with_index

#: stands for a dropped character in the working copy; a noncharacter that no text may hold (where one does, it is dropped)
GONE = "\uffff"

_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_WIDTH |= {chr(code): " " for code in (0x3000, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x1680)}
_WIDTH |= {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n", "\u2f00": "一"}
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\ufff9-\ufffb]")
_ESCAPED = re.compile(r"(?:\\r)?\\n|\\r|\\t")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d?);?")
_MARKS = re.compile(r"\?{2,}")
_BREAK = re.compile("[ \t" + GONE + "]*\n[ \t\n" + GONE + "]*")
_WORD = "0-9\u3400-\u9fff\u3001-\u303f\u2014\u2018-\u201d\u2026,;:()%!?"
_HAN = "\u3400-\u9fff\u3001-\u303f\u2014\u2018-\u201d\u2026,;:()!?"
_GAP = f"[ {GONE}]* [ {GONE}]*"
#: a blank with a Chinese character or mark on one side at least
_INNER = re.compile(f"(?<=[{_HAN}]){_GAP}(?=[{_HAN}0-9A-Za-z%])|(?<=[0-9A-Za-z%.]){_GAP}(?=[{_HAN}%])|(?<=[0-9]){_GAP}(?=[.][0-9])")
#: digits set apart one by one
_DIGITS = re.compile(r"(?<![\d:/-])\d(?: \d)+(?!\d)")
_SHORT = 30
_RUN = re.compile(GONE + "+")


def clean_text(text: Text) -> Text:
    """The text with ``clean``, ``edits`` and the marks that cleaning found; its ``source`` stays as it is."""
    work = _widths(text.source)
    work, marks = _without(work, text.marks)
    work = _spelled(work)
    work = _edges(work)
    work = _joined(work)
    return _assemble(text, work, marks)


def _widths(source: str) -> str:
    """Half-width forms, plain spaces and newlines, one for one."""
    work = source
    for wide, narrow in _WIDTH.items():
        if wide in work:
            work = work.replace(wide, narrow)
    if "\r" in work:
        work = work.replace("\r\n", GONE + "\n").replace("\r", "\n")
    return _INVISIBLE.sub(GONE, work)


def _without(work: str, marks: Sequence[Mark]) -> tuple[str, tuple[Mark, ...]]:
    """The marked stretches taken out."""
    parts, at = [], 0
    for mark in marks:
        parts += [work[at:mark.start], GONE * (mark.end - mark.start)]
        at = mark.end
    return "".join([*parts, work[at:]]), tuple(marks)


def _spelled(work: str) -> str:
    """Escapes, entities and question marks in place of spaces as what they stand for."""
    if "\\" in work:
        work = _ESCAPED.sub(lambda found: GONE * (len(found[0]) - 1) + (" " if found[0] == "\\t" else "\n"), work)
    if "&" in work:
        work = _ENTITY.sub(_entity, work)
    if "??" in work:
        work = _MARKS.sub(lambda found: " " * len(found[0]), work)
    return work


def _entity(found: re.Match[str]) -> str:
    char = html.unescape(found[0])
    if len(char) != 1:
        return found[0]
    char = _WIDTH.get(char, char)
    return GONE * (len(found[0]) - 1) + ("" if _INVISIBLE.match(char) else char).rjust(1, GONE)


def _edges(work: str) -> str:
    """Lines without blanks at their edges, paragraphs with one newline between."""
    def one(found: re.Match[str]) -> str:
        return "\n" if found.end() - found.start() == 1 else "\n" + GONE * (found.end() - found.start() - 1)
    work = _BREAK.sub(one, work)
    body = work.lstrip(" \t\n" + GONE)
    return GONE * (len(work) - len(body)) + body


def _joined(work: str) -> str:
    """Blanks inside words and numbers taken out; short lines keep theirs (letterheads, names, tables)."""
    if " " not in work:
        return work
    work = _DIGITS.sub(lambda found: found[0].replace(" ", GONE), work)
    return _INNER.sub(lambda found: found[0] if _is_short(work, found) else GONE * len(found[0]), work)


def _is_short(work: str, found: re.Match[str]) -> bool:
    """True for a blank between two Chinese characters in a short line."""
    if work[found.start() - 1].isdigit() or work[found.end()].isdigit():
        return False
    line = work.rfind("\n", max(0, found.start() - _SHORT), found.start())
    if line < 0 and found.start() > _SHORT:
        return False
    end = work.find("\n", found.end(), found.end() + _SHORT)
    end = end if end >= 0 else len(work)
    return end - line <= _SHORT and work[end - 1] not in "。;!?"


def _assemble(text: Text, work: str, marks: tuple[Mark, ...]) -> Text:
    """The clean text and the edits that lead to it."""
    edits, gone = [], 0
    for found in _RUN.finditer(work):
        start, end = found.span()
        edits.append(Edit(start, end, start - gone, 0))
        gone += end - start
    clean = work.replace(GONE, "") if gone else work
    if clean and not clean.endswith("\n"):
        edits.append(Edit(len(work), len(work), len(clean), 1))
        clean += "\n"
    return with_index(msgspec.structs.replace(text, clean=clean, edits=tuple(edits), marks=marks))
