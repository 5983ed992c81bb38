"""Stretches: the runs of text under each section, cut where the words of a paragraph open another part."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.outline.lines import Line
from luoshi.outline.outline import Kind, PartName, Stretch
from luoshi.outline.wording import wording
from luoshi.outline.years import Years, five_years, span_of

_STARTS = re.compile(r"^(?:各位代表|同志们)[!:,]?")
#: how much of a paragraph opens a part
_OPENING = 160
#: how far into a paragraph a turn to problems is looked for
_LONGEST = 3000
#: without one of these no paragraph turns to problems
_SIGNS = ("看到", "识到", "意识", "存在", "面临", "的同时")
_FIVE = r"[“\"]?(?:十[一二三四五]?|[一二三四五六七八九])五[”\"]?(?:时期|期间)"
_PERIOD = re.compile(rf"^(?:各位代表[!,])?(?:在|整个)?{_FIVE}")
_AHEAD = re.compile(r"^(?:[^。,]{0,8})?(?:今后[五几三]年|未来[五几三]年|展望(?:未来)?(?:20\d\d|二〇|[“\"]?十|五年)|到20[2-5]\d年)")
_FAR = re.compile(r"^展望(?:未来)?(?:20\d\d|二〇)")
_DRAFTING = re.compile("编制|谋划")
#: a paragraph that goes on with an outlook
_GOES_ON = re.compile(rf"^(?:——|[一二三四五六七八九十]是|第[一二三四五六七八九十][,、])|^.{{0,60}}(?:到20\d\d年|五年|{_FIVE})")


class Turn(msgspec.Struct, frozen=True, gc=False):
    """A paragraph leaves its part: from ``at`` (offset in the paragraph) on it is ``part``, of the years ``years`` if of several."""

    at: int
    part: PartName
    years: tuple[int, int] | None = None


class Cutter:
    """Tells where a paragraph leaves the part it stands in."""

    def __init__(self, years: Years, kind: Kind) -> None:
        plan = str(years.plan) if years.plan else "0000"
        this = "|今年|本年度" if (years.this_year or years.plan) == years.plan else "|明年"
        year = f"(?:{plan}年{this}|新的一年)"
        self._plan = re.compile(
            rf"^(?:[^。]{{0,12}})?{year}(?:,|是|要|将|我[们区市省县]|全[区市省县年]|政府|区政府|市政府|工作|的|经济|国民)"
            rf"[^。]{{0,80}}(?:要|将|总体要求|目标|工作|任务|思路|安排|部署|关键|开局|之年|一年|重点|预期|增长)"
            rf"|^(?:根据|按照|围绕|综合|基于|为)[^。]{{0,60}}{year}[^。]{{0,40}}(?:目标|要求|工作|任务|思路)"
            rf"|^(?:做好|实现|完成|搞好){year}|^{year}(?:的)?(?:政府|经济|全[区市省县]|我[区市省县])?[^。,]{{0,20}}(?:总体要求|目标|思路|任务|工作)"
        )
        self._years, self._kind = years, kind

    def problem_at(self, words: str) -> int:
        """Offset in the paragraph of the sentence that turns to problems, -1 where none does."""
        if not any(sign in words for sign in _SIGNS):
            return -1
        match = wording().problem_opening.search(words, 0, _LONGEST)
        return max(words.rfind(stop, 0, match.start()) for stop in "。!?") + 1 if match is not None else -1

    def names_plan(self, title: str) -> bool:
        """True for the title of a section that looks back and ahead (2022年工作回顾和2023年工作安排, 十三五成就和十四五目标)."""
        if self._years.plan is None:
            return False
        after = title[title.find("和") + 1 :]
        return str(self._years.plan) in title or after != title and (five_years(after) or (0, 0))[1] > self._years.plan

    def turn(self, words: str, now: PartName, part: PartName, *, free: bool) -> Turn | None:
        """Where a paragraph in the part ``now`` of a section of ``part`` goes over to another part, ``None`` where it does not."""
        if self._kind in ("plan", "breakdown"):
            return self._turn_of_plan(words, now, part)
        if part in ("review", "problems", "other"):
            problem = self.problem_at(words) if now == "review" else -1
            if problem >= 0:
                return Turn(problem, "problems")
            if now in ("review", "problems", "other") and free and self._opens_plan(words):
                return Turn(0, "plan")
            if now in ("review", "problems") and free and part == "review" and _PERIOD.match(words) and self._is_ahead(words):
                return Turn(0, "outlook", span_of(words[:60], None, self._years.plan))
            if (
                now == "problems"
                and part == "review"
                and (_STARTS.match(words) or "问题" not in words[:60] and wording().thanks.search(words))
            ):
                return Turn(0, "review")
        if now == "plan" and part in ("plan", "review") and self._opens_outlook(words):
            return Turn(0, "outlook", span_of(words[:60], None, self._years.plan))
        if now == "outlook" and part != "outlook" and (self._opens_plan(words) or not _GOES_ON.match(words)):
            return Turn(0, "plan")
        return None

    def _turn_of_plan(self, words: str, now: PartName, part: PartName) -> Turn | None:
        """A plan of several years looks back on the period before it, or far ahead, paragraph by paragraph."""
        if part != "plan":
            return None
        span = five_years(words[:40]) if _PERIOD.match(words) else None
        if span is not None and self._years.plans is not None and span[1] < self._years.plans[0]:
            return Turn(0, "review", span)
        if _FAR.match(words):
            return Turn(0, "outlook")
        return Turn(0, "plan") if now in ("review", "outlook") else None

    def _opens_plan(self, words: str) -> bool:
        return self._plan.search(words[:_OPENING]) is not None

    def _opens_outlook(self, words: str) -> bool:
        """True for a paragraph on years beyond the plan's; one on drafting the plan for them is none."""
        return bool(_AHEAD.match(words) or _PERIOD.match(words)) and _DRAFTING.search(words[:60]) is None and self._is_ahead(words)

    def _is_ahead(self, words: str) -> bool:
        """True where a paragraph opens with no five-year period or with one that begins with the year planned or later."""
        span = five_years(words[:60])
        return span is None or self._years.plan is None or span[0] >= self._years.plan - 1


class Run(msgspec.Struct, frozen=True, gc=False):
    """A section's own text between two headings: as a ``Stretch``, before it is cut."""

    start: int
    body: int
    end: int
    section: int
    part: PartName
    document: int
    years: tuple[int, int] | None = None


def cut(lines: Sequence[Line], run: Run, cutter: Cutter, *, free: bool) -> list[Stretch]:
    """The stretches of a run, in order; they tile it. ``lines`` are those that it touches.

    ``free`` lets a review turn into a plan (where no later heading opens the plan).
    """
    found: list[Stretch] = []
    now, years, since, first = run.part, run.years, run.start, run.body
    for line in lines:
        words = line.words[max(0, run.body - line.start) :]
        turn = cutter.turn(words, now, run.part, free=free)
        if turn is None or turn.part == now and turn.years == years:
            continue
        offset = max(line.start, run.body) + turn.at
        if offset > since:
            found.append(Stretch(since, min(first, offset), offset, run.section, now, run.document, years))
            since = first = offset
        now, years = turn.part, run.years if turn.part == run.part else turn.years
    found.append(Stretch(since, min(first, run.end), run.end, run.section, now, run.document, years))
    return found
