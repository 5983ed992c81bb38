"""The first page after the sign-in."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from luoshi.web.page import Page, show


def view(request: HttpRequest) -> HttpResponse:
    """What came in, what waits for me, what changed."""
    return show(request, {})


PAGE = Page("home", "", view)
