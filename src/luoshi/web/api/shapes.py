"""What the interface answers and takes, declared once for the answer itself and for its description."""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

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


# --- documents and facts


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


# --- items


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


# --- places, indicators, organisations


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


# --- search


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


# --- promises and appraisals

End = Literal["met", "missed", "near", "restated", "carried_over", "strengthened", "weakened", "dropped", "not_yet", "cannot_tell"]


class Promise(Shape):
    """A target with its end. ``judged`` is the verdict of the rules, ``verdict`` the one in force; a quotation is None where you do not see

    its document, or where there is no result.
    """

    id: str
    kind: str
    place: str
    region_code: str
    level: str
    year: int | None
    name: str
    indicator_id: str
    field: str
    verdict: End
    judged: str
    settled: bool
    doubtful: bool
    likely: bool
    distance: float | None
    why: str
    target_fact: str
    result_fact: str
    target: Quotation | None
    result: Quotation | None


class Promises(Shape):
    """A page of targets with their ends."""

    data: list[Promise]
    next: str | None


class Appraisal(Shape):
    """An appraisal; ``until`` the last day of objections."""

    id: str
    title: str
    scheme: str
    kind: str
    region: str
    region_code: str
    period: str
    first: str
    last: str
    state: str
    until: str
    subjects: int
    scored: int
    announced_at: str
    final_at: str


class Appraisals(Shape):
    """A page of appraisals."""

    data: list[Appraisal]
    next: str | None


class Score(Shape):
    """A score. ``points`` as text so that no digit is lost, empty where there is none and ``why`` says why; ``sheet``: how it came about."""

    id: str
    subject: str
    unit: str
    name: str
    peers: str
    points: str
    place: int | None
    among: int
    grade: str
    why: str
    changed: bool
    sheet: dict[str, Any] | None


class Scores(Shape):
    """A page of scores."""

    data: list[Score]
    next: str | None
