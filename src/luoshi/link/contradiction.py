"""What does not fit together: two figures of one thing that differ, or figures from which another one does not follow."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from typing import Final, Literal

import msgspec

from luoshi.link.link import Quoted
from luoshi.link.source import Source
from luoshi.link.telling import plain
from luoshi.tables import load_table

Kind = Literal[
    "two_values", "restated", "growth_off", "sum_off", "share_off", "structure_off", "increment_off", "part_exceeds_whole", "parts_off"
]  # fmt: skip
#: harmless explanations that a reader must rule out first
Harmless = Literal["revised", "other_scope", "other_basis", "rounded", "misread", "other_parts"]
Language = Literal["zh", "en"]


class Contradiction(msgspec.Struct, frozen=True, omit_defaults=True):
    """Figures that do not fit together, with both quotations and the arithmetic.

    ``place`` and ``region`` are the code and the name of whose figures they are, ``year`` the year they are for. ``first`` and ``second`` are
    the two quotations in the order of their documents, ``more`` those of further figures that the arithmetic uses. ``worked`` is the arithmetic as text, ``gap`` by
    how much it fails and ``allowance`` how much rounding and hedges allow (both positive numbers as text, in ``unit``). ``said`` is one Chinese
    sentence that explains it, ``others`` are slugs of harmless explanations.
    """

    kind: Kind
    place: str
    region: str
    year: int | None
    indicator_id: str
    name: str
    first: Quoted
    second: Quoted
    worked: str
    gap: str
    allowance: str
    unit: str
    said: str
    more: tuple[Quoted, ...] = ()
    others: tuple[Harmless, ...] = ()


class Failure(msgspec.Struct, frozen=True):
    """What fails: the arithmetic as text, by how much it fails and how much it may."""

    kind: Kind
    worked: str
    gap: Decimal
    allowance: Decimal
    unit: str
    others: tuple[Harmless, ...]


class Subject(msgspec.Struct, frozen=True):
    """Whose figures they are: the document that is asked, the year and the indicator."""

    source: Source
    year: int | None
    name: str
    indicator_id: str = ""


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words and ids, set off by blanks."""

    of_a_part: str
    elsewhere: str
    supposed: str
    reckoned: str
    other_basis: str
    other_sample: str
    by_name: str
    lumped: str


class AddsUp(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Since which year the places below must add up to the place above, and who says so."""

    since: int
    source: str


class Within(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Indicators of which a part of a place has no more than the place."""

    ids: str
    source: str


class ContradictionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``contradictions.yaml`` as written."""

    names: dict[Kind, Texts]
    sentences: dict[Kind, Texts]
    harmless: dict[Harmless, Texts]
    words: Lists
    shares: tuple[tuple[str, str, str], ...]
    sums: tuple[tuple[str, ...], ...]
    adds_up: dict[str, AddsUp]
    within: Within


KINDS: Final[tuple[Kind, ...]] = (
    "two_values", "restated", "growth_off", "sum_off", "share_off", "structure_off", "increment_off", "part_exceeds_whole", "parts_off",
)  # fmt: skip


@cache
def table() -> ContradictionTable:
    return load_table("luoshi.link", "contradictions.yaml", ContradictionTable)


def sentence(one: Contradiction, language: Language = "zh") -> str:
    """One sentence that explains the contradiction, with its arithmetic and allowance."""
    return explained(
        one.kind, language, region=one.region, name=one.name, year=one.year, first=one.first.text, second=one.second.text,
        worked=one.worked, gap=one.gap, allowance=one.allowance, unit=one.unit,
    )  # fmt: skip


def explained(kind: Kind, language: Language, **parts: object) -> str:
    """The sentence of a kind with its parts filled in; a year that is not known is left out."""
    year = parts.pop("year", None)
    when = "" if year is None else (f"{year}年" if language == "zh" else f" of {year}")
    return table().sentences[kind].of(language).format(when=when, **parts)


def contradiction_of(subject: Subject, quotations: Sequence[Quoted], failure: Failure) -> Contradiction:
    """The contradiction of a failure; the first two quotations are its sides, further ones what the arithmetic uses besides."""
    first, second, *more = quotations
    scale, word = _scale(abs(failure.gap), failure.unit)
    digits = 2 if failure.unit in RATES else 4
    gap, allowance = plain(round(abs(failure.gap) / scale, digits)), plain(round(failure.allowance / scale, digits))
    unit, region = word + failure.unit, region_of(subject.source)
    said = explained(
        failure.kind, "zh", region=region, name=subject.name, year=subject.year, first=first.text, second=second.text, worked=failure.worked,
        gap=gap, allowance=allowance, unit=unit,
    )  # fmt: skip
    return Contradiction(
        kind=failure.kind, place=subject.source.place, region=region, year=subject.year, indicator_id=subject.indicator_id, name=subject.name,
        first=first, second=second, more=tuple(more), worked=failure.worked, gap=gap, allowance=allowance, unit=unit, said=said,
        others=failure.others,
    )  # fmt: skip


def region_of(source: Source) -> str:
    """What the place of a document is called."""
    return source.region or source.place.lstrip("?")


#: units of rates and shares
RATES: Final = frozenset({"%", "‰", "百分点"})


def shown(value: Decimal, unit: str) -> str:
    """A number with its unit as Chinese reports write it: 1250亿元.

    >>> shown(Decimal("125000000000"), "元"), shown(Decimal("6.50"), "%")
    ('1250亿元', '6.5%')
    """
    scale, word = _scale(abs(value), unit)
    return plain(round(value / scale, 2 if unit in RATES else 4)) + word + unit


def _scale(size: Decimal, unit: str) -> tuple[Decimal, str]:
    """The scale in which a size is best written, and its word."""
    if unit not in RATES:
        for scale, word in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
            if size >= scale:
                return scale, word
    return Decimal(1), ""


def kind_name(kind: Kind, language: Language = "zh") -> str:
    """What a kind of contradiction is called."""
    return table().names[kind].of(language)


def harmless_name(slug: Harmless, language: Language = "zh") -> str:
    """A harmless explanation in words."""
    return table().harmless[slug].of(language)
