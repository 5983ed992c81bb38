"""The columns of tables: which there are, what stands in them, and which belong to which kind of fact."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from luoshi.extract.fact import DocumentFact, Fact, SectionFact, TaskFact
from luoshi.extract.reading import Reading
from luoshi.messages import Speaker
from luoshi.publish.wording import headline, joined, kind_of, one_line, section_titles, years_of
from luoshi.span import Quote

Value = str | int | float | None
#: the longest text that a spreadsheet's cell holds
CELL = 32_000


class Place(msgspec.Struct, frozen=True):
    """Where a fact stands, besides its offsets: file, title and part of its section."""

    file: str
    section: str
    part: str


def _words(fact: Fact, say: Speaker, place: Place) -> Value:
    return headline(fact, say) if isinstance(fact, DocumentFact) else fact.text


def _name(fact: Fact, say: Speaker, place: Place) -> Value:
    indicator = getattr(fact, "indicator", None)
    if isinstance(indicator, Quote):
        return one_line(indicator.text)
    return None if kind_of(fact) == "measure" else fact.title if isinstance(fact, SectionFact) else headline(fact, say)


def _plain(key: str) -> Callable[[Fact, Speaker, Place], Value]:
    def value(fact: Fact, say: Speaker, place: Place) -> Value:
        found = getattr(fact, key, None)
        return found if found != "" else None

    return value


def _word(key: str) -> Callable[[Fact, Speaker, Place], Value]:
    """A value of a closed list in words; an attribute of the wrong type (a section's level is a number) stays as it is."""

    def value(fact: Fact, say: Speaker, place: Place) -> Value:
        found = getattr(fact, key, None)
        return say.word(key, found) if isinstance(found, str) and found else found

    return value


def _quote(key: str) -> Callable[[Fact, Speaker, Place], Value]:
    def value(fact: Fact, say: Speaker, place: Place) -> Value:
        found = getattr(fact, key, None)
        return one_line(found.text) if isinstance(found, Quote) else None

    return value


def _quotes(key: str) -> Callable[[Fact, Speaker, Place], Value]:
    def value(fact: Fact, say: Speaker, place: Place) -> Value:
        return joined(getattr(fact, key, ()), say) or None

    return value


def _year(at: int) -> Callable[[Fact, Speaker, Place], Value]:
    def value(fact: Fact, say: Speaker, place: Place) -> Value:
        years = years_of(fact)
        return years[at] if years else None

    return value


def _deadline(fact: Fact, say: Speaker, place: Place) -> Value:
    if not isinstance(fact, TaskFact):
        return None
    return one_line(fact.deadline.text) if fact.deadline else say("word.open") if fact.open else None


def _complete(fact: Fact, say: Speaker, place: Place) -> Value:
    return say("word.yes" if fact.complete else "word.no") if isinstance(fact, DocumentFact) else None


def _gaps(fact: Fact, say: Speaker, place: Place) -> Value:
    return say("word.listed").join(gap.what for gap in fact.gaps) or None if isinstance(fact, DocumentFact) else None


#: every column: what makes its value, and its width in characters
COLUMNS: dict[str, tuple[Callable[[Fact, Speaker, Place], Value], int]] = {
    "file": (lambda fact, say, place: place.file, 22),
    "fact": (lambda fact, say, place: say.word("fact", kind_of(fact)), 7),
    "start": (_plain("start"), 8),
    "end": (_plain("end"), 8),
    "text": (_words, 30),
    "number": (_plain("number"), 8),
    "name": (_name, 28),
    "indicator_id": (_plain("indicator_id"), 18),
    "role": (_word("role"), 7),
    "measure": (_word("measure"), 7),
    "direction": (_word("direction"), 7),
    "comparator": (_word("comparator"), 9),
    "value": (_plain("value"), 16),
    "value_max": (_plain("value_max"), 12),
    "unit": (_plain("unit"), 9),
    "year_first": (_year(0), 7),
    "year_last": (_year(1), 7),
    "strength": (_word("strength"), 7),
    "reference": (_quote("reference"), 18),
    "stage": (_word("stage"), 7),
    "leaders": (_quotes("leaders"), 16),
    "lead_units": (_quotes("lead_units"), 28),
    "support_units": (_quotes("support_units"), 40),
    "deadline": (_deadline, 14),
    "due": (_plain("due"), 12),
    "actions": (_quotes("actions"), 16),
    "definition": (_quote("definition"), 60),
    "level": (_word("level"), 7),
    "kind": (_word("kind"), 12),
    "region": (_plain("region"), 24),
    "region_code": (_plain("region_code"), 9),
    "review_year": (_plain("review_year"), 8),
    "plan_year": (_plain("plan_year"), 8),
    "complete": (_complete, 7),
    "gaps": (_gaps, 40),
    "section": (lambda fact, say, place: place.section or None, 30),
    "part": (lambda fact, say, place: say.word("part", place.part) if place.part else None, 9),
    "rule": (_plain("rule"), 24),
    "doubt": (_plain("doubt"), 18),
}

#: the columns of each kind's own sheet, in order
SHEETS: dict[str, tuple[str, ...]] = {
    "measure": ("file", "name", "text", "value", "value_max", "unit", "comparator", "measure", "direction", "role", "year_first",
                "year_last", "strength", "reference", "indicator_id", "section", "part", "start", "end", "rule", "doubt"),
    "task": ("file", "number", "name", "leaders", "lead_units", "support_units", "deadline", "due", "actions", "text", "section", "part",
             "start", "end", "rule", "doubt"),
    "project": ("file", "name", "stage", "role", "section", "part", "start", "end", "rule", "doubt"),
    "term": ("file", "name", "definition", "start", "end", "rule"),
    "section": ("file", "level", "number", "name", "part", "start", "end", "rule"),
    "document": ("file", "name", "kind", "region", "region_code", "level", "review_year", "plan_year", "year_first", "year_last",
                 "complete", "gaps", "start", "end", "rule"),
}  # fmt: skip


def rows_of(reading: Reading, say: Speaker) -> Iterator[tuple[Fact, Place]]:
    """Each fact with its place, in order."""
    titles = section_titles(reading.outline)
    parts = [section.part for section in reading.outline.sections]
    name = reading.text.name
    for fact in reading.facts:
        index = fact.index if isinstance(fact, SectionFact) else getattr(fact, "section", -1)
        known = 0 <= index < len(titles)
        yield fact, Place(file=name, section=titles[index] if known else "", part=parts[index] if known else "")


def cells(fact: Fact, place: Place, columns: tuple[str, ...], say: Speaker) -> list[Value]:
    """The values of one row; texts are cut to what a cell holds."""
    values = [COLUMNS[column][0](fact, say, place) for column in columns]
    return [value[:CELL] + "…" if isinstance(value, str) and len(value) > CELL else value for value in values]
