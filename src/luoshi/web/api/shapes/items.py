"""Items, how they stand, their story, acts."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from luoshi.web.api.shapes.parts import Quotation, Shape


class Matter(Shape):
    """How an item stands in the loop."""

    number: str
    mechanism: str
    mechanism_title: str
    variant: str
    stage: str
    stage_title: str
    state: Literal["live", "hung", "closed", "ended"]
    light: str
    time_light: str
    progress_light: str
    quality_light: str
    progress: float | None
    due: str
    original: str
    next_due: str
    unit: str
    unit_name: str
    turn: str
    missed: int
    returned: int
    evidence: int
    acts: int
    opened_at: str
    changed_at: str
    closed_at: str


class Item(Shape):
    """An item; personal data in its title and words is masked. ``matter`` where it was filed, ``quotation`` where it comes from a fact."""

    id: str
    number: str
    title: str
    text: str
    state: str
    year: int | None
    region: str
    region_code: str
    section_title: str
    leaders: str
    lead: str
    support: str
    due: str
    due_text: str
    open_ended: bool
    document: str
    fact: str
    created_at: str
    changed_at: str
    matter: Matter | None
    quotation: Quotation | None


class Items(Shape):
    """A page of items."""

    data: list[Item]
    next: str | None


class Said(Shape):
    """Something that the doer gave; ``cut``: more words are there."""

    label: str
    words: str
    cut: bool


class Change(Shape):
    """What became of a field."""

    label: str
    old: str
    new: str


class Attached(Shape):
    """A file that came with an act."""

    name: str
    media: str
    size: int


class Line(Shape):
    """One entry of the story. ``seq`` is its number in the ledger; ``through``: the name of the token by which it was done."""

    seq: int
    at: str
    kind: Literal["act", "clock", "item"]
    title: str
    by: str
    part: str
    through: str
    said: list[Said]
    changes: list[Change]
    files: list[Attached]
    light: str
    light_words: str
    paper: str


class Story(Shape):
    """A page of the story of an item, newest first."""

    data: list[Line]
    next: str | None


class OpenAct(Shape):
    """An act that is open to whoever asks: what it asks for, what it may be given besides, which fields it changes."""

    act: str
    title: str
    parts: list[str]
    needs: list[str]
    wants: list[str]
    fields: list[str]
    units: list[str]


class OpenActs(Shape):
    """The acts open now; ``seen``: send it back with the act, and nobody acts on what has changed meanwhile."""

    seen: int
    stage: str
    turn: str
    data: list[OpenAct]


class Deed(Shape):
    """An act. ``inputs`` as the mechanism asks for them; ``evidence``: words that the interface gave for files sent before."""

    act: Annotated[str, Field(min_length=1, max_length=60, description="动作 · of GET …/acts")]
    inputs: Annotated[dict[str, Any], Field(max_length=30, default_factory=dict)]
    evidence: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(max_length=10, default_factory=list)]
    seen: Annotated[int | None, Field(ge=0, le=1_000_000_000)] = None
    part: Annotated[str, Field(max_length=40, description="代外部人员登记时填 · for somebody outside")] = ""


class Done(Shape):
    """What an act made: the numbers of its entries, and the item as it is then; None where whoever acted sees it no more."""

    entries: list[int]
    item: Item | None


class Kept(Shape):
    """A file that is kept; ``evidence`` is the word to send with the act, good for a day, for this account only."""

    evidence: str
    name: str
    media: str
    size: int
