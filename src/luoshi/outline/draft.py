"""Draft: one document while its outline is made: its lines, its letterhead, its headings, its years."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

import msgspec

from luoshi.outline.documents import Extent
from luoshi.outline.headings import Head, find_heads
from luoshi.outline.letterhead import Letterhead, find_kind, read_letterhead
from luoshi.outline.lines import Line
from luoshi.outline.outline import Kind
from luoshi.outline.wording import wording
from luoshi.outline.years import Years, find_years
from luoshi.read.text import Text


class Draft(msgspec.Struct, frozen=True):
    """What is known of a document before its parts are told. ``first``, ``body`` and ``last`` are lines, ``start`` and ``end`` offsets;
    ``header`` is what a collector wrote above the text, ``titles`` are those of ``heads``."""

    text: Text
    lines: Sequence[Line]
    index: int
    first: int
    body: int
    last: int
    letterhead: Letterhead
    title: str
    kind: Kind
    years: Years
    heads: Sequence[Head]
    titles: Sequence[str]
    header: tuple[str, ...] = ()

    @property
    def start(self) -> int:
        return self.lines[self.first].start

    @property
    def end(self) -> int:
        return self.lines[self.last - 1].end

    @property
    def opening(self) -> str:
        """The salutation and the first words."""
        return _opening(self.text.clean, self.lines, self.body, self.last)

    def main_last(self) -> int:
        """The line where annexes and glossary begin behind the main text."""
        for head, title in zip(self.heads, self.titles, strict=True):
            late = head.line > (self.first + self.last) // 4
            if late and (head.style == "annex" or wording().glossary.search(title.replace(" ", ""))):
                return head.line
        return self.last


def draft_document(text: Text, lines: Sequence[Line], extent: Extent, index: int, blanks: Collection[int], *, alone: bool = True) -> Draft:
    """The draft of the document in an extent; ``blanks`` are the clean offsets where cleaning dropped one.

    Where a document is not ``alone`` in its file, the title of the compilation above the first is none of its own.
    """
    clean = text.clean
    letterhead = read_letterhead(lines, extent.first, extent.last)
    header = _header(text) if index == 0 else ()
    if not alone and _COMPILED.search(letterhead.title):
        letterhead = msgspec.structs.replace(letterhead, first=letterhead.body, title="")
    start, end = lines[letterhead.first].start, lines[extent.last - 1].end
    title = letterhead.title or next((words for words in header if _TITLED.search(words)), "")
    kind = find_kind(title, _opening(clean, lines, letterhead.body, extent.last), clean[start:end], tables=bool(text.tables))
    heads = find_heads(lines, letterhead.body, extent.last, blanks)
    titles = [clean[head.title_start : head.title_end] for head in heads]
    turn = _look_back_end(heads, titles, start, end)
    years = find_years(kind, title, letterhead.date, titles, clean[start:turn], clean[start:end], header)
    return Draft(text, lines, index, letterhead.first, letterhead.body, extent.last, letterhead, title, kind, years, heads, titles, header)


def _opening(clean: str, lines: Sequence[Line], body: int, last: int) -> str:
    return clean[lines[body].start : lines[min(body + 3, last - 1)].end][:600]


_COMPILED = re.compile("汇编|合集|选编|[一二三四五六七八九十\\d]+ ?篇")
_TITLED = re.compile("报告|规划|方案|计划|建议|纲要")
_LABELLED = re.compile("(?:标题|题名|发文单位|发文机关|发文时间)[:：]")


def _header(text: Text) -> tuple[str, ...]:
    """What a collector's header in the file says of it (标题, 发文单位), without the labels; it may be wrong, so the text goes first."""
    words = [text.source[mark.start : mark.end].strip() for mark in text.marks if mark.kind == "metadata"]
    return tuple(word[match.end() :].strip() for word in words if (match := _LABELLED.match(word)))


def _look_back_end(heads: Sequence[Head], titles: Sequence[str], start: int, end: int) -> int:
    """Where the look-back ends as far as headings tell: at the first that opens a plan, else after a third."""
    told = wording()
    for head, title in zip(heads, titles, strict=True):
        ahead = told.plan.search(title) or told.outlook.search(title)
        if head.level() <= 1 and head.start - start > 800 and ahead and not told.review.search(title):
            return head.start
    return start + max(2000, (end - start) // 3)
