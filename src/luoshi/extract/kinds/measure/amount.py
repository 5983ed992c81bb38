"""Amounts: numbers with a unit, found in one scan over the clean text, and what they are worth."""

from __future__ import annotations

import re
from functools import lru_cache

from luoshi.extract.kinds.measure.lexicon import alternation, lexicon

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "俩": 2, "廿": 20}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


class Amount:
    """One amount in the clean text. ``start``/``end``: the amount itself; ``tail``: behind a following 以上, 左右 …

    ``unit_class`` is ``money`` ``share`` ``times`` ``size`` ``count`` ``time`` ``rank`` or ``none`` (a bare number with a scale).
    ``behind``: what the following word says (``ge`` ``le`` ``approx`` or ``""``).
    """

    __slots__ = ("start", "end", "tail", "value", "value_max", "unit", "unit_class", "written_unit", "more", "behind", "in_words", "scaled", "no_value", "reference")

    def __init__(self, start: int, end: int, value: float, unit: str, unit_class: str) -> None:
        self.start, self.end, self.tail = start, end, end
        self.value: float | int = value
        self.value_max: float | int | None = None
        self.unit, self.unit_class, self.written_unit = unit, unit_class, unit
        self.more = False
        self.behind = ""
        self.in_words = False
        self.scaled = False
        #: True for a numberless amount (高于全市平均)
        self.no_value = False
        #: the words that a comparison names, in the clean text
        self.reference: tuple[int, int] | None = None


def plain(value: float) -> float | int:
    """A number without the dust of binary fractions: an ``int`` where it is whole."""
    whole = round(value)
    if abs(value - whole) < 1e-6 * max(1.0, abs(value) * 1e-6):
        return whole
    return round(value, 6)


@lru_cache(maxsize=4096)
def scale_of(written: str) -> int:
    """万亿 -> 10**12; an empty scale is 1."""
    value = 1
    for char in written:
        value *= _SCALE[char]
    return value


@lru_cache(maxsize=4096)
def spoken_number(written: str) -> float | None:
    """The value of a Chinese numeral such as 一百二十三, 三点五, 二〇二五, 一千三百万, 九万八; ``None`` where it is none."""
    whole, _, fraction = written.partition("点")
    value = _spoken_whole(whole)
    if value is None:
        return None
    if fraction:
        scale = 1
        while fraction and fraction[-1] in "万亿":
            scale *= _SCALE[fraction[-1]]
            fraction = fraction[:-1]
        digits = [_DIGITS.get(char) for char in fraction]
        if not digits or None in digits:
            return None
        return float(plain((value + float("0." + "".join(str(digit) for digit in digits))) * scale))
    return float(value)


def _spoken_whole(written: str) -> int | None:
    if not written:
        return None
    if len(written) > 1 and all(char in _DIGITS and _DIGITS[char] < 10 for char in written):
        return int("".join(str(_DIGITS[char]) for char in written))
    total = section = number = 0
    last = 1
    for char in written:
        if char in _DIGITS:
            number = _DIGITS[char]
        elif char in _SMALL:
            section += (number or 1) * _SMALL[char]
            number, last = 0, _SMALL[char]
        elif char in "万亿":
            section += number
            number = 0
            scale = _SCALE[char]
            if char == "亿":
                total = (total + (section or (0 if total else 1))) * scale
            else:
                total += (section or 1) * scale
            section, last = 0, scale
        else:
            return None
    if number and last >= 10 and written[-1] in _DIGITS and len(written) > 1 and written[-2] in "百千万亿":
        return total + section + number * last // 10  # 三百五 is 350
    return total + section + number


_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SCALES = "百万亿|百万|千万|万亿|百亿|千亿|十万|十亿|百|千|万|亿"
_HAN = "零〇一二两三四五六七八九十百千"
_SPOKEN = rf"[{_HAN}][{_HAN}万亿]*(?:点[{_HAN}]+[万亿]*)?"
_JOIN = r"\s?(?:-{1,2}|–|—{1,2}|~|～|至|到)\s?"


@lru_cache(maxsize=1)
def digit_pattern() -> re.Pattern[str]:
    """Numbers in digits with scale and unit; a range is one match. Groups: lo los lou (range only) n m1 s m2 u behind."""
    lex = lexicon()
    unit = rf"(?:{lex.unit_pattern})(?:/(?:{lex.wide_unit_pattern}|年|日|月))?"
    narrow = alternation(lex.narrow & {"方", "度", "班", "步", "票", "点位", "里", "厘", "孔", "席", "P"})
    return re.compile(
        rf"(?<![\d.A-Za-z+×x/#_\-∶])"
        rf"(?:(?P<lo>{_NUM})(?P<los>{_SCALES})?(?P<lou>{unit})?{_JOIN})?"
        rf"(?P<n>{_NUM})(?P<m1>[多余])?(?P<s>(?:{_SCALES})?)(?P<m2>[多余]?)(?:\s(?=[%‰]))?"
        rf"(?:(?P<u>{unit})(?P<m3>多)?|(?<=[百千万亿])(?P<nu>{narrow})|(?P<d>天|小时|瓦|根|泊位|学位|毫米|岁|强|P(?=[,;。、])|年(?=[,;。、提增延上升]))(?![的后内])|(?<=[万亿])(?P<bare>)(?![A-Za-z万亿]))"
        rf"(?P<b>{lex.behind_pattern})?"
    )


@lru_cache(maxsize=1)
def spoken_pattern() -> re.Pattern[str]:
    """Amounts in Chinese numerals that the rules read as amounts."""
    lex = lexicon()
    units = alternation({u for u, (kind, _) in lex.units.items() if kind in {"money", "size", "count"}} - lex.narrow - {"首", "面", "道", "部", "层", "对", "本", "种", "类"})
    soft = alternation({u for u, (kind, _) in lex.units.items() if kind in {"money", "size"}} - lex.narrow - {"米", "克", "担", "锭", "吨级"})
    return re.compile(
        rf"(?P<pct>百分之(?P<p1>{_SPOKEN}|\d+(?:\.\d+)?)(?:(?:至|到|-|—)(?:百分之)?(?P<p2>{_SPOKEN}))?(?P<pm>多)?)"
        rf"|(?P<permille>千分之(?P<q1>{_SPOKEN}))"
        rf"|(?P<frac>(?P<fd>[二三四五六七八九十]|\d+)分之(?P<fn>[一二两三四五六七八九]|\d+))"
        rf"|(?P<slash>(?<![\d./])(?P<sn>[1-9])/(?P<sd>[2-9]|1[02])(?![\d/年月]))"
        rf"|(?P<cheng>(?P<c1>[一二两三四五六七八九])(?P<half>成半|成)(?![为员立效果功就长本都品套片绩因分交熟型功]))"
        rf"|(?P<fan>翻(?:了)?(?P<f1>[一两二三四])?番)"
        rf"|(?P<points>(?P<k1>{_SPOKEN})(?P<km>多)?个百分点)"
        rf"|(?P<bei>(?<![点百千])(?P<b1>[一二两三四五六七八九十][一二两三四五六七八九十百]*(?:点[零一二三四五六七八九]+)?)(?P<bm>多)?倍)"
        rf"|(?P<big>(?<![{_HAN}第万亿\d.])(?P<g1>[{_HAN}]+[万亿]+[{_HAN}万亿]*(?:点[{_HAN}]+[万亿]*)?|[一二两三四五六七八九][{_HAN}]*[十百千][{_HAN}]*)(?P<gm>[多余]?)(?P<gs>万亿|万|亿)?(?P<gu>{units}))"
        rf"|(?P<hard>(?<![{_HAN}第万亿\d.])(?P<h1>{_SPOKEN})(?P<hm>[多余]?)(?P<hu>{soft}))"
        rf"|(?P<scale>(?<![{_HAN}\d.点第百千万亿多余数几上成])(?P<s1>[百千]亿|万亿|亿|[百千]万|万)(?P<su>元|美元|斤|吨|家|户|辆|亩|(?=级|以上|、[千万]亿元)))"
        rf"|(?P<reach>(?:(?<=突破)|(?<=超过)|(?<=迈上)|(?<=跨上)|(?<=站上)|(?<=跨过)|(?<=迈入)|(?<=达到)|(?<=[均都]超)|(?<=定在)|(?<=首破))(?P<s2>[一二两三四五六七八九]?[百千万]亿|[十百千]?万|[百千])(?P<su2>{units})?)"
        rf"|(?P<majority>半数|(?:(?<=超过)|(?<=达到)|(?<=[近占约])|(?<=覆盖))一半)"
        rf"|(?P<least>至少(?:建成|配备|有|建设|设立|培育|建立|打造|建好)?(?P<l1>[一二两三四五六七八九])(?P<lu>所|人|名|个|家|座|处|支|场|次))",
    )


_PERSON_NOUNS = frozenset("才口民员大家士均群")
#: 6.5 of 高于GDP增速6.5和2.3个百分点
_TWIN = re.compile(r"(?<=[一-鿿])(\d+(?:\.\d+)?(?:、\d+(?:\.\d+)?)*)(?:和|、|与)$")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_TWIN_POINTS = re.compile(r"(?:和|、|与)\d+(?:\.\d+)?个百分点")


def found_twin(clean: str, stop: int) -> bool:
    """True for the first number of 2.2个和3.7个百分点, which shares the unit of the second."""
    return _TWIN_POINTS.match(clean, stop) is not None


def _make(start: int, end: int, value: float, canonical: str, kind: str) -> Amount:
    return Amount(start, end, plain(value), canonical, kind)


def digit_amounts(clean: str, start: int, end: int) -> list[Amount]:
    """The amounts in digits within ``clean[start:end]``, in order."""
    units = lexicon().units
    behind = lexicon().behind
    found: list[Amount] = []
    for match in digit_pattern().finditer(clean, start, end):
        first = match.start()
        lo, los, lou, n, m1, s, m2, u, m3, nu, d, _, b = match.groups()
        written = u or nu or d or ""
        if first and clean[first - 1] == "第":
            if written not in ("位", "名"):
                continue
            kind, canonical = "rank", "位"
        elif written:
            known = units.get(written)
            if known is None:
                head, _, per = written.partition("/")
                kind, canonical = units[head][0], f"{units[head][1]}/{units.get(per, ('', per))[1]}"
            else:
                kind, canonical = known
        else:
            kind, canonical = "none", ""
        factor = scale_of(s)
        value = float(n.replace(",", "")) * factor
        stop = match.end() - len(b or "")
        following = clean[stop : stop + 1]
        if written == "人" and following in _PERSON_NOUNS or written == "户" and following == "籍":
            if not s:
                continue
            stop, b, written, kind, canonical = stop - 1, None, "", "none", ""
        elif following == "级" and kind == "size":
            continue
        if written == "个" and following == "点" and clean[stop + 1 : stop + 2] in (",", ";", "。", "、", ")", ""):
            kind, canonical, written, stop, b = "share", "百分点", "个百分点", stop + 1, None
        if written == "个" and found_twin(clean, stop):
            kind, canonical, written = "share", "百分点", "个百分点"
        if clean[first - 1 : first] in ("和", "、", "与") and kind in ("share", "money"):
            twin = _TWIN.search(clean, max(start, first - 40), first)
            if twin and (not found or found[-1].end <= twin.start(1)):
                for each in _NUMBER.finditer(clean, twin.start(1), twin.end(1)):
                    extra = _make(each.start(), each.end(), float(each.group()) * factor, canonical, kind)
                    extra.written_unit = written
                    found.append(extra)
        amount = _make(first, stop, value, canonical, kind)
        amount.written_unit = written
        amount.more = bool(m1 or m2 or m3)
        amount.scaled = bool(s)
        if lo is not None:
            low = float(lo.replace(",", ""))
            if (lou and s and not los) or los:
                low *= scale_of(los) if los else 1
            elif not lou:
                low *= factor
            if low >= value and not (lou or los):
                # 2020-500 is no range: the number behind the dash stands alone
                amount.start = match.start("n")
                if clean[amount.start - 1] in "-—–~至到" and low > value:
                    pass
            else:
                amount.value, amount.value_max = plain(low), plain(value)
        if b:
            amount.behind = behind[b]
            if b in ("多", "余"):
                amount.end = match.end()
                amount.more, amount.behind = True, ""
            amount.tail = match.end()
        found.append(amount)
    return found


#: where an amount in words can begin: one cheap scan; group 1 is a verb in front of a bare scale (突破|百亿)
_SIGN = re.compile(
    r"[一二两三四五六七八九](?:[零〇一二两三四五六七八九十百千万亿点]|成|倍|个百|分之)|[十百千万亿](?:[零〇一二两三四五六七八九十百千万亿点]|分之|倍|个百|元|美|斤|吨|家|户|辆|亩|级|以|多|余|公)"
    r"|翻|半数|至少|\d(?:分之|/\d)|(突破|超过|迈上|跨上|站上|跨过|迈入|均超|都超|定在|首破|达到|覆盖)(?=[一二两三四五六七八九十百千万])|[近占约]一半"
)


def spoken_amounts(clean: str, start: int, end: int) -> list[Amount]:
    """The amounts in words (百分之八, 三成, 翻一番, 一千三百万吨, 四分之一, 亿元以上) within the stretch, in order."""
    lex = lexicon()
    tail, pattern = re.compile(lex.behind_pattern), spoken_pattern()
    found: list[Amount] = []
    over = start
    for sign in _SIGN.finditer(clean, start, end):
        at = sign.start()
        if at < over or clean[at - 1 : at].isdigit():
            continue
        match = pattern.match(clean, sign.end() if sign.lastindex else at + 1 if sign.group().endswith("一半") else at, end)
        if match is None:
            continue
        amount = _spoken(match)
        if amount is None:
            continue
        over = match.end()
        amount.in_words = True
        follow = tail.match(clean, amount.end, end)
        if follow:
            if follow.group() in ("多", "余"):
                amount.more, amount.end = True, follow.end()
            else:
                amount.behind = lex.behind[follow.group()]
            amount.tail = follow.end()
        found.append(amount)
    return found


def _spoken(match: re.Match[str]) -> Amount | None:
    group = match.lastgroup
    start, end = match.start(), match.end()
    got = match.groupdict
    named = {key: value for key, value in got().items() if value is not None}
    value: float | None
    if "pct" in named:
        written = named["p1"]
        value = float(written) if written[0].isdigit() else spoken_number(written)
        if value is None:
            return None
        amount = _make(start, end, value, "%", "share")
        if "p2" in named:
            high = spoken_number(named["p2"])
            if high is not None and high > value:
                amount.value_max = plain(high)
        amount.more = "pm" in named
        return amount
    if "permille" in named:
        value = spoken_number(named["q1"])
        return None if value is None else _make(start, end, value, "‰", "share")
    if "frac" in named:
        low, high = _few(named["fn"]), _few(named["fd"])
        return _make(start, end, round(low / high * 100, 2), "%", "share") if high and low < high else None
    if "slash" in named:
        low, high = float(named["sn"]), float(named["sd"])
        return _make(start, end, round(low / high * 100, 2), "%", "share") if low < high else None
    if "cheng" in named:
        return _make(start, end, _DIGITS[named["c1"]] * 10 + (5 if named["half"] == "成半" else 0), "%", "share")
    if "fan" in named:
        times = _DIGITS.get(named.get("f1", "一"), 1)
        amount = _make(start, end, (2**times - 1) * 100, "%", "times")
        amount.written_unit = "番"
        return amount
    if "points" in named:
        value = spoken_number(named["k1"])
        amount = _make(start, end, value or 0, "百分点", "share")
        amount.written_unit = "个百分点"
        amount.more = "km" in named
        return amount if value else None
    if "bei" in named:
        value = spoken_number(named["b1"])
        return _make(start, end, value, "倍", "times") if value else None
    if "scale" in named:
        unit = named["su"]
        kind, canonical = lexicon().units.get(unit, ("money", "元"))
        amount = _make(start, end, float(scale_of(named["s1"])), canonical, kind)
        amount.written_unit = "scale"
        return amount
    if "least" in named:
        amount = _make(match.start("l1"), end, _DIGITS[named["l1"]], named["lu"], "count")
        amount.written_unit = named["lu"]
        return amount
    if "majority" in named:
        return _make(start, end, 50, "%", "share")
    if "reach" in named:
        unit = named.get("su2", "")
        if not unit and "亿" not in named["s2"]:
            if len(named["s2"]) < 2 or match.string[end : end + 1] not in (",", ";", "。", "、"):
                return None
            amount = _make(start, end, float(scale_of(named["s2"])), "", "none")
            amount.scaled = amount.more = True
            return amount
        kind, canonical = lexicon().units.get(unit, ("money", "元"))
        amount = _make(start, end, spoken_number(named["s2"]) or 0, canonical, kind)
        amount.written_unit = unit or "元"
        amount.more = True
        return amount
    prefix = "g" if "big" in named else "h"
    value = spoken_number(named[prefix + "1"])
    if value is None:
        return None
    if prefix == "g":
        value *= scale_of(named.get("gs", ""))
    kind, canonical = lexicon().units[named[prefix + "u"]]
    if value < 2 or (kind == "count" and value < 11):
        return None
    amount = _make(start, end, value, canonical, kind)
    amount.written_unit = named[prefix + "u"]
    amount.more = bool(named.get(prefix + "m"))
    del group
    return amount


def _few(written: str) -> float:
    return float(written) if written.isdigit() else float(spoken_number(written) or 0)
