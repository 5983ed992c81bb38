"""What a chart shows in two or three sentences, for who does not see it."""

from __future__ import annotations

from collections.abc import Sequence

from luoshi.publish.chart.rows import is_drawn, told
from luoshi.publish.chart.units import amount_words
from luoshi.publish.chart.values import Bar, Point, Series, shown
from luoshi.publish.chart.wording import Teller

_MOST_NAMED = 8


def about_indicator(title: str, series: Sequence[Series], places: Sequence[str], years: tuple[int, int], tell: Teller) -> str:
    """Title, years, how many results and targets, which places, the latest result; and how many points have no number."""
    pairs = [(point, one) for one in series for point in one.points if is_drawn(point, one.unit)]
    results = sum(point.role == "result" for point, _ in pairs)
    when = tell("year", year=years[0]) if years[0] == years[1] else tell("span", since=years[0], year=years[1])
    said = [tell("about.indicator", title=title, years=when, results=results, targets=len(pairs) - results)]
    if len(places) > 1:
        said.append(tell("about.places", places=named(places, tell)))
    undrawn = sum(not is_drawn(point, one.unit) for one in series for point in one.points)
    if undrawn:
        said.append(tell("about.undrawn", count=undrawn))
    newest: tuple[Point, Series] = max(pairs, key=lambda pair: (pair[0].role == "result", pair[0].year))
    said.append(tell("about.last", told=f"{shown(newest[0].place)} {told(newest[0], newest[1], tell)}".strip()))
    return joined(said, tell)


def about_bars(title: str, bars: Sequence[Bar], totals: Sequence[tuple[str, float]], unit: str, tell: Teller) -> str:
    """Title, how many bars, their total, the longest."""
    if not totals:
        return tell("about.empty", title=title)
    name, most = max(totals, key=lambda pair: pair[1])
    total = amount_words(sum(float(bar.value) for bar in bars), unit)
    return tell("about.bars", title=title, count=len(totals), total=total, told=f"{name} {amount_words(most, unit)}")


def named(names: Sequence[str], tell: Teller) -> str:
    """The names in one list, cut where there are many."""
    return tell("joint").join(names[:_MOST_NAMED]) + (tell("and_more") if len(names) > _MOST_NAMED else "")


def joined(sentences: Sequence[str], tell: Teller) -> str:
    """Sentences as one text."""
    return ("" if tell.lang == "zh" else " ").join(sentences)
