"""Shows how the facts at one place of a source came about."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, SectionFact
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
    """The derivation of every fact whose span holds the source offset, the narrowest first: the sentence, the section it stands in,
    the document's years, the rule, and for a measure the reason of each attribute. One line says so where there is none."""
    size = len(reading.text.source)
    if not 0 <= offset < size:
        return [Line(0, say("explain.outside", offset=offset, size=size), "")]
    facts = [fact for fact in reading.facts if fact.start <= offset < fact.end]
    lines = [Line(0, say("explain.sentence"), _sentence(reading.text.source, offset)), *_setting(reading, facts, say)]
    told = sorted((fact for fact in facts if not isinstance(fact, DocumentFact | SectionFact)), key=lambda fact: fact.end - fact.start)
    for fact in told:
        lines.extend(_fact(fact, reading, say))
    return lines if told else [*lines, Line(0, say("explain.nothing"), "")]


def _sentence(source: str, offset: int) -> str:
    first = max((match.end() for match in _BREAKS.finditer(source, max(0, offset - 400), offset)), default=max(0, offset - 400))
    last = _BREAKS.search(source, offset)
    return one_line(source[first : min(last.end() if last else len(source), offset + 400)])


def _setting(reading: Reading, facts: list[Fact], say: Speaker) -> Iterator[Line]:
    """The document and the sections around, outermost first."""
    for fact in reading.facts:
        if isinstance(fact, DocumentFact) and fact in facts:
            years = years_shown(years_of(fact))
            yield Line(0, say("fact.document"), " · ".join(word for word in (headline(fact, say), fact.region, years) if word))
    index = next((fact.section for fact in facts if not isinstance(fact, DocumentFact | SectionFact)), -1)
    chain: list[Line] = []
    sections = reading.outline.sections
    while 0 <= index < len(sections):
        section = sections[index]
        title = one_line(reading.text.quote(section.start, section.end).text)
        chain.append(Line(0, say("fact.section"), f"{title}（{say.word('part', section.part)}）"))
        index = section.parent
    yield from reversed(chain)


def _fact(fact: Fact, reading: Reading, say: Speaker) -> Iterator[Line]:
    words = headline(fact, say)
    yield Line(0, say.word("fact", kind_of(fact)), f"{words if len(words) <= 120 else words[:119] + '…'}  [{fact.start}, {fact.end})")
    yield Line(1, say("column.rule"), getattr(fact, "rule", "") or "—")
    told = [years_shown(years_of(fact)), *attributes(fact, say)]
    yield Line(1, say("column.more"), " · ".join(word for word in told if word))
    if getattr(fact, "doubt", ""):
        yield Line(1, say("column.doubt"), getattr(fact, "doubt", ""))
    if isinstance(fact, MeasureFact):
        yield from _reasons(fact, reading, say)


def _reasons(fact: MeasureFact, reading: Reading, say: Speaker) -> Iterator[Line]:
    """Why each attribute of a measure has its value: the rule by name and the words that it rests on."""
    from luoshi.extract.kinds import measure

    find = getattr(measure, "explain_measure", None)
    for reason in find(reading.outline, fact.start) if find else ():
        words = one_line(reading.text.source[reason.start : reason.end])
        value = getattr(fact, reason.key, None)
        shown = f" = {say.word(reason.key, value) if isinstance(value, str) else value}" if isinstance(value, str | int | float) else ""
        yield Line(2, f"{say.word('column', reason.key)}{shown}", f"{reason.rule}" + (f"  ← “{words}”" if words else ""))
