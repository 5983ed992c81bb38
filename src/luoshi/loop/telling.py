"""A case of a mechanism told in words, for its page: who did what when, what was refused and why, and what holds at the end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from luoshi.loop.mechanism import Case, Mechanism

_COLOURS: Final = {"red": "红灯", "yellow": "黄灯", "green": "绿灯", "blue": "蓝灯", "orange": "橙灯", "none": "没有可比的"}
_LIGHTS: Final = {"light": "综合灯", "time": "时间灯", "progress": "进度灯", "quality": "质量灯"}
_STATES: Final = {"live": "在办", "hung": "挂起", "closed": "办结", "ended": "终止"}
_PLAIN: Final = frozenset({"at", "act", "by", "person", "refused"})
#: what an input is called; those that are not named here stand for themselves
_SAID: Final = {
    "reason": "理由",
    "text": "",
    "method": "方式",
    "matter": "并入",
    "progress": "进度",
    "count": "数量",
    "class": "类别",
    "note": "",
}


def story(case: Case, mechanism: Mechanism) -> Iterator[str]:
    """The lines of a case: one for each event, numbered, then what comes of it."""
    told = [one for one in (_variant(case, mechanism), f"亮灯规则 {case.lights}" if case.lights else "") if one]
    if told:
        yield f"{'；'.join(told)}。\n"
    for number, event in enumerate(case.events, 1):
        yield f"{number}. {_event(event, mechanism)}"
    yield f"\n结果：{'；'.join(_result(key, value, mechanism) for key, value in case.then.items())}。"


def _variant(case: Case, mechanism: Mechanism) -> str:
    found = mechanism.variant(case.given.get("variant", ""))
    return f"类别：{found.title.zh}" if found else ""


def _event(event: Mapping[str, Any], mechanism: Mechanism) -> str:
    at = datetime.strptime(event["at"], "%Y-%m-%d %H:%M")  # noqa: DTZ007 - the office's own time, only told
    when = f"{at.year}年{at.month}月{at.day}日 {at:%H:%M}"
    if "act" not in event:
        return f"{when}，时间走到这里"
    act, part = mechanism.act(event["act"]), mechanism.part(event.get("by", ""))
    who = f"{part.title.zh if part else event.get('by', '')}（{event['person']}）" if event.get("person") else part.title.zh if part else ""
    what = act.title.zh if act else "立项"
    if "refused" in event:
        return f"{when}，{who}想“{what}”，被拒绝：{event['refused']}"
    given = "；".join(_given(key, value, mechanism) for key, value in event.items() if key not in _PLAIN)
    return f"{when}，{who}{what}{f'（{given}）' if given else ''}"


def _given(key: str, value: Any, mechanism: Mechanism) -> str:
    if key == "fields":
        return "、".join(f"{_field(mechanism, name)} {_value(mechanism, name, one)}".strip() for name, one in value.items())
    if key == "units":
        return "、".join(f"{_part(mechanism, part)} {'、'.join(names)}" for part, names in value.items())
    if key == "evidence":
        return "附佐证"
    if key == "checks":
        return f"勾 {len(value)} 项"
    if key == "date":
        return f"新日期 {_day(value)}"
    if key == "ratings":
        return "、".join(_rating(mechanism, name, one) for name, one in value.items())
    said = f"{_SAID.get(key, key)} {_value(mechanism, key, value)}".strip()
    return f"{said}%" if key == "progress" else said


def _result(key: str, value: Any, mechanism: Mechanism) -> str:
    if key == "stage":
        return f"到“{mechanism.stage(value).title.zh}”"
    if key in _LIGHTS:
        return f"{_LIGHTS[key]}是{_COLOURS.get(value, value)}"
    if key == "state":
        return f"状态是{_STATES[value]}"
    if key in {"due", "original"}:
        name = "现期限" if key == "due" else "原期限"
        return "、".join(f"{_clock(mechanism, clock)}的{name}是{_day(day)}" for clock, day in value.items())
    if key in {"open", "shut"}:
        can = "可以" if key == "open" else "不能"
        return "；".join(f"{_part(mechanism, part)}{can}{'、'.join(_act(mechanism, act) for act in acts)}" for part, acts in value.items())
    if key == "rungs":
        return f"走过的催办：{'、'.join(_rung(mechanism, one) for one in value)}" if value else "没有催办"
    if key == "running":
        return f"还在走的时限：{'、'.join(_clock(mechanism, one) for one in value)}" if value else "没有还在走的时限"
    if key == "counts":
        return "、".join(f"{_act(mechanism, act)} {times} 次" for act, times in value.items())
    if key == "fields":
        return "、".join(f"{_field(mechanism, name)}是{_value(mechanism, name, one) or '空'}" for name, one in value.items())
    if key == "ratings":
        return "、".join(_rating(mechanism, name, one) for name, one in value.items())
    names = {"missed": "还欠的报告", "missed_ever": "漏报过", "objections": "未处理的异议", "evidence": "佐证", "excluded": "不计入比率"}
    return f"{names.get(key, key)} {value}"


def _value(mechanism: Mechanism, key: str, value: Any) -> str:
    field = mechanism.field(key)
    if field and field.choices:
        return next((one.title.zh for one in field.choices if one.key == value), str(value))
    if isinstance(value, list):
        return "、".join(str(one) for one in value)
    if isinstance(value, bool):
        return "是" if value else "否"
    return _day(value) if isinstance(value, str) else str(value)


def _day(text: str) -> str:
    """A day as it is read, anything else as it is."""
    try:
        day = datetime.fromisoformat(text).date()
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def _rating(mechanism: Mechanism, key: str, value: str) -> str:
    found = next((one for one in mechanism.ratings if one.key == key), None)
    choice = next((one.title.zh for one in found.choices if one.key == value), value) if found else value
    return f"{found.title.zh if found else key}：{choice}"


def _rung(mechanism: Mechanism, key: str) -> str:
    found = next((one for one in mechanism.ladder if one.key == key.partition("@")[0]), None)
    return found.title.zh if found else key


def _part(mechanism: Mechanism, key: str) -> str:
    found = mechanism.part(key)
    return found.title.zh if found else key


def _act(mechanism: Mechanism, key: str) -> str:
    found = mechanism.act(key)
    return found.title.zh if found else key


def _clock(mechanism: Mechanism, key: str) -> str:
    found = mechanism.clock(key) or next((one for one in mechanism.rhythms if one.key == key), None)
    return found.title.zh if found else key


def _field(mechanism: Mechanism, key: str) -> str:
    found = mechanism.field(key)
    return found.title.zh if found else key
