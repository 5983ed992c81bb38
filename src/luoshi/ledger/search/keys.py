"""The keys of all rows that have some words, for tables that filter by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from luoshi.ledger.search.fold import fold
from luoshi.ledger.search.row import tag
from luoshi.ledger.search.table import index_of
from luoshi.ledger.search.wanted import ANYWHERE, wanted

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

#: so many rows are asked for by number at once
_AT_ONCE: Final = 5000
_MOST_WORDS: Final = 20


def keys(connection: BaseDatabaseWrapper, words: Sequence[str], kinds: Sequence[str], most: int) -> list[str] | None:
    """The keys of the rows of these kinds that have every word; ``None`` where they are more than ``most``, or the index has no use for the words.

    Width and case make no difference, so that what a plain comparison finds is among them.
    """
    folded = tuple(word for word in dict.fromkeys(map(fold, words)) if word.strip())
    if not folded or len(folded) > _MOST_WORDS:
        return None
    index = index_of(connection)
    groups = (tuple(tag("kind", kind) for kind in kinds),)
    with connection.cursor() as cursor:
        numbers: list[int] = index.asking(cursor, groups)(wanted(folded, ANYWHERE, groups, position=index.POSITION), most + 1)
        if len(numbers) > most:
            return None
        found: list[str] = []
        for at in range(0, len(numbers), _AT_ONCE):
            some = numbers[at : at + _AT_ONCE]
            cursor.execute(f"SELECT key FROM ledger_search WHERE id IN ({', '.join(['%s'] * len(some))})", some)  # noqa: S608 - placeholders
            found += [key for (key,) in cursor.fetchall()]
    return found
