"""Which figures may answer a target: how the names stand, what forbids the comparison, which fits best."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from luoshi.extract import catalogue
from luoshi.link import naming
from luoshi.link.link import Why
from luoshi.link.naming import Kin
from luoshi.link.reaching import same_unit
from luoshi.link.scene import STATES, Scene
from luoshi.link.source import LOOKING_BACK, Measured
from luoshi.link.words import family_of

if TYPE_CHECKING:
    from luoshi.link.account import Account


#: heads of amounts that are flows of a year, and those that are stocks
_FLOWS = frozenset({"finish", "mend", "cut", "begin"})


class Answer(msgspec.Struct, frozen=True):
    """A figure that may answer a target: how the names stand, what forbids the comparison ("" for nothing), how well it fits."""

    scene: Scene
    kin: Kin
    bar: Why | str
    score: tuple[int, ...]


#: a person's decisions on pairs of names
Settled = Mapping[tuple[str, str], bool]


class Decisions(dict[tuple[str, str], bool]):
    """A person's decisions on pairs of names, with what each name was decided about."""

    @cached_property
    def partners(self) -> Mapping[str, frozenset[str]]:
        """The names that something was decided about together with a name."""
        found: dict[str, set[str]] = {}
        for one, other in self:
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
        return {name: frozenset(others) for name, others in found.items()}


def name_pair(one: str, other: str) -> tuple[str, str]:
    """The key of a decision on two names.

    >>> name_pair("新建公厕", "公共厕所")
    ('公共厕所', '公厕')
    """
    first, second = sorted((naming.core(one), naming.core(other)))
    return first, second


def candidates(
    target: Scene, year: int, account: Account, settled: Settled = MappingProxyType({}), taken: Collection[str] = ()
) -> list[Answer]:
    """Figures of the same or a similar name, the best first; those that something forbids come after all others.

    Figures of ``taken`` answer other targets better and are left out.
    """
    found = []
    for one in _looked_at(target, account, settled):
        if one.measure.id in taken:
            continue
        kin = kin_of(target, one, settled)
        if kin.kinship == "other":
            continue
        bar = _bar(target, one, year, kin)
        found.append(Answer(one, kin, bar, _score(target, one, kin, bar)))
    found = _without_other_scales(target, found)
    found.sort(key=lambda one: one.score, reverse=True)
    return found


def _without_other_scales(target: Scene, found: list[Answer]) -> list[Answer]:
    """The figures, those far from the goal's size barred where another one of the same name is near it."""
    if not is_statistical(target):
        return found
    two = [one for one in found if one.kin.kinship == "same" and same_unit(target.measure.unit, one.scene.measure.unit)]
    if not any(is_sum(one.scene.measure) and not is_out_of_scale(target.measure, one.scene.measure) for one in two):
        return found
    return [
        one
        if one.bar or not is_out_of_scale(target.measure, one.scene.measure)
        else Answer(one.scene, one.kin, "out_of_scale", _score(target, one.scene, one.kin, "out_of_scale"))
        for one in found
    ]


#: so many figures at most are compared with one target; a report has some hundreds in all
_MOST = 400


def _looked_at(target: Scene, account: Account, settled: Settled) -> Collection[Scene]:
    """The figures that may answer a target, in the order of the text: those whose names are near, and those a person has spoken of.

    Where they are more than anybody reports of one thing, those of the same words or figure are looked at before the others.
    """
    found: Collection[Scene] = account.near(target)
    decided = settled if isinstance(settled, Decisions) else Decisions(settled)
    partners = decided.partners.get(naming.core(target.name), frozenset()) if decided else frozenset()
    if partners:
        near = {id(one) for one in found}
        found = [one for one in account.results if id(one) in near or naming.core(one.name) in partners]
    if len(found) <= _MOST:
        return found
    nearest = sorted(found, key=lambda one: (not _is_alike(target, one, partners), one.measure.start))[:_MOST]
    return sorted(nearest, key=lambda one: one.measure.start)


def _is_alike(target: Scene, other: Scene, partners: Collection[str]) -> bool:
    same = other.core == target.core or (target.indicator_id != "" and other.indicator_id == target.indicator_id)
    return same or naming.core(other.name) in partners or (other.measure.value is not None and other.measure.value == target.measure.value)


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
    if (kin.kinship != "same" or naming.is_bare(target.core)) and _is_verbatim(target, other):
        kin = Kin("same", "same-words")
    elif kin.kinship != "same" or (naming.is_bare(target.core) and not _is_of_one_stage(target, other)):
        kin = _by_figure(target, other) or (Kin("other", "bare-head") if kin.kinship == "same" else kin)
    if kin.kinship in {"same", "likely"} and _are_apart(target, other):
        return Kin("look-alike", "family")
    return kin


def _are_apart(target: Scene, other: Scene) -> bool:
    """True where words around the amounts keep them apart: 挂牌 and 上市, 存栏 and 出栏."""
    return any(one and two and not one & two for one, two in zip(target.kept_apart, other.kept_apart, strict=True))


def _is_of_one_stage(target: Scene, other: Scene) -> bool:
    """True for projects of one general name at one stage: 45个重点项目建成投产, 54个重点项目建成投产."""
    return (
        len(target.core) >= naming.SHORTEST_SCATTERED and target.core == other.core and target.stage != "" and target.stage == other.stage
    )


def _is_verbatim(target: Scene, other: Scene) -> bool:
    """True where the words in front of both amounts are the same, and more of them than the name: 更新供应土地."""
    if target.measure.unit != other.measure.unit or target.measure.name != other.measure.name or not naming.is_bare(target.measure.name):
        return False
    one, two = target.before.strip(), other.before.strip()
    least = max(_VERBATIM, len(target.measure.name) + 4)
    return len(one) >= least and one[-least:] == two[-least:]


#: so many signs in front of two amounts must be the same
_VERBATIM = 6


def _by_figure(target: Scene, other: Scene) -> Kin | None:
    """Kin by the same figure with shared words: 12179户D级房, 12179户农房; the more telling the figure, the fewer words are needed."""
    one, two = target.measure, other.measure
    if one.value is None or one.value != two.value or not is_counted(one) or one.unit != two.unit or one.measure == "growth":
        return None
    digits = len(str(int(one.value)).rstrip("0"))
    nearly = _is_nearly_named(target, other)
    if one.value < FEWEST and not nearly:
        return None
    if digits < _TELLING and not share_work(target, other) and not (nearly and not (target.works and other.works)):
        return None
    if target.core == other.core and digits >= 2:
        return Kin("likely", "same-figure")
    shared = shared_pairs(target.core, other.core)
    if (digits >= _TELLING and shared >= 1) or (digits >= 2 and shared >= 2) or shared >= _TELLING:
        return Kin("likely", "same-figure")
    return None


def _is_nearly_named(target: Scene, other: Scene) -> bool:
    """True where the names share most of their words and their head, and none names other members of the things: 农贸市场公厕, 集贸市场公厕."""
    if target.core[-2:] != other.core[-2:] or shared_pairs(target.core, other.core) < _TELLING:
        return False
    members = target.members
    return not members or not other.members or any(one in other.before for one in members)


#: a smaller count is met by chance
FEWEST = 100


def share_work(target: Scene, other: Scene) -> bool:
    """True where the same is done to what is counted."""
    if target.works or other.works:
        return bool(target.works & other.works)
    return target.act == other.act


#: a figure of so many digits is hardly met by chance
_TELLING = 3


def shared_pairs(one: str, two: str) -> int:
    """How many pairs of signs in a row two names share; a shared last sign counts as one."""
    pairs = {one[index : index + 2] for index in range(len(one) - 1)} & {two[index : index + 2] for index in range(len(two) - 1)}
    return max(len(pairs), int(bool(one) and bool(two) and one[-1] == two[-1]))


def _bar(target: Scene, other: Scene, year: int, kin: Kin) -> Why | str:
    """What forbids to answer the target with this figure; "" for nothing."""
    if kin.kinship == "look-alike":
        return "other_indicator"
    if kin.extra and _is_narrower(kin.extra):
        return "part_of_place"
    return bar_besides(target, other, year)


def bar_besides(target: Scene, other: Scene, year: int | None) -> Why | str:
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
    if other.places - target.places or _is_of_another(target, other) or _is_of_a_zone(target, other):
        return "part_of_place"
    return _kind_bar(target, other, one, two)


def _is_of_a_zone(target: Scene, other: Scene) -> bool:
    """True for an indicator of the statistics in a sentence on a zone: 澜湾新城建设加快，…完成固定资产投资37亿元."""
    places = other.lead_places - target.lead_places
    if not places or not is_statistical(target) or other.company >= _HEADLINE or any(one[:2] in target.lead + target.own for one in places):
        return False
    return _WHOLE_PLACE.search(other.behind_lead_places) is None


_WHOLE_PLACE = re.compile(r"[全我本][省市县区州盟旗]|全年实现地区生产总值|地区生产总值")


def _is_of_another(target: Scene, other: Scene) -> bool:
    """True where the words before the names say that the amounts are of different things: 城市更新固定资产投资, 固定资产投资."""
    one, two = target.scope, other.scope
    if one == two or not is_statistical(target):
        return False
    if not one or not two:
        return len(one or two) >= _SHORTEST_SCOPE
    return not any(one[index : index + 2] in two for index in range(len(one) - 1))


_SHORTEST_SCOPE = 2


#: a sentence with so many indicators of the catalogue is the summary of the year
_HEADLINE = 4


def is_statistical(one: Scene) -> bool:
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
    if is_statistical(target) and is_out_of_scale(one, two) and (_is_of_a_part(target) or _is_of_a_part(other)):
        return "out_of_scale"
    if _is_stock(target) != _is_stock(other) and (is_flow(target) or is_flow(other)):
        return "cumulative" if _is_stock(other) else "flow_only"
    if is_counted(one) and len(target.core) <= _FACILITY and target.works and other.works and not target.works & other.works:
        return "other_work"
    if is_counted(one) and target.deeds and other.deeds and not target.deeds & other.deeds and not _is_started(target, other):
        return "other_work"
    if is_counted(one) and one.value != two.value and _is_done_to_places(target, other) and not _share_predicate(target, other):
        return "other_work"
    if target.stage and other.stage and target.stage != other.stage and is_counted(one):
        return "other_stage"
    if target.act != "begin" and other.act == "begin" and is_counted(one):
        return "only_begun"
    return ""


#: a total of the statistics that is so many times another is often of another place, or of more years
_OUT_OF_SCALE = 3


#: words of a sentence that is about a part of the place, or about one work
_PART_OF_PLACE = re.compile(r"开发|园区|片区|新城|新区|街道|[乡镇]|项目|工程")


def _is_of_a_part(one: Scene) -> bool:
    """True where a zone, a work or a scope is named in front of the amount: 加快澜湾开发，完成固定资产投资160亿元."""
    if one.scope or one.places:
        return True
    return one.company < _HEADLINE and (bool(one.lead_places) or _PART_OF_PLACE.search(one.lead) is not None)


def is_sum(one: Measured) -> bool:
    """True for a level in money."""
    return one.measure == "level" and one.unit in {"元", "美元"} and bool(one.value)


def is_out_of_scale(one: Measured, two: Measured) -> bool:
    """True for two levels in money of which one is many times the other."""
    if not is_sum(one) or not is_sum(two) or one.value is None or two.value is None:
        return False
    return not one.value / _OUT_OF_SCALE <= two.value <= one.value * _OUT_OF_SCALE


_PLACES = re.compile("(?:[村区园户]|学校|医院|企业|街道|家庭)$")


def _is_done_to_places(target: Scene, other: Scene) -> bool:
    """True where the number is of places to which something is done, or that are begun, and only its words tell what."""
    if len(target.core) > _FACILITY or _PLACES.search(target.core) is None:
        return False
    return not (target.act or target.deeds) or (target.stage == "begin" and not other.stage)


def _share_predicate(target: Scene, other: Scene) -> bool:
    """True where two signs in a row of what is said of the things are the same, their name apart."""
    one, two = (re.sub(r"[^\u4e00-\u9fff]", "", (each.before + each.behind).replace(each.measure.name, "")) for each in (target, other))
    return not one or not two or any(one[place : place + 2] in two for place in range(len(one) - 1))


_STARTED = frozenset({"grow", "found"})


def _is_started(target: Scene, other: Scene) -> bool:
    """True for things of one telling name that are to be grown and were founded, or the other way round."""
    return target.deeds | other.deeds <= _STARTED and target.core == other.core and len(target.core) > _FACILITY


#: names as short as this are of places at which many works are done: 学校, 医院, 公园, 老旧小区
_FACILITY = 4


_NOT_COUNTED = frozenset({"元", "美元", "%", "‰", "百分点"}) | STATES


def is_counted(measure: Measured) -> bool:
    return measure.unit not in _NOT_COUNTED


def _is_stock(one: Scene) -> bool:
    return one.act == "stock" and one.measure.measure == "level" and is_counted(one.measure)


def is_flow(one: Scene) -> bool:
    return one.measure.measure == "change" or (one.act in _FLOWS and is_counted(one.measure))


def _score(target: Scene, other: Scene, kin: Kin, bar: str) -> tuple[int, ...]:
    one, two = target.measure, other.measure
    return (
        0 if bar else 1,
        1 if kin.kinship == "same" else 0,
        1 if target.stage and target.stage == other.stage else 0,
        0 if other.is_comparable else 1,
        1 if two.year is not None and two.year == (one.year or two.year) else 0,
        1 if one.measure == two.measure else 0,
        1 if one.unit == two.unit else 0,
        -len(kin.extra),
        1 if one.value == two.value else 0,
        1 if target.core == other.core else 0,
        0 if other.lead_places - target.lead_places else 1,
        min(other.company, _HEADLINE) if is_statistical(target) else 0,
        1 if other.source.part_of(two.section) in LOOKING_BACK else 0,
        1 if target.act == other.act else 0,
        -two.start,
    )
