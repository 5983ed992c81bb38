"""Chains of tasks: the sentence of the report that a breakdown's task carries out, the task, and what the next report says of it.

Two texts are held for one matter by words in a row that both have (``_RUN`` signs at least, general words left out), or by one amount of one thing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from luoshi.link.chain import Chain, State, Step
from luoshi.link.contradiction import region_of
from luoshi.link.measured_chains import said_in
from luoshi.link.naming import core
from luoshi.link.source import LOOKING_BACK, Measured, Source, Task
from luoshi.link.telling import quoted

#: signs in a row that two texts on one matter share
_RUN: Final = 6
#: words in a row that so many sentences have say nothing of any of them
_COMMON: Final = 3
_GENERAL = re.compile(
    r"加快推进|深入推进|扎实推进|持续推进|统筹推进|积极推进|全面推进|稳步推进|大力推进|深入实施|全面实施|组织实施|大力发展|加快发展|高质量发展|建立健全|进一步|加强和改进|"
    r"贯彻落实|全面落实|严格落实|认真落实|抓好落实|不断提高|不断完善|着力提升|持续提升|全面提升|有效提升|体制机制|工作机制|实施方案|行动计划|专项行动|重点工作|经济社会"
)
_SIGNS = re.compile(r"[^\u4e00-\u9fff0-9A-Za-z|]")


class Sentence(msgspec.Struct, frozen=True):
    """A sentence of a report: where it lies, its words without marks, and the amounts in it as (name, value, unit)."""

    start: int
    end: int
    words: str
    amounts: frozenset[tuple[str, float, str]]


class Index(msgspec.Struct, frozen=True):
    """The sentences of a part of a report, by the runs of signs in them and by amount."""

    source: Source
    sentences: tuple[Sentence, ...]
    runs: Mapping[str, tuple[int, ...]]
    amounts: Mapping[tuple[str, float, str], tuple[int, ...]]


def task_chains(documents: Sequence[Source]) -> list[Chain]:
    """The tasks of one place's breakdowns, each with the sentence that ordered it and the one that accounts for it, where there are such.

    Nothing of a breakdown for whose year no report is known.
    """
    reports = [one for one in documents if one.kind == "report"]
    found = []
    for document in documents:
        year = document.plan_year or (document.plan_years[1] if document.plan_years else None)
        if document.kind != "breakdown" or year is None or not document.tasks:
            continue
        ordering = next((one for one in reports if one.plan_year == year), None)
        accounting = next((one for one in reports if one.review_year == year and one.accounts), None)
        if ordering is None and accounting is None:
            continue
        orders = _index(ordering, back=False) if ordering else None
        accounts = _index(accounting, back=True) if accounting else None
        found += [_chain(document, one, year, orders, accounts) for one in document.tasks]
    return found


def _index(source: Source, *, back: bool) -> Index:
    """The sentences in which a report looks back, or those in which it does not."""
    sentences = tuple(_sentences(source, back=back))
    runs: dict[str, list[int]] = {}
    amounts: dict[tuple[str, float, str], list[int]] = {}
    for index, one in enumerate(sentences):
        for run in dict.fromkeys(_runs(one.words)):
            runs.setdefault(run, []).append(index)
        for amount in one.amounts:
            amounts.setdefault(amount, []).append(index)
    return Index(
        source,
        sentences,
        {run: tuple(held) for run, held in runs.items() if len(held) <= _COMMON},
        {amount: tuple(held) for amount, held in amounts.items()},
    )


def _sentences(source: Source, *, back: bool) -> Iterator[Sentence]:
    bounds = [part.start for part in source.parts] + [len(source.text)]
    amounts: dict[tuple[int, int], set[tuple[str, float, str]]] = {}
    for measure in source.measures:
        if (told := _amount(measure)) is not None:
            amounts.setdefault(source.sentence(measure.start, measure.end), set()).add(told)
    for index, part in enumerate(source.parts):
        if (part.part in LOOKING_BACK) != back:
            continue
        place, end = bounds[index], bounds[index + 1]
        while place < end:
            while place < end and source.text[place].isspace():
                place += 1
            if place >= end:
                break
            span = source.sentence(place, place + 1)
            yield Sentence(span[0], span[1], _words(source.text[span[0] : span[1]]), frozenset(amounts.get(span, ())))
            place = max(span[1] + 1, place + 1)


def _amount(measure: Measured) -> tuple[str, float, str] | None:
    """An amount by which a matter may be known; small round shares and growth are told of too many things."""
    name = core(measure.name)
    if measure.value is None or measure.measure == "growth" or measure.unit == "%" or not name:
        return None
    return name, measure.value, measure.unit


def _words(text: str) -> str:
    """The signs of a text without marks; general words leave a gap that no run goes over."""
    return _SIGNS.sub("", _GENERAL.sub("|", text))


def _runs(words: str) -> Iterator[str]:
    for piece in words.split("|"):
        for place in range(len(piece) - _RUN + 1):
            yield piece[place : place + _RUN]


def _chain(document: Source, task: Task, year: int, orders: Index | None, accounts: Index | None) -> Chain:
    steps = [Step(year, "task", quoted(document, task.start, task.body_end, task.id), said_year=said_in(document), reason="task")]
    ordered = _step(document, task, year, orders, "order")
    accounted = _step(document, task, year, accounts, "account")
    steps = [*([ordered] if ordered else []), *steps, *([accounted] if accounted else [])]
    state: State = "not_yet" if accounts is None else "accounted" if accounted else "not_accounted"
    reasons = () if ordered else ("no-order-found",) if orders else ("order-document-missing",)
    name = task.title or document.text[task.start : task.body_end].strip()[:40]
    return Chain(
        key=f"task|{task.id}", kind="task", place=document.place, region=region_of(document), name=name, steps=tuple(steps), state=state,
        reasons=reasons,
    )  # fmt: skip


def _step(document: Source, task: Task, year: int, index: Index | None, role: str) -> Step | None:
    """The sentence of the report that is on the task's matter."""
    if index is None:
        return None
    best, reason = _nearest(document, task, index)
    if best is None:
        return None
    said = quoted(index.source, best.start, best.end, "")
    return Step(year, "order" if role == "order" else "account", said, said_year=said_in(index.source), reason=reason)


def _nearest(document: Source, task: Task, index: Index) -> tuple[Sentence | None, str]:
    """The sentence with most words in a row of the task, and by what it is known; the first of several."""
    points: dict[int, int] = {}
    for run in _runs(_words(document.text[task.start : task.body_end])):
        for each in index.runs.get(run, ()):
            points[each] = points.get(each, 0) + 1
    shared: dict[int, int] = {}
    for measure in document.measures:
        if task.start <= measure.start < task.body_end and (told := _amount(measure)) is not None:
            for each in index.amounts.get(told, ()):
                shared[each] = shared.get(each, 0) + 1
    if not points and not shared:
        return None, ""
    best = max(points.keys() | shared.keys(), key=lambda each: (points.get(each, 0) + _RUN * shared.get(each, 0), -each))
    return index.sentences[best], "shared-amount" if best in shared else "shared-words"
