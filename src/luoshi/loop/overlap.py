"""Inspections that get in each other's way: the same object, overlapping content and overlapping days; the same kind more than once a year.

《政府督查工作条例》（国务院令第733号）第十五条 forbids repeated inspection and inspection by several at once; 《整治形式主义为基层减负若干规定》
(2024) wants inspections of the same kind merged and in principle no more than one comprehensive one a year. What is found is told to whoever
plans, with the reason; whether to merge is theirs to decide.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import Final, Literal

import msgspec

#: what one object should see at most once a year
YEARLY: Final = frozenset({"comprehensive", "special"})
#: shared runs shorter than this say nothing (“安全” is in 食品安全 and in 安全生产), unless one of the words is no longer itself
_SHORTEST: Final = 3
_BETWEEN: Final = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]+")
#: what every plan says, whatever it is about
_HOLLOW: Final = re.compile(
    "督查|督办|检查|督导|核查|调研|评估|专项|综合|日常|开展|推进|推动|贯彻|落实|执行|完成|实施|工作|情况|任务|要求|有关|相关|重点|全区|全市|全县|进度|进展"
    "|以及|和|与|及|的|等"
)


class Inspection(msgspec.Struct, frozen=True):
    """A planned inspection as others see it. ``objects``: ids of organisations or of groups of them; both days count."""

    id: str
    initiator: str
    kind: str
    content: str
    objects: frozenset[str]
    start: date
    end: date
    #: parts of documents or plans that it names (第三部分、任务 12)
    sections: tuple[str, ...] = ()


class Overlap(msgspec.Struct, frozen=True):
    """Two inspections that overlap: on which objects, in which words or sections, from which day to which; ``reason`` says it in words."""

    one: str
    other: str
    #: by two initiators (多头督查) or twice by one (重复督查)
    kind: Literal["many-headed", "repeated"]
    objects: tuple[str, ...]
    shared: tuple[str, ...]
    start: date
    end: date
    reason: str


class TooOften(msgspec.Struct, frozen=True):
    """An object that sees inspections of one kind more than once in a calendar year: a warning, with all of them in order of their start."""

    object: str
    kind: str
    year: int
    plans: tuple[str, ...]
    reason: str


def overlaps(plans: Sequence[Inspection], groups: Mapping[str, Collection[str]] | None = None) -> list[Overlap]:
    """Every pair of plans with the same object, overlapping content and overlapping days, in the order of the plans.

    ``groups``: the organisations of a group by its id; a group may hold groups.

    >>> one = Inspection("d1", "府办", "special", "安全生产责任落实", frozenset({"o1"}), date(2026, 3, 1), date(2026, 3, 10))
    >>> other = Inspection("d2", "应急局", "special", "化工企业安全生产", frozenset({"o1"}), date(2026, 3, 10), date(2026, 3, 20))
    >>> [found.shared for found in overlaps([one, other])]
    [('安全生产',)]
    """
    members = {plan.id: _members(plan.objects, groups or {}) for plan in plans}
    return [found for one, other in combinations(plans, 2) if (found := _overlap(one, other, members[one.id] & members[other.id]))]


def too_often(
    plans: Sequence[Inspection], groups: Mapping[str, Collection[str]] | None = None, *, kinds: Collection[str] = YEARLY
) -> list[TooOften]:
    """Objects that see inspections of one of these kinds more than once in a year, by object, kind and year.

    Comprehensive ones always count as the same; others where their content overlaps.
    """
    seen: dict[tuple[str, str, int], list[Inspection]] = {}
    for plan in sorted(plans, key=lambda one: (one.start, one.id)):
        if plan.kind in kinds:
            for organisation in _members(plan.objects, groups or {}):
                seen.setdefault((organisation, plan.kind, plan.start.year), []).append(plan)
    found = []
    for (organisation, kind, year), those in sorted(seen.items()):
        same = those if kind == "comprehensive" else _alike(those)
        if len(same) > 1:
            reason = f"{year}年同类督查{len(same)}次：原则上每年不超过1次，同类事项应当合并"
            found.append(TooOften(organisation, kind, year, tuple(one.id for one in same), reason))
    return found


def shared_content(one: Inspection, other: Inspection) -> tuple[str, ...]:
    """The sections that both name and the words that both contents have, longest first; empty where they are about different things."""
    sections = [section for section in one.sections if section in other.sections]
    runs = {run for left in _words(one.content) for right in _words(other.content) if (run := _common(left, right))}
    whole = [run for run in runs if not any(run != longer and run in longer for longer in runs)]
    return (*dict.fromkeys(sections), *sorted(whole, key=lambda run: (-len(run), run)))


def _overlap(one: Inspection, other: Inspection, objects: frozenset[str]) -> Overlap | None:
    start, end = max(one.start, other.start), min(one.end, other.end)
    shared = shared_content(one, other) if objects and start <= end else ()
    if not shared:
        return None
    kind: Literal["many-headed", "repeated"] = "repeated" if one.initiator == other.initiator else "many-headed"
    days = _days(start, end)
    name = "重复督查" if kind == "repeated" else "多头督查"
    reason = f"{name}：对象相同（{len(objects)}个单位），内容都有“{'”“'.join(shared[:3])}”，时间都有{days}"
    return Overlap(one.id, other.id, kind, tuple(sorted(objects)), shared, start, end, reason)


def _days(start: date, end: date) -> str:
    first = f"{start.year}年{start.month}月{start.day}日"
    return first if start == end else f"{first}至{end.year}年{end.month}月{end.day}日"


def _members(objects: Iterable[str], groups: Mapping[str, Collection[str]]) -> frozenset[str]:
    """The organisations, groups resolved; a group that holds itself is looked into once."""
    found, waiting, opened = set[str](), list(objects), set[str]()
    while waiting:
        one = waiting.pop()
        if one not in groups:
            found.add(one)
        elif one not in opened:
            opened.add(one)
            waiting += groups[one]
    return frozenset(found)


def _alike(plans: Sequence[Inspection]) -> list[Inspection]:
    """Those of the plans that share content with another of them."""
    pairs = [{one.id, other.id} for one, other in combinations(plans, 2) if shared_content(one, other)]
    named = set[str]().union(*pairs)
    return [plan for plan in plans if plan.id in named]


def _words(content: str) -> Iterator[str]:
    """What the content is about: its runs of characters without the hollow words."""
    for run in _BETWEEN.split(content):
        yield from (word for word in _HOLLOW.split(run) if len(word) > 1)


def _common(left: str, right: str) -> str:
    """The longest run that both words have, the first of equals; empty where it is too short to say anything."""
    short, long = sorted((left, right), key=len)
    for length in range(len(short), 1, -1):
        for at in range(len(short) - length + 1):
            run = short[at : at + length]
            if run in long:
                return run if length >= _SHORTEST or left == right else ""
    return ""
