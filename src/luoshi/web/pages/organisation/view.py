"""One organisation: its names and why, what is doubtful, members, what it was and will be, items, documents, posts, history."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import organisations as desk
from luoshi.desk.actor import Actor
from luoshi.desk.done import Done, NotFound
from luoshi.ledger import models
from luoshi.ledger.belonging import lineage
from luoshi.ledger.places import tree
from luoshi.web.page import Page, Route, actor_of, address, allowed, answer, go_back, note, show
from luoshi.web.pages.organisation import about
from luoshi.web.pages.organisation.finding import organisation_named, organisations_like, region_named, regions_like
from luoshi.web.seen import scope_of
from luoshi.web.words import say


def view(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The page of an organisation."""
    row = organisation_for(organisation)
    scope, places = scope_of(request), tree()
    family = lineage([row.id])
    values = {
        **names_values(row), "items": about.items(row.id, scope, places), "documents": about.documents(row, family, scope),
        "posts": about.posts(family), "groups": about.groups_of(row.id), "history": about.story(row, places), "most": about.MOST,
    }  # fmt: skip
    return show(request, values)


def organisation_for(key: str) -> models.Organisation:
    """The organisation; raises ``NotFound``."""
    row = models.Organisation.objects.filter(pk=key).first()
    if row is None:
        raise NotFound("没有这个单位", where=key[:40], remedy="请从单位列表中选择")
    return row


def names_values(row: models.Organisation) -> dict[str, Any]:
    """What the parts of a page about names, doubts, members and lineage need."""
    places = tree()
    return {
        "row": row, "region": places.name(row.region_code), "region_short": places.short(row.region_code), "names": about.names(row.id, places),
        "doubts": row.doubt.split(), "plates": msgspec.json.decode(row.plates), "lineage": about.lineage(row, places),
        "members": about.members(row.id, places) if row.kind == "group" else None, "today": _today(),
    }  # fmt: skip


def _today() -> str:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date().isoformat()


# --- what is typed


def find(request: HttpRequest) -> HttpResponseBase:
    """Organisations that fit what is typed."""
    return answer({"found": organisations_like(request.GET.get("q", "")[:100])})


def find_regions(request: HttpRequest) -> HttpResponseBase:
    """Regions that fit what is typed."""
    return answer({"found": regions_like(request.GET.get("q", "")[:100])})


# --- acts


def actor_for(request: HttpRequest) -> Actor:
    """Who acts; the door has asked."""
    actor = actor_of(request)
    assert actor is not None  # noqa: S101
    return actor


def back(request: HttpRequest, organisation: str, words: str, done: Done) -> HttpResponseBase:
    """To where the form was, with a note that can undo."""
    note(request, words, undo=address("undo.back", span=done.undo) if done.undo else "")
    if allowed(request, "organisation"):
        return go_back(request, "organisation", organisation=organisation)
    return go_back(request, "admin_units.one", organisation=organisation)


def settle(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The name is right as it is."""
    done = desk.settle_doubt(actor_for(request), organisation)
    return back(request, organisation, say("organisation.settled"), done)


def add_name(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """A name that means it in documents of a region."""
    row = organisation_for(organisation)
    region = region_named(request.POST["region"]) if request.POST.get("region", "").strip() else row.region_code
    name = request.POST.get("name", "")
    done = desk.add_alias(actor_for(request), organisation, region, name)
    return back(request, organisation, say("organisation.name_added", name=name.strip()), done)


def remove_name(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """The name is left to the rules again."""
    done = desk.remove_alias(actor_for(request), request.POST.get("alias", ""))
    return back(request, organisation, say("organisation.name_removed"), done)


def same(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """It is another entry of the ledger, written otherwise."""
    other = organisation_named(request.POST.get("other", ""), "other")
    done = desk.same_as(actor_for(request), organisation, other, _today())
    return back(request, organisation, say("organisation.same_done", name=organisation_for(other).name), done)


def merge(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """It became part of another."""
    into = organisation_named(request.POST.get("into", ""), "into")
    done = desk.merge(actor_for(request), organisation, into, request.POST.get("day", ""), source=request.POST.get("source", ""))
    return back(request, organisation, say("organisation.merged", name=organisation_for(into).name), done)


def rename(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """It goes on under another name."""
    name = request.POST.get("name", "")
    done = desk.rename(actor_for(request), organisation, name, request.POST.get("day", ""), source=request.POST.get("source", ""))
    return back(request, organisation, say("organisation.renamed", name=name.strip()), done)


def join(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """A member comes."""
    member = organisation_named(request.POST.get("member", ""), "member")
    done = desk.add_member(actor_for(request), organisation, member, valid_from=request.POST.get("valid_from", ""))
    return back(request, organisation, say("organisation.joined", name=organisation_for(member).name), done)


def part(request: HttpRequest, organisation: str) -> HttpResponseBase:
    """A member goes."""
    done = desk.remove_member(actor_for(request), request.POST.get("member", ""), valid_to=request.POST.get("valid_to", ""))
    return back(request, organisation, say("organisation.parted"), done)


PAGE = Page(
    "organisation", "organisations/<str:organisation>", view,
    routes=(
        Route("find", "organisations/find/units", find, right="organisation.add"),
        Route("find_regions", "organisations/find/regions", find_regions, right="organisation.add"),
        Route("settle", "organisations/<str:organisation>/settle", settle, right="organisation.correct", method="POST"),
        Route("add_name", "organisations/<str:organisation>/names", add_name, right="alias.add", method="POST"),
        Route("remove_name", "organisations/<str:organisation>/names/remove", remove_name, right="alias.remove", method="POST"),
        Route("same", "organisations/<str:organisation>/same", same, right="organisation.merge", method="POST"),
        Route("merge", "organisations/<str:organisation>/merge", merge, right="organisation.merge", method="POST"),
        Route("rename", "organisations/<str:organisation>/rename", rename, right="organisation.rename", method="POST"),
        Route("join", "organisations/<str:organisation>/members", join, right="group.add", method="POST"),
        Route("part", "organisations/<str:organisation>/members/remove", part, right="group.remove", method="POST"),
    ),
)  # fmt: skip
