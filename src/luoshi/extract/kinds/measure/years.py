"""Words of time: the years that they name in a document of given years. Offsets are in the clean text."""

from __future__ import annotations

import re

import msgspec

from luoshi.numeral import parse_numeral
from luoshi.outline.outline import Document

#: a position where a word of time, or what compares with one, can begin: tells most positions off at one look
_FIRST = r"(?=[比较与同相是超高低创《“\d一二两三四五六七八九十今去明上前本当后过近这最连未力再用计])"
_MARKS = re.compile(
    _FIRST + r"(?P<cmp>(?:比|较|与|同|相当于|是|超过|高于|低于|创|《[^》]{0,40})?)"
    r"(?:(?P<a>\d{4})(?:年)?(?:-|—{1,2}|–|~|至|到)(?P<b>\d{4})年"
    r"|(?P<y>(?<!\d)(?:19|20)\d\d|[一二][〇零○一二三四五六七八九]{3})年(?P<since>以来|起|以后|开始)?"
    r"|(?P<rel>今明两年|今年|去年|明年|上年|前年|本年|当年|上一年|后年)"
    r"|“?(?P<plan>十[一二三四五六]|[一二三四五六七八九十])(?:个)?五”?(?P<what>前[一二两三四]年|后[一二两三四]年|期间|时期|以来|规划|计划|末|头[一二两三]年)"
    r"|(?P<last>(?:过去|近|这|最近|前|上|连续)?(?P<n>[两三四五十])年"
    r"(?P<span>来|间|以来|累计|共|年均|平均|时间|(?=新增|净增|城镇|完成|投入|实施|建成|办理|减少|增加|整备|拆除|改造|新建|新开|引进|培育|培训|发放|整治|打通|筹集|筹建|供应|转移|解决)))"
    r"|(?P<next>(?:未来|今后|力争|再用|用|计划)(?P<m>[两三四五十]|\d{1,4})(?:到[三四五])?年(?P<nspan>内|左右|时间|投入)?)"
    r"|(?P<term>本届政府|过去五年|过去的五年|本届任期|五年任期))"
)
#: characters without one of which a sentence holds no word of time
_SIGNS = ("年", "期", "届", "五”")
_AGAINST = ("相比", "比较", "的相比")
#: how 今年 and the like count from this year
_FROM_THIS = {"今年": 0, "去年": -1, "明年": 1, "上年": -1, "上一年": -1, "前年": -2, "后年": 2}
_BACKWARD = ("过去", "近", "这", "最近", "前", "上")
_LONGEST_OUTLOOK = 30


class Mark(msgspec.Struct, gc=False, eq=False):
    """A word of time in a sentence: ``start``/``end`` of the word, the ``year`` or the span of ``years`` (first, last) that it names.

    ``kind``: ``year``, ``relative`` (今年), ``span``, ``few`` (五年来), ``future`` (未来三年), ``since`` (2020年以来).
    ``compared``: something is measured against it (比2012年), it is not the year of what follows.
    """

    start: int
    end: int
    kind: str
    year: int | None = None
    years: tuple[int, int] | None = None
    compared: bool = False


def year_of(written: str) -> int:
    """The year written 2012 or 二〇一二."""
    return int(parse_numeral(written) or 0)


def five_years(number: str) -> tuple[int, int]:
    """First and last year of the five-year plan of this number (十四 → 2021, 2025); the third began three years late, in 1966."""
    count = int(parse_numeral(number) or 0)
    first = 1966 + 5 * (count - 3) if count > 2 else 1953 + 5 * (count - 1)
    return first, first + 4


def reviewed_year(document: Document) -> int | None:
    """The year that a document accounts for; for a plan of several years the one before its first."""
    if document.review_year is None and document.plan_years:
        return document.plan_years[0] - 1
    return document.review_year


def marks_in(clean: str, start: int, end: int, *, document: Document, part: str, this_year: int | None) -> list[Mark]:
    """The words of time in ``clean[start:end]``, in order. ``this_year`` is what 今年 means."""
    if not any(clean.find(sign, start, end) >= 0 for sign in _SIGNS):
        return []
    found: list[Mark] = []
    for match in _MARKS.finditer(clean, start, end):
        mark = _mark(match, document, part, this_year)
        if mark is not None:
            mark.compared = mark.compared or clean.startswith(_AGAINST, mark.end)
            found.append(mark)
    return found


def _mark(match: re.Match[str], document: Document, part: str, this_year: int | None) -> Mark | None:
    """What the matched words name; ``None`` where they name no years or the document does not tell which."""
    mark = Mark(match.end("cmp"), match.end(), "", compared=match.end("cmp") > match.start())
    if match["a"]:
        return _from_to(mark, match)
    if match["y"]:
        return _in_year(mark, match, document, part)
    if match["rel"]:
        return _relative(mark, match["rel"], document, part, this_year)
    if match["plan"]:
        return _in_plan(mark, match)
    mark.compared = False
    if match["next"]:
        return _ahead(mark, match, document)
    return _looking_back(mark, match, document, part)


def _from_to(mark: Mark, match: re.Match[str]) -> Mark | None:
    """2021—2025年."""
    mark.kind, mark.years = "span", (int(match["a"]), int(match["b"]))
    return mark if mark.years[0] < mark.years[1] < mark.years[0] + 40 else None


def _in_year(mark: Mark, match: re.Match[str], document: Document, part: str) -> Mark:
    """2023年, 二〇二三年; of a review 2018年以来 is a span up to the year reviewed."""
    year, last = year_of(match["y"]), reviewed_year(document)
    if match["since"] in ("以来", "以后") and part in ("review", "problems") and last and year < last and not mark.compared:
        mark.kind, mark.years = "span", (year, last)
    else:
        mark.kind, mark.year = "since" if match["since"] else "year", year
    return mark


def _relative(mark: Mark, word: str, document: Document, part: str, this_year: int | None) -> Mark | None:
    """今年, 去年, 今明两年. 上年 is a year to compare with, outside a plan the one before the year reviewed."""
    if this_year is None or word in ("当年", "本年"):
        return None
    if word == "今明两年":
        mark.kind, mark.years = "span", (this_year, this_year + 1)
        return mark
    year = this_year + _FROM_THIS[word]
    if word == "上年" and part != "plan":
        year = (document.review_year or this_year) - 1
    mark.kind, mark.year, mark.compared = "relative", year, mark.compared or word in ("上年", "上一年")
    return mark


def _in_plan(mark: Mark, match: re.Match[str]) -> Mark | None:
    """“十四五”期间, 十三五末, 十四五前两年; the plan as a document (十四五规划) names no time."""
    what, (first, last) = match["what"], five_years(match["plan"])
    if what in ("规划", "计划"):
        return None
    if what == "末":
        mark.kind, mark.year = "year", last
        return mark
    count = int(parse_numeral(what[1]) or 1) if what[0] in "前头后" else 0
    if count:
        first, last = (last - count + 1, last) if what[0] == "后" else (first, first + count - 1)
    mark.kind, mark.years = "span", (first, last)
    return mark


def _looking_back(mark: Mark, match: re.Match[str], document: Document, part: str) -> Mark | None:
    """五年来, 过去三年, 本届政府: years up to the one reviewed; in a plan 三年完成… counts from its first year."""
    if match["last"] and part in ("plan", "outlook") and match["span"] not in ("来", "以来") and not match["last"].startswith(_BACKWARD):
        first = document.plan_years[0] if document.plan_years else document.plan_year
        mark.kind, mark.years = "span", _from(first, match["n"]) if first else None
        return mark if first else None
    last = reviewed_year(document)
    if last is None or (match["last"] and match.group().startswith("连续")):
        return None
    count = int(parse_numeral(match["n"] or "五") or 5)
    mark.kind, mark.years = "few", document.review_years if document.review_years and count == 5 else (last - count + 1, last)
    return mark


def _ahead(mark: Mark, match: re.Match[str], document: Document) -> Mark | None:
    """未来三年: years from the first planned one on."""
    first = document.plan_year or (document.plan_years[0] if document.plan_years else None)
    count = int(parse_numeral(match["m"]) or 0)
    if first is None or not 0 < count <= _LONGEST_OUTLOOK:
        return None
    mark.kind, mark.years = "future", _from(first, match["m"])
    return mark


def _from(first: int, count: str) -> tuple[int, int]:
    return first, first + int(parse_numeral(count) or 1) - 1
