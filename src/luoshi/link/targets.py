"""The figures that a document sets as goals."""

from __future__ import annotations

import re
from collections.abc import Iterable

from luoshi.link.scene import Scene, scene
from luoshi.link.source import Source


def targets_of(source: Source) -> Iterable[Scene]:
    """The figures that a document sets as targets, in the order of the text."""
    found = (scene(source, one) for one in source.measures if one.role == "target" and source.part_of(one.section) != "glossary")
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
