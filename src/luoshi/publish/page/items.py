"""The facts as HTML: a list in the order of the source, grouped under its headings, and what is told of each when it is chosen."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter

import msgspec

from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
from luoshi.extract.reading import Reading
from luoshi.messages import Speaker
from luoshi.publish.columns import SHEETS, Place, cells, rows_of
from luoshi.publish.page.source import look, shown
from luoshi.publish.wording import attributes, headline, kind_of, section_titles, years_of, years_shown

_LONG = 90
_LEFT_OUT = {"file", "start", "end", "part", "year_last"}


def list_html(reading: Reading, say: Speaker) -> str:
    """One ``<li>`` for each fact but documents; headings divide the list."""
    return "".join(_item(index, fact, say) for index, fact in enumerate(reading.facts) if not isinstance(fact, DocumentFact))


def _item(index: int, fact: Fact, say: Speaker) -> str:
    words = headline(fact, say)
    if isinstance(fact, SectionFact):
        level = min(fact.level, 4)
        return (f'<li class="sec l{level}" data-i="{index}" data-k="section" data-l="{level}" data-s="{fact.index}" data-c="s">'
                f'<button type="button">{shown(words)}</button></li>')  # fmt: skip
    short = words if len(words) <= _LONG else words[: _LONG - 1] + "…"
    told = attributes(fact, say)
    more = [years_shown(years_of(fact)), *(told[1:] if isinstance(fact, MeasureFact) else told)]  # a measure's role is its chip
    tail = " · ".join(word for word in more if word)
    tail = tail if len(tail) <= 2 * _LONG else tail[: 2 * _LONG - 1] + "…"
    role = fact.role if isinstance(fact, MeasureFact | ProjectFact) else ""
    chip = say.word("role", fact.role) if isinstance(fact, MeasureFact) else say.word("fact", kind_of(fact))
    return (
        f'<li data-i="{index}" data-k="{kind_of(fact)}" data-r="{shown(role)}" data-s="{_section(fact)}" data-c="{shown(look(fact))}">'
        f'<button type="button"><span class="chip {shown(look(fact))}">{shown(chip)}</span> '
        f'<span class="line">{shown(short)}</span><span class="tail">{shown(tail)}</span></button></li>'
    )


def _section(fact: Fact) -> int:
    return fact.section if isinstance(fact, MeasureFact | TaskFact | ProjectFact | TermFact) else -1


def details(reading: Reading, say: Speaker) -> list[list[tuple[str, str]]]:
    """For each fact by index the labels and values that are told when it is chosen; none for documents."""
    return [_detail(fact, reading, say, place) for fact, place in rows_of(reading, say)]


def _detail(fact: Fact, reading: Reading, say: Speaker, place: Place) -> list[tuple[str, str]]:
    if isinstance(fact, DocumentFact):
        return []
    rows = [("fact", say.word("fact", kind_of(fact)))]
    for key, value in zip(SHEETS[kind_of(fact)], cells(fact, place, SHEETS[kind_of(fact)], say), strict=True):
        if key == "year_first" and value is not None:
            rows.append(("year", years_shown(years_of(fact))))
        elif value is not None and key not in _LEFT_OUT and not (isinstance(fact, TaskFact) and key == "text"):
            rows.append((key, f"{value:,}" if key in ("value", "value_max") and not isinstance(value, str) else str(value)))
    where = reading.text.place(fact.start)
    rows.append(("place", f"{fact.start}–{fact.end}" + (f" · {where}" if where else "")))
    return [(say(f"column.{key}"), value) for key, value in rows]


def sections_html(reading: Reading, say: Speaker) -> str:
    """The ``<option>`` elements of the choice of section; ``data-end`` is the index behind its last sub-section."""
    sections = reading.outline.sections
    titles = section_titles(reading.outline)
    options = [f'<option value="">{shown(say("page.all_sections"))}</option>']
    starts = [section.start for section in sections]
    for section in sections:
        end = max(bisect_left(starts, section.body_end), section.index + 1)
        indent = "　" * (section.level - 1)
        options.append(f'<option value="{section.index}" data-end="{end}">{indent}{shown(titles[section.index][:40])}</option>')
    return "".join(options)


def head_html(reading: Reading, say: Speaker) -> str:
    """What is known of the documents of the file, with their gaps."""
    out: list[str] = []
    for fact in reading.facts:
        if isinstance(fact, DocumentFact):
            years = years_shown(years_of(fact))
            told = " · ".join(word for word in (*attributes(fact, say), years) if word)
            out.append(f'<div class="doc"><h2>{shown(headline(fact, say))}</h2><p>{shown(told)}</p>{_gap_list(fact, say)}</div>')
    return "".join(out)


def _gap_list(fact: DocumentFact, say: Speaker) -> str:
    if not fact.gaps:
        return "" if fact.complete else f'<p class="warn">{shown(say("page.incomplete"))}</p>'
    items = "".join(f'<li><button type="button" data-gap="{gap.start}">{shown(gap.what)}</button></li>' for gap in fact.gaps)
    return f'<details class="gaps"><summary>{shown(say("page.gaps", count=len(fact.gaps)))}</summary><ul>{items}</ul></details>'


def counts(reading: Reading) -> Counter[str]:
    """How many facts there are of each kind."""
    return Counter(kind_of(fact) for fact in reading.facts)


class Piece(msgspec.Struct, frozen=True):
    """What one file gives to a page."""

    title: str
    source: str
    facts: str
    sections: str
    head: str
    details: list[list[tuple[str, str]]]
    counts: dict[str, int]
    gaps: int
