"""How a line of a scheme turns a value into points: a closed list, each word with its own parts. Nothing else can be said in a scheme file.

``of`` is always the key of an input or of a measure. ``points`` of the line is what it gives in full; the numbers here say how much of it.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

import msgspec

_ZERO = Decimal(0)
_HUNDRED = Decimal(100)


class _How(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind"):
    pass


class Fixed(_How, frozen=True, forbid_unknown_fields=True, tag="fixed"):
    """The points of the line, whatever happens: a base."""


class Mark(_How, frozen=True, forbid_unknown_fields=True, tag="mark"):
    """Points as given by whoever judges, of ``out_of`` (the line's points where it is not said), never below 0 nor above the line's points."""

    of: str
    out_of: Decimal | None = None


class Ratio(_How, frozen=True, forbid_unknown_fields=True, tag="ratio"):
    """A share in per cent, of which ``full`` gives all points. Below ``least`` nothing; above ``most`` (``full`` if unsaid) nothing more."""

    of: str
    full: Decimal = _HUNDRED
    least: Decimal | None = None
    most: Decimal | None = None


class Below(_How, frozen=True, forbid_unknown_fields=True, tag="below"):
    """All points from ``full`` on; each ``each`` below takes ``lose`` away, in proportion or for ``whole`` steps only, down to ``floor``."""

    of: str
    full: Decimal
    lose: Decimal
    each: Decimal = Decimal(1)
    floor: Decimal = _ZERO
    whole: bool = False


class Band(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """From ``low`` on (included) these points; the band without ``low`` is for all that is lower."""

    points: Decimal
    low: Decimal | None = None


class Bands(_How, frozen=True, forbid_unknown_fields=True, tag="bands"):
    """Points by bands of a value, the highest first."""

    of: str
    bands: tuple[Band, ...]


class Event(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points for each time that something happened (below 0: taken away); ``most``: all times together at most so many, without sign."""

    of: str
    each: Decimal
    most: Decimal | None = None


class Events(_How, frozen=True, forbid_unknown_fields=True, tag="events"):
    """Points by events, from ``start``; never below ``floor`` nor above ``most``. A line of what is taken away begins with its points as start."""

    events: tuple[Event, ...]
    start: Decimal = _ZERO
    floor: Decimal | None = None
    most: Decimal | None = None


class Rank(_How, frozen=True, forbid_unknown_fields=True, tag="rank"):
    """Points by place in the group, in per cent of the line's: ``table`` by place, then ``each`` less for every further one, down to ``floor``.

    ``last``: what the last place gets, in points (below 0: taken away); it counts only where more than one is ranked. ``others``: what all
    but the last get, in points, in place of the table. ``above``: only values above it are ranked, the others get nothing.
    """

    of: str
    best: Literal["high", "low"] = "high"
    table: tuple[Decimal, ...] = ()
    each: Decimal = _ZERO
    floor: Decimal = _ZERO
    last: Decimal | None = None
    others: Decimal | None = None
    above: Decimal | None = None


class First(_How, frozen=True, forbid_unknown_fields=True, tag="first"):
    """The first of the group gets all points, the others in proportion to the first."""

    of: str


class Weight(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mark and how much it weighs, in per cent."""

    of: str
    weight: Decimal


class Raters(_How, frozen=True, forbid_unknown_fields=True, tag="raters"):
    """Marks of several raters (of ``out_of``) by their weights. ``missing``: no score until all have rated, or the others' weights are shared."""

    of: tuple[Weight, ...]
    out_of: Decimal = _HUNDRED
    missing: Literal["none", "others"] = "none"


class Periods(_How, frozen=True, forbid_unknown_fields=True, tag="periods"):
    """Scores of shorter periods (quarters, of ``out_of``) as one: by weights, or their mean. ``least``: so many must be there."""

    of: tuple[str, ...]
    out_of: Decimal = _HUNDRED
    weights: tuple[Decimal, ...] = ()
    least: int | None = None


class Lights(_How, frozen=True, forbid_unknown_fields=True, tag="lights"):
    """Lights turned into points: ``worth`` says how much a light counts (1 all, 0 nothing), ``of`` the counts of lights by colour."""

    of: dict[str, str]
    worth: dict[str, Decimal]


class Benchmark(_How, frozen=True, forbid_unknown_fields=True, tag="benchmark"):
    """Value ÷ benchmark × points. No ``benchmark``: the mean of the group. ``most``: at most so many times the points."""

    of: str
    benchmark: Decimal | None = None
    most: Decimal | None = None


class Inverse(_How, frozen=True, forbid_unknown_fields=True, tag="inverse"):
    """For what is better when smaller: (2 − value ÷ mean) × points, nothing from twice the mean on. No ``mean``: that of the group."""

    of: str
    mean: Decimal | None = None


class Spread(_How, frozen=True, forbid_unknown_fields=True, tag="spread"):
    """Between the worst and the best of the group: points × (``floor`` + (100 − ``floor``) × (x − min) ÷ (max − min)) ÷ 100."""

    of: str
    floor: Decimal
    best: Literal["high", "low"] = "high"


How = Fixed | Mark | Ratio | Below | Bands | Events | Rank | First | Raters | Periods | Lights | Benchmark | Inverse | Spread


def keys_of(how: How) -> tuple[str, ...]:
    """The inputs and measures that a line looks at, in order."""
    if isinstance(how, Fixed):
        return ()
    if isinstance(how, Events):
        return tuple(event.of for event in how.events)
    if isinstance(how, Raters):
        return tuple(weight.of for weight in how.of)
    if isinstance(how, Periods):
        return how.of
    if isinstance(how, Lights):
        return tuple(how.of.values())
    return (how.of,)
