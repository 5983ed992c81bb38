"""Numbers that are no measures: in names and slogans, durations, page furniture of a sentence."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.amount import Amount

_AFTER_COUNT = ("月", "半", "年", "小时", "多月", "季度", "星期", "五年", "世纪", "方面", "字")


def is_measured(clean: str, begin: int, end: int, amount: Amount) -> bool:
    """False for numbers in names and slogans, durations and the like."""
    start, stop = amount.start, amount.end
    before = clean[start - 1] if start else ""
    if before == "每" and not amount.in_words:
        return False
    if amount.written_unit in ("个", "多个") and clean.startswith(_AFTER_COUNT, stop):
        return False
    if amount.unit_class == "time":
        return _is_time_measured(clean, begin, amount)
    quote = clean.rfind("“", begin, start)
    if quote >= 0 and clean.rfind("”", begin, start) < quote:
        close = clean.find("”", stop, end)
        if 0 <= close - quote <= 18 and amount.unit_class != "word" and not (amount.written_unit == "%" and before != "“"):
            return False
    title = clean.rfind("《", begin, start)
    if title >= 0 and clean.rfind("》", begin, start) < title and clean.find("》", stop, end) >= 0:
        return False
    if before == "+" or clean[stop : stop + 1] == "+":
        return False
    if amount.written_unit in ("卷", "期", "部", "集", "强", "套") and 1900 < amount.value < 2100 and (amount.written_unit != "套"):
        return False
    if amount.unit_class == "count" and clean.startswith(".0", stop - len(amount.written_unit) - 2):
        return False
    if amount.in_words and clean.startswith("千百", start):
        return False
    if amount.written_unit == "类" and amount.value < 6 and before in ("个", "首", "国"):
        return False
    if amount.written_unit == "强" or (amount.written_unit == "部" and clean[stop : stop + 1] in ("委", "门", "分", "队", "署")):
        return False
    if amount.written_unit == "scale" and clean.startswith(("GDP", "生产总值", "地区生产总值", "国内生产总值", "工业增加值", "产值", "增加值"), stop):
        return False
    if clean[stop : stop + 1].isascii() and clean[stop : stop + 1].isalpha() and amount.unit_class in ("size", "none"):
        return False
    if amount.unit_class == "none" and not amount.scaled:
        return False
    return True


_MEASURED_TIME = re.compile(r"(?:天数|优良|蓝天|好天|优良天|时限|时间|用时|周期|寿命|办结|审批|年龄|压缩|缩短|提速|减少|提前|受教育|天气|达标|时长|等待|空气|二级|工期|平均)")


def _is_time_measured(clean: str, begin: int, amount: Amount) -> bool:
    """A duration is measured only where it is what is shortened or counted (优良天数320天, 办理时限压缩4379个工作日)."""
    if amount.written_unit == "年":
        return amount.value < 100 and ("年限" in clean[max(begin, amount.start - 20) : amount.start] or "寿命" in clean[max(begin, amount.start - 20) : amount.start])
    return _MEASURED_TIME.search(clean, begin, amount.start) is not None
