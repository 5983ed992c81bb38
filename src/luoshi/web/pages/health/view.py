"""``/health``: whether this server can do its work, as JSON for what watches it. No page for people, and nothing secret in it."""

from __future__ import annotations

import shutil
from functools import cache
from typing import Any, Final

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import Error
from django.http import HttpRequest, HttpResponse

from luoshi import __version__
from luoshi.ledger.models import Head
from luoshi.web.page import Page, answer
from luoshi.web.worker import is_working

#: with less room than this an upload may fail half-way
LEAST_DISK: Final = 500 * 1024 * 1024


def show(request: HttpRequest) -> HttpResponse:
    """``200 {"status": "ok", …}``, or 503 with the names of what is wrong under ``reasons``."""
    told = look()
    response = answer(told, status=503 if told["reasons"] else 200)
    response["Cache-Control"] = "no-store"
    return response


def look() -> dict[str, Any]:
    """What is found; ``reasons`` is empty where all is well."""
    reasons, head = list[str](), None
    try:
        if not _migrated():
            reasons.append("migrations")
        head = Head.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
    except Error:
        connection.close()
        reasons = ["database"]
    free = shutil.disk_usage(settings.LUOSHI.data).free
    if free < LEAST_DISK:
        reasons.append("disk")
    watched = settings.LUOSHI.readers > 0
    working = is_working() if watched else None
    if watched and not working:
        reasons.append("worker")
    return {
        "status": "trouble" if reasons else "ok", "reasons": reasons, "version": __version__, "database": connection.vendor, "head": head,
        "worker": working, "disk_free": free,
    }  # fmt: skip


def _migrated() -> bool:
    """Whether the tables are those of this version; once they are, they stay so while this process lives."""
    try:
        return _migrated_once()
    except _NotYet:
        return False


class _NotYet(Exception):
    pass


@cache
def _migrated_once() -> bool:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotYet
    return True


PAGE = Page(name="health", path="health", view=show, public=True)
