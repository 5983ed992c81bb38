"""The three rates for a period, by unit and street, with what is left out beside them; and the theme of the month made from what came in."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote

from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters import Form, Try
from luoshi.desk.matters.public import MECHANISM, choices
from luoshi.desk.matters.ruling import current
from luoshi.ledger import models
from luoshi.ledger.settings_now import now as settings_now
from luoshi.loop.rates import DEFINITIONS
from luoshi.publish.grid import Head, Value, to_csv, to_xlsx
from luoshi.web.deeds import in_words
from luoshi.web.page import Page, Route, actor_of, allowed, go, note, show
from luoshi.web.pages.rates.counting import PROACTIVE, Line, Told, of_theme, rates_of, themes, weights_now
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import say
from luoshi.web.writing import read_day

_MOST_DAYS: Final = 400
#: so many complaints are put under a theme at once
_MOST_LINKED: Final = 500
_KEYS: Final = ("responded", "solved", "satisfied")


def view(request: HttpRequest) -> HttpResponseBase:
    """The rates of the period that the address names, else of this month so far."""
    first, last = period_of(request)
    scope = scope_of(request)
    told = rates_of(first, last, scope)
    return show(request, {
        "first": first.isoformat(), "last": last.isoformat(), "told": told, "themes": themes(last, scope), "keys": _KEYS,
        "definitions": [(in_words(one.title), in_words(one.numerator), in_words(one.denominator), one.source) for one in DEFINITIONS],
        "words": settings_now().rate_words, "weights": weights_now(), "query": f"first={first}&last={last}",
        "tables": (("unit", told.units), ("town", told.towns)), "may_theme": allowed(request, "rates.theme"),
    })  # fmt: skip


def period_of(request: HttpRequest) -> tuple[date, date]:
    """The two days that the address names, both in the period."""
    today = datetime.now(UTC).astimezone(zone()).date()
    last = _day(request.GET.get("last", ""), "last") or today
    first = _day(request.GET.get("first", ""), "first") or last.replace(day=1)
    if first > last:
        raise WrongValue("开始日期在结束日期之后", where="first", remedy="请对调两个日期")
    if (last - first).days > _MOST_DAYS:
        raise WrongValue(f"一次最多看 {_MOST_DAYS} 天", where="first", remedy="请把时间缩短些")
    return first, last


def _day(text: str, where: str) -> date | None:
    found = read_day(text)
    if text.strip() and found is None:
        raise WrongValue(f"“{text[:20]}”不是日期", where=where, remedy="请写日期，如 2026-03-01")
    return found


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The tables as a file, with what the rates count below."""
    if form not in ("csv", "xlsx"):
        raise WrongValue(f"不能导出为“{form}”", where="form", remedy="可选：csv xlsx")
    first, last = period_of(request)
    told = rates_of(first, last, scope_of(request))
    heads, rows = _heads(), _table(told)
    title = f"{say('rates.title')} {first} {last}"
    if form == "xlsx":
        return FileResponse(to_xlsx(title, heads, rows), as_attachment=True, filename=f"{title}.xlsx")
    response = StreamingHttpResponse(to_csv(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=\"rates.csv\"; filename*=UTF-8''{quote(title)}.csv"
    return response


def _heads() -> list[Head]:
    heads = [Head(say("rates.kind"), "text"), Head(say("rates.name"), "text")]
    heads += [Head(say(f"rates.{name}"), "number") for name in ("orders", "excluded", "hung")]
    for key in _KEYS:
        heads += [
            Head(f"{say(f'rates.{key}')}{say(f'rates.part_{part}')}", "number")
            for part in ("numerator", "denominator", "excluded", "value")
        ]
    return [*heads, Head(say("rates.score"), "number")]


def _table(told: Told) -> list[list[Value]]:
    rows = [_row(say("rates.whole"), "", told.whole)]
    rows += [_row(say("rates.unit"), line.name or say("rates.no_unit"), line) for line in told.units]
    rows += [_row(say("rates.town"), line.name or say("rates.no_town"), line) for line in told.towns]
    below = [say("rates.proactive", count=told.proactive)]
    below += [f"{in_words(one.title)}：{in_words(one.numerator)} ÷ {in_words(one.denominator)}（{one.source}）" for one in DEFINITIONS]
    if words := settings_now().rate_words:
        below.append(f"{say('rates.own_words')}：{words}")
    wide = len(_heads())
    return rows + [[line, *[None] * (wide - 1)] for line in below]


def _row(kind: str, name: str, line: Line) -> list[Value]:
    counted = line.counted
    found: list[Value] = [kind, name, counted.orders, counted.excluded, counted.hung]
    for rate in (counted.responded, counted.solved, counted.satisfied):
        found += [rate.numerator, rate.denominator, rate.excluded, None if rate.value is None else float(rate.value)]
    points = line.points.value if line.points else None
    return [*found, None if points is None else float(points)]


# --- the theme of the month


def theme(request: HttpRequest) -> HttpResponseBase:
    """A matter for the theme of a month, with the complaints of its category put under it."""
    actor, scope = _actor(request), scope_of(request)
    month, category, title = request.POST.get("month", ""), request.POST.get("category", ""), request.POST.get("title", "").strip()
    if not re.fullmatch(r"(?:19|20|21)[0-9]{2}-(?:0[1-9]|1[0-2])", month):
        raise WrongValue(f"“{month[:20]}”不是月份", where="month", remedy="请选月份")
    if category not in choices(current(MECHANISM), "category"):
        raise WrongValue("没有这个类别", where="category", remedy="请从类别里选")
    rows = of_theme(month, category, scope)
    if not rows:
        raise WrongValue("这个月没有这类诉求，或都已归入专题", where=f"{month} {category}", remedy="请换一个类别或月份")
    fields = {"channel": PROACTIVE, "category": category, "demand": "suggestion"}
    region = actor.region or Counter(row.region_code for row in rows).most_common(1)[0][0]
    form = Form(title, region_code=region, fields=fields, source=say("rates.theme_source", month=month, count=len(rows)))
    made = models.Matter.objects.get(pk=matters.file_form(actor, MECHANISM, form, scope).subjects[0])
    wanted = {row.id: Try("link-theme", {"fields": {"theme": made.number}}) for row in rows[:_MOST_LINKED]}
    _, refused = matters.act_many(actor, wanted, scope)
    note(request, say("rates.themed", number=made.number, count=len(wanted) - len(refused)))
    if len(rows) > len(wanted) - len(refused):
        note(request, say("rates.not_linked", count=len(rows) - len(wanted) + len(refused)), kind="warn")
    return go(request, "item", item=made.id)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


PAGE = Page(
    "rates", "rates", view,
    routes=(
        Route("export", "rates/export.<str:form>", export, right="export.table"),
        Route("theme", "rates/theme", theme, right="rates.theme", method="POST"),
    ),
)  # fmt: skip
