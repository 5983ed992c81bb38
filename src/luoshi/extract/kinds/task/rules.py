"""Tasks: the items of a breakdown with who is responsible, and the acts that a plan commits to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

import msgspec

from luoshi.extract.fact import TaskFact
from luoshi.extract.kinds.task.acts import Act, find_acts
from luoshi.extract.kinds.task.clauses import find_clauses
from luoshi.extract.kinds.task.deadline import Due, read_deadline
from luoshi.extract.kinds.task.items import Item, find_items
from luoshi.extract.kinds.task.rows import WIDE, Row, find_flat_rows, find_rows
from luoshi.extract.kinds.task.slots import Clause
from luoshi.extract.kinds.task.words import clause_patterns
from luoshi.outline.outline import Document, Outline, Stretch
from luoshi.read.text import Table
from luoshi.span import Quote

#: the rules' names, as facts carry them
ITEM_RULES = {
    "labels": "<text> (牵头单位:<units>;配合单位:<units>)",
    "predicates": "<text> (<units>牵头,<units>配合)",
    "units": "<text> (<units>)",
    "cells": "<task> | <units>",
}


#: the rule's name for a sentence of a plan
ACT_RULE = "<plan> <verb> <object>"
_PLAN_PARTS = ("plan", "self", "outlook")
_PLAN_KINDS = ("report", "plan")


def find_tasks(outline: Outline) -> list[TaskFact]:
    """The tasks of a text, by their start: items with a responsibility clause, and sentences of a report's plan that commit to an act."""
    items = find_item_tasks(outline)
    acts = find_act_tasks(outline, [(item.start, item.end) for item in items])
    return sorted(items + acts, key=lambda task: (task.start, -task.end)) if items else acts


def find_act_tasks(outline: Outline, taken: Sequence[tuple[int, int]] = ()) -> list[TaskFact]:
    """One task for each sentence, or part between semicolons, of a plan that commits to an act; none inside the source spans ``taken``."""
    found: list[TaskFact] = []
    for stretch in outline.stretches:
        if stretch.part in _PLAN_PARTS and outline.documents[stretch.document].kind in _PLAN_KINDS:
            found.extend(_act_task(outline, act, stretch) for act in find_acts(outline.text.clean, stretch.body, stretch.end))
    if not taken:
        return found
    starts = [start for start, _ in taken]
    return [task for task in found if not _is_inside(task.start, starts, taken)]


def _is_inside(at: int, starts: Sequence[int], taken: Sequence[tuple[int, int]]) -> bool:
    index = bisect_right(starts, at) - 1
    return index >= 0 and at < taken[index][1]


def _act_task(outline: Outline, act: Act, stretch: Stretch) -> TaskFact:
    text, whole = outline.text, outline.text.quote(act.start, act.end)
    if whole.end - whole.start == act.end - act.start:  # no edit inside: the two run in step
        shift, source = whole.start - act.start, text.source
        actions = tuple(Quote(start + shift, end + shift, source[start + shift : end + shift]) for start, end in act.verbs)
    else:
        actions = _quotes(outline, act.verbs)
    return TaskFact(
        start=whole.start,
        end=whole.end,
        text=whole.text,
        actions=actions,
        section=stretch.section,
        document=stretch.document,
        rule=ACT_RULE,
    )


def find_item_tasks(outline: Outline) -> list[TaskFact]:
    """One task for each responsibility clause of the text, and for each row of its tables with units, in order."""
    text = outline.text
    tables = [table for table in text.tables if table.header]
    clauses = find_clauses(text.clean)
    if tables:
        spans = [(table.start, table.end) for table in tables]
        clauses = [
            clause for clause in clauses if not _is_inside(text.to_source(clause.start, clause.end).start, [s for s, _ in spans], spans)
        ]
    flat = "序号" in text.clean or "编号" in text.clean
    if not (clauses or tables or flat):
        return []
    first_leads = clause_patterns().first_leads.search(text.clean) is not None
    found = [_item_task(outline, item, first_leads=first_leads) for item in find_items(text.clean, clauses)]
    if tables:
        found += _table_tasks(outline, tables, first_leads=first_leads)
    if flat:
        found += [_row_task(outline, row, text.quote, text.clean, first_leads=first_leads) for row in find_flat_rows(text.clean)]
    return found if len(found) < 2 else _without_doubles(sorted(found, key=lambda task: (task.start, -task.end)))


def _without_doubles(tasks: list[TaskFact]) -> list[TaskFact]:
    """The same item found twice, by its clause and by its row, once."""
    out: list[TaskFact] = []
    for task in tasks:
        if not out or task.body_end != out[-1].body_end or task.start < (out[-1].body_end or 0) < out[-1].start:
            out.append(task)
    return out


def _table_tasks(outline: Outline, tables: Sequence[Table], *, first_leads: bool) -> list[TaskFact]:
    source = outline.text.source
    narrow = source.translate(WIDE)

    def quote(start: int, end: int) -> Quote:
        return Quote(start, end, source[start:end])

    return [_row_task(outline, row, quote, narrow, first_leads=first_leads) for table in tables for row in find_rows(narrow, table)]


def _row_task(outline: Outline, row: Row, quote: Callable[[int, int], Quote], text: str, *, first_leads: bool) -> TaskFact:
    whole, deadline = quote(row.start, row.end), row.clause.deadline
    stretch = _stretch(outline, whole.start)
    document = stretch.document if stretch else 0
    lead, support = _sides(row.clause, first_leads=first_leads)
    due = read_deadline(text[slice(*deadline)], year=_year(outline, document)) if deadline else Due()
    return TaskFact(
        start=whole.start,
        end=whole.end,
        text=whole.text,
        number=row.number,
        title=quote(*row.title) if row.title else None,
        body_end=quote(row.clause.start, row.end).start,
        leaders=tuple(quote(*part) for part in row.clause.leaders),
        lead_units=tuple(quote(*part) for part in lead),
        support_units=tuple(quote(*part) for part in support),
        deadline=quote(*deadline) if deadline else None,
        due=due.due,
        open=due.open,
        section=stretch.section if stretch else -1,
        document=document,
        rule=ITEM_RULES[row.clause.form],
    )


def _stretch(outline: Outline, at: int) -> Stretch | None:
    """The stretch in which a source offset lies."""
    index = bisect_right(outline.stretches, at, key=lambda stretch: outline.text.to_source(stretch.start, stretch.start + 1).start) - 1
    return outline.stretches[index] if index >= 0 else None


def _item_task(outline: Outline, item: Item, *, first_leads: bool) -> TaskFact:
    clause = item.clause
    row = Row(start=item.start, end=clause.end, body=(item.body, clause.start), clause=clause, number=item.number, title=item.title)
    task = _row_task(outline, row, outline.text.quote, outline.text.clean, first_leads=first_leads)
    return task if item.parts is None else msgspec.structs.replace(task, part=item.part, parts=item.parts)


def _sides(clause: Clause, *, first_leads: bool) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Lead and supporting units: where some lead, those that are only responsible support; where none does, they lead."""
    if clause.lead:
        return list(clause.lead), sorted(clause.plain + clause.support)
    if first_leads and len(clause.plain) > 1 and not clause.support:
        return list(clause.plain[:1]), list(clause.plain[1:])
    return list(clause.plain), list(clause.support)


def _quotes(outline: Outline, parts: Sequence[tuple[int, int]]) -> tuple[Quote, ...]:
    return tuple(outline.text.quote(start, end) for start, end in parts)


def _year(outline: Outline, index: int) -> int | None:
    """The year that a document plans for: the last of a plan's years."""
    document: Document = outline.documents[index]
    return document.plan_years[1] if document.plan_years else document.plan_year
