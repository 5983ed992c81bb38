"""A document as linking sees it: who says it of which years, its text, its sections, and its measures, tasks and projects as values."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final

import msgspec

#: parts of a document in which it looks back
LOOKING_BACK: Final = frozenset({"review", "problems"})
_LOOK_BACK = re.compile(
    r"[五四三]年(?:来|工作|间|回顾|的)|过去[的]?[五三]年|[“\"]?十[一二三四]五[”\"]?(?:时期|期间|以来|回顾|工作)|本届政府"
)
#: a heading that names years of a span in whatever way, and one that names a single year
_SPAN = re.compile(r"[“\"]?十[一二三四五]五[”\"]?|[五四三]年|本届政府")
_SINGLE = re.compile(
    r"(?<![比较是])(?:19|20)\d\d年(?!以来|至|到|[-—])|[二一][〇○零九][〇○零一二三四五六七八九]{2}年|过去的?一年|一年[来间]?|(?<![比较])(?:去年|上年)"
)
#: so many amounts of a part, and such a share of them over several years, make it a look back
_ENOUGH: Final = 5
_MOSTLY: Final = 0.4
_SENTENCE_ENDS: Final = frozenset("。；！？;!?\n")


#: the place that all others lie in
NATION: Final = "000000"
_ZONE_TAIL = re.compile(r"(?:高新技术产业|高新技术|经济技术|高新|经济)?(?:开发区|新区|园区|自治县|区|县|市|旗)$")


def _stem(region: str) -> str:
    """The last part of a place's full name, without what kind of place it is."""
    last = re.split(r"(?<=省)|(?<=自治区)|(?<=市)|(?<=自治州)|(?<=地区)|(?<=盟)", region.removesuffix("市"))[-1] or region
    return _ZONE_TAIL.sub("", last) or last


_PLACE_NAME = re.compile(r"[\u4e00-\u9fff]{2,20}?(?:省|市|县|区|州|盟|旗|镇|乡)(?=[_\W]|\d{4}|人民政府|政府工作)")


def _place_in(words: str) -> str:
    """The place that a title or the name of a file begins with; "" for none.

    >>> _place_in("云川省澜州市2025年政府工作报告"), _place_in("city_澜州市_2025_政府工作报告"), _place_in("2025年工作报告")
    ('云川省澜州市', '澜州市', '')
    """
    match = _PLACE_NAME.search(words)
    return match[0] if match else ""


class Part(msgspec.Struct, frozen=True):
    """A section: where its heading begins, its level, title, and the part of the document it belongs to."""

    start: int
    level: int
    title: str
    part: str


class Measured(msgspec.Struct, frozen=True, gc=False):
    """A measure; offsets count code points of the document's own text. ``name`` are the words of the indicator, at ``name_start``."""

    id: str
    start: int
    end: int
    text: str
    role: str
    measure: str
    comparator: str
    name: str = ""
    name_start: int = -1
    indicator_id: str = ""
    direction: str = ""
    value: float | None = None
    value_max: float | None = None
    unit: str = ""
    year: int | None = None
    years: tuple[int, int] | None = None
    strength: str = "plain"
    reference: str = ""
    section: int = -1

    @property
    def last_year(self) -> int | None:
        """The year at the end of which it is so, or is to be so."""
        return self.years[1] if self.years else self.year


class Acted(msgspec.Struct, frozen=True, gc=False):
    """A project at a stage."""

    id: str
    start: int
    end: int
    text: str
    stage: str
    role: str
    section: int = -1


class Task(msgspec.Struct, frozen=True, gc=False):
    """A commitment to an act, or an item of a breakdown; ``actions`` are (start, end) of its verbs, ``body_end`` where its words end."""

    id: str
    start: int
    end: int
    body_end: int
    title: str = ""
    number: str = ""
    actions: tuple[tuple[int, int], ...] = ()
    section: int = -1


class Source(msgspec.Struct, frozen=True, dict=True):
    """One document. ``key`` names it in quotations; two documents never share one. ``shift`` is where its text begins in its file."""

    key: str
    title: str
    kind: str
    region_code: str
    region: str
    level: str
    text: str
    review_year: int | None = None
    plan_year: int | None = None
    plan_years: tuple[int, int] | None = None
    complete: bool = True
    file: str = ""
    shift: int = 0
    parts: tuple[Part, ...] = ()
    measures: tuple[Measured, ...] = ()
    projects: tuple[Acted, ...] = ()
    tasks: tuple[Task, ...] = ()

    @property
    def place(self) -> str:
        """What tells whose document it is, the same for all documents of one place; a zone that became a district keeps it.

        Where the region is not known, the place is the one in the title or in the file's name; without that the document stands alone.
        """
        if self.level == "national" or self.region == "全国":
            return NATION
        if self.level in {"county", "zone"} and self.region_code:
            return f"{self.region_code[:4]}/{_stem(self.region)}"
        return self.region_code or self.region or _place_in(self.title) or _place_in(PurePath(self.file).stem) or f"?{self.key}"

    @cached_property
    def _bounds(self) -> tuple[int, ...]:
        return tuple(index for index, sign in enumerate(self.text) if sign in _SENTENCE_ENDS)

    def sentence(self, start: int, end: int) -> tuple[int, int]:
        """(start, end) of the words between two ends of sentences that hold ``start`` to ``end``, without blanks around."""
        bounds = self._bounds
        before, after = bisect_left(bounds, start), bisect_right(bounds, max(start, end - 1))
        first = bounds[before - 1] + 1 if before else 0
        last = bounds[after] + 1 if after < len(bounds) else len(self.text)
        if after < len(bounds) and self.text[bounds[after]] == "\n":
            last -= 1
        while first < start and self.text[first].isspace():
            first += 1
        return first, last

    def looks_back_at(self, section: int) -> bool:
        """True for a section that looks back over several years: its own heading or that of a part above says so, or most amounts there do."""
        return section in self._long_views

    @cached_property
    def _long_views(self) -> frozenset[int]:
        parts, found = self.parts, set[int]()
        spans, all_ = Counter[int](), Counter[int]()
        for one in self.measures:
            if one.role == "result" and one.measure in {"level", "change"}:
                top = self._top(one.section)
                all_[top] += 1
                spans[top] += one.years is not None and one.years[0] != one.years[1]
        for index in range(len(parts)):
            top = self._top(index)
            if self._is_mixed(index):
                continue
            if (
                _LOOK_BACK.search(parts[index].title)
                or (not self._is_mixed(top) and all_[top] >= _ENOUGH and spans[top] >= _MOSTLY * all_[top])
                or ((top in found or self._above(index) in found) and parts[index].part in LOOKING_BACK)
            ):
                found.add(index)
        return frozenset(found)

    def _is_mixed(self, section: int) -> bool:
        """True for a look-back whose heading names one year beside a span of years: 2025年及“十四五”时期工作回顾."""
        if not 0 <= section < len(self.parts) or self.parts[section].part not in LOOKING_BACK:
            return False
        title = self.parts[section].title
        return _SPAN.search(title) is not None and _SINGLE.search(_SPAN.sub("", title)) is not None

    def _above(self, section: int) -> int:
        """The section that holds this one; -1 for none."""
        level = self.parts[section].level
        return next((index for index in range(section - 1, -1, -1) if self.parts[index].level < level), -1)

    def is_of_one_year(self, one: Measured) -> bool:
        """True where only a heading that names one year beside a span makes a result one of several years; the year looked back at is meant."""
        if one.years is None or one.role != "result" or self.review_year != one.years[1] or not self._is_mixed(self._top(one.section)):
            return False
        if self.looks_back_at(one.section):
            return False
        body = self.parts[one.section].start + len(self.parts[one.section].title)
        words = self.text[body : one.start]
        span = max((match.start() for match in _LOOK_BACK.finditer(words)), default=-1)
        return span < 0 or max((match.start() for match in _SINGLE.finditer(words)), default=-1) > span

    def _top(self, section: int) -> int:
        """The section of the first level that holds this one; -1 before the first."""
        while section > 0 and self.parts[section].level > 1:
            section -= 1
        return section

    @cached_property
    def accounts(self) -> bool:
        """True where the document looks back at all: without a part that does, and without results, it answers nothing."""
        if any(part.part in LOOKING_BACK for part in self.parts):
            return True
        return sum(1 for one in self.measures if one.role == "result" and one.year == self.review_year) >= _ENOUGH

    def between(self, start: int, end: int) -> tuple[Measured, ...]:
        """The measures that begin at ``start`` or behind it and before ``end``."""
        starts = self._starts
        return self._ordered[bisect_left(starts, start) : bisect_left(starts, end)]

    @cached_property
    def _ordered(self) -> tuple[Measured, ...]:
        return tuple(sorted(self.measures, key=lambda one: (one.start, one.end)))

    @cached_property
    def _starts(self) -> list[int]:
        return [one.start for one in self._ordered]

    @cached_property
    def back(self) -> tuple[tuple[int, int], ...]:
        """(start, end) of the parts that look back."""
        bounds = [part.start for part in self.parts] + [len(self.text)]
        return tuple((part.start, bounds[index + 1]) for index, part in enumerate(self.parts) if part.part in LOOKING_BACK)

    @cached_property
    def words_back(self) -> str:
        """The text of the parts that look back, without blanks."""
        return re.sub(r"\s+", "", "".join(self.text[start:end] for start, end in self.back))

    def part_of(self, section: int) -> str:
        return self.parts[section].part if 0 <= section < len(self.parts) else ""


def measured(record: dict[str, Any], key: str) -> Measured:
    """A measure out of a fact's record (``docs/facts.md``)."""
    name = record.get("indicator") or {}
    years = record.get("years")
    return Measured(
        id=key, start=record["start"], end=record["end"], text=record["text"], role=record["role"], measure=record["measure"],
        comparator=record["comparator"], name=name.get("text", ""), name_start=name.get("start", -1),
        indicator_id=record.get("indicator_id") or "", direction=record.get("direction") or "", value=record.get("value"),
        value_max=record.get("value_max"), unit=record.get("unit") or "", year=record.get("year"), years=tuple(years) if years else None,
        strength=record.get("strength") or "plain", reference=(record.get("reference") or {}).get("text", ""), section=record.get("section", -1),
    )  # fmt: skip


def acted(record: dict[str, Any], key: str) -> Acted:
    """A project out of a fact's record."""
    return Acted(key, record["start"], record["end"], record["text"], record["stage"], record["role"], record.get("section", -1))


def task(record: dict[str, Any], key: str) -> Task:
    """A task out of a fact's record."""
    return Task(
        id=key, start=record["start"], end=record["end"], body_end=record.get("body_end") or record["end"],
        title=(record.get("title") or {}).get("text", ""), number=str(record.get("number") or ""),
        actions=tuple((one["start"], one["end"]) for one in record.get("actions") or ()), section=record.get("section", -1),
    )  # fmt: skip
