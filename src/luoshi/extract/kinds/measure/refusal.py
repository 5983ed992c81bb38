"""Numbers that are no measures: in names and slogans, durations, rates of something else. Offsets are in the clean text."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.lexicon import WORDS, alternation

_WORDS = WORDS.refused
_MEASURED_TIME = re.compile(alternation(_WORDS.measured_times))
#: the longest quoted words, in characters, whose number is taken for part of a name
_LONGEST_NAME = 18


def is_measured(clean: str, begin: int, end: int, amount: Amount) -> bool:
    """False for numbers in names and slogans, durations and the like; ``begin``/``end`` of the sentence."""
    start, stop = amount.start, amount.end
    before = clean[start - 1 : start]
    if before == "每" and not amount.in_words:
        return False
    if amount.written_unit == "个" and clean.startswith(_WORDS.behind_ge, stop):
        return False
    if amount.unit_class == "time":
        return _is_time_measured(clean, begin, amount)
    if _is_quoted(clean, begin, end, amount) or _is_in_title(clean, begin, end, amount):
        return False
    if before == "+" or clean[stop : stop + 1] == "+":
        return False
    return not _is_of_name(clean, amount, before) and not _is_rate(clean, amount)


def _is_quoted(clean: str, begin: int, end: int, amount: Amount) -> bool:
    """True inside a short quotation, which is a name or slogan (“双百”工程); a percentage is so only at its start."""
    quote = clean.rfind("“", begin, amount.start)
    if quote < 0 or amount.unit_class == "word" or clean.find("”", quote, amount.start) >= 0:
        return False
    if amount.written_unit == "%" and quote != amount.start - 1:
        return False
    return 0 <= clean.find("”", amount.end, end) - quote <= _LONGEST_NAME


def _is_in_title(clean: str, begin: int, end: int, amount: Amount) -> bool:
    """True inside the title of a document."""
    title = clean.rfind("《", begin, amount.start)
    return title >= 0 and clean.find("》", title, amount.start) < 0 and clean.find("》", amount.end, end) >= 0


def _is_of_name(clean: str, amount: Amount, before: str) -> bool:
    """True for years, ministries, bodies, versions and other names that only look like counts."""
    unit, stop = amount.written_unit, amount.end
    if unit == "强" or (unit == "部" and clean.startswith(_WORDS.behind_bu, stop)):
        return True
    if unit in _WORDS.year_units and 1900 < amount.value < 2100:
        return True
    if unit == "类" and amount.value < 6 and before in ("个", "首", "国"):
        return True
    if amount.unit_class == "count" and clean.startswith(".0", stop - len(unit) - 2):
        return True
    if amount.unit_class in ("size", "none") and clean[stop : stop + 1].isascii() and clean[stop : stop + 1].isalpha():
        return True
    return amount.in_words and clean.startswith("千百", amount.start)


def _is_rate(clean: str, amount: Amount) -> bool:
    """True for what is not an amount by itself: 万元 of 万元GDP能耗, a number without unit and scale."""
    if amount.written_unit == "scale":
        return clean.startswith(_WORDS.rates, amount.end)
    return amount.unit_class == "none" and not amount.scaled


def _is_time_measured(clean: str, begin: int, amount: Amount) -> bool:
    """A duration is measured only where it is what is shortened or counted (优良天数320天, 办理时限压缩20个工作日)."""
    if amount.written_unit == "年":
        before = clean[max(begin, amount.start - 20) : amount.start]
        return amount.value < 100 and any(word in before for word in _WORDS.measured_years)
    return _MEASURED_TIME.search(clean, begin, amount.start) is not None
