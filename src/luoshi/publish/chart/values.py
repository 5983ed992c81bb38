"""What a chart is made of: points of an indicator in panels, bars in groups. Frozen values, checked before anything is drawn."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal

import msgspec

from luoshi.errors import BadUsage

Number = int | float | Decimal
#: how a group of bars is meant, where its place in the order says too little
Tone = Literal["", "plain", "good", "warn", "bad", "open"]

#: a path on our own server and nothing else
_LINK: Final = re.compile(r"/(?![/\\])[^\s<>\"'\\]*")
#: code points that XML cannot hold or that turn text about; each is shown as one replacement character
_UNSHOWN: Final = dict.fromkeys(
    (*range(0x20), *range(0x7F, 0xA0), *range(0x200B, 0x2010), *range(0x2028, 0x202F), *range(0x2060, 0x2070), *range(0xD800, 0xE000),
     0xFEFF, *range(0xFFF0, 0xFFFC), 0xFFFE, 0xFFFF), 0xFFFD,
)  # fmt: skip
_MOST_QUOTED: Final = 240


class Point(msgspec.Struct, frozen=True, kw_only=True):
    """One fact in a chart: the amount that ``place`` had or is to have in ``year``.

    ``value`` is in the ledger's unit (元, not 亿元). ``since`` is the first year of a span that ends in ``year`` (an average over five
    years). A target without a number (``value`` is None) is drawn only where its comparator is ``zero`` or ``all``. ``link`` is a path
    on our own server.
    """

    year: int
    role: Literal["target", "result"]
    value: Number | None
    value_max: Number | None = None
    comparator: str = "eq"
    place: str = ""
    quote: str = ""
    link: str = ""
    since: int | None = None


class Series(msgspec.Struct, frozen=True, kw_only=True):
    """The points that share one axis: the same ``measure`` and ``unit``; of two results of one place and year the later in order counts."""

    points: tuple[Point, ...]
    measure: Literal["level", "growth", "change", "rank"] = "level"
    unit: str = ""


class Bar(msgspec.Struct, frozen=True, kw_only=True):
    """One amount of a bar chart; bars with the same ``label`` lie end to end, told apart by ``group``."""

    label: str
    value: Number
    group: str = ""
    quote: str = ""
    link: str = ""


def checked(series: Sequence[Series]) -> tuple[Series, ...]:
    """The series, where a chart can be made of them: else ``BadUsage`` says which point is wrong."""
    for one in series:
        for point in one.points:
            _check_numbers(f"{point.place} {point.year}".strip(), point.value, point.value_max)
            _check_link(f"{point.place} {point.year}".strip(), point.link)
            if not 1000 <= point.year <= 9999:
                raise BadUsage("年份要是四位数", where=f"图 · {point.year}", remedy="改正这条事实的年份", slug="bad-chart")
    return tuple(series)


def checked_bars(bars: Sequence[Bar]) -> tuple[Bar, ...]:
    """The bars, where they can be drawn: finite, not negative, linked to our own pages."""
    for bar in bars:
        _check_numbers(bar.label, bar.value)
        _check_link(bar.label, bar.link)
        if bar.value < 0:
            raise BadUsage("条形图的数不能小于零", where=f"图 · {shown(bar.label)}", remedy="改用指标图", slug="bad-chart")
    return tuple(bars)


def _check_numbers(where: str, *values: Number | None) -> None:
    if any(value is not None and not math.isfinite(value) for value in values):
        raise BadUsage("数值不是有限的数", where=f"图 · {shown(where)}", remedy="改正这条事实的数值", slug="bad-chart")


def _check_link(where: str, link: str) -> None:
    if link and not _LINK.fullmatch(link):
        raise BadUsage("链接只能指向本站的页面", where=f"图 · {shown(where)}", remedy="用以 / 开头的路径", slug="bad-chart")


def shown(words: str, most: int = _MOST_QUOTED) -> str:
    """The words on one line, fit for a drawing: controls replaced, cut at ``most`` characters.

    >>> shown("全区生产总值\\x00 1250亿元", 9)
    '全区生产总值\\ufffd…'
    """
    clean = " ".join(words.split()).translate(_UNSHOWN)
    return clean if len(clean) <= most else clean[: most - 1].rstrip() + "…"
