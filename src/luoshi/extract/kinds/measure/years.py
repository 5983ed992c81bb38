"""The year an amount is for: from the words near it, else from the part of the document."""

from __future__ import annotations

import re

from luoshi.outline.outline import Document, Outline

_FIVE = {"六": (1981, 1985), "七": (1986, 1990), "八": (1991, 1995), "九": (1996, 2000), "十": (2001, 2005), "十一": (2006, 2010),
         "十二": (2011, 2015), "十三": (2016, 2020), "十四": (2021, 2025), "十五": (2026, 2030), "十六": (2031, 2035), "一": (1953, 1957), "二": (1958, 1962), "三": (1966, 1970), "四": (1971, 1975), "五": (1976, 1980)}
_FEW = {"两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9, "十": 10}

MARKS = re.compile(
    r"(?P<cmp>(?:比|较|与|同|相当于|是|超过|高于|低于|创|《[^》]{0,40})?)"
    r"(?:(?P<a>\d{4})(?:年)?(?:-|—{1,2}|–|~|至|到)(?P<b>\d{4})年"
    r"|(?P<y>(?<!\d)(?:19|20)\d\d)年(?P<since>以来|起|以后|开始)?"
    r"|(?P<h>[一二][〇零○一二三四五六七八九]{3})年(?P<since2>以来|起|以后|开始)?"
    r"|(?P<rel>今明两年|今年|去年|明年|上年|前年|本年|当年|上一年|后年)"
    r"|“?(?P<plan>十[一二三四五六]|[一二三四五六七八九十])(?:个)?五”?(?P<what>前[一二两三四]年|后[一二两三四]年|期间|时期|以来|规划|计划|末|头[一二两三]年)"
    r"|(?P<last>(?:过去|近|这|最近|前|上|连续)?(?P<n>[两三四五十])年(?P<span>来|间|以来|累计|共|年均|平均|时间|(?=新增|净增|城镇|完成|投入|实施|建成|办理|减少|增加)))"
    r"|(?P<next>(?:未来|今后|力争|再用|用|计划)(?P<m>[两三四五十]|\d+)(?:到[三四五])?年(?P<nspan>内|左右|时间|投入)?)"
    r"|(?P<term>本届政府|过去五年|过去的五年|本届任期|五年任期))"
)


class Mark:
    """A word of time in a sentence. ``start``/``end`` of the word; the year or the span that it names."""

    __slots__ = ("start", "end", "year", "years", "kind", "compared")

    def __init__(self, start: int, end: int, kind: str, year: int | None, years: tuple[int, int] | None, compared: bool) -> None:
        self.start, self.end, self.kind, self.year, self.years, self.compared = start, end, kind, year, years, compared


_HAN_DIGIT = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | {"〇": "0", "○": "0"}


def marks_in(clean: str, start: int, end: int, document: Document, part: str, this_year: int | None) -> list[Mark]:
    """The words of time in a sentence, in order. ``kind``: ``year`` ``relative`` ``span`` ``since``."""
    found: list[Mark] = []
    for match in MARKS.finditer(clean, start, end):
        mark = _mark(match, document, part, this_year)
        if mark is not None:
            if clean.startswith(("相比", "比较", "的相比"), mark.end):
                mark.compared = True
            found.append(mark)
    return found


def _mark(match: re.Match[str], document: Document, part: str, this_year: int | None) -> Mark | None:
    named = match.groupdict()
    against = bool(named["cmp"])
    at = match.start() + len(named["cmp"])
    end = match.end()
    if named["a"]:
        low, high = int(named["a"]), int(named["b"])
        return Mark(at, end, "span", None, (low, high), against) if low < high < low + 40 else None
    if named["y"] or named["h"]:
        year = int(named["y"]) if named["y"] else int("".join(_HAN_DIGIT[c] for c in named["h"]))
        since = named["since"] or named["since2"]
        last = reviewed_year(document)
        if since in ("以来", "以后") and part in ("review", "problems") and last and year < last and not against:
            return Mark(at, end, "span", None, (year, last), False)
        return Mark(at, end, "since" if since else "year", year, None, against)
    if named["rel"]:
        return _relative(named["rel"], at, end, document, part, against, this_year)
    if named["plan"]:
        span = _FIVE.get(named["plan"])
        if span is None:
            return None
        what = named["what"]
        if what[0] in "前头":
            span = (span[0], span[0] + _FEW.get(what[1], 1) - 1)
        elif what[0] == "后":
            span = (span[1] - _FEW.get(what[1], 1) + 1, span[1])
        elif what == "末":
            return Mark(at, end, "year", span[1], None, against)
        elif what in ("规划", "计划"):
            return None
        return Mark(at, end, "span", None, span, against)
    if named["last"] and part in ("plan", "outlook") and named["span"] not in ("来", "以来") and not match.group("last").startswith(("过去", "近", "这", "最近", "前", "上")):
        first = document.plan_years[0] if document.plan_years else document.plan_year
        count = _FEW.get(named["n"], 5)
        return Mark(at, end, "span", None, (first, first + count - 1), False) if first else None
    if named["last"] or named["term"]:
        last = reviewed_year(document)
        if last is None:
            return None
        if named["last"] and match.group().startswith("连续"):
            return None
        count = _FEW.get(named["n"] or "五", 5)
        span = document.review_years if document.review_years and count == 5 else (last - count + 1, last)
        return Mark(at, end, "few", None, span, False)
    first = document.plan_year or (document.plan_years[0] if document.plan_years else None)
    if first is None:
        return None
    count = _FEW.get(named["m"]) or int(named["m"] if named["m"].isdigit() else 0)
    if not count or count > 30:
        return None
    return Mark(at, end, "future", None, (first, first + count - 1), False)


def reviewed_year(document: Document) -> int | None:
    """The year that a document accounts for; for a plan of several years the one before its first."""
    if document.review_year is None and document.plan_years:
        return document.plan_years[0] - 1
    return document.review_year


_FEW_YEARS = re.compile(r"(?<!连续)([三四])年多?来")


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
            match = _FEW_YEARS.search(outline.text.clean, stretch.start, min(stretch.end, stretch.start + 400))
            return (last - _FEW[match.group(1)] + 1, last) if match else None
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


_LAST_OF_FIVE = re.compile(r"\s*(?:各位代表[,:!]*)?[^。\n,]{0,10}(?:(?:过去|刚刚过去)的?一年|一年来|(?:二〇|20)[\d〇○零一二三四五六七八九]{2}年)(?!以来|至|到|-|—|底)")


_FIVE_YEARS = re.compile(r"五年[来间]|五年的|过去五年|”?[十一二三四五]+五[”\"]?(?:期间|时期|以来|规划)")


def one_year_sections(outline: Outline) -> frozenset[int]:
    """Sections of a five-year look-back that tell of its last year alone, as the paragraph before the first of them says."""
    clean = outline.text.clean
    found: set[int] = set()
    heads: dict[tuple[int, int], bool] = {}
    for section in outline.sections:
        if section.span_years is None or section.part != "review":
            continue
        key = (section.parent, section.level)
        if section.parent in found:
            found.add(section.index)
            continue
        if key not in heads:
            review = outline.documents[section.document].review_year
            before = clean[max(0, section.start - 420) : section.start]
            paragraph = before.rstrip("\n").rpartition("\n")[2]
            opening = _LAST_OF_FIVE.match(paragraph)
            named = opening is not None and (str(review) in opening.group() or "一年" in opening.group())
            title = clean[section.title_start : section.title_end]
            heads[key] = section.level > 1 and named and "五年" not in title and not _FIVE_YEARS.search(paragraph)
        if heads[key]:
            found.add(section.index)
    return frozenset(found)


def _relative(word: str, at: int, end: int, document: Document, part: str, against: bool, this: int | None) -> Mark | None:
    review = document.review_year
    if this is None:
        return None
    if word in ("当年", "本年"):
        return None
    year = {"今年": this, "去年": this - 1, "明年": this + 1, "上年": this - 1, "上一年": this - 1, "前年": this - 2, "后年": this + 2}.get(word)
    if word == "上年" and part != "plan":
        year = (review or this) - 1
    if year is None:
        return Mark(at, end, "span", None, (this, this + 1), against)
    return Mark(at, end, "relative", year, None, against or word in ("上年", "上一年"))
