"""What others changed since one was here last, told in words: the same done to many things of a document is one line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, Final

import msgspec
from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse

from luoshi.desk.actor import Actor
from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import titles_of
from luoshi.web.page import allowed
from luoshi.web.pages.home.waiting import items_seen
from luoshi.web.signin import access
from luoshi.web.signin.models import Access
from luoshi.web.words import current_lang, say

#: entries looked at, and lines shown
_LOOKED_AT: Final = 500
_SHOWN: Final = 12
#: how far back at most, and where nobody knows when one was here
_MOST_DAYS: Final = 30
_UNKNOWN_DAYS: Final = 7
#: acts that are news to those who work with documents
_BUSINESS: Final = (
    "document.read", "document.correct", "document.withdraw", "document.restore", "fact.accept", "fact.correct", "fact.reject", "fact.decide",
    "item.create", "item.correct", "item.drop", "item.restore", "organisation.merge", "organisation.rename", "post.hold", "post.leave",
)  # fmt: skip
#: and to those who administer
_ADMINISTRATION: Final = (
    "account.create",
    "account.change",
    "account.reset",
    "setting.change",
    "backup.make",
    "organisation.add",
    "region.add",
)


class News(msgspec.Struct, frozen=True):
    """A line: who did what how often, on which document or item, when last."""

    by: str
    act: str
    count: int
    at: str
    name: str = ""
    address: str = ""


def last_visit(actor: Actor, now: datetime) -> str:
    """When this person was here before the present sign-in; a week ago where the access log does not say, never more than a month."""
    earliest = moment(now - timedelta(days=_MOST_DAYS))
    mine = Access.objects.filter(account=actor.id)
    this = mine.filter(kind=access.SIGNIN).order_by("-id").values_list("id", flat=True).first()
    if this is not None:
        before = mine.filter(id__lt=this, status__lt=400).order_by("-id").values_list("at", flat=True).first()
        if before:
            return max(earliest, before)
    return moment(now - timedelta(days=_UNKNOWN_DAYS))


def changes(request: HttpRequest, actor: Actor, scope: Scope, since: str) -> list[News]:
    """What others did since, newest first."""
    acts = _BUSINESS if actor.has_business() else _ADMINISTRATION
    # by number, of which the entries are in order: a search by moment would look at every entry where nothing is new
    first = models.Entry.objects.filter(at__gte=since).order_by("at", "seq").values_list("seq", flat=True).first()
    if first is None:
        return []
    found = models.Entry.objects.filter(seq__gte=first, act__in=acts).exclude(actor=actor.id).order_by("-seq")
    if actor.has_business():
        found = found.filter(_seen(scope))
    rows = list(found.values_list("at", "actor", "act", "subject", "context")[:_LOOKED_AT])
    groups: dict[tuple[str, str, str], list[Any]] = {}
    for at, by, act, subject, context in rows:
        # administrators are told what was done, not on which document: that is none of their business
        about = context or subject if actor.has_business() and not act.startswith("post.") else ""
        groups.setdefault((by, act, about), [at, 0, subject])[1] += 1
    return _told(request, groups)


def _told(request: HttpRequest, groups: dict[tuple[str, str, str], list[Any]]) -> list[News]:
    documents = models.Document.objects.in_bulk({about for _, _, about in groups})
    people = dict(models.Account.objects.filter(id__in={by for by, _, _ in groups}).values_list("id", "name"))
    news = list[News]()
    for (by, act, about), (at, count, subject) in groups.items():
        name, address = _about(request, act, subject, count, documents.get(about))
        news.append(News(people.get(by) or say("home.system"), act, count, at, name, address))
        if len(news) == _SHOWN:
            break
    return news


def _seen(scope: Scope) -> Q:
    """Whether the scope sees what an entry is about; asked of the database, so that the newest of others do not hide one's own."""
    seen = Q()
    if scope.regions is not None:
        documents = models.Document.objects.filter(region_code__in=scope.regions).values("id")
        seen &= ~Q(act__in=_of("document.", "fact.")) | Q(subject__in=documents) | Q(context__in=documents)
    if scope.item_regions is not None or scope.units is not None or not scope.internal:
        seen &= ~Q(act__in=_of("item.")) | Q(subject__in=items_seen(scope).values("id"))
    return seen if scope.units is None else seen & Q(act__in=_of("document.", "fact.", "item."))


def _of(*families: str) -> list[str]:
    return [act for act in _BUSINESS if act.startswith(families)]


def _about(request: HttpRequest, act: str, subject: str, count: int, document: models.Document | None) -> tuple[str, str]:
    """What a line is about, and where it is: the one item, else the document."""
    if act.startswith("item.") and count == 1 and (title := titles_of([subject]).get(subject)) is not None:
        return title, reverse("item", kwargs={"item": subject})
    if act.startswith("post.") and count == 1 and (held := models.Holding.objects.filter(pk=subject).first()) is not None:
        return held.person, ""
    if act.startswith("account.") and count == 1:
        return models.Account.objects.filter(pk=subject).values_list("name", flat=True).first() or "", ""
    if document is None:
        return "", ""
    there = document.state != "withdrawn" and allowed(request, "document")
    return title_of(document, current_lang()), reverse("document", kwargs={"document": document.id}) if there else ""


def now() -> datetime:
    return datetime.now(UTC)
