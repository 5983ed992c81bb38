"""One indicator: targets and results of all years and places in the ledger, as a chart and as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import chain
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase

from luoshi.desk.done import NotFound
from luoshi.extract.catalogue import Indicator, indicator
from luoshi.ledger.following import Followed, follow, groups
from luoshi.ledger.places import Tree, tree
from luoshi.publish.chart import Point, Series, draw_png, draw_svg, indicator_chart, small_multiples, table_of
from luoshi.publish.grid import Head, to_xlsx
from luoshi.web.chart import figure
from luoshi.web.page import Page, Route, address, show
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_word

#: so many places are drawn at most; more lines than colours can be told apart say nothing
_PLACES: Final = 6
_CHARTS: Final = 2
#: and so many points
_POINTS: Final = 100
_ROWS: Final = 100


def view(request: HttpRequest, indicator: str) -> HttpResponseBase:
    """The page; ``?region=`` narrows to places, ``?name=`` (with the indicator ``-``) follows a name that no catalogue has."""
    known, name = _named(request, indicator)
    places, regions = tree(), tuple(request.GET.getlist("region"))
    rows, total = follow(known.id if known else "", scope_of(request), places, regions=regions, name=name)
    title = known.name if known else name
    charts = [_figure(title, group, measure, unit) for (measure, unit), group in list(groups(rows).items())[:_CHARTS] if _drawable(group)]
    return show(request, {
        "title": title, "indicator": known, "page_obj": Paginator(rows, _ROWS).get_page(request.GET.get("page")), "total": total,
        "cut": _cut(rows, total), "charts": charts, "regions": _regions(rows, regions, places),
        "key": indicator, "aliases": "、".join(known.aliases[:12]) if known else "", "query": request.GET.urlencode(),
    })  # fmt: skip


def _named(request: HttpRequest, key: str) -> tuple[Indicator | None, str]:
    if key == "-":
        name = request.GET.get("name", "").strip()
        if name:
            return None, name
    else:
        try:
            return indicator(key), ""
        except KeyError:
            pass
    raise NotFound("没有这个指标", where=key[:60], remedy="请从指标列表中选择")


def _cut(rows: Sequence[Followed], total: int) -> str:
    """That there are more than are shown, in words; ``""`` where there are not."""
    return say("indicator.cut", count=len(rows), total=total) if len(rows) < total else ""


def _drawable(rows: Sequence[Followed]) -> bool:
    return any(row.fact.year and (row.fact.value is not None or row.fact.comparator in ("zero", "all")) for row in rows)


def points(rows: Sequence[Followed]) -> tuple[Point, ...]:
    """The rows that have a year and can be drawn."""
    return tuple(
        Point(
            year=row.fact.year_last or row.fact.year, role=row.fact.role, value=row.fact.value, value_max=row.fact.value_max,
            comparator=row.fact.comparator or "eq", place=row.place, quote=row.fact.clause or row.fact.text,
            link=f"{address('room', document=row.fact.document)}#{row.fact.id}", since=row.fact.year if row.fact.year_last else None,
        )
        for row in rows
        if row.fact.year and (row.fact.value is not None or row.fact.comparator in ("zero", "all"))
    )  # fmt: skip


def _chosen(rows: Sequence[Followed]) -> list[Followed]:
    """The rows of those places that have most."""
    counts: dict[str, int] = {}
    for row in rows:
        counts[row.place] = counts.get(row.place, 0) + 1
    kept, points_ = set[str](), 0
    for place in sorted(counts, key=lambda place: (-counts[place], place))[:_PLACES]:
        points_ += counts[place]
        if kept and points_ > _POINTS:
            break
        kept.add(place)
    # of a single place that has more than can be drawn the newest years
    return [row for row in rows if row.place in kept][-_POINTS:]


def _description(title: str, rows: Sequence[Followed], measure: str, unit: str, *, narrow: bool = False) -> dict[str, Any]:
    heading = f"{title} · {say_word('measure', measure)}" if measure != "level" else title
    kept = _chosen(rows)
    series = [
        Series(points=points([row for row in kept if row.place == place]), measure=measure, unit=unit)  # type: ignore[arg-type]
        for place in dict.fromkeys(row.place for row in kept)
    ]
    if len(series) > 3:
        return small_multiples(heading, series, lang=current_lang(), narrow=narrow)
    together = Series(points=points(kept), measure=measure, unit=unit)  # type: ignore[arg-type]
    return indicator_chart(heading, [together], lang=current_lang(), narrow=narrow)


def _figure(title: str, rows: Sequence[Followed], measure: str, unit: str) -> Any:
    series = Series(points=points(_chosen(rows)), measure=measure, unit=unit)  # type: ignore[arg-type]
    return figure(
        lambda narrow: _description(title, rows, measure, unit, narrow=narrow), table=table_of([series], lang=current_lang()), level=2
    )


def _regions(rows: Sequence[Followed], chosen: Sequence[str], places: Tree) -> list[Mapping[str, Any]]:
    found = dict.fromkeys([*chosen, *(row.region_code for row in rows if row.region_code)])
    return [{"code": code, "name": places.name(code), "on": code in chosen} for code in list(found)[:60]]


def export(request: HttpRequest, indicator: str, form: str) -> HttpResponseBase:
    """The table as xlsx, the first chart as svg or png."""
    known, name = _named(request, indicator)
    rows, total = follow(known.id if known else "", scope_of(request), tree(), regions=tuple(request.GET.getlist("region")), name=name)
    title, cut = known.name if known else name, _cut(rows, total)
    if form == "xlsx":
        last = [[cut, *[None] * (len(_COLUMNS) - 1)]] if cut else []
        return FileResponse(
            to_xlsx(title, _heads(), chain((_row(row) for row in rows), last)), as_attachment=True, filename=f"{title}.xlsx"
        )
    group = next(((measure, unit, found) for (measure, unit), found in groups(rows).items() if _drawable(found)), None)
    if form not in ("svg", "png") or group is None:
        raise NotFound("没有可以画的数据", where=title, remedy="请换一个指标或地区")
    description = _description(f"{title} · {cut}" if cut else title, group[2], group[0], group[1])
    if form == "svg":
        body: bytes | str = draw_svg(description, current_lang())
        response = HttpResponse(body, content_type="image/svg+xml")
    else:
        response = HttpResponse(draw_png(description, lang=current_lang()), content_type="image/png")
    response["Content-Disposition"] = f'attachment; filename="indicator.{form}"'
    return response


_COLUMNS: Final = (
    ("place", "text"), ("year", "year"), ("role", "word"), ("comparator", "word"), ("value", "amount"), ("value_max", "amount"), ("unit", "text"),
    ("measure", "word"), ("strength", "word"), ("clause", "quote"), ("document", "text"), ("state", "word"), ("id", "text"),
)  # fmt: skip


def _heads() -> list[Head]:
    return [Head(say(f"indicator.column_{name}"), shown) for name, shown in _COLUMNS]


def _row(row: Followed) -> list[Any]:
    fact = row.fact
    words = {
        name: say_word(name, getattr(fact, name)) if getattr(fact, name) else ""
        for name in ("role", "comparator", "measure", "strength", "state")
    }
    known = {"place": row.place, "document": row.document_title, **words}
    return [known[name] if name in known else getattr(fact, name) for name, _ in _COLUMNS]


PAGE = Page(
    "indicator",
    "indicators/<str:indicator>",
    view,
    routes=(Route("export", "indicators/<str:indicator>/export.<str:form>", export, right="export.table"),),
)
