"""What does not fit together in the documents of a place: found anew when one of them changed, kept in memory until then."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from luoshi.ledger import models
from luoshi.ledger.linked import Linking
from luoshi.ledger.linking import resting_on, sources_of
from luoshi.ledger.scope import Scope
from luoshi.link.contradiction import Contradiction
from luoshi.link.contradictions import contradictions

#: documents of one place that are compared; beyond it the oldest are left out
_MOST = 60


def contradictions_of(region: str, scope: Scope) -> tuple[Contradiction, ...]:
    """The contradictions of the documents of a place, the newest year first; none where the scope does not see them."""
    if scope.regions is not None and region not in scope.regions:
        return ()
    here = models.Document.objects.exclude(state="withdrawn").filter(newest=True, region_code=region).values("id")
    newest = Linking.objects.filter(id__in=here).order_by("-last", "id").values_list("id", flat=True)[:_MOST]
    found = _found(tuple(newest), resting_on(list(newest)))
    return tuple(sorted(found, key=lambda one: -(one.year or 0)))


@lru_cache(maxsize=64)
def _found(documents: tuple[str, ...], known: tuple[tuple[Any, ...], ...]) -> tuple[Contradiction, ...]:
    """``known`` is all that the answer follows from, so that a change of anything asks anew, and a rebuild that changes nothing does not."""
    del known
    return contradictions(sources_of(documents).values())
