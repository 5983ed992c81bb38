"""Acts of a mechanism as small forms that stand where the matter is listed, and what such a form sends as an act.

A page gives each form a prefix, so that many stand beside each other; names of fields are ``<prefix>.<input>``. Acts that want more than fits
(units, posts, another matter, a split, fields of the mechanism) are done on the item's own page.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

import msgspec
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponseBase

from luoshi.desk import matters
from luoshi.desk.actor import Actor
from luoshi.desk.done import WrongValue
from luoshi.desk.matters import Try
from luoshi.desk.matters.acting import is_open
from luoshi.desk.matters.evidence import MOST, keep
from luoshi.desk.matters.ruling import rules_for
from luoshi.desk.matters.taking import UnitsFor, parts_of
from luoshi.ledger import models
from luoshi.ledger.acts.matters import life_of
from luoshi.ledger.belonging import units_for
from luoshi.ledger.desks import Said
from luoshi.ledger.veiling import titles_of
from luoshi.loop import doing, engine
from luoshi.loop.engine import OpenAct
from luoshi.loop.matter import Matter
from luoshi.loop.mechanism import Act, Clock, Mechanism, Words
from luoshi.loop.rules import Rules
from luoshi.web.page import actor_of, answer, go_back, note, wants_json
from luoshi.web.seen import scope_of
from luoshi.web.veil import Veil
from luoshi.web.words import current_lang, say
from luoshi.web.writing import read_whole

#: what an act may ask for that a small form can hold
_SMALL: Final = frozenset({"reason", "text", "evidence", "progress", "date", "checklist", "class", "person", "method", "rating", "settled"})
#: what an act cannot be done without and a small form cannot hold
_LARGE: Final = frozenset({"units", "posts", "matter"})
_LONG: Final = frozenset({"reason", "text"})
#: the names that fields of a small form have, besides those of its ratings; files come as files, never as words
_NAMES: Final = frozenset({"reason", "text", "progress", "count", "date", "checks", "class", "person", "method", "seen"})
_RATING: Final = "rating-"


class Input(msgspec.Struct, frozen=True):
    """A field of a form: ``kind`` long, text, number, date, files, checks, choice; ``options``: key, label and whether it must be ticked."""

    name: str
    kind: str
    label: str
    needed: bool
    options: tuple[tuple[str, str, bool], ...] = ()
    unit: str = ""
    value: str = ""


class Deed(msgspec.Struct, frozen=True):
    """An act as a form. ``seen``: how many acts whoever looks knows of, so that two do not act past each other."""

    item: str
    key: str
    title: str
    inputs: tuple[Input, ...]
    seen: int
    effect: str
    quality: str
    source: str = ""

    @property
    def is_plain(self) -> bool:
        """A button is enough: nothing has to be said."""
        return not any(one.needed for one in self.inputs)


class Handled(msgspec.Struct, frozen=True):
    """A matter as a desk shows it: its row, its state up to now, its rules, and the acts open to who looks."""

    row: models.Matter
    matter: Matter
    rules: Rules
    acts: tuple[OpenAct, ...]

    @property
    def stage(self) -> str:
        return in_words(self.rules.mechanism.stage(self.matter.stage).title)

    def shown(self, text: str) -> str:
        """Words about the matter, masked where its mechanism knows of people."""
        return Veil(self.rules.mechanism, fields=self.matter.fields).words(text)

    def said(self, found: Mapping[str, Said]) -> Said | None:
        """What was said last, masked likewise."""
        last = found.get(self.row.id)
        return Said(last.at, self.shown(last.text)) if last else None

    def title(self, items: Mapping[str, models.Item]) -> str:
        """The title of its item, masked likewise."""
        item = items.get(self.row.id)
        return self.shown(item.title) if item else self.row.number

    def deeds(self) -> list[Deed]:
        """The acts that fit into a small form."""
        return [deed_of(self, one) for one in self.acts if fits(one)]

    def effect(self, name: str) -> OpenAct | None:
        """The first open act with this effect."""
        return next((one for one in self.acts if one.act.effect == name), None)


def in_words(words: Words) -> str:
    """The words of a mechanism in the language of the request."""
    return words.zh if current_lang() == "zh" else words.en


def clock_titles(mechanism: Mechanism) -> dict[str, Words]:
    """The titles of its limits and rhythms by key."""
    return {one.key: one.title for one in mechanism.clocks} | {one.key: one.title for one in mechanism.rhythms}


def handled(rows: Iterable[models.Matter], actor: Actor, now: datetime) -> list[Handled]:
    """The matters with the acts that are open to the actor; what an actor's unit counts for is looked up once."""
    known: dict[tuple[str, ...], frozenset[str]] = {}

    def units(keys: Any) -> frozenset[str]:
        given = tuple(sorted(keys))
        if given not in known:
            known[given] = units_for(given)
        return known[given]

    return [_handled(row, actor, now, units) for row in rows]


def _handled(row: models.Matter, actor: Actor, now: datetime, units: UnitsFor) -> Handled:
    rules, matter = rules_for(row.mechanism, row.version), life_of(row.life)
    matter = engine.fold(matter, engine.due(matter, rules, now))
    return Handled(
        row, matter, rules, engine.open_acts(matter, rules, now, parts=parts_of(actor, matter, rules.mechanism, units), by=actor.id)
    )


def fits(one: OpenAct) -> bool:
    """Whether the act can be done in a small form."""
    act = one.act
    return not one.units and not act.each and _LARGE.isdisjoint(act.needs) and act.effect not in {"split", "merge", "transfer"}


def signs(handled_: Handled) -> OpenAct | None:
    """The act by which a unit takes a matter on, where it is open: nothing need be said, and it stops a clock of the part that does it."""
    mechanism = handled_.rules.mechanism
    return next(
        (
            one
            for one in handled_.acts
            if any(clock.owner in one.parts and is_sign(mechanism, one.act, clock) for clock in mechanism.clocks) and fits(one)
        ),
        None,
    )


def is_sign(mechanism: Mechanism, act: Act, clock: Clock) -> bool:
    """Whether a unit stops the clock by this act with nothing to say: it signs for a matter, or arrives."""
    # what wants a field, judges or changes more than the stage is more than to sign
    plain = not act.needs and not act.quality and not act.effect and not any(field.required == act.key for field in mechanism.fields)
    return bool(act.key in clock.stop and act.answers and plain and not clock.main and clock.owner in act.by)


def deed_of(handled_: Handled, one: OpenAct) -> Deed:
    """The act as a form."""
    act, mechanism = one.act, handled_.rules.mechanism
    asked = [need for need in (*act.needs, *act.wants) if need in _SMALL and need != "settled"]
    inputs = [made for need in dict.fromkeys(asked) for made in _inputs(need, handled_, one, need in act.needs)]
    return Deed(
        item=handled_.row.id, key=act.key, title=in_words(act.title), inputs=tuple(inputs), seen=handled_.matter.acts,
        effect=act.effect or "", quality=act.quality, source=act.source or mechanism.title.zh,
    )  # fmt: skip


def _inputs(need: str, handled_: Handled, one: OpenAct, needed: bool) -> list[Input]:
    label = say(f"deed.{need}")
    match need:
        case "progress":
            return [progress_input(handled_.matter, needed)]
        case "checklist":
            points = doing.checklist(handled_.matter, one.act, handled_.rules)
            english = _points(handled_.rules.mechanism, one.act.checklist)
            told = tuple((key, title if current_lang() == "zh" else english.get(key, title), must) for key, (title, must) in points.items())
            return [Input("checks", "checks", label, needed, told)]
        case "class":
            classes = handled_.rules.mechanism.classes_of(handled_.matter.variant)
            return [Input("class", "choice", label, needed, tuple((one_.key, in_words(one_.title), False) for one_ in classes))]
        case "rating":
            return _ratings(handled_.rules.mechanism, one)
        case "evidence":
            return [Input("evidence", "files", label, needed and not handled_.matter.evidence)]
    value = str(handled_.matter.asked.get("date", "")) if need == "date" else ""
    return [Input(need, "long" if need in _LONG else "date" if need == "date" else "text", label, needed, value=value)]


def _points(mechanism: Mechanism, key: str) -> dict[str, str]:
    found = next((one for one in mechanism.checklists if one.key == key), None)
    return {point.key: point.title.en for point in found.points} if found else {}


def _ratings(mechanism: Mechanism, one: OpenAct) -> list[Input]:
    asked = one.act.rates or {rating.key: () for rating in mechanism.ratings}
    return [
        Input(
            f"{_RATING}{rating.key}", "choice", in_words(rating.title), True,
            tuple((choice.key, in_words(choice.title), False) for choice in rating.choices if not asked[rating.key] or choice.key in asked[rating.key]),
        )
        for rating in mechanism.ratings if rating.key in asked
    ]  # fmt: skip


def progress_input(matter: Matter, needed: bool = True) -> Input:
    """Per cent, or a count where the matter has a target in numbers; what is known already stands beside it."""
    target = matter.fields.get("target")
    if isinstance(target, int | float) and target > 0:
        unit = f"{matter.fields.get('target_unit', '')} / {target:g}"
        return Input("count", "number", say("deed.count"), needed, unit=unit, value=number(matter.fields.get("count")))
    return Input("progress", "number", say("deed.progress"), needed, unit="%", value=number(matter.progress))


def number(value: object) -> str:
    """A figure as a form holds it; ``""`` where there is none.

    >>> number(40.0), number(12.5), number(None)
    ('40', '12.5', '')
    """
    return f"{value:.15g}" if isinstance(value, int | float) else ""


# --- what a form sends


def acted(request: HttpRequest, item: str, act: str, back: str) -> HttpResponseBase:
    """The act of a small form is done: back to the page, or an answer to its script, which shows the page anew."""
    actor = actor_of(request)
    assert actor is not None  # noqa: S101 - the door has asked
    scope = scope_of(request)
    matters.act(actor, item, try_of(request, act, f"{item}-{act}", files=is_open(actor, item, act, scope)), scope)
    row = models.Matter.objects.get(pk=item)
    found = rules_for(row.mechanism, row.version).mechanism.act(act)
    title = titles_of([item]).get(item) or row.number
    note(request, say("deed.done", act=in_words(found.title) if found else act, title=title[:40]))
    return answer({"done": True}) if wants_json(request) else go_back(request, back)


def try_of(request: HttpRequest, act: str, prefix: str, *, files: bool = True) -> Try:
    """What the form with this prefix wants to do; its files are kept where they are of use (``files``).

    Raises ``WrongValue`` or ``BadEvidence`` for what cannot be.

    What a small form has no field for is no word of anybody's, and is left out.
    """
    post = request.POST
    sent = {name.removeprefix(f"{prefix}."): post.getlist(name) for name in post if name.startswith(f"{prefix}.")}
    given = {name: values for name, values in sent.items() if name in _NAMES or name.startswith(_RATING)}
    inputs = {name: value for name, values in given.items() if (value := _value(name, values)) not in ("", [], None)}
    seen = inputs.pop("seen", None)
    ratings = {name.removeprefix(_RATING): inputs.pop(name) for name in list(inputs) if name.startswith(_RATING)}
    if ratings:
        inputs["ratings"] = ratings
    sent_files = files_of(request.FILES.getlist(f"{prefix}.evidence")) if files else []
    return Try(act, inputs, evidence=tuple(keep(sent_files)) if sent_files else (), seen=read_whole(seen or ""))


def files_of(files: Sequence[UploadedFile]) -> list[tuple[str, bytes]]:
    """The files that came with a form, as the desk takes them; more than it takes are not read."""
    return [(file.name or "", file.read()) for file in files[: MOST + 1]]


def _value(name: str, values: list[str]) -> Any:
    if name == "checks":
        return values
    text = values[-1].strip()
    return read_number(text, say(f"deed.{name}")) if name in {"progress", "count"} else text


def read_number(text: str, where: str) -> float | int | None:
    """The figure that somebody wrote; None for nothing, ``WrongValue`` for what is none.

    >>> read_number("40%", "进度"), read_number(" 12.5 ", "进度"), read_number("", "进度")
    (40, 12.5, None)
    """
    plain = text.strip().translate(_WIDE).rstrip("%")
    if not plain:
        return None
    try:
        value = float(plain)
    except ValueError:
        value = float("nan")
    if not math.isfinite(value):
        raise WrongValue(f"“{text[:20]}”不是数", where=where, remedy="请只写数字，如 40 或 12.5")
    return int(value) if value.is_integer() else value


#: digits and signs as an input method writes them
_WIDE: Final = {**{ord("０") + digit: str(digit) for digit in range(10)}, ord("．"): ".", ord("％"): "%", ord("，"): None, ord(","): None}


def actors(mechanisms: Iterable[Mechanism], *, role: str = "") -> Mapping[str, tuple[str, ...]]:
    """The parts of each mechanism that an office of this role has; without a role those that units have by duty. By mechanism."""
    found = {
        mechanism.id: tuple(
            part.key for part in mechanism.parts if (part.held == "office" and part.role == role) or (not role and part.held == "duty")
        )
        for mechanism in mechanisms
    }
    return {key: parts for key, parts in found.items() if parts}


def every(parts: Mapping[str, Sequence[str]]) -> frozenset[str]:
    """All these parts, of whatever mechanism."""
    return frozenset(part for keys in parts.values() for part in keys)
