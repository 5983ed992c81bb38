"""How a fact is put into a few words for people: one line, and its attributes."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
from luoshi.messages import Speaker
from luoshi.outline.outline import Outline
from luoshi.span import Quote

#: slug of each kind of fact, as in its ``fact`` key
NAMES = {
    DocumentFact: "document",
    SectionFact: "section",
    TaskFact: "task",
    TermFact: "term",
    ProjectFact: "project",
    MeasureFact: "measure",
}
_SIGNS = {"ge": "≥", "le": "≤", "approx": "≈"}
_ARROWS = {"up": "↑", "down": "↓"}


def kind_of(fact: Fact) -> str:
    """The kind's name, the value of the key ``fact``."""
    return NAMES[type(fact)]


def headline(fact: Fact, say: Speaker) -> str:
    """One line that says what the fact states, in the source's own words as far as they go."""
    match fact:
        case MeasureFact():
            signs = _ARROWS.get(fact.direction or "", "") + _SIGNS.get(fact.comparator, "")
            name = one_line(fact.indicator.text) if fact.indicator else ""
            return " ".join(part for part in (name, signs, one_line(fact.text)) if part)
        case TaskFact():
            title = fact.title.text if fact.title else fact.text[: fact.body_end - fact.start if fact.body_end else None]
            return one_line(title)
        case TermFact():
            return one_line(fact.name.text if fact.name else fact.text)
        case SectionFact():
            return one_line(fact.text)
        case DocumentFact():
            return one_line(fact.title) or say.word("kind", fact.kind)
        case ProjectFact():
            return one_line(fact.text)


def years_of(fact: Fact) -> tuple[int, int] | None:
    """First and last year that a fact is for; for a document its review and plan year."""
    match fact:
        case MeasureFact():
            return fact.years or ((fact.year, fact.year) if fact.year is not None else None)
        case DocumentFact():
            if fact.plan_years:
                return fact.plan_years
            known = [year for year in (fact.review_year, fact.plan_year) if year is not None]
            return (known[0], known[-1]) if known else None
    return None


def years_shown(years: tuple[int, int] | None) -> str:
    """``2023`` or ``2021–2025``; empty where there is none."""
    if years is None:
        return ""
    return str(years[0]) if years[0] == years[1] else f"{years[0]}–{years[1]}"


def attributes(fact: Fact, say: Speaker) -> list[str]:
    """What is to be said of a fact besides its line: role, kind of measure, strength, stage, units in words."""
    match fact:
        case MeasureFact():
            found = [say.word("role", fact.role), say.word("measure", fact.measure)]
            if fact.comparator not in ("eq", ""):
                found.append(say.word("comparator", fact.comparator))
            if fact.strength != "plain":
                found.append(say.word("strength", fact.strength))
            if fact.reference:
                found.append(f"{say('column.reference')} {one_line(fact.reference.text)}")
            return found
        case ProjectFact():
            return [say.word("stage", fact.stage), say.word("role", fact.role)]
        case TaskFact():
            return _duties(fact, say)
        case SectionFact():
            return [say.word("part", fact.part)]
        case DocumentFact():
            found = [say.word("kind", fact.kind), fact.region, say.word("level", fact.level) if fact.level else ""]
            return [word for word in found if word]
        case TermFact():
            return [one_line(fact.definition.text)] if fact.definition else []


def _duties(fact: TaskFact, say: Speaker) -> list[str]:
    lists = (("leaders", fact.leaders), ("lead_units", fact.lead_units), ("support_units", fact.support_units), ("actions", fact.actions))
    found = [f"{say('column.' + key)} {joined(quotes, say)}" for key, quotes in lists if quotes]
    if fact.deadline:
        found.append(f"{say('column.deadline')} {one_line(fact.deadline.text)}")
    return found


def joined(quotes: Sequence[Quote], say: Speaker) -> str:
    """Several quotes as one list."""
    return say("word.joint").join(one_line(quote.text) for quote in quotes)


def one_line(words: str) -> str:
    """The words with every run of blanks and line ends as one blank."""
    return " ".join(words.split())


def section_titles(outline: Outline) -> list[str]:
    """The title of each section with its number, by index."""
    quotes = (outline.text.quote(section.start, section.end) for section in outline.sections)
    return [one_line(quote.text) for quote in quotes]
