"""What does not fit together in the documents of a place: found anew when one of them changed, kept in memory until then."""

from __future__ import annotations

from functools import lru_cache

from luoshi.ledger.linked import Linking
from luoshi.ledger.linking import sources_of
from luoshi.ledger.scope import Scope
from luoshi.link.contradiction import Contradiction
from luoshi.link.contradictions import contradictions

#: documents of one place that are compared; beyond it the oldest are left out
_MOST = 60


def contradictions_of(region: str, scope: Scope) -> tuple[Contradiction, ...]:
    """The contradictions of the documents of a place, the newest year first; none where the scope does not see them."""
    if scope.regions is not None and region not in scope.regions:
        return ()
    rows = Linking.objects.filter(region_code=region).order_by("-last", "id").values_list("id", "wanted")[:_MOST]
    found = _found(tuple(rows))
    return tuple(sorted(found, key=lambda one: -(one.year or 0)))


@lru_cache(maxsize=64)
def _found(documents: tuple[tuple[str, int], ...]) -> tuple[Contradiction, ...]:
    """``documents`` with how often each changed, so that a change asks anew."""
    return contradictions(sources_of([key for key, _ in documents]).values())
