"""The two logs as the audit administrator reads them: who saw what (the access log), who did what (the ledger's entries)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet

from luoshi.desk.done import WrongValue
from luoshi.ledger import models
from luoshi.ledger.acts import ACTS
from luoshi.ledger.entry import moment
from luoshi.ledger.places import tree
from luoshi.ledger.titles import title_of
from luoshi.ledger.veiling import titles_of
from luoshi.publish.grid import Head
from luoshi.web.signin import access, trail
from luoshi.web.words import catalogue, current_lang, say, say_word
from luoshi.web.writing import show_moment

SIZE: Final = 100
#: what an entry said is shown up to here; the file has all
SHOWN: Final = 160
ACT_NAMES: Final = tuple(sorted(ACTS))


def day_limits(wish: Mapping[str, str]) -> tuple[str, str]:
    """The days of the office ``since`` and ``until`` (both included) as moments of the logs; ``WrongValue`` for what is no day."""
    return _start(wish.get("since", ""), "since", 0), _start(wish.get("until", ""), "until", 1)


def _start(day: str, where: str, later: int) -> str:
    if not day:
        return ""
    try:
        begin = datetime.combine(date.fromisoformat(day) + timedelta(days=later), time(), tzinfo=ZoneInfo(settings.TIME_ZONE))
        return moment(begin.astimezone(UTC))
    except (ValueError, OverflowError):
        raise WrongValue(f"“{day[:20]}”不是日期", where=where, remedy="请写成 2026-03-05 这样") from None


def account_of(words: str) -> str:
    """The id of the account that the words name (user name, name or id); of nobody where there is none."""
    if not words:
        return ""
    found = models.Account.objects.filter(Q(pk=words) | Q(username=words) | Q(name=words)).order_by("username").values_list("id", flat=True)
    return found[0] if found else "-"


# --- who saw what


def wanted(wish: Mapping[str, str]) -> trail.Wanted:
    """Which rows of the access log."""
    since, until = day_limits(wish)
    kinds = (wish["kind"],) if wish.get("kind") in access.KINDS else ()
    return trail.Wanted(
        account=account_of(wish.get("who", "")), kinds=kinds, subject=wish.get("subject", ""), address=wish.get("address", ""), since=since, until=until,
        refused=bool(wish.get("refused")),
    )  # fmt: skip


def told_access(rows: Iterable[Any]) -> list[dict[str, Any]]:
    """Rows of the access log with names for ids."""
    found = list(rows)
    people = people_of(row.account for row in found)
    names = names_of(row.subject for row in found)
    return [
        {"id": row.id, "at": row.at, "who": people.get(row.account, row.account), "kind": say(f"admin_audit.kind_{row.kind}"), "page": page_name(row.page),
         "method": row.method, "subject": row.subject, "about": names.get(row.subject, ""), "detail": row.detail, "status": row.status,
         "address": row.address, "refused": row.status >= 400, "clock": _when(row.at), "route": _route(row.page)}
        for row in found
    ]  # fmt: skip


def _route(page: str) -> str:
    """Which of a page's further addresses it was; nothing for the page itself and for the view of one thing."""
    route = page.partition(".")[2]
    return "" if route == "one" else route


def page_name(page: str) -> str:
    """A page by its title, or by its name in the program."""
    name = page.partition(".")[0]
    key = f"{name}.title" if f"{name}.title" in catalogue() else f"nav.{name}"
    return say(key) if key in catalogue() and "{" not in catalogue()[key].zh else name


def access_heads() -> list[Head]:
    return [
        Head(say(f"admin_audit.{name}"), "text")
        for name in ("at", "who", "kind", "page", "subject", "about", "detail", "status", "address")
    ]


def access_rows(wish: Mapping[str, str]) -> Iterator[list[str]]:
    """All rows that fit, for a file."""
    batch: list[Any] = []
    for row in trail.stream(wanted(wish)):
        batch.append(row)
        if len(batch) == 1000:
            yield from _access_lines(batch)
            batch = []
    yield from _access_lines(batch)


def _access_lines(batch: list[Any]) -> Iterator[list[str]]:
    for one in told_access(batch):
        yield [
            _when(one["at"]),
            one["who"],
            one["kind"],
            one["page"],
            one["subject"],
            one["about"],
            one["detail"],
            str(one["status"]),
            one["address"],
        ]


# --- who did what


def entries(wish: Mapping[str, str]) -> QuerySet[models.Entry]:
    """The entries that fit, newest first."""
    since, until = day_limits(wish)
    found = models.Entry.objects.order_by("-seq")
    if wish.get("who"):
        found = found.filter(actor="system" if wish["who"] in ("system", "系统") else account_of(wish["who"]))
    if wish.get("act"):
        found = found.filter(act=wish["act"]) if "." in wish["act"] else found.filter(act__startswith=f"{wish['act']}.")
    if wish.get("subject"):
        found = found.filter(Q(subject=wish["subject"]) | Q(context=wish["subject"]))
    if since:
        found = found.filter(at__gte=since)
    return found.filter(at__lt=until) if until else found


def told_entries(rows: Iterable[models.Entry]) -> list[dict[str, Any]]:
    """Entries with names for ids."""
    found = list(rows)
    people = people_of(row.actor for row in found)
    names = names_of([*(row.subject for row in found), *(row.context for row in found)])
    return [
        {"seq": row.seq, "at": row.at, "who": people.get(row.actor, row.actor), "act": say_word("act", row.act), "subject": row.subject,
         "about": names.get(row.subject) or names.get(row.context, ""), "data": row.data, "short": "" if row.data == "{}" else row.data[:SHOWN], "clock": _when(row.at), "hash": row.hash}
        for row in found
    ]  # fmt: skip


def entry_heads() -> list[Head]:
    return [Head(say(f"admin_audit.{name}"), "text") for name in ("seq", "at", "who", "act", "subject", "about", "data", "hash")]


def entry_rows(wish: Mapping[str, str]) -> Iterator[list[str]]:
    """All entries that fit, oldest first, for a file; read page by page."""
    found, after = entries(wish).order_by("seq"), 0
    while batch := list(found.filter(seq__gt=after)[:1000]):
        for one in told_entries(batch):
            yield [str(one["seq"]), _when(one["at"]), one["who"], one["act"], one["subject"], one["about"], one["data"], one["hash"]]
        after = batch[-1].seq


# --- names for ids


def people_of(keys: Iterable[str]) -> dict[str, str]:
    """Accounts by id as name and user name."""
    found = models.Account.objects.filter(pk__in=set(keys) - {""}).values_list("id", "name", "username")
    return {"system": say("admin_audit.system"), **{key: f"{name} {username}" for key, name, username in found}}


def names_of(keys: Iterable[str]) -> dict[str, str]:
    """What ids are called: documents, items, organisations, regions, accounts."""
    wanted_keys = set(keys) - {""}
    places, lang = tree(), current_lang()
    found = {key: places.name(key) for key in wanted_keys if places.name(key)}
    found |= {one.id: title_of(one, lang) for one in models.Document.objects.filter(pk__in=wanted_keys)}
    found |= titles_of(wanted_keys)
    for model, field in (
        (models.Organisation, "name"),
        (models.Account, "username"),
        (models.File, "name"),
        (models.Post, "title"),
    ):
        found |= dict(model.objects.filter(pk__in=wanted_keys).values_list("id", field))
    return found


def _when(at: str) -> str:
    """A moment of the log to the second."""
    return f"{show_moment(at, current_lang(), settings.TIME_ZONE)}:{at[17:19]}"
