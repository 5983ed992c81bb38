"""The words around an amount: what is peeled off in front of it, the noun before it, the noun behind it."""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.lexicon import lexicon

_STATE_YEAR = re.compile(r"(?:(\d{4})|([一二][〇零○一二三四五六七八九]{3}))年(?:年?[末底初])?(?:时)?的?$")
_LAST_YEAR = re.compile(r"(?:今年|本年|上年|去年|上一年|上年度|去年同期|上年同期|前年)(?:年?底)?的?$")
#: 比上年, 较2012年底, 与上年相比 … at the end of what stands before a verb of growth
_COMPARED = re.compile(r"(?:同比|环比|(?<![占对类评之])比(?![重例率值照亚如])|(?<!比)较(?!快|好|高|大|多|强)|与)[^,、;:]{0,18}$")
_TIMES_OF = re.compile(r"(?:是|为|相当于|等于|达到?|超过)[^,、;:]{1,16}$")
_SHARE_OF = re.compile(r"(?<![抢侵强独])(?:约?占(?!比|有率|用|地(?!区|方)|补|道)|相当于)(?:到|了|据)?")
_DISTANCE = re.compile(r"(?:(?:高于|高出|低于|快于|慢于|超过|高过|好于|优于|领先于?|超出)[^,、;:]{0,20}|(?<![占对类评])比(?![重例率值])[^,、;:]{1,16}(?:高|低|快|慢|多|少)出?了?)$")

AVERAGE = frozenset(["年均", "年平均", "每年", "平均每年", "每年平均", "逐年", "以年均", "以年平均", "以平均每年", "递增", "年递增", "递增率"])
#: scope, verbs only or other words that are no noun
_END_CUT = "的了为达共约计已均各又就仅只还也是双"


_GROWTH_NOUNS = frozenset(["增速", "增幅", "涨幅", "降幅", "增长速度", "增长幅度", "增长率", "涨幅度", "上涨幅度", "发展速度", "减幅", "下降率", "递增率"])


class Peeled:
    """What was peeled off in front of an amount: ``end`` is where the rest of the clause ends.

    ``direction`` of a verb of growth, ``to`` where the amount is a state that was reached, ``comparator``, ``average`` (年均),
    ``separately`` (分别), ``from_`` (从, 由), ``done`` (完成, 实现), ``year`` of a state (2012年的), ``last_year``.
    ``growth_start`` is where the verb of growth begins (-1: none).
    """

    __slots__ = ("end", "direction", "to", "comparator", "average", "separately", "from_", "done", "year", "last_year", "growth_start", "rank", "compared", "growth_noun", "total", "state", "change")

    def __init__(self, end: int) -> None:
        self.end = end
        self.direction = self.comparator = ""
        self.to = self.average = self.separately = self.from_ = self.done = self.rank = self.compared = self.growth_noun = self.total = self.state = False
        self.change = ""
        self.year: int | None = None
        self.last_year = False
        self.growth_start = -1


_RANK_WORDS = frozenset(["位居", "居", "位列", "名列", "列", "排名", "排在", "列第", "居第", "稳居", "位次", "跃居", "跻身"])
_HAN_DIGIT = str.maketrans("〇零○一二三四五六七八九", "000123456789")


def year_of(digits: str | None, han: str | None) -> int:
    """A year written 2012 or 二〇一二."""
    if digits:
        return int(digits)
    return int((han or "").translate(_HAN_DIGIT))


def peel(clean: str, low: int, high: int) -> Peeled:
    """Peels the words of ``words.yaml: before`` off the right end of ``clean[low:high]``."""
    lex = lexicon()
    before, whole = lex.before, lex.whole
    got = Peeled(high)
    at = high
    while at > low:
        last = clean[at - 1]
        stop = False
        for word in whole.get(last, ()):
            if clean.endswith(word, low, at):
                stop = True
                break
        if stop:
            break
        for word, says in before.get(last, ()):
            if clean.endswith(word, low, at):
                at -= len(word)
                _note(got, word, says, at)
                break
        else:
            if last in "年底末的期初时" and not got.direction:
                match = _STATE_YEAR.search(clean, max(low, at - 12), at)
                if match and (match.start() == low or clean[match.start() - 1] not in "是为比较与于超当"):
                    if got.year is None:
                        got.year = year_of(match.group(1), match.group(2))
                    at = match.start()
                    continue
                match = _LAST_YEAR.search(clean, max(low, at - 10), at)
                if match:
                    got.last_year = match.group()[0] not in "今本"
                    at = match.start()
                    continue
            break
    got.end = at
    return got


def _note(got: Peeled, word: str, says: str, at: int) -> None:
    if says in ("up", "down"):
        if word in _GROWTH_NOUNS and not got.direction:
            got.direction, got.growth_start, got.growth_noun = says, at, True
        elif not got.to and not got.direction:
            got.direction, got.growth_start = says, at
            got.change = lexicon().change.get(word, "")
            got.growth_noun = False
            if word in AVERAGE:
                got.average = True
    elif says in ("ge", "le", "approx"):
        if not got.comparator:
            got.comparator = says
    elif says == "to":
        if word[0] in "达保稳维控浮":
            got.state = True
        elif not got.direction:
            got.to = got.state = True
    elif says == "from":
        got.from_ = True
    elif says == "done":
        got.done = True
    elif says == "adverb":
        if word in AVERAGE:
            got.average = True
        elif word.startswith("分别") or word in ("各", "依次"):
            got.separately = True
        elif word in ("累计", "累积", "已累计"):
            got.total = True
    elif word in _RANK_WORDS:
        got.rank = got.state = True
    elif word.startswith("累计"):
        got.total = True
    elif word.startswith("分别"):
        got.separately = got.state = True
    else:
        got.state = True


class Noun:
    """A noun phrase in the clean text: span, what the verb in front of it says of change, and the verb's start (-1: none)."""

    __slots__ = ("start", "end", "change", "verb", "verb_end", "head")

    def __init__(self, start: int, end: int, change: str = "", verb: int = -1, verb_end: int = -1) -> None:
        self.start, self.end, self.change, self.verb, self.verb_end = start, end, change, verb, verb_end
        #: True where the verb opens the clause (新增岗位), False where a noun stands before it (城镇新增就业)
        self.head = True


def noun_before(clean: str, low: int, high: int, *, listed: bool = False) -> Noun:
    """The noun phrase that ends ``clean[low:high]``, verbs and scope in front cut off; empty (start == end) where none is left.

    ``listed``: the phrase is a list of nouns (甲、乙和丙分别…), so that a verb counts only in front of the first.
    """
    lex = lexicon()
    noun_tails, change_of, weak = lex.noun_tails, lex.change, lex.weak
    while high > low and clean[high - 1] in " ,;:":
        high -= 1
    number = _INDEX.search(clean, max(low, high - 12), high) if high > low and (clean[high - 1] == "、" or clean[high - 1].isdigit()) else None
    if number:
        high = number.start()
    if high > low and (clean[high - 1] in "、和与及" or (clean[high - 1] in "在对使让把向" and clean[high - 2 : high] not in ("存在", "应对", "面对", "针对", "出让", "转让", "受让"))):
        return Noun(high, high)
    aside = _ASIDE.match(clean, low, high)
    if aside:
        low = aside.end()
    high = _without_season(clean, low, high)
    high = _without_tail_verbs(clean, low, high)
    start, change, verb, verb_end = low, "", -1, -1
    first_verb, opening, opens = -1, low, False
    last_verb = clean.find("、", low, high) if listed else -1
    for match in lex.strong.finditer(clean, low, last_verb if last_verb > 0 else high):
        stop = match.end()
        word = match.group()
        if stop > high - 2:
            if stop == high:
                change = change_of.get(word, change)
                if match.start() == start or lex.lead.match(clean, start, match.start()).end() == match.start():  # type: ignore[union-attr]
                    return Noun(high, high, change, match.start(), stop)
            break
        if clean[stop] in _SURE_TAILS or (clean[stop] in noun_tails and clean[stop + 1] in "、和与及”" and stop + 1 < high):
            continue
        tail = clean[stop:high]
        if tail.count("”") > tail.count("“") or tail.count("》") > tail.count("《"):
            continue
        if word.startswith("新增") and 0 <= verb_end <= match.start() <= verb_end + 3 and clean[verb:verb_end] in _UNDOING:
            continue  # 拆除新增违建: what is new is torn down, not added
        if word.startswith(("新增", "净增")) and 0 < match.start() - lex.lead.match(clean, start, match.start()).end() <= 4:  # type: ignore[union-attr]
            continue  # 城镇新增就业 is one name
        adjacent = match.start() == verb_end or (verb_end >= 0 and clean[verb_end : match.start()] in weak)
        if first_verb < 0:
            first_verb = match.start()
            opens = word.startswith(("新增", "净增", "新添", "再添"))
        start, verb, verb_end = stop, match.start(), stop
        change = change_of.get(word, change if adjacent or opens else "")
    start = lex.lead.match(clean, start, high).end()  # type: ignore[union-attr]
    while high - start > 3 or (high - start == 2 and clean[start:high] in weak and clean[start:high] not in lex.noun_verbs):
        word = clean[start : start + 2]
        if word not in weak or word in lex.modifiers and high - start > 2 or (high - start > 2 and clean[start + 2] in noun_tails):
            break
        if high - start == 2:
            return Noun(high, high, change_of.get(word, change), start, high)
        if verb < 0 or word in change_of:
            change = change_of.get(word, change)
        verb, verb_end = start, start + 2
        start = lex.lead.match(clean, start + 2, high).end()  # type: ignore[union-attr]
    while high > start and (clean[high - 1] in _END_CUT or clean[high - 1] in "“《"):
        high -= 1
    if start >= high - 1:
        start = high
    noun = Noun(start, high, change, verb, verb_end)
    if first_verb > opening and lex.lead.match(clean, opening, first_verb).end() < first_verb:  # type: ignore[union-attr]
        noun.head = False
    return noun


#: 剔除减税降费因素, 按可比口径 … in front of what is told
_ASIDE = re.compile(r"(?:剔除|扣除|按照?|考虑|不含|不包括|除去)[^,、;]{1,16}?(?:因素(?:后|影响)?|口径(?:计算)?|价格(?:计算)?|影响(?:后)?|计算)")


_SEASON = re.compile(r"(?:第?[一二三四]季度|上半年|下半年|前三季度|\d+月份?|当月|全年|年末|年底)$")


def _without_season(clean: str, low: int, high: int) -> int:
    """The end of the phrase without a part of the year at its end (工业总产值第一季度)."""
    if clean[high - 1 : high] in ("度", "年", "月", "份", "末", "底"):
        match = _SEASON.search(clean, max(low, high - 6), high)
        if match:
            return match.start()
    return high


_SURE_TAILS = frozenset("率量额数费者值")


#: an index without a unit in front of its growth (综合指数4.463、下降5.96%)
_INDEX = re.compile(r"(?<=[一-鿿])(?:为|达到?)?\d+\.\d+[、,]?$")
#: verbs that undo what is called 新增 behind them
_UNDOING = frozenset(["拆除", "消化", "处置", "查处", "整治", "遏制", "治理", "清理", "化解", "消除", "控制", "防止", "严控"])


def _without_tail_verbs(clean: str, low: int, high: int) -> int:
    """The end of the phrase without 投入运营, 通车 … where a noun of two characters or more is left."""
    tails = lexicon().tail_verbs
    cut = True
    while cut and high - low > 3:
        cut = False
        for word in tails:
            if clean.endswith(word, low, high) and high - len(word) - low >= 4:
                high -= len(word)
                cut = True
                break
    return high


_KEEP_TAIL = frozenset(["高速", "高标", "高新", "高水", "高校", "高层", "高端", "高品", "高中", "高质", "高技", "高效", "高价", "高素", "户外", "户用", "户厕", "力量", "业主", "业务", "线上", "线下", "品牌", "品种", "区域", "区级", "区县", "房屋", "房产", "车站", "车位", "水库", "权益", "权责", "地方", "地质", "地下", "地铁", "点位", "网格", "网络", "路网", "路灯", "桥梁", "材料", "器材", "长期", "带状", "港口", "港航", "园林", "园区", "校园", "校舍", "院校", "校长", "证照", "书记", "书屋", "力度", "性能", "费用", "金融", "费县", "额度", "数字", "数据", "品质", "业态", "度假", "价格", "价值", "人工", "卡口", "室内", "所得", "群众", "群体", "链上", "链主", "船舶", "楼宇", "厂房", "场地", "场所", "场馆", "馆藏", "店铺", "房源", "机器", "机关", "机动", "机构", "机场", "机械", "具有", "款项", "点亮", "点对", "占地", "量子", "率先", "者"])


def noun_behind(clean: str, low: int, high: int, *, counted: bool = False) -> int:
    """Where the noun phrase that begins at ``low`` ends; ``low`` itself where no noun begins there.

    Members joined by 、 are taken in as long as they have no amount and no verb of their own (3个农业、林业基地).
    """
    end = _piece_behind(clean, low, high, counted=counted)
    if end == low:
        return low
    lex = lexicon()
    while end < high and clean[end] == "、":
        following = _piece_behind(clean, end + 1, high)
        if following <= end + 1 or following == high and following - end < 3:
            break
        word = clean[end + 1 : end + 3]
        if word in lex.verbs and not lex.kind_nouns.match(clean, end + 3, following):
            break
        if following < high and clean[following] not in ",;。、()" and lex.after_noun.match(clean, following) is None:
            break
        end = following
    return end


def _piece_behind(clean: str, low: int, high: int, *, counted: bool = False) -> int:
    lex = lexicon()
    if low >= high:
        return low
    stop = high
    for mark in ",;。:()!?\n、":
        at = clean.find(mark, low, stop)
        if at >= 0:
            if mark == "(" and clean.find(")", at, at + 6) > 0 and at > low:
                continue
            if mark == ")" and clean.rfind("(", low, at) >= 0:
                continue
            stop = at
    if stop <= low:
        return low
    first = clean[low]
    if not ("一" <= first <= "鿿" or first in "“《\"" or first.isalnum()):
        return low
    for match in lex.after_noun.finditer(clean, low, stop):
        at, after = match.start(), match.end()
        word = match.group()
        if at == low and counted and word in lex.soft_verbs and clean[after : after + 1] not in ("我", "本", "该", "了", "于"):
            continue
        if clean.count("“", low, at) > clean.count("”", low, at):
            continue
        if len(word) > 1 and lex.kind_nouns.match(clean, after, stop) or (after < stop and clean[after] in lex.noun_tails and clean[after : after + 2] not in _KEEP_TAIL):
            continue
        if word in ("和", "与", "及", "以及") and at > low and not lex.after_noun.match(clean, after, stop):
            continue
        if len(word) == 1 and not _stands_alone(clean, at, low):
            continue
        if word == "等" and at > low and after < stop and not lex.after_noun.match(clean, after, stop):
            continue
        if at - low == 1 and len(word) > 1:
            continue
        return at
    if stop - low > 2 and clean[stop - 1] in "和与及" and clean[stop : stop + 1].isdigit():
        return stop - 1
    return stop


_PART_OF_NOUN = frozenset(["公共", "中共", "实有", "天使", "大使馆", "高增", "特有", "共享", "共建", "共青", "共同", "总共", "有水", "有证", "有劳", "有意", "有需", "国有", "所有", "公有", "私有", "特有", "现有", "在建", "在职", "在校", "在册", "存在", "外来", "未来", "由来", "来源", "来料", "来华", "来访", "到期", "到位", "报到", "均衡", "平均", "人均", "户均", "亩均", "比例", "比赛", "对比", "占比", "较大", "比较", "为民", "为老", "行为", "作为", "是否", "将军", "自由", "理由", "从业", "从事", "被征", "给排", "供给", "给水", "使用", "大使", "使馆", "以上", "以下", "以内", "可以", "居民", "居家", "居住", "民居", "宜居", "社居", "邻居", "人居", "等级", "高等", "中等", "平等", "参与", "与会", "及时", "普及", "涉及", "有关", "有效", "有机", "有限", "有色", "有线", "并网", "合并", "达标", "通达", "到村", "到户", "有害", "等外", "均等", "和谐", "和平", "和美", "共和", "和睦", "饱和", "温和", "让利", "转让", "出让", "来自", "在线", "在岗", "在押", "在园", "在营", "在家", "在外", "在编", "持有", "拥有", "占道", "占地", "占用", "比特", "由于", "有轨", "无人", "从教", "到岗", "等离", "以工", "以旧", "居委", "比武", "为农", "为企", "到港", "将帅"])


def _stands_alone(clean: str, at: int, low: int) -> bool:
    """False where the one-character word at ``at`` is half of a longer word."""
    return clean[at : at + 2] not in _PART_OF_NOUN and (at == low or clean[at - 1 : at + 1] not in _PART_OF_NOUN)


def compared(clean: str, low: int, high: int) -> int:
    """Where 比上年, 较… begins at the end of the stretch; ``high`` where nothing is compared."""
    match = _COMPARED.search(clean, max(low, high - 20), high)
    return match.start() if match else high


def times_of(clean: str, low: int, high: int) -> int:
    """Where 是…的 (of 是2012年的1.8倍) begins; ``high`` where it is missing."""
    match = _TIMES_OF.search(clean, max(low, high - 18), high)
    return match.start() if match else high


def distance_from(clean: str, low: int, high: int) -> int:
    """Where 高于全省 (of 高于全省3.3个百分点) begins; ``high`` where nothing is measured against."""
    match = _DISTANCE.search(clean, max(low, high - 20), high)
    return match.start() if match else high


def rank_at(clean: str, low: int, high: int) -> int:
    """Where 居全国第 (of 居全国第13位) begins at the end of the stretch; ``high`` where no rank is said."""
    begin = max(low, high - 16)
    for word in ("跃居", "稳居", "位居", "均居", "居", "位列", "名列", "并列", "排名", "排在", "排", "跃升至", "跃升到", "上升至", "上升到", "升至", "提升至", "进位至", "前移至", "跃至", "列", "跻身", "保持", "进入", "继续保持"):
        at = clean.rfind(word, begin, high)
        if at >= 0 and not any(mark in clean[at:high] for mark in ",;:、"):
            return at
    return high


def share_of(clean: str, low: int, high: int) -> int:
    """Where 占… begins in the stretch; -1 where nothing is said to be a share."""
    match = None
    for match in _SHARE_OF.finditer(clean, low, high):
        pass
    return match.start() if match else -1
