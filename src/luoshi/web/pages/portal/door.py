"""The door before all others for pages that are kept: nobody is asked who they are, no session is opened, and the database is looked at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.web.pages.portal import cache
from luoshi.web.pages.portal.cache import Kept

_HTML: Final = "text/html; charset=utf-8"
_LANGUAGE: Final = "luoshi_lang"


def record(get_response: Callable[[HttpRequest], HttpResponseBase]) -> Callable[[HttpRequest], HttpResponseBase]:
    """Answers for a page of the public record that is kept; anything else goes its way."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        path = request.path_info
        if (
            request.method in ("GET", "HEAD")
            and (path == "/public" or path.startswith("/public/"))
            and not request.META.get("QUERY_STRING")
        ):
            now = cache.known()
            kept = cache.PAGES.there(cache.key_of(now, _lang(request), path[len("/public/") :])) if path != "/public/" else None
            if kept is not None and now.settings.portal == "1":
                return answered(request, kept, _HTML)
        return get_response(request)

    return answer


def _lang(request: HttpRequest) -> str:
    """The language as ``spoken`` finds it where no address asks for one."""
    chosen = request.COOKIES.get(_LANGUAGE, "")
    return chosen if chosen in ("zh", "en") else settings.LUOSHI.lang


def answered(request: HttpRequest, kept: Kept, media: str) -> HttpResponse:
    """The bytes, or 304 where whoever asks has them. A browser asks each time, so that what was withdrawn is gone at once."""
    if kept.tag in [part.strip().removeprefix("W/") for part in request.headers.get("If-None-Match", "").split(",")]:
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(kept.body, content_type=media)
        response["Content-Length"] = str(len(kept.body))
    response["ETag"] = kept.tag
    response["Cache-Control"] = "no-cache"
    response["Vary"] = "Cookie"
    return response
