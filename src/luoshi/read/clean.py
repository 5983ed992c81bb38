"""Source → clean text. Cleaning works on a copy that keeps its length, so that the map to the source is exact by construction.

Every step replaces characters one for one; what is to go is overwritten with ``GONE``. At the end the ``GONE`` are taken
out and each run of them is one ``Edit``. The only edit that does not come from this is the newline put behind a last line
that has none.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from luoshi.read.furniture import mark_furniture
from luoshi.read.lines import GONE, Line, find_joins, split_lines
from luoshi.read.pages import mark_page_numbers
from luoshi.read.text import Edits, Loss, Mark, Text, with_index

_WIDTH = {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_WIDTH |= {chr(code): " " for code in (0x3000, 0xA0, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x1680)}
_WIDTH |= {"\u2028": "\n", "\u2029": "\n", "\x85": "\n", "\x0b": "\n", "\x0c": "\n"}
_WIDE = re.compile(f"[{''.join(map(re.escape, _WIDTH))}]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\x00-\x08\x0e-\x1f\x7f\ufff9-\ufffb]")
#: radicals that pdf fonts put in place of the characters they look like
_RADICAL = re.compile("[\u2e80-\u2fd5\uf900-\ufaff]")
_ODD = re.compile(f"{_INVISIBLE.pattern}|{_RADICAL.pattern}")
_ESCAPED = re.compile(r"(?:\\r)?\\n|\\[rt](?![A-Za-z])|\\(?=[\"'“”])")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z]{2,8}\d?);?")
#: a numbered heading that only a blank parts from its paragraph
_RUN_IN = re.compile(
    r"(?m)^( {0,8}(?:[一二三四五六七八九十]{1,3}、|\([一二三四五六七八九十]{1,3}\))[^ 。;!?\n]{6,40}[\u4e00-\u9fff”\"]) (?=[\u4e00-\u9fff“][^\n]{40})"
)
_MARKS = re.compile(r"\?{2,}")
_ASKS = frozenset("吗呢么何谁哪几")
_HAN = re.compile("[\u3400-\u9fff\u3001-\u303f\u2014\u2018-\u201d\u2026,;:()!?]")
_BLANKS = re.compile(f" [ {GONE}]*")
#: digits set apart one by one
_DIGITS = re.compile(r"(?<![\d:/-])\d(?: \d)+(?!\d)")
_APART = re.compile(r"\d \d")
_SHORT = 30
#: a text of more lines is no document; its lines are neither joined nor judged
_MOST_LINES = 150_000
_TOO_MANY = Loss("全文", f"超过 {_MOST_LINES} 行，未合并断行、未识别网页杂项")
_BREAK = re.compile(f"[ \\t{GONE}]*+\n[ \\t\n{GONE}]*+")
_RUN = re.compile(GONE + "+")


def clean_text(text: Text) -> Text:
    """The text with ``clean``, ``edits`` and the marks that cleaning found; its ``source`` stays as it is.

    Marks that ``text`` has already are kept and left out too; lines inside its tables are neither joined nor marked.
    """
    work = _spelled(_widths(text.source), text.source)
    work, entities = _entities(work)
    if work.count("\n") > _MOST_LINES and not text.marks:
        return _assemble(msgspec.structs.replace(text, losses=(*text.losses, _TOO_MANY)), _joined(_edges(work)), (), entities)
    lines = split_lines(work)
    _apply_marks(lines, text)
    mark_page_numbers(lines)
    mark_furniture(lines)
    work = _laid(work, lines)
    return _assemble(text, _joined(work), _marks(lines), entities)


def _widths(source: str) -> str:
    """Half-width forms, plain spaces and newlines, one for one."""
    work = source
    for wide in set(_WIDE.findall(source)):
        work = work.replace(wide, _WIDTH[wide])
    if "\r" in work:
        work = work.replace("\r\n", GONE + "\n").replace("\r", "\n")
    if _ODD.search(work):
        work = _INVISIBLE.sub(GONE, _RADICAL.sub(_plain_radical, work))
    return work


def _plain_radical(found: re.Match[str]) -> str:
    plain = unicodedata.normalize("NFKC", found[0])
    return plain if len(plain) == 1 else found[0]


def _spelled(work: str, source: str) -> str:
    """Escapes and question marks in place of spaces as what they stand for."""
    if "\\" in work:
        work = _ESCAPED.sub(_escape, work)
    if "??" in work:
        work = _MARKS.sub(lambda found: _question(found, source), work)
    return _RUN_IN.sub("\\1\n", work) if " " in work else work


def _escape(found: re.Match[str]) -> str:
    if found[0] == "\\":
        return GONE
    return GONE * (len(found[0]) - 1) + (" " if found[0] == "\\t" else "\n")


def _question(found: re.Match[str], source: str) -> str:
    """Blanks for question marks that a lost encoding put there; real ones (full-width, or behind a question) stay."""
    start, end = found.span()
    asked = source[start] == "？" or (start > 0 and source[start - 1] in _ASKS)
    return found[0] if asked else " " * (end - start)


def _entities(work: str) -> tuple[str, dict[int, int]]:
    """Entities as their character, and where each began and ended."""
    found_at: dict[int, int] = {}
    if "&" not in work:
        return work, found_at
    from html import unescape  # its table takes a while to load

    def one(found: re.Match[str]) -> str:
        char = unescape(found[0])
        if len(char) != 1 or found[0] == char:
            return found[0]
        # a reference to a carriage return stands for the end of a line, as the character itself does
        char = "\n" if char == "\r" else _WIDTH.get(char, char)
        if _INVISIBLE.match(char):
            return GONE * len(found[0])
        found_at[found.start()] = found.end()
        return char.ljust(len(found[0]), GONE)

    return _ENTITY.sub(one, work), found_at


def _apply_marks(lines: Sequence[Line], text: Text) -> None:
    """Gives lines the kind of the mark that they lie in, and fixes those inside tables."""
    for marks in (text.marks, text.tables):
        at = 0
        for mark in marks:
            while at < len(lines) and lines[at].end <= mark.start:
                at += 1
            while at < len(lines) and lines[at].start < mark.end:
                if isinstance(mark, Mark):
                    lines[at].kind = mark.kind
                else:
                    lines[at].fixed = True
                at += 1
    at = 0
    for joint in text.joints:
        while at < len(lines) and lines[at].end <= joint:
            at += 1
        if at < len(lines):
            lines[at].joint = True


def _laid(work: str, lines: Sequence[Line]) -> str:
    """Every line without blanks at its edges, one newline between paragraphs, none where a line runs on, marked lines gone."""
    joins = find_joins(lines)
    parts, at, glue = [], 0, ""
    for line, join in zip(lines, joins, strict=True):
        if line.kind:
            continue
        if glue:
            latin = glue.isascii() and glue.isalnum() and line.text[0].isascii() and line.text[0].isalpha()
            glue = "\n" if not join else " " if latin else ""
        parts += [glue, GONE * (line.start - at - len(glue)), line.text]
        at, glue = line.end, line.text[-1]
        if run := _RUN.match(work, at):
            parts.append(run[0])
            at = run.end()
    newline = "\n" if glue and at < len(work) else ""
    return "".join([*parts, newline, GONE * (len(work) - at - len(newline))])


def _edges(work: str) -> str:
    """Every line without blanks at its edges, one newline between."""
    work = _BREAK.sub(lambda found: "\n" + GONE * (found.end() - found.start() - 1), work)
    body = work.lstrip(" \t\n" + GONE)
    return GONE * (len(work) - len(body)) + body


def _marks(lines: Sequence[Line]) -> tuple[Mark, ...]:
    """The marked lines; neighbours of one kind are one mark, but each line of metadata stays one."""
    marks: list[Mark] = []
    last = -2
    for index, line in enumerate(lines):
        if not line.kind:
            continue
        if marks and last == index - 1 and marks[-1].kind == line.kind != "metadata":
            marks[-1] = Mark(marks[-1].start, line.end, line.kind)
        else:
            marks.append(Mark(line.start, line.end, line.kind))
        last = index
    return tuple(marks)


def _joined(work: str) -> str:
    """Blanks inside words and numbers taken out; short lines keep theirs (letterheads, names, tables)."""
    if " " not in work:
        return work
    if _APART.search(work):
        work = _DIGITS.sub(lambda found: found[0].replace(" ", GONE), work)

    def one(found: re.Match[str]) -> str:
        start, end = found.span()
        return GONE * (end - start) if _is_inner(work, start, end) else found[0]

    return _BLANKS.sub(one, work)


def _is_inner(work: str, start: int, end: int) -> bool:
    """True for blanks inside a word or number: a Chinese character or mark on one side at least, no short line."""
    while start > 0 and work[start - 1] == GONE:
        start -= 1
    if start == 0 or end == len(work):
        return True
    before, after = work[start - 1], work[end]
    if before in "\t\n" or after in "\t\n":
        return True
    if _HAN.match(before):
        return (after.isalnum() or after == "%" or bool(_HAN.match(after))) and not _is_short(work, start, end)
    if before.isalnum() or before in "%.":
        return bool(_HAN.match(after)) or after == "%" or (before.isdigit() and after == "." and work[end + 1 : end + 2].isdigit())
    return False


def _is_short(work: str, start: int, end: int) -> bool:
    """True for a blank between two Chinese characters in a short line."""
    if work[start - 1].isdigit() or work[end].isdigit():
        return False
    line = work.rfind("\n", max(0, start - _SHORT), start)
    if line < 0 and start > _SHORT:
        return False
    stop = work.find("\n", end, end + _SHORT)
    if stop < 0:
        if len(work) > end + _SHORT:
            return False
        stop = len(work)
    return stop - line <= _SHORT and work[stop - 1] not in "。;!?"


def _assemble(text: Text, work: str, marks: tuple[Mark, ...], entities: dict[int, int]) -> Text:
    """The clean text and the edits that lead to it."""
    edits, gone = Edits(), 0
    add = edits.add
    for found in _RUN.finditer(work):
        start, end = found.span()
        stop = entities.get(start - 1, 0) if entities else 0
        if stop:  # the character before the run is all that is left of an entity
            add(start - 1, stop, start - 1 - gone, 1)
            gone += stop - start
            start = stop
        if end > start:
            add(start, end, start - gone, 0)
            gone += end - start
    clean = work.replace(GONE, "") if gone else work
    if clean and not clean.endswith("\n"):
        add(len(work), len(work), len(clean), 1)
        clean += "\n"
    return with_index(msgspec.structs.replace(text, clean=clean, edits=edits, marks=marks))
