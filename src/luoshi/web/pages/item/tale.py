"""The story of a matter out of its entries: acts with who, words and files; what the clock did between them folded together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, TypedDict

import msgspec

from luoshi.ledger import models
from luoshi.ledger.called import names_of
from luoshi.ledger.entry import Entry
from luoshi.loop import timing
from luoshi.web.asked import in_words
from luoshi.web.pages.item.matter import Live, field_told, numbers_of, who
from luoshi.web.pages.item.story import Step, masked
from luoshi.web.veil import Veil
from luoshi.web.words import current_lang, say, say_word
from luoshi.web.writing import show_amount, show_day

#: so many characters of words are shown at once; the whole on its own
_SHORT: Final = 240
_BEYOND: Final = 100


class Said(msgspec.Struct, frozen=True):
    """Something that the doer gave: what it is, its words, and whether more of them are there."""

    label: str
    words: str
    cut: bool = False


class Line(msgspec.Struct, frozen=True):
    """One entry of the story. ``kind``: ``act``, ``clock`` or ``item`` (what became of the item itself; its changes in ``step``)."""

    at: str
    seq: int
    kind: str
    title: str
    by: str = ""
    part: str = ""
    said: tuple[Said, ...] = ()
    files: tuple[models.Evidence, ...] = ()
    light: str = ""
    light_words: str = ""
    paper: str = ""
    step: Step | None = None


class Fold(msgspec.Struct, frozen=True):
    """What the clock did between two acts: the lines, newest first, and in short what of it counts: papers and lights."""

    lines: tuple[Line, ...]
    short: str
    kind: str = "fold"


def tale(live: Live, entries: Sequence[Entry], steps: Iterable[Step], veil: Veil, *, whole: int = 0) -> list[Line | Fold]:
    """The story, newest first. ``entries`` of the item, newest first, with the ``steps`` of the page of items; ``whole``: the entry whose words

    are all shown.
    """
    telling = _Telling(live, _people(entries), _names(entries), _files(live.row.id), veil, whole, _turned(entries))
    found = list[Line | Fold]()
    waiting = list[Line]()
    for entry, step in zip(entries, steps, strict=True):
        line = telling.line(entry, step)
        if line.kind == "clock":
            waiting.append(line)
            continue
        if waiting:
            found.append(_fold(waiting))
            waiting = []
        found.append(line)
    return [*found, _fold(waiting)] if waiting else found


def _fold(lines: list[Line]) -> Line | Fold:
    """One thing by itself stands open; several are folded."""
    if len(lines) == 1:
        return lines[0]
    counted = [line.title for line in reversed(lines) if line.paper or line.light]
    return Fold(tuple(lines), say("word.listed").join(dict.fromkeys(counted or [line.title for line in reversed(lines)])))


def _people(entries: Iterable[Entry]) -> dict[str, str]:
    rows = models.Account.objects.filter(id__in={entry.actor for entry in entries}).values_list("id", "name", "username")
    return {"system": say("item.system"), **{key: name or username for key, name, username in rows}}


def _names(entries: Sequence[Entry]) -> dict[str, str]:
    """The names of units and posts as the entries had them, and of those that inputs name."""
    names = dict[str, str]()
    wanted = set[str]()
    for entry in reversed(entries):
        names |= entry.values.get("names", {})
        inputs = sound(entry.values.get("move", {}).get("inputs")) if entry.act.startswith("loop.") else {}
        wanted |= {one for held in inputs.get("units", {}).values() for one in held} | {*inputs.get("posts", ()), inputs.get("unit", "")}
        wanted |= {one for child in inputs.get("children", ()) for one in child.get("lead", ())}
    return names_of(wanted - set(names) - {""}) | names


class _Child(TypedDict, total=False):
    title: str
    lead: list[str]


#: acts that no mechanism has: a member's matter begins, a matter goes on under another version
_OTHER_ACTS: Final = {"fan-out": "item.tale_member", "migrate": "item.tale_migrate"}
#: of which kind each input is that the story tells of
_KINDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("reason", "text", "date", "unit", "person", "method", "class", "matter"), str), "progress": int | float, "count": int | float,
    "units": dict[str, list[str]], "ratings": dict[str, str], "fields": dict[str, Any], "posts": list[str], "checks": list[str],
    "children": list[_Child], "milestones": list[dict[str, Any]],
}  # fmt: skip


def sound(inputs: Any) -> dict[str, Any]:
    """The inputs of an entry that are of their kind. What stands in the chain stays there: one that is not must not cost the page.

    >>> sound({"text": "已办", "units": "x", "children": [{"title": 1}], "posts": ["p"]})
    {'text': '已办', 'posts': ['p']}
    """
    found = dict[str, Any]()
    for key, value in inputs.items() if isinstance(inputs, Mapping) else ():
        try:
            found[key] = msgspec.convert(value, _KINDS[key])
        except (KeyError, msgspec.ValidationError):
            continue
    return found


def _turned(entries: Sequence[Entry]) -> frozenset[int]:
    """The entries, newest first, that made the one light of the matter another than it was."""
    turned, before = set[int](), "none"
    for entry in reversed(entries):
        lights = entry.values.get("move", {}).get("change", {}).get("lights") if entry.act.startswith("loop.") else None
        if lights:
            now = lights.get("whole", "green")
            if now != before:
                turned.add(entry.seq)
            before = now
    return frozenset(turned)


def _files(item: str) -> dict[int, list[models.Evidence]]:
    found: dict[int, list[models.Evidence]] = {}
    for row in models.Evidence.objects.filter(item=item).order_by("at", "name"):
        found.setdefault(row.seq, []).append(row)
    return found


class _Telling(msgspec.Struct, frozen=True):
    live: Live
    people: Mapping[str, str]
    names: Mapping[str, str]
    files: Mapping[int, list[models.Evidence]]
    veil: Veil
    whole: int
    turned: frozenset[int]

    def line(self, entry: Entry, step: Step) -> Line:
        move = entry.values.get("move") if entry.act in {"loop.file", "loop.act", "loop.tick"} else None
        if move is None:
            return Line(entry.at, entry.seq, "item", say_word("act", entry.act), by=step.by, step=masked(step, self.veil.words))
        kind = "clock" if entry.act == "loop.tick" and move["kind"] != "act" else "act"
        light, words = self._light(move) if entry.seq in self.turned else ("", "")
        return Line(
            move["at"] if kind == "clock" else entry.at, entry.seq, kind, self._title(move), by=self._by(entry),
            part=who(self.live, move["part"]) if move.get("part") else "", said=tuple(self._said(sound(move.get("inputs")), entry.seq)),
            files=tuple(self.files.get(entry.seq, ())), light=light, light_words=words, paper=_paper(move),
        )  # fmt: skip

    def _by(self, entry: Entry) -> str:
        """Who did it, and by which token where a program did it for them."""
        name, token = self.people.get(entry.actor, entry.actor), str(entry.values.get("through", ""))
        return say("item.by_token", name=name, token=token) if token else name

    def _title(self, move: Mapping[str, Any]) -> str:
        key, mechanism = str(move["act"]), self.live.mechanism
        match move["kind"]:
            case "act":
                act = mechanism.act(key)
                return in_words(act.title) if act else say(_OTHER_ACTS.get(key, "item.filed"))
            case "warn" | "lapse" as kind:
                clock = mechanism.clock(key.partition(".")[0]) or timing.rhythm_of(self.live.rules, key.partition(".")[0])
                return say(f"item.tale_{kind}", clock=in_words(clock.title) if clock else key)
            case "rung":
                rung = next((one for one in mechanism.ladder if one.key == key.partition("@")[0]), None)
                return in_words(rung.title) if rung else key
            case "light":
                _, words = self._light(move)
                return words or say("item.tale_rule")
            case "child":
                return self._folded_up(move) if key == "fold-up" else say(f"item.tale_{key}")
            case kind:
                return say(f"item.tale_{kind}")

    def _folded_up(self, move: Mapping[str, Any]) -> str:
        change = move.get("change", {})
        return say("item.tale_fold-up", progress=show_amount(change.get("progress"), "%", current_lang()))

    def _light(self, move: Mapping[str, Any]) -> tuple[str, str]:
        """The light that the move made, in words with the reason."""
        lights = move.get("change", {}).get("lights")
        if not lights:
            return "", ""
        colour = lights.get("whole", "green")
        why = self.live.rules.lights.reason(lights["why"]["whole"]) if lights.get("why", {}).get("whole") else None
        hue = next((one for one in self.live.rules.lights.colours if one.key == colour), None)
        name = in_words(hue.title) if hue else say_word("light", colour)
        return colour, say("item.tale_light", light=name, why=in_words(why)) if why else name

    # --- what was given

    def _said(self, inputs: Mapping[str, Any], seq: int) -> Iterable[Said]:
        for key in ("reason", "text"):
            if inputs.get(key):
                yield self._words(say(f"item.ask_{key}"), str(inputs[key]), seq)
        for label, words in (*self._figures(inputs), *self._people_named(inputs), *self._chosen(inputs), *self._changed(inputs)):
            if words:
                yield self._words(label, words, seq)

    def _words(self, label: str, words: str, seq: int) -> Said:
        # what is not shown need not be looked through; a little more is, so that nothing is cut in two before it is masked
        shown = self.veil.words(words if seq == self.whole else words[: _SHORT + _BEYOND])
        cut = seq != self.whole and (len(shown) > _SHORT or len(words) > _SHORT + _BEYOND)
        return Said(label, shown[:_SHORT] if cut else shown, cut)

    def _figures(self, inputs: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        if inputs.get("progress") is not None:
            yield say("item.ask_progress"), show_amount(inputs["progress"], "%", current_lang())
        if inputs.get("count") is not None:
            unit = str(self.live.matter.fields.get("target_unit", "") or "")
            yield say("item.ask_count"), show_amount(inputs["count"], unit, current_lang())
        if inputs.get("date"):
            yield say("item.ask_date"), show_day(inputs["date"], current_lang())

    def _people_named(self, inputs: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        for key, held in inputs.get("units", {}).items():
            part = self.live.mechanism.part(key)
            yield in_words(part.title) if part else key, "、".join(self.names.get(one, "") for one in held) or say("item.nobody")
        yield say("item.ask_posts"), "、".join(self.names.get(one, "") for one in inputs.get("posts", ()))
        yield say("item.ask_unit"), self.names.get(inputs.get("unit", ""), "")
        for key in ("person", "method"):
            yield say(f"item.ask_{key}"), str(inputs.get(key, ""))

    def _chosen(self, inputs: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        mechanism = self.live.mechanism
        if inputs.get("checks"):
            titles = {point.key: in_words(point.title) for found in mechanism.checklists for point in found.points}
            yield say("item.ask_checks"), "、".join(titles.get(key, key) for key in inputs["checks"])
        for rating in mechanism.ratings:
            given = inputs.get("ratings", {}).get(rating.key)
            yield in_words(rating.title), next((in_words(one.title) for one in rating.choices if one.key == given), "")
        if inputs.get("class"):
            found = next((one for one in mechanism.classes_of(self.live.matter.variant) if one.key == inputs["class"]), None)
            yield say("item.ask_class"), f"{inputs['class']} {in_words(found.title)}" if found else str(inputs["class"])
        if inputs.get("matter"):
            yield say("item.merged"), numbers_of([inputs["matter"]]).get(inputs["matter"], "")

    def _changed(self, inputs: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
        for key, value in inputs.get("fields", {}).items():
            field = self.live.mechanism.field(key)
            if field is not None:
                told = field_told(field, value, self.names) if value not in ("", None) else say("item.emptied")
                yield in_words(field.title), self.veil.value(field, told) if value not in ("", None) else told
        stones = [
            f"{show_day(one.get('day'), current_lang())} {one.get('percent')}% {one.get('title', '')}".strip()
            for one in inputs.get("milestones", ())
        ]
        yield say("item.milestones"), "；".join(stones)
        yield say("item.ask_children"), "；".join(str(child.get("title", "")) for child in inputs.get("children", ()))


def _paper(move: Mapping[str, Any]) -> str:
    paper = str(move.get("paper", ""))
    return say_word("item.paper", paper) if paper else ""
