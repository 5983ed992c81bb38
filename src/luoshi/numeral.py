"""Chinese numerals to numbers and back: 二〇二五, 十四, 一百二十三, 两千, 二十一万, 廿五, 1.2万亿, 三点五, 百分之八, 六成.

A value is an ``int`` wherever it is whole, else a ``Decimal``; never a float. Simplified, traditional, formal (壹贰叁) and
full-width forms are read alike. Source of the forms: GB/T 15835-2011 (numerals in publications) and its use in official texts.
"""

from __future__ import annotations

import re
from decimal import Decimal

_DIGITS = {
    c: i
    for i, forms in enumerate(("〇零○0", "一壹弌1", "二贰貳两兩2", "三叁參3", "四肆4", "五伍5", "六陆陸6", "七柒7", "八捌8", "九玖9"))
    for c in forms
}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_GREAT = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
_TENS = {"廿": 20, "卅": 30, "卌": 40}
_WIDTH = {0xFF10 + i: ord("0") + i for i in range(10)} | {0xFF0E: ord("."), 0xFF0C: ord(","), ord("點"): ord("点")}
_ARABIC = re.compile(r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?")
_SCALED = re.compile(r"((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)([十百千拾佰仟]?[万萬亿億]*)")
#: every character that a Chinese numeral may be written with (for the patterns of others; no digits, no 点)
NUMERAL_CHARACTERS = "〇零一二三四五六七八九十百千万亿两廿卅"


def _plain(value: Decimal) -> int | Decimal:
    """The value as ``int`` where it is whole."""
    whole = int(value)
    return whole if whole == value else value


def _scale(suffix: str) -> int:
    value = 1
    for c in suffix:
        value *= _SMALL.get(c) or _GREAT[c]
    return value


def _mixed(s: str) -> int | Decimal | None:
    """``1.2万亿``, ``3亿5千万``, ``1,250``: digits with scales behind them, each smaller than the one before."""
    total, at, last = Decimal(0), 0, None
    while at < len(s):
        match = _SCALED.match(s, at)
        if match is None:
            return None
        scale = _scale(match[2])
        if last is not None and scale >= last:
            return None
        total += Decimal(match[1].replace(",", "")) * scale
        at, last = match.end(), scale
    return _plain(total)


def _positional(s: str) -> int | None:
    """``二〇二五``: digits only, two or more, read place by place."""
    value = 0
    for c in s:
        digit = _DIGITS.get(c)
        if digit is None:
            return None
        value = value * 10 + digit
    return value


def _spoken(s: str) -> int | None:
    """``一亿二千三百万``, ``十四``, ``廿五``, ``一万五`` (15000): places by their names, largest first; nothing in front of a place is one."""
    for names in ("亿億", "万萬"):
        at = max(s.rfind(name) for name in names)
        if at >= 0:
            left, right = _spoken(s[:at]) if at else 1, _rest(s[at + 1 :], _GREAT[s[at]])
            return None if left is None or right is None else left * _GREAT[s[at]] + right
    return _below_ten_thousand(s)


def _rest(s: str, place: int) -> int | None:
    """What follows a place: nothing, a single digit of the next place (一万五), or a number of its own (一万零五)."""
    if not s:
        return 0
    if len(s) == 1 and s in _DIGITS:
        return _DIGITS[s] * place // 10
    return _spoken(s)


def _below_ten_thousand(s: str) -> int | None:
    total, place, at = 0, 10**4, 0
    while at < len(s):
        zero = _DIGITS.get(s[at]) == 0
        at += zero and len(s) > 1
        digit = _DIGITS.get(s[at]) if at < len(s) else None
        unit = s[at + (digit is not None) :][:1]
        if s[at : at + 1] in _TENS and place > 10:
            total, place, at = total + _TENS[s[at]], 10, at + 1
        elif unit in _SMALL and _SMALL[unit] < place:
            total, place, at = total + (1 if digit is None else digit) * _SMALL[unit], _SMALL[unit], at + 1 + (digit is not None)
        elif digit is not None and at == len(s) - 1:
            return total + digit * (1 if zero or not total else place // 10)
        else:
            return None
    return total


def parse_numeral(s: str) -> int | Decimal | None:
    """The number that the whole of ``s`` writes, or ``None`` where it writes none.

    >>> [parse_numeral(s) for s in ("一百二十三", "二十一万", "两千", "〇", "廿", "二〇二五", "1.2万亿", "若干")]
    [123, 210000, 2000, 0, 20, 2025, 1200000000000, None]
    """
    s = s.strip().translate(_WIDTH)
    if not s:
        return None
    if _ARABIC.match(s):
        return _mixed(s)
    if s[0] in ".点" or s[-1] in ".点":
        return None
    whole, point, fraction = s.partition("点")
    if point:
        digits = "".join(str(_DIGITS[c]) if c in _DIGITS else c for c in fraction)
        match = _SCALED.fullmatch(digits)
        base = parse_numeral(whole)
        if match is None or "." in match[1] or not isinstance(base, int):
            return None
        return _plain((base + Decimal("0." + match[1])) * _scale(match[2]))
    if len(s) > 1 and all(c in _DIGITS for c in s):
        return _positional(s)
    return _spoken(s)


_SHARE = re.compile(r"(百|千|万|[一二两三四五六七八九十]+)分之(.+)")


def parse_share(s: str) -> int | Decimal | None:
    """The percentage that ``s`` writes in words (百分之八点五, 千分之三, 三分之一, 六成, 七成五), or ``None``.

    >>> [float(parse_share(s) or 0) for s in ("百分之八点五", "六成", "七成五", "三分之一")]
    [8.5, 60.0, 75.0, 33.33]
    """
    match = _SHARE.fullmatch(s)
    if match is not None:
        base, part = parse_numeral(match[1]), parse_numeral(match[2])
        if not base or part is None:
            return None
        return _plain(round(Decimal(100) * part / base, 2))
    whole, tenth, rest = s.partition("成")
    if not tenth or len(rest) > 1:
        return None
    value, more = parse_numeral(whole), _DIGITS.get(rest, 5 if rest == "半" else None) if rest else 0
    if value is None or more is None or not 0 < value <= 10:
        return None
    return _plain(Decimal(value) * 10 + more)


def to_digits(number: int) -> str:
    """A number place by place, as years are written: 2025 → 二〇二五."""
    return "".join("〇一二三四五六七八九"[int(c)] for c in str(number))


def to_chinese(number: int) -> str:
    """A number of 0 to 99,999,999 in words, as headings are numbered: 14 → 十四, 120 → 一百二十, 2005 → 二千零五."""
    if number < 0 or number >= 10**8:
        raise ValueError(f"no heading has the number {number}")
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return to_chinese(high) + "万" + ("" if not low else ("零" if low < 1000 else "") + _under_ten_thousand(low))
    return _under_ten_thousand(number) if number else "零"


def _under_ten_thousand(number: int) -> str:
    words, zero = "", False
    for place, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // place % 10
        if digit:
            words += ("零" if zero else "") + "零一二三四五六七八九"[digit] + name
            zero = False
        elif words:
            zero = True
    return words[1:] if words.startswith("一十") else words
