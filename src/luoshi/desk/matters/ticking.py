"""The clock: what has fallen due is written down, each once, in the order in which it fell due, whoever runs it and however late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from luoshi.desk.matters.moving import append, at_of, catch_up
from luoshi.desk.matters.ruling import lights_now, rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.entry import moment
from luoshi.ledger.store import Clock, Writer, now, writing
from luoshi.loop.matter import CLOCK, Change, Matter, Move
from luoshi.loop.rules import Rules
from luoshi.loop.timing import sealed

#: so many matters are moved in one transaction: others write in between
_BATCH: Final = 500
Progress = Callable[[int, int], None]


class Ticked(msgspec.Struct, frozen=True):
    """What a run of the clock did: matters looked at, entries made, and whether more is due (``most`` was reached)."""

    matters: int = 0
    entries: int = 0
    more: bool = False


def tick(*, clock: Clock = now, most: int = 0, progress: Progress = lambda done, total: None) -> Ticked:
    """Writes down all that is due up to now; ``most``: so many matters at most.

    Safe where two run at once and where one dies: what is due is looked up anew while the end of the chain is held, and a batch lasts
    whole or not at all.
    """
    matters = entries = 0
    at = moment(clock())
    rule = lights_now().key
    total = _due(at).count() + _otherwise_lit(rule).count()
    while True:
        with writing(clock=clock) as writer:
            keys = list(_due(at).order_by("wake", "id").values_list("id", flat=True)[:_BATCH])
            keys += list(_otherwise_lit(rule).exclude(pk__in=keys).order_by("id").values_list("id", flat=True)[: _BATCH - len(keys)])
            if most:
                keys = keys[: most - matters]
            writer.rows.prefetch([("matter", key) for key in keys])
            for key in keys:
                _one(writer, key)
            entries += len(writer.entries)
        matters += len(keys)
        progress(matters, max(total, matters))
        if not keys or (most and matters >= most):
            return Ticked(matters, entries, bool(most and matters >= most))


def _due(at: str):  # type: ignore[no-untyped-def]
    return models.Matter.objects.filter(wake__gt="", wake__lte=at)


def _otherwise_lit(rule: str):  # type: ignore[no-untyped-def]
    """The live matters whose lights were judged by another rule than the one that is set."""
    return models.Matter.objects.filter(state="live").exclude(lights_by=rule)


def _one(writer: Writer, key: str) -> None:
    row = writer.get("matter", key)
    assert row is not None  # noqa: S101 - it was found a moment ago, and who holds the end of the chain holds all
    rules, matter = rules_for(row["mechanism"], row["version"]), life_of(row["life"])
    before = len(writer.entries)
    matter = catch_up(writer, matter, rules, at_of(writer))
    if len(writer.entries) == before or row["lights_by"] != rules.lights.key:
        _relit(writer, matter, rules)


def _relit(writer: Writer, matter: Matter, rules: Rules) -> None:
    """The lights as the rule that is set now says."""
    move = Move("light", "rule", max(at_of(writer), matter.changed), CLOCK, Change())
    append(writer, matter, sealed(matter, move, rules), rules)
