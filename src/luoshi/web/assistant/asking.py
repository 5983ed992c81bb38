"""What an assistant is answered: the shapes of the interface, and beside each answer every quotation that it rests on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.conf import settings
from pydantic import BaseModel

from luoshi.desk import tokens
from luoshi.desk.rights import require
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.ledger.following import ROLES, visible_facts
from luoshi.ledger.overview import documents_of
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.titles import title_of
from luoshi.web.api import shapes
from luoshi.web.api.asking import acting, documents, finding, items, places
from luoshi.web.api.asking import promises as ends
from luoshi.web.api.door import Asker, asker_of, outside
from luoshi.web.api.limits import seconds_to_wait
from luoshi.web.api.problems import TooMany
from luoshi.web.api.shapes import Quotation, Shape
from luoshi.web.api.telling import facts_told, text_of
from luoshi.web.signin import access
from luoshi.web.signin.access import RECORDER

#: so many characters of a document's beginning say which it is
_OPENING: Final = 120


class NotAllowed(LuoshiError):
    """An act by an assistant that nobody has switched on, or without a token."""

    slug = "forbidden"
    status = 403


class Found(Shape):
    """What a search found."""

    quotations: list[Quotation]
    found: shapes.Hits


class FactTold(Shape):
    """A fact."""

    quotations: list[Quotation]
    fact: shapes.Fact


class ItemTold(Shape):
    """An item, how it stands and what happened to it. Without a quotation where it was filed by hand and rests on no document."""

    quotations: list[Quotation]
    item: shapes.Item
    story: list[shapes.Line]


class PlaceTold(Shape):
    """The record of a place."""

    quotations: list[Quotation]
    record: shapes.Record


class Verified(Shape):
    """Whether words stand where somebody says; the quotation is what does stand there, and where the words are."""

    quotations: list[Quotation]
    verdict: shapes.Verdict


class RegionsTold(Shape):
    """Regions; the quotations are the opening words of the newest document of each."""

    quotations: list[Quotation]
    regions: list[shapes.Region]
    next: str | None


class Newest(Shape):
    """An indicator with the newest of its targets and results."""

    indicator: shapes.Indicator
    newest: shapes.Fact | None


class IndicatorsTold(Shape):
    """Indicators."""

    quotations: list[Quotation]
    indicators: list[Newest]
    next: str | None


class PromisesTold(Shape):
    """Targets with what became of them, each with both quotations."""

    quotations: list[Quotation]
    promises: list[shapes.Promise]
    next: str | None


class ActsTold(Shape):
    """The acts that are open to whoever the token stands for."""

    quotations: list[Quotation]
    acts: shapes.OpenActs


class Acted(Shape):
    """What an act made."""

    quotations: list[Quotation]
    done: shapes.Done


class Assistant(msgspec.Struct, frozen=True):
    """Whoever asks. ``token``: its text; without one everything is seen but what stays inside, and nothing is done."""

    token: str = ""

    def scope(self, tool: str, subject: str = "") -> Scope:
        """What is seen by whoever asks with this tool now; noted in the access log."""
        asker = self.asker("read") if self.token else None
        if asker is not None:
            require(asker.actor, "search")
        _note(tool, asker.actor.id if asker else "", subject)
        return asker.scope if asker else outside(Scope.whole())

    def asker(self, wanted: str) -> Asker:
        """Whoever the token stands for as they are now, if it has this scope and has not been used too often."""
        opened = tokens.opened(self.token, strict=settings.LUOSHI.strict)
        if wait := seconds_to_wait(opened.token.id, opened.token.per_minute, datetime.now(UTC)):
            raise TooMany(f"每分钟最多 {opened.token.per_minute} 次", wait=wait, where=opened.token.name, remedy=f"请 {wait} 秒后再试")
        opened.need(wanted)
        return asker_of(opened)

    def may_act(self) -> bool:
        """Whether an administrator has switched acting on and a token is there; asked anew with each act."""
        return bool(self.token) and settings_now().assistant_acts == "1"


def _note(tool: str, account: str, subject: str) -> None:
    seen = access.Seen(
        at=moment(datetime.now(UTC)), kind=access.PAGE, account=account, page=f"mcp.{tool}", method="MCP", subject=subject[:80], status=200
    )
    RECORDER.record(seen)


def quotations_in(answer: Any) -> list[Quotation]:
    """Every quotation in an answer, each once, in order."""
    found = {(one.document, one.start, one.end): one for one in _walk(answer)}
    return list(found.values())


def _walk(value: Any) -> Iterator[Quotation]:
    if isinstance(value, Quotation):
        yield value
    elif isinstance(value, BaseModel):
        for name in type(value).model_fields:
            yield from _walk(getattr(value, name))
    elif isinstance(value, list):
        for one in value:
            yield from _walk(one)


# --- the questions


def search(who: Assistant, words: str, *, kind: str = "", region: str = "", year: str = "", cursor: str = "", limit: int = 10) -> Found:
    """The best matches."""
    filters = {name: (value,) for name, value in (("kind", kind), ("region", region), ("year", year)) if value}
    found = finding.search(who.scope("search"), words, filters, cursor, limit)
    return Found(quotations=quotations_in(found), found=found)


def fact(who: Assistant, key: str) -> FactTold:
    """A fact with its words."""
    found = documents.fact(who.scope("fact", key), key)
    return FactTold(quotations=quotations_in(found), fact=found)


def item(who: Assistant, key: str, *, limit: int = 30) -> ItemTold:
    """An item by its id or its number."""
    scope = who.scope("item", key)
    found = items.item(scope, _by_number(key) or key)
    return ItemTold(quotations=quotations_in(found), item=found, story=items.story(scope, found.id, limit=limit).data)


def _by_number(number: str) -> str:
    """The matter of this number; whether it is seen is asked after."""
    return models.Matter.objects.filter(number=number).values_list("id", flat=True).first() or ""


def place(who: Assistant, region: str) -> PlaceTold:
    """The record of a place by its code or its full name."""
    code = models.Region.objects.filter(full_name=region).values_list("id", flat=True).first() or region
    record = places.region(who.scope("place", code), code)
    return PlaceTold(quotations=quotations_in(record), record=record)


def verify(who: Assistant, given: shapes.Check) -> Verified:
    """Whether the words stand there, and where they do."""
    verdict = documents.check(who.scope("verify", given.document), given)
    found = [_quotation(verdict, one.start, given.text) for one in verdict.places]
    if verdict.there and not verdict.matches:
        found.append(_quotation(verdict, given.start, verdict.there))
    return Verified(quotations=found, verdict=verdict)


def _quotation(verdict: shapes.Verdict, start: int, words: str) -> Quotation:
    return Quotation(document=verdict.document, title=verdict.title, start=start, end=start + len(words), text=words)


def regions(who: Assistant, words: str = "", *, cursor: str = "", limit: int = 20) -> RegionsTold:
    """Regions with documents, or those whose name has the words."""
    scope = who.scope("regions")
    found = places.regions(scope, {"q": (words,)} if words else {}, cursor, limit)
    quotations = [one for region in found.data if region.documents and (one := _opening(region.code, scope)) is not None]
    return RegionsTold(quotations=quotations, regions=found.data, next=found.next)


def _opening(code: str, scope: Scope) -> Quotation | None:
    """The opening words of the newest document of a region."""
    row = documents_of([code], scope).first()
    if row is None:
        return None
    words = text_of(row)[:_OPENING].split("\n\n")[0]
    return Quotation(document=row.id, title=title_of(row), start=0, end=len(words), text=words)


def indicators(who: Assistant, words: str = "", *, cursor: str = "", limit: int = 20) -> IndicatorsTold:
    """Indicators of which there are targets or results, each with its newest."""
    scope = who.scope("indicators")
    found = places.indicators(scope, words, cursor, limit)
    told = [Newest(indicator=one, newest=_newest(one.id, scope)) for one in found.data]
    return IndicatorsTold(quotations=quotations_in(told), indicators=told, next=found.next)


def _newest(indicator: str, scope: Scope) -> shapes.Fact | None:
    rows = visible_facts(scope).filter(indicator_id=indicator, role__in=ROLES, year__isnull=False).order_by("-year", "-ordinal")[:1]
    return next(iter(facts_told(rows)), None)


def promises(who: Assistant, region: str = "", *, year: str = "", verdict: str = "", cursor: str = "", limit: int = 20) -> PromisesTold:
    """What became of the targets of a place and of all below it."""
    filters = {name: (value,) for name, value in (("region", region), ("year", year), ("verdict", verdict)) if value}
    found = ends.promises(who.scope("promises", region), filters, cursor, limit)
    return PromisesTold(quotations=quotations_in(found), promises=found.data, next=found.next)


# --- acting


def open_acts(who: Assistant, key: str) -> ActsTold:
    """The acts that are open on an item, by its id or its number."""
    key = _by_number(key) or key
    asker = _acting(who, "read", "acts", key)
    return ActsTold(quotations=quotations_in(items.item(asker.scope, key)), acts=acting.open_acts(asker, key))


def act(who: Assistant, key: str, deed: shapes.Deed) -> Acted:
    """Does an act on an item, by its id or its number."""
    key = _by_number(key) or key
    asker = _acting(who, "act", "act", key)
    done = acting.act(asker, key, deed)
    return Acted(quotations=quotations_in(done), done=done)


def _acting(who: Assistant, wanted: str, tool: str, key: str) -> Asker:
    if not who.may_act():
        raise NotAllowed("助手不能办理", where=tool, remedy="要系统管理员在“管理 · 程序接口”开通，并给出令牌（LUOSHI_TOKEN）")
    asker = who.asker(wanted)
    require(asker.actor, "matter.act")
    _note(tool, asker.actor.id, key)
    return asker
