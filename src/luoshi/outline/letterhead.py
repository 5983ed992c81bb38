"""Letterhead: title, date, speaker and kind of a document, from the lines before its body."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.outline.headings import is_part_title
from luoshi.outline.lines import Line, ends_sentence
from luoshi.outline.outline import Kind
from luoshi.outline.years import find_date

SALUTATION = re.compile(r"^(?:各位(?:代表|委员|领导)|同志们|代表们|主席团)[^。]{0,20}$")
OPENING = re.compile(
    r"^(?:各位代表[:!,、]?|同志们[:!,]?)?(?:现在|根据|受|我|下面|本届)[^\n]{0,60}?(?:我|本人)?(?:谨|受.{2,20}委托,?)?"
    r"(?:代表|向)[^\n]{0,80}?(?:报告|工作)"
)
_TITLE = re.compile(r"报告|规划|建议|纲要|方案|计划|意见|通知|措施|分解|分工|要点|办法|清单|决定|任务")
_NO_TITLE = re.compile(r"当前位置|首页|来源|发布|浏览|责任编辑|^\d+[.、]|[|>]|https?:|字体|打印|^“|[。;!?]$")
_GOOD_TITLE = re.compile("工作报告|规划|纲要|分解|分工|方案|行动计划|建议")
_PLACE = re.compile("[省市县区州旗]|国务院")
_ABOUT = re.compile("关于|年")
_SPOKEN = re.compile("在.{2,40}(?:会议|大会|全会)(?:上|的)|作政府工作报告")
_SPOKEN_TITLE = re.compile("^[^—-].{0,40}在.{2,40}上的")
_MEETING = re.compile("在.{2,40}(?:会议|大会|全会)上")
_WHOLE_TITLE = re.compile(r"^(?:关于|[(\[（【]?[\u4e00-\u9fff]{2,}(?:省|市|区|县|州))")
_FIRST_HEADING = re.compile("一、|第一[章篇编]")
_LABEL = re.compile(r"^(?:标题:|【[^】]{0,8}】|\[[^\]]{0,8}\])")
_OFFICE = r"(?:代?(?:省|市|区|县|州|旗|盟|镇|乡) {0,4}长|主 {0,4}席|总理|主 {0,4}任|书记)"
_SPEAKER = re.compile(
    rf"^[—-]*[\u4e00-\u9fff ]{{0,14}}?{_OFFICE} {{0,4}}(?P<name>[\u4e00-\u9fff·]{{1,6}}(?: {{1,3}}[\u4e00-\u9fff]{{1,3}})?)$"
)
_CLAUSE = re.compile(
    r"[(（](?:[^()（）]{0,12}?(?:牵头|责任|主办|负责|配合|协同)[^()（）]{0,6}(?:单位|领导|部门)?[:：][^()（）]|"
    r"[^()（）]{2,80}(?:负责|牵头))"
)


class Letterhead(msgspec.Struct, frozen=True):
    """What stands before the body: it begins at line ``first``, the body at line ``body``; ``date`` is (year, month, day)."""

    first: int
    body: int
    title: str = ""
    date: tuple[int, int, int] | None = None
    speaker: str = ""
    byline: str = ""

    def iso_date(self) -> str:
        """The date as 2022-12-21, as far as it is known."""
        if self.date is None:
            return ""
        year, month, day = self.date
        return f"{year}-{month:02d}" + (f"-{day:02d}" if day else "")


def read_letterhead(lines: Sequence[Line], first: int, last: int) -> Letterhead:
    """The letterhead of the document in ``lines[first:last]``: the lines up to its salutation, first heading or first paragraph."""
    body = _body(lines, first, last)
    titles = [index for index in range(first, body) if _is_title(lines[index].words)]
    title, start = "", body
    if titles:
        start = max(titles, key=lambda index: _weight(lines[index].words, index, body))
        title, start = _with_lines_above(lines, first, start, lines[start].words)
    byline = next((lines[index].words for index in range(first, body) if _MEETING.search(lines[index].words)), "")
    date = find_date(byline) or next((found for index in range(start, body) if (found := find_date(lines[index].words))), None)
    speaker = next((match for index in range(start, body) if (match := _SPEAKER.match(lines[index].words))), None)
    return Letterhead(start, body, _LABEL.sub("", title).strip(), date, speaker["name"].replace(" ", "") if speaker else "", byline)


def _body(lines: Sequence[Line], first: int, last: int) -> int:
    """Index of the line where the body begins."""
    for index in range(first, min(last, first + 120)):
        words = lines[index].words
        if SALUTATION.match(words) and "代表大会" not in words or OPENING.match(words) or _FIRST_HEADING.match(words):
            return index
        if index > first and is_part_title(words) and not _is_title(words):
            return index
        if len(words) >= 40 and ends_sentence(words) and words.count(",") + words.count("。") >= 2:
            return index
    return first


def _is_title(words: str) -> bool:
    return 5 <= len(words) <= 160 and _TITLE.search(words) is not None and not _NO_TITLE.search(words)


def _weight(words: str, index: int, body: int) -> float:
    """How much a line looks like the title: its words, its place close above the body, its length; a byline hardly does."""
    value = 2.0 * bool(_GOOD_TITLE.search(words)) + bool(_PLACE.search(words)) + 0.5 * bool(_ABOUT.search(words))
    if _SPOKEN.search(words) and not _SPOKEN_TITLE.search(words):
        value -= 3
    return value - 0.02 * (body - index) - 0.5 * (len(words) > 60)


def _with_lines_above(lines: Sequence[Line], first: int, start: int, title: str) -> tuple[str, int]:
    """A title broken over lines put together, where it begins with 关于 above; and the line where it begins."""
    at = start
    while at > first and not _WHOLE_TITLE.match(title) and len(title) < 30:
        above = lines[at - 1].words
        if ends_sentence(above) or len(above) > 24 or _NO_TITLE.search(above) or any(char.isdigit() for char in above):
            break
        if not above.startswith("关于") and not (at - 2 >= first and lines[at - 2].words.startswith("关于")):
            break
        title, at = above + title, at - 1
    return title, at


_REPORT_TITLE = re.compile("(?:政府|管委会|管理委员会)?工作报告|关于.{0,30}(?:规划|计划).{0,10}的报告")
_BREAKDOWN_TITLE = re.compile("(?:任务|责任|工作)(?:的)?(?:分解|分工)")
_PLAN_TITLE = re.compile('五年规划|[一二三四五六七八九十]五[”"]?.{0,20}规划|规划纲要|远景目标|计划纲要')
_LIKELY_PLAN_TITLE = re.compile("规划|纲要|五年.{0,20}建议")
_REPORT_OPENING = re.compile(
    r"(?:代表|受).{0,24}(?:政府|国务院|管委会|管理委员会|筹备组).{0,60}(?:报告|工作)|作(?:政府)?工作报告|"
    r"报告(?:政府|过去|20\d\d年|19\d\d年)"
)


_COLUMN = re.compile("(?:牵头|责任|主办|承办|负责|配合)(?:单位|部门|领导)")


def find_kind(title: str, opening: str, body: str, *, tables: bool = False) -> Kind:
    """What kind of document it is, from title, opening words and responsibility clauses, or columns where it has ``tables``."""
    if _BREAKDOWN_TITLE.search(title):
        return "breakdown"
    if _REPORT_TITLE.search(title):
        return "report"
    if _PLAN_TITLE.search(title):
        return "plan"
    if _REPORT_OPENING.search(opening) or body.count("各位代表") >= 2:
        return "report"
    if len(_CLAUSE.findall(body)) >= 3 or tables and _COLUMN.search(body):
        return "breakdown"
    return "plan" if _LIKELY_PLAN_TITLE.search(title) else "other"
