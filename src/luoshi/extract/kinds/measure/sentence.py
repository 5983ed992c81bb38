"""One sentence of the clean text with its amounts, read in order."""

from __future__ import annotations

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.draft import Draft, Subject
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.phrase import Peeled, noun_before, noun_behind, peel
from luoshi.extract.kinds.measure.rules import place
from luoshi.extract.kinds.measure.telling import comparator


class Sentence:
    """One sentence of the clean text with its amounts; reads them in order."""

    __slots__ = ("clean", "start", "end", "amounts", "drafts", "history")

    def __init__(self, clean: str, start: int, end: int, amounts: list[Amount]) -> None:
        self.clean, self.start, self.end, self.amounts = clean, start, end, amounts
        self.drafts: list[Draft] = []
        self.history: list[Subject] = []

    def read(self) -> list[Draft]:
        amounts = self.amounts
        index = 0
        while index < len(amounts):
            group = self.group(index)
            if group > 1:
                self.read_group(index, group)
            else:
                self.read_one(index)
            index += group
        return self.drafts

    def clause(self, at: int) -> int:
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

    def low(self, index: int) -> int:
        """Where the words begin that belong to the amount: its clause or the end of the amount before."""
        begin = self.clause(self.amounts[index].start)
        if index:
            last = self.drafts[-1]
            begin = max(begin, self.amounts[index - 1].tail)
            if last.rule == "<amount> <noun>" and last.end <= self.amounts[index].start and not last.base:
                begin = max(begin, last.end)
            start = self.amounts[index].start
            if begin < start and self.clean[begin] not in "、,;" and begin == self.tail_of_last(index):
                comma = self.clean.rfind("、", begin, start)
                if comma >= 0 and not last.base:
                    begin = comma + 1
        return begin

    def delimits(self, index: int) -> int:
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

    def limit(self, index: int) -> int:
        """Where the words behind the amount end: the next amount or the end of the sentence."""
        if index + 1 < len(self.amounts):
            return self.amounts[index + 1].start
        return self.end

    def group(self, index: int) -> int:
        """How many amounts stand in a row with nothing but 、 or 和 between them (9.8%和8.5%); 1 where the amount is alone."""
        amounts, clean = self.amounts, self.clean
        count = 1
        while index + count < len(amounts):
            last, following = amounts[index + count - 1], amounts[index + count]
            match = patterns.CONNECT.match(clean, last.tail, following.start)
            between = clean[match.end() if match else last.tail : following.start]
            if between and between not in ("增长", "分别", "近", "约", "超过", "超", "突破"):
                break
            if last.unit != following.unit or last.no_value or following.no_value or "word" in (last.unit_class, following.unit_class):
                break
            if match and match.end() == last.tail:
                break
            if following.unit_class in ("count", "none", "size") and noun_behind(clean, following.tail, self.limit(index + count)) > following.tail:
                break
            count += 1
        return count

    def read_one(self, index: int) -> None:
        amount = self.amounts[index]
        low = self.low(index)
        got = peel(self.clean, low, amount.start)
        draft = Draft(amount)
        if amount.unit_class != "share" and got.direction and self.clean.startswith(("节约", "节省"), got.growth_start):
            got.direction = ""
        place(self, draft, index, low, got)
        self.finish(draft, got)

    def read_group(self, index: int, count: int) -> None:
        """甲、乙分别增长3%和5%: each number its own noun, the first the whole phrase; a trailing 以上 governs all."""
        amounts = self.amounts[index : index + count]
        low = self.low(index)
        got = peel(self.clean, low, amounts[0].start)
        got.separately = got.separately or "分别" in self.clean[low : amounts[0].start]
        first = Draft(amounts[0])
        known = len(self.history)
        place(self, first, index, low, got)
        years = patterns.YEARS_EACH.search(self.clean, low, amounts[0].start) if got.separately else None
        if years:
            if not years.group("noun"):
                self.of_last(first)
            first.rule = "<years> 分别 <amounts>"
        distance = first.rule == "<noun> above <reference> by <amount>"
        members = None if years else self.members(first, count, known, got)
        behind = amounts[-1].behind
        if amounts[-1].unit_class == "money" and not got.separately and self.clean.startswith("的", amounts[-1].tail) and not patterns.AIM.match(self.clean, amounts[-1].tail):
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
            self.finish(draft, got, row=True)

    def members(self, first: Draft, count: int, known: int, got: Peeled) -> list[tuple[int, int]] | None:
        """The nouns of a row of amounts, one each: the members of its own phrase, else the last subjects of the sentence."""
        if first.rule == "<amount> of the same" or (got.separately and first.rule == "<noun> 占 <base> <amount>"):
            past = self.history[:known][-count:] if known >= count else []
            if len(past) == count:
                return [(subject.start, subject.end) for subject in past]
            if not got.separately or not past:
                return None
        if first.start >= first.end:
            return None
        cuts = [match for match in patterns.MEMBER.finditer(self.clean, first.start, first.end)]
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

    def of_last(self, draft: Draft) -> None:
        if self.history:
            last = self.history[-1]
            draft.start, draft.end = last.start, last.end

    def tail_of_last(self, index: int) -> int:
        """Where the amount before ends with its noun."""
        last = self.drafts[-1]
        return max(self.amounts[index - 1].tail, last.end if last.rule == "<amount> <noun>" else 0)

    def clause_subject(self, index: int) -> Subject | None:
        """The head of the clause before, for a sentence whose first amount has no noun in its own clause."""
        clean = self.clean
        begin = self.clause(self.amounts[index].start)
        if begin <= self.start + 1:
            return None
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
                return None
            return Subject(noun.start, noun.end, "", "", "")
        return Subject(start, end, "", "", "")

    def finish(self, draft: Draft, got: Peeled, *, row: bool = False) -> None:
        amount, clean = draft.amount, self.clean
        draft.compared = got.compared
        if got.from_ and patterns.REACHES.match(clean, amount.tail, min(self.end, amount.tail + 30)):
            draft.base, draft.earlier, draft.rule = True, True, "从 <amount> 到 <amount>"
        elif patterns.TAKES.search(clean, max(self.start, amount.start - 18), amount.start) and patterns.INTO.match(clean, amount.tail, min(self.end, amount.tail + 40)):
            draft.base, draft.rule = True, "将 <amount> 为 <amount>"
        self.drafts.append(draft)
        if not draft.base or draft.earlier:
            growth = draft.direction if got.growth_noun and draft.measure == "growth" else ""
            change = draft.direction if draft.measure == "change" and amount.unit_class != "share" else ""
            if draft.start < draft.end and (growth or change or not self.history or (self.history[-1].start, self.history[-1].end) != (draft.start, draft.end) or row or draft.rule != "<amount> of the same"):
                self.history.append(Subject(draft.start, draft.end, change, growth, amount.unit_class))
