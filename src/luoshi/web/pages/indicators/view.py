"""The indicators of the catalogue that the ledger has something about, most spoken of first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from luoshi.extract.catalogue import indicators
from luoshi.ledger.following import indicator_counts
from luoshi.web.page import Page, show
from luoshi.web.seen import scope_of


def view(request: HttpRequest) -> HttpResponseBase:
    """The list, narrowed by words of a name or alias."""
    words = request.GET.get("q", "").strip()
    counts = indicator_counts(scope_of(request))
    known = [one for one in indicators() if one.id in counts and _fits(words, one.name, one.aliases)]
    known.sort(key=lambda one: (-counts[one.id], one.name))
    rows = [
        {"id": one.id, "name": one.name, "aliases": "、".join(one.aliases[:4]), "unit": one.unit, "count": counts[one.id]} for one in known
    ]
    return show(request, {"rows": rows, "words": words, "any": bool(counts)})


def _fits(words: str, name: str, aliases: tuple[str, ...]) -> bool:
    return not words or any(words.casefold() in one.casefold() for one in (name, *aliases))


PAGE = Page("indicators", "indicators", view)
