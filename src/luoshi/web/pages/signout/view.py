"""Signing out: only by a form that was sent, so that no link of another site can do it."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, HttpResponseRedirect

from luoshi.web.page import Page, address, note, show
from luoshi.web.signin import config, oidc, sessions
from luoshi.web.signin.moments import now
from luoshi.web.signin.refusals import NotLetIn
from luoshi.web.words import say


def view(request: HttpRequest) -> HttpResponseBase:
    """The button; after it was pressed, the sign-in page."""
    if request.method != "POST":
        return show(request)
    way = sessions.leave(request, now())
    note(request, say("signout.done"))
    return HttpResponseRedirect((way == "provider" and _there(request)) or address("signin"))


def _there(request: HttpRequest) -> str:
    """Where to sign out of the provider too, if that is wanted; here it is done already, whatever the provider says."""
    provider = config.current().oidc
    if provider is None or not provider.signs_out:
        return ""
    base = settings.LUOSHI.public_url or request.build_absolute_uri("/").rstrip("/")
    try:
        return oidc.address_of_signout(provider, f"{base}{address('signin')}")
    except NotLetIn:
        return ""


PAGE = Page("signout", "signout", view)
