"""Drafts of measures and the subjects that later amounts of a sentence may be of."""

from __future__ import annotations

from luoshi.extract.kinds.measure.amount import Amount


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
