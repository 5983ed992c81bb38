"""What a page is, and the door before it: signed in? may they? then the view; an error becomes a page or JSON."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from functools import cache, wraps
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import msgspec
from django.conf import settings
from django.contrib import messages as notes
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from luoshi.desk.actor import Actor
from luoshi.desk.rights import may, require
from luoshi.errors import LuoshiError
from luoshi.web.words import say, say_error

View = Callable[..., HttpResponseBase]
PAGES_FOLDER: Final = Path(__file__).with_name("pages")
#: the session's word for: this password must be changed before anything else
MUST_CHANGE: Final = "must_change_password"
_PROGRAMS: Final = "/api/v1/"
FREE_BEFORE_CHANGE: Final = frozenset({"password", "signout"})
log = logging.getLogger(__name__)


class Route(msgspec.Struct, frozen=True):
    """A further address of a page: a form's target, data for its script. Its URL is named ``<page>.<name>``."""

    name: str
    path: str
    view: View
    #: the right that it needs (``fact.accept``); that of the page where empty
    right: str = ""
    #: the only method that it takes (``POST``); any where empty
    method: str = ""


class Page(msgspec.Struct, frozen=True):
    """A folder under ``pages/``. ``name`` is folder, URL name and key of its right at once, unless ``right`` says another key.

    ``public`` pages need no sign-in and no right.
    """

    name: str
    path: str
    view: View
    routes: tuple[Route, ...] = ()
    right: str = ""
    public: bool = False

    @property
    def key(self) -> str:
        """The key of its right in ``desk/rights.py``."""
        return self.right or self.name


def urls_of(pages: Iterable[Page]) -> list[URLPattern]:
    """The addresses of all pages, each behind its guard."""
    found = []
    for page in pages:
        found.append(path(page.path, guarded(page, page.view, page.key), name=page.name))
        found += [
            path(route.path, guarded(page, route.view, route.right or page.key, route.method), name=f"{page.name}.{route.name}")
            for route in page.routes
        ]
    return found


def guarded(page: Page, view: View, right: str, method: str = "") -> View:
    """The view behind its door: the unsigned go to the sign-in page, who may not gets a refusal, an error its page."""

    @wraps(view)
    def entered(request: HttpRequest, /, **values: Any) -> HttpResponseBase:
        request.page = page  # type: ignore[attr-defined]
        try:
            if method and request.method != method:
                return _wrong_method(request, method)
            if not page.public:
                if actor_of(request) is None:
                    return ask_to_sign_in(request)
                if request.session.get(MUST_CHANGE) and page.name not in FREE_BEFORE_CHANGE:
                    return HttpResponseRedirect(reverse("password"))
                require(actor_of(request), right)
            return view(request, **values)
        except LuoshiError as error:
            log.info("refused %s: %s", page.name, error.slug)
            return show_error(request, error)

    entered.luoshi_right = "" if page.public else right  # type: ignore[attr-defined]
    return entered


def _wrong_method(request: HttpRequest, method: str) -> HttpResponse:
    response = tell(request, "wrong-method", say("trouble.method_what"), remedy=say("trouble.method_remedy"), status=405)
    response["Allow"] = method
    return response


def actor_of(request: HttpRequest) -> Actor | None:
    """Who is signed in, or None."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor


def allowed(request: HttpRequest, right: str) -> bool:
    """Whether who is signed in has this right."""
    return may(actor_of(request), right)


def ask_to_sign_in(request: HttpRequest) -> HttpResponseBase:
    """To the sign-in page and back; a script is told so."""
    if wants_json(request):
        return tell(request, "unsigned", say("trouble.unsigned_what"), remedy=say("trouble.unsigned_remedy"), status=401)
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else ""
    return HttpResponseRedirect(f"{settings.LOGIN_URL}?{urlencode({'next': back})}" if back else settings.LOGIN_URL)


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asks and not a person."""
    if request.path_info.startswith(_PROGRAMS):
        # programs ask here, whatever they say that they accept
        return True
    accept = request.headers.get("Accept", "")
    return "application/json" in accept and "text/html" not in accept


def show(request: HttpRequest, values: Mapping[str, Any] | None = None, *, template: str = "page.html", status: int = 200) -> HttpResponse:
    """The page of this request with these values; ``template`` names another file of its folder (a part, say)."""
    page: Page = request.page  # type: ignore[attr-defined]
    return HttpResponse(render_to_string(f"pages/{page.name}/{template}", dict(values or {}), request), status=status)


def answer(values: Mapping[str, Any], *, status: int = 200) -> JsonResponse:
    """JSON for a script."""
    return JsonResponse(dict(values), status=status, json_dumps_params={"ensure_ascii": False})


#: the status of an error whose class names none (``status = 409``)
_STATUS: Final = {"not-found": 404, "conflict": 409, "too-large": 413}


def show_error(request: HttpRequest, error: LuoshiError, *, status: int | None = None) -> HttpResponse:
    """The error as a page for a person, as ``{"error": {slug, what, where, remedy}}`` for a script."""
    status = status or getattr(error, "status", 0) or _STATUS.get(error.slug, 400)
    return tell(request, status=status, **say_error(error))


def tell(request: HttpRequest, slug: str, what: str, *, where: str = "", remedy: str = "", status: int) -> HttpResponse:
    """The same of words that are in the language of the request already."""
    told = {"slug": slug, "what": what, "where": where, "remedy": remedy}
    if wants_json(request):
        return answer({"error": told}, status=status)
    values: dict[str, Any] = {"trouble": told, "status": status}
    if status >= 500:
        # what is broken may be what keeps the notes
        values["notes"] = ()
    return HttpResponse(render_to_string("pages/trouble/page.html", values, request), status=status)


def note(request: HttpRequest, words: str, *, undo: str = "", kind: str = "done") -> None:
    """A note shown on the next page as a toast; ``undo`` is the address that a button "undo" posts to; kind ``done`` ``warn`` ``wrong``."""
    notes.add_message(request, notes.INFO, words, extra_tags=f"{kind} {undo}".strip())


def go(request: HttpRequest, name: str, /, *args: Any, query: Mapping[str, Any] | None = None, **values: Any) -> HttpResponseRedirect:
    """To the page of this name, after a form was taken."""
    return HttpResponseRedirect(address(name, *args, query=query, **values))


def go_back(request: HttpRequest, name: str, /, **values: Any) -> HttpResponseRedirect:
    """To where the form's field ``next`` points, if that is here; else to the page of this name."""
    back = request.POST.get("next", "")
    if back and url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        return HttpResponseRedirect(back)
    return go(request, name, **values)


def address(name: str, /, *args: Any, query: Mapping[str, Any] | None = None, **values: Any) -> str:
    """The address of a page, with a query where one is given."""
    found = reverse(name, args=args or None, kwargs=values or None)
    return f"{found}?{urlencode(query, doseq=True)}" if query else found


@cache
def has_file(page: str, name: str) -> bool:
    """Whether the page's folder holds this file."""
    return PAGES_FOLDER.joinpath(page, name).is_file()
