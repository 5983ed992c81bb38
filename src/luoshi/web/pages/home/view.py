"""The first page after the sign-in: what came in, what waits for me, what changed."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse

from luoshi.desk.actor import Actor
from luoshi.ledger import models
from luoshi.ledger.titles import title_of
from luoshi.web.page import Page, actor_of, allowed, show
from luoshi.web.pages.home.arrived import arrived, documents_seen, refused_files
from luoshi.web.pages.home.changes import changes, last_visit, now
from luoshi.web.pages.home.waiting import disputes, due_items, waits
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

#: places to go, in this order, each where it is there and allowed: (page, icon, right)
_SHORTCUTS: Final = (
    ("desk", "clock", "desk"), ("leader", "star", "leader"), ("board", "columns", "board"), ("checking", "eye", "checking"),
    ("lookback", "history", "lookback"), ("burden", "chart", "burden"),
    ("intake", "upload", "intake"), ("documents", "document", "documents"), ("ledger", "table", "ledger"), ("items", "check", "items"),
    ("indicators", "chart", "indicators"), ("organisations", "building", "organisations"), ("regions", "map", "regions"), ("search", "search", "search"),
    ("admin_accounts", "people", "admin.accounts"), ("admin_units", "building", "admin.units"), ("admin_posts", "person", "admin.posts"),
    ("admin_regions", "map", "admin.regions"), ("admin_aliases", "link", "admin.aliases"), ("admin_settings", "settings", "admin.settings"),
    ("admin_audit", "history", "admin.audit"),
)  # fmt: skip


def view(request: HttpRequest) -> HttpResponse:
    """What came in, what waits for me, what changed since I was here last; three steps where the ledger is empty."""
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    today = datetime.now(ZoneInfo(settings.TIME_ZONE)).date().isoformat()
    values: dict[str, Any] = {"shortcuts": _shortcuts(request), "business": actor.has_business(), "today": today}
    if actor.has_business() and not models.Document.objects.exists():
        refused = refused_files(actor, scope_of(request), "") if allowed(request, "intake") else []
        return show(request, {**values, "steps": _steps(request), "refused": refused})
    return show(request, {**values, **_told(request, actor, today)})


def _told(request: HttpRequest, actor: Actor, today: str) -> dict[str, Any]:
    scope, since = scope_of(request), last_visit(actor, now())
    found = disputes(request, actor, scope)
    names = (
        {row.id: title_of(row, current_lang()) for row in documents_seen(scope).filter(id__in={fact.document for fact in found})}
        if found
        else {}
    )
    return {
        "arrived": arrived(scope) if actor.has_business() else [], "waits": waits(request, actor, scope, since), "due": due_items(actor, scope, today),
        "disputes": [(fact, names.get(fact.document, "")) for fact in found], "news": changes(request, actor, scope, since), "since": since,
        "may_check": allowed(request, "fact.accept"), "may_promote": allowed(request, "promote"), "may_confirm": allowed(request, "document.confirm"),
    }  # fmt: skip


def _shortcuts(request: HttpRequest) -> list[dict[str, str]]:
    found = []
    for name, icon, right in _SHORTCUTS:
        if not allowed(request, right):
            continue
        try:
            address = reverse(name)
        except NoReverseMatch:
            continue
        found.append({"words": say(f"home.to_{name}"), "icon": icon, "address": address})
    return found


def _steps(request: HttpRequest) -> list[dict[str, Any]]:
    """The three steps from an empty ledger to items; each a link where the person may take it."""
    steps = (("intake", "intake"), ("documents", "documents"), ("items", "items"))
    return [
        {
            "title": say(f"home.step_{name}"),
            "words": say(f"home.step_{name}_words"),
            "address": reverse(name) if allowed(request, right) else "",
        }
        for name, right in steps
    ]


PAGE = Page("home", "", view)
