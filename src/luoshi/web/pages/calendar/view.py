"""My due days of a month, as a table of weeks and as a file for other calendars."""

from __future__ import annotations

import calendar
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk.matters.dues import Due, dues
from luoshi.loop.calendar import china
from luoshi.web.page import Page, Route, show
from luoshi.web.pages.calendar.ics import Event, ics
from luoshi.web.pages.organisation.view import actor_for
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

#: so far ahead the file tells
_AHEAD: Final = 400
_SHOWN: Final = 4


def view(request: HttpRequest) -> HttpResponseBase:
    """The month that the address names, else this one: working days and days off, and what is due on each."""
    today = _today()
    year, month = _month(request, today)
    first, last = date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])
    found = dues(actor_for(request), scope_of(request), first, last)
    overdue = [one for one in dues(actor_for(request), scope_of(request), today, today - timedelta(days=1), late=True) if one.late]
    by_day: dict[date, list[dict[str, Any]]] = {}
    for one in found:
        by_day.setdefault(one.day, []).append(_shown(one))
    known = china().is_known(year)
    weeks = [[_day(day, month, today, by_day.get(day, [])) for day in week] for week in calendar.Calendar().monthdatescalendar(year, month)]
    values = {
        "first": first, "weeks": weeks, "days": [day for week in weeks for day in week if day["dues"]], "count": len(found), "known": known,
        "overdue": [_shown(one) for one in overdue], "names": [say(f"calendar.weekday_{number}") for number in range(7)], "year": year,
        "before": _address(first - timedelta(days=1)), "after": _address(last + timedelta(days=1)), "this": (today.year, today.month) == (year, month),
        "month_words": f"{year}年{month}月" if current_lang() == "zh" else f"{calendar.month_name[month]} {year}",
    }  # fmt: skip
    return show(request, values)


def _today() -> date:
    return datetime.now(ZoneInfo(settings.TIME_ZONE)).date()


def _month(request: HttpRequest, today: date) -> tuple[int, int]:
    """The month of the address (``2026-03``) where it is one."""
    try:
        found = datetime.strptime(request.GET.get("month", ""), "%Y-%m").date()  # noqa: DTZ007 - a month, no moment
    except ValueError:
        return today.year, today.month
    return (found.year, found.month) if 2000 <= found.year <= 2100 else (today.year, today.month)


def _address(day: date) -> str:
    return f"?month={day:%Y-%m}"


def _day(day: date, month: int, today: date, found: Sequence[dict[str, Any]]) -> dict[str, Any]:
    return {
        "day": day, "inside": day.month == month, "today": day == today, "off": not china().is_workday(day), "holiday": china().holiday(day),
        "dues": list(found) if day.month == month else [], "shown": list(found)[:_SHOWN] if day.month == month else [],
        "more": max(0, len(found) - _SHOWN) if day.month == month else 0,
    }  # fmt: skip


def _shown(one: Due) -> dict[str, Any]:
    what = one.what.zh if current_lang() == "zh" else one.what.en
    return {
        "item": one.item,
        "title": one.title or one.number,
        "what": what,
        "late": one.late,
        "light": one.light,
        "unit": one.unit,
        "day": one.day,
    }


def export(request: HttpRequest) -> HttpResponseBase:
    """What is due from today on as a file that other calendars take. Of a matter kept inside only its number leaves."""
    today = _today()
    found = dues(actor_for(request), scope_of(request), today, today + timedelta(days=_AHEAD), late=True)
    lang = current_lang()
    events = [
        Event(
            f"{one.item}.{one.what.en}.{one.day.isoformat()}@luoshi", one.day,
            f"{one.what.zh if lang == 'zh' else one.what.en}：{one.number if one.internal or not one.title else one.title}",
            request.build_absolute_uri(f"/item/{one.item}"),
        )
        for one in found
    ]  # fmt: skip
    answer = HttpResponse(ics(events, name=say("calendar.title"), made=datetime.now(UTC)), content_type="text/calendar; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="luoshi.ics"'
    return answer


PAGE = Page("calendar", "calendar", view, routes=(Route("export", "calendar/luoshi.ics", export),))
