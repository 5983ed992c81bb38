"""Group duties: a matter given to a group (各社区管委会) becomes one matter for each member, and folds up again; splitting likewise.

What happens to the group's matter happens to those of its members: who is no longer meant is asked no longer, what ends or hangs does so whole.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.matters.filing import duties_of, enter
from luoshi.desk.matters.moving import append, at_of, catch_up, data_of, fold_up
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import today
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import Draft
from luoshi.ledger.holding import is_in_force
from luoshi.ledger.ids import ident
from luoshi.ledger.rows import Row
from luoshi.ledger.store import Writer
from luoshi.loop import doing
from luoshi.loop.engine import Refused
from luoshi.loop.matter import CLOCK, Change, Matter, Move, Ticking, after
from luoshi.loop.mechanism import Act
from luoshi.loop.rules import Rules
from luoshi.loop.splitting import part_of
from luoshi.loop.starting import Turn, started
from luoshi.loop.timing import sealed

#: effects of an act on a group's matter that those of its members share
_SHARED: Final = frozenset({"terminate", "merge", "hang", "resume"})
#: what of the inputs of such an act is said of the members' matters too
_SHARED_INPUTS: Final = ("text", "matter", "fields")
_ALIVE: Final = frozenset({"live", "hung"})
#: so many numbers at most are named in a sentence
_NAMED: Final = 10


class _Member(msgspec.Struct, frozen=True):
    """A matter of a group to be made: for whom, with which title; ``key`` tells it from the others."""

    key: str
    title: str
    lead: tuple[str, ...]
    #: the part of a split that it is, as it was written
    share: Mapping[str, Any] | None = None


def members_of(groups: Sequence[str]) -> list[str]:
    """The members of these groups today, by id."""
    day = today()
    rows = models.Member.objects.filter(group__in=groups, live=True)
    return sorted({row.organisation for row in rows if is_in_force(row, day)})


def heed(writer: Writer, matter: Matter, rules: Rules, act: str) -> None:
    """Nothing; raises ``Refused`` where the act would close a group's matter while one of a member is still live, with their numbers."""
    declared = rules.mechanism.act(act)
    if declared is None or declared.effect != "close":
        return
    numbers = sorted(row["number"] for row in _rows(writer, matter) if row["state"] in _ALIVE)
    if numbers:
        more = f"等 {len(numbers)} 件" if len(numbers) > _NAMED else ""
        raise Refused(
            f"不能“{declared.title.zh}”：还有成员事项没有办结（{'、'.join(numbers[:_NAMED])}{more}）",
            where=matter.item,
            remedy="请等各成员事项办结，或先把不再办理的终止",
        )


def follow(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules, move: Move) -> None:
    """What an act that was just done on a matter (``matter`` is after it) makes of those of its members, in the same writing."""
    declared = rules.mechanism.act(move.act)
    effect = declared.effect if declared else None
    if effect in {"assign", "transfer"}:
        parts = move.change.parts
        anew = not isinstance(parts, msgspec.UnsetType) and "lead" in parts
        _fan_out(writer, actor, row, _regrouped(writer, matter, rules) if anew else matter, rules, anew=anew)
    elif effect == "split":
        split_into(writer, actor, row, matter, rules, move.inputs.get("children", ()))
    elif declared is not None and effect in _SHARED:
        _share(writer, row, matter, declared, move)


def _fan_out(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules, *, anew: bool) -> Matter:
    """The matter, with one more for each member where the lead is a group with members; the group's own waits for them.

    ``anew``: the lead was named just now, so that whoever had one that was ended is asked again.
    """
    units = _meant(matter)
    names, title = names_of(units), _title(writer, row)
    made, split = _made(writer, matter), _split(writer, matter)
    had = {found["unit"] for found in _rows(writer, matter) if found["id"] not in split}
    first = {unit: ident("i", matter.item, unit) not in made for unit in units}
    asked = [unit for unit in units if unit not in had and (anew or first[unit])]
    wanted = [
        _Member(unit if first[unit] else f"{unit}-{len(made) + at}", f"{title}（{names.get(unit, '')}）", (unit,))
        for at, unit in enumerate(asked, 1)
    ]
    return _divided(writer, actor, row, matter, rules, wanted)


def _meant(matter: Matter) -> tuple[str, ...]:
    """The units that get a matter of their own: the members of the groups that lead, and who leads beside them; none where no group leads."""
    leads = matter.parts.get("lead", ())
    groups = set(models.Organisation.objects.filter(pk__in=leads, kind="group").values_list("id", flat=True))
    members = members_of(list(groups))
    return tuple(dict.fromkeys((*(lead for lead in leads if lead not in groups), *members))) if members else ()


def _rows(writer: Writer, matter: Matter) -> list[Row]:
    """The rows of the matters of its members and parts."""
    return [found for child in matter.children if (found := writer.get("matter", child)) is not None]


def _made(writer: Writer, matter: Matter) -> frozenset[str]:
    """The matters that were ever made of it, by id; those that belong to it no longer too."""
    return frozenset(found["id"] for found in writer.rows.all("matter", parent=matter.item))


def _split(writer: Writer, matter: Matter) -> frozenset[str]:
    """The ids of the parts into which it may have been split."""
    return frozenset(ident("i", matter.item, f"part-{at}") for at in range(1, len(_made(writer, matter)) + 1))


def _regrouped(writer: Writer, matter: Matter, rules: Rules) -> Matter:
    """The matter without the members that its new lead does not mean: theirs are ended. Without any it lives by itself again."""
    meant, split, rows = set(_meant(matter)), _split(writer, matter), _rows(writer, matter)
    kept = [found for found in rows if found["id"] in split or (found["unit"] in meant and found["state"] != "ended")]
    gone = [found for found in rows if found not in kept]
    if not gone:
        return matter
    at = max(at_of(writer), matter.changed)
    change = Change(children=tuple(found["id"] for found in kept), fields={"members": len(kept), "members_ended": 0})
    then = after(matter, Move("child", "regroup", at, CLOCK, change))
    clocks: tuple[Ticking, ...] = ()
    if not then.children and not meant:
        # whoever has it alone owes the reports that were asked of the members
        clocks = tuple(started(Turn(then, "", then.stage, then.state, then.fields, rules, at), then.clocks))
    elif meant <= {found["unit"] for found in kept}:
        clocks = _void(then, rules, at)
    change = msgspec.structs.replace(change, clocks=clocks) if clocks else change
    then = append(writer, matter, sealed(matter, Move("child", "regroup", at, CLOCK, change), rules), rules)
    for found in gone:
        if found["state"] in _ALIVE:
            _take_off(writer, found, "上级事项已改派，不再由本单位办理")
    if kept:
        fold_up(writer, matter.item)
    row = writer.get("matter", matter.item)
    return life_of(row["life"]) if row else then


def _take_off(writer: Writer, row: Row, reason: str) -> None:
    """Ends the matter of somebody who is no longer meant, and what was made of it."""
    rules = rules_for(row["mechanism"], row["version"])
    matter = catch_up(writer, life_of(row["life"]), rules, at_of(writer))
    at = max(at_of(writer), matter.changed)
    stage = next((one.key for one in reversed(rules.mechanism.stages) if one.kind == "ended"), matter.stage)
    void = tuple(msgspec.structs.replace(one, stopped=at) for one in matter.clocks if one.runs)
    change = Change(stage=stage, state="ended", closed=at, asked={}, clocks=void)
    move = sealed(matter, Move("child", "taken-off", at, CLOCK, change, inputs={"reason": reason}), rules)
    then = _moved(writer, matter, move, rules)
    for found in _rows(writer, then):
        if found["state"] in _ALIVE:
            _take_off(writer, found, reason)


def _share(writer: Writer, row: Row, matter: Matter, act: Act, move: Move) -> None:
    """The act that ended, hung or resumed a matter is done to those of its members too; what somebody hung by itself stays hung."""
    reason = f"随上级事项 {row['number']}：{move.inputs.get('reason') or move.inputs.get('text') or act.title.zh}"[:2000]
    inputs = {key: move.inputs[key] for key in _SHARED_INPUTS if key in move.inputs} | {"reason": reason}
    for found in _rows(writer, matter):
        if found["state"] not in _ALIVE or found["id"] == inputs.get("matter"):
            continue
        rules = rules_for(found["mechanism"], found["version"])
        member = catch_up(writer, life_of(found["life"]), rules, at_of(writer))
        if _shares(member, act, rules):
            done = doing.done(member, act, rules, at_of(writer), by=CLOCK, part="system", inputs=inputs)
            _share(writer, found, _moved(writer, member, done, rules), act, done)


def _shares(member: Matter, act: Act, rules: Rules) -> bool:
    if act.effect == "hang":
        return member.state == "live"
    if act.effect == "resume":
        hangs = [one.key for one in rules.mechanism.acts if one.effect == "hang"]
        return member.state == "hung" and any(member.doers.get(key, ("",))[-1] == CLOCK for key in hangs)
    return member.state in _ALIVE


def _moved(writer: Writer, matter: Matter, move: Move, rules: Rules) -> Matter:
    """The matter after a move that the group's brought about; the group's own is not told what it said itself."""
    then = after(matter, move)
    writer.append(move.by, Draft("loop.tick", matter.item, data_of(move, then, rules)))
    return then


def split_into(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules, children: Sequence[Mapping[str, Any]]) -> Matter:
    """The matter, with one more for each part that was named (``title``, ``lead`` units, ``target`` where it has one in numbers)."""
    leads = matter.parts.get("lead", ())
    begin = len(_made(writer, matter))
    wanted = [
        _Member(f"part-{begin + at}", str(child["title"]).strip(), tuple(child.get("lead") or leads), child)
        for at, child in enumerate(children, 1)
    ]
    return _divided(writer, actor, row, matter, rules, wanted)


def _title(writer: Writer, row: Row) -> str:
    item = writer.get("item", row["id"])
    return str(item["title"]) if item else ""


def _divided(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules, wanted: Sequence[_Member]) -> Matter:
    """Each member's item and matter, which stands where the group's stands, with the same clocks; then the group's, which waits."""
    if not wanted:
        return matter
    at = max(at_of(writer), matter.changed)
    # a member that comes later begins without what the others have reported
    matter_now = msgspec.structs.replace(matter, progress=None, progress_at=None) if matter.children else matter
    for place, one in enumerate(wanted, len(_made(writer, matter)) + 1):
        item, parts = ident("i", matter.item, one.key), {**matter.parts, "lead": one.lead}
        writer.append(actor.id, Draft("item.create", item, _item(writer, row, one, parts), context=matter.item))
        mine = matter_now if one.share is None else part_of(matter_now, one.share)
        base = msgspec.structs.replace(mine, item=item, parts=parts, parent=matter.item, children=(), opened=at, evidence=0)
        begun = sealed(base, Move("act", "fan-out", at, CLOCK, Change()), rules)
        enter(writer, actor.id, (base, begun), rules, row["region_code"], f"{row['number']}-{place:02d}")
    children = (*matter.children, *(ident("i", matter.item, one.key) for one in wanted))
    return _waiting(writer, matter, rules, children)


def _item(writer: Writer, row: Row, one: _Member, parts: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    source = writer.get("item", row["id"]) or {}
    kept: dict[str, Any] = {
        key: source[key] for key in ("document", "year", "number", "text", "section_title", "due", "due_text", "ordinal") if key in source
    }
    return {**kept, "fact": "", "region_code": row["region_code"], "title": one.title[:500], "duties": duties_of(parts)}


def _waiting(writer: Writer, matter: Matter, rules: Rules, children: tuple[str, ...]) -> Matter:
    """The group's own matter: its members answer in theirs; of its clocks only the main one goes on."""
    at = max(at_of(writer), matter.changed)
    void = _void(matter, rules, at)
    change = Change(children=children, clocks=void) if void else Change(children=children)
    return append(writer, matter, sealed(matter, Move("child", "fan-out", at, CLOCK, change), rules), rules)


def _void(matter: Matter, rules: Rules, at: datetime) -> tuple[Ticking, ...]:
    """The clocks that are asked of the members and no longer of the group: all but the main one."""
    main = rules.mechanism.main
    return tuple(msgspec.structs.replace(one, stopped=at) for one in matter.clocks if one.runs and (main is None or one.key != main.key))
