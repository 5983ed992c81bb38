"""Assemble: Text → Outline, document by document."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from luoshi.outline import gaps as losses
from luoshi.outline.damage import broken_years, lost_characters, repeated
from luoshi.outline.documents import Extent, find_documents
from luoshi.outline.draft import Draft, draft_document
from luoshi.outline.lines import Line, ends_sentence, split_lines
from luoshi.outline.outline import Document, Gap, Outline, Section, Stretch
from luoshi.outline.regions import find_region
from luoshi.outline.sectioning import section_document
from luoshi.outline.wording import wording
from luoshi.read.text import Text


def outline_text(text: Text) -> Outline:
    """The documents of a text, their headings as a tree, and the stretches between; every offset is in ``text.clean``.

    Documents, sections and stretches come in the order of the text. The stretches of a document tile it. A page without a document gives
    one document of kind ``other`` that is not ``complete`` and has no stretches, or none where the text is empty.
    """
    lines = split_lines(text.clean)
    without = _without_report(text, lines)
    if not lines or without is not None:
        nothing = (Document(0, len(text.clean), "", "other", "", "", complete=False, gaps=(without,)),) if without else ()
        return Outline(text, nothing, (), ())
    blanks = frozenset(edit.at for edit in text.edits if not edit.size and _is_blank(text.source[edit.start : edit.end]))
    damaged = sorted([*lost_characters(text), *broken_years(text.clean)], key=_start)
    extents = find_documents(lines)
    documents: list[Document] = []
    sections: list[Section] = []
    stretches: list[Stretch] = []
    for at, extent in enumerate(extents):
        if extent.copy_of >= 0:
            continue
        draft = draft_document(text, lines, extent, len(documents), blanks, alone=len(extents) == 1)
        own, tiles = section_document(draft, len(sections))
        sections += own
        stretches += tiles
        after = lines[extent.last : extents[at + 1].first if at + 1 < len(extents) else len(lines)]
        gaps = [*_gaps(draft, after), *_between(damaged, draft), *_copies(lines, extents, at), *_promised(lines, extents, at)]
        documents.append(_document(draft, lines[extent.first : draft.body], gaps))
    return Outline(text, tuple(documents), tuple(sections), tuple(stretches))


def _is_blank(words: str) -> bool:
    return words.isspace() and "\n" not in words


def _start(gap: Gap) -> int:
    return gap.start


def _document(draft: Draft, above: Sequence[Line], gaps: Sequence[Gap]) -> Document:
    years, letterhead = draft.years, draft.letterhead
    year = years.plan or (years.plans[0] if years.plans else None)
    body = draft.text.clean[draft.start : draft.end]
    region = find_region(draft.title, f"{letterhead.byline}\n{draft.opening}", body, year, draft.header)
    words = " ".join(line.words for line in above)
    return Document(
        start=draft.start, end=draft.end, title=draft.title, kind=draft.kind, region=region.name, level=region.level, region_code=region.code,
        review_year=years.review, plan_year=years.plan, plan_years=years.plans, review_years=years.reviews, date=letterhead.iso_date(),
        speaker=letterhead.speaker, letterhead=words if len(words) < 300 else "", complete=not any(gap.kind == "cut_end" for gap in gaps),
        gaps=tuple(sorted(gaps, key=_start)))  # fmt: skip


def _gaps(draft: Draft, after: Sequence[Line]) -> list[Gap]:
    """What the document itself shows to be missing; ``after`` are the lines between it and the next one."""
    found = [*repeated(draft.lines, draft.body, draft.last), *losses.missing_numbers(draft.text.clean, draft.heads)]
    cut_end = losses.cut_end(draft, after)
    return [*found, cut_end] if cut_end else found


def _between(damaged: Sequence[Gap], draft: Draft) -> Sequence[Gap]:
    return damaged[bisect_left(damaged, draft.start, key=_start) : bisect_left(damaged, draft.end, key=_start)]


def _copies(lines: Sequence[Line], extents: Sequence[Extent], at: int) -> list[Gap]:
    return [Gap(lines[other.first].start, "repeated", "整篇重复", lines[other.last - 1].end) for other in extents if other.copy_of == at]


def _promised(lines: Sequence[Line], extents: Sequence[Extent], at: int) -> list[Gap]:
    """Documents that the title of a compilation promises and that are not there, said with the first."""
    if at > 0:
        return []
    promise = losses.missing_documents(lines, sum(extent.copy_of < 0 for extent in extents))
    return [promise] if promise else []


def _is_prose(words: str) -> bool:
    """True for a sentence, a long line or a numbered item; navigation has none of them."""
    return len(words) >= 80 or len(words) >= 8 and (ends_sentence(words) or words[0].isdigit() and words.lstrip("0123456789")[:1] in ".、")


#: what a text must hold for the dearer search for placeholders
_HOLES = ("××", "╳╳", "XX", "Xx", "xx", "○○", "〇〇", "**", "＊", "__")


def _without_report(text: Text, lines: Sequence[Line]) -> Gap | None:
    """Why a page holds no document that facts could be made from: a template to be filled in, or navigation only."""
    told = wording()
    holes = len(told.placeholder.findall(text.clean)) if any(mark in text.clean for mark in _HOLES) else 0
    if holes >= 4 and (holes * 1500 > len(text.clean) or told.template.search(text.clean[:400])):
        return Gap(0, "template", f"是待填写的模板（{holes} 处占位），不是正式文件", len(text.clean))
    if len(lines) >= 12 and not text.tables and not any(_is_prose(line.words) for line in lines):
        return Gap(0, "no_document", "只有导航和链接，没有正文", len(text.clean))
    return None
