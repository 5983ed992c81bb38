"""My account: who I am here, the language, when and from where I have signed in."""

from __future__ import annotations

import json

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.actor import Actor, read_roles
from luoshi.ledger.models import Account, Organisation, Region
from luoshi.web.page import Page, actor_of, show
from luoshi.web.signin import sessions, trail


def view(request: HttpRequest) -> HttpResponseBase:
    """Own data and own sign-ins."""
    actor = actor_of(request)
    assert isinstance(actor, Actor)  # noqa: S101 - nobody else comes through the door
    values = {
        "unit": Organisation.objects.filter(pk=actor.unit).values_list("name", flat=True).first() if actor.unit else "",
        "region": Region.objects.filter(pk=actor.region).values_list("full_name", flat=True).first() if actor.region else "",
        "sign_ins": trail.sign_ins(actor.id, limit=20),
        "way": request.session.get(sessions.WAY, ""),
    }
    held = read_roles(json.loads(Account.objects.values_list("roles", flat=True).get(pk=actor.id)))
    return show(request, {**values, "withheld": [role for role in held if role not in actor.roles]})


PAGE = Page("profile", "profile", view)
