"""Divisions: the table of administrative divisions (GB/T 2260, 1980 to today) and look-ups in it. Loaded on first use."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

import msgspec

from luoshi.outline.outline import Level

#: endings of division names, longest first; what is left in front of one is the stem
SUFFIXES = ("特别行政区", "维吾尔自治区", "壮族自治区", "回族自治区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "新区",
            "省", "市", "县", "区", "旗", "盟", "州")
_PEOPLES = ("土家族", "苗族", "侗族", "彝族", "藏族", "羌族", "回族", "蒙古族", "蒙古", "哈萨克", "柯尔克孜", "朝鲜族", "布依族", "傣族", "景颇族",
            "哈尼族", "白族", "傈僳族", "壮族", "瑶族", "满族", "畲族", "黎族", "土族", "撒拉族", "保安族", "东乡族", "裕固族", "毛南族", "仫佬族",
            "仡佬族", "水族", "纳西族", "普米族", "怒族", "独龙族", "拉祜族", "佤族", "布朗族", "达斡尔族", "鄂温克族", "鄂伦春", "锡伯", "各族")
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
def _rows() -> dict[str, list[list[str]]]:
    """Name → rows of the table."""
    rows: dict[str, list[list[str]]] = {}
    raw = files("luoshi.outline").joinpath("divisions.tsv").read_text(encoding="utf-8")
    for line in raw.split("\n"):
        if line and line[0] != "#":
            row = line.split("\t")
            rows.setdefault(row[1], []).append(row)
    return rows


@cache
def _by_code() -> dict[str, list[list[str]]]:
    codes: dict[str, list[list[str]]] = {}
    for rows in _rows().values():
        for row in rows:
            codes.setdefault(row[0], []).append(row)
    return codes


def _division(row: list[str]) -> Division:
    row = row + [""] * (5 - len(row))
    return Division(row[0], row[1], int(row[2] or 0), int(row[3] or 0), row[4])


def named(name: str, year: int | None = None) -> list[Division]:
    """The divisions that bore the full ``name`` in ``year``, in the order of their codes; one in force now before an older one."""
    found = [_division(row) for row in _rows().get(name, ())]
    held = [division for division in found if division.holds(year)]
    return sorted(held, key=lambda division: (division.until != 0, division.code))


def coded(code: str, year: int | None = None) -> Division | None:
    """The division of ``code`` with the name it had in ``year``, else the last one that it had."""
    found = [_division(row) for row in _by_code().get(code, ())]
    held = [division for division in found if division.holds(year)] or found
    return max(held, key=lambda division: (division.until or 9999, division.since)) if held else None


@cache
def stem(name: str) -> str:
    """The name without its kind: 庐阳区 → 庐阳, 广西壮族自治区 → 广西, 延边朝鲜族自治州 → 延边."""
    for suffix in SUFFIXES:
        if name.endswith(suffix) and len(name) - len(suffix) >= 2:
            name = name[:-len(suffix)]
            break
    else:
        return name
    cut = True
    while cut and suffix.startswith("自治"):
        cut = False
        for people in _PEOPLES:
            if name.endswith(people) and len(name) - len(people) >= 2:
                name, cut = name[:-len(people)], True
    return name


@cache
def stems() -> dict[str, list[str]]:
    """Stem → full names with it; 延边州 as well as 延边."""
    found: dict[str, list[str]] = {}
    for name in _rows():
        found.setdefault(stem(name), []).append(name)
        if name.endswith(("自治州", "自治县", "自治旗")):
            found.setdefault(stem(name) + name[-1], []).append(name)
    return found


def all_names() -> list[str]:
    """Every name of the table, full ones and stems of two characters and more."""
    return [name for name in {*_rows(), *stems()} if len(name) >= 2]


def full_name(division: Division, year: int | None = None) -> str:
    """The name with those of the province and city above it: 安徽省合肥市庐阳区, 北京市怀柔区, 河南省济源市."""
    code = division.code
    province = coded(code[:2] + "0000", year)
    above = province.name if province and province.code != code else ""
    if code[4:] != "00" and code[2:4] not in ("90", "01", "02") or (code[4:] != "00" and code[:2] not in MUNICIPALITIES and code[2:4] != "90"):
        city = coded(code[:4] + "00", year)
        if city is not None and city.code != code and city.level == "city":
            above += city.name
    return above + division.name
