"""Tree: headings → sections with levels that nest, parents and ends."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from luoshi.outline.headings import Head


class Node(msgspec.Struct, frozen=True, gc=False):
    """A heading with its place in the tree: ``level`` as published, ``parent`` the index in the list (-1: none), ``until`` its end."""

    head: Head
    level: int
    parent: int
    until: int


def nest(heads: Sequence[Head], end: int, breaks: Sequence[tuple[int, int]] = ()) -> list[Node]:
    """The headings as a tree. ``breaks`` are (offset, rank): there every section deeper than the rank ends (closing paragraphs)."""
    ranks = _ranks(heads)
    shift = _shift(heads)
    parents: list[int] = []
    untils = [end] * len(heads)
    open_: list[int] = []
    cuts = list(breaks)
    at = 0
    for index, head in enumerate(heads):
        while at < len(cuts) and cuts[at][0] <= head.start:
            _close(open_, ranks, untils, cuts[at][1] + 1, cuts[at][0])
            at += 1
        _close(open_, ranks, untils, ranks[index], head.start)
        parents.append(open_[-1] if open_ else -1)
        open_.append(index)
    for offset, rank in cuts[at:]:
        _close(open_, ranks, untils, rank + 1, offset)
    return [Node(head, ranks[index] + shift, parents[index], untils[index]) for index, head in enumerate(heads)]


def _close(open_: list[int], ranks: Sequence[int], untils: list[int], rank: int, offset: int) -> None:
    while open_ and ranks[open_[-1]] >= rank:
        untils[open_.pop()] = offset


def _ranks(heads: Sequence[Head]) -> list[int]:
    """The level of each heading before 篇/章/节 shift the rest: a part heading without 一、 beneath it is itself of level 1,
    a lead line with 1. beneath it of level 2."""
    ranks = [head.level() for head in heads]
    for index, head in enumerate(heads):
        if head.style in ("part", "annex") and not _has_beneath(heads, index, "han", ("part", "annex", "volume", "chapter", "article")):
            ranks[index] = 1
        elif head.style == "lead" and _has_beneath(heads, index, "digit", ("lead", "part", "han", "han_round", "volume", "chapter", "article")):
            ranks[index] = 2
    if any(rank == 0 and head.style == "part" for rank, head in zip(ranks, heads, strict=True)):
        ranks = [0 if head.style in ("part", "annex") else rank for rank, head in zip(ranks, heads, strict=True)]
    return ranks


def _has_beneath(heads: Sequence[Head], index: int, style: str, stops: tuple[str, ...]) -> bool:
    for head in heads[index + 1:]:
        if head.style == style:
            return True
        if head.style in stops:
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
