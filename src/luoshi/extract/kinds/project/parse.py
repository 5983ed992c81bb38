"""Cuts a sentence into lists of names and the verbs around them."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.project.lexis import Lexis

#: what makes a verb in front of it part of a noun: 改造|项目, 建设|大厦
HEAD = re.compile(
    r"项目|工程|中心|平台|基地|园|区|馆|院|站|局|所|公司|集团|产业|行动|计划|方案|规划|机制|体系|试点|模式|指挥|银行|路|街|大道|通道|大厦|部|厅|处|者|标准|资金|基金|用地|条件|质量|能力|格局|厂|楼|广场|"
    r"城|场|桥|小镇|公园|学校|小区|社区|政策|协议|战略|示范|商|型|性|库|装置|房|渠道|组织|设施|企业|监测|调度|办法|专项|权|力|度|化|业|券|债|会|村|港|系统|网络|名城|安置|保障性|回迁|住房|"
    r"[一二三四五六]期|环境|水平|口岸|大学|先锋|领军|上市|红利|型|线|带|群|圈|谷|岛|总部|样板|之|成果|成效|空间|项|主战场|试验|改革|合作|开放|集聚|引领|先行|报告|名录|许可|经济|资源|市场|队伍|理念|生产线"
)
#: heads that never follow a governing verb as the start of its object
NEVER = re.compile(r"区|者|性|型|商|力|度|权|化|业|会|局|项目|工程|条件|能力|水平|质量|企业|公司|机制|格局|方案|计划|环境|资金|用地|标准|理念|成果|成效|许可|经济|领军|先锋|之|局面|部|处|型")
#: words that hold a token and are none
HOLD = re.compile(
    r"高等|中等|平等|初等|均等|同等|等级|等距|等待|优等|普及|涉及|和平|和谐|和睦|共和|总和|饱和|温和|祥和|颐和|合并|并购|并联|并轨|兼并|并举|并重|参与|给与|与会|目的|的士|并网|及时|人和|仁和|和顺|和田|呼和|上市企业|上市公司|"
    r"不等|对等|何等|等线"
)
#: verbs that are as often nouns: inside a noun they are none
NOUNISH = frozenset("计划 要求 发展 试点 研究 投资 服务 规划 培育 宣传 传承 突破 提供 保障 支持 连接 覆盖 辐射 设计 更新 开发 运行 运营 投入 增长 新增 推广 探索 组织 招生 落地 交付 安装 通信 提升 布局 开放 促进 配合 进行 引导 协调 调整 评为 实验 供水 发电 解决 加速 入驻 拓展 成立 建立 培训 治理 作 施工 收官 复工 论证 审批 设立 使用".split())
#: adverbs of one character that stand only at the start of a verb phrase
SHORT = frozenset("可正也还都又再便就要会能应须快")


class Token(msgspec.Struct, gc=False):
    kind: str
    start: int
    end: int
    word: str


class Listing(msgspec.Struct):
    """A list of members (spans), the verbs before it and behind it."""

    members: list[tuple[int, int]]
    before: list[Token] = []
    after: list[Token] = []
    #: 等 or a count closes the list; ``kind`` is the span of what is said behind it, ``counted`` that it has a number
    etc: bool = False
    kind: tuple[int, int] = (0, 0)
    counted: bool = False
    #: a number behind that closes the phrase: 公路8公里, 幼儿园11所
    tally: bool = False
    #: a number stands in front: 建设3个公园
    numbered: bool = False
    #: follows the list before it behind 和 or 、
    linked: bool = False
    clause: int = 0


def tokens(lex: Lexis, s: str, start: int, end: int) -> list[Token]:
    """Every word of the lexicon between ``start`` and ``end``, with the stretches between them as kind ``x``."""
    raw: list[Token] = []
    kinds = lex.kind
    for m in lex.token.finditer(s, start, end):
        group = m.lastgroup
        word = m.group()
        raw.append(Token(group if group else kinds[word], m.start(), m.end(), word))
    held = {i for m in HOLD.finditer(s, start, end) for i in range(m.start(), m.end())} if HOLD.search(s, start, end) else set()
    real = _resolve(lex, s, raw, start, end, held)
    out: list[Token] = []
    at = start
    for token in real:
        if token.start > at:
            out.append(Token("x", at, token.start, ""))
        out.append(token)
        at = token.end
    if at < end:
        out.append(Token("x", at, end, ""))
    return out


def _resolve(lex: Lexis, s: str, raw: list[Token], start: int, end: int, held: set[int]) -> list[Token]:
    """The tokens that are what they look like: a verb inside a noun, 和 in 和平, 重点 in 重点学校 are not."""
    n = len(raw)
    keep = [True] * n
    doubt = [False] * n
    for i in range(n - 1, -1, -1):
        t = raw[i]
        nxt = raw[i + 1] if i + 1 < n and keep[i + 1] and raw[i + 1].start == t.end else None
        k = t.kind
        if k == "o" or (t.start in held and k in "CDE,"):
            keep[i] = False
        elif k == "A":
            keep[i] = (nxt is not None and nxt.kind in "SWNPABtG") or t.end == end
        elif k in "SWNPB" and t.end < end and (nxt is None or doubt[i + 1]) and HEAD.match(s, t.end):
            doubt[i] = True
    last: Token | None = None
    out: list[Token] = []
    for i, t in enumerate(raw):
        if not keep[i]:
            continue
        k = t.kind
        adjacent = last is not None and last.end == t.start
        fresh = t.start == start or (adjacent and last is not None and last.kind in "SWNA,tBGIPqm")
        opens = fresh or (adjacent and last is not None and last.kind in "CE")
        if k == "x":
            continue
        if doubt[i] and not (opens and k in "SWN" and len(t.word) > 1 and not NEVER.match(s, t.end)):
            continue
        if k in "WNBS" and t.word in NOUNISH and adjacent and last is not None and last.kind == "D":
            continue
        if k in "WNBSP" and t.word in NOUNISH and not opens:
            follow = raw[i + 1] if i + 1 < n and keep[i + 1] else None
            if not (t.end == end or (follow is not None and follow.start == t.end and follow.kind in "SPIC,") or s[t.end] in ",、"):
                continue
        if k == "A" and t.word in SHORT and not fresh:
            continue
        if k == "G" and not fresh:
            continue
        if k == "I" and not (adjacent and last is not None and last.kind in "SWNPIE") and not t.word.startswith("主体"):
            continue
        if k == "C" and len(t.word) == 1 and t.word != "、":
            if adjacent and last is not None and last.kind in "C,WNSABG":
                if last.kind in "C,":
                    continue
            else:
                before = last.end if last is not None else start
                if t.start - before < 2 or (t.end < end and s[t.end] in "、,"):
                    continue
        out.append(t)
        last = t
    return out


def clauses(lex: Lexis, s: str, start: int, end: int) -> list[tuple[list[Listing], list[list[Token]]]]:
    """For each clause its lists ``L0 … Ln-1`` and the runs of verbs ``V0 … Vn`` around them."""
    out: list[tuple[list[Listing], list[list[Token]]]] = []
    part: list[Token] = []
    for t in tokens(lex, s, start, end):
        if t.kind == ",":
            out.append(_clause(lex, s, part, len(out)))
            part = []
        else:
            part.append(t)
    out.append(_clause(lex, s, part, len(out)))
    return out


def _clause(lex: Lexis, s: str, part: list[Token], number: int) -> tuple[list[Listing], list[list[Token]]]:
    lists: list[Listing] = []
    runs: list[list[Token]] = [[]]
    i, n = 0, len(part)
    part = [t for j, t in enumerate(part) if not (t.kind == "x" and j + 1 < n and part[j + 1].kind in "qmt" and LINKING.match(s, t.start, t.end))]
    n = len(part)
    numbered = sep = False
    while i < n:
        t = part[i]
        k = t.kind
        if k == "x":
            cur = Listing(members=[], numbered=numbered, linked=sep and bool(lists), clause=number)
            i = _list(lex, s, part, i, cur)
            if not cur.members:
                numbered = False
                continue
            if cur.linked and lists and cur.etc and _acts(lex, runs[-1]):
                # A改造、B扩建等工程: the acts belong to the names
                while cur.linked and lists and _acts(lex, runs[-1]):
                    prev = lists.pop()
                    prev.members[-1] = (prev.members[-1][0], runs.pop()[-1].end)
                    cur.members[:0] = prev.members
                    cur.linked, cur.numbered = prev.linked, prev.numbered
            lists.append(cur)
            runs.append([])
            numbered = sep = False
            continue
        i += 1
        if k == "q":
            numbered = True
        elif k == "E":
            numbered = False
            if lists and runs[-1] and i < n and part[i].kind == "x":
                # verb 的 name: all since the governing verb only describes
                del lists[:]
                del runs[1:]
            elif not lists and runs[0] and i < n and part[i].kind == "x":
                while runs[0] and runs[0][-1].kind in "SPAI":
                    runs[0].pop()
        elif k == "C":
            sep = True
            if not lists and i < n and part[i].kind == "x":
                runs[-1].clear()
        elif k == "m":
            pass
        elif k != "D":
            runs[-1].append(t)
            if k not in "AtI":
                sep = False
                numbered = False
    return lists, runs


#: what stands before an amount
LINKING = re.compile(r"(?:至|到|约|达|近|超|共|计|从|由|为|增至|达到)+$")
#: counts of things, as against capacities
PIECE = re.compile(r"[个条座处所家项宗块栋幢片批]|公里|平方米|亩|元|大$")
#: what completes a name behind 及: 港口及配套工程
ADDED = re.compile(r"(?:配套|附属|相关|连接|附近|周边|零部件)")


def joined(lex: Lexis, s: str, left: tuple[int, int], right: Token, word: str) -> bool:
    """True where 与 or 及 stands inside one name: 水利与电力博物馆, 港口及配套工程."""
    if ADDED.match(s, right.start):
        return True
    return word == "与" and not any(s[left[1] - size : left[1]] in lex.tails for size in (1, 2, 3) if left[1] - size >= left[0])


def _acts(lex: Lexis, run: list[Token]) -> bool:
    return bool(run) and all(t.kind in "SP" and t.word in lex.actions for t in run)


def _list(lex: Lexis, s: str, part: list[Token], i: int, cur: Listing) -> int:
    """Reads one list from the chunk at ``i`` into ``cur``; returns the index behind it."""
    n = len(part)
    member = True
    while i < n:
        t = part[i]
        k = t.kind
        after = part[i + 1].kind if i + 1 < n else ""
        if k == "x":
            if member:
                cur.members.append((t.start, t.end))
                member = False
            elif cur.etc:
                cur.kind = (t.start, t.end)
            else:
                cur.members[-1] = (cur.members[-1][0], t.end)
        elif k == "C" and after == "x":
            member = True
            if t.word in ("与", "及") and len(cur.members) and not cur.etc and joined(lex, s, cur.members[-1], part[i + 1], t.word):
                cur.members[-1] = (cur.members[-1][0], part[i + 1].end)
                member = False
                i += 1
        elif k == "D":
            cur.etc = True
        elif k in "qm":
            if not member and not cur.etc and after == "x" and i + 2 < n and part[i + 2].kind in "CD" and not PIECE.search(t.word):
                # 年产, 台, 辆: a capacity inside a designation
                cur.members[-1] = (cur.members[-1][0], part[i + 1].end)
                i += 1
            elif not member and not cur.etc and i + 1 < n and after in "SPW":
                pass
            elif not member and (cur.etc or after == "x"):
                cur.etc = True
                cur.counted = cur.counted or k == "q"
            elif not member:
                cur.tally = True
                return i + 1
        elif k == "E":
            if after != "x":
                return i + 1
            if cur.etc and not cur.counted:
                return i + 1
            if cur.etc:
                cur.members.clear()
                cur.etc = cur.counted = False
            elif cur.members:
                cur.members.pop()
            member = True
        elif k in "SP" and not cur.etc:
            j = i
            while j < n and part[j].kind in "SP":
                j += 1
            if j < n and part[j].kind == "D" and cur.members and not member:
                cur.members[-1] = (cur.members[-1][0], part[j - 1].end)
                i = j
                continue
            return i
        else:
            return i
        i += 1
    return i
