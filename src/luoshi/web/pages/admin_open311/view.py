"""Open311 switched on and off, its keys made and withdrawn. A key is shown once, on the page that answers its making."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import api_keys
from luoshi.desk.actor import Actor
from luoshi.desk.settings import change
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.settings_now import now
from luoshi.web.page import Page, Route, actor_of, go, note, show
from luoshi.web.words import say


def view(request: HttpRequest, *, made: str = "", status: int = 200) -> HttpResponseBase:
    """Whether it is on, and the keys."""
    known = api_keys.keys()
    people = dict(models.Account.objects.filter(pk__in={one.by for one in known}).values_list("id", "name"))
    values = {
        "on": now().open311 == "1", "made": made, "base": request.build_absolute_uri("/open311/v2/"),
        "keys": [(one, tree().name(one.region) or one.region, people.get(one.by, one.by)) for one in known],
    }  # fmt: skip
    return show(request, values, status=status)


def switch(request: HttpRequest) -> HttpResponseBase:
    """On or off from now on."""
    on = request.POST.get("open311") == "1"
    change(_actor(request), {"open311": "1" if on else "0"})
    note(request, say("admin_open311.is_on" if on else "admin_open311.is_off"))
    return go(request, "admin_open311")


def make(request: HttpRequest) -> HttpResponseBase:
    """A new key, shown this once."""
    _, text = api_keys.make(_actor(request), request.POST.get("name", ""), request.POST.get("region", "").strip())
    return view(request, made=text)


def withdraw(request: HttpRequest, key: str) -> HttpResponseBase:
    """The key is good for nothing any more."""
    api_keys.withdraw(_actor(request), key)
    note(request, say("admin_open311.withdrawn"))
    return go(request, "admin_open311")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "admin_open311", "admin/open311", view, right="admin.open311",
    routes=(
        Route("switch", "admin/open311/switch", switch, right="settings.change", method="POST"),
        Route("make", "admin/open311/keys", make, right="open311.key", method="POST"),
        Route("withdraw", "admin/open311/keys/<str:key>/withdraw", withdraw, right="open311.key", method="POST"),
    ),
)  # fmt: skip
