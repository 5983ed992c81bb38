"""The source as HTML: paragraphs and headings, every fact marked where it stands, gaps and furniture shown."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape

from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
from luoshi.extract.reading import Reading
from luoshi.messages import Speaker
from luoshi.publish.page.segments import Cover, Segment, cut
from luoshi.span import Quote

_LINES = re.compile(r"[^\n]*\n?")
#: code points that a page may not hold or that would turn its text about; each is shown as one replacement character
_UNSHOWN = dict.fromkeys((*range(9), 0x0B, 0x0C, *range(0x0E, 0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F),
                          *range(0x2066, 0x206A), *range(0xD800, 0xE000)), 0xFFFD)  # fmt: skip


def shown(words: str) -> str:
    """Text that is safe in a page, in its body and in a quoted attribute alike; as many code points are seen as there are."""
    return escape(words.translate(_UNSHOWN))


def source_html(reading: Reading, say: Speaker) -> str:
    """The whole source as a run of paragraphs; each fact's index is in ``data-f`` of the segments that it covers."""
    source = reading.text.source
    headings = _headings(reading)
    gaps = _gaps(reading)
    furniture = {(mark.start, mark.end): mark.kind for mark in reading.text.marks}
    lines = [match.span() for match in _LINES.finditer(source) if match.end() > match.start()]
    edges = [end for _, end in lines] + list(gaps) + [edge for span in furniture for edge in span]
    segments = cut(_covers(reading), edges, len(source))
    dull = _Furniture(furniture)
    out: list[str] = []
    segment = next(segments, None)
    for start, end in lines:
        inner: list[str] = []
        while segment is not None and segment.start < end:
            inner.extend(_gap(what, segment.start, say) for what in gaps.get(segment.start, ()))
            inner.append(_marked(segment, source, reading.facts, dull))
            segment = next(segments, None)
        out.append(_line("".join(inner), source[start:end], headings.get(_first(source, start, end)), start))
    out.extend(_gap(what, len(source), say) for what in gaps.get(len(source), ()))
    return "".join(out)


def _first(source: str, start: int, end: int) -> int:
    """Where the line's first character that is no blank stands."""
    return start + len(source[start:end]) - len(source[start:end].lstrip())


def _line(inner: str, words: str, level: int | None, start: int) -> str:
    if not words.strip():
        return '<p class="blank"></p>' if "gap" not in inner else f"<p>{inner}</p>"
    if level is None:
        return f"<p>{inner}</p>"
    return f'<h{level} data-at="{start}">{inner}</h{level}>'


def _headings(reading: Reading) -> dict[int, int]:
    """The HTML level of each heading that fills a line, by its offset; levels never skip one."""
    source, found, above = reading.text.source, {}, 2
    for fact in reading.facts:
        if isinstance(fact, SectionFact) and source[fact.end : fact.end + 2].lstrip("　 。:：")[:1] in ("", "\n", "\r"):
            above = found[fact.start] = min(fact.level + 2, above + 1, 6)
    return found


def _covers(reading: Reading) -> Iterator[Cover]:
    for index, fact in enumerate(reading.facts):
        if isinstance(fact, DocumentFact):
            continue
        yield Cover(fact.start, fact.end, index)
        for quote in _parts(fact):
            yield Cover(quote.start, quote.end, index, own=False)


def _parts(fact: Fact) -> Iterator[Quote]:
    match fact:
        case MeasureFact():
            yield from (quote for quote in (fact.indicator, fact.reference) if quote)
        case TaskFact():
            yield from (*fact.leaders, *fact.lead_units, *fact.support_units, *fact.actions)
            if fact.deadline:
                yield fact.deadline
        case TermFact():
            yield from (quote for quote in (fact.name,) if quote)


def look(fact: Fact) -> str:
    """The class that says how a fact is marked."""
    match fact:
        case MeasureFact():
            return f"m-{fact.role}"
        case ProjectFact():
            return "p"
        case TaskFact():
            return "t"
        case TermFact():
            return "n"
        case SectionFact():
            return "s"
    return "d"


def _marked(segment: Segment, source: str, facts: tuple[Fact, ...], dull: _Furniture) -> str:
    words = shown(source[segment.start : segment.end].replace("\n", "").replace("\r", ""))
    if not words:
        return ""
    looks = dict.fromkeys(look(facts[index]) for index in segment.facts)
    if dull.holds(segment.start):
        looks["furniture"] = None
    if not looks and not segment.parts:
        return words
    own = f' data-f="{" ".join(map(str, segment.facts))}"' if segment.facts else ""
    parts = f' data-p="{" ".join(map(str, segment.parts))}"' if segment.parts else ""
    return f'<span class="{" ".join(looks)}"{own}{parts}>{words}</span>'


class _Furniture:
    """Tells whether an offset lies in furniture; asked with offsets that only grow."""

    def __init__(self, spans: dict[tuple[int, int], str]) -> None:
        self._spans = sorted(spans)
        self._at = 0

    def holds(self, offset: int) -> bool:
        while self._at < len(self._spans) and self._spans[self._at][1] <= offset:
            self._at += 1
        return self._at < len(self._spans) and self._spans[self._at][0] <= offset


def _gaps(reading: Reading) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    size = len(reading.text.source)
    for fact in reading.facts:
        if isinstance(fact, DocumentFact):
            for gap in fact.gaps:
                found.setdefault(min(max(gap.start, 0), size), []).append(gap.what)
    return found


def _gap(what: str, at: int, say: Speaker) -> str:
    words = shown(say("page.gap", what=what))
    return f'<span class="gap" data-at="{at}" role="img" aria-label="{words}" title="{words}"></span>'
