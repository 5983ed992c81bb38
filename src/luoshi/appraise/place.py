"""Places by value, with ties as the rule says: shared and the next left empty (1-2-2-4), shared without gaps (1-2-2-3), or split."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal


def places(
    values: Mapping[str, Decimal],
    *,
    best: Literal["high", "low"] = "high",
    ties: Literal["competition", "dense", "ordinal"] = "competition",
    then: Mapping[str, tuple[Decimal, ...]] | None = None,
) -> dict[str, int]:
    """The place of each by its value. ``then``: further values that split equal ones, the higher first, for ``ordinal``.

    >>> places({"a": Decimal(9), "b": Decimal(8), "c": Decimal(8), "d": Decimal(7)})
    {'a': 1, 'b': 2, 'c': 2, 'd': 4}
    """
    sign = -1 if best == "high" else 1
    keys = {one: (sign * value, *_split(one, ties, then)) for one, value in values.items()}
    order = sorted(keys, key=lambda one: keys[one])
    found: dict[str, int] = {}
    place = dense = 0
    before: tuple[Decimal, ...] | None = None
    for at, one in enumerate(order, 1):
        if keys[one] != before:
            place, dense, before = at, dense + 1, keys[one]
        found[one] = dense if ties == "dense" else place
    return found


def _split(one: str, ties: str, then: Mapping[str, tuple[Decimal, ...]] | None) -> tuple[Decimal, ...]:
    return tuple(-value for value in (then or {}).get(one, ())) if ties == "ordinal" else ()
