"""The indicator catalogue 指标目录: the id behind the many names of an indicator, and what is known of it.

Names are made one by rules and then looked up whole; there is no similarity, so an unknown name stays unknown. The lines of
``catalogue.yaml`` are the data; the table is read at the first look-up.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from itertools import chain
from typing import Literal, cast, get_args

import msgspec

from luoshi.errors import BadTable
from luoshi.tables import load_table

_WHERE = "luoshi/extract/catalogue.yaml"
_COLUMNS = 10
_KINDS = frozenset("GLSDN")

Direction = Literal["+", "-", "0"]
Attribute = Literal["binding", "expected", "either", "none"]


class Indicator(msgspec.Struct, frozen=True):
    """One line of the catalogue.

    ``kind``: letters of G growth, L level, S share, D reduction, N count, the usual one first. ``direction``: which way is better.
    ``attribute``: its place in the target tables of plans. ``same_as``: concepts of other bodies' lists, with "unverified" where
    nobody compared the definitions. ``source``: where it is defined, in words.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    unit: str
    kind: str
    direction: Direction
    attribute: Attribute
    same_as: tuple[str, ...]
    source: str
    note: str = ""


class CatalogueTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``catalogue.yaml`` as written; its head says what each part means."""

    sources: dict[str, str]
    spellings: tuple[tuple[str, str], ...]
    heads: str
    tails: str
    indicators: str


class _Names(msgspec.Struct, frozen=True):
    ids: dict[str, str]
    heads: frozenset[str]
    tails: frozenset[str]


@cache
def _table() -> CatalogueTable:
    return load_table("luoshi.extract", "catalogue.yaml", CatalogueTable)


@cache
def indicators() -> tuple[Indicator, ...]:
    """All indicators, in the order of the catalogue. ``BadTable`` where a line is wrong."""
    table = _table()
    lines = (line for line in table.indicators.splitlines() if line and not line.startswith("#"))
    return tuple(_read(line, table.sources) for line in lines)


def _read(line: str, sources: dict[str, str]) -> Indicator:
    cells = ["" if cell == "-" else cell for cell in map(str.strip, line.split(" | "))]
    cells += [""] * (_COLUMNS - len(cells))
    if len(cells) != _COLUMNS:
        raise BadTable(f"应有 {_COLUMNS} 栏：{line[:40]}", where=_WHERE, remedy="请对照文件开头的说明改正")
    id_, name, aliases, unit, kind, direction, attribute, same_as, source, note = cells
    direction = direction or "-"  # in this column "-" is a value
    attribute = attribute or "none"
    broken = {
        "编号或名称": not (id_ and name),
        "类别": not kind or bool(set(kind) - _KINDS),
        "方向": direction not in get_args(Direction),
        "属性": attribute not in get_args(Attribute),
        "来源": source not in sources,
    }
    if wrong := "、".join(what for what, is_broken in broken.items() if is_broken):
        raise BadTable(f"{wrong}不合规定：{line[:40]}", where=f"{_WHERE}/{id_}", remedy="请对照文件开头的说明改正")
    return Indicator(
        id_,
        name,
        tuple(aliases.split()),
        unit,
        kind,
        cast("Direction", direction),
        cast("Attribute", attribute),
        tuple(same_as.split("; ")) if same_as else (),
        sources[source],
        note,
    )


@cache
def _by_id() -> dict[str, Indicator]:
    return {indicator.id: indicator for indicator in indicators()}


def indicator(id_: str) -> Indicator:
    """The indicator with this id; ``KeyError`` where there is none."""
    return _by_id()[id_]


_NOTE = re.compile(r"\([^()]*\)")
_TIDY: dict[int, str | None] = {ord(full): chr(ord(full) - 0xFEE0) for full in map(chr, range(0xFF01, 0xFF5F))}
_TIDY |= dict.fromkeys(map(ord, " \t\r\u3000\u00a0\"'“”‘’「」『』《》〈〉〔〕[]()"))
_BRACKETS = str.maketrans("\uff08\uff09〔〕[]【】", "()()()()")


def spelled(text: str) -> str:
    """One spelling for what is written in several, brackets with their notes left out; lines stay lines."""
    text = _NOTE.sub("", text.translate(_BRACKETS)).translate(_TIDY).upper()
    for written, instead in _table().spellings:
        text = text.replace(written, instead)
    return text


@cache
def _names() -> _Names:
    table = _table()
    written = [(indicator.id, (indicator.name, *indicator.aliases)) for indicator in indicators()]
    lines = spelled("\n".join(chain.from_iterable(names for _, names in written))).split("\n")
    ids = dict(zip(lines, chain.from_iterable([id_] * len(names) for id_, names in written), strict=True))
    return _Names(ids, frozenset(spelled("\n".join(table.heads.split())).split("\n")), frozenset(table.tails.split()))


_LONGEST_NAME = 60
_LONGEST_AFFIX = 6
_MOST_PEELS = 8
#: what stands before a name without being a word: marks, numbers of an enumeration, years, a plan's period
_LEAD = re.compile(
    r"[:;,.、。·\-—]+|\d{1,3}[.、](?!\d)|(?:\d{2,4}|[一二][\d〇○零一二三四五六七八九]{3})年|十[一二三四五六七八九]五|[五六七八九]五(?=末|时期|期间|计划|以来)|第[一二三四五六七]个五年计划"
)
#: a place by its suffix; 城…, 东盟 and …贫… are none here, for they make another indicator (城市居民, 对东盟进出口, 贫困县农民)
_PLACE = re.compile(r"(?!城[市镇乡]|农|东盟|.{0,5}贫)[\u4e00-\u9fff]{1,6}?[省市县区州盟旗港](?=.{2})")
_LATER = re.compile(r"(?:由|从|较|比)(?:上年|去年|前|\d{4}年).*$|连续[\d一二三四五六七八九十两多]{1,3}年$")


@lru_cache(maxsize=16384)
def indicator_id(name: str) -> str:
    """The id of the indicator that these words name; "" where the catalogue knows none.

    The words may carry a place, a year, a verb, quotation marks, a note in brackets before the name, and 增速, 总额, 达到 … after it.

    >>> indicator_id("预计全县地区生产总值(GDP)增速")
    'gdp'
    >>> indicator_id("天气")
    ''
    """
    if not name or len(name) > _LONGEST_NAME:
        return ""
    names = _names()
    left = _LATER.sub("", spelled(name.replace("\n", "")))
    for _ in range(_MOST_PEELS):
        if found := _without_tails(left, names):
            return found
        shorter = _without_head(left, names.heads)
        if shorter == left:
            return ""
        left = shorter
    return ""


def _without_tails(name: str, names: _Names) -> str:
    for _ in range(_MOST_PEELS):
        if found := names.ids.get(name):
            return found
        for size in range(min(_LONGEST_AFFIX, len(name) - 1), 0, -1):
            if name[-size:] in names.tails and not _is_size_of_trade(name, size):
                name = name[:-size]
                break
        else:
            return ""
    return ""


def _is_size_of_trade(name: str, size: int) -> bool:
    """True for 某产业规模: it may be output, revenue or value added, while the bare 某产业 grows in value added."""
    return name.endswith("规模") and name[:-size].endswith("业")


def _without_head(name: str, heads: frozenset[str]) -> str:
    if lead := _LEAD.match(name):
        return name[lead.end() :]
    for size in range(min(_LONGEST_AFFIX, len(name) - 1), 0, -1):
        if name[:size] in heads:
            return name[size:]
    place = _PLACE.match(name)
    return name[place.end() :] if place else name
