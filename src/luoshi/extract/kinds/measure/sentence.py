"""One sentence with its amounts, and what belongs to each: clause, words before and behind, neighbours. Offsets are in the clean text."""

from __future__ import annotations

import msgspec

from luoshi.extract.kinds.measure import patterns
from luoshi.extract.kinds.measure.amount import Amount
from luoshi.extract.kinds.measure.draft import Draft, Subject
from luoshi.extract.kinds.measure.lexicon import WORDS
from luoshi.extract.kinds.measure.noun import Noun, noun_before, noun_behind, skip_lead
from luoshi.extract.kinds.measure.peeling import Peeled

_ROW_LINKS = frozenset(WORDS.telling.row_links)
_LONGEST_LINK = 6


class Sentence:
    """A sentence ``clean[start:end]`` with its amounts; ``drafts`` and ``history`` (subjects) grow as they are read in order."""

    __slots__ = ("amounts", "clean", "drafts", "end", "history", "start")

    def __init__(self, clean: str, start: int, end: int, amounts: list[Amount]) -> None:
        self.clean, self.start, self.end, self.amounts = clean, start, end, amounts
        self.drafts: list[Draft] = []
        self.history: list[Subject] = []

    def clause(self, at: int) -> int:
        """Where the clause of the offset begins: behind a comma, an open bracket or a dash."""
        clean, low = self.clean, self.start
        begin = max(clean.rfind(",", low, at), clean.rfind(";", low, at), clean.rfind(":", low, at), low - 1) + 1
        paren = clean.rfind("(", begin, at)
        if paren >= 0 and clean.find(")", paren, at) < 0:
            begin = paren + 1
        dash = clean.rfind("——", begin, at)
        return dash + 2 if dash >= 0 else begin

    def low(self, index: int) -> int:
        """Where the words begin that belong to the amount: its clause, or the end of the amount before with its noun."""
        start = self.amounts[index].start
        begin = self.clause(start)
        if not index:
            return begin
        last = self.drafts[-1]
        begin = max(begin, self.amounts[index - 1].tail)
        if last.base and self.clean.startswith("级", begin):
            begin += 1
        if last.rule == "<amount> <noun>" and last.end <= start and not last.base:
            begin = max(begin, last.end)
        if begin < start and not last.base and self.clean[begin] not in "、,;" and begin == self.tail_of_last(index):
            return max(begin, self.clean.rfind("、", begin, start) + 1)
        return begin

    def limit(self, index: int) -> int:
        """Where the words behind the amount end: the next amount or the end of the sentence."""
        return self.amounts[index + 1].start if index + 1 < len(self.amounts) else self.end

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
        return tail + 1 if amount.unit_class == "money" and clean.startswith("的", tail) else -1

    def row(self, index: int) -> int:
        """How many amounts stand in a row with nothing but 、 or 和 between them (9.8%和8.5%); 1 where the amount is alone."""
        last = index
        while last + 1 < len(self.amounts) and self._goes_on(last):
            last += 1
        return last - index + 1

    def _goes_on(self, index: int) -> bool:
        """True where the next amount is of the same row as this one."""
        last, following = self.amounts[index], self.amounts[index + 1]
        if following.start - last.tail > _LONGEST_LINK or last.unit != following.unit or last.no_value or following.no_value:
            return False
        if "word" in (last.unit_class, following.unit_class):
            return False
        link = patterns.CONNECT.match(self.clean, last.tail, following.start)
        if link is None or link.end() == last.tail:
            return False
        between = self.clean[link.end() : following.start]
        if between and between not in _ROW_LINKS:
            return False
        if following.unit_class not in ("count", "none", "size"):
            return True
        return noun_behind(self.clean, following.tail, self.limit(index + 1)) == following.tail

    def of_last(self, draft: Draft) -> None:
        """Makes the draft one of the last subject, where there is one."""
        last = self.last_subject()
        if last:
            draft.take(last)

    def last_subject(self) -> Subject | None:
        """The last subject; of two in one word (城乡居民收入) both of them."""
        if not self.history:
            return None
        last = self.history[-1]
        twins = len(self.history) > 1 and (self.history[-2].start, self.history[-2].end) == (last.start, last.end)
        return msgspec.structs.replace(last, known_as="") if twins and self.history[-2].known_as != last.known_as else last

    def tail_of_last(self, index: int) -> int:
        """Where the amount before ends with its noun."""
        last = self.drafts[-1]
        return max(self.amounts[index - 1].tail, last.end if last.rule == "<amount> <noun>" else 0)

    def subject_before(self, index: int) -> Subject | None:
        """The noun that the clause before is, where it is nothing else and has no amount (甲、乙标准,|分别从每人每月20元…)."""
        clean = self.clean
        stop = self.clause(self.amounts[index].start) - 1
        head = max(clean.rfind(mark, self.start, stop) for mark in ",;:")
        if stop <= self.start or clean[stop] != "," or (index and self.amounts[index - 1].tail > head + 1):
            return None
        if not clean.endswith(WORDS.telling.measured, max(head, self.start), stop):
            return None
        noun = noun_before(clean, max(head + 1, self.start), stop, listed=True)
        return Subject(noun.start, noun.end) if noun.end - noun.start >= 2 else None

    def clause_subject(self, index: int) -> Subject | None:
        """The head of the clause before, for a sentence whose first amount has no noun in its own clause."""
        clean = self.clean
        stop = self.clause(self.amounts[index].start) - 1
        if stop <= self.start:
            return None
        head = max(clean.rfind(",", self.start, stop), clean.rfind(";", self.start, stop), self.start - 1) + 1
        start = skip_lead(clean, head, stop)
        if clean.endswith("方面", start + 2, stop):
            return Subject(start + clean.startswith("在", start), stop - 2)
        end = noun_behind(clean, start, stop)
        inner = noun_before(clean, head, stop)
        named = inner.end - inner.start >= 2
        if inner.verb >= 0 and named and (end - start < 2 or inner.verb < end):
            return Subject(inner.start, inner.end)
        if end - start < 2 or clean.endswith(WORDS.telling.clause_ends, start, stop):
            return Subject(inner.start, inner.end) if named else None
        return Subject(start, end)


class Spot(msgspec.Struct, gc=False):
    """An amount in its sentence while it is read: ``low`` is where its words begin, ``got`` what was peeled off in front of it.

    ``noun`` is the noun phrase left in front of it (empty where there is none); ``row``: how many amounts stand in a row with it.
    """

    sentence: Sentence
    draft: Draft
    index: int
    low: int
    got: Peeled
    noun: Noun
    row: int = 1

    @property
    def last_of_row(self) -> Amount:
        """The amount itself, or the last of the row that it opens."""
        return self.sentence.amounts[self.index + self.row - 1]

    @property
    def clean(self) -> str:
        return self.sentence.clean

    @property
    def amount(self) -> Amount:
        return self.draft.amount

    @property
    def has_noun(self) -> bool:
        return self.noun.start < self.noun.end

    @property
    def has_verb(self) -> bool:
        return self.noun.verb >= 0

    @property
    def limit(self) -> int:
        """Where the words behind the amount end."""
        return self.sentence.limit(self.index)
