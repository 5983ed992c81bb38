"""Gaps: the losses of a document that its own words prove."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.numeral import parse_numeral, to_chinese
from luoshi.outline.draft import Draft
from luoshi.outline.headings import BELOW, Head, Runs
from luoshi.outline.lines import Line, ends_sentence
from luoshi.outline.outline import Gap
from luoshi.outline.wording import wording


def cut_end(draft: Draft, after: Sequence[Line]) -> Gap | None:
    """The gap at the end of a document that stops before its end; ``after`` are the lines that follow it."""
    end = draft.lines[draft.last - 1]
    if abs(len(draft.text.source) - _CELL) <= 2:
        return Gap(end.end, "cut_end", f"全文恰为 {_CELL} 字，是表格单元格的上限，后文被截去", end.end)
    for line in after[:6]:
        found = wording().paywall.search(line.words[:80])
        if found is not None:
            return Gap(end.end, "cut_end", f"正文在“{found[0]}”处中断", end.end)
    if _closes(draft.lines, draft.body, draft.main_last()):
        return None
    listed = len(end.words) < 24 or "\t" in end.words or _LISTED.search(end.words)
    if not ends_sentence(end.words) and end.words[-1] not in ")》" and not listed:
        return Gap(end.end, "cut_end", "结尾停在半句", end.end)
    return Gap(end.end, "cut_end", "没有结束语，可能不全", end.end) if draft.kind == "report" else None


#: the most characters that a cell of a spreadsheet holds
_CELL = 32767
_OLD_CLOSING = re.compile("(?:奋斗|胜利|前进|贡献|信心|起来|大道|计划|推向前进|的召开)[”。]{1,2}$")
_LISTED = re.compile(r"[.](?:docx?|pdf|xlsx?|jpg|png|wps)$|名词解释|一览表|完成情况.{0,8}$|^附件|^图解|\d{4}-\d\d-\d\d$")


def _closes(lines: Sequence[Line], first: int, last: int) -> bool:
    """True where one of the last paragraphs of the report, or one before its annexes, closes it."""
    told = wording()
    while last > first + 1 and (_LISTED.search(lines[last - 1].words) or len(lines[last - 1].words) < 6):
        last -= 1
    tail = [line.words for line in lines[max(first, last - 4) : last]]
    if tail and (told.closing.search(tail[-1][-200:]) or _OLD_CLOSING.search(tail[-1])):
        return True
    late = [line for line in lines[(first + last) // 2 : last] if len(line.words) > 30 and line.words[-1] in "!!"]
    nearly = lines[first].start + 0.9 * (lines[last - 1].end - lines[first].start)
    return any(
        told.closing.search(line.words[-200:])
        and ("让我们" in line.words or line.start > nearly)
        or line.start > nearly
        and line.words.startswith("各位代表")
        for line in late
    )


#: styles whose numbers run (arabic numbers may run on through sections)
_RUNS = ("volume", "chapter", "article", "han", "han_round", "digit", "digit_round")


def missing_numbers(clean: str, heads: Sequence[Head]) -> list[Gap]:
    """The numbers that a run of numbered headings jumps over and that stand nowhere in the text between."""
    gaps: list[Gap] = []
    runs = Runs()
    starts: dict[tuple[str, int], int] = {}
    for head in heads:
        if head.style in _RUNS and head.ordinal:
            before = runs.add(head.style, head.ordinal)
            since = starts.get((head.style, before), head.start)
            lost = [number for number in range(before + 1, head.ordinal) if before and not _written(clean, since, head, number)]
            if lost:
                gaps.append(Gap(head.start, "missing_number", f"编号缺 {'、'.join(map(str, lost))}", head.start))
            starts[head.style, head.ordinal] = head.start
        runs.end(*BELOW.get(head.style, ()))
    return gaps


def _written(clean: str, since: int, head: Head, number: int) -> bool:
    """True where the number stands in the text between, though not as a heading."""
    between = clean[since : head.start]
    shown = to_chinese(number) if head.style not in ("digit", "digit_round") else str(number)
    return any(f"{before}{shown}{after}" in between for before, after in (("", "、"), ("(", ")"), ("", "."), ("第", "")))


_PROMISE = re.compile(r"[(（]?(?:共|精选|合集|汇编)?\D{0,4}?(\d{1,3}|[一二三四五六七八九十]{1,3}) ?(?:篇|份)[)）]")


def missing_documents(lines: Sequence[Line], found: int) -> Gap | None:
    """The gap of a compilation whose title promises more documents than there are."""
    for line in lines[:12]:
        match = _PROMISE.search(line.words)
        number = parse_numeral(match[1]) if match else None
        if isinstance(number, int) and number > max(found, 1):
            return Gap(line.start, "missing_documents", f"标题称有 {number} 篇，文中只有 {found} 篇，缺 {number - found} 篇", line.end)
    return None
