"""Figures that may be held against each other: results for one place and one year, whole, on a known basis. What is in doubt is left out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, cached_property
from typing import Final

import msgspec

from luoshi.extract import catalogue
from luoshi.link.contradiction import RATES, Subject, table
from luoshi.link.link import Quoted
from luoshi.link.naming import core, fronted, is_bare, is_soft
from luoshi.link.reaching import number
from luoshi.link.scene import Scene, scene
from luoshi.link.source import Measured, Source
from luoshi.link.telling import quoted
from luoshi.link.words import loose
from luoshi.link.working import rounding

#: how far a figure with 约, 近 or 左右 may be off: a share of a level, points of a rate
ROUGHLY: Final = Decimal("0.05")
ROUGHLY_POINTS: Final = Decimal("0.5")
#: the shortest core of a name outside the catalogue by which two documents may speak of one thing
_SHORTEST_CORE = 4
#: years that a report looks back: a term of office
_LONGEST_VIEW: Final = 5
_COMPARATORS: Final = frozenset({"eq", "ge", "le", "approx", "range"})
_JOINTS = re.compile(r"[、和及与]|以及")
#: the amount is the old one: 由90%上升至95%
_FROM = re.compile(r"(?:由|从|比(?![重例率值])|(?<!比)较|自(?!治))[^，。；：,;]{0,14}$|原来?的?$")
_TO = re.compile(r"[至到]|突破|跃升|超过|达|增[长加]|[为成]")
_ROW_BEFORE = re.compile(r"[、和及与]$")
_ROW_AFTER = re.compile(r"[、和及与]")
_DIGIT = re.compile(r"[\d%％元]")
#: the figure is one to come, whatever its role was read as
_TO_COME = re.compile(r"将[^，。；]{0,12}$|将(?:增长|达到|增加)|计划")
_DATED = re.compile(r"(?:由|从)(?:((?:19|20)\d\d)年|上年|去年)[末底]?的?$")
_BRACKETS = re.compile(r"[（(][^（()）]*[）)]")
_MORE_THAN = re.compile(r"^\s*(?:[余多]|以上|左右|上下)")


class Figure(msgspec.Struct, frozen=True, dict=True):
    """A result with what it may be: from ``low`` to ``high`` (``None``: open) by its digits and hedges; a drop is below zero."""

    scene: Scene
    identity: str
    year: int

    @property
    def measure(self) -> Measured:
        return self.scene.measure

    @property
    def source(self) -> Source:
        return self.scene.source

    @cached_property
    def value(self) -> Decimal:
        value = number(self.measure.value) or Decimal(0)
        return -value if self.is_down else value

    @property
    def is_down(self) -> bool:
        return self.measure.measure in {"growth", "change"} and self.measure.direction == "down"

    @cached_property
    def half(self) -> Decimal:
        """Half a unit of the last digit that is written."""
        text = self.measure.text
        if self.measure.comparator != "range" and any(sign.isdigit() for sign in text) and text.count(".") <= 1:
            return rounding(text, abs(self.value))
        return _last_place(abs(self.value)) / 2

    @cached_property
    def slack(self) -> Decimal:
        """How far the figure may be off by its digits, or by the word that makes it a rough one."""
        if self.measure.comparator == "approx" or _MORE_THAN.match(self.scene.after):
            rough = ROUGHLY_POINTS if self.measure.unit in RATES else abs(self.value) * ROUGHLY
            return max(self.half, rough)
        return self.half

    @cached_property
    def low(self) -> Decimal | None:
        if self.measure.comparator == ("ge" if self.is_down else "le"):
            return None
        return self.value - self.slack

    @cached_property
    def high(self) -> Decimal | None:
        if self.measure.comparator == ("le" if self.is_down else "ge"):
            return None
        if self.measure.comparator == "range" and self.measure.value_max is not None:
            return max(self.value, number(self.measure.value_max) or self.value) + self.slack
        return self.value + self.slack

    @property
    def is_exact(self) -> bool:
        return self.measure.comparator == "eq" and not _MORE_THAN.match(self.scene.after)

    @cached_property
    def quoted(self) -> Quoted:
        return quoted(self.source, self.measure.start, self.measure.end, self.measure.id)

    @cached_property
    def name(self) -> str:
        if self.identity.startswith("id:"):
            return catalogue.indicator(self.identity[3:]).name
        return self.identity

    @property
    def indicator_id(self) -> str:
        return self.identity[3:] if self.identity.startswith("id:") else ""

    @cached_property
    def sentence(self) -> tuple[int, int]:
        return self.source.sentence(self.measure.start, self.measure.end)


def _last_place(value: Decimal) -> Decimal:
    """The place of the last figure that is not 0: 10000 of 三十七万."""
    exponent = value.normalize().as_tuple().exponent
    return Decimal(10) ** exponent if value and isinstance(exponent, int) else Decimal(0)


Key = tuple[str, int, str]


class Figures(msgspec.Struct, frozen=True, dict=True):
    """The figures of one place, by identity, year and kind of measure."""

    place: str
    found: tuple[Figure, ...]

    @cached_property
    def by_key(self) -> Mapping[Key, tuple[Figure, ...]]:
        held: dict[Key, list[Figure]] = {}
        for one in self.found:
            held.setdefault((one.identity, one.year, one.measure.measure), []).append(one)
        return {key: tuple(ones) for key, ones in held.items()}

    def of(self, identity: str, year: int, kind: str) -> tuple[Figure, ...]:
        return self.by_key.get((identity, year, kind), ())


def by_place(sources: Iterable[Source]) -> tuple[Figures, ...]:
    """The figures of each place, places by code, figures by document and place in the text."""
    documents = sorted(sources, key=lambda one: (one.place, one.plan_year or 0, one.key))
    held: dict[str, list[Figure]] = {}
    for source in documents:
        held.setdefault(source.place, []).extend(figures(source))
    return tuple(Figures(place, tuple(found)) for place, found in held.items() if place)


def figures(source: Source) -> tuple[Figure, ...]:
    """The results of a document that stand for its whole place and one year, in the order of the text."""
    found = []
    for measure in source.measures:
        if measure.role == "target" or measure.value is None or measure.years is not None or measure.year is None:
            continue
        if (
            measure.comparator not in _COMPARATORS
            or measure.measure not in {"level", "growth", "change"}
            or not _is_recent(source, measure.year)
        ):
            continue
        one = scene(source, measure)
        if measure.role == "attribute" and not _is_dated(one):
            continue
        identity = identity_of(one)
        if identity and is_whole(one):
            found.append(Figure(one, identity, measure.year))
    return tuple(found)


def _is_dated(one: Scene) -> bool:
    """True for an old level with its year: 由2019年的82亿元增加到…."""
    match = _DATED.search(one.before)
    if match is None or one.measure.measure != "level":
        return False
    return one.measure.year == (int(match[1]) if match[1] else (one.source.review_year or 0) - 1)


def _is_recent(source: Source, year: int) -> bool:
    """True for a year that the document may account for; a figure of long ago is a comparison, often with a year misread."""
    last = source.review_year or (source.plan_year - 1 if source.plan_year else None)
    return last is not None and last - _LONGEST_VIEW <= year <= last


def identity_of(one: Scene, *, shortest: int = _SHORTEST_CORE) -> str:
    """What an amount is of: ``id:`` and the id of the catalogue where the name says no more than its entry, else the core of the name; ""
    where names are too loose to hold two documents against each other."""
    indicator = one.indicator_id
    if indicator in words("lumped") or _JOINTS.search(one.name):
        return ""
    if indicator and indicator not in loose() and indicator not in words("by_name"):
        return f"id:{indicator}" if _is_plainly(indicator, one.name) else core(one.name)
    own = core(one.name)
    return own if len(own) >= shortest and not is_bare(own) and not own[0].isdigit() else ""


@cache
def _names_of(indicator: str) -> frozenset[str]:
    entry = catalogue.indicator(indicator)
    return frozenset(core(catalogue.spelled(name)) for name in (entry.name, *entry.aliases))


def _is_plainly(indicator: str, name: str) -> bool:
    """True where a name says no more than the catalogue does: 全市一般公共预算收入, not 规模以上服务业营业收入中的…."""
    own = core(catalogue.spelled(fronted(name)))
    if own in _names_of(indicator):
        return True
    return any(own.endswith(known) and is_soft(own.removesuffix(known)) for known in _names_of(indicator))


def is_whole(one: Scene) -> bool:
    """True for an amount of the whole place and the whole year, on the basis that is published."""
    if one.is_part_of_year or one.is_of_several_years or one.places or one.scope:
        return False
    if "分别" in one.before or _is_one_of_several(one) or (one.measure.year == one.source.review_year and _is_old(one.before)):
        return False
    sentence = _BRACKETS.sub("", one.lead) + one.before
    if _TO_COME.search(sentence) or any(word in sentence for word in words("supposed")):
        return False
    return not _is_apart(one) and not any(word in one.before or word in one.after for word in words("reckoned"))


def _is_apart(one: Scene) -> bool:
    """True where the words in front say that the amount is of a part of the place, or of another place."""
    own = one.own.removeprefix("其中") if one.indicator_id else one.own
    return any(word in own for word in words("of_a_part")) or any(word in one.lead or word in one.before for word in words("elsewhere"))


def _is_one_of_several(one: Scene) -> bool:
    """True where the name is one of several in a row: GDP产出和税收分别为…，增长7.1%、21.5%."""
    start = one.measure.name_start
    if start < 0:
        return False
    text = one.source.text
    before, after = text[max(0, start - 3) : start], text[start + len(one.measure.name) :][:2]
    return bool(_ROW_BEFORE.search(before) and not _DIGIT.search(before)) or bool(_ROW_AFTER.match(after))


def _is_old(before: str) -> bool:
    match = _FROM.search(before)
    return match is not None and not _TO.search(match[0][1:])


@cache
def words(part: str) -> tuple[str, ...]:
    """The words of a list in ``contradictions.yaml``."""
    return tuple(dict.fromkeys(getattr(table().words, part).split()))


def basis_words(one: Scene) -> tuple[str, ...]:
    """The words in and around the clause that say the growth is on another basis."""
    around = one.before + one.after
    return tuple(word for word in words("other_basis") if word in around)


def apart(one: Figure, two: Figure) -> tuple[Decimal, Decimal] | None:
    """(gap, allowance) of two figures that cannot both be right; ``None`` where their digits and hedges allow it."""
    if one.low is not None and two.high is not None and one.low > two.high:
        return abs(one.value - two.value), one.slack + two.slack
    if two.low is not None and one.high is not None and two.low > one.high:
        return abs(one.value - two.value), one.slack + two.slack
    return None


def subject_of(one: Figure) -> Subject:
    """Whose figure it is."""
    return Subject(one.source, one.year or None, one.name, one.indicator_id)


def told_growth(one: Figure) -> str:
    """What the text says of a growth: 原文增长6.5%."""
    return f"原文{'下降' if one.is_down else '增长'}{one.measure.text}"


def label(one: Figure) -> str:
    """The amount as its document writes it, with the year of the document."""
    said = one.source.plan_year or one.source.review_year
    return f"{said}年报告“{one.measure.text}”" if said else f"“{one.measure.text}”"
