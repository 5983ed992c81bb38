"""Acts on items: from facts to items after a look, correct, drop, take up again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NoReturn

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.days import read_day
from luoshi.desk.documents import document_for
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft, Entry
from luoshi.ledger.ids import ident
from luoshi.ledger.knowing import Posts, Units
from luoshi.ledger.organisations import Identified
from luoshi.ledger.rows import Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Writer, writing
from luoshi.ledger.versions import compare

#: the roles of a duty, with the part of a task's record that names who has it
ROLES: Final[Mapping[str, str]] = {"leader": "leaders", "lead": "lead_units", "support": "support_units"}
_CORRECTABLE: Final = frozenset({"number", "title", "text", "due", "due_text", "open_ended", "year"})
#: what of it is the date
_DATES: Final = frozenset({"due", "due_text", "open_ended"})
_LENGTHS: Final = {"number": 20, "title": 500, "text": 20_000, "due": 20, "due_text": 200}
#: doubts that no other name and no other date takes away
_LASTING: Final = ("fact", "disputed")
_MOST_NAMES: Final = 200


class Duty(msgspec.Struct, frozen=True):
    """Who will answer for an item: ``name`` as written and where, the organisation or post it is told to be, why, and what is doubtful."""

    role: str
    name: str
    start: int = 0
    end: int = 0
    organisation: str = ""
    canonical: str = ""
    post: str = ""
    reason: str = ""
    doubt: str = ""
    new: bool = False


class Planned(msgspec.Struct, frozen=True):
    """An item as it would be made from a fact. ``doubts`` are keys: rejected, disputed, no-lead, no-due, fact, and those of its duties."""

    fact: str
    ordinal: int
    number: str
    title: str
    text: str
    section_title: str
    due: str
    due_text: str
    open_ended: bool
    year: int | None
    duties: tuple[Duty, ...]
    doubts: tuple[str, ...]
    item: str = ""
    start: int = 0
    section: int = -1
    #: the open item of an older version of the document, which goes on as this one
    older: str = ""

    def names(self, role: str) -> tuple[Duty, ...]:
        return tuple(duty for duty in self.duties if duty.role == role)


def plan(document: str, scope: Scope) -> list[Planned]:
    """The items that the tasks of a document would make: doubtful ones first, then in the order of the document; those made already last.

    Raises ``NotFound`` where the scope does not see the document.
    """
    row = models.Document.objects.filter(pk=document).values().first()
    if row is None or row["state"] == "withdrawn" or not scope.sees_document(row["region_code"]):
        raise NotFound("没有这份文件", where=document, remedy="请回到文件列表")
    facts = models.Fact.objects.filter(document=document, kind="task").exclude(state="rejected").order_by("ordinal").values()
    units, posts = Units(), Posts()
    older = _older_items(row, [dict(fact) for fact in facts])
    made = [_going_on(_planned(dict(fact), dict(row), units, posts), older) for fact in facts]
    known = set(
        models.Organisation.objects.filter(id__in={duty.organisation for one in made for duty in one.duties}).values_list("id", flat=True)
    )
    made = [_with_new(one, known) for one in made]
    return sorted(made, key=lambda one: (bool(one.item), not one.doubts, one.ordinal))


def _older_items(document: Any, facts: Sequence[Row]) -> dict[str, str]:
    """The open items of older versions of the document, by the facts of this one that say the same, or the same otherwise put."""
    found: dict[str, str] = {}
    previous, seen = document["previous"], set[str]()
    while previous and previous not in seen:
        seen.add(previous)
        items = models.Item.objects.filter(document=previous, state="open").exclude(fact="").values_list("fact", flat=True)
        old = [dict(row) for row in models.Fact.objects.filter(pk__in=list(items)).order_by("ordinal").values()]
        if old:
            pairs = compare(old, [fact for fact in facts if fact["id"] not in found])
            alike = [change for change in (*pairs.unchanged, *pairs.changed) if _are_alike(change.old, change.new)]
            found.update({change.new["id"]: change.old["item"] for change in alike})
        previous = models.Document.objects.filter(pk=previous).values_list("previous", flat=True).first() or ""
    return found


def _are_alike(old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether two tasks share at least half of their words; who is responsible is left out, since that is often the same for many."""
    before, after = ({text[at : at + 2] for at in range(len(text) - 1)} for text in (_body(old), _body(new)))
    return len(before & after) * 2 >= len(before | after)


def _body(fact: Mapping[str, Any]) -> str:
    record = msgspec.json.decode(fact["data"])
    text: str = record["text"]
    return (text[: record["body_end"] - record["start"]] if record.get("body_end") else text).strip()


def _going_on(one: Planned, older: Mapping[str, str]) -> Planned:
    item = "" if one.item else older.get(one.fact, "")
    return msgspec.structs.replace(one, older=item, doubts=(*one.doubts, "older-item")) if item else one


def _planned(fact: Row, document: Row, units: Units, posts: Posts) -> Planned:
    record, fields = msgspec.json.decode(fact["data"]), msgspec.json.decode(fact["fields"])
    text, begin = record["text"], record["start"]
    body = text[: record["body_end"] - begin] if record.get("body_end") else text
    due, deadline = fields.get("due", record.get("due", "")), record.get("deadline")
    lasting = [name for name, there in (("fact", fact["doubt"]), ("disputed", fact["state"] == "disputed")) if there]
    one = Planned(
        fact=fact["id"], ordinal=fact["ordinal"], number=str(record.get("number") or ""), title=_title(fact, body), text=body.strip(),
        section_title=fact["section_title"], due=due, due_text=deadline["text"] if deadline else "", open_ended=bool(record.get("open")),
        year=int(due[:4]) if due[:4].isdigit() else document["year"], duties=tuple(_duties(record, fields, document, units, posts)),
        doubts=tuple(lasting), item=fact["item"], start=begin, section=fact["section"],
    )  # fmt: skip
    return _doubted(one, document["kind"])


def _doubted(one: Planned, document_kind: str) -> Planned:
    """The same with what is doubtful about its duties and its date as they are now."""
    doubts = dict.fromkeys(duty.doubt for duty in one.duties if duty.doubt)
    doubts |= dict.fromkeys(doubt for doubt in one.doubts if doubt in _LASTING)
    if document_kind == "breakdown" and not one.names("lead"):
        doubts["no-lead"] = None
    if one.due_text and not one.due and not one.open_ended:
        doubts["no-due"] = None
    return msgspec.structs.replace(one, doubts=tuple(doubts))


def _title(fact: Row, body: str) -> str:
    """The task's lead sentence, else the beginning of its text without its number."""
    record = msgspec.json.decode(fact["data"])
    if record.get("title") or "name" in msgspec.json.decode(fact["fields"]):
        return str(fact["name"])[:500]
    first = body.strip().lstrip("0123456789.．、（）() ")
    end = min((at for mark in "。；\n" if (at := first.find(mark)) > 0), default=len(first))
    return first[: min(end, 120)]


def _duties(record: Row, fields: Row, document: Row, units: Units, posts: Posts) -> Iterable[Duty]:
    region, day = document["region_code"], document["date"]
    for role, key in ROLES.items():
        quotes = [{"text": name, "start": 0, "end": 0} for name in fields[key]] if key in fields else record.get(key, [])
        for quote in quotes:
            if role == "leader":
                post, doubt = posts.find(quote["text"], region, day)
                yield Duty(role, quote["text"], quote["start"], quote["end"], post=post, doubt=doubt)
            else:
                yield _unit(role, quote, units.find(quote["text"], region), units)


def _unit(role: str, quote: Row, found: Identified, units: Units) -> Duty:
    return Duty(
        role, quote["text"], quote["start"], quote["end"], organisation=units.current(found.id), canonical=found.canonical,
        reason=found.reason, doubt=found.doubt,
    )  # fmt: skip


def _with_new(one: Planned, known: set[str]) -> Planned:
    duties = tuple(msgspec.structs.replace(duty, new=bool(duty.organisation) and duty.organisation not in known) for duty in one.duties)
    return msgspec.structs.replace(one, duties=duties)


# --- acts


def create(
    actor: Actor,
    document: str,
    facts: Sequence[str],
    scope: Scope,
    *,
    changes: Mapping[str, Mapping[str, Any]] | None = None,
    duties: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    effort: Mapping[str, int] | None = None,
) -> Done:
    """Items from these task facts of a document, all together.

    ``changes``: fields that a person set otherwise in the look before, by fact; ``duties``: names for a role, by fact and role. ``effort``:
    how many ``touches`` and ``seconds`` the look took, kept with the first item. Organisations that the ledger does not have yet are entered,
    with the names under which they were written. A fact that is an item already, or was rejected meanwhile, is left alone; an
    open item of an older version of the document goes on as what this version says.
    """
    require(actor, "item.create")
    wanted = dict.fromkeys(facts)
    planned = {one.fact: one for one in plan(document, scope)}
    missing = [fact for fact in wanted if fact not in planned]
    if missing:
        raise NotFound("有的任务已不在文件里或已被否决", where=missing[0], remedy="请刷新页面")
    units, posts = Units(), Posts()
    with writing() as writer:
        row = document_for(writer, document, scope)
        chosen = [
            _changed(planned[fact], (changes or {}).get(fact, {}), (duties or {}).get(fact, {}), row, units, posts) for fact in wanted
        ]
        writer.rows.prefetch(place for one in chosen for place in _places(one, row, units))
        entries = list[Entry]()
        for one in chosen:
            current = writer.get("fact", one.fact)
            if current is None or current["item"] or current["state"] == "rejected":
                continue
            _enter_units(writer, actor, one.duties, row, units)
            data = _item(one, row) | (_effort(effort) if effort and not entries else {})
            entries.append(writer.append(actor.id, _draft(writer, one, data, document)))
    return Done.of(entries)


def _draft(writer: Writer, one: Planned, data: dict[str, Any], document: str) -> Draft:
    """A new item, or the open one of an older version that goes on as this one with its new words and duties."""
    older = writer.get("item", one.older) if one.older else None
    if older is None or older["state"] != "open":
        return Draft("item.create", ident("i", one.fact), data, context=document)
    duties = data.pop("duties")
    data["doubt"] = " ".join(doubt for doubt in one.doubts if doubt != "older-item")[:300]
    # who answers for a live matter stands in the matter: another unit in the new version is a transfer
    told = {"fields": data} if is_live(writer, one.older) else {"fields": data, "duties": duties}
    return Draft("item.correct", one.older, told, context=document)


def _changed(
    one: Planned, fields: Mapping[str, Any], names: Mapping[str, Sequence[str]], document: Row, units: Units, posts: Posts
) -> Planned:
    """The plan as a person set it: other fields, other names."""
    given = _checked(fields)
    if "due" in given and "year" not in given and given["due"]:
        given["year"] = int(given["due"][:4])
    one = msgspec.structs.replace(one, **given)
    if names:
        one = msgspec.structs.replace(one, duties=_named(one.duties, names, document, units, posts))
    return _doubted(one, document["kind"]) if given or names else one


def _places(one: Planned, document: Row, units: Units) -> Iterator[tuple[str, str]]:
    """The rows that making the item asks for, so that they are read together."""
    item = ident("i", one.fact)
    yield ("fact", one.fact)
    yield ("item", item)
    for duty in one.duties:
        yield ("duty", ident("q", item, duty.role, duty.name))
        if duty.organisation:
            found = units.find(duty.name, document["region_code"])
            yield ("organisation", found.id)
            for name in (duty.name, *found.aliases):
                yield ("alias", ident("n", document["region_code"], name))


def _effort(effort: Mapping[str, int]) -> dict[str, int]:
    return {name: max(0, min(int(effort.get(name, 0)), 1_000_000)) for name in ("touches", "seconds")}


def _item(one: Planned, document: Row) -> dict[str, Any]:
    return {
        "document": document["id"], "fact": one.fact, "region_code": document["region_code"], "year": one.year, "number": one.number[:20],
        "title": one.title, "text": one.text, "section_title": one.section_title, "due": one.due, "due_text": one.due_text[:200],
        "open_ended": one.open_ended, "doubt": " ".join(one.doubts)[:300], "ordinal": one.ordinal, "duties": _stored(one.duties),
    }  # fmt: skip


def _stored(duties: Iterable[Duty]) -> list[dict[str, Any]]:
    keys = ("role", "name", "start", "end", "organisation", "post")
    return [{key: getattr(duty, key) for key in keys} for duty in duties]


def _named(now: Sequence[Duty], names: Mapping[str, Sequence[str]], document: Row, units: Units, posts: Posts) -> tuple[Duty, ...]:
    """All duties: those of the named roles anew, the others as they are; a name that stays keeps its place in the source."""
    unknown = sorted(set(names) - set(ROLES))
    if unknown:
        raise WrongValue(f"没有“{'、'.join(unknown)}”这种责任", where="duties", remedy="请刷新页面再试")
    out = list[Duty]()
    for role in ROLES:
        kept = {duty.name: duty for duty in now if duty.role == role}
        asked = list(dict.fromkeys(part.strip() for part in names.get(role, kept) if part.strip()))
        if len(asked) > _MOST_NAMES or any(len(name) > 100 for name in asked):
            raise WrongValue("名称太长或太多", where=role, remedy="请用顿号分开各个名称")
        out += [kept.get(name) or _duty(role, name, document, units, posts) for name in asked]
    return tuple(out)


def _duty(role: str, name: str, document: Row, units: Units, posts: Posts) -> Duty:
    """A duty of a name that a person wrote."""
    if role == "leader":
        post, doubt = posts.find(name, document["region_code"], document["date"])
        return Duty(role, name, post=post, doubt=doubt)
    return _unit(role, {"text": name, "start": 0, "end": 0}, units.find(name, document["region_code"]), units)


def _enter_units(writer: Writer, actor: Actor, duties: Iterable[Duty], document: Row, units: Units) -> None:
    """The organisations of an item's duties, and the names under which they are written here."""
    for duty in duties:
        if not duty.organisation:
            continue
        found = units.find(duty.name, document["region_code"])
        if writer.get("organisation", found.id) is None:
            writer.append(actor.id, Draft("organisation.add", found.id, {
                "region_code": found.region_code, "name": found.canonical, "kind": "group" if found.group else "body",
                "members": found.group.kind if found.group else "", "plates": [], "doubt": found.doubt,
            }, context=document["id"]))  # fmt: skip
        for name in dict.fromkeys((duty.name, *found.aliases)):
            alias = ident("n", document["region_code"], name)
            if name != found.canonical and writer.get("alias", alias) is None:
                data = {"region_code": document["region_code"], "name": name, "organisation": found.id, "reason": found.reason}
                writer.append(actor.id, Draft("alias.add", alias, data, context=document["id"]))


def correct(actor: Actor, item: str, fields: Mapping[str, Any], scope: Scope, *, duties: Mapping[str, Sequence[str]] | None = None) -> Done:
    """What an item says instead; ``duties`` gives the names for a role, whole. Doubts about the date and the names follow what is said now.

    Raises ``Conflict`` where the duties or the date of a live matter would change: who may act in it and its clock stand in the matter, and are
    changed there, with approval and trace.
    """
    require(actor, "item.correct")
    with writing() as writer:
        row = item_for(writer, item, scope)
        if row["state"] == "dropped":
            raise Conflict("已撤销的事项不能修改", where=row["title"][:40], remedy="请先恢复")
        given = {name: value for name, value in _checked(fields).items() if row[name] != value}
        data: dict[str, Any] = {"fields": given} if given else {}
        others = _renamed(writer, item, duties or {})
        if (others or _DATES & set(given)) and is_live(writer, item):
            _stands_in_the_matter(row, duties=bool(others))
        if duties is not None or "due" in given or "open_ended" in given:
            _redoubt(writer, actor, row, data, others)
        if not data:
            return Done()
        return Done.of([writer.append(actor.id, Draft("item.correct", item, data, context=row["document"]))])


def _stands_in_the_matter(row: Row, *, duties: bool) -> NoReturn:
    """Raises ``Conflict`` with the act that changes it instead; the title stays out, which may be masked."""
    what, remedy = (
        ("责任单位和领导", "请在事项里办“转办”（更换单位或领导）")
        if duties
        else ("期限", "请在事项里“申请延期”，批准以后期限随之改动，原期限留在记录里")
    )
    raise Conflict(f"在办事项的{what}不能在这里修改", where=row["number"] or row["id"], remedy=remedy)


def _renamed(writer: Writer, item: str, names: Mapping[str, Sequence[str]]) -> dict[str, Sequence[str]]:
    """The roles for which these are other names than the item has."""
    rows = sorted((row for row in writer.rows.all("duty", item=item) if row["live"]), key=lambda row: int(row["place"]))
    had = {role: "、".join(row["name"] for row in rows if row["role"] == role) for role in names}
    return {role: given for role, given in names.items() if "、".join(given) != had[role]}


def is_live(writer: Writer, item: str) -> bool:
    """Whether the item is a matter that goes on, be it that it hangs."""
    matter = writer.get("matter", item)
    return matter is not None and matter["state"] in {"live", "hung"}


def droppable(writer: Writer, row: Row) -> None:
    """Nothing, or ``Conflict``: a live matter would go on to be asked for without its item."""
    if is_live(writer, row["id"]):
        raise Conflict(
            "在办事项不能撤销", where=row["number"] or row["id"], remedy="请先在事项里办结束它的一步（终止、并入、撤回），再撤销"
        )


def settle(actor: Actor, item: str, scope: Scope) -> Done:
    """A person has looked at what is doubtful about an item and found it right."""
    require(actor, "item.correct")
    with writing() as writer:
        row = item_for(writer, item, scope)
        if not row["doubt"]:
            return Done()
        return Done.of([writer.append(actor.id, Draft("item.correct", item, {"fields": {"doubt": ""}}, context=row["document"]))])


def _redoubt(writer: Writer, actor: Actor, item: Row, data: dict[str, Any], names: Mapping[str, Sequence[str]] | None) -> None:
    """Puts into ``data`` the duties where they change, and the doubts that are left; a doubt that a person settled does not come back."""
    unread = {"id": item["document"], "region_code": item["region_code"], "date": "", "kind": ""}
    document, units, posts = writer.get("document", item["document"]) or unread, Units(), Posts()
    old = _doubted(_as_planned(writer, item, document, units, posts), document["kind"])
    said = {**item, **data.get("fields", {})}
    new = msgspec.structs.replace(old, due=said["due"], due_text=said["due_text"], open_ended=said["open_ended"])
    if names:
        new = msgspec.structs.replace(new, duties=_named(old.duties, names, document, units, posts))
        if _stored(new.duties) != _stored(old.duties):
            _enter_units(writer, actor, new.duties, document, units)
            data["duties"] = _stored(new.duties)
    before = item["doubt"].split()
    left = " ".join(doubt for doubt in _doubted(new, document["kind"]).doubts if doubt in before or doubt not in old.doubts)
    if left != item["doubt"]:
        data["fields"] = {**data.get("fields", {}), "doubt": left}


def _as_planned(writer: Writer, item: Row, document: Row, units: Units, posts: Posts) -> Planned:
    """The item as it would be planned with the duties that it has."""
    rows = sorted((row for row in writer.rows.all("duty", item=item["id"]) if row["live"]), key=lambda row: int(row["place"]))
    duties = tuple(
        Duty(row["role"], row["name"], row["start"], row["end"], organisation=row["organisation"], post=row["post"],
             doubt=_duty(row["role"], row["name"], document, units, posts).doubt)
        for row in rows
    )  # fmt: skip
    return Planned(
        item["fact"], item["ordinal"], item["number"], item["title"], item["text"], item["section_title"], item["due"], item["due_text"],
        open_ended=item["open_ended"], year=item["year"], duties=duties, doubts=tuple(item["doubt"].split()),
    )  # fmt: skip


def drop(actor: Actor, items: Sequence[str], scope: Scope, *, why: str) -> Done:
    """These items were made by mistake; their facts are free again. Raises ``Conflict`` where one is a live matter: none is dropped then."""
    require(actor, "item.drop")
    if not why.strip():
        raise WrongValue("没有写理由", where="why", remedy="请写明为什么撤销")
    with writing() as writer:
        entries = []
        for item in dict.fromkeys(items):
            row = item_for(writer, item, scope)
            if row["state"] != "dropped":
                droppable(writer, row)
                entries.append(writer.append(actor.id, Draft("item.drop", item, {"why": why.strip()[:300]}, context=row["document"])))
    return Done.of(entries)


def restore(actor: Actor, item: str, scope: Scope) -> Done:
    """A dropped item is taken up again; raises ``Conflict`` where its fact has become another item meanwhile."""
    require(actor, "item.drop")
    with writing() as writer:
        row = item_for(writer, item, scope)
        fact = writer.get("fact", row["fact"]) if row["fact"] else None
        document = writer.get("document", row["document"]) if row["document"] else None
        if row["state"] != "dropped" or (fact and fact["item"]):
            raise Conflict("这个事项不能恢复", where=row["title"][:40], remedy="请刷新页面")
        if document is not None and document["state"] == "withdrawn":
            raise Conflict("事项依据的文件已撤回", where=row["title"][:40], remedy="请先恢复文件")
        return Done.of([writer.append(actor.id, Draft("item.restore", item, {}, context=row["document"]))])


def item_for(writer: Writer, item: str, scope: Scope) -> Row:
    """The row of an item that the actor sees; raises ``NotFound`` for all others."""
    row = writer.get("item", item)
    if row is not None:
        units = {duty["organisation"] for duty in writer.rows.all("duty", item=item) if duty["live"]}
        if scope.sees_item(row["region_code"], units):
            return row
    raise NotFound("没有这个事项", where=item, remedy="请回到事项台账")


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    unknown = sorted(set(fields) - _CORRECTABLE)
    if unknown:
        raise WrongValue(f"不能修改“{'、'.join(unknown)}”", where="item", remedy="请刷新页面再试")
    return {name: _value(name, value) for name, value in fields.items()}


def _value(name: str, value: Any) -> Any:
    if name == "open_ended":
        return value in (True, 1, "1", "true", "on")
    text = str(value or "").strip()
    if name == "year":
        if text and not (text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2200):
            raise WrongValue(f"“{text}”不是年份", where=name, remedy="请写四位年份，例如 2026")
        return int(text) if text else None
    if name == "due":
        return read_day(text, name)
    if name == "title" and not text:
        raise WrongValue("事项不能没有标题", where=name, remedy="请填写标题")
    if len(text) > _LENGTHS[name]:
        raise WrongValue(f"超过 {_LENGTHS[name]} 个字", where=name, remedy="请写短一些")
    return text
