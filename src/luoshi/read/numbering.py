"""The numbers that Word writes before paragraphs: ``numbering.xml`` and a counter for each list."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from luoshi.numeral import to_chinese, to_digits

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
VAL = W + "val"
_LEVELS = 9
_MOST = 32_767
_ROMAN = (
    (1000, "M"),
    (900, "CM"),
    (500, "D"),
    (400, "CD"),
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_FORMAL = str.maketrans("一二三四五六七八九十百千", "壹贰叁肆伍陆柒捌玖拾佰仟")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES = "子丑寅卯辰巳午未申酉戌亥"


class Level(msgspec.Struct, frozen=True):
    """One level of a list: where it starts, the form of its number, ``text`` with ``%1`` … for the numbers of the levels."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    legal: bool = False
    restart: int = -1
    suffix: str = "tab"


class Numbering:
    """The lists of a document; ``label`` gives the next number of one."""

    def __init__(self, root: Any) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._abstract: dict[str, str] = {}
        self._overrides: dict[str, dict[int, Level]] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, list[int | None]] = {}
        if root is not None:
            self._load(root)

    def _load(self, root: Any) -> None:
        for item in root.iter(W + "abstractNum"):
            self._levels[item.get(W + "abstractNumId", "")] = {_index(level): _level(level) for level in item.iter(W + "lvl")}
        for item in root.iter(W + "num"):
            number, link = item.get(W + "numId", ""), item.find(W + "abstractNumId")
            self._abstract[number] = link.get(VAL, "") if link is not None else ""
            for override in item.iter(W + "lvlOverride"):
                at = _index(override)
                start = override.find(W + "startOverride")
                if start is not None:
                    self._starts.setdefault(number, {})[at] = _int(start.get(VAL), 1)
                level = override.find(W + "lvl")
                if level is not None:
                    self._overrides.setdefault(number, {})[at] = _level(level)

    def label(self, number: str, at: int) -> str:
        """The number before the next paragraph of list ``number`` at level ``at`` (0-based), ``""`` where it has none."""
        abstract = self._abstract.get(number, "")
        level = self._at(number, at)
        if level is None or not 0 <= at < _LEVELS:
            return ""
        counts = self._counts.setdefault(abstract, [None] * _LEVELS)
        starts = self._starts.get(number, {})
        if at in starts:  # a list that starts anew does so once
            counts[at] = starts.pop(at) - 1
        now = counts[at]
        counts[at] = min(_MOST, level.start if now is None else now + 1)
        for deeper in range(at + 1, _LEVELS):
            below = self._at(number, deeper)
            if below is None or below.restart < 0 or below.restart >= at + 1:
                counts[deeper] = None
        if level.form == "none":
            return ""
        if level.form == "bullet":
            return "• "
        return self._write(number, level, counts)

    def _write(self, number: str, level: Level, counts: list[int | None]) -> str:
        def one(found: re.Match[str]) -> str:
            index = int(found[1]) - 1
            other = self._at(number, index) or level
            count = counts[index]
            return format_number(other.start if count is None else count, "decimal" if level.legal else other.form)

        text = re.sub("%([1-9])", one, level.text)
        if not text.strip() or level.suffix == "nothing" or text[-1] in "、.．)）。:：】〕" or text[-1].isspace():
            return text
        return text + " "

    def _at(self, number: str, at: int) -> Level | None:
        override = self._overrides.get(number, {}).get(at)
        return override or self._levels.get(self._abstract.get(number, ""), {}).get(at)


def format_number(number: int, form: str) -> str:
    """A number in one of Word's forms.

    >>> [format_number(12, form) for form in ("decimal", "chineseCounting", "ideographDigital", "upperLetter", "lowerRoman")]
    ['12', '十二', '一二', 'L', 'xii']
    """
    if number < 0:
        return str(number)
    if form in (
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
        "koreanCounting",
    ):
        return to_chinese(number)
    if form in ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"):
        return to_chinese(number).translate(_FORMAL)
    if form in ("ideographDigital", "japaneseDigitalTenThousand", "taiwaneseDigital", "koreanDigital2"):
        return to_digits(number)
    if form in ("ideographTraditional", "ideographZodiac"):
        series = _STEMS if form == "ideographTraditional" else _BRANCHES
        return series[number - 1] if 0 < number <= len(series) else str(number)
    if form in ("upperLetter", "lowerLetter"):
        letters = chr(ord("A") + (number - 1) % 26) * min((number - 1) // 26 + 1, 20) if number else ""
        return letters if form == "upperLetter" else letters.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form.startswith("decimalEnclosed"):
        return _enclosed(number, form)
    if form.startswith("decimalFullWidth"):
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(number))
    return f"{number:02d}" if form == "decimalZero" else str(number)


def _roman(number: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def _enclosed(number: int, form: str) -> str:
    if form == "decimalEnclosedParen" and 1 <= number <= 20:
        return chr(0x2474 + number - 1)
    if form == "decimalEnclosedFullstop" and 1 <= number <= 20:
        return chr(0x2488 + number - 1)
    return chr(0x2460 + number - 1) if 1 <= number <= 20 else str(number)


def _index(element: Any) -> int:
    return _int(element.get(W + "ilvl"), 0)


def _int(text: str | None, default: int) -> int:
    return int(text) if text is not None and re.fullmatch(r"-?\d{1,6}", text) else default


def _level(element: Any) -> Level:
    def value(tag: str, default: str) -> str:
        found = element.find(W + tag)
        return default if found is None else found.get(VAL, default)

    legal = element.find(W + "isLgl")
    return Level(
        start=_int(value("start", "1"), 1),
        form=value("numFmt", "decimal"),
        text=value("lvlText", ""),
        legal=legal is not None and legal.get(VAL, "1") not in ("0", "false"),
        restart=_int(value("lvlRestart", "-1"), -1),
        suffix=value("suff", "tab"),
    )
