"""One promise: the target and its end with both quotations and the arithmetic, the same thing over the years, and what a person is to settle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import links
from luoshi.desk.actor import Actor
from luoshi.desk.done import Done, NotFound
from luoshi.ledger import models
from luoshi.ledger.linked import Link
from luoshi.ledger.places import tree
from luoshi.ledger.promises import Kept, about, kept, of_fact, refresh, settlements_of, visible
from luoshi.ledger.scope import Scope
from luoshi.publish.chart import Station, chain_chart
from luoshi.publish.chart.chain import Kind
from luoshi.web.chart import figure
from luoshi.web.ends import shown, verdict
from luoshi.web.page import Page, Route, actor_of, address, allowed, go, note, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say

#: so many targets at most are drawn, the newest; of fewer years than this there is no line
_DRAWN: Final = 30
_FEWEST: Final = 2
#: in which lane what a document aims at is drawn
_LANES: Final[Mapping[str, Kind]] = {"plan": "plan", "breakdown": "task"}


def view(request: HttpRequest, link: str) -> HttpResponseBase:
    """The page of a target."""
    left, scope, lang, places = refresh(), scope_of(request), current_lang(), tree()
    row = _row(request, link)
    [this] = kept([row], lang)
    line = [shown(one) for one in kept(about(row, scope), lang)]
    settled = [_settled(one, scope) for one in settlements_of(this)]
    given = links.choices_of(row)
    items = list(models.Item.objects.filter(fact=row.fact).exclude(state="dropped").values("id", "title", "number")[:10])
    return show(request, {
        "end": shown(this), "place": places.name(row.region_code) or row.place, "region": row.region_code, "waiting": left,
        "names": {"target": row.name, "result": _result_name(this), "first": row.core, "second": row.answer},
        "years": _years(line, link), "drawing": _drawing(this.outcome.name, line), "settled": settled, "decided": any(one["verdict"] for one in settled),
        "plain": [verdict(slug) for slug in given.plain], "reasoned": [verdict(slug) for slug in given.reasoned], "items": items,
        "indicator": row.indicator_id,
        "may_settle": allowed(request, "link.settle") and scope.changes_document(row.region_code), "asks": len(given.plain) > 1,
    })  # fmt: skip


def _row(request: HttpRequest, link: str) -> Link:
    row = visible(scope_of(request)).filter(pk=link).first()
    if row is None:
        raise NotFound("没有这个目标", where=link[:40], remedy="请从地区的承诺记录里选择")
    return row


def _result_name(row: Kept) -> str:
    return str(row.result.fact.get("name", "")) if row.result else ""


def _settled(one: Any, scope: Scope) -> dict[str, Any]:
    name = models.Account.objects.filter(pk=one.by).values_list("name", flat=True).first() or one.by
    return {
        "id": one.id,
        "first": one.first,
        "second": one.second,
        "same": one.same,
        "region": tree().name(one.region_code) or one.region_code,
        "verdict": verdict(one.verdict) if one.verdict else None,
        "note": one.note,
        "by": name,
        "at": one.at,
        # what was settled above is taken back there
        "mine": bool(one.verdict) or scope.changes_document(one.region_code),
    }


def _drawing(name: str, line: Sequence[dict[str, Any]]) -> Any:
    """The line in time as a drawing: what plans, reports and breakdowns aim at, and what came of it; the list below says the same in words.

    What is said again of one year is one station. ``""`` where there is but one year.
    """
    drawn = [one for one in line if one["year"]][-_DRAWN:]
    kinds = dict(models.Document.objects.filter(id__in={one["target"]["document"] for one in drawn}).values_list("id", "kind"))
    stations, known = list[Station](), dict[tuple[int, str, str], int]()

    def station(one: Station, *, after: tuple[int, ...] = ()) -> int:
        at = known.setdefault((one.year, one.kind, one.words), len(stations))
        if at == len(stations):
            stations.append(one)
        if new := tuple(each for each in after if each not in stations[at].after):
            stations[at] = msgspec.structs.replace(stations[at], after=(*stations[at].after, *new))
        return at

    for end in drawn:
        held, year = end["outcome"], end["year"]
        lane = _LANES.get(kinds.get(held.target.document, ""), "target")
        at = station(Station(year, lane, held.target.text, quote=held.target.said, link=end["address"]))
        if end["result"] is not None and end["answer"] == "result":
            station(Station(year, "result", held.result.text, quote=held.result.said, link=end["address"]), after=(at,))
    if len({one.year for one in stations}) < _FEWEST:
        return ""
    return figure(lambda narrow: chain_chart(name, stations, lang=current_lang(), narrow=narrow), beside="line", level=3)


def _years(line: Sequence[dict[str, Any]], link: str) -> list[dict[str, Any]]:
    """The line in time: by year what was aimed at and what came of it; a result that several targets have is told once."""
    found: dict[int, dict[str, Any]] = {}
    for end in line:
        year = found.setdefault(end["year"] or 0, {"year": end["year"], "targets": [], "results": [], "seen": set(), "this": False})
        year["targets"].append(end)
        year["this"] |= end["row"].id == link
        if end["result"] is not None and end["answer"] == "result" and end["result"]["address"] not in year["seen"]:
            year["seen"].add(end["result"]["address"])
            year["results"].append(end)
    return [found[year] for year in sorted(found)]


# --- what a person settles


def settle_names(request: HttpRequest, link: str) -> HttpResponseBase:
    """Whether the two names are one thing."""
    done = links.settle_names(
        _actor(request), link, scope_of(request), same=request.POST.get("same") == "yes", note=request.POST.get("note", "")
    )
    return _told(request, link, done)


def settle_verdict(request: HttpRequest, link: str) -> HttpResponseBase:
    """Which verdict it is."""
    done = links.settle_verdict(
        _actor(request), link, request.POST.get("verdict", ""), scope_of(request), note=request.POST.get("note", "")
    )
    return _told(request, link, done)


def unsettle(request: HttpRequest, link: str) -> HttpResponseBase:
    """What was settled is taken back."""
    return _told(request, link, links.unsettle(_actor(request), link, request.POST.get("settlement", ""), scope_of(request)))


def _told(request: HttpRequest, link: str, done: Done) -> HttpResponseBase:
    note(request, say("promise.done"), undo=address("undo.back", span=done.undo))
    refresh()
    return go(request, "promise", link=link)


def _actor(request: HttpRequest) -> Actor:
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    return actor


# --- from elsewhere


def by_fact(request: HttpRequest, fact: str) -> HttpResponseBase:
    """The promise that a fact is target or result of; the list where there are several."""
    refresh()
    rows = of_fact(fact, scope_of(request))
    if not rows:
        raise NotFound("这个事实还没有链接", where=fact[:40], remedy="目标才有下落；请看看所在文件是否已确认地区和年份")
    if len(rows) == 1:
        return go(request, "promise", link=rows[0].id)
    return show(request, {"rows": [shown(one) for one in kept(rows, current_lang())]}, template="several.html")


PAGE = Page(
    "promise", "promises/<str:link>", view,
    routes=(
        Route("names", "promises/<str:link>/names", settle_names, right="link.settle", method="POST"),
        Route("verdict", "promises/<str:link>/verdict", settle_verdict, right="link.settle", method="POST"),
        Route("unsettle", "promises/<str:link>/unsettle", unsettle, right="link.settle", method="POST"),
        Route("fact", "promises/of/<str:fact>", by_fact),
    ),
)  # fmt: skip
