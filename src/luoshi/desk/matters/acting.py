"""Acting on a matter: what the mechanism allows whoever asks, with evidence; what is due by itself comes first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from luoshi.desk.actor import SYSTEM, Actor, Role
from luoshi.desk.done import Done
from luoshi.desk.matters import fanning, steering
from luoshi.desk.matters.evidence import Kept, bring, kept_now
from luoshi.desk.matters.moving import append, at_of, matter_for, sees
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.matters.taking import parts_of, unclear
from luoshi.desk.rights import require
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import units_for
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, now, writing
from luoshi.loop import engine
from luoshi.loop.engine import Deed, OpenAct, Refused
from luoshi.loop.matter import Matter, Move
from luoshi.loop.mechanism import Act
from luoshi.loop.rules import Rules


class Try(msgspec.Struct, frozen=True):
    """What somebody wants to do to a matter: the act of the mechanism with its inputs, and files that were kept already.

    ``seen``: how many acts the actor knew of, None where nobody asks. ``part``: somebody outside (``public``), for whom the actor writes down
    what they did.
    """

    act: str
    inputs: Mapping[str, Any] = {}
    evidence: tuple[Kept, ...] = ()
    seen: int | None = None
    part: str = ""


def act(actor: Actor, item: str, wanted: Try, scope: Scope, *, clock: Clock = now) -> Done:
    """What this act makes of a matter.

    Raises ``Refused`` with the reason and with what would be possible, ``NotFound`` where the scope does not see the matter.
    """
    require(actor, "matter.act")
    with writing(clock=clock) as writer:
        _act(writer, actor, item, wanted, scope)
        return Done.of(writer.entries)


def act_many(actor: Actor, wanted: Mapping[str, Try], scope: Scope, *, clock: Clock = now) -> tuple[Done, dict[str, str]]:
    """An act on each of many matters, by item; why what was refused was refused, by item. The others are done."""
    return act_rows(actor, {item: (one,) for item, one in wanted.items()}, scope, clock=clock)


def act_rows(actor: Actor, wanted: Mapping[str, Sequence[Try]], scope: Scope, *, clock: Clock = now) -> tuple[Done, dict[str, str]]:
    """Acts on each of many matters in their order, by item: all of an item or none; why what was refused was refused, by item.

    The others are done. Nobody else acts in between: it is one writing.
    """
    require(actor, "matter.act")
    refused: dict[str, str] = {}
    with writing(clock=clock) as writer:
        for item, tries in wanted.items():
            before = len(writer.entries)
            try:
                if len(tries) > 1:
                    _rehearse(writer, actor, item, tries, scope)
                for one in tries:
                    _act(writer, actor, item, one, scope)
            except LuoshiError as error:
                if len(writer.entries) > before:
                    # it stopped half-way: what was written of it cannot be taken back alone
                    raise
                refused[item] = f"{error.what}。{error.remedy}" if error.remedy else error.what
        return Done.of(writer.entries), refused


def _rehearse(writer: Writer, actor: Actor, item: str, tries: Sequence[Try], scope: Scope) -> None:
    """Does the acts on a copy; raises what the first that is refused raises, before anything of the item is written."""
    _, matter, rules = matter_for(writer, item, scope)
    at = at_of(writer)
    matter = engine.fold(matter, engine.due(matter, rules, at))
    for one in tries:
        matter = engine.fold(matter, [_move(writer, actor, matter, rules, one, scope)])


def _act(writer: Writer, actor: Actor, item: str, wanted: Try, scope: Scope) -> None:
    row, matter, rules = matter_for(writer, item, scope)
    # what has fallen due is looked at on a copy first: an act that is refused leaves nothing behind
    moves = engine.due(matter, rules, at_of(writer))
    move = _move(writer, actor, engine.fold(matter, moves), rules, wanted, scope)
    bring(wanted.evidence)
    for one in moves:
        matter = append(writer, matter, one, rules)
    matter = append(writer, matter, move, rules, kept=kept_now(wanted.evidence))
    fanning.follow(writer, actor, row, matter, rules, move)


def _move(writer: Writer, actor: Actor, matter: Matter, rules: Rules, wanted: Try, scope: Scope) -> Move:
    """The move that the act would make of a matter for which nothing is due any more; raises ``Refused`` where it may not be done."""
    # whose scope it is has been asked which units count for theirs
    units = scope.units
    counting = units_for if units is None else lambda _: units
    parts = _spoken_for(actor, wanted.part, rules) if wanted.part else parts_of(actor, matter, rules.mechanism, counting)
    # in an act that each unit does for itself nobody speaks for another's; whoever speaks for a group of units does for all
    own = None if matter.children else counting([actor.unit]) if actor.unit else frozenset[str]()
    inputs = dict(wanted.inputs)
    if wanted.evidence:
        inputs["evidence"] = [*inputs.get("evidence", ()), *(one.file for one in wanted.evidence)]
    declared = rules.mechanism.act(wanted.act)
    if declared and parts.isdisjoint(declared.by):
        _clear(actor, matter, declared)
    if declared and declared.effect == "merge":
        _mergeable(writer, matter, str(inputs.get("matter", "")), scope)
    move = engine.perform(matter, rules, Deed(wanted.act, actor.id, parts, inputs, wanted.seen, own), at_of(writer))
    steering.heed(matter, wanted.act, inputs)
    fanning.heed(writer, matter, rules, wanted.act)
    return move


def _clear(actor: Actor, matter: Matter, declared: Act) -> None:
    """Nothing, or ``Refused``: a leader of this name holds the post, and nobody has said which of the accounts of that name."""
    why = next((why for part in declared.by if (why := unclear(actor, matter, part))), "")
    if why:
        raise Refused(f"不能“{declared.title.zh}”：{why}", where=matter.item, remedy="请督查室在“职务”页把任职对应到账号")


def _mergeable(writer: Writer, matter: Matter, into: str, scope: Scope) -> None:
    """Nothing, or ``Refused``: a matter goes on as another that lives, is seen, and is neither itself nor of its own group."""
    row = writer.get("matter", into) if into else None
    if into and (row is None or not sees(scope, row)):
        raise Refused("没有要并入的事项", where=into[:64], remedy="请写在办事项的编号")
    if row is not None and (row["state"] not in {"live", "hung"} or into in (matter.item, matter.parent, *matter.children)):
        raise Refused("不能并入这一事项", where=row["number"], remedy="请并入另一件在办的事项，不是它自己、它的总件或分件")


def _spoken_for(actor: Actor, part: str, rules: Rules) -> frozenset[str]:
    """The part of somebody outside, for whom the system or the office writes down what they did; of nobody inside, whoever asks."""
    declared = rules.mechanism.part(part)
    if declared is None or declared.held != "public" or not (actor is SYSTEM or Role.SUPERVISOR in actor.roles):
        raise Refused("不能替别人办", where=part[:40], remedy="只有督查室可以代外部人员登记")
    return frozenset({part})


def is_open(actor: Actor, item: str, act: str, scope: Scope, *, clock: Clock = now) -> bool:
    """Whether the actor may do this act on the matter now, for somebody outside too; asked before files are kept for it."""
    row = models.Matter.objects.filter(pk=item).values().first()
    if row is None or not sees(scope, row):
        return False
    rules = rules_for(row["mechanism"], row["version"])
    found = engine.step(life_of(row["life"]), rules, clock()).acts
    mine = parts_of(actor, life_of(row["life"]), rules.mechanism)
    if Role.SUPERVISOR in actor.roles:
        mine |= {part.key for part in rules.mechanism.parts if part.held == "public"}
    return any(one.act.key == act and not mine.isdisjoint(one.parts) for one in found)


def open_to(actor: Actor, matter: Matter, rules: Rules, *, clock: Clock = now) -> tuple[OpenAct, ...]:
    """The acts that the actor may do on a matter now, in the order of the mechanism."""
    at = clock()
    matter = engine.fold(matter, engine.due(matter, rules, at))
    return engine.open_acts(matter, rules, at, parts=parts_of(actor, matter, rules.mechanism), by=actor.id)
