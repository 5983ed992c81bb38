"""The notices of whoever is signed in: what was told, unread first; where mail goes."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponseBase

from luoshi.notify import config, inside
from luoshi.notify.sending import try_channel
from luoshi.web.page import Page, Route, go, go_back, note, show
from luoshi.web.pages.open311.limits import too_many
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.words import say
from luoshi.web.writing import read_whole

_SIZE: Final = 50
#: so many test letters in a minute
_TESTS: Final = 1


def view(request: HttpRequest) -> HttpResponseBase:
    """The notices, those that were not read on top; ``all`` shows the others too, ``before`` the page that follows."""
    account = actor_for(request).id
    before = request.GET.get("before", "")
    last = read_whole(before)
    unread = inside.notices(account, only_unread=True, before=last, limit=_SIZE)
    # of the newest some are unread; they stand above and are not said twice
    rest = inside.notices(account, before=last, limit=_SIZE) if len(unread) < _SIZE else []
    read = [one for one in rest if one.read]
    shown = [*unread, *read]
    contact = inside.contact(account)
    values = {
        "unread": unread, "read": read, "count": inside.unread(account), "more": min((one.id for one in rest), default=0) if len(rest) == _SIZE else 0,
        "contact": contact, "mail": config.current().mail is not None, "any": bool(shown),
    }  # fmt: skip
    return show(request, values)


def mark(request: HttpRequest) -> HttpResponseBase:
    """Those named are read, all where none is."""
    ids = [number for value in request.POST.getlist("id") if (number := read_whole(value)) is not None]
    inside.mark_read(actor_for(request).id, ids or None)
    return go_back(request, "notices")


def contact(request: HttpRequest) -> HttpResponseBase:
    """Where mail goes from now on; an empty address forgets it."""
    inside.set_contact(
        actor_for(request).id,
        email=request.POST.get("email", "").strip()[:320],
        mail="mail" in request.POST,
        digest="digest" in request.POST,
    )
    note(request, say("notices.contact_saved"))
    return go(request, "notices")


def confirm(request: HttpRequest) -> HttpResponseBase:
    """The digits out of the letter: the address is one's own."""
    inside.confirm(actor_for(request).id, request.POST.get("code", "")[:12])
    note(request, say("notices.confirmed"))
    return go(request, "notices")


def test(request: HttpRequest) -> HttpResponseBase:
    """A letter to one's own address, at once, with the digits that confirm it."""
    account = actor_for(request).id
    if too_many("mailtest", account, _TESTS):
        note(request, say("notices.test_wait"), kind="warn")
        return go(request, "notices")
    confirmed = inside.contact(account).confirmed
    answer = try_channel(config.MAIL, account=account)
    sent = answer.outcome == "sent"
    note(
        request,
        say("notices.test_sent" if confirmed else "notices.code_sent")
        if sent
        else say("notices.test_failed", said=answer.said or answer.slug),
        kind="done" if sent else "wrong",
    )
    return go(request, "notices")


PAGE = Page(
    "notices", "notices", view,
    routes=(
        Route("mark", "notices/mark", mark, method="POST"), Route("contact", "notices/contact", contact, method="POST"),
        Route("test", "notices/test", test, method="POST"), Route("confirm", "notices/confirm", confirm, method="POST"),
    ),
)  # fmt: skip
