"""Which unit a complaint should go to, by the office's table: ids of units with the reason, or the doubt with who it may be."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import msgspec
from django.conf import settings

from luoshi.desk.matters.public import MECHANISM, choices
from luoshi.desk.matters.ruling import current
from luoshi.ledger.knowing import ids_of
from luoshi.loop import dispatching
from luoshi.loop.dispatching import Table, read_table, shipped

#: the office's own table lies in the data folder; without one the example serves, for the fictional district alone
FILE: Final = "dispatching.yaml"
_ANYTHING: Final = "不论类别"


class Assigned(msgspec.Struct, frozen=True):
    """The unit that leads and those that assist, by id; ``place`` its code; why, in words."""

    lead: str
    support: tuple[str, ...]
    place: str
    reason: str


class Unclear(msgspec.Struct, frozen=True):
    """Nobody can be named: why, and the ids of the units that it may be."""

    reason: str
    candidates: tuple[str, ...] = ()


def suggest(fields: Mapping[str, Any], region: str) -> Assigned | Unclear:
    """Where a complaint with these fields should go, in a region."""
    table = table_for(region)
    if table is None:
        return Unclear(f"本单位还没有派单表（数据目录下的 {FILE}）")
    category = choices(current(MECHANISM), "category").get(str(fields.get("category", "")), "")
    if not category:
        return Unclear("还没有填诉求类别")
    # what is written may hold blanks and bars, the path of a category may not
    below = "".join(str(fields.get("subcategory", "") or "").split())
    path = "/".join([category, *(part for part in below.split("/") if part)])
    found = dispatching.dispatch(table, path, location=str(fields.get("location", "") or ""), area=str(fields.get("area", "") or ""))
    if isinstance(found, dispatching.Unclear):
        return Unclear(found.reason, ids_of(found.candidates, region)[0])
    ids, unknown = ids_of((found.lead, *found.support), region)
    if unknown:
        return Unclear(f"派单表里的“{'、'.join(unknown)}”不在单位名册里（{found.reason}）", ids)
    return Assigned(ids[0], ids[1:], found.place, found.reason)


def table_for(region: str) -> Table | None:
    """The table by which complaints of a region are dispatched; None where there is none for it."""
    path = Path(settings.LUOSHI.data) / FILE
    if path.is_file():
        return _read(str(path), path.stat().st_mtime_ns)
    table = shipped()
    return table if any(place.code[:6] == region[:6] for place in table.places) else None


@lru_cache(maxsize=4)
def _read(path: str, _changed: int) -> Table:
    return read_table(Path(path).read_bytes(), where=FILE)


def town_of(fields: Mapping[str, Any], region: str) -> str:
    """The name of the town or street that a complaint lies in; empty where it is not clear."""
    table = table_for(region)
    if table is None:
        return ""
    # whatever it is about: only where it is counts
    found = dispatching.dispatch(table, _ANYTHING, location=str(fields.get("location", "") or ""), area=str(fields.get("area", "") or ""))
    code = found.place[:9] if isinstance(found, dispatching.Assigned) else ""
    return next((place.name for place in table.places if place.code == code and len(code) == 9), "")
