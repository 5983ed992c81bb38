"""Numbers as people write them: 1250亿元, not 125000000000元."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

import msgspec

from luoshi.publish.chart.values import Number

#: units that take no 万 or 亿 before them
_PLAIN: Final = frozenset({"%", "‰", "百分点", "个百分点", "倍", "位", "名", "年", "月", "日", "天", "小时", "分钟", "岁", "分", "级", "℃"})
_SCALES: Final = ((Decimal(10**8), "亿"), (Decimal(10**4), "万"))
#: up to this much 48000元 reads better than 4.8万元
_FIRST_SCALED: Final = 10**5


class Unit(msgspec.Struct, frozen=True):
    """An axis's unit: what a value is divided by, and what stands behind it then."""

    factor: Decimal
    words: str

    def of(self, value: Number) -> float:
        """The value in this unit."""
        return float(exact(value) / self.factor)


def exact(value: Number) -> Decimal:
    """The number as it was written: a float by its shortest digits."""
    return value if isinstance(value, Decimal) else Decimal(str(value))


def unit_for(values: Iterable[Number], unit: str) -> Unit:
    """The unit in which all of the values read well.

    >>> unit_for([98_000_000_000, 125_000_000_000], "元").words
    '亿元'
    >>> unit_for([48_213], "元").words, unit_for([650_000], "人").words, unit_for([6.5], "%").words
    ('元', '万人', '%')
    """
    largest = max((abs(exact(value)) for value in values), default=Decimal(0))
    if unit in _PLAIN or unit[:1] in ("万", "亿") or largest < _FIRST_SCALED:
        return Unit(Decimal(1), unit)
    factor, scale = next(pair for pair in _SCALES if largest >= pair[0])
    return Unit(factor, scale + unit)


def digits(value: Number) -> str:
    """The number without exponent, sign of thousands or needless zeros.

    >>> digits(1250.0), digits(0.1 + 0.2), digits(6.50), digits(-0.0)
    ('1250', '0.3', '6.5', '0')
    """
    rounded = round(exact(value), 6)
    words = f"{rounded:f}".rstrip("0").rstrip(".") if "." in f"{rounded:f}" else f"{rounded:f}"
    return "0" if words in ("-0", "") else words


def amount_words(value: Number, unit: str) -> str:
    """One amount with its unit.

    >>> amount_words(125_043_000_000, "元"), amount_words(6.5, "%"), amount_words(3, "位")
    ('1250.43亿元', '6.5%', '3位')
    """
    scaled = unit_for([value], unit)
    return digits(exact(value) / scaled.factor) + scaled.words


def ems(words: str) -> float:
    """About how wide words are, in heights of their type: a Chinese character one, others a little over a half.

    >>> ems("栖山区"), round(ems("2025"), 2)
    (3.0, 2.24)
    """
    return sum(1.0 if unicodedata.east_asian_width(letter) in "WFA" else 0.56 for letter in words)


def fitted(words: str, most: float) -> str:
    """The words cut so that they are no wider than ``most`` ems.

    >>> fitted("区经济贸易和信息化发展局", 8)
    '区经济贸易和信…'
    """
    if ems(words) <= most:
        return words
    kept, width = "", 1.0
    for letter in words:
        width += ems(letter)
        if width > most:
            break
        kept += letter
    return kept + "…"
