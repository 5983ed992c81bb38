"""Gaps: the losses of a document that its own words prove."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.outline.headings import Head
from luoshi.outline.lines import CLOSERS, Line, ends_sentence
from luoshi.outline.outline import Gap, Kind
from luoshi.outline.wording import wording


def cut_end(lines: Sequence[Line], first: int, last: int, after: Sequence[Line], kind: Kind) -> Gap | None:
    """The gap at the end of a document that stops before its end."""
    end = lines[last - 1]
    for line in after[:6]:
        found = wording().paywall.search(line.words[:80])
        if found is not None:
            return Gap(end.end, "cut_end", f"正文在“{found[0]}”处中断", end.end)
    if not ends_sentence(end.words) and end.words.rstrip(CLOSERS)[-1:] not in ")》":
        return Gap(end.end, "cut_end", "结尾停在半句", end.end)
    if kind == "report" and not _closes(lines, first, last):
        return Gap(end.end, "cut_end", "没有结束语，可能不全", end.end)
    return None


def _closes(lines: Sequence[Line], first: int, last: int) -> bool:
    told = wording()
    long = [line for line in lines[first:last] if len(line.words) > 30]
    return any(told.closing.search(line.words[-300:]) for line in long if "让我们" in line.words or line is long[-1])


def missing_numbers(heads: Sequence[Head]) -> list[Gap]:
    """The numbers that a run of numbered headings jumps over."""
    gaps: list[Gap] = []
    latest: dict[str, int] = {}
    for head in heads:
        if not head.ordinal:
            continue
        before = latest.get(head.style)
        if before is not None and head.ordinal > before + 1:
            lost = "、".join(str(number) for number in range(before + 1, head.ordinal))
            gaps.append(Gap(head.start, "missing_number", f"编号缺 {lost}", head.start))
        latest[head.style] = head.ordinal
    return gaps


_PROMISE = re.compile(r"[(（]?(?:共|精选|合集|汇编)?\D{0,4}?(\d{1,3}|[一二三四五六七八九十]{1,3}) ?(?:篇|份)[)）]")


def missing_documents(lines: Sequence[Line], found: int) -> Gap | None:
    """The gap of a compilation whose title promises more documents than there are."""
    from luoshi.numeral import parse_numeral
    for line in lines[:12]:
        match = _PROMISE.search(line.words)
        number = parse_numeral(match[1]) if match else None
        if isinstance(number, int) and number > max(found, 1):
            return Gap(line.start, "missing_documents", f"标题称有 {number} 篇，文中只有 {found} 篇，缺 {number - found} 篇", line.end)
    return None
