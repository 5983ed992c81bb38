"""A matter as the public may see it: what its mechanism and the table of kinds name as public, in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings

from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.scope import Scope
from luoshi.loop.mechanism import Field, Mechanism
from luoshi.publish.release.content import Document, Item, Shown, Told, Unit
from luoshi.publish.release.reasons import kinds

#: fields that the item tells as such, or that are told by its number
_TOLD_ELSEWHERE: Final = frozenset({"due", "year", "target", "target_unit", "count"})


class Matters:
    """What is known of some matters: items, duties, names of units and posts, evidence, what was said to the public; each asked for once."""

    def __init__(self, rows: Sequence[models.Matter], using: str) -> None:
        keys = [row.id for row in rows]
        self.items = models.Item.objects.using(using).in_bulk(keys)
        self.duties: dict[str, list[models.Duty]] = defaultdict(list)
        for duty in models.Duty.objects.using(using).filter(item__in=keys, live=True).order_by("item", "role", "place", "id"):
            self.duties[duty.item].append(duty)
        held = [duty for found in self.duties.values() for duty in found]
        self.units = dict(
            models.Organisation.objects.using(using).filter(pk__in={one.organisation for one in held}).values_list("id", "name")
        )
        self.posts = dict(models.Post.objects.using(using).filter(pk__in={one.post for one in held}).values_list("id", "title"))
        codes = {row.region_code for row in rows}
        self.regions = dict(models.Region.objects.using(using).filter(pk__in=codes).values_list("id", "full_name"))
        facts = {item.fact for item in self.items.values() if item.fact}
        self.clauses = dict(models.Fact.objects.using(using).filter(pk__in=facts).values_list("id", "text"))
        self.evidence: dict[str, list[models.Evidence]] = defaultdict(list)
        for one in models.Evidence.objects.using(using).filter(item__in=keys, live=True).order_by("item", "seq", "id"):
            self.evidence[one.item].append(one)
        self.told = _told(rows, using)

    def is_seen(self, item: str, scope: Scope) -> bool:
        """Whether who draws up sees the matter."""
        units = {duty.organisation for duty in self.duties[item]}
        row = self.items[item]
        return scope.sees_item(row.region_code, units)


def _told(rows: Sequence[models.Matter], using: str) -> dict[str, list[tuple[str, str, str]]]:
    """What the acts that speak to the public said: the day, the act's key, the words, by matter."""
    speaking = {row.id: kinds().mechanisms[row.mechanism].told for row in rows if row.mechanism in kinds().mechanisms}
    wanted = [key for key, acts in speaking.items() if acts]
    found: dict[str, list[tuple[str, str, str]]] = defaultdict(list)
    entries = models.Entry.objects.using(using).filter(subject__in=wanted, act="loop.act").order_by("seq")
    for subject, data in entries.values_list("subject", "data"):
        move = msgspec.json.decode(data)["move"]
        inputs = move.get("inputs", {})
        words = str(inputs.get("text") or inputs.get("reason") or "").strip()
        if move["act"] in speaking[subject] and words:
            found[subject].append((_day(datetime.fromisoformat(move["at"])), move["act"], words))
    return found


def _day(at: datetime) -> str:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


class ItemMaker:
    """Makes the public record of one matter."""

    def __init__(
        self, row: models.Matter, item: models.Item, mechanism: Mechanism, known: Matters, documents: Mapping[str, Document],
    ) -> None:  # fmt: skip
        self.row, self.item, self.mechanism, self.known, self.documents = row, item, mechanism, known, documents
        self.matter = life_of(row.life)
        self.kind = kinds().mechanisms[row.mechanism]

    def made(self, day: str) -> Item:
        """The record as it stands; ``day`` the day on which it is drawn up."""
        row, item, fields = self.row, self.item, self.matter.fields
        stage = self.mechanism.stage(row.stage)
        due = str(fields.get("due") or "") or row.due or item.due
        published = item.document in self.documents
        return Item(
            row.id, row.number, item.title, row.mechanism, self.mechanism.title.zh, row.region_code, self.known.regions.get(row.region_code, ""),
            stage.title.zh, row.state, text=item.text, field=self._field(), document=item.document if published else "",
            fact=item.fact if published else "", clause=self.known.clauses.get(item.fact, "") if published else "",
            year=_whole(fields.get("year")) or item.year, lead=tuple(self._units("lead")), support=tuple(self._units("support")),
            leaders=tuple(self._leaders()), due=due, original=row.original, opened=_day(self.matter.opened),
            closed=_day(self.matter.closed) if self.matter.closed else "", count=_number(fields.get("count")),
            target=_number(fields.get("target")), target_title=self._title_of("target"), unit=str(fields.get("target_unit") or self._unit_of("target")),
            percent=self._percent(),
            late=row.state in ("live", "hung") and bool(due) and due < day, fields=tuple(self._shown()), told=tuple(self._said()),
        )  # fmt: skip

    def _percent(self) -> float | None:
        """How much is done: counted where a count and a target are known, so that the public sees no two numbers; else as reported."""
        count, target = _number(self.matter.fields.get("count")), _number(self.matter.fields.get("target"))
        if count is not None and target:
            return round(count / target * 100, 4)
        return 100.0 if self.row.state == "closed" and self.matter.progress is None else self.matter.progress

    def _field(self) -> str:
        """What it is about: the choice that the table of kinds names, the heading it stood under, or the mechanism."""
        found = self.mechanism.field(self.kind.area) if self.kind.area else None
        chosen = _in_words(found, self.matter.fields.get(self.kind.area)) if found else ""
        return chosen or self.item.section_title or self.mechanism.title.zh

    def _unit_of(self, key: str) -> str:
        found = self.mechanism.field(key)
        return found.unit if found else ""

    def _title_of(self, key: str) -> str:
        found = self.mechanism.field(key)
        return found.title.zh if found else ""

    def _units(self, role: str) -> Iterator[Unit]:
        for duty in self.known.duties[self.row.id]:
            if duty.role == role:
                yield Unit(duty.organisation, self.known.units.get(duty.organisation, duty.name))

    def _leaders(self) -> Iterator[str]:
        """Posts, not names: who holds one changes, and the duty stays."""
        for duty in self.known.duties[self.row.id]:
            if duty.role == "leader" and duty.post in self.known.posts:
                yield self.known.posts[duty.post]

    def _shown(self) -> Iterator[Shown]:
        for field in self.mechanism.fields:
            if field.public and not field.masked and field.key not in _TOLD_ELSEWHERE:
                words = _in_words(field, self.matter.fields.get(field.key))
                if words:
                    yield Shown(field.key, field.title.zh, field.title.en, words)

    def _said(self) -> Iterator[Told]:
        titles = {act.key: act.title.zh for act in self.mechanism.acts}
        for day, act, words in self.known.told.get(self.row.id, ()):
            yield Told(day, titles.get(act, act), words)

    def withheld(self) -> Iterator[tuple[str, str, str]]:
        """The fields that hold something and do not leave: key, title, the reason's key; and what of every matter stays inside."""
        for field in self.mechanism.fields:
            if (field.masked or not field.public) and self.matter.fields.get(field.key) not in (None, "", [], ()):
                yield field.key, field.title.zh, "field-personal" if field.masked else "field-internal"
        for key, reason in kinds().held.items():
            yield key, _HELD.get(key, key), reason


#: what of every matter stays inside, in words
_HELD: Final = {
    "light": "亮灯",
    "missed": "漏报次数",
    "chased": "催办次数",
    "returned": "退回次数",
    "contact": "承办人",
    "story": "办理过程和批示",
}


def _whole(value: Any) -> int | None:
    return int(value) if isinstance(value, int | float) or (isinstance(value, str) and value.isdigit()) else None


def _number(value: Any) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _in_words(field: Field, value: Any) -> str:
    """A value as people read it; ``""`` for nothing."""
    if value in (None, "", [], ()):
        return ""
    if field.type == "choice":
        return next((choice.title.zh for choice in field.choices if choice.key == value), str(value))
    if field.type == "yes":
        return "是" if value else "否"
    if isinstance(value, list | tuple):
        return "、".join(str(one) for one in value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return f"{value}{field.unit}" if isinstance(value, int | float) and field.unit else str(value)
