"""Amounts in Chinese numerals: 百分之八, 三成, 翻一番, 一千三百万吨, 四分之一, 亿元以上. Offsets are in the clean text."""

from __future__ import annotations

import re
from collections.abc import Callable

from luoshi.extract.kinds.measure.amount import Amount, plain, scale_of, spoken_number
from luoshi.extract.kinds.measure.lexicon import BEHIND, BEHIND_PATTERN, HAN, NARROW, UNITS, WORDS, alternation

_WORDS = WORDS.amounts


def _units(kinds: set[str], but: frozenset[str]) -> str:
    return alternation(unit for unit, (kind, _) in UNITS.items() if kind in kinds and unit not in NARROW and unit not in but)


#: a numeral of a length that is one (bounded, so that hostile runs of numerals cost no more than their length)
_NUMERAL = rf"[{HAN}][{HAN}万亿]{{0,24}}(?:点[{HAN}]{{1,12}}[万亿]{{0,4}})?"
_REACHED = "|".join(rf"(?<={word})" for word in _WORDS.reaching)
_UNITS = _units({"money", "size", "count"}, _WORDS.not_behind_numerals)
_AMOUNT = re.compile(
    rf"(?P<percent>百分之(?P<p1>{_NUMERAL}|\d{{1,9}}(?:\.\d{{1,9}})?)(?:(?:至|到|-|—)(?:百分之)?(?P<p2>{_NUMERAL}))?(?P<pm>多)?)"
    rf"|(?P<permille>千分之(?P<q1>{_NUMERAL}))"
    r"|(?P<fraction>(?P<fd>[二三四五六七八九十]|\d{1,9})分之(?P<fn>[一二两三四五六七八九]|\d{1,9}))"
    r"|(?P<slash>(?<![\d./])(?P<sn>[1-9])/(?P<sd>[2-9]|1[02])(?![\d/年月]))"
    rf"|(?P<tenths>(?P<c1>[一二两三四五六七八九])(?P<half>成半|成)(?![{_WORDS.no_tenths}]))"
    r"|(?P<doubled>翻(?:了)?(?P<f1>[一两二三四])?番)"
    rf"|(?P<points>(?P<k1>{_NUMERAL})(?P<km>多)?个百分点)"
    r"|(?P<times>(?<![点百千])(?P<b1>[一二两三四五六七八九十][一二两三四五六七八九十百]{0,12}(?:点[零一二三四五六七八九]{1,12})?)(?P<bm>多)?倍)"
    rf"|(?P<large>(?<![{HAN}第万亿\d.])(?P<g1>[{HAN}]{{1,24}}[万亿]{{1,4}}[{HAN}万亿]{{0,24}}(?:点[{HAN}]{{1,12}}[万亿]{{0,4}})?"
    rf"|[一二两三四五六七八九][{HAN}]{{0,24}}[十百千][{HAN}]{{0,24}})(?P<gm>[多余]?)(?P<gs>万亿|万|亿)?(?P<gu>{_UNITS}))"
    rf"|(?P<small>(?<![{HAN}第万亿\d.])(?P<h1>{_NUMERAL})(?P<hm>[多余]?)(?P<hu>{_units({'money', 'size'}, _WORDS.not_behind_small_numerals)}))"
    rf"|(?P<scale>(?<![{HAN}\d.点第百千万亿多余数几上成])(?P<s1>[百千]亿|万亿|亿|[百千]万|万)"
    rf"(?P<su>{alternation(_WORDS.bare_scale_units)}|(?=级|以上|、[千万]亿元)))"
    rf"|(?P<reached>(?:{_REACHED})(?P<s2>[一二两三四五六七八九]?[百千万]亿|[十百千]?万|[百千])(?P<su2>{_UNITS})?)"
    r"|(?P<majority>半数|(?:(?<=超过)|(?<=达到)|(?<=[近占约])|(?<=覆盖))一半)"
    rf"|(?P<few>(?:{'|'.join(f'(?<={verb})' for verb in _WORDS.few_verbs)})(?P<w1>[两三四五六七八九十])(?P<wu>{alternation(_WORDS.few_units)})(?![大要]事))"
    rf"|(?P<least>至少(?:{alternation(_WORDS.at_least_verbs)})?(?P<l1>[一二两三四五六七八九])(?P<lu>{alternation(_WORDS.at_least_units)}))",
)
_VERBS = (*_WORDS.reaching, "覆盖")
#: where an amount can begin, told by its first characters; ``verb`` is a verb in front of a bare scale (突破|百亿)
_SIGN = re.compile(
    rf"[一二两三四五六七八九十百千万亿翻半至\d近占约{''.join(sorted({verb[0] for verb in _VERBS}))}]"
    r"(?:(?<=[一二两三四五六七八九])(?:[零〇一二两三四五六七八九十百千万亿点成倍]|个百|分之)"
    r"|(?<=[十百千万亿])(?:[零〇一二两三四五六七八九十百千万亿点倍元美斤吨家户辆亩级以多余公]|分之|个百)"
    rf"|(?<=[两三四五六七八九十])[{''.join(_WORDS.few_units)}]|(?<=翻)|(?<=半)数|(?<=至)少|(?<=\d)(?:分之|/\d)"
    rf"|(?P<verb>{'|'.join(f'(?<={verb[0]}){verb[1:]}' for verb in _VERBS)})(?=[一二三四五六七八九十百千万])|(?<=[近占约])一半)"
)
_BEHIND = re.compile(BEHIND_PATTERN)


def spoken_amounts(clean: str) -> list[Amount]:
    """The amounts in Chinese numerals, in order."""
    found: list[Amount] = []
    over = 0
    for sign in _SIGN.finditer(clean):
        at = sign.start()
        if at < over or clean[at - 1 : at].isdigit():
            continue
        match = _AMOUNT.match(clean, _begin(sign))
        amount = _READERS[match.lastgroup or ""](match) if match else None
        if match and amount:
            over = match.end()
            amount.in_words = True
            _read_behind(clean, amount)
            found.append(amount)
    return found


def _begin(sign: re.Match[str]) -> int:
    """Where the amount of the sign begins: behind a verb, at 一半 behind its adverb, else at the sign."""
    if sign["verb"]:
        return sign.end()
    return sign.start() + (sign.group()[1:] == "一半")


def _read_behind(clean: str, amount: Amount) -> None:
    follow = _BEHIND.match(clean, amount.end)
    if follow:
        amount.tail = follow.end()
        if follow.group() in ("多", "余"):
            amount.more, amount.end = True, follow.end()
        else:
            amount.behind = BEHIND[follow.group()]


def _value(numeral: str) -> float | None:
    """The value of a numeral in words or digits; ``None`` where it is none."""
    return float(numeral) if numeral[0].isascii() else spoken_number(numeral)


def _make(match: re.Match[str], value: float | None, unit: str, kind: str, *, written: str = "", more: str | None = "") -> Amount | None:
    """The amount of the whole match, none where it has no value."""
    if value is None:
        return None
    start, end = match.span()
    return Amount(start, end, end, plain(value), unit, kind, written or unit, more=bool(more))


def _percent(match: re.Match[str]) -> Amount | None:
    amount = _make(match, _value(match["p1"]), "%", "share", more=match["pm"])
    high = _value(match["p2"]) if match["p2"] else None
    if amount and high is not None and high > amount.value:
        amount.value_max = plain(high)
    return amount


def _permille(match: re.Match[str]) -> Amount | None:
    return _make(match, _value(match["q1"]), "‰", "share")


def _fraction(match: re.Match[str]) -> Amount | None:
    return _share_of(match, match["fn"], match["fd"])


def _slash(match: re.Match[str]) -> Amount | None:
    return _share_of(match, match["sn"], match["sd"])


def _share_of(match: re.Match[str], part: str, whole: str) -> Amount | None:
    """A proper fraction as a percentage of two decimals."""
    low, high = _value(part) or 0, _value(whole) or 0
    return _make(match, round(low / high * 100, 2), "%", "share") if low < high else None


def _tenths(match: re.Match[str]) -> Amount | None:
    return _make(match, (_value(match["c1"]) or 0) * 10 + (5 if match["half"] == "成半" else 0), "%", "share")


def _doubled(match: re.Match[str]) -> Amount | None:
    """翻一番 grows by 100 %, 翻两番 by 300 %."""
    return _make(match, (2 ** int(spoken_number(match["f1"] or "一") or 1) - 1) * 100, "%", "times", written="番")


def _points(match: re.Match[str]) -> Amount | None:
    return _make(match, _value(match["k1"]) or None, "百分点", "share", written="个百分点", more=match["km"])


def _times(match: re.Match[str]) -> Amount | None:
    return _make(match, _value(match["b1"]) or None, "倍", "times")


def _large(match: re.Match[str]) -> Amount | None:
    value = _value(match["g1"])
    return _of_unit(match, value and value * scale_of(match["gs"] or ""), match["gu"], match["gm"])


def _small(match: re.Match[str]) -> Amount | None:
    return _of_unit(match, _value(match["h1"]), match["hu"], match["hm"])


def _of_unit(match: re.Match[str], value: float | None, unit: str, more: str) -> Amount | None:
    """一 is seldom an amount, and neither is a count up to ten (三项制度)."""
    kind, canonical = UNITS[unit]
    if value is None or value < 2 or (kind == "count" and value < 11):
        return None
    return _make(match, value, canonical, kind, written=unit, more=more)


def _bare_scale(match: re.Match[str]) -> Amount | None:
    """亿元以上, 百亿级: a scale stands for one of it, of money where no unit says else."""
    kind, canonical = UNITS.get(match["su"], ("money", "元"))
    return _make(match, scale_of(match["s1"]), canonical, kind, written="scale")


def _reached(match: re.Match[str]) -> Amount | None:
    """突破百亿: more than the scale, of money where no unit says else; 突破百万 alone counts people or the like."""
    unit, scale = match["su2"] or "", match["s2"]
    if unit or "亿" in scale:
        kind, canonical = UNITS.get(unit, ("money", "元"))
        return _make(match, _value(scale), canonical, kind, written=unit or "元", more="多")
    if len(scale) < 2 or match.string[match.end() : match.end() + 1] not in (",", ";", "。", "、"):
        return None
    amount = _make(match, scale_of(scale), "", "none", more="多")
    if amount:
        amount.scaled = True
    return amount


def _majority(match: re.Match[str]) -> Amount | None:
    return _make(match, 50, "%", "share")


def _least(match: re.Match[str]) -> Amount | None:
    amount = _make(match, _value(match["l1"]), match["lu"], "count")
    if amount:
        amount.start = match.start("l1")
    return amount


def _few(match: re.Match[str]) -> Amount | None:
    return _make(match, _value(match["w1"]), match["wu"], "count")


#: group of the pattern -> what reads it
_READERS: dict[str, Callable[[re.Match[str]], Amount | None]] = {
    "percent": _percent,
    "permille": _permille,
    "fraction": _fraction,
    "slash": _slash,
    "tenths": _tenths,
    "doubled": _doubled,
    "points": _points,
    "times": _times,
    "large": _large,
    "small": _small,
    "scale": _bare_scale,
    "reached": _reached,
    "majority": _majority,
    "few": _few,
    "least": _least,
}
