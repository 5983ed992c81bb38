"""What became of the targets of a place, as pages and files ask for it: rows with both quotations, counts by year and field, a thing over time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db import DatabaseError
from django.db.models import Case, Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Sum, Value, When

from luoshi.ledger import models
from luoshi.ledger.linked import Link, LinkChange, Linking, Settlement
from luoshi.ledger.linking import link_waiting, outcome_of, regions_over, waiting
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of
from luoshi.link import Outcome, Quoted
from luoshi.messages import Lang

#: the order in which ends are shown: what is not done comes first
ORDER: Final = ("missed", "carried_over", "weakened", "dropped", "near", "cannot_tell", "restated", "strengthened", "met", "not_yet")
#: ends that somebody has to look after
UNFINISHED: Final = frozenset({"missed", "carried_over", "weakened", "dropped", "near"})
#: so many documents, and so many figures in them, a page links itself before it is shown; more are left to the worker
_AT_ONCE: Final = 12
_FIGURES: Final = 4000
_STEPS: Final = 60
_LOOKED_AT: Final = 300


class Said(msgspec.Struct, frozen=True):
    """One of the two quotations: the document and its title, the file's name, and the fact as it stands now."""

    quoted: Quoted
    title: str
    file: str
    year: int | None
    fact: Mapping[str, Any]


class Kept(msgspec.Struct, frozen=True):
    """A target with its end. ``judged`` is the verdict of the rules, ``settled`` whether a person has said something."""

    id: str
    outcome: Outcome
    place: str
    region_code: str
    level: str
    field: str
    judged: str
    settled: bool
    core: str
    answer: str
    target: Said
    result: Said | None
    beside: Said | None


def refresh() -> int:
    """Links what waits where it is little, so that a page shows what was said last; how many documents wait still."""
    left = waiting()
    if 0 < left <= _AT_ONCE and _figures() <= _FIGURES:
        try:
            link_waiting(most=_AT_ONCE)
        except DatabaseError:
            # another writes; the worker links it then
            return left
        left = waiting()
    return left


def _figures() -> int:
    """How many figures stand in the documents that wait."""
    rows = models.Document.objects.filter(Q(id__in=_changed()) | Q(id__in=_unlinked()))
    return int(rows.aggregate(n=Sum("measures"))["n"] or 0)


def _changed() -> QuerySet[LinkChange, Any]:
    return LinkChange.objects.values("id")


def _unlinked() -> QuerySet[Linking, Any]:
    return Linking.objects.filter(wanted__gt=F("done")).values("id")


def visible(scope: Scope) -> QuerySet[Link]:
    """The links that a scope sees: those of documents that count, in the region in which they count now.

    What was withdrawn, replaced by a newer version or moved to another region is not shown, though its links may not have been looked at since.
    """
    gone = models.Document.objects.filter(Q(state="withdrawn") | Q(newest=False)).values("id")
    found = Link.objects.exclude(document__in=gone).exclude(result_document__in=gone)
    for column in ("document", "result_document"):
        # only what waits can have moved since it was linked
        moved = models.Document.objects.filter(id=OuterRef(column)).exclude(region_code=OuterRef("region_code"))
        waits = Q(**{f"{column}__in": _changed()}) | Q(**{f"{column}__in": _unlinked()})
        found = found.exclude(waits & Exists(moved))
    return found if scope.regions is None else found.filter(region_code__in=scope.regions)


def unfinished_first(found: QuerySet[Link]) -> QuerySet[Link]:
    """The rows in the order of ``ORDER``, the newest year first within."""
    rank = Case(
        *(When(verdict=verdict, then=Value(at)) for at, verdict in enumerate(ORDER)), default=Value(len(ORDER)), output_field=IntegerField()
    )
    return found.order_by(rank, "-year", "document", "ordinal", "id")


def tally(found: QuerySet[Link], by: str) -> dict[Any, dict[str, int]]:
    """The number of targets by the value of a column (``year``, ``field``) and verdict."""
    counts: dict[Any, dict[str, int]] = {}
    for value, verdict, count in found.order_by().values_list(by, "verdict").annotate(n=Count("*")):
        counts.setdefault(value, {})[verdict] = count
    return counts


def kept(rows: Iterable[Link], lang: Lang = "zh") -> list[Kept]:
    """The links with their quotations, in the order given."""
    rows = list(rows)
    outcomes = [outcome_of(row) for row in rows]
    quoted = [one for outcome in outcomes for one in (outcome.target, outcome.result, outcome.beside) if one is not None]
    facts = {row["id"]: row for row in _many(models.Fact, {one.fact for one in quoted})}
    documents = {row.id: row for row in models.Document.objects.filter(id__in={one.document for one in quoted})}
    files = dict(models.File.objects.filter(id__in={row.file for row in documents.values()}).values_list("id", "name"))

    def said(one: Quoted | None) -> Said | None:
        if one is None:
            return None
        document = documents.get(one.document)
        title, file = (title_of(document, lang), files.get(document.file, "")) if document is not None else ("", "")
        return Said(one, title, file, document.year if document is not None else None, facts.get(one.fact, {}))

    return [
        Kept(
            id=row.id, outcome=outcome, place=row.place, region_code=row.region_code, level=row.level, field=row.field, judged=row.judged,
            settled=row.settled, core=row.core, answer=row.answer, target=_there(said(outcome.target)), result=said(outcome.result),
            beside=said(outcome.beside),
        )
        for row, outcome in zip(rows, outcomes, strict=True)
    ]  # fmt: skip


def _there(said: Said | None) -> Said:
    assert said is not None  # noqa: S101 - every outcome has a target
    return said


def _many(model: Any, keys: Iterable[str]) -> list[dict[str, Any]]:
    wanted, found = sorted(keys), list[dict[str, Any]]()
    for at in range(0, len(wanted), 500):
        found += model.objects.filter(id__in=wanted[at : at + 500]).values()
    return found


def about(row: Link, scope: Scope) -> list[Link]:
    """The targets of the same place about the same thing, that of ``row`` always among them; by year, then by document.

    Where there are very many, those of the newest years. A growth and a level of one indicator are two things.
    """
    same = Q(core=row.core) if row.core else Q(id=row.id)
    if row.indicator_id:
        same |= Q(indicator_id=row.indicator_id)
    newest = F("year").desc(nulls_last=True)
    found = list(visible(scope).filter(same, place=row.place, kind=row.kind).order_by(newest, "document", "ordinal")[:_LOOKED_AT])
    measures = {one["id"]: one["measure"] for one in _many(models.Fact, {one.fact for one in found} | {row.fact})}
    others = [one for one in found if one.pk != row.pk and measures.get(one.fact) == measures.get(row.fact)]
    return sorted([row, *others[: _STEPS - 1]], key=lambda one: (one.year or 0, one.document, one.ordinal))


def of_fact(fact: str, scope: Scope) -> list[Link]:
    """The links in which a fact is the target or the result."""
    return list(visible(scope).filter(Q(fact=fact) | Q(result_fact=fact)).order_by("year", "id")[:20])


def settlements_of(row: Kept) -> list[Settlement]:
    """What persons settled of a target's name and of its verdict; what was taken back is left out."""
    mine = Q(kind="verdict", target=row.outcome.target.fact)
    if row.core:
        mine |= Q(kind="identity", region_code__in=regions_over(row.region_code)) & (Q(first=row.core) | Q(second=row.core))
    return list(Settlement.objects.filter(mine, live=True).order_by("kind", "at", "id")[:20])


def totals(counts: Mapping[Any, Mapping[str, int]]) -> dict[str, int]:
    """The counts of all values together, in the order of ``ORDER``."""
    return {verdict: total for verdict in ORDER if (total := sum(one.get(verdict, 0) for one in counts.values()))}


def places_with_links(scope: Scope) -> list[tuple[str, str, int]]:
    """(code, level, number of targets) of the places that have targets, most first."""
    rows: Sequence[tuple[str, str, int]] = list(
        visible(scope)
        .exclude(region_code="")
        .order_by()
        .values_list("region_code", "level")
        .annotate(n=Count("*"))
        .values_list("region_code", "level", "n")
    )
    return sorted(rows, key=lambda row: (-row[2], row[0]))
