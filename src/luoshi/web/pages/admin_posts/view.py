"""Administration of posts: which there are, who holds them from when to when, and duties of persons whose post is not known."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import organisations as desk
from luoshi.desk.done import Done
from luoshi.ledger import models
from luoshi.ledger.holding import leaders, plain
from luoshi.ledger.places import Tree, tree
from luoshi.web.page import Page, Route, address, allowed, go_back, note, show
from luoshi.web.pages.organisation.about import posts_told
from luoshi.web.pages.organisation.finding import organisation_named, region_choices, region_named
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.words import say

SIZE: Final = 50
#: so many persons without a post are listed at most
_PERSONS: Final = 40
_MANY: Final = 2


def view(request: HttpRequest) -> HttpResponseBase:
    """The posts, and the persons without one."""
    places = tree()
    wish = {name: request.GET.get(name, "").strip() for name in ("q", "region", "vacant")}
    pages = Paginator(_filtered(wish, places).order_by("region_code", "organisation", "title", "id"), SIZE).get_page(
        request.GET.get("page")
    )
    told, known = posts_told(list(pages.object_list)), {account.id: account for account in _leaders()}
    units = models.Organisation.objects.in_bulk([one["post"].organisation for one in told if one["post"].organisation])
    for one in told:
        unit = units.get(one["post"].organisation)
        one |= {
            "held": [_bound(holding, known) for holding in one["now"]],
            "unit": unit.name if unit else "",
            "region": places.short(one["post"].region_code),
            "full": places.name(one["post"].region_code),
        }
    codes = models.Post.objects.filter(live=True).order_by().values_list("region_code", flat=True).distinct()
    values = {
        "page_obj": pages, "rows": told, "wish": wish, "filtered": any(wish.values()), "regions": region_choices(codes),
        "accounts": list(known.values()), "may_bind": allowed(request, "post.bind"), "persons": without_post(places), "here": request.get_full_path(), "home_region": _only(codes, places),
    }  # fmt: skip
    return show(request, values)


def _leaders() -> list[models.Account]:
    """The accounts that may decide as leaders."""
    return list(models.Account.objects.filter(pk__in=[key for key, _ in leaders()]).order_by("name", "username"))


def _bound(holding: models.Holding, known: dict[str, models.Account]) -> dict[str, Any]:
    """A holding with whose account it is: ``how`` bound, name (one leader has it), many (more have), none, or gone (bound to one that is no more)."""
    if holding.account:
        account = known.get(holding.account)
        return {"row": holding, "how": "bound" if account else "gone", "account": account, "chosen": holding.account}
    same = [account for account in known.values() if plain(account.name) == plain(holding.person)]
    how = ("none", "name")[len(same)] if len(same) < _MANY else "many"
    return {"row": holding, "how": how, "account": same[0] if how == "name" else None, "chosen": same[0].id if how == "name" else ""}


def _only(codes: Any, places: Tree) -> str:
    """The region of all posts, to be suggested for the next one."""
    found = list(codes[:2])
    return places.name(found[0]) if len(found) == 1 else ""


def _filtered(wish: dict[str, str], places: Tree) -> QuerySet[models.Post]:
    found = models.Post.objects.filter(live=True)
    if wish["region"]:
        found = found.filter(region_code__in=places.subtree(wish["region"]))
    if wish["vacant"]:
        held = models.Holding.objects.filter(live=True, valid_to="").values("post")
        found = found.exclude(pk__in=held)
    for word in wish["q"].split():
        holding = models.Holding.objects.filter(live=True, person__contains=word).values("post")
        units = models.Organisation.objects.filter(name__contains=word).values("id")
        found = found.filter(Q(title__contains=word) | Q(pk__in=holding) | Q(organisation__in=units))
    return found


def without_post(places: Tree) -> list[dict[str, Any]]:
    """Persons that lead items and hold no known post: region, how many items, the posts that they may hold."""
    open_duties = models.Duty.objects.filter(role="leader", post="", live=True).exclude(name="")
    items = models.Item.objects.exclude(state="dropped").values("id")
    counted: dict[tuple[str, str], int] = {}
    named = (
        open_duties.filter(item__in=items).values_list("name").annotate(n=Count("item", distinct=True)).order_by("-n", "name")[:_PERSONS]
    )
    for name, _ in named:
        regions = models.Item.objects.filter(pk__in=open_duties.filter(name=name).values("item")).exclude(state="dropped")
        for code, many in regions.values_list("region_code").annotate(n=Count("id")).order_by("region_code"):
            counted[name, code] = many
    posts: dict[str, list[models.Post]] = {}
    for post in models.Post.objects.filter(live=True, region_code__in={code for _, code in counted}).order_by("title"):
        posts.setdefault(post.region_code, []).append(post)
    return [
        {"person": name, "code": code, "region": places.name(code), "items": many, "posts": posts.get(code, [])}
        for (name, code), many in counted.items()
    ]


# --- acts


def _back(request: HttpRequest, words: str, done: Done) -> HttpResponseBase:
    note(request, words, undo=address("undo.back", span=done.undo) if done.undo else "")
    return go_back(request, "admin_posts")


def add(request: HttpRequest) -> HttpResponseBase:
    """A post; held at once where a person is named."""
    actor, unit = actor_for(request), request.POST.get("unit", "").strip()
    organisation, title = organisation_named(unit, "unit") if unit else "", request.POST.get("title", "")
    person = request.POST.get("person", "").strip()
    done = desk.add_post(
        actor, region_named(request.POST.get("region", "")), title, organisation=organisation, person=person,
        valid_from=request.POST.get("valid_from", ""), account=request.POST.get("account", "").strip(),
    )  # fmt: skip
    words = say("admin_posts.added_held", title=title.strip(), person=person) if person else say("admin_posts.added", title=title.strip())
    return _back(request, words, done)


def remove(request: HttpRequest) -> HttpResponseBase:
    """The post is done away with."""
    return _back(request, say("admin_posts.removed"), desk.remove_post(actor_for(request), request.POST.get("post", "")))


def hold(request: HttpRequest) -> HttpResponseBase:
    """A person takes the post up; duties that named this person go to the post."""
    person, post = request.POST.get("person", ""), request.POST.get("post", "")
    account = request.POST.get("account", "").strip()
    done = desk.hold(actor_for(request), post, person, valid_from=request.POST.get("valid_from", ""), account=account)
    duties = msgspec.json.decode(models.Entry.objects.get(pk=done.seqs[0]).data)["duties"]
    return _back(request, say("admin_posts.held", person=person.strip(), count=len(duties)), done)


def leave(request: HttpRequest) -> HttpResponseBase:
    """A person leaves the post."""
    done = desk.leave(actor_for(request), request.POST.get("holding", ""), request.POST.get("valid_to", ""))
    return _back(request, say("admin_posts.left"), done)


def bind(request: HttpRequest) -> HttpResponseBase:
    """Whose account a holding is."""
    done = desk.bind(actor_for(request), request.POST.get("holding", ""), request.POST.get("account", "").strip())
    return _back(request, say("admin_posts.bound"), done)


PAGE = Page(
    "admin_posts", "admin/posts", view, right="admin.posts",
    routes=(
        Route("add", "admin/posts/add", add, right="post.add", method="POST"),
        Route("remove", "admin/posts/remove", remove, right="post.remove", method="POST"),
        Route("hold", "admin/posts/hold", hold, right="post.hold", method="POST"),
        Route("bind", "admin/posts/bind", bind, right="post.bind", method="POST"),
        Route("leave", "admin/posts/leave", leave, right="post.leave", method="POST"),
    ),
)  # fmt: skip
