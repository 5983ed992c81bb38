"""How often a token may be used: counted in the database, so that it holds over all processes of a server.

A process takes a few uses at once and gives them out without asking again: a write for each request costs more than most answers. What it has
not given out when the minute ends is lost, so that there are never more than may be, and at the very end a few less.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from threading import Lock
from typing import Final

from django.db import transaction

from luoshi.ledger.entry import moment
from luoshi.web.api.models import Use

#: wrong tokens from one address in a minute; our own default: 本系统缺省，请本单位核定
WRONG_TOKENS: Final = 20
#: so many times in a minute a process that uses a whole limit writes it down
_WRITES: Final = 24
_MOST_KNOWN: Final = 10_000
_lock: Final = Lock()
#: by token: the minute, and how many uses of it this process has still to give out
_held: Final[dict[str, tuple[str, int]]] = {}


def seconds_to_wait(token: str, per_minute: int, now: datetime) -> int:
    """0 and one use more, or the seconds until the minute is over in which there were as many as may be."""
    minute = moment(now)[:16]
    if _give_out(token, minute):
        return 0
    taken = _take(token, per_minute, now)
    if not taken:
        return 60 - now.second
    with _lock:
        if len(_held) > _MOST_KNOWN:
            _held.clear()
        of, left = _held.get(token, ("", 0))
        _held[token] = (minute, taken - 1 + (left if of == minute else 0))
    return 0


def _give_out(token: str, minute: str) -> bool:
    """Whether this process had a use of this minute left; it is gone then."""
    with _lock:
        of, left = _held.get(token, ("", 0))
        if of != minute or not left:
            return False
        _held[token] = (minute, left - 1)
        return True


@transaction.atomic
def _take(token: str, per_minute: int, now: datetime) -> int:
    """So many uses of this minute as a process may give out; 0 where none are left."""
    row, _ = Use.objects.select_for_update().get_or_create(pk=token)
    minute = moment(now)[:16]
    count = row.count if row.minute == minute else 0
    taken = min(max(1, per_minute // _WRITES), per_minute - count)
    if taken <= 0:
        return 0
    row.minute, row.count, row.last_at = minute, count + taken, moment(now)
    row.save()
    return taken


def last_used(tokens: Collection[str]) -> Mapping[str, str]:
    """When each of these tokens was last used, to within a few uses; none for one that never was."""
    return dict(Use.objects.filter(pk__in=list(tokens)).values_list("token", "last_at"))
