"""Which unit a complaint goes to, by what it is about and where it is; with the reason, or with what is unclear.

The table is a file of the office (``dispatching.yaml`` shows one): who answers for which category, where, and which unit each place has. Of the
duties that fit, the one for the most specific category decides, among those the one for the closest place; its first unit leads, the others
assist (首接负责). No duty fits: the unit of the place takes it (属地). Two decide alike and name different leaders: a person decides.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from itertools import combinations
from typing import Final

import msgspec

from luoshi.errors import BadTable
from luoshi.tables import load_table

#: stands in a duty for the unit of the town or community that the matter lies in
LOCAL: Final = "属地"
#: a duty for whatever it is about
ANY: Final = "*"
_CODE: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:[0-9]{3}(?:[0-9]{3})?)?)?")
_CATEGORY: Final = re.compile(r"\*|[^\s/*]{1,40}(?:/[^\s/*]{1,40}){0,4}")
_LEVELS: Final = {6: "区县", 9: "镇街", 12: "村社", 15: "网格"}


class Place(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place of the table. ``code``: six digits a county (GB/T 2260), nine a town, twelve a village or community, fifteen a grid; each begins
    with that of the place around it. ``also``: other names that a text may say for it, as of estates and roads that lie wholly within.
    ``unit``: who takes what nobody else answers for there; empty: that of the place around it.
    """

    code: str
    name: str
    unit: str = ""
    also: tuple[str, ...] = ()


class Duty(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who answers for a category: a path as 市容环境/路灯 with all below it, or ``*``; ``places`` empty: everywhere. The first unit leads."""

    category: str
    units: tuple[str, ...]
    source: str
    places: tuple[str, ...] = ()


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A demand and where it must go: units with the leader first, or none and what the doubt must say."""

    category: str
    location: str = ""
    area: str = ""
    units: tuple[str, ...] = ()
    doubt: str = ""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The table of an office with the cases that it must decide rightly."""

    title: str
    source: str
    places: tuple[Place, ...]
    duties: tuple[Duty, ...]
    cases: tuple[Case, ...] = ()


class Assigned(msgspec.Struct, frozen=True):
    """The unit that leads, those that assist, the place (code, empty where none is known) and why, in words."""

    lead: str
    support: tuple[str, ...]
    place: str
    reason: str


class Unclear(msgspec.Struct, frozen=True):
    """Nobody can be named: why, and who it may be."""

    reason: str
    candidates: tuple[str, ...] = ()


class Overlap(msgspec.Struct, frozen=True):
    """Two duties (by their number in the table, from 1 on) that decide alike and name different leaders."""

    one: int
    other: int
    reason: str


@cache
def shipped() -> Table:
    """The table of the fictional district, checked: an example to copy."""
    return checked(load_table("luoshi.loop", "dispatching.yaml", Table), where="luoshi/loop/dispatching.yaml")


def read_table(raw: bytes, *, where: str) -> Table:
    """The table that the bytes of a YAML file hold; ``BadTable`` names the file and what does not fit."""
    try:
        return checked(msgspec.yaml.decode(raw, type=Table), where=where)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise BadTable(str(error), where=where, remedy="请对照声明的字段改正") from error


def checked(table: Table, *, where: str) -> Table:
    """The same table, once every code, category, place and unit of it can be; else ``BadTable`` with all that cannot."""
    wrong = list(_wrong(table))
    if wrong:
        raise BadTable("；".join(wrong[:5]), where=where, remedy="请改正后再用")
    return table


def _wrong(table: Table) -> Iterator[str]:
    codes = [place.code for place in table.places]
    for number, place in enumerate(table.places, 1):
        if not _CODE.fullmatch(place.code):
            yield f"places[{number}] 的代码“{place.code}”不是 6、9、12 或 15 位数字"
        elif codes.count(place.code) > 1:
            yield f"places[{number}] 的代码 {place.code} 重复"
        if not place.name.strip() or not all(name.strip() for name in place.also):
            yield f"places[{number}] 有空的名称"
    for number, duty in enumerate(table.duties, 1):
        if not _CATEGORY.fullmatch(duty.category):
            yield f"duties[{number}] 的类别“{duty.category}”应当像“市容环境/路灯”"
        if not duty.units or not all(unit.strip() for unit in duty.units) or len(set(duty.units)) < len(duty.units):
            yield f"duties[{number}] 的单位是空的或重复"
        if not duty.source.strip():
            yield f"duties[{number}] 没有依据"
        yield from (f"duties[{number}] 的地点 {code} 不在 places 里" for code in duty.places if code not in codes)


def dispatch(table: Table, category: str, *, location: str = "", area: str = "") -> Assigned | Unclear:
    """Where a demand goes. ``category``: its path. ``area``: the code that came with it; ``location``: the place in words.

    >>> dispatch(shipped(), "市容环境/路灯", location="柳溪街道晨光花园东门外").lead
    '区城管局'
    """
    place = _placed(table, location, area)
    if isinstance(place, Unclear):
        return place
    best = _best(table, category, place)
    if not best:
        return _local(table, category, place)
    leaders = {_units(table, duty, place)[:1] for _, duty in best}
    if len(leaders) > 1:
        candidates = tuple(dict.fromkeys(unit for _, duty in best for unit in _units(table, duty, place)[:1]))
        return Unclear(f"“{category}”有 {len(leaders)} 条职责同样适用，主办单位不同：{'、'.join(candidates)}", candidates)
    number, duty = best[0]
    units = tuple(dict.fromkeys(unit for _, one in best for unit in _units(table, one, place)))
    if LOCAL in units:
        return Unclear(f"“{category}”按第 {number} 条由属地承担，但地点不清楚", tuple(unit for unit in units if unit != LOCAL))
    return Assigned(units[0], units[1:], place, _why(table, number, duty, category, units))


def _why(table: Table, number: int, duty: Duty, category: str, units: Sequence[str]) -> str:
    names = {place.code: place.name for place in table.places}
    where = f"在{'、'.join(names[code] for code in duty.places)}" if duty.places else ""
    together = f"；{'、'.join(units[1:])}协办，{units[0]}首接负责、牵头协调" if len(units) > 1 else ""
    return f"“{category}”{where}由{units[0]}主办（第 {number} 条：{duty.source}）{together}"


def _best(table: Table, category: str, place: str) -> list[tuple[int, Duty]]:
    """The duties that decide: of those that fit the most specific category, and of these the closest place; with their numbers."""
    fitting = [
        (_depth(duty.category), _closeness(duty, place), number, duty)
        for number, duty in enumerate(table.duties, 1)
        if _covers(duty.category, category) and _closeness(duty, place) is not None
    ]
    if not fitting:
        return []
    most = max((depth, closeness or 0) for depth, closeness, _, _ in fitting)
    return [(number, duty) for depth, closeness, number, duty in fitting if (depth, closeness or 0) == most]


def _depth(category: str) -> int:
    return 0 if category == ANY else category.count("/") + 1


def _covers(wide: str, category: str) -> bool:
    return wide in (ANY, category) or category.startswith(f"{wide}/")


def _closeness(duty: Duty, place: str) -> int | None:
    """How many digits of the place the duty names; 0 where it is for everywhere, nothing where it is for elsewhere."""
    if not duty.places:
        return 0
    return max((len(code) for code in duty.places if place.startswith(code)), default=None)


def _units(table: Table, duty: Duty, place: str) -> tuple[str, ...]:
    """The units of a duty, with that of the place for 属地 where it is known."""
    local = _unit_of(table, place)
    return tuple(dict.fromkeys(local[0] if unit == LOCAL and local else unit for unit in duty.units))


def _unit_of(table: Table, code: str) -> tuple[str, str] | None:
    """The unit of the closest place around the code that has one, and the name of that place; towns and below only."""
    around = [place for place in table.places if place.unit and len(place.code) > 6 and code.startswith(place.code)]
    closest = max(around, key=lambda place: len(place.code), default=None)
    return (closest.unit, closest.name) if closest else None


def _local(table: Table, category: str, place: str) -> Assigned | Unclear:
    local = _unit_of(table, place)
    if local is None:
        return Unclear(f"没有“{category}”的职责，也不知道在哪个镇街")
    return Assigned(local[0], (), place, f"没有“{category}”的职责，由属地承担：在{local[1]}")


def _placed(table: Table, location: str, area: str) -> str | Unclear:
    """The code of the closest place that the code and the words agree on; empty where they tell none."""
    known = {place.code: place for place in table.places}
    stated = next((area[:length] for length in (15, 12, 9, 6) if len(area) >= length and area[:length] in known), "")
    if area and not stated:
        return Unclear(f"区划代码 {area} 不在派单表里")
    named = _named(table, location)
    if stated and any(code.startswith(stated) or stated.startswith(code) for code in named):
        named = {code for code in named if code.startswith(stated) or stated.startswith(code)}
    elif stated and named:
        return Unclear(f"区划代码是{known[stated].name}，文字却说{'、'.join(known[code].name for code in sorted(named))}")
    closest = [
        code for code in sorted(named | {stated} - {""}) if not any(other != code and other.startswith(code) for other in named | {stated})
    ]
    if len(closest) > 1:
        units = tuple(dict.fromkeys(unit[0] for code in closest if (unit := _unit_of(table, code))))
        return Unclear(f"地点不止一个：{'、'.join(_full(known, code) for code in closest)}", units)
    return closest[0] if closest else ""


def _full(known: Mapping[str, Place], code: str) -> str:
    """The name of a place with that of the town around it."""
    town = known.get(code[:9])
    return f"{town.name}{known[code].name}" if town and len(code) > 9 else known[code].name


def _named(table: Table, location: str) -> set[str]:
    """The places that the words name, the longest name at each spot; of places with one name those in a town that is named too."""
    by_name: dict[str, set[str]] = {}
    for place in table.places:
        for name in (place.name, *place.also):
            by_name.setdefault(name, set()).add(place.code)
    if not location or not by_name:
        return set()
    pattern = "|".join(re.escape(name) for name in sorted(by_name, key=lambda name: (-len(name), name)))
    spots = [by_name[match[0]] for match in re.finditer(pattern, location)]
    sure = {code for codes in spots if len(codes) == 1 for code in codes}
    found = set(sure)
    for codes in (codes for codes in spots if len(codes) > 1):
        within = {code for code in codes if any(code.startswith(one) or one.startswith(code) for one in sure if len(one) > 6)}
        found |= within or codes
    return found


def overlapping(table: Table) -> tuple[Overlap, ...]:
    """The pairs of duties that would leave the decision to a person: one category, a place in common at one level, different leaders."""
    return tuple(
        Overlap(
            one,
            other,
            f"第 {one} 条与第 {other} 条都管“{first.category}”{_shared(table, first, second)}，主办不同：{first.units[0]}、{second.units[0]}",
        )
        for (one, first), (other, second) in combinations(enumerate(table.duties, 1), 2)
        if first.category == second.category and first.units[0] != second.units[0] and _meet(first, second)
    )


def _meet(first: Duty, second: Duty) -> bool:
    return not (first.places or second.places) or bool(set(first.places) & set(second.places))


def _shared(table: Table, first: Duty, second: Duty) -> str:
    names = [place.name for place in table.places if place.code in set(first.places) & set(second.places)]
    return f"（{'、'.join(names)}）" if names else ""


def failing(table: Table) -> Iterator[str]:
    """The cases of the table that it does not decide as they say, in words; nothing where all are right."""
    for number, case in enumerate(table.cases, 1):
        found = dispatch(table, case.category, location=case.location, area=case.area)
        if isinstance(found, Assigned):
            told = "、".join((found.lead, *found.support))
            right = case.units == (found.lead, *found.support) and not case.doubt
        else:
            told, right = found.reason, not case.units and bool(case.doubt) and case.doubt in found.reason
        if not right:
            yield f"第 {number} 例（{case.category}，{case.location or case.area or '没有地点'}）：{told}"


def level_of(code: str) -> str:
    """What kind of place the code is of, in Chinese.

    >>> level_of("349901001")
    '镇街'
    """
    return _LEVELS[len(code)]
