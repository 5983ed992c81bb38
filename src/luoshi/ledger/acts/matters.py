"""Folds of the loop: a matter is filed, moves, and the clock moves it. What a move does stands in it; here it is only applied."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec

from luoshi.ledger.acts.place import Fold, Place, Row
from luoshi.ledger.entry import Entry, moment
from luoshi.ledger.ids import ident
from luoshi.loop.matter import Matter, Move, Ticking, after
from luoshi.loop.reading import read_mechanism

_ZONE: Final = ZoneInfo("Asia/Shanghai")
_decoder = msgspec.json.Decoder(Matter)
_encoder = msgspec.json.Encoder(order="deterministic")
#: the parts that stand in the table of duties, with the role that a duty has there
_DUTIES: Final = {"leader": "leader", "lead": "lead", "support": "support"}


def life_of(text: str) -> Matter:
    """The state of a matter out of its row."""
    return _decoder.decode(text)


def clock_id(item: str, clock: Ticking) -> str:
    """The id of the row of a clock."""
    return ident("k", item, clock.key, str(clock.n))


def clocks_of(row: Row) -> list[str]:
    """The ids of the rows of the clocks that the matter of this row keeps; they change with it."""
    return [clock_id(row["id"], clock) for clock in life_of(row["life"]).clocks]


def told(value: Any) -> Any:
    """A value of the loop as plain data for an entry."""
    return msgspec.to_builtins(value)


def file(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``matter``: the state before the first move; ``move``: that move; ``number``, ``region_code``, ``internal``, ``turns``: see ``act``."""
    matter = msgspec.convert(data["matter"], Matter)
    place.rows.put(
        "matter", entry.subject, mechanism=matter.mechanism, number=data["number"], region_code=data["region_code"],
        internal=data["internal"], opened_at=moment(matter.opened), parent=matter.parent,
    )  # fmt: skip
    if data["internal"]:
        # who may find it is otherwise from now on
        place.rows.index("item", entry.subject)
    _put(entry, matter, data, place)


def act(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``move``: what happened, with its whole effect. ``main``: the key of the main clock; ``turn``: whose turn it is then; ``lights_by``: by
    which light rule; ``names``: the names of the units and posts that a part was given, by id; ``kept``: the files given as evidence."""
    row = place.rows.get("matter", entry.subject)
    if row is not None:
        _put(entry, life_of(row["life"]), data, place)


def _put(entry: Entry, before: Matter, data: dict[str, Any], place: Place) -> None:
    move = msgspec.convert(data["move"], Move)
    matter = after(before, move)
    main = matter.last(data.get("main", ""))
    waiting = [clock.due for clock in matter.clocks if clock.runs and clock.paused is None]
    lights = matter.lights
    place.rows.put(
        "matter", entry.subject, version=matter.version, variant=matter.variant, stage=matter.stage, state=matter.state,
        turn=data.get("turn", ""), unit=_unit(matter.parts), leader=next(iter(matter.parts.get("leader", ())), ""),
        light=lights.whole, time_light=lights.time, progress_light=lights.progress, quality_light=lights.quality, progress=matter.progress,
        due=_day(main.due) if main else "", original=_day(main.original) if main else "",
        next_due=moment(min(waiting)) if waiting else "", wake=moment(matter.wake) if matter.wake else "", missed=matter.missed,
        missed_ever=matter.missed_ever, returned=matter.done.get("return", 0), chased=matter.done.get("chase", 0), evidence=matter.evidence,
        excluded=matter.excluded, category=_category(matter), acts=matter.acts, lights_by=data.get("lights_by", ""), changed_at=moment(matter.changed),
        closed_at=moment(matter.closed) if matter.closed else "", life=_encoder.encode(matter).decode("utf-8"),
    )  # fmt: skip
    _clocks(entry.subject, before, matter, move, place)
    _duties(entry.subject, move, data.get("names", {}), place)
    _named(before, matter, place)
    _evidence(entry, move, data.get("kept", []), place)


def _category(matter: Matter) -> str:
    """What sort of thing it is about, where its mechanism asks for that."""
    return str(matter.fields.get("category") or "")[:40]


def _unit(parts: dict[str, tuple[str, ...]]) -> str:
    """The unit by which a matter is found: the first that leads; where the mechanism has no lead, the first that has any duty."""
    own = parts.get("lead") or next((held for part, held in parts.items() if part != "leader" and held), ())
    return own[0] if own else ""


def _day(at: datetime) -> str:
    return at.astimezone(_ZONE).date().isoformat()


def _clocks(item: str, before: Matter, matter: Matter, move: Move, place: Place) -> None:
    """The rows of the clocks that the move changed, those too of which the state keeps no more than the next one; and of those that run on

    for another unit, since the matter was given to it.
    """
    old = {clock.name: clock for clock in before.clocks}
    changed = move.change.clocks
    clocks = {clock.name: clock for clock in (*matter.clocks, *(() if isinstance(changed, msgspec.UnsetType) else changed))}
    for clock in clocks.values():
        owner = matter.parts.get(clock.owner, ())
        given = clock.runs and owner[:1] != before.parts.get(clock.owner, ())[:1]
        if old.get(clock.name) == clock and not given:
            continue
        # a clock that was not there before has no row yet
        put = place.rows.put if clock.name in old else place.rows.new
        put(
            "clock", clock_id(item, clock), item=item, key=clock.key, n=clock.n, owner=clock.owner,
            unit=clock.unit or (owner[0] if owner else ""), mechanism=matter.mechanism, period=clock.period, started_at=moment(clock.started),
            due_at=moment(clock.due), original_at=moment(clock.original), lapsed_at=_moment(clock.lapsed), stopped_at=_moment(clock.stopped),
            stopped_by=clock.by, state=_state(clock),
        )  # fmt: skip


def _named(before: Matter, matter: Matter, place: Place) -> None:
    """Where a name that is masked wherever it stands was entered or corrected, the search must not find it in title and words any more."""
    changed = {key for key, value in matter.fields.items() if before.fields.get(key) != value} | (set(before.fields) - set(matter.fields))
    if not changed or before.moves == matter.moves:
        return
    key = f"{matter.mechanism}@{matter.version}"
    kept = place.rows.get("mechanism", key)
    if kept is not None and not changed.isdisjoint(_names_in(kept["text"], key)):
        place.rows.index("item", matter.item)


@lru_cache(maxsize=200)
def _names_in(text: str, where: str) -> frozenset[str]:
    return read_mechanism(text, where).names


def _moment(at: datetime | None) -> str:
    return moment(at) if at else ""


def _state(clock: Ticking) -> str:
    if clock.stopped is None:
        return "running" if clock.paused is None else "paused"
    if not clock.by:
        return "void"
    return "met" if clock.lapsed is None and clock.stopped <= clock.due else "late"


def _duties(item: str, move: Move, names: dict[str, str], place: Place) -> None:
    """The duties of the parts that the move gave to others: who sees the item follows from them."""
    parts = move.change.parts
    if isinstance(parts, msgspec.UnsetType):
        return
    for part, holders in parts.items():
        role = _DUTIES.get(part, part)[:12]
        for old in place.rows.all("duty", item=item):
            if old["role"] == role:
                place.rows.put("duty", old["id"], live=False)
        for at, holder in enumerate(holders):
            place.rows.put(
                "duty", ident("q", item, role, holder), item=item, role=role, place=at, name=names.get(holder, "")[:300], live=True,
                organisation="" if role == "leader" else holder, post=holder if role == "leader" else "",
            )  # fmt: skip
    told_names = {
        column: "、".join(names.get(holder, "") for holder in parts[part])
        for part, column in (("leader", "leaders"), ("lead", "lead"), ("support", "support")) if part in parts
    }  # fmt: skip
    if told_names and place.rows.get("item", item) is not None:
        place.rows.put("item", item, **{column: value[:500] for column, value in told_names.items()})
        place.rows.index("item", item)


def _evidence(entry: Entry, move: Move, kept: list[dict[str, Any]], place: Place) -> None:
    for file_ in kept:
        there = place.rows.get("evidence", ident("e", entry.subject, file_["file"]))
        if there is not None and there["live"]:
            # who brought it first has brought it
            continue
        place.rows.put(
            "evidence", ident("e", entry.subject, file_["file"]), item=entry.subject, file=file_["file"], name=file_["name"],
            media=file_["media"], size=file_["size"], thumb=file_.get("thumb", ""), at=entry.at, by=entry.actor, part=move.part, act=move.act, seq=entry.seq, live=True,
        )  # fmt: skip


def withdraw_evidence(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``file``: it was attached by mistake; it stays in the store and on record, and shows nothing any more."""
    key = ident("e", entry.subject, data["file"])
    shown, row = place.rows.get("evidence", key), place.rows.get("matter", entry.subject)
    if shown is None or row is None or not shown["live"]:
        return
    place.rows.put("evidence", key, live=False)
    matter = life_of(row["life"])
    left = msgspec.structs.replace(matter, evidence=max(0, matter.evidence - 1))
    place.rows.put("matter", entry.subject, evidence=left.evidence, life=_encoder.encode(left).decode("utf-8"))


def keep_mechanism(entry: Entry, data: dict[str, Any], place: Place) -> None:
    """``key``, ``version``, ``text``, ``own``: a version of a mechanism; new matters are filed under it from now on."""
    for old in place.rows.all("mechanism", key=data["key"]):
        if old["current"] and old["id"] != entry.subject:
            place.rows.put("mechanism", old["id"], current=False)
    place.rows.put(
        "mechanism", entry.subject, key=data["key"], version=data["version"], text=data["text"], own=data["own"], current=True,
        at=entry.at, by=entry.actor,
    )  # fmt: skip


ACTS: Final[dict[str, Fold]] = {
    "loop.file": file, "loop.act": act, "loop.tick": act, "loop.evidence-off": withdraw_evidence, "mechanism.keep": keep_mechanism,
}  # fmt: skip
