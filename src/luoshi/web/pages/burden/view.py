"""The burden meter: what units were asked in a period, what was asked twice, where mechanisms overlap; as a table and as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import quote

import msgspec
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse

from luoshi.desk.done import WrongValue
from luoshi.desk.matters.ruling import all_current
from luoshi.ledger.burden import NEAR, Burden, Period, asked, asked_twice, burdens, overlaps
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import moment
from luoshi.ledger.veiling import titles_of
from luoshi.loop.clock import start_of_day
from luoshi.loop.mechanism import Mechanism
from luoshi.publish.grid import Head, Value, to_csv, to_xlsx
from luoshi.web.deeds import actors, clock_titles, every, in_words
from luoshi.web.page import Page, Route, show
from luoshi.web.seen import scope_of, zone
from luoshi.web.words import say
from luoshi.web.writing import read_day

_DAYS: Final = 30
_MOST_DAYS: Final = 400
_SHOWN: Final = 100


class Days(msgspec.Struct, frozen=True):
    """The two days of a period, both in it."""

    first: str
    last: str

    @property
    def period(self) -> Period:
        ends = start_of_day(date.fromisoformat(self.last) + timedelta(days=1), zone())
        return Period(moment(start_of_day(date.fromisoformat(self.first), zone())), moment(ends))


def view(request: HttpRequest) -> HttpResponseBase:
    """The units with what they were asked; with ``?unit=`` what of it was asked twice and what overlaps."""
    days, unit, known = days_of(request), request.GET.get("unit", "").strip()[:64], _known(request)
    found = _burdens(request, days, unit, known)
    names = names_of({one.unit for one in found} | {unit})
    columns = [one for one in known if any(one.id in row.by for row in found)]
    values: dict[str, Any] = {
        "days": days, "unit": unit, "unit_name": names.get(unit, unit),
        "rows": [(one, names.get(one.unit, one.unit), [one.by.get(column.id, 0) for column in columns]) for one in found],
        "columns": [in_words(one.title) for one in columns], "query": _query(days, unit),
        "totals": _totals(found), "sources": [say(f"burden.source_{key}") for key in ("forms", "merge", "app")], "near": round(NEAR * 100),
    }  # fmt: skip
    if unit and (scope_of(request).units is None or unit in (scope_of(request).units or ())):
        values |= _details(request, days, unit, known)
    return show(request, values)


def _query(days: Days, unit: str) -> str:
    return f"first={days.first}&last={days.last}" + (f"&unit={quote(unit)}" if unit else "")


def _known(request: HttpRequest) -> list[Mechanism]:
    """The mechanisms of which who asks may know."""
    return [one for one in all_current() if scope_of(request).internal or not one.internal]


def days_of(request: HttpRequest) -> Days:
    """The period that the address asks for: the last thirty days where it says none."""
    today = datetime.now(UTC).astimezone(zone()).date()
    last = _day(request.GET.get("last", ""), "last") or today
    first = _day(request.GET.get("first", ""), "first") or last - timedelta(days=_DAYS - 1)
    if first > last:
        raise WrongValue("开始日期在结束日期之后", where="first", remedy="请对调两个日期")
    if (last - first).days > _MOST_DAYS:
        raise WrongValue(f"一次最多看 {_MOST_DAYS} 天", where="first", remedy="请把时间缩短些")
    return Days(first.isoformat(), last.isoformat())


def _day(text: str, where: str) -> date | None:
    found = read_day(text)
    if text.strip() and found is None:
        raise WrongValue(f"“{text[:20]}”不是日期", where=where, remedy="请写日期，如 2026-03-01")
    return found


def reporting(known: Sequence[Mechanism]) -> Mapping[str, frozenset[str]]:
    """The clocks of each mechanism that want a report: rhythms, and limits that an answer in words or figures stops."""
    return {one.id: frozenset(rhythm.key for rhythm in one.rhythms) | _answered(one) for one in known}


def _answered(mechanism: Mechanism) -> frozenset[str]:
    telling = {act.key for act in mechanism.acts if act.answers and not act.to and {"text", "progress"} & {*act.needs, *act.wants}}
    return frozenset(clock.key for clock in mechanism.clocks if not clock.right and telling & set(clock.stop))


def _burdens(request: HttpRequest, days: Days, unit: str, known: Sequence[Mechanism]) -> list[Burden]:
    return burdens(days.period, scope_of(request), reporting(known), duties=every(actors(known)), unit=unit)


def _totals(found: Sequence[Burden]) -> dict[str, int]:
    return {name: sum(getattr(one, name) for one in found) for name in ("asked", "reports", "late", "papers", "twice")}


def _details(request: HttpRequest, days: Days, unit: str, known: Sequence[Mechanism]) -> dict[str, Any]:
    """What a unit was asked twice, and which of its matters look like one."""
    titles = {(one.id, key): f"{in_words(one.title)} · {in_words(title)}" for one in known for key, title in clock_titles(one).items()}
    wanted, scope = reporting(known), scope_of(request)
    clocks = [key for key, keys in wanted.items() for key in keys]
    twice = asked_twice(asked(days.period, scope, unit).filter(key__in=sorted(set(clocks))), unit)[:_SHOWN]
    alike = overlaps(scope, unit)
    names = titles_of({item for one in twice for item in one.items} | {key for one in alike for key in (one.one, one.other)})
    return {
        "twice": [(one.month, [(item, names.get(item, item)) for item in one.items], [titles.get(by, by[1]) for by in one.by]) for one in twice],
        "alike": [((one.one, names.get(one.one, "")), (one.other, names.get(one.other, "")), one.why, round(one.share * 100)) for one in alike],
        "detailed": True,
    }  # fmt: skip


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table as a file."""
    if form not in ("csv", "xlsx"):
        raise WrongValue(f"不能导出为“{form}”", where="form", remedy="可选：csv xlsx")
    days, unit, known = days_of(request), request.GET.get("unit", "").strip()[:64], _known(request)
    found = _burdens(request, days, unit, known)
    names, columns = names_of({one.unit for one in found}), [one for one in known if any(one.id in row.by for row in found)]
    plain = ("asked", "matters", "reports", "late", "papers", "twice")
    heads = [Head(say("burden.unit"), "text"), *(Head(say(f"burden.{name}"), "number") for name in plain)]
    heads += [Head(in_words(one.title), "number") for one in columns]
    rows: list[list[Value]] = [
        [names.get(one.unit, one.unit), *(getattr(one, name) for name in plain), *(one.by.get(column.id, 0) for column in columns)]
        for one in found
    ]
    title = f"{say('burden.title')} {days.first} {days.last}"
    if form == "xlsx":
        return FileResponse(to_xlsx(title, heads, rows), as_attachment=True, filename=f"{title}.xlsx")
    response = StreamingHttpResponse(to_csv(heads, rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f"attachment; filename=\"burden.csv\"; filename*=UTF-8''{quote(title)}.csv"
    return response


PAGE = Page("burden", "burden", view, routes=(Route("export", "burden/export.<str:form>", export, right="export.table"),))
