"""What of the ledger the one who asks may see."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest

from luoshi.desk.rights import scope
from luoshi.ledger.belonging import units_for
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.web.page import actor_of


def scope_of(request: HttpRequest) -> Scope:
    """The scope of this request's actor, made once a request."""
    found: Scope | None = getattr(request, "luoshi_scope", None)
    if found is None:
        found = scope(actor_of(request), tree(), units_for)
        request.luoshi_scope = found  # type: ignore[attr-defined]
    return found


def zone() -> ZoneInfo:
    """The zone of the office, in which its days are counted."""
    return ZoneInfo(settings.TIME_ZONE)
