"""What a document's look-back covers: which years, which sections tell of its last year alone, and what 今年 means."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.years import reviewed_year
from luoshi.numeral import parse_numeral
from luoshi.outline.outline import Outline, Section

_FEW_YEARS = re.compile(r"(?<!连续)([三四])年多?来")
_LAST_OF_FIVE = re.compile(
    r"\s*(?:各位代表[,:!]*)?[^。\n,]{0,10}(?:(?:过去|刚刚过去)的?一年|一年来|(?:二〇|20)[\d〇○零一二三四五六七八九]{2}年)(?!以来|至|到|-|—|底)"
)
_FIVE_YEARS = re.compile(r"五年[来间]|五年的|过去五年|”?[十一二三四五]+五[”\"]?(?:期间|时期|以来|规划)")
#: how far in front of a section its opening paragraph is looked for, and behind a review's start 四年多来; characters
_OPENING = 420
_HEAD = 400


def span_of_review(outline: Outline, index: int) -> tuple[int, int] | None:
    """The years of a look-back that its first words say (四年多来); ``None`` where they say none or the outline knows them."""
    document = outline.documents[index]
    last = reviewed_year(document)
    if document.review_years or last is None:
        return None
    if document.review_year is None and document.plan_years and document.plan_years[1] - document.plan_years[0] == 4:
        return last - 4, last
    for stretch in outline.stretches:
        if stretch.document == index and stretch.part == "review":
            match = _FEW_YEARS.search(outline.text.clean, stretch.start, min(stretch.end, stretch.start + _HEAD))
            return (last - int(parse_numeral(match.group(1)) or 1) + 1, last) if match else None
    return None


def this_year_of(outline: Outline, index: int) -> int | None:
    """The year that 今年 means in a document: that of its date, else the plan year, or the review year where the plan says 明年."""
    document = outline.documents[index]
    plan, review = document.plan_year, document.review_year
    if document.date[:4].isdigit() and int(document.date[:4]) in (plan, review):
        return int(document.date[:4])
    this = plan or (review + 1 if review else None) or (document.plan_years[0] if document.plan_years else None)
    if review is None or this is None:
        return this
    clean = outline.text.clean
    said = {"review": 0, "plan": 0}
    for stretch in outline.stretches:
        if stretch.document == index and stretch.part in said:
            said[stretch.part] += clean.count("今年", stretch.start, stretch.end)
    return review if clean.count("明年", document.start, document.end) >= 3 and said["review"] > said["plan"] else this


def one_year_sections(outline: Outline) -> frozenset[int]:
    """Sections of a five-year look-back that tell of its last year alone, as the paragraph before the first of them says."""
    found: set[int] = set()
    heads: dict[tuple[int, int], bool] = {}
    for section in outline.sections:
        if section.span_years is None or section.part != "review":
            continue
        if section.parent in found:
            found.add(section.index)
            continue
        key = (section.parent, section.level)
        if key not in heads:
            heads[key] = section.level > 1 and _opens_last_year(outline, section)
        if heads[key]:
            found.add(section.index)
    return frozenset(found)


def _opens_last_year(outline: Outline, section: Section) -> bool:
    """True where the paragraph before the section speaks of the year reviewed, and neither it nor the title of five years."""
    clean = outline.text.clean
    review = outline.documents[section.document].review_year
    paragraph = clean[max(0, section.start - _OPENING) : section.start].rstrip("\n").rpartition("\n")[2]
    opening = _LAST_OF_FIVE.match(paragraph)
    if opening is None or not (str(review) in opening.group() or "一年" in opening.group()):
        return False
    return "五年" not in clean[section.title_start : section.title_end] and not _FIVE_YEARS.search(paragraph)
