"""A light rule as its file declares it, how it is read, and how an office takes one and changes its settings.

The vocabulary is closed: a line names quantities and bounds, ``if`` a choice among the settings. There is no expression language.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from math import isfinite
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from luoshi.errors import BadTable, LuoshiError, said
from luoshi.loop.mechanism import Words
from luoshi.loop.quantity import FLAGS, WORDS, Quantity
from luoshi.tables import read_yaml

Colour = Literal["green", "blue", "yellow", "orange", "red"]
#: from the best to the worst; a rule uses some of them, in this order
COLOURS: Final[tuple[str, ...]] = ("green", "blue", "yellow", "orange", "red")
#: what is no light at all: nothing is compared
NONE: Final = "none"
#: the source of whatever the place has not published
OFFICE: Final = "本系统缺省，请本单位核定"

_FOLDER: Final = "lights"
_DONE: Final = Words(zh="已办结", en="done")


class Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Between what a number lies, each end a number or the key of a setting; ``le`` and ``ge`` include it (Civil Code, article 1259)."""

    lt: int | float | str | None = None
    le: int | float | str | None = None
    gt: int | float | str | None = None
    ge: int | float | str | None = None
    eq: int | float | str | None = None

    @property
    def ends(self) -> tuple[tuple[str, int | float | str], ...]:
        """The ends that are said, as (how, number or setting)."""
        said = ((how, getattr(self, how)) for how in self.__struct_fields__)
        return tuple((how, end) for how, end in said if end is not None)


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """When a light has a colour: all of ``when`` holds, and the settings are as in ``if``. ``set_by: office``: not published by the place."""

    key: str
    light: Colour
    when: dict[Quantity, Bound | bool | str]
    title: Words
    source: str
    set_by: Literal["source", "office"] = "source"
    if_: dict[str, str] = msgspec.field(name="if", default_factory=dict)


class Reason(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why a light has its best colour."""

    key: str
    title: Words


class Light(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One light of the place. It counts among the three as ``of``; no line holds: ``otherwise``, if anything of it can be compared.

    ``always``: it is never dark, though there be nothing to compare.
    """

    key: str
    of: Literal["time", "progress", "quality"]
    title: Words
    lines: tuple[Line, ...]
    otherwise: Reason
    always: bool = False


class Hue(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A colour as the place calls it."""

    key: Colour
    title: Words


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the values of a setting."""

    key: str
    title: Words


class Setting(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the place leaves undefined and the office sets: a number, or one of the options."""

    key: str
    title: Words
    value: int | float | str
    source: str
    options: tuple[Option, ...] = ()


class Origin(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the rule is published: title of the document or report, who published it, when."""

    title: str
    by: str
    date: str = ""


class Late(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The time light of what was done after its due date."""

    light: Colour
    title: Words
    source: str
    set_by: Literal["source", "office"] = "source"
    if_: dict[str, str] = msgspec.field(name="if", default_factory=dict)


class Memory(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Once the whole was as bad as ``after``, it is never better than ``becomes``."""

    after: Colour
    becomes: Colour
    title: Words
    source: str
    set_by: Literal["source", "office"] = "source"
    if_: dict[str, str] = msgspec.field(name="if", default_factory=dict)


class Whole(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The one light made of those that count: the worst of them."""

    of: tuple[str, ...]
    source: str
    set_by: Literal["source", "office"] = "source"


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A reading and the lights that it must have. Days and moments are those of Beijing; a due day alone means its end."""

    title: str
    now: str
    then: dict[str, str]
    given: dict[str, Any] = {}
    before: dict[str, str] = {}
    settings: dict[str, int | float | str] = {}


class LightRule(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A light rule. ``lights`` in the order in which the place names them, the best colour first in ``colours``."""

    key: str
    title: Words
    about: Words
    sources: tuple[Origin, ...]
    colours: tuple[Hue, ...]
    lights: tuple[Light, ...]
    whole: Whole
    late: Late
    settings: tuple[Setting, ...] = ()
    memory: Memory | None = None
    #: what the place does not say, and what is done here instead
    unsaid: tuple[Words, ...] = ()
    cases: tuple[Case, ...] = ()

    @property
    def best(self) -> str:
        return self.colours[0].key

    @property
    def values(self) -> dict[str, int | float | str]:
        """The settings by key."""
        return {setting.key: setting.value for setting in self.settings}

    def reason(self, key: str) -> Words:
        """What the key of a line in ``Lights.why`` says; the key itself where the rule has no such line (it was judged by another one)."""
        known = {line.key: line.title for light in self.lights for line in light.lines}
        known |= {light.otherwise.key: light.otherwise.title for light in self.lights} | {"late": self.late.title, "done": _DONE}
        if self.memory:
            known["memory"] = self.memory.title
        return known.get(key, Words(zh=key, en=key))


class Own(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An office's own rule that takes another one and changes its settings; its cases are run with them."""

    based_on: str
    key: str
    title: Words
    settings: dict[str, int | float | str] = {}
    about: Words | None = None
    cases: tuple[Case, ...] = ()


class NoSuchRule(LuoshiError):
    """A light rule that is not there."""

    slug = "no-light-rule"


LIGHT_RULES: Final[tuple[str, ...]] = ("plain", "yinchuan", "sanya", "tianjin", "ouhai", "sanming")


@cache
def shipped_rule(key: str) -> LightRule:
    """The rule of this name that comes with the program."""
    if key not in LIGHT_RULES:
        raise NoSuchRule(f"没有名为“{key}”的亮灯规则", remedy=f"随程序附带的有：{'、'.join(LIGHT_RULES)}；自己的放在数据文件夹的 lights 里")
    name = f"{_FOLDER}/{key}.yaml"
    return read_rule(files("luoshi.loop").joinpath(name).read_text(encoding="utf-8"), name)


def rule_in(path: Path) -> LightRule:
    """The rule that an office wrote to a file; ``BadTable`` says what in it is wrong and where."""
    try:
        raw = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BadTable(f"读不出：{said(error)}", where=path.name, remedy="请检查文件名和权限") from error
    except UnicodeDecodeError as error:
        raise BadTable("不是 UTF-8 编码", where=path.name, remedy="请另存为 UTF-8") from error
    return read_rule(raw, path.name)


def read_rule(raw: str, where: str) -> LightRule:
    """The rule that a YAML text declares, whole or based on another one; checked, but its cases are not run."""
    data = read_yaml(raw, where)
    try:
        if isinstance(data, dict) and "based_on" in data:
            return _based(msgspec.convert(data, Own, strict=True), where)
        rule = msgspec.convert(data, LightRule, strict=True)
    except msgspec.ValidationError as error:
        raise BadTable(str(error), where=where, remedy="请对照 docs/own-lights.md 改正") from error
    _check(rule, where)
    return rule


def with_settings(rule: LightRule, values: Mapping[str, int | float | str], where: str = "") -> LightRule:
    """The rule with some of its settings set otherwise; ``BadTable`` for a setting or a value that it has not."""
    unknown = sorted(set(values) - set(rule.values))
    if unknown:
        known = "、".join(rule.values) or "没有"
        raise BadTable(f"“{rule.title.zh}”没有设置项 {'、'.join(unknown)}", where=where or rule.key, remedy=f"可设的：{known}")
    settings = tuple(msgspec.structs.replace(one, value=values.get(one.key, one.value)) for one in rule.settings)
    changed = msgspec.structs.replace(rule, settings=settings)
    _refuse(_settings(changed), where or rule.key)
    return changed


def _based(own: Own, where: str) -> LightRule:
    if own.based_on not in LIGHT_RULES:
        raise BadTable(f"based_on: 没有名为“{own.based_on}”的规则", where=where, remedy=f"可以是：{'、'.join(LIGHT_RULES)}")
    base = with_settings(shipped_rule(own.based_on), own.settings, where)
    return msgspec.structs.replace(base, key=own.key, title=own.title, about=own.about or base.about, cases=own.cases)


# --- what must hold of a file beside its form


def _check(rule: LightRule, where: str) -> None:
    _refuse(_settings(rule), where)
    _refuse(_colours(rule), where)
    _refuse(_names(rule), where)
    for light in rule.lights:
        for line in light.lines:
            _refuse(_line(rule, line), where)


def _refuse(wrongs: Iterator[str], where: str) -> None:
    wrong = next(wrongs, None)
    if wrong is not None:
        raise BadTable(wrong, where=where, remedy="请对照 docs/own-lights.md 改正")


def _settings(rule: LightRule) -> Iterator[str]:
    for setting in rule.settings:
        keys = [option.key for option in setting.options]
        if keys and setting.value not in keys:
            yield f"settings.{setting.key}: “{setting.value}”不在选项里（{'、'.join(keys)}）"
        if not keys and not _is_number(setting.value):
            yield f"settings.{setting.key}: “{setting.value}”不是数"


def _colours(rule: LightRule) -> Iterator[str]:
    keys = [hue.key for hue in rule.colours]
    if len(keys) < 2 or keys != [colour for colour in COLOURS if colour in keys]:
        yield f"colours: 至少两种颜色，从好到坏依次取自 {'、'.join(COLOURS)}，不重复"
    used = [(f"{light.key}.{line.key}", line.light) for light in rule.lights for line in light.lines]
    used.append(("late", rule.late.light))
    if rule.memory:
        used += [("memory.after", rule.memory.after), ("memory.becomes", rule.memory.becomes)]
    for name, colour in used:
        if colour not in keys:
            yield f"{name}: 颜色 {colour} 没有列在 colours 里"


def _names(rule: LightRule) -> Iterator[str]:
    lights = [light.key for light in rule.lights]
    if len(set(lights)) < len(lights) or not lights:
        yield "lights: 至少一盏灯，名字不能重复"
    for key in rule.whole.of:
        if key not in lights:
            yield f"whole.of: 没有名为“{key}”的灯"
    if not rule.whole.of:
        yield "whole.of: 至少一盏灯"
    lines = [line.key for light in rule.lights for line in light.lines] + [light.otherwise.key for light in rule.lights]
    for key in lines:
        if lines.count(key) > 1:
            yield f"lights: 行名“{key}”重复"
    for name, chosen in _chosen(rule):
        yield from _choice(rule, name, chosen)
    for name, source, by in _sources(rule):
        if (by == "office") != (source == OFFICE):
            yield f"{name}: 来源为“{OFFICE}”的要写 set_by: office，有出处的不写"


def _chosen(rule: LightRule) -> Iterator[tuple[str, dict[str, str]]]:
    for light in rule.lights:
        for line in light.lines:
            yield f"{light.key}.{line.key}", line.if_
    yield "late", rule.late.if_
    if rule.memory:
        yield "memory", rule.memory.if_


def _choice(rule: LightRule, name: str, chosen: dict[str, str]) -> Iterator[str]:
    options = {setting.key: {option.key for option in setting.options} for setting in rule.settings}
    for key, value in chosen.items():
        if value not in options.get(key, set()):
            yield f"{name}.if: 没有设置项“{key}”，或它没有“{value}”这个选项"


def _sources(rule: LightRule) -> Iterator[tuple[str, str, str]]:
    for light in rule.lights:
        for line in light.lines:
            yield f"{light.key}.{line.key}", line.source, line.set_by
    yield "whole", rule.whole.source, rule.whole.set_by
    yield "late", rule.late.source, rule.late.set_by
    if rule.memory:
        yield "memory", rule.memory.source, rule.memory.set_by


def _line(rule: LightRule, line: Line) -> Iterator[str]:
    if not line.when:
        yield f"{line.key}: when 至少写一个条件"
    for name, wanted in line.when.items():
        if not _fits(name, wanted):
            yield f"{line.key}.when.{name}: 条件写法不对；数写 ge、gt、le、lt、eq，是否写 true、false，词写 {'、'.join(_words(name)) or '数'}"
        elif isinstance(wanted, Bound):
            yield from _bound(rule, f"{line.key}.when.{name}", wanted)


def _fits(name: str, wanted: Bound | bool | str) -> bool:
    if name in FLAGS:
        return isinstance(wanted, bool)
    if name in WORDS:
        return isinstance(wanted, str) and wanted in WORDS[name]
    return isinstance(wanted, Bound)


def _words(name: str) -> tuple[str, ...]:
    return tuple(sorted(WORDS.get(name, ())))


def _bound(rule: LightRule, name: str, bound: Bound) -> Iterator[str]:
    if not bound.ends:
        yield f"{name}: 没有写界限"
    for how, end in bound.ends:
        if isinstance(end, str) and not _is_number(rule.values.get(end)):
            yield f"{name}.{how}: 没有名为“{end}”、值为数的设置项"
        elif not isinstance(end, str) and not _is_number(end):
            yield f"{name}.{how}: “{end}”不是数"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and isfinite(value)
