"""Outline: the documents of a text, their headings as a tree, and the stretches between. All offsets are in the clean text."""

from __future__ import annotations

from typing import Literal

import msgspec

from luoshi.read.text import Text

Kind = Literal["report", "plan", "breakdown", "other"]
Level = Literal["national", "province", "city", "county", "zone", "township", ""]
PartName = Literal["review", "problems", "plan", "outlook", "self", "glossary", "other"]


class Gap(msgspec.Struct, frozen=True, gc=False):
    """A loss that can be proved: at clean ``start`` (to ``end``, where it has an extent), ``kind`` (slug) and ``what`` in words."""

    start: int
    kind: str
    what: str
    end: int = 0


class Document(msgspec.Struct, frozen=True):
    """One document of the file; ``start``/``end`` cover it. A plan has ``plan_years``, everything else ``plan_year``.

    ``region`` is the full name at the time of the text, ``region_code`` its GB/T 2260 code where it is a division
    (for a zone the code of the division it lies in). What the words do not tell is ``""`` or ``None``.
    """

    start: int
    end: int
    title: str
    kind: Kind
    region: str
    level: Level
    region_code: str = ""
    review_year: int | None = None
    plan_year: int | None = None
    plan_years: tuple[int, int] | None = None
    #: first and last year of a review of several years (五年来), where the report has one
    review_years: tuple[int, int] | None = None
    date: str = ""
    speaker: str = ""
    letterhead: str = ""
    complete: bool = True
    gaps: tuple[Gap, ...] = ()


class Section(msgspec.Struct, frozen=True, gc=False):
    """A heading. ``start``/``end`` cover number and title, ``title_start``/``title_end`` the title's own words.

    ``body_end`` is where the section with its sub-sections ends; ``parent`` and ``document`` are indices.
    ``span_years`` tells that the section speaks of several years (a five-year look-back, an outlook to a later year).
    """

    index: int
    level: int
    number: str
    part: PartName
    start: int
    end: int
    title_start: int
    title_end: int
    body_end: int
    parent: int
    document: int
    span_years: tuple[int, int] | None = None


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """A run of text under one innermost section (``section`` -1: before the first heading), its heading included.

    Stretches come in order, do not overlap, and together cover every document. ``body`` is where the heading ends, or where its
    words begin if they state an amount.
    ``part`` is the part of the section, or what the words of a heading-less stretch tell.
    """

    start: int
    body: int
    end: int
    section: int
    part: PartName
    document: int
    #: first and last year where the stretch looks back on or ahead over several years (五年来, 今后五年, 到2026年), else the document's years
    years: tuple[int, int] | None = None


class Outline(msgspec.Struct, frozen=True):
    """What ``outline_text`` finds in a text. ``sections[i].index == i``."""

    text: Text
    documents: tuple[Document, ...]
    sections: tuple[Section, ...]
    stretches: tuple[Stretch, ...]
