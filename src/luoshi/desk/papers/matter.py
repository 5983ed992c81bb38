"""The papers on one matter: notice, reminder, chasing note, letter, talk, circular, return, reply, closing form; values out of the ledger."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor
from luoshi.desk.done import NotFound
from luoshi.desk.papers.standing import Standing, addressees, last_words, source_of, standing
from luoshi.desk.papers.templates import Paper, checked_number, made, named_office
from luoshi.desk.rights import may, require
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import Clock, history, now
from luoshi.loop import timing
from luoshi.loop.clock import day_of, days_left, overdue_days
from luoshi.loop.matter import Ticking
from luoshi.loop.mechanism import Mechanism
from luoshi.publish.papers import Values, day_words, kind_for, kind_of
from luoshi.publish.papers.words import amount

#: papers that may be drafted of a matter as it stands, before anybody has acted
DRAFTS: Final = ("notice", "remind", "chase", "letter", "talk", "circular")
_BLUE, _YELLOW, _RED = "蓝色", "黄色", "红色"
_COLOURS: Final[Mapping[str, str]] = {"blue": _BLUE, "yellow": _YELLOW, "orange": "橙色", "red": _RED}
#: mechanisms whose closing has a form of its own
_CLOSING: Final = "M11"
#: papers that the units write
_BY_UNITS: Final = frozenset({"reply", "closing"})


def drafts_for(actor: Actor, mechanism: Mechanism) -> tuple[str, ...]:
    """The kinds of paper that the actor may draft of a matter: whoever is asked by the office answers it, and writes no letters in its name."""
    found = drafts_of(mechanism)
    return found if may(actor, "papers") else tuple(kind for kind in found if kind in _BY_UNITS)


def drafts_of(mechanism: Mechanism) -> tuple[str, ...]:
    """The kinds of paper that may be drafted of a matter of this mechanism."""
    reply = ("reply",) if any(act.paper == "reply" for act in mechanism.acts) else ()
    return (*DRAFTS, *reply, *(("closing",) if mechanism.id == _CLOSING else ()))


class Wanted(msgspec.Struct, frozen=True):
    """Which paper on a matter: its kind as the matter stands, or the one that the entry ``seq`` made; its document number, words besides."""

    kind: str = ""
    seq: int = 0
    number: str = ""
    text: str = ""


def paper_of(actor: Actor, item: str, wanted: Wanted, scope: Scope, *, clock: Clock = now) -> Paper:
    """The paper on a matter as it is now; of an entry the one that it made, as it was then, whatever happened since.

    What is personal is masked; who it is is filled in by hand.
    """
    found = standing(actor, item, scope, seq=wanted.seq, clock=clock)
    kind = kind_of_entry(found) if wanted.seq else wanted.kind
    if not kind or (not wanted.seq and kind not in drafts_of(found.mechanism)):
        raise NotFound("这里没有这种文书", where=wanted.kind[:40] or str(wanted.seq), remedy="请从事项的经过里取文书")
    if not wanted.seq and kind not in drafts_for(actor, found.mechanism):
        require(actor, "papers")
    # whoever only gets a paper puts no number and no words into it
    office = may(actor, "papers") or kind in _BY_UNITS
    number, text = (wanted.number, wanted.text) if office else ("", "")
    values = values_of(found, kind, number=checked_number(number), text=text)
    return made(kind, values, f"{kind_of(kind).title.zh}-{found.row.number}-{day_of(found.at, found.rules.zone).isoformat()}")


def kind_of_entry(found: Standing) -> str:
    """The kind of the paper that an entry made; ``""`` where it made none."""
    if found.move is None:
        return ""
    if found.move.kind == "rung" and not found.move.paper:
        return "remind"
    return kind_for(found.move.paper)


def values_of(found: Standing, kind: str, *, number: str = "", text: str = "") -> Values:
    """What the ledger says of a matter for a paper of this kind, as its template names it."""
    known = {field.key for field in kind_of(kind).fields}
    day = day_words(day_of(found.at, found.rules.zone).isoformat())
    office = named_office()
    values: dict[str, Any] = {
        "office": office, "mark": f"{office}文件" if office else "", "number": number, "day": day,
        **_who(found), **_when(found, kind), **_how(found), **_said(found), **_own(found, kind),
    }  # fmt: skip
    if text:
        values["text"] = text
    return {key: value for key, value in values.items() if key in known}


# --- who, when, how it stands


def _who(found: Standing) -> dict[str, Any]:
    tells = found.move.tells if found.move else ()
    quote, document = source_of(found)
    return {
        "unit": addressees(found, tells), "matter": found.row.number, "title": found.title, "mechanism": found.mechanism.title.zh,
        "stage": found.mechanism.stage(found.matter.stage).title.zh, "lead": found.holders("lead") or found.names.get(found.row.unit, ""),
        "support": found.holders("support"), "leader": found.holders("leader"), "quote": quote, "document": document,
    }  # fmt: skip


def _when(found: Standing, kind: str) -> dict[str, Any]:
    zone = found.rules.zone
    main = found.matter.last(found.mechanism.main.key) if found.mechanism.main else None
    values: dict[str, Any] = {}
    if main:
        values["due"] = day_words(day_of(main.due, zone).isoformat())
        values["original"] = day_words(day_of(main.original, zone).isoformat()) if main.original != main.due else ""
    clock = _clock(found)
    if clock is None:
        return values
    late = overdue_days(clock.due, found.at, zone)
    values |= {
        "step": _clock_title(found, clock),
        "step_due": day_words(day_of(clock.due, zone).isoformat()),
        "late": late if late > 0 else None,
    }
    if kind == "remind" and found.at < clock.due:
        values["left"] = days_left(clock.due, found.at, zone) or None
    return values


def _clock(found: Standing) -> Ticking | None:
    """The clock that a paper is about: of a step of the ladder its own, else the one that a unit owes first."""
    rung = _rung(found)
    if rung is not None and rung.clock:
        return found.matter.last(rung.clock)
    duty = {part.key for part in found.mechanism.parts if part.held == "duty"}
    waiting = [clock for clock in found.matter.clocks if clock.runs and clock.paused is None and clock.owner in duty]
    return min(waiting, key=lambda clock: (clock.due, clock.key), default=None)


def _clock_title(found: Standing, clock: Ticking) -> str:
    declared = found.mechanism.clock(clock.key) or timing.rhythm_of(found.rules, clock.key)
    return declared.title.zh if declared else ""


def _rung(found: Standing) -> Any:
    move = found.move
    if move is None:
        return None
    if move.kind == "rung":
        return next((one for one in found.mechanism.ladder if one.key == move.act.partition("@")[0]), None)
    if move.kind == "month":
        return next((one for one in found.mechanism.ladder if one.light and one.paper == move.paper), None)
    return None


def _how(found: Standing) -> dict[str, Any]:
    matter, lights = found.matter, found.matter.lights
    planned = timing.planned(matter, found.rules, found.at) if matter.state == "live" and matter.progress is not None else None
    rule = found.rules.lights
    hue = next((one.title.zh for one in rule.colours if one.key == lights.whole), "")
    lit = lights.whole not in (rule.best, "none")
    return {
        "progress": f"{amount(round(matter.progress, 1))}%" if matter.progress is not None else "", "planned": f"{amount(round(planned, 1))}%" if planned is not None else "",
        "light": hue if lit else "", "why": why_lit(found) if lit else "", "colour": _COLOURS.get(lights.whole, "") if lit else "",
    }  # fmt: skip


def why_lit(found: Standing) -> str:
    """Why the light of a matter is not the best one, in the words of the rule."""
    rule, lights = found.rules.lights, found.matter.lights
    lit = [key for name, key in sorted(lights.why.items()) if name != "whole" and getattr(lights, name, "") not in (rule.best, "none")]
    lit = lit or [key for name, key in lights.why.items() if name == "whole"]
    return "；".join(dict.fromkeys(rule.reason(key).zh for key in lit))


def _said(found: Standing) -> dict[str, Any]:
    """What was said: by the unit last, by who acted, how often the unit was chased before, which step of the ladder it is."""
    text, at = last_words(found, found.entry.seq if found.entry else 0)
    chased = found.matter.done.get("chase", 0) + sum(1 for rung in found.matter.rungs if rung.partition("@")[0].startswith("chase"))
    move, rung = found.move, _rung(found)
    own = move is not None and (move.act == "chase" or (move.kind == "rung" and move.act.startswith("chase")))
    given = str(move.inputs.get("text") or "") if move else ""
    return {
        "said": text, "said_day": day_words(_day(at, found)) if at else "", "chased": max(chased - own, 0) or None, "text": found.words(given),
        "rung": rung.title.zh if rung else "", "basis": rung.source if rung else "", "months": _months(found),
        "reason": found.words(str(move.inputs.get("reason") or "")) if move else "",
    }  # fmt: skip


def _day(at: str, found: Standing) -> str:
    return day_of(datetime.fromisoformat(at), found.rules.zone).isoformat()


def _months(found: Standing) -> str:
    """The last months in a row that ended with this light."""
    rung = _rung(found)
    light = rung.light if rung is not None and rung.light else ""
    row: list[str] = []
    for end in reversed(found.matter.ends):
        month, _, lit = end.partition(" ")
        if not light or lit != light:
            break
        row.insert(0, f"{int(month[:4])}年{int(month[5:])}月")
    return "、".join(row)


# --- what single kinds say besides


def _own(found: Standing, kind: str) -> dict[str, Any]:
    make = _OWN.get(kind)
    return make(found) if make else {}


def _conclusion(found: Standing) -> dict[str, Any]:
    given = str(found.move.inputs.get("text") or "") if found.move else ""
    return {
        "conclusion": found.field("conclusion") or found.words(given), "problems": found.field("problems"),
        "rectify_due": day_words(found.field("rectify_due")), "text": "",
    }  # fmt: skip


def _decision(found: Standing) -> dict[str, Any]:
    act = found.mechanism.act(found.move.act) if found.move else None
    return {"decision": act.title.zh if act else "", "text": ""}


def _announcement(found: Standing) -> dict[str, Any]:
    act = found.mechanism.act(found.move.act) if found.move else None
    return {"notice": act.title.zh if act else ""}


def _reply(found: Standing) -> dict[str, Any]:
    matter = found.matter
    class_key = str((found.move.inputs.get("class") if found.move else "") or matter.fields.get("class") or "")
    declared = next((one for one in found.mechanism.classes_of(matter.variant) if one.key == class_key), None)
    number = found.field("number")
    return {
        "to": found.field("proposers") or found.field("petitioner") or found.field("caller") or "", "suggestion": f"第{number}号" if number.isdigit() else number,
        "session": found.field("session"), "kind": found.field("kind") or found.mechanism.title.zh,
        "class": f"{class_key} {declared.title.zh}" if declared else class_key, "promises": found.field("promises"),
        "promise_due": day_words(found.field("promise_due")), "signer": found.field("signer"), "publicity": found.field("publicity"),
        **({"number": found.field("reply_no")} if found.field("reply_no") else {}),
    }  # fmt: skip


def _closing(found: Standing) -> dict[str, Any]:
    fields = {
        key: found.field(key) for key in ("problem_no", "batch", "category", "level", "person", "goal", "measures", "self_check", "similar")
    }
    closed = found.matter.closed
    return {
        **fields, "problem": found.field("problem") or found.title, "root_cause": found.field("root_cause"), "acceptor": found.holders("acceptor"),
        "acceptance_day": day_words(found.field("acceptance_day")), "acceptance_people": found.field("acceptance_people"),
        "acceptance": _last_text(found, "accept"), "notice_place": found.field("notice_place"), "objections": str(found.matter.objections),
        "conclusion": found.field("conclusion") or _last_text(found, "close"),
        "closed": day_words(day_of(closed, found.rules.zone).isoformat()) if closed else "", "evidence": found.matter.evidence or None,
    }  # fmt: skip


def _last_text(found: Standing, act: str) -> str:
    """The words of the last time that an act was done."""
    for entry in history(found.row.id, limit=400, before=found.entry.seq + 1 if found.entry else None):
        move = entry.values.get("move", {}) if entry.act == "loop.act" else {}
        if move.get("act") == act:
            return found.words(str(move.get("inputs", {}).get("text") or ""))
    return ""


_OWN: Final[Mapping[str, Callable[[Standing], dict[str, Any]]]] = {
    "conclusion": _conclusion, "decision": _decision, "announcement": _announcement, "reply": _reply, "closing": _closing,
}  # fmt: skip
