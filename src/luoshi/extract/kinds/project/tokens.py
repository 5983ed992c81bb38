"""Cuts a clause into the words of the lexicon and the stretches between them."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.project.lexis import Lexis


class Token(msgspec.Struct, gc=False):
    """A word with the code of its class (see ``Lexis``), or ``q`` a count, ``m`` a size, ``t`` a time, ``x`` what lies between."""

    kind: str
    start: int
    end: int
    word: str


_DIGITS = r"(?:\d[\d.,]*[十百千万亿]*|[一二两三四五六七八九十百千]+|数[十百千])"
_NUMBER = rf"(?<!第){_DIGITS}(?:(?:至|到|-|—|~|～){_DIGITS})?(?:余|多|几)?"
_COUNTER = (
    r"(?:个|条|座|处|所|家|宗|块|栋|幢|批|项|支|片|对|台|艘|口|户|套|名|位|间|类|种|届|次|场|件|辆|班|张|棵|盏|根|段|人|周?年|天|月|级|大类|"
    r"大(?=片区|组团|项目|工程|园|平台|中心|基地|产业|板块|区域))"
)
_SIZE = r"(?:平方公里|平方米|公里|千米|米|亩|公顷|亿元|万元|元|%)"
_TIME = r"(?:\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|[一二三四]季度|(?<![\d年])\d{1,2}月份?(?:\d{1,2}日)?)(?:\d{1,2}月)?(?:上旬|中旬|下旬|底|末|初|内|份)?(?:之?前|以前)?"
_OPAQUE = r"\([^()\n]{0,40}\)|“[^“”\n]{0,40}”|\"[^\"\n]{0,40}\"|《[^《》\n]{0,80}》"
_SPECIAL = re.compile(
    f"(?P<o>{_OPAQUE})|(?P<t>{_TIME})|(?P<q>{_NUMBER}{_COUNTER}(?:以上|左右|多)?)|(?P<m>{_NUMBER}{_SIZE}(?:以上|左右|多)?)"
)
_HINT = re.compile(r"[(“\"《0-9一二两三四五六七八九十百千数]")

_WORKS = frozenset(["项目", "工程", "企业", "公司"])
#: adverbs of one character that stand only at the start of a verb phrase
_SHORT = frozenset("可正也还都又再便就要会能应须快")
_VERBAL = frozenset("SWNPABtG")
_OPENS = frozenset("SWNA,tBGIPqm")


#: words by which a clause without a verb goes on with the list of the one before
_CARRY_ON = frozenset(["以及", "等"])


def tokens(lex: Lexis, s: str, start: int, end: int) -> list[Token]:
    """The tokens of ``s[start:end]`` in order, without gap or overlap; none where no word tells a step or carries a list on."""
    out: list[Token] = []
    at = start
    raw = _raw(lex, s, start, end)
    if not any(t.kind in "SWP" for t in raw) and not any(t.kind in "CD" and t.word in _CARRY_ON for t in raw):
        return out
    for token in _resolve(lex, s, raw, start, end):
        if token.start > at:
            out.append(Token("x", at, token.start, ""))
        out.append(token)
        at = token.end
    if at < end:
        out.append(Token("x", at, end, ""))
    return out


def _specials(s: str, start: int, end: int) -> list[Token]:
    found: list[Token] = []
    at = start
    for hint in _HINT.finditer(s, start, end):
        if hint.start() < at:
            continue
        m = _SPECIAL.match(s, hint.start(), end)
        if m is not None and m.lastgroup is not None:
            found.append(Token(m.lastgroup, m.start(), m.end(), m.group()))
            at = m.end()
    return found


def _raw(lex: Lexis, s: str, start: int, end: int) -> list[Token]:
    listed = lex.listed
    specials = _specials(s, start, end)
    words = lex.words.find_matches_as_indexes(s[start:end])
    if not specials:
        return [Token(listed[i][0], a + start, b + start, listed[i][1]) for i, a, b in words]
    out: list[Token] = []
    rest = iter(specials)
    special: Token | None = next(rest)
    at = start
    for i, a, b in words:
        low, high = a + start, b + start
        while special is not None and special.start <= low:
            out.append(special)
            at = special.end
            special = next(rest, None)
        if low >= at and (special is None or high <= special.start):
            out.append(Token(listed[i][0], low, high, listed[i][1]))
    while special is not None:
        out.append(special)
        special = next(rest, None)
    return out


#: verbs that 区 makes no noun of: 推进|区人民医院
#: 区 opens a name here: 建成|区级中心
_OF_DISTRICT = ("区级", "区第")
_APART = ("建设", "推进", "推动", "实施", "完成", "新建", "加快", "抓好", "打造")


def _heads(lex: Lexis, s: str, t: Token) -> bool:
    """True where the words behind a verb make it part of a noun."""
    at, heads = t.end, lex.heads
    if s[at : at + 2] in _OF_DISTRICT:
        return False
    if s[at] == "区" and t.word.endswith(_APART):
        return False
    return s[at] in heads or s[at : at + 2] in heads or s[at : at + 3] in heads


def _governs(lex: Lexis, s: str, t: Token) -> bool:
    """True where a verb with a noun behind it that it could belong to may govern that noun: 打造|产业城, not 改造项目."""
    if t.kind not in "SWN" or len(t.word) < 2 or t.word in lex.nounish:
        return False
    two = s[t.end : t.end + 2]
    if two[0] in "路街" and two[1:] in ("、", "和", "等", ","):
        return False  # 建设路, 解放街
    return (two in _WORKS and t.kind in "WN") or not (two[0] in lex.bound or two in lex.bound)


class _Cut(msgspec.Struct, gc=False):
    """A stretch on its way to tokens: which of the raw ones are kept, which are in doubt for a noun behind them, and those taken so far."""

    lex: Lexis
    s: str
    start: int
    end: int
    raw: list[Token]
    keep: list[bool]
    doubt: list[bool]
    out: list[Token]


def _resolve(lex: Lexis, s: str, raw: list[Token], start: int, end: int) -> list[Token]:
    """The tokens that are what they look like: a verb inside a noun, 和 in 和平, 重点 in 重点学校 are not."""
    n = len(raw)
    cut = _Cut(lex, s, start, end, raw, [True] * n, [False] * n, [])
    keep, doubt = cut.keep, cut.doubt
    for i in range(n - 1, -1, -1):
        t = raw[i]
        k = t.kind
        follows = i + 1 < n and keep[i + 1] and raw[i + 1].start == t.end
        if k == "o":
            keep[i] = False
        elif k == "A":
            keep[i] = (follows and raw[i + 1].kind in _VERBAL and (not doubt[i + 1] or _governs(lex, s, raw[i + 1]))) or t.end == end
        elif k in "SWNPB" and t.end < end and (not follows or doubt[i + 1]):
            doubt[i] = _heads(lex, s, t)
    for i in range(n):
        if keep[i] and _is_word(cut, i):
            cut.out.append(raw[i])
    return cut.out


def _is_word(cut: _Cut, i: int) -> bool:
    """True where the token at ``i`` is a word of its own, given those before it."""
    t = cut.raw[i]
    k = t.kind
    last = cut.out[-1] if cut.out else None
    beside = last.kind if last is not None and last.end == t.start else ""
    fresh = t.start == cut.start or (beside != "" and beside in _OPENS)
    if k in "SWNBP":
        return _is_verb(cut, i, beside, opens=fresh or beside in ("C", "E"))
    if k == "A":
        return fresh or t.word not in _SHORT
    if k == "G":
        return fresh
    if k == "I":
        return (beside != "" and beside in "SWNPIE") or t.word.startswith("主体") or (t.end == cut.end and not t.word.startswith("配"))
    if k == "C" and len(t.word) == 1 and t.word != "、":
        if beside:
            return beside not in "C,"
        before = last.end if last is not None else cut.start
        return t.start - before >= 2 and not (t.end < cut.end and cut.s[t.end] in "、,")
    return True


def _is_verb(cut: _Cut, i: int, beside: str, *, opens: bool) -> bool:
    """True where a verb is none of the nouns that it could be."""
    t = cut.raw[i]
    if cut.doubt[i] and not (opens and _governs(cut.lex, cut.s, t)):
        return False
    if t.word not in cut.lex.nounish:
        return True
    if beside == "D" and t.kind != "P":
        return False
    if opens or t.end == cut.end or cut.s[t.end] in ",、":
        return True
    follow = cut.raw[i + 1] if i + 1 < len(cut.raw) and cut.keep[i + 1] else None
    return follow is not None and follow.start == t.end and follow.kind in "SPIC,"
