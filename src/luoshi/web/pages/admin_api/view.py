"""The interface switched on and off, whose tokens there are, tokens of service accounts, and who is told of events."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import tokens
from luoshi.desk.actor import Actor
from luoshi.desk.rights import require
from luoshi.desk.settings import change
from luoshi.desk.tokens import MOST_A_MINUTE, MOST_DAYS, SCOPES, USUAL_A_MINUTE, USUAL_DAYS
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.places import tree
from luoshi.ledger.settings_now import now
from luoshi.notify import hooks
from luoshi.notify.events import KINDS
from luoshi.notify.posting import try_hook
from luoshi.notify.sending import channel_state
from luoshi.web.page import Page, Route, actor_of, go, note, show
from luoshi.web.pages.tokens.view import told, wanted
from luoshi.web.words import say, say_error

_SWITCHES: Final = ("api", "assistant_acts")


def view(
    request: HttpRequest, *, made: str = "", secret: str = "", error: LuoshiError | None = None, status: int = 200
) -> HttpResponseBase:
    """The switches, the tokens, the subscriptions. ``made`` a token, ``secret`` that of a subscription, each told this once."""
    found, set_now = tokens.all_tokens(), now()
    owners = dict(models.Account.objects.filter(pk__in={one.account for one in found}).values_list("id", "name"))
    listed = hooks.all_hooks()
    shut = channel_state([one.id for one in listed], datetime.now(UTC))
    one = next((hook for hook in listed if hook.id == request.GET.get("one")), None)
    values = {
        "switches": [(name, set_now.text(name) == "1") for name in _SWITCHES], "made": made, "secret": secret, "base": request.build_absolute_uri("/api/v1/"),
        "tokens": told(found, owners), "owners": True, "services": tokens.service_accounts(), "service_prefix": tokens.SERVICE,
        "scopes": [(scope, scope == "read") for scope in SCOPES], "name": "", "days": USUAL_DAYS, "most_days": MOST_DAYS,
        "per_minute": USUAL_A_MINUTE, "most_a_minute": MOST_A_MINUTE, "trouble_told": say_error(error) if error else None,
        "hooks": [(hook, tree().name(hook.options.region), shut.get(hook.id, "")) for hook in listed], "one": one,
        "events": [(kind, one is not None and kind in one.options.events) for kind in KINDS],
    }  # fmt: skip
    return show(request, values, status=status)


def switch(request: HttpRequest) -> HttpResponseBase:
    """One of the switches on or off from now on."""
    given = {name: "1" if request.POST[name] == "1" else "0" for name in _SWITCHES if name in request.POST}
    change(_actor(request), given)
    note(request, say("admin_api.switched"))
    return go(request, "admin_api")


def grant(request: HttpRequest) -> HttpResponseBase:
    """A new token of a service account, shown this once."""
    account = request.POST.get("account", "")
    return _again(request, lambda: {"made": tokens.make(_actor(request), wanted(request), account=account or "-")[1]})


def withdraw(request: HttpRequest, token: str) -> HttpResponseBase:
    """The token is good for nothing any more."""
    require(_actor(request), "token.grant")
    tokens.withdraw(_actor(request), token)
    note(request, say("tokens.withdrawn"))
    return go(request, "admin_api")


def subscribe(request: HttpRequest) -> HttpResponseBase:
    """A new subscription, whose secret is shown this once; or a change of one."""
    post = request.POST
    options = hooks.Options(tuple(event for event in post.getlist("event") if event), post.get("region", "").strip())
    entered = hooks.Entered(name=post.get("name", ""), url=post.get("url", ""), on="on" in post, options=options)
    return _again(request, lambda: {"secret": hooks.save(_actor(request).id, entered, key=post.get("id", ""))[1]})


def _again(request: HttpRequest, do: Any) -> HttpResponseBase:
    """The page with what was made, or with what was wrong."""
    try:
        values = do()
    except LuoshiError as error:
        return view(request, error=error, status=getattr(error, "status", 0) or 400)
    if not any(values.values()):
        note(request, say("admin_api.saved"))
        return go(request, "admin_api")
    return view(request, **values)


def remove(request: HttpRequest, hook: str) -> HttpResponseBase:
    """The subscription is gone, with what waits for it."""
    hooks.remove(_actor(request).id, hook)
    note(request, say("admin_api.removed"))
    return go(request, "admin_api")


def test(request: HttpRequest, hook: str) -> HttpResponseBase:
    """A test event at once."""
    found = next((one for one in hooks.live_hooks() if one.id == hook), None)
    answer = try_hook(found, datetime.now(UTC)) if found else None
    sent = answer is not None and answer.outcome == "sent"
    said = say("admin_api.test_sent") if sent else say("admin_api.test_failed", said=answer.said if answer else say("admin_api.disabled"))
    note(request, said, kind="done" if sent else "wrong")
    return go(request, "admin_api")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "admin_api", "admin/api", view, right="admin.api",
    routes=(
        Route("switch", "admin/api/switch", switch, right="settings.change", method="POST"),
        Route("grant", "admin/api/tokens", grant, right="token.grant", method="POST"),
        Route("withdraw", "admin/api/tokens/<str:token>/withdraw", withdraw, right="token.grant", method="POST"),
        Route("subscribe", "admin/api/hooks", subscribe, right="settings.change", method="POST"),
        Route("remove", "admin/api/hooks/<str:hook>/remove", remove, right="settings.change", method="POST"),
        Route("test", "admin/api/hooks/<str:hook>/test", test, right="settings.change", method="POST"),
    ),
)  # fmt: skip
