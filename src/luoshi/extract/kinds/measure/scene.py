"""What surrounds a sentence, and the facts that follow from it and the drafts: role, year, strength, with the reason of each."""

from __future__ import annotations

import re

from luoshi.extract.catalogue import indicator, indicator_id
from luoshi.extract.fact import MeasureFact, Reason
from luoshi.extract.kinds.measure.draft import Draft
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.sentence import Sentence
from luoshi.extract.kinds.measure.years import Mark, marks_in, reviewed_year
from luoshi.outline.outline import Document, Outline, Stretch

_FUTURE = re.compile(
    r"将(?=再|新|达|供应|建成|建设|于|在今|在\d|完成|实现|投入|投资|启动|继续|陆续|全面|力争|增|开|突破|超|有\d|推|引|培|举|发|形成|竣|迎来|拥有|为)|即将|年内可"
    r"|(?<![动年度育业划五设展造区])计划(?!单列|生育|内|外|指标|的|总量|性|经济)(?=[^,。;]{0,14}(?:投|建|引|新|开|完成|实施|培|发|总|用|\d))|拟(?=新|建|投|引|开|于)|下一步|明年(?!初)"
)
_EARLIER_AIM = re.compile(r"曾(?:经)?提出|曾(?:经)?确定|原定|年初(?:提出|确定)的?")
#: what is so now, told in a plan (全区有280万农牧民…)
_AT_PRESENT = re.compile(r"(?<![将要会能现没具])(?:现有|还有|已有|共有|目前|我[区市省县国](?:现)?有|全[区市省县国]有)")
#: money that flows over a span of years, not a state at its end
_FLOWS = ("投入", "安排", "拨付", "补助", "补贴", "资金", "投资", "贷款", "捐赠", "经费")
_TARGET_PARTS = frozenset(["plan", "self", "outlook"])


_LISTED_RULES = frozenset(["<noun> <amount>", "<amount> <noun>", "<amount> of the same"])


class Scene:
    """What surrounds a sentence: document, part, words of time and of strength; turns drafts into facts."""

    __slots__ = ("outline", "stretch", "sentence", "document", "marks", "strengths", "span", "part")

    def __init__(self, outline: Outline, stretch: Stretch, sentence: Sentence, this_year: int | None, one_year: frozenset[int]) -> None:
        self.outline, self.stretch, self.sentence = outline, stretch, sentence
        #: the part of the stretch, or of the paragraph where that tells of another time
        self.part: str = stretch.part
        self.document: Document = outline.documents[stretch.document]
        clean, start, end = sentence.clean, sentence.start, sentence.end
        has_time = any(clean.find(sign, start, end) >= 0 for sign in ("年", "期", "届", "五”"))
        self.marks: list[Mark] = marks_in(clean, start, end, self.document, stretch.part, this_year) if has_time else []
        self.strengths = [
            (match.start(), match.end(), lexicon().strength[match.group()])
            for match in lexicon().strength_pattern.finditer(clean, start, end)
            if clean[match.start() - 1 : match.start()] != "于"
        ]
        section = outline.sections[stretch.section] if stretch.section >= 0 else None
        self.span = section.span_years if section and section.index not in one_year else None

    def write(self, drafts: list[Draft], facts: list[MeasureFact]) -> None:
        text = self.outline.text
        year: int | None = None
        years: tuple[int, int] | None = None
        last: Draft | None = None
        for draft in drafts:
            if draft.idle:
                continue
            amount = draft.amount
            role = self._role(draft)[0]
            if years is None or last is None or not self._shares_years(draft, last):
                year, years = self._years(draft, role)
            last = draft
            place = text.quote(amount.start, amount.end)
            facts.append(
                MeasureFact(
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
                    strength=self._strength(draft)[0],
                    section=self.stretch.section,
                    document=self.stretch.document,
                    rule=draft.rule,
                )
            )

    def _shares_years(self, draft: Draft, last: Draft) -> bool:
        """True for a further member of a list of what was done in a span of years (五年共办理建议3819件、提案3192件)."""
        if not draft.listed or draft.state or draft.year is not None or draft.measure != "level" or draft.rule not in _LISTED_RULES:
            return False
        return draft.amount.unit_class != "share" and self._governing(draft.amount.start) is self._governing(last.amount.start)

    def reasons(self, drafts: list[Draft], draft: Draft) -> tuple[Reason, ...]:
        """Why each attribute of the draft's measure has its value, with the source words that each rests on."""
        amount, text = draft.amount, self.outline.text
        facts: list[MeasureFact] = []
        self.write(drafts, facts)

        def reason(key: str, rule: str, start: int, end: int) -> Reason:
            span = text.to_source(start, end) if start < end else text.to_source(amount.start, amount.start)
            return Reason(key, rule, span.start, span.end)

        told = [reason("indicator", draft.rule, draft.start, draft.end)]
        before = self.sentence.clean[: amount.start].rstrip()
        verb = max(draft.end if draft.end <= amount.start else self._clause_start(amount.start), self._clause_start(amount.start))
        told.append(reason("measure", f"{draft.measure} {draft.direction}".strip(), min(verb, len(before)), amount.start))
        if draft.comparator != "eq":
            behind = amount.end < amount.tail
            told.append(reason("comparator", draft.comparator, amount.end if behind else verb, amount.tail if behind else amount.start))
        role, why, start, end = self._role(draft)
        told.append(reason("role", why, start, end))
        mark = self._governing(amount.start)
        if draft.year is not None:
            told.append(reason("year", "the year of the state", verb, amount.start))
        elif mark is not None:
            told.append(reason("year", f"a word of time ({mark.kind})", mark.start, mark.end))
        else:
            told.append(reason("year", f"part {self.part} of the document, role {role}", amount.start, amount.start))
        strength, start, end = self._strength(draft)
        if strength != "plain":
            told.append(reason("strength", strength, start, end))
        return tuple(told)

    def _indicator_id(self, draft: Draft) -> str:
        """The catalogue's id of the indicator; none for a share of an amount that the catalogue does not know as a share."""
        if draft.start >= draft.end or draft.base and draft.rule == "<base> <amount>":
            return ""
        found = indicator_id(self.sentence.clean[draft.start : draft.end])
        if found and draft.measure == "level" and draft.amount.unit == "%" and "%" not in indicator(found).unit:
            return ""
        return found

    def _unit(self, draft: Draft) -> str:
        """The unit that a bare number implies: 人 or 户 in front of its noun, 元 elsewhere."""
        name = self.sentence.clean[draft.start : draft.end]
        if draft.rule == "<amount> <noun>":
            return "户" if name.endswith(("户", "户家庭", "用户")) else "人"
        return "人" if name.endswith(("人口", "人数", "人员", "群众", "职工", "居民", "农民", "学生")) else "元"

    def _strength(self, draft: Draft) -> tuple[str, int, int]:
        """The strength and its word: from the head of a clause it governs to the end of the sentence, from within a clause that clause."""
        at = draft.amount.start
        if draft.base or not self.strengths:
            return "plain", at, at
        clean, said = self.sentence.clean, ("plain", at, at)
        for start, end, strength in self.strengths:
            if start > at:
                break
            heads = start == self.sentence.start or clean[start - 1] in ",;:、。 \n"
            reach = strength == "forecast" or (heads and not clean[end : end + 1].isdigit())
            if not reach and any(clean.find(mark, end, at) >= 0 for mark in ",;"):
                continue
            said = strength, start, end
        return said

    def _governing(self, at: int) -> Mark | None:
        found = None
        for mark in self.marks:
            if mark.start >= at:
                break
            if mark.compared or mark.kind == "since" or self.sentence.clean[mark.end : mark.end + 1] == "的" or self.sentence.clean[mark.start - 1] in "从由":
                continue
            if mark.kind == "few" and self.sentence.clean.find(";", mark.end, at) >= 0:
                continue
            if mark.kind == "future" and self.sentence.clean.find(",", mark.end, at) >= 0:
                continue
            found = mark
        return found

    def _role(self, draft: Draft) -> tuple[str, str, int, int]:
        """The role, why, and the clean span of the words it rests on (empty: the part of the document says it)."""
        if draft.base:
            return "attribute", draft.rule, draft.start, draft.end
        part, document = self.part, self.document
        at = draft.amount.start
        clean = self.sentence.clean
        mark = self._governing(at)
        named = (mark.years[1] if mark.years else mark.year) if mark is not None else None
        if part in _TARGET_PARTS or (part == "other" and document.kind in ("plan", "breakdown", "other")):
            present = _AT_PRESENT.search(clean, self._clause_start(at), at)
            if part in _TARGET_PARTS and present:
                return "result", "what is so now, told in a plan", present.start(), present.end()
            first = document.plan_years[0] if document.plan_years else document.plan_year
            if mark is not None and named is not None and first is not None and named < first:
                return "result", "a year before the plan", mark.start, mark.end
            if draft.year is not None and first is not None and draft.year < first:
                return "result", "a year before the plan", at, at
            return "target", f"part {part}", at, at
        review = reviewed_year(document)
        if mark is not None and named is not None and review is not None and named > review:
            return "target", "a year after the one reviewed", mark.start, mark.end
        low = self._clause_start(at)
        future = _FUTURE.search(clean, low, at)
        if future and clean.find("的", future.end(), at) < 0:
            return "target", "a word of what will be", future.start(), future.end()
        earlier = _EARLIER_AIM.search(clean, self.sentence.start, at)
        if earlier:
            return "target", "an aim set earlier", earlier.start(), earlier.end()
        return "result", f"part {part}", at, at

    def _clause_start(self, at: int) -> int:
        """Where the clause of the offset begins."""
        clean, start = self.sentence.clean, self.sentence.start
        return max([start] + [clean.rfind(mark, start, at) + 1 for mark in ",;:"])

    def _years(self, draft: Draft, role: str) -> tuple[int | None, tuple[int, int] | None]:
        document = self.document
        if draft.year is not None:
            return draft.year, None
        mark = self._governing(draft.amount.start)
        targets = role == "target" or (role == "attribute" and self.part in _TARGET_PARTS)
        review = reviewed_year(document)
        reviewed = self.part in ("review", "problems") and review is not None
        default = (document.plan_year if targets and not reviewed else review) or (document.plan_year if not document.plan_years else None)
        spread = document.plan_years if targets else (self.span if self.part == "review" else None)
        if targets and self.span and self.part == "outlook":
            spread = self.span
        if draft.last_year and not draft.earlier and review and draft.measure == "level" and self.part == "review":
            return review, None
        if draft.earlier:
            if draft.last_year and review:
                return (review if targets else review - 1), None
            if mark is not None and mark.years:
                return mark.years[0] - 1, None
            if spread:
                return spread[0] - 1, None
            return (default - 1 if default else None), None
        if mark is not None:
            if mark.years is not None:
                return self._spread(draft, mark.years, role)
            if draft.average and spread and mark.year == spread[1]:
                return None, spread
            return mark.year, None
        if spread:
            return self._spread(draft, spread, role)
        return default, None

    def _spread(self, draft: Draft, years: tuple[int, int], role: str) -> tuple[int | None, tuple[int, int] | None]:
        """A span of years: yearly rates and what was done in it carry the span, a state at its end the last year."""
        if draft.compared and not draft.average:
            return years[1], None
        if draft.amount.unit_class == "money" and self.sentence.clean.endswith(_FLOWS, draft.start, draft.end):
            return None, years
        if draft.average or draft.total or draft.measure in ("change", "growth"):
            return None, years
        if draft.state or draft.measure == "rank":
            return years[1], None
        if draft.amount.unit_class == "money" and self.sentence.clean.endswith(_FLOWS, draft.start, draft.end):
            return None, years
        if role == "target":
            stands = draft.rule == "<noun> <amount>" and not draft.done_verb
            return (years[1], None) if stands else (None, years)
        if draft.done_verb or draft.rule == "<amount> <noun>":
            return None, years
        return years[1], None
