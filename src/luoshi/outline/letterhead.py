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
OPENING = re.compile(r"^(?:各位代表[:!,、]?|同志们[:!,]?)?(?:现在|根据|受|我|下面|本届)[^\n]{0,60}?(?:我|本人)?(?:谨|受.{2,20}委托,?)?(?:代表|向)[^\n]{0,80}?(?:报告|工作)")
_TITLE = re.compile(r"报告|规划|建议|纲要|方案|计划|意见|通知|措施|分解|分工|要点|办法|清单|决定|任务")
_NO_TITLE = re.compile(r"当前位置|首页|来源|发布|浏览|责任编辑|^\d+[.、]|[|>]|https?:|字体|打印|^“|[。;!?]$")
_SPEAKER = re.compile(r"^(?:[—-]*)?(?P<office>[\u4e00-\u9fff ]{0,14}?(?:代?(?:省|市|区|县|州|旗|盟|镇|乡) ?长|主席|总理|主任|书记)) {0,4}(?P<name>[\u4e00-\u9fff·]{1,6}(?: {1,3}[\u4e00-\u9fff]{1,3})?)$")
_CLAUSE = re.compile(r"[(（](?:[^()（）]{0,12}?(?:牵头|责任|主办|负责|配合|协同)[^()（）]{0,6}(?:单位|领导|部门)?[:：][^()（）]|[^()（）]{2,80}(?:负责|牵头))")


class Letterhead(msgspec.Struct, frozen=True):
    """What stands before the body: lines ``first`` to ``body`` (indices), and what was found there."""

    first: int
    body: int
    title: str = ""
    date: str = ""
    speaker: str = ""
    byline: str = ""


def read_letterhead(lines: Sequence[Line], first: int, last: int) -> Letterhead:
    """The letterhead of the document in ``lines[first:last]``: the lines up to its salutation, first heading or first paragraph."""
    body = _body(lines, first, last)
    head = range(first, body)
    titles = [index for index in head if _is_title(lines[index].words)]
    title, start = "", body
    if titles:
        best = max(titles, key=lambda index: _weight(lines[index].words, index, body))
        start, title = best, lines[best].words
        title, start = _with_lines_above(lines, first, start, title)
    byline = next((lines[index].words for index in head if re.search("在.{2,40}(?:会议|大会|全会)上", lines[index].words)), "")
    date = find_date(byline) or next((found for index in range(start, body) if (found := find_date(lines[index].words))), None)
    speaker = next((match for index in range(start, body) if (match := _SPEAKER.match(lines[index].words))), None)
    name = re.sub(" +", "", speaker["name"]) if speaker else ""
    return Letterhead(start, body, _tidy(title), _iso(date), name, byline)


def _iso(date: tuple[int, int, int, str] | None) -> str:
    if date is None:
        return ""
    return f"{date[0]}-{date[1]:02d}" + (f"-{date[2]:02d}" if date[2] else "")


def _body(lines: Sequence[Line], first: int, last: int) -> int:
    """Index of the line where the body begins."""
    for index in range(first, min(last, first + 120)):
        words = lines[index].words
        if SALUTATION.match(words) and "代表大会" not in words or OPENING.match(words) or index > first and is_part_title(words) and not _is_title(words):
            return index
        if len(words) >= 40 and ends_sentence(words) and words.count(",") + words.count("。") >= 2 or re.match("一、|第一[章篇编]", words):
            return index
    return first


def _is_title(words: str) -> bool:
    return 5 <= len(words) <= 160 and _TITLE.search(words) is not None and not _NO_TITLE.search(words)


def _weight(words: str, index: int, body: int) -> float:
    value = 2.0 * bool(re.search("工作报告|五年规划|规划|纲要|分解|分工|方案|行动计划|建议", words)) + bool(re.search("[省市县区州旗]|国务院", words))
    value -= 3.0 * bool(re.search("在.{2,40}(?:会议|大会|全会)(?:上|的)|作政府工作报告", words) and not re.search("^[^—-].{0,40}在.{2,40}上的", words))
    return value + bool(re.search("关于|年", words)) * 0.5 - 0.02 * (body - index) - (len(words) > 60) * 0.5


def _with_lines_above(lines: Sequence[Line], first: int, start: int, title: str) -> tuple[str, int]:
    """A title broken over lines put together: 关于… begins above."""
    at = start
    while at > first and not re.match(r"^(?:关于|[(\[（【]?[\u4e00-\u9fff]{2,}(?:省|市|区|县|州))", title) and len(title) < 30:
        above = lines[at - 1].words
        if ends_sentence(above) or len(above) > 24 or _NO_TITLE.search(above) or re.search(r"\d", above):
            break
        if not re.match("^关于", above) and not re.match("^关于", lines[at - 2].words if at - 2 >= first else ""):
            break
        title, at = above + title, at - 1
    return title, at


def _tidy(title: str) -> str:
    return re.sub(r"^(?:标题:|【[^】]{0,8}】|\[[^\]]{0,8}\])", "", title).strip()


def find_kind(title: str, opening: str, body: str) -> Kind:
    """What kind of document it is, from title, opening words and responsibility clauses."""
    if re.search("(?:政府|管委会|管理委员会)?工作报告", title) and "分解" not in title and "分工" not in title:
        return "report"
    if re.search("(?:任务|责任|工作)(?:的)?(?:分解|分工)", title):
        return "breakdown"
    if re.search("关于.{0,30}(?:规划|计划).{0,10}的报告", title):
        return "report"
    if re.search("五年规划|[一二三四五六七八九十]五[”\"]?.{0,20}规划|规划纲要|远景目标|计划纲要", title):
        return "plan"
    if re.search(r"(?:代表|受).{0,24}(?:政府|国务院|管委会|管理委员会|筹备组).{0,60}(?:报告|工作)|作(?:政府)?工作报告|报告(?:政府|过去|20\d\d年|19\d\d年)", opening):
        return "report"
    if body.count("各位代表") >= 2:
        return "report"
    if len(_CLAUSE.findall(body)) >= 3:
        return "breakdown"
    if re.search("规划|纲要|五年.{0,20}建议", title):
        return "plan"
    return "other"
