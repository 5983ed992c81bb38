"""Upward and downward: a part of a place that has more than the place, and places below that do not add up to the place above."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Final

from luoshi.link.contradiction import Contradiction, Harmless, Kind, explained, table
from luoshi.link.figures import Figure, Figures, label, shown
from luoshi.outline.divisions import Division, named, stems

#: place → the places below it that together are the whole of it
Parts = Mapping[str, Sequence[str]]
_NATION: Final = "000000"
_CODE = 6


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
    digits = one.place[:_CODE].partition("/")[0]
    if not digits.isdigit() or one.place == _NATION:
        return []
    wholes = (_NATION, digits[:2] + "0000", digits[:4] + "00")
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
    digits, level = (place[:2], "city") if place.endswith("0000") else (place[:4], "county")
    if any("/" in one and one.startswith(digits) for one in held):
        return ()
    found = {one.code for one in _divisions() if not one.until and one.level == level and one.code.startswith(digits) and one.code != place}
    return tuple(sorted(found))


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
                worked = f"{one.source.region}{shown(one.value, unit)} > {all_.source.region}{shown(all_.value, unit)}"
                yield _told("part_exceeds_whole", all_, (one,), worked, gap, allowance, ("misread", "other_scope"))


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
                worked = f"{' + '.join(one.source.region + shown(one.value, unit) for one in ones)} = {shown(added, unit)}，{label(total)}"
                yield _told("parts_off", total, ones, worked, gap, allowance, ("revised", "other_parts", "other_scope"))


def _told(
    kind: Kind, whole: Figure, parts: Sequence[Figure], worked: str, gap: Decimal, allowance: Decimal, others: tuple[Harmless, ...]
) -> Contradiction:
    unit = whole.measure.unit
    sizes = (shown(abs(gap), unit).removesuffix(unit), shown(allowance, unit).removesuffix(unit))
    said = explained(
        kind, "zh", region=whole.source.region, year=whole.year, name=whole.name, first=whole.measure.text, second=parts[0].measure.text,
        worked=worked, gap=sizes[0], allowance=sizes[1], unit=unit,
    )  # fmt: skip
    return Contradiction(
        kind=kind, place=whole.source.place, region=whole.source.region, year=whole.year, indicator_id=whole.indicator_id, name=whole.name,
        first=whole.quoted, second=parts[0].quoted, more=tuple(one.quoted for one in parts[1:]), worked=worked, gap=sizes[0],
        allowance=sizes[1], unit=unit, said=said, others=others,
    )  # fmt: skip
