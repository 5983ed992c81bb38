"""Cuts a member to its name and says how much its words alone speak for one single thing with a designation of its own."""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from luoshi.extract.kinds.project.lexis import Lexis, lexis

#: what a name sheds in front
_FRONT = re.compile(
    r"(?:以及|推进|推动|加快|统筹(?!城乡)|保护(?![区地站中性])|并|对(?!外)|把|将|使|让|如(?![意东皋海家])|其中|包括|特别是|尤其是|或|我们|我市|我省|我区|我县|全市|全省|全区|全县|辖区内?|区内|市内|省内|境内|其他|首批|第[一二三四五六七]批|首单|"
    r"(?:全国|全省|全市|国内|世界|全球|亚洲|西部|华南|我市|我省)?(?:首个|首条|首座|首家|首例|首批|首所|最大|规模最大|唯一|第一个|第一条|第一家|第一座)|重大项目|重点项目|重点工程|重大工程|标志性工程|"
    r"总投资|投资|位于|国家级|省级|市级|区级|新型|[一二三四五六七八九十]是|——|[·•●○◆▪]|\(?[一二三四五六七八九十]+\)|\(\d+\)|\d+\.|(?:世界|全球|中国|全国)\d+强(?:企业)?|\s+)+"
)
#: a superlative inside, behind which the name begins
_FIRST = re.compile(r"首[个条座家台例所艘](?:[^“”]{0,12}的)?|国家级(?=“)")
#: what it sheds behind
_BACK = re.compile(
    r"(?:主体结构|主体工程|主体|结构|免费|畅通|去筹|刚刚|仅用|就能|初步|等|一带|的|了|又|方面|工作|建设|也|要|共|先行|先期|首期|范围内|内容|在|于|从|由|:|\s)+$"
)
_BACK_ENDS = frozenset("费通筹刚用能步也要共构程体等带的了又面作设行期内容在于从由: \n")
#: a phase, part or annex at its end
_PHASE = re.compile(
    r"(?:(?:首|[一二三四五六七八九十\dⅠⅡⅢ]+|(?<![A-Za-z0-9])[A-Z])(?:标)?(?:期|段|区|号楼|标|座|、)+|\([^()]*\)|[东西南北中前后首末]段|全线|全段|(?<=..)(?<!路)段|启动区|起步区|核心区|主体|"
    r"(?<![A-Za-z0-9])[A-Z])+(?:工程|项目|建设)?$"
)
_PHASE_ENDS = frozenset("期段区楼标座线号、)程目设体ABCDEFGHIJKLMNOPQRSTUVWXYZ")
#: words that no name has
_BROKEN_CHARS = re.compile(r"[是使让把被们您它这在将获最;。!?:《》,]")
_BROKEN = re.compile(
    r"那[些个里样么]|(?<!华)为|之[城都路地乡窗家星光一]$|^(?:进一步|持续|不断|深入|全面|大力|积极|切实|加大|着力|努力|更好|推深)|对(?!外)|进行|通过|实现|以上|以下|不断|之间|向(?:我|社会|公众|全|基层|农村|高端|纵深|西部|市场|东|西|海)|^[至到其要]|\d路$|其[他中它余]|[“\"][一二两三四五六七八九十\d][^”\"]*[”\"]$|^[“\"]?[二三四五六七八九十两]大(?![街道桥路])|^(?:抓|做[好实强大优]|用好|办好|建强)|来(?:我|深|华|琼|冀|京|沪|渝|粤|皖|鲁)|"
    r"[一二三四五六七八九十两]\S[一二三四五六七八九十两]\S$|^\d+(?:周?年|月)|(?<!期)、"
)
_SUSPECT = re.compile(r"[那为之对进通实以不向来其路“\"、一二三四五六七八九十两]|^[至到要抓做用办建持深全大积切加着努更推0-9]")
_ABSTRACT = re.compile(
    r"(?:回归|溯源|形象提升|传承|振兴|复兴|跃升|登高|赋能|上云|下乡|名师|名校|名医|育人|引才|聚才|助餐|救助|关爱|帮扶|结对|反哺|圆梦|雪亮|天网|希望|安居|放心|满意)工程$|^[“\"][^”\"]*[”\"]\S{0,4}项目$"
)
_QUOTED = re.compile(r"[”\"](?:工程|计划|行动)$")
#: a programme said in quotation marks inside a name
_INNER = re.compile(r"[“\"][^”\"]*(?:工程|计划|行动)[”\"]?$")
#: what names a programme where it stands in quotation marks
_ENDEAVOUR = re.compile(r"(?:工程|计划|行动)$")
#: how things go, a share, or what is only ordered: no name ends or is so
_JUDGED = re.compile(
    r"(?:较好|良好|顺利|圆满|明显|显著|有力|目标任务|惠民生|保民生|顾民生|相关项目)$|^(?:全年)?新增|^(?:周围|附近|相关|有关|其余|所有|每[周年月个])|^[省市区县]定$|^[百千万]\S[帮进联包兴助][百千万]\S$|"
    r"^保\S\S保|^[一二两三四五六七八九十]\S[一二两三四五六七八九十]\S[一二两三四五六七八九十]\S{1,3}$"
)
_PROGRAMME = re.compile(
    r"(?:教育|文明|健康|信息化|人才|就业|保障|远程教育|[百千万双][村企户宗人镇厂里校家]\S{0,6})工程$|^[“\"][^”\"]*[”\"](?:项目)?$|"
    r"(?:提效|增效|提质|扩优提质|扩围|扩面|提速|提档升级|返乡|共享|村村通|户户通|倍增|培育|培优|素质|惠民|富民|领跑|护航|民心|民生|希望|安居|放心|满意|覆盖|培训|品牌|基础再造|试点|示范|创建|强基|固本|人才|清洁|节能|减排|扶贫|攻坚|(?:能力|素质|质量|环境|品质|效率|水平|服务)提升)工程$"
)
_MARK = re.compile(r"[A-Za-z0-9·—\-+]|第[一二三四五六七八九十]|[一二三四五六七八九十]号")
_OWNER = re.compile(r"^(?:市|区|省|县|州|新区)(?=[\u4e00-\u9fff]{2,}(?:院|馆|校|中心|中学|小学|所|园|公园|大学|剧院|厅|广场)$)")
_ADMIN = re.compile(r"^.{1,6}(?:省|市|县|(?<!小)镇|乡|街道|街道办|自治区|自治州|州)$|^.{1,2}(?<!新)区$")
_POSITION = re.compile(r"[东西南北中]部|城[东西南北]|[东西南北]区|华[东南北中]|中国|京津|长三角|第[一二三四五六七八九十]")
_FRESH = re.compile(r"新(?!型|兴|能|材|一|时|农)")
_OVER = re.compile(
    r"(?:机场|车站|火车站|枢纽|水库|大桥|体育场|体育馆|博物馆|医院|港|高速|铁路|国道|水厂|电厂|大剧院|图书馆)(?:改扩建|扩建|改造|迁建|新建|除险加固|扩容)$|机场\S{0,4}扩建$"
)
_LINED = re.compile(r"(?:号线|\d线|快速路|高速|铁路|机场|大桥|隧道|航道)(?:续建|扩建|改造|延伸)?$")
_LIGHT = frozenset('“”"()·.% 0123456789与和及')
_SINGLE = frozenset(
    "省州国新老旧大小中高东西南北内外上下前后区市县镇乡村校院路网站港城园馆楼级性化型类等各多全总主分副特超双一二三四五六七八九十百千万首次个座条处所家项批用式端线点面体地水电气热光车船人物品业产学研医药食衣住行文体教科技艺农林牧渔工商金贸"
)
#: words of hope of which a name has one at most
_GRAND = re.compile(r"现代化|国际化|创新型|多功能|区域性|标志性|影响力|一流|领先|高水平|高品质|智能化|综合性")
#: kinds whose names often end in a common word: 新大河, 东大街
LAND = frozenset("河江湖溪涌渠港街湾岛")
#: what a kind noun is worth behind common words alone
_PRIOR = {"sure": 0.9, "street": 0.9, "line": 0.6, "single": 0.6, "plain": -0.5, "poor": -1.2, "weak": -2.2, "firm": -0.6, "house": 0.4}
NONE = -9.0


class Worth(msgspec.Struct, frozen=True, gc=False):
    """What the words of a name say: ``value``, its kind noun and the class of that, how uncommon the rest is."""

    value: float
    kind: str = ""
    cls: str = ""
    odd: float = 0.0
    phase: bool = False
    quoted: bool = False
    head: str = ""


def _is_plain(s: str, common: frozenset[str]) -> bool:
    """True where common words, taken from the right, cover all: a quick look."""
    at = len(s)
    while at > 0:
        if at > 1 and s[at - 2 : at] in common:
            at -= 2
        elif at > 2 and s[at - 3 : at] in common:
            at -= 3
        elif at > 3 and s[at - 4 : at] in common:
            at -= 4
        else:
            return False
    return True


def uncommon(s: str) -> float:
    """The least weight of characters that no common word covers; one that joins words freely weighs half, a digit or quotation mark nothing."""
    return 0.0 if _is_plain(s, lexis().common) else weigh(s)


@lru_cache(maxsize=1 << 15)
def weigh(s: str) -> float:
    """``uncommon`` without the quick look."""
    common = lexis().common
    three = two = 0.0  # the least weights of s[:i - 3] and s[:i - 2]
    four = 0.0
    one = 0.0
    for i, ch in enumerate(s, 1):
        low = one + (0.0 if ch in _LIGHT else 0.5 if ch in _SINGLE else 1.0)
        if i > 1 and two < low and s[i - 2 : i] in common:
            low = two
        if i > 2 and three < low and s[i - 3 : i] in common:
            low = three
        if i > 3 and four < low and s[i - 4 : i] in common:
            low = four
        four, three, two, one = three, two, one, low
    return one


def tail(lex: Lexis, s: str) -> str:
    """The longest kind noun that ends ``s``, or ``""``."""
    for size in (6, 5, 4, 3, 2, 1):
        if size <= len(s) and s[-size:] in lex.tails:
            return s[-size:]
    return ""


def _is_refused(lex: Lexis, s: str, least: int) -> bool:
    if s[-1:] == "化" and s[-2:-1] not in "石炼德敦宣怀绥从奉通":
        return True
    size = next((size for size in range(least, 7) if size <= len(s) and s[-size:] in lex.refused), 0)
    return size > 0 and not (s.endswith("项目") and uncommon(s[:-size]) >= 1.5)


def trim(s: str, start: int, end: int) -> tuple[int, int]:
    """The span of the name within a member's span."""
    while start < end and s[start] in " \n、,":
        start += 1
    while end > start and s[end - 1] in " \n、,":
        end -= 1
    dash = s.rfind("——", start, end)
    if dash >= 0:
        start = dash + 2
    m = _FRONT.match(s, start, end)
    if m:
        start = m.end()
    if "首" in s[start:end] or "国家级" in s[start:end]:
        m = _FIRST.search(s, start, end)
        if m and m.end() < end - 1:
            start = m.end()
    place = s.find("在", start + 2, end)
    if place > 0 and s[place - 1] not in "实存潜现正旨" and s[place + 1 : place + 2] not in ("建", "编", "在", "校", "线"):
        end = place
    if end > start and s[end - 1] in _BACK_ENDS:
        m = _BACK.search(s, start, end)
        if m:
            end = m.start()
    if end - start > 2 and s[start] in '“"' and s.find("”" if s[start] == "“" else '"', start + 1) == end - 1:
        start, end = start + 1, end - 1
    return start, end


def _is_none(lex: Lexis, name: str, quoted: bool) -> bool:
    """True where the words are a piece of a sentence, a hope, or a programme in quotation marks."""
    if _BROKEN_CHARS.search(name) or (_SUSPECT.search(name) and _BROKEN.search(name)):
        return True
    if _JUDGED.search(name) or lex.fragment.search(name) or lex.slogan.match(name):
        return True
    if quoted and _ENDEAVOUR.search(name) and not tail(lex, name[:-2]):
        return True
    inner = _INNER.search(name) if name[-1] in '程划动”"' and not _QUOTED.search(name) else None
    return inner is not None and not tail(lex, name[: inner.start()])


def worth(s: str, start: int, end: int) -> Worth:
    """The worth of the name at a span; its ``value`` is ``NONE`` where it can be none."""
    return _worth(s[start:end], start > 0 and s[start - 1] in '“"')


@lru_cache(maxsize=1 << 15)
def _worth(name: str, quoted: bool) -> Worth:
    if not 2 <= len(name) <= 40 or _is_none(lexis(), name, quoted):
        return Worth(NONE)
    if name[-1] in '程划动目”"':
        if _ABSTRACT.search(name):
            return Worth(NONE)
        if _QUOTED.search(name):
            return Worth(NONE, cls="refused", odd=uncommon(name), quoted=quoted)
        programme = _PROGRAMME.search(name)
        if programme is not None and uncommon(name[: programme.start()]) < 1:
            return Worth(NONE, cls="refused", odd=uncommon(name), quoted=quoted)
    lex = lexis()
    quoted = quoted or name[0] in '“"'
    m = _PHASE.search(name) if name[-1] in _PHASE_ENDS else None
    stem = (name[: m.start()] if m else name) or name
    phase = m is not None and m.start() > 0
    stem = stem.rstrip('”"')
    if name in lex.places:
        return Worth(NONE, cls="town", odd=2.0)
    if _ADMIN.match(name) or ("与" in name and all(part in lex.places for part in name.split("与"))):
        return Worth(NONE)
    if _is_refused(lex, stem, 2 if phase or stem != name else 1):
        return Worth(NONE, "", "refused", uncommon(stem), False, quoted, stem)
    kind = tail(lex, stem)
    cls = lex.tails.get(kind, "")
    head = stem[: len(stem) - len(kind)]
    if len(kind) == 1 and not phase:
        # 道路, 思路: a common word that happens to end so
        for size in (2, 3):
            if len(stem) >= size and stem[-size:] in lex.lookalikes:
                head, cls = stem[:-size], "poor"
                break
    odd = uncommon(head) if head else 0.0
    if len(head) == 1:
        odd = 0.0 if cls in ("line", "street") else -1.0 if head in _SINGLE and head != "光" else 1.0
    if not kind:
        odd -= sum(ch.isascii() and ch.isalpha() for ch in head)
        return Worth(min(odd, 3.0) * 0.5 - 0.6 + (1.2 if phase else 0), "", "", odd, phase, quoted, head)
    if not head:
        alone = 0.2 if cls in ("single", "sure") and len(kind) >= 3 else -2.0
        return Worth(1.0 if phase else alone, kind, cls, 0.0, phase, quoted, head)
    return Worth(_value(name, head, kind, cls, odd, phase, quoted), kind, cls, odd, phase, quoted, head)


def _value(name: str, head: str, kind: str, cls: str, odd: float, phase: bool, quoted: bool) -> float:
    value = min(odd, 3.0) + _PRIOR[cls]
    if odd < 2 and _MARK.search(head):
        value += 1.0
    if phase:
        value += 1.5
    if _OWNER.match(name):
        value += 1.3
    if cls != "weak":
        value += min(max(len(head) - 4, 0) * 0.15, 1.2)
    if _POSITION.match(head):
        value += 1.0
    elif _FRESH.match(head):
        value += 0.6
    if quoted:
        value += 0.8 if cls in ("single", "sure") else -0.6
    if kind in ("项目", "工程"):
        value += 1.5 if _OVER.search(head) else 0.5 if _LINED.search(head) else 0.0
    if odd < 1 and head.startswith(lexis().ordinary):
        value -= 0.6
    if head in lexis().ordinary:
        value -= 0.8
    if head == "国家":
        value -= 1.5
    if odd < 2 and len(head) >= 6 and len(_GRAND.findall(head)) > 1:
        value -= 2.0
    if len(name) == 2 and cls in ("line", "street"):
        value -= 0.6
    if cls in ("weak", "poor") and odd >= 2:
        value += 0.5
    return value
