"""Deadlines: whether a string is one, and the date it means."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

import msgspec

from luoshi.extract.kinds.task.words import clause_patterns
from luoshi.numeral import parse_numeral


class Due(msgspec.Struct, frozen=True, gc=False):
    """``due``: the last day it allows as an ISO date, ``""`` where it means none. ``open``: it has no end (持续推进)."""

    due: str = ""
    open: bool = False


_CN = "一二三四五六七八九十两"
_YEAR = r"(?:20\d\d|今|当|本|明|次|后)年?"
_OPENS = re.compile(
    r"[“\"]?(?:(?:力争|争取|确保|计划|预计|拟|于|在|到|至|截至)*"
    rf"(?:20\d\d(?:年|[-—~至./]\d)|20\d\d$|今年|明年|次年|当年|本年|年底|年末|年内|年中|全年|每年|每季|每月|上半年|下半年|第?[一二三四1-4](?:、[一二三四1-4])*季度"
    rf"|(?:\d{{1,2}}|[{_CN}]{{1,3}})月|月底|春节|汛期|[“\"]?十[{_CN}]五|届内|立即|即日|近期|中期|远期)|(?:年内|全年|长期|持续|常年|常态|贯穿|经常性))"
)
_MARK = re.compile(
    rf"(?P<year>20\d\d)年?(?=[年\d\-—~至./底末前]|上半|下半|第|全|内|$|[,;、。])|(?P<relative>今|当|本|明|次|后)年"
    rf"|(?P<plan>十[{_CN}]五)[”\"]?(?P<planpart>初|中期|末|期间|时期)?"
)
_DAY = re.compile(
    rf"(?P<month>\d{{1,2}}|[{_CN}]{{1,3}})月(?:份)?(?:(?P<day>\d{{1,2}}|[{_CN}]{{1,3}})[日号]|(?P<third>上旬|中旬|下旬|初|中|底|末))?(?P<before>之?前)?"
)
_NUMERIC = re.compile(r"(20\d\d)[-./](\d{1,2})(?:[-./](\d{1,2}))?(?!\d)")
_QUARTER = re.compile(
    r"(?:第)?([一二三四1-4])季度|(前[一二三]季度)|(?P<half>上半年|年中|下半年)|(?P<whole>年底|年末|年内|全年|年度内|年终)"
)
_BEFORE = re.compile("年?(?:之|以)?前")
_THIRD = {"上旬": 10, "初": 10, "中旬": 20, "中": 15}


def is_deadline(text: str, start: int, end: int) -> bool:
    """True where ``text[start:end]`` begins as a time slot does (2025年底前完成, 年内持续推进, 长期坚持)."""
    return _OPENS.match(text, start, min(end, start + 24)) is not None


def read_deadline(words: str, *, year: int | None) -> Due:
    """The date that the words of a time slot mean; ``year`` is the year that the document plans for.

    Of several dates the last counts: all must be done by then. Without a year of its own and without ``year`` a month means no date.
    """
    words = words[:200]
    open_ = clause_patterns().open.search(words) is not None
    days = sorted(_numeric(words) + _dated(words, year))
    return Due(due=days[-1].isoformat() if days else "", open=open_)


def _numeric(words: str) -> list[date]:
    found = []
    for match in _NUMERIC.finditer(words):
        year, month = int(match[1]), int(match[2])
        if 1 <= month <= 12:
            found.append(_day(year, month, int(match[3]) if match[3] else 31))
    return found


def _dated(words: str, year: int | None) -> list[date]:
    """Every date written with 年, 月, 季度 and the like; each reaches from its year to the next one named."""
    words = _NUMERIC.sub(lambda match: "#" * len(match[0]), words)
    found: list[date] = []
    marks = list(_MARK.finditer(words))
    stops = [*(mark.start() for mark in marks), len(words)]
    if year is not None:
        found += _within(words[: stops[0]], year)
    for mark, stop in zip(marks, stops[1:], strict=True):
        value, rest = _year(mark, year), words[mark.end() : stop]
        if value is not None:
            found += _within(rest, value) or [date(value - 1 if _BEFORE.match(rest) else value, 12, 31)]
    return found


def _within(words: str, year: int) -> list[date]:
    """The days that words without a year name in the given year."""
    found = []
    for match in _DAY.finditer(words):
        month = _number(match["month"])
        if month is None or not 1 <= month <= 12:
            continue
        if match["day"]:
            found.append(_day(year, month, _number(match["day"]) or 31))
        elif match["before"] and not match["third"]:
            found.append(_day(year, month - 1, 31) if month > 1 else date(year - 1, 12, 31))
        else:
            found.append(_day(year, month, _THIRD.get(match["third"] or "", 31)))
    for match in _QUARTER.finditer(words):
        last = 12
        if match[1]:
            last = 3 * (_number(match[1]) or 4)
        elif match[2]:
            last = 3 * (_number(match[2][1]) or 3)
        elif match["half"] and match["half"] != "下半年":
            last = 6
        found.append(_day(year, last, 31))
    return found


def _year(match: re.Match[str], year: int | None) -> int | None:
    if match["year"]:
        return int(match["year"])
    if match["plan"]:
        value = parse_numeral(match["plan"][:-1])
        return 1955 + 5 * int(value) if value is not None and match["planpart"] not in ("初", "中期") else None
    if year is None:
        return None
    return year + {"明": 1, "次": 1, "后": 2}.get(match["relative"], 0)


def _number(words: str) -> int | None:
    value = int(words) if words.isdigit() else parse_numeral(words)
    return None if value is None else int(value)


def _day(year: int, month: int, day: int) -> date:
    return date(year, month, min(max(day, 1), monthrange(year, month)[1]))
