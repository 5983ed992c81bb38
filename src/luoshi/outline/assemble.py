"""Assemble: Text → Outline, stage by stage."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

import msgspec

from luoshi.outline import gaps as losses
from luoshi.outline.damage import broken_years, lost_characters, repeated
from luoshi.outline.documents import Extent, find_documents
from luoshi.outline.headings import Head, find_heads
from luoshi.outline.letterhead import Letterhead, find_kind, read_letterhead
from luoshi.outline.lines import Line, ends_sentence, split_lines
from luoshi.outline.outline import Document, Gap, Kind, Outline, PartName, Section, Stretch
from luoshi.outline.parts import body_part, section_parts, title_part
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
    without = _without_report(text, lines)
    if without is not None:
        nothing = Document(0, len(text.clean), "", "other", "", "", complete=False, gaps=(without,))
        return Outline(text, (nothing,), (), ())
    blanks = frozenset(edit.at for edit in text.edits if not edit.size and text.source[edit.start:edit.end].isspace()
                       and "\n" not in text.source[edit.start:edit.end])
    damaged = sorted([*lost_characters(text), *broken_years(text.clean)], key=_start)
    extents = find_documents(lines)
    documents: list[Document] = []
    sections: list[Section] = []
    stretches: list[Stretch] = []
    originals = [extent for extent in extents if extent.copy_of < 0]
    for at, extent in enumerate(extents):
        if extent.copy_of >= 0:
            continue
        limit = extents[at + 1].first if at + 1 < len(extents) else len(lines)
        document = _document(text, lines, extent, limit, len(documents), blanks, sections, stretches)
        more = damaged[bisect_left(damaged, document.start, key=_start):bisect_left(damaged, document.end, key=_start)]
        more += [Gap(lines[other.first].start, "repeated", "整篇重复", lines[other.last - 1].end)
                  for other in extents if other.copy_of == at]
        if not documents:
            promise = losses.missing_documents(lines, len(originals))
            more += [promise] if promise else []
        if more:
            document = msgspec.structs.replace(document, gaps=tuple(sorted((*document.gaps, *more), key=_start)))
        documents.append(document)
    return Outline(text, tuple(documents), tuple(sections), tuple(stretches))


_HOLES = ("××", "╳╳", "XX", "Xx", "xx", "○○", "〇〇", "**", "＊", "__")


def _start(gap: Gap) -> int:
    return gap.start


def _without_report(text: Text, lines: Sequence[Line]) -> Gap | None:
    """Why a page holds no document that facts could be made from: a template to be filled in, or navigation only."""
    told = wording()
    holes = len(told.placeholder.findall(text.clean)) if any(mark in text.clean for mark in _HOLES) else 0
    if holes >= 4 and (holes * 1500 > len(text.clean) or told.template.search(text.clean[:400])):
        return Gap(0, "template", f"是待填写的模板（{holes} 处占位），不是正式文件", len(text.clean))
    if len(lines) >= 12 and not text.tables and not any(len(line.words) >= 25 and ends_sentence(line.words) or len(line.words) >= 80 for line in lines):
        return Gap(0, "no_document", "只有导航和链接，没有正文", len(text.clean))
    return None


def _document(text: Text, lines: Sequence[Line], extent: Extent, limit: int, index: int, blanks: frozenset[int], sections: list[Section],
              stretches: list[Stretch]) -> Document:
    clean = text.clean
    letterhead = read_letterhead(lines, extent.first, extent.last)
    start, end = lines[letterhead.first].start, lines[extent.last - 1].end
    body = clean[start:end]
    opening = clean[lines[letterhead.body].start:lines[min(letterhead.body + 3, extent.last - 1)].end][:600]
    metadata = _metadata(text) if index == 0 else ()
    title = letterhead.title or next((words for words in metadata if _TITLED.search(words)), "")
    kind = find_kind(title, opening, body)
    heads = find_heads(lines, letterhead.body, extent.last, blanks)
    titles = [clean[head.title_start:head.title_end] for head in heads]
    above = " ".join(line.words for line in lines[extent.first:letterhead.body])[:2000]
    years = find_years(kind, title, letterhead.date, titles, _look_back(heads, titles, body, start), body, metadata)
    year = years.plan or (years.plans[0] if years.plans else None)
    region = find_region(title, f"{letterhead.byline}\n{opening}", body, year, metadata)
    _fill(text, lines, letterhead, extent, end, heads, titles, years, kind, index, sections, stretches)
    found = repeated(lines, letterhead.body, extent.last)
    found += losses.missing_numbers(clean, heads)
    cut_end = losses.cut_end(lines, letterhead.body, extent.last, lines[extent.last:limit], kind, len(text.source), _main_end(heads, titles, extent))
    found += [cut_end] if cut_end else []
    return Document(start=start, end=end, title=title, kind=kind, region=region.name, level=region.level, region_code=region.code,
                    review_year=years.review, plan_year=years.plan, plan_years=years.plans, review_years=years.reviews,
                    date=letterhead.iso_date(), speaker=letterhead.speaker, letterhead=above if len(above) < 300 else "",
                    complete=cut_end is None, gaps=tuple(found))


_TITLED = re.compile("报告|规划|方案|计划|建议|纲要")
_HEADER = re.compile("(?:标题|题名|发文单位|发文机关|发文时间)[:：]")


def _metadata(text: Text) -> tuple[str, ...]:
    """What a collector's header in the file says of it (标题, 发文单位), without the labels; it may be wrong, so the text goes first."""
    words = [text.source[mark.start:mark.end].strip() for mark in text.marks if mark.kind == "metadata"]
    return tuple(word[match.end():].strip() for word in words if (match := _HEADER.match(word)))


def _look_back(heads: Sequence[Head], titles: Sequence[str], body: str, start: int) -> str:
    """The part of the body that looks back, as far as headings tell: up to the first that opens a plan, else the first third."""
    told = wording()
    for head, title in zip(heads, titles, strict=True):
        if head.level() <= 1 and head.start - start > 800 and (told.plan.search(title) or told.outlook.search(title)) \
                and not told.review.search(title):
            return body[:head.start - start]
    return body[:max(2000, len(body) // 3)]


def _main_end(heads: Sequence[Head], titles: Sequence[str], extent: Extent) -> int:
    """The line where annexes and glossary begin behind the main text."""
    for head, title in zip(heads, titles, strict=True):
        if head.line > (extent.first + extent.last) // 4 and (head.style == "annex" or wording().glossary.search(title.replace(" ", ""))):
            return head.line
    return extent.last


_BREAK = re.compile(r"^(?:各位代表|同志们)[!:,]|^(?:回顾|回首|总结)(?:过去|[一五]年|这|20)|^成绩(?:来之不易|的取得)")


def _fill(text: Text, lines: Sequence[Line], letterhead: Letterhead, extent: Extent, end: int, heads: Sequence[Head], titles: Sequence[str],
          years: Years, kind: Kind, index: int, sections: list[Section], stretches: list[Stretch]) -> None:
    """Adds the document's sections and stretches."""
    clean, cutter = text.clean, Cutter(years, kind)
    told = wording()
    opens = [any(pattern.search(title) for pattern in (told.review, told.plan, told.outlook)) for title in titles]
    nodes = nest(heads, opens, end, _breaks(lines, letterhead.body, extent.last, heads, cutter))
    guess = [body_part(clean[node.head.body:min(node.until, node.head.body + 3000)]) if node.parent < 0 else None for node in nodes]
    parts = section_parts(nodes, titles, years, kind, guess)
    spans = _spans(nodes, titles, parts, years)
    base = len(sections)
    stretches += _tile(lines, letterhead, extent, end, nodes, titles, parts, spans, base, index, cutter, kind)
    for at, node in enumerate(nodes):
        sections.append(Section(index=base + at, level=node.level, number=_written(text, node.head), part=parts[at], start=node.head.start,
                                end=max(node.head.title_end, node.head.title_start), title_start=node.head.title_start,
                                title_end=node.head.title_end, body_end=node.until,
                                parent=base + node.parent if node.parent >= 0 else -1, document=index, span_years=spans[at]))


def _written(text: Text, head: Head) -> str:
    """The number as the source has it (（一） where the clean text has (一))."""
    return text.quote(head.start, head.start + len(head.number)).text if head.number else ""


def _spans(nodes: Sequence[Node], titles: Sequence[str], parts: Sequence[PartName], years: Years) -> list[tuple[int, int] | None]:
    """The years of each section that speaks of several, its own or those of the section above in the same part."""
    spans: list[tuple[int, int] | None] = []
    for at, node in enumerate(nodes):
        span = _span(titles[at], parts[at], years)
        if span is None and node.parent >= 0 and parts[at] == parts[node.parent]:
            span = spans[node.parent]
        spans.append(span)
    return spans


def _span(title: str, part: PartName, years: Years) -> tuple[int, int] | None:
    """The years of a section that speaks of several; a heading that names the plan year beside them (十三五思路和2016年工作) has none."""
    if part == "plan" and years.plan is not None and (str(years.plan) in title or "今年" in title):
        return None
    return span_of(title, years.review, years.plan) if part in ("review", "outlook", "plan") else None


def _breaks(lines: Sequence[Line], first: int, last: int, heads: Sequence[Head], cutter: Cutter) -> list[tuple[int, int]]:
    """Where closing paragraphs of a part end its sub-sections: (offset, 1)."""
    headed = {head.line for head in heads}
    return [(lines[index].start, 1) for index in range(first, last)
            if index not in headed and (_BREAK.match(lines[index].words) or cutter.problem_at(lines[index].words[:160]) == 0)]


def _tile(lines: Sequence[Line], letterhead: Letterhead, extent: Extent, end: int, nodes: Sequence[Node], titles: Sequence[str],
          parts: list[PartName], spans: Sequence[tuple[int, int] | None], base: int, index: int, cutter: Cutter, kind: Kind) -> list[Stretch]:
    """The stretches: the document's range cut at every heading and at every end of a section.

    Where the own text of a top section turns from review to plan (no heading says so), the sections beneath it that follow are plan
    too: ``parts`` is changed.
    """
    start = lines[letterhead.first].start
    cuts = sorted({start, *(node.head.start for node in nodes), *(node.until for node in nodes if node.until < end)})
    plan_ahead = max((node.head.start for node, part in zip(nodes, parts, strict=True) if part == "plan"), default=-1)
    body = lines[letterhead.body].start
    tiles: list[Stretch] = []
    turned, line = -2, letterhead.first
    for since, until, node in zip(cuts, [*cuts[1:], end], _innermost(nodes, cuts), strict=True):
        while line < extent.last and lines[line].end <= since:
            line += 1
        own = _lines_in(lines, line, extent.last, until)
        free = since > plan_ahead or node >= 0 and cutter.names_plan(titles[node])
        if node < 0:
            told = len(nodes) == 0 or until - body > 900 or kind in ("plan", "breakdown")
            part: PartName = _headless(kind, own) if told else "other"
            tiles += cut(own, since, min(max(since, body), until) if told else since, until, -1, part, index, cutter, free=free)
            continue
        root = _root(nodes, node)
        if turned == root and parts[node] == "review":
            parts[node] = "self" if title_part(titles[node], Years(), kind) == "self" else "plan"
        head = nodes[node].head
        found = cut(own, since, min(head.body if head.start == since else since, until), until, base + node, parts[node],
                    index, cutter, free=free, span=spans[node])
        if parts[node] == "review" and nodes[node].parent < 0 and found[-1].part in ("plan", "outlook"):
            turned = root
        tiles += found
    return tiles


def _headless(kind: Kind, lines: Sequence[Line]) -> PartName:
    """The part of a long run without a heading."""
    if kind in ("plan", "breakdown"):
        return "plan"
    if kind == "report":
        return "review"
    return body_part("\n".join(line.words for line in lines)[:4000]) or "other"


def _root(nodes: Sequence[Node], node: int) -> int:
    while nodes[node].parent >= 0:
        node = nodes[node].parent
    return node


def _lines_in(lines: Sequence[Line], first: int, last: int, until: int) -> list[Line]:
    found = []
    while first < last and lines[first].start < until:
        found.append(lines[first])
        first += 1
    return found


def _innermost(nodes: Sequence[Node], cuts: Sequence[int]) -> list[int]:
    """For each cut the innermost section that holds what follows, -1 before the first."""
    found: list[int] = []
    open_: list[int] = []
    at = 0
    for offset in cuts:
        while at < len(nodes) and nodes[at].head.start <= offset:
            open_.append(at)
            at += 1
        while open_ and nodes[open_[-1]].until <= offset:
            open_.pop()
        found.append(open_[-1] if open_ else -1)
    return found
