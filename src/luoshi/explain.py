"""Shows how the facts at one place of a source came about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from luoshi.extract.catalogue import indicator
from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
from luoshi.extract.kinds.measure import explain_measure
from luoshi.extract.reading import Reading
from luoshi.messages import Speaker
from luoshi.publish.wording import attributes, headline, kind_of, one_line, years_of, years_shown

_BREAKS = re.compile(r"[。！？\n]")


class Line(msgspec.Struct, frozen=True):
    """One line of an explanation: how deep it stands, what it is about, what it says."""

    depth: int
    label: str
    words: str


def explain(reading: Reading, offset: int, say: Speaker) -> list[Line]:
    """The derivation of every fact whose span holds the source offset, the narrowest first: the sentence, the document and the sections
    it stands in, the rule, for a measure the reason of each attribute, for a task the place of each unit. On a heading, of the section.
    One line says so where there is no fact but the document."""
    size = len(reading.text.source)
    if not 0 <= offset < size:
        return [Line(0, say("explain.outside", offset=offset, size=size), "")]
    facts = [fact for fact in reading.facts if fact.start <= offset < fact.end]
    lines = [Line(0, say("explain.sentence"), _sentence(reading.text.source, offset)), *_setting(reading, facts, say)]
    told = sorted((fact for fact in facts if not isinstance(fact, DocumentFact)), key=lambda fact: fact.end - fact.start)
    for fact in told:
        lines.extend(_fact(fact, reading, say))
    return lines if told else [*lines, Line(0, say("explain.nothing"), "")]


def _sentence(source: str, offset: int) -> str:
    first = max((match.end() for match in _BREAKS.finditer(source, max(0, offset - 400), offset)), default=max(0, offset - 400))
    last = _BREAKS.search(source, offset)
    return one_line(source[first : min(last.end() if last else len(source), offset + 400)])


def _setting(reading: Reading, facts: list[Fact], say: Speaker) -> Iterator[Line]:
    """The document with its rule, and the sections around, outermost first; a heading stands in the section above it."""
    for fact in facts:
        if isinstance(fact, DocumentFact):
            years = years_shown(years_of(fact))
            yield Line(0, say("fact.document"), " · ".join(word for word in (headline(fact, say), fact.region, years) if word))
            yield Line(1, say("column.rule"), fact.rule)
    index = next((_above(fact) for fact in facts if not isinstance(fact, DocumentFact)), -1)
    chain: list[Line] = []
    sections = reading.outline.sections
    while 0 <= index < len(sections):
        section = sections[index]
        title = one_line(reading.text.quote(section.start, section.end).text)
        chain.append(Line(0, say("fact.section"), say("explain.heading", title=title, part=say.word("part", section.part))))
        index = section.parent
    yield from reversed(chain)


def _above(fact: SectionFact | MeasureFact | ProjectFact | TaskFact | TermFact) -> int:
    return fact.parent if isinstance(fact, SectionFact) else fact.section


def _fact(fact: Fact, reading: Reading, say: Speaker) -> Iterator[Line]:
    words = headline(fact, say)
    yield Line(0, say.word("fact", kind_of(fact)), f"{words if len(words) <= 120 else words[:119] + '…'}  [{fact.start}, {fact.end})")
    yield Line(1, say("column.rule"), getattr(fact, "rule", "") or "—")
    told = [years_shown(years_of(fact)), *attributes(fact, say)]
    yield Line(1, say("column.more"), " · ".join(word for word in told if word))
    if getattr(fact, "doubt", ""):
        yield Line(1, say("column.doubt"), getattr(fact, "doubt", ""))
    match fact:
        case MeasureFact():
            yield from _reasons(fact, reading, say)
            yield from _read_off(fact, say)
        case TaskFact():
            yield from _duties(fact, say)


def _reasons(fact: MeasureFact, reading: Reading, say: Speaker) -> Iterator[Line]:
    """Why an attribute of a measure that rules decide has its value: the rule by name and the words that it rests on."""
    for reason in explain_measure(reading.outline, fact.start):
        value = getattr(fact, reason.key, None)
        shown = say.word(reason.key, value) if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""
        if reason.key == "year" and fact.years:
            shown = years_shown(fact.years)
        if reason.key == "measure" and fact.direction:
            shown = f"{shown} {say.word('direction', fact.direction)}"
        yield _ground(reason.key, shown, reason.rule, reading.text.source[reason.start : reason.end], say)


def _read_off(fact: MeasureFact, say: Speaker) -> Iterator[Line]:
    """What is read off the words of the amount, of the indicator or of the reference alone."""
    if fact.value is not None:
        has_number = any(char.isdecimal() for char in fact.text)
        last = f"–{fact.value_max}" if fact.value_max is not None else ""
        yield _ground("value", f"{fact.value}{last}", say("explain.value" if has_number else "explain.value-word"), fact.text, say)
    if fact.unit:
        written = fact.unit in one_line(fact.text)
        yield _ground("unit", fact.unit, say("explain.unit" if written else "explain.unit-implied"), fact.text, say)
    if fact.indicator_id:
        name = fact.indicator.text if fact.indicator else ""
        yield _ground("indicator_id", fact.indicator_id, say("explain.catalogue", name=indicator(fact.indicator_id).name), name, say)
    if fact.reference:
        yield _ground("reference", "", say("explain.reference"), fact.reference.text, say)


def _ground(key: str, value: str, why: str, words: str, say: Speaker) -> Line:
    shown = f" = {value}" if value else ""
    return Line(2, f"{say.word('column', key)}{shown}", why + (f"  ← “{one_line(words)}”" if words else ""))


def _duties(fact: TaskFact, say: Speaker) -> Iterator[Line]:
    """Where each leader, unit, act and deadline of a task stands."""
    lists = {"leaders": fact.leaders, "lead_units": fact.lead_units, "support_units": fact.support_units, "actions": fact.actions}
    for key, quotes in (*lists.items(), ("deadline", (fact.deadline,) if fact.deadline else ())):
        for quote in quotes:
            yield Line(2, say(f"column.{key}"), f"{one_line(quote.text)}  [{quote.start}, {quote.end})")
