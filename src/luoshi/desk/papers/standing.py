"""A matter as a paper speaks of it: its state now or after one of its entries, in words, with what is personal masked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.matters.moving import sees
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.acts import fold_of
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.acts.place import Place
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import Entry
from luoshi.ledger.rows import Rows
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, blobs, history, now
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import knows_of_people
from luoshi.loop import engine
from luoshi.loop.matter import Matter, Move
from luoshi.loop.mechanism import Field, Mechanism
from luoshi.loop.rules import Rules
from luoshi.masking import mask, mask_address, mask_id, mask_name, mask_phone

_NUMBERS: Final = frozenset({"id_number", "identity", "id_card", "card"})
#: so many entries are looked through for what a unit said last
_LOOKED: Final = 400


class Standing(msgspec.Struct, frozen=True):
    """A matter at a moment: its row, its state, its rules, the names of who takes part; ``entry`` after which it stands so, where it is one."""

    row: models.Matter
    item: models.Item | None
    document: models.Document | None
    matter: Matter
    rules: Rules
    at: datetime
    names: Mapping[str, str]
    entry: Entry | None = None
    move: Move | None = None

    @property
    def mechanism(self) -> Mechanism:
        return self.rules.mechanism

    def words(self, text: str) -> str:
        """Words about the matter, masked where its mechanism knows of people."""
        if not text or not knows_of_people(self.mechanism):
            return text
        held = [one.key for one in self.mechanism.fields if one.masked and one.type == "person"]
        return mask(text, known=[str(value) for key in held if (value := self.matter.fields.get(key))])

    @property
    def title(self) -> str:
        return self.words(self.item.title) if self.item else self.row.number

    def field(self, key: str) -> str:
        """The value of a field in words, masked where it is to be; ``""`` where there is none."""
        field, value = self.mechanism.field(key), self.matter.fields.get(key)
        if field is None or value in (None, "", [], ()):
            return ""
        told = _told(field, value)
        return _masked(field, told) if field.masked else self.words(told)

    def holders(self, part: str) -> str:
        """Who has a part, by name."""
        return "、".join(self.names[one] for one in self.matter.parts.get(part, ()) if one in self.names)


def _told(field: Field, value: Any) -> str:
    if field.type == "choice":
        return next((choice.title.zh for choice in field.choices if choice.key == value), str(value))
    if field.type == "yes":
        return "是" if value is True else "否"
    if isinstance(value, list | tuple):
        return "；".join(str(one) for one in value)
    if isinstance(value, float):
        return f"{value:g}{field.unit}"
    return f"{value}{field.unit}"


def _masked(field: Field, value: str) -> str:
    """As everybody may see it; who it is is filled in by hand."""
    match field.type:
        case "person":
            return mask_name(value)
        case "phone":
            return mask_phone(value)
        case "place":
            return mask_address(value)
        case _:
            found = mask_id(value) if field.key in _NUMBERS else mask(value)
            return found if found != value else f"{value[0]}***"


def standing(actor: Actor, item: str, scope: Scope, *, seq: int = 0, clock: Clock = now) -> Standing:
    """The matter as it is, or after the entry of this number. ``NotFound`` where the actor does not see it, or it has no such entry."""
    require(actor, "item")
    row = models.Matter.objects.filter(pk=item).first()
    if row is None or not sees(scope, {"id": row.id, "region_code": row.region_code, "internal": row.internal}):
        raise NotFound("没有这个督办事项", where=item[:40], remedy="它可能还没有立项，或不在您能看的范围内")
    entry = _entry(item, seq) if seq else None
    return _stood(row, entry, clock)


def _entry(item: str, seq: int) -> Entry:
    values = (
        models.Entry.objects.filter(pk=seq, subject=item)
        .values_list("seq", "at", "actor", "act", "subject", "context", "data", "hash")
        .first()
    )
    if values is None:
        raise NotFound("这件事项没有这条记录", where=str(seq), remedy="请从事项的经过里取文书")
    return Entry(*values)


def _stood(row: models.Matter, entry: Entry | None, clock: Clock) -> Standing:
    if entry is None:
        rules, matter, at = rules_for(row.mechanism, row.version), life_of(row.life), clock()
        matter = engine.fold(matter, engine.due(matter, rules, at))
        move = None
    else:
        matter, at = _after(entry)
        rules = rules_for(matter.mechanism, matter.version)
        move = _move(entry)
    found = models.Item.objects.filter(pk=row.id).first()
    document = models.Document.objects.filter(pk=found.document).first() if found and found.document else None
    names = names_of({holder for part in matter.parts.values() for holder in part} | {row.unit})
    return Standing(row, found, document, matter, rules, at, names, entry, move)


def _after(entry: Entry) -> tuple[Matter, datetime]:
    """The state after an entry, folded anew from those before it."""
    rows = Rows(stored=False)
    place = Place(rows=rows, reading=blobs().get_packed)
    columns = ("seq", "at", "actor", "act", "subject", "context", "data", "hash")
    for values in models.Entry.objects.filter(subject=entry.subject, seq__lte=entry.seq).order_by("seq").values_list(*columns):
        one = Entry(*values)
        if one.act.startswith("loop."):
            fold_of(one)(one, one.values, place)
    row = rows.known().get(("matter", entry.subject))
    if row is None:
        raise NotFound("那时还没有立项", where=str(entry.seq), remedy="请从事项的经过里取文书")
    return life_of(row["life"]), datetime.fromisoformat(entry.at)


def _move(entry: Entry) -> Move | None:
    data = entry.values.get("move")
    return msgspec.convert(data, Move) if data else None


def last_words(standing_: Standing, before: int = 0) -> tuple[str, str]:
    """What a unit reported last, and on which day; ``before``: of the entries before this one."""
    duty = {part.key for part in standing_.mechanism.parts if part.held == "duty"}
    for entry in history(standing_.row.id, limit=_LOOKED, before=before or None):
        move = entry.values.get("move", {}) if entry.act == "loop.act" else {}
        text = str(move.get("inputs", {}).get("text") or "").strip()
        if text and move.get("part") in duty:
            return standing_.words(text), entry.at
    return "", ""


def source_of(standing_: Standing) -> tuple[str, str]:
    """The sentence that the matter rests on, and the title of its document."""
    item = standing_.item
    words = standing_.words(" ".join(item.text.split())) if item else ""
    return words, title_of(standing_.document) if standing_.document else ""


def joined(names: Iterable[str]) -> str:
    return "、".join(name for name in dict.fromkeys(names) if name)


def addressees(standing_: Standing, tells: Sequence[str] = ()) -> str:
    """Who gets a paper: the units by duty of the parts that are told, else those that lead, else the unit by which the matter is found."""
    duty = [part.key for part in standing_.mechanism.parts if part.held == "duty"]
    told = [key for key in duty if key in tells and key != "support"] or [key for key in duty if key in tells]
    lead = told or [key for key in ("lead", "object") if standing_.matter.parts.get(key)]
    return joined(standing_.holders(key) for key in lead) or standing_.names.get(standing_.row.unit, "")
