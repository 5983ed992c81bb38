"""Finds the measures of an outline: amounts, sentence by sentence, with role, year and strength from their surroundings."""

from __future__ import annotations

import re
from bisect import bisect_left

from luoshi.extract.catalogue import indicator, indicator_id
from luoshi.extract.fact import MeasureFact
from luoshi.extract.kinds.measure.amount import Amount, digit_amounts, spoken_amounts
from luoshi.extract.kinds.measure.draft import Draft, Subject
from luoshi.extract.kinds.measure.lexicon import lexicon
from luoshi.extract.kinds.measure.numberless import word_amounts
from luoshi.extract.kinds.measure.sentence import Sentence
from luoshi.extract.kinds.measure.years import Mark, marks_in, one_year_sections, reviewed_year, span_of_review, this_year_of
from luoshi.outline.outline import Document, Outline, Stretch

_STOP = re.compile(r"[。!?！？\n]")
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


def find_measures(outline: Outline) -> list[MeasureFact]:
    """The measures of the text, in order of their start; none overlap."""
    clean = outline.text.clean
    end = len(clean)
    amounts = _merged(digit_amounts(clean, 0, end), spoken_amounts(clean, 0, end) + word_amounts(clean, 0, end))
    starts = [amount.start for amount in amounts]
    facts: list[MeasureFact] = []
    this_years = [this_year_of(outline, index) for index in range(len(outline.documents))]
    one_year = one_year_sections(outline)
    spans = [span_of_review(outline, index) for index in range(len(outline.documents))]
    turned = Turned()
    for stretch in outline.stretches:
        low, high = bisect_left(starts, stretch.start), bisect_left(starts, stretch.end)
        if low < high:
            tense = Tense(outline, stretch, turned)
            tense.span = spans[stretch.document] if tense.other == "review" and stretch.section not in one_year else None
            _read_stretch(outline, stretch, amounts[low:high], facts, this_years[stretch.document], one_year, tense)
        elif stretch.part == "review":
            Tense(outline, stretch, turned)
    return facts


def _merged(first: list[Amount], second: list[Amount]) -> list[Amount]:
    """Both lists in order; where two overlap the longer stays."""
    if not second:
        return first
    merged: list[Amount] = []
    for amount in sorted(first + second, key=lambda a: (a.start, -a.end)):
        if merged and amount.start < merged[-1].end:
            last = merged[-1]
            if (last.unit_class == "word", amount.start - amount.end) < (amount.unit_class == "word", last.start - last.end):
                continue
            merged[-1] = amount
            continue
        merged.append(amount)
    return merged


def _read_stretch(
    outline: Outline, stretch: Stretch, amounts: list[Amount], facts: list[MeasureFact], this_year: int | None, one_year: frozenset[int], tense: Tense
) -> None:
    clean = outline.text.clean
    index = 0
    begin = stretch.start
    fallback: Subject | None = None
    while index < len(amounts):
        at = amounts[index].start
        begin = max([begin] + [clean.rfind(mark, begin, at) + 1 for mark in "。!?\n"])
        match = _STOP.search(clean, amounts[index].end, stretch.end)
        end = match.start() if match else stretch.end
        last = index
        while last < len(amounts) and amounts[last].start < end:
            last += 1
        kept = [amount for amount in amounts[index:last] if _is_amount(clean, begin, end, amount)]
        if kept:
            sentence = Sentence(clean, begin, end, kept, fallback)
            drafts = sentence.read()
            scene = Scene(outline, stretch, sentence, this_year, one_year)
            scene.part, span = tense.at(begin)
            scene.span = scene.span or span if scene.part == stretch.part else span
            scene.write(drafts, facts)
        begin, index = end, max(last, index + 1)


_AFTER_COUNT = ("月", "半", "年", "小时", "多月", "季度", "星期", "五年", "世纪", "方面", "字")


def _is_amount(clean: str, begin: int, end: int, amount: Amount) -> bool:
    """False for numbers in names and slogans, durations and the like."""
    start, stop = amount.start, amount.end
    before = clean[start - 1] if start else ""
    if before == "每" and not amount.in_words:
        return False
    if amount.written_unit in ("个", "多个") and clean.startswith(_AFTER_COUNT, stop):
        return False
    if amount.unit_class == "time":
        return _is_time_measured(clean, begin, amount)
    quote = clean.rfind("“", begin, start)
    if quote >= 0 and clean.rfind("”", begin, start) < quote:
        close = clean.find("”", stop, end)
        if 0 <= close - quote <= 18 and amount.unit_class != "word" and not (amount.written_unit == "%" and before != "“"):
            return False
    title = clean.rfind("《", begin, start)
    if title >= 0 and clean.rfind("》", begin, start) < title and clean.find("》", stop, end) >= 0:
        return False
    if before == "+" or clean[stop : stop + 1] == "+":
        return False
    if amount.written_unit in ("卷", "期", "部", "集", "强", "套") and 1900 < amount.value < 2100 and (amount.written_unit != "套"):
        return False
    if amount.unit_class == "count" and clean.startswith(".0", stop - len(amount.written_unit) - 2):
        return False
    if amount.in_words and clean.startswith("千百", start):
        return False
    if amount.written_unit == "类" and amount.value < 6 and before in ("个", "首", "国"):
        return False
    if amount.written_unit == "强" or (amount.written_unit == "部" and clean[stop : stop + 1] in ("委", "门", "分", "队", "署")):
        return False
    if amount.written_unit == "scale" and clean.startswith(("GDP", "生产总值", "地区生产总值", "国内生产总值", "工业增加值", "产值", "增加值"), stop):
        return False
    if clean[stop : stop + 1].isascii() and clean[stop : stop + 1].isalpha() and amount.unit_class in ("size", "none"):
        return False
    if amount.unit_class == "none" and not amount.scaled:
        return False
    return True


_MEASURED_TIME = re.compile(r"(?:天数|优良|蓝天|好天|优良天|时限|时间|用时|周期|寿命|办结|审批|年龄|压缩|缩短|提速|减少|提前|受教育|天气|达标|时长|等待|空气|二级|工期|平均)")


def _is_time_measured(clean: str, begin: int, amount: Amount) -> bool:
    """A duration is measured only where it is what is shortened or counted (优良天数320天, 办理时限压缩4379个工作日)."""
    if amount.written_unit == "年":
        return amount.value < 100 and ("年限" in clean[max(begin, amount.start - 20) : amount.start] or "寿命" in clean[max(begin, amount.start - 20) : amount.start])
    return _MEASURED_TIME.search(clean, begin, amount.start) is not None


_HEAD_PAST = re.compile(r"\s*(?:各位代表[,:!]*)?[^。\n,;]{0,8}(?:(?:过去|刚刚过去)的?一年|一年来|去年|(20\d\d)年)(?!以来|至|到|-|—|底前|工作的?(?:总体|指导|主要)|[^。]{0,16}(?:预期|目标|计划|要求|安排|将|要))")
_HEAD_FUTURE = re.compile(r"\s*(?:[—\-]*)[^。\n,;]{0,6}?[“\"]?(?:(十[一二三四五六]|[一二三四五六七八九十])五[”\"]?(?:时期|期间)|未来五年|今后五年)")
_FIVE_FROM = {"七": 1986, "八": 1991, "九": 1996, "十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031}


_ABOUT_PLAN = re.compile(r"今年[^。\n]{0,16}(?:总体要求|总体思路|预期目标|主要目标|工作要求|工作思路)|主要预期目标[^。\n]{0,6}[是为:]")


_HEAD_FIVE = re.compile(r"\s*(?:[—\-]*|各位代表[,:!])(?:[^。\n]{0,40}。)?[^。\n,;]{0,10}?(?:(?:过去的?|这)五年|五年来|[“\"]?(十[一二三四五]|[六七八九十])五[”\"]?(?:时期|期间))(?=[,是以来我经全国各])")


class Turned:
    """The chapter in which a look-back has turned to what comes next (“十三五”成就和“十四五”目标 under one heading)."""

    __slots__ = ("section", "future")

    def __init__(self) -> None:
        self.section, self.future = -1, (0, 0)


def _top_section(outline: Outline, section: int) -> int:
    """The chapter that a section lies in."""
    while outline.sections[section].parent >= 0:
        section = outline.sections[section].parent
    return section


class Tense:
    """The time that the paragraphs of a stretch tell of, where their first words say another one than the part.

    A paragraph of a plan that opens with the year reviewed tells of results; from a paragraph of a look-back that opens with
    the next five years on, the rest of the stretch tells of aims.
    """

    __slots__ = ("clean", "stretch", "review", "cut", "future", "paragraph", "past", "other", "span", "past_span")

    def __init__(self, outline: Outline, stretch: Stretch, turned: Turned) -> None:
        self.clean, self.stretch = outline.text.clean, stretch
        self.review = outline.documents[stretch.document].review_year
        self.cut, self.future = stretch.end, (0, 0)
        self.paragraph, self.past = -1, False
        self.span: tuple[int, int] | None = None
        #: the years that the head of the paragraph says (过去五年, “十二五”时期)
        self.past_span: tuple[int, int] | None = None
        self.other = "plan" if stretch.part == "other" and _ABOUT_PLAN.search(self.clean, stretch.start, stretch.end) else stretch.part
        if stretch.part == "review" and self.review and stretch.section >= 0:
            top = _top_section(outline, stretch.section)
            if turned.section == top:
                self.cut, self.future = stretch.start, turned.future
                return
            self._find_turn()
            if self.cut < stretch.end:
                turned.section, turned.future = top, self.future

    def _find_turn(self) -> None:
        clean, at = self.clean, self.stretch.body
        while 0 <= at < self.stretch.end:
            match = _HEAD_FUTURE.match(clean, at, self.stretch.end)
            if match:
                first = _FIVE_FROM.get(match.group(1) or "", (self.review or 0) + 1 if match.group(1) is None else 0)
                if first > (self.review or 0):
                    self.cut, self.future = at, (first, first + 4)
                    return
            following = clean.find("\n", at, self.stretch.end)
            at = following + 1 if following >= 0 else -1

    def at(self, offset: int) -> tuple[str, tuple[int, int] | None]:
        """Part and span of years for the sentence at the offset."""
        part = self.other
        if self.span and offset < self.cut:
            return part, self.span
        if offset >= self.cut:
            return "outlook", self.future
        if part == "review" and self.review:
            paragraph = self.clean.rfind("\n", self.stretch.start, offset + 1) + 1 or self.stretch.start
            if paragraph != self.paragraph:
                self.paragraph, self.past_span = paragraph, self._span_of(paragraph)
            if self.past_span:
                return part, self.past_span
        if part in ("plan", "outlook") and self.review:
            paragraph = self.clean.rfind("\n", self.stretch.start, offset + 1) + 1 or self.stretch.start
            if paragraph != self.paragraph:
                match = _HEAD_PAST.match(self.clean, paragraph, self.stretch.end)
                self.paragraph, self.past = paragraph, bool(match) and (match.group(1) in (None, str(self.review)))  # type: ignore[union-attr]
            if self.past or self._tells_of_last_year(paragraph, offset):
                return "review", None
        return part, None


    def _span_of(self, paragraph: int) -> tuple[int, int] | None:
        """The five years that a paragraph of a look-back opens with; ``None`` where it opens with none."""
        match = _HEAD_FIVE.match(self.clean, paragraph, self.stretch.end)
        if match is None or self.review is None:
            return None
        if match.group(1):
            first = _FIVE_FROM.get(match.group(1), 0)
            return (first, first + 4) if first and self.review - 5 <= first + 4 <= self.review else None
        return self.review - 4, self.review

    def _tells_of_last_year(self, paragraph: int, offset: int) -> bool:
        """True behind a sentence that opens with 过去的一年, until the paragraph turns to this year."""
        clean = self.clean
        at = max(clean.rfind("。过去的一年", paragraph, offset), clean.rfind("。刚刚过去的一年", paragraph, offset), clean.rfind("。过去一年", paragraph, offset))
        return at >= 0 and not any(clean.find(word, at, offset) >= 0 for word in ("今年", "我们要", "要坚持"))


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
        for draft in drafts:
            if draft.idle:
                continue
            amount = draft.amount
            role = self._role(draft)
            if not (draft.listed and years is not None and not draft.state and draft.year is None and draft.measure == "level" and draft.rule in ("<noun> <amount>", "<amount> <noun>", "<amount> of the same")
                    and amount.unit_class != "share" and self._governing(amount.start) is self._governing(drafts[drafts.index(draft) - 1].amount.start)):
                year, years = self._years(draft, role)
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
                    strength=self._strength(draft),
                    section=self.stretch.section,
                    document=self.stretch.document,
                    rule=draft.rule,
                )
            )

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

    def _strength(self, draft: Draft) -> str:
        """The strength word that governs the amount: from the head of a clause to the end of the sentence, from within a clause that clause."""
        at = draft.amount.start
        if draft.base or not self.strengths:
            return "plain"
        clean, said = self.sentence.clean, "plain"
        for start, end, strength in self.strengths:
            if start > at:
                break
            heads = start == self.sentence.start or clean[start - 1] in ",;:、。 \n"
            reach = strength == "forecast" or (heads and not clean[end : end + 1].isdigit())
            if not reach and any(clean.find(mark, end, at) >= 0 for mark in ",;"):
                continue
            said = strength
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

    def _role(self, draft: Draft) -> str:
        if draft.base:
            return "attribute"
        part, document = self.part, self.document
        at = draft.amount.start
        mark = self._governing(at)
        if part in _TARGET_PARTS and _AT_PRESENT.search(self.sentence.clean, self._clause_start(at), at):
            return "result"
        if part in _TARGET_PARTS or (part == "other" and document.kind in ("plan", "breakdown", "other")):
            first = document.plan_years[0] if document.plan_years else document.plan_year
            if mark is not None and first is not None:
                last = mark.years[1] if mark.years else mark.year
                if last is not None and last < first:
                    return "result"
            if draft.year is not None and first is not None and draft.year < first:
                return "result"
            return "target"
        review = reviewed_year(document)
        if mark is not None and review is not None:
            last = mark.years[1] if mark.years else mark.year
            if last is not None and last > review:
                return "target"
        low = self._clause_start(at)
        future = _FUTURE.search(self.sentence.clean, low, at)
        if future and self.sentence.clean.find("的", future.end(), at) < 0:
            return "target"
        if _EARLIER_AIM.search(self.sentence.clean, self.sentence.start, at):
            return "target"
        return "result"

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
        if draft.average or draft.total or draft.measure == "change":
            return None, years
        if draft.state or draft.measure == "rank":
            return years[1], None
        if draft.amount.unit_class == "money" and self.sentence.clean.endswith(_FLOWS, draft.start, draft.end):
            return None, years
        if role == "target":
            stands = draft.rule == "<noun> <amount>" and not draft.done_verb
            return (years[1], None) if stands else (None, years)
        if draft.done_verb or draft.rule == "<amount> <noun>" or draft.measure == "growth":
            return None, years
        return years[1], None
