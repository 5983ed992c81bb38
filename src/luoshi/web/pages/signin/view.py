"""Signing in: by user name and password, or through a provider of single sign-on and back."""

from __future__ import annotations

from typing import Final

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters

from luoshi.ledger.models import Account
from luoshi.web.page import Page, Route, actor_of, address, show
from luoshi.web.signin import config, oidc, sessions
from luoshi.web.signin.identity import admit
from luoshi.web.signin.moments import now
from luoshi.web.signin.refusals import BrokenReturn, NotLetIn
from luoshi.web.words import current_lang, say

#: the session's word for: ways to the provider that have not come back yet
WAYS: Final = "ways"
_MOST_WAYS: Final = 5
#: refusals whose own words (in Chinese) say more than the general ones
_TELLING: Final = frozenset({"no-account", "provider-down", "broken-return"})


@sensitive_post_parameters("password")
def view(request: HttpRequest) -> HttpResponseBase:
    """The form; after it was sent, the page that was asked for."""
    next_ = _next(request)
    if actor_of(request) is not None:
        return HttpResponseRedirect(next_ or address("home"))
    if request.method != "POST":
        return _form(request, next_)
    username, password = request.POST.get("username", ""), request.POST.get("password", "")
    if not username.strip() or not password:
        return _form(request, next_, error=say("signin.empty"), status=400, username=username)
    try:
        account = sessions.enter_by_password(request, username, password, now())
    except NotLetIn as error:
        return _form(request, next_, error=_words(error), status=error.status, username=username)
    return HttpResponseRedirect(_first_page(account, next_))


def to_provider(request: HttpRequest) -> HttpResponseBase:
    """To the provider."""
    provider = config.current().oidc
    if provider is None:
        return HttpResponseRedirect(address("signin"))
    base = settings.LUOSHI.public_url or request.build_absolute_uri("/").rstrip("/")
    way = oidc.new_way(f"{base}{address('signin.returned')}", _next(request))
    try:
        there = oidc.address_of(provider, way)
    except NotLetIn as error:
        return _form(request, way.next, error=_words(error), status=error.status)
    ways = dict(list(request.session.get(WAYS, {}).items())[1 - _MOST_WAYS :])
    request.session[WAYS] = {**ways, way.state: msgspec.structs.asdict(way)}
    return HttpResponseRedirect(there)


def returned(request: HttpRequest) -> HttpResponseBase:
    """Back from the provider."""
    signin, ways = config.current(), dict(request.session.get(WAYS, {}))
    # a way is gone once: who sends the same answer again finds none
    kept = ways.pop(request.GET.get("state", ""), None)
    request.session[WAYS] = ways
    next_ = ""
    try:
        if signin.oidc is None or kept is None:
            raise BrokenReturn("这次登录已失效", remedy="请从登录页重新开始")
        way = msgspec.convert(kept, oidc.Way)
        next_ = way.next
        person = oidc.find_person(signin.oidc, way, request.GET.dict())
        account = admit(person, signin, now(), strict=settings.LUOSHI.strict)
    except NotLetIn as error:
        sessions.note_failed_return(request, error, now())
        return _form(request, next_, error=_words(error), status=error.status)
    sessions.enter_by_provider(request, account, now())
    return HttpResponseRedirect(_first_page(account, next_))


def _form(request: HttpRequest, next_: str, *, error: str = "", status: int = 200, username: str = "") -> HttpResponse:
    signin = config.current()
    provider = signin.oidc
    values = {
        "next": next_,
        "error": error,
        "username": username[:64],
        "provider": provider,
        "provider_label": (provider.label if provider else "") or say("signin.provider"),
        "provider_address": address("signin.provider", query={"next": next_} if next_ else None),
        "directory": signin.ldap is not None,
        # where everybody comes through the provider, the form is for the one account that does not
        "form_folded": provider is not None and signin.ldap is None and bool(signin.break_glass) and not error,
        "minutes": settings.LUOSHI.session_minutes,
    }
    return show(request, values, status=status)


def _words(error: NotLetIn) -> str:
    """What a person reads of a refusal: in Chinese its own words where they say more than the general ones."""
    if error.slug in _TELLING and current_lang() == "zh":
        return f"{error.what}。{error.remedy}"
    return say(f"signin.{error.slug}", **error.values)


def _next(request: HttpRequest) -> str:
    """The page that was asked for, if it is one of ours."""
    told = request.POST.get("next") or request.GET.get("next") or ""
    return told if told.startswith("/") and url_has_allowed_host_and_scheme(told, allowed_hosts=None) else ""


def _first_page(account: Account, next_: str) -> str:
    """Where somebody comes who is in: without a role only the own page is open, and it says why."""
    return address("profile") if account.roles == "[]" else next_ or address("home")


PAGE = Page(
    "signin", "signin", view,
    routes=(Route("provider", "signin/provider", to_provider, method="GET"), Route("returned", "signin/returned", returned, method="GET")),
    public=True,
)  # fmt: skip
