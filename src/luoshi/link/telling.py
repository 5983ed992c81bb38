"""Outcomes and quotations, made."""

from __future__ import annotations

from decimal import Decimal
from typing import TypedDict, Unpack

from luoshi.link.link import Outcome, Quoted, Verdict, Why
from luoshi.link.naming import Kin
from luoshi.link.scene import Scene
from luoshi.link.source import Source


def quoted(source: Source, start: int, end: int, fact: str) -> Quoted:
    """A quotation with the sentence around it."""
    first, last = source.sentence(start, end)
    return Quoted(source.key, fact, start, end, source.text[start:end], (first, last), source.text[first:last].strip())


class Told(TypedDict, total=False):
    """What an outcome says besides its verdict."""

    why: Why
    result: Scene | None
    kin: Kin | None
    reasons: tuple[str, ...]
    distance: Decimal | None
    unit: str
    worked: str
    others: tuple[Verdict, ...]
    beside: Scene | None


def outcome(target: Scene, year: int | None, verdict: Verdict, **told: Unpack[Told]) -> Outcome:
    """An outcome of a measure with its quotations."""
    result, kin, beside = told.get("result"), told.get("kin"), told.get("beside")
    scaled = scale(told.get("distance"), told.get("unit", ""))
    return Outcome(
        kind="measure",
        target=_quoted(target),
        name=target.name or target.core,
        due=year,
        verdict=verdict,
        why=told.get("why", ""),
        result=_quoted(result) if result else None,
        distance=scaled[0],
        distance_unit=scaled[1],
        reasons=((kin.reason,) if kin else ()) + told.get("reasons", ()),
        worked=told.get("worked", ""),
        beside=_quoted(beside) if beside else None,
        others=tuple(one for one in told.get("others", ()) if one != verdict),
        likely=kin is not None and kin.kinship == "likely",
        forecast=result is not None and result.measure.strength == "forecast",
    )


def scale(distance: Decimal | None, unit: str) -> tuple[str, str]:
    """A distance in 亿 or 万 where it is large, with its unit.

    >>> scale(Decimal(-8591000000), "元"), scale(Decimal("0.3"), "百分点"), scale(None, "元")
    (('-85.91', '亿元'), ('0.3', '百分点'), ('', ''))
    """
    if distance is None:
        return "", ""
    for size, word in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
        if abs(distance) >= size:
            return plain(round(distance / size, 4)), word + unit
    return plain(round(distance, 4)), unit


def plain(value: Decimal) -> str:
    """A number without needless zeros and without an exponent.

    >>> plain(Decimal("1.50")), plain(Decimal("8E+3"))
    ('1.5', '8000')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quoted(one: Scene) -> Quoted:
    return quoted(one.source, one.measure.start, one.measure.end, one.measure.id)
