"""The hotline's orders: dispatched as suggested, one or many at once; doubts decided by a person; call-backs and approvals in place."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound, WrongValue
from luoshi.desk.matters import Try
from luoshi.desk.matters.public import MECHANISM
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.matters import seen
from luoshi.ledger.settings_now import now as settings_now
from luoshi.web.asked import known_units, unit_ids
from luoshi.web.deeds import acted
from luoshi.web.page import Page, Route, actor_of, allowed, go, go_back, note, show
from luoshi.web.pages.orders.gather import sections
from luoshi.web.seen import scope_of
from luoshi.web.suggested import suggestion_for
from luoshi.web.words import say
from luoshi.web.writing import read_whole


def view(request: HttpRequest) -> HttpResponseBase:
    """All that waits."""
    found = sections(_actor(request), scope_of(request), datetime.now(UTC))
    regions = {one.row.region_code for one in found.returned.orders if one.may("final-assign")}
    values = {
        "found": found, "here": request.get_full_path(), "may_rates": allowed(request, "rates"), "may_file": allowed(request, "matter.file"),
        "known": sorted({name for region in regions for name in known_units(region)}), "open311": settings_now().open311 == "1",
        "parts": (("contact", found.contact), ("calls", found.calls), ("requests", found.requests)),
        "top": (("doubts", found.doubts.total), ("sure", found.sure.total), ("returned", found.returned.total), ("contact", found.contact.total),
                ("calls", found.calls.total), ("requests", found.requests.total), ("intake", found.intake.total)),
    }  # fmt: skip
    return show(request, values)


def dispatch(request: HttpRequest) -> HttpResponseBase:
    """These orders go where the table says: the one whose button was pressed, else those that were ticked. A doubtful one only with the unit
    that a person has chosen of those that it may be; one whose suggestion has changed since it was shown stays."""
    only = request.POST.get("only", "")
    chosen = [only] if only else list(dict.fromkeys(request.POST.getlist("id")))
    if not chosen:
        raise WrongValue("没有选中任何一件", where="id", remedy="请先勾选")
    rows = {row.id: row for row in seen(models.Matter.objects.filter(pk__in=chosen, mechanism=MECHANISM), scope_of(request))}
    wanted, stay = {}, list[str]()
    for key in chosen:
        made = _dispatch(request, rows[key]) if key in rows else None
        if made is None:
            stay.append(rows[key].number if key in rows else key[:20])
        else:
            wanted[key] = made
    _, refused = matters.act_many(_actor(request), wanted, scope_of(request)) if wanted else (None, {})
    if count := len(wanted) - len(refused):
        note(request, say("orders.dispatched", count=count))
    if stay:
        note(request, say("orders.stayed", numbers="、".join(stay[:5]), count=len(stay)), kind="warn")
    for why in dict.fromkeys(refused.values()):
        note(request, why, kind="wrong")
    return go_back(request, "orders")


def _dispatch(request: HttpRequest, row: models.Matter) -> Try | None:
    """The dispatch of an order; None where nobody can be named, or somebody else than was shown."""
    found, post = suggestion_for(life_of(row.life), row.region_code), request.POST
    lead, support = "", tuple[str, ...]()
    if found and found.is_sure and post.get(f"{row.id}.units") == found.units:
        lead, support = found.lead, found.support
    elif found and not found.is_sure and post.get("lead") in dict(found.candidates):
        lead = post["lead"]
    if not lead or not found:
        return None
    inputs: dict[str, Any] = {"units": {"lead": [lead], **({"support": list(support)} if support else {})}, "text": found.reason}
    if support:
        inputs["fields"] = {"first_responsible": True}
    told = post.get(f"{row.id}.seen", "")
    return Try("dispatch", inputs, seen=read_whole(told))


def final(request: HttpRequest, item: str) -> HttpResponseBase:
    """The final assignment of an order that was sent back: the leader names the units and says why."""
    row = seen(models.Matter.objects.filter(pk=item, mechanism=MECHANISM), scope_of(request)).first()
    if row is None:
        raise NotFound("没有这张工单", where=item[:40], remedy="请刷新页面")
    units: dict[str, list[str]] = {}
    for part in ("lead", "support"):
        ids, unknown = unit_ids(request.POST.get(part, ""), row.region_code)
        if unknown:
            raise WrongValue(say("asked.no_unit", names="、".join(unknown)[:80]), where=part, remedy="请从单位名册里选")
        if ids:
            units[part] = list(ids)
    told = request.POST.get("seen", "")
    wanted = Try("final-assign", {"units": units, "reason": request.POST.get("reason", "")}, seen=read_whole(told))
    matters.act(_actor(request), item, wanted, scope_of(request))
    note(request, say("orders.decided"))
    return go(request, "orders")


def act(request: HttpRequest, item: str, act: str) -> HttpResponseBase:
    """An act of a small form."""
    return acted(request, item, act, "orders")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "orders", "orders", view,
    routes=(
        Route("dispatch", "orders/dispatch", dispatch, right="orders.dispatch", method="POST"),
        Route("final", "orders/final/<str:item>", final, right="orders", method="POST"),
        Route("act", "orders/<str:item>/<str:act>", act, right="orders", method="POST"),
    ),
)  # fmt: skip
