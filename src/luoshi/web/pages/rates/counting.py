"""The complaints of a period as the three rates see them, and how many of which category came from where in which month."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

import msgspec
from django.db.models import QuerySet

from luoshi.desk.matters.dispatch import town_of
from luoshi.desk.matters.public import MECHANISM, choices, masked
from luoshi.desk.matters.ruling import current
from luoshi.desk.settings import weights_of
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import moment
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now as settings_now
from luoshi.loop.clock import start_of_day
from luoshi.loop.rates import Counted, Order, Points, Weights, order_of, rates, score
from luoshi.masking import mask_address
from luoshi.web.seen import zone

#: so many months are compared, so many places told
MONTHS: Final = 6
_PLACES: Final = 10
#: what the office found by itself has no caller: it is in no rate, and no demand of the month
PROACTIVE: Final = "proactive"


class Line(msgspec.Struct, frozen=True):
    """A row of the table: whose, the counts, the score."""

    name: str
    counted: Counted
    points: Points | None


class Told(msgspec.Struct, frozen=True):
    """The rates of a period. ``proactive``: orders without a caller, which are left out."""

    whole: Line
    units: tuple[Line, ...]
    towns: tuple[Line, ...]
    proactive: int


def rates_of(first: date, last: date, scope: Scope) -> Told:
    """The rates of the complaints that came in between two days, both in it."""
    weights, orders, towns, proactive = weights_now(), list[Order](), list[Order](), 0
    for row in _rows(first, last, scope).iterator(chunk_size=1000):
        matter = life_of(row.life)
        if matter.fields.get("channel") == PROACTIVE:
            proactive += 1
            continue
        order = order_of(matter)
        orders.append(order)
        towns.append(msgspec.structs.replace(order, unit=town_of(matter.fields, row.region_code)))
    by_unit, by_town = rates(orders), rates(towns)
    names = names_of({one.unit for one in by_unit.units})
    return Told(
        _line("", by_unit.whole, weights), tuple(_line(names.get(one.unit, one.unit), one, weights) for one in by_unit.units),
        tuple(_line(one.unit, one, weights) for one in by_town.units), proactive,
    )  # fmt: skip


def weights_now() -> Weights | None:
    """The weights that the office has set; None where it has set none."""
    found = weights_of(settings_now().rate_weights)
    return Weights(*found, source="本单位核定") if found else None


def _line(name: str, counted: Counted, weights: Weights | None) -> Line:
    return Line(name, counted, score(counted, weights) if weights else None)


def _rows(first: date, last: date, scope: Scope) -> QuerySet[models.Matter]:
    found = models.Matter.objects.filter(
        mechanism=MECHANISM,
        opened_at__gte=moment(start_of_day(first, zone())),
        opened_at__lt=moment(start_of_day(last + timedelta(days=1), zone())),
    )
    return seen(found, scope).only("id", "life", "region_code")


# --- the theme of the month


class Category(msgspec.Struct, frozen=True):
    """How many of a category there were in each month."""

    key: str
    title: str
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


class Themes(msgspec.Struct, frozen=True):
    """Categories by month, the most frequent first, and the places of the last month."""

    months: tuple[str, ...]
    categories: tuple[Category, ...]
    places: tuple[tuple[str, int], ...]


class _Fields(msgspec.Struct):
    fields: dict[str, Any] = {}


_decoder: Final = msgspec.json.Decoder(_Fields)


def months_to(last: date, count: int = MONTHS) -> list[str]:
    """The months up to that of a day.

    >>> months_to(date(2026, 2, 14), 3)
    ['2025-12', '2026-01', '2026-02']
    """
    found, day = list[str](), last.replace(day=1)
    for _ in range(count):
        found.append(day.strftime("%Y-%m"))
        day = (day - timedelta(days=1)).replace(day=1)
    return found[::-1]


def themes(last: date, scope: Scope) -> Themes:
    """What people complained of in the months up to a day."""
    months, titles = months_to(last), choices(current(MECHANISM), "category")
    counts, places = Counter[tuple[str, str]](), Counter[str]()
    for month, fields in _complaints(months[0], months[-1], scope):
        counts[str(fields.get("category", "")), month] += 1
        if month == months[-1] and (place := str(fields.get("location", "") or "")):
            places[masked(mask_address(place), fields)] += 1
    made = [Category(key, titles.get(key, key), tuple(counts[key, month] for month in months)) for key in {key for key, _ in counts}]
    made.sort(key=lambda one: (-one.counts[-1], -one.total, one.key))
    return Themes(tuple(months), tuple(made), tuple(sorted(places.items(), key=lambda pair: (-pair[1], pair[0]))[:_PLACES]))


def of_theme(month: str, category: str, scope: Scope) -> list[models.Matter]:
    """The complaints of a category in a month that belong to no theme yet."""
    return [row for row, fields in _decoded(month, month, scope) if fields.get("category") == category and not fields.get("theme")]


def _complaints(first: str, last: str, scope: Scope) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for row, fields in _decoded(first, last, scope):
        yield datetime.fromisoformat(row.opened_at).astimezone(zone()).strftime("%Y-%m"), fields


def _decoded(first: str, last: str, scope: Scope) -> Iterator[tuple[models.Matter, Mapping[str, Any]]]:
    begins = date.fromisoformat(f"{first}-01")
    ends = (date.fromisoformat(f"{last}-01") + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    for row in (
        _rows(begins, ends, scope).only("id", "life", "opened_at", "region_code", "number").order_by("opened_at").iterator(chunk_size=1000)
    ):
        fields = _decoder.decode(row.life).fields
        if fields.get("channel") != PROACTIVE:
            yield row, fields
