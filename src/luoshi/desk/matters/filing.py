"""Filing: an item of the ledger, or what somebody writes into a form, becomes a matter under a mechanism."""

from __future__ import annotations

import calendar
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.matters.moving import at_of, data_of
from luoshi.desk.matters.ruling import keep, rules_for
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.acts.matters import told
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import Draft, Entry
from luoshi.ledger.ids import ident
from luoshi.ledger.rows import Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, Writer, now, writing
from luoshi.loop import engine
from luoshi.loop.engine import Filing
from luoshi.loop.matter import Matter, Move, after
from luoshi.loop.mechanism import Mechanism
from luoshi.loop.rules import Rules

#: what a document's kind says of the basis of a matter
_BASIS: Final = {"report": "report", "breakdown": "report", "plan": "plan"}
_LONGEST: Final = {"title": 500, "text": 20_000}


def file(
    actor: Actor, items: Sequence[str], mechanism: str, scope: Scope, *, variant: str = "", fields: Mapping[str, Mapping[str, Any]] | None = None,
    clock: Clock = now,
) -> Done:  # fmt: skip
    """Matters from these items, all together: leaders, lead and supporting units are those of the items, the due date too.

    ``fields``: what is said besides, by item. An item that is a matter already is left alone, a closed one too: reopening is the act for it. Raises ``NotFound`` for an item that is
    not there or was dropped, and ``Refused`` (with the item) where the mechanism wants something that is missing.
    """
    require(actor, "matter.file")
    rules = rules_for(mechanism)
    with writing(clock=clock) as writer:
        numbers = _Numbers(rules.mechanism, at_of(writer))
        entries: list[Entry] = []
        for item in dict.fromkeys(items):
            row = writer.get("item", item)
            if row is None or row["state"] != "open" or not _sees(scope, writer, row):
                raise NotFound("没有这个事项，或已撤下", where=item[:64], remedy="请刷新事项列表")
            if writer.get("matter", item) is not None:
                continue
            keep(writer, actor.id, rules.mechanism)
            given = _given(row, rules.mechanism) | dict((fields or {}).get(item, {}))
            filing = Filing(item, actor.id, variant=variant, fields=given, parts=_parts(writer, row))
            entries.append(_enter(writer, actor, filing, rules, row["region_code"], numbers))
        return Done.of(entries)


class Form(msgspec.Struct, frozen=True):
    """What somebody writes who files a matter that stands in no document. ``units``: ids by part; ``source``: where the words come from."""

    title: str
    text: str = ""
    region_code: str = ""
    variant: str = ""
    fields: Mapping[str, Any] = {}
    units: Mapping[str, Sequence[str]] = {}
    parent: str = ""
    source: str = ""


def file_form(actor: Actor, mechanism: str, form: Form, scope: Scope, *, clock: Clock = now) -> Done:
    """A matter that comes from no document: the item with the words given, and the matter under the mechanism."""
    require(actor, "matter.file")
    rules = rules_for(mechanism)
    if "form" not in rules.mechanism.from_:
        raise Conflict(f"{rules.mechanism.title.zh}的事项来自文件，不能手工填报", where=mechanism, remedy="请在文件里选任务，再立项")
    region = form.region_code or actor.region
    if scope.item_regions is not None and region not in scope.item_regions:
        raise NotFound("没有这个地区", where="region", remedy="请选本地区")
    for name, longest in _LONGEST.items():
        if len(getattr(form, name)) > longest:
            raise WrongValue(f"太长，超过 {longest} 字", where=name, remedy="请写得短些，详情作为附件")
    if not form.title.strip():
        raise WrongValue("没有写标题", where="title", remedy="请用一句话写明事项")
    with writing(clock=clock) as writer:
        item = ident("i", "form", rules.mechanism.id, writer.at, actor.id, form.title, form.text)
        keep(writer, actor.id, rules.mechanism)
        parts = {key: tuple(value) for key, value in form.units.items() if value}
        duties = duties_of(parts)
        data = {
            "document": "", "fact": "", "region_code": region, "year": at_of(writer).astimezone(_zone()).year, "title": form.title.strip(),
            "text": form.text.strip(), "due": str(form.fields.get("due", "") or "")[:20], "duties": duties, "source": form.source[:300],
        }  # fmt: skip
        made = writer.append(actor.id, Draft("item.create", item, data))
        filing = Filing(item, actor.id, variant=form.variant, fields=dict(form.fields), parts=parts, parent=form.parent)
        entry = _enter(writer, actor, filing, rules, region, _Numbers(rules.mechanism, at_of(writer)))
        return Done((made.seq, entry.seq), (item,))


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.TIME_ZONE)


def duties_of(parts: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """The parts of a matter as duties of its item: posts for leaders, units else, with their names."""
    names = names_of({holder for holders in parts.values() for holder in holders})
    return [
        {"role": part[:12], "name": names.get(holder, ""), "organisation": "" if part == "leader" else holder,
         "post": holder if part == "leader" else ""}
        for part, holders in parts.items() for holder in holders
    ]  # fmt: skip


def enter(writer: Writer, actor_id: str, base: tuple[Matter, Move], rules: Rules, region: str, number: str) -> Entry:
    """The entry that begins a matter."""
    matter, move = base
    data = data_of(move, after(matter, move), rules)
    data |= {"matter": told(matter), "number": number, "region_code": region, "internal": rules.mechanism.is_internal(matter.variant)}
    return writer.append(actor_id, Draft("loop.file", matter.item, data))


def _enter(writer: Writer, actor: Actor, filing: Filing, rules: Rules, region: str, numbers: _Numbers) -> Entry:
    return enter(writer, actor.id, engine.file(filing, rules, at_of(writer)), rules, region, numbers.next())


class _Numbers:
    """The numbers of new matters: letter, year, and a running number in the year (``重2026-0007``)."""

    def __init__(self, mechanism: Mechanism, at: datetime) -> None:
        self._begin = f"{mechanism.number}{at.astimezone(_zone()).year}-"
        found = models.Matter.objects.filter(mechanism=mechanism.id, parent="", number__startswith=self._begin).values_list(
            "number", flat=True
        )
        numbers = [number.removeprefix(self._begin) for number in found.order_by("-number")[:1]]
        self._last = max((int(number) for number in numbers if number.isdigit()), default=0)

    def next(self) -> str:
        self._last += 1
        return f"{self._begin}{self._last:06d}"


def _sees(scope: Scope, writer: Writer, row: Row) -> bool:
    units = {duty["organisation"] for duty in writer.rows.all("duty", item=row["id"]) if duty["live"]} if scope.units is not None else set()
    return scope.sees_item(row["region_code"], units)


def _parts(writer: Writer, row: Row) -> dict[str, tuple[str, ...]]:
    """Who answers, as the item says: units that the ledger knows, posts."""
    parts: dict[str, list[str]] = {}
    for duty in sorted(writer.rows.all("duty", item=row["id"]), key=lambda one: one["place"]):
        holder = duty["post"] if duty["role"] == "leader" else duty["organisation"]
        if duty["live"] and holder:
            parts.setdefault(duty["role"], []).append(holder)
    return {role: tuple(dict.fromkeys(holders)) for role, holders in parts.items()}


def _given(row: Row, mechanism: Mechanism) -> dict[str, Any]:
    """What the item says of the fields of the mechanism."""
    kind = models.Document.objects.filter(pk=row["document"]).values_list("kind", flat=True).first() or ""
    said = {"due": last_day(row["due"]), "basis": _BASIS.get(kind, "other")}
    return {key: value for key, value in said.items() if value and mechanism.field(key) is not None}


def last_day(due: str) -> str:
    """The last day of a day, month or year as the ledger writes it; ``""`` for anything else.

    >>> last_day("2026-06"), last_day("2026"), last_day("2026-03-05"), last_day("soon")
    ('2026-06-30', '2026-12-31', '2026-03-05', '')
    """
    match due.split("-"):
        case [year] if year.isdigit() and len(year) == 4:
            return f"{year}-12-31"
        case [year, month] if year.isdigit() and month.isdigit() and 1 <= int(month) <= 12:
            return f"{year}-{month}-{calendar.monthrange(int(year), int(month))[1]}"
        case [_, _, _]:
            return due
        case _:
            return ""
