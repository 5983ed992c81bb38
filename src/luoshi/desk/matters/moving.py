"""How a move becomes an entry: with what the ledger needs to find the matter by, and with what follows for groups."""

from __future__ import annotations

import logging
from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from luoshi.desk.actor import Role
from luoshi.desk.done import NotFound
from luoshi.desk.matters.ruling import rules_for
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of, told
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.rows import Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Writer
from luoshi.loop import engine
from luoshi.loop.matter import CLOCK, Change, Matter, Move, after
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.rules import Rules
from luoshi.loop.splitting import weight_of
from luoshi.loop.timing import sealed

log: Final = logging.getLogger(__name__)


def at_of(writer: Writer) -> datetime:
    """The moment of the writing, as the loop takes it."""
    return datetime.strptime(writer.at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC)


def matter_for(writer: Writer, item: str, scope: Scope) -> tuple[Row, Matter, Rules]:
    """The row, the state and the rules of a matter that the scope sees; ``NotFound`` otherwise."""
    row = writer.get("matter", item)
    if row is None or not sees(scope, row):
        raise NotFound("没有这个在办事项", where=item[:64], remedy="请回到事项列表")
    return row, life_of(row["life"]), rules_for(row["mechanism"], row["version"])


def sees(scope: Scope, row: Mapping[str, Any]) -> bool:
    """Whether the scope sees the matter of this row."""
    if scope.item_regions is not None and row["region_code"] not in scope.item_regions:
        return False
    if row["internal"] and not scope.internal:
        return False
    if scope.units is None:
        return True
    duties = models.Duty.objects.filter(item=row["id"], live=True).values_list("organisation", flat=True)
    return scope.sees_item(row["region_code"], set(duties))


def data_of(move: Move, then: Matter, rules: Rules, *, kept: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """What the entry of a move says."""
    mechanism = rules.mechanism
    data: dict[str, Any] = {"move": told(move), "turn": mechanism.stage(then.stage).turn, "lights_by": rules.lights.key}
    if mechanism.main:
        data["main"] = mechanism.main.key
    parts = data["move"].get("change", {}).get("parts", {})
    if parts:
        data["names"] = names_of({holder for holders in parts.values() for holder in holders})
    if kept:
        data["kept"] = list(kept)
    return data


def append(writer: Writer, matter: Matter, move: Move, rules: Rules, *, kept: Sequence[Mapping[str, Any]] = ()) -> Matter:
    """The matter after the move, which is in the ledger then; what the group that it belongs to makes of it too."""
    then = after(matter, move)
    act = "loop.act" if move.kind == "act" and move.by != CLOCK else "loop.tick"
    writer.append(move.by, Draft(act, matter.item, data_of(move, then, rules, kept=kept)))
    if matter.parent and (then.progress, then.state) != (matter.progress, matter.state):
        fold_up(writer, matter.parent)
    return then


def catch_up(writer: Writer, matter: Matter, rules: Rules, at: datetime) -> Matter:
    """The matter after all that has fallen due by itself up to a moment, each in its order."""
    for move in engine.due(matter, rules, at):
        matter = append(writer, matter, move, rules)
    return matter


def fold_up(writer: Writer, parent: str) -> None:
    """What the matters of a group's members make of the group's: its progress is their mean by their shares of the target, and it is told when all have ended."""
    row = writer.get("matter", parent)
    if row is None:
        return
    try:
        matter, rules = life_of(row["life"]), rules_for(row["mechanism"], row["version"])
    except LuoshiError:
        # what cannot be read of the group must not keep its members from being moved
        log.exception("matter %s cannot be folded up", parent)
        return
    if matter.state not in {"live", "hung"}:
        return
    # what has fallen due of the group comes first: a move made now would hide the month-ends before it
    matter = catch_up(writer, matter, rules, at_of(writer))
    rows = [found for child in matter.children if (found := writer.get("matter", child)) is not None]
    counted = [found for found in rows if found["state"] != "ended"]
    weights = [weight_of(life_of(found["life"]).fields) for found in counted]
    told_ = [found["progress"] * weight for found, weight in zip(counted, weights, strict=True) if found["progress"] is not None]
    progress = round(sum(told_) / sum(weights), 4) if told_ else matter.progress
    ended = sum(found["state"] in {"closed", "ended"} for found in rows)
    change = Change(progress=progress, progress_at=at_of(writer), fields={"members": len(rows), "members_ended": ended})
    all_ended = bool(rows) and ended == len(rows) and matter.fields.get("members_ended") != ended
    tells = _office(rules.mechanism) if all_ended else ()
    move = sealed(matter, Move("child", "fold-up", max(at_of(writer), matter.changed), CLOCK, change, tells=tells), rules)
    append(writer, matter, move, rules)


def _office(mechanism: Mechanism) -> tuple[str, ...]:
    """The parts of the supervision office; of a mechanism without, those by duty, for which the office speaks in a group's matter."""
    office = tuple(part.key for part in mechanism.parts if part.held == "office" and part.role == Role.SUPERVISOR.value)
    return office or tuple(part.key for part in mechanism.parts if part.held == "duty")[:1]


def entered(parts: Mapping[str, Collection[str]]) -> dict[str, tuple[str, ...]]:
    """Parts without blanks and doubles."""
    return {key: tuple(dict.fromkeys(holder for holder in holders if holder)) for key, holders in parts.items()}
