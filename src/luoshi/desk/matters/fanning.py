"""Group duties: a matter given to a group (各社区管委会) becomes one matter for each member, and folds up again; splitting likewise."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters.filing import duties_of, enter
from luoshi.desk.matters.moving import append, at_of
from luoshi.desk.matters.taking import names_of
from luoshi.ledger import models
from luoshi.ledger.belonging import today
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.rows import Row
from luoshi.ledger.store import Writer
from luoshi.loop.matter import CLOCK, Change, Matter, Move
from luoshi.loop.rules import Rules
from luoshi.loop.timing import sealed


class _Member(msgspec.Struct, frozen=True):
    """A matter of a group to be made: for whom, with which title; ``key`` tells it from the others."""

    key: str
    title: str
    lead: tuple[str, ...]


def members_of(groups: Sequence[str]) -> list[str]:
    """The members of these groups today, by id."""
    day = today()
    rows = models.Member.objects.filter(group__in=groups, live=True)
    found = {
        row.organisation for row in rows if (not row.valid_from or row.valid_from <= day) and (not row.valid_to or day <= row.valid_to)
    }
    return sorted(found)


def fan_out(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules) -> Matter:
    """The matter, with one more for each member where the lead is a group with members; the group's own waits for them."""
    leads = matter.parts.get("lead", ())
    groups = set(models.Organisation.objects.filter(pk__in=leads, kind="group").values_list("id", flat=True))
    members = members_of(list(groups))
    if not members:
        return matter
    units = dict.fromkeys((*(lead for lead in leads if lead not in groups), *members))
    names, title = names_of(units), _title(writer, row)
    wanted = [_Member(unit, f"{title}（{names.get(unit, '')}）", (unit,)) for unit in units if not _has(writer, matter, unit)]
    return _divided(writer, actor, row, matter, rules, wanted)


def split_into(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules, children: Sequence[Mapping[str, Any]]) -> Matter:
    """The matter, with one more for each part that was named (``title``, ``lead`` units); ``WrongValue`` for fewer than two."""
    if len(children) < 2 or any(not str(child.get("title", "")).strip() for child in children):
        raise WrongValue("拆分要写明两个以上的部分", where="children", remedy="每个部分写一个标题，可另指牵头单位")
    leads = matter.parts.get("lead", ())
    begin = len(matter.children)
    wanted = [
        _Member(f"part-{begin + at}", str(child["title"]).strip(), tuple(child.get("lead") or leads))
        for at, child in enumerate(children, 1)
    ]
    return _divided(writer, actor, row, matter, rules, wanted)


def _has(writer: Writer, matter: Matter, key: str) -> bool:
    return writer.get("matter", ident("i", matter.item, key)) is not None


def _title(writer: Writer, row: Row) -> str:
    item = writer.get("item", row["id"])
    return str(item["title"]) if item else ""


def _divided(writer: Writer, actor: Actor, row: Row, matter: Matter, rules: Rules, wanted: Sequence[_Member]) -> Matter:
    """Each member's item and matter, which stands where the group's stands, with the same clocks; then the group's, which waits."""
    if not wanted:
        return matter
    at = max(at_of(writer), matter.changed)
    for place, one in enumerate(wanted, len(matter.children) + 1):
        item, parts = ident("i", matter.item, one.key), {**matter.parts, "lead": one.lead}
        writer.append(actor.id, Draft("item.create", item, _item(writer, row, one, parts), context=matter.item))
        base = msgspec.structs.replace(matter, item=item, parts=parts, parent=matter.item, children=(), opened=at, evidence=0)
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
    main = rules.mechanism.main
    at = max(at_of(writer), matter.changed)
    void = tuple(msgspec.structs.replace(one, stopped=at) for one in matter.clocks if one.runs and (main is None or one.key != main.key))
    change = Change(children=children, clocks=void) if void else Change(children=children)
    return append(writer, matter, sealed(matter, Move("child", "fan-out", at, CLOCK, change), rules), rules)
