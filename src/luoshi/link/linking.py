"""Many documents → the end of every target. Deterministic: the order in which documents are given changes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from luoshi.link.answering import Account, answer, outcome, targets_of
from luoshi.link.link import Outcome
from luoshi.link.source import Source

_KINDS = frozenset({"report"})


def link(sources: Iterable[Source]) -> tuple[Outcome, ...]:
    """The end of every target of the documents, by document and place in the text."""
    documents = sorted(sources, key=lambda one: (one.place, one.plan_year or 0, one.key))
    accounts = {one.key: Account(one) for one in documents}
    following = next_reports(documents)
    found: list[Outcome] = []
    for source in documents:
        found += _ends(source, accounts, following)
    return tuple(found)


def next_reports(documents: Sequence[Source]) -> Mapping[tuple[str, int], Source]:
    """(place, year) → the report that accounts for the year there; the fullest where several do."""
    found: dict[tuple[str, int], Source] = {}
    for one in documents:
        if one.kind in _KINDS and one.review_year is not None:
            held = found.get((one.place, one.review_year))
            if held is None or (len(one.measures), one.key) > (len(held.measures), held.key):
                found[one.place, one.review_year] = one
    return found


def _ends(source: Source, accounts: Mapping[str, Account], following: Mapping[tuple[str, int], Source]) -> list[Outcome]:
    found = []
    for target in targets_of(source):
        year = target.measure.last_year or source.plan_year or (source.plan_years[1] if source.plan_years else None)
        answering = following.get((source.place, year)) if year else None
        if year is None or answering is None or answering.key == source.key:
            found.append(outcome(target, year, "not_yet", reasons=("no-report-yet",)))
        else:
            found.append(answer(target, year, accounts[answering.key], accounts[source.key]))
    return found
