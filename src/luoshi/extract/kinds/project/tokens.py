"""Cuts a clause into the words of the lexicon and the stretches between them."""

from __future__ import annotations

import re

import msgspec

from luoshi.extract.kinds.project.lexis import Lexis


class Token(msgspec.Struct, gc=False):
    """A word with the code of its class (see ``Lexis``), or ``q`` a count, ``m`` a size, ``t`` a time, ``x`` what lies between."""

    kind: str
    start: int
    end: int
    word: str


_DIGITS = r"(?:\d[\d.,]*[十百千万亿]*|[一二两三四五六七八九十百千]+|数[十百千])"
_NUMBER = rf"(?<!第){_DIGITS}(?:(?:至|到|-|—|~|～){_DIGITS})?(?:余|多|几)?"
_COUNTER = (
    r"(?:个|条|座|处|所|家|宗|块|栋|幢|批|项|支|片|对|台|艘|口|户|套|名|位|间|类|种|届|次|场|件|辆|班|张|棵|盏|根|段|人|周?年|天|月|级|大类|"
    r"大(?=片区|组团|项目|工程|园|平台|中心|基地|产业|板块|区域))"
)
_SIZE = r"(?:平方公里|平方米|公里|千米|米|亩|公顷|亿元|万元|元|%)"
_MANY = r"更多|若干|首批|第[一二三四五六七]批|一批|一系列|一大批|系列|各类|众多|多个|多家|多座|多条|部分|有条件的|符合条件的|所有|每个|每县|一些|各项|各地"
_TIME = (
    r"(?:\d{4}年(?:\d{1,2}月(?:\d{1,2}日)?)?|今年|明年|去年|年内|年底|年末|年初|年中|上半年|下半年|[一二三四]季度|春节|国庆|(?<![\d年])\d{1,2}月份?(?:\d{1,2}日)?|"
    r"本月|近期|(?<!项)目前|主?汛期|入冬|入汛|采暖季|供暖季)(?:\d{1,2}月)?(?:上旬|中旬|下旬|底|末|初|内|份)?(?:之?前|以前|前)?"
)
_OPAQUE = r"\([^()\n]{0,40}\)|“[^“”\n]{0,40}”|\"[^\"\n]{0,40}\"|《[^《》\n]{0,80}》"
_SPECIAL = re.compile(f"(?P<o>{_OPAQUE})|(?P<t>{_TIME})|(?P<q>(?:{_NUMBER}{_COUNTER}|{_MANY})(?:以上|左右|多)?)|(?P<m>{_NUMBER}{_SIZE}(?:以上|左右|多)?)")
_HINT = re.compile(r"[(“\"《0-9一二两三四五六七八九十百千数今明去年上下春国本近主入采供汛更若首第系各众多部有符所每目]")

#: what makes a verb in front of it part of a noun: 改造|项目, 建设|大厦
_HEADS = frozenset(
    "项目 工程 中心 平台 基地 公司 集团 产业 行动 计划 方案 规划 机制 体系 试点 模式 指挥 银行 大道 通道 大厦 标准 资金 基金 用地 条件 质量 能力 格局 广场 小镇 公园 学校 小区 社区 "
    "政策 协议 战略 示范 装置 渠道 组织 设施 企业 监测 调度 办法 专项 系统 网络 名城 安置 保障性 回迁 住房 一期 二期 三期 四期 五期 六期 环境 水平 口岸 大学 先锋 领军 上市 红利 "
    "总部 样板 成果 成效 中的 中发 中起 中作 补偿 移民 率 空间 主战场 许可 经济 资源 市场 队伍 理念 生产线 试验 改革 合作 开放 集聚 引领 先行 报告 名录 "
    "园 区 馆 院 站 局 所 路 街 部 厅 处 者 厂 楼 城 场 桥 型 性 库 房 权 力 度 化 业 券 债 会 村 港 线 带 群 圈 谷 岛 之 项".split()
)
#: heads that never open the object of a governing verb
_NEVER = frozenset(
    "区 者 性 型 房 率 补偿 中的 中发 中起 中作 力 度 权 化 业 会 局 项 项目 工程 条件 能力 水平 质量 企业 公司 机制 格局 方案 计划 环境 资金 用地 标准 理念 成果 成效 许可 经济 领军 先锋 之 部 处".split()
)
_WORKS = frozenset(["项目", "工程", "企业", "公司"])
#: verbs that are as often nouns: inside a noun they are none
_NOUNISH = frozenset(
    "计划 要求 发展 试点 研究 投资 服务 规划 培育 宣传 传承 突破 提供 保障 支持 新建 连接 覆盖 辐射 设计 更新 开发 运行 运营 投入 增长 新增 推广 探索 组织 招生 交付 安装 通信 提升 布局 开放 促进 配合 进行 引导 "
    "协调 调整 评为 供水 发电 解决 加速 入驻 拓展 治理 施工 收官 复工 论证 审批".split()
)
#: adverbs of one character that stand only at the start of a verb phrase
_SHORT = frozenset("可正也还都又再便就要会能应须快")
_VERBAL = frozenset("SWNPABtG")
_OPENS = frozenset("SWNA,tBGIPqm")


#: words by which a clause without a verb goes on with the list of the one before
_CARRY_ON = frozenset(["以及", "等"])


def tokens(lex: Lexis, s: str, start: int, end: int) -> list[Token]:
    """The tokens of ``s[start:end]`` in order, without gap or overlap; none where no word tells a step or carries a list on."""
    out: list[Token] = []
    at = start
    raw = _raw(lex, s, start, end)
    if not any(t.kind in "SWP" for t in raw) and not any(t.kind in "CD" and t.word in _CARRY_ON for t in raw):
        return out
    for token in _resolve(s, raw, start, end):
        if token.start > at:
            out.append(Token("x", at, token.start, ""))
        out.append(token)
        at = token.end
    if at < end:
        out.append(Token("x", at, end, ""))
    return out


def _specials(s: str, start: int, end: int) -> list[Token]:
    found: list[Token] = []
    at = start
    for hint in _HINT.finditer(s, start, end):
        if hint.start() < at:
            continue
        m = _SPECIAL.match(s, hint.start(), end)
        if m is not None and m.lastgroup is not None:
            found.append(Token(m.lastgroup, m.start(), m.end(), m.group()))
            at = m.end()
    return found


def _raw(lex: Lexis, s: str, start: int, end: int) -> list[Token]:
    listed = lex.listed
    specials = _specials(s, start, end)
    words = lex.words.find_matches_as_indexes(s[start:end])
    if not specials:
        return [Token(listed[i][0], a + start, b + start, listed[i][1]) for i, a, b in words]
    out: list[Token] = []
    rest = iter(specials)
    special: Token | None = next(rest)
    at = start
    for i, a, b in words:
        a += start
        while special is not None and special.start <= a:
            out.append(special)
            at = special.end
            special = next(rest, None)
        if a >= at and (special is None or b + start <= special.start):
            out.append(Token(listed[i][0], a, b + start, listed[i][1]))
    while special is not None:
        out.append(special)
        special = next(rest, None)
    return out


def _heads(s: str, at: int) -> bool:
    return s[at : at + 1] in _HEADS or s[at : at + 2] in _HEADS or s[at : at + 3] in _HEADS


def _governs(s: str, t: Token) -> bool:
    """True where a verb with a noun behind it that it could belong to may govern that noun: 打造|产业城, not 改造项目."""
    if t.kind not in "SWN" or len(t.word) < 2 or t.word in _NOUNISH:
        return False
    two = s[t.end : t.end + 2]
    return (two in _WORKS and t.kind in "WN") or not (s[t.end] in _NEVER or two in _NEVER)


def _resolve(s: str, raw: list[Token], start: int, end: int) -> list[Token]:
    """The tokens that are what they look like: a verb inside a noun, 和 in 和平, 重点 in 重点学校 are not."""
    n = len(raw)
    keep = [True] * n
    doubt = [False] * n
    for i in range(n - 1, -1, -1):
        t = raw[i]
        k = t.kind
        follows = i + 1 < n and keep[i + 1] and raw[i + 1].start == t.end
        if k == "o":
            keep[i] = False
        elif k == "A":
            keep[i] = (follows and raw[i + 1].kind in _VERBAL and (not doubt[i + 1] or _governs(s, raw[i + 1]))) or t.end == end
        elif k in "SWNPB" and t.end < end and (not follows or doubt[i + 1]):
            doubt[i] = _heads(s, t.end)
    out: list[Token] = []
    for i in range(n):
        if keep[i] and _is_word(s, raw, i, doubt[i], keep, out, start, end):
            out.append(raw[i])
    return out


def _is_word(s: str, raw: list[Token], i: int, doubt: bool, keep: list[bool], out: list[Token], start: int, end: int) -> bool:
    """True where the token at ``i`` is a word of its own, given those before it."""
    t = raw[i]
    k = t.kind
    last = out[-1] if out else None
    beside = last.kind if last is not None and last.end == t.start else ""
    fresh = t.start == start or (beside != "" and beside in _OPENS)
    opens = fresh or beside in ("C", "E")
    if doubt and not (opens and _governs(s, t)):
        return False
    if k in "SWNBP" and t.word in _NOUNISH:
        if beside == "D" and k != "P":
            return False
        if not opens and t.end < end and s[t.end] not in ",、":
            follow = raw[i + 1] if i + 1 < len(raw) and keep[i + 1] else None
            if follow is None or follow.start != t.end or follow.kind not in "SPIC,":
                return False
    if k == "A":
        return fresh or t.word not in _SHORT
    if k == "G":
        return fresh
    if k == "I":
        return (beside != "" and beside in "SWNPIE") or t.word.startswith("主体") or (t.end == end and not t.word.startswith("配"))
    if k == "C" and len(t.word) == 1 and t.word != "、":
        if beside:
            return beside not in "C,"
        before = last.end if last is not None else start
        return t.start - before >= 2 and not (t.end < end and s[t.end] in "、,")
    return True
