"""The table beside a chart: the same in words, every line with its source."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from luoshi.messages import Lang
from luoshi.publish.chart.rows import amount_of, when_of
from luoshi.publish.chart.units import amount_words
from luoshi.publish.chart.values import Bar, Series, shown
from luoshi.publish.chart.wording import Teller


class Line(msgspec.Struct, frozen=True):
    """One line: its cells in the order of the columns, the words it rests on, and where they stand."""

    cells: tuple[str, ...]
    quote: str
    link: str


class Table(msgspec.Struct, frozen=True):
    """A table with names for its columns; the last of ``cells`` is the amount."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def table_of(series: Iterable[Series], lang: Lang = "zh") -> Table:
    """The points by place, measure and year, those without a number among them."""
    tell = Teller(lang)
    found = [(point, one) for one in series for point in one.points]
    places = {place: index for index, place in enumerate(dict.fromkeys(point.place for point, _ in found))}
    measures = {measure: index for index, measure in enumerate(dict.fromkeys(one.measure for _, one in found))}
    found.sort(key=lambda pair: (places[pair[0].place], measures[pair[1].measure], pair[0].year, pair[0].role))
    lines = [
        Line(
            (shown(point.place), tell(f"kind.{one.measure}"), when_of(point, tell), tell(point.role), amount_of(point, one, tell) or "—"),
            shown(point.quote), point.link,
        )
        for point, one in found
    ]  # fmt: skip
    names = tuple(tell(f"column.{name}") for name in ("place", "measure", "year", "what", "amount"))
    return _without(names, lines, [index for index, count in enumerate((len(places), len(measures))) if count < 2])


def table_of_bars(bars: Iterable[Bar], unit: str = "", lang: Lang = "zh") -> Table:
    """The bars in their order."""
    tell = Teller(lang)
    lines = [Line((shown(bar.label), shown(bar.group), amount_words(bar.value, unit)), shown(bar.quote), bar.link) for bar in bars]
    names = tuple(tell(f"column.{name}") for name in ("label", "group", "amount"))
    return _without(names, lines, [] if any(line.cells[1] for line in lines) else [1])


def _without(names: Sequence[str], lines: Sequence[Line], columns: Sequence[int]) -> Table:
    """The table without the columns that say nothing."""

    def kept(cells: Sequence[str]) -> tuple[str, ...]:
        return tuple(cell for index, cell in enumerate(cells) if index not in columns)

    return Table(kept(names), tuple(Line(kept(line.cells), line.quote, line.link) for line in lines))
