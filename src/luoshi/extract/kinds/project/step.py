"""Gives the verbs of a clause to its lists and reads from them the stage."""

from __future__ import annotations

import re

from luoshi.extract.kinds.project.lexis import RANK, STRONG, Lexis
from luoshi.extract.kinds.project.lists import Listing, acts
from luoshi.extract.kinds.project.name import trim, worth
from luoshi.extract.kinds.project.tokens import Token

#: verbs whose subject stands in front; what stands behind them is a place
_INTRANSITIVE = frozenset(
    "竣工 完工 落成 封顶 主体封顶 结构封顶 通车 投用 投产 落户 落地 签约 入驻 落位 揭牌 挂牌 上市 开馆 开学 入住 运营 运行 量产 开业 投入使用 投入运营 交付使用 主体完工 建成投用 建成投产 "
    "建成通车 全线通车 开工 动工".split()
)
#: verbs that say no more than that the act behind them is begun or done
_LIGHT = frozenset(["启动", "新启动", "完成", "完成了", "建立"])
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
        cut = next((j for j, t in enumerate(run) if t.kind in "WNGB"), len(run))
        if cut == len(run) and run:
            verb = next((t.word for t in run if t.kind in "SP"), "")
            if verb in _INTRANSITIVE:
                cut = len(run) if named(s, left) and not right.etc else 0
            elif (acts(lex, runs[i + 1]) or verb in lex.actions or run[0].kind == "P") and not named(s, right) and named(s, left):
                # A启动市政化改造: the object of the verb is an act
                left.after = run + runs[i + 1]
                right.before = []
                continue
            else:
                cut = 0
        if cut == 0 and run and run[0].kind == "B" and left.before and left.before[-1].kind == "W":
            # 推动甲申报乙: no step of building is told of 甲
            left.after = left.after + run[:1]
        left.after = left.after + run[:cut]
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


def stage_of(lex: Lexis, before: list[Token], after: list[Token], review: bool) -> tuple[str, bool] | None:
    """The stage that the verbs around a list tell, and whether a verb of its own tells it; ``None`` where they tell none."""
    blocked = setting = wrapped = prep = False
    told: list[str] = []
    for t in before:
        k = t.kind
        if k in "BG" or (t.word in _GRANTED and not (before[0].kind in "WN")):
            blocked, setting, wrapped, told = True, k == "G", False, []
        elif k in "WNS":
            blocked = setting = False
            wrapped = wrapped or k == "W"
            if k == "S":
                told.append(t.word)
        elif k == "P":
            prep = True
    if setting:
        return None
    late: list[str] = []
    for t in after:
        k = t.kind
        if k == "B":
            break
        if k == "S":
            if not (prep and t.word in _LIGHT):
                late.append(t.word)
        elif k == "W":
            wrapped = True
        elif k == "P":
            prep, late = True, []
    if told and told[-1] in _LIGHT and not late and any(t.kind == "I" and t.word.startswith("主体") for t in after):
        return "building", True
    return _told(lex.stage, lex.actions, told, late, after, prep, wrapped, blocked, review)


def _told(
    stage: dict[str, str], actions: frozenset[str], told: list[str], late: list[str], after: list[Token], prep: bool, wrapped: bool, blocked: bool, review: bool
) -> tuple[str, bool] | None:
    while len(late) > 1 and late[0] in actions:
        # 甲扩建开工: the act is what is begun
        late = late[1:]
    early, ends = {stage[w] for w in told}, {stage[w] for w in late}
    stages = early | ends
    if prep and not ends - {"planned"}:
        return "planned", True
    if not stages:
        # 推动甲做强: the verb behind is no step of building
        return ("building", False) if wrapped and not blocked and not any(t.kind == "B" for t in after) else None
    if blocked and stages <= {"building", "planned"}:
        return None
    if stages <= {"building", "built"} and any(_MILESTONE.search(w) for w in late):
        return "building", True
    if early == {"started"} and ends <= {"building", "started"}:
        return "started", True
    if early == {"built"} and ends <= {"building", "built"}:
        return "built", True
    if late and late[0] in _LIGHT and ends <= {"started", "built", "building"}:
        return stage[late[0]], True
    if told and stage[told[0]] == "planned" and stages <= {"building", "planned"}:
        return "planned", True
    best = max(stages, key=RANK.__getitem__)
    if best == "building" and review and told and told[0] in _NEW:
        return "built", True
    return best, True
