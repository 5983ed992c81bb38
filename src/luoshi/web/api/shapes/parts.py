"""What all answers are made of: errors, quotations, and how filters and pages are asked for."""

from __future__ import annotations

from typing import Annotated, Literal, TypeVar

from ninja import Schema
from pydantic import ConfigDict, Field

Kind = Literal["measure", "task", "project", "term"]
Year = Annotated[str, Field(pattern=r"^[0-9]{4}(-[0-9]{4})?$", description="2026 或 2021-2025 · a year or years")]
Cursor = Annotated[str, Field(max_length=300, pattern=r"^[A-Za-z0-9_-]*$", description="上一页的 next · next of the page before")]
Limit = Annotated[int, Field(ge=1, le=200, description="一页多少条 · rows of a page")]
Words = Annotated[str, Field(max_length=200)]
#: many values of one filter mean any of them
One = TypeVar("One")
Several = Annotated[list[One], Field(max_length=50, default_factory=list)]
Many = Several[Annotated[str, Field(max_length=100)]]
Places = Annotated[Many, Field(description="区划代码，含下级 · codes of regions with all below them")]


class Shape(Schema):
    """A part of an answer."""

    model_config = ConfigDict(extra="forbid")


class Trouble(Shape):
    """What went wrong, where, and what to do; ``slug`` stays the same for ever."""

    slug: str
    what: str
    where: str
    remedy: str


class Problem(Shape):
    """Every error has this shape."""

    error: Trouble


class Quotation(Shape):
    """Words of a document, with the place where they stand: code points of the document's text, half open."""

    document: str
    title: str
    start: int
    end: int
    text: str
