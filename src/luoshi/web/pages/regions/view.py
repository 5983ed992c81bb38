"""The regions of which the ledger has documents, in their tree; any other is found by name."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from luoshi.ledger import models
from luoshi.ledger.overview import region_counts
from luoshi.ledger.places import Tree, tree
from luoshi.web.page import Page, show
from luoshi.web.seen import scope_of

_FOUND: Final = 60


def view(request: HttpRequest) -> HttpResponseBase:
    """The tree of the regions with documents, or those whose name holds the words."""
    words, places, counts = request.GET.get("q", "").strip(), tree(), region_counts(scope_of(request))
    found = list(models.Region.objects.filter(full_name__contains=words).order_by("id")[:_FOUND]) if words else []
    return show(request, {"words": words, "found": found, "rows": _tree_rows(places, counts), "unknown": counts.get("", 0)})


def _tree_rows(places: Tree, counts: dict[str, int]) -> list[dict[str, Any]]:
    """The regions with documents and those above them, each under its own, with its depth."""
    wanted = {code for known in counts if known for code in (known, *places.ancestors(known))}
    totals: dict[str, int] = {}
    for code, count in counts.items():
        for above in (code, *places.ancestors(code)):
            totals[above] = totals.get(above, 0) + count
    rows: list[dict[str, Any]] = []

    def visit(code: str, depth: int) -> None:
        rows.append(
            {
                "code": code,
                "name": places.short(code) or code,
                "depth": min(depth, 5),
                "own": counts.get(code, 0),
                "total": totals.get(code, 0),
            }
        )
        for child in sorted(set(places.children(code)) & wanted):
            visit(child, depth + 1)

    for root in sorted(code for code in wanted if not set(places.ancestors(code)) & wanted):
        visit(root, 0)
    return rows


PAGE = Page("regions", "regions", view)
