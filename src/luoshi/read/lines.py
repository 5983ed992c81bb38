"""Lines of a text, and which of them were broken in mid-sentence and belong together."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

import msgspec

#: stands for a dropped character in the working copy of cleaning; a noncharacter (where a text holds one, it is dropped)
GONE = "\uffff"
_BLANK = " \t" + GONE
_CLOSERS = "\"'”’)》】〕〉」』"
_ENDS = "。;!?:…"
_OPEN = "《“(〔【‘〈「、,—"
_CONTINUES = ",。、;:!?)》”’%〉】〕」』"
#: a line that begins a heading, an item or a part for sure
_HEADING = re.compile(
    r"[一二三四五六七八九十百]{1,4}、|\([一二三四五六七八九十\d]{1,4}\)|第[一二三四五六七八九十百\d]{1,4}[章节篇编条部卷]"
    r"|——|―|--|附[件录表]|专栏|各位代表|同志们|[\d ]{1,4}$"
)
#: a line that begins an item, but may also stand within a sentence
_ITEM = re.compile(
    r"[一二三四五六七八九十]{1,3}[是要]|\d{1,4}[.、](?!\d)|第[一二三四五六七八九十]{1,3}[,、。 ]|[①-⑳❶-❿㈠-㈩•●■◆★※▲・*◎○□►]"
    r"|\[\d{1,4}\]|(?:注|表|图|备注)[:\d一二三四五六七八九十 ]"
)
#: an item's number that stands alone: what it numbers follows on the next line
_NUMBER = re.compile(r"第?[一二三四五六七八九十]{1,3}[是要]|(?:19|20)\d\d")
_TITLE = re.compile(
    r"(?:19|20)\d\d年|回顾|主要工作|目标任务|总体要求|重点工作|工作(?:安排|任务|报告|要求)|名词解释|注释|印发$|抄送"
    r"|人民政府$|办公[厅室]$"
)
#: words that no line ends with unless it was broken there, and those that none begins with
_LOOSE_END = re.compile(
    r"(?:(?<!好)的|和|是|或|并|而|由|从|把|被|关于|(?<![参给])与|(?<![普涉波])及"
    r"|(?<![存所内外现潜])在|(?<![作行有无认成敢人大])为)$"
)
_LOOSE_START = re.compile(r"的(?![确士])|等(?![待级])|以及|及其|之间")
_CLAUSE = re.compile(r"单位|负责|牵头|分工|配合|详见|参见|注:")
_UNIT = re.compile(r"[年月日万亿千百个家户元%‰公平余多以左至套条所座张吨斤亩人次项件名位倍点级米处批只台辆对岁天期层栋片间部艘架]")
_LONG = 20
#: a text with as many lines broken off for sure is broken in other places too
_BROKEN = 6


class Line(msgspec.Struct, gc=False):
    """A line with content: ``text`` is ``work[start:end]``, its blanks at the edges left out.

    ``indent`` tells that blanks stand before it, ``blank`` that empty lines do. ``kind`` is the mark it gets
    (``""``: part of the document), ``fixed`` that it must stay a line (a row of a table), ``joint`` that it goes on with
    the line before.
    """

    start: int
    end: int
    text: str
    indent: bool
    blank: bool
    kind: str = ""
    fixed: bool = False
    joint: bool = False


def split_lines(work: str) -> list[Line]:
    """The lines with content, in order."""
    lines, at, last = [], 0, 0
    for raw in work.split("\n"):
        text = raw.strip(_BLANK)
        if text:
            left = len(raw) - len(raw.lstrip(_BLANK)) if raw[0] in _BLANK else 0
            lines.append(Line(at + left, at + left + len(text), text, left > 1 and bool(raw[:left].strip(GONE)), at - last > 1))
            last = at + len(raw)
        at += len(raw) + 1
    return lines


def find_joins(lines: Sequence[Line]) -> list[bool]:
    """For each line whether the line before it runs on in it; marked lines between the two do not count."""
    kept = [(index, line) for index, line in enumerate(lines) if not line.kind]
    page = _LayOut(_wrap_width(lines), _uses_indents(lines))
    joins = _pass(lines, kept, page)
    found = sum(joins)
    if found >= _BROKEN:
        page.broken = not page.width
        page.fragments = _fragments(kept, joins)
        joins = _pass(lines, kept, page)
    return joins


class _LayOut:
    """What is known of how a text was broken into lines."""

    def __init__(self, width: float, indents: bool) -> None:
        self.width = width  # where lines were broken, 0 where they were not
        self.indents = indents  # paragraphs begin with blanks
        self.broken = False  # pieces of sentences stand on lines of their own
        self.fragments: frozenset[str] = frozenset()  # such pieces: the words of links


def _pass(lines: Sequence[Line], kept: Sequence[tuple[int, Line]], page: _LayOut) -> list[bool]:
    joins = [False] * len(lines)
    inner = False  # the paragraph so far holds a whole sentence
    for (at, a), (index, b), (_, c) in zip(kept, kept[1:], [*kept[2:], (0, _NOTHING)], strict=False):
        inner = (inner and joins[at]) or bool(_INNER_END.search(a.text))
        if a.fixed or b.fixed:
            continue
        if b.joint:
            joins[index] = True
        elif b.text[0] in _CONTINUES:
            joins[index] = ("\t" not in a.text and index - at == 1) or a.text[-1] not in _ENDS
        elif a.text[-1] in _ENDS or (a.text[-1] in _CLOSERS and _is_closed(a.text)):
            joins[index] = bool(page.width) and _wraps_on(a, b, page)
        elif "\t" not in a.text and "\t" not in b.text:
            joins[index] = _runs_on(a, b, c, page, inner=inner, over=_between(lines, at, index), piece=joins[at])
    return joins


_NOTHING = Line(0, 0, "无", indent=False, blank=False)
_INNER_END = re.compile("[。;!?]")


def _between(lines: Sequence[Line], start: int, end: int) -> str:
    """What lies between two lines: ``""`` nothing, ``page`` a page's end, ``site`` something of the site."""
    kinds = {line.kind for line in lines[start + 1 : end]}
    if kinds <= {"page_number", "header", "footer"}:
        return "page" if kinds else ""
    return "site"


def _fragments(kept: Sequence[tuple[int, Line]], joins: Sequence[bool]) -> frozenset[str]:
    """The short lines that run on at both ends."""
    return frozenset(
        line.text
        for (index, line), (after, _) in pairwise(kept)
        if joins[index] and joins[after] and 1 < len(line.text) <= 12 and not any(char.isdigit() for char in line.text)
    )


def _wraps_on(a: Line, b: Line, page: _LayOut) -> bool:
    """True where a full line ends with a sentence, but not with its paragraph."""
    new = b.indent or not page.indents
    return not new and not b.blank and len(a.text) > 8 and _is_full(a, page.width) and not _is_start(b.text)


def _runs_on(a: Line, b: Line, c: Line, page: _LayOut, *, inner: bool, over: str, piece: bool) -> bool:
    """True where ``b`` goes on with the open sentence of ``a``.

    ``over`` is what lies between, ``inner`` tells that the paragraph so far holds a sentence, ``piece`` that ``a`` goes on with one.
    """
    new = b.indent and page.indents
    if _HEADING.match(b.text):
        return b.text.isdigit() and ((a.text[-1].isalpha() and a.text[-1].isascii()) or a.text.rfind("(") > a.text.rfind(")"))
    if _NUMBER.fullmatch(a.text):
        return not a.text.isdigit() or b.text[0] == "年"
    if a.text[-1] in _OPEN:
        return not (new and a.text[-1] in "、,") or not inner
    if _LOOSE_END.search(a.text) or _LOOSE_START.match(b.text):
        return True
    if new or over == "site" or _ITEM.match(b.text) or (len(b.text) < 30 and b.text[-1] not in _ENDS and _TITLE.search(b.text)):
        return False
    full = bool(page.width) and _is_full(a, page.width)
    return inner or full or (over == "page" and len(a.text) > 10) or _is_piece(a, b, c, page, piece=piece) or _is_cut_amount(a, b)


def _is_piece(a: Line, b: Line, c: Line, page: _LayOut, *, piece: bool) -> bool:
    """True where one of the two is a piece of a sentence that stands on a line of its own (the words of a link)."""
    if len(b.text) == 1 and b.text > "\u3400" and b.text not in "一二三四五六七八九十百":
        return True
    if b.text in page.fragments or a.text in page.fragments:
        return True
    if _is_start(a.text):
        return False
    if len(b.text) < 25 and c.text[0] in ",。、;)》”%" and (b.text[-1] not in _CLOSERS or b.text[0] in "《“"):
        return True
    if not page.broken or (len(a.text) < 30 and _TITLE.search(a.text)):
        return False
    return (piece and len(a.text) <= 14) or (len(b.text) <= 16 and b.text[-1] not in _ENDS and ("," in a.text or "、" in a.text))


def _is_cut_amount(a: Line, b: Line) -> bool:
    """True where a long line ends with a number and the next begins with its unit or bound."""
    return len(a.text) >= _LONG and (a.text[-1].isdigit() or a.text[-1] in "%‰") and "," in a.text and bool(_UNIT.match(b.text))


def _is_start(text: str) -> bool:
    return bool(_HEADING.match(text) or _ITEM.match(text))


def _is_closed(text: str) -> bool:
    """True where the closing marks at the end close a sentence, or a bracket that stands behind one or names who is responsible."""
    bare = text.rstrip(_CLOSERS)
    if not bare or bare[-1] in _ENDS:
        return True
    if text[-1] != ")":
        return False
    open_ = text.rfind("(", max(0, len(text) - 400))
    return open_ > 0 and (text[open_ - 1] in "。;!?”" or bool(_CLAUSE.search(text, open_)))


def _width(text: str) -> float:
    """Width in ems: a Latin letter, digit or half-width mark is half of one."""
    narrow = len(text.encode("ascii", "ignore"))
    return len(text) - narrow / 2


def _is_full(line: Line, width: float) -> bool:
    return _width(line.text) + (2 if line.indent else 0) >= width - 3


def _uses_indents(lines: Sequence[Line]) -> bool:
    """True where paragraphs of this text begin with blanks."""
    long = [line for line in lines if not line.kind and len(line.text) >= _LONG]
    return sum(line.indent for line in long) * 4 > len(long)


def _wrap_width(lines: Sequence[Line]) -> float:
    """The width at which the lines of this text were broken, 0 where they were not."""
    body = [line for line in lines if not line.kind and not line.fixed and len(line.text) >= 12]
    loose = [line for line in body if line.text[-1] not in _ENDS]
    if len(loose) < 8 or len(loose) * 2 < len(body):
        return 0.0
    counts = Counter(round(_width(line.text) + (2 if line.indent else 0)) for line in loose)
    mode = max(counts, key=lambda width: sum(counts[width + near] for near in (-1, 0, 1)))
    near = sum(counts[mode + step] for step in range(-2, 3))
    longest = max(counts)
    return float(mode) if near * 2 >= len(loose) and longest <= mode * 1.35 + 3 else 0.0
