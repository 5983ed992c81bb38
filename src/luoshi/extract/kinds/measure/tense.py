"""The time that paragraphs tell of, where it is another than their part's."""

from __future__ import annotations

import re

from luoshi.outline.outline import Outline, Stretch

_HEAD_PAST = re.compile(r"\s*(?:各位代表[,:!]*)?[^。\n,;]{0,8}(?:(?:过去|刚刚过去)的?一年|一年来|去年|(20\d\d)年)(?!以来|至|到|-|—|底前|工作的?(?:总体|指导|主要)|[^。]{0,16}(?:预期|目标|计划|要求|安排|将|要))")
_HEAD_FUTURE = re.compile(r"\s*(?:[—\-]*)[^。\n,;]{0,6}?[“\"]?(?:(十[一二三四五六]|[一二三四五六七八九十])五[”\"]?(?:时期|期间)|未来五年|今后五年)")
_FIVE_FROM = {"七": 1986, "八": 1991, "九": 1996, "十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}


_ABOUT_PLAN = re.compile(r"今年[^。\n]{0,16}(?:总体要求|总体思路|预期目标|主要目标|工作要求|工作思路)|主要预期目标[^。\n]{0,6}[是为:]")


_HEAD_FIVE = re.compile(r"\s*(?:[—\-]*|各位代表[,:!])(?:[^。\n]{0,40}。)?[^。\n,;]{0,10}?(?:(?:过去的?|这)五年|五年来|[“\"]?(十[一二三四五]|[六七八九十])五[”\"]?(?:时期|期间))(?=[,是以来我经全国各])")


class Turned:
    """The chapter in which a look-back has turned to what comes next (“十三五”成就和“十四五”目标 under one heading)."""

    __slots__ = ("section", "future")

    def __init__(self) -> None:
        self.section, self.future = -1, (0, 0)


def _top_section(outline: Outline, section: int) -> int:
    """The chapter that a section lies in."""
    while outline.sections[section].parent >= 0:
        section = outline.sections[section].parent
    return section


class Tense:
    """The time that the paragraphs of a stretch tell of, where their first words say another one than the part.

    A paragraph of a plan that opens with the year reviewed tells of results; from a paragraph of a look-back that opens with
    the next five years on, the rest of the stretch tells of aims.
    """

    __slots__ = ("clean", "stretch", "review", "cut", "future", "paragraph", "past", "other", "span", "past_span")

    def __init__(self, outline: Outline, stretch: Stretch, turned: Turned) -> None:
        self.clean, self.stretch = outline.text.clean, stretch
        self.review = outline.documents[stretch.document].review_year
        self.cut, self.future = stretch.end, (0, 0)
        self.paragraph, self.past = -1, False
        self.span: tuple[int, int] | None = None
        #: the years that the head of the paragraph says (过去五年, “十二五”时期)
        self.past_span: tuple[int, int] | None = None
        self.other = "plan" if stretch.part == "other" and _ABOUT_PLAN.search(self.clean, stretch.start, stretch.end) else stretch.part
        if stretch.part == "review" and self.review and stretch.section >= 0:
            top = _top_section(outline, stretch.section)
            if turned.section == top:
                self.cut, self.future = stretch.start, turned.future
                return
            self._find_turn()
            if self.cut < stretch.end:
                turned.section, turned.future = top, self.future

    def _find_turn(self) -> None:
        clean, at = self.clean, self.stretch.body
        while 0 <= at < self.stretch.end:
            match = _HEAD_FUTURE.match(clean, at, self.stretch.end)
            if match:
                first = _FIVE_FROM.get(match.group(1) or "", (self.review or 0) + 1 if match.group(1) is None else 0)
                if first > (self.review or 0):
                    self.cut, self.future = at, (first, first + 4)
                    return
            following = clean.find("\n", at, self.stretch.end)
            at = following + 1 if following >= 0 else -1

    def at(self, offset: int) -> tuple[str, tuple[int, int] | None]:
        """Part and span of years for the sentence at the offset."""
        part = self.other
        if self.span and offset < self.cut:
            return part, self.span
        if offset >= self.cut:
            return "outlook", self.future
        if part == "review" and self.review:
            paragraph = self.clean.rfind("\n", self.stretch.start, offset + 1) + 1 or self.stretch.start
            if paragraph != self.paragraph:
                self.paragraph, self.past_span = paragraph, self._span_of(paragraph)
            if self.past_span:
                return part, self.past_span
        if part in ("plan", "outlook") and self.review:
            paragraph = self.clean.rfind("\n", self.stretch.start, offset + 1) + 1 or self.stretch.start
            if paragraph != self.paragraph:
                match = _HEAD_PAST.match(self.clean, paragraph, self.stretch.end)
                self.paragraph, self.past = paragraph, bool(match) and (match.group(1) in (None, str(self.review)))  # type: ignore[union-attr]
            if self.past or self._tells_of_last_year(paragraph, offset):
                return "review", None
        return part, None


    def _span_of(self, paragraph: int) -> tuple[int, int] | None:
        """The five years that a paragraph of a look-back opens with; ``None`` where it opens with none."""
        match = _HEAD_FIVE.match(self.clean, paragraph, self.stretch.end)
        if match is None or self.review is None:
            return None
        if match.group(1):
            first = _FIVE_FROM.get(match.group(1), 0)
            return (first, first + 4) if first and self.review - 5 <= first + 4 <= self.review else None
        return self.review - 4, self.review

    def _tells_of_last_year(self, paragraph: int, offset: int) -> bool:
        """True behind a sentence that opens with 过去的一年, until the paragraph turns to this year."""
        clean = self.clean
        at = max(clean.rfind("。过去的一年", paragraph, offset), clean.rfind("。刚刚过去的一年", paragraph, offset), clean.rfind("。过去一年", paragraph, offset))
        return at >= 0 and not any(clean.find(word, at, offset) >= 0 for word in ("今年", "我们要", "要坚持"))
