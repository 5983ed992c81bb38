"""How often a token may be used: counted in the database, so that it holds over all processes of a server."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from luoshi.ledger.entry import moment
from luoshi.web.api.models import Use

#: wrong tokens from one address in a minute; our own default: 本系统缺省，请本单位核定
WRONG_TOKENS: Final = 20


@transaction.atomic
def seconds_to_wait(token: str, per_minute: int, now: datetime) -> int:
    """0 and one use more, or the seconds until the minute is over in which there were as many as may be."""
    row, _ = Use.objects.select_for_update().get_or_create(pk=token)
    minute = moment(now)[:16]
    count = row.count if row.minute == minute else 0
    if count >= per_minute:
        return 60 - now.second
    row.minute, row.count, row.last_at = minute, count + 1, moment(now)
    row.save()
    return 0


def last_used(tokens: Collection[str]) -> Mapping[str, str]:
    """When each of these tokens was last used; none for one that never was."""
    return dict(Use.objects.filter(pk__in=list(tokens)).values_list("token", "last_at"))
