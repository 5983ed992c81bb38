"""Regions: the divisions of GB/T 2260 with their years, the development zones, and a stable code for any other place that a document names.

Pure knowledge, no table: what a ledger stores of it is its own affair. Levels: national, province, city, county, township, zone; ``""`` where
the name does not tell. Sources and limits: ``docs/regions.md``.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import msgspec

from luoshi.ledger.ids import ident
from luoshi.outline import divisions
from luoshi.outline.divisions import Division
from luoshi.outline.outline import Level

#: the code of the nation, parent of the provinces and of what has no known parent
NATION = "000000"


class Region(msgspec.Struct, frozen=True, gc=False):
    """A place that may own documents and units.

    ``code``: GB/T 2260, or ``z…`` of a place that it does not hold, made from the full name. ``valid_from`` and ``valid_to``: first and last
    year of this name (0: open). ``successor``: the code of the place in force now, where it is another. ``kind``: nation, division, place (a
    name that no list holds), or of a zone new-area, economic, high-tech, bonded, resort, zone. ``seat``: the division that a zone lies in.
    """

    code: str
    name: str
    full_name: str
    level: Level
    parent: str
    valid_from: int = 0
    valid_to: int = 0
    successor: str = ""
    kind: str = "division"
    seat: str = ""
    national: bool = False
    approved: int = 0
    short_names: tuple[str, ...] = ()


_NATION = Region(NATION, "全国", "全国", "national", "", kind="nation", short_names=("中国", "国家", "国务院", "中华人民共和国"))
#: the statistics give these to zones inside a city; GB/T 2260 does not hold them
_STATISTICAL = tuple(str(number) for number in range(71, 80))
#: a zone's ending and the short ones that people write for it
_SHORTENED = (
    ("高新技术产业开发区", "高新区"),
    ("高新技术产业园区", "高新区"),
    ("高技术产业开发区", "高新区"),
    ("新技术开发区", "高新区"),
    ("经济技术开发区", "经开区"),
    ("经济开发区", "经开区"),
    ("综合保税区", "综保区"),
)
_SAME_ENDING = (
    ("高新技术开发区", "高新技术产业开发区"),
    ("高新区", "高新技术产业开发区"),
    ("经开区", "经济技术开发区"),
    ("综保区", "综合保税区"),
)
_ZONE = re.compile(
    r"(?:开发区|高新区|经开区|新区|示范区|保税区|综保区|保税港区|度假区|合作区|园区|产业园|工业园|功能区|管理区|试验区|实验区|林区|投资区)$"
)
_STEPS: tuple[tuple[re.Pattern[str], Level], ...] = (
    (re.compile("[\u4e00-\u9fff]{2,}?(?:特别行政区|自治区|省)"), "province"),
    (re.compile("[\u4e00-\u9fff]{2,}?(?:自治州|地区|市|州|盟)"), "city"),
    (re.compile("[\u4e00-\u9fff]{2,}?(?:自治县|自治旗|新区|县|区|旗|市)"), "county"),
    (re.compile("[\u4e00-\u9fff]{1,}?(?:街道|镇|乡)(?:办事处)?"), "township"),
)
_ORDER: tuple[Level, ...] = ("national", "province", "city", "county", "township", "zone", "")


def normal_name(name: str) -> str:
    """A region's name as it is compared: no blanks, full-width forms made plain, 中华人民共和国 and 中国 in front left out.

    >>> normal_name(" 云川省　澜州市")
    '云川省澜州市'
    """
    name = "".join(unicodedata.normalize("NFKC", name).split())
    return re.sub("^(?:中华人民共和国|中国)(?=[^-])", "", name)


@cache
def regions() -> tuple[Region, ...]:
    """Every region known without a document: the nation, one for each code that GB/T 2260 had (under its last name), the zones; by code."""
    known = [_NATION, *(_of(max(rows, key=_age), None) for rows in _rows().values()), *_zones().values()]
    return tuple(sorted(known, key=lambda region: region.code))


@cache
def _rows() -> dict[str, list[Division]]:
    """Code → the names that it had."""
    found: dict[str, list[Division]] = {}
    for name in sorted({name for names in divisions.stems().values() for name in names}):
        for division in divisions.named(name):
            if division.code[4:] not in _STATISTICAL:
                found.setdefault(division.code, []).append(division)
    return found


def _age(division: Division) -> tuple[int, int]:
    return (division.until or 9999, division.since)


def history(code: str) -> tuple[Region, ...]:
    """The region under each name that its code had, oldest first; empty where the code is none of GB/T 2260."""
    return tuple(_of(row, row.until or None) for row in sorted(_rows().get(code, ()), key=_age))


def region_of(code: str, year: int | None = None, places: Mapping[str, Region] | None = None) -> Region | None:
    """The region of a code as it was named in ``year``; ``places`` adds those that the ledger has and no list holds.

    >>> region_of("340103").full_name, region_of("110221", 1990).successor
    ('安徽省合肥市庐阳区', '110114')
    """
    if code == NATION:
        return _NATION
    return _divided(code, year) or _zones().get(code) or (places or {}).get(code)


def _divided(code: str, year: int | None = None) -> Region | None:
    rows = _rows().get(code, [])
    held = [row for row in rows if row.holds(year)] or rows
    return _of(max(held, key=_age), year) if held else None


@cache
def _of(division: Division, year: int | None) -> Region:
    year = year or division.until or None
    parent = _above(division.code)
    above = _divided(parent, year)
    return Region(
        code=division.code,
        name=division.name,
        full_name=(above.full_name if above else "") + division.name,
        level=division.level,
        parent=parent,
        valid_from=division.since,
        valid_to=division.until,
        successor=division.successor if division.successor != division.code else "",
        kind="division",
    )


def _above(code: str) -> str:
    """The code of the division above: that of the city, where there is one with a name, else of the province, else of the nation."""
    if code[2:] == "0000":
        return NATION
    city = code[:4] + "00"
    return city if code != city and city in _rows() else code[:2] + "0000"


def ancestors(code: str, places: Mapping[str, Region] | None = None) -> tuple[str, ...]:
    """The codes above, nearest first, the nation last; empty for the nation and for a code that nobody knows.

    >>> ancestors("340103"), ancestors("110116"), ancestors("419001")
    (('340100', '340000', '000000'), ('110000', '000000'), ('410000', '000000'))
    """
    found: list[str] = []
    region = region_of(code, places=places)
    while region is not None and region.parent and region.parent not in found:
        found.append(region.parent)
        region = region_of(region.parent, places=places)
    return tuple(found)


def lies_in(code: str, above: str, places: Mapping[str, Region] | None = None) -> bool:
    """True where a region is ``above`` or lies somewhere under it."""
    return code == above or above in ancestors(code, places)


def children(code: str, places: Mapping[str, Region] | None = None) -> tuple[Region, ...]:
    """The regions right under a code that are in force, by code."""
    found = [*_under().get(code, ()), *(place for place in (places or {}).values() if place.parent == code)]
    return tuple(region for region in found if not region.valid_to)


@cache
def _under() -> dict[str, list[Region]]:
    found: dict[str, list[Region]] = {}
    for region in regions():
        found.setdefault(region.parent, []).append(region)
    return found


def find_region(full_name: str, year: int | None = None, level: Level = "") -> Region | None:
    """The region that a full name means, as ``DocumentFact.region`` writes it; ``None`` for an empty name only.

    >>> find_region("安徽省合肥市庐阳区").code
    '340103'
    >>> find_region("云川省澜州市栖山区").level, find_region("云川省澜州市栖山区").kind
    ('county', 'place')
    """
    chain = region_chain(full_name, year, level)
    return chain[-1] if chain else None


def region_chain(full_name: str, year: int | None = None, level: Level = "") -> tuple[Region, ...]:
    """The regions that a full name goes through, the nation first and the one that it means last; each has the one before as its parent.

    A name that no list holds gets a code made from it (``z…``), as a place under the longest part of the name that is known; of several
    steps (云川省澜州市栖山区) each is a place. ``level`` is that of the last, where its name does not tell it.
    """
    name = normal_name(full_name)
    if not name:
        return ()
    if name == _NATION.name or name in _NATION.short_names:
        return (_NATION,)
    divided = any(row.code[4:] not in _STATISTICAL for row in divisions.named(name))
    zone = None if divided else _zone_named(name, _NATION)
    known, rest = ([], name) if zone else _known(name, year)
    chain = [_NATION, *known]
    if not rest:
        return tuple(chain)
    zone = zone or _zone_named(rest, chain[-1])
    if zone is not None:
        above = [region_of(code, year) for code in reversed(ancestors(zone.code))]
        return (*(region for region in above if region is not None), zone)
    for step, told in _steps(rest, chain[-1].level, level):
        chain.append(_place(step, told, chain[-1]))
    return tuple(chain)


def _known(name: str, year: int | None) -> tuple[list[Region], str]:
    """The divisions that a name begins with, each with what lies between it and the one before, and what is left."""
    whole = _full_names().get(name)
    if whole:
        held = [row for row in whole if row.holds(year)] or whole
        region = _of(max(held, key=_age), year)
        above = [region_of(code, year) for code in reversed(ancestors(region.code))]
        return [*(place for place in above if place is not None and place.code != NATION), region], ""
    found: list[Region] = []
    while name:
        step = _longest(name, found[-1].code if found else "", year)
        if step is None:
            break
        division, length = step
        between = [region_of(code, year) for code in reversed(ancestors(division.code))]
        have = {region.code for region in found} | {NATION}
        found += [region for region in between if region is not None and region.code not in have]
        found.append(_of(division, year))
        name = name[length:]
    return found, name


@cache
def _full_names() -> dict[str, list[Division]]:
    """Full name → the divisions that had it."""
    found: dict[str, list[Division]] = {}
    for rows in _rows().values():
        for row in rows:
            found.setdefault(_of(row, row.until or None).full_name, []).append(row)
    return found


def _longest(name: str, above: str, year: int | None) -> tuple[Division, int] | None:
    """The division with the longest name that ``name`` begins with and that lies in ``above``; none where several do and none is told."""
    for end in range(min(len(name), 15), 1, -1):
        word = name[:end]
        named = divisions.named(word)
        if not named and end < len(name) and not above:  # 安徽合肥市: the short name of a province
            named = [row for full in divisions.stems().get(word, ()) for row in divisions.named(full) if row.level == "province"]
        rows = [row for row in named if row.code[4:] not in _STATISTICAL and _inside(row.code, above)]
        held = [row for row in rows if row.holds(year)] or rows
        if len({row.code for row in held}) > 1 and year is None:
            held = [row for row in held if not row.until] or held
        if len({row.code for row in held}) == 1:
            return max(held, key=_age), end
        if held and above:  # one place that had several codes
            return max(held, key=_age), end
    return None


def _inside(code: str, above: str) -> bool:
    return not above or (code != above and code.startswith(above[:2] if above[2:] == "0000" else above[:4]) and above[4:] == "00")


def _steps(rest: str, above: Level, level: Level) -> list[tuple[str, Level]]:
    """What is left of a name cut at 省, 市, 区 and 镇, each with its level; a zone's name stays whole. ``level`` is the last one's, if known."""
    found: list[tuple[str, Level]] = []
    while rest:
        word, told = _step(rest, above)
        found.append((word, told))
        rest, above = rest[len(word) :], "county" if told in {"zone", ""} else told
    word, told = found[-1]
    return [*found[:-1], (word, told if told == "zone" else level or told)]


def _step(rest: str, above: Level) -> tuple[str, Level]:
    """The first of the places that a name goes through, under a place of the level ``above``."""
    if _is_zone(rest) and not any(pattern.match(rest[:-1]) for pattern, told in _STEPS if _ORDER.index(told) > _ORDER.index(above)):
        return rest, "zone"
    for pattern, told in _STEPS:
        match = pattern.match(rest) if _ORDER.index(told) > _ORDER.index(above) else None
        if match is not None and not (match[0] == rest and _is_zone(rest)):
            return match[0], "zone" if _is_zone(match[0]) else told
    return rest, "zone" if _is_zone(rest) else ""


def _is_zone(name: str) -> bool:
    return name != "新区" and _ZONE.search(name) is not None


def _place(name: str, level: Level, above: Region) -> Region:
    for ending, full in _SAME_ENDING:
        if level == "zone" and name.endswith(ending) and not name.endswith(full):
            name = name[: -len(ending)] + full
            break
    full_name = ("" if above.code == NATION else above.full_name) + name
    return Region(ident("z", full_name), name, full_name, level, above.code, kind="zone" if level == "zone" else "place")


@cache
def _zones() -> dict[str, Region]:
    """Code → zone of ``zones.tsv``."""
    found: dict[str, Region] = {}
    for line in files("luoshi.ledger").joinpath("zones.tsv").read_text(encoding="utf-8").splitlines():
        if line and line[0] != "#":
            zone = _zone(*line.split("\t"))
            found[zone.code] = zone
    return found


def _zone(tail: str, parent: str, kind: str, level: str, year: str, seat: str, _statistical: str, name: str) -> Region:
    above = _divided(parent)
    full_name = (above.full_name if above else "") + tail
    return Region(
        code=ident("z", full_name),
        name=name,
        full_name=full_name,
        level="zone",
        parent=parent,
        kind="zone" if kind == "other" else kind,
        seat=seat,
        national=level == "national",
        approved=int(year or 0),
        short_names=_shorts(tail, name),
    )


def _shorts(tail: str, name: str) -> tuple[str, ...]:
    """The short names of a zone: 合肥新站高新区, 新站高新区 (the bare 高新区 is none: every city has one)."""
    found = []
    for word in dict.fromkeys((name, tail)):
        for ending, short in _SHORTENED:
            if word.endswith(ending):
                found.append(word[: -len(ending)] + short)
                break
    return tuple(word for word in dict.fromkeys(found) if len(word) > 3)


@cache
def _zone_names() -> dict[str, list[Region]]:
    """A name of a zone → the zones with it: its tail under its parent, its name in the source, with and without the province's."""
    found: dict[str, list[Region]] = {}
    for zone in _zones().values():
        above = region_of(zone.parent)
        tail = zone.full_name.removeprefix(above.full_name if above else "")
        names = {zone.name, tail}
        for code in (zone.parent, *ancestors(zone.parent)):
            place = region_of(code)
            if place is not None and place.code != NATION:
                names |= {name.removeprefix(word) for name in names for word in (place.name, divisions.stem(place.name))}
                names |= {divisions.stem(place.name) + tail} if code == zone.parent else set()
        for name in names:
            for same in {name, _longer(name)} | set(_shorts(name, name)):
                found.setdefault(same, []).append(zone)
    return found


def _longer(name: str) -> str:
    for ending, full in _SAME_ENDING:
        if name.endswith(ending) and not name.endswith(full):
            return name[: -len(ending)] + full
    return name


def _zone_named(rest: str, above: Region) -> Region | None:
    """The one zone of that name in a division; of several the one right under it, then a national one; none where that does not tell."""
    found = [zone for zone in _zone_names().get(rest, _zone_names().get(_longer(rest), ())) if above.code in ancestors(zone.code)]
    if above.code == NATION and rest in _BARE:  # without a place only a name that is nobody else's
        return None
    if rest in _BARE:  # 高新区 of a city is the one right under it
        found = [zone for zone in found if zone.parent == above.code]
    if len({zone.code for zone in found}) > 1:
        found = [zone for zone in found if zone.parent == above.code] or found
    if len({zone.code for zone in found}) > 1:
        found = [zone for zone in found if zone.national] or found
    return found[0] if len({zone.code for zone in found}) == 1 else None


_BARE = frozenset(
    {
        "高新区",
        "经开区",
        "综保区",
        "开发区",
        "新区",
        "工业园区",
        "工业园",
        "产业园区",
        "产业园",
        "经济开发区",
        "工业区",
        "度假区",
        "旅游度假区",
        "综合保税区",
    }
    | {full for _, full in _SAME_ENDING}
)
