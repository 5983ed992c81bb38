"""What a mechanism's file says, as its page shows it: acts, clocks and cases in the words of the reader."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from luoshi.loop.mechanism import Act, Mechanism, Words
from luoshi.loop.paper import said, said_rhythm, vocabulary
from luoshi.loop.telling import story
from luoshi.web.words import current_lang, say


class Row(msgspec.Struct, frozen=True):
    """An act: who does it, from which stages to which, what it asks for, and where it is from."""

    key: str
    title: str
    by: str
    at: str
    to: str
    needs: str
    source: str


class Limit(msgspec.Struct, frozen=True):
    """A clock or a rhythm: how long, whose, what starts and stops it, and where the number is from."""

    title: str
    limit: str
    owner: str
    start: str
    stop: str
    source: str


def told(words: Words) -> str:
    """These words in the language of the page."""
    return words.zh if current_lang() == "zh" else words.en


def acts(mechanism: Mechanism) -> list[Row]:
    """The acts in the order of the file."""
    return [
        Row(
            act.key, told(act.title), _joined(_part(mechanism, key) for key in act.by), _joined(_stage(mechanism, key) for key in act.at),
            say("mechanisms.back") if act.back else _stage(mechanism, act.to), _needs(act), act.source,
        )
        for act in mechanism.acts
    ]  # fmt: skip


def _needs(act: Act) -> str:
    """What it asks for; in brackets what may be given."""
    words = vocabulary().needs
    must = [told(words[need]) for need in act.needs]
    may = [f"（{told(words[want])}）" for want in act.wants]
    apart = [say("mechanisms.another")] if act.not_by else []
    return _joined((*must, *may, *apart))


def limits(mechanism: Mechanism) -> list[Limit]:
    """The clocks and rhythms; what differs by a field or by variant stands with the limit."""
    found = [
        Limit(
            told(clock.title), _limit(clock.limit, mechanism, clock.by), _part(mechanism, clock.owner), _joined(_act(mechanism, key) for key in clock.start),
            _joined(_act(mechanism, key) for key in clock.stop), clock.source,
        )
        for clock in mechanism.clocks
    ]  # fmt: skip
    found += [
        Limit(
            told(rhythm.title), _rhythm(rhythm.every), _part(mechanism, rhythm.owner), _joined(_stage(mechanism, key) for key in rhythm.at),
            _joined(_act(mechanism, key) for key in rhythm.stop), rhythm.source,
        )
        for rhythm in mechanism.rhythms
    ]  # fmt: skip
    return found


def _limit(limit: str, mechanism: Mechanism, by: dict[str, dict[str, str]]) -> str:
    if current_lang() != "zh":
        return "; ".join((limit, *(f"{value}: {other}" for limits in by.values() for value, other in limits.items())))
    others = [f"{_choice(mechanism, key, value)} {said(other, mechanism)}" for key, limits in by.items() for value, other in limits.items()]
    return "；".join((said(limit, mechanism), *others))


def _rhythm(every: str) -> str:
    return said_rhythm(every) if current_lang() == "zh" else every


def cases(mechanism: Mechanism) -> list[tuple[str, list[str]]]:
    """The cases, each with what happens line by line."""
    return [(case.title, [line.strip() for line in story(case, mechanism)]) for case in mechanism.cases]


def stages(mechanism: Mechanism, counts: dict[str, int]) -> Iterator[dict[str, Any]]:
    """The stages with how many matters stand in each."""
    for stage in mechanism.stages:
        yield {
            "key": stage.key,
            "title": told(stage.title),
            "turn": _part(mechanism, stage.turn),
            "kind": stage.kind,
            "count": counts.get(stage.key, 0),
        }


def _joined(those: Any) -> str:
    return ("、" if current_lang() == "zh" else ", ").join(one for one in those if one)


def _part(mechanism: Mechanism, key: str) -> str:
    found = mechanism.part(key)
    return told(found.title) if found else say("mechanisms.by_clock") if key == "system" else key


def _stage(mechanism: Mechanism, key: str) -> str:
    if key == "live":
        return say("mechanisms.live")
    return next((told(stage.title) for stage in mechanism.stages if stage.key == key), key)


def _act(mechanism: Mechanism, key: str) -> str:
    found = mechanism.act(key)
    return told(found.title) if found else say("mechanisms.filing") if key == "file" else key


def _choice(mechanism: Mechanism, key: str, value: str) -> str:
    field = mechanism.field(key)
    return next((told(choice.title) for choice in field.choices if choice.key == value), value) if field else value
