"""What surrounds a sentence, and the facts that follow from it and the drafts: role, year, strength, with the reason of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

import msgspec

from luoshi.extract.catalogue import indicator, indicator_id
from luoshi.extract.fact import MeasureFact, Reason
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.lexicon import STRENGTH, STRENGTH_WORDS, UNITS, WORDS, alternation
from luoshi.extract.kinds.measure.sentence import Sentence
from luoshi.extract.kinds.measure.years import Mark, marks_in, reviewed_year
from luoshi.outline.outline import Document, Outline, Stretch

_WORDS = WORDS.roles
_FUTURE = re.compile(
    r"(?=[将即年计拟下明])"
    rf"(?:将(?={alternation(_WORDS.will)}|在\d|有\d)|即将|年内可"
    rf"|(?<![{_WORDS.plan_before}])计划(?!{alternation(_WORDS.plan_behind)})(?=[^,。;]{{0,14}}(?:{alternation(_WORDS.plans)}|\d))"
    rf"|拟(?={alternation(_WORDS.intends)})|下一步|明年(?!初))"
)
_EARLIER_AIM = re.compile(alternation(_WORDS.earlier_aims))
#: what is so now, told in a plan (全区有280万农牧民…)
_AT_PRESENT = re.compile(rf"(?<![将要会能现没具])(?:{alternation(_WORDS.at_present)}|我[区市省县国](?:现)?有|全[区市省县国]有)")
#: ends of names that say what is counted (接待游客人次)
_COUNTED = tuple(unit for unit, (kind, _) in UNITS.items() if kind == "count" and len(unit) == 2 and unit[1] == "次")
_TARGET_PARTS = frozenset(["plan", "self", "outlook"])
_LISTED_RULES = frozenset(["<noun> <amount>", "<amount> <noun>", "<amount> of the same"])
#: what stands before a word of strength that opens a clause
_CLAUSE_HEADS = frozenset(",;:、。 \n")

#: one year, or first and last of a span
Years = tuple[int | None, tuple[int, int] | None]


class Ground(msgspec.Struct, gc=False):
    """What an attribute says and ``why``; ``start``/``end`` of the words it rests on (empty: the part of the document says it)."""

    says: str
    why: str
    start: int
    end: int


class Scene:
    """What surrounds a sentence: document, part, years, words of time and of strength; turns drafts into facts.

    ``part`` is that of the stretch, or of the paragraph where that tells of another time; ``span`` the years of a look-back or
    outlook of several; ``this_year`` what 今年 means.
    """

    def __init__(
        self, outline: Outline, stretch: Stretch, sentence: Sentence, *, part: str, span: tuple[int, int] | None, this_year: int | None
    ) -> None:
        self.text, self.stretch, self.sentence, self.part, self.span = outline.text, stretch, sentence, part, span
        self.document: Document = outline.documents[stretch.document]
        self.review = reviewed_year(self.document)
        self.clean = sentence.clean
        clean, start, end = sentence.clean, sentence.start, sentence.end
        marks = marks_in(clean, start, end, document=self.document, part=stretch.part, this_year=this_year)
        #: the words of time that can govern an amount
        self.marks = [mark for mark in marks if self._governs(mark)]
        self.strengths = [match for match in STRENGTH_WORDS.finditer(clean, start, end) if clean[match.start() - 1 : match.start()] != "于"]

    def facts(self, drafts: list[Draft]) -> Iterator[MeasureFact]:
        """The facts of the drafts, in order."""
        year: int | None = None
        years: tuple[int, int] | None = None
        last: Mark | None = None
        rate = False
        for draft in drafts:
            if draft.idle:
                continue
            mark = self._governing(draft.amount.start)
            role = self._role(draft, mark).says
            if years is None or mark is not last or rate or not _goes_on(draft):
                year, years = self._years(draft, role, mark)
            last, rate = mark, draft.average or draft.measure == "growth"
            yield self._fact(draft, role, year, years)

    def _fact(self, draft: Draft, role: str, year: int | None, years: tuple[int, int] | None) -> MeasureFact:
        amount, text = draft.amount, self.text
        place = text.quote(amount.start, amount.end)
        return MeasureFact(
            start=place.start,
            end=place.end,
            text=place.text,
            role=role,
            measure=draft.measure,
            comparator=draft.comparator,
            indicator=text.quote(draft.start, draft.end) if draft.start < draft.end else None,
            indicator_id=self._indicator_id(draft),
            direction=draft.direction or None if draft.measure in ("growth", "change") else None,
            value=None if amount.no_value else amount.value,
            value_max=amount.value_max,
            unit=amount.unit or ("" if amount.unit_class == "word" else self._unit(draft)),
            reference=text.quote(*amount.reference) if amount.reference else None,
            year=year,
            years=years,
            strength=self._strength(draft).says,
            section=self.stretch.section,
            document=self.stretch.document,
            rule=draft.rule,
        )

    def reasons(self, draft: Draft) -> tuple[Reason, ...]:
        """Why each attribute of the draft's measure has its value, with the source words that each rests on."""
        amount, at = draft.amount, draft.amount.start
        mark = self._governing(at)
        clause = self._clause_start(at)
        verb = min(max(draft.end, clause) if draft.end <= at else clause, len(self.clean[:at].rstrip()))
        role = self._role(draft, mark)
        grounds = {
            "indicator": Ground("", draft.rule, draft.start, draft.end),
            "measure": Ground("", f"{draft.measure} {draft.direction}".strip(), verb, at),
            "comparator": Ground("", draft.comparator, *((amount.end, amount.tail) if amount.end < amount.tail else (verb, at))),
            "role": role,
            "year": self._year_ground(draft, mark, role.says, verb),
            "strength": self._strength(draft),
        }
        plain = {"comparator": "eq", "strength": "plain"}
        return tuple(self._reason(key, ground, at) for key, ground in grounds.items() if ground.why != plain.get(key))

    def _reason(self, key: str, ground: Ground, at: int) -> Reason:
        span = self.text.to_source(ground.start, ground.end) if ground.start < ground.end else self.text.to_source(at, at)
        return Reason(key, ground.why, span.start, span.end)

    def _year_ground(self, draft: Draft, mark: Mark | None, role: str, verb: int) -> Ground:
        at = draft.amount.start
        if draft.year is not None:
            return Ground("", "the year of the state", verb, at)
        if mark is not None:
            return Ground("", f"a word of time ({mark.kind})", mark.start, mark.end)
        return Ground("", f"part {self.part} of the document, role {role}", at, at)

    def _indicator_id(self, draft: Draft) -> str:
        """The catalogue's id of the indicator; none for a share of an amount that the catalogue does not know as a share."""
        if draft.start >= draft.end or (draft.base and draft.rule == "<base> <amount>"):
            return ""
        found = indicator_id(draft.known_as or self.clean[draft.start : draft.end])
        if found and draft.measure == "level" and draft.amount.unit == "%" and "%" not in indicator(found).unit:
            return ""
        return found

    def _unit(self, draft: Draft) -> str:
        """The unit that a bare number implies: 人 or 户 in front of its noun, 元 elsewhere."""
        name = self.clean[draft.start : draft.end]
        if name.endswith(_COUNTED):
            return name[-2:]
        if name.endswith(WORDS.telling.of_visits):
            return "人次"
        if draft.rule == "<amount> <noun>":
            if draft.amount.value >= 10**8 and name.endswith(WORDS.telling.of_money):
                return "元"
            return "户" if name.endswith(WORDS.telling.of_households) else "人"
        return "人" if name.endswith(WORDS.telling.of_persons) else "元"

    def _clause_start(self, at: int) -> int:
        """Where the clause of the offset begins."""
        clean, start = self.clean, self.sentence.start
        return max(clean.rfind(",", start, at), clean.rfind(";", start, at), clean.rfind(":", start, at), start - 1) + 1

    # ---- strength

    def _strength(self, draft: Draft) -> Ground:
        """The strength and its word: from the head of a clause it governs to the end of the sentence, from within a clause that clause."""
        at = draft.amount.start
        if not draft.base:
            for match in reversed(self.strengths):
                if match.start() <= at and self._reaches(match, at):
                    says = STRENGTH[match.group()]
                    return Ground(says, says, *match.span())
        return Ground("plain", "plain", at, at)

    def _reaches(self, match: re.Match[str], at: int) -> bool:
        """True where the word of strength governs what stands at the offset behind it."""
        clean, (start, end) = self.clean, match.span()
        heads = start == self.sentence.start or clean[start - 1] in _CLAUSE_HEADS
        if STRENGTH[match.group()] == "forecast" or (heads and not clean[end : end + 1].isdigit()):
            return True
        return clean.find(",", end, at) < 0 and clean.find(";", end, at) < 0

    # ---- time

    def _governs(self, mark: Mark) -> bool:
        """False for a word of time that is compared with, that begins a span without end, or that belongs to the next noun."""
        if mark.compared or mark.kind == "since" or self.clean.startswith("的", mark.end):
            return False
        return self.clean[max(0, mark.start - 1) : mark.start] not in ("从", "由")

    def _governing(self, at: int) -> Mark | None:
        """The word of time that tells of the amount at the offset: the last before it that reaches so far."""
        for mark in reversed(self.marks):
            if mark.start < at and not self._is_closed(mark, at):
                return mark
        return None

    def _is_closed(self, mark: Mark, at: int) -> bool:
        """True where a look-back has ended with its part of the sentence, or an outlook with its clause."""
        end = {"few": ";", "future": ","}.get(mark.kind)
        return end is not None and self.clean.find(end, mark.end, at) >= 0

    def _years(self, draft: Draft, role: str, mark: Mark | None) -> Years:
        """The year or the span of years that the measure is for."""
        if draft.year is not None:
            return draft.year, None
        document, review = self.document, self.review
        targets = role == "target" or (role == "attribute" and self.part in _TARGET_PARTS)
        reviewed = self.part in ("review", "problems") and review is not None
        default = (document.plan_year if targets and not reviewed else review) or (None if document.plan_years else document.plan_year)
        spread = self._spread(targets=targets)
        if draft.earlier:
            return self._year_before(draft, mark, spread, targets=targets, default=default), None
        if draft.last_year and review and draft.measure == "level" and self.part == "review":
            return review, None
        if mark is not None:
            if mark.years is None:
                return (None, spread) if draft.average and spread and mark.year == spread[1] else (mark.year, None)
            spread = mark.years
        if spread is None or (mark is None and not targets and self._says_whole_year(draft.amount.start)):
            return default, None
        return (None, spread) if self._fills(draft, role) else (spread[1], None)

    def _says_whole_year(self, at: int) -> bool:
        """True behind 全年 in the sentence: in a look-back of several years it tells of the last one."""
        return self.clean.rfind("全年", self.sentence.start, at) >= 0

    def _spread(self, *, targets: bool) -> tuple[int, int] | None:
        """The span of years that the part of the document speaks of, where it speaks of several."""
        if targets:
            return self.span if self.span and self.part == "outlook" else self.document.plan_years
        return self.span if self.part == "review" else None

    def _year_before(
        self, draft: Draft, mark: Mark | None, spread: tuple[int, int] | None, *, targets: bool, default: int | None
    ) -> int | None:
        """The year of what a change starts from: the one before."""
        if draft.last_year and self.review:
            return self.review if targets else self.review - 1
        if mark is not None and mark.years:
            return mark.years[0] - 1
        if spread:
            return spread[0] - 1
        return default - 1 if default else None

    def _fills(self, draft: Draft, role: str) -> bool:
        """True for yearly rates and for what is done in a span of years, which carry the span; False for how things stand at its end."""
        if draft.compared and not draft.average:
            return False
        if draft.amount.unit_class == "money" and self.clean.endswith(_WORDS.flows, draft.start, draft.end):
            return True
        if draft.average or draft.total or draft.measure in ("change", "growth"):
            return True
        if draft.state or draft.measure == "rank":
            return False
        if role == "target":
            return draft.done_verb or draft.rule != "<noun> <amount>"
        return draft.done_verb or draft.rule == "<amount> <noun>"

    # ---- role

    def _role(self, draft: Draft, mark: Mark | None) -> Ground:
        """The role of the measure and what says so."""
        if draft.base:
            return Ground("attribute", draft.rule, draft.start, draft.end)
        if self.part in _TARGET_PARTS or (self.part == "other" and self.document.kind in ("plan", "breakdown", "other")):
            return self._role_in_plan(draft, mark)
        return self._role_in_review(draft, mark)

    def _role_in_plan(self, draft: Draft, mark: Mark | None) -> Ground:
        """A target, unless the words say that it is so now or was so before the plan."""
        at = draft.amount.start
        present = _AT_PRESENT.search(self.clean, self._clause_start(at), at) if self.part in _TARGET_PARTS else None
        if present:
            return Ground("result", "what is so now, told in a plan", *present.span())
        first = self.document.plan_years[0] if self.document.plan_years else self.document.plan_year
        named = _last_year(mark)
        if mark is not None and first is not None and named is not None and named < first:
            return Ground("result", "a year before the plan", mark.start, mark.end)
        if draft.year is not None and first is not None and draft.year < first:
            return Ground("result", "a year before the plan", at, at)
        return Ground("target", f"part {self.part}", at, at)

    def _role_in_review(self, draft: Draft, mark: Mark | None) -> Ground:
        """A result, unless the words say that it is still to come or was an aim."""
        at, named = draft.amount.start, _last_year(mark)
        if mark is not None and named is not None and self.review is not None and named > self.review:
            return Ground("target", "a year after the one reviewed", mark.start, mark.end)
        future = _FUTURE.search(self.clean, self._clause_start(at), at)
        if future and self.clean.find("的", future.end(), at) < 0:
            return Ground("target", "a word of what will be", *future.span())
        earlier = self._earlier_aim
        if earlier and earlier.end() <= at:
            return Ground("target", "an aim set earlier", *earlier.span())
        return Ground("result", f"part {self.part}", at, at)

    @cached_property
    def _earlier_aim(self) -> re.Match[str] | None:
        """The first words of the sentence that tell of an aim set earlier."""
        return _EARLIER_AIM.search(self.clean, self.sentence.start, self.sentence.end)


def _goes_on(draft: Draft) -> bool:
    """True for a further member of a list of what was done in a span of years (五年共办理建议3819件、提案3192件)."""
    if not draft.listed or draft.state or draft.year is not None or draft.measure != "level":
        return False
    return draft.rule in _LISTED_RULES and draft.amount.unit_class != "share"


def _last_year(mark: Mark | None) -> int | None:
    """The last year that a word of time names."""
    if mark is None:
        return None
    return mark.years[1] if mark.years else mark.year
