"""Words that a paper says: pieces, of which each may carry a footnote with what it rests on; numbers as papers write them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

Amount = int | float | Decimal
_DIGITS: Final = re.compile(r"\d+(?:\.\d+)?")


class Piece(msgspec.Struct, frozen=True):
    """Words, and the footnote that stands behind them."""

    text: str
    note: str = ""


class Picture(msgspec.Struct, frozen=True):
    """A PNG in a paper, so many millimetres wide; ``about`` says what it shows."""

    png: bytes
    about: str
    width: float = 150.0


Words = tuple[Piece, ...]
#: what a placeholder may stand for
Plain = str | Amount | Words | Picture | None
Row = Mapping[str, Plain]
Value = Plain | Sequence[Row]
Values = Mapping[str, Value]


def written(value: Plain) -> str:
    """A value as plain words.

    >>> written(12), written(97.20), written(None), written((Piece("共"), Piece("3", "台账")))
    ('12', '97.2', '', '共3')
    """
    match value:
        case None:
            return ""
        case str():
            return value
        case tuple():
            return "".join(piece.text for piece in value)
        case Picture():
            return value.about
        case _:
            return amount(value)


def amount(value: Amount) -> str:
    """A number without needless zeros.

    >>> amount(3.0), amount(13.80), amount(1250)
    ('3', '13.8', '1250')
    """
    said = f"{round(Decimal(str(value)), 4):f}"
    return said.rstrip("0").rstrip(".") if "." in said else said


def day_words(day: str) -> str:
    """A day as papers write it: Arabic digits, no zeros before them (7.3.5); what is no day stays as it is.

    >>> day_words("2026-03-05"), day_words("")
    ('2026年3月5日', '')
    """
    try:
        found = date.fromisoformat(day[:10])
    except ValueError:
        return day
    return f"{found.year}年{found.month}月{found.day}日"


def ordinal(number: int) -> str:
    """The number of a heading in Chinese.

    >>> ordinal(1), ordinal(10), ordinal(12), ordinal(23)
    ('一', '十', '十二', '二十三')
    """
    ones = "零一二三四五六七八九"
    if number < 10:
        return ones[number]
    tens, rest = divmod(number, 10)
    return f"{'' if tens == 1 else ones[tens]}十{ones[rest] if rest else ''}"


#: signs of a title on a line: 156 mm of 22 pt
TITLE_SIGNS: Final = 20
#: and of a sheet on its side
WIDE_SIGNS: Final = 28
_NEVER_FIRST: Final = "，。；：、）》”！？的地得和与及了等"
_NEVER_LAST: Final = "（《“〔第"
#: words of titles that are not torn in two
_WHOLE: Final = (
    "关于", "会议", "工作", "情况", "通报", "建设", "督办", "督查", "事项", "办理", "代表", "建议", "提案", "重点", "人大", "政协", "政府", "人民", "通知", "项目", "整改",
    "考核", "答复", "报告", "任务", "分解", "完成", "改造", "小区", "公园", "推进", "季度", "年度", "结果",
)  # fmt: skip


def title_lines(title: str, most: int = TITLE_SIGNS) -> tuple[str, ...]:
    """A title in lines of about one length, cut where words are not torn as far as signs tell.

    >>> title_lines("关于区九届人大五次会议第12号代表建议的答复")
    ('关于区九届人大五次会议', '第12号代表建议的答复')
    >>> title_lines("约谈通知")
    ('约谈通知',)
    """
    count = -(-round(_wide(title) * 2) // (most * 2))
    if count < 2:
        return (title,)
    wanted = _wide(title) / count
    at = min(
        (cut for cut in range(1, len(title)) if _may_cut(title, cut)), key=lambda cut: _cost(title, cut, wanted), default=len(title) // 2
    )
    return (title[:at], *title_lines(title[at:], most))


def _may_cut(title: str, at: int) -> bool:
    before, after = title[at - 1], title[at]
    if any(title[max(at - shift, 0) :].startswith(word) for word in _WHOLE for shift in range(1, len(word)) if at >= shift):
        return False
    return not (before.isascii() and after.isascii()) and after not in _NEVER_FIRST and before not in _NEVER_LAST


def _cost(title: str, at: int, wanted: float) -> float:
    """How far a cut is from where it should be; behind a mark, or where Chinese and digits meet, is a better or a worse place."""
    torn = title[at - 1].isascii() != title[at].isascii()
    return abs(_wide(title[:at]) - wanted) + (3 if torn else 0) - (2.5 if title[at - 1] in "、，》”的）" else 0)


def _wide(words: str) -> float:
    return sum(0.5 if mark.isascii() else 1.0 for mark in words)


def unfounded(pieces: Iterable[Piece]) -> tuple[str, ...]:
    """The numbers in words behind which no footnote stands: each says nothing of where it comes from.

    A number is founded where its own piece has a footnote.

    >>> unfounded((Piece("建成公园"), Piece("3个", "台账第7号"), Piece("，投入1200万元。")))
    ('1200',)
    """
    return tuple(found for piece in pieces if not piece.note for found in _DIGITS.findall(piece.text))
