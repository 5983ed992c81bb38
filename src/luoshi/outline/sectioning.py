"""Sectioning: the headings of a document with their part and years, and the stretches of text beneath them."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from luoshi.outline.draft import Draft
from luoshi.outline.lines import Line
from luoshi.outline.outline import Kind, PartName, Section, Stretch
from luoshi.outline.parts import body_part, section_parts, title_part
from luoshi.outline.stretching import Cutter, Run, cut
from luoshi.outline.tree import Node, nest
from luoshi.outline.wording import wording
from luoshi.outline.years import Years, span_of

#: closing paragraphs of a part, which end its sub-sections
_CLOSES = re.compile(r"^(?:各位代表|同志们)[!:,]|^(?:回顾|回首|总结)(?:过去|[一五]年|这|20)|^成绩(?:来之不易|的取得)")
_PERIOD_FIRST = re.compile('[“"]?[一二三四五六七八九十]{1,2}五[”"]?|今后|未来|到20')
#: how much of a section's body tells its part
_SAMPLE = 3000
#: an unnumbered beginning that is longer is no mere opening
_LONG = 900


class Branch(msgspec.Struct):
    """A heading in the tree with its title, its part and, where it speaks of several years, those."""

    node: Node
    title: str
    part: PartName
    years: tuple[int, int] | None = None


def section_document(draft: Draft, base: int) -> tuple[list[Section], list[Stretch]]:
    """The sections (their indices begin with ``base``) and stretches of a document; the stretches tile it."""
    cutter = Cutter(draft.years, draft.kind)
    branches = _branches(draft, cutter)
    stretches = _tile(draft, branches, cutter, base)
    return [_section(draft, branches, at, base) for at in range(len(branches))], stretches


def _section(draft: Draft, branches: Sequence[Branch], at: int, base: int) -> Section:
    branch = branches[at]
    head, parent = branch.node.head, branch.node.parent
    number = draft.text.quote(head.start, head.start + len(head.number)).text if head.number else ""
    return Section(
        index=base + at, level=branch.node.level, number=number, part=branch.part, start=head.start, end=max(head.title_end, head.title_start),
        title_start=head.title_start, title_end=head.title_end, body_end=branch.node.until, parent=base + parent if parent >= 0 else -1,
        document=draft.index, span_years=branch.years)  # fmt: skip


def _branches(draft: Draft, cutter: Cutter) -> list[Branch]:
    """The headings as a tree with the parts that titles and bodies tell."""
    told, clean = wording(), draft.text.clean
    opens = [any(pattern.search(title) for pattern in (told.review, told.plan, told.outlook)) for title in draft.titles]
    nodes = nest(draft.heads, opens, draft.end, _breaks(draft, cutter))
    guess = [body_part(clean[node.head.body : min(node.until, node.head.body + _SAMPLE)]) if node.parent < 0 else None for node in nodes]
    parts = section_parts(nodes, draft.titles, draft.years, draft.kind, guess)
    branches: list[Branch] = []
    for node, title, part in zip(nodes, draft.titles, parts, strict=True):
        years = _years(title, part, draft.years)
        if years is None and node.parent >= 0 and branches[node.parent].part == part:
            years = branches[node.parent].years
        branches.append(Branch(node, title, part, years))
    return branches


def _years(title: str, part: PartName, years: Years) -> tuple[int, int] | None:
    """The years of a section that speaks of several; one of a plan that names the plan year too (十三五思路和2016年工作) has none."""
    if part == "plan":
        named = years.plan is not None and (str(years.plan) in title or "今年" in title)
        return None if named or not _PERIOD_FIRST.match(title) else span_of(title, years.review, years.plan)
    return span_of(title, years.review, years.plan) if part in ("review", "outlook") else None


def _breaks(draft: Draft, cutter: Cutter) -> list[tuple[int, int]]:
    """Where closing paragraphs of a part end its sub-sections: (offset, 1)."""
    headed = {head.line for head in draft.heads}
    lines = ((index, draft.lines[index]) for index in range(draft.body, draft.last))
    return [
        (line.start, 1)
        for index, line in lines
        if index not in headed and (_CLOSES.match(line.words) or cutter.problem_at(line.words[:160]) == 0)
    ]


def _tile(draft: Draft, branches: Sequence[Branch], cutter: Cutter, base: int) -> list[Stretch]:
    """The stretches: the document's range cut at every heading and at every end of a section.

    Where the own text of a top section turns from review to plan or outlook (no heading says so), the sections beneath it that follow
    do too: their branches are changed.
    """
    cuts = sorted(
        {
            draft.start,
            *(branch.node.head.start for branch in branches),
            *(branch.node.until for branch in branches if branch.node.until < draft.end),
        }
    )
    plan_ahead = max((branch.node.head.start for branch in branches if branch.part == "plan"), default=-1)
    tiles: list[Stretch] = []
    turned: dict[int, Stretch] = {}
    line = draft.first
    for since, until, at in zip(cuts, [*cuts[1:], draft.end], _innermost(branches, cuts), strict=True):
        while line < draft.last and draft.lines[line].end <= since:
            line += 1
        own = _lines_until(draft, line, until)
        if at < 0:
            tiles += cut(own, _unheaded(draft, own, since, until, bare=not branches), cutter, free=since > plan_ahead)
            continue
        branch, root = branches[at], _root(branches, at)
        if root in turned and branch.part == "review":
            branch.part = "self" if title_part(branch.title, Years(), draft.kind) == "self" else turned[root].part
            branch.years = turned[root].years
        body = branch.node.head.body if branch.node.head.start == since else since
        run = Run(since, min(body, until), until, base + at, branch.part, draft.index, branch.years)
        found = cut(own, run, cutter, free=since > plan_ahead or cutter.names_plan(branch.title))
        if branch.part == "review" and branch.node.parent < 0 and found[-1].part in ("plan", "outlook"):
            turned[root] = found[-1]
        tiles += found
    return tiles


def _unheaded(draft: Draft, own: Sequence[Line], since: int, until: int, *, bare: bool) -> Run:
    """The run before the first heading: an opening, or where it is long (or there is no heading: ``bare``) a part by its words."""
    body = draft.lines[draft.body].start
    if not (bare or until - body > _LONG or draft.kind in ("plan", "breakdown")):
        return Run(since, since, until, -1, "other", draft.index)
    return Run(since, min(max(since, body), until), until, -1, _unheaded_part(draft.kind, own), draft.index)


def _unheaded_part(kind: Kind, lines: Sequence[Line]) -> PartName:
    if kind in ("plan", "breakdown"):
        return "plan"
    if kind == "report":
        return "review"
    return body_part("\n".join(line.words for line in lines)[:_SAMPLE]) or "other"


def _root(branches: Sequence[Branch], at: int) -> int:
    while branches[at].node.parent >= 0:
        at = branches[at].node.parent
    return at


def _lines_until(draft: Draft, first: int, until: int) -> list[Line]:
    found = []
    while first < draft.last and draft.lines[first].start < until:
        found.append(draft.lines[first])
        first += 1
    return found


def _innermost(branches: Sequence[Branch], cuts: Sequence[int]) -> list[int]:
    """For each cut the innermost section that holds what follows, -1 before the first."""
    found: list[int] = []
    open_: list[int] = []
    at = 0
    for offset in cuts:
        while at < len(branches) and branches[at].node.head.start <= offset:
            open_.append(at)
            at += 1
        while open_ and branches[open_[-1]].node.until <= offset:
            open_.pop()
        found.append(open_[-1] if open_ else -1)
    return found
