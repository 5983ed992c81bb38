"""The figures that a matter hands to appraisal, as its mechanism's ``score`` names them: kept in time, sent back so often, rated so.

``of`` is one of a closed list: ``on_time``, ``returned``, ``missed_ever``, ``progress``, ``excluded``, ``closed``, the three rates of
complaints (``responded``, ``solved``, ``satisfied``), ``done.<act>``, ``ratings.<rating>``, ``each_on_time.<clock>``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import msgspec

from luoshi.loop.matter import Matter, Ticking
from luoshi.loop.mechanism import Mechanism, Score, Words
from luoshi.loop.rates import order_of

Value = bool | int | float | str | None


class Figure(msgspec.Struct, frozen=True):
    """A figure of a matter. ``value`` None: nothing can be said yet. ``units``: by unit, where each unit has its own."""

    key: str
    title: Words
    of: str
    value: Value = None
    units: dict[str, Value] = {}


def figures(matter: Matter, mechanism: Mechanism) -> tuple[Figure, ...]:
    """What the matter hands to appraisal now, in the order of the file."""
    return tuple(_figure(matter, mechanism, one) for one in mechanism.score)


def unknown(mechanism: Mechanism) -> Iterator[str]:
    """What a ``score`` asks for that nobody counts, in words."""
    names = {
        "done": {act.key for act in mechanism.acts}, "ratings": {rating.key for rating in mechanism.ratings},
        "each_on_time": {clock.key for clock in mechanism.clocks if clock.each},
    }  # fmt: skip
    for one in mechanism.score:
        kind, _, name = one.of.partition(".")
        if (name and name not in names.get(kind, ())) or (not name and kind not in _PLAIN):
            yield f"score {one.key} 数的 {one.of} 没有人数"


def _figure(matter: Matter, mechanism: Mechanism, one: Score) -> Figure:
    kind, _, name = one.of.partition(".")
    if kind == "done":
        return Figure(one.key, one.title, one.of, matter.done.get(name, 0))
    if kind == "ratings":
        units: dict[str, Value] = {key.partition("@")[2]: value for key, value in matter.ratings.items() if key.startswith(f"{name}@")}
        return Figure(one.key, one.title, one.of, matter.ratings.get(name), units)
    if kind == "each_on_time":
        units = {clock.unit: kept for clock in matter.clocks if clock.key == name and clock.unit and (kept := _kept(clock)) is not None}
        return Figure(one.key, one.title, one.of, all(units.values()) if units else None, units)
    return Figure(one.key, one.title, one.of, _PLAIN[kind](matter, mechanism))


def _on_time(matter: Matter, mechanism: Mechanism) -> bool | None:
    """Whether the main clock was kept."""
    ticking = matter.last(mechanism.main.key) if mechanism.main else None
    return _kept(ticking) if ticking else None


def _kept(ticking: Ticking) -> bool | None:
    """Whether a clock was kept; None while it runs in time, and where it ended without anybody's doing.

    A due date that was moved before it passed counts; where it had passed before, the original one does.
    """
    if ticking.lapsed is not None:
        return False
    if ticking.stopped is None or not ticking.by:
        return None
    return ticking.stopped <= ticking.due


def _progress(matter: Matter, mechanism: Mechanism) -> float | None:
    return matter.progress


_PLAIN: Final[Mapping[str, Callable[[Matter, Mechanism], Value]]] = {
    "on_time": _on_time, "returned": lambda matter, _: matter.done.get("return", 0), "missed_ever": lambda matter, _: matter.missed_ever,
    "progress": _progress, "excluded": lambda matter, _: matter.excluded, "closed": lambda matter, _: matter.state == "closed",
    "responded": lambda matter, _: order_of(matter).contacted, "solved": lambda matter, _: order_of(matter).solved,
    "satisfied": lambda matter, _: order_of(matter).satisfied or None,
}  # fmt: skip
