"""Acts on files and documents: take in, confirm or correct what was recognised, withdraw, restore."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import DAY, Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import Forbidden, require
from luoshi.ledger import enter, models
from luoshi.ledger.entry import Draft
from luoshi.ledger.rows import Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Writer, writing

_KINDS: Final = frozenset({"report", "plan", "breakdown", "other"})
_LEVELS: Final = frozenset({"", "national", "province", "city", "county", "zone", "township"})
_YEARS: Final = frozenset({"review_year", "plan_year", "plan_first", "plan_last"})
_LONGEST: Final = {"region": 200}
_FIELDS: Final = frozenset({"title", "kind", "region", "level", "date"}) | _YEARS


def receive(actor: Actor, files: Sequence[tuple[str, bytes]], *, batch: str = "") -> list[enter.Received]:
    """Keeps files (name, bytes) and puts them in the queue of those to be read."""
    require(actor, "document.receive")
    return enter.receive(files, actor.id, batch=batch)


def confirm(actor: Actor, documents: Sequence[str], scope: Scope) -> Done:
    """Kind, region and years of these documents are as recognised."""
    require(actor, "document.confirm")
    with writing() as writer:
        unconfirmed = [document for document in dict.fromkeys(documents) if document_for(writer, document, scope)["state"] == "open"]
        entries = [writer.append(actor.id, Draft("document.confirm", document)) for document in unconfirmed]
    return Done.of(entries)


def correct(actor: Actor, document: str, fields: Mapping[str, Any], scope: Scope) -> Done:
    """What the document really is: title, kind, region (its full name; the code follows), level, years, date.

    Raises ``WrongValue`` for what a document cannot be. Only what differs is kept.
    """
    require(actor, "document.correct")
    with writing() as writer:
        row = document_for(writer, document, scope)
        given = {name: _checked(name, value) for name, value in fields.items()}
        changed = {name: value for name, value in given.items() if value != row[name]}
        if not changed:
            return Done.of([writer.append(actor.id, Draft("document.confirm", document))] if row["state"] == "open" else [])
        if "region" in changed:
            _no_open_items(writer, row, "不能改地区")
            year = changed.get("plan_year") or row["year"]
            code, region, level = enter.region_named(writer, actor.id, changed["region"], year, changed.get("level", ""))
            changed |= {"region": region, "region_code": code, "level": changed.get("level") or level}
        now = {name: changed.get(name, row[name]) for name in (*_FIELDS, "region_code")}
        family, version, previous = enter.place_in_family(writer, document, now)
        if family == row["family"]:
            version, previous = row["version"], row["previous"]
        newest = {}
        if family != row["family"]:
            newest = newest_of(writer, row["family"], without=document)
            newest |= newest_of(writer, family, joining={**row, "version": version})
        data = {"fields": changed, "family": family, "version": version, "previous": previous, "newest": newest}
        entry = writer.append(actor.id, Draft("document.correct", document, data))
    return Done.of([entry])


def withdraw(actor: Actor, document: str, scope: Scope, *, why: str) -> Done:
    """The document was taken in by mistake: it leaves tables and search, not the record. Raises ``Conflict`` where items live on it."""
    require(actor, "document.withdraw")
    if not why.strip():
        raise WrongValue("没有写理由", where="why", remedy="请写明为什么撤回")
    with writing() as writer:
        row = document_for(writer, document, scope)
        _no_open_items(writer, row, "不能撤回")
        newest = newest_of(writer, row["family"], without=document)
        entry = writer.append(actor.id, Draft("document.withdraw", document, {"why": why.strip()[:300], "newest": newest}))
    return Done.of([entry])


def restore(actor: Actor, document: str, scope: Scope) -> Done:
    """The withdrawal is undone; what had been confirmed before is confirmed again."""
    require(actor, "document.withdraw")
    with writing() as writer:
        row = writer.get("document", document)
        if row is None or row["state"] != "withdrawn" or not scope.sees_document(row["region_code"]):
            raise Conflict("这份文件没有被撤回", where=document, remedy="请刷新页面")
        may_change(row, scope)
        return Done.of([writer.append(actor.id, Draft("document.restore", document, restoring(writer, row)))])


def restoring(writer: Writer, row: Row) -> dict[str, Any]:
    """The data of an entry that undoes a withdrawal: which version is the newest then, and who had confirmed what was recognised."""
    entries = models.Entry.objects.filter(subject=row["id"], act__in=("document.confirm", "document.correct"))
    last = entries.order_by("-seq").values_list("at", "actor").first()
    at, by = last or ("", "")
    return {
        "newest": newest_of(writer, row["family"], joining=row),
        "state": "confirmed" if last else "open",
        "checked_at": at,
        "checked_by": by,
    }


def document_for(writer: Writer, document: str, scope: Scope) -> Row:
    """The row of a document that the actor may change; raises ``NotFound`` for one not seen, ``Forbidden`` for one of a region above."""
    row = writer.get("document", document)
    if row is None or row["state"] == "withdrawn" or not scope.sees_document(row["region_code"]):
        raise NotFound("没有这份文件", where=document, remedy="请回到文件列表")
    may_change(row, scope)
    return row


def may_change(document: Row, scope: Scope) -> None:
    """Nothing, or ``Forbidden``: documents of the regions above are there to be read."""
    if not scope.changes_document(document["region_code"]):
        raise Forbidden("这是上级地区的文件，只能看", where=document["title"][:40], remedy="请由该地区的督查员办理")


def _no_open_items(writer: Writer, document: Row, what: str) -> None:
    if [item for item in writer.rows.all("item", document=document["id"]) if item["state"] != "dropped"]:
        raise Conflict(f"已有事项依据这份文件，{what}", where=document["title"], remedy="请先撤销这些事项")


def newest_of(writer: Writer, family: str, *, without: str = "", joining: Row | None = None) -> dict[str, bool]:
    """Which documents of a family become, or cease to be, its newest, once one has left or joined it; those that stay as they are left out."""
    rows = [row for row in writer.rows.all("document", family=family) if row["state"] != "withdrawn" and row["id"] != without]
    if joining is not None:
        rows = [*(row for row in rows if row["id"] != joining["id"]), joining]
    last = max(rows, key=lambda row: (row["version"], row["number"]), default=None)
    return {row["id"]: row is last for row in rows if row["newest"] != (row is last)}


def _checked(name: str, value: Any) -> Any:
    if name not in _FIELDS:
        raise WrongValue(f"不能更正“{name}”", where=name, remedy="请刷新页面再试")
    if name in _YEARS:
        text = str(value or "").strip()
        if text and not (text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2200):
            raise WrongValue(f"“{text}”不是年份", where=name, remedy="请写四位年份，例如 2026")
        return int(text) if text else None
    text = str(value or "").strip()
    if (name == "kind" and text not in _KINDS) or (name == "level" and text not in _LEVELS):
        raise WrongValue(f"“{text}”不是可选的值", where=name, remedy="请从列表中选择")
    if name == "title" and not text:
        raise WrongValue("标题不能空着", where=name, remedy="请填写标题")
    if name == "date" and text and not DAY.fullmatch(text):
        raise WrongValue(f"“{text[:40]}”不是日期", where=name, remedy="请写日期，例如 2026-03-05")
    longest = _LONGEST.get(name, 500)
    if len(text) > longest:
        raise WrongValue(f"超过 {longest} 个字", where=name, remedy="请写短一些")
    return text


def recognised(row: Row) -> dict[str, Any]:
    """What the rules recognised, beside which a correction is shown."""
    read: dict[str, Any] = msgspec.json.decode(row["recognised"])
    return read
