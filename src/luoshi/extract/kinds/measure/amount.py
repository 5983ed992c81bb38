"""Amounts: numbers with a unit as they stand in the clean text, and what they are worth."""

from __future__ import annotations

from functools import lru_cache

import msgspec

_SCALE = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}


class Amount(msgspec.Struct, gc=False, eq=False):
    """One amount. ``start``/``end``: the amount itself; ``tail``: behind a following 以上, 左右 … (clean offsets).

    ``unit_class`` is ``money`` ``share`` ``times`` ``size`` ``count`` ``time`` ``rank``, ``none`` (a bare number with a scale) or
    ``word`` (without a number; ``written_unit`` is then its comparator). ``unit`` is canonical, ``written_unit`` as it stands.
    ``behind``: what the following word says (``ge`` ``le`` ``approx`` or ``""``); ``more``: 多, 余 within.
    """

    start: int
    end: int
    tail: int
    value: float | int
    unit: str
    unit_class: str
    written_unit: str
    value_max: float | int | None = None
    more: bool = False
    behind: str = ""
    #: written in Chinese numerals or without a number
    in_words: bool = False
    #: with a scale such as 万
    scaled: bool = False
    #: numberless (高于全市平均)
    no_value: bool = False
    #: the words that a comparison names
    reference: tuple[int, int] | None = None


def plain(value: float) -> float | int:
    """A number without the dust of binary fractions: an ``int`` where it is whole.

    >>> [plain(0.1 + 0.2), plain(3.28e10)]
    [0.3, 32800000000]
    """
    whole = round(value)
    return whole if abs(value - whole) < 1e-6 * max(1.0, abs(value) * 1e-6) else round(value, 6)


@lru_cache(maxsize=64)
def scale_of(written: str) -> int:
    """What a scale multiplies by; an empty one is 1.

    >>> scale_of("万亿") == 10**12
    True
    """
    value = 1
    for char in written:
        value *= _SCALE[char]
    return value


def number_of(digits: str, factor: int) -> float | int:
    """The value of a number in digits (1,250.5) times its scale."""
    digits = digits.replace(",", "")
    return plain(float(digits) * factor) if "." in digits else int(digits) * factor


@lru_cache(maxsize=4096)
def spoken_number(numeral: str) -> float | None:
    """The value of a Chinese numeral as amounts are spoken; ``None`` where it is none.

    Other than ``luoshi.numeral`` it reads what is said loosely too: of 两三千 the larger.

    >>> [spoken_number(numeral) for numeral in ("一百二十三", "三点五", "二〇二五", "一千三百万", "九万八", "两三千", "点")]
    [123.0, 3.5, 2025.0, 13000000.0, 98000.0, 3000.0, None]
    """
    whole, _, fraction = numeral.partition("点")
    if not whole:
        return None
    value = float(_digits(whole) if len(whole) > 1 and all(char in _DIGITS for char in whole) else _places(whole))
    if fraction:
        places = fraction.rstrip("万亿")
        value = float(plain((value + float(f"0.{_digits(places):0{len(places)}}")) * scale_of(fraction[len(places) :])))
    return value


def _digits(numeral: str) -> int:
    """二〇二五, place by place."""
    value = 0
    for char in numeral:
        value = value * 10 + _DIGITS[char]
    return value


def _places(numeral: str) -> int:
    """一千三百万, by the names of the places; a last digit without a name is of the next place (三百五 is 350)."""
    total = section = digit = 0
    place = 1
    for char in numeral:
        if char in _DIGITS:
            digit = _DIGITS[char]
            continue
        place = _SCALE[char]
        if place < 10**4:
            section += (digit or 1) * place
        else:
            section += digit
            if char == "亿":
                total = (total + (section or (0 if total else 1))) * place
            else:
                total += (section or 1) * place
            section = 0
        digit = 0
    if digit and place >= 10 and numeral[-2] in "百千万亿":
        digit = digit * place // 10
    return total + section + digit


def merged(first: list[Amount], second: list[Amount]) -> list[Amount]:
    """Both lists in order; where two overlap the longer stays, and an amount with a number before one without."""
    if not second:
        return first
    kept: list[Amount] = []
    for amount in sorted(first + second, key=lambda amount: (amount.start, -amount.end)):
        if not kept or amount.start >= kept[-1].end:
            kept.append(amount)
        elif _goes_before(amount, kept[-1]):
            kept[-1] = amount
    return kept


def _goes_before(amount: Amount, last: Amount) -> bool:
    return (last.unit_class == "word", amount.end - amount.start) >= (amount.unit_class == "word", last.end - last.start)
