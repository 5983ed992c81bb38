"""Tasks: the items of a breakdown with who is responsible, and the acts that a plan commits to."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from luoshi.extract.fact import TaskFact
from luoshi.extract.kinds.task.acts import Act, find_acts
from luoshi.extract.kinds.task.clauses import Clause, find_clauses
from luoshi.extract.kinds.task.deadline import Due, read_deadline
from luoshi.extract.kinds.task.items import Item, find_items
from luoshi.extract.kinds.task.words import clause_patterns
from luoshi.outline.outline import Document, Outline, Stretch
from luoshi.span import Quote

#: the rules' names, as facts carry them
ITEM_RULES = {
    "labels": "<text> (牵头单位:<units>;配合单位:<units>)",
    "predicates": "<text> (<units>牵头,<units>配合)",
    "units": "<text> (<units>)",
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
        actions = tuple(Quote(start + shift, end + shift, source[start + shift:end + shift]) for start, end in act.verbs)
    else:
        actions = _quotes(outline, act.verbs)
    return TaskFact(start=whole.start, end=whole.end, text=whole.text, actions=actions, section=stretch.section, document=stretch.document,
                    rule=ACT_RULE)


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
