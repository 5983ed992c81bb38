"""How much units were asked: by which mechanism how often in a period, how late they answered, which papers they got, and what was asked twice."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final

import msgspec
from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Sum, Value, When

from luoshi.ledger import models
from luoshi.ledger.desks import beside
from luoshi.ledger.matters import seen
from luoshi.ledger.scope import Scope

#: titles that share this much of their pairs of characters are near each other; a default that an office may judge for itself
NEAR: Final = 0.6
#: pairs of characters that more titles than this have say nothing of what a title is about
_COMMON: Final = 60
_SHOWN: Final = 100


class Period(msgspec.Struct, frozen=True):
    """From a moment to the one before which it ends, as the ledger writes them."""

    since: str
    until: str


class Burden(msgspec.Struct, frozen=True):
    """What a unit was asked in a period: how often, for how many matters, of it reports, late answers, papers, and asked twice."""

    unit: str
    asked: int = 0
    matters: int = 0
    reports: int = 0
    late: int = 0
    papers: int = 0
    twice: int = 0
    by: dict[str, int] = {}


class Twice(msgspec.Struct, frozen=True):
    """Reports on one matter that were asked for by more than one clock, or on one fact by more than one mechanism, in the same month."""

    unit: str
    month: str
    items: tuple[str, ...]
    by: tuple[tuple[str, str], ...]


class Overlap(msgspec.Struct, frozen=True):
    """Two live matters under different mechanisms that look like one: made from the same fact, or of one unit in near words."""

    unit: str
    one: str
    other: str
    #: ``fact`` or ``words``
    why: str
    share: float = 1.0


def asked(period: Period, scope: Scope, unit: str = "") -> QuerySet[models.Clock]:
    """The clocks that began in the period for units that the scope sees; of those of the scope's units, where it has any.

    ``unit``: those of this unit, alone or beside others.
    """
    found = models.Clock.objects.filter(started_at__gte=period.since, started_at__lt=period.until).exclude(unit="")
    if unit:
        found = found.filter(_of([unit]))
    if scope.units is not None:
        return found.filter(_of(scope.units))
    if scope.item_regions is None and scope.internal:
        return found
    return found.filter(item__in=seen(models.Matter.objects.all(), scope).values("id"))


def _of(units: Collection[str]) -> Q:
    """The clocks of these units: those that name one first, and those of a part that one of them holds beside others."""
    return Q(unit__in=units) | Q(pk__in=beside(organisation=units))


def burdens(
    period: Period, scope: Scope, reporting: Mapping[str, Collection[str]], *, duties: Collection[str], unit: str = ""
) -> list[Burden]:
    """The units by how often they were asked. ``reporting``: the keys of clocks that want a report, by mechanism; ``duties``: parts of units."""
    found = asked(period, scope, unit).filter(owner__in=duties)
    wanted = _reports(reporting)
    # of one unit that is asked for all is its own, whichever unit a clock names first
    whose = Value(unit) if unit else F("unit")
    rows: Any = (
        found.order_by()
        .annotate(whose=whose)
        .values("whose", "mechanism")
        .annotate(asked=Count("*"), reports=_sum(wanted), late=_sum(_LATE))
    )
    matters = dict(
        found.order_by().annotate(whose=whose).values("whose").annotate(many=Count("item", distinct=True)).values_list("whose", "many")
    )
    papers, twice = papers_by_unit(period, scope, set(matters), unit), Counter(one.unit for one in asked_twice(found.filter(wanted), unit))
    told: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        told[row["whose"]].append(row)
    made = [
        Burden(
            unit=key, asked=sum(row["asked"] for row in part), matters=matters.get(key, 0), reports=sum(row["reports"] or 0 for row in part),
            late=sum(row["late"] or 0 for row in part), papers=papers.get(key, 0), twice=twice.get(key, 0),
            by={row["mechanism"]: row["asked"] for row in part},
        )
        for key, part in told.items()
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.asked, one.unit))


#: answered after the due date, or not yet and over it
_LATE: Final = Q(state="late") | (Q(state__in=("running", "paused")) & ~Q(lapsed_at=""))


def _reports(reporting: Mapping[str, Collection[str]]) -> Q:
    wanted = Q(pk__in=[])
    for mechanism, keys in reporting.items():
        wanted |= Q(mechanism=mechanism, key__in=list(keys))
    return wanted


def _sum(when: Q) -> Sum:
    return Sum(Case(When(when, then=Value(1)), default=Value(0), output_field=IntegerField()))


def papers_by_unit(period: Period, scope: Scope, units: Collection[str], whose: str = "") -> dict[str, int]:
    """How many papers went out in the period on matters whose first lead unit each of these is: chasing notes, letters, circulars.

    ``whose``: on matters that this unit leads, alone or beside others. Of matters that the scope does not see none is counted.
    The notice by which a matter was given to the unit is what it was asked, and no paper besides.
    """
    # the chain's JSON has no blanks; only entries that made a paper are read
    entries = models.Entry.objects.filter(
        act__in=("loop.act", "loop.tick"), at__gte=period.since, at__lt=period.until, data__contains='"paper":"'
    ).values_list("subject", "data")
    sent = Counter(subject for subject, data in entries.iterator(chunk_size=2000) if _is_paper(data))
    leads = _leads(list(sent), scope, whose)
    found: Counter[str] = Counter()
    for subject, many in sent.items():
        if leads.get(subject) in units:
            found[leads[subject]] += many
    return dict(found)


def _is_paper(data: str) -> bool:
    return _paper.decode(data).move.paper not in {"", _GIVEN}


#: the paper by which a matter is given to a unit
_GIVEN: Final = "notice"


class _Move(msgspec.Struct):
    paper: str = ""


class _Entry(msgspec.Struct):
    move: _Move


_paper: Final = msgspec.json.Decoder(_Entry)
_AT_ONCE: Final = 900


def _leads(items: Sequence[str], scope: Scope, whose: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for at in range(0, len(items), _AT_ONCE):
        some = seen(models.Matter.objects.filter(pk__in=items[at : at + _AT_ONCE]), scope)
        found |= dict((some.filter(_led(whose)) if whose else some).values_list("id", "unit"))
    return dict.fromkeys(found, whose) if whose else found


def asked_twice(found: QuerySet[models.Clock], whose: str = "") -> list[Twice]:
    """What of these reports was asked twice in a month: of one matter by more than one clock, or of one fact by more than one mechanism.

    ``whose``: all of them are this unit's, whichever they name first.
    """
    rows = list(found.order_by().values_list("unit", "item", "mechanism", "key", "due_at").distinct())
    facts = _facts([item for _, item, *_ in rows])
    groups: dict[tuple[str, str, str], list[tuple[str, str, str]]] = defaultdict(list)
    for unit, item, mechanism, key, due in rows:
        groups[whose or unit, due[:7], facts.get(item) or item].append((item, mechanism, key))
    made = [
        Twice(unit, month, tuple(sorted({item for item, _, _ in asks})), tuple(sorted({(mechanism, key) for _, mechanism, key in asks})))
        for (unit, month, _), asks in groups.items()
        if len({(mechanism, key) for _, mechanism, key in asks}) > 1
    ]
    return sorted(made, key=lambda one: (one.unit, one.month, one.items))


def _facts(items: Iterable[str]) -> dict[str, str]:
    """The fact from which each of these items was made, where it was made from one."""
    keys = sorted(set(items))
    found: dict[str, str] = {}
    for at in range(0, len(keys), _AT_ONCE):
        found |= dict(models.Item.objects.filter(pk__in=keys[at : at + _AT_ONCE]).exclude(fact="").values_list("id", "fact"))
    return found


def overlaps(scope: Scope, unit: str) -> list[Overlap]:
    """The live matters of a unit under different mechanisms that look like one, the nearest first."""
    rows = dict(seen(models.Matter.objects.filter(_led(unit), state="live"), scope).values_list("id", "mechanism"))
    keys = list(rows)
    items: dict[str, tuple[str, str]] = {}
    for at in range(0, len(keys), _AT_ONCE):
        found = models.Item.objects.filter(pk__in=keys[at : at + _AT_ONCE]).values_list("id", "fact", "title")
        items |= {key: (fact, title) for key, fact, title in found}
    same = [Overlap(unit, one, other, "fact") for one, other in _pairs_of_facts(items) if rows[one] != rows[other]]
    known = {(one.one, one.other) for one in same}
    near = [
        Overlap(unit, one, other, "words", share)
        for one, other, share in near_titles({key: title for key, (_, title) in items.items()})
        if rows[one] != rows[other] and (one, other) not in known
    ]
    return sorted([*same, *near], key=lambda one: (-one.share, one.one, one.other))[:_SHOWN]


def _led(unit: str) -> Q:
    """The matters that the unit leads, alone or beside others; under a mechanism without a lead, those by whose unit they are found."""
    return Q(unit=unit) | Q(pk__in=models.Duty.objects.filter(organisation=unit, role="lead", live=True).values("item"))


def _pairs_of_facts(items: Mapping[str, tuple[str, str]]) -> list[tuple[str, str]]:
    by_fact: dict[str, list[str]] = defaultdict(list)
    for key, (fact, _) in sorted(items.items()):
        if fact:
            by_fact[fact].append(key)
    return [(one, other) for keys in by_fact.values() for at, one in enumerate(keys) for other in keys[at + 1 :]]


def near_titles(titles: Mapping[str, str], least: float = NEAR) -> list[tuple[str, str, float]]:
    """The pairs of titles that share much of their pairs of characters (Jaccard), with the share; keys in order.

    >>> near_titles({"a": "新建幼儿园3所", "b": "新建幼儿园 3 所", "c": "修路"})
    [('a', 'b', 1.0)]
    """
    grams = {key: _grams(title) for key, title in titles.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for key in sorted(grams):
        for gram in grams[key]:
            holders[gram].append(key)
    candidates = {
        (one, other)
        for keys in holders.values() if len(keys) <= _COMMON
        for at, one in enumerate(keys) for other in keys[at + 1 :]
    }  # fmt: skip
    found = [(one, other, _share(grams[one], grams[other])) for one, other in candidates]
    return sorted(pair for pair in found if pair[2] >= least)


def _grams(title: str) -> frozenset[str]:
    plain = "".join(char for char in title if char.isalnum())
    return frozenset(plain[at : at + 2] for at in range(len(plain) - 1))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return round(len(one & other) / len(one | other), 3) if one or other else 0.0
