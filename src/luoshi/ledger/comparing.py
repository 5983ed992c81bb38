"""One indicator over places and years: what each place aimed at and what came of it, with the verdict where the ledger has linked the two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Count

from luoshi.ledger import models
from luoshi.ledger.following import Followed, follow
from luoshi.ledger.linked import Link
from luoshi.ledger.places import Tree
from luoshi.ledger.promises import visible
from luoshi.ledger.scope import Scope

#: so many places at most in one comparison
MOST_PLACES: Final = 60


class Cell(msgspec.Struct, frozen=True):
    """A place and a year: targets and results, newest document first; the verdict and the link of the first target that has one."""

    region_code: str
    place: str
    year: int
    targets: tuple[Followed, ...] = ()
    results: tuple[Followed, ...] = ()
    verdict: str = ""
    link: str = ""


class Comparison(msgspec.Struct, frozen=True):
    """``cells`` by place and year; ``measures`` that the indicator is given in (level, growth …), the most frequent first; ``cut`` where some
    facts or places were left out."""

    measure: str
    measures: tuple[str, ...]
    cells: tuple[Cell, ...]
    cut: bool = False

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted({cell.year for cell in self.cells}))

    @property
    def places(self) -> tuple[tuple[str, str], ...]:
        """(code, name) of the places, in the order of their codes."""
        return tuple(dict.fromkeys((cell.region_code, cell.place) for cell in self.cells))


def compare(
    indicator: str,
    scope: Scope,
    tree: Tree,
    *,
    regions: Collection[str] = (),
    first: int | None = None,
    last: int | None = None,
    measure: str = "",
) -> Comparison:
    """The comparison of an indicator of the catalogue; without ``regions`` of all places that have it."""
    found, total = follow(indicator, scope, tree, regions=tuple(regions))
    rows = [row for row in found if row.fact.year is not None and (not regions or row.region_code in regions)]
    counts: dict[str, int] = {}
    for row in rows:
        counts[_measure(row)] = counts.get(_measure(row), 0) + 1
    measures = tuple(sorted(counts, key=lambda one: (-counts[one], one)))
    wanted = measure if measure in counts else measures[0] if measures else ""
    rows = [
        row for row in rows if _measure(row) == wanted and (first is None or _year(row) >= first) and (last is None or _year(row) <= last)
    ]
    places = list(dict.fromkeys(row.region_code for row in rows))
    kept = set(places[:MOST_PLACES])
    cells = _cells([row for row in rows if row.region_code in kept], _verdicts(indicator, kept, scope))
    return Comparison(wanted, measures, cells, cut=len(places) > len(kept) or total > len(found))


def _measure(row: Followed) -> str:
    return str(row.fact.measure or "level")


def _year(row: Followed) -> int:
    """The year at the end of which it is so: that of a goal for several years is the last."""
    return int(row.fact.year_last or row.fact.year)


def _verdicts(indicator: str, regions: Collection[str], scope: Scope) -> dict[str, Link]:
    rows = visible(scope).filter(indicator_id=indicator, region_code__in=list(regions))
    return {row.fact: row for row in rows.only("id", "fact", "verdict")}


def _cells(rows: Sequence[Followed], ends: dict[str, Link]) -> tuple[Cell, ...]:
    found: dict[tuple[str, int], dict[str, Any]] = {}
    for row in rows:
        cell = found.setdefault((row.region_code, _year(row)), {"place": row.place, "targets": [], "results": []})
        cell["targets" if row.fact.role == "target" else "results"].append(row)
    out = []
    for (code, year), cell in sorted(found.items(), key=lambda pair: pair[0]):
        targets = sorted(cell["targets"], key=lambda row: (-(row.document_year or 0), row.fact.ordinal))
        results = sorted(cell["results"], key=lambda row: (-(row.document_year or 0), row.fact.ordinal))
        end = next((ends[row.fact.id] for row in targets if row.fact.id in ends), None)
        out.append(Cell(code, cell["place"], year, tuple(targets), tuple(results), end.verdict if end else "", end.id if end else ""))
    return tuple(out)


def peers(code: str, tree: Tree, *, by: str) -> tuple[str, ...]:
    """The places beside one: of the same parent region (``by`` parent), or of the same level wherever they lie (``level``); itself among them."""
    row = models.Region.objects.filter(pk=code).first()
    if row is None:
        return ()
    if by == "parent":
        return tuple(tree.children(row.parent)) if row.parent else (code,)
    with_documents = (
        models.Document.objects.exclude(region_code="").values("region_code").annotate(n=Count("*")).values_list("region_code", flat=True)
    )
    return tuple(models.Region.objects.filter(level=row.level, id__in=list(with_documents)).order_by("id").values_list("id", flat=True))


def region_named(words: str) -> list[models.Region]:
    """The regions that a person may mean by a code, a full name or a name, at most 20; those alone that have targets, where any has."""
    rows = models.Region.objects.order_by("id")
    for wanted in ({"pk": words}, {"full_name": words}, {"name": words}, {"full_name__endswith": words}):
        found = list(rows.filter(**wanted)[:20])
        if found:
            linked = set(Link.objects.filter(region_code__in=[row.id for row in found]).values_list("region_code", flat=True).distinct())
            return [row for row in found if row.id in linked] or found
    return []
