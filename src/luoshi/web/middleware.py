"""What every request passes: a number for the log, headers, language, who asks and since when."""

from __future__ import annotations

import json
import logging
import re
import secrets
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from luoshi.desk.actor import Actor, read_roles
from luoshi.desk.rights import roles_in_force
from luoshi.ledger.models import Account
from luoshi.messages import Lang
from luoshi.web.page import tell
from luoshi.web.words import DJANGO_NAMES, say

Answer = Callable[[HttpRequest], HttpResponseBase]
log = logging.getLogger("luoshi.web")

#: the number of the request being answered, for lines of the log
request_number: ContextVar[str] = ContextVar("request_number", default="-")
_NUMBER: Final = re.compile(r"[A-Za-z0-9-]{8,64}")
#: the six characters that stand for a NUL, where the backslash is not itself escaped
_NUL_IN_JSON: Final = re.compile(rb"(?<!\\)(?:\\\\)*\\u0000")

LANG_COOKIE: Final = "luoshi_lang"
#: the session's word for: the last request, in seconds since 1970
SEEN: Final = "seen"
#: so often at most the row of a session is written for that
SEEN_STEP: Final = 60

CONTENT_POLICY: Final = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}


def numbered(get_response: Answer) -> Answer:
    """Gives each request a number (or takes that of the proxy), says it in the answer, and writes one line of the log."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        number = given if _NUMBER.fullmatch(given) else secrets.token_hex(8)
        token, start = request_number.set(number), time.monotonic()
        request.number = number  # type: ignore[attr-defined]
        try:
            response = get_response(request)
            response["X-Request-ID"] = number
            name = request.resolver_match.view_name if request.resolver_match else "-"
            spent = (time.monotonic() - start) * 1000
            log.info("%s %s %s %.0f ms [%s]", request.method, name, response.status_code, spent, number)
            return response
        finally:
            request_number.reset(token)

    return answer


def headed(get_response: Answer) -> Answer:
    """Adds the headers of security; a view may say more, never less. What a signed-in person sees is not kept by anybody."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(request, "actor", None) is not None or request.method not in {"GET", "HEAD"}:
            response.headers.setdefault("Cache-Control", "no-store")
        return response

    return answer


def spoken(get_response: Answer) -> Answer:
    """Answers in the language that ``?lang=`` asks for (and remembers it), the cookie names, or the installation is set to."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        asked = _lang(request.GET.get("lang"))
        lang: Lang = asked or _lang(request.COOKIES.get(LANG_COOKIE)) or _lang(settings.LUOSHI.lang) or "zh"
        with translation.override(DJANGO_NAMES[lang]):
            response = get_response(request)
        if asked:
            response.set_cookie(LANG_COOKIE, asked, max_age=365 * 24 * 3600, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
        return response

    return answer


def _lang(word: str | None) -> Lang | None:
    return "zh" if word == "zh" else "en" if word == "en" else None


def clean(get_response: Answer) -> Answer:
    """Refuses a request that holds a NUL anywhere in address, query, form or JSON: no text of ours has one, and PostgreSQL takes none."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        # cookies are for the browser to send, nobody can write them anew: such a one is none of ours
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if "\0" not in value}
        if _has_nul(request):
            return tell(request, "bad-request", say("trouble.nul_what"), remedy=say("trouble.nul_remedy"), status=400)
        return get_response(request)

    return answer


def _has_nul(request: HttpRequest) -> bool:
    if "json" in (request.content_type or "") and _NUL_IN_JSON.search(request.body):
        return True
    given = (words for form in (request.GET, request.POST) for name, values in form.lists() for words in (name, *values))
    return "\0" in request.path_info or any("\0" in words for words in given)


def known(get_response: Answer) -> Answer:
    """Tells who asks (``request.actor``); ends a session that has been idle for too long."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and _is_idle(request, time.time()):
            logout(request)
        request.actor = _actor(request)  # type: ignore[attr-defined]
        return get_response(request)

    return answer


def _is_idle(request: HttpRequest, now: float) -> bool:
    """Whether the session is over; else it is marked as seen now, at most once a minute."""
    seen = request.session.get(SEEN, now)
    if now - seen > settings.LUOSHI.session_minutes * 60:
        return True
    if SEEN not in request.session or now - seen >= SEEN_STEP:
        request.session[SEEN] = int(now)
    return False


def _actor(request: HttpRequest) -> Actor | None:
    user = request.user
    if not isinstance(user, Account) or not user.active:
        return None
    return Actor(
        id=user.id, username=user.username, name=user.name, unit=user.unit, region=user.region,
        roles=roles_in_force(read_roles(json.loads(user.roles)), settings.LUOSHI.strict),
    )  # fmt: skip
