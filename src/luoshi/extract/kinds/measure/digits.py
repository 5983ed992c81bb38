"""Amounts in digits: 1,250.5万元, 3%以上, 5~8家, 2.2个和3.7个百分点. Offsets are in the clean text."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.amount import Amount, number_of, scale_of
from luoshi.extract.kinds.measure.lexicon import BEHIND, BEHIND_PATTERN, NARROW, UNITS, WORDS, alternation

_WORDS = WORDS.amounts
#: a number of a length that is one (bounded, so that hostile runs of digits cost no more than their length)
_NUMBER = r"(?>\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,18})?|\d{1,18}(?:\.\d{1,18})?)"
_SCALES = "百万亿|百万|千万|万亿|百亿|千亿|十万|十亿|百|千|万|亿"
_JOIN = r"(?=[\s\-–—~～至到])\s?(?:-{1,2}|–|—{1,2}|~|～|至|到)\s?"
_WIDE_UNIT = alternation(unit for unit in UNITS if unit not in {"年", "个月", "岁", "周岁", "强"})
_UNIT = rf"(?:{alternation(unit for unit in UNITS if unit not in NARROW)})(?:/(?:{_WIDE_UNIT}|年|日|月))?"
#: where an amount can begin: a digit that does not go on with a number or a name, unless that is an indicator's (GDP3464亿元)
_SIGN = re.compile(
    rf"[0-9](?:(?<![\d.A-Za-z+×x/#_\-∶][0-9])|{'|'.join(f'(?<={re.escape(name)}[0-9])' for name in _WORDS.latin_indicators)})"
)
_AMOUNT = re.compile(
    rf"(?:(?P<low>{_NUMBER})(?P<low_scale>{_SCALES})?(?P<low_unit>{_UNIT})?{_JOIN})?"
    rf"(?P<number>{_NUMBER})(?P<more>[多余])?(?P<scale>(?:{_SCALES})?)(?:(?<=[万亿])(?P<rest>\d{{1,4}})(?P<rest_scale>[百千]))?"
    r"(?P<more_scale>[多余]?)(?:(?:(?<=[百千])|(?<=[百千][多余]))(?P<last_scale>万亿|万|亿)|(?<=万[多余])(?P<last_yi>亿))?(?:\s(?=[%‰]))?"
    rf"(?:(?P<unit>{_UNIT})(?P<more_unit>多)?"
    rf"|(?<=[百千万亿])(?P<narrow>{alternation(_WORDS.scaled_units)})"
    rf"|(?P<loose>{alternation(_WORDS.loose_units)}|P(?=[,;。、])|年(?=[,;。、提增延上升]))(?![的后内])"
    r"|(?<=[万亿])(?![A-Za-z万亿]))"
    rf"(?P<behind>{BEHIND_PATTERN})?"
)
#: 6.5 of 高于GDP增速6.5和2.3个百分点
_TWIN = re.compile(r"(?<=[一-鿿])(\d{1,18}(?:\.\d{1,18})?(?:、\d{1,18}(?:\.\d{1,18})?)*)(?:和|、|与)$")
_TWIN_NUMBER = re.compile(r"\d+(?:\.\d+)?")
#: the second of 2.2个和3.7个百分点, 30个和41个工作日, whose unit the first shares
_TWIN_UNIT = re.compile(r"(?:和|、|与)\d{1,18}(?:\.\d{1,18})?个(?:(百分点)|工作日)")
_POINTS = ("share", "百分点", "个百分点")


def digit_amounts(clean: str) -> list[Amount]:
    """The amounts in digits, in order."""
    found: list[Amount] = []
    over = 0
    for sign in _SIGN.finditer(clean):
        if sign.start() < over:
            continue
        match = _AMOUNT.match(clean, sign.start())
        if match is None:
            continue
        over = match.end()
        amount = _amount(clean, match)
        if amount is not None:
            _add_twins(clean, amount, scale_of(match["scale"]), found)
            found.append(amount)
    return found


def _amount(clean: str, match: re.Match[str]) -> Amount | None:
    """The amount that was matched, places added up (1万6千, 1亿3千多万, 3万多亿); ``None`` where what looks like its unit begins another word."""
    low, low_scale, low_unit, number, more, scale, rest, rest_scale, more_scale, last, last_yi, unit, more_unit, narrow, loose, behind = (
        match.groups()
    )
    start, stop = match.start(), match.end() - len(behind or "")
    said = _unit(clean, start, unit or narrow or loose or "", stop)
    if said is None:
        return None
    kind, canonical, written = said
    if kind == "none" and unit:
        if not scale:
            return None
        stop, behind = stop - 1, None
    elif kind == "share" and written == "个百分点" and clean[stop : stop + 1] == "点":
        stop, behind = stop + 1, None
    last = scale_of(last or last_yi or "")
    value = number_of(number, scale_of(scale) * (1 if rest else last)) + (int(rest) * scale_of(rest_scale) * last if rest else 0)
    amount = Amount(start, stop, stop, value, canonical, kind, written)
    amount.more, amount.scaled = bool(more or more_scale or more_unit), bool(scale)
    if low is not None:
        _read_range(amount, low, low_scale, low_unit, match)
    if behind:
        amount.tail = match.end()
        if behind in ("多", "余"):
            amount.end, amount.more = match.end(), True
        else:
            amount.behind = BEHIND[behind]
    return amount


def _unit(clean: str, start: int, written: str, stop: int) -> tuple[str, str, str] | None:
    """Class, canonical unit and unit as written; ``None`` for what is no amount. ``stop`` is where the unit ends."""
    if start and clean[start - 1] == "第":
        return ("rank", "位", written) if written in ("位", "名") else None
    if not written:
        return "none", "", ""
    following = clean[stop : stop + 1]
    if (written == "人" and following and following in _WORDS.person_nouns) or (written == "户" and following == "籍"):
        return "none", "", ""
    if written == "个":
        ends = following == "点" and clean[stop + 1 : stop + 2] in (",", ";", "。", "、", ")", "")
        twin = _TWIN_UNIT.match(clean, stop)
        if ends or (twin and twin[1]):
            return _POINTS
        return ("time", "工作日", "个") if twin else ("count", "个", "个")
    known = UNITS.get(written)
    if known is None:
        head, _, per = written.partition("/")
        known = UNITS[head][0], f"{UNITS[head][1]}/{UNITS.get(per, ('', per))[1]}"
    return None if known[0] == "size" and following == "级" else (*known, written)


def _read_range(amount: Amount, low: str, low_scale: str | None, low_unit: str | None, match: re.Match[str]) -> None:
    """5~8家, 3000万至1亿元; 2020-500家 is no range: the number behind the dash stands alone."""
    scale = scale_of(low_scale) if low_scale else 1 if low_unit else scale_of(match["scale"])
    value = number_of(low, scale)
    if value >= amount.value and not (low_unit or low_scale):
        amount.start = match.start("number")
    else:
        amount.value, amount.value_max = value, amount.value


def _add_twins(clean: str, amount: Amount, scale: int, found: list[Amount]) -> None:
    """Adds the bare numbers in front of the amount that share its unit and scale (1.2和3.5亿元)."""
    start = amount.start
    if amount.unit_class not in ("share", "money") or clean[start - 1 : start] not in ("和", "、", "与"):
        return
    twin = _TWIN.search(clean, max(0, start - 40), start)
    if twin and (not found or found[-1].end <= twin.start(1)):
        for each in _TWIN_NUMBER.finditer(clean, twin.start(1), twin.end(1)):
            value = number_of(each.group(), scale)
            found.append(Amount(each.start(), each.end(), each.end(), value, amount.unit, amount.unit_class, amount.written_unit))
