"""An indicator compared over places and years: a chart with targets drawn as what they are, a table with verdicts, peers by level or parent."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponseBase

from luoshi.desk.done import NotFound
from luoshi.extract.catalogue import Indicator, indicator, indicators
from luoshi.ledger.comparing import Cell, Comparison, compare, peers
from luoshi.ledger.following import Followed, indicator_counts
from luoshi.ledger.places import tree
from luoshi.ledger.promises import places_with_links, refresh
from luoshi.publish.chain import compared
from luoshi.publish.chart import Series, indicator_chart, small_multiples, table_of
from luoshi.web.chart import figure
from luoshi.web.ends import attachment, one_of, verdict, year_asked
from luoshi.web.page import Page, Route, address, show
from luoshi.web.pages.indicator.view import points
from luoshi.web.seen import scope_of
from luoshi.web.words import current_lang, say, say_word

#: places beside each other in one chart; more get small charts of their own
_TOGETHER: Final = 3
_SMALL: Final = 12
_CHOICES: Final = 80
_PEERS: Final = ("", "parent", "level")


def view(request: HttpRequest) -> HttpResponseBase:
    """The page: ``?indicator= &region= (several) &peers=parent|level &first= &last= &measure=``."""
    left, scope, places = refresh(), scope_of(request), tree()
    asked = request.GET.getlist("region")
    known, found = _compared(request)
    there = [(code, places.name(code) or code) for code, _, _ in places_with_links(scope)[:_CHOICES]]
    return show(request, {
        "indicator": known, "found": found, "waiting": left, "choices": _choices(request), "regions": [{"code": code, "name": name, "on": code in asked} for code, name in there],
        "peers": [(key, say(f"compare.peers_{key or 'none'}")) for key in _PEERS], "peer": request.GET.get("peers", ""),
        "first": request.GET.get("first", ""), "last": request.GET.get("last", ""), "query": request.GET.urlencode(),
        "measures": [(one, say_word("measure", one)) for one in found.measures] if found else (), "chart": _figure(known, found) if known and found else "",
        "rows": _rows(found) if found else (),
    })  # fmt: skip


def _compared(request: HttpRequest) -> tuple[Indicator | None, Comparison | None]:
    key = request.GET.get("indicator", "").strip()
    if not key:
        return None, None
    try:
        known = indicator(key)
    except KeyError:
        raise NotFound("没有这个指标", where=key[:60], remedy="请从指标列表中选择") from None
    places = tree()
    regions = [code for code in request.GET.getlist("region") if code][:200]
    by = one_of(request, "peers", _PEERS[1:])
    if by and regions:
        regions = list(dict.fromkeys([*regions, *peers(regions[0], places, by=by)]))
    return known, compare(
        known.id, scope_of(request), places, regions=regions, first=year_asked(request, "first"), last=year_asked(request, "last"),
        measure=request.GET.get("measure", ""),
    )  # fmt: skip


def _choices(request: HttpRequest) -> list[dict[str, Any]]:
    """The indicators that somebody has aimed at, those with most facts first; the chosen one among them."""
    counts, chosen = indicator_counts(scope_of(request)), request.GET.get("indicator", "")
    names = {one.id: one.name for one in indicators()}
    keys = sorted((key for key in counts if key in names), key=lambda key: (-counts[key], key))[:_CHOICES]
    keys += [chosen] if chosen in names and chosen not in keys else []
    return [{"key": key, "name": names[key], "on": key == chosen} for key in keys]


def _series(found: Comparison, codes: Collection[str], unit: str) -> Series:
    rows = [row for cell in found.cells if cell.region_code in codes for row in (*cell.targets, *cell.results)]
    drawn = [row for row in rows if row.fact.unit == unit and (row.fact.value is not None or row.fact.comparator in ("zero", "all"))]
    return Series(points=points(drawn), measure=found.measure or "level", unit=unit)  # type: ignore[arg-type]


def _unit(rows: Sequence[Followed]) -> str:
    units = [row.fact.unit for row in rows if row.fact.value is not None]
    return max(sorted(set(units)), key=units.count) if units else ""


def _figure(known: Indicator, found: Comparison) -> Any:
    """Few places together in one chart, more in small ones on one scale; the unit is that which most facts have."""
    unit = _unit([row for cell in found.cells for row in (*cell.targets, *cell.results)])
    series = [one for code, _ in found.places[:_SMALL] if (one := _series(found, {code}, unit)).points]
    if not series:
        return ""
    heading = f"{known.name} · {say_word('measure', found.measure)}"
    together = [_series(found, {code for code, _ in found.places}, unit)]

    def description(narrow: bool) -> dict[str, Any]:
        if len(series) > _TOGETHER:
            return small_multiples(heading, series, lang=current_lang(), narrow=narrow)
        return indicator_chart(heading, together, lang=current_lang(), narrow=narrow)

    return figure(description, table=table_of(series, lang=current_lang()), level=2)


def _rows(found: Comparison) -> list[dict[str, Any]]:
    """A row for each place with a cell for each year."""
    cells = {(cell.region_code, cell.year): cell for cell in found.cells}
    return [{"code": code, "name": name, "cells": [_cell(cells.get((code, year))) for year in found.years]} for code, name in found.places]


def _cell(cell: Cell | None) -> dict[str, Any] | None:
    if cell is None:
        return None
    return {
        "target": next(iter(cell.targets), None), "result": next(iter(cell.results), None), "verdict": verdict(cell.verdict) if cell.verdict else None,
        "address": address("promise", link=cell.link) if cell.link else "", "year": cell.year,
    }  # fmt: skip


def export(request: HttpRequest, form: str) -> HttpResponseBase:
    """The table as a file, as the page has it."""
    refresh()
    known, found = _compared(request)
    if known is None or found is None:
        raise NotFound("没有选指标", where="indicator", remedy="请先选指标")
    lang = current_lang()
    return attachment(
        f"{known.name}{say('compare.title')}", compared.columns(lang), (compared.cells(cell, lang) for cell in found.cells), form
    )


PAGE = Page("compare", "compare", view, routes=(Route("export", "compare/export.<str:form>", export, right="export.table"),))
