"""What every request passes of signing in: sessions end after so many hours, and what was seen is noted."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Final

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponseBase

from luoshi.ledger.entry import moment
from luoshi.web.page import actor_of, wants_json
from luoshi.web.signin import access, sessions
from luoshi.web.signin.access import RECORDER, Seen
from luoshi.web.signin.moments import now

Answer = Callable[[HttpRequest], HttpResponseBase]
#: what these do is noted where it is done
_NOTED_THEMSELVES: Final = frozenset({"signin", "signout", "health"})
#: the same question of a script (how far is it?), the same refusal of a stranger are noted once in so many seconds
_SECONDS_ALIKE: Final = 60


def timed(get_response: Answer) -> Answer:
    """Ends a session that is older than any may be. Stands before whoever tells who asks."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        if request.user.is_authenticated and sessions.is_over(request, now()):
            logout(request)
        return get_response(request)

    return answer


def noted(get_response: Answer) -> Answer:
    """Notes in the access log what a person saw or did, and every refusal."""

    def answer(request: HttpRequest) -> HttpResponseBase:
        start = now()
        response = get_response(request)
        match = request.resolver_match
        page = (match.url_name or "") if match else ""
        if page.partition(".")[0] in _NOTED_THEMSELVES:
            return response
        actor = actor_of(request)
        refused = response.status_code in (401, 403, 429)
        if (actor is None and not refused) or _is_repeated(request, page, response.status_code):
            return response
        values = match.kwargs.values() if match else ()
        RECORDER.record(
            Seen(
                at=moment(start),
                kind=access.REFUSED if refused else access.PAGE,
                account=actor.id if actor else "",
                page=page or request.path[:60],
                method=request.method or "",
                subject=next((str(value) for value in values), ""),
                detail=request.GET.urlencode()[:300],
                status=response.status_code,
                address=sessions.address_of(request),
            )
        )
        return response

    return answer


_lock = threading.Lock()
_asked: dict[tuple[str, str, int], float] = {}


def _is_repeated(request: HttpRequest, page: str, status: int) -> bool:
    """Whether a script has asked the same for the same person within the minute, or nobody known was refused the same from the same address."""
    actor, time_ = actor_of(request), time.monotonic()
    if actor is None:
        key = (sessions.address_of(request), page, status)
    elif request.method == "GET" and wants_json(request):
        key = (actor.id, request.get_full_path(), status)
    else:
        return False
    with _lock:
        if time_ - _asked.get(key, -_SECONDS_ALIKE) < _SECONDS_ALIKE:
            return True
        if len(_asked) > 10_000:
            _asked.clear()
        _asked[key] = time_
    return False
