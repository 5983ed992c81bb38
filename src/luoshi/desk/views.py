"""Acts on saved views: a table as somebody set it up, for oneself or shared."""

from __future__ import annotations

from typing import Any

from luoshi.desk.actor import Actor
from luoshi.desk.done import Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.entry import Draft
from luoshi.ledger.ids import ident
from luoshi.ledger.store import Writer, writing
from luoshi.ledger.tables import Wish


def save(actor: Actor, name: str, wish: Wish, *, shared: bool) -> Done:
    """Keeps the wish under a name; the same name of the same person and table is written over."""
    require(actor, "view.save")
    if shared:
        require(actor, "view.share")
    name = name.strip()
    if not 0 < len(name) <= 60:
        raise WrongValue("名称不能空着，也不能超过 60 个字", where="name", remedy="请给视图起一个短名")
    key = ident("w", actor.id, wish.table, name)
    data: dict[str, Any] = {"name": name, "table": wish.table, "query": wish.query(), "shared": shared}
    with writing() as writer:
        return Done.of([writer.append(actor.id, Draft("view.save", key, data))])


def share(actor: Actor, view: str, *, shared: bool) -> Done:
    """Whether others see the view; only its owner says so."""
    require(actor, "view.share")
    with writing() as writer:
        _own(writer, actor, view)
        return Done.of([writer.append(actor.id, Draft("view.share", view, {"shared": shared}))])


def remove(actor: Actor, view: str) -> Done:
    """Puts an own view away."""
    require(actor, "view.save")
    with writing() as writer:
        _own(writer, actor, view)
        return Done.of([writer.append(actor.id, Draft("view.remove", view))])


def _own(writer: Writer, actor: Actor, view: str) -> None:
    row = writer.get("view", view)
    if row is None or not row["live"]:
        raise NotFound("没有这个视图", where=view, remedy="请刷新页面")
    if row["owner"] != actor.id:
        raise Conflict("这是别人的视图", where=row["name"], remedy="请另存为自己的视图")


def views_for(actor: Actor, table: str) -> list[models.SavedView]:
    """The views of a table that this person sees: own ones first, then those that others share; by name."""
    found = models.SavedView.objects.filter(table=table, live=True)
    own = list(found.filter(owner=actor.id).order_by("name"))
    return [*own, *found.filter(shared=True).exclude(owner=actor.id).order_by("name")]
