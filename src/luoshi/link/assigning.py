"""One figure answers one goal: of several targets that claim it, the one that it fits best; the others are answered anew."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Final

import msgspec

from luoshi.link.fitting import is_counted, is_statistical
from luoshi.link.link import Outcome
from luoshi.link.scene import Scene

Pair = tuple[Scene, Outcome]
_CLAIMED: Final = frozenset({"met", "near", "missed"})
#: so many times at most are losers answered anew
_ROUNDS: Final = 8
#: reasons by which two names are surely one
_SURE: Final = frozenset({"same-words", "catalogue", "same-thing", "same-spelling", "settled"})
#: so many signs in front of an amount tell what it is of
_NEAR: Final = 12


def assigned(pairs: list[Pair], anew: Callable[[Scene, Collection[str]], Outcome]) -> list[Pair]:
    """Targets with their ends, in the same order, no figure claimed by two goals; ``anew`` answers a target without some figures."""
    for _ in range(_ROUNDS):
        claims: dict[str, list[int]] = {}
        for place, (_, end) in enumerate(pairs):
            if fact := claimed(end):
                claims.setdefault(fact, []).append(place)
        lost = {places[one] for places in claims.values() if len(places) > 1 for one in _losers([pairs[place] for place in places])}
        if not lost:
            break
        # what is claimed anew may be claimed by two again: of these one keeps it, so that each round has fewer of them
        pairs = [(target, _lost(end, anew(target, claims.keys())) if place in lost else end) for place, (target, end) in enumerate(pairs)]
    return pairs


def claimed(end: Outcome) -> str:
    """The id of the figure that an end claims for its target; "" for none."""
    return end.result.fact if end.result is not None and end.verdict in _CLAIMED else ""


def _lost(old: Outcome, new: Outcome) -> Outcome:
    """The end of a target whose figure is another goal's: a report that has such a figure has not dropped the goal for sure."""
    if new.verdict != "dropped":
        return new
    return msgspec.structs.replace(new, verdict="cannot_tell", why="other_indicator", result=old.result, reasons=old.reasons[:1], others=("dropped",),
        forecast=old.forecast)  # fmt: skip


def _losers(claims: Sequence[Pair]) -> list[int]:
    """The places of those that are another goal than the one that the figure fits best."""
    best = max(range(len(claims)), key=lambda place: (*_claim(*claims[place]), -place))
    return [place for place, pair in enumerate(claims) if place != best and not _is_one_goal(claims[best][0], *pair)]


def _claim(target: Scene, end: Outcome) -> tuple[int, ...]:
    """How strongly a target claims the figure that answers it."""
    result = end.result
    alike = len(_pairs(target.own[-_NEAR:] + target.name + target.behind) & _pairs(result.said if result else ""))
    same = result is not None and target.measure.text == result.text
    return int(not end.likely), int(end.reasons[:1] != () and end.reasons[0] in _SURE), int(same), alike


def _pairs(words: str) -> frozenset[str]:
    return frozenset(words[place : place + 2] for place in range(len(words) - 1))


def _is_one_goal(winner: Scene, target: Scene, end: Outcome) -> bool:
    """True where two targets are one goal said twice, or two bounds of one; a part that reaches the whole may answer both."""
    if "part-reaches" in end.reasons:
        return True
    if winner.core != target.core and not (is_statistical(winner) and winner.indicator_id == target.indicator_id):
        return False
    if not is_counted(target.measure) or winner.measure.value == target.measure.value:
        return True
    deeds = not (winner.deeds and target.deeds) or winner.deeds == target.deeds
    return winner.scope == target.scope and winner.act == target.act and winner.stage == target.stage and deeds
