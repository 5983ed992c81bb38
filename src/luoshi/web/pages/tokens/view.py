"""One's own tokens: made, shown once on the page that answers the making, withdrawn."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import tokens
from luoshi.desk.actor import Actor
from luoshi.desk.tokens import MOST_A_MINUTE, MOST_DAYS, SCOPES, USUAL_A_MINUTE, USUAL_DAYS, Token, Wanted
from luoshi.errors import LuoshiError
from luoshi.ledger.belonging import today
from luoshi.web.api.limits import last_used
from luoshi.web.page import Page, Route, actor_of, go, note, show
from luoshi.web.words import say, say_error
from luoshi.web.writing import read_whole


def view(request: HttpRequest, *, made: str = "", error: LuoshiError | None = None, status: int = 200) -> HttpResponseBase:
    """The tokens, and the form for a new one with what was written where that was not taken."""
    mine = tokens.of_account(_actor(request).id)
    post = request.POST if error else {}
    values = {
        "tokens": told(mine, {}), "made": made, "scopes": [(scope, scope in chosen_scopes(request) if error else scope == "read") for scope in SCOPES],
        "name": post.get("name", ""), "days": post.get("days", USUAL_DAYS), "most_days": MOST_DAYS,
        "per_minute": post.get("per_minute", USUAL_A_MINUTE), "most_a_minute": MOST_A_MINUTE, "error": say_error(error) if error else None,
    }  # fmt: skip
    return show(request, values, status=status)


class Shown(msgspec.Struct, frozen=True):
    """A token as pages show it: how it stands (``live`` ``over`` ``gone``), when it was last used, whose it is."""

    token: Token
    state: str
    used: str
    owner: str = ""


def told(found: list[Token], owners: Mapping[str, str]) -> list[Shown]:
    """Tokens as pages show them."""
    used, day = last_used([one.id for one in found]), today()
    return [
        Shown(one, "gone" if not one.live else "over" if one.is_over(day) else "live", used.get(one.id, ""), owners.get(one.account, ""))
        for one in found
    ]


def chosen_scopes(request: HttpRequest) -> tuple[str, ...]:
    """The scopes that a form has ticked."""
    return tuple(dict.fromkeys(request.POST.getlist("scope")))


def wanted(request: HttpRequest) -> Wanted:
    """What a form wants of a token."""
    post = request.POST
    return Wanted(
        post.get("name", ""), chosen_scopes(request), read_whole(post.get("days", "")) or 0, read_whole(post.get("per_minute", "")) or 0
    )


def make(request: HttpRequest) -> HttpResponseBase:
    """A new token, shown this once."""
    try:
        _, text = tokens.make(_actor(request), wanted(request))
    except LuoshiError as error:
        return view(request, error=error, status=getattr(error, "status", 0) or 400)
    return view(request, made=text)


def withdraw(request: HttpRequest, token: str) -> HttpResponseBase:
    """The token is good for nothing any more."""
    tokens.withdraw(_actor(request), token)
    note(request, say("tokens.withdrawn"))
    return go(request, "tokens")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "tokens", "tokens", view,
    routes=(
        Route("make", "tokens/make", make, right="token.make", method="POST"),
        Route("withdraw", "tokens/<str:token>/withdraw", withdraw, right="token.withdraw", method="POST"),
    ),
)  # fmt: skip
