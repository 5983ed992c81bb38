"""``/public``: what was promised, who answers, what came of it. Off until an administrator switches it on; only what was released is here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import get_token

from luoshi.desk.done import NotFound, WrongValue
from luoshi.ledger.settings_now import Now
from luoshi.ledger.store import blobs
from luoshi.messages import Lang
from luoshi.publish.opendata import media_of
from luoshi.publish.portal import Site
from luoshi.publish.release.content import Item
from luoshi.web.page import Page, Route
from luoshi.web.pages.open311.limits import Questions, too_many
from luoshi.web.pages.portal import cache, clue
from luoshi.web.pages.portal.door import answered
from luoshi.web.pages.portal.rendering import render, render_path
from luoshi.web.signin.sessions import address_of
from luoshi.web.templatetags.portal import ENDINGS, Way
from luoshi.web.words import current_lang, say

View = Callable[..., HttpResponseBase]
#: clues from one address in a minute. Luoshi's own default: 本系统缺省，请本单位核定
CLUES: Final = 5
#: searches from one address in a minute, in each process; a page costs nothing and is not counted
SEARCHES: Final = 60
SEARCHED: Final = Questions()
_LONGEST_WORDS: Final = 60


def _door(view: View) -> View:
    """The view where the record is switched on, and no page else."""

    @wraps(view)
    def entered(request: HttpRequest, **values: Any) -> HttpResponseBase:
        settings = cache.known().settings
        if settings.portal != "1":
            raise NotFound(say("portal.closed"), where="", remedy=say("portal.closed_remedy"))
        return view(request, settings=settings, **values)

    return entered


def _missing(where: str) -> NotFound:
    return NotFound("没有这一页", where=where[:80], remedy="它可能已经撤回；请从首页再找")


@_door
def page(request: HttpRequest, settings: Now, path: str = "") -> HttpResponseBase:
    """A page of the record, from those that are kept."""
    lang: Lang = current_lang()
    # asked once for page and key: with a withdrawal between two questions the old words would be kept under the new key
    now = cache.known()
    found, told = cache.site(now), now.settings
    kept = cache.PAGES.get(
        cache.key_of(now, lang, path),
        lambda: render_path(found, Way(static=False, here=path), lang, office=told.office, clues=told.clues == "1"),
    )
    if kept is None:
        raise _missing(path)
    return answered(request, kept, "text/html; charset=utf-8")


@_door
def search(request: HttpRequest, settings: Now) -> HttpResponseBase:
    """Promises and targets that hold some words."""
    words = " ".join(request.GET.get("q", "").split())[:_LONGEST_WORDS]
    if SEARCHED.too_many(address_of(request), SEARCHES):
        return _plain(request, settings, "search.html", {"q": words, "items": (), "facts": ()}, status=429)
    items, facts = cache.site().search(words)
    return _plain(request, settings, "search.html", {"q": words, "items": items, "facts": facts})


def _plain(
    request: HttpRequest, settings: Now, template: str, values: dict[str, Any], *, status: int = 200, here: str = ""
) -> HttpResponse:
    """A page that is an answer to somebody, and kept nowhere."""
    body = render(
        cache.site(),
        Way(static=False, here=here),
        current_lang(),
        template,
        {"office": settings.office, "clues": settings.clues == "1", **values},
    )
    response = HttpResponse(body, status=status)
    response["Cache-Control"] = "no-store"
    if status == 429:
        response["Retry-After"] = "60"
    return response


@_door
def send(request: HttpRequest, settings: Now, key: str) -> HttpResponseBase:
    """The form for a clue, and what becomes of one. Nothing of it is logged but that it came."""
    item = cache.site().items.get(key)
    if item is None or settings.clues != "1":
        raise _missing(f"item/{key}/clue")
    if request.method != "POST":
        return _form(request, settings, item, {})
    given = {name: request.POST.get(name, "") for name in ("text", "where", "phone")}
    if request.POST.get("site"):
        # only a program fills what no person sees; it is told what a person is told
        return _form(request, settings, item, {}, number="—")
    try:
        told = clue.read(given)
    except WrongValue as wrong:
        return _form(request, settings, item, given, wrong=wrong.what, status=400)
    if too_many("clue", address_of(request), CLUES):
        return _form(request, settings, item, given, wrong=say("portal.clue_often"), status=429)
    return _form(request, settings, item, {}, number=clue.send(told, item))


def _form(
    request: HttpRequest, settings: Now, item: Item, given: dict[str, str], *, wrong: str = "", number: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    values = {"item": item, "given": given, "wrong": wrong, "number": number, "csrf": get_token(request)}
    return _plain(request, settings, "clue.html", values, status=status, here=f"item/{item.id}/clue")


@_door
def picture(request: HttpRequest, settings: Now, name: str) -> HttpResponseBase:
    """A picture of a published item, and of nothing else."""
    found = _pictures(cache.site()).get(name)
    if found is None:
        raise _missing(f"pictures/{name}")
    file, media = found
    kept = cache.PAGES.get(("picture", file), lambda: blobs().get(file))
    assert kept is not None  # noqa: S101 - the store gives it or raises
    return answered(request, kept, media)


def _pictures(site: Site) -> dict[str, tuple[str, str]]:
    return {
        f"{one.file[:32]}{ENDINGS[one.media]}": (one.file, one.media) for item in site.items.values() for one in item.pictures
    }  # fmt: skip


@_door
def data(request: HttpRequest, settings: Now, release: str, path: str) -> HttpResponseBase:
    """A file of open data of a release that is published now."""
    content = dict(cache.known().live).get(release)
    body = cache.data_of(release, content).get(path) if content else None
    if body is None:
        raise _missing(f"data/{release}/{path}")
    kept = cache.PAGES.get(("data", content or "", path), lambda: body)
    assert kept is not None  # noqa: S101 - the body is there
    response = answered(request, kept, media_of(path))
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


PAGE = Page(
    "portal", "public", page, public=True,
    routes=(
        Route("search", "public/search", search),
        Route("clue", "public/item/<str:key>/clue", send),
        Route("picture", "public/pictures/<str:name>", picture),
        Route("file", "public/data/<str:release>/<str:path>", data),
        Route("path", "public/<path:path>", page),
    ),
)  # fmt: skip
