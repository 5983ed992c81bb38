"""Gives the verbs of a clause to its lists and reads from them the stage."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.project.lexis import RANK, STRONG, Lexis
from luoshi.extract.kinds.project.lists import Listing, acts
from luoshi.extract.kinds.project.name import trim, worth
from luoshi.extract.kinds.project.tokens import Token

#: verbs that say no more than that the act behind them is begun or done
_LIGHT = frozenset(["启动", "新启动", "完成", "完成了", "建立"])
#: verbs whose object is an act of the subject's own
_HOLDING = frozenset(["开展", "进行"])
#: standing that is given: what it governs is a title
_GRANTED = frozenset(["获批", "获批筹建", "立项", "获批设立", "获批建设", "获批创建"])
_NEW = frozenset(["新建", "新建改造", "新建扩建", "新改建", "新改扩建", "新扩建"])
#: a part that is finished while the whole is being built
_MILESTONE = re.compile(r"封顶|主体|形象进度|合龙|落架")


def is_strong(stage: str, own: bool, listing: Listing) -> bool:
    """True where a verb of its own tells a definite step of the list."""
    return own and (stage in STRONG or any(_MILESTONE.search(t.word) for t in listing.after))


def named(s: str, listing: Listing) -> bool:
    """True where a member's words alone speak for a name."""
    return any(worth(s, *trim(s, a, b)).value > 0 for a, b in listing.members)


def assign(lex: Lexis, s: str, lists: list[Listing], runs: list[list[Token]]) -> None:
    """Gives each run of verbs to the list before it, the one behind it, or part to each."""
    if not lists:
        return
    lists[0].before = runs[0]
    for i in range(1, len(lists)):
        run, left, right = runs[i], lists[i - 1], lists[i]
        if right.linked:
            left.after = run
            right.before = left.before
            continue
        parting = next((j for j, t in enumerate(run) if t.kind == "C"), -1)
        if parting >= 0 and parting + 1 < len(run):
            # 建成甲、开工乙
            left.after = left.after + run[:parting]
            right.before = run[parting + 1 :]
            continue
        if s[left.members[0][0] - 1 : left.members[0][0]] == "将" or s.startswith("把", left.members[0][0]):
            continue  # 把甲建成乙: 乙 is a hope
        cut = next((j for j, t in enumerate(run) if t.kind in "WNGB"), len(run))
        if cut == len(run) and run:
            verb = next((t.word for t in run if t.kind in "SP"), "")
            if verb in lex.intransitive:
                cut = len(run) if named(s, left) and not right.etc else 0
            elif (acts(lex, runs[i + 1]) or verb in lex.actions or run[0].kind == "P") and not named(s, right) and named(s, left):
                # A启动市政化改造: the object of the verb is an act
                left.after = run + runs[i + 1]
                right.before = []
                continue
            else:
                cut = 0
        # 推动甲申报乙: no step of building is told of 甲
        refers = (
            cut < len(run) and (run[cut].kind == "B" or run[cut].word in _HOLDING) and bool(left.before) and left.before[-1].kind == "W"
        )
        left.after = left.after + run[: cut + refers]
        right.before = run[cut:]
    lists[-1].after = lists[-1].after + runs[-1]
    _share(lex, lists)


def _share(lex: Lexis, lists: list[Listing]) -> None:
    """What is said behind the last of linked lists is said of those before it too, where they have no step of their own."""
    for i in range(len(lists) - 1, 0, -1):
        left, right = lists[i - 1], lists[i]
        if not right.linked:
            continue
        if not left.after:
            left.after = right.after
        elif acts(lex, left.after) and len(left.after) == 1:
            if len(right.after) > 1 and right.after[0].word in lex.actions:
                left.after = left.after + right.after[1:]
            elif not left.before and right.after and right.after[0].word not in lex.actions:
                left.after = left.after + right.after


class Told(msgspec.Struct, gc=False):
    """What the verbs around a list say: the steps before it and behind it, and the wrapping."""

    early: list[str] = []
    late: list[str] = []
    #: a step of preparation; a wrapper such as 推进; a verb that tells no step; the setting; a verb without a step behind the list
    prep: bool = False
    wrapped: bool = False
    blocked: bool = False
    setting: bool = False
    referred: bool = False


def stage_of(lex: Lexis, before: list[Token], after: list[Token], review: bool) -> tuple[str, bool] | None:
    """The stage that the verbs around a list tell, and whether a verb of its own tells it; ``None`` where they tell none."""
    told = Told(early=[], late=[])
    for t in before:
        _hear_before(told, t, opened=before[0].kind in "WN")
    if told.setting:
        return None
    for t in after:
        if t.kind == "B" or (t.word in _HOLDING and not told.late and told.wrapped and not told.early):
            told.referred = True
            break
        if t.kind == "S":
            if not (told.prep and t.word in _LIGHT):
                told.late.append(t.word)
        elif t.kind == "W":
            told.wrapped = True
        elif t.kind == "P":
            told.prep, told.late = True, []
    if told.early and told.early[-1] in _LIGHT and not told.late and any(t.kind == "I" and t.word.startswith("主体") for t in after):
        return "building", True
    return _stage(lex, told, review)


def _hear_before(told: Told, t: Token, *, opened: bool) -> None:
    k = t.kind
    if k in "BG" or (t.word in _GRANTED and not opened):
        told.blocked, told.setting, told.wrapped, told.early = True, k == "G", False, []
    elif k in "WNS":
        told.blocked = told.setting = False
        told.wrapped = told.wrapped or k == "W"
        if k == "S":
            told.early.append(t.word)
    elif k == "P":
        told.prep = True


def _stage(lex: Lexis, told: Told, review: bool) -> tuple[str, bool] | None:
    stage, late = lex.stage, told.late
    while len(late) > 1 and late[0] in lex.actions:
        # 甲扩建开工: the act is what is begun
        late = late[1:]
    early, ends = {stage[word] for word in told.early}, {stage[word] for word in late}
    stages = early | ends
    if told.prep and not ends - {"planned"}:
        return "planned", True
    if not stages:
        # 推动甲做强: the verb behind is no step of building
        return ("building", False) if told.wrapped and not told.blocked and not told.referred else None
    if told.blocked and stages <= {"building", "planned"}:
        return None
    return _furthest(stage, told.early, late, early, ends, review), True


def _furthest(stage: dict[str, str], first: list[str], late: list[str], early: set[str], ends: set[str], review: bool) -> str:
    """The stage of several: the furthest, but that of the verb in front where what follows is only its act (启动…建设, 完成…改造)."""
    stages = early | ends
    if stages <= {"building", "built"} and any(_MILESTONE.search(word) for word in late):
        return "building"
    if early == {"started"} and ends <= {"building", "started"}:
        return "started"
    if early == {"built"} and ends <= {"building", "built"}:
        return "built"
    if late and late[0] in _LIGHT and ends <= {"started", "built", "building"}:
        return stage[late[0]]
    if first and stage[first[0]] == "planned" and stages <= {"building", "planned"}:
        return "planned"
    best = max(stages, key=RANK.__getitem__)
    return "built" if best == "building" and review and first and first[0] in _NEW else best
