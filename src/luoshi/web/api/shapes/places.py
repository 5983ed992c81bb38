"""Regions and their record, indicators, organisations."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from luoshi.web.api.shapes.documents import Document, Fact
from luoshi.web.api.shapes.parts import Shape


class Region(Shape):
    """A division or a zone; ``documents``: how many of its documents you see."""

    code: str
    name: str
    full_name: str
    level: str
    kind: str
    parent: str
    valid_from: int | None
    valid_to: int | None
    documents: int


class Regions(Shape):
    """A page of regions."""

    data: list[Region]
    next: str | None


class Headline(Shape):
    """A headline target of a place with what the year before targeted and reached, each a fact with its quotation."""

    indicator_id: str
    name: str
    measure: str
    unit: str
    target: Fact | None
    before: Fact | None
    result: Fact | None


class Count(Shape):
    """How many there are of a word."""

    word: str
    count: int


class Record(Shape):
    """What the ledger has of a place: the newest report's headline targets, and how its matters stand."""

    region: Region
    year: int | None
    headlines: list[Headline]
    items: int
    states: list[Count]
    lights: list[Count]
    documents: list[Document]


class Indicator(Shape):
    """An indicator of the catalogue; ``count``: targets and results of it that you see."""

    id: str
    name: str
    aliases: list[str]
    unit: str
    direction: Annotated[str, Field(description="+ 越高越好，- 越低越好，0 不分 · which way is better")]
    attribute: str
    source: str
    count: int


class Indicators(Shape):
    """A page of indicators."""

    data: list[Indicator]
    next: str | None


class Organisation(Shape):
    """A unit or a group; ``successor``: as which it went on."""

    id: str
    name: str
    kind: str
    region: str
    region_code: str
    aliases: list[str]
    valid_from: str
    valid_to: str
    successor: str
    led: int
    supported: int


class Organisations(Shape):
    """A page of organisations."""

    data: list[Organisation]
    next: str | None
