"""Items, their story, and the acts that are open to whoever asks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.db.models import QuerySet

from luoshi.desk.done import NotFound
from luoshi.ledger import models
from luoshi.ledger.entry import Entry
from luoshi.ledger.places import tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.tables import chosen, items_seen, wish_of
from luoshi.web.api import cursor as cursors
from luoshi.web.api import shapes
from luoshi.web.api.telling import items_told
from luoshi.web.pages.item import tale as tales
from luoshi.web.pages.item.matter import live_of
from luoshi.web.pages.item.story import Step, entries_of, steps_of
from luoshi.web.veil import Veil
from luoshi.web.words import say_word

#: filters by how the matter stands, beside those of the table of items
_OF_MATTERS: Final = {"mechanism": "mechanism", "stage": "stage", "light": "light", "matter": "state"}


def items(scope: Scope, filters: Mapping[str, Sequence[str]], cursor: str = "", limit: int = cursors.USUAL) -> shapes.Items:
    """The items that fit, in the order of the ledger, with the filters of the page and those of the board."""
    rows, after = cursors.page("items", fitting(scope, filters), ("ordinal", "id"), cursor, limit)
    return shapes.Items(data=items_told(rows, scope), next=after)


def fitting(scope: Scope, filters: Mapping[str, Sequence[str]]) -> QuerySet[models.Item]:
    """The rows of the items that fit."""
    found = chosen(wish_of("items", filters), scope, tree())
    wanted = {column: filters[name] for name, column in _OF_MATTERS.items() if filters.get(name)}
    if wanted:
        matters = models.Matter.objects.filter(**{f"{column}__in": values for column, values in wanted.items()})
        found = found.filter(id__in=matters.values("id"))
    return found


def item_seen(scope: Scope, key: str) -> models.Item:
    """The row of an item that the scope sees; raises ``NotFound``."""
    found = items_seen(scope).filter(pk=key).first()
    if found is None:
        raise NotFound("没有这个事项", where=key[:64], remedy="它可能不在您能看的范围内")
    return found


def item(scope: Scope, key: str) -> shapes.Item:
    """An item and how it stands."""
    return items_told([item_seen(scope, key)], scope)[0]


def story(scope: Scope, key: str, cursor: str = "", limit: int = cursors.USUAL) -> shapes.Story:
    """What happened to an item, newest first, as its page tells it."""
    item_seen(scope, key)
    (before,) = cursors.read("story", cursor, int) or (None,)
    entries = entries_of(key, limit=limit + 1, before=before)
    told = entries[:limit]
    lines = _lines(key, told)
    return shapes.Story(data=lines, next=cursors.write("story", told[-1].seq) if len(entries) > limit else None)


def _lines(key: str, entries: Sequence[Entry]) -> list[shapes.Line]:
    steps, live = steps_of(entries), live_of(key)
    through = {entry.seq: str(entry.values.get("through", "")) for entry in entries}
    if live is None:
        return [_plain(entry, step, through[entry.seq]) for entry, step in zip(entries, steps, strict=True)]
    found = tales.tale(live, entries, steps, Veil(live.mechanism, fields=live.matter.fields))
    lines = [line for one in found for line in (one.lines if isinstance(one, tales.Fold) else (one,))]
    return [_line(line, through.get(line.seq, "")) for line in lines]


def _plain(entry: Entry, step: Step, through: str) -> shapes.Line:
    """An entry about an item that is no matter."""
    line = tales.Line(entry.at, entry.seq, "item", say_word("act", entry.act), by=step.by, step=step)
    return _line(line, through)


def _line(line: tales.Line, through: str) -> shapes.Line:
    changes = line.step.changes if line.step else ()
    why = [shapes.Said(label="", words=line.step.why, cut=False)] if line.step and line.step.why else []
    return shapes.Line(
        seq=line.seq, at=line.at, kind="act" if line.kind == "act" else "clock" if line.kind == "clock" else "item", title=line.title, by=line.by,
        part=line.part, through=through, said=[*(shapes.Said(label=one.label, words=one.words, cut=one.cut) for one in line.said), *why],
        changes=[shapes.Change(label=one.label, old=one.old, new=one.new) for one in changes],
        files=[shapes.Attached(name=one.name, media=one.media, size=one.size) for one in line.files], light=line.light, light_words=line.light_words,
        paper=line.paper,
    )  # fmt: skip
