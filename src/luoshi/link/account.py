"""A report as the answer to last year's targets."""

from __future__ import annotations

import re
from functools import cached_property

import msgspec

from luoshi.extract import catalogue
from luoshi.link import naming
from luoshi.link.acting import project_name
from luoshi.link.fitting import kin_of
from luoshi.link.scene import Scene, scene
from luoshi.link.source import Acted, Source
from luoshi.link.words import family_of, loose, one_name


class Account(msgspec.Struct, frozen=True, dict=True):
    """A report as the answer to last year's targets: its figures of that year, and what it names."""

    source: Source

    @cached_property
    def results(self) -> tuple[Scene, ...]:
        """Figures that were reached, in the order of the text."""
        return tuple(
            scene(self.source, one)
            for one in self.source.measures
            if one.role == "result" and self.source.part_of(one.section) != "glossary"
        )

    @cached_property
    def others(self) -> tuple[Scene, ...]:
        """Figures that are to be reached, or describe something."""
        return tuple(
            scene(self.source, one)
            for one in self.source.measures
            if one.role != "result" and self.source.part_of(one.section) != "glossary"
        )

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
        found |= {("end", core[-2:]), ("name", one_name(core)), ("spelling", catalogue.spelled(core)), ("parts", naming.parts(core))}
        found.add(("beginning", core[: naming.SHORTEST_SCATTERED]))
    if one.measure.value is not None:
        found.add(("figure", one.measure.value))
    return found


#: a member named before 等 tells of the whole from so many signs on: 电子警察等设施
_EXAMPLE = 3


def _is_bare_named(target: Scene, account: Account) -> bool:
    """True where a general name of some length, or so many signs in a row of the words around it, stand in the report."""
    if len(target.core) >= _RUN and catalogue.spelled(target.core) in account.words:
        return True
    words = catalogue.spelled("".join(sign for sign in target.own[-_WINDOW:] + target.measure.name if "\u4e00" <= sign <= "\u9fff"))
    words = _IDLE.sub("", words)
    return any(words[place : place + _RUN] in account.words for place in range(len(words) - _RUN + 1))


_IDLE = re.compile("力争|确保|完成|实现|全年|年内|今年|安排|新增|财政|计划|总投资|固定资产|建设|项目|超过|达到")
_RUN = 4
_WINDOW = 14


def named(target: Scene, account: Account) -> bool:
    """True where the report names the indicator or the thing anywhere."""
    one = target.indicator_id
    if naming.is_bare(target.core) and _is_bare_named(target, account):
        return True
    if one and one not in loose() and any(other.indicator_id == one for other in (*account.results, *account.others)):
        return True
    if any(key in account.words for key in naming.keys(target.core)):
        return True
    written = catalogue.spelled(naming.fronted(target.measure.name))
    if len(written) >= _EXAMPLE and not naming.is_bare(written) and written in account.words:
        return True
    example = target.measure.name.partition("等")[0].strip("“”、 ")
    if _EXAMPLE <= len(example) < len(target.measure.name) and catalogue.spelled(example) in account.words:
        return True
    if one and one not in loose():
        entry = catalogue.indicator(one)
        return any(len(name) > 2 and catalogue.spelled(name) in account.words for name in (entry.name, *entry.aliases))
    return any(kin_of(target, other).kinship == "same" for other in account.others)
