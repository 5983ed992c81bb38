"""The room that a chart has and what all its panels share: width, years, places, kinds of mark."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from luoshi.publish.chart.units import ems

#: widths of a whole chart on a desk and on a phone, in pixels
WIDE: Final = 800
NARROW: Final = 350
#: room at the left for the numbers of an axis, and between small charts
_EDGE: Final = {False: 52, True: 42}
_BETWEEN: Final = {False: 18, True: 12}
#: from so many years on the page's chart can be zoomed
_ZOOMED_FROM: Final = 13
_YEAR_WIDTH: Final = 40
_NEVER_FIRST: Final = "，。；：、）》”！？,.;:)"
_NUMBER_WIDTH: Final = {False: 50, True: 44}


class Frame(msgspec.Struct, frozen=True):
    """What the panels of one indicator chart share; ``apart`` gives each place its own small chart."""

    narrow: bool
    years: tuple[int, int]
    places: tuple[str, ...]
    kinds: tuple[tuple[str, str], ...]
    apart: bool
    same_scale: bool = True

    @property
    def edge(self) -> int:
        return _EDGE[self.narrow]

    @property
    def between(self) -> int:
        return _BETWEEN[self.narrow]

    @property
    def columns(self) -> int:
        return min(len(self.places), 2 if self.narrow else 3) if self.apart else 1

    @property
    def width(self) -> int:
        """Of one panel, without the numbers of its axis."""
        return (whole_width(self.narrow) - 20 - (self.edge + self.between) * self.columns + self.between) // self.columns

    @property
    def count(self) -> int:
        return self.years[1] - self.years[0] + 1

    @property
    def is_zoomed(self) -> bool:
        """Whether there are so many years that the page lets them be zoomed."""
        return self.count >= _ZOOMED_FROM and not self.apart

    @property
    def is_coloured(self) -> bool:
        """Whether colours tell places apart; else they tell targets from results."""
        return len(self.places) > 1 and not self.apart

    @property
    def is_labelled(self) -> bool:
        """Whether there is room for the numbers at the marks."""
        return len(self.places) == 1 and self.width / (self.count + 0.2) >= _NUMBER_WIDTH[self.narrow]

    def ticks(self) -> list[int]:
        """The years that are written at the axis, the last one always."""
        step = 1
        while self.width * step / (self.count + 0.2) < _YEAR_WIDTH:
            step += 1
        return list(range(self.years[1], self.years[0] - 1, -step))[::-1]


def whole_width(narrow: bool) -> int:
    """The width of a whole chart in pixels."""
    return NARROW if narrow else WIDE


def legend_columns(names: Iterable[str], narrow: bool) -> int:
    """How many entries of a legend stand in one line."""
    widths = [ems(name) * 12.5 + 34 for name in names]
    return max(1, min(len(widths), int((whole_width(narrow) - 24) / max(widths, default=1))))


def lines(words: str, size: float, width: float) -> list[str]:
    """The words in at most four lines that fit the width.

    >>> lines("栖山区地区生产总值", 10, 50)
    ['栖山区地区', '生产总值']
    """
    found, line = [], ""
    for letter in words:
        if ems(line + letter) * size > width and letter not in _NEVER_FIRST:
            found.append(line)
            line = ""
        line += letter
    found.append(line)
    return found if len(found) <= 4 else [*found[:3], found[3][:-1] + "…"]


def title(words: str, narrow: bool) -> dict[str, Sequence[str]]:
    """A chart's title, in as many lines as it needs."""
    return {"text": lines(words, 16, whole_width(narrow) - 24 - _EDGE[narrow])}
