"""How often somebody may ask: reports by key and by address, counted in the database; questions by address, in this process."""

from __future__ import annotations

import time
from collections import OrderedDict
from threading import Lock
from typing import Final

from django.db import transaction

from luoshi.ledger.entry import moment
from luoshi.web.signin.models import Failure
from luoshi.web.signin.moments import after, now

#: in a minute; our own defaults, far above what a counter of a town needs
REPORTS_BY_KEY: Final = 60
REPORTS_BY_ADDRESS: Final = 60
WRONG_KEYS: Final = 10
QUESTIONS: Final = 240
_MINUTE: Final = 60.0
_MOST_KNOWN: Final = 10_000


@transaction.atomic
def too_many(kind: str, who: str, most: int) -> bool:
    """Counts one more of this kind in this minute; whether it is one too many. Rows are tidied with the failures to sign in."""
    row, _ = Failure.objects.select_for_update().get_or_create(pk=f"o:{kind}:{who}"[:80])
    at = now()
    if not row.last_at or row.last_at < after(at, minutes=-1):
        row.count, row.last_at = 0, moment(at)
    row.count += 1
    row.save()
    return row.count > most


def is_over(kind: str, who: str, most: int) -> bool:
    """Whether there were so many in this minute already; counts nothing."""
    row = Failure.objects.filter(pk=f"o:{kind}:{who}"[:80]).first()
    return row is not None and row.count >= most and row.last_at >= after(now(), minutes=-1)


class Questions:
    """Questions by address in the running minute; one a process."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def too_many(self, address: str, most: int = QUESTIONS) -> bool:
        """Counts one more; whether it is one too many."""
        at = time.monotonic()
        with self._lock:
            began, count = self._seen.pop(address, (at, 0))
            if at - began >= _MINUTE:
                began, count = at, 0
            self._seen[address] = (began, count + 1)
            while len(self._seen) > _MOST_KNOWN:
                self._seen.popitem(last=False)
            return count >= most

    def clear(self) -> None:
        """Forgets all."""
        with self._lock:
            self._seen.clear()


QUESTIONS_ASKED: Final = Questions()
