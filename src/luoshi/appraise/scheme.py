"""The vocabulary of a scheme file: inputs, measures, coefficients, lines, total, vetoes, exemptions, ranking, grades. Anything else is refused.

There is no expression language. What a scheme scores is a list of lines, each with the sentence of the rule, its source and one word of ``how``.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Final, Literal

import msgspec

from luoshi.appraise.how import How
from luoshi.appraise.number import How as HowRounded
from luoshi.appraise.number import Rounding
from luoshi.loop.mechanism import Words

#: the source of whatever a place has not published
OFFICE: Final = "本系统缺省，请本单位核定"
#: what can be counted in the ledger for a unit and a period
Figure = Literal[
    "load", "due", "done", "done_on_time", "overdue", "reports_due", "reports_on_time", "reports_missed", "steps_due", "steps_on_time",
    "steps_late", "returned", "chased", "met", "missed", "lights_green", "lights_blue", "lights_yellow", "lights_orange", "lights_red",
    "progress", "planned", "orders", "excluded", "contacted_due", "contacted", "called", "solved", "satisfied",
]  # fmt: skip


class Source(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a scheme follows: a document, with the clause, who published it and when, and what of it was not to be seen."""

    title: str
    clause: str = ""
    by: str = ""
    date: str = ""


class Drawn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What the ledger counts for an input: ``mechanisms`` none for all, ``clocks`` the steps that ``steps_…`` looks at."""

    figure: Figure
    mechanisms: tuple[str, ...] = ()
    clocks: tuple[str, ...] = ()


class Input(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A value that a scheme needs of each subject, and where it comes from.

    ``ledger`` counted from entries (``drawn``); ``table`` a column of a sheet that an office brings; ``rater`` a mark that somebody gives;
    ``appraisal`` the final score of an earlier appraisal of the subject (``q1`` … by order). ``least`` and ``most``: bounds of a value.
    """

    key: str
    title: Words
    type: Literal["number", "count", "percent", "mark", "choice"] = "number"
    unit: str = ""
    choices: dict[str, Words] = {}
    by: Literal["ledger", "table", "rater", "appraisal"] = "table"
    drawn: Drawn | None = None
    #: the headings under which a table may bring it, beside its title
    headings: tuple[str, ...] = ()
    least: Decimal | None = None
    most: Decimal | None = None
    #: where nobody said anything it counts as this (``empty_word`` of a choice)
    empty: Decimal | None = None
    empty_word: str = ""
    note: str = ""


class _Measure(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="kind", kw_only=True):
    key: str
    title: Words
    unit: str = ""
    #: rounded before it goes on, where the rule says so
    places: int | None = None
    how: HowRounded = "half-up"
    source: str = ""


class Share(_Measure, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="share"):
    """``top`` ÷ ``under`` × ``times``; nothing where ``under`` is 0."""

    top: str
    under: str
    times: Decimal = Decimal(100)


class Sum(_Measure, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="sum"):
    """The values times their factors, added."""

    of: dict[str, Decimal]


class Mean(_Measure, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="mean"):
    """The mean of those that are there, at least ``least`` of them."""

    of: tuple[str, ...]
    least: int = 1


class Gap(_Measure, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="gap"):
    """Points above or below the schedule: ``rate`` − months gone ÷ 12 × 100."""

    rate: str
    months: str


class Product(_Measure, frozen=True, forbid_unknown_fields=True, kw_only=True, tag="product"):
    """A value times a coefficient of the subject."""

    of: str
    by: str


Measure = Share | Sum | Mean | Gap | Product


class Coefficient(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A factor by the kind of a subject (``table``) or by its load: ``first`` for one, ``each`` more for every further, ``most`` at the end."""

    key: str
    title: Words
    by: str
    source: str
    table: dict[str, Decimal] = {}
    other: Decimal | None = None
    first: Decimal | None = None
    each: Decimal = Decimal(0)
    most: Decimal | None = None


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A line of the score. ``rule`` the sentence that it follows; ``side`` a part of the sum, an addition or a deduction.

    ``groups``: counted for these peer groups only. ``missing``: what happens where its data is not there: no score at all (``none``), or as
    ``missing_rule`` says: the mean of the group, all points, none, or left aside with the rest scaled up. ``times``: a coefficient.
    """

    key: str
    title: Words
    rule: str
    source: str
    how: How
    points: Decimal = Decimal(0)
    side: Literal["part", "add", "off"] = "part"
    groups: tuple[str, ...] = ()
    missing: Literal["none", "group-mean", "full", "zero", "aside"] = "none"
    missing_rule: str = ""
    times: str = ""


class Total(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The sum: from ``base``, additions up to ``add_most``, deductions up to ``off_most``, never below ``floor`` nor above ``most``.

    ``full`` by peer group is what can be reached there, for the page. ``times``: a coefficient of the subject on the whole.
    """

    base: Decimal = Decimal(0)
    add_most: Decimal | None = None
    off_most: Decimal | None = None
    floor: Decimal | None = Decimal(0)
    most: Decimal | None = None
    times: str = ""
    source: str = OFFICE


class Bound(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Between what a value lies; ``le`` and ``ge`` include it (Civil Code, article 1259)."""

    lt: Decimal | None = None
    le: Decimal | None = None
    gt: Decimal | None = None
    ge: Decimal | None = None

    def holds(self, value: Decimal) -> bool:
        """Whether a value lies there."""
        return (
            (self.lt is None or value < self.lt) and (self.le is None or value <= self.le)
            and (self.gt is None or value > self.gt) and (self.ge is None or value >= self.ge)
        )  # fmt: skip


#: all of it must hold: a number lies within bounds, a word is one of these
When = dict[str, Bound | tuple[str, ...]]


class Veto(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What overrides the grade: it becomes ``grade``, is lowered by ``by``, is at most ``grade``; or the score is 0."""

    key: str
    title: Words
    when: When
    effect: Literal["grade", "lower", "most", "zero"]
    source: str
    grade: str = ""
    by: int = 1


class Exempt(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Who is not graded as the others are: ``grade`` in place of one; not ranked, or scored and treated ``as_`` another grade."""

    key: str
    title: Words
    when: When
    grade: str
    source: str
    scored: bool = True


class Ranking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How places are given on the rounded scores: ties share the place and leave the next ones empty (1-2-2-4) unless the rule says otherwise.

    ``ordinal``: ties are split by ``then`` (inputs or measures, the higher first); who is still equal shares the place.
    """

    source: str
    ties: Literal["competition", "dense", "ordinal"] = "competition"
    then: tuple[str, ...] = ()
    within: Literal["group", "all"] = "group"


class Grade(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A grade: from the score ``low`` on (included), or up to ``share`` per cent of those ranked, counted from the first."""

    key: str
    title: Words
    low: Decimal | None = None
    share: Decimal | None = None


class Grades(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The grades from the best; the last takes the rest. ``count``: how a share of heads becomes whole heads."""

    by: Literal["score", "share"]
    grades: tuple[Grade, ...]
    source: str
    count: Literal["down", "up", "half-up"] = "down"


class Group(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A peer group: ranked among itself; ``full`` what can be reached there."""

    key: str
    title: Words
    full: Decimal | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Values in, scores out; run by the test suite. ``given`` by subject: inputs, and ``group``.

    ``then`` by subject: ``points``, ``exact``, ``rank``, ``grade``, ``line.<key>``, ``measure.<key>``, ``missing`` (words of why there is no
    score), ``says.<key>`` (words of the arithmetic).
    """

    title: str
    given: dict[str, dict[str, Any]]
    then: dict[str, dict[str, Any]]
    source: str = ""


class Scheme(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A scheme as its file declares it. ``for_`` the mechanism that it appraises for; ``load`` what is shown beside a score to weigh it."""

    id: str
    key: str
    version: int
    title: Words
    about: Words
    sources: tuple[Source, ...]
    for_: Literal["M04", "M05", "M08", "M16"] = msgspec.field(name="for")
    subject: Literal["unit", "place", "enterprise"]
    period: Literal["month", "quarter", "half", "year"]
    inputs: tuple[Input, ...]
    lines: tuple[Line, ...]
    rounding: Rounding
    ranking: Ranking
    total: Total = Total()
    measures: tuple[Measure, ...] = ()
    coefficients: tuple[Coefficient, ...] = ()
    groups: tuple[Group, ...] = ()
    load: tuple[str, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    exempt: tuple[Exempt, ...] = ()
    grades: Grades | None = None
    #: what the published rule does not say, and how it is read here
    unsaid: tuple[Words, ...] = ()
    cases: tuple[Case, ...] = ()

    def input(self, key: str) -> Input | None:
        return next((one for one in self.inputs if one.key == key), None)

    def measure(self, key: str) -> Measure | None:
        return next((one for one in self.measures if one.key == key), None)

    def coefficient(self, key: str) -> Coefficient | None:
        return next((one for one in self.coefficients if one.key == key), None)

    def group(self, key: str) -> Group | None:
        return next((one for one in self.groups if one.key == key), None)

    @property
    def overriding(self) -> tuple[Veto | Exempt, ...]:
        """The vetoes and exemptions, in the order of the file."""
        return (*self.vetoes, *self.exempt)

    def titled(self, key: str) -> Words:
        """The title of an input or measure; its key where there is none of that name."""
        found = self.input(key) or self.measure(key)
        return found.title if found else Words(key, key)
