"""Divisions: the table of administrative divisions (GB/T 2260, 1980 to today) and look-ups in it. Loaded on first use."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache
from importlib.resources import files

import msgspec

from luoshi.outline.outline import Level

#: endings of division names, longest first; what is left in front of one is the stem
SUFFIXES = (
    "特别行政区",
    "维吾尔自治区",
    "壮族自治区",
    "回族自治区",
    "自治区",
    "自治州",
    "自治县",
    "自治旗",
    "地区",
    "林区",
    "特区",
    "新区",
    "省",
    "市",
    "县",
    "区",
    "旗",
    "盟",
    "州",
)
_PEOPLES = (
    "土家族",
    "苗族",
    "侗族",
    "彝族",
    "藏族",
    "羌族",
    "回族",
    "蒙古族",
    "蒙古",
    "哈萨克",
    "柯尔克孜",
    "朝鲜族",
    "布依族",
    "傣族",
    "景颇族",
    "哈尼族",
    "白族",
    "傈僳族",
    "壮族",
    "瑶族",
    "满族",
    "畲族",
    "黎族",
    "土族",
    "撒拉族",
    "保安族",
    "东乡族",
    "裕固族",
    "毛南族",
    "仫佬族",
    "仡佬族",
    "水族",
    "纳西族",
    "普米族",
    "怒族",
    "独龙族",
    "拉祜族",
    "佤族",
    "布朗族",
    "达斡尔族",
    "鄂温克族",
    "鄂伦春",
    "锡伯",
    "各族",
)
#: the four municipalities directly under the central government
MUNICIPALITIES = ("11", "12", "31", "50")


class Division(msgspec.Struct, frozen=True, gc=False):
    """One name that a code had, ``since`` to ``until`` (years, 0: open); ``successor`` is the code in force now where it is another."""

    code: str
    name: str
    since: int = 0
    until: int = 0
    successor: str = ""

    @property
    def level(self) -> Level:
        if self.code[2:] == "0000":
            return "province"
        return "city" if self.code[4:] == "00" else "county"

    def holds(self, year: int | None) -> bool:
        """True where the name was in force in ``year`` (a year's grace on either side; ``None``: any)."""
        return year is None or ((not self.since or self.since <= year + 1) and (not self.until or year - 1 <= self.until))


@cache
def _raw() -> str:
    return files("luoshi.outline").joinpath("divisions.tsv").read_text(encoding="utf-8")


@cache
def _index() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Name → the rest of its rows, stem → names with it. Rows are taken apart when they are asked for: the load takes milliseconds."""
    rows: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    for line in _raw().split("\n"):
        if line and line[0] != "#":
            name, word, rest = line.split("\t", 2)
            known = rows.get(name)
            if known is None:
                rows[name] = [rest]
                stems.setdefault(word, []).append(name)
            else:
                known.append(rest)
    for name in [name for name in rows if name.endswith(("自治州", "自治县", "自治旗"))]:
        stems.setdefault(stem(name) + name[-1], []).append(name)
    return rows, stems


def _division(name: str, rest: str) -> Division:
    code, since, until, successor = (rest + "\t\t\t").split("\t")[:4]
    return Division(code, name, int(since or 0), int(until or 0), successor)


def named(name: str, year: int | None = None) -> list[Division]:
    """The divisions that bore the full ``name`` in ``year``, in the order of their codes; one in force now before an older one."""
    found = [_division(name, rest) for rest in _index()[0].get(name, ())]
    held = [division for division in found if division.holds(year)]
    return sorted(held, key=lambda division: (division.until != 0, division.code))


@cache
def coded(code: str, year: int | None = None) -> Division | None:
    """The division of ``code`` with the name it had in ``year``, else the last one that it had."""
    raw, found = _raw(), []
    at = raw.find(f"\t{code}")
    while at >= 0:
        begin, end = raw.rfind("\n", 0, at) + 1, raw.find("\n", at)
        name, _, rest = raw[begin:end].split("\t", 2)
        if rest.startswith(code):  # else it is a successor's code
            found.append(_division(name, rest))
        at = raw.find(f"\t{code}", end)
    held = [division for division in found if division.holds(year)] or found
    return max(held, key=lambda division: (division.until or 9999, division.since)) if held else None


@cache
def stem(name: str) -> str:
    """The name without its kind: 庐阳区 → 庐阳, 广西壮族自治区 → 广西, 延边朝鲜族自治州 → 延边."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            name = name[: -len(suffix)]
            break
    else:
        return name
    cut = True
    while cut and suffix.startswith("自治"):
        cut = False
        for people in _PEOPLES:
            if name.endswith(people) and len(name) - len(people) >= 2:
                name, cut = name[: -len(people)], True
    return name


def stems() -> dict[str, list[str]]:
    """Stem → full names with it; 延边州 as well as 延边."""
    return _index()[1]


def spoken_names(common: Collection[str]) -> list[tuple[str, str]]:
    """(what to look for, stem) for every place: its stem, or its full names where the stem is a ``common`` word."""
    found = []
    for word, names in stems().items():
        found += [(name, word) for name in names] if word in common else [(word, word)]
    return [(name, word) for name, word in found if len(name) >= 2]


def full_name(division: Division, year: int | None = None) -> str:
    """The name with those of the province and city above it: 安徽省合肥市庐阳区, 北京市怀柔区, 河南省济源市."""
    code = division.code
    province = coded(code[:2] + "0000", year)
    above = province.name if province and province.code != code else ""
    if (
        code[4:] != "00"
        and code[2:4] not in ("90", "01", "02")
        or (code[4:] != "00" and code[:2] not in MUNICIPALITIES and code[2:4] != "90")
    ):
        city = coded(code[:4] + "00", year)
        if city is not None and city.code != code and city.level == "city":
            above += city.name
    return above + division.name
