"""A matter: the state of an item in the loop, and its moves. The state is what folding the moves gives; a move carries its whole effect."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final, Literal

import msgspec
from msgspec import UNSET, UnsetType

State = Literal["live", "hung", "closed", "ended"]
#: the doer of what is due by itself
CLOCK: Final = "system"
#: so many names of doers are kept for one act; who may not do another is among the last of them in any real matter
_DOERS: Final = 40


class Ticking(msgspec.Struct, frozen=True, omit_defaults=True):
    """A clock that was started for the ``n``-th time. ``original`` is the due date as first set, ``due`` as it stands.

    ``period`` is that of a rhythm (``2026-03``). ``lapsed``: when it was noticed that its time had run out. ``unit``: whose it is, of a clock
    that runs for each unit of a part. ``held``: the act that paused it, ``""`` where it hangs with the matter. ``since``: from when the steps of
    the ladder after its end are counted, where that is later than its end: it began late, or hung when it was overdue.
    """

    key: str
    n: int
    started: datetime
    limit: str
    original: datetime
    due: datetime
    owner: str = ""
    unit: str = ""
    period: str = ""
    warned: bool = False
    paused: datetime | None = None
    held: str = ""
    since: datetime | None = None
    stopped: datetime | None = None
    lapsed: datetime | None = None
    #: the act that stopped it; ``""`` while it runs or where it became void
    by: str = ""

    @property
    def runs(self) -> bool:
        """Whether it was not stopped; a paused clock runs."""
        return self.stopped is None

    @property
    def name(self) -> str:
        return f"{self.key}.{self.n}"

    @property
    def late_since(self) -> datetime:
        """From when its being late is counted: nobody is late with what was not yet theirs."""
        return self.since or max(self.due, self.started)


class Lights(msgspec.Struct, frozen=True, omit_defaults=True):
    """The three lights and the one made of them; ``worst``: the worst that the one has been, for its memory."""

    time: str = "green"
    progress: str = "none"
    quality: str = "none"
    whole: str = "green"
    worst: str = "green"
    #: why each is as it is: the key of the rule's line, by light
    why: dict[str, str] = {}


class Milestone(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is to be reached by a day: so many per cent, or something said in words."""

    day: str
    percent: float | None = None
    title: str = ""
    reached: str = ""


class Matter(msgspec.Struct, frozen=True, omit_defaults=True):
    """An item as the loop sees it. ``parts``: the units or posts of each part by duty. ``done``: how often each act was done.

    ``doers``: who did each act since it was last reopened; ``units``: which units did an act that each of a part does. ``rungs``: steps of the
    ladder taken, ``<rung>@<clock>.<n>``, with ``/<day>`` where the clock is due on another day than first set, or ``<rung>@<light>.<month>``.
    ``ends``: the light at each month's end so far, the last 24 (``2026-03 red``).
    """

    item: str
    mechanism: str
    version: int
    stage: str
    opened: datetime
    changed: datetime
    state: State = "live"
    variant: str = ""
    back: str = ""
    fields: dict[str, Any] = {}
    parts: dict[str, tuple[str, ...]] = {}
    clocks: tuple[Ticking, ...] = ()
    lights: Lights = Lights()
    #: per cent, or the count where the matter has one
    progress: float | None = None
    progress_at: datetime | None = None
    milestones: tuple[Milestone, ...] = ()
    done: dict[str, int] = {}
    doers: dict[str, tuple[str, ...]] = {}
    units: dict[str, tuple[str, ...]] = {}
    rungs: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    #: reports that were not made in time and are still owed, and all that ever were late
    missed: int = 0
    missed_ever: int = 0
    #: those still owed, by rhythm
    owed: dict[str, int] = {}
    quality: Literal["", "pass", "fail"] = ""
    asked: dict[str, str] = {}
    evidence: int = 0
    objections: int = 0
    excluded: bool = False
    ratings: dict[str, str] = {}
    parent: str = ""
    children: tuple[str, ...] = ()
    closed: datetime | None = None
    #: when something is next due by itself
    wake: datetime | None = None
    #: so many moves so far, those of the clock included
    moves: int = 0

    @property
    def acts(self) -> int:
        """How many acts were done; whoever looked at fewer acts on what is no more."""
        return sum(self.done.values())

    def running(self, key: str) -> Ticking | None:
        """The clock of this key that runs now."""
        return next((clock for clock in self.clocks if clock.key == key and clock.runs), None)

    def last(self, key: str) -> Ticking | None:
        """The clock of this key that was started last."""
        return max((clock for clock in self.clocks if clock.key == key), key=lambda clock: clock.n, default=None)


class Change(msgspec.Struct, frozen=True, omit_defaults=True):
    """What of a matter is otherwise after a move; what is not set stays. ``fields`` and ``parts`` are merged key by key, ``clocks`` by name."""

    stage: str | UnsetType = UNSET
    state: State | UnsetType = UNSET
    version: int | UnsetType = UNSET
    variant: str | UnsetType = UNSET
    back: str | UnsetType = UNSET
    fields: dict[str, Any] | UnsetType = UNSET
    parts: dict[str, tuple[str, ...]] | UnsetType = UNSET
    clocks: tuple[Ticking, ...] | UnsetType = UNSET
    lights: Lights | UnsetType = UNSET
    progress: float | UnsetType | None = UNSET
    progress_at: datetime | UnsetType | None = UNSET
    milestones: tuple[Milestone, ...] | UnsetType = UNSET
    units: dict[str, tuple[str, ...]] | UnsetType = UNSET
    rungs: tuple[str, ...] | UnsetType = UNSET
    ends: tuple[str, ...] | UnsetType = UNSET
    missed: int | UnsetType = UNSET
    missed_ever: int | UnsetType = UNSET
    owed: dict[str, int] | UnsetType = UNSET
    quality: Literal["", "pass", "fail"] | UnsetType = UNSET
    asked: dict[str, str] | UnsetType = UNSET
    evidence: int | UnsetType = UNSET
    objections: int | UnsetType = UNSET
    excluded: bool | UnsetType = UNSET
    ratings: dict[str, str] | UnsetType = UNSET
    parent: str | UnsetType = UNSET
    children: tuple[str, ...] | UnsetType = UNSET
    closed: datetime | UnsetType | None = UNSET
    wake: datetime | UnsetType | None = UNSET
    #: the doers, and the units that did something, are forgotten: the matter lives again
    fresh: bool | UnsetType = UNSET


class Move(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened to a matter. ``kind``: an ``act`` of somebody, or what was due by itself (``warn``, ``lapse``, ``rung``,
    ``light``, ``month``, ``child``) of which ``act`` names the clock, rung or light.

    ``at`` is when it happened or fell due; an entry that tells it later has its own moment besides. ``inputs``: what the doer gave.
    """

    kind: Literal["act", "warn", "lapse", "rung", "light", "month", "child"]
    act: str
    at: datetime
    by: str
    change: Change
    part: str = ""
    inputs: dict[str, Any] = {}
    tells: tuple[str, ...] = ()
    paper: str = ""


#: fields of ``Change`` that are not simply put in place of what was
_MERGED: Final = frozenset({"fields", "parts", "clocks", "units", "fresh"})


def after(matter: Matter, move: Move) -> Matter:
    """The matter after a move.

    Pure and blind to mechanisms: what a move does stands in it, so that old moves mean for ever what they meant.
    """
    change = move.change
    plain = {name: value for name in Change.__struct_fields__ if name not in _MERGED and (value := getattr(change, name)) is not UNSET}
    values: dict[str, Any] = {**plain, "changed": move.at, "moves": matter.moves + 1}
    if not isinstance(change.fields, UnsetType):
        values["fields"] = {**matter.fields, **change.fields}
    if not isinstance(change.parts, UnsetType):
        values["parts"] = {**matter.parts, **change.parts}
    if not isinstance(change.clocks, UnsetType):
        values["clocks"] = _clocks(matter.clocks, change.clocks)
    if change.fresh is True or not isinstance(change.units, UnsetType):
        units = {} if change.fresh is True else matter.units
        values["units"] = units if isinstance(change.units, UnsetType) else {**units, **change.units}
    if move.kind == "act":
        values["done"] = {**matter.done, move.act: matter.done.get(move.act, 0) + 1}
        doers = {} if change.fresh is True else matter.doers
        values["doers"] = {**doers, move.act: (*(who for who in doers.get(move.act, ()) if who != move.by), move.by)[-_DOERS:]}
    return msgspec.structs.replace(matter, **values)


def _clocks(before: tuple[Ticking, ...], changed: tuple[Ticking, ...]) -> tuple[Ticking, ...]:
    """The clocks with those that changed; of the stopped ones only the last of each key, and of each unit, is kept."""
    clocks = {(clock.key, clock.n): clock for clock in (*before, *changed)}
    last: dict[tuple[str, str], int] = {}
    for clock in clocks.values():
        last[clock.key, clock.unit] = max(clock.n, last.get((clock.key, clock.unit), 0))
    return tuple(clock for clock in clocks.values() if clock.runs or clock.n == last[clock.key, clock.unit])
