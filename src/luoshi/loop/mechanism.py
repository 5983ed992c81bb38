"""The vocabulary of a mechanism file: parts, fields, stages, acts, clocks, rhythms, ladder, closing. A file that says anything else is refused.

There is no expression language. What a mechanism needs beyond these words is an ``effect``, a named function of the engine with its own cases.
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

#: what an act may ask of whoever does it
Need = Literal[
    "reason", "text", "evidence", "progress", "date", "checklist", "units", "posts", "matter", "rating", "class", "person", "method", "settled",
    "milestones",
]  # fmt: skip
#: what an act does beside moving to a stage and touching clocks
Effect = Literal[
    "assign",      # names who answers: units and posts become the parts ``lead``, ``support``, ``leader``
    "progress",    # says how far it is
    "extend",      # moves the current due date of a clock to the date that was asked for; the original stays
    "ask-extend",  # keeps the date that is asked for until it is granted or refused
    "adjust",      # changes the target or a field, the original stays on record
    "hang",        # stops all clocks
    "resume",      # lets them run again
    "transfer",    # gives the matter to other units
    "merge",       # goes on as another matter
    "split",       # becomes several matters
    "ask",         # asks for something that another act grants or refuses (``pending``); one request at a time
    "terminate",   # ends without being done
    "close",       # ends done
    "reopen",      # a closed matter lives again
    "check",       # a finding of quality: passed or not
    "rate",        # somebody concerned says how good it was
    "instruct",    # a leader's instruction, answered by a report
    "chase",       # a reminder by a person
    "exclude",     # does not count in rates; shown beside them
    "notice",      # a public notice period begins
    "objection",   # somebody objects to what is noticed or concluded
    "settle",      # an objection is decided
    "look-back",   # what a look back found
]  # fmt: skip
StageKind = Literal["open", "waiting", "hung", "closed", "ended"]
FieldType = Literal[
    "text", "long", "number", "integer", "money", "percent", "date", "moment", "choice", "yes", "place", "person", "phone", "list", "unit",
]  # fmt: skip


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same in Chinese and in English."""

    zh: str
    en: str


class Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value of a field of choice; ``means`` the normalised value where places use other letters for the same."""

    key: str
    title: Words
    means: str = ""


class Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a matter carries. ``required`` names the act at which it must be there; ``masked`` is shown masked without the right to see it.

    ``when``: required only where another field of choice has one of these values (``basis: [designation]``); ``variant`` stands for the
    variant of the matter. ``pattern``: the form of a text, all of it (a regular expression): ``[0-9]{15}`` for a code of 15 digits.
    """

    key: str
    title: Words
    type: FieldType = "text"
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    required: str = ""
    when: dict[str, tuple[str, ...]] = {}
    public: bool = False
    masked: bool = False
    pattern: str = ""
    help: Words | None = None


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who takes part. ``held``: whose it is.

    ``office`` the accounts with the role ``role`` of the matter's region; ``duty`` the units or posts that the matter names for this part;
    ``public`` somebody outside; ``system`` the clock. ``apart``: parts of duty whose units this one may not be (who accepts is not who did).
    """

    key: str
    title: Words
    held: Literal["office", "duty", "public", "system"] = "office"
    role: str = ""
    apart: tuple[str, ...] = ()


class Stage(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A stage of a matter. ``turn``: whose turn it is, so that a desk shows it."""

    key: str
    title: Words
    kind: StageKind = "open"
    turn: str = ""
    #: the state as open data and other systems know it
    public: str = ""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What may be done. ``at``: in which stages (``live``: in all that are open or waiting); ``to``: the stage after it, ``""`` for the same.

    ``not_by``: acts whose doer may not do this one. ``after``: acts that must have been done (since the matter was last reopened).
    ``within``: clocks one of which must still be running and in time. ``back``: the stage it came from, for resume. ``variants``: only in
    matters of these variants.
    ``when``: open only where these fields have one of these values. ``pending``: the request (an act with the effect ``ask`` or
    ``ask-extend``) that it grants or refuses; open only while that waits. ``each``: the part whose units do it one by one, with the input
    ``unit``; the stage changes when all have. ``rates``: which ratings it asks for and which of their choices fit, ``()`` for any; all
    ratings where none is named. ``most``: the latest new date, so long after the original due date of ``clock``.
    """

    key: str
    title: Words
    by: tuple[str, ...]
    at: tuple[str, ...]
    to: str = ""
    back: bool = False
    needs: tuple[Need, ...] = ()
    wants: tuple[Need, ...] = ()
    effect: Effect | None = None
    not_by: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    variants: tuple[str, ...] = ()
    tells: tuple[str, ...] = ()
    #: the paper that it makes (``notice``, ``reminder`` …)
    paper: str = ""
    #: which checklist it ticks
    checklist: str = ""
    #: for ``check`` and ``look-back``: what it says of quality
    quality: Literal["", "pass", "fail"] = ""
    #: the fields that it asks for or changes
    fields: tuple[str, ...] = ()
    #: which clock ``extend`` moves
    clock: str = ""
    most: str = ""
    when: dict[str, tuple[str, ...]] = {}
    pending: str = ""
    each: str = ""
    rates: dict[str, tuple[str, ...]] = {}
    #: counts as an answer to what a unit was asked
    answers: bool = False
    source: str = ""


class Clock(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A time limit. ``limit``: ``5 workdays``, ``24 hours``, ``3 months``, or ``field:<key>`` for a date that the matter carries.

    ``by``: other limits by the value of a field of choice (``urgency: {urgent: 24 hours}``). ``owner``: who is asked. ``then``: an act that
    the system does when it lapses. ``main``: the clock of the matter itself, on which the time light looks. ``each``: the part for whose
    units it runs one by one; an act with the same ``each`` stops that of its unit, any other act those of all. ``right``: a time in which
    something may be done, not must (``within`` looks at it): it ends without a word, and nobody is late. ``again``: each start is a time of its
    own beside those that run, and what stops it answers the one that is due first. ``since``: a field of a date, from which it is counted
    where that day is earlier: a receipt that is registered afterwards.
    """

    key: str
    title: Words
    start: tuple[str, ...]
    stop: tuple[str, ...]
    limit: str
    by: dict[str, dict[str, str]] = {}
    warn: str = ""
    pause: tuple[str, ...] = ()
    resume: tuple[str, ...] = ()
    owner: str = ""
    each: str = ""
    then: str = ""
    main: bool = False
    right: bool = False
    again: bool = False
    since: str = ""
    roll: bool = True
    source: str = ""


class Rhythm(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A report that is due again and again while the matter is in some stages. ``every``: ``monthly by 25``, ``quarterly by last`` …"""

    key: str
    title: Words
    every: str
    at: tuple[str, ...]
    stop: tuple[str, ...]
    owner: str
    warn: str = ""
    source: str = ""


class Rung(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A step of the ladder: taken once for each time that its clock lapses, or that a light has been on so many times in a row.

    ``clock`` with ``after`` (``0 days`` = when it lapses, ``5 workdays`` later); ``before`` instead: so long before it. Or ``light`` with
    ``times``: month-ends in a row that ended so.
    """

    key: str
    title: Words
    paper: str = ""
    clock: str = ""
    after: str = ""
    before: str = ""
    light: str = ""
    times: int = 0
    tells: tuple[str, ...] = ()
    source: str = ""


class Check(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A point of a checklist."""

    key: str
    title: Words
    required: bool = True


class Checklist(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Points that must be ticked."""

    key: str
    title: Words
    points: tuple[Check, ...]
    source: str = ""


class LookBack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How matters are drawn for a look back after closing: a share in per cent, at least so many, among those closed so long ago."""

    share: int
    least: int = 1
    after: str = "1 month"
    source: str = ""


class Rating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What somebody concerned may say: each with its choices."""

    key: str
    title: Words
    choices: tuple[Choice, ...]


class Class(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A class of the answer (A, B, C, D of a place), with the normalised value."""

    key: str
    title: Words
    means: Literal["done", "doing", "planned", "reference", "cannot"]


class Variant(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A variant of a mechanism (rectification of environment, safety, audit): other limits, checklists and sources by the same stages.

    ``required``: fields that filing asks for. ``internal``: nothing of matters of this variant leaves the offices concerned.
    ``by``: limits by the value of a field, by clock, in place of the clock's own ``by``. ``most``: the longest extension, by act.
    ``classes``: the place's own classes of the answer, in place of the mechanism's.
    """

    key: str
    title: Words
    limits: dict[str, str] = {}
    by: dict[str, dict[str, dict[str, str]]] = {}
    most: dict[str, str] = {}
    classes: tuple[Class, ...] = ()
    checklists: dict[str, tuple[str, ...]] = {}
    required: tuple[str, ...] = ()
    internal: bool = False
    source: str = ""


class Score(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A figure that the matter hands to appraisal; ``of`` names what the engine counts."""

    key: str
    title: Words
    of: str


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the mechanism follows: a law or document, with the clause."""

    title: str
    clause: str = ""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A history and what comes of it; run by the test suite.

    ``given`` sets fields and parts. Each of ``events`` is ``{at, act, by, person?, …inputs}`` or ``{at}`` alone, which lets the clock come to
    that moment; with ``refused`` it must be refused for a reason that contains these words. ``then`` what must hold at the end: ``stage``,
    ``light``, ``time``, ``progress``, ``quality``, ``due`` (by clock), ``original``, ``open`` (acts open by part), ``shut`` (acts that are
    not), ``rungs`` (taken so far), ``counts``, ``state``.
    """

    title: str
    events: tuple[dict[str, Any], ...]
    then: dict[str, Any]
    given: dict[str, Any] = {}
    lights: str = ""


class Mechanism(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A mechanism as its file declares it. ``version`` is counted up with every change that concerns matters under it."""

    id: str
    key: str
    title: Words
    about: Words
    sources: tuple[Source, ...]
    version: int
    #: which letter its numbers begin with
    number: str
    parts: tuple[Part, ...]
    stages: tuple[Stage, ...]
    acts: tuple[Act, ...]
    clocks: tuple[Clock, ...] = ()
    rhythms: tuple[Rhythm, ...] = ()
    fields: tuple[Field, ...] = ()
    ladder: tuple[Rung, ...] = ()
    checklists: tuple[Checklist, ...] = ()
    look_back: LookBack | None = None
    ratings: tuple[Rating, ...] = ()
    classes: tuple[Class, ...] = ()
    variants: tuple[Variant, ...] = ()
    score: tuple[Score, ...] = ()
    #: nothing of it leaves the offices concerned
    internal: bool = False
    #: the act that files a matter, and where it comes from: ``item`` (a task of a document), ``form``
    from_: tuple[Literal["item", "form"], ...] = msgspec.field(name="from", default=("item",))
    #: progress is compared with the months gone until the main clock is due (``months``), with those of the year that the field ``year`` names
    #: (``year``: a target of that year in a matter of several), with the matter's own milestones alone, or not at all
    schedule: Literal["months", "year", "milestones", "none"] = "months"
    cases: tuple[Case, ...] = ()

    def stage(self, key: str) -> Stage:
        return next(stage for stage in self.stages if stage.key == key)

    def act(self, key: str) -> Act | None:
        return next((act for act in self.acts if act.key == key), None)

    def clock(self, key: str) -> Clock | None:
        return next((clock for clock in self.clocks if clock.key == key), None)

    def part(self, key: str) -> Part | None:
        return next((part for part in self.parts if part.key == key), None)

    def field(self, key: str) -> Field | None:
        return next((field for field in self.fields if field.key == key), None)

    def classes_of(self, variant: str) -> tuple[Class, ...]:
        """The classes of the answer: the variant's own where it has any."""
        found = self.variant(variant)
        return found.classes if found and found.classes else self.classes

    def variant(self, key: str) -> Variant | None:
        return next((variant for variant in self.variants if variant.key == key), None)

    def is_internal(self, variant: str) -> bool:
        """Whether nothing of a matter of this variant leaves the offices concerned."""
        found = self.variant(variant)
        return self.internal or (found is not None and found.internal)

    @property
    def names(self) -> frozenset[str]:
        """The keys of the fields whose names of persons are masked wherever they stand."""
        return frozenset(field.key for field in self.fields if field.masked and field.type == "person")

    @property
    def first(self) -> Stage:
        """The stage in which a matter begins."""
        return self.stages[0]

    @property
    def main(self) -> Clock | None:
        """The clock of the matter itself."""
        return next((clock for clock in self.clocks if clock.main), None)


#: parts that every mechanism may name without declaring them
GIVEN_PARTS: Final = ("system",)
#: stages by kind, for ``at``
LIVE: Final = "live"
