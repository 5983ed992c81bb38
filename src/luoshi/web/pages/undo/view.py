"""One's own last acts, and taking them back."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.undo import can_undo, undo
from luoshi.ledger import models
from luoshi.web.page import Page, Route, actor_of, answer, go_back, note, show, wants_json
from luoshi.web.words import say

_LAST: Final = 50


def view(request: HttpRequest) -> HttpResponseBase:
    """The last acts of the one who asks, newest first; those made together stand together."""
    actor = actor_of(request)
    entries = models.Entry.objects.filter(actor=actor.id if actor else "").order_by("-seq")[:500]
    groups: list[dict[str, Any]] = []
    for entry in entries:
        last = groups[-1] if groups else None
        if last and last["at"] == entry.at and last["act"] == entry.act and last["first"] == entry.seq + 1:
            last["first"] = entry.seq
            last["count"] += 1
        elif len(groups) < _LAST:
            groups.append({"at": entry.at, "act": entry.act, "first": entry.seq, "last": entry.seq, "count": 1, "can": can_undo(entry.act)})
        else:
            break
    for group in groups:
        group["span"] = f"{group['first']}-{group['last']}"
    return show(request, {"groups": groups})


def take_back(request: HttpRequest, span: str) -> HttpResponseBase:
    """Undoes the entries ``first-last`` and goes back."""
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    done = undo(actor, span)
    if wants_json(request):
        return answer({"undone": done.count, "subjects": list(done.subjects)})
    note(request, say("undo.done", count=done.count))
    return go_back(request, "home")


PAGE = Page("undo", "undo", view, routes=(Route("back", "undo/<str:span>", take_back, method="POST"),))
