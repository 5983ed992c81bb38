"""A matter as a row of the sheet: what is shown, which cells whoever takes it out may fill, and the state that filling one in would change.

The states are words that are compared and never read: what was so when the sheet was taken out is still so, or somebody was first.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.matters.taking import parts_of
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import units_for
from luoshi.ledger.called import names_of
from luoshi.ledger.desks import last_said
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Refused
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Act, Mechanism
from luoshi.loop.rules import Rules
from luoshi.masking import mask
from luoshi.messages import Lang
from luoshi.publish.ledger_sheet import Fill, Line, Who

#: what an act may ask for that a row can hold
_WRITTEN: Final = frozenset({"progress", "text", "evidence", "person", "method"})
#: what the state of a figure ends with where a count is asked for
COUNTED: Final = "#"
SIGN: Final[Mapping[Lang, str]] = {"zh": "签收", "en": "Sign"}
ASSIGN: Final[Mapping[Lang, str]] = {"zh": "交办", "en": "Assign"}


class Standing(msgspec.Struct, frozen=True):
    """A matter as it is now for an actor: its state after all that has fallen due, and which acts the actor has in it, open or not."""

    row: models.Matter
    matter: Matter
    rules: Rules
    parts: frozenset[str]
    open: frozenset[str]

    @property
    def mechanism(self) -> Mechanism:
        return self.rules.mechanism

    def act(self, effect: str) -> Act | None:
        """The act of the actor's parts with this effect: an open one first."""
        found = [act for act in self.mechanism.acts if act.effect == effect and not self.parts.isdisjoint(act.by) and not act.each]
        return next((act for act in found if act.key in self.open), found[0] if found else None)

    @property
    def report(self) -> Act | None:
        """How the actor reports on it: progress, else in words alone."""
        if (found := self.act("progress")) is not None:
            return found
        acts = [act for act in self.mechanism.acts if not self.parts.isdisjoint(act.by) and _in_words(act)]
        return next((act for act in acts if act.key in self.open), acts[0] if acts else None)

    @property
    def sign(self) -> Act | None:
        """The act that takes it on, where it is open: it asks for nothing, and stops a clock of the part that does it."""
        for act in self.mechanism.acts:
            stops = any(act.key in clock.stop and clock.owner in act.by and not clock.main for clock in self.mechanism.clocks)
            if act.key in self.open and act.answers and act.to and not act.needs and not act.each and stops:
                return act
        return None


def _in_words(act: Act) -> bool:
    return act.answers and not act.to and not act.back and not act.each and not act.after and act.needs == ("text",)


class View(msgspec.Struct, frozen=True):
    """For whom a sheet is made: which columns may be filled, by whom, at which moment, in which language."""

    actor: Actor
    who: Who
    at: datetime
    lang: Lang = "zh"


def who_of(actor: Actor) -> Who:
    """Which columns the actor fills: those of the office, or those of a unit."""
    return "office" if Role.SUPERVISOR in actor.roles else "unit"


def standings(rows: Iterable[models.Matter], actor: Actor, at: datetime) -> list[Standing]:
    """The matters as they are at a moment; which units count for the actor's is looked up once."""
    own = units_for([actor.unit]) if actor.unit else frozenset[str]()
    return [standing(row, actor, at, own) for row in rows]


def standing(row: models.Matter, actor: Actor, at: datetime, own: Collection[str]) -> Standing:
    """The matter of this row as it is at a moment."""
    rules, matter = rules_for(row.mechanism, row.version), life_of(row.life)
    matter = engine.fold(matter, engine.due(matter, rules, at))
    return standing_of(row, matter, rules, parts_of(actor, matter, rules.mechanism, lambda _: frozenset(own)), actor, at)


def standing_of(row: models.Matter, matter: Matter, rules: Rules, parts: frozenset[str], actor: Actor, at: datetime) -> Standing:
    """A matter in a state that it has or would have."""
    acts = engine.open_acts(matter, rules, at, parts=parts, by=actor.id)
    return Standing(row, matter, rules, parts, frozenset(one.act.key for one in acts))


def signed(found: Standing, actor: Actor, at: datetime) -> Standing:
    """The matter as it would be if the actor signed for it now; itself where there is nothing to sign."""
    act = found.sign
    if act is None:
        return found
    try:
        move = engine.perform(found.matter, found.rules, Deed(act.key, actor.id, found.parts), at)
    except Refused:
        return found
    return standing_of(found.row, engine.fold(found.matter, [move]), found.rules, found.parts, actor, at)


# --- what may be filled


def fills_of(found: Standing, view: View, names: Mapping[str, str]) -> dict[str, Fill]:
    """The cells that the actor may fill in the row, by column."""
    if view.who == "office":
        return _office(found, names, view.lang)
    return _unit(found, signed(found, view.actor, view.at), view.lang)


def _unit(found: Standing, then: Standing, lang: Lang) -> dict[str, Fill]:
    fills: dict[str, Fill] = {}
    if found.sign is not None:
        fills["sign"] = Fill("choice", state(found, "sign"), choices=(SIGN[lang],))
    report = then.report
    if report is not None and report.key in then.open and _WRITTEN.issuperset(report.needs):
        if "progress" in (*report.needs, *report.wants):
            target = target_of(found.matter)
            hint = f"{_amount(found.matter, 'target')}{found.matter.fields.get('target_unit', '')}"
            said = {"zh": f"目标 {hint}。填到现在为止一共完成的数量。", "en": f"Target {hint}. All that is done so far."}[lang]
            fills["value"] = Fill("count", state(found, "value"), hint=said) if target else Fill("percent", state(found, "value"))
        fills["text"] = Fill("text", state(found, "text"))
    extend = then.act("ask-extend")
    if extend is not None and extend.key in then.open and set(extend.needs) == {"reason", "date"}:
        fills |= {"extend": Fill("day", state(found, "extend")), "reason": Fill("text", state(found, "reason"))}
    return fills


def _office(found: Standing, names: Mapping[str, str], lang: Lang) -> dict[str, Fill]:
    fills: dict[str, Fill] = {}
    act, chase = assigning(found), found.act("chase")
    if act is not None and act.key in found.open:
        fills["assign"] = Fill("choice", state(found, "assign"), choices=(ASSIGN[lang],))
        for key, part in (("to_lead", "lead"), ("to_support", "support")):
            if (there := found.mechanism.part(part)) is not None and there.held == "duty":
                fills[key] = Fill("text", state(found, key), named(found.matter, part, names))
        if "due" in act.fields:
            fills["to_due"] = Fill("day", state(found, "to_due"), str(found.matter.fields.get("due", "")))
        if "text" in (*act.needs, *act.wants):
            fills["to_text"] = Fill("text", state(found, "to_text"))
    if chase is not None and chase.key in found.open:
        fills["chase"] = Fill("text", state(found, "chase"))
    return fills


def assigning(found: Standing) -> Act | None:
    """The act by which the actor gives the matter to a lead unit, where a row can hold what it asks for."""
    act, lead = found.act("assign"), found.mechanism.part("lead")
    fits = (
        act is not None
        and lead is not None
        and lead.held == "duty"
        and {"units", "text"}.issuperset(act.needs)
        and "units" in (*act.needs, *act.wants)
    )
    return act if fits else None


def state(found: Standing, key: str) -> str:
    """The state of the ledger that filling in this column would change."""
    matter = found.matter
    if key == "sign":
        return matter.stage
    if key in {"value", "text"}:
        acts = [
            act.key for act in found.mechanism.acts if (act.effect == "progress" or _in_words(act)) and not found.parts.isdisjoint(act.by)
        ]
        told = sum(matter.done.get(one, 0) for one in acts)
        # the mark at the end says what the cell asks for: a count, or else a percentage
        return f"{matter.progress}/{_amount(matter, 'count')}/{told}{COUNTED if target_of(matter) else ''}"
    if key in {"extend", "reason"}:
        return f"{matter.asked.get('act', '')}/{matter.asked.get('date', '')}/{found.row.due}"
    if key == "chase":
        return str(sum(matter.done.get(act.key, 0) for act in found.mechanism.acts if act.effect == "chase"))
    parts = "/".join(",".join(matter.parts.get(part, ())) for part in ("lead", "support"))
    return f"{matter.stage}/{parts}/{matter.fields.get('due', '')}"


def now_told(found: Standing, key: str, names: Mapping[str, str]) -> str:
    """What stands in the ledger now where this column would write."""
    matter = found.matter
    if key in {"value", "text"}:
        count = _amount(matter, "count")
        return (
            f"{count}{matter.fields.get('target_unit', '')}"
            if count
            else f"{matter.progress:g}%"
            if matter.progress is not None
            else "没有报过"
        )
    if key in {"extend", "reason"}:
        asked = matter.asked.get("date", "")
        return f"已申请延期至 {asked}" if asked else f"期限 {found.row.due or '无'}"
    if key == "chase":
        return f"已催办 {state(found, 'chase')} 次"
    if key == "to_lead":
        return named(matter, "lead", names)
    if key == "to_support":
        return named(matter, "support", names) or "无"
    if key == "to_due":
        return str(matter.fields.get("due", "")) or "无"
    return found.mechanism.stage(matter.stage).title.zh


def target_of(matter: Matter) -> float:
    """The target in numbers; 0 where there is none."""
    target = matter.fields.get("target")
    return float(target) if isinstance(target, int | float) and target > 0 else 0.0


def named(matter: Matter, part: str, names: Mapping[str, str]) -> str:
    """The names of the units of a part."""
    return "、".join(names.get(one, "") for one in matter.parts.get(part, ()) if names.get(one))


def _amount(matter: Matter, key: str) -> str:
    value = matter.fields.get(key)
    return f"{value:.12g}" if isinstance(value, int | float) and not isinstance(value, bool) else ""


# --- what is shown


def lines_of(found: Sequence[Standing], view: View) -> list[Line]:
    """The rows of the sheet, in this order. What a mechanism that knows of people says is masked: a file goes from hand to hand."""
    keys = [one.row.id for one in found]
    items = models.Item.objects.in_bulk(keys)
    names = names_of_all(found)
    duties = {part.key for one in found for part in one.mechanism.parts if part.held == "duty"}
    said = last_said(keys, duties)
    return [_line(one, items.get(one.row.id), names, said[one.row.id].text if one.row.id in said else "", view) for one in found]


def names_of_all(found: Iterable[Standing]) -> dict[str, str]:
    """The names of the units and posts in these matters by id."""
    return names_of({holder for one in found for holders in one.matter.parts.values() for holder in holders})


def _line(one: Standing, item: models.Item | None, names: Mapping[str, str], said: str, view: View) -> Line:
    matter, mechanism, row = one.matter, one.mechanism, one.row
    veiled = mechanism.internal or any(field.masked for field in mechanism.fields)
    people = [field.key for field in mechanism.fields if field.masked and field.type == "person"]
    known = [str(matter.fields[key]) for key in people if matter.fields.get(key)]

    def words(text: str) -> str:
        return mask(text, known=known) if veiled and text else text

    unit = matter.fields.get("target_unit", "")
    shown = {
        "number": row.number, "title": words(item.title if item else row.number), "lead": named(matter, "lead", names), "due": row.due,
        "stage": _in(mechanism.stage(matter.stage).title, view.lang), "lights": _lights(one, view.lang),
        "progress": f"{matter.progress:.6g}%" if matter.progress is not None else "",
        "target": f"{_amount(matter, 'count') or '0'}／{_amount(matter, 'target')}{unit}" if target_of(matter) else "", "said": words(said),
        "mechanism": _in(mechanism.title, view.lang), "support": named(matter, "support", names), "leader": named(matter, "leader", names),
        "original": row.original if row.original != row.due else "", "source": words(item.text if item else ""),
    }  # fmt: skip
    return Line(row.id, shown, matter.lights.whole, matter.acts, fills_of(one, view, names))


def _in(words: Any, lang: Lang) -> str:
    return str(words.zh if lang == "zh" else words.en)


def _lights(one: Standing, lang: Lang) -> str:
    """The light in words, with why it is as it is."""
    lights, rule = one.matter.lights, one.rules.lights
    hue = next((colour.title for colour in rule.colours if colour.key == lights.whole), None)
    name = _in(hue, lang) if hue else lights.whole
    if lights.whole == rule.best:
        return name
    why = dict.fromkeys(
        _in(rule.reason(key), lang)
        for light, key in sorted(lights.why.items())
        if light != "whole" and getattr(lights, light, "") not in (rule.best, "none")
    )
    return f"{name}：{'；'.join(why)}" if why else name
