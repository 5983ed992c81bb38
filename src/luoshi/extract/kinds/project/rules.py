"""Finds named projects with the step told of them."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.fact import ProjectFact
from luoshi.extract.kinds.project.lexis import STAGES, Lexis, lexis
from luoshi.extract.kinds.project.name import NONE, VISION, Worth, trim, worth
from luoshi.extract.kinds.project.parse import Listing, Token, clauses
from luoshi.outline.outline import Outline

SENTENCE = re.compile(r"[^。;!?\n:]+")
RANK = {stage: i for i, stage in enumerate(STAGES)}
STRONG = frozenset(["started", "built", "running", "signed"])
LATER = frozenset(["即将", "将", "有望"])
#: verbs whose subject stands in front; what stands behind them is a place
INTRANSITIVE = frozenset(
    "竣工 完工 落成 封顶 主体封顶 结构封顶 通车 投用 投产 落户 落地 签约 入驻 落位 揭牌 挂牌 上市 开馆 开学 入住 运营 运行 量产 开业 投入使用 投入运营 交付使用 主体完工 建成投用 建成投产 建成通车 全线通车 开工 动工".split())
HOPE = frozenset("打造 支持打造 构建 创建 搭建 营造 培育建设 培育打造 建立 设立 形成 发展 提升 优化提升 实施 组建 布局 拓展".split())
LIGHT = frozenset("启动 新启动 完成 完成了 建立".split())
GOOD_KIND = re.compile(
    r"项目|工程|道路|高铁|城际|网|路段|断头路|街巷|片区|地块|小区|安置|园区|载体|基地|学校|医院|公园|水库|河|支流|场馆|枢纽|高速|铁路|线路|站|中心|园|路|桥|馆|校|院|厂|楼|区|村|场|库|港|通道|口岸|综合体|实验室|街|城|镇|点|线|社区|平台|机构|装置|地标|设施")
BAD_KIND = re.compile(r"(?:产业|行业|领域|企业|行动|政策|活动|问题|人才|群体|措施|制度|工作|要素|技术|产品|资源|国家|部门|机制|功能|品牌|改革|方面|内容|服务|经济|业态|作物|省份|展会|会议|规划|计划|手段|方式|指标|专业|学科|标准|体系|车型|车|设备|材料|装备|精品|设施|文化|景观|元素|城市|地区|原因|因素|机构|高校|院校|公司|集团|链条|链|单位|职业|赛事|群众|农户|学科|专业|种类|病种)$")
BUILT_THING = re.compile(r"(?:项目|工程|园|园区|基地|中心|平台|学校|医院|街区|小镇)(?:建设)?$")
MILESTONE = re.compile(r"封顶|主体|形象进度|合龙|落架")


class Row(msgspec.Struct):
    start: int
    end: int
    stage: str
    rule: str
    later: bool = False


def find_projects(outline: Outline) -> list[ProjectFact]:
    """The projects of a text, by start."""
    lex = lexis()
    s = outline.text.clean
    quote = outline.text.quote
    out: list[ProjectFact] = []
    for stretch in outline.stretches:
        if stretch.part == "glossary":
            continue
        review = stretch.part in ("review", "problems")
        for m in SENTENCE.finditer(s, stretch.body, stretch.end):
            for row in sentence(lex, s, m.start(), m.end(), review):
                q = quote(row.start, row.end)
                role = "result" if review and not row.later else "target"
                out.append(ProjectFact(start=q.start, end=q.end, text=q.text, stage=row.stage, role=role, section=stretch.section,
                                       document=stretch.document, rule=row.rule))
    out.sort(key=lambda fact: fact.start)
    return out


def sentence(lex: Lexis, s: str, start: int, end: int, review: bool) -> list[Row]:
    """The rows of one sentence, in order; a clause without a name of its own carries the step of the last on."""
    out: list[Row] = []
    last: list[Row] = []
    for lists, runs in clauses(lex, s, start, end):
        assign(lex, s, lists, runs)
        fresh: list[Row] = []
        for listing in lists:
            got = judge(lex, s, listing, review)
            if got:
                last = got
            fresh.extend(got)
        out.extend(fresh)
        if fresh or not last or not all(hollow(lex, s, listing) for listing in lists):
            continue
        found = stage_of(lex, [], [t for run in runs for t in run if t.kind != "B"], review)
        if found and found[1] and found[0] != "building":
            for row in last:
                if RANK[found[0]] > RANK[row.stage]:
                    row.stage = found[0]
    return out


HOLLOW = re.compile(r"(?:该|一期|二期|首期|本|各)?(?:项目|工程|主体|一期|二期|首期|启动区|主体结构|主体工程|一期工程|前期|全线|首批)?(?:工程|项目)?$")


def hollow(lex: Lexis, s: str, listing: Listing) -> bool:
    """True where a list names nothing new: 项目, 一期工程."""
    return all(HOLLOW.match(s, a, b) is not None and HOLLOW.match(s, a, b).end() == b for a, b in listing.members)  # type: ignore[union-attr]


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
        cut = next((j for j, t in enumerate(run) if t.kind in "WNGB"), len(run))
        if cut == len(run) and run:
            verb = next((t.word for t in run if t.kind in "SP"), "")
            if verb in INTRANSITIVE:
                cut = len(run) if named(lex, s, left) and not right.etc else 0
            elif not named(lex, s, right) and (acts(lex, runs[i + 1]) or verb in lex.actions) and named(lex, s, left):
                # A启动市政化改造: the object of the verb is an act
                left.after = run + runs[i + 1]
                right.before = []
                continue
            else:
                cut = 0
        left.after = left.after + run[:cut]
        right.before = run[cut:]
    lists[-1].after = lists[-1].after + runs[-1]
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


def acts(lex: Lexis, run: list[Token]) -> bool:
    return bool(run) and run[0].kind in "SP" and run[0].word in lex.actions


def named(lex: Lexis, s: str, listing: Listing) -> bool:
    return any(worth(lex, s, *trim(s, a, b)).value > 0 for a, b in listing.members)


def stage_of(lex: Lexis, before: list[Token], after: list[Token], review: bool) -> tuple[str, bool] | None:
    """The stage that the verbs around a list tell, and whether a verb of its own tells it; ``None`` where they tell none."""
    blocked = setting = wrapped = prep = False
    told: list[str] = []
    for t in before:
        if t.kind in "BG":
            blocked, setting, wrapped, told = True, t.kind == "G", False, []
        elif t.kind == "W":
            wrapped, blocked, setting = True, False, False
        elif t.kind == "N":
            blocked = setting = False
        elif t.kind == "S":
            blocked = setting = False
            told.append(t.word)
        elif t.kind == "P":
            prep = True
    if setting:
        return None
    late: list[str] = []
    for t in after:
        if t.kind == "B":
            break
        if t.kind == "S":
            if not (prep and t.word in LIGHT):
                late.append(t.word)
        elif t.kind == "W":
            wrapped = True
        elif t.kind == "P":
            prep, late = True, []
    stage = lex.stage
    stages = {stage[w] for w in told + late}
    if prep and not {stage[w] for w in late} - {"planned"}:
        return "planned", True
    if any(MILESTONE.search(w) for w in late) and stages <= {"building", "built"}:
        return "building", True
    if not stages:
        return ("building", False) if wrapped and not blocked else None
    if blocked and stages <= {"building", "planned"}:
        return None
    early = {stage[w] for w in told}
    ends = {stage[w] for w in late}
    if early == {"started"} and ends <= {"building", "started"}:
        return "started", True
    if early == {"built"} and ends <= {"building", "built"}:
        return "built", True
    if late and late[0] in ("启动", "完成", "完成了") and ends <= {"started", "built", "building"}:
        return stage[late[0]], True
    if early == {"planned"} and ends <= {"building", "planned"}:
        return "planned", True
    best = max(stages, key=RANK.__getitem__)
    if best == "building" and review and told and told[0] in ("新建", "新建改造", "新建扩建", "新改建", "新改扩建", "新扩建"):
        return "built", True
    return best, True


def judge(lex: Lexis, s: str, li: Listing, review: bool) -> list[Row]:
    """The rows of one list."""
    found = stage_of(lex, li.before, li.after, review)
    if found is None or li.numbered and len(li.members) == 1:
        return []
    stage, own = found
    spans = [trim(s, a, b) for a, b in li.members]
    worths = [worth(lex, s, a, b) for a, b in spans]
    context = context_of(s, li, stage, own)
    verbs = [t.word for t in li.before if t.kind == "S"]
    hope = bool(verbs) and all(v in HOPE for v in verbs) and not li.after
    kind = s[li.kind[0] : li.kind[1]]
    good = li.etc and (li.counted or bool(GOOD_KIND.search(kind))) and not BAD_KIND.search(kind)
    strong = own and stage in STRONG
    subject = strong and not any(t.kind == "S" for t in li.before)
    many = len(spans) > 1
    odds = sum(w.odd >= 1.5 for w in worths)
    coherent = many and (max(w.value for w in worths) >= 1.5 or (good and odds >= 2))
    if any(w.kind and not w.head and not w.phase for w in worths):
        context -= 1.0
    later = any(t.kind == "A" and t.word in LATER for t in li.before + li.after)
    if many and not li.etc and worths[-1].cls == "refused":
        context -= 1.0
    rows: list[Row] = []
    last_ok = False
    for i in range(len(spans) - 1, -1, -1):
        (a, b), w = spans[i], worths[i]
        if w.value == NONE:
            if not (w.cls == "refused" and good and li.counted and w.odd >= 1.5):
                continue
            w = Worth(0.5, "", "", w.odd, False, w.quoted, w.head)
        value = w.value + context
        if coherent:
            value += 1.2 if li.etc else 0.8
        if li.numbered:
            value -= 9 if i == 0 else 1.0
        if hope and w.odd < 1.5 and not w.quoted:
            value -= 0.8
        if hope and VISION.search(w.head):
            value -= 1.0
        if w.cls in ("poor", "firm") and w.odd < 1:
            value -= 0.8
        ok = value >= 0.9
        if ok and not w.kind:
            lone = (subject and w.odd >= 1.5 and b - a <= 10 and not w.quoted) or w.phase or good or (li.etc and strong and w.odd >= 1.5) or (many and last_ok)
            ok = lone and (w.odd >= 1 or w.phase or (good and coherent and 2 * odds >= len(spans)))
        if ok and w.kind:
            last_ok = True
        if ok:
            rows.append(Row(a, b, stage, "list" if many else "single", later))
    rows.reverse()
    return rows


def context_of(s: str, li: Listing, stage: str, own: bool) -> float:
    """What the words around a list add to the worth of each of its members."""
    kind = s[li.kind[0] : li.kind[1]]
    bad = li.etc and BAD_KIND.search(kind) is not None and not BUILT_THING.search(kind)
    strong = own and (stage in STRONG or any(MILESTONE.search(t.word) for t in li.after))
    subject = strong and not any(t.kind == "S" for t in li.before)
    value = 0.0
    if bad:
        value += 0.6 if strong and "企业" in kind else -3
    elif li.etc:
        value += 1.3 if li.counted else 0.8 if GOOD_KIND.search(kind) else 0.2
    if strong:
        value += 0.8 if subject else 0.4
    elif own and stage == "planned":
        value += 0.4
    elif not own and not li.etc:
        value -= 0.5
    if li.tally:
        value -= 1.5
    return value
