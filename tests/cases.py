"""Turns the ``cases.yaml`` beside each kind's rules into tests; adding a case needs no code."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import msgspec
import yaml

from luoshi.outline.outline import Document, Outline, Section, Stretch
from luoshi.read.text import Text
from luoshi.span import Quote


class Case(msgspec.Struct, forbid_unknown_fields=True):
    """One text and the facts that it must yield: all of them, in order; of each fact only the keys that are written.

    A quote is written as its words. ``part`` and the years set the scene. An empty ``facts`` means: nothing may be found.
    """

    text: str
    facts: list[dict[str, Any]]
    why: str = ""
    part: str = "plan"
    kind: str = "report"
    review_year: int | None = 2022
    plan_year: int | None = 2023
    plan_years: tuple[int, int] | None = None
    #: of the document's look-back, and of the section
    review_years: tuple[int, int] | None = None
    span_years: tuple[int, int] | None = None
    region: str = ""
    level: str = "county"


def scene(case: Case) -> Outline:
    """The outline of a text that is one stretch of the given part."""
    text = Text(name="case", format="txt", source=case.text, clean=case.text)
    end = len(case.text)
    document = Document(
        start=0,
        end=end,
        title="",
        kind=case.kind,
        region=case.region,
        level=case.level,  # type: ignore[arg-type]
        review_year=case.review_year,
        plan_year=case.plan_year,
        plan_years=case.plan_years,
        review_years=case.review_years,
    )
    section = Section(
        index=0,
        level=1,
        number="",
        part=case.part,
        start=0,
        end=0,
        title_start=0,
        title_end=0,  # type: ignore[arg-type]
        body_end=end,
        parent=-1,
        document=0,
        span_years=case.span_years,
    )
    stretch = Stretch(start=0, body=0, end=end, section=0, part=case.part, document=0)  # type: ignore[arg-type]
    return Outline(text=text, documents=(document,), sections=(section,), stretches=(stretch,))


def load_cases(kind: str) -> list[Case]:
    raw = files(f"luoshi.extract.kinds.{kind}").joinpath("cases.yaml").read_text(encoding="utf-8")
    return msgspec.convert(yaml.safe_load(raw) or [], list[Case])


def shown(fact: Any, keys: Any) -> dict[str, Any]:
    """The given keys of a fact as a case writes them."""

    def plain(value: Any) -> Any:
        if isinstance(value, Quote):
            return value.text
        if isinstance(value, tuple):
            return [plain(item) for item in value]
        return value

    return {key: plain(getattr(fact, key)) for key in keys}
