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


def in_force(outcome: Outcome, core: str, answer: str, settled: Settled) -> tuple[Outcome, bool]:
    """(the outcome with what persons said of its names and of its verdict, whether they said anything). A verdict counts as long as the
    target is judged by the same fact as then."""
    said = False
    same = settled.names.get(pair(core, answer)) if outcome.likely and answer else None
    if same is not None:
        outcome, said = _identified(outcome, same=same), True
    verdict, basis = settled.verdicts.get(outcome.target.fact, ("", ""))
    if verdict and basis == (outcome.result.fact if outcome.result else ""):
        why: Any = outcome.why if verdict == outcome.verdict else ""
        outcome = msgspec.structs.replace(outcome, verdict=verdict, why=why, others=(), reasons=(*outcome.reasons, "settled-verdict"))
        said = True
    return outcome, said


def _identified(outcome: Outcome, *, same: bool) -> Outcome:
    if same:
        return msgspec.structs.replace(outcome, likely=False, reasons=(*outcome.reasons, "settled-same"))
    return msgspec.structs.replace(
        outcome, likely=False, verdict="cannot_tell", why="other_indicator", distance="", distance_unit="", worked="", others=(),
        reasons=(*outcome.reasons, "settled-other"),
    )  # fmt: skip
