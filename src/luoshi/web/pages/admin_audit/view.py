"""The audit trail: who saw what, who did what, filtered, exported, and both chains checked."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Final
from urllib.parse import quote

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse

from luoshi.desk.done import NotFound
from luoshi.ledger import models
from luoshi.ledger.entry import BrokenChain
from luoshi.ledger.store import verify_chain
from luoshi.publish.grid import to_csv
from luoshi.web.page import Page, Route, address, show
from luoshi.web.pages.admin_audit import logs
from luoshi.web.signin import access, trail
from luoshi.web.signin.access import RECORDER
from luoshi.web.signin.moments import now
from luoshi.web.words import say, say_error

_WISHES: Final = ("who", "kind", "act", "subject", "address", "since", "until", "refused")
LOGS: Final = ("access", "entries")


def view(request: HttpRequest) -> HttpResponseBase:
    """One of the two logs with its filters."""
    return show(request, _values(request))


def _values(request: HttpRequest) -> dict[str, Any]:
    log = request.GET.get("log", "access")
    if log not in LOGS:
        raise NotFound("没有这种日志", where=log[:20], remedy="请从标签中选择")
    wish = {name: request.GET.get(name, "").strip()[:100] for name in _WISHES}
    before = request.GET.get("before", "")
    start = int(before) if before.isascii() and before.isdigit() and len(before) < 18 else None
    if log == "access":
        RECORDER.flush()
        found = trail.look(logs.wanted(wish), before=start, limit=logs.SIZE + 1)
        rows, more = logs.told_access(found[: logs.SIZE]), len(found) > logs.SIZE
        last = rows[-1]["id"] if rows else 0
    else:
        entries = logs.entries(wish)
        listed = list((entries.filter(seq__lt=start) if start is not None else entries)[: logs.SIZE + 1])
        rows, more = logs.told_entries(listed[: logs.SIZE]), len(listed) > logs.SIZE
        last = rows[-1]["seq"] if rows else 0
    return {
        "log": log, "rows": rows, "wish": wish, "filtered": any(wish.values()),
        "older": _address(request, before=last) if more else "", "latest": _address(request) if start is not None else "",
        "kinds": access.KINDS, "acts": logs.ACT_NAMES, "log_days": settings.LUOSHI.log_days, "people": _people(), "query": request.GET.urlencode(),
    }  # fmt: skip


def _address(request: HttpRequest, **values: Any) -> str:
    """This log with these filters, from another row on."""
    query = request.GET.copy()
    for name in ("before", "lang"):
        query.pop(name, None)
    return address("admin_audit", query={**query.dict(), **values})


def _people() -> list[str]:
    return list(models.Account.objects.order_by("username").values_list("username", flat=True)[:500])


def export(request: HttpRequest) -> HttpResponseBase:
    """The log that fits, as CSV, whole."""
    log = request.GET.get("log", "access")
    if log not in LOGS:
        raise NotFound("没有这种日志", where=log[:20], remedy="请从标签中选择")
    wish = {name: request.GET.get(name, "").strip()[:100] for name in _WISHES}
    logs.day_limits(wish)
    rows: Iterable[list[str]] = logs.access_rows(wish) if log == "access" else logs.entry_rows(wish)
    heads = logs.access_heads() if log == "access" else logs.entry_heads()
    title = f"{say(f'admin_audit.log_{log}')}-{now().astimezone().date().isoformat()}"
    response = StreamingHttpResponse(to_csv(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=\"audit.csv\"; filename*=UTF-8''{quote(title)}.csv"
    return response


def check(request: HttpRequest) -> HttpResponseBase:
    """Both chains checked from their beginning to their end, and what came of it."""
    RECORDER.flush()
    return show(request, {**_values(request), "checked": [_checked("access", _check_access), _checked("entries", _check_entries)]})


def _check_access() -> str:
    found = trail.check_chain()
    return say("admin_audit.whole_access", rows=f"{found.rows:,}", batches=f"{found.batches:,}")


def _check_entries() -> str:
    return say("admin_audit.whole_entries", count=f"{verify_chain():,}")


def _checked(log: str, run: Callable[[], str]) -> dict[str, Any]:
    """What a check said, whether it was well, and how long it took."""
    start = time.monotonic()
    try:
        words, good = run(), True
    except BrokenChain as error:
        told = say_error(error)
        words, good = " ".join(part for part in (told["where"], told["what"], told["remedy"]) if part), False
    return {"log": log, "words": words, "good": good, "seconds": f"{time.monotonic() - start:.1f}"}


PAGE = Page(
    "admin_audit", "admin/audit", view, right="admin.audit",
    routes=(
        Route("export", "admin/audit/export.csv", export, right="audit.read"),
        Route("check", "admin/audit/check", check, right="audit.read", method="POST"),
    ),
)  # fmt: skip
