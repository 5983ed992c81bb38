"""Amounts without a number: 全覆盖, 动态清零, 双下降, 高于全市平均, 与经济增长同步, 完成省定目标, 保持稳定, 居全省第一. Clean offsets."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.lexicon import WORDS, alternation
from luoshi.numeral import parse_numeral

_WORDS = WORDS.numberless
#: characters inside a clause, and what a clause or list member ends with
_IN = r"[^,;。、:()\d]"
_STOPS = r"(?=[,;。、!)]|$)"
_REFERENCE = r"(?!(?:近|约|\d|[一二三四五六七八九十百千万亿两]{1,12}[个家万亿元]))" + _IN + "{2,22}?"
_BY = rf"{_IN}{{0,10}}?(?:十[一二三四五]五|{alternation(_WORDS.assigned_by)}){_IN}{{0,18}}?(?:{alternation(_WORDS.assigned)})"
_AMOUNT = re.compile(
    rf"(?P<all>全覆盖|全部(?:{alternation(_WORDS.done_by_all)}){_STOPS}|应(?P<a>[{_WORDS.as_ought}])尽(?P=a))"
    rf"|(?P<zero>{alternation(_WORDS.nothing)}|零(?:{alternation(_WORDS.none_of)}))"
    r"|(?P<both>[双三](?:下降|降(?![低温])|提升(?![行工计])|增长|提高)(?=[”\",;。、!)]|$))"
    rf"|(?P<rank>(?<!级)(?:第(?P<place>[一二三四五六七八九十]{{1,3}}(?:位|名)?|\d{{1,3}}(?![位名]))(?![{_WORDS.no_rank}]|[一二三四五六七八九十\d])"
    r"|首位(?!度)|榜首|(?<=之)首(?![家个次批位都府])"
    rf"|前(?P<places>[一二三四五六七八九十]{{1,2}}|两)(?:位|名|强)?{_STOPS}))"
    rf"|(?P<above>(?:(?:{alternation(_WORDS.above)})(?:或高于)?(?P<above_what>{_REFERENCE})"
    rf"|(?:超过|达到)(?P<average>{_IN}{{0,14}}?(?:平均|同期)(?:水平|增速)?))(?=[,;。、!的)]|$))"
    rf"|(?P<below>(?:{alternation(_WORDS.below)})(?P<below_what>{_REFERENCE})(?=[,;。、!的)]|$))"
    rf"|(?P<with>(?:与|和|同)(?P<with_what>{_IN}{{2,16}}?)(?:保持)?(?:{alternation(_WORDS.roughly)})?(?:{alternation(_WORDS.in_step)}){_STOPS})"
    rf"|(?P<assigned>(?:(?:{alternation(_WORDS.fully)}){{0,4}}完成(?:了)?{_BY}"
    rf"|(?:超额|提前)完成(?:了)?(?={_IN}{{0,24}}(?:任务|目标|计划|指标))|(?<=任务)超额完成|(?<=目标)超额完成|完成目标任务"
    rf"|控制在(?:预期|预算)目标(?:之内|以内|内))(?=[,;。、!)]|$|{_IN}))"
    rf"|(?P<unchanged>(?:保持|总体|基本|继续保持)(?:基本|总体|大体)?稳定{_STOPS})",
)
#: words one of which every numberless amount has: one cheap scan finds them
_SIGN = re.compile(
    alternation(
        ["全覆盖", "全部", "首位", "榜首", "之首", "跑赢", "超过", "达到", "同步", "一致", "持平", "完成", "稳定", "控制在"]
        + [f"应{verb}尽" for verb in _WORDS.as_ought]
        + [f"{first}零" for first in "清归为"]
        + [f"零{first}" for first in sorted({word[0] for word in _WORDS.none_of})]
        + [f"{count}{first}" for count in "双三" for first in "下降提增"]
        + [f"第{number}" for number in "一二三四五六七八九十123456789"]
        + [f"前{number}" for number in "一二两三四五六七八九十"]
        + [f"{how}于" for how in "高快优好大低慢小"]
    )
)
#: how many characters before its sign an amount may begin, the longest first
_BACK = {
    "清零": (2, 0),
    "归零": (2, 0),
    "为零": (2,),
    "高于": (2, 1, 0),
    "大于": (1, 0),
    "低于": (3, 2, 1, 0),
    "完成": (6, 4, 2, 0),
    "稳定": (6, 4, 2, 0),
}
_WITH = re.compile(rf"(?:与|和|同){_IN}{{2,16}}$")
_LONGEST_WITH = 24
_RANKED = re.compile(rf"(?:{alternation(_WORDS.ranked)})[^,;。、:]{{0,8}}$")
_STEADY = re.compile(rf"(?:{alternation(_WORDS.steady)})$")
_COMPARABLE = re.compile(alternation(_WORDS.references))
_COMPARISONS = ("above_what", "average", "below_what", "with_what")


def word_amounts(clean: str) -> list[Amount]:
    """The numberless amounts, in order; ``unit_class`` is ``word`` (or ``rank``) and ``written_unit`` the comparator."""
    found: list[Amount] = []
    over = 0
    for sign in _SIGN.finditer(clean):
        match = _match_at(clean, sign, over)
        amount = _amount(clean, match) if match else None
        if match and amount:
            over = match.end()
            found.append(amount)
    return found


def _match_at(clean: str, sign: re.Match[str], low: int) -> re.Match[str] | None:
    """The amount that the sign belongs to, which may begin before the sign but not before ``low``."""
    at, word = sign.start(), sign.group()
    if at < low:
        return None
    if word in ("同步", "一致", "持平"):
        begin = _WITH.search(clean, max(low, at - _LONGEST_WITH), at)
        return _AMOUNT.match(clean, begin.start()) if begin else None
    if word == "之首":
        return _AMOUNT.match(clean, at + 1)
    for back in _BACK.get(word, (0,)):
        if at - back >= low:
            match = _AMOUNT.match(clean, at - back)
            if match and match.end() > at:
                return match
    return None


def _amount(clean: str, match: re.Match[str]) -> Amount | None:
    """The amount that was matched; ``None`` where what stands around it makes it none."""
    kind, (start, end) = match.lastgroup or "", match.span()
    if kind == "rank":
        return _rank(clean, match)
    if kind in ("above", "below", "with"):
        return _comparison(match, kind)
    if kind == "both":
        return _word(start, end, "both_down" if "降" in match.group() else "both_up")
    if kind == "all":
        opens_quote = clean[start - 1 : start] == "“" and clean[end : end + 1] != "”"
        return None if opens_quote else _word(start, end, "all", value=100, unit="%")
    if kind == "zero":
        return None if _names_an_act(clean, start, end) else _word(start, end, "zero", value=0)
    if kind == "unchanged" and not _STEADY.search(clean, max(0, start - 8), start):
        return None
    return _word(start, end, kind)


def _names_an_act(clean: str, start: int, end: int) -> bool:
    """True for 零增长 in the name of something (零增长行动, “零增长、减存量”目标)."""
    if not clean.endswith("增长", start, end):
        return False
    closes = clean[end : end + 1] == "”"
    return (clean[start - 1 : start] == "“" and not closes) or clean.startswith(_WORDS.no_zero, end + closes)


def _comparison(match: re.Match[str], kind: str) -> Amount | None:
    """高于全市平均; ``None`` where what is named is nothing to compare with (高于一切)."""
    group = next(name for name in _COMPARISONS if match[name] is not None)
    if not _COMPARABLE.search(match[group]) or match[group].startswith(_WORDS.no_references):
        return None
    amount = _word(match.start(), match.end(), kind)
    amount.reference = match.span(group)
    return amount


def _rank(clean: str, match: re.Match[str]) -> Amount | None:
    """第一, 首位, 前三: a place in an order, where a word in front says that there is one."""
    start, end = match.span()
    if not _RANKED.search(clean, max(0, start - 16), start):
        return None
    unit, behind = "位", ""
    if match["places"]:
        behind = "le"
        if clean[end - 1] in "位名强":  # 前三名: the amount is 三名
            start, unit = start + 1, "位" if clean[end - 1] == "强" else clean[end - 1]
    value = parse_numeral(match["places"] or (match["place"] or "一").rstrip("位名"))
    if not value:
        return None
    return Amount(start, end, end, int(value), unit, "rank", unit, behind=behind, in_words=not (match["place"] or "").isdigit())


def _word(start: int, end: int, comparator: str, *, value: int | None = None, unit: str = "") -> Amount:
    return Amount(start, end, end, value or 0, unit, "word", comparator, in_words=True, no_value=value is None)
