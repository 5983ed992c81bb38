"""Stretches: the runs of text under each section, cut where the words of a paragraph open another part."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.outline.lines import Line
from luoshi.outline.outline import PartName, Stretch
from luoshi.outline.wording import wording
from luoshi.outline.years import Years, five_years, span_of

_STARTS = re.compile(r"^(?:各位代表|同志们)[!:,]?")
_FIRST_SENTENCES = 160
#: how far into a paragraph a turn to problems is looked for
_LONGEST = 3000
#: without one of these no paragraph turns to problems
_SIGNS = ("看到", "识到", "意识", "存在", "面临", "的同时")


class Cutter:
    """Tells where a paragraph leaves the part it stands in."""

    def __init__(self, years: Years) -> None:
        plan = str(years.plan) if years.plan else "0000"
        now = years.this_year or years.plan
        this = "|今年|本年度" if now == years.plan else "|明年"
        year = f"(?:{plan}年{this}|新的一年)"
        self._plan = re.compile(
            rf"^(?:[^。]{{0,12}})?{year}(?:,|是|要|将|我[们区市省县]|全[区市省县年]|政府|区政府|市政府|工作|的|经济|国民)"
            rf"[^。]{{0,80}}(?:要|将|总体要求|目标|工作|任务|思路|安排|部署|关键|开局|之年|一年|重点|预期|增长)"
            rf"|^(?:根据|按照|围绕|综合|基于|为)[^。]{{0,60}}{year}[^。]{{0,40}}(?:目标|要求|工作|任务|思路)"
            rf"|^(?:做好|实现|完成|搞好){year}|^{year}(?:的)?(?:政府|经济|全[区市省县]|我[区市省县])?[^。,]{{0,20}}(?:总体要求|目标|思路|任务|工作)")
        self._outlook = re.compile(r"^(?:[^。,]{0,8})?(?:今后[五几三]年|未来[五几三]年|展望(?:未来)?(?:20\d\d|二〇|[“\"]?十|五年)|到20[2-5]\d年)"
                                   r"|^[^。,\d]{0,12}[“\"]?(?:十[一二三四五]?|[一二三四五六七八九])五[”\"]?(?:时期|期间|发展|规划)")
        self._years = years

    def problem_at(self, words: str) -> int:
        """Offset in the paragraph of the sentence that turns to problems, -1 where none does."""
        if not any(sign in words for sign in _SIGNS):
            return -1
        match = wording().problem_opening.search(words, 0, _LONGEST)
        if match is None:
            return -1
        begin = max(words.rfind(stop, 0, match.start()) for stop in "。!?")
        return begin + 1

    def names_plan(self, title: str) -> bool:
        """True for the title of a section that looks back and ahead (2022年工作回顾和2023年工作安排)."""
        return self._years.plan is not None and str(self._years.plan) in title

    def opens_plan(self, words: str) -> bool:
        return self._plan.search(words[:_FIRST_SENTENCES]) is not None

    def opens_outlook(self, words: str) -> bool:
        if self._outlook.search(words[:60]) is None:
            return False
        span = five_years(words[:60])
        return span is None or self._years.plan is None or span[0] >= self._years.plan - 1

    def span(self, words: str) -> tuple[int, int] | None:
        """The years that an outlook opens with."""
        return span_of(words[:60], None, self._years.plan)


def cut(lines: Sequence[Line], start: int, body: int, end: int, section: int, part: PartName, document: int, cutter: Cutter, *,
        free: bool, span: tuple[int, int] | None = None) -> list[Stretch]:
    """The stretches of one section's own text ``[start, end)``; ``lines`` are those of its body. ``free`` lets a review turn into a plan
    (where no later heading opens the plan); ``span`` are the years of a section that speaks of several."""
    found: list[Stretch] = []
    now, years, since, first = part, span, start, body

    def turn(offset: int, to: PartName, until: tuple[int, int] | None = None) -> None:
        nonlocal now, years, since, first
        if to == now:
            return
        if offset > since:
            found.append(Stretch(since, min(first, offset), offset, section, now, document, years))
            since = first = offset
        now, years = to, span if to == part else until

    for line in lines:
        words = line.words[max(0, body - line.start):] if line.start < body else line.words
        at = max(line.start, body)
        if part in ("review", "problems", "other"):
            problem = cutter.problem_at(words) if now == "review" else -1
            if problem >= 0:
                turn(at + problem, "problems")
                continue
            if now in ("review", "problems", "other") and free and cutter.opens_plan(words):
                turn(at, "plan")
            elif now == "problems" and (_STARTS.match(words) or wording().thanks.search(words)) and part == "review":
                turn(at, "review")
        if now == "plan" and part in ("plan", "review") and cutter.opens_outlook(words):
            turn(at, "outlook", cutter.span(words))
        elif now == "outlook" and part != "outlook" and cutter.opens_plan(words):
            turn(at, "plan")
    found.append(Stretch(since, min(first, end), end, section, now, document, years))
    return found
