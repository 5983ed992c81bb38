"""Items: the stretch of text that each responsibility clause closes, with its number and title."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from luoshi.extract.kinds.task.slots import Clause
from luoshi.numeral import parse_numeral

_CN = "〇零一二三四五六七八九十百"
_NUMBER = re.compile(
    rf"[ \t]*(?:(?P<chapter>第[{_CN}\d]{{1,5}}[篇章节])|(?P<article>第[{_CN}\d]{{1,5}}条)|(?P<comma>[{_CN}]{{1,4}})[、.]"
    rf"|[(\[【](?P<round>[{_CN}]{{1,4}})[)\]】][、.]?|(?P<decimal>\d{{1,3}}(?:[.-]\d{{1,3}}){{1,3}})(?:[、.)]|[ \t]+|(?=[\u4e00-\u9fff“《]))"
    rf"|(?P<digit>\d{{1,3}}|1\d{{3}}(?=[、.]\D))(?:[、)\ue000-\uf8ff]|[.](?!\d{{1,2}}(?!\d))|[ \t]+(?=[\u4e00-\u9fff“]))|[(\[【](?P<paren>\d{{1,3}})[)\]】][、.]?"
    rf"|(?P<circle>[①-⑳㉑-㉟]))[ \t]*"
)
_HEAD = re.compile(rf"(?:(?<=\n)|\A)(?=[ \t]*[第{_CN}\d(\[【①-⑳㉑-㉟]){_NUMBER.pattern}")
_LEAD = re.compile(r"[^。;!?\n:,]{2,40}(?=[。:\n])")
_BULLET = re.compile(r"[ \t●■◆★☆▲·•*—-]*")
_CHAPTERS = ("chapter", "comma")


class Head(msgspec.Struct, frozen=True, gc=False):
    """A number at the start of a paragraph, or straight behind a clause: ``start``/``end`` cover it with its marks."""

    start: int
    end: int
    style: str
    value: int | str


class Item(msgspec.Struct, frozen=True, gc=False):
    """A clause with the stretch that it closes. ``body`` is where the words begin behind the number."""

    start: int
    body: int
    clause: Clause
    number: int | str | None = None
    part: int | None = None
    parts: int | None = None
    title: tuple[int, int] | None = None


def find_items(text: str, clauses: Sequence[Clause]) -> list[Item]:
    """One item for each clause, in order. Clauses of one number are its parts."""
    heads = _heads(text, clauses)
    starts = [head.start for head in heads]
    owners: list[Head | None] = []
    floor = 0
    for clause in clauses:
        owners.append(_owner(text, heads, starts, floor, clause.start) or _carried(text, owners, floor, clause.start))
        floor = clause.end
    _release_chapters(text, owners, clauses)
    return _items(text, owners, clauses)


def _heads(text: str, clauses: Sequence[Clause]) -> list[Head]:
    """The numbers at the starts of paragraphs; where a line break was lost, those straight behind a clause too."""
    heads = [_head(match) for match in _HEAD.finditer(text)] if clauses else []
    for clause in clauses:
        at = _past_marks(text, clause.end)
        match = _NUMBER.match(text, at) if at < len(text) and text[at] != "\n" else None
        if match:
            heads.append(_head(match))
    return sorted({head.start: head for head in heads}.values(), key=lambda head: head.start)


def _head(match: re.Match[str]) -> Head:
    style = str(match.lastgroup)
    words = match[style]
    start = match.end() - len(match[0].lstrip(" \t"))
    return Head(start=start, end=match.end(), style=style, value=_value(words, style))


def _value(words: str, style: str) -> int | str:
    if style == "circle":
        return ord(words) - (ord("①") - 1 if words <= "⑳" else ord("㉑") - 21)
    if style == "decimal":
        return words
    value = parse_numeral(words.strip("第篇章节条"))
    return words if value is None else int(value)


def _owner(text: str, heads: Sequence[Head], starts: Sequence[int], floor: int, at: int) -> Head | None:
    """The number that a clause at ``at`` closes, of those behind ``floor``: the nearest, or the one above where the clause
    stands behind the last of several numbered paragraphs none of which has its own."""
    last = bisect_right(starts, at) - 1
    if last < 0 or heads[last].start < floor:
        return None
    own = heads[last]
    following = heads[last + 1] if last + 1 < len(heads) else None
    if not isinstance(own.value, int) or own.value < 2 or (following and following.style == own.style and following.value == own.value + 1):
        return own
    first = last - own.value + 1
    if first < 1 or heads[first - 1].start < floor or heads[first - 1].style in (*_CHAPTERS, own.style):
        return own
    if all(heads[first + i].style == own.style and heads[first + i].value == i + 1 for i in range(own.value)):
        return heads[first - 1]
    return own


def _carried(text: str, owners: Sequence[Head | None], floor: int, at: int) -> Head | None:
    """The number of the clause before, where this one stands inside it still."""
    return owners[-1] if owners else None


def _release_chapters(text: str, owners: list[Head | None], clauses: Sequence[Clause]) -> None:
    """Paragraphs with clauses of their own below a chapter's bare heading carry no number: the chapter's is not theirs."""
    for index, head in enumerate(owners):
        if head is None or head.style not in _CHAPTERS or not _is_bare(text, head):
            continue
        same = [i for i, other in enumerate(owners) if other is head]
        if index == same[0] and len(same) > 1 and all("\n" in text[clauses[i - 1].end : clauses[i].start] for i in same[1:]):
            for i in same:
                owners[i] = None


def _is_bare(text: str, head: Head) -> bool:
    """True where a number's paragraph is a heading: short and without a full stop inside."""
    end = text.find("\n", head.end)
    return 0 <= end - head.end <= 45 and not re.search("[。;]", text[head.end : end - 1])


def _items(text: str, owners: Sequence[Head | None], clauses: Sequence[Clause]) -> list[Item]:
    counts: dict[int, int] = {}
    for head in owners:
        if head is not None:
            counts[head.start] = counts.get(head.start, 0) + 1
    seen: dict[int, int] = {}
    items, floor = [], 0
    for head, clause in zip(owners, clauses, strict=True):
        if head is None:
            start = body = _paragraph(text, floor, clause)
            items.append(Item(start=start, body=body, clause=clause, title=_title(text, body, clause.start)))
        else:
            part = seen[head.start] = seen.get(head.start, 0) + 1
            start = head.start if part == 1 else _past_marks(text, floor, lines=True)
            body = head.end if part == 1 else start
            several = counts[head.start] > 1
            items.append(
                Item(
                    start=start,
                    body=body,
                    clause=clause,
                    number=head.value,
                    part=part if several else None,
                    parts=counts[head.start] if several else None,
                    title=_title(text, body, clause.start),
                )
            )
        floor = clause.end
    return items


def _paragraph(text: str, floor: int, clause: Clause) -> int:
    """The start of the unnumbered paragraph that a clause closes; of the one before where the clause has its own line."""
    start = max(text.rfind("\n", floor, clause.start) + 1, floor)
    while start > floor and not text[start : clause.start].strip(" \t\n"):
        start = max(text.rfind("\n", floor, start - 1) + 1, floor)
    start = _past_marks(text, start, lines=True)
    bullet = _BULLET.match(text, start, clause.start)
    return bullet.end() if bullet else start


def _past_marks(text: str, at: int, *, lines: bool = False) -> int:
    """The first place from ``at`` on that holds no blank, stop or comma (nor a line end, where ``lines``)."""
    marks = " \t。;,、!?" + ("\n" if lines else "")
    while at < len(text) and text[at] in marks:
        at += 1
    return at


def _title(text: str, body: int, end: int) -> tuple[int, int] | None:
    """The lead sentence of an item that goes on behind it; ``None`` where the item is one sentence."""
    lead = _LEAD.match(text, body, end)
    if lead is None or not text[lead.end() + 1 : end].strip(" \t\n。;"):
        return None
    last = lead.end()
    while last > body and text[last - 1] in " \t":
        last -= 1
    return lead.start(), last
