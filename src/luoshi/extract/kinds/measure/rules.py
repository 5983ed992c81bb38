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
from luoshi.extract.kinds.measure.phrase import Noun, Peeled, compared, distance_from, noun_before, noun_behind, peel, share_of, times_of

_CONNECT = re.compile(r"[、,]?(?:和|与|及|以及|并|且)?\s?")
_MEMBER = re.compile(r"[、,]|以及|(?<![共总饱温缓平])和(?![平谐睦美])|(?<![参])与(?![会])|(?<![涉普])及(?!时)")
_REACHES = re.compile(r"[^,;。、]{0,12}?(?:提高|提升|增加|增长|扩大|扩展|上升|下降|降低|降|减少|缩减|压缩|缩短|压减|调整|调减|优化|回落|攀升|跃升|升|增|减|拓展|延伸|精简|整合|合并|归并|发展|变|改|回升|收窄|上涨|拓宽|恢复|延长|转变|提|晋升|进|集中|推进|下调|上调|扩|缩小|翻)[^,;。、]{0,3}?(?:到|至|为|成)")
_INTO = re.compile(r"[^,;。]{0,16}?(?:整合|合并|归并|优化|调整|精简|压缩|缩减|撤并|压减|集中|改造|减少|归集|梳理|简化)(?:优化|调整|合并|归并)?(?:为|成|到|至)")
_TAKES = re.compile(r"(?:将|把)[^,;。]{0,14}$")
_LEVEL_NOUN = re.compile(r"(?:比重|比例|份额|比率|占比)$")
_AIM = re.compile(r"(?:的)?(?:目标|任务|要求|速度|水平|增速|增幅|指标|底线|比例|比重|份额|贡献|成绩|好成绩|规模|高位|区间|大关|关口|以上|左右)")
_LIMIT = re.compile(r"的(?:控制线|标准线|警戒线|标准值|上限|下限|起征点|门槛)")
_DESIGNATION = re.compile(r"(?:项目|工程|装置|生产线|电站|基地|机组)$")
_ONE_BY_ONE = frozenset("个项件家座宗处条所套名位人户批场次")
_HAVING = re.compile(r"[^,;。]{0,20}?(?:中有|已有|其中有?|中)(?=[^,;。]{0,3}$)")


class Subject:
    """What a later amount of the sentence may be of."""

    __slots__ = ("start", "end", "change", "growth", "unit_class")

    def __init__(self, start: int, end: int, change: str, growth: str, unit_class: str) -> None:
        self.start, self.end, self.change, self.growth, self.unit_class = start, end, change, growth, unit_class


class Draft:
    """A measure in the making; ``start``/``end`` of the indicator in the clean text (equal where none is known)."""

    __slots__ = ("amount", "start", "end", "measure", "direction", "comparator", "base", "rule", "average", "total", "year", "last_year", "state", "earlier", "verb", "done_verb")

    def __init__(self, amount: Amount) -> None:
        self.amount = amount
        self.start = self.end = amount.start
        self.measure = "level"
        self.direction = ""
        self.comparator = "eq"
        #: True for an amount that only delimits, describes or is where a change starts from
        self.base = False
        self.rule = ""
        self.average = self.total = self.last_year = self.state = self.earlier = self.done_verb = False
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
            begin = max(begin, self.amounts[index - 1].tail)
        return begin

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
            if between and between not in ("增长", "分别", "近", "约", "超过", "超", "突破", "达", "达到"):
                break
            if last.unit != following.unit or (match and match.group() == "," and not between and False):
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
        self._place(draft, index, low, got)
        self._finish(draft, got)

    def _read_group(self, index: int, count: int) -> None:
        """甲、乙分别增长3%和5%: each number its own noun, the first the whole phrase; a trailing 以上 governs all."""
        amounts = self.amounts[index : index + count]
        low = self._low(index)
        got = peel(self.clean, low, amounts[0].start)
        first = Draft(amounts[0])
        known = len(self.history)
        self._place(first, index, low, got)
        members = self._members(first, count, known, got)
        behind = amounts[-1].behind
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
            if behind and not amount.behind:
                amount.behind = behind
            draft.comparator = comparator(amount, got)
            self._finish(draft, got, place=position == 0)

    def _members(self, first: Draft, count: int, known: int, got: Peeled) -> list[tuple[int, int]] | None:
        """The nouns of a row of amounts, one each: the members of its own phrase, else the last subjects of the sentence."""
        if first.rule == "<amount> of the same":
            past = self.history[:known][-count:] if known >= count else []
            if len(past) == count and (got.separately or got.direction or not first.start < first.end):
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
        rest = got.end
        unit_class = amount.unit_class
        if amount.unit in ("百分点", "千分点") and not got.direction:
            self._distance(draft, low, rest)
            return
        if got.direction or (amount.unit_class == "share" and got.end > low):
            rest = compared(clean, low, rest)
        if unit_class == "times" and not got.direction and amount.written_unit != "番":
            rest = times_of(clean, low, rest) if rest == got.end else rest
        noun = noun_before(clean, low, rest)
        share = share_of(clean, low, amount.start) if unit_class == "share" and not got.direction else -1
        if share >= 0:
            self._share(draft, low, share, rest)
            return
        if self._behind(draft, index, low, noun, got, limit):
            return
        if noun.start < noun.end:
            self._before(draft, index, low, noun, got)
            return
        self._inherit(draft, index, low, noun, got)

    def _distance(self, draft: Draft, low: int, rest: int) -> None:
        """高于全省3.3个百分点: a distance at one time, a level."""
        amount, clean = draft.amount, self.clean
        begin = distance_from(clean, low, amount.start)
        draft.comparator = "eq" if begin < amount.start else draft.comparator
        noun = noun_before(clean, low, min(begin, rest))
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
        if following == "级" and kind in ("money", "none", "size"):
            end = noun_behind(clean, tail + 1, limit)
            self._delimit(draft, noun, tail + 1, end)
            return True
        if following == "(":
            close = clean.find(")", tail, tail + 5)
            if close > 0:
                tail = close + 1
                following = clean[tail] if tail < len(clean) else ""
        if following == "的" or (following == "和" and False):
            return self._behind_de(draft, noun, got, tail, limit)
        if kind in ("times", "time", "rank"):
            return False
        end = noun_behind(clean, tail, limit)
        if end <= tail:
            return False
        if _AIM.match(clean, tail, end) and kind != "count":
            return False
        alone = noun.start >= noun.end or _only_scope(clean, noun)
        if kind in ("money", "size"):
            if amount.behind in ("ge", "le") or amount.written_unit == "scale":
                self._delimit(draft, noun, tail, end)
                return True
            if got.direction or got.to:
                return False
            if not alone and not self._ends_in_verb(noun, got):
                return False
            draft.base = bool(_DESIGNATION.search(clean, tail, end)) and kind == "size"
        elif kind == "share":
            if got.direction or got.to or not (alone or noun.verb_end == got.end):
                return False
        elif kind == "count":
            if got.to and not alone:
                return False
            if _DESIGNATION.search(clean, tail, end) and amount.unit not in _ONE_BY_ONE and noun.verb < 0:
                draft.base = True
        draft.start, draft.end, draft.rule = tail, end, "<amount> <noun>"
        change = lexicon().change
        word = clean[got.growth_start : got.end] if False else ""
        direction = got.direction if got.growth_start >= 0 and any(
            clean.startswith(verb, got.growth_start) for verb in change) else ""
        del word
        said = direction or (noun.change if noun.verb >= 0 else "")
        if not said and noun.verb < 0 and (noun.start >= noun.end or got.end <= low + 1):
            said = self._carried(index, low)
        if said:
            draft.measure, draft.direction = "change", said
        return True

    def _behind_de(self, draft: Draft, noun: Noun, got: Peeled, tail: int, limit: int) -> bool:
        """X的…: a share of the following noun; money and sizes in front of 的 only describe."""
        amount, clean = draft.amount, self.clean
        kind = amount.unit_class
        end = noun_behind(clean, tail + 1, limit)
        if _LIMIT.match(clean, tail):
            draft.base, draft.rule = True, "<base> <amount>"
            draft.start, draft.end = tail + 1, end
            return True
        if _AIM.match(clean, tail) or kind in ("times", "time", "rank"):
            return False
        if kind == "share":
            if got.direction or got.to or end <= tail + 1 or (noun.start < noun.end and noun.verb_end != got.end and not _only_scope(clean, noun)):
                return False
            draft.start, draft.end, draft.rule = tail + 1, end, "<amount> 的 <noun>"
            return True
        if kind in ("money", "size"):
            if got.direction and not noun.start < noun.end:
                return False
            self._delimit(draft, noun, tail + 1, end)
            return True
        return False

    def _delimit(self, draft: Draft, noun: Noun, start: int, end: int) -> None:
        """10亿元以上项目: the amount only says which; its noun is 投资额 or the like in front of it, else what follows."""
        draft.base, draft.rule = True, "<base> <amount>"
        if noun.start < noun.end and noun.verb_end != noun.start - 0 and _measures_base(self.clean, noun):
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
        kind = amount.unit_class
        if kind == "share" or kind == "times":
            self._rate(draft, got)
            return
        if kind == "rank" or (got.rank and amount.unit in ("位", "名")):
            draft.measure = "rank"
            return
        if got.to:
            draft.state = True
            return
        if got.direction:
            draft.measure, draft.direction = "change", got.direction
            return
        name = clean[noun.start : noun.end]
        if "新增" in name or "净增" in name or name.endswith(("增加", "增长")):
            draft.measure, draft.direction = "change", "up"
        elif noun.change:
            draft.measure, draft.direction = "change", noun.change
        elif noun.verb < 0 and not got.done and not got.total and amount.start - got.end == 0:
            said = self._carried(index, low)
            if said:
                draft.measure, draft.direction = "change", said

    def _carried(self, index: int, low: int) -> str:
        """The change that the verb of the list says (新增光纤1000公里,5G基站4000个): of the amount before, if nothing but a comma lies between."""
        if not index or not self.drafts:
            return ""
        last = self.drafts[-1]
        tail = self.amounts[index - 1].tail
        if last.measure != "change" or last.base or last.rule == "<noun> <grows> <amount>":
            return ""
        if last.rule == "<amount> <noun>":
            tail = last.end
        if low - tail > 1 or self.clean[tail : tail + 1] not in "、,和及与":
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
            growth = "" if got.to and not got.growth_noun else _growth_noun(self.clean, draft.start, draft.end)
            if growth and not points:
                draft.measure, draft.direction = "growth", growth
            else:
                draft.state = True

    def _inherit(self, draft: Draft, index: int, low: int, noun: Noun, got: Peeled) -> None:
        """No noun of its own: it is of the last subject (1250亿元、增长6%)."""
        amount = draft.amount
        draft.rule = "<amount> of the same"
        draft.done_verb = noun.verb >= 0 or got.done
        source = self.history[-1] if self.history else self._clause_subject(index)
        if source is not None:
            draft.start, draft.end = source.start, source.end
        kind = amount.unit_class
        if kind in ("share", "times"):
            self._rate(draft, got)
            if draft.measure == "level" and source is not None and source.growth and kind == "share":
                draft.measure, draft.direction, draft.state = "growth", source.growth, False
            return
        if kind == "rank" or (got.rank and amount.unit in ("位", "名")):
            draft.measure = "rank"
            return
        if got.to:
            draft.state = True
        elif got.direction:
            draft.measure, draft.direction = "change", got.direction
        elif noun.change:
            draft.measure, draft.direction = "change", noun.change
        elif source is not None and source.change and noun.verb < 0 and not got.done and low == (self.amounts[index - 1].tail if index else -1):
            draft.measure, draft.direction = "change", source.change
        if noun.verb >= 0 and source is None:
            draft.start, draft.end = noun.verb, noun.verb_end

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
        if end - start < 2:
            return self.fallback
        return Subject(start, end, "", "", "")

    def _finish(self, draft: Draft, got: Peeled, *, place: bool = True) -> None:
        amount, clean = draft.amount, self.clean
        del place
        if got.from_ and _REACHES.match(clean, amount.tail, min(self.end, amount.tail + 30)):
            draft.base, draft.earlier, draft.rule = True, True, "从 <amount> 到 <amount>"
        elif _TAKES.search(clean, max(self.start, amount.start - 18), amount.start) and _INTO.match(clean, amount.tail, min(self.end, amount.tail + 40)):
            draft.base, draft.earlier, draft.rule = True, True, "将 <amount> 为 <amount>"
        self.drafts.append(draft)
        if not draft.base or draft.earlier:
            growth = draft.direction if got.growth_noun and draft.measure == "growth" else ""
            change = draft.direction if draft.measure == "change" and amount.unit_class != "share" else ""
            if draft.start < draft.end and (not self.history or (self.history[-1].start, self.history[-1].end) != (draft.start, draft.end)):
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


def _growth_noun(clean: str, start: int, end: int) -> str:
    for word, direction in lexicon().growth_nouns.items():
        if clean.endswith(word, start, end) and not clean.endswith(("自然增长率", "人口增长率"), start, end):
            return direction
    return ""


_SCOPE_ONLY = re.compile(r"[全我各本](?:区|市|省|县|国|镇|州|地|级)|.{1,3}[区市省县州]")


def _only_scope(clean: str, noun: Noun) -> bool:
    return noun.end - noun.start <= 4 and _SCOPE_ONLY.fullmatch(clean, noun.start, noun.end) is not None


_BASES = re.compile(r"(?:投资额?|收入|产值|规模|面积|注册资本|资金|税收|营收|额|值|价|量|里程|长度|高度|占地|建筑面积|总投资|装机|能力|利润|资产|等级)$")


def _measures_base(clean: str, noun: Noun) -> bool:
    return _BASES.search(clean, noun.start, noun.end) is not None
