"""What the page of an item tells where it is a matter: number, stage, lights with their reasons, progress, due dates, whose turn it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec

from luoshi.desk.matters.moving import sees
from luoshi.desk.matters.overlapping import INSPECTION, Clash, clashes
from luoshi.desk.matters.ruling import rules_for
from luoshi.ledger import models, tables
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import today
from luoshi.ledger.called import names_of
from luoshi.ledger.holding import people as people_of
from luoshi.ledger.scope import Scope
from luoshi.ledger.store import now
from luoshi.ledger.veiling import titles_of
from luoshi.loop import engine, timing
from luoshi.loop.clock import BadLimit, day_of, read_limit
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Field, Mechanism
from luoshi.loop.rules import Rules
from luoshi.web.asked import in_words
from luoshi.web.veil import Veil, plain
from luoshi.web.words import current_lang, say, say_word
from luoshi.web.writing import NOTHING, show_amount, show_day

_CLOCKS: Final = 60
_CHILDREN: Final = 300
_THREE: Final = ("time", "progress", "quality")
#: fields that the head shows, or that say where a matter went
_TOLD_ELSEWHERE: Final = frozenset({"due", "merged_into", "members", "members_ended"})


class Live(msgspec.Struct, frozen=True):
    """A matter at this moment: its row, its state after all that has fallen due, the rules under which it lives, the names of who takes part."""

    row: models.Matter
    matter: Matter
    rules: Rules
    at: datetime
    names: Mapping[str, str]

    @property
    def mechanism(self) -> Mechanism:
        return self.rules.mechanism


class Light(msgspec.Struct, frozen=True):
    """A light in words: what it is called, its colour, the colour's name, and why."""

    title: str
    colour: str
    name: str
    why: str


def live_of(item: str) -> Live | None:
    """The matter of an item as it is now; None where the item is none."""
    row = models.Matter.objects.filter(pk=item).first()
    if row is None:
        return None
    rules, matter, at = rules_for(row.mechanism, row.version), life_of(row.life), now()
    matter = engine.fold(matter, engine.due(matter, rules, at))
    return Live(row, matter, rules, at, names_of({holder for part in matter.parts.values() for holder in part}))


def told(live: Live, veil: Veil, scope: Scope, *, clocks: Sequence[models.Clock] | None = None) -> dict[str, Any]:
    """The values of the head, the fields, the clocks, the matters below and above it. ``clocks``: those of a day that is past: what is told

    of other matters stands as it is now, and is left out then.
    """
    matter, mechanism = live.matter, live.mechanism
    stage, variant = mechanism.stage(matter.stage), mechanism.variant(matter.variant)
    main = matter.last(mechanism.main.key) if mechanism.main else None
    turn, told_clocks, past = _turn(live), clocks_told(live, clocks), clocks is not None
    return {
        "number": live.row.number, "mechanism": in_words(mechanism.title), "variant": in_words(variant.title) if variant else "",
        "stage": in_words(stage.title), "state": matter.state, "internal": live.row.internal, "lights": lights_told(live),
        "whole": _light(live, "whole", say("item.light_whole"), matter.lights.whole), "progress": matter.progress, "planned": _planned(live),
        "progress_at": matter.progress_at.isoformat() if matter.progress_at else "", "count": matter.fields.get("count"),
        "target": matter.fields.get("target"), "unit": str(matter.fields.get("target_unit", "")),
        "due": day_of(main.due, live.rules.zone).isoformat() if main else "", "original": day_of(main.original, live.rules.zone).isoformat() if main else "",
        "lapsed": bool(main and main.lapsed), "turn": turn[0], "turn_names": turn[1], "asked": _asked(live), "missed": matter.missed,
        "returned": matter.done.get("return", 0), "excluded": matter.excluded, "fields": fields_told(live, veil), "clocks": [one for one in told_clocks if one["runs"]],
        "over": [one for one in told_clocks if not one["runs"]],
        "members": [] if past else members(live.row.id, scope), "parent": _parent(matter.parent, scope), "into": _by_number(matter.fields.get("merged_into"), scope),
        "seen": matter.acts, "clashes": [] if past else _clashes(live, scope),
    }  # fmt: skip


def _clashes(live: Live, scope: Scope) -> list[Clash]:
    """The other inspections that a planned one meets, for those who plan and approve; a unit that is inspected is not told of others."""
    if live.row.mechanism != INSPECTION or scope.units is not None or live.matter.state not in {"live", "hung"}:
        return []
    found = clashes(live.row.id)
    rows = models.Matter.objects.filter(pk__in=[one.item for one in found]).values("id", "internal", "region_code")
    seen = {row["id"] for row in rows if sees(scope, row)}
    return [one for one in found if one.item in seen]


# --- lights


def lights_told(live: Live) -> list[Light]:
    """The three lights, each with its reason."""
    lights = live.matter.lights
    return [_light(live, name, say(f"item.light_{name}"), getattr(lights, name)) for name in _THREE]


def _light(live: Live, name: str, title: str, colour: str) -> Light:
    key = live.matter.lights.why.get(name, "")
    why = in_words(live.rules.lights.reason(key)) if key else say("item.light_nothing")
    return Light(title, colour, _hue(live, colour), why)


def _hue(live: Live, colour: str) -> str:
    found = next((hue for hue in live.rules.lights.colours if hue.key == colour), None)
    return in_words(found.title) if found else say_word("light", colour)


def _planned(live: Live) -> float | None:
    if live.matter.state != "live":
        return None
    found = timing.planned(live.matter, live.rules, live.at)
    return None if found is None else round(found, 1)


# --- whose turn


def who(live: Live, part: str) -> str:
    """The part in words, with who has it: ``牵头单位（发展和改革局）``."""
    found = live.mechanism.part(part)
    title = in_words(found.title) if found else say("item.system")
    held = live.matter.parts.get(part, ())
    if part == "leader":
        people = "、".join(sorted(people_of(held, today()))) if held else ""
        return say("item.who", part=title, names=people) if people else title
    names = [live.names[one] for one in held if one in live.names]
    return say("item.who", part=title, names="、".join(names[:6]) + ("……" if len(names) > 6 else "")) if names else title


def _turn(live: Live) -> tuple[str, str]:
    stage = live.mechanism.stage(live.matter.stage)
    return (stage.turn, who(live, stage.turn)) if stage.turn and live.matter.state in {"live", "hung"} else ("", "")


def _asked(live: Live) -> dict[str, str]:
    """The request that waits: what is asked for, the date, by whom."""
    asked = live.matter.asked
    act = live.mechanism.act(asked.get("act", "")) if asked else None
    if act is None:
        return {}
    person = models.Account.objects.filter(pk=asked.get("by", "")).values_list("name", flat=True).first() or ""
    return {"title": in_words(act.title), "date": asked.get("date", ""), "by": person, "at": asked.get("at", "")}


# --- fields


def fields_told(live: Live, veil: Veil) -> list[tuple[str, str]]:
    """The fields that have a value, with their names, masked where they are to be."""
    values = live.matter.fields
    return [
        (in_words(field.title), veil.value(field, field_told(field, values[field.key], live.names)))
        for field in live.mechanism.fields
        if field.key not in _TOLD_ELSEWHERE and plain(values.get(field.key))
    ]


def field_told(field: Field, value: Any, names: Mapping[str, str]) -> str:
    """The value of a field in words."""
    if field.type == "choice":
        return next((in_words(choice.title) for choice in field.choices if choice.key == value), str(value))
    if field.type == "yes":
        return say("word.yes") if value is True else say("word.no")
    if field.type == "date":
        return show_day(value, current_lang())
    if field.type == "percent":
        return show_amount(value, "%", current_lang())
    if field.type in {"number", "integer", "money"}:
        return show_amount(value, field.unit, current_lang())
    if isinstance(value, list | tuple):
        return "、".join(map(str, value))
    if field.type == "unit":
        return names.get(str(value)) or names_of([str(value)]).get(str(value), str(value))
    return str(value)


# --- clocks


def clocks_told(live: Live, given: Sequence[models.Clock] | None = None) -> list[dict[str, Any]]:
    """The clocks, the newest first: limit and its source, started, due, original, how it was answered, whether it runs."""
    found = models.Clock.objects.filter(item=live.row.id).order_by("-started_at", "key")[:_CLOCKS] if given is None else given
    rows = sorted(sorted(found, key=lambda one: one.key), key=lambda one: one.started_at, reverse=True)[:_CLOCKS]
    running = {clock.name: clock for clock in live.matter.clocks}
    told_ = []
    for row in rows:
        clock = live.mechanism.clock(row.key) or timing.rhythm_of(live.rules, row.key)
        now_ = running.get(f"{row.key}.{row.n}")
        state = row.state
        if state == "running" and (row.lapsed_at or (now_ and now_.lapsed)):
            state = "lapsed"
        told_.append({
            "title": in_words(clock.title) if clock else row.key, "limit": limit_told(live, now_.limit if now_ else _limit(live, row.key)),
            "source": clock.source if clock else "", "started": row.started_at, "due": row.due_at, "original": row.original_at if row.original_at != row.due_at else "",
            "state": state, "at": row.stopped_at, "period": row.period, "who": who(live, row.owner) if row.owner else "", "runs": row.state in {"running", "paused"},
        })  # fmt: skip
    return told_


def _limit(live: Live, key: str) -> str:
    clock = live.mechanism.clock(key)
    if clock is not None:
        variant = live.mechanism.variant(live.matter.variant)
        return variant.limits.get(key, clock.limit) if variant else clock.limit
    rhythm = timing.rhythm_of(live.rules, key)
    return rhythm.every if rhythm else ""


def limit_told(live: Live, limit: str) -> str:
    """A limit in words: ``5 workdays`` → 5 个工作日, ``field:due`` → 按“办结期限”; a rhythm as its file says it."""
    if limit.startswith("field:"):
        field = live.mechanism.field(limit.removeprefix("field:"))
        return say("item.limit_field", field=in_words(field.title) if field else limit)
    try:
        found = read_limit(limit)
    except BadLimit:
        return rhythm_told(limit)
    return say(f"item.limit_{found.unit}", amount=found.amount)


def rhythm_told(every: str) -> str:
    """``monthly by 25`` → 每月 25 日前; what has no short words stays as it is."""
    word, _, rest = every.partition(" by ")
    if word in {"monthly", "quarterly", "half-yearly"} and (rest.isdigit() or rest == "last"):
        return say(f"item.rhythm_{word}", day=rest) if rest.isdigit() else say(f"item.rhythm_{word}_last")
    return every or NOTHING


# --- other matters


def members(item: str, scope: Scope) -> list[dict[str, Any]]:
    """The matters of a group's members, or the parts of a split one, that the scope sees."""
    rows = list(models.Matter.objects.filter(parent=item, id__in=tables.items_seen(scope).values("id")).order_by("number")[:_CHILDREN])
    titles = titles_of([row.id for row in rows])
    units = dict(models.Organisation.objects.filter(pk__in={row.unit for row in rows}).values_list("id", "name"))
    return [{"row": row, "title": titles.get(row.id, ""), "unit": units.get(row.unit, ""), "stage": _stage(row)} for row in rows]


def _stage(row: models.Matter) -> str:
    return in_words(rules_for(row.mechanism, row.version).mechanism.stage(row.stage).title)


def _parent(item: str, scope: Scope) -> models.Matter | None:
    return models.Matter.objects.filter(pk=item, id__in=tables.items_seen(scope).values("id")).first() if item else None


def _by_number(item: Any, scope: Scope) -> models.Matter | None:
    return _parent(str(item), scope) if item else None


def numbers_of(items: Sequence[str] | Iterable[str]) -> dict[str, str]:
    """The numbers of matters by id."""
    return dict(models.Matter.objects.filter(pk__in=list(items)).values_list("id", "number"))
