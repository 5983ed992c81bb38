"""Acts on what the ledger rests on: organisations and their names, groups, merges and new names, posts and who holds them, regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor, Role
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import may, require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft, Entry
from luoshi.ledger.holding import suggested
from luoshi.ledger.ids import ident
from luoshi.ledger.knowing import DECIDED
from luoshi.ledger.organisations import organisation_id
from luoshi.ledger.regions import NATION
from luoshi.ledger.rows import Row
from luoshi.ledger.store import Writer, writing

_LONGEST: Final = 200


# --- organisations


def add(actor: Actor, region_code: str, name: str, *, group: bool = False) -> Done:
    """A unit, or a group of units, of a region."""
    require(actor, "organisation.add")
    name = _name(name, "name")
    key = organisation_id(region_code, name)
    with writing() as writer:
        _row(writer, "region", region_code, "没有这个地区")
        if writer.get("organisation", key) is not None:
            raise Conflict(f"已有“{name}”", where="name", remedy="请直接打开它")
        data: dict[str, Any] = {"region_code": region_code, "name": name, "kind": "group" if group else "body", "plates": []}
        return Done.of([writer.append(actor.id, Draft("organisation.add", key, data))])


def settle_doubt(actor: Actor, organisation: str) -> Done:
    """A person has looked at the doubt about an organisation's name and found the name right."""
    return settle_doubts(actor, [organisation])


def settle_doubts(actor: Actor, organisations: Sequence[str]) -> Done:
    """The same of several, all together; those without a doubt are left alone."""
    require(actor, "organisation.correct")
    with writing() as writer:
        rows = [_row(writer, "organisation", organisation, "没有这个单位") for organisation in dict.fromkeys(organisations)]
        return Done.of([writer.append(actor.id, Draft("organisation.correct", row["id"], {"doubt": ""})) for row in rows if row["doubt"]])


def merge(actor: Actor, organisation: str, into: str, day: str, *, source: str = "") -> Done:
    """The organisation became part of another on a day. Raises ``Conflict`` for a circle."""
    require(actor, "organisation.merge")
    day = _day(day, "day", needed=True)
    with writing() as writer:
        return Done.of([_succeed(writer, actor, "organisation.merge", organisation, into, day, source)])


def rename(actor: Actor, organisation: str, name: str, day: str, *, source: str = "") -> Done:
    """The organisation goes on under another name from a day on; the old name stays for documents of its time."""
    require(actor, "organisation.rename")
    name, day = _name(name, "name"), _day(day, "day", needed=True)
    with writing() as writer:
        row = _row(writer, "organisation", organisation, "没有这个单位")
        heir = organisation_id(row["region_code"], name)
        made = _made_heir(writer, actor, heir, name, row)
        return Done.of([*made, _succeed(writer, actor, "organisation.rename", organisation, heir, day, source)])


def _made_heir(writer: Writer, actor: Actor, heir: str, name: str, row: Row) -> list[Entry]:
    """What makes the organisation of the new name where there is none, or none any more because the same new name was taken back before."""
    known = writer.get("organisation", heir)
    if known is None:
        data = {"region_code": row["region_code"], "name": name, "kind": row["kind"], "plates": []}
        return [writer.append(actor.id, Draft("organisation.add", heir, data))]
    if known["successor"] == row["id"] and known["lineage"] == "[]":
        return [writer.append(actor.id, Draft("organisation.correct", heir, {"successor": "", "valid_to": ""}))]
    return []


def _succeed(writer: Writer, actor: Actor, act: str, organisation: str, into: str, day: str, source: str) -> Entry:
    _check_heir(writer, organisation, into)
    return writer.append(actor.id, Draft(act, organisation, {"into": into, "day": day, "source": source[:_LONGEST]}))


def same_as(actor: Actor, organisation: str, other: str, day: str) -> Done:
    """Two entries of the ledger are one body: what is said of the first is the other's from now on, and so are the names that it was written by."""
    require(actor, "organisation.merge")
    require(actor, "alias.add")
    with writing() as writer:
        row = _check_heir(writer, organisation, other)
        names = {(row["region_code"], row["name"])}
        names |= {(alias["region_code"], alias["name"]) for alias in writer.rows.all("alias", organisation=organisation) if alias["live"]}
        made = []
        for region_code, name in sorted(names):
            data = {"region_code": region_code, "name": name, "organisation": other, "reason": DECIDED}
            made.append(writer.append(actor.id, Draft("alias.add", ident("n", region_code, name), data)))
        data = {"into": other, "day": _day(day, "day", needed=True), "source": "same"}
        made.append(writer.append(actor.id, Draft("organisation.merge", organisation, data)))
    return Done.of(made)


def _check_heir(writer: Writer, organisation: str, into: str) -> Row:
    """The row of the organisation; ``Conflict`` where the other would go on as this one."""
    row = _row(writer, "organisation", organisation, "没有这个单位")
    heir: Row | None = _row(writer, "organisation", into, "没有要并入的单位")
    seen = set[str]()
    while heir is not None and heir["id"] not in seen:
        if heir["id"] == organisation:
            raise Conflict("两个单位会互相接替", where=heir["name"], remedy="请检查合并或更名的方向")
        seen.add(heir["id"])
        heir = writer.get("organisation", heir["successor"]) if heir["successor"] else None
    return row


# --- names


def add_alias(actor: Actor, organisation: str, region_code: str, name: str) -> Done:
    """In documents of this region the name means this organisation, whatever the rules say."""
    require(actor, "alias.add")
    name = _name(name, "name")
    with writing() as writer:
        _row(writer, "organisation", organisation, "没有这个单位")
        _row(writer, "region", region_code, "没有这个地区")
        data = {"region_code": region_code, "name": name, "organisation": organisation, "reason": DECIDED}
        return Done.of([writer.append(actor.id, Draft("alias.add", ident("n", region_code, name), data))])


def remove_alias(actor: Actor, alias: str) -> Done:
    """The name is left to the rules again."""
    require(actor, "alias.remove")
    with writing() as writer:
        _row(writer, "alias", alias, "没有这个别名")
        return Done.of([writer.append(actor.id, Draft("alias.remove", alias))])


# --- groups


def add_member(actor: Actor, group: str, organisation: str, *, valid_from: str = "") -> Done:
    """The organisation is a member of the group, from a day on where one is given."""
    require(actor, "group.add")
    with writing() as writer:
        row = _row(writer, "organisation", group, "没有这个单位")
        _row(writer, "organisation", organisation, "没有这个成员单位")
        if row["kind"] != "group" or group == organisation:
            raise Conflict("只有“各…”一类的名称才有成员", where=row["name"], remedy="请选择一组单位")
        data = {"group": group, "organisation": organisation, "valid_from": _day(valid_from, "valid_from"), "valid_to": ""}
        return Done.of([writer.append(actor.id, Draft("group.add", ident("m", group, organisation), data))])


def remove_member(actor: Actor, member: str, *, valid_to: str = "") -> Done:
    """The organisation is no member any more."""
    require(actor, "group.remove")
    with writing() as writer:
        _row(writer, "member", member, "没有这个成员")
        return Done.of([writer.append(actor.id, Draft("group.remove", member, {"valid_to": _day(valid_to, "valid_to")}))])


# --- posts


def add_post(
    actor: Actor, region_code: str, title: str, *, organisation: str = "", person: str = "", valid_from: str = "", account: str = ""
) -> Done:
    """A post of a region, or of an organisation in it; held at once by the ``person`` where one is named."""
    require(actor, "post.add")
    title = _name(title, "title")
    if person:
        require(actor, "post.hold")
        person, valid_from = _name(person, "person"), _day(valid_from, "valid_from")
    with writing() as writer:
        _row(writer, "region", region_code, "没有这个地区")
        if organisation:
            _row(writer, "organisation", organisation, "没有这个单位")
        key = ident("p", region_code, organisation, title)
        if (row := writer.get("post", key)) is not None and row["live"]:
            raise Conflict(f"已有职务“{title}”", where="title", remedy="请直接打开它")
        data = {"region_code": region_code, "organisation": organisation, "title": title}
        made = [writer.append(actor.id, Draft("post.add", key, data))]
        if person:
            data = {"post": key, "person": person, "valid_from": valid_from, "valid_to": "", **_account(writer, actor, account, person)}
            made.append(_hold(writer, actor, region_code, data))
        return Done.of(made)


def remove_post(actor: Actor, post: str) -> Done:
    """The post is done away with; duties that it has keep it."""
    require(actor, "post.remove")
    with writing() as writer:
        _row(writer, "post", post, "没有这个职务")
        return Done.of([writer.append(actor.id, Draft("post.remove", post))])


def hold(actor: Actor, post: str, person: str, *, valid_from: str = "", valid_to: str = "", account: str = "") -> Done:
    """A person holds the post; open duties in its region that named this person and no post are the post's from now on.

    ``account``: whose account that is. Where it is not said, it is that of the one leader of this name, if there is one and the actor may bind.
    """
    require(actor, "post.hold")
    person = _name(person, "person")
    first, last = _day(valid_from, "valid_from"), _day(valid_to, "valid_to")
    if first and last and last < first:
        raise WrongValue("离任早于任职", where="valid_to", remedy="请检查日期")
    with writing() as writer:
        row = _row(writer, "post", post, "没有这个职务")
        data = {"post": post, "person": person, "valid_from": first, "valid_to": last, **_account(writer, actor, account, person)}
        return Done.of([_hold(writer, actor, row["region_code"], data)])


def _hold(writer: Writer, actor: Actor, region_code: str, data: Mapping[str, Any]) -> Entry:
    items = models.Item.objects.filter(region_code=region_code).values("id")
    open_duties = models.Duty.objects.filter(role="leader", name=data["person"], post="", live=True, item__in=items).order_by("id")
    duties = list(open_duties.values_list("id", flat=True))
    return writer.append(
        actor.id, Draft("post.hold", ident("h", data["post"], data["person"], data["valid_from"]), {**data, "duties": duties})
    )


def _account(writer: Writer, actor: Actor, account: str, person: str) -> dict[str, str]:
    """The account that was named, else the one that the name suggests; nothing where none or several are suggested, or the actor may not bind."""
    if account:
        require(actor, "post.bind")
        return {"account": _leader(writer, account)}
    found = suggested(person) if may(actor, "post.bind") else []
    return {"account": found[0]} if len(found) == 1 else {}


def _leader(writer: Writer, account: str) -> str:
    """The id of an account that may decide as a leader; raises ``WrongValue`` for any other."""
    row = writer.get("account", account)
    if row is None or not row["active"] or Role.LEADER.value not in msgspec.json.decode(row["roles"]):
        raise WrongValue("这个账号不存在、已停用，或没有分管领导角色", where="account", remedy="请从领导账号里选")
    return account


def bind(actor: Actor, holding: str, account: str) -> Done:
    """Whose account a holding of a post is: that account, and no other of the same name, decides; ``""``: by the name again."""
    require(actor, "post.bind")
    with writing() as writer:
        row = _row(writer, "holding", holding, "没有这条任职")
        if account:
            _leader(writer, account)
        if row["account"] == account:
            return Done()
        return Done.of([writer.append(actor.id, Draft("post.bind", holding, {"post": row["post"], "account": account}))])


def leave(actor: Actor, holding: str, valid_to: str) -> Done:
    """The person left the post on a day."""
    require(actor, "post.leave")
    with writing() as writer:
        row, last = _row(writer, "holding", holding, "没有这条任职"), _day(valid_to, "valid_to", needed=True)
        if last < row["valid_from"]:
            raise WrongValue("离任早于任职", where="valid_to", remedy="请检查日期")
        return Done.of([writer.append(actor.id, Draft("post.leave", holding, {"valid_to": last}))])


# --- regions


def correct_region(actor: Actor, region: str, fields: Mapping[str, Any]) -> Done:
    """Another name, parent or years of a region that no list holds; those of GB/T 2260 are not for persons to change."""
    require(actor, "region.correct")
    with writing() as writer:
        row = _row(writer, "region", region, "没有这个地区")
        if not region.startswith("z") or row["source"] not in ("document", "person"):
            raise Conflict("国家标准里的地区不能修改", where=row["full_name"], remedy="更名或撤并以 GB/T 2260 为准")
        data: dict[str, Any] = {"source": "person"}
        if "name" in fields:
            data |= {"name": _name(fields["name"], "name")}
        parent = _row(writer, "region", str(fields.get("parent") or row["parent"] or NATION), "没有这个上级地区")
        if region in (parent["id"], *_above(writer, parent)):
            raise Conflict("上级地区不能在自己下面", where=parent["full_name"], remedy="请选择另一个上级")
        data |= {"parent": parent["id"], "full_name": _full_name(parent["full_name"], str(data.get("name") or row["name"]))}
        for name in ("valid_from", "valid_to"):
            if name in fields:
                data[name] = _year(fields[name], name)
        changed = {name: value for name, value in data.items() if row[name] != value}
        if not changed:
            return Done()
        made = [writer.append(actor.id, Draft("region.correct", region, data))]
        if "full_name" in changed:
            made += _below(writer, actor, region, data["full_name"])
        return Done.of(made)


def _full_name(above: str, name: str) -> str:
    return above.removeprefix("全国") + name


def _below(writer: Writer, actor: Actor, region: str, full_name: str) -> list[Entry]:
    """The places below go on under their region's new full name."""
    made = []
    for row in sorted(writer.rows.all("region", parent=region), key=lambda row: str(row["id"])):
        if row["source"] in ("document", "person"):
            name = _full_name(full_name, row["name"])
            made.append(writer.append(actor.id, Draft("region.correct", row["id"], {"full_name": name}, context=region)))
            made += _below(writer, actor, row["id"], name)
    return made


def _above(writer: Writer, row: Row) -> list[str]:
    found: list[str] = []
    parent = row["parent"]
    while parent and parent not in found:
        found.append(parent)
        above = writer.get("region", parent)
        parent = above["parent"] if above else ""
    return found


# --- values


def _row(writer: Writer, table: str, key: str, what: str) -> Row:
    row = writer.get(table, key)
    if row is None:
        raise NotFound(what, where=key, remedy="请刷新页面后重选")
    return row


def _name(value: Any, where: str) -> str:
    text = " ".join(str(value or "").split())
    if not 0 < len(text) <= _LONGEST:
        raise WrongValue(f"不能空着，也不能超过 {_LONGEST} 个字", where=where, remedy="请填写名称")
    return text


def _day(value: str, where: str, *, needed: bool = False) -> str:
    text = (value or "").strip()
    if not text and not needed:
        return ""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise WrongValue(f"“{text}”不是日期", where=where, remedy="请写成 2026-03-05 这样") from None


def _year(value: Any, where: str) -> int | None:
    text = str(value or "").strip()
    if text and not (text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2200):
        raise WrongValue(f"“{text}”不是年份", where=where, remedy="请写四位年份，例如 2026")
    return int(text) if text else None
