"""Damage: characters lost or broken on the way from the original to the copy, where the words left prove it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache

import ahocorasick_rs
import msgspec

from luoshi.outline.lines import Line
from luoshi.outline.outline import Gap
from luoshi.read.text import Text
from luoshi.tables import load_table


class _Words(msgspec.Struct, forbid_unknown_fields=True):
    blank_words: list[str]
    broken_terms: dict[str, str]
    beginnings: dict[str, str]
    doubtful_beginnings: dict[str, str]


@cache
def _words() -> _Words:
    return load_table("luoshi.outline", "damage.yaml", _Words)


@cache
def _broken() -> tuple[ahocorasick_rs.AhoCorasick, list[tuple[str, str]]]:
    """Broken terms and beginnings without their first character, as (what is left, what it was)."""
    words = _words()
    pairs = list(words.broken_terms.items()) + [(left, "") for left in words.beginnings]
    return ahocorasick_rs.AhoCorasick([left for left, _ in pairs], matchkind=ahocorasick_rs.MatchKind.LeftmostLongest), pairs


def lost_characters(text: Text) -> list[Gap]:
    """The places where a known word has lost a character, with a blank left in its place or nothing."""
    found = [*_at_blanks(text), *_without_blanks(text.clean)]
    if len(found) >= 3:
        found += _doubtful(text.clean)
    gaps: list[Gap] = []
    for gap in sorted(found, key=lambda gap: gap.start):
        if not gaps or gap.start >= gaps[-1].end:
            gaps.append(gap)
    return gaps


def _without_blanks(clean: str) -> list[Gap]:
    automaton, pairs = _broken()
    gaps = []
    for index, start, end in automaton.find_matches_as_indexes(clean):
        left, term = pairs[index]
        if term:
            gaps.append(Gap(start, "lost_character", f"“{left}”应为“{term}”，脱一字", end))
        elif start == 0 or clean[start - 1] not in _words().beginnings[left]:
            gaps.append(Gap(start, "lost_character", f"“{left}”前脱一字（{_words().beginnings[left][0]}）", end))
    return gaps


def _doubtful(clean: str) -> list[Gap]:
    return [
        Gap(match.start(), "lost_character", f"“{left}”前疑脱一字（{char}）", match.end())
        for left, char in _words().doubtful_beginnings.items()
        if char not in clean
        for match in re.finditer(f"(?<!伤){left}", clean)
    ]


@cache
def _sides() -> tuple[dict[str, list[tuple[str, str, str]]], dict[str, list[tuple[str, str, str]]]]:
    """Words by the character left of the lost one, and, where the first is lost, by the one right of it: (left, right, word)."""
    before: dict[str, list[tuple[str, str, str]]] = {}
    after: dict[str, list[tuple[str, str, str]]] = {}
    for word in sorted(_words().blank_words, key=len, reverse=True):
        for at in range(len(word)):
            left, right = word[:at], word[at + 1 :]
            if left:
                before.setdefault(left[-1], []).append((left, right, word))
            else:
                after.setdefault(right[0], []).append((left, right, word))
    return before, after


_HAN = re.compile("[\u4e00-\u9fff]")
_AFTER = re.compile("[\u4e00-\u9fff、,。;0-9]")


def _at_blanks(text: Text) -> list[Gap]:
    """Blanks between Chinese characters where a word of the list lacks one there.

    A word of which one character only is left (电, 批) counts where the text has few blanks of the kind and another word proves the same
    character lost.
    """
    source, clean = text.source, text.clean
    blanks = [
        edit.at
        for edit in text.edits
        if edit.size == 0
        and edit.end - edit.start <= 2
        and source[edit.start : edit.end].strip() == ""
        and "\n" not in source[edit.start : edit.end]
        and 0 < edit.at < len(clean)
        and (_HAN.match(clean, edit.at - 1) or clean[edit.at - 1] in ",、。;")
        and _AFTER.match(clean, edit.at)
    ]
    blanks = [
        at
        for index, at in enumerate(blanks)
        if (index == 0 or at - blanks[index - 1] > 3) and (index + 1 == len(blanks) or blanks[index + 1] - at > 3)
    ]  # l e t t e r s set apart
    if not blanks or len(blanks) > 40 + len(clean) // 300:
        return []
    found = {at: _words_at(clean, at) for at in blanks}
    strong = {at: words[0] for at, words in found.items() if words and len(words[0][0]) >= 3}
    lost = Counter(char for _, char in strong.values())
    often = Counter(char for at, words in found.items() if at not in strong for char in {char for _, char in words})
    gaps = []
    for at, words in found.items():
        for word, char in words[:1] if at in strong else words:
            digit = clean[at].isdigit()
            if at in strong or lost[char] >= (5 if digit else 1) or len(blanks) <= 30 and often[char] >= 3 and not digit:
                gaps.append(Gap(at - 1, "lost_character", f"空格处脱一字，疑为“{word}”的“{char}”", at + 1))
                break
    return gaps


def _words_at(clean: str, at: int) -> list[tuple[str, str]]:
    """The words that lack one character at the blank, as (word, character), longest first."""
    before, after = _sides()
    found = [
        (word, word[len(left)])
        for left, right, word in [*before.get(clean[at - 1], ()), *after.get(clean[at], ())]
        if clean.endswith(left, 0, at) and clean.startswith(right, at)
    ]
    return sorted(found, key=lambda item: -len(item[0]))


_YEARS = re.compile(r"[1-9][\dOoIl乘○〇一二三四五六七八九]{3}年(?!代|历史|文明|前|来|的历史)")


_NO_YEAR_BEFORE = frozenset("0123456789.")


def _possible(year: int) -> bool:
    """True for a year of history or of a far goal, and for round numbers of years (5000年)."""
    return year < 2061 or year % 100 == 0


def broken_years(clean: str) -> list[Gap]:
    """Years that cannot be: 2乘23年, 20二3年, 3022年."""
    gaps = []
    for match in _YEARS.finditer(clean):
        year = match[0][:4]
        if clean[match.start() - 1 : match.start()] in _NO_YEAR_BEFORE or (year.isascii() and year.isdigit() and _possible(int(year))):
            continue
        if not year.isdigit() and (year[0] > "2" or sum(char.isascii() and char.isdigit() for char in year) < 2):
            continue
        gaps.append(Gap(match.start(), "broken_year", f"年份“{year}年”不可能，数字有损", match.end()))
    return gaps


def repeated(lines: Sequence[Line], first: int, last: int) -> list[Gap]:
    """Long paragraphs that stand in the document a second time; neighbours are one gap."""
    known: dict[str, int] = {}
    gaps: list[Gap] = []
    before = -2
    for index in range(first, last):
        line = lines[index]
        if len(line.words) < 50:
            continue
        if line.words in known:
            if before == index - 1 and gaps:
                gaps[-1] = msgspec.structs.replace(gaps[-1], end=line.end)
            else:
                gaps.append(Gap(line.start, "repeated", "段落与前文重复", line.end))
            before = index
        known.setdefault(line.words, index)
    return gaps
