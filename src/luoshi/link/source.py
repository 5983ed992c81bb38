"""A document as linking sees it: who says it of which years, its text, its sections, and its measures, tasks and projects as values."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import Any, Final

import msgspec

#: parts of a document in which it looks back
LOOKING_BACK: Final = frozenset({"review", "problems"})
_SENTENCE_ENDS: Final = frozenset("。；！？;!?\n")


class Part(msgspec.Struct, frozen=True):
    """A section: where its heading begins, its level, title, and the part of the document it belongs to."""

    start: int
    level: int
    title: str
    part: str


class Measured(msgspec.Struct, frozen=True, gc=False):
    """A measure; offsets count code points of the document's own text. ``name`` are the words of the indicator, at ``name_start``."""

    id: str
    start: int
    end: int
    text: str
    role: str
    measure: str
    comparator: str
    name: str = ""
    name_start: int = -1
    indicator_id: str = ""
    direction: str = ""
    value: float | None = None
    value_max: float | None = None
    unit: str = ""
    year: int | None = None
    years: tuple[int, int] | None = None
    strength: str = "plain"
    reference: str = ""
    section: int = -1

    @property
    def last_year(self) -> int | None:
        """The year at the end of which it is so, or is to be so."""
        return self.years[1] if self.years else self.year


class Acted(msgspec.Struct, frozen=True, gc=False):
    """A project at a stage."""

    id: str
    start: int
    end: int
    text: str
    stage: str
    role: str
    section: int = -1


class Task(msgspec.Struct, frozen=True, gc=False):
    """A commitment to an act, or an item of a breakdown; ``actions`` are (start, end) of its verbs, ``body_end`` where its words end."""

    id: str
    start: int
    end: int
    body_end: int
    title: str = ""
    number: str = ""
    actions: tuple[tuple[int, int], ...] = ()
    section: int = -1


class Source(msgspec.Struct, frozen=True, dict=True):
    """One document. ``key`` names it in quotations; two documents never share one. ``shift`` is where its text begins in its file."""

    key: str
    title: str
    kind: str
    region_code: str
    region: str
    level: str
    text: str
    review_year: int | None = None
    plan_year: int | None = None
    plan_years: tuple[int, int] | None = None
    complete: bool = True
    file: str = ""
    shift: int = 0
    parts: tuple[Part, ...] = ()
    measures: tuple[Measured, ...] = ()
    projects: tuple[Acted, ...] = ()
    tasks: tuple[Task, ...] = ()

    @property
    def place(self) -> str:
        """What tells whose document it is: the region's code, its name where it has none."""
        return self.region_code or self.region

    @cached_property
    def _bounds(self) -> tuple[int, ...]:
        return tuple(index for index, sign in enumerate(self.text) if sign in _SENTENCE_ENDS)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) of the words between two ends of sentences that hold ``start`` to ``end``, without blanks around."""
        bounds = self._bounds
        before, after = bisect_left(bounds, start), bisect_right(bounds, max(start, end - 1))
        first = bounds[before - 1] + 1 if before else 0
        last = bounds[after] + 1 if after < len(bounds) else len(self.text)
        if after < len(bounds) and self.text[bounds[after]] == "\n":
            last -= 1
        while first < start and self.text[first].isspace():
            first += 1
        return first, last

    def part_of(self, section: int) -> str:
        return self.parts[section].part if 0 <= section < len(self.parts) else ""


def measured(record: dict[str, Any], key: str) -> Measured:
    """A measure out of a fact's record (``docs/facts.md``)."""
    name = record.get("indicator") or {}
    years = record.get("years")
    return Measured(
        id=key, start=record["start"], end=record["end"], text=record["text"], role=record["role"], measure=record["measure"],
        comparator=record["comparator"], name=name.get("text", ""), name_start=name.get("start", -1),
        indicator_id=record.get("indicator_id") or "", direction=record.get("direction") or "", value=record.get("value"),
        value_max=record.get("value_max"), unit=record.get("unit") or "", year=record.get("year"), years=tuple(years) if years else None,
        strength=record.get("strength") or "plain", reference=(record.get("reference") or {}).get("text", ""), section=record.get("section", -1),
    )  # fmt: skip


def acted(record: dict[str, Any], key: str) -> Acted:
    """A project out of a fact's record."""
    return Acted(key, record["start"], record["end"], record["text"], record["stage"], record["role"], record.get("section", -1))


def task(record: dict[str, Any], key: str) -> Task:
    """A task out of a fact's record."""
    return Task(
        id=key, start=record["start"], end=record["end"], body_end=record.get("body_end") or record["end"],
        title=(record.get("title") or {}).get("text", ""), number=str(record.get("number") or ""),
        actions=tuple((one["start"], one["end"]) for one in record.get("actions") or ()), section=record.get("section", -1),
    )  # fmt: skip
