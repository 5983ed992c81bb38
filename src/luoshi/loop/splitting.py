"""A matter that is split: its parts together are the whole, no more and no less, and nobody who leads it is left without a part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from msgspec.structs import replace

from luoshi.loop.filling import is_number
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Act

_LEAST: Final = 2
#: figures of people have few decimals; what a machine's arithmetic adds is none
_NOTHING: Final = 1e-6


def target_of(fields: Mapping[str, Any]) -> float:
    """The target in numbers that a matter has; 0 where it has none."""
    target = fields.get("target")
    return float(target) if is_number(target) and target > 0 else 0.0


def wrong_parts(matter: Matter, act: Act, inputs: Mapping[str, Any]) -> str:
    """What is wrong with the parts into which a matter is to be split; ``""`` where nothing is, or nothing is split."""
    if act.effect != "split":
        return ""
    children: Sequence[Mapping[str, Any]] = inputs.get("children") or ()
    if len(children) < _LEAST or any(not str(child.get("title") or "").strip() for child in children):
        return "拆分要写明两个以上的部分，每个部分写一个标题"
    leads = set(matter.parts.get("lead", ()))
    given = {unit for child in children for unit in (child.get("lead") or leads)}
    return _wrong_shares(matter, children) or ("" if leads <= given else "有的牵头单位没有分到任何一部分，不再由它办的请先转办")


def _wrong_shares(matter: Matter, children: Sequence[Mapping[str, Any]]) -> str:
    whole, shares = target_of(matter.fields), [child.get("target") for child in children]
    if not whole:
        return "这一事项没有数量目标，各部分不写数量" if any(share not in (None, "") for share in shares) else ""
    if any(not is_number(share) or share <= 0 for share in shares):
        return f"这一事项的目标是 {whole:g}，每个部分都要写数量"
    total = sum(float(share) for share in shares if is_number(share))
    return "" if abs(total - whole) < _NOTHING else f"各部分合计 {total:g}，不等于目标 {whole:g}"


def part_of(matter: Matter, child: Mapping[str, Any]) -> Matter:
    """The matter with the share of this part as its target; what was counted of the whole is not counted of it."""
    if not target_of(matter.fields):
        return matter
    fields = {key: value for key, value in matter.fields.items() if key != "count"}
    return replace(matter, fields={**fields, "target": child["target"]})


def weight_of(fields: Mapping[str, Any]) -> float:
    """How much a part counts in the progress of the whole: by its target, alike where it has none."""
    return target_of(fields) or 1.0
