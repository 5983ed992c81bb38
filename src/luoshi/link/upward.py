"""Upward and downward: a part of a place that has more than the place, and places below that do not add up to the place above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from luoshi.link.contradiction import Contradiction, Failure, contradiction_of, region_of, shown, table
from luoshi.link.figures import Figure, Figures, label, subject_of
from luoshi.outline.divisions import Division, named, stem, stems

#: place → the places below it that together are the whole of it
Parts = Mapping[str, Sequence[str]]
_NATION: Final = "000000"
_CODE = 6
_PREFIX = 4


def upward(places: Sequence[Figures], parts: Parts | None = None) -> list[Contradiction]:
    """What of the places of a ledger does not fit into the places above them. ``parts`` are the places below each; GB/T 2260 where it is left out."""
    held = {one.place: one for one in places}
    found: list[Contradiction] = []
    for one in places:
        for above in _above(one, held, parts):
            found += _greater(one, held[above])
    for one in places:
        below = parts.get(one.place, ()) if parts is not None else _below(one.place, tuple(held))
        if len(below) > 1 and all(place in held for place in below):
            found += _added(one, [held[place] for place in below])
    return found


def _above(one: Figures, held: Mapping[str, Figures], parts: Parts | None) -> list[str]:
    """The places of the ledger that hold this one."""
    if parts is not None:
        return [place for place, below in parts.items() if one.place in below and place in held]
    digits = one.place.partition("/")[0]
    if not digits.isdigit() or one.place == _NATION:
        return []
    wholes = (_NATION, digits[:2] + "0000", *([digits[:4] + "00"] if len(digits) == _PREFIX else []))
    return [place for place in wholes if place in held and place != one.place]


@cache
def _divisions() -> tuple[Division, ...]:
    names = sorted({name for names in stems().values() for name in names})
    return tuple(division for name in names for division in named(name))


@cache
def _below(place: str, held: tuple[str, ...]) -> tuple[str, ...]:
    """The places of today below a city or province, by GB/T 2260; () where a zone of the ledger lies there too, for zones overlap."""
    if len(place) != _CODE or not place.isdigit() or not place.endswith("00") or place == _NATION:
        return ()
    if place.endswith("0000"):
        found = {one.code for one in _divisions() if not one.until and one.level == "city" and one.code.startswith(place[:2])}
        return tuple(sorted(found))
    digits = place[:_PREFIX]
    counties = {
        f"{digits}/{stem(one.name)}" for one in _divisions() if not one.until and one.level == "county" and one.code.startswith(digits)
    }
    zones = {one for one in held if one.startswith(f"{digits}/")} - counties
    return () if zones else tuple(sorted(counties))


def _first(place: Figures, identity: str, year: int) -> Figure | None:
    return next((one for one in place.of(identity, year, "level") if one.is_exact), None)


def _greater(part: Figures, whole: Figures) -> Iterator[Contradiction]:
    for indicator in table().within.ids.split():
        identity = f"id:{indicator}"
        years = {year for id_, year, kind in part.by_key if id_ == identity and kind == "level"}
        for year in sorted(years):
            one, all_ = _first(part, identity, year), _first(whole, identity, year)
            if one is None or all_ is None or one.measure.unit != all_.measure.unit:
                continue
            gap, allowance = one.value - all_.value, one.slack + all_.slack
            if gap > allowance:
                unit = one.measure.unit
                worked = f"{region_of(one.source)}{shown(one.value, unit)} > {region_of(all_.source)}{shown(all_.value, unit)}"
                failure = Failure("part_exceeds_whole", worked, gap, allowance, unit, ("misread", "other_scope"))
                yield contradiction_of(subject_of(all_), (all_.quoted, one.quoted), failure)


def _added(whole: Figures, parts: Sequence[Figures]) -> Iterator[Contradiction]:
    for indicator, rule in table().adds_up.items():
        identity = f"id:{indicator}"
        years = sorted({year for id_, year, kind in whole.by_key if id_ == identity and kind == "level" and year >= rule.since})
        for year in years:
            total = _first(whole, identity, year)
            ones = [one for part in parts if (one := _first(part, identity, year)) is not None]
            if total is None or len(ones) != len(parts) or any(one.measure.unit != total.measure.unit for one in ones):
                continue
            added = sum((one.value for one in ones), Decimal(0))
            gap, allowance = added - total.value, total.slack + sum((one.slack for one in ones), Decimal(0))
            if abs(gap) > allowance:
                unit = total.measure.unit
                worked = (
                    f"{' + '.join(region_of(one.source) + shown(one.value, unit) for one in ones)} = {shown(added, unit)}，{label(total)}"
                )
                failure = Failure("parts_off", worked, gap, allowance, unit, ("revised", "other_parts", "other_scope"))
                yield contradiction_of(subject_of(total), (total.quoted, *(one.quoted for one in ones)), failure)
