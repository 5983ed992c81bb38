"""What was found: a stretch of personal data with its kind, and the words that stand in its place."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Kind = Literal["email", "id", "bank-card", "phone", "plate", "passport", "wechat", "qq", "address", "name"]
#: the kinds, the surest first: of two that overlap the earlier one stays
KINDS: Final[tuple[Kind, ...]] = ("email", "id", "bank-card", "phone", "plate", "passport", "wechat", "qq", "address", "name")

_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20, 0xA0: 0x20, 0x09: 0x20, 0x200B: 0x20, 0xFEFF: 0x20}
_DASHES: Final = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2014, 0x2015, 0x2212, 0xFE63), 0x2D)
_DOTS: Final = dict.fromkeys((0x2022, 0x2027, 0x30FB, 0x22C5), 0xB7)
_FLAT: Final = _WIDTH | _DASHES | _DOTS


class Found(msgspec.Struct, frozen=True):
    """Personal data in a text: ``[start, end)`` in code points of the text, its words there, and what stands for them once masked."""

    kind: Kind
    start: int
    end: int
    text: str
    masked: str


class Hit(msgspec.Struct, frozen=True, gc=False):
    """A candidate before overlaps are settled; offsets in the flat text, which are those of the text."""

    kind: Kind
    start: int
    end: int
    masked: str


def flat(text: str) -> str:
    """The text with full-width letters, digits and punctuation made plain, dashes and dots made one; code point for code point.

    >>> flat("电话：１３８—００")
    '电话:138-00'
    """
    return text.translate(_FLAT)
