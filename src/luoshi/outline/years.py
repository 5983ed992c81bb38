"""Years: which year a document looks back on and which it plans, from its own words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from luoshi.numeral import parse_numeral
from luoshi.outline.wording import wording

_DIGIT = "〇○零Ｏ0-9一二三四五六七八九"
_ANY_YEAR = rf"((?:19|20)\d\d|[一二][{_DIGIT}]{{3}})"
#: a year in digits or in words
YEAR = re.compile(rf"{_ANY_YEAR}(?=年)")
_DAY = r"(\d{1,2}|[一二三四五六七八九十]{1,3})"
_DATE = re.compile(rf"{_ANY_YEAR}年 ?{_DAY}月(?: ?{_DAY}日)?")
_NUMBER = "一二三四五六七八九十"
_FIVE = re.compile(
    rf"第([{_NUMBER}]{{1,3}})个五年|[“\"]?([一二三四五六七八九]|十[一二三四五六七八]?)五[”\"]?(?=时期|期间|规划|计划|以来|末|发展|开局|经济|[”\"])"
)
_RANGE = re.compile(r"((?:19|20)\d\d)(?:年)?[-—–~至到]{1,2}((?:19|20)\d\d)年")
_PAST = re.compile(r"过去的((?:19|20)\d\d)年")
_LOOK_BACK = re.compile(
    rf"(?:过去|近|这|以来的)(?:的)?([{_NUMBER}\d]+)年(?!级)|([三四五六七八九十]+)年(?:多)?来|^([二三四五六七八九十]+)年(?:回顾|的?工作|以来|的回顾)"
)
_AHEAD = re.compile(rf"(?:今后|未来|接下来)(?:的)?([{_NUMBER}两几\d]+)年")
_UNTIL = re.compile(r"到(20\d\d)年")
_GOAL = re.compile(r"到((?:19|20)\d\d)年(?:底|末)?")
_ISSUED = re.compile(r"((?:19|20)\d\d)年\d{1,2}月\d{1,2}日(?:印发|起(?:实施|施行|执行)|\s*$)")
_IN_FORCE = re.compile(r"自((?:19|20)\d\d)年.{0,12}起.{0,12}有效期.{0,4}至((?:19|20)\d\d)年")
_NAMED = re.compile(r"((?:19|20)\d\d)(?=年?.{0,12}(?:工作|行动|任务|要点|方案|计划))")
_FIRST_YEAR = re.compile(r"^[^。;\n]{0,30}?((?:19|20)\d\d)年")
_HEADER_DATE = re.compile(r"^((?:19|20)\d\d)(?:-(\d\d)|年)")
_OF_A_YEAR = re.compile(r"年(?:的)?(?:政府)?工作(?:的)?(?:建议)?$")
#: a year that is no goal, no edge of a period and no base of a comparison; what may not stand before it is in ``_NO_YEAR_BEFORE``
_COUNTED = re.compile(r"([12]\d{3}|一九[〇○零一二三四五六七八九]{2}|二[〇○零]{2}[〇○零一二三四五六七八九])年(?![代底前末内远目规—至到-])")
_NO_YEAR_BEFORE = frozenset("0123456789到至前—~比较由从自-")


class Years(msgspec.Struct, frozen=True):
    """The years of a document; ``this_year`` is what 今年 means in it (the year it was given in), where that can be told."""

    review: int | None = None
    plan: int | None = None
    plans: tuple[int, int] | None = None
    reviews: tuple[int, int] | None = None
    this_year: int | None = None


def year_of(words: str) -> int | None:
    """The year that ``words`` (2022, 二〇二二, 二00三) writes."""
    value = int(words) if words.isascii() and words.isdigit() else parse_numeral(words.replace("Ｏ", "〇"))
    return value if isinstance(value, int) and 1900 < value < 2100 else None


def find_date(words: str) -> tuple[int, int, int] | None:
    """Year, month and day (0 where not given) of the first date of ``words``, in digits or in words; ISO dates are none."""
    match = _DATE.search(words)
    if match is None:
        return None
    year, month, day = year_of(match[1]), parse_numeral(match[2]), parse_numeral(match[3] or "0")
    if year is None or not isinstance(month, int) or not 1 <= month <= 12 or not isinstance(day, int):
        return None
    return year, month, day


def five_years(words: str) -> tuple[int, int] | None:
    """First and last year of the five-year plan that ``words`` names (十四五, 第十四个五年规划).

    >>> five_years("“十四五”时期"), five_years("第一个五年计划")
    ((2021, 2025), (1953, 1957))
    """
    match = _FIVE.search(words)
    if match is None:
        return None
    number = parse_numeral(match[1] or match[2])
    if not isinstance(number, int) or not 1 <= number <= 20:
        return None
    first = 1953 + 5 * (number - 1) if number <= 2 else 1966 + 5 * (number - 3)
    return first, first + 4


def year_range(words: str) -> tuple[int, int] | None:
    """The years of 2023-2025年 or 2021年至2025年."""
    match = _RANGE.search(words)
    if match is None:
        return None
    first, last = int(match[1]), int(match[2])
    return (first, last) if first < last <= first + 30 else None


def span_of(words: str, review: int | None, plan: int | None = None) -> tuple[int, int] | None:
    """The years that a heading or opening of several years speaks of: 过去五年, 十三五时期, 今后五年, 2021-2025年, 到2026年."""
    span = year_range(words) or five_years(words)
    if span is not None:
        return span
    back = _LOOK_BACK.search(words)
    if back is not None and review is not None:
        number = parse_numeral(back[1] or back[2] or back[3])
        if isinstance(number, int) and 2 <= number <= 30:
            return review - number + 1, review
    if plan is None:
        return None
    goal = _UNTIL.match(words)
    if goal is not None and plan < int(goal[1]) <= plan + 30:
        return plan, int(goal[1])
    ahead = _AHEAD.search(words)
    number = parse_numeral(ahead[1].replace("几", "五")) if ahead else None
    return (plan, plan + number - 1) if isinstance(number, int) and 2 <= number <= 30 else None


def find_years(
    kind: str, title: str, date: tuple[int, int, int] | None, headings: Sequence[str], look_back: str, body: str, header: Sequence[str] = ()
) -> Years:
    """The years from headings (2022年工作回顾), the date, the title and the years named most.

    A report of November or December plans the next year. ``look_back`` is the part of ``body`` that looks back, ``header`` what a collector
    wrote above the text.
    """
    if kind == "plan":
        return Years(plans=year_range(title) or five_years(title) or five_years(body[:3000]) or year_range(body[:3000]))
    if kind in ("breakdown", "other"):
        years = _action_years(title, body)
        if kind == "other" and years.plan and not years.plans and "情况" in look_back[:3000]:
            return Years(review=years.plan, plan=years.plan + 1, this_year=years.plan)
        return years
    votes = _votes(title, date, headings, look_back, body, header)
    if not votes:
        return Years()
    plan = max(votes, key=lambda year: (votes[year], -year))
    next_year = body.count("明年")
    this_year = date[0] if date else plan - 1 if next_year >= 5 and next_year * 3 > body.count("今年") else plan
    plans = five_years(title) if "规划" in title or "计划" in title else None
    reviews = (span for words in headings if wording().review.search(words) and (span := span_of(words, plan - 1)) is not None)
    return Years(review=plan - 1, plan=plan, plans=plans, reviews=next(reviews, None), this_year=this_year)


def _votes(
    title: str, date: tuple[int, int, int] | None, headings: Sequence[str], look_back: str, body: str, header: Sequence[str]
) -> Counter[int]:
    """How much speaks for each year as the one planned."""
    votes: Counter[int] = Counter()
    for words in headings:
        _vote_heading(words, votes)
    if date is not None:
        votes[date[0] + (date[1] >= 11)] += 6 if date[1] <= 4 or date[1] >= 11 else 5
    for match in YEAR.finditer(title):
        year = year_of(match[1])
        if year:
            votes[year] += 3
    for match in _PAST.finditer(body):
        votes[int(match[1]) + 1] += 6
    told = _told(look_back, body[len(look_back) :])
    if told:
        votes[told] += 4
    for words in header:
        issued = _HEADER_DATE.search(words)
        if issued is not None:
            votes[int(issued[1]) + (int(issued[2] or 0) >= 11)] += 2
    return votes


def _vote_heading(words: str, votes: Counter[int]) -> None:
    told = wording()
    years = [year for match in YEAR.finditer(words) if (year := year_of(match[1]))]
    if not years or year_range(words):
        return
    review, plan = bool(told.review.search(words)), bool(told.plan.search(words))
    if len(years) == 2 and years[0] + 1 == years[1]:
        votes[years[1]] += 10
    elif review and (not plan or "今年以来" in words):
        votes[years[-1] + 1] += 10
    elif plan and not review:
        votes[years[0]] += 10 if not words.startswith("到") else 0
    elif _OF_A_YEAR.search(words):
        votes[years[-1]] += 5
        votes[years[-1] + 1] += 5


def _count(words: str) -> Counter[int]:
    """How often each year is named as a year spoken of."""
    return Counter(
        year
        for match in _COUNTED.finditer(words)
        if words[match.start() - 1 : match.start()] not in _NO_YEAR_BEFORE and (year := year_of(match[1]))
    )


def _told(look_back: str, rest: str) -> int | None:
    """The year a report was given for, from the years it names: the look-back names the year before most, the rest the year itself."""
    before, after = _count(look_back), _count(rest)
    best, most = None, 1.0
    for year in {*after, *before, *(year + 1 for year in before)}:
        score = min(3, before[year - 1]) + min(3, after[year]) + 0.7 * min(3, before[year])
        if score > most or score == most and best is not None and year > best:
            best, most = year, score
    return best


def _action_years(title: str, body: str) -> Years:
    """The years of a breakdown or action plan: those of its title, else the goal that it names most, else the year of issue."""
    span = year_range(title) or five_years(title)
    if span is not None:
        return Years(plan=span[1], plans=span)
    named = _NAMED.findall(title)
    if named:
        return Years(plan=int(named[-1]))
    opening = _FIRST_YEAR.search(body)
    if opening is not None and not _GOAL.search(opening[0]) and not year_range(body[: opening.end() + 8]):
        return Years(plan=int(opening[1]))
    in_force = _IN_FORCE.search(body, max(0, len(body) - 400))
    if in_force is not None:
        return Years(plan=int(in_force[2]), plans=(int(in_force[1]), int(in_force[2])))
    goals = Counter(int(word) for word in _GOAL.findall(body) if int(word) < 2035)
    if goals:
        plan = max(goals, key=lambda year: (goals[year], -year))
        span = year_range(body[:1500])
        return Years(plan=plan, plans=span if span and span[1] == plan else None)
    issued = _ISSUED.search(body, max(0, len(body) - 400))
    if issued is not None:
        return Years(plan=int(issued[1]))
    counts = _count(body)
    return Years(plan=max(counts, key=lambda year: (counts[year], year)) if counts else None)
