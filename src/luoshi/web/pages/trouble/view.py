"""The pages for what cannot be done: 400, 403, 404, 413, 500."""

from __future__ import annotations

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse

from luoshi.web.page import tell
from luoshi.web.words import say

_TOO_LARGE = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400, or 413 where the request is too large."""
    if isinstance(exception, _TOO_LARGE):
        return _show(request, "too-large", "large", 413)
    return _show(request, "bad-request", "bad", 400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: the person may not."""
    return _show(request, "refused", "refused", 403)


def forgery(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403: the form is older than the session, or comes from elsewhere."""
    return _show(request, "stale-form", "stale", 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: there is nothing at this address."""
    return _show(request, "not-found", "missing", 404)


def broken(request: HttpRequest) -> HttpResponse:
    """500: a defect of ours."""
    return _show(request, "internal", "broken", 500)


def _show(request: HttpRequest, slug: str, words: str, status: int) -> HttpResponse:
    return tell(request, slug, say(f"trouble.{words}_what"), remedy=say(f"trouble.{words}_remedy"), status=status)
