"""What the ledger says of one indicator, over years and places: targets and results, each a fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Count, Q, QuerySet

from luoshi.ledger import models
from luoshi.ledger.places import Tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of

#: so many facts of one indicator are shown at most; a page of more tells nobody anything
MOST: Final = 3000
#: what of them is shown: thousands of whole rows take long to make
_COLUMNS: Final = (
    "id", "ordinal", "document", "text", "clause", "name", "indicator_id", "role", "measure", "direction", "comparator", "value", "value_max", "unit",
    "year", "year_last", "strength", "state",
)  # fmt: skip
_OF_DOCUMENTS: Final = ("id", "title", "kind", "region", "region_code", "year", "review_year", "plan_year", "plan_first", "plan_last")


class Followed(msgspec.Struct, frozen=True):
    """A target or result of an indicator: the fact, and the place and document that it is from."""

    fact: Any
    place: str
    region_code: str
    document_title: str
    document_year: int | None


def visible_facts(scope: Scope) -> QuerySet[models.Fact]:
    """The facts that a scope sees: of documents that count, not rejected."""
    found = models.Fact.objects.exclude(state="rejected")
    gone = list(models.Document.objects.filter(Q(state="withdrawn") | Q(newest=False)).values_list("id", flat=True)[:2000])
    if gone:
        found = found.exclude(document__in=gone)
    if scope.regions is not None:
        found = found.filter(document__in=models.Document.objects.filter(region_code__in=scope.regions).values("id"))
    return found


def indicator_counts(scope: Scope) -> dict[str, int]:
    """How many measures the ledger has of each indicator of the catalogue; rejected ones count too, which saves looking at every row."""
    found = models.Fact.objects.exclude(indicator_id="")
    if scope.regions is not None:
        found = found.filter(document__in=models.Document.objects.filter(region_code__in=scope.regions).values("id"))
    return dict(found.values("indicator_id").annotate(n=Count("*")).order_by().values_list("indicator_id", "n"))


def follow(indicator: str, scope: Scope, tree: Tree, *, regions: Sequence[str] = (), name: str = "") -> list[Followed]:
    """Targets and results of an indicator by its id, or of those that no catalogue has by ``name``; by place and year."""
    found = visible_facts(scope).filter(kind="measure", role__in=("target", "result"))
    found = found.filter(indicator_id=indicator) if indicator else found.filter(indicator_id="", name=name)
    if regions:
        codes = {code for region in regions for code in tree.subtree(region)}
        found = found.filter(document__in=models.Document.objects.filter(region_code__in=codes).values("id"))
    facts = list(found.order_by("year", "ordinal").values_list(*_COLUMNS, named=True)[:MOST])
    documents = {one.id: one for one in models.Document.objects.filter(id__in={fact.document for fact in facts}).only(*_OF_DOCUMENTS)}
    told = {key: (one.region or tree.name(one.region_code), one.region_code, title_of(one), one.year) for key, one in documents.items()}
    rows = [Followed(fact, *told[fact.document]) for fact in facts if fact.document in told]
    return sorted(rows, key=lambda row: (row.region_code, row.fact.year or 0, row.fact.role, row.fact.ordinal))


def groups(rows: Iterable[Followed]) -> dict[tuple[str, str], list[Followed]]:
    """The rows by what may stand on one axis: (measure, unit), the fullest group first."""
    found: dict[tuple[str, str], list[Followed]] = {}
    for row in rows:
        found.setdefault((row.fact.measure or "level", row.fact.unit), []).append(row)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))
