"""Measure rules: one sentence with its amounts in, drafts of measures out. Offsets are in the clean text.

Every amount is read by one of a few patterns, which is also its rule's name:

    "<amount> <noun>"               新认定3家平台
    "<noun> <amount>"               发放贷款30亿元
    "<noun> <grows> <amount>"       规上工业增加值增长5%
    "<amount> of the same"          …1250亿元、增长6%
    "<nouns> 分别 <amounts>"         甲、乙分别增长3%和5%
    "<base> <amount>"               an amount that only delimits or describes
"""

from __future__ import annotations

import re

from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.phrase import Noun, Peeled, compared, distance_from, noun_before, noun_behind, peel, rank_at, share_of, times_of

_CONNECT = re.compile(r"[、,]?(?:和|与|及|以及|并|且)?\s?")
_MEMBER = re.compile(r"[、,]|以及|(?<![共总饱温缓平])和(?![平谐睦美])|(?<![参])与(?![会])|(?<![涉普])及(?!时)")
_REACHES = re.compile(r"[^,;。、]{0,12}?(?:提高|提升|增加|增长|扩大|扩展|上升|下降|降低|降|减少|缩减|压缩|缩短|压减|调整|调减|优化|回落|攀升|跃升|升|增|减|拓展|延伸|精简|整合|合并|归并|发展|变|改|回升|收窄|上涨|拓宽|恢复|延长|转变|提|晋升|进|集中|推进|下调|上调|扩|缩小|翻)[^,;。、]{0,3}?(?:到|至|为|成)")
_INTO = re.compile(r"[^,;。]{0,16}?(?:整合|合并|归并|优化|调整|精简|压缩|缩减|撤并|压减|集中|改造|减少|归集|梳理|简化)(?:优化|调整|合并|归并)?(?:为|成|到|至)")
_TAKES = re.compile(r"(?:将|把)[^,;。]{0,14}$")
_LEVEL_NOUN = re.compile(r"(?:比重|比例|份额|比率|占比)$")
_AIM = re.compile(r"(?:的)?(?:目标|任务|要求|速度|水平|增速|增幅|指标|底线|比例|比重|份额|贡献|成绩|好成绩|高位|区间|大关|关口|以上|左右)")
_LIMIT = re.compile(r"的(?:控制线|标准线|警戒线|标准值|上限|下限|起征点|门槛)")
_DESIGNATION = re.compile(r"(?:项目|工程|装置|生产线|电站|基地|机组)$")
_ONE_BY_ONE = frozenset("个项件家座宗处条所套名位人户批场次")
#: nouns that say how much there is; a verb of change of the list before does not reach them
_OWN_LEVEL = ("数", "总额", "额", "率", "量", "招生", "收入", "支出", "产值", "比重", "占比", "总数", "总量", "值", "余额", "规模", "比例", "人口")
_YEARS_EACH = re.compile(r"(\d{4})年、(\d{4})年(?:、(\d{4})年)?(?:、(\d{4})年)?(?:将)?(?:力争)?(?P<noun>[^,;、\d]{0,20})分别[^,;、]{0,6}$")
_WORD_RULES = {
    "all": "is covered wholly", "zero": "is none", "both_down": "both fall", "both_up": "both rise", "above": "is above <reference>",
    "below": "is below <reference>", "with": "keeps step with <reference>", "assigned": "does what was assigned", "unchanged": "stays as it is",
}
_GENERAL_AIM = re.compile(r"各项|主要目标|全年|目标任务$|五[”\"]?规划")
_YEARLY = re.compile(r"年均(?!浓度|值|气温|降)")
#: verbs that tell what there is, not what was done
_HAVE = frozenset(["建有", "拥有", "设有", "保有", "现有", "已有", "共有", "达到", "辖有", "存有"])
#: units that count how often the verb was done
_TIMES_DONE = frozenset(["次", "人次", "场次", "批次", "家次", "件次", "户次"])
_GROWTH_BEHIND = re.compile(r"的(?:年均|平均)?(增速|增长速度|增幅|增长(?!极|点|动力))")
_TOTAL_OF = re.compile(r"(?:营收|营业收入|主营业务收入|产值|税收|收入|增加值|利润|销售额|交易额)(?:累计)?(?:超过?|达到?|突破|近|约|完成|实现)*$")
_FROM = re.compile(r"(?:从|由)[^,;。、的]{1,10}$")
_INNER = re.compile(r"(不低于|不少于|超过|高于|不超过|不高于|低于|少于)[^,;。]{1,14}的$")
_GROWTH_AIM = re.compile(r"(?:增长|增幅|增速)[^,;。、率]{0,6}(?:目标|任务|预期|计划)(?:值|确定|定|设定|安排|建议)?$")
_TOLD = re.compile(r"的[^,;。]{1,16}(?:得到|实现|获得|享受|解决|改善|保障|落实|提高|增长)")
#: verbs of framing: a count behind them only says what is meant
_FRAMES = ("围绕", "聚焦", "针对", "瞄准", "依托", "面向", "按照", "根据", "对照", "立足", "利用")
_PART_OF = re.compile(r"(?:已[^,]{0,6}|中有?|其中有?|有|(?:调整|减少|压缩|精简|合并|整合|优化|缩减|增加|扩大|下降|上升)(?:到|至|为|成)|[^,]{2,}(?:完成|开工|竣工|建成|投产|整改|办结|签约|落地))$")
_BASES_OF = re.compile(r"(?:省外|市外|年|单体|总|主营业务|净)?(?:投资额?|总投资额?|收入|产值|营收|税收|面积|规模|估值|资产|市值|销售额|注册资本)?(?:超过?|过|达到?|突破|不低于|在)?")
_RELATIVE = re.compile(
    r"(?:具有|具备|拥有|有|基础|条件|规模|实力|水平|效益|影响|特色|竞争|带动|成长|管理|建设水平|[^,;。、]{0,10}(?:较|突出|领先|优良|明显|显著)|由)[^,;。]{0,24}的(?=[^,;。的]{2,})"
)


def over_or(limit: int, tail: int) -> int:
    """The limit, where it lies behind ``tail``."""
    return limit if limit > tail else tail


def _relative_head(clean: str, low: int, high: int) -> int:
    """Where the head noun begins behind a relative clause (10家|建设水平突出、发展成效明显的|园区); ``low`` where there is none."""
    match = _RELATIVE.match(clean, low, high)
    return match.end() if match else low


class Subject:
    """What a later amount of the sentence may be of."""

    __slots__ = ("start", "end", "change", "growth", "unit_class")

    def __init__(self, start: int, end: int, change: str, growth: str, unit_class: str) -> None:
        self.start, self.end, self.change, self.growth, self.unit_class = start, end, change, growth, unit_class


class Draft:
    """A measure in the making; ``start``/``end`` of the indicator in the clean text (equal where none is known)."""

    __slots__ = ("amount", "start", "end", "measure", "direction", "comparator", "base", "rule", "average", "total", "year", "last_year", "state", "earlier", "verb", "done_verb", "listed", "said", "compared", "idle")

    def __init__(self, amount: Amount) -> None:
        self.amount = amount
        self.start = self.end = amount.start
        self.measure = "level"
        self.direction = ""
        self.comparator = "eq"
        #: True for an amount that only delimits, describes or is where a change starts from
        self.base = False
        self.rule = ""
        self.average = self.total = self.last_year = self.state = self.earlier = self.done_verb = self.listed = self.compared = False
        #: True for words that turn out to be of nothing (圆满完成全年任务): no fact is made
        self.idle = False
        #: the change that the verb in front says, for the amounts of the same list
        self.said = ""
        self.year: int | None = None
        self.verb = ""


class Sentence:
    """One sentence of the clean text with its amounts; reads them in order."""

    __slots__ = ("clean", "start", "end", "amounts", "drafts", "history", "fallback")

    def __init__(self, clean: str, start: int, end: int, amounts: list[Amount], fallback: Subject | None) -> None:
        self.clean, self.start, self.end, self.amounts = clean, start, end, amounts
        self.drafts: list[Draft] = []
        self.history: list[Subject] = []
        self.fallback = fallback

    def read(self) -> list[Draft]:
        amounts = self.amounts
        index = 0
        while index < len(amounts):
            group = self._group(index)
            if group > 1:
                self._read_group(index, group)
            else:
                self._read_one(index)
            index += group
        return self.drafts

    # ---- stretches of the sentence

    def _clause(self, at: int) -> int:
        """Where the clause of the offset begins."""
        clean, low = self.clean, self.start
        begin = max(clean.rfind(",", low, at), clean.rfind(";", low, at), clean.rfind(":", low, at)) + 1
        paren = clean.rfind("(", low, at)
        if paren >= begin and clean.find(")", paren, at) < 0:
            begin = paren + 1
        dash = clean.rfind("——", low, at)
        if dash >= begin:
            begin = dash + 2
        return max(begin, low)

    def _low(self, index: int) -> int:
        """Where the words begin that belong to the amount: its clause or the end of the amount before."""
        begin = self._clause(self.amounts[index].start)
        if index:
            last = self.drafts[-1]
            begin = max(begin, self.amounts[index - 1].tail)
            if last.rule == "<amount> <noun>" and last.end <= self.amounts[index].start and not last.base:
                begin = max(begin, last.end)
            start = self.amounts[index].start
            if begin < start and self.clean[begin] not in "、,;" and begin == self._tail_of_last(index):
                comma = self.clean.rfind("、", begin, start)
                if comma >= 0 and not last.base:
                    begin = comma + 1
        return begin

    def _delimits(self, index: int) -> int:
        """Where the words behind an amount begin that only says which (亿元以上|项目, 500亿级|企业); -1 for any other amount."""
        amount, clean = self.amounts[index], self.clean
        if amount.unit_class not in ("money", "size", "none"):
            return -1
        tail = amount.tail
        if clean.startswith("级", tail):
            return tail + 1
        if amount.behind in ("ge", "le") or amount.written_unit == "scale":
            return tail
        if amount.unit_class == "money" and clean.startswith("的", tail):
            return tail + 1
        return -1

    def _limit(self, index: int) -> int:
        """Where the words behind the amount end: the next amount or the end of the sentence."""
        if index + 1 < len(self.amounts):
            return self.amounts[index + 1].start
        return self.end

    def _group(self, index: int) -> int:
        """How many amounts stand in a row with nothing but 、 or 和 between them (9.8%和8.5%); 1 where the amount is alone."""
        amounts, clean = self.amounts, self.clean
        count = 1
        while index + count < len(amounts):
            last, following = amounts[index + count - 1], amounts[index + count]
            match = _CONNECT.match(clean, last.tail, following.start)
            between = clean[match.end() if match else last.tail : following.start]
            if between and between not in ("增长", "分别", "近", "约", "超过", "超", "突破"):
                break
            if last.unit != following.unit or last.no_value or following.no_value or "word" in (last.unit_class, following.unit_class):
                break
            if match and match.end() == last.tail:
                break
            if following.unit_class in ("count", "none", "size") and noun_behind(clean, following.tail, self._limit(index + count)) > following.tail:
                break
            count += 1
        return count

    # ---- reading

    def _read_one(self, index: int) -> None:
        amount = self.amounts[index]
        low = self._low(index)
        got = peel(self.clean, low, amount.start)
        draft = Draft(amount)
        if amount.unit_class != "share" and got.direction and self.clean.startswith(("节约", "节省"), got.growth_start):
            got.direction = ""
        self._place(draft, index, low, got)
        self._finish(draft, got)

    def _read_group(self, index: int, count: int) -> None:
        """甲、乙分别增长3%和5%: each number its own noun, the first the whole phrase; a trailing 以上 governs all."""
        amounts = self.amounts[index : index + count]
        low = self._low(index)
        got = peel(self.clean, low, amounts[0].start)
        got.separately = got.separately or "分别" in self.clean[low : amounts[0].start]
        first = Draft(amounts[0])
        known = len(self.history)
        self._place(first, index, low, got)
        years = _YEARS_EACH.search(self.clean, low, amounts[0].start) if got.separately else None
        if years:
            if not years.group("noun"):
                self._of_last(first)
            first.rule = "<years> 分别 <amounts>"
        distance = first.rule == "<noun> above <reference> by <amount>"
        members = None if years else self._members(first, count, known, got)
        behind = amounts[-1].behind
        if amounts[-1].unit_class == "money" and not got.separately and self.clean.startswith("的", amounts[-1].tail) and not _AIM.match(self.clean, amounts[-1].tail):
            first.base, first.rule = True, "<base> <amount>"
        for position, amount in enumerate(amounts):
            draft = first if position == 0 else Draft(amount)
            if members is not None:
                draft.start, draft.end = members[position]
                draft.rule = "<nouns> 分别 <amounts>"
            elif position:
                draft.start, draft.end, draft.rule = first.start, first.end, "<amount> of the same"
            if position:
                draft.measure, draft.direction, draft.base = first.measure, first.direction, first.base
                draft.average, draft.total, draft.state = first.average, first.total, first.state
                draft.verb = first.verb
            if behind and not amount.behind and got.separately:
                amount.behind = behind
            if years and position < count and years.group(position + 1):
                draft.year = int(years.group(position + 1))
            draft.comparator = (amount.behind or "eq") if distance else comparator(amount, got)
            self._finish(draft, got, row=True)

    def _members(self, first: Draft, count: int, known: int, got: Peeled) -> list[tuple[int, int]] | None:
        """The nouns of a row of amounts, one each: the members of its own phrase, else the last subjects of the sentence."""
        if first.rule == "<amount> of the same" or (got.separately and first.rule == "<noun> 占 <base> <amount>"):
            past = self.history[:known][-count:] if known >= count else []
            if len(past) == count:
                return [(subject.start, subject.end) for subject in past]
            if not got.separately or not past:
                return None
        if first.start >= first.end:
            return None
        cuts = [match for match in _MEMBER.finditer(self.clean, first.start, first.end)]
        if len(cuts) != count - 1:
            return None
        spans = []
        begin = first.start
        for match in cuts:
            spans.append((begin, match.start()))
            begin = match.end()
        spans.append((begin, first.end))
        if any(high - low < 1 for low, high in spans):
            return None
        spans[0] = (first.start, first.end)
        return spans

    def _place(self, draft: Draft, index: int, low: int, got: Peeled) -> None:
        """Finds the noun of the amount and what is said of it; writes them into the draft."""
        amount, clean = draft.amount, self.clean
        limit = self._limit(index)
        draft.comparator = comparator(amount, got)
        draft.average, draft.total, draft.year, draft.last_year = got.average, got.total, got.year, got.last_year
        if amount.unit_class == "word":
            self._place_word(draft, index, low, got)
            return
        rest = got.end
        unit_class = amount.unit_class
        if amount.unit in ("百分点", "千分点"):
            begin = distance_from(clean, low, amount.start)
            if not got.direction or (begin < amount.start and got.growth_noun):
                self._distance(draft, low, min(begin, rest), begin)
                return
        if unit_class == "times" and amount.written_unit != "番" and clean[amount.start - 1] == "的":
            got.direction, got.growth_noun, rest = "", False, times_of(clean, low, amount.start)
        if got.direction or (amount.unit_class in ("share", "times") and got.end > low):
            against = compared(clean, low, rest)
            if against < rest:
                got.compared, rest = True, against
        if unit_class == "times" and not got.direction and amount.written_unit != "番":
            rest = times_of(clean, low, rest) if rest == got.end else rest
        if unit_class == "rank" or (amount.unit in ("位", "名") and not got.direction):
            at = rank_at(clean, low, amount.start)
            if at < amount.start:
                got.rank, rest = True, peel(clean, low, at).end
        noun = noun_before(clean, low, rest, listed=got.separately or index + 1 < len(self.amounts) and self._group(index) > 1)
        share = share_of(clean, low, amount.start) if unit_class == "share" and not got.direction else -1
        if not got.from_ and _FROM.search(clean, low, amount.start):
            got.from_ = True
        if got.from_ and _REACHES.match(clean, amount.tail, min(self.end, amount.tail + 30)):
            if noun.start < noun.end:
                self._before(draft, index, low, noun, got)
            else:
                self._inherit(draft, index, low, noun, got)
            return
        if unit_class == "share" and clean[amount.start - 1] == "的" and draft.comparator == "eq":
            inner = _INNER.search(clean, low, amount.start)
            if inner:
                draft.comparator = "le" if inner.group(1) in ("低于", "不超过", "不高于", "少于") else "ge"
        if share >= 0:
            self._share(draft, low, share, rest)
            return
        if "至少" in clean[low : amount.start] and draft.comparator == "eq":
            draft.comparator = "ge"
        if not got.rank and self._behind(draft, index, low, noun, got, limit):
            return
        if noun.start < noun.end:
            self._before(draft, index, low, noun, got)
            return
        self._inherit(draft, index, low, noun, got)

    def _place_word(self, draft: Draft, index: int, low: int, got: Peeled) -> None:
        """A numberless amount: its noun stands before it, or behind 超额完成."""
        amount, clean = draft.amount, self.clean
        says = amount.written_unit
        draft.comparator, draft.state, draft.rule = says, True, f"<noun> {_WORD_RULES[says]}"
        noun = noun_before(clean, low, got.end, listed=True)
        name = clean[noun.start : noun.end]
        if noun.start < noun.end and name not in ("增速", "增幅", "涨幅", "增长"):
            draft.start, draft.end = noun.start, noun.end
        elif says == "assigned" and not self.history and amount.end - amount.start <= 5:
            behind = noun_behind(clean, amount.tail, self._limit(index))
            draft.start, draft.end = (amount.tail, behind) if behind > amount.tail else (draft.start, draft.start)
        elif self.history:
            self._of_last(draft)
        elif "减排" in clean[amount.start : amount.end]:
            at = clean.find("减排", amount.start, amount.end)
            draft.start, draft.end = max(amount.start, at - 2), at + 2
        if says == "assigned" and not self.history and _GENERAL_AIM.search(clean, amount.start, amount.end):
            draft.idle = True
        if draft.start == draft.end or (clean.startswith("的", amount.tail) and noun.start >= noun.end):
            draft.idle = True
        if says in ("both_down", "both_up"):
            draft.measure, draft.direction = "change", "down" if says == "both_down" else "up"
        elif says in ("above", "below", "with"):
            words = clean[draft.start : draft.end] + clean[amount.start : amount.end] + name
            if got.direction or any(word in words for word in ("增速", "增幅", "增长", "GDP", "涨幅")) or (says == "with" and "经济" in words):
                draft.measure, draft.direction = "growth", got.direction or "up"

    def _distance(self, draft: Draft, low: int, rest: int, begin: int) -> None:
        """高于全省3.3个百分点: a distance at one time, a level."""
        amount, clean = draft.amount, self.clean
        if begin < amount.start:
            draft.comparator = amount.behind or ("ge" if amount.more else "eq")
            rest = peel(clean, low, rest).end
        noun = noun_before(clean, low, rest, listed=True)
        draft.measure, draft.rule = "level", "<noun> above <reference> by <amount>"
        if noun.start < noun.end:
            draft.start, draft.end = noun.start, noun.end
        else:
            self._of_last(draft)

    def _share(self, draft: Draft, low: int, at: int, rest: int) -> None:
        """占…的65%: the thing that has the share is the noun; 占…比重 at the head of a clause is a noun itself."""
        clean = self.clean
        noun = noun_before(clean, low, at)
        draft.measure, draft.rule, draft.state = "level", "<noun> 占 <base> <amount>", True
        if draft.comparator == "eq":
            draft.comparator = "approx" if clean[at] == "约" or clean[at - 1 : at] in ("约", "近") else draft.comparator
        if _LEVEL_NOUN.search(clean, low, rest):
            begin = noun.start if noun.start < noun.end else at
            draft.start, draft.end = begin, rest
        elif noun.start < noun.end:
            draft.start, draft.end = noun.start, noun.end
        else:
            self._of_last(draft)
            if draft.start == draft.end:
                draft.start, draft.end = at, rest

    def _of_last(self, draft: Draft) -> None:
        if self.history:
            last = self.history[-1]
            draft.start, draft.end = last.start, last.end

    def _behind(self, draft: Draft, index: int, low: int, noun: Noun, got: Peeled, limit: int) -> bool:
        """The amount in front of its noun; True where it is read so."""
        amount, clean = draft.amount, self.clean
        kind, tail = amount.unit_class, amount.tail
        following = clean[tail] if tail < len(clean) else ""
        carried = got.change or (self.drafts[-1].said if index and amount.start == self.amounts[index - 1].tail else "")
        if following == "级" and kind in ("money", "none", "size"):
            if got.state and noun.start < noun.end:
                return False
            end = noun_behind(clean, tail + 1, limit)
            self._delimit(draft, noun, tail + 1, end, carried)
            return True
        if following == "(":
            close = clean.find(")", tail, tail + 5)
            if close > 0:
                tail = close + 1
                following = clean[tail] if tail < len(clean) else ""
        if following == "的":
            return self._behind_de(draft, index, noun, got, tail, limit)
        if kind in ("times", "time", "rank"):
            return False
        if kind == "none" and amount.behind in ("ge", "le") and clean[amount.end - 1] == "亿" and noun_behind(clean, tail, limit) > tail:
            amount.unit, amount.unit_class = "元", "money"
            kind = "money"
        if kind == "none" and clean[amount.end - 1] == "亿" and _DESIGNATION.search(clean, tail, noun_behind(clean, tail, limit)):
            amount.unit, amount.unit_class = "元", "money"
            self._delimit(draft, noun, tail, noun_behind(clean, tail, limit), carried)
            return True
        begin = tail
        if kind == "count" and limit == tail and limit < self.end and self.amounts[index + 1].unit_class == "count":
            over = self.amounts[index + 1].tail
            behind_next = noun_behind(clean, over, self._limit(index + 1), counted=True)
            if behind_next > over:
                draft.start, draft.end, draft.rule = over, behind_next, "<amount> <amount> <noun>"
                return True
        if kind == "count" and clean.startswith(("规模的", "以上规模的"), tail):
            draft.base, draft.rule, draft.start, draft.end = True, "<base> <amount>", tail, noun_behind(clean, tail, limit)
            return True
        if kind == "count" and limit < self.end and limit - tail <= 8 and (limit == tail or _BASES_OF.fullmatch(clean, tail, limit)):
            over = self._delimits(index + 1)
            if over > 0:
                following_end = noun_behind(clean, over, self._limit(index + 1))
                begin, tail, limit = (over, over, following_end) if following_end > over else (limit, limit, over)
        if kind == "count" and begin == tail:
            tail = begin = _relative_head(clean, tail, limit)
        end = noun_behind(clean, tail, limit, counted=kind == "count") if tail < over_or(limit, tail) else limit
        if end <= tail:
            return False
        if _AIM.match(clean, tail, end) and (kind != "count" or end - tail <= 2):
            return False
        alone = noun.start >= noun.end or _only_scope(clean, noun)
        if kind in ("money", "size"):
            if amount.written_unit == "scale" or (amount.behind in ("ge", "le") and (kind == "money" or self._beside_count(index, end))):
                self._delimit(draft, noun, tail, end, carried)
                return True
            if (got.direction and not got.change) or got.to:
                return False
            if got.change:
                alone = True
            designated = bool(_DESIGNATION.search(clean, tail, end)) and kind == "size" and clean[got.end - 1 : got.end] != "等"
            if not alone and not designated and not self._ends_in_verb(noun, got):
                return False
            draft.base = designated
        elif kind == "share":
            if got.direction or got.to or not (alone or noun.verb_end == got.end):
                return False
        elif kind == "count":
            if got.to and not alone:
                return False
            if _DESIGNATION.search(clean, tail, end) and amount.unit not in _ONE_BY_ONE and noun.verb < 0:
                draft.base = True
        if amount.unit_class == "none":
            possessive = clean.find("的", tail, end)
            if possessive > 0:
                draft.base, end = noun.verb < 0 and not _TOLD.match(clean, possessive), possessive
        draft.start, draft.end, draft.rule = begin, end, "<amount> <noun>"
        draft.verb = clean[noun.verb : noun.verb_end] if noun.verb >= 0 else ""
        draft.state = draft.verb in _HAVE or clean.endswith(tuple(_HAVE), low, amount.start)
        if clean.startswith("为", end) and clean.rfind("以", low, amount.start) >= 0:
            draft.base = True
        said = got.change or (noun.change if noun.verb >= 0 else "")
        if not said and noun.verb < 0 and (noun.start >= noun.end or got.end <= low + 1):
            said = self._carried(index, low)
        draft.listed = noun.verb < 0 and noun.start >= noun.end and index > 0
        if said:
            draft.measure, draft.direction, draft.said = "change", said, said
        if kind == "count" and not said and (self._is_base_of_next(draft, index) or self._is_frame(index, low) or clean.startswith("基础上", end) or clean.endswith("基础上", tail, end)):
            draft.base, draft.end = True, max(draft.start, peel(clean, draft.start, draft.end).end) if draft.start == tail else draft.end
        return True

    def _is_frame(self, index: int, low: int) -> bool:
        """True for a count that only says what is meant (围绕37条产业链和40个集群)."""
        clean, start = self.clean, self.amounts[index].start
        begin = lexicon().lead.match(clean, low, start).end()  # type: ignore[union-attr]
        if clean.startswith(_FRAMES, begin, start):
            return True
        last = self.drafts[-1] if index else None
        return last is not None and last.base and last.rule == "<amount> <noun>" and clean[last.end : start] in ("和", "、", "与", "及", "以及")

    def _beside_count(self, index: int, end: int) -> bool:
        """True where a count stands before the amount or behind its noun, so that the amount only says of what size."""
        amounts = self.amounts
        if index and amounts[index - 1].unit_class == "count" and amounts[index].start - amounts[index - 1].tail <= 2:
            return True
        return index + 1 < len(amounts) and amounts[index + 1].unit_class == "count" and amounts[index + 1].start - end <= 3

    def _is_base_of_next(self, draft: Draft, index: int) -> bool:
        """14个行政村集体经济收入平均增长29%, 61个项目已有42个开工: the count only says of what the next amount speaks."""
        if index + 1 >= len(self.amounts):
            return False
        following, clean = self.amounts[index + 1], self.clean
        between = clean[draft.amount.tail : following.start]
        if any(mark in between for mark in ",;。、"):
            return False
        if following.unit == draft.amount.unit or (following.unit_class == "count" and len(between) > 4):
            return _PART_OF.search(between) is not None
        if following.unit_class == "rank":
            return True
        if following.unit_class == "money":
            return _TOTAL_OF.search(between) is not None
        if following.unit_class == "share" and between.endswith(("率", "率均", "占比", "比重", "比例")):
            return True
        return following.unit_class == "share" and between.endswith(("增长", "下降", "提高", "提升", "达", "达到", "增加", "减少", "降低", "超过", "均达", "为", "突破"))

    def _behind_de(self, draft: Draft, index: int, noun: Noun, got: Peeled, tail: int, limit: int) -> bool:
        """X的…: a share of the following noun; money and sizes in front of 的 only describe."""
        amount, clean = draft.amount, self.clean
        kind = amount.unit_class
        end = noun_behind(clean, tail + 1, limit)
        if limit == tail + 1 and limit < self.end:
            after = self._delimits(index + 1)
            begin = after if after > 0 else self.amounts[index + 1].tail
            behind_next = noun_behind(clean, begin, self._limit(index + 1))
            if kind in ("money", "size") and behind_next > begin:
                self._delimit(draft, noun, begin, behind_next)
                return True
        if _LIMIT.match(clean, tail):
            draft.base, draft.rule, draft.comparator = True, "<base> <amount>", "eq"
            draft.start, draft.end = tail + 1, end
            return True
        if _AIM.match(clean, tail) or kind in ("times", "time", "rank"):
            return False
        if kind == "share":
            ends_in_verb = clean[got.end - 2 : got.end] in lexicon().verbs
            if got.direction or got.to or end <= tail + 1 or (noun.start < noun.end and noun.verb_end != got.end and not ends_in_verb and not _only_scope(clean, noun)):
                return False
            draft.start, draft.end, draft.rule = tail + 1, end, "<amount> 的 <noun>"
            return True
        if kind in ("money", "size"):
            if got.direction and not got.change and not noun.start < noun.end:
                return False
            self._delimit(draft, noun, tail + 1, end)
            if got.change:
                draft.measure, draft.direction = "change", got.change
            return True
        return False

    def _delimit(self, draft: Draft, noun: Noun, start: int, end: int, said: str = "") -> None:
        """10亿元以上项目: the amount only says which; its noun is 投资额 or the like in front of it, else what follows."""
        draft.base, draft.rule = True, "<base> <amount>"
        draft.said = noun.change or said
        if noun.start < noun.end and _measures_base(self.clean, noun):
            draft.start, draft.end = noun.start, noun.end
        elif end > start:
            draft.start, draft.end = start, end
        elif noun.start < noun.end:
            draft.start, draft.end = noun.start, noun.end
        else:
            self._of_last(draft)

    def _ends_in_verb(self, noun: Noun, got: Peeled) -> bool:
        """True where what stands before the amount ends in a verb (安排200亿元资金)."""
        clean = self.clean
        verbs = lexicon().verbs
        return clean[noun.end - 2 : noun.end] in verbs and noun.end - noun.start > 2

    def _before(self, draft: Draft, index: int, low: int, noun: Noun, got: Peeled) -> None:
        """The noun in front of its amount."""
        amount, clean = draft.amount, self.clean
        draft.start, draft.end = noun.start, noun.end
        draft.verb = clean[noun.verb : noun.verb_end] if noun.verb >= 0 else ""
        draft.rule = "<noun> <grows> <amount>" if got.direction and not got.to else "<noun> <amount>"
        draft.done_verb = noun.verb >= 0 or got.done
        draft.listed = noun.verb < 0 and index > 0 and low <= self._tail_of_last(index) + 1
        kind = amount.unit_class
        if (kind == "money" or (kind == "none" and clean[amount.end - 1] == "亿")) and got.comparator and _measures_base(clean, noun) and self._names_a_class(index):
            draft.base, draft.rule = True, "<base> <amount>"
            return
        draft.state = got.state or draft.verb in _HAVE or (draft.listed and self.drafts[-1].state and not draft.verb)
        draft.compared = got.compared
        if _YEARLY.search(clean, low, noun.end):
            draft.average = True
        if "累计" in clean[low : noun.start] or "五年共" in clean[low : noun.start]:
            draft.total = True
        name = clean[noun.start : noun.end]
        if name in lexicon().generic_heads and self.history:
            draft.start, draft.end, draft.state = self.history[-1].start, self.history[-1].end, True
        if kind == "size" and noun.verb < 0 and name.endswith(lexicon().describing_nouns) and not got.direction:
            draft.base = True
        if kind == "share" or kind == "times":
            self._rate(draft, got)
            return
        if kind == "rank" or (got.rank and amount.unit in ("位", "名")):
            draft.measure = "rank"
            return
        if got.to:
            return
        if got.direction and noun.verb >= 0 and not got.compared and draft.verb in ("完成", "实施", "开展", "推进") and clean.startswith(("提升", "扩大", "提高"), got.growth_start):
            draft.end = got.growth_start + 2
            return
        if got.direction:
            draft.measure, draft.direction = "change", got.direction
            return
        if "新增" in name[1:] or "净增" in name or name.endswith(("增加", "增长")):
            draft.measure, draft.direction = "change", "up"
        elif noun.change:
            draft.measure, draft.direction, draft.said = "change", noun.change, noun.change if noun.head else ""
        elif noun.verb < 0 and not got.done and not got.total and not got.state:
            said = self._carried(index, low, name)
            if said:
                draft.measure, draft.direction, draft.said = "change", said, said

    def _names_a_class(self, index: int) -> bool:
        """True for 产值超500亿、1000亿|集群: behind the amount, or the row of amounts, a noun follows at once."""
        clean, last = self.clean, index
        while last + 1 < len(self.amounts) and clean[self.amounts[last].tail : self.amounts[last + 1].start] in ("、", "和", "、超", "、超过", "、过"):
            last += 1
        tail, limit = self.amounts[last].tail, self._limit(last)
        if clean.startswith("的", tail) and not _AIM.match(clean, tail):
            return noun_behind(clean, tail + 1, limit) > tail + 1
        return last > index and noun_behind(clean, tail, limit) > tail

    def _tail_of_last(self, index: int) -> int:
        """Where the amount before ends with its noun."""
        last = self.drafts[-1]
        return max(self.amounts[index - 1].tail, last.end if last.rule == "<amount> <noun>" else 0)

    def _carried(self, index: int, low: int, name: str = "") -> str:
        """The change that the verb of the list says (新增光纤1000公里,5G基站4000个): of the amount before, if nothing but a comma lies between."""
        if not index or not self.drafts:
            return ""
        last = self.drafts[-1]
        if last.base and last.rule == "<base> <amount>":
            return last.said
        tail = self._tail_of_last(index)
        if last.measure != "change" or last.base or last.rule == "<noun> <grows> <amount>":
            return ""
        mark = self.clean[tail : tail + 1]
        if self.clean.startswith(",其中", tail) and last.measure == "change" and last.amount.unit == self.amounts[index].unit and not last.base:
            return last.direction
        if low - tail > 1 or mark not in "、,和及与" or not mark:
            return ""
        if not last.said or name.endswith(_OWN_LEVEL) or name.startswith(("总", "累计")):
            return ""
        if (self.amounts[index].unit_class == "money") != (self.amounts[index - 1].unit_class == "money"):
            return ""
        if mark == "," and not name.startswith("其中") and (not name or _holds_verb(name)):
            return ""
        return last.direction

    def _rate(self, draft: Draft, got: Peeled) -> None:
        """What a percentage or a multiple of a noun says: growth, change in points, or a level."""
        amount = draft.amount
        points = amount.unit in ("百分点", "千分点")
        if amount.written_unit == "番":
            draft.measure, draft.direction = "growth", "up"
        elif got.direction and (not got.to or got.growth_noun):
            draft.measure, draft.direction = ("change" if points else "growth"), got.direction
        else:
            growth = "" if (got.to and not got.growth_noun) or amount.unit_class == "times" else _growth_noun(self.clean, draft.start, draft.end)
            behind = _GROWTH_BEHIND.match(self.clean, amount.tail) if amount.unit == "%" else None
            if behind:
                growth = "up"
                if draft.start == draft.end or draft.rule == "<amount> of the same":
                    draft.start, draft.end = behind.start(1), behind.end(1)
            if not growth and _GROWTH_AIM.search(self.clean, draft.start, draft.end):
                growth = "up"
            if growth and not points:
                draft.measure, draft.direction = "growth", growth
            else:
                draft.state = True

    def _inherit(self, draft: Draft, index: int, low: int, noun: Noun, got: Peeled) -> None:
        """No noun of its own: it is of the last subject (1250亿元、增长6%)."""
        amount, clean = draft.amount, self.clean
        draft.rule = "<amount> of the same"
        draft.done_verb = noun.verb >= 0 or got.done
        source = self.history[-1] if self.history else self._clause_subject(index)
        if source is not None:
            draft.start, draft.end = source.start, source.end
        kind = amount.unit_class
        draft.state = got.state
        draft.listed = index > 0 and low <= self._tail_of_last(index) + 1
        if "累计" in clean[low : amount.start]:
            draft.total = True
        if kind in ("share", "times"):
            self._rate(draft, got)
            if draft.measure == "level" and source is not None and source.growth and kind == "share":
                draft.measure, draft.direction, draft.state = "growth", source.growth, False
            return
        if kind == "rank" or (got.rank and amount.unit in ("位", "名")):
            draft.measure = "rank"
            return
        if got.to:
            pass
        elif got.direction:
            draft.measure, draft.direction = "change", got.direction
        elif noun.change:
            draft.measure, draft.direction = "change", noun.change
        elif source is not None and kind == "count" and any(word in clean[source.start : source.end] for word in ("新增", "净增")):
            draft.measure, draft.direction = "change", "up"
        elif source is not None and source.change and noun.verb < 0 and not got.done and not got.state and low == (self.amounts[index - 1].tail if index else -1):
            draft.measure, draft.direction = "change", source.change
        if noun.verb >= 0 and (source is None or amount.unit in _TIMES_DONE):
            draft.start, draft.end = noun.verb, noun.verb_end
        self._head_of_next(draft, index)

    def _head_of_next(self, draft: Draft, index: int) -> None:
        """建设142公里、4.4万亩林带: the noun behind the second amount is the first one's too."""
        if index + 1 >= len(self.amounts):
            return
        amount, following = draft.amount, self.amounts[index + 1]
        if self.clean[amount.tail : following.start] != "、":
            return
        end = noun_behind(self.clean, following.tail, self._limit(index + 1))
        if end > following.tail:
            draft.start, draft.end = following.tail, end

    def _clause_subject(self, index: int) -> Subject | None:
        """The head of the clause before, for a sentence whose first amount has no noun in its own clause."""
        clean = self.clean
        begin = self._clause(self.amounts[index].start)
        if begin <= self.start + 1:
            return self.fallback
        stop = begin - 1
        head = max(clean.rfind(",", self.start, stop), clean.rfind(";", self.start, stop)) + 1
        head = max(head, self.start)
        start = lexicon().lead.match(clean, head, stop).end()  # type: ignore[union-attr]
        end = noun_behind(clean, start, stop)
        inner = noun_before(clean, head, stop)
        if inner.verb >= 0 and inner.end - inner.start >= 2 and (end - start < 2 or inner.verb < end):
            return Subject(inner.start, inner.end, "", "", "")
        if end - start < 2 or clean.endswith(("比重", "比例", "占比", "收入", "产值", "增加值"), start, stop):
            noun = noun_before(clean, head, stop)
            if noun.end - noun.start < 2:
                return self.fallback
            return Subject(noun.start, noun.end, "", "", "")
        return Subject(start, end, "", "", "")

    def _finish(self, draft: Draft, got: Peeled, *, row: bool = False) -> None:
        amount, clean = draft.amount, self.clean
        draft.compared = got.compared
        if got.from_ and _REACHES.match(clean, amount.tail, min(self.end, amount.tail + 30)):
            draft.base, draft.earlier, draft.rule = True, True, "从 <amount> 到 <amount>"
        elif _TAKES.search(clean, max(self.start, amount.start - 18), amount.start) and _INTO.match(clean, amount.tail, min(self.end, amount.tail + 40)):
            draft.base, draft.rule = True, "将 <amount> 为 <amount>"
        self.drafts.append(draft)
        if not draft.base or draft.earlier:
            growth = draft.direction if got.growth_noun and draft.measure == "growth" else ""
            change = draft.direction if draft.measure == "change" and amount.unit_class != "share" else ""
            if draft.start < draft.end and (growth or change or not self.history or (self.history[-1].start, self.history[-1].end) != (draft.start, draft.end) or row or draft.rule != "<amount> of the same"):
                self.history.append(Subject(draft.start, draft.end, change, growth, amount.unit_class))


def comparator(amount: Amount, got: Peeled) -> str:
    """What the words around the amount say of its bound; the word behind goes before the word in front."""
    if amount.value_max is not None:
        return "range"
    if amount.behind and not (amount.behind == "approx" and got.comparator == "ge"):
        return amount.behind
    if got.comparator:
        return got.comparator
    return "ge" if amount.more else "eq"


def _holds_verb(name: str) -> bool:
    """True where a verb stands in the noun phrase, so that it has its own (错时开放停车位)."""
    verbs = lexicon().verbs
    return any(name[at : at + 2] in verbs for at in range(len(name) - 2))


def _growth_noun(clean: str, start: int, end: int) -> str:
    for word, direction in lexicon().growth_nouns.items():
        if clean.endswith(word, start, end) and not clean.endswith(("自然增长率", "人口增长率"), start, end):
            return direction
    return ""


_SCOPE_ONLY = re.compile(r"[全我各本](?:区|市|省|县|国|镇|州|地|级)|.{1,3}[区市省县州]")


def _only_scope(clean: str, noun: Noun) -> bool:
    return noun.end - noun.start <= 4 and _SCOPE_ONLY.fullmatch(clean, noun.start, noun.end) is not None


_BASES = re.compile(r"(?:投资额?|收入|产值|面积|注册资本|资金|税收|营收|额|值|价|量|里程|长度|高度|占地|建筑面积|总投资|装机|能力|利润|资产|等级)$")


def _measures_base(clean: str, noun: Noun) -> bool:
    return _BASES.search(clean, noun.start, noun.end) is not None
