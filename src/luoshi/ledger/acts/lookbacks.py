"""Folds of look backs: which matters were drawn, by which rule and seed."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from luoshi.ledger.acts.place import Fold, Place
from luoshi.ledger.entry import Entry


def draw(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``mechanism``, ``first`` and ``last`` day of closing, ``share``, ``least``, ``seed``, ``source``: the rule; ``candidates``; ``drawn``."""
    place.rows.put(
        "lookback", entry.subject, mechanism=data["mechanism"], first=data["first"], last=data["last"], share=data["share"],
        least=data["least"], seed=data["seed"], source=data.get("source", ""), candidates=_list(data["candidates"]),
        drawn=_list(data["drawn"]), seq=entry.seq, at=entry.at, by=entry.actor,
    )  # fmt: skip


def _list(keys: list[str]) -> str:
    return msgspec.json.encode(keys).decode("utf-8")


ACTS: Final[dict[str, Fold]] = {"lookback.draw": draw}
