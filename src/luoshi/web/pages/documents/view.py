"""The documents of the ledger: which there are, from where and when, and how far their facts have been checked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest, HttpResponse

from luoshi.ledger import models
from luoshi.ledger.places import Tree, tree
from luoshi.ledger.titles import title_of, years_of
from luoshi.web.page import Page, allowed, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang

SIZE: Final = 50
KINDS: Final = ("report", "plan", "breakdown", "other")
STATES: Final = ("open", "confirmed", "withdrawn")
CHECKING: Final = ("none", "some", "all", "disputed")
DEFAULT_SORT: Final = "-read"
_SORTS: Final[Mapping[str, str]] = {
    "title": "title", "kind": "kind", "region": "region", "year": "year", "read": "number", "facts": "facts", "characters": "characters",
}  # fmt: skip
#: the order in which the stretches of a bar stand
ORDER: Final = ("accepted", "corrected", "rejected", "disputed", "open")


def view(request: HttpRequest) -> HttpResponse:
    """The table with its filters; a search for words in titles and regions."""
    seen = visible(request)
    wish = {name: request.GET.get(name, "").strip() for name in ("q", "region", "kind", "year", "state", "checking", "versions")}
    found = _ordered(_filtered(seen, wish), request.GET.get("sort", ""))
    pages = Paginator(found, SIZE).get_page(request.GET.get("page"))
    checked, places = progress_by_document([document.id for document in pages]), tree()
    values = {
        "pages": pages, "wish": wish, "filtered": any(wish.values()), "default_sort": DEFAULT_SORT, "kinds": KINDS, "states": STATES,
        "checkings": CHECKING, "regions": _regions(seen), "years": _years(seen), "may_receive": allowed(request, "document.receive"),
        "rows": [_row(document, checked.get(document.id, {}), places) for document in pages],
    }  # fmt: skip
    return show(request, values)


def visible(request: HttpRequest) -> QuerySet[models.Document]:
    """The documents that who asks may see, withdrawn ones and older versions included."""
    codes = scope_of(request).regions
    return models.Document.objects.all() if codes is None else models.Document.objects.filter(region_code__in=codes)


def _filtered(found: QuerySet[models.Document], wish: Mapping[str, str]) -> QuerySet[models.Document]:
    found = found.filter(state=wish["state"]) if wish["state"] in STATES else found.exclude(state="withdrawn")
    if not wish["versions"] and wish["state"] != "withdrawn":
        found = found.filter(newest=True)
    if wish["region"]:
        found = found.filter(region_code__in=tree().subtree(wish["region"]))
    if wish["kind"] in KINDS:
        found = found.filter(kind=wish["kind"])
    if wish["year"].isascii() and wish["year"].isdigit():
        year = int(wish["year"][:4])
        found = found.filter(Q(year=year) | Q(plan_first__lte=year, plan_last__gte=year))
    for word in wish["q"].split():
        found = found.filter(Q(title__icontains=word) | Q(region__icontains=word))
    return _by_checking(found, wish["checking"])


def _by_checking(found: QuerySet[models.Document], checking: str) -> QuerySet[models.Document]:
    """Documents none, some, all of whose facts have been checked; those with a dispute."""
    facts = models.Fact.objects.filter(document=OuterRef("pk")).order_by()
    is_open, is_checked = Exists(facts.filter(state="open")), Exists(facts.exclude(state="open"))
    if checking == "none":
        return found.filter(~is_checked)
    if checking == "some":
        return found.filter(is_checked, is_open)
    if checking == "all":
        return found.filter(is_checked, ~is_open, ~Exists(facts.filter(state="disputed")))
    return found.filter(Exists(facts.filter(state="disputed"))) if checking == "disputed" else found


def _ordered(found: QuerySet[models.Document], sort: str) -> QuerySet[models.Document]:
    down, name = sort.startswith("-"), sort.removeprefix("-")
    if name not in _SORTS:
        down, name = True, "read"
    if name == "facts":
        found = found.annotate(facts=F("measures") + F("tasks") + F("projects") + F("terms"))
    field = F(_SORTS[name])
    return found.order_by(field.desc(nulls_last=True) if down else field.asc(nulls_last=True), "-number")


def progress_by_document(documents: Iterable[str]) -> dict[str, dict[str, int]]:
    """How many facts of each document are in each state."""
    rows = models.Fact.objects.filter(document__in=list(documents)).order_by().values("document", "state").annotate(many=Count("*"))
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        found.setdefault(row["document"], {})[row["state"]] = row["many"]
    return found


def _row(document: models.Document, states: Mapping[str, int], places: Tree) -> dict[str, Any]:
    return {
        "document": document, "title": title_of(document, current_lang()), "years": years_of(document),
        "short": places.short(document.region_code) or document.region, "bar": bar(states), "facts": sum(states.values()),
    }  # fmt: skip


def bar(states: Mapping[str, int]) -> dict[str, Any]:
    """A bar of 100 units: stretches (state, count, from, width), how many are done, of how many."""
    total = sum(states.values())
    stretches, at = list[dict[str, Any]](), 0.0
    for state in ORDER:
        if states.get(state):
            width = states[state] / total * 100
            stretches.append({"state": state, "count": states[state], "at": f"{at:.2f}", "width": f"{width:.2f}"})
            at += width
    return {"total": total, "done": total - states.get("open", 0), "stretches": stretches}


def _regions(seen: QuerySet[models.Document]) -> list[dict[str, Any]]:
    """The regions of documents and those above, each with its depth, ordered as a tree."""
    places = tree()
    own = set(seen.order_by().values_list("region_code", flat=True).distinct()) - {""}
    codes = own | {above for code in own for above in places.ancestors(code)}
    paths = {code: tuple(reversed([code, *places.ancestors(code)])) for code in codes}
    ordered = sorted(codes, key=lambda code: paths[code])
    return [{"code": code, "name": places.short(code) or code, "indent": "　" * (len(paths[code]) - 1)} for code in ordered]


def _years(seen: QuerySet[models.Document]) -> list[int]:
    return sorted({year for year in seen.order_by().values_list("year", flat=True).distinct() if year}, reverse=True)


PAGE = Page("documents", "documents", view)
