"""What a search finds."""

from __future__ import annotations

from luoshi.web.api.shapes.parts import Quotation, Shape


class Hit(Shape):
    """Something that was found; ``quotation`` where it is words of a document."""

    kind: str
    id: str
    name: str
    snippet: str
    year: int | None
    document: str
    document_title: str
    quotation: Quotation | None


class Hits(Shape):
    """A page of what was found, best first; ``total`` is counted up to 1,000, ``more``: there are more than that."""

    data: list[Hit]
    next: str | None
    total: int
    more: bool
