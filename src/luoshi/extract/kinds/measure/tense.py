"""The time that paragraphs tell of, where it is another than their part's. Offsets are in the clean text."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.measure.years import five_years
from luoshi.outline.outline import Outline, Stretch

_HEAD_PAST = re.compile(
    r"\s*(?:各位代表[,:!]*)?[^。\n,;]{0,8}(?:(?:过去|刚刚过去)的?一年|一年来|去年|(20\d\d)年)"
    r"(?!以来|至|到|-|—|底前|工作的?(?:总体|指导|主要)|[^。]{0,16}(?:预期|目标|计划|要求|安排|将|要))"
)
_HEAD_FUTURE = re.compile(
    r"\s*(?:[—\-]*)[^。\n,;]{0,6}?[“\"]?(?:(十[一二三四五六]|[一二三四五六七八九十])五[”\"]?(?:时期|期间)|未来五年|今后五年)"
)
_HEAD_FIVE = re.compile(
    r"\s*(?:[—\-]*|各位代表[,:!])(?:[^。\n]{0,40}。)?[^。\n,;]{0,10}?"
    r"(?:(?:过去的?|这)五年|五年来|[“\"]?(十[一二三四五]|[六七八九十])五[”\"]?(?:时期|期间))(?=[,是以来我经全国各])"
)
_HEAD_LAST_YEAR = re.compile(r"\s*(?:各位代表[,:!]*)?刚刚过去的(?:一年|(20\d\d)年)")
_ABOUT_PLAN = re.compile(r"今年[^。\n]{0,16}(?:总体要求|总体思路|预期目标|主要目标|工作要求|工作思路)|主要预期目标[^。\n]{0,6}[是为:]")
#: from a sentence on that opens with the one a paragraph of a plan tells of last year; a word of the other turns back
_TURN = re.compile(r"(。(?:刚刚)?过去的一年|。过去一年)|今年|我们要|要坚持")
_LONGEST_TURN = len("。刚刚过去的一年")


class Turned(msgspec.Struct):
    """The chapter in which a look-back has turned to what comes next (“十三五”成就和“十四五”目标 under one heading)."""

    section: int = -1
    future: tuple[int, int] = (0, 0)


def _top_section(outline: Outline, section: int) -> int:
    """The chapter that a section lies in."""
    while outline.sections[section].parent >= 0:
        section = outline.sections[section].parent
    return section


class Tense:
    """The time that the paragraphs of a stretch tell of, where their first words say another one than the part.

    A paragraph of a plan that opens with the year reviewed tells of results; from a paragraph of a look-back that opens with
    the next five years on, the rest of the stretch tells of aims. Asked for offsets in rising order it looks at each character once.
    """

    __slots__ = (
        "clean",
        "cut",
        "future",
        "last_year",
        "looked",
        "other",
        "paragraph",
        "past",
        "past_span",
        "review",
        "span",
        "stretch",
        "turned_past",
    )

    def __init__(self, outline: Outline, stretch: Stretch, turned: Turned) -> None:
        self.clean, self.stretch = outline.text.clean, stretch
        self.review = outline.documents[stretch.document].review_year
        #: where the look-back turns to the years ``future``
        self.cut, self.future = stretch.end, (0, 0)
        #: the years of the whole look-back, where another than the outline knows them
        self.span: tuple[int, int] | None = None
        self.other = "plan" if stretch.part == "other" and _ABOUT_PLAN.search(self.clean, stretch.start, stretch.end) else stretch.part
        self.looked, self.paragraph = stretch.start, -1
        self.past = self.turned_past = False
        #: True in a paragraph of a look-back that opens with its last year
        self.last_year = False
        self.past_span: tuple[int, int] | None = None
        if stretch.part == "review" and self.review and stretch.section >= 0:
            top = _top_section(outline, stretch.section)
            if turned.section == top:
                self.cut, self.future = stretch.start, turned.future
                return
            self._find_turn()
            if self.cut < stretch.end:
                turned.section, turned.future = top, self.future

    def _find_turn(self) -> None:
        clean, at, review = self.clean, self.stretch.body, self.review or 0
        while 0 <= at < self.stretch.end:
            match = _HEAD_FUTURE.match(clean, at, self.stretch.end)
            if match:
                first = five_years(match.group(1))[0] if match.group(1) else review + 1
                if first > review:
                    self.cut, self.future = at, (first, first + 4)
                    return
            following = clean.find("\n", at, self.stretch.end)
            at = following + 1 if following >= 0 else -1

    def at(self, offset: int) -> tuple[str, tuple[int, int] | None]:
        """Part and span of years for the sentence at the offset; offsets must not fall from call to call."""
        if offset >= self.cut:
            return "outlook", self.future
        if not self.review or self.other not in ("review", "plan", "outlook"):
            return self.other, self.span
        self._go_to(offset)
        if self.span:
            return self.other, None if self.last_year else self.span
        if self.other == "review":
            return self.other, self.past_span
        return ("review" if self.past or self.turned_past else self.other), None

    def _go_to(self, offset: int) -> None:
        """Takes note of the paragraph of the offset, and of what the words up to there say."""
        line = self.clean.rfind("\n", self.looked, offset + 1)
        if line >= 0 or self.paragraph < 0:
            self._open_paragraph(line + 1 if line >= 0 else self.stretch.start)
        for match in _TURN.finditer(self.clean, self.looked, offset):
            self.turned_past = match.group(1) is not None
        self.looked = max(self.paragraph, offset - _LONGEST_TURN)

    def _open_paragraph(self, start: int) -> None:
        """Notes what the head of the paragraph says: of the year reviewed (``past``), of five years (``past_span``)."""
        self.paragraph = self.looked = start
        self.turned_past = False
        if self.other == "review":
            self.past_span = self._span_of(start)
            head = _HEAD_LAST_YEAR.match(self.clean, start, self.stretch.end)
            self.last_year = head is not None and head.group(1) in (None, str(self.review))
        else:
            match = _HEAD_PAST.match(self.clean, start, self.stretch.end)
            self.past = match is not None and match.group(1) in (None, str(self.review))

    def _span_of(self, paragraph: int) -> tuple[int, int] | None:
        """The five years that a paragraph of a look-back opens with; ``None`` where it opens with none."""
        match = _HEAD_FIVE.match(self.clean, paragraph, self.stretch.end)
        if match is None or self.review is None:
            return None
        if match.group(1) is None:
            return self.review - 4, self.review
        first, last = five_years(match.group(1))
        return (first, last) if self.review - 5 <= last <= self.review else None
