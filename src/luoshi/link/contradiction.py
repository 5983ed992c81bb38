"""What does not fit together: two figures of one thing that differ, or figures from which another one does not follow."""

from __future__ import annotations

from functools import cache
from typing import Final, Literal

import msgspec

from luoshi.link.link import Quoted
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


class Texts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    zh: str
    en: str

    def of(self, language: Language) -> str:
        return self.zh if language == "zh" else self.en


class Lists(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Words and ids, set off by blanks."""

    of_a_part: str
    other_basis: str
    other_sample: str
    lumped: str


class ContradictionTable(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``contradictions.yaml`` as written."""

    names: dict[Kind, Texts]
    sentences: dict[Kind, Texts]
    harmless: dict[Harmless, Texts]
    words: Lists


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


def kind_name(kind: Kind, language: Language = "zh") -> str:
    """What a kind of contradiction is called."""
    return table().names[kind].of(language)


def harmless_name(slug: Harmless, language: Language = "zh") -> str:
    """A harmless explanation in words."""
    return table().harmless[slug].of(language)
