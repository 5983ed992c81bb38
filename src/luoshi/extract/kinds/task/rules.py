"""Tasks: the items of a breakdown with who is responsible, and the acts that a plan commits to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from luoshi.extract.fact import TaskFact
from luoshi.extract.kinds.task.clauses import Clause, find_clauses
from luoshi.extract.kinds.task.deadline import Due, read_deadline
from luoshi.extract.kinds.task.items import Item, find_items
from luoshi.extract.kinds.task.words import clause_patterns
from luoshi.outline.outline import Document, Outline
from luoshi.span import Quote

#: the rules' names, as facts carry them
ITEM_RULES = {
    "labels": "<text> (牵头单位:<units>;配合单位:<units>)",
    "predicates": "<text> (<units>牵头,<units>配合)",
    "units": "<text> (<units>)",
}


def find_tasks(outline: Outline) -> list[TaskFact]:
    """The tasks of a text, by their start."""
    return sorted(find_item_tasks(outline), key=lambda task: (task.start, -task.end))


def find_item_tasks(outline: Outline) -> list[TaskFact]:
    """One task for each responsibility clause of the text, in order."""
    text = outline.text.clean
    clauses = find_clauses(text)
    if not clauses:
        return []
    first_leads = clause_patterns().first_leads.search(text) is not None
    places = [stretch.start for stretch in outline.stretches]
    return [_item_task(outline, item, places, first_leads=first_leads) for item in find_items(text, clauses)]


def _item_task(outline: Outline, item: Item, places: Sequence[int], *, first_leads: bool) -> TaskFact:
    quote, clause = outline.text.quote, item.clause
    at = bisect_right(places, clause.start) - 1
    stretch = outline.stretches[at] if at >= 0 else None
    document = stretch.document if stretch else 0
    whole, lead, support = quote(item.start, clause.end), *_sides(clause, first_leads=first_leads)
    due, deadline = Due(), quote(*clause.deadline) if clause.deadline else None
    if clause.deadline:
        due = read_deadline(outline.text.clean[slice(*clause.deadline)], year=_year(outline, document))
    return TaskFact(
        start=whole.start, end=whole.end, text=whole.text, number=item.number, title=quote(*item.title) if item.title else None,
        body_end=quote(clause.start, clause.end).start, leaders=_quotes(outline, clause.leaders), lead_units=_quotes(outline, lead),
        support_units=_quotes(outline, support), deadline=deadline, due=due.due, open=due.open, part=item.part, parts=item.parts,
        section=stretch.section if stretch else -1, document=document, rule=ITEM_RULES[clause.form])


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
