"""Assemble: Text → Outline, stage by stage."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.outline import gaps as losses
from luoshi.outline.documents import Extent, find_documents
from luoshi.outline.headings import Head, find_heads
from luoshi.outline.letterhead import Letterhead, find_kind, read_letterhead
from luoshi.outline.lines import Line, split_lines
from luoshi.outline.outline import Document, Gap, Kind, Outline, PartName, Section, Stretch
from luoshi.outline.parts import body_part, section_parts
from luoshi.outline.regions import find_region
from luoshi.outline.stretching import Cutter, cut
from luoshi.outline.tree import Node, nest
from luoshi.outline.wording import wording
from luoshi.outline.years import Years, find_years, span_of
from luoshi.read.text import Text


def outline_text(text: Text) -> Outline:
    """The documents of a text, their headings as a tree, and the stretches between; every offset is in ``text.clean``.

    Documents, sections and stretches come in the order of the text. The stretches of a document tile it. A page without a document gives
    one document of kind ``other`` that is not ``complete`` and has no stretches, or none where the text is empty.
    """
    lines = split_lines(text.clean)
    if not lines:
        return Outline(text, (), (), ())
    extents = find_documents(lines)
    documents: list[Document] = []
    sections: list[Section] = []
    stretches: list[Stretch] = []
    originals = [extent for extent in extents if extent.copy_of < 0]
    for at, extent in enumerate(extents):
        if extent.copy_of >= 0:
            continue
        limit = extents[at + 1].first if at + 1 < len(extents) else len(lines)
        document = _document(text, lines, extent, limit, len(documents), sections, stretches)
        copies = [Gap(lines[other.first].start, "repeated", "整篇重复", lines[other.last - 1].end)
                  for other in extents if other.copy_of == at]
        if not documents:
            promise = losses.missing_documents(lines, len(originals))
            copies += [promise] if promise else []
        if copies:
            document = msgspec.structs.replace(document, gaps=tuple(sorted((*document.gaps, *copies), key=lambda gap: gap.start)))
        documents.append(document)
    return Outline(text, tuple(documents), tuple(sections), tuple(stretches))


def _document(text: Text, lines: Sequence[Line], extent: Extent, limit: int, index: int, sections: list[Section],
              stretches: list[Stretch]) -> Document:
    clean = text.clean
    letterhead = read_letterhead(lines, extent.first, extent.last)
    start, end = lines[letterhead.first].start, lines[extent.last - 1].end
    head_end = lines[min(letterhead.body + 3, extent.last - 1)].end
    body = clean[start:end]
    opening = clean[lines[letterhead.body].start:head_end][:600]
    kind = find_kind(letterhead.title, opening, body)
    heads = find_heads(lines, letterhead.body, extent.last)
    titles = [clean[head.title_start:head.title_end] for head in heads]
    above = " ".join(line.words for line in lines[extent.first:letterhead.body])[:2000]
    years = find_years(kind, letterhead.title, f"{letterhead.byline} {letterhead.date and _spelled(letterhead.date)}", titles, body)
    year = years.plan or (years.plans[0] if years.plans else None)
    region = find_region(letterhead.title, f"{letterhead.byline}\n{opening}", body, year)
    _fill(clean, lines, letterhead, extent, end, heads, titles, years, kind, index, sections, stretches)
    found = losses.missing_numbers(clean, heads)
    cut_end = losses.cut_end(lines, letterhead.body, extent.last, lines[extent.last:limit], kind, len(text.source))
    found += [cut_end] if cut_end else []
    return Document(start=start, end=end, title=letterhead.title, kind=kind, region=region.name, level=region.level, region_code=region.code,
                    review_year=years.review, plan_year=years.plan, plan_years=years.plans, review_years=years.reviews,
                    date=letterhead.date, speaker=letterhead.speaker, letterhead=above if len(above) < 300 else "",
                    complete=cut_end is None, gaps=tuple(found))


def _spelled(date: str) -> str:
    year, _, rest = date.partition("-")
    return f"{year}年{int(rest[:2])}月" if rest else ""


_BREAK = re.compile(r"^(?:各位代表|同志们)[!:,]|^(?:回顾|回首|总结)(?:过去|[一五]年|这|20)|^成绩(?:来之不易|的取得)")


def _fill(clean: str, lines: Sequence[Line], letterhead: Letterhead, extent: Extent, end: int, heads: Sequence[Head], titles: Sequence[str],
          years: Years, kind: Kind, index: int, sections: list[Section], stretches: list[Stretch]) -> None:
    """Adds the document's sections and stretches."""
    cutter = Cutter(years)
    breaks = _breaks(lines, letterhead.body, extent.last, heads, cutter)
    nodes = nest(heads, end, breaks)
    guess = [body_part(clean[node.head.body:min(node.until, node.head.body + 3000)]) if node.level <= 1 else None for node in nodes]
    parts = section_parts(nodes, titles, years, kind, guess)
    base = len(sections)
    for at, node in enumerate(nodes):
        span = span_of(titles[at], years.review, years.plan)
        if span is None and node.parent >= 0:
            span = sections[base + node.parent].span_years
        sections.append(Section(index=base + at, level=node.level, number=node.head.number, part=parts[at], start=node.head.start,
                                end=max(node.head.title_end, node.head.title_start), title_start=node.head.title_start,
                                title_end=node.head.title_end, body_end=node.until,
                                parent=base + node.parent if node.parent >= 0 else -1, document=index, span_years=span))
    _tile(lines, letterhead, extent, end, nodes, parts, base, index, cutter, stretches, kind)


def _breaks(lines: Sequence[Line], first: int, last: int, heads: Sequence[Head], cutter: Cutter) -> list[tuple[int, int]]:
    """Where closing paragraphs of a part end its sub-sections: (offset, 1)."""
    headed = {head.line for head in heads}
    return [(lines[index].start, 1) for index in range(first, last)
            if index not in headed and (_BREAK.match(lines[index].words) or cutter.problem_at(lines[index].words[:160]) == 0)]


def _tile(lines: Sequence[Line], letterhead: Letterhead, extent: Extent, end: int, nodes: Sequence[Node], parts: Sequence[PartName], base: int,
          index: int, cutter: Cutter, stretches: list[Stretch], kind: Kind) -> None:
    """Adds the stretches: the document's range cut at every heading and at every end of a section."""
    start = lines[letterhead.first].start
    cuts = sorted({start, *(node.head.start for node in nodes), *(node.until for node in nodes if node.until < end)})
    inner = _innermost(nodes, cuts)
    plan_ahead = _last_plan(nodes, parts)
    at_line = letterhead.first
    for at, since in enumerate(cuts):
        until = cuts[at + 1] if at + 1 < len(cuts) else end
        node = inner[at]
        own = [] if until <= since else _lines_in(lines, at_line, extent.last, since, until)
        at_line = own[-1][0] if own else at_line
        words = [line for _, line in own]
        if node < 0:
            part: PartName = "other"
            if until - since > 900 or not nodes:
                part = "review" if kind == "report" else "plan" if kind in ("plan", "breakdown") else "other"
            first_body = lines[letterhead.body].start if part != "other" else since
            stretches += cut(words, since, max(since, min(first_body, until)), until, -1, part, index, cutter, not nodes or since > plan_ahead)
            continue
        head = nodes[node].head
        body = head.body if head.start == since else since
        stretches += cut(words, since, min(body, until), until, base + node, parts[node], index, cutter, since > plan_ahead)


def _lines_in(lines: Sequence[Line], first: int, last: int, since: int, until: int) -> list[tuple[int, Line]]:
    found = []
    index = first
    while index < last and lines[index].start < until:
        if lines[index].end > since:
            found.append((index, lines[index]))
        index += 1
    return found


def _innermost(nodes: Sequence[Node], cuts: Sequence[int]) -> list[int]:
    """For each cut the innermost section that holds what follows, -1 before the first."""
    found, open_, at = [], [], 0
    for offset in cuts:
        while at < len(nodes) and nodes[at].head.start <= offset:
            open_.append(at)
            at += 1
        while open_ and nodes[open_[-1]].until <= offset:
            open_.pop()
        found.append(open_[-1] if open_ else -1)
    return found


def _last_plan(nodes: Sequence[Node], parts: Sequence[PartName]) -> int:
    """Offset of the last heading that opens a plan; before it a review does not turn into a plan without one."""
    return max((node.head.start for node, part in zip(nodes, parts, strict=True) if part == "plan"), default=-1)
