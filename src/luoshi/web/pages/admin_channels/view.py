"""Administration of channels: the robots of groups that notices go to, each tried with a button; addresses and secrets are never shown whole."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final, get_args

from django.http import HttpRequest, HttpResponseBase

from luoshi.ledger.models import Organisation
from luoshi.notify import config, kept
from luoshi.notify.channels import ROBOTS, remotes
from luoshi.notify.message import Kind
from luoshi.notify.sending import channel_state, try_channel
from luoshi.notify.wording import word
from luoshi.web.page import Page, Route, go, note, show
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.words import current_lang, say

#: the kinds of messages that a group can choose; a test is sent by a button, digests go to persons
_KINDS: Final = tuple(kind for kind in get_args(Kind) if kind not in {"test", "digest"})


def view(request: HttpRequest) -> HttpResponseBase:
    """The channels as they are, and the form for one; ``one`` in the address names the one to be changed."""
    lang, channels = current_lang(), kept.shown()
    shut = channel_state([one.id for one in channels], datetime.now(UTC))
    wanted = next((one for one in channels if one.id == request.GET.get("one") and not one.told), None)
    values = {
        "channels": [(one, _named(one.kind), [word(f"kind.{kind}", lang) for kind in one.options.kinds], shut.get(one.id, "")) for one in channels],
        "wanted": wanted, "robots": [(kind, _named(kind)) for kind in ROBOTS], "mail": config.current().mail,
        "kinds": [(kind, word(f"kind.{kind}", lang), wanted is not None and kind in wanted.options.kinds) for kind in _KINDS],
        "units": [(row.id, row.name, wanted is not None and row.id in wanted.options.units) for row in Organisation.objects.filter(successor="").order_by("name")[:500]],
    }  # fmt: skip
    return show(request, values)


def _named(kind: str) -> str:
    found = remotes()[kind].name
    return found.zh if current_lang() == "zh" else found.en


def save(request: HttpRequest) -> HttpResponseBase:
    """The channel is as the form says from now on."""
    post = request.POST
    options = kept.options_of(
        {"form": post.get("form", "text"), "keyword": post.get("keyword", "")}, kinds=[kind for kind in post.getlist("kind_of") if kind in _KINDS],
        units=[unit for unit in post.getlist("unit") if unit][:100],
    )  # fmt: skip
    entered = kept.Entered(
        kind=post.get("kind", ""), name=post.get("name", ""), url=post.get("url", ""), secret=post.get("secret", ""), unsigned="unsigned" in post,
        on="on" in post, options=options,
    )  # fmt: skip
    kept.save(actor_for(request).id, entered, id=post.get("id", ""))
    note(request, say("admin_channels.saved"))
    return go(request, "admin_channels")


def remove(request: HttpRequest, channel: str) -> HttpResponseBase:
    """The channel is gone, with what waits for it."""
    kept.remove(actor_for(request).id, channel)
    note(request, say("admin_channels.removed"))
    return go(request, "admin_channels")


def test(request: HttpRequest, channel: str) -> HttpResponseBase:
    """A test message at once, whatever the hour."""
    answer = try_channel(channel, account=actor_for(request).id)
    sent = answer.outcome == "sent"
    told = say("admin_channels.test_sent") if sent else say("admin_channels.test_failed", said=answer.said or answer.slug)
    note(request, told, kind="done" if sent else "wrong")
    return go(request, "admin_channels")


PAGE = Page(
    "admin_channels", "admin/channels", view, right="admin.channels",
    routes=(
        Route("save", "admin/channels/save", save, right="settings.change", method="POST"),
        Route("remove", "admin/channels/<str:channel>/remove", remove, right="settings.change", method="POST"),
        Route("test", "admin/channels/<str:channel>/test", test, right="settings.change", method="POST"),
    ),
)  # fmt: skip
