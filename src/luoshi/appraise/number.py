"""Numbers as people write them, and the rounding that a scheme states. All arithmetic of scores is decimal."""

from __future__ import annotations

from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal
from typing import Final, Literal

import msgspec

How = Literal["half-up", "half-even", "down", "up"]

#: digits of every intermediate result; far more than any score shows
DIGITS: Final = 34
_MODES: Final = {"half-up": ROUND_HALF_UP, "half-even": ROUND_HALF_EVEN, "down": ROUND_DOWN, "up": ROUND_UP}
_SAID: Final = {"half-up": "四舍五入", "half-even": "四舍六入五成双", "down": "截去尾数", "up": "进位"}
#: how many places of a number that does not end are written out
_SHOWN: Final = 6


class Rounding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How numbers are rounded, and where: each line, the total, or both. ``source``: who says so."""

    source: str
    places: int = 2
    how: How = "half-up"
    at: Literal["total", "line", "both"] = "total"

    @property
    def said(self) -> str:
        """The rule in words.

        >>> Rounding("试").said
        '四舍五入，保留两位小数，只在总分'
        """
        where = {"total": "只在总分", "line": "只在各项", "both": "各项和总分"}[self.at]
        return f"{_SAID[self.how]}，{_places(self.places)}，{where}"


def _places(places: int) -> str:
    return f"保留{'零一两三四五六'[places]}位小数" if places else "取整数"


def rounded(value: Decimal, rounding: Rounding) -> Decimal:
    """The number with the places of the rule.

    >>> rounded(Decimal("12.795"), Rounding("试"))
    Decimal('12.80')
    """
    return value.quantize(Decimal(1).scaleb(-rounding.places), _MODES[rounding.how])


def plain(value: Decimal) -> str:
    """The number without idle zeros; one that does not end within six places ends in dots.

    >>> plain(Decimal("13.80")), plain(Decimal(2) / 3), plain(Decimal("1E+2")), plain(Decimal("-0"))
    ('13.8', '0.666666…', '100', '0')
    """
    short = value.quantize(Decimal(1).scaleb(-_SHOWN), ROUND_DOWN)
    text = f"{short:f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    text = "0" if text in {"-0", ""} else text
    return f"{text}…" if short != value else text


def factor(value: Decimal) -> str:
    """The number for a place inside arithmetic: a negative one in brackets."""
    return f"（{plain(value)}）" if value < 0 else plain(value)


def summed(values: list[Decimal]) -> str:
    """A sum written out: ``20 + 12.5 − 1``.

    >>> summed([Decimal(20), Decimal("-1.5")])
    '20 − 1.5'
    """
    parts = [plain(values[0])] if values else ["0"]
    parts += [f"{'−' if value < 0 else '+'} {plain(abs(value))}" for value in values[1:]]
    return " ".join(parts)
