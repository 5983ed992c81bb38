"""The acts that are open to whoever looks, each as a form with what it asks for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import msgspec
from django.http import QueryDict

from luoshi.desk.actor import Actor, Role
from luoshi.desk.matters.evidence import Kept
from luoshi.desk.matters.taking import parts_of
from luoshi.ledger import models
from luoshi.ledger.belonging import units_for
from luoshi.loop import doing, engine
from luoshi.loop.mechanism import LIVE, Act, Need
from luoshi.loop.splitting import target_of
from luoshi.web.asked import (
    Asked,
    Option,
    ask_field,
    in_words,
    known_posts,
    labels_of,
    required_now,
)  # fmt: skip
from luoshi.web.kept_files import token_of
from luoshi.web.pages.item.matter import Live, who
from luoshi.web.veil import masked
from luoshi.web.words import current_lang, say
from luoshi.web.writing import show_amount, show_day

#: acts that end or divide a matter, or stop its clocks, lie folded where they are open in more than one stage
_RARE: Final = frozenset({"hang", "transfer", "merge", "split", "terminate", "adjust", "exclude"})
#: acts beside the way, never what a stage waits for
_BESIDE: Final = frozenset({"instruct", "chase"})
_ROWS: Final = 3


class Tried(msgspec.Struct, frozen=True):
    """A form that was sent and not taken: which, what was in it, what was wrong beside which field, files that were kept, the error of all."""

    act: str
    post: QueryDict
    errors: Mapping[str, str] = {}
    kept: tuple[Kept, ...] = ()
    error: Mapping[str, str] | None = None


class ActForm(msgspec.Struct, frozen=True):
    """An act as a form. ``main``: what the stage waits for; ``rare``: lies folded; ``proxy``: for whom outside it is written down."""

    key: str
    title: str
    inputs: tuple[Asked, ...]
    main: bool = False
    rare: bool = False
    proxy: str = ""
    note: str = ""
    tells: str = ""
    danger: bool = False
    beside: bool = False
    error: Mapping[str, str] | None = None


def forms(actor: Actor, live: Live, *, tried: Tried | None = None) -> list[ActForm]:
    """The acts open to the actor, the one that the stage waits for first, rare ones last."""
    mine = parts_of(actor, live.matter, live.mechanism)
    found = engine.open_acts(live.matter, live.rules, live.at, parts=mine, by=actor.id)
    my_turn = live.mechanism.stage(live.matter.stage).turn in mine
    main = next((one.act.key for one in found if my_turn and _is_way(one.act, live)), "")
    own = {one.act.key for one in found}
    made = [_form(_Asking(live, one.act, actor, units_of(one, actor), tried), main=main) for one in found]
    for one, part in outside(actor, live):
        if one.act.key not in own:
            made.append(_form(_Asking(live, one.act, actor, one.units, tried), proxy=part))
    return sorted(made, key=lambda form: (not form.main, form.rare, bool(form.proxy)))


def others(actor: Actor, live: Live) -> list[tuple[str, str]]:
    """Who else may do what now: the part with who has it, and the acts; whoever's turn it is first."""
    mine = parts_of(actor, live.matter, live.mechanism)
    told: dict[str, list[str]] = {}
    for one in engine.open_acts(live.matter, live.rules, live.at):
        if not mine.intersection(one.parts):
            for part in one.parts:
                told.setdefault(part, []).append(in_words(one.act.title))
    turn = live.mechanism.stage(live.matter.stage).turn
    return [(who(live, part), say("word.listed").join(acts)) for part, acts in sorted(told.items(), key=lambda pair: pair[0] != turn)]


def _is_way(act: Act, live: Live) -> bool:
    return live.matter.stage in act.at and not _is_rare(act) and act.effect not in _BESIDE


def _is_rare(act: Act) -> bool:
    return act.effect in _RARE and (len(act.at) > 1 or LIVE in act.at)


def outside(actor: Actor, live: Live) -> list[tuple[engine.OpenAct, str]]:
    """The acts of somebody outside that whoever runs the supervision writes down for them."""
    if Role.SUPERVISOR not in actor.roles:
        return []
    public = {part.key for part in live.mechanism.parts if part.held == "public"}
    found = engine.open_acts(live.matter, live.rules, live.at, parts=public)
    return [(one, next(part for part in one.parts if part in public)) for one in found]


def units_of(one: engine.OpenAct, actor: Actor) -> tuple[str, ...]:
    """The units for which the actor does an act that each unit does for itself: the own ones, all for whoever does it from the office."""
    if not one.act.each or one.parts != (one.act.each,) or Role.SUPERVISOR in actor.roles:
        return one.units
    own = units_for([actor.unit]) if actor.unit else frozenset()
    return tuple(unit for unit in one.units if unit in own)


# --- asking


class _Asking(msgspec.Struct, frozen=True):
    live: Live
    act: Act
    actor: Actor
    units: tuple[str, ...] = ()
    tried: Tried | None = None

    @property
    def sent(self) -> QueryDict | None:
        """What was sent with this very form."""
        return self.tried.post if self.tried and self.tried.act == self.act.key else None

    def written(self, name: str, otherwise: str = "") -> str:
        return otherwise if self.sent is None else self.sent.get(name, "")

    def wrong(self, name: str) -> str:
        return self.tried.errors.get(name, "") if self.tried and self.sent is not None else ""

    def ask(self, name: str, kind: str, label: str, *, needed: bool, otherwise: str = "", **more: Any) -> Asked:
        """A field with what was written into it, or with what it begins with."""
        return Asked(name, kind, label, needed=needed, value=self.written(name, otherwise), error=self.wrong(name), **more)


def _form(asking: _Asking, *, main: str = "", proxy: str = "") -> ActForm:
    act, live = asking.act, asking.live
    inputs = [one for need in act.needs for one in _ASKS[need](asking, True)]
    inputs += [one for need in act.wants for one in _ASKS[need](asking, False)]
    inputs = [*_unit(asking), *_fields(asking), *inputs, *(_children(asking) if act.effect == "split" else ())]
    outside = live.mechanism.part(proxy) if proxy else None
    return ActForm(
        act.key, in_words(act.title), tuple(inputs), main=act.key == main, rare=_is_rare(act), proxy=in_words(outside.title) if outside else "",
        note=act.source, tells=say("word.listed").join(who(live, part) for part in act.tells), danger=act.effect == "terminate",
        beside="checklist" in (*act.needs, *act.wants), error=asking.tried.error if asking.tried and asking.sent is not None else None,
    )  # fmt: skip


def _words(name: str, kind: str, key: str) -> Callable[[_Asking, bool], list[Asked]]:
    def ask(asking: _Asking, needed: bool) -> list[Asked]:
        return [asking.ask(name, kind, say(f"item.ask_{key}"), needed=needed)]

    return ask


def _evidence(asking: _Asking, needed: bool) -> list[Asked]:
    kept = asking.tried.kept if asking.tried and asking.sent is not None else ()
    has = asking.live.matter.evidence
    tokens = tuple(Option(token_of(one, asking.actor), one.name) for one in kept)
    helps = say("item.help_evidence_there", count=has) if has else ""
    return [Asked("evidence", "files", say("item.ask_evidence"), needed=needed and not has, help=f"{helps}{say('item.help_evidence')}",
                  options=tokens, error=asking.wrong("evidence"))]  # fmt: skip


def _progress(asking: _Asking, needed: bool) -> list[Asked]:
    """A count where the matter has a target in numbers, else per cent; what was said last stands beside it."""
    matter = asking.live.matter
    target, unit = matter.fields.get("target"), str(matter.fields.get("target_unit", "") or "")
    last = show_amount(round(matter.progress, 1), "%", current_lang()) if matter.progress is not None else ""
    if isinstance(target, int | float) and target > 0:
        count = matter.fields.get("count")
        goal = show_amount(target, unit, current_lang())
        last = show_amount(count, unit, current_lang()) if count is not None else ""
        helps = say("item.help_count", target=goal) + (say("item.help_last", last=last) if last else "")
        return [asking.ask("count", "number", say("item.ask_count"), needed=needed, unit=unit, help=helps)]
    return [
        asking.ask(
            "progress", "number", say("item.ask_progress"), needed=needed, unit="%", help=say("item.help_last", last=last) if last else ""
        )
    ]


def _date(asking: _Asking, needed: bool) -> list[Asked]:
    wished = asking.live.matter.asked.get("date", "") if asking.act.effect == "extend" else ""
    helps = say("item.help_asked", day=show_day(wished, current_lang())) if wished else ""
    return [asking.ask("date", "date", say("item.ask_date"), needed=needed, otherwise=wished, help=helps)]


def _checklist(asking: _Asking, needed: bool) -> list[Asked]:
    ticked = set(asking.sent.getlist("checks")) if asking.sent is not None else set()
    points = doing.checklist(asking.live.matter, asking.act, asking.live.rules)
    found = next((one for one in asking.live.mechanism.checklists if one.key == asking.act.checklist), None)
    options = tuple(Option(key, title, key in ticked, needed and must) for key, (title, must) in points.items())
    label = in_words(found.title) if found else say("item.ask_checks")
    return [
        Asked("checks", "checks", label, needed=needed, options=options, help=found.source if found else "", error=asking.wrong("checks"))
    ]


def _units(asking: _Asking, needed: bool) -> list[Asked]:
    """The units of each part by duty, as they are now."""
    live, asked = asking.live, list[Asked]()
    first = next((part for part in asking.act.tells if _is_duty(live, part)), "lead")
    for part in live.mechanism.parts:
        if part.held == "duty":
            now = "、".join(live.names.get(one, "") for one in live.matter.parts.get(part.key, ()))
            asked.append(asking.ask(f"units.{part.key}", "units", in_words(part.title), needed=needed and part.key == first, otherwise=now,
                                    help=say("item.help_names")))  # fmt: skip
    return asked


def _is_duty(live: Live, key: str) -> bool:
    part = live.mechanism.part(key)
    return part is not None and part.held == "duty"


def _posts(asking: _Asking, needed: bool) -> list[Asked]:
    now = labels_of(asking.live.matter.parts.get("leader", ()), known_posts(asking.live.row.region_code))
    return [asking.ask("posts", "posts", say("item.ask_posts"), needed=needed, otherwise=now, help=say("item.help_posts"))]


def _rating(asking: _Asking, needed: bool) -> list[Asked]:
    asked = []
    for rating in asking.live.mechanism.ratings:
        if asking.act.rates and rating.key not in asking.act.rates:
            continue
        fits = asking.act.rates.get(rating.key) or tuple(choice.key for choice in rating.choices)
        name = f"rating.{rating.key}"
        options = tuple(Option(one.key, in_words(one.title), asking.written(name) == one.key) for one in rating.choices if one.key in fits)
        asked.append(Asked(name, "choice", in_words(rating.title), needed=needed, options=options, error=asking.wrong(name)))
    return asked


def _class(asking: _Asking, needed: bool) -> list[Asked]:
    classes = asking.live.mechanism.classes_of(asking.live.matter.variant)
    options = tuple(Option(one.key, f"{one.key} {in_words(one.title)}", asking.written("class") == one.key) for one in classes)
    return [Asked("class", "choice", say("item.ask_class"), needed=needed, options=options, error=asking.wrong("class"))]


def _settled(asking: _Asking, needed: bool) -> list[Asked]:
    """Nothing is asked: it is whether an objection still waits."""
    return []


def _milestones(asking: _Asking, needed: bool) -> list[Asked]:
    """The matter's own schedule: days with the per cent that are to be reached by then."""
    names = ("milestone.day", "milestone.percent", "milestone.title")
    if asking.sent is not None:
        rows = tuple(zip(*(asking.sent.getlist(name) for name in names), strict=False))
    else:
        rows = tuple((one.day, f"{one.percent:g}" if one.percent is not None else "", one.title) for one in asking.live.matter.milestones)
    rows = (*rows, *[("", "", "")] * max(0, _ROWS - len(rows)))
    return [Asked("milestones", "milestones", say("item.ask_milestones"), needed=needed, rows=rows, help=say("item.help_milestones"),
                  error=asking.wrong("milestones"))]  # fmt: skip


_ASKS: Final[Mapping[Need, Callable[[_Asking, bool], list[Asked]]]] = {
    "reason": _words("reason", "long", "reason"), "text": _words("text", "long", "text"), "evidence": _evidence, "progress": _progress,
    "date": _date, "checklist": _checklist, "units": _units, "posts": _posts, "matter": _words("matter", "text", "matter"), "rating": _rating,
    "class": _class, "person": _words("person", "text", "person"), "method": _words("method", "text", "method"), "settled": _settled,
    "milestones": _milestones,
}  # fmt: skip


def _unit(asking: _Asking) -> list[Asked]:
    """For which unit it is done, where each of a part does it; one that is alone need not be chosen."""
    if not asking.act.each:
        return []
    chosen = asking.written("unit", asking.units[0] if len(asking.units) == 1 else "")
    names = dict(models.Organisation.objects.filter(pk__in=asking.units).values_list("id", "name"))
    options = tuple(Option(unit, names.get(unit, unit), unit == chosen) for unit in asking.units)
    return [Asked("unit", "choice", say("item.ask_unit"), needed=True, options=options, error=asking.wrong("unit"))]


def _fields(asking: _Asking) -> list[Asked]:
    live, act, asked = asking.live, asking.act, list[Asked]()
    needed = required_now(live.mechanism, act.key, live.matter.fields, live.matter.variant)
    for key in act.fields:
        field = live.mechanism.field(key)
        if field is None:
            continue
        name, now = f"field.{key}", live.matter.fields.get(key)
        one = ask_field(field, now, needed=key in needed, error=asking.wrong(name), kept=field.masked and bool(now))
        if asking.sent is not None:
            sent = asking.sent.get(name, "")
            options = tuple(msgspec.structs.replace(option, on=option.value == sent) for option in one.options)
            one = msgspec.structs.replace(one, value=sent, options=options)
        elif field.masked and now:
            one = msgspec.structs.replace(one, help=f"{masked(field, str(now))} · {one.help}")
        asked.append(one)
    return asked


def _children(asking: _Asking) -> list[Asked]:
    whole = target_of(asking.live.matter.fields)
    names = ("child.title", "child.lead", *(("child.target",) if whole else ()))
    sent = list(zip(*(asking.sent.getlist(name) for name in names), strict=False)) if asking.sent is not None else []
    rows = tuple(sent or [("",) * len(names)] * _ROWS)
    helps = say("item.help_shares", target=show_amount(whole, str(asking.live.matter.fields.get("target_unit", "") or ""), current_lang()))
    return [
        Asked(
            "children",
            "rows",
            say("item.ask_children"),
            needed=True,
            rows=rows,
            help=say("item.help_children") + (f"。{helps}" if whole else ""),
            error=asking.wrong("children"),
        )
    ]
