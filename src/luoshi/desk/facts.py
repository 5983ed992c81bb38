"""Acts on facts: accept, correct, reject, take the own word back, decide where two readers differ."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.documents import may_change
from luoshi.desk.done import DAY, Conflict, Done, NotFound, WrongValue
from luoshi.desk.rights import require
from luoshi.ledger.entry import Draft
from luoshi.ledger.reading import CORRECTABLE
from luoshi.ledger.rows import Row
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Writer, writing

_NUMBERS: Final = frozenset({"value", "value_max"})
_YEARS: Final = frozenset({"year", "year_last"})
_LISTS: Final = frozenset({"leaders", "lead_units", "support_units"})
_CHOICES: Final[Mapping[str, frozenset[str]]] = {
    "role": frozenset({"target", "result", "attribute"}),
    "measure": frozenset({"level", "growth", "change", "rank"}),
    "direction": frozenset({"", "up", "down"}),
    "comparator": frozenset({"eq", "ge", "le", "approx", "range", "above", "below", "with", "all", "zero", "both_down", "both_up", "assigned", "unchanged"}),
    "strength": frozenset({"firm", "plain", "strive", "forecast"}),
    "stage": frozenset({"planned", "signed", "started", "building", "built", "running"}),
}  # fmt: skip
_LONGEST: Final = 300
#: words for which the ledger has less room
_SHORTER: Final[Mapping[str, int]] = {"unit": 40, "indicator_id": 80}


def accept(actor: Actor, facts: Sequence[str], scope: Scope, *, note: str = "") -> Done:
    """The actor's word that these facts are right as read."""
    return _say(actor, "fact.accept", facts, scope, _noted(note))


def reject(actor: Actor, facts: Sequence[str], scope: Scope, *, note: str = "") -> Done:
    """The actor's word that these are no facts."""
    return _say(actor, "fact.reject", facts, scope, _noted(note))


def correct(actor: Actor, fact: str, fields: Mapping[str, Any], scope: Scope, *, note: str = "") -> Done:
    """The actor's word that the fact says ``fields`` instead; raises ``WrongValue`` for what the kind of fact cannot have."""
    require(actor, "fact.correct")
    with writing() as writer:
        row = fact_for(writer, fact, scope)
        data = {"fields": checked_fields(row["kind"], fields), **_noted(note)}
        entry = writer.append(actor.id, Draft("fact.correct", fact, data, context=row["document"]))
    return Done.of([entry])


def reopen(actor: Actor, facts: Sequence[str], scope: Scope) -> Done:
    """The actor's word on these facts is taken back; facts on which there was none are left alone."""
    require(actor, "fact.reopen")
    with writing() as writer:
        entries = []
        for fact in dict.fromkeys(facts):
            row = fact_for(writer, fact, scope)
            decided = msgspec.json.decode(row["decision"]).get("by") == actor.id
            if decided or actor.id in msgspec.json.decode(row["checks"]):
                entries.append(
                    writer.append(actor.id, Draft("fact.reopen", fact, {"decision": True} if decided else {}, context=row["document"]))
                )
    return Done.of(entries)


def decide(actor: Actor, fact: str, word: str, fields: Mapping[str, Any], scope: Scope, *, note: str = "") -> Done:
    """A third person's word (``accept`` ``correct`` ``reject``) where readers differ. Raises ``Conflict`` where they do not, or for one of them."""
    require(actor, "fact.decide")
    if word not in ("accept", "correct", "reject"):
        raise WrongValue(f"不能裁定为“{word}”", where=fact, remedy="请选择采纳、更正或否决")
    with writing() as writer:
        row = fact_for(writer, fact, scope)
        if row["state"] != "disputed":
            raise Conflict("这条事实没有分歧，不需要裁定", where=row["text"][:40], remedy="请刷新页面")
        if actor.id in msgspec.json.decode(row["checks"]):
            raise Conflict("核对过这条事实的人不能裁定", where=row["text"][:40], remedy="请由第三人裁定")
        given = checked_fields(row["kind"], fields) if word == "correct" else {}
        entry = writer.append(
            actor.id, Draft("fact.decide", fact, {"word": word, "fields": given, **_noted(note)}, context=row["document"])
        )
    return Done.of([entry])


def _say(actor: Actor, act: str, facts: Sequence[str], scope: Scope, data: dict[str, Any]) -> Done:
    require(actor, act)
    with writing() as writer:
        writer.rows.prefetch(("fact", fact) for fact in facts)
        entries = []
        for fact in dict.fromkeys(facts):
            row = fact_for(writer, fact, scope)
            said = msgspec.json.decode(row["checks"]).get(actor.id)
            # one word on many facts takes the place of no correction or rejection that somebody has thought about
            if said is None or (said["word"] != act.partition(".")[2] and (len(facts) == 1 or said["word"] == "accept")):
                entries.append(writer.append(actor.id, Draft(act, fact, data, context=row["document"])))
    return Done.of(entries)


def fact_for(writer: Writer, fact: str, scope: Scope) -> Row:
    """The row of a fact that the actor may judge; raises ``NotFound`` for one not seen, ``Forbidden`` for one of a region above."""
    row = writer.get("fact", fact)
    document = writer.get("document", row["document"]) if row else None
    if row is None or document is None or document["state"] == "withdrawn" or not scope.sees_document(document["region_code"]):
        raise NotFound("没有这条事实", where=fact, remedy="它可能属于已撤回的文件，请刷新页面")
    may_change(document, scope)
    return row


def checked_fields(kind: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields with their types made right; raises ``WrongValue`` that names the field."""
    unknown = sorted(set(fields) - CORRECTABLE[kind])
    if unknown:
        raise WrongValue(f"不能更正“{'、'.join(unknown)}”", where=kind, remedy="请刷新页面再试")
    if not fields:
        raise WrongValue("没有改动任何内容", where=kind, remedy="如果读得对，请按采纳")
    checked = {name: _checked(name, value) for name, value in sorted(fields.items())}
    if checked.get("name") == "" and kind != "measure":
        raise WrongValue("名称不能空着", where="name", remedy="请填写名称；如果不是事实，请按否决")
    return checked


def _noted(note: str) -> dict[str, str]:
    """The note as an entry keeps it; nothing for none."""
    if len(note) > _LONGEST:
        raise WrongValue(f"说明超过 {_LONGEST} 个字", where="note", remedy="请写短一些")
    return {"note": note.strip()} if note.strip() else {}


def _checked(name: str, value: Any) -> Any:
    if name in _NUMBERS:
        return _number(name, value)
    if name in _YEARS:
        return _year(name, value)
    if name in _LISTS:
        return _names(name, value)
    text = str(value).strip()
    if name in _CHOICES and text not in _CHOICES[name]:
        raise WrongValue(f"“{text}”不是可选的值", where=name, remedy="请从列表中选择")
    if name == "due" and text and not DAY.fullmatch(text):
        raise WrongValue(f"“{text[:40]}”不是日期", where=name, remedy="请写日期，例如 2026-12-31 或 2026-12")
    longest = _SHORTER.get(name, _LONGEST)
    if len(text) > longest:
        raise WrongValue(f"超过 {longest} 个字", where=name, remedy="请写短一些")
    return text


def _number(name: str, value: Any) -> float | int | None:
    if value in (None, ""):
        return None
    try:
        number = float(str(value).replace(",", "").replace("，", ""))
    except ValueError:
        raise WrongValue(f"“{value}”不是数", where=name, remedy="请写数字，例如 125000000000 或 6.5") from None
    if not abs(number) < 1e18:
        raise WrongValue("数太大", where=name, remedy="请核对单位")
    return int(number) if number.is_integer() else number


def _year(name: str, value: Any) -> int | None:
    if value in (None, ""):
        return None
    text = str(value).strip()
    if not (text.isdecimal() and len(text) == 4 and 1900 <= int(text) <= 2200):
        raise WrongValue(f"“{text[:40]}”不是年份", where=name, remedy="请写四位年份，例如 2026")
    return int(text)


def _names(name: str, value: Any) -> list[str]:
    parts = value if isinstance(value, list | tuple) else str(value).replace("，", "、").replace(",", "、").split("、")
    names = [str(part).strip() for part in parts if str(part).strip()]
    if any(len(one) > _LONGEST for one in names) or len(names) > 200:
        raise WrongValue("名称太长或太多", where=name, remedy="请用顿号分开各个名称")
    return names
