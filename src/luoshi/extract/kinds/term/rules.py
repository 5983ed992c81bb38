"""Terms: the entries of a glossary, each a name and its definition."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import msgspec

from luoshi.extract.fact import TermFact
from luoshi.extract.organisation import choice
from luoshi.numeral import parse_numeral
from luoshi.outline.outline import Outline, Stretch
from luoshi.tables import load_table

COLON_RULE = "<name>:<definition>"
MEANS_RULE = "<name>是指<definition>"
_DASH_RULE = "<name>——<definition>"

#: longer than any name in a glossary
_LONGEST = 60
#: a number above it is one of an entry only where it goes on with those before: it may be a year
_LONGEST_RUN = 999
_PARAGRAPH = re.compile(r"[^\n]+")
_MARKER = re.compile(
    r"[ \t]*(?:\[(?P<square>\d{1,4})\][.、]?|(?P<plain>\d{1,4})(?:[、)]|[.](?!\d(?!\d{2})))|\((?P<round>\d{1,4})\)[.、]?|(?P<circle>[①-⑳㉑-㉟])"
    r"|注(?P<note>\d{1,4})?:|(?P<chinese>[一二三四五六七八九十百千零〇]{1,9})、|\((?P<bracket>[一二三四五六七八九十百千零〇]{1,9})\))[ \t]*"
)
#: a number that is a marker only where it is the next one: ``4.7个100%``, ``20“一带一路”``
_NEXT = re.compile(r"[ \t]*(\d{1,4})(?:[.、)](?=\d)|(?=[“《A-Za-z\u4e00-\u9fff]))")
_PAGES = re.compile(r"\((?:见|参见)?(?:报告)?(?:正文)?第?[Pp]?\d+页?(?:[,、;和-][Pp]?第?\d+页?)*\)$")
_DEEPER = "(“《[【‘"
_SHALLOWER = ")”》]】’"


class TermWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The words of ``words.yaml``; what each list means is said there."""

    headings: tuple[str, ...]
    definers: tuple[str, ...]
    stops: tuple[str, ...]


class TermPatterns(msgspec.Struct, frozen=True):
    heading: re.Pattern[str]
    definer: re.Pattern[str]
    stop: re.Pattern[str]


class Entry(msgspec.Struct, frozen=True, gc=False):
    """One entry in clean offsets: ``name`` and ``definition`` as (start, end), the number where it has one."""

    name: tuple[int, int]
    definition: tuple[int, int]
    number: int | None
    rule: str


@cache
def term_patterns() -> TermPatterns:
    words = load_table("luoshi.extract.kinds.term", "words.yaml", TermWords)
    narrow = {0xFF1A: ":", 0xFF08: "("}
    return TermPatterns(
        heading=re.compile(rf"(?:(?<=\n)|\A)[ \t]*(?:附件\d{{0,2}}:?)?[^\n,。;:]{{0,20}}(?:{choice(words.headings)})[ \t]*:?[ \t]*(?=\n)"),
        definer=re.compile(choice(words.definers)),
        stop=re.compile("[ \t]*(?:" + choice(tuple(word.translate(narrow) for word in words.stops)) + ")"),
    )


def find_terms(outline: Outline) -> list[TermFact]:
    """The terms of a text, by their start: those of its glossary parts, or, where no part is one, of what follows a glossary's heading."""
    glossaries = [stretch for stretch in outline.stretches if stretch.part == "glossary"]
    if glossaries:
        return [term for stretch in glossaries for term in _in_stretch(outline, stretch, stretch.body, stretch.end)]
    return [term for stretch, start in _headed(outline) for term in _in_stretch(outline, stretch, start, len(outline.text.clean))]


def _headed(outline: Outline) -> Iterator[tuple[Stretch, int]]:
    """The stretch and the place behind the last glossary heading of each document."""
    text = outline.text.clean
    if "释" not in text and "名词" not in text:
        return
    for index, document in enumerate(outline.documents):
        places = [match.end() for match in term_patterns().heading.finditer(text, document.start, document.end)]
        stretches = [stretch for stretch in outline.stretches if stretch.document == index]
        if places and stretches:
            yield max((s for s in stretches if s.start <= places[-1]), key=lambda s: s.start, default=stretches[0]), places[-1]


def _in_stretch(outline: Outline, stretch: Stretch, start: int, end: int) -> Iterator[TermFact]:
    end = min(end, outline.documents[stretch.document].end)
    for entry in find_entries(outline.text.clean, start, end):
        whole = outline.text.quote(entry.name[0], entry.definition[1])
        yield TermFact(
            start=whole.start,
            end=whole.end,
            text=whole.text,
            name=outline.text.quote(*entry.name),
            definition=outline.text.quote(*entry.definition),
            number=entry.number,
            section=stretch.section,
            document=stretch.document,
            rule=entry.rule,
        )


def find_entries(text: str, start: int, end: int) -> list[Entry]:
    """The entries of the glossary ``text[start:end]``, in order.

    Where entries are numbered, a paragraph without a number between two of them goes on with the definition before it, a number
    that starts again ends the glossary. Without numbers each paragraph with a name is an entry.
    """
    paragraphs = _paragraphs(text, start, end)
    marked = [_MARKER.match(text, *paragraph) for paragraph in paragraphs]
    if not any(match is not None and (_number(match) or 0) <= _LONGEST_RUN for match in marked):
        entries = [entry for paragraph in paragraphs if (entry := _entry(text, paragraph[0], paragraph[1], None))]
        return entries if len(entries) > 1 else []
    return _numbered(text, paragraphs, marked)


def _paragraphs(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The paragraphs up to one that ends a glossary."""
    found: list[tuple[int, int]] = []
    stop = term_patterns().stop
    for match in _PARAGRAPH.finditer(text, start, end):
        if stop.match(match[0]):
            if found:
                break
            continue
        found.append(match.span())
    return found


def _numbered(text: str, paragraphs: list[tuple[int, int]], marked: list[re.Match[str] | None]) -> list[Entry]:
    entries: list[Entry] = []
    last = 0
    waiting = 0  # where unnumbered paragraphs behind the last entry end
    for (first, stop), strict in zip(paragraphs, marked, strict=True):
        marker = strict or _next(text, first, stop, last)
        number = _number(marker) if marker else None
        if number is not None and number > _LONGEST_RUN and not last < number <= last + 5:
            marker = number = None  # a year that begins a paragraph
        if (number is not None and last > 1 and number <= last - 5) or (marker and term_patterns().stop.match(text, marker.end(), stop)):
            break
        entry = _entry(text, marker.end(), stop, number) if marker else None
        if entry is None:
            waiting = stop if entries else 0
            continue
        if waiting and entries:
            entries[-1] = msgspec.structs.replace(
                entries[-1], definition=(entries[-1].definition[0], _trim(text, entries[-1].definition[0], waiting))
            )
        entries.append(entry)
        waiting = 0
        last = number or last
    return entries


def _next(text: str, start: int, end: int, last: int) -> re.Match[str] | None:
    """A bare number that follows the last one."""
    found = _NEXT.match(text, start, end)
    return found if found and last and int(found[1]) == last + 1 else None


def _number(marker: re.Match[str]) -> int | None:
    words = marker[marker.lastindex] if marker.lastindex else None
    if words is None:
        return None
    if marker.lastgroup == "circle":
        return ord(words) - (ord("①") - 1 if words <= "⑳" else ord("㉑") - 21)
    value = parse_numeral(words)
    return None if value is None else int(value)


def _entry(text: str, start: int, end: int, number: int | None) -> Entry | None:
    """The entry that ``text[start:end]`` is: name, colon (or 是指, ——), definition; ``None`` where it is none."""
    while start < end and text[start] in " \t.、":
        start += 1
    limit = min(end, start + _LONGEST)
    at = _outside(text, start, limit, ":")
    if at >= 0:
        return _made(text, (start, at), at + 1, end, number, COLON_RULE)
    dash = _outside(text, start, limit, "—")
    if dash > start and text[dash : dash + 2] == "——":
        return _made(text, (start, dash), dash + 2, end, number, _DASH_RULE)
    means = term_patterns().definer.search(text, start, limit)
    if means and means.start() > start + 1 and not re.search("[。;]", text[start : means.start()]):
        return _made(text, (start, means.start()), means.start(), end, number, MEANS_RULE)
    return None


def _outside(text: str, start: int, end: int, mark: str) -> int:
    """Where ``mark`` stands outside quotes and brackets, before any full stop; -1 where it does not."""
    depth = 0
    for at in range(start, end):
        c = text[at]
        if c in _DEEPER:
            depth += 1
        elif c in _SHALLOWER:
            depth = max(0, depth - 1)
        elif c == mark and depth == 0:
            return at
        elif c in "。;" and depth == 0:
            return -1
    return -1


def _made(text: str, name: tuple[int, int], start: int, end: int, number: int | None, rule: str) -> Entry | None:
    first, last = name[0], _trim(text, *name)
    pages = _PAGES.search(text, first, last)
    if pages:
        last = _trim(text, first, pages.start())
    while start < end and text[start] in " \t":
        start += 1
    stop = _trim(text, start, end)
    if last - first < 1 or stop - start < 2:
        return None
    return Entry(name=(first, last), definition=(start, stop), number=number, rule=rule)


def _trim(text: str, start: int, end: int) -> int:
    while end > start and text[end - 1] in " \t\n,":
        end -= 1
    return end
