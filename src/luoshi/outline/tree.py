"""Tree: headings → sections with levels that nest, parents and ends."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from luoshi.outline.headings import BELOW, Head, Runs


class Node(msgspec.Struct, frozen=True, gc=False):
    """A heading with its place in the tree: ``level`` as published, ``parent`` the index in the list (-1: none), ``until`` its end."""

    head: Head
    level: int
    parent: int
    until: int


def nest(heads: Sequence[Head], opens: Sequence[bool], end: int, breaks: Sequence[tuple[int, int]] = ()) -> list[Node]:
    """The headings as a tree. ``opens`` tells which titles open a part (回顾, 安排): only in such a section 一、 may begin anew.
    ``breaks`` are (offset, rank): there every section deeper than the rank ends (closing paragraphs)."""
    ranks = _ranks(heads, opens)
    shift = _shift(heads)
    parents: list[int] = []
    untils = [end] * len(heads)
    open_: list[int] = []
    at = 0
    for index, head in enumerate(heads):
        while at < len(breaks) and breaks[at][0] <= head.start:
            _close(open_, ranks, untils, breaks[at][1] + 1, breaks[at][0])
            at += 1
        _close(open_, ranks, untils, ranks[index], head.start)
        parents.append(open_[-1] if open_ else -1)
        open_.append(index)
    for offset, rank in breaks[at:]:
        _close(open_, ranks, untils, rank + 1, offset)
    return [Node(head, int(ranks[index]) + shift, parents[index], untils[index]) for index, head in enumerate(heads)]


def _close(open_: list[int], ranks: Sequence[float], untils: list[int], rank: float, offset: int) -> None:
    while open_ and ranks[open_[-1]] >= rank:
        untils[open_.pop()] = offset


def _ranks(heads: Sequence[Head], opens: Sequence[bool]) -> list[float]:
    """The level of each heading before 篇/章/节 shift the rest: a part heading without 一、 beneath it is itself of level 1,
    a lead line with 1. beneath it of level 2. A second run of 一、 inside a section has level 1 as well but lies inside it (rank 1.5)."""
    ranks: list[float] = [head.level() for head in heads]
    runs, last = Runs(), -1
    for index, head in enumerate(heads):
        if head.style == "han":
            if head.ordinal == 1 and last >= 0 and not opens[last]:
                runs.end("han")
            runs.add("han", head.ordinal)
            last = index
            ranks[index] = 1.5 if runs.depth("han") > 1 else 1
        elif "han" in BELOW.get(head.style, ()):
            runs.end("han")
            last = -1
    for index, head in enumerate(heads):
        if head.style in ("part", "annex") and not _has_beneath(heads, index, "han", ("part", "annex", "volume", "chapter", "article")):
            ranks[index] = 1
        elif head.style == "lead" and _has_beneath(
            heads, index, "digit", ("lead", "part", "han", "han_round", "volume", "chapter", "article")
        ):
            ranks[index] = 2
    if any(rank == 0 and head.style in ("part", "annex") for rank, head in zip(ranks, heads, strict=True)):
        ranks = [0 if head.style in ("part", "annex") else rank for rank, head in zip(ranks, heads, strict=True)]
    return ranks


def _has_beneath(heads: Sequence[Head], index: int, style: str, stops: tuple[str, ...]) -> bool:
    for at in range(index + 1, len(heads)):
        if heads[at].style == style:
            return True
        if heads[at].style in stops:
            return False
    return False


def _shift(heads: Sequence[Head]) -> int:
    """What to add so that 篇, 章 and 节 have levels from 1 on; 0 where there are none (a part heading above 一、 has level 0)."""
    styles = {head.style for head in heads}
    if "volume" in styles:
        return 3
    if "chapter" in styles:
        return 2
    return 1 if "article" in styles else 0
