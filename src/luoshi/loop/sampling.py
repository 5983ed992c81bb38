"""Samples for a look back: drawn by a stated rule with a seed, so that anybody can draw them again and see that nobody chose."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from luoshi.errors import LuoshiError


class BadSample(LuoshiError):
    """A rule by which nothing can be drawn."""

    slug = "bad-sample"


def draw(candidates: Iterable[str], share: int, least: int, seed: str) -> list[str]:
    """The ids that are drawn: ``share`` per cent of the candidates, rounded up, ``least`` at least, all where there are no more.

    Each id is hashed (SHA-256) with the seed before it, and those with the smallest hashes are drawn, in that order. The order in which the
    candidates are given makes no difference, and whoever has the list, the rule and the seed draws the same.

    >>> draw(["i1", "i2", "i3", "i4"], 25, 2, "2026-03") == draw(["i4", "i3", "i2", "i1"], 50, 1, "2026-03")
    True
    """
    if not 1 <= share <= 100:
        raise BadSample(f"抽查比例是 {share}%", where="share", remedy="请填 1 到 100")
    if least < 1:
        raise BadSample(f"至少抽 {least} 件", where="least", remedy="请填 1 或更大的数")
    if not seed.strip():
        raise BadSample("没有随机种子", where="seed", remedy="请填一个事先说定的词，如抽查的日期")
    pool = set(candidates)
    wanted = min(len(pool), max(least, -(-len(pool) * share // 100)))
    return sorted(pool, key=lambda one: (digest(seed, one), one))[:wanted]


def digest(seed: str, candidate: str) -> str:
    """The hash by which a candidate is placed: SHA-256 of the seed, a line feed and the id, in hexadecimal.

    >>> digest("2026-03", "i1")[:12]
    '5914989b1147'
    """
    return hashlib.sha256(f"{seed}\n{candidate}".encode()).hexdigest()
