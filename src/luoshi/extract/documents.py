"""The facts ``document`` and ``section``: what the outline found, written with source offsets."""

from __future__ import annotations

from collections.abc import Iterator

from luoshi.extract.fact import DocumentFact, GapFact, SectionFact
from luoshi.outline.outline import Document, Outline, Section


def find_documents(outline: Outline) -> list[DocumentFact]:
    """The documents of the file in order; they do not overlap. What reading left out stands among the gaps of its document."""
    return [_document(outline, index) for index in range(len(outline.documents))]


def find_sections(outline: Outline) -> list[SectionFact]:
    """The headings in order: ``index`` counts them, ``parent`` is the index of the heading above or -1."""
    return [_section(outline, section) for section in outline.sections]


def _document(outline: Outline, index: int) -> DocumentFact:
    document = outline.documents[index]
    words = outline.text.quote(document.start, document.end)
    gaps = sorted([*_gaps(outline, document), *_losses(outline, index)], key=lambda gap: gap.start)
    return DocumentFact(
        start=words.start, end=words.end, text=words.text, title=document.title, kind=document.kind, region=document.region,
        region_code=document.region_code, level=document.level, review_year=document.review_year, plan_year=document.plan_year,
        plan_years=document.plan_years, date=document.date, speaker=document.speaker, letterhead=document.letterhead,
        complete=document.complete, gaps=tuple(gaps), rule=f"<{document.kind} by its title and words>",
    )  # fmt: skip


def _gaps(outline: Outline, document: Document) -> Iterator[GapFact]:
    for gap in document.gaps:
        span = outline.text.to_source(gap.start, max(gap.end, gap.start))
        yield GapFact(start=span.start, kind=gap.kind, what=gap.what, end=span.end if gap.end > gap.start else 0)


def _losses(outline: Outline, index: int) -> Iterator[GapFact]:
    for loss in outline.text.losses:
        if _owner(outline, loss.start) == index:
            yield GapFact(start=loss.start, kind="unread", what=f"{loss.place}：{loss.what}" if loss.place else loss.what)


def _owner(outline: Outline, start: int) -> int:
    """Index of the document that a source offset belongs to: the last one that begins before it, else the first."""
    owner = 0
    for index, document in enumerate(outline.documents):
        if outline.text.to_source(document.start, document.start).start <= start:
            owner = index
    return owner


def _section(outline: Outline, section: Section) -> SectionFact:
    words = outline.text.quote(section.start, section.end)
    title = outline.text.quote(section.title_start, section.title_end)
    return SectionFact(
        start=words.start, end=words.end, text=words.text, level=section.level, number=section.number, title=title.text,
        part=section.part, index=section.index, parent=section.parent, document=section.document,
        rule="<numbered heading>" if section.number else "<heading without number>",
    )  # fmt: skip
