"""Facts: the records that reading a document yields. Offsets are source offsets, ``text`` the source's words there.

Keys that do not apply are left out when a record is written. A key that is written whatever its value has a default
*factory*: ``msgspec`` leaves out plain defaults only.
"""

from __future__ import annotations

import msgspec

from luoshi.span import Quote


def _plain() -> str:
    return "plain"


def _yes() -> bool:
    return True


def _first() -> int:
    return 0


class Reason(msgspec.Struct, frozen=True, gc=False):
    """Why an attribute has its value: ``key`` of the attribute, ``rule`` by name, ``start``/``end`` of the words it rests on."""

    key: str
    rule: str
    start: int
    end: int


class GapFact(msgspec.Struct, frozen=True, omit_defaults=True):
    start: int
    kind: str
    what: str
    end: int = 0


class DocumentFact(msgspec.Struct, frozen=True, tag_field="fact", tag="document", omit_defaults=True):
    start: int
    end: int
    text: str
    title: str
    kind: str
    region: str = ""
    region_code: str = ""
    level: str = ""
    review_year: int | None = None
    plan_year: int | None = None
    plan_years: tuple[int, int] | None = None
    date: str = ""
    speaker: str = ""
    letterhead: str = ""
    complete: bool = msgspec.field(default_factory=_yes)
    gaps: tuple[GapFact, ...] = ()
    rule: str = ""


class SectionFact(msgspec.Struct, frozen=True, tag_field="fact", tag="section", omit_defaults=True, gc=False):
    start: int
    end: int
    text: str
    level: int
    number: str
    title: str
    part: str
    index: int = -1
    parent: int = -1
    document: int = msgspec.field(default_factory=_first)
    rule: str = ""


class MeasureFact(msgspec.Struct, frozen=True, tag_field="fact", tag="measure", omit_defaults=True):
    """An amount or numberless target; see the contract in ``docs/facts.md``."""

    start: int
    end: int
    text: str
    role: str
    measure: str
    comparator: str
    indicator: Quote | None = None
    indicator_id: str = ""
    direction: str | None = None
    value: float | int | None = None
    value_max: float | int | None = None
    unit: str = ""
    year: int | None = None
    years: tuple[int, int] | None = None
    strength: str = msgspec.field(default_factory=_plain)
    reference: Quote | None = None
    section: int = -1
    document: int = msgspec.field(default_factory=_first)
    rule: str = ""
    doubt: str = ""


class TaskFact(msgspec.Struct, frozen=True, tag_field="fact", tag="task", omit_defaults=True):
    start: int
    end: int
    text: str
    number: int | str | None = None
    title: Quote | None = None
    body_end: int | None = None
    leaders: tuple[Quote, ...] = ()
    lead_units: tuple[Quote, ...] = ()
    support_units: tuple[Quote, ...] = ()
    deadline: Quote | None = None
    due: str = ""
    open: bool = False
    part: int | None = None
    parts: int | None = None
    actions: tuple[Quote, ...] = ()
    section: int = -1
    document: int = msgspec.field(default_factory=_first)
    rule: str = ""
    doubt: str = ""


class ProjectFact(msgspec.Struct, frozen=True, tag_field="fact", tag="project", omit_defaults=True, gc=False):
    start: int
    end: int
    text: str
    stage: str
    role: str
    section: int = -1
    document: int = msgspec.field(default_factory=_first)
    rule: str = ""
    doubt: str = ""


class TermFact(msgspec.Struct, frozen=True, tag_field="fact", tag="term", omit_defaults=True):
    start: int
    end: int
    text: str
    name: Quote | None = None
    definition: Quote | None = None
    number: int | None = None
    section: int = -1
    document: int = msgspec.field(default_factory=_first)
    rule: str = ""


Fact = DocumentFact | SectionFact | MeasureFact | TaskFact | ProjectFact | TermFact
