"""What an act may be given: the inputs that it declares, each of its kind; anything else is refused and never kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from luoshi.loop.filling import is_number
from luoshi.loop.mechanism import Act

#: the inputs that answer a need
_OF_NEED: Final[Mapping[str, tuple[str, ...]]] = {
    "reason": ("reason",), "text": ("text",), "evidence": ("evidence",), "progress": ("progress", "count"), "date": ("date",),
    "checklist": ("checks",), "units": ("units",), "posts": ("posts",), "matter": ("matter",), "rating": ("ratings",), "class": ("class",),
    "person": ("person",), "method": ("method",), "settled": (), "milestones": ("milestones",),
}  # fmt: skip
#: the words in which people know an input
_NAMES: Final[Mapping[str, str]] = {
    "reason": "理由", "text": "说明", "evidence": "佐证", "progress": "进度", "count": "数量", "date": "日期", "checks": "清单", "units": "单位",
    "posts": "领导", "matter": "另一事项", "ratings": "评价", "class": "类别", "person": "人", "method": "方式", "milestones": "节点",
    "fields": "其他内容", "unit": "单位", "children": "拆分的部分", "note": "备注",
}  # fmt: skip
#: so many of anything at most
_MOST: Final = 1000


def allowed(act: Act) -> frozenset[str]:
    """The inputs that the act declares, by what it needs, wants, changes and does."""
    # which fields and which unit is looked at where more can be said of them
    found = {key for need in (*act.needs, *act.wants) for key in _OF_NEED[need]} | {"note", "fields", "unit"}
    if act.effect == "split":
        found.add("children")
    return frozenset(found)


def wrong_inputs(act: Act, inputs: Mapping[str, Any]) -> str:
    """What of the inputs the act does not take, or not of this kind; ``""`` where all are right. Empty ones count as not given."""
    given = {key: value for key, value in inputs.items() if value not in (None, "", [], {}, ())}
    strange = sorted(set(given) - allowed(act))
    if strange:
        return f"这一步不填{_NAMES.get(strange[0], '“' + strange[0][:20] + '”')}"
    wrong = [key for key, value in given.items() if not _KINDS.get(key, _is_text)(value)]
    return f"{_NAMES.get(wrong[0], wrong[0])}的写法不对" if wrong else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= _MOST and all(isinstance(one, str) for one in value)


def _is_map_of(kind: Callable[[Any], bool]) -> Callable[[Any], bool]:
    return lambda value: (
        isinstance(value, Mapping) and len(value) <= _MOST and all(isinstance(key, str) and kind(one) for key, one in value.items())
    )


def _is_maps(value: Any) -> bool:
    return isinstance(value, list | tuple) and len(value) <= _MOST and all(isinstance(one, Mapping) for one in value)


_KINDS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "evidence": _is_texts, "checks": _is_texts, "posts": _is_texts, "units": _is_map_of(_is_texts), "ratings": _is_map_of(_is_text),
    "fields": _is_map_of(lambda value: True), "children": _is_maps, "milestones": _is_maps, "progress": is_number, "count": is_number,
}  # fmt: skip
