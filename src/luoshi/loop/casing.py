"""Runs the cases of a mechanism file: histories in, what must hold at the end out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from luoshi.errors import BadTable
from luoshi.loop import clock as clocks
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Filing, Refused
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Case, Mechanism
from luoshi.loop.rules import Rules, plain_rules

_PLAIN: Final = frozenset({"at", "act", "by", "person", "refused"})


def run(case: Case, mechanism: Mechanism) -> Iterator[str]:
    """What does not hold of a case, in words; nothing where all of it does."""
    rules = plain_rules(mechanism, case.lights or "plain")
    matter: Matter | None = None
    for number, event in enumerate(case.events, 1):
        at, told = _moment(event["at"], rules), f"{case.title}，第 {number} 步"
        if matter is not None:
            matter = engine.fold(matter, engine.due(matter, rules, at))
        try:
            matter = _one(matter, event, at, case, rules)
        except Refused as error:
            if not event.get("refused") or event["refused"] not in str(error):
                yield f"{told}被拒绝：{error}"
                return
            continue
        if event.get("refused"):
            yield f"{told}应当被拒绝（{event['refused']}）"
    if matter is None:
        raise BadTable("没有立项", where=case.title, remedy="cases 的第一步应是 file")
    for key, wanted in case.then.items():
        found = _told(key, wanted, matter, rules)
        if found != wanted:
            yield f"{case.title}：{key} 应为 {wanted}，是 {found}"


def _moment(text: str, rules: Rules) -> datetime:
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=rules.zone)


def _one(matter: Matter | None, event: Mapping[str, Any], at: datetime, case: Case, rules: Rules) -> Matter:
    if matter is None:
        given = case.given
        parts = {key: tuple(value) for key, value in given.get("parts", {}).items()}
        filing = Filing(
            "i-case", event.get("person", "chen"), variant=given.get("variant", ""), fields=given.get("fields", {}), parts=parts
        )
        matter, move = engine.file(filing, rules, at)
        return engine.fold(matter, [move])
    if "act" not in event:
        return matter
    inputs = {key: value for key, value in event.items() if key not in _PLAIN}
    deed = Deed(event["act"], event.get("person", event["by"]), frozenset({event["by"]}), inputs)
    return engine.fold(matter, [engine.perform(matter, rules, deed, at)])


def _told(key: str, wanted: Any, matter: Matter, rules: Rules) -> Any:
    lights = {
        "light": matter.lights.whole,
        "time": matter.lights.time,
        "progress": matter.lights.progress,
        "quality": matter.lights.quality,
    }
    if key in lights:
        return lights[key]
    if key in {"due", "original"}:
        return {name: clocks.day_of(getattr(found, key), rules.zone).isoformat() for name in wanted if (found := matter.last(name))}
    if key in {"open", "shut"}:
        return {part: _acts(matter, rules, part, names, key == "open") for part, names in wanted.items()}
    if key == "counts":
        return {name: matter.done.get(name, 0) for name in wanted}
    if key == "rungs":
        return list(matter.rungs)
    if key == "running":
        return [found.key for found in matter.clocks if found.runs]
    if key == "lapsed":
        return [f"{found.key}@{found.unit}" if found.unit else found.key for found in matter.clocks if found.lapsed is not None]
    if key == "fields":
        return {name: matter.fields.get(name) for name in wanted}
    return getattr(matter, key)


def _acts(matter: Matter, rules: Rules, part: str, names: list[str], opened: bool) -> list[str]:
    found = {one.act.key for one in engine.open_acts(matter, rules, matter.changed, parts=[part])}
    return [name for name in names if (name in found) is opened]
