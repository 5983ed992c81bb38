"""The end of a target in the report that accounts for its year: which figure answers it, and what follows from it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import TypedDict, Unpack

import msgspec

from luoshi.extract import catalogue
from luoshi.link import naming, numberless, relative, working
from luoshi.link.acting import project_name
from luoshi.link.link import Outcome, Quoted, Verdict, Why
from luoshi.link.naming import Kin
from luoshi.link.reaching import Reach, reach, same_unit, side_of
from luoshi.link.scene import STATES, Scene, scene
from luoshi.link.source import LOOKING_BACK, Acted, Measured, Source
from luoshi.link.words import family_of, loose, one_name, pattern

#: heads of amounts that are flows of a year, and those that are stocks
_FLOWS = frozenset({"finish", "mend", "cut", "begin"})


class Answer(msgspec.Struct, frozen=True):
    """A figure that may answer a target: how the names stand, what forbids the comparison ("" for nothing), how well it fits."""

    scene: Scene
    kin: Kin
    bar: Why | str
    score: tuple[int, ...]


class Account(msgspec.Struct, frozen=True, dict=True):
    """A report as the answer to last year's targets: its figures of that year, and what it names."""

    source: Source

    @cached_property
    def results(self) -> tuple[Scene, ...]:
        """Figures that were reached, in the order of the text."""
        return tuple(scene(self.source, one) for one in self.source.measures if one.role == "result")

    @cached_property
    def others(self) -> tuple[Scene, ...]:
        """Figures that are to be reached, or describe something."""
        return tuple(scene(self.source, one) for one in self.source.measures if one.role != "result")

    def near(self, target: Scene) -> list[Scene]:
        """The results whose name may be kin to the target's, in the order of the text; a short cut that leaves none out."""
        index = self._index
        places = {place for key in _keys(target, asked=True) for place in index.get(key, ())}
        return [self.results[place] for place in sorted(places)]

    def projects_near(self, name: str) -> tuple[Acted, ...]:
        """The projects whose names end as this one does."""
        return self._projects.get(name[-1:], ())

    @cached_property
    def _projects(self) -> dict[str, tuple[Acted, ...]]:
        found: dict[str, tuple[Acted, ...]] = {}
        for one in self.source.projects:
            end = project_name(one.text)[-1:]
            found[end] = (*found.get(end, ()), one)
        return found

    @cached_property
    def _index(self) -> dict[tuple[str, object], list[int]]:
        found: dict[tuple[str, object], list[int]] = {}
        for place, one in enumerate(self.results):
            for key in _keys(one, asked=False):
                found.setdefault(key, []).append(place)
        return found

    @cached_property
    def words(self) -> str:
        """The text in one spelling, without blanks."""
        return catalogue.spelled(re.sub(r"\s+", "", self.source.text))


def _keys(one: Scene, *, asked: bool) -> set[tuple[str, object]]:
    """What two names that are kin have in common, of which ``naming.kin`` and ``_by_figure`` know: an id, an end, a beginning, parts, a figure."""
    core, found = one.core, set[tuple[str, object]]()
    if one.indicator_id:
        found.add(("id", one.indicator_id))
        found |= {("id", other) for other in family_of(one.indicator_id)} if asked else set()
    if core:
        found |= {("end", core[-1]), ("name", one_name(core)), ("spelling", catalogue.spelled(core)), ("parts", naming.parts(core))}
        found.add(("beginning", core[: naming.SHORTEST_SCATTERED]))
    if one.measure.value is not None:
        found.add(("figure", one.measure.value))
    return found


def quoted(source: Source, start: int, end: int, fact: str) -> Quoted:
    """A quotation with the sentence around it."""
    first, last = source.sentence(start, end)
    return Quoted(source.key, fact, start, end, source.text[start:end], (first, last), source.text[first:last].strip())


def nowhere(level: str) -> None:
    """No report of a place above is known."""


#: a person's decisions on pairs of names
Settled = Mapping[tuple[str, str], bool]


def name_pair(one: str, other: str) -> tuple[str, str]:
    """The key of a decision on two names.

    >>> name_pair("新建公厕", "公共厕所")
    ('公共厕所', '公厕')
    """
    first, second = sorted((naming.core(one), naming.core(other)))
    return first, second


def said_anew(target: Scene, year: int, account: Account, settled: Settled) -> Outcome | None:
    """The same goal for the same year with another figure in a later document, before it was due; ``None`` where it stands as it was."""
    for other in account.others:
        one, two = target.measure, other.measure
        if two.role != "target" or two.last_year != year or two.measure != one.measure or not same_unit(one.unit, two.unit):
            continue
        if (
            one.years != two.years
            or target.is_of_several_years != other.is_of_several_years
            or one.measure == "growth"
            or _is_flow(target)
            or _is_flow(other)
        ):
            continue  # a sum of years, a mean of years and one year's own figure are three goals
        kin = kin_of(target, other, settled)
        if kin.kinship != "same" or one.value is None or two.value is None or other.scope != target.scope or other.places != target.places:
            continue
        told = reach(one, two)
        if told.distance is None or (told.distance == 0 and one.comparator == two.comparator):
            return None
        verdict: Verdict = "restated" if told.distance == 0 else "strengthened" if told.distance > 0 else "weakened"
        return outcome(
            target,
            year,
            verdict,
            result=other,
            kin=kin,
            reasons=("said-anew",),
            distance=told.distance,
            unit=told.unit,
            others=("not_yet",),
        )
    return None


def answer(
    target: Scene, year: int, account: Account, before: Account | None, above: relative.Look = nowhere, settled: Settled = MappingProxyType({})
) -> Outcome:  # fmt: skip
    """The end of ``target``, a figure for ``year``, in the report that accounts for that year.

    ``before`` is the report that gave it; ``above`` gives the report of the place above at a level that accounts for the same year.
    """
    if not account.source.accounts:
        return outcome(target, year, "cannot_tell", why="no_result", reasons=("no-review",))
    found = candidates(target, year, account, settled)
    open_ = [one for one in found if not one.bar]
    if target.measure.value is None or target.measure.comparator in numberless.COMPARATORS:
        return numberless.answer(target, year, account, found, above, before)
    for best in open_:
        told = reach(target.measure, best.scene.measure)
        if told.verdict is not None or told.reason == "bound-only":
            return _told(target, year, best, told)
    part = _part_or_whole(target, found)
    if part is not None:
        return _told(target, year, *part)
    done = numberless.done(target, found)
    if done is not None:
        return outcome(target, year, "met", result=done.scene, kin=done.kin, reasons=("told-as-done",))
    worked = working.worked_out(target, year, found, before)
    if worked is not None:
        return worked
    return _untold(target, year, found, account)


_SHORTEST_PART = 3


def _part_or_whole(target: Scene, found: Sequence[Answer]) -> tuple[Answer, Reach] | None:
    """A part that reaches the target of the whole, or a whole that falls short of the target of a part; of counts only, where this is sure."""
    for one in found:
        if one.bar != "other_indicator" or one.kin.reason != "modifier" or not one.kin.narrower or not _is_counted(target.measure):
            continue
        if target.indicator_id.endswith("projects") or len(target.core) < _SHORTEST_PART or len(one.scene.core) < _SHORTEST_PART:
            continue
        if side_of(target.measure) != "least" or _bar_besides(target, one.scene, target.measure.last_year):
            continue
        told = reach(target.measure, one.scene.measure)
        if one.kin.narrower == "result" and pattern("parts").fullmatch(one.kin.extra) is None:
            continue
        if (one.kin.narrower, told.verdict) in {("result", "met"), ("target", "missed")}:
            reason = "part-reaches" if told.verdict == "met" else "whole-falls-short"
            return one, msgspec.structs.replace(told, reason=reason, others=("cannot_tell",))
    return None


def _told(target: Scene, year: int, best: Answer, told: Reach) -> Outcome:
    verdict: Verdict = told.verdict or "cannot_tell"
    return outcome(
        target, year, verdict, why="" if told.verdict else "bound_only", result=best.scene, kin=best.kin, reasons=(told.reason,),
        distance=told.distance, unit=told.unit, others=told.others,
    )  # fmt: skip


class Told(TypedDict, total=False):
    """What an outcome says besides its verdict."""

    why: Why
    result: Scene | None
    kin: Kin | None
    reasons: tuple[str, ...]
    distance: Decimal | None
    unit: str
    worked: str
    others: tuple[Verdict, ...]
    beside: Scene | None


def outcome(target: Scene, year: int | None, verdict: Verdict, **told: Unpack[Told]) -> Outcome:
    """An outcome of a measure with its quotations."""
    result, kin, beside = told.get("result"), told.get("kin"), told.get("beside")
    scaled = scale(told.get("distance"), told.get("unit", ""))
    return Outcome(
        kind="measure",
        target=_quoted(target),
        name=target.name or target.core,
        due=year,
        verdict=verdict,
        why=told.get("why", ""),
        result=_quoted(result) if result else None,
        distance=scaled[0],
        distance_unit=scaled[1],
        reasons=((kin.reason,) if kin else ()) + told.get("reasons", ()),
        worked=told.get("worked", ""),
        beside=_quoted(beside) if beside else None,
        others=tuple(one for one in told.get("others", ()) if one != verdict),
        likely=kin is not None and kin.kinship == "likely",
        forecast=result is not None and result.measure.strength == "forecast",
    )


def scale(distance: Decimal | None, unit: str) -> tuple[str, str]:
    """A distance in 亿 or 万 where it is large, with its unit.

    >>> scale(Decimal(-8591000000), "元"), scale(Decimal("0.3"), "百分点"), scale(None, "元")
    (('-85.91', '亿元'), ('0.3', '百分点'), ('', ''))
    """
    if distance is None:
        return "", ""
    for size, word in ((Decimal(10) ** 8, "亿"), (Decimal(10) ** 4, "万")):
        if abs(distance) >= size:
            return plain(round(distance / size, 4)), word + unit
    return plain(round(distance, 4)), unit


def plain(value: Decimal) -> str:
    """A number without needless zeros and without an exponent.

    >>> plain(Decimal("1.50")), plain(Decimal("8E+3"))
    ('1.5', '8000')
    """
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _quoted(one: Scene) -> Quoted:
    return quoted(one.source, one.measure.start, one.measure.end, one.measure.id)


def candidates(target: Scene, year: int, account: Account, settled: Settled = MappingProxyType({})) -> list[Answer]:
    """Figures of the same or a similar name, the best first; those that something forbids come after all others."""
    found = []
    for one in account.results if settled else account.near(target):
        kin = kin_of(target, one, settled)
        if kin.kinship == "other":
            continue
        bar = _bar(target, one, year, kin)
        found.append(Answer(one, kin, bar, _score(target, one, kin, bar)))
    found.sort(key=lambda one: one.score, reverse=True)
    return found


def kin_of(target: Scene, other: Scene, settled: Settled = MappingProxyType({})) -> Kin:
    """How the names of two figures stand to each other; a person's decision goes before all rules."""
    decided = settled.get(name_pair(target.name, other.name)) if settled else None
    if decided is not None:
        return Kin("same" if decided else "other", "settled")
    one, two = target.indicator_id, other.indicator_id
    if two and two in family_of(one):
        return Kin("look-alike", "family")
    kin = naming.kin(target.core, other.core, first_id=one, second_id=two)
    if kin.kinship == "other" and (one == "") != (two == ""):
        kin = naming.kin(target.core, other.core)
    if kin.kinship != "same" or naming.is_bare(target.core):
        return _by_figure(target, other) or (Kin("other", "bare-head") if kin.kinship == "same" else kin)
    return kin


def _by_figure(target: Scene, other: Scene) -> Kin | None:
    """Kin by the same figure with shared words: 12179户D级房, 12179户农房; the more telling the figure, the fewer words are needed."""
    one, two = target.measure, other.measure
    if one.value is None or one.value != two.value or not _is_counted(one) or one.unit != two.unit or one.measure == "growth":
        return None
    digits = len(str(int(one.value)).rstrip("0"))
    if target.core == other.core and digits >= 2:
        return Kin("likely", "same-figure")
    shared = _shared(target.core, other.core)
    if (digits >= _TELLING and shared >= 1) or (digits >= 2 and shared >= 2) or shared >= _TELLING:
        return Kin("likely", "same-figure")
    return None


#: a figure of so many digits is hardly met by chance
_TELLING = 3


def _shared(one: str, two: str) -> int:
    """How many pairs of signs in a row two names share; a shared last sign counts as one."""
    pairs = {one[index : index + 2] for index in range(len(one) - 1)} & {two[index : index + 2] for index in range(len(two) - 1)}
    return max(len(pairs), int(bool(one) and bool(two) and one[-1] == two[-1]))


def _bar(target: Scene, other: Scene, year: int, kin: Kin) -> Why | str:
    """What forbids to answer the target with this figure; "" for nothing."""
    if kin.kinship == "look-alike":
        return "other_indicator"
    if kin.extra and _is_narrower(kin.extra):
        return "part_of_place"
    return _bar_besides(target, other, year)


def _bar_besides(target: Scene, other: Scene, year: int | None) -> Why | str:
    """What besides the name forbids the comparison; "" for nothing."""
    one, two = target.measure, other.measure
    if two.value is None:
        return "numberless"
    if two.year is not None and two.year != year and not two.years:
        return "other_year"
    if two.years and year is not None and year not in range(two.years[0], two.years[1] + 1):
        return "other_year"
    if other.is_of_several_years and not target.is_of_several_years and not (_is_stock(target) and not two.years):
        return "cumulative"
    if target.is_of_several_years and not other.is_of_several_years and not _is_stock(other) and one.measure != "growth":
        return "one_year"
    if one.measure == "growth" and target.is_mean != other.is_mean:
        return "cumulative"
    if other.is_part_of_year and not target.is_part_of_year:
        return "part_of_year"
    if other.places - target.places or _is_of_another(target, other):
        return "part_of_place"
    return _kind_bar(target, other, one, two)


def _is_of_another(target: Scene, other: Scene) -> bool:
    """True where the words before the names say that the amounts are of different things: 城市更新固定资产投资, 固定资产投资."""
    one, two = target.scope, other.scope
    if one == two or not _is_statistical(target):
        return False
    if not one or not two:
        return len(one or two) >= _SHORTEST_SCOPE
    return not any(one[index : index + 2] in two for index in range(len(one) - 1))


_SHORTEST_SCOPE = 2
#: a sentence with so many indicators of the catalogue is the summary of the year
_HEADLINE = 4


def _is_statistical(one: Scene) -> bool:
    """True for an indicator that the statistics of every place have."""
    return bool(one.indicator_id) and catalogue.indicator(one.indicator_id).kind != "N"


_OWN_PLACE = re.compile(r"[本我全各][省市县区州盟旗]|地区|城区")
_NARROWER = re.compile(r"[市县区镇港]|园区|新区|全国|全球|世界|民营|外资|国有")


def _is_narrower(extra: str) -> bool:
    return _NARROWER.search(_OWN_PLACE.sub("", extra)) is not None


#: a per cent of these is a growth, however it is said: 居民消费价格总水平控制在4%以内
_ALWAYS_GROWTH = frozenset({"cpi", "ppi"})


def _kind_bar(target: Scene, other: Scene, one: Measured, two: Measured) -> Why | str:
    if "rank" in {one.measure, two.measure} and one.measure != two.measure:
        return "rank"
    if (one.measure == "growth") != (two.measure == "growth") and target.indicator_id not in _ALWAYS_GROWTH:
        return "level_only" if one.measure == "growth" else "growth_only"
    if not same_unit(one.unit, two.unit):
        return "unit"
    if one.unit in {"%", "百分点", "‰"} and one.measure != two.measure and target.indicator_id not in _ALWAYS_GROWTH:
        return "level_only" if one.measure == "change" else "growth_only"
    if _is_stock(target) != _is_stock(other) and (_is_flow(target) or _is_flow(other)):
        return "cumulative" if _is_stock(other) else "flow_only"
    if _is_counted(one) and len(target.core) <= _FACILITY and target.works and other.works and not target.works & other.works:
        return "other_work"
    if target.stage and other.stage and target.stage != other.stage and _is_counted(one):
        return "other_stage"
    if target.act != "begin" and other.act == "begin" and _is_counted(one):
        return "only_begun"
    return ""


#: names as short as this are of places at which many works are done: 学校, 医院, 公园, 老旧小区
_FACILITY = 4


_NOT_COUNTED = frozenset({"元", "美元", "%", "‰", "百分点"}) | STATES


def _is_counted(measure: Measured) -> bool:
    return measure.unit not in _NOT_COUNTED


def _is_stock(one: Scene) -> bool:
    return one.act == "stock" and one.measure.measure == "level" and _is_counted(one.measure)


def _is_flow(one: Scene) -> bool:
    return one.measure.measure == "change" or (one.act in _FLOWS and _is_counted(one.measure))


def _score(target: Scene, other: Scene, kin: Kin, bar: str) -> tuple[int, ...]:
    one, two = target.measure, other.measure
    return (
        0 if bar else 1,
        1 if kin.kinship == "same" else 0,
        0 if other.is_comparable else 1,
        1 if two.year is not None and two.year == (one.year or two.year) else 0,
        1 if one.measure == two.measure else 0,
        1 if one.unit == two.unit else 0,
        -len(kin.extra),
        1 if one.value == two.value else 0,
        1 if target.core == other.core else 0,
        0 if other.lead_places - target.lead_places else 1,
        min(other.company, _HEADLINE) if _is_statistical(target) else 0,
        1 if other.source.part_of(two.section) in LOOKING_BACK else 0,
        1 if target.act == other.act else 0,
        -two.start,
    )


#: what a barred figure of the same name says of a target that nothing answers
_WHYS: dict[str, Why] = {
    "cumulative": "cumulative", "level_only": "level_only", "growth_only": "growth_only", "other_indicator": "other_indicator",
}  # fmt: skip


def _untold(target: Scene, year: int, found: Sequence[Answer], account: Account) -> Outcome:
    """The end of a target that no figure answers."""
    for one in found:
        if one.bar in _WHYS and one.kin.kinship != "look-alike" and one.bar != "numberless":
            return outcome(target, year, "cannot_tell", why=_WHYS[one.bar], result=one.scene, kin=one.kin, reasons=("barred-" + one.bar,))
    likes = [one for one in found if one.bar == "other_indicator"]
    family = [one for one in likes if one.kin.reason == "family"]
    if family:
        return outcome(target, year, "cannot_tell", why="other_indicator", result=family[0].scene, kin=family[0].kin)
    if named(target, account):
        return outcome(target, year, "cannot_tell", why="no_result", reasons=("named",), others=("dropped",))
    if likes:
        return outcome(target, year, "cannot_tell", why="other_indicator", result=likes[0].scene, kin=likes[0].kin, others=("dropped",))
    cut = not account.source.complete
    return outcome(
        target, year, "dropped", reasons=("named-nowhere", *(("text-cut-off",) if cut else ())), others=("cannot_tell",) if cut else ()
    )


#: a member named before 等 tells of the whole from so many signs on: 电子警察等设施
_EXAMPLE = 3


def named(target: Scene, account: Account) -> bool:
    """True where the report names the indicator or the thing anywhere."""
    one = target.indicator_id
    if one and one not in loose() and any(other.indicator_id == one for other in (*account.results, *account.others)):
        return True
    if any(key in account.words for key in naming.keys(target.core)):
        return True
    example = target.measure.name.partition("等")[0].strip("“”、 ")
    if _EXAMPLE <= len(example) < len(target.measure.name) and catalogue.spelled(example) in account.words:
        return True
    if one and one not in loose():
        entry = catalogue.indicator(one)
        return any(len(name) > 2 and catalogue.spelled(name) in account.words for name in (entry.name, *entry.aliases))
    return any(kin_of(target, other).kinship == "same" for other in account.others)


def beside_sibling(
    target: Scene, year: int, account: Account, sentences: Collection[tuple[int, int]], taken: Collection[str]
) -> Outcome | None:
    """The end of a target that nothing answers by its name, by a figure in a sentence that answers its neighbour; likely only.

    ``sentences`` are those that answer other targets of the same sentence, ``taken`` the figures that do.
    """
    one = target.measure
    if one.value is None or one.comparator in numberless.COMPARATORS:
        return None
    best: tuple[int, Scene] | None = None
    for other in account.results:
        two = other.measure
        if two.id in taken or two.measure != one.measure or not same_unit(one.unit, two.unit) or _bar_besides(target, other, year):
            continue
        if not any(first <= two.start < last for first, last in sentences):
            continue
        shared = _shared(target.core, other.core)
        if (shared >= _SIBLING or one.value == two.value) and _goes_together(target, other) and (best is None or shared > best[0]):
            best = shared, other
    if best is None:
        return None
    told = reach(one, best[1].measure)
    if told.verdict is None:
        return None
    kin = Kin("likely", "beside-sibling")
    return outcome(
        target,
        year,
        told.verdict,
        result=best[1],
        kin=kin,
        reasons=(told.reason,),
        distance=told.distance,
        unit=told.unit,
        others=("cannot_tell",),
    )


#: so many pairs of signs two names in the sentences of siblings must share
_SIBLING = 2


def _goes_together(target: Scene, other: Scene) -> bool:
    """True where a pair of signs is shared, not the last sign alone, and nothing says that the two are kept apart."""
    one, two = target.core, other.core
    if not {one[place : place + 2] for place in range(len(one) - 1)} & {two[place : place + 2] for place in range(len(two) - 1)}:
        return False
    kin = kin_of(target, other)
    return kin.reason not in {"family", "modifier", "catalogue-only"} and not (
        target.indicator_id and other.indicator_id and target.indicator_id != other.indicator_id
    )


def targets_of(source: Source) -> Iterable[Scene]:
    """The figures that a document sets as targets, in the order of the text."""
    found = (scene(source, one) for one in source.measures if one.role == "target")
    return (one for one in found if not _is_no_target(one))


#: a distance or a time that says how near something is: 500米覆盖率, 15分钟生活圈
_REACH = re.compile(r"^(?:范围|半径|以内|内|服务圈|生活圈|健身圈|养老服务圈|公交|步行|见绿|见园|站点|覆盖|文体圈|便民)")
_NEAR_UNITS = frozenset({"米", "分钟", "公里", "小时"})
#: what an amount is compared with is no goal: 比2000年的2500多亿元翻一番, 从28元提高到32元
_BASE = re.compile(r"(?:比|较)(?:19|20)\d\d年的?$|[从由][^，,。；]{0,6}$")


def _is_no_target(one: Scene) -> bool:
    measure = one.measure
    if measure.unit in _NEAR_UNITS and _REACH.match(one.after):
        return True
    return measure.measure == "level" and measure.comparator in {"eq", "ge", "approx"} and _BASE.search(one.before) is not None
