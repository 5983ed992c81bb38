"""Finds named projects with the step told of them.

Each list of names is judged by what its own words are worth (``name``) and what the words around it say (``context``); the rule's name
tells how the list stands to its verb:

    "<step> <names>"            开工建设甲大桥、乙水库等工程
    "<names> <step>"            甲大桥、乙水库等工程开工建设
    "<wrapper> <names> <step>"  推动甲大桥开工建设
    "<wrapper> <names>"         抓好甲大桥、乙水库等工程
"""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.fact import ProjectFact
from luoshi.extract.kinds.project.evidence import candidates
from luoshi.extract.kinds.project.lexis import RANK, Lexis, lexis
from luoshi.extract.kinds.project.lists import Listing, clauses
from luoshi.extract.kinds.project.name import NONE, Worth, trim, worth
from luoshi.extract.kinds.project.step import assign, is_strong, stage_of
from luoshi.extract.kinds.project.tokens import Token
from luoshi.outline.outline import Outline

#: how much must speak for a name before it is one
_BAR = 0.9
_LATER = frozenset(["即将", "将", "有望"])
#: what only a firm does
_LISTED = frozenset(["上市", "成功上市", "挂牌新三板", "新三板挂牌"])
_GOOD_KIND = re.compile(
    r"(?:项目|工程|道路|高铁|城际|管网|路网|电网|路段|断头路|街巷|片区|地块|小区|安置|园区|载体|基地|学校|医院|公园|水库|河|支流|河流|场馆|枢纽|高速|铁路|线路|站|中心|园|路|桥|馆|校|学院|院区|剧院|法院|厂|楼|景区|灌区|工业区|"
    r"街区|城区|村|机场|停车场|广场|农场|市场|场站|库|港|通道|口岸|综合体|实验室|街|城|镇|景点|节点|站点|专线|支线|干线|号线|社区|平台|机构|装置|地标|设施|土地|安置房|住房|房屋|建筑|古迹|文物|遗址)$"
)
_BAD_KIND = re.compile(
    r"(?:产业|行业|领域|企业|行动|政策|活动|问题|人才|群体|措施|制度|工作|要素|技术|产品|资源|国家|部门|机制|功能|品牌|改革|方面|内容|服务|经济|业态|作物|省份|展会|会议|规划|计划|手段|方式|指标|专业|学科|标准|体系|"
    r"车型|车|设备|材料|装备|精品|文化|景观|元素|城市|地区|原因|因素|机构|高校|院校|公司|集团|链条|链|单位|职业|赛事|群众|团队|农户|种类|病种|专项|试点|使命|定位|集群|航线|班列|(?:促进|振兴|提升|培育|传承|普及|惠民|示范|人才|就业)工程)$"
)
#: a standing that places are to have
_STANDING = re.compile(r"(?:世界级|国家级|全国|国际|一流|[45]A级|国际化|区域性)\S{0,8}(?:景区|度假区|城市|中心|品牌|目的地)$")
_FACILITY = re.compile(r"(?:机场|铁路|高铁|城际|高速|高速公路|港口|电站|枢纽|客运站)(?:项目|工程)?$")
_PROGRAMMES = re.compile(r"(?:大|\S{0,4}(?:就业|技能|人才|惠民|品牌))?工程|行动|计划")
_BUILT_KIND = re.compile(r"(?:项目|工程|园|园区|基地|中心|平台|学校|医院|街区|小镇)(?:建设)?$")
#: a share of a kind: 85%以上的学校
_SHARE = re.compile(r"%(?:以上|左右)?的?$")
_HOLLOW = re.compile(
    r"(?:(?:该|一期|二期|首期|本|各)?(?:项目|工程|主体|一期|二期|首期|启动区|主体结构|主体工程|一期工程|前期|全线|首批)?(?:工程|项目)?)$"
)


class Row(msgspec.Struct, gc=False):
    """A project found: its span in the clean text; ``stage`` may still be carried on by a later clause of the sentence."""

    start: int
    end: int
    stage: str
    rule: str
    later: bool = False


def find_projects(outline: Outline) -> list[ProjectFact]:
    """The projects of a text, sorted by start; spans do not overlap."""
    lex = lexis()
    text = outline.text
    out: list[ProjectFact] = []
    for stretch in outline.stretches:
        if stretch.part == "glossary":
            continue
        review = stretch.part in ("review", "problems")
        for row in stretch_rows(lex, text.clean, stretch.body, stretch.end, review):
            quote = text.quote(row.start, row.end)
            role = "result" if review and not row.later else "target"
            out.append(
                ProjectFact(
                    start=quote.start,
                    end=quote.end,
                    text=quote.text,
                    stage=row.stage,
                    role=role,
                    section=stretch.section,
                    document=stretch.document,
                    rule=row.rule,
                )
            )
    out.sort(key=lambda fact: fact.start)
    return out


def stretch_rows(lex: Lexis, s: str, start: int, end: int, review: bool) -> list[Row]:
    """The rows of a run of text, in order; a clause without a name of its own carries the step of the last one on."""
    out: list[Row] = []
    last: list[Row] = []
    sentence = -1
    governing: list[Token] = []
    for low, high, number, found in candidates(lex, s, start, end):
        if number != sentence:
            sentence, last, governing = number, [], []
        if not found and not last:
            continue
        for lists, runs in clauses(lex, s, low, high):
            assign(lex, s, lists, runs)
            if len(lists) == 1 and last and not lists[0].before and not lists[0].after:
                # 推进甲、乙等项目,以及丙、丁等工程
                lists[0].before = governing
            fresh: list[Row] = []
            for listing in lists:
                rows = judge(lex, s, listing, review)
                if rows:
                    last, governing = rows, listing.before
                    fresh.extend(rows)
            out.extend(fresh)
            if last and not fresh and all(_is_hollow(s, listing) for listing in lists):
                _carry(stage_of(lex, [], [t for run in runs for t in run if t.kind != "B"], review), last)
    return out


def _carry(told: tuple[str, bool] | None, rows: list[Row]) -> None:
    """加快甲建设,力争年内投用: the later step is the one that counts."""
    if told is None or not told[1] or told[0] == "building":
        return
    for row in rows:
        if RANK[told[0]] > RANK[row.stage]:
            row.stage = told[0]


def _is_hollow(s: str, listing: Listing) -> bool:
    """True where a list names nothing new: 项目, 一期工程."""
    return all(_HOLLOW.fullmatch(s, a, b) is not None for a, b in listing.members)


def judge(lex: Lexis, s: str, listing: Listing, review: bool) -> list[Row]:
    """The rows of one list."""
    if listing.owning or (listing.numbered and len(listing.members) == 1):
        return []
    told = stage_of(lex, listing.before, listing.after, review)
    first = listing.members[0][0]
    if told is None or _SHARE.search(s, max(0, first - 6), first):
        return []
    stage, own = told
    spans = [trim(s, a, b) for a, b in listing.members]
    if listing.after and s[spans[-1][1] - 1] == "化" and listing.after[0].start == spans[-1][1] and listing.after[0].word in lex.actions:
        # 电气化|改造: the act completes the word
        spans[-1] = (spans[-1][0], listing.after[0].end)
    if not (own or listing.etc) and not any(s[b - 1] in lex.ends for _, b in spans):
        return []
    worths = [worth(s, a, b) for a, b in spans]
    if all(w.value == NONE and not w.cls for w in worths):
        return []
    if not listing.etc and all(w.value < -1.4 or not (w.kind or w.phase or w.odd >= 1) for w in worths):
        return []
    case = _case(lex, s, listing, stage, own, worths)
    later = any(t.kind == "A" and t.word in _LATER for t in listing.before + listing.after)
    rule = _rule(listing)
    rows: list[Row] = []
    last = False
    for i in range(len(spans) - 1, -1, -1):
        if _is_project(lex, case, worths[i], spans[i][1] - spans[i][0], first=i == 0, last=last):
            last = last or bool(worths[i].kind)
            rows.append(Row(spans[i][0], spans[i][1], stage, rule, later))
    rows.reverse()
    return rows


def _rule(listing: Listing) -> str:
    before = "".join(t.kind for t in listing.before)
    after = any(t.kind in "SP" for t in listing.after)
    names = "<names>" if len(listing.members) > 1 else "<name>"
    if "S" in before or "P" in before:
        return f"<step> {names}"
    if not after:
        return f"<wrapper> {names}"
    return f"<wrapper> {names} <step>" if "W" in before or "N" in before else f"{names} <step>"


class Case(msgspec.Struct, gc=False):
    """What the words around a list say for all its members."""

    context: float
    #: 等 with a kind of built things or a number; the list is long; its verb is definite; its subject stands in front
    good: bool
    etc: bool
    many: bool
    counted: bool
    strong: bool
    subject: bool
    hope: bool
    numbered: bool
    coherent: bool
    #: 甲市、乙市等机场: towns stand for their airports
    facility: bool
    #: at least half of the members have uncommon words
    odd: bool
    #: 等 closes programmes: 等三大工程
    programmes: bool
    #: land that is developed
    land: bool


def _case(lex: Lexis, s: str, li: Listing, stage: str, own: bool, worths: list[Worth]) -> Case:
    kind = s[li.kind[0] : li.kind[1]]
    bad = _BAD_KIND.search(kind) is not None
    good = li.etc and not bad and (li.counted or _GOOD_KIND.search(kind) is not None)
    strong = is_strong(stage, own, li)
    verbs = [t.word for t in li.before if t.kind == "S"]
    many = len(worths) > 1
    odds = sum(w.odd >= 1.5 for w in worths)
    context = _context(li, kind, stage, own, strong and not verbs, strong)
    if many and not li.etc and worths[-1].cls == "refused":
        context -= 1.0
    if any(w.kind and not w.head and not w.phase for w in worths):
        context -= 1.0
    return Case(
        context=context,
        good=good,
        etc=li.etc,
        many=many,
        counted=li.counted,
        strong=strong,
        subject=strong and not verbs,
        hope=bool(verbs) and all(v in lex.hopes for v in verbs) and not li.after,
        numbered=li.numbered,
        coherent=many and (max(w.value for w in worths) >= 1.3 or (good and odds >= 2)),
        odd=2 * odds >= len(worths),
        land=any(t.word.startswith("开发") for t in li.after),
        programmes=li.etc and _PROGRAMMES.fullmatch(kind) is not None,
        facility=good and _FACILITY.search(kind) is not None,
    )


def _context(li: Listing, kind: str, stage: str, own: bool, subject: bool, strong: bool) -> float:
    value = 0.0
    if li.etc and _BAD_KIND.search(kind) and not _BUILT_KIND.search(kind):
        value += 0.6 if strong and stage != "built" and kind.endswith(("企业", "公司")) else -3
    elif li.etc:
        value += 1.3 if li.counted else 0.8 if _GOOD_KIND.search(kind) else 0.2
    if any(t.word in _LISTED for t in li.after):
        value += 1.0
    if strong:
        value += (1.2 if stage == "running" else 0.8) if subject else 0.4
    elif own and stage == "planned":
        value += 0.4
    elif not own and not li.etc:
        value -= 0.5
    if li.etc and _STANDING.match(kind):
        value -= 1.5
    return value - 1.5 if li.tally else value


def _is_project(lex: Lexis, case: Case, w: Worth, size: int, *, first: bool, last: bool) -> bool:
    """True where words and context together reach the bar; ``last`` says that a member behind it has a kind noun and is one."""
    if w.value == NONE and w.cls == "town":
        return case.facility
    if w.value == NONE:
        if not (
            w.cls == "refused"
            and case.good
            and (case.counted or case.coherent or (case.strong and not w.quoted) or (w.odd >= 2.5 and not w.quoted))
            and w.odd >= 1.5
        ):
            return False
        w = Worth(0.5, odd=w.odd, quoted=w.quoted, head=w.head)
    if case.programmes and w.quoted and not w.kind:
        return False
    value = w.value + case.context
    if case.coherent:
        value += 1.2 if case.etc else 0.8
    if case.numbered:
        value -= 9.0 if first or w.odd < 1 else 1.0
    if case.hope:
        value -= (0.8 if w.odd < 1.5 and not w.quoted and w.cls != "sure" else 0.0) + (
            1.0 if any(word in w.head for word in lex.visions) else 0.0
        )
    if w.cls in ("poor", "firm") and w.odd < 1:
        value -= 0.8
    if value < _BAR or w.kind:
        return value >= _BAR
    alone = case.subject and w.odd >= 1.5 and (3 if not case.land else 2) <= size <= 10 and not w.quoted
    listed = case.good or (case.etc and case.strong and w.odd >= 1.5) or (case.many and last)
    return (alone or w.phase or listed) and (w.odd >= 1 or w.phase or (case.good and case.coherent and case.odd))
