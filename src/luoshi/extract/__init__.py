"""Outline to Facts. One list names every kind of fact; nothing else is to be registered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

from luoshi.errors import BadUsage
from luoshi.extract.doubts import with_doubts
from luoshi.extract.fact import DocumentFact, Fact, MeasureFact, ProjectFact, SectionFact, TaskFact, TermFact
from luoshi.outline.outline import Outline


def _documents(outline: Outline) -> Sequence[DocumentFact]:
    from luoshi.extract.documents import find_documents

    return find_documents(outline)


def _sections(outline: Outline) -> Sequence[SectionFact]:
    from luoshi.extract.documents import find_sections

    return find_sections(outline)


def _tasks(outline: Outline) -> Sequence[TaskFact]:
    from luoshi.extract.kinds.task import find_tasks

    return find_tasks(outline)


def _terms(outline: Outline) -> Sequence[TermFact]:
    from luoshi.extract.kinds.term import find_terms

    return find_terms(outline)


def _projects(outline: Outline) -> Sequence[ProjectFact]:
    from luoshi.extract.kinds.project import find_projects

    return find_projects(outline)


def _measures(outline: Outline) -> Sequence[MeasureFact]:
    from luoshi.extract.kinds.measure import find_measures

    return find_measures(outline)


#: Every kind of fact and what finds it, loaded when it is first asked for. Where two facts begin at one place and are of
#: one width, they stand in this order.
KINDS: Final[dict[str, Callable[[Outline], Sequence[Fact]]]] = {
    "document": _documents,
    "section": _sections,
    "task": _tasks,
    "term": _terms,
    "project": _projects,
    "measure": _measures,
}


def find_facts(outline: Outline, *, kinds: Collection[str] = ()) -> tuple[Fact, ...]:
    """The facts of the given kinds (none named: all), in the order that ``Reading`` describes.

    Kinds that are not asked for are not computed. An unknown kind raises ``BadUsage``.
    """
    unknown = sorted(set(kinds) - set(KINDS))
    if unknown:
        raise BadUsage(f"没有“{'、'.join(unknown)}”这种事实", remedy=f"可选：{'、'.join(KINDS)}", slug="unknown-kind")
    found: list[Fact] = []
    for kind, find in KINDS.items():
        if not kinds or kind in kinds:
            found.extend(with_doubts(outline, find(outline)))
    found.sort(key=_place)  # a stable sort: ties stay in the order of KINDS
    return tuple(found)


def _place(fact: Fact) -> tuple[int, int, int]:
    rank = 0 if isinstance(fact, DocumentFact) else 1 if isinstance(fact, SectionFact) else 2
    return (fact.start, rank, -fact.end)
