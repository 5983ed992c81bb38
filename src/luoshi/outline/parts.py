"""Parts: which part of a document each section and each paragraph is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from luoshi.outline.outline import PartName
from luoshi.outline.tree import Node
from luoshi.outline.wording import wording
from luoshi.outline.years import YEAR, Years, five_years, year_of, year_range

_SOLVES = re.compile("解决|破解|应对|补齐|攻克|化解|聚焦|整治|防范|战胜|克服")
_BEYOND = re.compile(r"^到(?:20\d\d)年")


def title_part(title: str, years: Years, kind: str) -> PartName | None:
    """The part that a heading's own words tell, or ``None`` where they do not."""
    told = wording()
    if told.glossary.search(title.replace(" ", "")):
        return "glossary"
    if told.problems.search(title) and not _SOLVES.search(title):
        return "problems"
    named = [year for match in YEAR.finditer(title) if (year := year_of(match[1]))]
    span = year_range(title) or five_years(title)
    review, plan, outlook = (bool(pattern.search(title)) for pattern in (told.review, told.plan, told.outlook))
    if span is not None and not named and years.plan is not None and span[0] >= years.plan - 1 and not review:
        outlook = True
    if kind in ("plan", "breakdown"):
        review = bool(told.look_back.search(title)) and (span is None or years.plans is None or span[1] < years.plans[0] or "回顾" in title)
    if review and not (plan and _is_later(named, years)):
        return "review"
    if named and not plan and not outlook:
        if years.review is not None and max(named) <= years.review:
            return "review"
        if years.plan is not None and max(named) >= years.plan:
            return "plan"
    if outlook and not (plan and years.plan in named) and "今年" not in title:
        return "outlook" if kind != "plan" else "plan"
    if plan:
        return "plan"
    if told.own.search(title) and "数字政府" not in title:
        return "self"
    return None


def _is_later(named: Sequence[int], years: Years) -> bool:
    return bool(named) and years.plan is not None and max(named) >= years.plan and not any(year <= (years.review or 0) for year in named)


def section_parts(
    nodes: Sequence[Node], titles: Sequence[str], years: Years, kind: str, guess: Sequence[PartName | None]
) -> list[PartName]:
    """The part of each section: its own words, else its parent's, else that of the section before it on its level.

    Inside a review, self-government stays ``review`` (its amounts are results) and inside a plan only ``self``, ``problems`` and
    ``outlook`` are told apart. ``guess`` is what the body of a section tells where nothing else does.
    """
    parts: list[PartName] = []
    told: set[int] = set()
    start: PartName = "plan" if kind in ("plan", "breakdown") else "other"
    latest: dict[int, PartName] = {}
    for index, node in enumerate(nodes):
        own = title_part(titles[index], years, kind)
        above = parts[node.parent] if node.parent >= 0 else None
        if above is not None:
            part = "review" if own == "review" and kind in ("plan", "breakdown") and above == "plan" else _within(own, above)
        else:
            part = _beside(own, latest.get(node.parent, start), guess[index], told=node.parent in told, standing="形势" in titles[index])
            if own is None and not parts and part == "plan" and kind == "report" and _begins_late(nodes, titles, index, years):
                part = "outlook"
        if own in ("review", "plan", "outlook"):
            told.add(node.parent)
        parts.append(part)
        latest[node.parent] = part
    return parts


def _within(own: PartName | None, above: PartName) -> PartName:
    if own is None or above in ("glossary", "problems"):
        return above
    if above == "review":
        return own if own in ("problems", "glossary") else "review"
    if above == "plan":
        return own if own in ("self", "problems", "glossary") else "plan"
    if above in ("self", "outlook"):
        return own if own in ("problems", "glossary") else above
    return own


def _begins_late(nodes: Sequence[Node], titles: Sequence[str], index: int, years: Years) -> bool:
    """True where the first numbered heading behind ``index`` is the third or later and opens the plan: what stands before looks further ahead."""
    after = next((at for at in range(index, len(nodes)) if nodes[at].head.style == "han"), None)
    return after is not None and nodes[after].head.ordinal >= 3 and title_part(titles[after], years, "report") == "plan"


def _beside(own: PartName | None, before: PartName, guess: PartName | None, *, told: bool, standing: bool) -> PartName:
    """The part of a section without a parent; ``told`` says that a heading before it named its part, ``standing`` that its title speaks
    of the state of things."""
    if own == "plan" and before == "other" and guess == "review" and standing:
        return "review"  # 当前形势和基本任务: the state of things comes first
    if own == "self" and before in ("review", "other"):
        return guess or "review"
    if own is not None:
        return own
    if before == "other":
        return guess or "review"
    if before in ("review", "problems"):
        return guess or ("plan" if told else before)
    return "plan" if before in ("self", "outlook") and guess == "plan" else before


_DONE = re.compile("了|比上年|较上年|同比|去年|取得|完成|达到|实现|建成|荣获|入选|成效|居全|位居|新增|累计")
_TO_DO = re.compile(
    "(?:^|[。;,])(?:要|将|力争|确保|争取|努力|必须|进一步|加快|加强|推进|坚持|推动|深化|完善|健全|积极|大力|继续|强化|支持|做好|抓好|"
    "实施|提升|优化|增强|构建|打造|促进|提高|建设|培育|发展|落实|统筹|开展|引导|鼓励|探索)"
)


def body_part(words: str) -> PartName | None:
    """Review or plan by what the sentences of a body look like; ``None`` where that is not clear."""
    done, to_do = len(_DONE.findall(words)), len(_TO_DO.findall(words))
    if done + to_do < 4:
        return None
    if done > 1.6 * to_do:
        return "review"
    return "plan" if to_do > 1.6 * done else None
