"""What the ledger says of one indicator, over years and places: targets and results, each a fact with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Count, F, Q, QuerySet

from luoshi.ledger import models
from luoshi.ledger.places import Tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of

#: so many facts of one indicator are shown at most; a page of more tells nobody anything
MOST: Final = 3000
#: what is followed; of the other roles nothing can be compared over the years
ROLES: Final = ("target", "result")
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
    hidden = models.Document.objects.filter(Q(state="withdrawn") | Q(newest=False))
    if hidden.exists():
        found = found.exclude(document__in=hidden.values("id"))
    if scope.regions is not None:
        found = found.filter(document__in=models.Document.objects.filter(region_code__in=scope.regions).values("id"))
    return found


def indicator_counts(scope: Scope) -> dict[str, int]:
    """How many targets and results ``follow`` finds of each indicator of the catalogue. An index alone answers."""
    # only measures have an indicator, so the kind need not be asked for
    found = visible_facts(scope).exclude(indicator_id="").filter(role__in=ROLES)
    return dict(found.values("indicator_id").annotate(n=Count("*")).order_by().values_list("indicator_id", "n"))


def follow(indicator: str, scope: Scope, tree: Tree, *, regions: Sequence[str] = (), name: str = "") -> tuple[list[Followed], int]:
    """(targets and results of an indicator by its id, or of those that no catalogue has by ``name``; by place and year, how many there are).

    Where there are more than ``MOST``, the rows are those of the newest years.
    """
    found = visible_facts(scope).filter(kind="measure", role__in=ROLES)
    found = found.filter(indicator_id=indicator) if indicator else found.filter(indicator_id="", name=name)
    if regions:
        codes = {code for region in regions for code in tree.subtree(region)}
        found = found.filter(document__in=models.Document.objects.filter(region_code__in=codes).values("id"))
    newest = found.order_by(F("year").desc(nulls_last=True), "-ordinal")
    facts = list(newest.values_list(*_COLUMNS, named=True)[:MOST])
    documents = {one.id: one for one in models.Document.objects.filter(id__in={fact.document for fact in facts}).only(*_OF_DOCUMENTS)}
    told = {key: (one.region or tree.name(one.region_code), one.region_code, title_of(one), one.year) for key, one in documents.items()}
    rows = [Followed(fact, *told[fact.document]) for fact in facts if fact.document in told]
    rows.sort(key=lambda row: (row.region_code, row.fact.year or 0, row.fact.role, row.fact.ordinal))
    return rows, len(rows) if len(facts) < MOST else found.count()


def groups(rows: Iterable[Followed]) -> dict[tuple[str, str], list[Followed]]:
    """The rows by what may stand on one axis: (measure, unit), the fullest group first."""
    found: dict[tuple[str, str], list[Followed]] = {}
    for row in rows:
        found.setdefault((row.fact.measure or "level", row.fact.unit), []).append(row)
    return dict(sorted(found.items(), key=lambda pair: -len(pair[1])))
