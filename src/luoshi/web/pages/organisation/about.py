"""What the ledger has of one organisation: names with reasons, what it was and will be, members, items, documents, posts, history."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any, Final

import msgspec
from django.db.models import Count, QuerySet

from luoshi.ledger import models, veiling
from luoshi.ledger.belonging import units_for
from luoshi.ledger.overview import items_of
from luoshi.ledger.places import Tree
from luoshi.ledger.scope import Scope
from luoshi.ledger.titles import title_of
from luoshi.web.pages.organisation.finding import label
from luoshi.web.words import current_lang, say, say_word

#: so many items and documents are shown at most; the rest is a click away
MOST: Final = 60
_HISTORY: Final = 60


def names(organisation: str, places: Tree) -> list[dict[str, Any]]:
    """The names under which documents write it, those that a person decided first."""
    rows = models.Alias.objects.filter(organisation=organisation, live=True)
    ordered = sorted(rows, key=lambda row: (row.reason != "person", row.region_code, row.name))
    return [
        {"id": row.id, "name": row.name, "region": places.short(row.region_code), "code": row.region_code, **reasons(row.reason)}
        for row in ordered
    ]


def reasons(reason: str) -> dict[str, Any]:
    """Why a name is that body: the rules in words, or that a person decided it."""
    if reason == "person":
        return {"decided": True, "why": say_word("unit-rule", "decided")}
    comma = "、" if current_lang() == "zh" else ", "
    return {"decided": False, "why": comma.join(say_word("unit-rule", rule) for rule in reason.split())}


def lineage(row: models.Organisation, places: Tree) -> dict[str, Any]:
    """What it goes on as and what went on as it, each with day and source."""
    steps = msgspec.json.decode(row.lineage)
    before = models.Organisation.objects.filter(successor=row.id).order_by("valid_to", "id")
    after = models.Organisation.objects.filter(pk=row.successor).first() if row.successor else None
    return {
        "after": {"organisation": after, "region": places.short(after.region_code), **(steps[-1] if steps else {})} if after else None,
        "before": [
            {"organisation": one, "region": places.short(one.region_code), **(msgspec.json.decode(one.lineage) or [{}])[-1]}
            for one in before
        ],
    }


def members(group: str, places: Tree) -> dict[str, list[dict[str, Any]]]:
    """Members of a group, and those that were."""
    rows = list(models.Member.objects.filter(group=group).order_by("-live", "valid_from", "id"))
    known = models.Organisation.objects.in_bulk([row.organisation for row in rows])
    told: list[dict[str, Any]] = [
        {"row": row, "organisation": known[row.organisation], "region": places.short(known[row.organisation].region_code)}
        for row in rows
        if row.organisation in known
    ]
    return {"now": [one for one in told if one["row"].live], "past": [one for one in told if not one["row"].live and one["row"].valid_to]}


def groups_of(organisation: str) -> list[dict[str, Any]]:
    """The groups that it is a member of."""
    rows = list(models.Member.objects.filter(organisation=organisation, live=True))
    known = models.Organisation.objects.in_bulk([row.group for row in rows])
    return [{"row": row, "group": known[row.group]} for row in rows if row.group in known]


def items(organisation: str, scope: Scope, places: Tree) -> dict[str, Any]:
    """The items that it leads and supports, by itself, as what it was or goes on as, or in a group; those due first first; how many of each."""
    found = items_of(scope, places, organisation=(organisation,))
    duties = models.Duty.objects.filter(organisation__in=units_for([organisation]), live=True)
    told = {}
    for role in ("lead", "support"):
        mine = found.filter(pk__in=duties.filter(role=role).values("item"))
        dated, undated = mine.exclude(due="").order_by("due", "ordinal"), mine.filter(due="").order_by("ordinal")
        shown = list(dated[:MOST])
        shown += list(undated[: MOST - len(shown)])
        told[role] = {"rows": veiling.shown(shown), "total": mine.order_by().count()}
    return told


def documents(row: models.Organisation, family: Collection[str], scope: Scope) -> list[tuple[models.Document, str]]:
    """The documents that name it, newest first."""
    named = models.Item.objects.filter(pk__in=models.Duty.objects.filter(organisation__in=family).values("item"))
    keys = set(named.order_by().values_list("document", flat=True).distinct()[:2000])
    subjects = [*family, *models.Alias.objects.filter(organisation__in=family).values_list("id", flat=True)]
    keys |= set(
        models.Entry.objects.filter(subject__in=subjects[:500], act__in=("organisation.add", "alias.add")).values_list("context", flat=True)
    )
    found = models.Document.objects.filter(pk__in=keys - {""}, newest=True).exclude(state="withdrawn")
    if scope.regions is not None:
        found = found.filter(region_code__in=scope.regions)
    return [(one, title_of(one, current_lang())) for one in found.order_by("-year", "-number")[:MOST]]


def posts(organisations: Collection[str]) -> list[dict[str, Any]]:
    """The posts in it, each with who holds it now and who did."""
    return posts_told(models.Post.objects.filter(organisation__in=organisations, live=True).order_by("title"))


def posts_told(rows: QuerySet[models.Post] | Iterable[models.Post]) -> list[dict[str, Any]]:
    """Posts with their holders, the present ones first."""
    found = list(rows)
    holdings: dict[str, list[models.Holding]] = {}
    for holding in models.Holding.objects.filter(post__in=[post.id for post in found], live=True).order_by("-valid_from", "id"):
        holdings.setdefault(holding.post, []).append(holding)
    counted = dict(
        models.Duty.objects.filter(post__in=[post.id for post in found], live=True)
        .values_list("post")
        .annotate(n=Count("item", distinct=True))
        .order_by()
    )
    return [
        {"post": post, "now": [one for one in holdings.get(post.id, []) if not one.valid_to], "past": [one for one in holdings.get(post.id, []) if one.valid_to],
         "items": counted.get(post.id, 0)}
        for post in found
    ]  # fmt: skip


def story(row: models.Organisation, places: Tree) -> list[dict[str, Any]]:
    """What happened to it, its names, members and posts, newest first: at, who, act, what."""
    subjects = [row.id, *models.Alias.objects.filter(organisation=row.id).values_list("id", flat=True)[:300]]
    subjects += models.Member.objects.filter(group=row.id).values_list("id", flat=True)
    posts_here = list(models.Post.objects.filter(organisation=row.id).values_list("id", flat=True))
    subjects += [*posts_here, *models.Holding.objects.filter(post__in=posts_here).values_list("id", flat=True)]
    entries = list(models.Entry.objects.filter(subject__in=subjects).order_by("-seq")[:_HISTORY])
    people = dict(models.Account.objects.filter(pk__in={entry.actor for entry in entries}).values_list("id", "name"))
    return [
        {"at": entry.at, "who": say("organisation.the_system") if entry.actor == "system" else people.get(entry.actor, entry.actor),
         "act": say_word("act", entry.act), "what": _what(entry, places)}
        for entry in entries
    ]  # fmt: skip


def _what(entry: models.Entry, places: Tree) -> str:
    """What an entry says, in a few words."""
    data = msgspec.json.decode(entry.data)
    other = data.get("into") or data.get("organisation") if not entry.act.startswith(("alias.", "post.")) else ""
    found = models.Organisation.objects.filter(pk=other).first() if other else None
    parts = [
        label(found.name, found.region_code, places) if found else "", str(data.get("name") or data.get("title") or data.get("person") or ""),
        str(data.get("day") or data.get("valid_from") or data.get("valid_to") or ""),
    ]  # fmt: skip
    if data.get("source") and data["source"] != "same":
        parts.append(str(data["source"]))
    if entry.act == "organisation.correct" and data.get("doubt") == "":
        parts.append(say("organisation.settled_short"))
    return " · ".join(part for part in parts if part)
