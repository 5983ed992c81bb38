"""The ledger of matters as a workbook: taken out, filled in, brought back. Only what was changed becomes acts; the answer says what became of each row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.conf import settings
from django.db.models import QuerySet

from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters.acting import Try, act_rows
from luoshi.desk.matters.sheet_file import Filed, Sheet, read_sheet
from luoshi.desk.matters.sheet_rows import (
    Standing,
    View,
    assigning,
    lines_of,
    names_of_all,
    now_told,
    signed,
    standing_of,
    standings,
    state,
    target_of,
    who_of,
)  # fmt: skip
from luoshi.desk.rights import require
from luoshi.ledger import models
from luoshi.ledger.entry import moment
from luoshi.ledger.knowing import Units, ids_of, names_in
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope
from luoshi.ledger.settings_now import now as settings_now
from luoshi.ledger.store import Clock, now
from luoshi.loop import engine
from luoshi.loop.engine import Deed, Refused
from luoshi.messages import Lang
from luoshi.publish.answered_sheet import Look, Written, with_cells
from luoshi.publish.ledger_sheet import FILLED, MOST, RESULT, About, Who, ledger_book

#: what became of a row, or would
TAKEN, SAME, CONFLICT, REFUSED = "taken", "same", "conflict", "refused"
WORDS: Final[Mapping[str, str]] = {TAKEN: "已采纳", SAME: "未改动", CONFLICT: "有冲突", REFUSED: "被退回"}
_LOOKS: Final[Mapping[str, Look]] = {TAKEN: "good", SAME: "same", CONFLICT: "conflict", REFUSED: "refused"}
_TITLES: Final[Mapping[str, str]] = {column.key: column.zh for columns in FILLED.values() for column in columns}


class Change(msgspec.Struct, frozen=True):
    """A cell that was changed: the column's heading, what stands in the ledger now, what was filled in, how it was understood."""

    title: str
    now: str
    yours: str
    note: str = ""


class Row(msgspec.Struct, frozen=True):
    """What becomes of a row: ``kind`` taken, same, conflict or refused, and why. ``line``: its number in the sheet, from 1."""

    line: int
    item: str
    number: str
    title: str
    kind: str
    why: str = ""
    changes: tuple[Change, ...] = ()


class Taken(msgspec.Struct, frozen=True):
    """What a workbook that was brought back says, row by row. ``notes``: about the file as a whole. ``who``: whose columns were filled."""

    who: Who
    at: str
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    def count(self, kind: str) -> int:
        """How many rows are of this kind."""
        return sum(row.kind == kind for row in self.rows)


class _Plan(msgspec.Struct):
    """A row on its way: what it says, the matter as it stands, the acts that follow from it in order."""

    filed: Filed
    standing: Standing | None = None
    kind: str = SAME
    why: str = ""
    acts: tuple[Try, ...] = ()
    changes: tuple[Change, ...] = ()


# --- out


def chosen(found: QuerySet[models.Matter], scope: Scope) -> QuerySet[models.Matter]:
    """Those of the matters that may go out: seen, and not such as stay inside the offices that handle them."""
    return seen(found, scope).filter(internal=False).order_by("number", "id")


def take_out(actor: Actor, found: QuerySet[models.Matter], scope: Scope, *, lang: Lang = "zh", clock: Clock = now) -> bytes:
    """The workbook of these matters, as far as they may go out. Raises ``WrongValue`` where there are none, or too many to be filled in."""
    require(actor, "sheet")
    rows, at = list(chosen(found, scope)[: MOST + 1]), clock()
    if not rows:
        raise WrongValue("没有可以取出的在办事项", where="sheet", remedy="请换一个筛选条件")
    if len(rows) > MOST:
        raise WrongValue(f"超过 {MOST:,} 件，取出来也填不过来", where="sheet", remedy="请先按机制、亮灯或单位筛选")
    view = View(actor, who_of(actor), at, lang)
    return ledger_book(lines_of(standings(rows, actor, at), view), view.who, _about(actor, at, lang), lang)


def _about(actor: Actor, at: datetime, lang: Lang) -> About:
    from zoneinfo import ZoneInfo

    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    day = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}" if lang == "zh" else f"{local:%Y-%m-%d %H:%M}"
    unit = models.Organisation.objects.filter(pk=actor.unit).values_list("name", flat=True).first() if actor.unit else ""
    return About({"zh": "督办事项台账", "en": "Ledger of matters"}[lang], unit or settings_now().office, day, moment(at))


# --- in: the look


def take(actor: Actor, data: bytes, scope: Scope, *, clock: Clock = now) -> Taken:
    """What the workbook would change, row by row; nothing is changed. Raises ``UnreadableFile`` where it is none of ours."""
    require(actor, "sheet")
    sheet = read_sheet(data)
    plans = _plans(actor, sheet, scope, clock())
    return _taken(sheet, plans)


def _taken(sheet: Sheet, plans: Sequence[_Plan]) -> Taken:
    rows = tuple(Row(one.filed.row + 1, one.filed.item, one.filed.number, one.filed.title, one.kind, one.why, one.changes) for one in plans)
    return Taken(sheet.who, sheet.at, rows, sheet.notes)


def _plans(actor: Actor, sheet: Sheet, scope: Scope, at: datetime) -> list[_Plan]:
    plans = [_Plan(one, kind=REFUSED if one.wrong else SAME, why=one.wrong) for one in sheet.rows]
    changed = [plan for plan in plans if plan.filed.changed and not plan.filed.wrong]
    rows = seen(models.Matter.objects.filter(pk__in=[plan.filed.item for plan in changed]), scope)
    known = {one.row.id: one for one in standings(rows, actor, at)}
    names = names_of_all(known.values())
    units = _UnitNames()
    for plan in changed:
        plan.standing = known.get(plan.filed.item)
        if plan.standing is None:
            plan.kind, plan.why = REFUSED, "台账里没有这件事项，或已不归您"
            continue
        _judge(plan, plan.standing, names)
        if plan.kind != CONFLICT:
            _try(plan, plan.standing, actor, at, sheet.who, units)
    return plans


def _judge(plan: _Plan, standing: Standing, names: Mapping[str, str]) -> None:
    """What was changed, beside what stands in the ledger now; a conflict where that is no longer what it was when the sheet was taken out."""
    changed = plan.filed.changed
    plan.changes = tuple(
        Change(_TITLES[key], now_told(standing, key, names), _shown(key, value.plain, standing), value.note)
        for key, value in changed.items()
    )
    moved = [key for key in changed if plan.filed.base.acts != standing.matter.acts and plan.filed.base.states[key] != state(standing, key)]
    if moved:
        told = dict.fromkeys(
            f"{_TITLES[key]}：您填“{_shown(key, changed[key].plain, standing)}”，现在是“{now_told(standing, key, names)}”" for key in moved
        )
        plan.kind, plan.why = CONFLICT, f"取出之后已有人办过。{'；'.join(told)}。请重新取出，看过再填"


def _shown(key: str, value: str, standing: Standing) -> str:
    if key != "value" or not value:
        return value or "（清空）"
    return f"{value}{standing.matter.fields.get('target_unit', '')}" if target_of(standing.matter) else f"{value}%"


def _try(plan: _Plan, standing: Standing, actor: Actor, at: datetime, who: Who, units: _UnitNames) -> None:
    """Does it on a copy: what would be refused is refused now, with the engine's own words."""
    values = {key: value.value for key, value in plan.filed.changed.items()}
    try:
        acts = (
            _of_office(standing, values, units)
            if who == "office"
            else _of_unit(signed(standing, actor, at) if values.get("sign") else standing, standing, values)
        )
        plan.acts = acts
        matter, found = standing.matter, standing
        for one in acts:
            deed = Deed(one.act, actor.id, found.parts, one.inputs, one.seen)
            matter = engine.fold(matter, [engine.perform(matter, standing.rules, deed, at)])
            found = standing_of(standing.row, matter, standing.rules, standing.parts, actor, at)
        plan.kind = TAKEN if acts else SAME
    except Refused as error:
        plan.kind, plan.why, plan.acts = REFUSED, f"{error.what}。{error.remedy}" if error.remedy else error.what, ()
    except WrongValue as error:
        plan.kind, plan.why, plan.acts = REFUSED, f"{error.what}。{error.remedy}" if error.remedy else error.what, ()


def _of_unit(then: Standing, standing: Standing, values: Mapping[str, Any]) -> tuple[Try, ...]:
    """What a unit's row does: sign for it, report, ask for an extension. ``then``: as it is when it was signed for."""
    acts, count = list[Try](), standing.matter.acts
    if values.get("sign"):
        if standing.sign is None:
            raise WrongValue("不能签收：这一件不待签收", where="sign", remedy="请清空“签收”")
        acts.append(Try(standing.sign.key, seen=count))
    if values.get("value", "") != "" or values.get("text"):
        acts.append(_report(then, values, count + len(acts)))
    if values.get("extend") or values.get("reason"):
        extend = then.act("ask-extend")
        if extend is None:
            raise WrongValue("这一件没有延期这一步", where="extend", remedy="请清空延期两栏")
        given = {"date": values.get("extend", ""), "reason": values.get("reason", "")}
        acts.append(Try(extend.key, {key: value for key, value in given.items() if value}, seen=count + len(acts)))
    return tuple(acts)


def _report(then: Standing, values: Mapping[str, Any], count: int) -> Try:
    """The report of a row; a figure that is not given is the one that is known: what was said already is not asked again."""
    act, matter = then.report, then.matter
    if act is None:
        raise WrongValue("这一件不由您报进展", where="value", remedy="请清空进度和进展两栏")
    inputs: dict[str, Any] = {"text": values["text"]} if values.get("text") else {}
    if "progress" in (*act.needs, *act.wants):
        name = "count" if target_of(matter) else "progress"
        known = matter.fields.get("count") if name == "count" else matter.progress
        value = values.get("value", "")
        if value == "" and known is None and "progress" in act.needs:
            raise WrongValue("还没有报过进度，只写一句话不够", where="value", remedy="请在“本期进度（%）或数量”填一次")
        if value != "" or "progress" in act.needs:
            inputs[name] = known if value == "" else value
    elif values.get("value", "") != "":
        raise WrongValue("这一件您只报文字，不报进度", where="value", remedy="请清空“本期进度（%）或数量”")
    return Try(act.key, inputs, seen=count)


def _of_office(standing: Standing, values: Mapping[str, Any], units: _UnitNames) -> tuple[Try, ...]:
    """What a row of the office does: assign, chase."""
    acts, count, matter = list[Try](), standing.matter.acts, standing.matter
    if values.get("assign"):
        act = assigning(standing)
        if act is None:
            raise WrongValue("这一件不在这张表里交办", where="assign", remedy="请在事项页办理")
        given = {
            part: units.ids(values[key], standing.row.region_code) if key in values else matter.parts.get(part, ())
            for key, part in (("to_lead", "lead"), ("to_support", "support"))
        }
        inputs: dict[str, Any] = {"units": {part: list(holders) for part, holders in given.items() if holders or matter.parts.get(part)}}
        if not given["lead"]:
            raise WrongValue("交办要写明牵头单位", where="to_lead", remedy="请填“交办：牵头单位”")
        if "to_due" in values and "due" in act.fields:
            inputs["fields"] = {"due": values["to_due"]}
        if values.get("to_text"):
            inputs["text"] = values["to_text"]
        acts.append(Try(act.key, inputs, seen=count))
    elif any(key.startswith("to_") for key in values):
        raise WrongValue("改了交办各栏，但没有选“交办”", where="assign", remedy="要交办的请在“交办”一栏选“交办”，不办的请改回原样")
    if values.get("chase"):
        chase = standing.act("chase")
        if chase is None:
            raise WrongValue("这一件没有催办这一步", where="chase", remedy="请清空“催办内容”")
        acts.append(Try(chase.key, {"text": values["chase"]}, seen=count + len(acts)))
    return tuple(acts)


class _UnitNames:
    """Finds units by the names that people write, in the place of the matter and in those above it."""

    def __init__(self) -> None:
        self._units: Units | None = None

    def ids(self, text: str, region: str) -> tuple[str, ...]:
        """The ids of the units named; raises ``WrongValue`` with the names that the ledger does not know."""
        names = names_in(text)
        if not names:
            return ()
        self._units = self._units or Units()
        found, strange = ids_of(names, region, self._units)
        unknown = "、".join(strange)
        if unknown:
            raise WrongValue(f"台账里没有这个单位：{unknown[:60]}", where="to_lead", remedy="请写单位全称，或请管理员登记简称")
        return found


# --- in: done


class Answer(msgspec.Struct, frozen=True):
    """What became of each row, and the same workbook with a column that says so."""

    taken: Taken
    data: bytes


def apply(actor: Actor, data: bytes, scope: Scope, *, clock: Clock = now) -> Answer:
    """What the workbook says is done, row by row, each act as if the actor had done it on the matter's page; a row is done whole or not at all.

    Raises ``UnreadableFile`` where it is none of ours. Brought in a second time it changes nothing.
    """
    require(actor, "sheet")
    require(actor, "matter.act")
    sheet = read_sheet(data)
    plans = _plans(actor, sheet, scope, clock())
    waiting = [plan for plan in plans if plan.kind == TAKEN]
    wanted = {plan.filed.item: plan.acts for plan in waiting}
    _, refused = act_rows(actor, wanted, scope, clock=clock) if wanted else (None, {})
    for plan in waiting:
        if plan.filed.item in refused:
            plan.kind, plan.why = REFUSED, refused[plan.filed.item]
    return Answer(_taken(sheet, plans), _answered(actor, data, sheet, plans, clock()))


def _answered(actor: Actor, data: bytes, sheet: Sheet, plans: Sequence[_Plan], at: datetime) -> bytes:
    """The file with the results. Of rows that were taken the hidden sheet says what stands now, so that they count as unchanged next time."""
    shown: dict[tuple[int, int], Written] = {(sheet.head, sheet.result): Written(RESULT.zh, "head")}
    hidden: dict[tuple[int, int], Written] = {}
    for plan in plans:
        notes = "；".join(dict.fromkeys(change.note for change in plan.changes if change.note))
        why = "。".join(part for part in (plan.why.rstrip("。"), notes) if part)
        shown[plan.filed.row, sheet.result] = Written(f"{WORDS[plan.kind]}：{why}" if why else WORDS[plan.kind], _LOOKS[plan.kind])
    done = {plan.filed.item: plan for plan in plans if plan.kind == TAKEN}
    for one in standings(models.Matter.objects.filter(pk__in=done), actor, at):
        filed = done[one.row.id].filed
        hidden[filed.base.row, sheet.acts] = Written(str(one.matter.acts))
        for key, (value, told) in sheet.places.items():
            if filed.base.states.get(key):
                hidden[filed.base.row, told] = Written(state(one, key))
            if key in filed.changed:
                hidden[filed.base.row, value] = Written(filed.changed[key].plain)
    cells = {sheet.leaf: shown, **({sheet.hidden: hidden} if hidden else {})}
    return with_cells(data, "台账.xlsx", cells, widths={(sheet.leaf, sheet.result): RESULT.width})
