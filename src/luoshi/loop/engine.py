"""The engine: which acts are open to whom, what an act does, and what is due by itself. Pure: the moment is an argument, nothing is stored.

``step``      the acts open now, and the moves that are due
``perform``   the move that an act makes, or ``Refused`` with the reason and with what would be possible
``due``       the moves of the clock up to a moment, in the order in which they fell due
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from luoshi.errors import LuoshiError
from luoshi.loop import doing, timing
from luoshi.loop.filling import missing_fields, wrong_fields
from luoshi.loop.matter import Matter, Move, after
from luoshi.loop.mechanism import Act, Mechanism
from luoshi.loop.rules import Rules

#: so many moves of the clock at most before somebody looks: more is a mechanism that turns in a circle
_MOST: Final = 2000


class Refused(LuoshiError):
    """An act that is not open: says what was tried, why it is not allowed and what would be."""

    slug = "refused-act"
    status = 409


class Deed(msgspec.Struct, frozen=True):
    """What somebody wants to do. ``parts``: the parts that they have in the matter; ``seen``: how many acts they knew of, None: not said.

    ``units``: the units for which they may speak in an act that each unit does for itself; None: whichever (the caller has looked).
    """

    act: str
    by: str
    parts: frozenset[str]
    inputs: Mapping[str, Any] = {}
    seen: int | None = None
    units: frozenset[str] | None = None


class OpenAct(msgspec.Struct, frozen=True):
    """An act that may be done now, and by which parts; ``units``: the units that have still to do it, where each of a part does it."""

    act: Act
    parts: tuple[str, ...]
    units: tuple[str, ...] = ()


class Step(msgspec.Struct, frozen=True):
    """What may happen next, and what has fallen due."""

    acts: tuple[OpenAct, ...]
    due: tuple[Move, ...]


def step(matter: Matter, rules: Rules, now: datetime) -> Step:
    """The acts open now, after what has fallen due; that too. ``matter`` is not changed: fold the due moves first, then act."""
    moves = due(matter, rules, now)
    return Step(open_acts(fold(matter, moves), rules, now), moves)


def fold(matter: Matter, moves: Iterable[Move]) -> Matter:
    """The matter after all these moves."""
    for move in moves:
        matter = after(matter, move)
    return matter


def open_acts(matter: Matter, rules: Rules, now: datetime, *, parts: Collection[str] | None = None, by: str = "") -> tuple[OpenAct, ...]:
    """The acts that may be done in this state, in the order of the file; ``parts``: those open to these alone; ``by``: to this person."""
    found = []
    for act in rules.mechanism.acts:
        if doing.hindrance(matter, act, rules, now, by=by):
            continue
        able = tuple(part for part in act.by if parts is None or part in parts)
        if able:
            found.append(OpenAct(act, able, doing.remaining(matter, act)))
    return tuple(found)


class Filing(msgspec.Struct, frozen=True):
    """A matter that somebody wants to file: ``item`` under the mechanism, by whom, with which fields and whose parts."""

    item: str
    by: str
    variant: str = ""
    fields: Mapping[str, Any] = {}
    parts: Mapping[str, tuple[str, ...]] = {}
    parent: str = ""


def file(filing: Filing, rules: Rules, now: datetime) -> tuple[Matter, Move]:
    """A new matter before its first move, and that move (``file``).

    Raises ``Refused`` where a field is missing or wrong that filing asks for.
    """
    mechanism = rules.mechanism
    if filing.variant and mechanism.variant(filing.variant) is None:
        raise Refused(f"{mechanism.title.zh}没有“{filing.variant}”这一类", where=mechanism.id, remedy="请从所列的类别里选")
    given = {key: value for key, value in filing.fields.items() if value not in (None, "", [], ())}
    problem = (
        wrong_fields(mechanism, given)
        or missing_fields(mechanism, "file", given, filing.variant)
        or doing.not_apart(mechanism, filing.parts)
    )
    if problem:
        raise Refused(f"不能立项：{problem}", where=mechanism.id, remedy="请补全或改正后再试")
    matter = Matter(
        item=filing.item, mechanism=mechanism.id, version=mechanism.version, stage=mechanism.first.key, opened=now, changed=now,
        variant=filing.variant, parent=filing.parent, fields=given, parts={key: tuple(value) for key, value in filing.parts.items()},
    )  # fmt: skip
    return matter, doing.filed(matter, rules, now, by=filing.by)


def perform(matter: Matter, rules: Rules, deed: Deed, now: datetime) -> Move:
    """The move that this deed makes of a matter for which nothing is due any more.

    Raises ``Refused``: the act is not known, not open in this stage, not open to these parts, wants something before it, or wants more inputs.
    """
    mechanism = rules.mechanism
    act = mechanism.act(deed.act)
    if act is None:
        raise _refused(matter, rules, deed, now, f"{mechanism.title.zh}没有“{deed.act}”这个动作", deed.act)
    if deed.seen is not None and deed.seen != matter.acts:
        raise Refused(
            f"“{act.title.zh}”没有办成：您打开页面之后，别人已办了别的",
            where=matter.item,
            remedy="请看最新的经过，再决定要不要办",
            slug="moved-on",
        )
    hindrance = doing.hindrance(matter, act, rules, now, by=deed.by)
    if not hindrance and not deed.parts.intersection(act.by):
        names = "、".join(_part(mechanism, part) for part in act.by)
        hindrance = f"这由{names}办理"
    if not hindrance and deed.units is not None and act.each and deed.inputs.get("unit") not in deed.units:
        # whoever has another part in it (the street that confirms who came) does it for any unit
        hindrance = "" if deed.parts.intersection(act.by) - {act.each} else "只能替本单位办理"
    hindrance = hindrance or doing.lacking(matter, act, rules, deed.inputs, now)
    if hindrance:
        raise _refused(matter, rules, deed, now, hindrance, act.title.zh)
    part = next(part for part in act.by if part in deed.parts)
    return doing.done(matter, act, rules, now, by=deed.by, part=part, inputs=deed.inputs)


def due(matter: Matter, rules: Rules, now: datetime) -> tuple[Move, ...]:
    """The moves that time alone makes up to ``now``, in the order in which they fell due; each ``at`` is when it did, not when it was noticed."""
    moves: list[Move] = []
    while (move := timing.move_at(matter, rules, now)) is not None:
        if len(moves) > _MOST:
            raise AssertionError(f"{rules.mechanism.id}: the clock does not come on at {move.at.isoformat()}")
        matter = after(matter, move)
        moves.append(move)
        # a move says when something is due next, by these same rules
        if matter.wake is None or matter.wake > now:
            break
    return tuple(moves)


def _part(mechanism: Mechanism, key: str) -> str:
    part = mechanism.part(key)
    return part.title.zh if part else "系统"


def _refused(matter: Matter, rules: Rules, deed: Deed, now: datetime, why: str, what: str) -> Refused:
    """What was tried, why not, what would be."""
    possible = "、".join(found.act.title.zh for found in open_acts(matter, rules, now, parts=deed.parts, by=deed.by))
    stage = rules.mechanism.stage(matter.stage).title.zh
    remedy = f"现在可以：{possible}" if possible else "现在没有您可以办的事，请等对方办理"
    return Refused(f"不能“{what}”（现在是“{stage}”）：{why}", where=matter.item, remedy=remedy)


#: the office's zone where none is said
SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
