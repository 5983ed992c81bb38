"""What persons settled, put into force on the outcomes of linking. Pure.

That two names are one thing counts in the region in which it was settled and in all that lies under it, nowhere else: 公厕 of one county may be
what 公共厕所 of another is not. What was settled nearer goes before what was settled further up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import msgspec

from luoshi.ledger.ids import ident
from luoshi.link import Outcome


class Settled(msgspec.Struct, frozen=True, dict=True):
    """Settlements in force for one place: of pairs of names (in order) whether they are one thing, of targets the verdict and the fact it was judged by."""

    names: Mapping[tuple[str, str], bool] = {}
    verdicts: Mapping[str, tuple[str, str]] = {}

    @cached_property
    def spoken_of(self) -> frozenset[str]:
        """Every name that something was settled of."""
        return frozenset(name for names in self.names for name in names)


class Identity(msgspec.Struct, frozen=True):
    """What was settled of two names in a region."""

    first: str
    second: str
    same: bool
    region: str


class Settlements(msgspec.Struct, frozen=True):
    """All settlements in force, of every region."""

    identities: tuple[Identity, ...] = ()
    verdicts: Mapping[str, tuple[str, str]] = {}

    def within(self, regions: Sequence[str]) -> Settled:
        """What counts for a place: ``regions`` are its code and those above it, the nearest first."""
        order = {code: at for at, code in reversed(list(enumerate(regions)))}
        mine = sorted((one for one in self.identities if one.region in order), key=lambda one: -order[one.region])
        return Settled({pair(one.first, one.second): one.same for one in mine}, self.verdicts)


def pair(first: str, second: str) -> tuple[str, str]:
    """The two names in the order in which they are kept."""
    return (first, second) if first <= second else (second, first)


def identity_id(first: str, second: str, region: str) -> str:
    """The id of what is settled of two names in a region."""
    return ident("n", *pair(first, second), region)


def verdict_id(target: str) -> str:
    """The id of what is settled of a target, by its fact."""
    return ident("w", target)


def in_force(outcome: Outcome, core: str, settled: Settled) -> tuple[Outcome, bool]:
    """(the outcome with the verdict that a person gave it, whether persons said anything of its name or its verdict).

    A verdict counts as long as the target is judged by the same fact as then. Decisions on names linking itself has taken.
    """
    said = core in settled.spoken_of
    verdict, basis = settled.verdicts.get(outcome.target.fact, ("", ""))
    if verdict and basis == (outcome.result.fact if outcome.result else ""):
        why: Any = outcome.why if verdict == outcome.verdict else ""
        reasons = (*outcome.reasons, "settled-verdict")
        return msgspec.structs.replace(outcome, verdict=verdict, why=why, others=(), reasons=reasons), True
    return outcome, said
