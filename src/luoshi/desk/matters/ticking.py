"""The clock: what has fallen due is written down, each once, in the order in which it fell due, whoever runs it and however late."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

import msgspec
from django.db.models import Q, QuerySet

from luoshi.desk.matters.moving import append, at_of
from luoshi.desk.matters.ruling import lights_now, rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import clocks_of, life_of
from luoshi.ledger.entry import moment
from luoshi.ledger.store import Clock, Writer, now, writing
from luoshi.loop import engine
from luoshi.loop.matter import CLOCK, Change, Matter, Move
from luoshi.loop.rules import Rules
from luoshi.loop.timing import sealed

#: so many matters are moved in one transaction: others write in between
_BATCH: Final = 200
#: so many matters that cannot be moved are left aside in one run, and then it stops
_MOST_STUCK: Final = 100
Progress = Callable[[int, int], None]
log = logging.getLogger(__name__)


class Ticked(msgspec.Struct, frozen=True):
    """What a run of the clock did: matters looked at, entries made, and whether more is due (``most`` was reached).

    ``kinds``: how many moves of each kind (``warn``, ``lapse``, ``rung``, ``light``, ``month``, ``act``).
    ``stuck``: matters that could not be moved (their mechanism cannot be read, say); the reason is in the log and the others go on.
    """

    matters: int = 0
    entries: int = 0
    more: bool = False
    stuck: tuple[str, ...] = ()
    kinds: Mapping[str, int] = {}


def tick(*, clock: Clock = now, most: int = 0, progress: Progress = lambda done, total: None) -> Ticked:
    """Writes down all that is due up to now; ``most``: so many matters at most.

    Safe where two run at once and where one dies: what is due is looked up anew while the end of the chain is held, and a batch lasts
    whole or not at all. Where nothing is due nobody is held up: that is one look into an index.
    """
    done, stuck, kinds, total = Ticked(), list[str](), Counter[str](), 0
    while not (most and done.matters >= most) and len(stuck) < _MOST_STUCK:
        if not _some(moment(clock()), lights_now().key, stuck):
            break
        total = total or count_due(clock=clock)
        with writing(clock=clock) as writer:
            keys = _keys(moment(clock()), lights_now().key, stuck, min(_BATCH, most - done.matters) if most else _BATCH)
            stuck += _batch(writer, keys, kinds)
            done = msgspec.structs.replace(done, matters=done.matters + len(keys), entries=done.entries + len(writer.entries))
        progress(done.matters, max(total, done.matters))
    more = bool(most and done.matters >= most and _some(moment(clock()), lights_now().key, stuck))
    return msgspec.structs.replace(done, more=more, stuck=tuple(stuck), kinds=dict(kinds))


def count_due(*, clock: Clock = now) -> int:
    """How many matters have something due, or are lit by another rule than the one that is set."""
    rule = lights_now().key
    return _due(moment(clock())).count() + _otherwise_lit(rule).exclude(wake__gt="", wake__lte=moment(clock())).count()


def foreseen(*, clock: Clock = now, progress: Progress = lambda done, total: None) -> Mapping[str, int]:
    """What ``tick`` would write down at this moment, by kind of move, and ``matters``: how many it would look at. Nothing is written."""
    at, counts = clock(), Counter[str]()
    rule, total = lights_now().key, count_due(clock=clock)
    found = _due(moment(at)) | _otherwise_lit(rule)
    for row in found.order_by("wake", "id").values("mechanism", "version", "life", "lights_by").iterator(chunk_size=500):
        rules, matter = rules_for(row["mechanism"], row["version"]), life_of(row["life"])
        moves = engine.due(matter, rules, at)
        counts.update(move.kind for move in moves)
        counts["light"] += not moves or row["lights_by"] != rule
        counts["matters"] += 1
        progress(counts["matters"], total)
    return {kind: count for kind, count in counts.items() if count}


def _due(at: str) -> QuerySet[models.Matter]:
    return models.Matter.objects.filter(wake__gt="", wake__lte=at)


def _otherwise_lit(rule: str) -> QuerySet[models.Matter]:
    """The live matters whose lights were judged by another rule than the one that is set; as two ranges of an index, not as all but one."""
    return models.Matter.objects.filter(Q(lights_by__lt=rule) | Q(lights_by__gt=rule), state="live")


def _some(at: str, rule: str, stuck: Collection[str]) -> bool:
    return bool(_keys(at, rule, stuck, 1))


def _keys(at: str, rule: str, stuck: Collection[str], most: int) -> list[str]:
    """The first matters with something to do, those that fell due first before the others."""
    keys = list(_due(at).exclude(pk__in=stuck).order_by("wake", "id").values_list("id", flat=True)[:most])
    if len(keys) < most:
        others = _otherwise_lit(rule).exclude(pk__in=[*stuck, *keys]).order_by("id").values_list("id", flat=True)
        keys += others[: most - len(keys)]
    return keys


def _batch(writer: Writer, keys: Sequence[str], kinds: Counter[str]) -> list[str]:
    """Moves these matters, and counts the moves by kind; those that cannot be moved."""
    stuck = []
    writer.rows.prefetch([("matter", key) for key in keys])
    writer.rows.prefetch([("clock", one) for key in keys if (row := writer.get("matter", key)) is not None for one in clocks_of(row)])
    for key in keys:
        try:
            moves, matter, rules = _moves(writer, key)
        except Exception:
            # one file that cannot be read, or that turns in a circle, must not keep all others from being reminded
            log.exception("matter %s cannot be moved", key)
            stuck.append(key)
            continue
        for move in moves:
            matter = append(writer, matter, move, rules)
            kinds[move.kind] += 1
    return stuck


def _moves(writer: Writer, key: str) -> tuple[list[Move], Matter, Rules]:
    """What is due of a matter, and the lights anew where the rule that is set is another; nothing where a batch before has done it."""
    row = writer.get("matter", key)
    assert row is not None  # noqa: S101 - it was found a moment ago, and who holds the end of the chain holds all
    rules, matter, at = rules_for(row["mechanism"], row["version"]), life_of(row["life"]), at_of(writer)
    moves = list(engine.due(matter, rules, at))
    otherwise_lit = row["lights_by"] != rules.lights.key and row["state"] == "live"
    # by another rule what was to fall due at this moment may not be due at all: the next moment is found anew with the lights
    if not moves and (otherwise_lit or "" < row["wake"] <= writer.at):
        moves.append(_relit(matter, rules, at))
    return moves, matter, rules


def _relit(matter: Matter, rules: Rules, at: datetime) -> Move:
    """The lights as the rule that is set now says, and when something is next due by it."""
    return sealed(matter, Move("light", "rule", max(at, matter.changed), CLOCK, Change()), rules)
