"""Placing: whose body a unit's name means, from the words in front of it: 市财政局 in a district's document is the city's."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

import msgspec

from luoshi.ledger.naming import names, standing_of
from luoshi.ledger.regions import Region, ancestors, children, find_region, region_of
from luoshi.outline.divisions import MUNICIPALITIES, named, stem


class Placed(msgspec.Struct, frozen=True):
    """The region, the name without the words that told it, the rules used; ``doubt`` and the words ``kept`` where they did not tell."""

    region: Region | None
    rest: str
    reasons: tuple[str, ...]
    doubt: str = ""
    kept: str = ""


_LEVEL = re.compile("(?:全|我|本)?(自治区|自治州|自治县|高新区|经开区|开发区|新区|园区|省|市|县|区|州|盟|旗)")
_YOUTH = re.compile("团(省|市|县|区|州|旗)委$")
_NATION = re.compile("(?:国家|中央|中国|全国)(?=[\u4e00-\u9fff]{3,}$)")
_CHILD = re.compile("([\u4e00-\u9fff]{2,6}?(?:区|县|市|旗|州))(人民政府|政府)$")
_ZONE = re.compile("([\u4e00-\u9fff]{2,}?(?:开发区|高新区|经开区|新区|园区|示范区|起步区|保税区|综保区))(管理委员会|管委会|管委|党工委)$")
_ZONE_ENDING = re.compile("(?:高新技术产业|高新技术|经济技术|高新|经济|工业|综合)?(?:开发区|园区|新区|保税区|区)$")
#: 市 in the name of these is the city itself, 区 in that of those the district
_HIGH = {"省": ("province",), "自治区": ("province",), "市": ("city",), "州": ("city",), "自治州": ("city",), "盟": ("city",)}


def place_unit(name: str, region: Region, places: Mapping[str, Region]) -> Placed:
    """Whose body ``name`` is in a document of ``region``."""
    if standing_of(name) is not None:
        return Placed(region, name, ("context",))
    youth = _YOUTH.match(name)
    if youth:
        owner = _level_region(youth[1], region, places)
        return Placed(owner, "团委", ("level-word",)) if owner else Placed(region, "团委", (), "which-region", youth[1])
    for step in (_by_name, _by_level, _below):
        placed = step(name, region, places)
        if placed is not None:
            return placed
    return Placed(region, name, ("context",))


def own_words(region: Region) -> tuple[str, ...]:
    """The names by which a region's own documents call it, longest first: 新站高新技术产业开发区, 新站高新区, 新站区, 新站."""
    return _own_words(region)


@cache
def _own_words(region: Region) -> tuple[str, ...]:
    found = {region.full_name, region.name, *region.short_names, *(_zone_words(region) if region.level == "zone" else {stem(region.name)})}
    return tuple(sorted((word for word in found if len(word) > 1), key=lambda word: (-len(word), word)))


def _zone_words(region: Region) -> set[str]:
    """What a zone calls itself beside its full name: 新站高新区, 新站区, 新站."""
    above = region_of(region.parent)
    tail = region.full_name.removeprefix(above.full_name) if above else region.name
    match = _ZONE_ENDING.search(tail)
    base = tail[: match.start()] if match else ""
    if not match or not 2 <= len(base) <= 4:
        return {tail}
    short = base + ("高新区" if "高" in match[0] else "经开区" if "经济" in match[0] else match[0])
    district = any(row.code[:4] == region.parent[:4] for row in named(base + "区"))  # then 区 means that one
    return {tail, base, short} | (set() if district else {base + "区"})


def _by_name(name: str, region: Region, places: Mapping[str, Region]) -> Placed | None:
    """By the name of the region itself, of one above, of one beside or below it."""
    for place, near in _around(region, places):
        for word in own_words(place):
            if name.startswith(word) and _may_follow(name[len(word) :], word, place, near):
                return Placed(place, name[len(word) :], ("own-name" if place.code == region.code else "place-name",))
    return None


def _may_follow(rest: str, word: str, place: Region, near: bool) -> bool:
    """True where a place's name in front of ``rest`` tells whose body it is: a stem only before a known form, a full name before any unit."""
    if standing_of(rest) is not None:
        return True
    if word == stem(place.name) or word not in (place.name, place.full_name, *place.short_names):
        return bool(near and re.fullmatch("[\u4e00-\u9fff]{2,6}分局", rest))
    return not rest or rest[0] not in "人民路街镇乡村湖河山港" or rest.startswith("人民")


def _around(region: Region, places: Mapping[str, Region]) -> tuple[tuple[Region, bool], ...]:
    above = [place for code in ancestors(region.code, places) if (place := region_of(code, places=places)) and place.level != "national"]
    return ((region, True), *((place, False) for place in above), *((place, False) for place in _beside(region)))


@cache
def _beside(region: Region) -> tuple[Region, ...]:
    """The divisions and zones below a region, and those under the same city; known without any document."""
    below = children(region.code)
    deeper = [low for place in below if region.level == "province" and place.level == "city" for low in children(place.code)]
    beside = children(region.parent) if region.level in {"county", "zone"} else ()
    found = {place.code: place for place in (*below, *deeper, *beside) if place.code != region.code}
    return tuple(sorted(found.values(), key=lambda place: (-len(place.full_name), place.code)))


def _by_level(name: str, region: Region, places: Mapping[str, Region]) -> Placed | None:
    """By a word for a level: 区, 市, 省, 国家."""
    nation = _NATION.match(name)
    if nation:
        return Placed(
            region_of("000000"), name[nation.end() :] if nation[0] == "国家" and standing_of(name[nation.end() :]) else name, ("nation",)
        )
    match = _LEVEL.match(name)
    if match is None or len(name) - match.end() < 2 or _part_of_word(match[1], name[match.end() :]):
        return None
    rest = name[match.end() :]
    owner = _level_region(match[1], region, places)
    if owner is None:
        return Placed(region, rest, ("level-word",), "which-region", match[1])
    return Placed(owner, rest, ("level-word",))


def _part_of_word(word: str, rest: str) -> bool:
    return standing_of(rest) is None and any(rest.startswith(sign) for sign in names().not_level.get(word, "").split())


def _level_region(word: str, region: Region, places: Mapping[str, Region]) -> Region | None:
    """The region that 区, 市 or 省 means in a document of ``region``: itself or one above; ``None`` where it is one below or unknown."""
    if _calls_itself(word, region):
        return region
    for code in ancestors(region.code, places):
        above = region_of(code, places=places)
        if above is not None and above.level in _HIGH.get(word, ()):
            return above
        if above is not None and word == "市" and above.code[:2] in MUNICIPALITIES and above.level == "province":
            return above
        if above is not None and region.level in {"township", "zone"} and _calls_itself(word, above) and above.level == "county":
            return above
    return None


def _calls_itself(word: str, region: Region) -> bool:
    if region.level == "zone":
        return word in {"区", "高新区", "经开区", "开发区", "新区", "园区"}
    if region.name.endswith(("自治区", "自治州", "自治县")):
        return word in {region.name[-3:], region.name[-1:]} and not (word == "区" and region.level == "province")
    if region.kind == "place" and not region.name.endswith(tuple("省市县区州盟旗")):
        return word in {"county": ("区", "县", "旗"), "city": ("市", "州", "盟"), "province": ("省",)}.get(region.level, ())
    return region.level != "township" and region.name.endswith(word)


def _below(name: str, region: Region, _places: Mapping[str, Region]) -> Placed | None:
    """By the name of a region below that no list holds: 云溪县人民政府, 栖山经济开发区管委会."""
    match = _CHILD.fullmatch(name) if region.level in {"city", "province"} else None
    if match:
        return Placed(find_region(region.full_name + match[1]), match[2], ("place-name",))
    zone = _ZONE.fullmatch(name)
    place = find_region(zone[1]) if zone else None
    if zone and place is not None and place.parent != "000000" and (region.code in ancestors(place.code) or place.parent == region.parent):
        return Placed(place, zone[2], ("place-name",))
    return None
