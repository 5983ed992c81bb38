"""What persons settled, put into force on the outcomes of linking. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from luoshi.ledger.ids import ident
from luoshi.link import Outcome


class Settled(msgspec.Struct, frozen=True):
    """Settlements in force: of pairs of names (in order) whether they are one thing, of targets the verdict and the fact it was judged by."""

    names: Mapping[tuple[str, str], bool] = {}
    verdicts: Mapping[str, tuple[str, str]] = {}


def pair(first: str, second: str) -> tuple[str, str]:
    """The two names in the order in which they are kept."""
    return (first, second) if first <= second else (second, first)


def identity_id(first: str, second: str) -> str:
    """The id of what is settled of two names."""
    return ident("n", *pair(first, second))


def verdict_id(target: str) -> str:
    """The id of what is settled of a target, by its fact."""
    return ident("w", target)


def in_force(outcome: Outcome, core: str, settled: Settled) -> tuple[Outcome, bool]:
    """(the outcome with the verdict that a person gave it, whether persons said anything of its name or its verdict).

    A verdict counts as long as the target is judged by the same fact as then. Decisions on names linking itself has taken.
    """
    said = any(core in names for names in settled.names)
    verdict, basis = settled.verdicts.get(outcome.target.fact, ("", ""))
    if verdict and basis == (outcome.result.fact if outcome.result else ""):
        why: Any = outcome.why if verdict == outcome.verdict else ""
        reasons = (*outcome.reasons, "settled-verdict")
        return msgspec.structs.replace(outcome, verdict=verdict, why=why, others=(), reasons=reasons), True
    return outcome, said
