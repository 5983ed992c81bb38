"""The desk of a unit's liaison: what is due, signed and reported in place; a report for many matters on one page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters import Try
from luoshi.desk.matters.evidence import keep
from luoshi.desk.matters.ruling import all_current
from luoshi.errors import LuoshiError
from luoshi.ledger import models
from luoshi.ledger.belonging import units_for
from luoshi.ledger.desks import BUCKETS, Bounds, Said, ask_counts, asks, bounds, last_said, undated, worked_on
from luoshi.ledger.matters import items_of, seen
from luoshi.ledger.veiling import titles_of
from luoshi.loop.clock import day_of, days_left, overdue_days
from luoshi.loop.mechanism import Mechanism
from luoshi.web.deeds import (
    Deed,
    Handled,
    Input,
    acted,
    actors,
    clock_titles,
    deed_of,
    every,
    files_of,
    handled,
    in_words,
    is_sign,
    progress_input,
    read_number,
    signs,
)
from luoshi.web.kept_files import kept_of, token_of
from luoshi.web.page import Page, Route, actor_of, go, go_back, note, show
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import say, say_error
from luoshi.web.writing import read_whole

#: so many matters on a page of the desk, and on one of the report for many
SIZE: Final = 15
MANY: Final = 40


class Asked(msgspec.Struct, frozen=True):
    """What is asked in a matter by when: the title of the clock, the day, and in words how near it is."""

    title: str
    day: str
    told: str
    late: bool


class Task(msgspec.Struct, frozen=True):
    """A matter on the desk: what is asked, how to sign, report or answer it in place."""

    handled: Handled
    title: str
    asked: tuple[Asked, ...]
    sign: Deed | None
    report: Deed | None
    others: tuple[Deed, ...]
    said: Said | None


def view(request: HttpRequest) -> HttpResponseBase:
    """What is due in a bucket (``?when=``), the fullest first that matters; what may be signed all at once."""
    actor, now, known = _actor(request), _now(), all_current()
    units = units_for([actor.unit]) if actor.unit else frozenset[str]()
    at, parts = bounds(now, zone()), every(actors(known))
    found = asks(units, [(one.id, clock.key) for one in known for clock in one.clocks if clock.right])
    counts = ask_counts(found, at) | {"undated": undated(units, parts).count()}
    when = request.GET.get("when", "")
    when = when if when in counts else next((bucket for bucket in (*BUCKETS, "undated") if counts[bucket]), "today")
    rows = _matters(found, at, when, units, parts)
    page = Paginator(rows, SIZE).get_page(request.GET.get("page"))
    tasks = _tasks(actor, list(page.object_list), found, now, parts)
    to_sign = models.Matter.objects.filter(id__in=_to_sign(found, known)).count()
    return show(request, {
        "tasks": tasks, "page_obj": page, "when": when, "unit": models.Organisation.objects.filter(pk=actor.unit).first(),
        "buckets": [(bucket, say(f"desk.{bucket}"), counts[bucket]) for bucket in (*BUCKETS, "undated")],
        "to_sign": to_sign, "here": request.get_full_path(), "any": any(counts.values()),
    })  # fmt: skip


def _matters(found: Any, at: Bounds, when: str, units: frozenset[str], parts: frozenset[str]) -> Any:
    """The ids of the matters of a bucket, the first due first; of those without a date the matters themselves."""
    if when == "undated":
        return undated(units, parts).values_list("id", flat=True)
    keys = found.filter(at.when(when)).order_by("due_at", "id").values_list("item", flat=True)
    return list(dict.fromkeys(keys))


def _tasks(actor: Actor, keys: Sequence[str], found: Any, now: datetime, parts: frozenset[str]) -> list[Task]:
    rows = models.Matter.objects.in_bulk(keys)
    items, said = items_of(keys), last_said(keys, parts)
    ticking: dict[str, list[models.Clock]] = {}
    for clock in found.filter(item__in=keys).order_by("due_at", "id"):
        ticking.setdefault(clock.item, []).append(clock)
    return [
        _task(one, one.title(items), ticking.get(one.row.id, []), one.said(said), now)
        for one in handled([rows[key] for key in keys if key in rows], actor, now)
    ]


def _task(one: Handled, title: str, clocks: Sequence[models.Clock], said: Said | None, now: datetime) -> Task:
    sign, report = signs(one), one.effect("progress")
    first = {open_.act.key for open_ in (sign, report) if open_ is not None}
    return Task(
        handled=one, title=title, said=said,
        asked=tuple(_asked(one.rules.mechanism, clock, now) for clock in clocks),
        sign=deed_of(one, sign) if sign else None, report=deed_of(one, report) if report else None,
        others=tuple(deed for deed in one.deeds() if deed.key not in first),
    )  # fmt: skip


def _asked(mechanism: Mechanism, clock: models.Clock, now: datetime) -> Asked:
    due, known = datetime.fromisoformat(clock.due_at), clock_titles(mechanism)
    late, day = now > due, day_of(due, zone()).isoformat()
    title = in_words(known[clock.key]) if clock.key in known else clock.key
    return Asked(title, day, near(due, now), late)


def near(due: datetime, now: datetime) -> str:
    """How far off a due date is, in words."""
    if now > due:
        return say("deed.overdue", days=overdue_days(due, now, zone()))
    left = days_left(due, now, zone())
    return say("deed.left", days=left) if left else say("deed.today")


def _to_sign(found: Any, known: Sequence[Mechanism]) -> Any:
    """The matters in which a clock runs that signing would stop."""
    keys = [(one.id, clock.key) for one in known for clock in one.clocks if any(is_sign(one, act, clock) for act in one.acts)]
    wanted = Q(pk__in=[])
    for mechanism, key in keys:
        wanted |= Q(mechanism=mechanism, key=key)
    return found.filter(wanted).values("item")


def sign(request: HttpRequest) -> HttpResponseBase:
    """Signs for all that waits for it, or for those chosen."""
    actor, now = _actor(request), _now()
    found = asks(units_for([actor.unit]) if actor.unit else frozenset())
    rows = models.Matter.objects.filter(id__in=_to_sign(found, all_current())).order_by("next_due", "id")[:_MOST_SIGNED]
    wanted = {one.row.id: Try(able.act.key, seen=one.matter.acts) for one in handled(rows, actor, now) if (able := signs(one))}
    done, refused = matters.act_many(actor, wanted, scope_of(request)) if wanted else (None, {})
    count = len(wanted) - len(refused)
    note(request, say("desk.signed", count=count) if count else say("desk.nothing_signed"), kind="done" if done and count else "warn")
    for why in dict.fromkeys(refused.values()):
        note(request, why, kind="wrong")
    return go_back(request, "desk")


_MOST_SIGNED: Final = 500


# --- a report for many


class Row(msgspec.Struct, frozen=True):
    """A line of the report for many: what is known already, and what was written into it where it was refused."""

    handled: Handled
    title: str
    field: Input
    said: Said | None
    value: str = ""
    text: str = ""
    wrong: str = ""
    files: tuple[tuple[str, str], ...] = ()


class Lost(msgspec.Struct, frozen=True):
    """What was written in a line that is no line any more: of which matter (none is named that is not seen any more), the words, and why."""

    item: str
    number: str
    title: str
    value: str
    text: str
    wrong: str


def report(request: HttpRequest) -> HttpResponseBase:
    """The report for many on one page; only what was filled in is sent, what is refused stays in the form with the reason."""
    refused: dict[str, Row] = {}
    lost: list[Lost] = []
    if request.method == "POST":
        count, refused, lost = _reported(request)
        if count:
            note(request, say("desk.reported", count=count))
        if not refused and not lost:
            if not count:
                note(request, say("desk.nothing_reported"), kind="warn")
            return go(request, "desk.report", query={"page": request.POST.get("page", "1")})
    actor, now = _actor(request), _now()
    page = Paginator(worked_on(units_for([actor.unit]) if actor.unit else frozenset()), MANY).get_page(
        request.POST.get("page") or request.GET.get("page")
    )
    rows = [refused.get(row.handled.row.id, row) for row in _rows(list(page.object_list), actor, now)]
    # a line that has come to stand on another page meanwhile stays in sight
    here = {row.handled.row.id for row in rows}
    rows = [*(row for key, row in refused.items() if key not in here), *rows]
    count = len(refused) + len(lost)
    return show(
        request, {"rows": rows, "lost": lost, "page_obj": page, "refused": count}, template="report.html", status=400 if count else 200
    )


def _rows(found: Sequence[models.Matter], actor: Actor, now: datetime) -> list[Row]:
    keys = [row.id for row in found]
    items, said = items_of(keys), last_said(keys, every(actors(all_current())))
    return [
        Row(one, one.title(items), progress_input(one.matter), one.said(said))
        for one in handled(found, actor, now) if one.effect("progress")
    ]  # fmt: skip


def _reported(request: HttpRequest) -> tuple[int, dict[str, Row], list[Lost]]:
    """How many were reported, the rows that were refused, and what was written in those that are no rows any more."""
    actor, now, post = _actor(request), _now(), request.POST
    keys = [key for key in dict.fromkeys(post.getlist("row")) if _is_filled(request, key)][: MANY * 2]
    shown = {row.handled.row.id: row for row in _rows(list(models.Matter.objects.filter(pk__in=keys)), actor, now)}
    wanted: dict[str, Try] = {}
    wrong: dict[str, str] = {key: say("desk.not_open") for key in keys if key not in shown}
    for key, row in shown.items():
        try:
            wanted[key] = _tried(request, key, row)
        except LuoshiError as error:
            told = say_error(error)
            wrong[key] = "。".join(part for part in (told["what"], told["remedy"]) if part)
    _, refused = matters.act_many(actor, wanted, scope_of(request)) if wanted else (None, {})
    wrong |= refused
    again = {
        key: msgspec.structs.replace(
            shown[key], value=post.get(f"{key}.value", ""), text=post.get(f"{key}.text", ""), wrong=why,
            files=tuple((token_of(one, actor), one.name) for one in (wanted[key].evidence if key in wanted else ())),
        )
        for key, why in wrong.items() if key in shown
    }  # fmt: skip
    return len(wanted) - len(refused), again, _lost(request, {key: why for key, why in wrong.items() if key not in shown})


def _lost(request: HttpRequest, wrong: Mapping[str, str]) -> list[Lost]:
    """The lines of matters that cannot be reported on any more, with what was written."""
    numbers = dict(seen(models.Matter.objects.filter(pk__in=list(wrong)), scope_of(request)).values_list("id", "number"))
    titles, post = titles_of(numbers), request.POST
    return [
        Lost(
            key if key in numbers else "", numbers.get(key, ""), titles.get(key, ""), post.get(f"{key}.value", ""), post.get(f"{key}.text", ""),
            why if key in numbers else say("desk.not_yours"),
        )
        for key, why in wrong.items()
    ]  # fmt: skip


def _is_filled(request: HttpRequest, key: str) -> bool:
    return bool(
        request.POST.get(f"{key}.value", "").strip()
        or request.POST.get(f"{key}.text", "").strip()
        or request.FILES.getlist(f"{key}.evidence")
        or request.POST.getlist(f"{key}.kept")
    )


def _tried(request: HttpRequest, key: str, row: Row) -> Try:
    """What a row says; a figure that is not given is the one that is known: what was said already is not asked again."""
    value = read_number(request.POST.get(f"{key}.value", ""), row.field.label)
    if value is None:
        value = read_number(row.field.value, row.field.label)
    if value is None:
        raise WrongValue("还没有报过进度，请填一次", where=row.field.label, remedy="填百分比；有数量目标的填数量")
    inputs: dict[str, Any] = {row.field.name: value}
    if text := request.POST.get(f"{key}.text", "").strip():
        inputs["text"] = text
    files = files_of(request.FILES.getlist(f"{key}.evidence"))
    kept = [*kept_of(request.POST.getlist(f"{key}.kept"), _actor(request)), *(keep(files) if files else ())]
    acts, able = request.POST.get(f"{key}.seen", ""), row.handled.effect("progress")
    assert able is not None  # noqa: S101 - only such rows are shown
    return Try(able.act.key, inputs, evidence=tuple(kept), seen=read_whole(acts))


def act(request: HttpRequest, item: str, act: str) -> HttpResponseBase:
    """An act of a form on the desk."""
    return acted(request, item, act, "desk")


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


def _now() -> datetime:
    return datetime.now(UTC)


PAGE = Page(
    "desk", "desk", view,
    routes=(
        Route("sign", "desk/sign", sign, right="matter.act", method="POST"),
        Route("report", "desk/report", report),
        Route("act", "desk/<str:item>/<str:act>", act, right="matter.act", method="POST"),
    ),
)  # fmt: skip
