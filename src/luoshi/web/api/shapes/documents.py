"""Documents, their text, facts, and the verdict on a quotation."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from luoshi.web.api.shapes.parts import Kind, Quotation, Shape


class Document(Shape):
    """A document as the ledger has it."""

    id: str
    title: str
    kind: str
    region: str
    region_code: str
    level: str
    year: int | None
    review_year: int | None
    plan_year: int | None
    plan_first: int | None
    plan_last: int | None
    date: str
    state: str
    version: int
    newest: bool
    family: str
    complete: bool
    characters: int
    measures: int
    tasks: int
    projects: int
    terms: int
    read_at: str


class Documents(Shape):
    """A page of documents."""

    data: list[Document]
    next: str | None


class Text(Shape):
    """A stretch of a document's text; ``total`` its length in code points."""

    document: str
    title: str
    start: int
    end: int
    total: int
    text: str


class Fact(Shape):
    """A fact as it stands now, with the words that it rests on; a field that this kind does not have is empty."""

    id: str
    kind: Kind
    role: str
    name: str
    indicator_id: str
    measure: str
    direction: str
    comparator: str
    value: float | None
    value_max: float | None
    unit: str
    year: int | None
    year_last: int | None
    strength: str
    stage: str
    part: str
    section_title: str
    lead: str
    due: str
    state: str
    doubt: str
    rule: str
    region: str
    region_code: str
    clause: str
    item: str
    quotation: Quotation


class Facts(Shape):
    """A page of facts."""

    data: list[Fact]
    next: str | None


class Check(Shape):
    """Words that are said to stand at a place of a document."""

    document: Annotated[str, Field(min_length=1, max_length=64)]
    start: Annotated[int, Field(ge=0, le=100_000_000)]
    end: Annotated[int, Field(ge=0, le=100_000_000)]
    text: Annotated[str, Field(min_length=1, max_length=20_000)]


class Place(Shape):
    """Where words stand."""

    start: int
    end: int


class Verdict(Shape):
    """Whether the words stand just there; ``there``: what does; ``places``: where else in the document the words stand, the first ten."""

    matches: bool
    document: str
    title: str
    there: str
    places: list[Place]
